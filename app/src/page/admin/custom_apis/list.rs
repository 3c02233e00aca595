//! All custom APIs.

use crate::api::admin::custom_apis::{custom_apis, delete_custom_api, switch_custom_api};
use crate::i18n::use_strings;
use crate::page::admin::bar::{SearchBar, filter_of};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::custom_apis::{CustomApi, CustomApiEntry};

/// The page.
#[component]
pub fn CustomApiListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let data = Resource::new(move || filter_of(link), custom_apis);
    let reload = Callback::new(move |()| data.refetch());
    view! {
        <div class="page">
            <PageHead title=t.admin_custom_apis().title description=t.admin_custom_apis().lead>
                <ButtonLink href=route::ADMIN_NEW_CUSTOM_API variant=Variant::Primary icon=IconName::Plus>{t.admin_custom_apis().new}</ButtonLink>
            </PageHead>
            <SearchBar path=route::ADMIN_CUSTOM_APIS/>
            <Transition fallback=|| view! { <SkeletonTable rows=6 columns=6/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => anew(move || view! { <Loaded page=page.clone() reload/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Loaded(page: Page<CustomApiEntry>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let a = t.admin_custom_apis();
    let toasts = use_toasts();
    let searched = use_link().peek("q").is_some();
    let Page { items, total, total_is_limited, page, page_size } = page;
    let doomed = Question::new();
    let delete = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = delete_custom_api(id).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(delete.value(), move |()| a.deleted.to_owned());
    let switch = Action::new(move |(id, enabled): &(i64, bool)| {
        let (id, enabled) = (*id, *enabled);
        async move {
            let answer = switch_custom_api(id, enabled).await;
            reload.run(());
            answer
        }
    });
    toasts.follow(switch.value(), move |_| a.saved.to_owned());
    let ask = doomed.ask();
    let flip = Callback::new(move |change: (i64, bool)| {
        switch.dispatch(change);
    });
    let content = if total == 0 && searched {
        view! { <EmptyState icon=IconName::Search title=t.catalog().no_match/> }.into_any()
    } else if total == 0 {
        view! {
            <EmptyState icon=IconName::Terminal title=a.empty text=a.empty_text>
                <ButtonLink href=route::ADMIN_NEW_CUSTOM_API variant=Variant::Primary icon=IconName::Plus>{a.new}</ButtonLink>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = items.into_iter().map(|entry| view! { <EntryRow entry ask flip/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{a.column_name}</th>
                            <th scope="col">{a.column_endpoint}</th>
                            <th scope="col">{a.column_rule}</th>
                            <th scope="col" class="cell-num">{a.column_points}</th>
                            <th scope="col">{a.column_state}</th>
                            <th scope="col">{t.common().updated_at}</th>
                            <th scope="col" class="cell-actions">{t.common().actions}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! {
        <Card flush=true>{content}</Card>
        <ConfirmDialog
            open=doomed.open
            title=a.delete_title
            body=doomed.text(a.ask_delete, "name")
            confirm=a.delete
            danger=true
            busy=delete.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(id) = doomed.id() {
                    delete.dispatch(id);
                }
            })
        />
    }
    .into_any()
}

/// One custom API.
#[component]
fn EntryRow(entry: CustomApiEntry, ask: Callback<(i64, String)>, flip: Callback<(i64, bool)>) -> impl IntoView {
    let t = use_strings();
    let a = t.admin_custom_apis();
    let CustomApiEntry { id, definition, updated_at, .. } = entry;
    let CustomApi { key, name, method, path, rule, points_cost, visible, enabled, .. } = definition;
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{t.common().enabled}</Badge> }
    } else {
        view! { <Badge tone=Tone::Neutral>{t.common().disabled}</Badge> }
    };
    let doomed = name.clone();
    view! {
        <tr class:is-off=!enabled data-id=id>
            <td class="cell-title" data-label=a.column_name>
                <a class="cell-main" href=route::admin_custom_api(id)>{name}</a>
                <span class="cell-sub mono">{key}</span>
            </td>
            <td data-label=a.column_endpoint><span class="mono">{format!("{} {path}", method.as_str())}</span></td>
            <td data-label=a.column_rule>{rule}</td>
            <td class="cell-num" data-label=a.column_points>{grouped(points_cost)}</td>
            <td data-label=a.column_state>
                <span class="row-tight">{state}{(!visible).then(|| view! { <span class="tag">{a.hidden}</span> })}</span>
            </td>
            <td data-label=t.common().updated_at><Time at=updated_at relative=true/></td>
            <td class="cell-actions">
                <div class="row-actions needs-script">
                    <Button size=Size::Sm variant=Variant::Ghost on_click=move |_| flip.run((id, !enabled))>
                        {if enabled { a.disable } else { a.enable }}
                    </Button>
                    <IconButton
                        icon=IconName::Trash
                        label=format!("{} {doomed}", a.delete)
                        size=Size::Sm
                        on_click=move |_| ask.run((id, doomed.clone()))
                    />
                </div>
            </td>
        </tr>
    }
    .into_any()
}

//! The list of rules.

use crate::api::admin::rules::{delete, duplicate, rules};
use crate::i18n::use_strings;
use crate::page::admin::bar::{SearchBar, filter_of};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::Page;
use model::catalog::RuleEntry;

/// The page `/admin/rules`.
#[component]
pub fn RuleListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let data = Resource::new(move || filter_of(link), rules);
    let retry = Callback::new(move |()| data.refetch());
    let copying = Action::new(move |id: &i64| duplicate(*id));
    Effect::new(move |_| match copying.value().get() {
        Some(Ok(copy)) => {
            toasts.ok(t.catalog().duplicated);
            navigate(&route::rule(copy.id), Default::default());
        }
        Some(Err(error)) => toasts.error(&error),
        None => {}
    });
    let deleting = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = delete(id).await;
            if answer.is_ok() {
                retry.run(());
            }
            answer
        }
    });
    toasts.follow(deleting.value(), move |()| t.common().deleted.to_owned());
    let doomed = Question::new();
    let ask = doomed.ask();
    let question = doomed.text(t.catalog().delete_title, "name");
    let copy = Callback::new(move |id: i64| {
        copying.dispatch(id);
    });
    view! {
        <div class="page catalog-list">
            <PageHead title=t.shell().rules description=t.catalog().rules_lead>
                <ButtonLink href=route::NEW_RULE variant=Variant::Primary icon=IconName::Plus>{t.catalog().new_rule}</ButtonLink>
            </PageHead>
            <SearchBar path=route::RULES/>
            <Transition fallback=|| view! { <SkeletonTable rows=6 columns=5/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => anew(move || view! { <Rules page=page.clone() copy ask/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
            <ConfirmDialog
                open=doomed.open
                title=question
                body=t.catalog().delete_text
                confirm=t.common().delete
                danger=true
                busy=deleting.pending()
                on_confirm=Callback::new(move |()| {
                    if let Some(id) = doomed.id() {
                        deleting.dispatch(id);
                    }
                })
            />
        </div>
    }
    .into_any()
}

#[component]
fn Rules(page: Page<RuleEntry>, copy: Callback<i64>, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let Page { items, total, total_is_limited, page, page_size } = page;
    if total == 0 && link.peek("q").is_some() {
        return view! { <Card flush=true><EmptyState icon=IconName::Search title=t.catalog().no_match/></Card> }.into_any();
    }
    if total == 0 {
        return view! {
            <Card flush=true>
                <EmptyState icon=IconName::Code title=t.catalog().rules_empty text=t.catalog().rules_empty_text>
                    <ButtonLink href=route::NEW_RULE icon=IconName::Plus>{t.catalog().new_rule}</ButtonLink>
                </EmptyState>
            </Card>
        }
        .into_any();
    }
    let row = move |entry: RuleEntry| {
        let RuleEntry { id, used_by, definition, updated_at, .. } = entry;
        let name = definition.name.clone();
        let doomed = (id, name.clone());
        let kind = if definition.poll.is_some() { t.catalog().kind_poll } else { t.catalog().kind_sync };
        let users = if used_by.is_empty() { t.catalog().unused.to_owned() } else { used_by.join(", ") };
        let request = format!("{} {}", definition.request.method.as_str(), definition.request.url);
        view! {
            <tr data-rule=id>
                <td class="cell-title" data-label=t.catalog().rule>
                    <a class="cell-main" href=route::rule(id)>{name.clone()}</a>
                    <span class="cell-sub mono clip" title=request.clone()>{request.clone()}</span>
                </td>
                <td data-label=t.catalog().running><Badge>{kind}</Badge></td>
                <td data-label=t.catalog().used_by><span class="clip">{users}</span></td>
                <td data-label=t.common().updated_at><Time at=updated_at relative=true/></td>
                <td class="cell-actions">
                    <Menu label=format!("{} {name}", t.common().more) id=format!("rule-menu-{id}") icon=IconName::More icon_only=true variant=Variant::Ghost size=Size::Sm>
                        <MenuLink href=route::rule(id) icon=IconName::Pencil>{t.catalog().edit}</MenuLink>
                        <MenuItem icon=IconName::Copy on_click=move |_| copy.run(id)>{t.catalog().duplicate}</MenuItem>
                        <MenuItem icon=IconName::Trash danger=true on_click=move |_| ask.run(doomed.clone())>{t.common().delete}</MenuItem>
                    </Menu>
                </td>
            </tr>
        }
    };
    view! {
        <section class="card card-flush">
            <TableWrap>
                <table class="table catalog-table">
                    <thead>
                        <tr>
                            <th scope="col">{t.catalog().rule}</th>
                            <th scope="col">{t.catalog().running}</th>
                            <th scope="col">{t.catalog().used_by}</th>
                            <th scope="col">{t.common().updated_at}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{items.into_iter().map(row).collect_view()}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        </section>
    }
    .into_any()
}

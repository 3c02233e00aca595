//! The list of channels.

use super::health::HealthBadge;
use crate::api::admin::channels::{channels, delete, recover, switch};
use crate::i18n::{fill, use_strings};
use crate::page::admin::bar::{SearchBar, filter_of};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::catalog::ChannelEntry;
use model::rules::Channel;

/// The page `/admin/channels`.
#[component]
pub fn ChannelListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let toasts = use_toasts();
    let data = Resource::new(move || filter_of(link), channels);
    let retry = Callback::new(move |()| data.refetch());
    let switching = Action::new(move |(id, enabled): &(i64, bool)| {
        let (id, enabled) = (*id, *enabled);
        async move {
            let answer = switch(id, enabled).await;
            if answer.is_ok() {
                retry.run(());
            }
            answer
        }
    });
    toasts.follow(switching.value(), move |entry: &ChannelEntry| {
        (if entry.definition.enabled { t.common().enabled } else { t.common().disabled }).to_owned()
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
    let recovering = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = recover(id).await;
            if answer.is_ok() {
                retry.run(());
            }
            answer
        }
    });
    toasts.follow(recovering.value(), move |_: &ChannelEntry| t.catalog().recovered.to_owned());
    let back = Callback::new(move |id: i64| {
        recovering.dispatch(id);
    });
    let doomed = Question::new();
    let ask = doomed.ask();
    let turn = Callback::new(move |what: (i64, bool)| {
        switching.dispatch(what);
    });
    let question = doomed.text(t.catalog().delete_title, "name");
    view! {
        <div class="page catalog-list">
            <PageHead title=t.shell().channels description=t.catalog().channels_lead>
                <ButtonLink href=route::NEW_CHANNEL variant=Variant::Primary icon=IconName::Plus>{t.catalog().new_channel}</ButtonLink>
            </PageHead>
            <SearchBar path=route::CHANNELS/>
            <Transition fallback=|| view! { <SkeletonTable rows=4 columns=6/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => anew(move || view! { <Channels page=page.clone() turn back ask/> }),
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
fn Channels(page: Page<ChannelEntry>, turn: Callback<(i64, bool)>, back: Callback<i64>, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let Page { items, total, total_is_limited, page, page_size } = page;
    if total == 0 && link.peek("q").is_some() {
        return view! { <Card flush=true><EmptyState icon=IconName::Search title=t.catalog().no_match/></Card> }.into_any();
    }
    if total == 0 {
        return view! {
            <Card flush=true>
                <EmptyState icon=IconName::Link title=t.catalog().channels_empty text=t.catalog().channels_empty_text>
                    <ButtonLink href=route::NEW_CHANNEL icon=IconName::Plus>{t.catalog().new_channel}</ButtonLink>
                </EmptyState>
            </Card>
        }
        .into_any();
    }
    let row = move |entry: ChannelEntry| {
        let ChannelEntry { id, has_credential, warning, health, definition, .. } = entry;
        let refused = warning.map(|why| view! { <span class="cell-sub tone-warn" title=t.sentence(&why)><Badge tone=Tone::Warn>{t.catalog().address_refused}</Badge></span> });
        let Channel { name, platform, base_url, priority, weight, max_parallel, max_per_minute, enabled, .. } = definition;
        let doomed = (id, name.clone());
        let credential = match health.keys.len() {
            0 | 1 => (if has_credential { t.catalog().credential_stored } else { t.catalog().credential_none }).to_owned(),
            several => fill(t.catalog().keys_stored, &[("n", &several.to_string())]),
        };
        let limits = match max_per_minute {
            0 => max_parallel.to_string(),
            most => fill(t.catalog().limits_line, &[("n", &max_parallel.to_string()), ("m", &most.to_string())]),
        };
        let is_off = health.disabled_automatically_at.is_some() || health.keys.iter().any(|key| key.disabled_automatically_at.is_some());
        let recover =
            is_off.then(|| view! { <MenuItem icon=IconName::Refresh on_click=move |_| back.run(id)>{t.catalog().recover}</MenuItem> });
        let switch = if enabled { t.catalog().disable } else { t.catalog().enable };
        let state = if enabled {
            view! { <Badge tone=Tone::Ok dot=true>{t.common().enabled}</Badge> }
        } else {
            view! { <Badge>{t.common().disabled}</Badge> }
        };
        view! {
            <tr class:is-off=!enabled data-channel=id>
                <td class="cell-title" data-label=t.catalog().channel>
                    <a class="cell-main" href=route::channel(id)>{name.clone()}</a>
                    <span class="cell-sub mono clip">{base_url}</span>
                    {refused}
                </td>
                <td data-label=t.catalog().platform>{platform}</td>
                <td data-label=t.catalog().credential>{credential}</td>
                <td data-label=format!("{} / {}", t.catalog().priority, t.catalog().weight)><span class="num nowrap">{priority}" / "{weight}</span></td>
                <td data-label=t.catalog().max_parallel><span class="num">{limits}</span></td>
                <td data-label=t.common().status><span class="row">{state}<HealthBadge health/></span></td>
                <td class="cell-actions">
                    <Menu label=format!("{} {name}", t.common().more) id=format!("channel-menu-{id}") icon=IconName::More icon_only=true variant=Variant::Ghost size=Size::Sm>
                        <MenuLink href=route::channel(id) icon=IconName::Pencil>{t.catalog().edit}</MenuLink>
                        {recover}
                        <MenuItem icon=IconName::Stop on_click=move |_| turn.run((id, !enabled))>{switch}</MenuItem>
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
                            <th scope="col">{t.catalog().channel}</th>
                            <th scope="col">{t.catalog().platform}</th>
                            <th scope="col">{t.catalog().credential}</th>
                            <th scope="col">{t.catalog().priority}" / "{t.catalog().weight}</th>
                            <th scope="col">{t.catalog().max_parallel}</th>
                            <th scope="col">{t.common().status}</th>
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

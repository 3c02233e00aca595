//! Recharging: what the administrator says, redemption codes, the notice about a low balance, and the caller's records.

mod forms;

use crate::api::recharge::{recharge_info, recharge_records};
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::page::tasks::{Refresher, anew};
use crate::ui::*;
use forms::{LowBalanceForm, RedeemForm};
use leptos::prelude::*;
use model::Page;
use model::events::Event;
use model::paging::DEFAULT_PAGE_SIZE;
use model::recharge::{RechargeInfo, RechargeRecord, RechargeType};
use std::time::Duration;

/// The page about recharging.
#[component]
pub fn RechargePage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let live = use_live();
    let number = move |name: &str, otherwise: i64| link.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let place = Memo::new(move |_| (number("page", 1), number("page_size", DEFAULT_PAGE_SIZE)));
    let info = Resource::new(|| (), |()| recharge_info());
    let records = Resource::new(move || place.get(), |(page, page_size)| recharge_records(page, page_size));
    let retry_info = Callback::new(move |()| info.refetch());
    let retry_records = Callback::new(move |()| records.refetch());
    let refresher = Refresher::new(move || async move { records.refetch() });
    live.listen(move |event| {
        if matches!(event, Event::Balance { .. } | Event::Resync) {
            refresher.soon(Duration::from_millis(800));
        }
    });
    view! {
        <PageHead title=t.shell().recharge description=t.recharge().lead/>
        <Transition fallback=|| view! { <Card><Skeleton lines=5/></Card> }>
            {move || Suspend::new(async move {
                match info.await {
                    Ok(info) => anew(move || {
                        let threshold = info.low_balance;
                        view! {
                            <div class="recharge-columns">
                                <Info info=info.clone()/>
                                <div class="stack">
                                    <RedeemForm/>
                                    <LowBalanceForm threshold/>
                                </div>
                            </div>
                        }
                    }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=retry_info/> }),
                }
            })}
        </Transition>
        <Card flush=true title=t.recharge().records>
            <Transition fallback=|| view! { <SkeletonTable rows=5 columns=4/> }>
                {move || Suspend::new(async move {
                    match records.await {
                        Ok(page) => anew(move || view! { <Records page=page.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=retry_records/> }),
                    }
                })}
            </Transition>
        </Card>
    }
    .into_any()
}

/// What the administrator says. The service has made it safe.
#[component]
fn Info(info: RechargeInfo) -> impl IntoView {
    let t = use_strings();
    let content = if info.content.is_empty() {
        view! { <p class="recharge-none">{t.recharge().info_empty}</p> }.into_any()
    } else {
        view! { <div class="prose" inner_html=info.html></div> }.into_any()
    };
    view! { <Card title=t.recharge().info>{content}</Card> }.into_any()
}

/// The caller's records, newest first.
#[component]
fn Records(page: Page<RechargeRecord>) -> impl IntoView {
    let t = use_strings();
    let Page { items, total, page, page_size, .. } = page;
    if items.is_empty() {
        return view! { <p class="table-none">{t.common().no_data}</p> }.into_any();
    }
    let rows = items.into_iter().map(|record| view! { <RecordRow record/> }).collect_view();
    view! {
        <TableWrap>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t.recharge().time}</th>
                        <th scope="col" class="cell-num">{t.recharge().points}</th>
                        <th scope="col">{t.recharge().kind}</th>
                        <th scope="col">{t.recharge().note}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableWrap>
        <Pagination page page_size total/>
    }
    .into_any()
}

/// One record.
#[component]
pub fn RecordRow(
    /// The record.
    record: RechargeRecord,
) -> impl IntoView {
    let t = use_strings();
    let RechargeRecord { id, created_at, points, r#type, note } = record;
    view! {
        <tr data-entry=id>
            <td data-label=t.recharge().time><Time at=created_at/></td>
            <td class="cell-num" data-label=t.recharge().points><Change points/></td>
            <td data-label=t.recharge().kind><TypeBadge kind=r#type/></td>
            <td class="cell-note" data-label=t.recharge().note>{if note.is_empty() { "-".to_owned() } else { note }}</td>
        </tr>
    }
    .into_any()
}

/// A movement of points with its sign.
#[component]
pub fn Change(
    /// How many points.
    points: i64,
) -> impl IntoView {
    view! { <span class="num change" class:is-good={points > 0}>{signed(points)}</span> }
}

/// The type of a record.
#[component]
pub fn TypeBadge(
    /// Which one.
    kind: RechargeType,
) -> impl IntoView {
    let t = use_strings();
    let tone = match kind {
        RechargeType::Recharge => Tone::Ok,
        RechargeType::Redemption => Tone::Info,
        RechargeType::ReverseRecharge => Tone::Warn,
    };
    view! { <Badge tone>{t.recharge().type_of(kind)}</Badge> }
}

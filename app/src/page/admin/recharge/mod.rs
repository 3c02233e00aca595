//! Recharges by administrators: a form, and the records of all users.

mod form;

use crate::api::admin::recharge::{AdminRechargeData, recharge};
use crate::i18n::use_strings;
use crate::page::recharge::{Change, TypeBadge};
use crate::page::tasks::anew;
use crate::ui::*;
use form::RechargeForm;
use leptos::prelude::*;
use model::paging::DEFAULT_PAGE_SIZE;
use model::recharge::{RechargeRecord, RechargeRecordOfUser};

/// The page. `?user=` fills in a name.
#[component]
pub fn AdminRechargePage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let number = move |name: &str, otherwise: i64| link.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let place = Memo::new(move |_| (number("page", 1), number("page_size", DEFAULT_PAGE_SIZE)));
    let data = Resource::new(move || place.get(), |(page, page_size)| recharge(page, page_size));
    let reload = Callback::new(move |()| data.refetch());
    view! {
        <PageHead title=t.shell().admin_recharge description=t.recharge().admin_lead/>
        <div class="stack">
            <RechargeForm user=link.peek("user").unwrap_or_default() reload/>
            <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=8 columns=6/></Card> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Records data=data.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// The names to choose from, and the records of all users.
#[component]
fn Records(data: AdminRechargeData) -> impl IntoView {
    let t = use_strings();
    let AdminRechargeData { users, records } = data;
    let (page, page_size, total) = (records.page, records.page_size, records.total);
    let names = users.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let row = |RechargeRecordOfUser { username, actor, record, .. }: RechargeRecordOfUser| {
        let RechargeRecord { id, created_at, points, r#type, note } = record;
        view! {
            <tr data-entry=id>
                <td class="cell-title" data-label=t.recharge().admin_user><span class="cell-main">{username}</span></td>
                <td class="cell-num" data-label=t.recharge().points><Change points/></td>
                <td data-label=t.recharge().kind><TypeBadge kind=r#type/></td>
                <td class="cell-note" data-label=t.recharge().note>{if note.is_empty() { "-".to_owned() } else { note }}</td>
                <td data-label=t.recharge().admin_by>{actor}</td>
                <td data-label=t.recharge().time><Time at=created_at/></td>
            </tr>
        }
    };
    let content = if records.items.is_empty() {
        view! { <p class="table-none">{t.common().no_data}</p> }.into_any()
    } else {
        let rows = records.items.into_iter().map(row).collect_view();
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.recharge().admin_user}</th>
                            <th scope="col" class="cell-num">{t.recharge().points}</th>
                            <th scope="col">{t.recharge().kind}</th>
                            <th scope="col">{t.recharge().note}</th>
                            <th scope="col">{t.recharge().admin_by}</th>
                            <th scope="col">{t.recharge().time}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total/>
        }
        .into_any()
    };
    view! {
        <datalist id="recharge-users">{names}</datalist>
        <Card flush=true title=t.recharge().admin_records>{content}</Card>
    }
    .into_any()
}

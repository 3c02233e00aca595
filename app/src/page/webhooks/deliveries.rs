//! The list of deliveries.

use crate::i18n::{Strings, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::webhooks::{DeliveryStatus, DeliveryView};

/// The state of a delivery as a badge.
pub fn delivery_badge(t: &'static Strings, status: DeliveryStatus) -> impl IntoView {
    let tone = match status {
        DeliveryStatus::Pending => Tone::Warn,
        DeliveryStatus::Sending => Tone::Info,
        DeliveryStatus::Delivered => Tone::Ok,
        DeliveryStatus::Failed => Tone::Danger,
    };
    view! { <Badge tone dot=true>{t.delivery_status(status)}</Badge> }
}

/// Links that narrow the list to one state.
#[component]
pub fn StatusFilter(
    /// The state that it is narrowed to.
    status: Option<DeliveryStatus>,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let choice = move |this: Option<DeliveryStatus>| {
        let text = this.map_or(t.common().all, |status| t.delivery_status(status));
        let href = move || link.with(&[("status", this.map(DeliveryStatus::as_str)), ("page", None), ("delivery", None)]);
        view! { <a class="button button-ghost button-sm" class:is-on={this == status} aria-current=(this == status).then_some("true") href=href data-noscroll="">{text}</a> }
    };
    let states = DeliveryStatus::ALL.iter().map(|status| choice(Some(*status))).collect_view();
    view! { <div class="row delivery-filter">{choice(None)}{states}</div> }.into_any()
}

/// One page of deliveries; each leads to its details.
#[component]
pub fn Deliveries(
    /// The page.
    page: Page<DeliveryView>,
    /// The state that it is narrowed to.
    status: Option<DeliveryStatus>,
    /// The delivery that is shown in full.
    shown: Option<i64>,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let Page { items, total, total_is_limited, page, page_size } = page;
    let list = if items.is_empty() {
        view! { <EmptyState icon=IconName::Inbox title=t.webhooks().delivery_none text=t.webhooks().delivery_none_text/> }.into_any()
    } else {
        let row = move |delivery: DeliveryView| {
            let DeliveryView { id, event, task_id, status, attempts, status_code, error, created_at, next_attempt_at, .. } = delivery;
            let here = shown == Some(id);
            let href = move || link.with(&[("delivery", Some(&id.to_string()))]);
            let next =
                next_attempt_at.map(|at| view! { <span class="cell-sub">{t.webhooks().delivery_next}" "<Time at relative=true/></span> });
            view! {
                <tr class:is-selected=here data-delivery=id>
                    <td class="cell-title" data-label=t.webhooks().delivery_event>
                        <a class="cell-main" href=href aria-current=here.then_some("true")>{t.webhook_event(event)}</a>
                        <span class="cell-sub mono">{event.as_str()}</span>
                    </td>
                    <td data-label=t.webhooks().delivery_task>
                        {task_id.map_or_else(|| view! { <span class="muted">"-"</span> }.into_any(), |id| view! { <a class="num" href=route::task(id)>{format!("#{id}")}</a> }.into_any())}
                    </td>
                    <td data-label=t.webhooks().state><span class="cell-stack">{delivery_badge(t, status)}{next}</span></td>
                    <td data-label=t.webhooks().delivery_attempts class="num">{attempts.to_string()}</td>
                    <td data-label=t.webhooks().delivery_code><span class="cell-stack"><span class="mono">{if status_code == 0 { "-".to_owned() } else { status_code.to_string() }}</span><span class="cell-sub break">{t.sentence(&error)}</span></span></td>
                    <td data-label=t.webhooks().delivery_time><Time at=created_at/></td>
                </tr>
            }
        };
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.webhooks().delivery_event}</th>
                            <th scope="col">{t.webhooks().delivery_task}</th>
                            <th scope="col">{t.webhooks().state}</th>
                            <th scope="col">{t.webhooks().delivery_attempts}</th>
                            <th scope="col">{t.webhooks().delivery_code}</th>
                            <th scope="col">{t.webhooks().delivery_time}</th>
                        </tr>
                    </thead>
                    <tbody>{items.into_iter().map(row).collect_view()}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <StatusFilter status/>
            <Card flush=true>{list}</Card>
        </section>
    }
    .into_any()
}

//! Everybody's deliveries to webhooks.

use crate::api::admin::webhooks::deliveries;
use crate::i18n::use_strings;
use crate::page::webhooks::{StatusFilter, delivery_badge};
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::webhooks::{AdminDeliveryFilter, AdminDeliveryView, DeliveryStatus};

/// The administration's list of deliveries. `?status=` and `?user_id=` narrow it.
#[component]
pub fn AdminDeliveriesPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let filter = Memo::new(move |_| {
        let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
        let status = link.get("status").as_deref().and_then(DeliveryStatus::parse);
        AdminDeliveryFilter { status, user_id: number("user_id"), page: number("page"), page_size: number("page_size") }
    });
    let data = Resource::new(move || filter.get(), deliveries);
    let retry = Callback::new(move |()| data.refetch());
    let user = move || filter.get().user_id.map(|id| id.to_string()).unwrap_or_default();
    let hidden = move || filter.get().status.map(|status| view! { <input type="hidden" name="status" value=status.as_str()/> });
    view! {
        <PageHead title=t.shell().admin_deliveries description=t.webhooks().admin_lead/>
        <section class="section">
            <div class="row-between">
                {move || view! { <StatusFilter status=filter.get().status/> }}
                <form class="row" method="get">
                    {hidden}
                    <input class="input input-sm num" name="user_id" inputmode="numeric" value=user placeholder=t.webhooks().filter_user aria-label=t.webhooks().filter_user/>
                    <Button size=Size::Sm kind="submit" icon=IconName::Filter>{t.common().filter}</Button>
                </form>
            </div>
            <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=8 columns=6/></Card> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => view! { <List page/> }.into_any(),
                        Err(error) => view! { <ErrorBox error retry/> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
    .into_any()
}

#[component]
fn List(page: Page<AdminDeliveryView>) -> impl IntoView {
    let t = use_strings();
    let Page { items, total, total_is_limited, page, page_size } = page;
    if items.is_empty() {
        return view! { <Card flush=true><EmptyState icon=IconName::Inbox title=t.webhooks().delivery_none/></Card> }.into_any();
    }
    let row = move |item: AdminDeliveryView| {
        let AdminDeliveryView { delivery, username, webhook_name, kind, host, .. } = item;
        let name = if kind.is_none() { t.webhooks().delivery_deleted.to_owned() } else { webhook_name };
        view! {
            <tr data-delivery=delivery.id>
                <td class="cell-title" data-label=t.webhooks().delivery_event>
                    <span class="cell-main">{t.webhook_event(delivery.event)}</span>
                    <span class="cell-sub mono break">{delivery.message_id}</span>
                </td>
                <td data-label=t.webhooks().delivery_user>{username}</td>
                <td data-label=t.webhooks().delivery_receiver>
                    <span class="cell-stack">
                        <span>{name}{kind.map(|kind| view! { " "<span class="tag">{t.webhook_kind(kind)}</span> })}</span>
                        <span class="cell-sub break">{host}</span>
                    </span>
                </td>
                <td data-label=t.webhooks().state>{delivery_badge(t, delivery.status)}</td>
                <td data-label=t.webhooks().delivery_attempts class="num">{delivery.attempts.to_string()}</td>
                <td data-label=t.webhooks().delivery_code>
                    <span class="cell-stack">
                        <span class="mono">{if delivery.status_code == 0 { "-".to_owned() } else { delivery.status_code.to_string() }}</span>
                        <span class="cell-sub break">{t.sentence(&delivery.error)}</span>
                    </span>
                </td>
                <td data-label=t.webhooks().delivery_time><Time at=delivery.created_at/></td>
            </tr>
        }
    };
    view! {
        <Card flush=true>
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.webhooks().delivery_event}</th>
                            <th scope="col">{t.webhooks().delivery_user}</th>
                            <th scope="col">{t.webhooks().delivery_receiver}</th>
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
        </Card>
    }
    .into_any()
}

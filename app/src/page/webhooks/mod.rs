//! One webhook: its deliveries, its settings, how to verify its messages.

mod deliveries;
mod delivery;
mod fields;
mod form;
mod head;
mod secret;
mod settings;
mod verify;

pub use deliveries::{StatusFilter, delivery_badge};
pub use fields::WebhookFields;
pub use form::WebhookForm;
pub use secret::SecretOnce;

use crate::api::webhooks::webhook_page;
use crate::i18n::use_strings;
use crate::live::{Live, use_live};
use crate::route;
use crate::ui::*;
use deliveries::Deliveries;
use delivery::DeliveryCard;
use head::Head;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::events::Event;
use model::webhooks::{DeliveryFilter, DeliveryStatus, WebhookKind};
use settings::Settings;
use verify::Verify;

/// The page of one webhook. `?tab=` is `settings` or `verify`; without it, the deliveries, of which `?delivery=` is shown in full.
#[component]
pub fn WebhookPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<i64>().ok()).unwrap_or(0)));
    let filter = Memo::new(move |_| {
        let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
        let status = link.get("status").as_deref().and_then(DeliveryStatus::parse);
        (DeliveryFilter { status, page: number("page"), page_size: number("page_size") }, number("delivery"))
    });
    let tab = Memo::new(move |_| match link.get("tab").as_deref() {
        Some("settings") => "settings",
        Some("verify") => "verify",
        _ => "deliveries",
    });
    let data = Resource::new(move || (id.get(), filter.get()), |(id, (filter, delivery))| webhook_page(id, filter, delivery));
    let reload = Callback::new(move |()| data.refetch());
    follow(use_live(), id, tab, reload);
    view! {
        <Transition fallback=|| view! { <Skeleton lines=2/><Card flush=true><SkeletonTable rows=6 columns=5/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => {
                        let (webhook, head) = (data.webhook.clone(), data.webhook.clone());
                        let mut tabs = vec![
                            TabItem::new("deliveries", t.webhooks().tab_deliveries).icon(IconName::Inbox),
                            TabItem::new("settings", t.webhooks().tab_settings).icon(IconName::Pencil),
                        ];
                        if webhook.kind == WebhookKind::Standard {
                            tabs.push(TabItem::new("verify", t.webhooks().tab_verify).icon(IconName::Shield));
                        }
                        let content = move || match tab.get() {
                            "settings" => view! { <Settings webhook=webhook.clone() reload/> }.into_any(),
                            "verify" => view! { <Verify/> }.into_any(),
                            _ => {
                                let data = data.clone();
                                view! {
                                    <div class="section">
                                        {data.detail.map(|detail| view! { <DeliveryCard detail enabled=data.webhook.enabled reload/> })}
                                        <Deliveries page=data.deliveries status=filter.get_untracked().0.status shown=filter.get_untracked().1/>
                                    </div>
                                }
                                .into_any()
                            }
                        };
                        view! {
                            <Head webhook=head reload/>
                            <Tabs items=tabs current=Signal::derive(move || tab.get().to_owned())/>
                            {content}
                        }
                        .into_any()
                    }
                    Err(error) => view! {
                        <PageHead title=t.profile().tab_webhooks crumbs=vec![Crumb::new(t.profile().title, route::PROFILE_WEBHOOKS)]/>
                        <ErrorBox error retry=reload/>
                    }
                    .into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// Loads the page anew when something happens to this webhook; once for many things at a time. Never under somebody's hands: what is typed into
/// the settings or shown in a dialog stays.
fn follow(live: Live, id: Memo<i64>, tab: Memo<&'static str>, reload: Callback<()>) {
    let waiting = StoredValue::new(false);
    live.listen(move |event| {
        let mine = match event {
            Event::Delivery { webhook_id, .. } => Some(*webhook_id) == id.try_get_untracked(),
            Event::WebhookDisabled { id: disabled, .. } => Some(*disabled) == id.try_get_untracked(),
            Event::Resync => true,
            _ => false,
        };
        if mine && !waiting.try_get_value().unwrap_or(true) {
            waiting.set_value(true);
            soon(waiting, tab, reload);
        }
    });
}

fn soon(waiting: StoredValue<bool>, tab: Memo<&'static str>, reload: Callback<()>) {
    let due = move || {
        // The page may have been left meanwhile.
        let Some(tab_now) = tab.try_get_untracked() else { return };
        let dialog = document().query_selector("dialog[open]").ok().flatten();
        if tab_now != "deliveries" || dialog.is_some() {
            return soon(waiting, tab, reload);
        }
        waiting.set_value(false);
        reload.run(());
    };
    set_timeout(due, std::time::Duration::from_millis(500));
}

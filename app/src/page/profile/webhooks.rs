//! The list of webhooks, and the dialog that makes one.

use crate::api;
use crate::i18n::{fill, use_strings};
use crate::page::webhooks::{SecretOnce, WebhookFields, WebhookForm};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::webhooks::{CreatedWebhook, DeliveryStatus, WebhookView};

/// All webhooks of the caller, and the way to a new one.
#[component]
pub fn Webhooks(
    /// The webhooks, as loaded.
    webhooks: Vec<WebhookView>,
    /// Loads them anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let creating = RwSignal::new(false);
    let add = move || {
        view! { <span class="needs-script"><Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{t.webhooks().add}</Button></span> }
    };
    let list = if webhooks.is_empty() {
        view! { <EmptyState icon=IconName::Link title=t.webhooks().empty text=t.webhooks().empty_text>{add()}</EmptyState> }.into_any()
    } else {
        let rows = webhooks.into_iter().map(|webhook| view! { <WebhookRow webhook/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table webhooks">
                    <thead>
                        <tr>
                            <th scope="col">{t.webhooks().name}</th>
                            <th scope="col">{t.webhooks().kind}</th>
                            <th scope="col">{t.webhooks().events}</th>
                            <th scope="col">{t.webhooks().scope}</th>
                            <th scope="col">{t.webhooks().state}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <div class="section-head">
                <p class="muted">{t.webhooks().lead}</p>
                {add()}
            </div>
            <Card flush=true>{list}</Card>
        </section>
        <NewWebhookDialog open=creating reload/>
    }
    .into_any()
}

/// One webhook.
#[component]
fn WebhookRow(webhook: WebhookView) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let WebhookView { id, name, kind, url, events, all_tasks, enabled, disabled_reason, failing_since, .. } = webhook;
    let test = Action::new(move |(): &()| async move {
        let answer = api::webhooks::test(id).await;
        match &answer {
            Ok(detail) if detail.delivery.status == DeliveryStatus::Delivered => toasts.ok(t.webhooks().test_good),
            Ok(detail) => toasts.info(fill(t.webhooks().test_bad, &[("why", &detail.delivery.error)])),
            Err(error) => toasts.error(error),
        }
        answer
    });
    let state = match (enabled, failing_since.is_some()) {
        (true, false) => view! { <Badge tone=Tone::Ok dot=true>{t.common().enabled}</Badge> },
        (true, true) => view! { <Badge tone=Tone::Warn dot=true>{t.common().enabled}</Badge> },
        (false, _) => view! { <Badge>{t.common().disabled}</Badge> },
    };
    let reason = disabled_reason.map(|reason| view! { <span class="cell-sub">{t.disabled_reason(reason)}</span> });
    let since = failing_since.filter(|_| enabled).map(|at| view! { <span class="cell-sub">{t.webhooks().failing}<Time at/></span> });
    let events = events.into_iter().map(|event| view! { <span class="tag">{t.webhook_event(event)}</span> }).collect_view();
    view! {
        <tr class:is-off=!enabled data-webhook=id>
            <td class="cell-title" data-label=t.webhooks().name>
                <a class="cell-main" href=route::webhook(id)>{name.clone()}</a>
                <span class="cell-sub break">{url}</span>
            </td>
            <td data-label=t.webhooks().kind><span class="nowrap">{t.webhook_kind(kind)}</span></td>
            <td data-label=t.webhooks().events><span class="tags">{events}</span></td>
            <td data-label=t.webhooks().scope>{if all_tasks { t.webhooks().scope_all } else { t.webhooks().scope_chosen }}</td>
            <td data-label=t.webhooks().state><span class="cell-stack">{state}{reason}{since}</span></td>
            <td class="cell-actions">
                <span class="row needs-script">
                    <Button size=Size::Sm loading=test.pending() attr:aria-label=format!("{} {name}", t.webhooks().test) on_click=move |_| {
                        test.dispatch(());
                    }>{t.webhooks().test}</Button>
                </span>
            </td>
        </tr>
    }
    .into_any()
}

/// Asks what the webhook is, makes it, and shows its secret once.
#[component]
fn NewWebhookDialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let fields = WebhookFields::new(None);
    let made = RwSignal::new(None::<CreatedWebhook>);
    let create = Action::new(move |(): &()| {
        let webhook = fields.new_webhook();
        async move {
            let answer = match webhook {
                Ok(webhook) => api::webhooks::create(webhook).await,
                Err(error) => Err(error.into()),
            };
            if let Ok(created) = &answer {
                match created.secret {
                    Some(_) => made.set(Some(created.clone())),
                    None => {
                        toasts.ok(t.webhooks().created);
                        open.set(false);
                        reload.run(());
                    }
                }
            }
            answer
        }
    });
    // Closed after the secret was shown: only now the list is loaded anew, since that takes the dialog with it.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is && made.get_untracked().is_some() {
            made.set(None);
            reload.run(());
        }
        is
    });
    let failure = Signal::derive(move || create.value().get().and_then(Result::err));
    let title = move || if made.get().is_some() { t.webhooks().secret_title } else { t.webhooks().add }.to_owned();
    view! {
        <Dialog open title=Signal::derive(title)>
            <form
                class="stack"
                class:is-hidden=move || made.get().is_some()
                on:submit=move |event| {
                    event.prevent_default();
                    create.dispatch(());
                }
            >
                <WebhookForm fields failure/>
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=create.pending()>{t.common().create}</Button>
                </DialogFooter>
            </form>
            {move || made.get().and_then(|created| created.secret).map(|secret| view! { <SecretOnce secret open/> })}
        </Dialog>
    }
    .into_any()
}

//! Title, state and actions of a webhook.

use super::secret::SecretOnce;
use crate::api;
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::webhooks::{DeliveryStatus, WebhookKind, WebhookPatch, WebhookView};

/// The head of the page.
#[component]
pub fn Head(
    /// The webhook.
    webhook: WebhookView,
    /// Loads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let WebhookView { id, name, kind, url, enabled, disabled_reason, old_secret_until, failing_since, .. } = webhook;
    let (deleting, rotating, showing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let secret = RwSignal::new(None::<String>);
    let test = Action::new(move |(): &()| async move {
        let answer = api::webhooks::test(id).await;
        match &answer {
            Ok(detail) if detail.delivery.status == DeliveryStatus::Delivered => toasts.ok(t.webhooks().test_good),
            Ok(detail) => toasts.info(fill(t.webhooks().test_bad, &[("why", &t.sentence(&detail.delivery.error))])),
            Err(error) => toasts.error(error),
        }
        reload.run(());
    });
    let switch = Action::new(move |(): &()| async move {
        let patch = WebhookPatch { enabled: Some(!enabled), ..WebhookPatch::default() };
        match api::webhooks::update(id, patch).await {
            Ok(_) => toasts.ok(if enabled { t.webhooks().disabled_done } else { t.webhooks().enabled_done }),
            Err(error) => toasts.error(&error),
        }
        reload.run(());
    });
    let rotate = Action::new(move |(): &()| async move {
        match api::webhooks::rotate_secret(id).await {
            Ok(made) => {
                secret.set(made.secret);
                showing.set(true);
            }
            Err(error) => toasts.error(&error),
        }
    });
    // Closed after the secret was shown: only now the page is loaded anew, since that takes the dialog with it.
    Effect::new(move |was: Option<bool>| {
        let is = showing.get();
        if was == Some(true) && !is {
            secret.set(None);
            reload.run(());
        }
        is
    });
    let delete = Action::new(move |(): &()| async move { api::webhooks::delete(id).await });
    Effect::new(move |_| match delete.value().get() {
        Some(Ok(())) => {
            toasts.ok(t.common().deleted);
            navigate(route::PROFILE_WEBHOOKS, Default::default());
        }
        Some(Err(error)) => toasts.error(&error),
        None => {}
    });
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{t.common().enabled}</Badge> }
    } else {
        view! { <Badge>{t.common().disabled}</Badge> }
    };
    let off = disabled_reason
        .map(|reason| view! { <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.disabled_reason(reason)}</span></p> });
    let failing = failing_since.filter(|_| enabled).map(|at| {
        view! { <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.webhooks().failing}<Time at/>" "{t.webhooks().failing_note}</span></p> }
    });
    let old = old_secret_until
        .map(|at| view! { <p class="notice tone-info"><Icon name=IconName::Info/><span>{t.webhooks().rotating}<Time at/></span></p> });
    let rotate_button = (kind == WebhookKind::Standard)
        .then(|| view! { <Button icon=IconName::Key on_click=move |_| rotating.set(true)>{t.webhooks().rotate}</Button> });
    let question = fill(t.webhooks().delete_text, &[("name", &name)]);
    view! {
        <PageHead title=name crumbs=vec![Crumb::new(t.profile().title, route::PROFILE), Crumb::new(t.profile().tab_webhooks, route::PROFILE_WEBHOOKS)]>
            <span class="row needs-script">
                <Button variant=Variant::Primary icon=IconName::Bolt loading=test.pending() on_click=move |_| {
                    test.dispatch(());
                }>{t.webhooks().test}</Button>
                <Button loading=switch.pending() on_click=move |_| {
                    switch.dispatch(());
                }>{if enabled { t.webhooks().disable } else { t.webhooks().enable }}</Button>
                {rotate_button}
                <Button icon=IconName::Trash class="is-danger" on_click=move |_| deleting.set(true)>{t.common().delete}</Button>
            </span>
        </PageHead>
        <div class="webhook-head">
            {state}
            <span class="tag">{t.webhook_kind(kind)}</span>
            <code class="webhook-url">{url}</code>
        </div>
        {off}{failing}{old}
        <ConfirmDialog
            open=deleting
            title=t.webhooks().delete_title
            body=question
            confirm=t.common().delete
            danger=true
            busy=delete.pending()
            on_confirm=Callback::new(move |()| {
                delete.dispatch(());
            })
        />
        <ConfirmDialog
            open=rotating
            title=t.webhooks().rotate
            body=t.webhooks().rotate_text
            confirm=t.webhooks().rotate
            busy=rotate.pending()
            on_confirm=Callback::new(move |()| {
                rotate.dispatch(());
            })
        />
        <Dialog open=showing title=t.webhooks().secret_title>
            {move || secret.get().map(|secret| view! { <SecretOnce secret open=showing/> })}
        </Dialog>
    }
    .into_any()
}

//! The settings of a webhook.

use super::fields::WebhookFields;
use super::form::WebhookForm;
use crate::api;
use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::webhooks::WebhookView;

/// The form that changes it.
#[component]
pub fn Settings(
    /// The webhook.
    webhook: WebhookView,
    /// Loads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let id = webhook.id;
    let fields = WebhookFields::new(Some(&webhook));
    let save = Action::new(move |(): &()| {
        let patch = fields.patch();
        async move {
            let answer = match patch {
                Ok(patch) => api::webhooks::update(id, patch).await,
                Err(error) => Err(error.into()),
            };
            if answer.is_ok() {
                toasts.ok(t.webhooks().saved);
                reload.run(());
            }
            answer
        }
    });
    let failure = Signal::derive(move || save.value().get().and_then(Result::err));
    view! {
        <Card title=t.webhooks().tab_settings>
            <form
                class="stack narrow"
                on:submit=move |event| {
                    event.prevent_default();
                    save.dispatch(());
                }
            >
                <WebhookForm fields failure/>
                <div class="row needs-script">
                    <Button variant=Variant::Primary kind="submit" icon=IconName::Check loading=save.pending()>{t.common().save}</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

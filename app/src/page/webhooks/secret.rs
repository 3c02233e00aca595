//! A secret just made: the only time that it is on a page.

use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;

/// The secret with a copy button.
#[component]
pub fn SecretOnce(
    /// The secret.
    secret: String,
    /// The dialog around it.
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = use_strings();
    view! {
        <div class="stack secret">
            <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.webhooks().secret_once}</span></p>
            <div class="secret-box">
                <code class="secret-text" data-secret="">{secret.clone()}</code>
                <CopyButton text=secret label=t.common().copy/>
            </div>
            <DialogFooter>
                <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.webhooks().secret_done}</Button>
            </DialogFooter>
        </div>
    }
    .into_any()
}

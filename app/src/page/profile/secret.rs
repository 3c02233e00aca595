//! A key just made: the only time that its secret is on a page.

use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::CreatedKey;

/// The secret with a copy button, and a first call that uses it.
#[component]
pub fn Secret(
    /// The key.
    key: CreatedKey,
    /// The dialog around it.
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = use_strings();
    let CreatedKey { secret, .. } = key;
    view! {
        <div class="stack secret">
            <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.profile().secret_once}</span></p>
            <div class="secret-box">
                <code class="secret-text" data-secret="">{secret.clone()}</code>
                <CopyButton text=secret.clone() label=t.common().copy/>
            </div>
            <Snippet method="GET" path="/api/features" key=secret/>
            <DialogFooter>
                <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.profile().secret_done}</Button>
            </DialogFooter>
        </div>
    }
    .into_any()
}

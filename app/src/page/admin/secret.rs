//! Something that is shown once: a password or a code that was made for somebody.

use crate::i18n::use_strings;
use crate::ui::{Button, CopyButton, Dialog, DialogFooter, Icon, IconName, Variant};
use leptos::prelude::*;

/// A secret and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// What it is.
    pub label: String,
    /// The secret.
    pub secret: String,
}

/// A dialog that is open while there is something to show, and forgets it when it is closed.
#[component]
pub fn SecretDialog(
    /// What is shown, line by line; nothing while it is empty.
    shown: RwSignal<Vec<Shown>>,
    /// What it is about.
    title: &'static str,
) -> impl IntoView {
    let t = use_strings();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(shown.with(|shown| !shown.is_empty())));
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            shown.set(Vec::new());
        }
        is
    });
    let line = |Shown { label, secret }: Shown| {
        view! {
            <div class="stack secret-line">
                <p class="field-label">{label}</p>
                <div class="secret-box">
                    <code class="secret-text" data-secret="">{secret.clone()}</code>
                    <CopyButton text=secret/>
                </div>
            </div>
        }
    };
    view! {
        <Dialog open title>
            <div class="stack">
                <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.admin().copy_now}</span></p>
                {move || shown.get().into_iter().map(line).collect_view()}
                <DialogFooter>
                    <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.admin().done}</Button>
                </DialogFooter>
            </div>
        </Dialog>
    }
    .into_any()
}

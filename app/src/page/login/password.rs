//! A password control that can show what is in it.

use crate::i18n::use_strings;
use crate::ui::{Icon, IconName, Input};
use leptos::prelude::*;

/// A password, with a button to show it.
#[component]
pub fn PasswordInput(
    /// The name in the form; none for one that is not sent.
    #[prop(optional, into)]
    name: Option<String>,
    /// What a password manager should do with it.
    autocomplete: &'static str,
    /// Two-way.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// Whether the browser refuses to send it empty.
    #[prop(default = true)]
    required: bool,
) -> impl IntoView {
    let t = use_strings();
    let shown = RwSignal::new(false);
    let value = value.unwrap_or_default();
    let kind = Signal::derive(move || if shown.get() { "text" } else { "password" }.to_owned());
    let label = move || if shown.get() { t.account().hide_password } else { t.account().show_password };
    view! {
        <div class="password">
            <Input kind value attr:name=name required attr:autocomplete=autocomplete attr:spellcheck="false"/>
            <button
                type="button"
                class="password-toggle needs-script"
                class:is-on=shown
                aria-label=label
                title=label
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <Icon name=IconName::Eye/>
            </button>
        </div>
    }
    .into_any()
}

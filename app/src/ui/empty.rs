//! What a list shows while nothing is in it.

use super::clipboard::CopyButton;
use super::icon::{Icon, IconName};
use crate::i18n::use_strings;
use leptos::prelude::*;

/// Says that nothing is here, why, and how to begin.
#[component]
pub fn EmptyState(
    /// A picture of what is missing.
    icon: IconName,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// How it comes to be.
    #[prop(optional, into)]
    text: Option<String>,
    /// A first command to copy.
    #[prop(optional, into)]
    command: Option<Signal<String>>,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_strings();
    view! {
        <div class="empty">
            <div class="empty-icon"><Icon name=icon/></div>
            <p class="empty-title">{title}</p>
            {text.map(|text| view! { <p class="empty-text">{text}</p> })}
            {children.map(|children| view! { <div class="empty-actions">{children()}</div> })}
            {command.map(|command| view! {
                <div class="empty-command">
                    <span class="empty-command-label">{t.common().first_command}</span>
                    <div class="empty-command-box">
                        <pre tabindex="0"><code>{move || command.get()}</code></pre>
                        <CopyButton text=command/>
                    </div>
                </div>
            })}
        </div>
    }
    .into_any()
}

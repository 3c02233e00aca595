//! Buttons, and links that look like them.

use super::handler::{Handler, run};
use super::icon::{Icon, IconName};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// The one main action of a page or dialog.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// Without a frame, for toolbars and rows.
    Ghost,
    /// Something that cannot be undone.
    Danger,
}

/// How large a control is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// The usual size.
    #[default]
    Md,
    /// For rows of tables and toolbars.
    Sm,
}

pub(super) fn button_class(variant: Variant, size: Size, more: &str) -> String {
    let variant = match variant {
        Variant::Primary => "button-primary",
        Variant::Secondary => "button-secondary",
        Variant::Ghost => "button-ghost",
        Variant::Danger => "button-danger",
    };
    let size = match size {
        Size::Md => "",
        Size::Sm => " button-sm",
    };
    format!("button {variant}{size}{}{more}", if more.is_empty() { "" } else { " " })
}

/// A button. While `loading` it shows a spinner and cannot be pressed again.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// `button`, `submit` or `reset`.
    #[prop(default = "button")]
    kind: &'static str,
    /// Shown before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether its action is under way.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Whether it cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// More classes, such as `button-wide` or `is-danger`.
    #[prop(optional)]
    class: &'static str,
    /// What pressing it does.
    #[prop(optional, into)]
    on_click: Option<Handler<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=kind
            class=button_class(variant, size, class)
            class:is-loading=loading
            disabled=move || loading.get() || disabled.get()
            aria-busy=move || loading.get().then_some("true")
            on:click=move |event| run(&on_click, event)
        >
            <span class="button-spinner" aria-hidden="true"></span>
            {icon.map(|name| view! { <Icon name/> })}
            <span class="button-text">{children()}</span>
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// Shown before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=move || href.get() class=button_class(variant, size, "")>
            {icon.map(|name| view! { <Icon name/> })}
            <span class="button-text">{children()}</span>
        </a>
    }
    .into_any()
}

/// A button with an icon instead of a text.
#[component]
pub fn IconButton(
    /// What is shown.
    icon: IconName,
    /// What it does, read out and shown on hover.
    #[prop(into)]
    label: String,
    /// How much it stands out.
    #[prop(default = Variant::Ghost)]
    variant: Variant,
    /// How large it is.
    #[prop(optional)]
    size: Size,
    /// Whether its action is under way.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Whether it cannot be pressed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What pressing it does.
    #[prop(optional, into)]
    on_click: Option<Handler<MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=button_class(variant, size, "button-icon")
            class:is-loading=loading
            disabled=move || loading.get() || disabled.get()
            aria-label=label.clone()
            title=label
            on:click=move |event| run(&on_click, event)
        >
            <span class="button-spinner" aria-hidden="true"></span>
            <Icon name=icon/>
        </button>
    }
    .into_any()
}

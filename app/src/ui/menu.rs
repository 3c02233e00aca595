//! Menus: a button and a popover, which the browser opens and closes.

use super::button::{Size, Variant, button_class};
use super::handler::{Handler, run};
use super::icon::{Icon, IconName};
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;

/// A button that opens a list of actions.
#[component]
pub fn Menu(
    /// The button's text, or its name if only the icon is shown.
    #[prop(into)]
    label: String,
    /// Unique on the page; ties the button to its list.
    #[prop(into)]
    id: String,
    /// Shown before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether only the icon is shown.
    #[prop(optional)]
    icon_only: bool,
    /// How much the button stands out.
    #[prop(optional)]
    variant: Variant,
    /// How large the button is.
    #[prop(optional)]
    size: Size,
    children: Children,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let panel = NodeRef::<html::Div>::new();
    // Runs before the browser opens the popover, so it appears in its place. Without scripts the style sheet places it.
    let place = move |_| {
        if let (Some(button), Some(panel)) = (button.get_untracked(), panel.get_untracked()) {
            place_beside(&button, &panel);
        }
    };
    let close = move |_| {
        if let Some(panel) = panel.get_untracked() {
            // Already closed is as good.
            let _ = panel.hide_popover();
        }
    };
    view! {
        <span class="menu">
            <button
                node_ref=button
                type="button"
                class=button_class(variant, size, if icon_only { "button-icon" } else { "" })
                popovertarget=id.clone()
                aria-haspopup="true"
                aria-label=icon_only.then(|| label.clone())
                title=icon_only.then(|| label.clone())
                on:click=place
            >
                {icon.map(|name| view! { <Icon name/> })}
                {(!icon_only).then(|| view! { <span class="button-text">{label.clone()}</span> <Icon name=IconName::ChevronDown/> })}
            </button>
            <div node_ref=panel class="menu-panel" id=id popover="auto" on:click=close>
                {children()}
            </div>
        </span>
    }
    .into_any()
}

/// Puts the panel below the button, or above it near the foot of the window, with the edges in line.
fn place_beside(button: &web_sys::HtmlElement, panel: &web_sys::HtmlElement) {
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let place = button.get_bounding_client_rect();
    let across = if place.left() + place.right() > width {
        format!("right:{}px", width - place.right())
    } else {
        format!("left:{}px", place.left())
    };
    let down = if place.bottom() > height * 0.7 {
        format!("bottom:{}px", height - place.top() + 4.0)
    } else {
        format!("top:{}px", place.bottom() + 4.0)
    };
    // A panel that keeps its old place is still usable.
    let _ = panel.set_attribute("style", &format!("{across};{down}"));
}

/// One action of a [`Menu`].
#[component]
pub fn MenuItem(
    /// Shown before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    /// Whether it cannot be undone.
    #[prop(optional)]
    danger: bool,
    /// Whether it cannot be chosen.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What choosing it does.
    #[prop(optional, into)]
    on_click: Option<Handler<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="menu-item" class:is-danger=danger disabled=disabled on:click=move |event| run(&on_click, event)>
            {icon.map(|name| view! { <Icon name/> })}
            <span>{children()}</span>
        </button>
    }
    .into_any()
}

/// One destination of a [`Menu`].
#[component]
pub fn MenuLink(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// Shown before the text.
    #[prop(optional)]
    icon: Option<IconName>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=move || href.get()>
            {icon.map(|name| view! { <Icon name/> })}
            <span>{children()}</span>
        </a>
    }
    .into_any()
}

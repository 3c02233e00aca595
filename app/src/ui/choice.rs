//! Controls for yes and no.

use super::binding::bind_checked;
use super::handler::{Handler, run};
use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;

/// A box to tick, with its text beside it.
#[component]
pub fn Checkbox(
    /// Two-way.
    #[prop(optional)]
    checked: Option<RwSignal<bool>>,
    /// Whether it is ticked at first, without a signal.
    #[prop(optional)]
    initial: bool,
    /// The name in a form.
    #[prop(optional, into)]
    name: Option<String>,
    /// What is sent when it is ticked.
    #[prop(optional, into)]
    value: Option<String>,
    /// Read out where there is no text beside it, as in tables.
    #[prop(optional, into)]
    label: Option<String>,
    /// Whether it shows neither yes nor no: some of many are chosen.
    #[prop(optional, into)]
    indeterminate: Signal<bool>,
    /// Whether it cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a finished change does, after the signal was set.
    #[prop(optional, into)]
    on_change: Option<Handler<Event>>,
    /// The text beside it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let first = checked.map_or(initial, |checked| checked.get_untracked());
    if let Some(checked) = checked {
        bind_checked(node, checked, first);
    }
    Effect::new(move |_| {
        let some = indeterminate.get();
        if let Some(control) = node.get() {
            control.set_indeterminate(some);
        }
    });
    view! {
        <label class="check">
            <input
                node_ref=node
                type="checkbox"
                name=name
                value=value
                checked=first
                disabled=disabled
                aria-label=label
                on:change=move |event| {
                    if let Some(checked) = checked {
                        checked.set(event_target_checked(&event));
                    }
                    run(&on_change, event);
                }
            />
            {children.map(|children| view! { <span class="check-text">{children()}</span> })}
        </label>
    }
    .into_any()
}

/// Something to switch on or off.
#[component]
pub fn Switch(
    /// What is switched.
    #[prop(into)]
    label: String,
    /// Two-way.
    #[prop(optional)]
    checked: Option<RwSignal<bool>>,
    /// Whether it is on at first, without a signal.
    #[prop(optional)]
    initial: bool,
    /// The name in a form.
    #[prop(optional, into)]
    name: Option<String>,
    /// A sentence of help.
    #[prop(optional, into)]
    help: Option<String>,
    /// What a finished change does, after the signal was set.
    #[prop(optional, into)]
    on_change: Option<Handler<Event>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    let first = checked.map_or(initial, |checked| checked.get_untracked());
    if let Some(checked) = checked {
        bind_checked(node, checked, first);
    }
    view! {
        <label class="switch">
            <input
                node_ref=node
                type="checkbox"
                role="switch"
                name=name
                value="true"
                checked=first
                on:change=move |event| {
                    if let Some(checked) = checked {
                        checked.set(event_target_checked(&event));
                    }
                    run(&on_change, event);
                }
            />
            <span class="switch-track" aria-hidden="true"></span>
            <span class="switch-text">
                {label}
                {help.map(|help| view! { <span class="switch-help">{help}</span> })}
            </span>
        </label>
    }
    .into_any()
}

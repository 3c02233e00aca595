//! Controls for text and for one choice of several.

use super::binding::bind_text;
use super::field::{ControlAttributes, control_attributes};
use super::handler::{Handler, run};
use leptos::ev::{Event, FocusEvent, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;

/// One line of text. Give `value` to follow it in a signal, or `initial` for a plain form.
#[component]
pub fn Input(
    /// The id; that of the field around it unless given.
    #[prop(optional, into)]
    id: Option<String>,
    /// The name in a form.
    #[prop(optional, into)]
    name: Option<String>,
    /// The type of `<input>`.
    #[prop(default = "text".into(), into)]
    kind: Signal<String>,
    /// Two-way.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What is in it at first, without a signal.
    #[prop(optional, into)]
    initial: String,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Whether the browser refuses to send it empty.
    #[prop(optional)]
    required: bool,
    /// Whether it cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether its letters have one width.
    #[prop(optional)]
    mono: bool,
    /// What typing does, after the signal was set.
    #[prop(optional, into)]
    on_input: Option<Handler<Event>>,
    /// What a finished change does, after the signal was set.
    #[prop(optional, into)]
    on_change: Option<Handler<Event>>,
    /// What leaving it does.
    #[prop(optional, into)]
    on_blur: Option<Handler<FocusEvent>>,
    /// What a key does.
    #[prop(optional, into)]
    on_keydown: Option<Handler<KeyboardEvent>>,
) -> impl IntoView {
    let ControlAttributes { id, described_by, invalid } = control_attributes(id);
    let node = NodeRef::<html::Input>::new();
    let first = value.map_or(initial, |value| value.get_untracked());
    if let Some(value) = value {
        bind_text(node, value, first.clone());
    }
    view! {
        <input
            node_ref=node
            class="input"
            class:mono=mono
            type=move || kind.get()
            id=id
            name=name
            value=first
            placeholder=placeholder
            required=required
            disabled=disabled
            aria-describedby=described_by
            aria-invalid=move || invalid.get().then_some("true")
            on:input=move |event| {
                if let Some(value) = value {
                    value.set(event_target_value(&event));
                }
                run(&on_input, event);
            }
            on:change=move |event| run(&on_change, event)
            on:blur=move |event| run(&on_blur, event)
            on:keydown=move |event| run(&on_keydown, event)
        />
    }
    .into_any()
}

/// Several lines of text.
#[component]
pub fn Textarea(
    /// The id; that of the field around it unless given.
    #[prop(optional, into)]
    id: Option<String>,
    /// The name in a form.
    #[prop(optional, into)]
    name: Option<String>,
    /// Two-way.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What is in it at first, without a signal.
    #[prop(optional, into)]
    initial: String,
    /// Shown while it is empty.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// Lines shown at first.
    #[prop(default = 4)]
    rows: u32,
    /// Whether the browser refuses to send it empty.
    #[prop(optional)]
    required: bool,
    /// Whether it cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether its letters have one width.
    #[prop(optional)]
    mono: bool,
    /// What typing does, after the signal was set.
    #[prop(optional, into)]
    on_input: Option<Handler<Event>>,
    /// What a finished change does, after the signal was set.
    #[prop(optional, into)]
    on_change: Option<Handler<Event>>,
    /// What leaving it does.
    #[prop(optional, into)]
    on_blur: Option<Handler<FocusEvent>>,
    /// What a key does.
    #[prop(optional, into)]
    on_keydown: Option<Handler<KeyboardEvent>>,
) -> impl IntoView {
    let ControlAttributes { id, described_by, invalid } = control_attributes(id);
    let node = NodeRef::<html::Textarea>::new();
    let first = value.map_or(initial, |value| value.get_untracked());
    if let Some(value) = value {
        bind_text(node, value, first.clone());
    }
    view! {
        <textarea
            node_ref=node
            class="input textarea"
            class:mono=mono
            id=id
            name=name
            rows=rows.to_string()
            placeholder=placeholder
            required=required
            disabled=disabled
            aria-describedby=described_by
            aria-invalid=move || invalid.get().then_some("true")
            on:input=move |event| {
                if let Some(value) = value {
                    value.set(event_target_value(&event));
                }
                run(&on_input, event);
            }
            on:change=move |event| run(&on_change, event)
            on:blur=move |event| run(&on_blur, event)
            on:keydown=move |event| run(&on_keydown, event)
        >
            {first}
        </textarea>
    }
    .into_any()
}

/// One choice of a [`Select`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Choice { value: value.into(), label: label.into() }
    }
}

/// One of several choices.
#[component]
pub fn Select(
    /// The choices, in order.
    options: Vec<Choice>,
    /// The id; that of the field around it unless given.
    #[prop(optional, into)]
    id: Option<String>,
    /// The name in a form.
    #[prop(optional, into)]
    name: Option<String>,
    /// Two-way.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What is chosen at first, without a signal.
    #[prop(optional, into)]
    initial: String,
    /// Whether the browser refuses to send an empty choice.
    #[prop(optional)]
    required: bool,
    /// Whether it cannot be changed.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a finished change does, after the signal was set.
    #[prop(optional, into)]
    on_change: Option<Handler<Event>>,
    /// What leaving it does.
    #[prop(optional, into)]
    on_blur: Option<Handler<FocusEvent>>,
) -> impl IntoView {
    let ControlAttributes { id, described_by, invalid } = control_attributes(id);
    let node = NodeRef::<html::Select>::new();
    let first = value.map_or(initial, |value| value.get_untracked());
    if let Some(value) = value {
        bind_text(node, value, first.clone());
    }
    let options = options
        .into_iter()
        .map(|Choice { value, label }| {
            let selected = value == first;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    view! {
        <select
            node_ref=node
            class="input select"
            id=id
            name=name
            required=required
            disabled=disabled
            aria-describedby=described_by
            aria-invalid=move || invalid.get().then_some("true")
            on:change=move |event| {
                if let Some(value) = value {
                    value.set(event_target_value(&event));
                }
                run(&on_change, event);
            }
            on:blur=move |event| run(&on_blur, event)
        >
            {options}
        </select>
    }
    .into_any()
}

//! The frame around a form control: label, help, error.

use crate::i18n::use_strings;
use leptos::context::Provider;
use leptos::prelude::*;

/// What a control inside a [`FormField`] needs to be tied to its label, help and error.
#[derive(Clone)]
pub(super) struct FieldContext {
    /// The control's id, for the label.
    pub(super) id: String,
    /// Ids of help and error.
    pub(super) described_by: String,
    /// Whether there is an error.
    pub(super) invalid: Signal<bool>,
}

/// Attributes of a control, taken from its own props first and from the field around it second.
pub(super) struct ControlAttributes {
    pub(super) id: Option<String>,
    pub(super) described_by: Option<String>,
    pub(super) invalid: Signal<bool>,
}

pub(super) fn control_attributes(id: Option<String>) -> ControlAttributes {
    match use_context::<FieldContext>() {
        Some(field) => {
            ControlAttributes { id: Some(id.unwrap_or(field.id)), described_by: Some(field.described_by), invalid: field.invalid }
        }
        None => ControlAttributes { id, described_by: None, invalid: Signal::default() },
    }
}

/// Label, control, help and error, tied together for people and for screen readers.
#[component]
pub fn FormField(
    /// What the control is for.
    #[prop(into)]
    label: String,
    /// The control's id; made from the label unless given.
    #[prop(optional, into)]
    id: Option<String>,
    /// A sentence of help.
    #[prop(optional, into)]
    help: Option<String>,
    /// What is wrong with the value.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Whether it must be filled in; shown as a star.
    #[prop(optional)]
    required: bool,
    /// Whether to say that it may stay empty.
    #[prop(optional)]
    optional: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let t = use_strings();
    let id = id.unwrap_or_else(|| format!("field-{}", label.replace(char::is_whitespace, "-")));
    let (help_id, error_id) = (format!("{id}-help"), format!("{id}-error"));
    let described_by = if help.is_some() { format!("{help_id} {error_id}") } else { error_id.clone() };
    let invalid = Signal::derive(move || error.get().is_some());
    let context = FieldContext { id: id.clone(), described_by, invalid };
    view! {
        <div class="field" class:has-error=invalid>
            <label class="field-label" for=id>
                {label}
                {required.then(|| view! { <span class="field-required" aria-hidden="true">"*"</span> })}
                {optional.then(|| view! { <span class="field-optional">{t.common().optional}</span> })}
            </label>
            <Provider value=context>{children()}</Provider>
            {help.map(|help| view! { <p class="field-help" id=help_id>{help}</p> })}
            <p class="field-error" id=error_id role="alert">{move || error.get()}</p>
        </div>
    }
    .into_any()
}

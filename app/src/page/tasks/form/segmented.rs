//! One of two or three choices, all of them in sight.

use crate::ui::Choice;
use leptos::prelude::*;

/// Radio buttons in a row. A group of its own: its label is a legend.
#[component]
pub fn Segmented(
    /// What is chosen.
    #[prop(into)]
    label: String,
    /// The name in a form.
    #[prop(into)]
    name: String,
    /// The choices, in order.
    options: Vec<Choice>,
    /// Two-way.
    value: RwSignal<String>,
    /// A sentence of help.
    #[prop(default = None)]
    help: Option<String>,
    /// Whether it must be given; shown as a star.
    #[prop(optional)]
    required: bool,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let first = value.get_untracked();
    let choices = options
        .into_iter()
        .map(|Choice { value: this, label }| {
            let mine = this.clone();
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        class="visually-hidden"
                        name=name.clone()
                        value=this.clone()
                        checked=this == first
                        prop:checked=move || value.with(|value| *value == mine)
                        on:change=move |event| value.set(event_target_value(&event))
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field choice-field" class:has-error=move || error.get().is_some()>
            <legend class="field-label">
                {label}
                {required.then(|| view! { <span class="field-required" aria-hidden="true">"*"</span> })}
            </legend>
            <div class="choice-row">{choices}</div>
            {help.map(|help| view! { <p class="field-help">{help}</p> })}
            <p class="field-error" role="alert">{move || error.get()}</p>
        </fieldset>
    }
    .into_any()
}

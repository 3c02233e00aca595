//! Extra headers: one line each, a name and a value.

use super::state::{FormState, HeaderRow};
use crate::i18n::use_strings;
use crate::ui::{Button, IconButton, IconName, Input, Size, Variant};
use leptos::prelude::*;

/// The lines for extra headers, folded away until there are some.
#[component]
pub fn HeaderRows(
    /// The form.
    form: FormState,
) -> impl IntoView {
    let t = use_strings();
    let error = form.error("headers");
    let line = move |row: HeaderRow| {
        let place = format!("texts[headers][{}]", row.id);
        view! {
            <div class="header-row">
                <Input
                    name=format!("{place}[name]")
                    value=row.name
                    placeholder="X-Example"
                    mono=true
                    attr:aria-label=t.task_form().header_name
                    attr:autocomplete="off"
                    attr:spellcheck="false"
                />
                <Input
                    name=format!("{place}[value]")
                    value=row.value
                    mono=true
                    attr:aria-label=t.task_form().header_value
                    attr:autocomplete="off"
                    attr:spellcheck="false"
                />
                <IconButton
                    icon=IconName::Trash
                    label=t.task_form().remove_header
                    on_click=move |_| form.headers.update(|rows| rows.retain(|other| other.id != row.id))
                />
            </div>
        }
    };
    let add = move |_| form.add_header(String::new(), String::new());
    view! {
        <fieldset class="field header-rows" class:has-error=move || error.get().is_some()>
            <legend class="field-label">
                {t.task_form().headers}
                <span class="field-optional">{t.common().optional}</span>
            </legend>
            <div class="header-list">
                <For each=move || form.headers.get() key=|row| row.id children=line/>
            </div>
            <div>
                <Button icon=IconName::Plus size=Size::Sm variant=Variant::Secondary on_click=add>{t.task_form().add_header}</Button>
            </div>
            <p class="field-help">{t.task_form().headers_note}</p>
            <p class="field-error" role="alert">{move || error.get()}</p>
        </fieldset>
    }
    .into_any()
}

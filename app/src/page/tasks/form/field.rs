//! One field of a feature's form.

use super::limits::limits;
use super::segmented::Segmented;
use super::state::FormState;
use super::values::{plain, text_of};
use crate::i18n::{fill, use_strings};
use crate::ui::{Choice, FormField, Input, Select, Textarea};
use leptos::prelude::*;
use model::form::FieldType;

/// The control for the field of that number. It checks itself when people leave it.
#[component]
pub fn FieldControl(
    /// The form.
    form: FormState,
    /// Which field.
    index: usize,
) -> impl IntoView {
    let t = use_strings();
    let Some((field, text)) = form.fields.with_value(|fields| fields.get(index).cloned()) else { return ().into_any() };
    let name = format!("texts[params][{}]", field.key);
    let error = form.error(format!("params.{}", field.key));
    let label = field.text().to_owned();
    let example = field.example.as_ref().map(|value| text_of(&field, value)).unwrap_or_default();
    let placeholder = if example.is_empty() { String::new() } else { fill(t.task_form().example, &[("text", &example)]) };
    let help = match (field.help.clone(), limits(t, &field)) {
        (help, None) => help,
        (help, Some(limits)) if help.is_empty() => sentence(&limits),
        (help, Some(limits)) => format!("{help} · {limits}"),
    };
    let help = (!help.is_empty()).then_some(help);
    let required = field.required;
    let left = move || form.check_field(t, index);

    if field.field_type == FieldType::Boolean {
        let unset = (!required && field.default.is_none()).then(|| Choice::new("", t.task_form().keep));
        let options = unset.into_iter().chain([Choice::new("true", t.task_form().yes), Choice::new("false", t.task_form().no)]).collect();
        return view! { <Segmented label name options value=text help required error/> }.into_any();
    }
    let id = format!("param-{}", field.key);
    let control = move || {
        match field.field_type {
        FieldType::Select => {
            let empty = (field.default.is_none() || !required).then(|| Choice::new("", t.task_form().choose));
            let known = field.options.iter().map(|option| Choice::new(plain(&option.value), option.text()));
            let options = empty.into_iter().chain(known).collect();
            view! { <Select options name=name.clone() value=text required on_change=move |_| left()/> }.into_any()
        }
        FieldType::Textarea => {
            view! { <Textarea name=name.clone() value=text placeholder=placeholder.clone() rows=4 required on_blur=move |_| left()/> }.into_any()
        }
        FieldType::Json => {
            view! { <Textarea name=name.clone() value=text placeholder=placeholder.clone() rows=6 mono=true required attr:spellcheck="false" on_blur=move |_| left()/> }
                .into_any()
        }
        FieldType::Number => view! {
            <Input
                kind="number"
                name=name.clone()
                value=text
                placeholder=placeholder.clone()
                required
                attr:min=field.min.map(|min| min.to_string())
                attr:max=field.max.map(|max| max.to_string())
                attr:step=if field.integer { "1" } else { "any" }
                attr:inputmode="decimal"
                on_blur=move |_| left()
            />
        }
        .into_any(),
        FieldType::Url | FieldType::FileUrl => view! {
            <Input kind="url" name=name.clone() value=text placeholder=placeholder.clone() required mono=true attr:autocomplete="off" on_blur=move |_| left()/>
        }
        .into_any(),
        FieldType::Text | FieldType::Boolean => {
            view! { <Input name=name.clone() value=text placeholder=placeholder.clone() required attr:autocomplete="off" on_blur=move |_| left()/> }.into_any()
        }
    }
    };
    view! { <FormField label id nostrip:help=help error required optional=!required>{control.clone()()}</FormField> }.into_any()
}

/// With a capital at the beginning, where the script has them.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

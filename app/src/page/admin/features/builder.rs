//! The form builder: a card for each field, with what its type can have.

use super::draft::Draft;
use super::field_draft::{FieldDraft, OptionDraft, TYPES};
use crate::i18n::{Strings, fill, use_strings};
use crate::page::admin::rows::Row;
use crate::ui::*;
use leptos::prelude::*;
use model::form::FieldOption;
use model::form::FieldType;
use serde_json::Value;

/// What people read for a type.
pub fn type_text(t: &Strings, kind: FieldType) -> &'static str {
    let c = t.catalog();
    match kind {
        FieldType::Text => c.type_text,
        FieldType::Textarea => c.type_textarea,
        FieldType::Number => c.type_number,
        FieldType::Boolean => c.type_boolean,
        FieldType::Select => c.type_select,
        FieldType::Json => c.type_json,
        FieldType::Url => c.type_url,
        FieldType::FileUrl => c.type_file_url,
    }
}

/// All fields, and the way to a new one.
#[component]
pub fn Builder(
    /// The feature.
    draft: Draft,
) -> impl IntoView {
    let t = use_strings();
    let fields = draft.fields;
    let add = move |_| {
        let id = fields.add(|id| FieldDraft::new(id, model::form::FormField::default(), true));
        focus_soon(format!("field-{id}-key"));
    };
    let empty = move || fields.is_empty().then(|| view! { <p class="muted small">{t.catalog().form_empty}</p> });
    view! {
        <Card title=t.catalog().form>
            <div class="builder">
                {empty}
                <ol class="builder-list">
                    <For each=move || fields.get() key=|field| field.id() children=move |field| view! { <FieldCard draft field/> }/>
                </ol>
                <div><Button icon=IconName::Plus size=Size::Sm on_click=add>{t.catalog().add_field}</Button></div>
            </div>
        </Card>
    }
    .into_any()
}

/// Moves the focus to something that is about to appear.
pub fn focus_soon(id: String) {
    use wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(control) = found {
            // A control that cannot take the focus is still there.
            let _ = control.focus();
        }
    });
}

#[component]
fn FieldCard(draft: Draft, field: FieldDraft) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let id = field.id();
    let rows = draft.fields;
    let number = move || fill(c.field, &[("n", &(rows.place(id) + 1).to_string())]);
    let place = move |name: &'static str| draft.mistakes.at(move || format!("form_schema[{}].{name}", rows.place(id)));
    let of = move |name: &str| format!("field-{id}-{name}");
    let types = TYPES.map(|kind| Choice::new(kind.as_str(), type_text(t, kind))).to_vec();
    let name = move || field.label.with(|label| if label.trim().is_empty() { field.key.get() } else { label.clone() });
    let is = move |wanted: fn(FieldType) -> bool| Memo::new(move |_| wanted(field.field_type()));
    let is_number = is(|kind| kind == FieldType::Number);
    let is_text = is(|kind| matches!(kind, FieldType::Text | FieldType::Textarea | FieldType::Url | FieldType::FileUrl));
    let is_select = is(|kind| kind == FieldType::Select);
    let pair = move |low: (&'static str, &'static str, RwSignal<String>), high: (&'static str, &'static str, RwSignal<String>)| {
        let one = move |(name, label, value): (&'static str, &'static str, RwSignal<String>)| {
            view! {
                <FormField label id=of(name) error=place(name) optional=true>
                    <Input kind="number" value attr:step="any"/>
                </FormField>
            }
        };
        view! { {one(low)} {one(high)} }
    };
    let number_limits = move || {
        is_number.get().then(|| {
            view! {
                {pair(("min", c.field_min, field.min), ("max", c.field_max, field.max))}
                <div class="form-wide"><Switch label=c.field_integer checked=field.integer/></div>
            }
        })
    };
    let text_limits = move || {
        is_text
            .get()
            .then(|| pair(("min_length", c.field_min_length, field.min_length), ("max_length", c.field_max_length, field.max_length)))
    };
    let options = move || is_select.get().then(|| view! { <Options field error=place("options")/> });
    // What is wrong must be seen.
    let wrong = draft.mistakes.at(move || format!("form_schema[{}]", rows.place(id)));
    Effect::new(move |_| {
        if wrong.get().is_some() {
            field.open.set(true);
        }
    });
    let kind = move || {
        let kind = type_text(t, field.field_type());
        if field.required.get() { format!("{kind} · {}", c.field_required) } else { kind.to_owned() }
    };
    let body = of("body");
    let what = move || format!("{} {}", if field.open.get() { c.fold } else { c.unfold }, number());
    let arrow = move || view! { <Icon name=if field.open.get() { IconName::ChevronDown } else { IconName::ChevronRight }/> };
    view! {
        <li class="builder-field">
            <div class="builder-head">
                <button
                    type="button"
                    class="builder-fold"
                    aria-expanded=move || if field.open.get() { "true" } else { "false" }
                    aria-controls=body.clone()
                    title=what
                    on:click=move |_| field.open.update(|open| *open = !*open)
                >
                    {arrow}
                    <span class="builder-name"><span class="muted small">{number}</span>" "<strong>{name}</strong>" "<span class="muted small">{kind}</span></span>
                </button>
                {rows.tools(id, number, true)}
            </div>
            <div class="form-fields form-pair builder-body" class:is-hidden=move || !field.open.get() id=body>
                <FormField label=c.field_key id=of("key") error=place("key") required=true>
                    <Input value=field.key mono=true attr:maxlength="100" attr:autocomplete="off" attr:spellcheck="false"/>
                </FormField>
                <FormField label=c.field_label id=of("label") error=place("label") optional=true>
                    <Input value=field.label attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.field_type id=of("type") error=place("type")>
                    <Select options=types.clone() value=field.kind/>
                </FormField>
                <FormField label=c.field_help id=of("help") error=place("help") optional=true>
                    <Input value=field.help attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.field_default id=of("default") error=place("default") optional=true>
                    <Input value=field.default attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.field_example id=of("example") error=place("example") optional=true>
                    <Input value=field.example attr:autocomplete="off"/>
                </FormField>
                {number_limits}
                {text_limits}
                {options}
                <div class="form-wide"><Switch label=c.field_required checked=field.required/></div>
            </div>
        </li>
    }
    .into_any()
}

/// The choices of a select field.
#[component]
fn Options(field: FieldDraft, error: Signal<Option<String>>) -> impl IntoView {
    let t = use_strings();
    let rows = field.options;
    let line = move |option: OptionDraft| {
        let id = option.id();
        let number = move || (rows.place(id) + 1).to_string();
        let named = move |what: &str| format!("{what} {}", number());
        view! {
            <div class="option-row">
                <Input value=option.value mono=true placeholder=t.catalog().option_value attr:aria-label=move || named(t.catalog().option_value) attr:autocomplete="off"/>
                <Input value=option.label placeholder=t.catalog().option_label attr:aria-label=move || named(t.catalog().option_label) attr:autocomplete="off"/>
                {rows.tools(id, number, true)}
            </div>
        }
    };
    let add = move |_| {
        rows.add(|id| OptionDraft::new(id, FieldOption { value: Value::String(String::new()), label: String::new() }));
    };
    view! {
        <fieldset class="field header-rows form-wide" class:has-error=move || error.get().is_some()>
            <legend class="field-label">{t.catalog().field_options}</legend>
            <div class="header-list"><For each=move || rows.get() key=|row| row.id() children=line/></div>
            <div><Button icon=IconName::Plus size=Size::Sm on_click=add>{t.catalog().add_option}</Button></div>
            <p class="field-error" role="alert">{move || error.get()}</p>
        </fieldset>
    }
    .into_any()
}

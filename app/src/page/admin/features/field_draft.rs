//! One field of the form that is being built.

use crate::page::admin::mistakes::Reader;
use crate::page::admin::rows::{Row, Rows};
use crate::page::tasks::form::values::{plain, text_of, value_of};
use leptos::prelude::*;
use model::form::{FieldOption, FieldType, FormField};
use serde_json::Value;

/// One choice of a select field.
#[derive(Clone, Copy)]
pub struct OptionDraft {
    id: u32,
    /// What is sent.
    pub value: RwSignal<String>,
    /// What people read.
    pub label: RwSignal<String>,
    original: StoredValue<Value>,
}

impl Row for OptionDraft {
    fn id(&self) -> u32 {
        self.id
    }
}

impl OptionDraft {
    /// From what is stored.
    pub fn new(id: u32, option: FieldOption) -> Self {
        OptionDraft {
            id,
            value: RwSignal::new(plain(&option.value)),
            label: RwSignal::new(option.label),
            original: StoredValue::new(option.value),
        }
    }

    fn read(self) -> FieldOption {
        let text = self.value.get();
        // Numbers stay numbers as long as nobody types another value.
        let same = self.original.with_value(|value| plain(value) == text).then(|| self.original.get_value());
        FieldOption { value: same.unwrap_or(Value::String(text)), label: self.label.get().trim().to_owned() }
    }
}

/// What was typed for one field.
#[derive(Clone, Copy)]
pub struct FieldDraft {
    id: u32,
    /// The name of the parameter.
    pub key: RwSignal<String>,
    /// What people read.
    pub label: RwSignal<String>,
    /// The word of its type.
    pub kind: RwSignal<String>,
    /// Whether it must be given.
    pub required: RwSignal<bool>,
    /// Taken when it is not given.
    pub default: RwSignal<String>,
    /// Shown as an example.
    pub example: RwSignal<String>,
    /// A sentence of help.
    pub help: RwSignal<String>,
    /// Smallest number.
    pub min: RwSignal<String>,
    /// Largest number.
    pub max: RwSignal<String>,
    /// Whether a number must be whole.
    pub integer: RwSignal<bool>,
    /// Fewest characters.
    pub min_length: RwSignal<String>,
    /// Most characters.
    pub max_length: RwSignal<String>,
    /// Choices of a select field.
    pub options: Rows<OptionDraft>,
    /// Whether it is unfolded.
    pub open: RwSignal<bool>,
}

impl Row for FieldDraft {
    fn id(&self) -> u32 {
        self.id
    }
}

/// Every type, in the order in which it is offered.
pub const TYPES: [FieldType; 8] = [
    FieldType::Text,
    FieldType::Textarea,
    FieldType::Number,
    FieldType::Boolean,
    FieldType::Select,
    FieldType::Json,
    FieldType::Url,
    FieldType::FileUrl,
];

/// The type of a word; one line of text for any other.
pub fn type_of(word: &str) -> FieldType {
    TYPES.into_iter().find(|kind| kind.as_str() == word).unwrap_or_default()
}

impl FieldDraft {
    /// From what is stored.
    pub fn new(id: u32, field: FormField, open: bool) -> Self {
        let value = |value: &Option<Value>| RwSignal::new(value.as_ref().map(|value| text_of(&field, value)).unwrap_or_default());
        fn number<N: ToString>(number: Option<N>) -> RwSignal<String> {
            RwSignal::new(number.map(|number| number.to_string()).unwrap_or_default())
        }
        FieldDraft {
            id,
            default: value(&field.default),
            example: value(&field.example),
            key: RwSignal::new(field.key),
            label: RwSignal::new(field.label),
            kind: RwSignal::new(field.field_type.as_str().to_owned()),
            required: RwSignal::new(field.required),
            help: RwSignal::new(field.help),
            min: number(field.min),
            max: number(field.max),
            integer: RwSignal::new(field.integer),
            min_length: number(field.min_length),
            max_length: number(field.max_length),
            options: Rows::new(field.options, OptionDraft::new),
            open: RwSignal::new(open),
        }
    }

    /// The type that is chosen. Reactive.
    pub fn field_type(self) -> FieldType {
        self.kind.with(|word| type_of(word))
    }

    /// The definition; limits that the type does not have are left out. Reactive.
    pub fn read(self, reader: Reader, place: &str) -> FormField {
        let field_type = self.field_type();
        let (is_number, is_text) = (
            field_type == FieldType::Number,
            matches!(field_type, FieldType::Text | FieldType::Textarea | FieldType::Url | FieldType::FileUrl),
        );
        let at = |name: &str| format!("{place}.{name}");
        let field = FormField {
            key: self.key.get().trim().to_owned(),
            label: self.label.get().trim().to_owned(),
            field_type,
            required: self.required.get(),
            default: None,
            example: None,
            help: self.help.get().trim().to_owned(),
            min: is_number.then(|| reader.number(&at("min"), &self.min.get())).flatten(),
            max: is_number.then(|| reader.number(&at("max"), &self.max.get())).flatten(),
            integer: is_number && self.integer.get(),
            min_length: is_text.then(|| reader.count(&at("min_length"), &self.min_length.get())).flatten(),
            max_length: is_text.then(|| reader.count(&at("max_length"), &self.max_length.get())).flatten(),
            options: if field_type == FieldType::Select {
                self.options.get().into_iter().map(OptionDraft::read).collect()
            } else {
                Vec::new()
            },
        };
        let value = |name: &str, text: String| match value_of(&field, &text) {
            Ok(value) => value,
            Err(error) => {
                if let Some(mistakes) = reader.mistakes {
                    mistakes.add(at(name), crate::page::tasks::form::complaint(reader.t, &field, &error));
                }
                None
            }
        };
        let (default, example) = (value("default", self.default.get()), value("example", self.example.get()));
        FormField { default, example, ..field }
    }
}

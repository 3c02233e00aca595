//! Between what people type and the values that a feature's form holds.

use model::error::Error;
use model::form::{FieldType, FormField, check_params};
use serde_json::{Map, Value};

/// The value of a typed text; `None` if nothing was typed. Limits are not checked here.
pub fn value_of(field: &FormField, text: &str) -> Result<Option<Value>, Error> {
    field.parse(text)
}

/// The text that stands for a value in a control; the reverse of [`value_of`].
pub fn text_of(field: &FormField, value: &Value) -> String {
    match (field.field_type, value) {
        (_, Value::Null) => String::new(),
        (FieldType::Json, value) => serde_json::to_string_pretty(value).unwrap_or_default(),
        (_, value) => plain(value),
    }
}

/// A value without the quotes of a string.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Checks what was typed into one field, as the server will.
pub fn check_text(field: &FormField, text: &str) -> Result<Option<Value>, Error> {
    let value = value_of(field, text)?;
    check_value(field, value)
}

/// Checks one value, given or not, as the server will; gives it back with its default.
pub fn check_value(field: &FormField, value: Option<Value>) -> Result<Option<Value>, Error> {
    let mut params = Map::new();
    if let Some(value) = value {
        params.insert(field.key.clone(), value);
    }
    Ok(check_params(std::slice::from_ref(field), params)?.remove(&field.key))
}

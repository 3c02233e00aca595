//! Between what people type and the values that a feature's form holds.

use model::error::{Error, ErrorCode};
use model::form::{FieldType, FormField, check_params};
use serde_json::{Map, Number, Value};

/// The value of a typed text; `None` if nothing was typed. Limits are not checked here.
pub fn value_of(field: &FormField, text: &str) -> Result<Option<Value>, Error> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let value = match field.field_type {
        FieldType::Text | FieldType::Textarea => Value::String(text.to_owned()),
        FieldType::Url | FieldType::FileUrl => Value::String(text.trim().to_owned()),
        FieldType::Number => {
            number_of(text.trim()).ok_or_else(|| Error::invalid(&field.key, format!("`{}` must be a number.", field.key)))?
        }
        FieldType::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "是" => Value::Bool(true),
            "false" | "0" | "no" | "否" => Value::Bool(false),
            _ => return Err(Error::invalid(&field.key, format!("`{}` must be true or false.", field.key))),
        },
        FieldType::Select => {
            let text = text.trim();
            let chosen = field
                .options
                .iter()
                .find(|option| plain(&option.value) == text)
                .or_else(|| field.options.iter().find(|option| option.label == text));
            chosen.map_or_else(|| Value::String(text.to_owned()), |option| option.value.clone())
        }
        FieldType::Json => {
            let detail = |error: serde_json::Error| Error::new(ErrorCode::BadRequest, error.to_string()).at(&field.key);
            serde_json::from_str(text).map_err(detail)?
        }
    };
    Ok(Some(value))
}

/// Whole numbers stay whole, however large; others become floating.
fn number_of(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    // `parse` also reads "inf" and "nan", for which there is no JSON.
    text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number)
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

//! Forms of features: fields, their limits, and the one check that browser and server share.

use crate::error::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// One line of text.
    #[default]
    Text,
    /// Several lines of text.
    Textarea,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// One of the field's options.
    Select,
    /// Any JSON value.
    Json,
    /// An http or https address.
    Url,
    /// An http or https address of a file.
    FileUrl,
}

impl FieldType {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldType::Text => "text",
            FieldType::Textarea => "textarea",
            FieldType::Number => "number",
            FieldType::Boolean => "boolean",
            FieldType::Select => "select",
            FieldType::Json => "json",
            FieldType::Url => "url",
            FieldType::FileUrl => "file-url",
        }
    }
}

/// One choice of a select field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FieldOption {
    /// What is sent.
    #[cfg_attr(feature = "openapi", schema(value_type = Value))]
    pub value: Value,
    /// What people read; the value unless given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl FieldOption {
    /// What people read.
    pub fn text(&self) -> String {
        match (&self.label, &self.value) {
            (label, _) if !label.is_empty() => label.clone(),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }
}

/// One field of a feature's form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// The name of the parameter: a letter, then letters, digits, `_`, `-`.
    pub key: String,
    /// What people read; the key unless given.
    #[serde(default)]
    pub label: String,
    /// What it holds.
    #[serde(default, rename = "type")]
    pub field_type: FieldType,
    /// Whether it must be given.
    #[serde(default)]
    pub required: bool,
    /// Taken when it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub default: Option<Value>,
    /// Shown as an example.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub example: Option<Value>,
    /// A sentence of help.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Largest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether a number must be whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub integer: bool,
    /// Fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// Most characters; 20,000 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// Choices of a select field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<FieldOption>,
}

/// Most characters of a text value whose field sets no limit of its own.
pub const DEFAULT_MAX_LENGTH: usize = 20_000;

impl FormField {
    /// What people read.
    pub fn text(&self) -> &str {
        if self.label.is_empty() { &self.key } else { &self.label }
    }

    /// The value that a text stands for, as in a control, a query string or a path; `None` for an empty one. Limits are not checked here.
    pub fn parse(&self, text: &str) -> Result<Option<Value>> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let value = match self.field_type {
            FieldType::Text | FieldType::Textarea => Value::String(text.to_owned()),
            FieldType::Url | FieldType::FileUrl => Value::String(text.trim().to_owned()),
            FieldType::Number => {
                number(text.trim()).ok_or_else(|| Error::invalid(&self.key, format!("`{}` must be a number.", self.key)))?
            }
            FieldType::Boolean => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "是" => Value::Bool(true),
                "false" | "0" | "no" | "否" => Value::Bool(false),
                _ => return Err(Error::invalid(&self.key, format!("`{}` must be true or false.", self.key))),
            },
            FieldType::Select => {
                let text = text.trim();
                let plain = |option: &FieldOption| match &option.value {
                    Value::String(value) => value.clone(),
                    value => value.to_string(),
                };
                let chosen = self
                    .options
                    .iter()
                    .find(|option| plain(option) == text)
                    .or_else(|| self.options.iter().find(|option| option.label == text));
                chosen.map_or_else(|| Value::String(text.to_owned()), |option| option.value.clone())
            }
            FieldType::Json => {
                serde_json::from_str(text).map_err(|error| Error::new(ErrorCode::BadRequest, error.to_string()).at(&self.key))?
            }
        };
        Ok(Some(value))
    }

    /// Checks one value; the error names the field.
    pub fn check(&self, value: &Value) -> Result<()> {
        let fail = |message: String| Err(Error::invalid(&self.key, message));
        let wrong = |expected: &str| Err(Error::invalid(&self.key, format!("`{}` must be {expected}.", self.key)));
        match self.field_type {
            FieldType::Text | FieldType::Textarea | FieldType::Url | FieldType::FileUrl => {
                let Value::String(text) = value else { return wrong("a string") };
                let length = text.chars().count();
                if length < self.min_length.unwrap_or(0) {
                    return fail(format!("`{}` must have at least {} characters.", self.key, self.min_length.unwrap_or(0)));
                }
                let most = self.max_length.unwrap_or(DEFAULT_MAX_LENGTH);
                if length > most {
                    return fail(format!("`{}` must have at most {most} characters.", self.key));
                }
                let is_address = matches!(self.field_type, FieldType::Url | FieldType::FileUrl);
                if is_address && !is_http_address(text) {
                    return wrong("an http or https address");
                }
                Ok(())
            }
            FieldType::Number => {
                let Some(number) = value.as_f64().filter(|_| value.is_number()) else { return wrong("a number") };
                if self.integer && number.fract() != 0.0 {
                    return wrong("a whole number");
                }
                if let Some(min) = self.min.filter(|min| number < *min) {
                    return fail(format!("`{}` must be at least {min}.", self.key));
                }
                if let Some(max) = self.max.filter(|max| number > *max) {
                    return fail(format!("`{}` must be at most {max}.", self.key));
                }
                Ok(())
            }
            FieldType::Boolean if value.is_boolean() => Ok(()),
            FieldType::Boolean => wrong("true or false"),
            FieldType::Select if self.options.iter().any(|option| &option.value == value) => Ok(()),
            FieldType::Select => {
                let choices: Vec<_> = self.options.iter().map(|option| option.value.to_string()).collect();
                wrong(&format!("one of {}", choices.join(", ")))
            }
            FieldType::Json => Ok(()),
        }
    }
}

/// Whole numbers stay whole, however large; others become floating.
fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    // `parse` also reads "inf" and "nan", for which there is no JSON.
    text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number)
}

/// Whether a text looks like an http or https address with a host. The outbound door judges it again when it is called.
fn is_http_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !text.contains(char::is_whitespace))
}

/// Checks the parameters of a submission against a form and fills in defaults.
///
/// Errors: `missing_parameter`, `unknown_parameter`, `invalid`; each names its field.
/// An empty string or `null` of an optional field counts as not given.
pub fn check_params(fields: &[FormField], mut params: Map<String, Value>) -> Result<Map<String, Value>> {
    if let Some(key) = params.keys().find(|key| !fields.iter().any(|field| &field.key == *key)) {
        let known: Vec<_> = fields.iter().map(|field| field.key.as_str()).collect();
        let message = format!("There is no parameter `{key}`. Known: {}.", known.join(", "));
        return Err(Error::new(ErrorCode::UnknownParameter, message).at(key.clone()));
    }
    for field in fields {
        let empty = match params.get(&field.key) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(_) => false,
        };
        if !empty {
            field.check(&params[&field.key])?;
        } else if let Some(default) = &field.default {
            params.insert(field.key.clone(), default.clone());
        } else if field.required {
            return Err(Error::new(ErrorCode::MissingParameter, format!("`{}` is required.", field.key)).at(&field.key));
        } else {
            params.remove(&field.key);
        }
    }
    Ok(params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form() -> Vec<FormField> {
        serde_json::from_value(json!([
            {"key": "prompt", "required": true, "max_length": 5},
            {"key": "count", "type": "number", "integer": true, "min": 1, "max": 4, "default": 1},
            {"key": "style", "type": "select", "options": [{"value": "ink"}, {"value": 2, "label": "Two"}]},
            {"key": "image", "type": "file-url"},
            {"key": "public", "type": "boolean"},
        ]))
        .unwrap()
    }

    fn check(params: Value) -> std::result::Result<Value, String> {
        let Value::Object(params) = params else { unreachable!() };
        check_params(&form(), params).map(Value::Object).map_err(|e| format!("{}: {}", e.code.as_str(), e.field.unwrap_or_default()))
    }

    #[test]
    fn accepts_and_fills_defaults() {
        assert_eq!(check(json!({"prompt": "a"})), Ok(json!({"prompt": "a", "count": 1})));
        assert_eq!(
            check(json!({"prompt": "一二三四五", "image": "", "style": 2, "public": false})),
            Ok(json!({"prompt": "一二三四五", "count": 1, "style": 2, "public": false}))
        );
        assert_eq!(
            check(json!({"prompt": "a", "count": 4.0, "image": "https://x.example/a.png"})),
            Ok(json!({"prompt": "a", "count": 4.0, "image": "https://x.example/a.png"}))
        );
    }

    #[test]
    fn refuses() {
        for (params, error) in [
            (json!({}), "missing_parameter: prompt"),
            (json!({"prompt": ""}), "missing_parameter: prompt"),
            (json!({"prompt": "a", "other": 1}), "unknown_parameter: other"),
            (json!({"prompt": "123456"}), "invalid: prompt"),
            (json!({"prompt": 5}), "invalid: prompt"),
            (json!({"prompt": "a", "count": "1"}), "invalid: count"),
            (json!({"prompt": "a", "count": 0}), "invalid: count"),
            (json!({"prompt": "a", "count": 5}), "invalid: count"),
            (json!({"prompt": "a", "count": 1.5}), "invalid: count"),
            (json!({"prompt": "a", "style": "oil"}), "invalid: style"),
            (json!({"prompt": "a", "image": "file:///etc/passwd"}), "invalid: image"),
            (json!({"prompt": "a", "image": "https:///x"}), "invalid: image"),
            (json!({"prompt": "a", "public": "yes"}), "invalid: public"),
        ] {
            assert_eq!(check(params.clone()), Err(error.to_owned()), "{params}");
        }
    }
}

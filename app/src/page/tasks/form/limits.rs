//! Limits and mistakes of a form in the reader's language.

use crate::i18n::{Strings, fill};
use model::error::{Error, ErrorCode};
use model::form::{FieldType, FormField};

/// The limits of a field, to show before anything is wrong; `None` if there are none worth saying.
pub fn limits(t: &Strings, field: &FormField) -> Option<String> {
    match field.field_type {
        FieldType::Number => number_limits(t, field),
        FieldType::Text | FieldType::Textarea | FieldType::Url | FieldType::FileUrl => length_limits(t, field),
        FieldType::Boolean | FieldType::Select | FieldType::Json => None,
    }
}

fn number_limits(t: &Strings, field: &FormField) -> Option<String> {
    let f = t.task_form();
    let range = match (field.min, field.max) {
        (Some(min), Some(max)) => Some(fill(f.between, &[("min", &min.to_string()), ("max", &max.to_string())])),
        (Some(min), None) => Some(fill(f.at_least, &[("min", &min.to_string())])),
        (None, Some(max)) => Some(fill(f.at_most, &[("max", &max.to_string())])),
        (None, None) => None,
    };
    let whole = field.integer.then(|| f.whole_numbers.to_owned());
    let parts: Vec<String> = [whole, range].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn length_limits(t: &Strings, field: &FormField) -> Option<String> {
    let f = t.task_form();
    match (field.min_length.filter(|min| *min > 1), field.max_length) {
        (Some(min), Some(max)) => Some(fill(f.length_between, &[("min", &min.to_string()), ("max", &max.to_string())])),
        (Some(min), None) => Some(fill(f.length_at_least, &[("min", &min.to_string())])),
        (None, Some(max)) => Some(fill(f.length_at_most, &[("max", &max.to_string())])),
        (None, None) => None,
    }
}

/// What is wrong with a field, in a sentence.
pub fn complaint(t: &Strings, field: &FormField, error: &Error) -> String {
    let f = t.task_form();
    match error.code {
        ErrorCode::MissingParameter => fill(f.need, &[("label", field.text())]),
        // Only texts that are not JSON are called a bad request.
        ErrorCode::BadRequest => fill(f.need_json, &[("detail", &error.message)]),
        ErrorCode::Invalid => match field.field_type {
            FieldType::Number => {
                let kind = if field.integer { f.need_integer } else { f.need_number };
                let range = limits(t, &FormField { integer: false, ..field.clone() });
                range.map_or_else(|| kind.to_owned(), |range| format!("{kind} ({range})"))
            }
            FieldType::Select | FieldType::Boolean => f.need_choice.to_owned(),
            FieldType::Url | FieldType::FileUrl => f.need_address.to_owned(),
            _ => limits(t, field).unwrap_or_else(|| error.message.clone()),
        },
        _ => error.message.clone(),
    }
}

/// What is wrong with the number of retries, given the limit of the rule; -1 is no limit.
pub fn retries_complaint(t: &Strings, text: &str, limit: i64) -> Option<String> {
    let f = t.task_form();
    let smallest = if limit < 0 { -1 } else { 0 };
    let wrong = match text.trim() {
        "" => false,
        text => !text.parse::<i64>().is_ok_and(|n| n >= smallest && (limit < 0 || n <= limit)),
    };
    let range = if limit < 0 { fill(f.at_least, &[("min", "-1")]) } else { fill(f.between, &[("min", "0"), ("max", &limit.to_string())]) };
    wrong.then(|| format!("{} ({range})", f.need_integer))
}

/// What is wrong with the interval, given the smallest one.
pub fn interval_complaint(t: &Strings, text: &str, smallest: i64) -> Option<String> {
    let f = t.task_form();
    let wrong = match text.trim() {
        "" => false,
        text => !text.parse::<i64>().is_ok_and(|n| n >= smallest),
    };
    wrong.then(|| format!("{} ({})", f.need_integer, fill(f.at_least, &[("min", &smallest.to_string())])))
}

//! The whole form of a task as texts: what the controls hold and what a plain form posts.

use super::values::value_of;
use model::error::Error;
use model::form::{FormField, check_params};
use model::tasks::{NewTask, Priority, TaskPatch};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Most characters of a name or a category.
pub const MAX_NAME: usize = 200;

/// One extra header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderText {
    /// Its name; an empty one is left out.
    #[serde(default)]
    pub name: String,
    /// Its value.
    #[serde(default)]
    pub value: String,
}

/// Everything that people typed. In a plain form the names are `texts[name]`, `texts[params][prompt]`, `texts[headers][0][name]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskTexts {
    /// The feature's own fields, by key.
    pub params: BTreeMap<String, String>,
    /// The name.
    pub name: String,
    /// The category.
    pub category: String,
    /// Retries at most; the default if empty.
    pub max_retries: String,
    /// Seconds between attempts; the default if empty.
    pub interval_seconds: String,
    /// `urgent`, or anything else for normal.
    pub priority: String,
    /// Extra headers.
    pub headers: Vec<HeaderText>,
    /// Numbers of the webhooks that are told when it ends.
    pub webhook_ids: Vec<String>,
}

impl TaskTexts {
    /// The values of the feature's fields, checked, with defaults.
    pub fn params(&self, fields: &[FormField]) -> Result<Map<String, Value>, Error> {
        let mut params = Map::new();
        for field in fields {
            let text = self.params.get(&field.key).map_or("", String::as_str);
            if let Some(value) = value_of(field, text)? {
                params.insert(field.key.clone(), value);
            }
        }
        check_params(fields, params)
    }

    /// The extra headers, checked for their names.
    pub fn headers(&self) -> Result<Map<String, Value>, Error> {
        let rows = self.headers.iter().filter(|row| !row.name.trim().is_empty());
        rows.map(|row| match row.name.trim() {
            name if is_header_name(name) => Ok((name.to_owned(), Value::String(row.value.trim().to_owned()))),
            name => Err(Error::invalid("headers", format!("`{name}` is not the name of a header."))),
        })
        .collect()
    }

    /// The chosen webhooks.
    pub fn webhook_ids(&self) -> Result<Vec<i64>, Error> {
        let number = |text: &String| text.parse().map_err(|_| Error::invalid("webhook_ids", "`webhook_ids` must hold numbers."));
        self.webhook_ids.iter().map(number).collect()
    }

    /// The lane.
    pub fn priority(&self) -> Priority {
        if self.priority == Priority::Urgent.as_str() { Priority::Urgent } else { Priority::Normal }
    }

    /// The task to submit.
    pub fn new_task(&self, fields: &[FormField]) -> Result<NewTask, Error> {
        Ok(NewTask {
            params: self.params(fields)?,
            name: given(&self.name),
            category: given(&self.category),
            headers: self.headers()?,
            max_retries: whole("max_retries", &self.max_retries)?,
            interval_seconds: whole("interval_seconds", &self.interval_seconds)?,
            priority: self.priority(),
            webhook_ids: self.webhook_ids()?,
        })
    }

    /// The changes to a task; its values stay as they are where the fields are not known.
    pub fn patch(&self, fields: Option<&[FormField]>) -> Result<TaskPatch, Error> {
        Ok(TaskPatch {
            name: Some(self.name.trim().to_owned()),
            category: Some(self.category.trim().to_owned()),
            params: fields.map(|fields| self.params(fields)).transpose()?,
            headers: Some(self.headers()?),
            max_retries: whole("max_retries", &self.max_retries)?,
            interval_seconds: whole("interval_seconds", &self.interval_seconds)?,
            priority: Some(self.priority()),
            webhook_ids: Some(self.webhook_ids()?),
        })
    }
}

/// A text without the space around it, if anything is left.
fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A whole number, if anything was typed.
pub fn whole(field: &str, text: &str) -> Result<Option<i64>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::invalid(field, format!("`{field}` must be a whole number."))),
    }
}

/// Whether HTTP allows it as the name of a header.
pub fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

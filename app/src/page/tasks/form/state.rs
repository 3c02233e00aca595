//! What people have typed into the form of a task so far, and what is wrong with it.

use super::limits::{complaint, interval_complaint, retries_complaint};
use super::texts::{HeaderText, MAX_NAME, TaskTexts, is_header_name};
use super::values::{check_text, plain, text_of};
use crate::error::UiError;
use crate::i18n::Strings;
use leptos::prelude::*;
use model::features::FeatureView;
use model::form::{FieldType, FormField};
use model::tasks::TaskView;
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen::JsCast;

/// What the rule of a feature allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimits {
    /// Retries at most; -1 for no limit.
    pub retries: i64,
    /// Retries unless the task asks otherwise.
    pub default_retries: i64,
    /// Seconds between attempts unless the task asks otherwise.
    pub default_interval: i64,
    /// Fewest seconds between attempts.
    pub smallest_interval: i64,
}

impl RunLimits {
    /// Those of a feature.
    pub fn of(feature: &FeatureView) -> Self {
        RunLimits {
            retries: feature.rule_retry_count,
            default_retries: feature.default_retries,
            default_interval: feature.default_interval_seconds,
            smallest_interval: feature.min_interval_seconds,
        }
    }
}

/// One extra header being typed.
#[derive(Clone, Copy, PartialEq)]
pub struct HeaderRow {
    pub(super) id: u32,
    pub(super) name: RwSignal<String>,
    pub(super) value: RwSignal<String>,
}

/// The form. A copy is the same form.
#[derive(Clone, Copy)]
pub struct FormState {
    pub(super) fields: StoredValue<Vec<(FormField, RwSignal<String>)>>,
    pub(super) name: RwSignal<String>,
    pub(super) category: RwSignal<String>,
    pub(super) max_retries: RwSignal<String>,
    pub(super) interval: RwSignal<String>,
    pub(super) priority: RwSignal<String>,
    pub(super) headers: RwSignal<Vec<HeaderRow>>,
    pub(super) webhooks: RwSignal<BTreeSet<i64>>,
    errors: RwSignal<BTreeMap<String, String>>,
}

impl FormState {
    /// The form of a feature's fields. It begins with their defaults, or with the values of a task.
    pub fn new(fields: &[FormField], source: Option<&TaskView>) -> Self {
        let payload = source.and_then(|task| task.payload.as_ref());
        let first = |field: &FormField| match payload {
            Some(payload) => payload.get(&field.key).map(|value| text_of(field, value)).unwrap_or_default(),
            None => field.default.as_ref().map(|value| text_of(field, value)).unwrap_or_default(),
        };
        let fields = fields.iter().map(|field| (field.clone(), RwSignal::new(first(field)))).collect();
        let text = |pick: fn(&TaskView) -> String| RwSignal::new(source.map(pick).unwrap_or_default());
        let state = FormState {
            fields: StoredValue::new(fields),
            name: text(|task| task.name.clone()),
            category: text(|task| task.category.clone()),
            max_retries: text(|task| task.max_retries.to_string()),
            interval: text(|task| task.interval_seconds.to_string()),
            priority: RwSignal::new(source.map_or("normal", |task| task.priority.as_str()).to_owned()),
            headers: RwSignal::new(Vec::new()),
            webhooks: RwSignal::new(source.and_then(|task| task.webhook_ids.clone()).unwrap_or_default().into_iter().collect()),
            errors: RwSignal::new(BTreeMap::new()),
        };
        if let Some(serde_json::Value::Object(headers)) = source.and_then(|task| task.headers.as_ref()) {
            headers.iter().for_each(|(name, value)| state.add_header(name.clone(), plain(value)));
        }
        state
    }

    /// Adds a line for a header.
    pub fn add_header(self, name: String, value: String) {
        self.headers.update(|rows| {
            let id = rows.iter().map(|row| row.id + 1).max().unwrap_or(0);
            rows.push(HeaderRow { id, name: RwSignal::new(name), value: RwSignal::new(value) });
        });
    }

    /// Everything that was typed. Reactive.
    pub fn texts(self) -> TaskTexts {
        let header = |row: &HeaderRow| HeaderText { name: row.name.get(), value: row.value.get() };
        TaskTexts {
            params: self.fields.with_value(|fields| fields.iter().map(|(field, text)| (field.key.clone(), text.get())).collect()),
            name: self.name.get(),
            category: self.category.get(),
            max_retries: self.max_retries.get(),
            interval_seconds: self.interval.get(),
            priority: self.priority.get(),
            headers: self.headers.with(|rows| rows.iter().map(header).collect()),
            webhook_ids: self.webhooks.with(|chosen| chosen.iter().map(i64::to_string).collect()),
        }
    }

    /// What is wrong at a place: `params.<key>`, `name`, `category`, `max_retries`, `interval_seconds` or `headers`.
    pub fn error(self, place: impl Into<String>) -> Signal<Option<String>> {
        let place = place.into();
        Signal::derive(move || self.errors.with(|errors| errors.get(&place).cloned()))
    }

    /// Whether anything is wrong, as far as is known.
    pub fn has_errors(self) -> bool {
        self.errors.with(|errors| !errors.is_empty())
    }

    fn set_error(self, place: String, error: Option<String>) {
        let changed = self.errors.with_untracked(|errors| errors.get(&place) != error.as_ref());
        if changed {
            self.errors.update(|errors| match error {
                Some(error) => drop(errors.insert(place, error)),
                None => drop(errors.remove(&place)),
            });
        }
    }

    /// Checks the field of that number, when people leave it.
    pub fn check_field(self, t: &Strings, index: usize) {
        // A control loses the focus also when the page is left; then nothing of the form is there any more.
        let Some(Some((field, text))) = self.fields.try_with_value(|fields| fields.get(index).cloned()) else { return };
        let error = check_text(&field, &text.get_untracked()).err().map(|error| complaint(t, &field, &error));
        self.set_error(format!("params.{}", field.key), error);
    }

    /// Checks how often and how fast it may be retried.
    pub fn check_settings(self, t: &Strings, limits: RunLimits) {
        let (Some(retries), Some(interval)) = (self.max_retries.try_get_untracked(), self.interval.try_get_untracked()) else { return };
        self.set_error("max_retries".into(), retries_complaint(t, &retries, limits.retries));
        self.set_error("interval_seconds".into(), interval_complaint(t, &interval, limits.smallest_interval));
    }

    /// Checks everything but the main fields; whether all of it is fine.
    pub fn check_rest(self, t: &Strings, limits: Option<RunLimits>) -> bool {
        if let Some(limits) = limits {
            self.check_settings(t, limits);
        }
        for (place, text) in [("name", self.name), ("category", self.category)] {
            let long = text.with_untracked(|text| text.chars().count() > MAX_NAME);
            self.set_error(place.into(), long.then(|| t.task_form().name_too_long.to_owned()));
        }
        let is_bad = |row: &HeaderRow| row.name.with_untracked(|name| !name.trim().is_empty() && !is_header_name(name.trim()));
        let bad_header = self.headers.with_untracked(|rows| rows.iter().any(is_bad));
        self.set_error("headers".into(), bad_header.then(|| t.task_form().bad_header.to_owned()));
        !untrack(|| self.has_errors())
    }

    /// Checks everything; whether all of it is fine.
    pub fn check(self, t: &Strings, limits: Option<RunLimits>) -> bool {
        let count = self.fields.with_value(Vec::len);
        (0..count).for_each(|index| self.check_field(t, index));
        self.check_rest(t, limits)
    }

    /// Shows what the server said at the field that it is about; whether there is such a field.
    pub fn place(self, t: &Strings, error: &UiError) -> bool {
        let Some(place) = error.0.field.clone() else { return false };
        let own = self.fields.with_value(|fields| fields.iter().find(|(field, _)| field.key == place).map(|(field, _)| field.clone()));
        let known = ["name", "category", "max_retries", "interval_seconds", "headers", "webhook_ids"].contains(&place.as_str());
        match own {
            Some(field) => self.set_error(format!("params.{place}"), Some(complaint(t, &field, &error.0))),
            None if known => self.set_error(place, Some(t.error(error.code()).to_owned())),
            None => return false,
        }
        true
    }

    /// The field that each line of a batch fills: the first one that must be given, else the first with a text.
    pub fn main_field(fields: &[FormField]) -> Option<usize> {
        let is_text = |field: &FormField| !matches!(field.field_type, FieldType::Boolean | FieldType::Select);
        let required = fields.iter().position(|field| field.required && is_text(field));
        required.or_else(|| fields.iter().position(is_text)).or(if fields.is_empty() { None } else { Some(0) })
    }
}

/// Moves the focus to the first field that has an error, once the errors are shown.
pub fn focus_first_error() {
    request_animation_frame(|| {
        let found = document().query_selector("form [aria-invalid='true'], form .has-error input").ok().flatten();
        if let Some(control) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            // A control that cannot take the focus is still marked.
            let _ = control.focus();
        }
    });
}

//! Features and their forms.

use super::Place;
use super::rules::{DAY, MOST_RETRIES};
use crate::ledger::MAX_POINTS;
use model::features::{Feature, Visibility};
use model::form::{FieldType, FormField};
use model::rules::{Rule, UNLIMITED};
use std::collections::HashSet;

/// A feature, with its rule if there is one of that name.
pub(super) fn feature(at: &mut Place, feature: &Feature, rule: Option<&Rule>) {
    at.word("key", &feature.key, "_-.");
    at.name("name", &feature.name);
    at.name("platform", &feature.platform);
    let category = &feature.category;
    let line = category.chars().count() <= 200 && !category.contains(char::is_control);
    at.field("category", |at| at.must(line, "A category has at most 200 characters on one line."));
    at.field("description", |at| at.must(feature.description.chars().count() <= 20_000, "A description has at most 20,000 characters."));
    at.field("billing_hint", |at| at.must(feature.billing_hint.chars().count() <= 500, "A billing hint has at most 500 characters."));
    at.range("points", feature.points, 0..=MAX_POINTS);
    if let Some(interval) = feature.interval_seconds {
        at.range("interval_seconds", interval, 1..=DAY);
    }
    if let Some(most) = feature.max_parallel_per_user {
        at.range("max_parallel_per_user", most, 1..=100_000);
    }
    if let Some(retries) = feature.max_retries {
        at.range("max_retries", retries, UNLIMITED..=MOST_RETRIES);
    }
    match rule {
        None => at.field("rule", |at| at.say(format!("There is no rule `{}` in the catalog.", feature.rule))),
        Some(rule) if rule.max_retries != UNLIMITED => {
            let within = feature.max_retries.is_none_or(|own| own != UNLIMITED && own <= rule.max_retries);
            let sentence = format!("The rule allows at most {} retries.", rule.max_retries);
            at.field("max_retries", |at| at.must(within, &sentence));
        }
        Some(_) => {}
    }
    at.field("visible_to", |at| {
        let some = feature.visibility == Visibility::Users;
        at.must(!some || !feature.visible_to.is_empty(), "Name at least one user who can see it.");
        at.must(some || feature.visible_to.is_empty(), "Only a feature with the visibility `users` names users.");
        at.must(feature.visible_to.len() <= 1000, "At most 1,000 users can be named.");
        for (index, name) in feature.visible_to.iter().enumerate() {
            let well = (1..=64).contains(&name.chars().count()) && name.trim() == name && !name.contains(char::is_control);
            at.field(index, |at| at.must(well, "This is not the name of a user."));
        }
    });
    at.each("result_fields", &feature.result_fields, |at, result| at.json_path("path", Some(&result.path)));
    at.each("form_schema", &feature.form_schema, field);
    at.unique("form_schema", "key", feature.form_schema.iter().map(|field| field.key.as_str()));
}

/// A field of a form.
pub(super) fn field(at: &mut Place, field: &FormField) {
    at.word("key", &field.key, "_-");
    if let (Some(min), Some(max)) = (field.min, field.max) {
        at.field("min", |at| at.must(min <= max, "`min` is above `max`."));
    }
    if let (Some(min), Some(max)) = (field.min_length, field.max_length) {
        at.field("min_length", |at| at.must(min <= max, "`min_length` is above `max_length`."));
    }
    let number = field.field_type == FieldType::Number;
    for (key, given) in [("min", field.min.is_some()), ("max", field.max.is_some()), ("integer", field.integer)] {
        at.field(key, |at| at.must(number || !given, "Only a field of the type `number` has this."));
    }
    let text = matches!(field.field_type, FieldType::Text | FieldType::Textarea | FieldType::Url | FieldType::FileUrl);
    for (key, given) in [("min_length", field.min_length.is_some()), ("max_length", field.max_length.is_some())] {
        at.field(key, |at| at.must(text || !given, "Only a field that holds text has this."));
    }
    let select = field.field_type == FieldType::Select;
    at.field("options", |at| {
        at.must(!select || !field.options.is_empty(), "A field of the type `select` needs options.");
        at.must(select || field.options.is_empty(), "Only a field of the type `select` has options.");
        let mut seen = HashSet::new();
        for (index, option) in field.options.iter().enumerate() {
            let scalar = option.value.is_string() || option.value.is_number() || option.value.is_boolean();
            let fresh = seen.insert(option.value.to_string());
            at.field(index, |at| {
                at.must(scalar, "The value of an option is a text, a number, true or false.");
                at.must(fresh, "This option stands here twice.");
            });
        }
    });
    for (key, value) in [("default", &field.default), ("example", &field.example)] {
        if let Some(Err(error)) = value.as_ref().map(|value| field.check(value)) {
            at.field(key, |at| at.say(error.message));
        }
    }
}

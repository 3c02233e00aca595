//! Custom APIs.

use super::Place;
use super::features::field;
use crate::ledger::MAX_POINTS;
use model::custom_apis::{CustomApi, check_path, path_params};
use model::form::FieldType;
use model::rules::Rule;

/// A custom API, with its rule if there is one of that name.
pub(super) fn custom_api(at: &mut Place, api: &CustomApi, rule: Option<&Rule>) {
    at.word("key", &api.key, "_-.");
    at.name("name", &api.name);
    at.name("platform", &api.platform);
    at.field("description", |at| at.must(api.description.chars().count() <= 20_000, "A description has at most 20,000 characters."));
    at.range("points_cost", api.points_cost, 0..=MAX_POINTS);
    at.field("path", |at| match check_path(&api.path) {
        Err(message) => at.say(message),
        Ok(()) => {
            for name in path_params(&api.path) {
                match api.form_schema.iter().find(|field| field.key == name) {
                    None => at.say(format!("`form_schema` has no field `{name}`, which stands in the path.")),
                    Some(field) if field.field_type == FieldType::Json => {
                        at.say(format!("`{name}` stands in the path, so it cannot be JSON."))
                    }
                    Some(_) => {}
                }
            }
        }
    });
    at.field("rule", |at| match rule {
        None => at.say(format!("There is no rule `{}`.", api.rule)),
        Some(rule) => at.must(rule.poll.is_none(), "A custom API answers at once: its rule cannot have `poll`."),
    });
    at.each("form_schema", &api.form_schema, field);
    at.unique("form_schema", "key", api.form_schema.iter().map(|field| field.key.as_str()));
}

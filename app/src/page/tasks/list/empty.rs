//! The list while nothing is in it.

use crate::i18n::use_strings;
use crate::live::use_live;
use crate::route;
use crate::ui::{ButtonLink, EmptyState, IconName, Variant};
use leptos::prelude::*;
use model::features::FeatureView;
use serde_json::{Map, Value, json};

/// Says that the filters leave nothing.
#[component]
pub fn NoMatch() -> impl IntoView {
    let t = use_strings();
    view! {
        <EmptyState icon=IconName::Search title=t.tasks().empty_filtered text=t.tasks().empty_filtered_text>
            <ButtonLink href=route::TASKS>{t.common().clear_filters}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// Says how the first task comes to be.
#[component]
pub fn NoTask(
    /// A feature for the first command.
    first: Option<FeatureView>,
) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let (endpoint, params) =
        first.map_or_else(|| ("/api/features/1/tasks".to_owned(), Map::new()), |feature| (feature.endpoint.clone(), sample(&feature)));
    // Quoted for the shell: a quote inside ends the quoted text, stands escaped and begins the text again.
    let body = json!({ "params": params }).to_string().replace('\'', "'\\''");
    let command = Signal::derive(move || {
        // Where the console is, only the browser knows.
        let origin = live.ready.get().then(|| window().location().origin().ok()).flatten();
        let origin = origin.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
        let key = t.common().your_key;
        format!("curl -X POST '{origin}{endpoint}' \\\n  -H 'X-API-Key: {key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'")
    });
    view! {
        <EmptyState icon=IconName::Inbox title=t.tasks().empty text=t.tasks().empty_text command>
            <ButtonLink href=route::NEW_TASK variant=Variant::Primary icon=IconName::Plus>{t.task_form().create_title}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// Values that a feature accepts: what must be given, by its example or default.
fn sample(feature: &FeatureView) -> Map<String, Value> {
    let value =
        |field: &model::form::FormField| field.example.clone().or_else(|| field.default.clone()).unwrap_or_else(|| Value::from("…"));
    feature.form_schema.iter().filter(|field| field.required).map(|field| (field.key.clone(), value(field))).collect()
}

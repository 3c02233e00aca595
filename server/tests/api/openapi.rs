//! The OpenAPI document holds together.

use serde_json::Value;
use server::openapi::describe;

fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// An example that no longer reads as what it shows would mislead.
#[test]
fn examples_are_real() {
    let document = serde_json::to_value(describe()).unwrap();
    let example = |path: &str, method: &str, status: &str| {
        let answer = &document["paths"][path][method]["responses"][status]["content"]["application/json"]["example"]["data"];
        assert!(answer.is_object(), "{method} {path}");
        answer.clone()
    };
    let tasks = [example("/api/features/{id}/tasks", "post", "201"), example("/api/tasks/{id}", "get", "200")];
    for task in tasks {
        let read: model::tasks::TaskView = serde_json::from_value(task.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), task);
    }
    let me = example("/api/me", "get", "200");
    let read: model::accounts::Me = serde_json::from_value(me.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), me);
}

/// Words of the wire, not names of Rust: a derive that misses a `rename` describes values that nobody may send.
#[test]
fn enumerations_hold_the_words_of_the_wire() {
    let document = serde_json::to_value(describe()).unwrap();
    let mut words = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for word in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            words += 1;
            let is_in_capitals = ["HttpMethod", "Method", "MediaStatus"].contains(&name.as_str());
            assert!(is_in_capitals || !word.contains(|sign: char| sign.is_ascii_uppercase()), "{name}: {word}");
        }
    }
    assert!(words > 50, "{words}");
    let kinds = model::webhooks::WebhookKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
    assert_eq!(document["components"]["schemas"]["WebhookKind"]["enum"], serde_json::json!(kinds));
}

#[test]
fn it_is_complete() {
    let document = serde_json::to_value(describe()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 50);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name} has the id of another");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name} has no summary");
            assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{name}");
            assert!(!operation["security"].is_null(), "{name} does not say who may call it");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{name}");
            for (status, answer) in answers.iter().filter(|(status, _)| status.starts_with('2')) {
                let content = &answer["content"]["application/json"];
                let shown = content.is_null() || path == "/openapi.json" || !content["example"].is_null();
                assert!(shown, "{name} {status} has no example");
            }
            if path.starts_with("/suno/") {
                for status in ["400", "401", "403", "429", "500", "503"] {
                    let answer = &answers[status]["content"]["application/json"];
                    assert_eq!(answer["schema"]["$ref"], "#/components/schemas/SunoFailure", "{name} {status}");
                    assert!(answer["example"]["data"].is_null() && answer["example"]["code"].is_string(), "{name} {status}");
                }
            }
            if path.starts_with("/api/") {
                for status in ["401", "403", "429", "500", "503"] {
                    let answer = &answers[status]["content"]["application/json"];
                    assert_eq!(answer["schema"]["$ref"], "#/components/schemas/Failure", "{name} {status}");
                    assert_eq!(answer["example"]["success"], false, "{name} {status}");
                }
            }
            if !operation["requestBody"].is_null() {
                assert!(!operation["requestBody"]["content"]["application/json"]["example"].is_null(), "{name} has no example");
                // The Suno surface says 400 to what cannot be taken.
                let invalid = if path.starts_with("/suno/") { "400" } else { "422" };
                for status in ["400", "413", "415", invalid] {
                    assert!(answers.contains_key(status), "{name} {status}");
                }
            }
        }
    }
}

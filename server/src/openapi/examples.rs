//! Examples of answers that have none of their own, made from their schemas.

use serde_json::{Map, Value, json};

/// Deeper than this an example says nothing more.
const DEEPEST: usize = 8;

/// Gives every good answer in JSON an example.
pub fn fill_in(document: &mut Value) {
    let components = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return };
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for operation in operations {
        let Some(answers) = operation["responses"].as_object_mut() else { continue };
        for (_, answer) in answers.iter_mut().filter(|(status, _)| status.starts_with('2')) {
            let Some(content) = answer.pointer_mut("/content/application~1json") else { continue };
            if content.get("example").is_none()
                && let Some(schema) = content.get("schema").cloned()
            {
                content["example"] = example(&schema, "", &components, DEEPEST);
            }
        }
    }
}

/// A value that a schema allows; `name` is that of the field it is for.
fn example(schema: &Value, name: &str, components: &Value, depth: usize) -> Value {
    if let Some(own) = schema.get("example").or_else(|| schema.get("const")) {
        return own.clone();
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let known = reference.rsplit('/').next().and_then(|name| components.get(name));
        return match known {
            Some(known) if depth > 0 => example(known, name, components, depth - 1),
            _ => Value::Null,
        };
    }
    if let Some(first) = schema["enum"].as_array().and_then(|words| words.first()) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        let is_something = |option: &&Value| option["type"] != "null";
        if let Some(first) = schema[choice].as_array().and_then(|options| options.iter().find(is_something)) {
            return example(first, name, components, depth);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|part| example(part, name, components, depth).as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    let kind = match &schema["type"] {
        Value::String(kind) => kind.as_str(),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ => "any",
    };
    match kind {
        "object" => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            Value::Object(fields.map(|(key, field)| (key.clone(), example(field, key, components, depth))).collect())
        }
        "array" if depth > 0 => json!([example(&schema["items"], name, components, depth - 1)]),
        "array" => json!([]),
        "boolean" => json!(true),
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "number" => json!(1.5),
        "string" => text(schema["format"].as_str(), name).into(),
        "any" => json!("…"),
        _ => Value::Null,
    }
}

fn text(format: Option<&str>, name: &str) -> &'static str {
    match (format, name) {
        (Some("date-time"), _) => "2026-01-31T08:15:30.250Z",
        (_, "message" | "error" | "why") => "",
        (_, "url" | "base_url") => "https://api.example.com",
        (_, "path") => "$.audio_url",
        (_, "username") => "alice",
        (_, "key") => "prompt",
        _ => "…",
    }
}

//! From parameters to the request that carries them.

use super::Api;
use crate::page::tasks::form::values::plain;
use crate::ui::escape;
use model::custom_apis::{Segment, path_params, segments};
use model::form::FormField;
use serde_json::{Map, Value, json};

/// A request to an API.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiRequest {
    /// The path and the query string.
    pub address: String,
    /// The JSON body, if there is one.
    pub body: Option<Value>,
}

impl ApiRequest {
    /// The request with these parameters.
    pub fn new(api: &Api, params: Map<String, Value>) -> Self {
        let Api::Custom(custom) = api else {
            return ApiRequest { address: api.path(), body: Some(json!({ "params": params })) };
        };
        let mut rest = params;
        let parts: Vec<_> = segments(&custom.path)
            .map(|segment| match segment {
                Segment::Literal(text) => text.to_owned(),
                Segment::Param(name) => rest.remove(name).map_or_else(|| format!("{{{name}}}"), |value| escape(&plain(&value))),
            })
            .collect();
        let mut address = format!("/api/{}", parts.join("/"));
        if !api.takes_query() {
            return ApiRequest { address, body: Some(Value::Object(rest)) };
        }
        for (count, (key, value)) in rest.iter().enumerate() {
            address.push(if count == 0 { '?' } else { '&' });
            address.push_str(&format!("{}={}", escape(key), escape(&plain(value))));
        }
        ApiRequest { address, body: None }
    }
}

/// Values for a sample: what must be given, and what has an example.
pub fn sample_params(fields: &[FormField]) -> Map<String, Value> {
    let mut params = Map::new();
    for field in fields {
        let first = field.options.first().map(|option| option.value.clone());
        let value = field.example.clone().or_else(|| field.default.clone()).or(first);
        match value {
            Some(value) => drop(params.insert(field.key.clone(), value)),
            None if field.required => drop(params.insert(field.key.clone(), Value::from("…"))),
            None => {}
        }
    }
    params
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the path.
    Path,
    /// In the query string.
    Query,
    /// In the body.
    Body,
}

/// Where a parameter of an API stands.
pub fn place(api: &Api, key: &str) -> Place {
    match api {
        Api::Custom(custom) if path_params(&custom.path).any(|name| name == key) => Place::Path,
        _ if api.takes_query() => Place::Query,
        _ => Place::Body,
    }
}

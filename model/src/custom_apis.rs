//! Custom APIs: priced endpoints under `/api/` that answer at once. An administrator defines them; a rule calls the upstream.

use crate::form::FormField;
use crate::rules::Method;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What every path of a custom API begins with.
pub const PREFIX: &str = "/api/";

/// First parts of paths under `/api/` that are built in, now or by a contract; no custom API may begin with one.
pub const RESERVED: [&str; 26] = [
    "admin",
    "announcements",
    "auth",
    "custom-apis",
    "dashboard",
    "events",
    "features",
    "history",
    "keys",
    "ledger",
    "logs",
    "me",
    "notices",
    "openapi",
    "quota",
    "recharge",
    "search",
    "sessions",
    "settings",
    "task",
    "tasks",
    "totp",
    "usage",
    "user-data",
    "v1",
    "webhooks",
];

/// A custom API as an operator defines it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomApi {
    /// Unique name for operators; keeps its number when it is applied again.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What it does, in sentences.
    #[serde(default)]
    pub description: String,
    /// The method. `GET` and `DELETE` take their parameters from the query string, the others from a JSON body.
    #[serde(default)]
    pub method: Method,
    /// The path, such as `/api/weather/{city}`. A part in braces is the parameter of that name.
    pub path: String,
    /// The platform whose channels are called.
    pub platform: String,
    /// Name of the rule: its request is sent once for each call. It must answer at once, so it has no `poll`.
    pub rule: String,
    /// The parameters, those of the path included.
    #[serde(default)]
    pub form_schema: Vec<FormField>,
    /// Points of one call that succeeded.
    #[serde(default)]
    pub points_cost: i64,
    /// Place in lists, smallest first.
    #[serde(default)]
    pub sort_order: i64,
    /// Whether it is listed; one that is not can be called all the same.
    #[serde(default = "crate::rules::default_true")]
    pub visible: bool,
    /// Whether it can be called.
    #[serde(default = "crate::rules::default_true")]
    pub enabled: bool,
}

/// A custom API as users see it. Names are those that the console template of document 000 reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomApiView {
    /// The number.
    pub id: i64,
    /// What people read.
    pub name: String,
    /// What it does.
    pub description: String,
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
    /// Points of one call that succeeded.
    pub points_cost: i64,
    /// The parameters.
    pub form_schema: Vec<FormField>,
}

/// A custom API as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CustomApiEntry {
    /// The number.
    pub id: i64,
    /// Grows with every change; a change names the version that it was made from.
    pub version: i64,
    /// The number of its rule.
    pub rule_id: i64,
    /// The definition.
    pub definition: CustomApi,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a custom API can be made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomApiChoices {
    /// Names of rules that answer at once.
    pub rules: Vec<String>,
    /// Platforms that have a channel.
    pub platforms: Vec<String>,
}

/// A part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// This text.
    Literal(&'a str),
    /// Any text, which is the parameter of this name.
    Param(&'a str),
}

impl CustomApi {
    /// Whether the parameters come in the query string.
    pub fn takes_query(&self) -> bool {
        takes_query(self.method)
    }
}

/// Whether calls with this method carry their parameters in the query string.
pub fn takes_query(method: Method) -> bool {
    matches!(method, Method::Get | Method::Delete)
}

/// The parts of a path after `/api/`.
pub fn segments(path: &str) -> impl Iterator<Item = Segment<'_>> {
    path.strip_prefix(PREFIX).unwrap_or_default().split('/').map(|part| {
        match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Param(name),
            None => Segment::Literal(part),
        }
    })
}

/// The names of a path's parameters.
pub fn path_params(path: &str) -> impl Iterator<Item = &str> {
    segments(path).filter_map(|segment| match segment {
        Segment::Param(name) => Some(name),
        Segment::Literal(_) => None,
    })
}

/// What two APIs must not have in common: the method, and the path without the names of its parameters.
pub fn route(method: Method, path: &str) -> String {
    let parts: Vec<_> = segments(path)
        .map(|segment| match segment {
            Segment::Literal(text) => text,
            Segment::Param(_) => "{}",
        })
        .collect();
    format!("{} {PREFIX}{}", method.as_str(), parts.join("/"))
}

/// Checks the path of a definition; the error is a sentence.
pub fn check_path(path: &str) -> Result<(), String> {
    const SENTENCE: &str = "A path is /api/ and then parts such as weather or {city}, of letters, digits and the marks . _ ~ -.";
    if !path.starts_with(PREFIX) || path.len() > 200 {
        return Err(SENTENCE.to_owned());
    }
    let mut names: Vec<&str> = Vec::new();
    for segment in segments(path) {
        match segment {
            Segment::Literal(text) => {
                let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._~-".contains(c));
                if !plain || text == "." || text == ".." {
                    return Err(SENTENCE.to_owned());
                }
            }
            Segment::Param(name) => {
                let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                if !plain {
                    return Err(SENTENCE.to_owned());
                }
                if names.contains(&name) {
                    return Err(format!("The parameter `{name}` stands in the path twice."));
                }
                names.push(name);
            }
        }
    }
    match segments(path).next() {
        Some(Segment::Literal(first)) if RESERVED.iter().any(|taken| taken.eq_ignore_ascii_case(first)) => {
            Err(format!("Paths under /api/{first} are built in."))
        }
        Some(Segment::Literal(_)) => Ok(()),
        _ => Err("The first part after /api/ cannot be a parameter.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for good in ["/api/weather", "/api/weather/{city}", "/api/a.b/_x/{a}/{b-c}/d~e", "/api/Tasksx"] {
            assert_eq!(check_path(good), Ok(()), "{good}");
        }
        let bad = [
            "",
            "/weather",
            "/api",
            "/api/",
            "/api//a",
            "/api/a/",
            "/api/a b",
            "/api/a?b",
            "/api/a%20b",
            "/api/{a}",
            "/api/a/{}",
            "/api/a/{1}",
            "/api/a/{b}/{b}",
            "/api/a/{b",
            "/api/a/..",
            "/api/tasks",
            "/api/TASKS/x",
            "/api/v1/x",
            "/api/custom-apis",
            "/api/天气",
        ];
        for bad in bad {
            assert!(check_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn routes_forget_the_names_of_parameters() {
        assert_eq!(route(Method::Get, "/api/a/{b}/c"), "GET /api/a/{}/c");
        assert_eq!(path_params("/api/a/{b}/c/{d}").collect::<Vec<_>>(), ["b", "d"]);
    }
}

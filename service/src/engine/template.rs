//! Templates of rules: literal text with `{{ expressions }}`, filled from the task and the channel.
//!
//! Nearly all templates are literals and plain paths such as `{{ params.prompt }}`; those are looked up directly. The rest is minijinja with a
//! bound on its work. What comes out is data: it is never read as a template again.

use minijinja::{AutoEscape, Environment, Output, UndefinedBehavior};
use serde_json::{Map, Value, json};

/// What an expression of minijinja may cost, in its own unit (about one instruction each).
const FUEL: u64 = 10_000;
/// Values of one attempt.
pub(super) struct Context {
    root: Value,
}

impl Context {
    /// Puts the values together.
    pub fn new(
        params: Value,
        headers: Value,
        channel: &crate::features::ChannelRow,
        public_id: &str,
        attempt: (i64, &str),
        upstream_id: Option<&str>,
    ) -> Self {
        let root = json!({
            "params": params,
            "headers": headers,
            "channel": named(channel),
            "task": { "id": public_id },
            "attempt": { "id": attempt.1, "no": attempt.0 },
            "upstream_id": upstream_id,
        });
        Context { root }
    }

    /// The same values for another channel.
    pub fn set_channel(&mut self, channel: &crate::features::ChannelRow) {
        self.root["channel"] = named(channel);
    }

    /// The jobs that a request asks about at once.
    pub fn set_upstream_ids(&mut self, ids: &[&str]) {
        self.root["upstream_ids"] = json!(ids);
    }

    /// The answer to the poll, for the request that follows it.
    pub fn set_answer(&mut self, answer: Value) {
        self.root["answer"] = answer;
    }

    /// The credential of the channel; empty if it has none.
    pub fn credential(&self) -> &str {
        self.root["channel"]["credential"].as_str().unwrap_or_default()
    }

    fn find(&self, path: &[String]) -> Option<&Value> {
        path.iter().try_fold(&self.root, |value, key| value.get(key)).filter(|value| !value.is_null())
    }
}

/// What templates can say of a channel.
fn named(channel: &crate::features::ChannelRow) -> Value {
    json!({
        "name": channel.channel.name,
        "base_url": channel.channel.base_url.trim_end_matches('/'),
        "credential": channel.channel.credential,
    })
}

/// A text with its expressions, parsed once.
#[derive(Debug, Clone)]
pub(super) enum Template {
    /// Literals and plain paths.
    Pieces(Vec<Piece>),
    /// Anything else, for minijinja.
    Full(String),
}

#[derive(Debug, Clone)]
pub(super) enum Piece {
    Literal(String),
    Path(Vec<String>),
}

/// Where a rendered text goes, which decides how values are written into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Into an address: values are percent-encoded, the channel's base URL is not.
    Url,
    /// Anywhere else: as they are.
    Text,
}

impl Template {
    /// Reads a text; a text that minijinja cannot read fails when it is rendered, and was refused by [`check`] before.
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let after = &rest[open..];
            if after.starts_with("{%") || after.starts_with("{#") {
                return Template::Full(text.to_owned());
            }
            let Some(inside) = after.strip_prefix("{{") else {
                let end = open + 1;
                pieces.push(Piece::Literal(rest[..end].to_owned()));
                rest = &rest[end..];
                continue;
            };
            let Some((expression, tail)) = inside.split_once("}}") else { return Template::Full(text.to_owned()) };
            let Some(path) = plain_path(expression.trim()) else { return Template::Full(text.to_owned()) };
            pieces.push(Piece::Literal(rest[..open].to_owned()));
            pieces.push(Piece::Path(path));
            rest = tail;
        }
        pieces.push(Piece::Literal(rest.to_owned()));
        pieces.retain(|piece| !matches!(piece, Piece::Literal(text) if text.is_empty()));
        Template::Pieces(pieces)
    }

    /// The text with its values.
    pub fn render(&self, context: &Context, place: Place) -> Result<String, String> {
        match self {
            Template::Pieces(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Literal(text) => out.push_str(text),
                        Piece::Path(path) => {
                            let raw = place == Place::Text || path == &["channel", "base_url"];
                            if let Some(value) = context.find(path) {
                                write(&mut out, value, raw);
                            }
                        }
                    }
                }
                Ok(out)
            }
            Template::Full(text) => {
                let mut env = environment(place);
                env.set_fuel(Some(FUEL));
                env.render_str(text, minijinja::Value::from(minijinja::value::Serde(&context.root)))
                    .map_err(|error| format!("A template of the rule failed: {error}."))
            }
        }
    }

    /// The value of a template that is one expression, with its type; a rendered text otherwise. `None` for an absent value.
    pub fn value(&self, context: &Context) -> Result<Option<Value>, String> {
        match self {
            Template::Pieces(pieces) => match pieces.as_slice() {
                [Piece::Path(path)] => Ok(context.find(path).cloned()),
                _ => self.render(context, Place::Text).map(|text| Some(Value::String(text))),
            },
            Template::Full(text) => {
                let one = text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).filter(|inner| !inner.contains("{{"));
                let Some(expression) = one else { return self.render(context, Place::Text).map(|text| Some(Value::String(text))) };
                let mut env = environment(Place::Text);
                env.set_fuel(Some(FUEL));
                let failed = |error: minijinja::Error| format!("A template of the rule failed: {error}.");
                let value = env
                    .compile_expression(expression)
                    .map_err(failed)?
                    .eval(minijinja::Value::from(minijinja::value::Serde(&context.root)))
                    .map_err(failed)?;
                Ok(serde_json::to_value(value).ok().filter(|value| !value.is_null()))
            }
        }
    }
}

/// A JSON body whose strings are templates.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Text(Template),
    Array(Vec<Body>),
    Object(Vec<(String, Body)>),
    Other(Value),
}

impl Body {
    /// Reads a body as an operator wrote it.
    pub fn parse(value: &Value) -> Self {
        match value {
            Value::String(text) => Body::Text(Template::parse(text)),
            Value::Array(items) => Body::Array(items.iter().map(Body::parse).collect()),
            Value::Object(fields) => Body::Object(fields.iter().map(|(key, value)| (key.clone(), Body::parse(value))).collect()),
            other => Body::Other(other.clone()),
        }
    }

    /// The body with its values. Fields and items whose only expression has no value are left out.
    pub fn render(&self, context: &Context) -> Result<Option<Value>, String> {
        Ok(match self {
            Body::Text(template) => template.value(context)?,
            Body::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    out.extend(item.render(context)?);
                }
                Some(Value::Array(out))
            }
            Body::Object(fields) => {
                let mut out = Map::new();
                for (key, body) in fields {
                    if let Some(value) = body.render(context)? {
                        out.insert(key.clone(), value);
                    }
                }
                Some(Value::Object(out))
            }
            Body::Other(value) => Some(value.clone()),
        })
    }
}

/// `params.prompt` as its keys, if it is that plain.
fn plain_path(expression: &str) -> Option<Vec<String>> {
    let keys: Vec<_> = expression.split('.').map(str::to_owned).collect();
    let plain = |key: &String| {
        let mut chars = key.chars();
        chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    // Words of the template language are not paths.
    let word = matches!(keys[0].as_str(), "true" | "false" | "none" | "True" | "False" | "None" | "not" | "loop" | "self");
    (keys.iter().all(plain) && !word).then_some(keys)
}

fn write(out: &mut String, value: &Value, raw: bool) {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if raw {
        out.push_str(&text);
    } else {
        encode(out, &text);
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986 §2.3.
fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// The template language as rules have it.
pub(super) fn environment(place: Place) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_formatter(move |output: &mut Output, _state, value| {
        if value.is_undefined() || value.is_none() {
            return Ok(());
        }
        let text = value.to_string();
        let mut encoded = String::new();
        let text = if place == Place::Url && !(text.starts_with("http://") || text.starts_with("https://")) {
            encode(&mut encoded, &text);
            encoded
        } else {
            text
        };
        output.write_str(&text).map_err(|_| minijinja::Error::new(minijinja::ErrorKind::WriteFailure, "the text could not be written"))
    });
    env
}

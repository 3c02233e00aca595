//! From a method and a path to the custom API that they call.

use crate::features::{self, CustomApiRow, Snapshot};
use crate::service::Service;
use model::custom_apis::{PREFIX, Segment, segments};
use std::sync::Arc;

/// What is at an address.
pub enum Found {
    /// A custom API.
    Api(Matched),
    /// Custom APIs with other methods.
    OtherMethod,
    /// Nothing.
    Nothing,
}

/// A custom API and the parts of the path that are its parameters, still percent-encoded.
pub struct Matched {
    pub(super) row: Arc<CustomApiRow>,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) params: Vec<(String, String)>,
}

impl Matched {
    /// Whether the parameters stand in the query string and not in a body.
    pub fn takes_query(&self) -> bool {
        self.row.api.takes_query()
    }
}

/// Looks for a custom API that is switched on.
pub fn find(service: &Service, method: &str, path: &str) -> Found {
    let snapshot = features::snapshot(service);
    let Some(rest) = path.strip_prefix(PREFIX) else { return Found::Nothing };
    let parts: Vec<&str> = rest.split('/').collect();
    let Some(rows) = snapshot.routes.get(parts[0]) else { return Found::Nothing };
    let mut other_method = false;
    for row in rows {
        let Some(params) = params(&row.api.path, &parts) else { continue };
        if row.api.method.as_str() == method {
            return Found::Api(Matched { row: row.clone(), snapshot: snapshot.clone(), params });
        }
        other_method = true;
    }
    if other_method { Found::OtherMethod } else { Found::Nothing }
}

/// The values of a path's parameters, if these are its parts.
fn params(path: &str, parts: &[&str]) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut parts = parts.iter();
    for segment in segments(path) {
        let part = parts.next()?;
        match segment {
            Segment::Literal(text) if text == *part => {}
            Segment::Literal(_) => return None,
            Segment::Param(_) if part.is_empty() => return None,
            Segment::Param(name) => found.push((name.to_owned(), (*part).to_owned())),
        }
    }
    parts.next().is_none().then_some(found)
}

//! Reading a catalog file, with the line of everything that is wrong with it, and writing one.

use super::check::{self, Found};
use super::locate::{self, Step};
use model::catalog::Catalog;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

/// Problems told at most: a file with more of them has one cause.
const MOST_PROBLEMS: usize = 100;
/// The deepest nesting of brackets that is read; the reader of YAML takes time by the square of it.
const MOST_DEPTH: usize = 500;
/// The largest file that is read, in bytes.
const MOST_BYTES: usize = 4 << 20;

/// What is said about U+0000.
const NUL: &str = "The character U+0000 cannot be stored.";

/// Something wrong with a catalog file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogProblem {
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The place, such as `features[2].form_schema[0].key`; empty for the whole file.
    pub place: String,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl std::fmt::Display for CatalogProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// Reads and checks a catalog file as a whole: everything it refers to must be in it.
pub fn catalog_parse(text: &str, json: bool) -> Result<Catalog, Vec<CatalogProblem>> {
    let whole = |line, message: String| vec![CatalogProblem { line, place: String::new(), message }];
    if text.len() > MOST_BYTES {
        return Err(whole(None, format!("The file is larger than {} MiB.", MOST_BYTES >> 20)));
    }
    if is_too_deep(text) {
        return Err(whole(None, format!("The file is nested deeper than {MOST_DEPTH} levels.")));
    }
    let root = locate::read(text, json).map_err(|(line, message)| whole(line, format!("The file cannot be read: {message}.")))?;
    let found = match decode(root) {
        Ok(catalog) => {
            let found = check::check(&catalog);
            if found.is_empty() {
                return Ok(catalog);
            }
            found
        }
        Err(found) => found,
    };
    let told = found.into_iter().take(MOST_PROBLEMS);
    let told = told.map(|found| CatalogProblem {
        line: locate::line(text, json, &found.path),
        place: place(&found.path),
        message: found.sentence(),
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|problem| problem.line);
    Err(told)
}

/// Whether there are ever that many more open brackets than closed ones; those in texts count as well, and are closed there.
fn is_too_deep(text: &str) -> bool {
    let mut depth = 0usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MOST_DEPTH
    })
}

/// Writes a catalog file that [`catalog_parse`] reads.
pub fn catalog_text(catalog: &Catalog, json: bool) -> String {
    let text = if json {
        serde_json::to_string_pretty(catalog).map_err(|e| e.to_string())
    } else {
        serde_yaml_ng::to_string(catalog).map_err(|e| e.to_string())
    };
    // Keys are strings and numbers are finite: both formats can hold every catalog.
    text.unwrap_or_else(|error| unreachable!("a catalog always serialises: {error}"))
}

/// A path as people read it.
pub(super) fn place(path: &[Step]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
        text
    })
}

/// Decodes entry by entry, so that a mistake in one does not hide those in the others.
fn decode(root: Value) -> Result<Catalog, Vec<Found>> {
    let mut found = Vec::new();
    nul(&root, &mut Vec::new(), &mut found);
    let Value::Object(mut fields) = root else {
        return Err(vec![Found {
            path: Vec::new(),
            message: "The file must hold `rules`, `channels` and `features`.".to_owned(),
            position: None,
        }]);
    };
    let version = fields.remove("version").unwrap_or(Value::from(1));
    if version != 1 {
        found.push(Found::at([Step::from("version")], "This program reads catalogs of version 1."));
    }
    let catalog = Catalog {
        version: 1,
        rules: entries(&mut fields, "rules", &mut found),
        channels: entries(&mut fields, "channels", &mut found),
        features: entries(&mut fields, "features", &mut found),
        custom_apis: entries(&mut fields, "custom_apis", &mut found),
    };
    for key in fields.keys() {
        found.push(Found::at(
            [Step::from(key.as_str())],
            "There is no such part; a catalog has `version`, `rules`, `channels`, `features` and `custom_apis`.",
        ));
    }
    if found.is_empty() { Ok(catalog) } else { Err(found) }
}

fn entries<T: DeserializeOwned>(fields: &mut Map<String, Value>, key: &str, found: &mut Vec<Found>) -> Vec<T> {
    let items = match fields.remove(key) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(items)) => items,
        Some(_) => {
            found.push(Found::at([Step::from(key)], "This must be a list."));
            return Vec::new();
        }
    };
    let mut entries = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        match serde_path_to_error::deserialize(item) {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                let mut path = vec![Step::from(key), Step::Index(index)];
                path.extend(error.path().iter().filter_map(|segment| match segment {
                    Segment::Seq { index } => Some(Step::Index(*index)),
                    Segment::Map { key } => Some(Step::from(key.as_str())),
                    Segment::Enum { .. } | Segment::Unknown => None,
                }));
                found.push(Found { path, message: sentence(&error.into_inner().to_string()), position: None });
            }
        }
    }
    entries
}

/// A library's message as a sentence.
fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str().trim_end_matches('.'))
}

/// Finds U+0000, which PostgreSQL cannot store.
pub(super) fn nul(value: &Value, path: &mut Vec<Step>, found: &mut Vec<Found>) {
    match value {
        Value::String(text) if text.contains('\0') => {
            found.push(Found { path: path.clone(), message: NUL.to_owned(), position: None });
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                nul(item, path, found);
                path.pop();
            }
        }
        Value::Object(fields) => {
            for (key, item) in fields {
                path.push(Step::from(key.as_str()));
                if key.contains('\0') {
                    found.push(Found { path: path.clone(), message: NUL.to_owned(), position: None });
                }
                nul(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

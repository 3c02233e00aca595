//! What is wrong with a value, kept as what was wanted and what came until its place is known.

use model::{Error, ErrorCode};
use serde::de::{self, Expected, Unexpected};
use std::fmt;

/// Characters of a wrong value that are repeated.
const SHOWN: usize = 60;

/// What the parts of a request are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// Of a JSON body.
    Field,
    /// Of a query string.
    Parameter,
}

/// What is wrong with a value. Reading with it as the error keeps serde's own words away from callers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// Another kind of value was wanted.
    Wanted {
        /// What was wanted.
        wanted: String,
        /// What came.
        found: String,
    },
    /// A word that is none of those that are known.
    Word {
        /// What came.
        found: String,
        /// What is known.
        known: &'static [&'static str],
    },
    /// A name that nothing has.
    Unknown {
        /// What came.
        name: String,
        /// What there is.
        known: &'static [&'static str],
    },
    /// It is not there.
    Missing(&'static str),
    /// It is there twice.
    Twice(String),
    /// What a type of ours says itself.
    Other(String),
}

impl Mistake {
    /// The error of a mistake at a path.
    pub fn told(self, thing: Thing, path: &str) -> Error {
        let path = if matches!(path, "." | "?") { "" } else { path };
        let noun = match thing {
            Thing::Field => "field",
            Thing::Parameter => "parameter",
        };
        let subject = match (path, thing) {
            ("", Thing::Field) => "The body".to_owned(),
            ("", Thing::Parameter) => "The query string".to_owned(),
            _ => format!("`{path}`"),
        };
        let inside = |name: &str| match path.strip_suffix(name) {
            // Some errors are told at the field, others at what it is missing in.
            Some(before) if before.is_empty() || before.ends_with('.') => path.to_owned(),
            _ if path.is_empty() => name.to_owned(),
            _ => format!("{path}.{name}"),
        };
        let (sentence, field) = match self {
            Mistake::Wanted { wanted, found } => (format!("{subject} must be {wanted}, not {found}."), path.to_owned()),
            Mistake::Word { found, known } => (format!("{subject} must be {}, not {}.", one_of(known), text(&found)), path.to_owned()),
            Mistake::Unknown { name, known } => {
                let field = inside(&name);
                let known = if known.is_empty() { "there are none".to_owned() } else { format!("known: {}", known.join(", ")) };
                (format!("There is no {noun} `{}`; {known}.", shown(&field)), field)
            }
            Mistake::Missing(name) => (format!("The {noun} `{0}` is missing.", inside(name)), inside(name)),
            Mistake::Twice(name) => (format!("The {noun} `{0}` is there twice.", inside(&name)), inside(&name)),
            Mistake::Other(reason) => (format!("{subject} is not as expected: {reason}."), path.to_owned()),
        };
        let error = Error::new(ErrorCode::BadRequest, sentence);
        if field.is_empty() { error } else { error.at(shown(&field)) }
    }
}

/// The beginning of what a caller wrote.
fn shown(given: &str) -> String {
    if given.chars().count() <= SHOWN { given.to_owned() } else { given.chars().take(SHOWN).chain(['…']).collect() }
}

fn text(given: &str) -> String {
    format!("the text \"{}\"", shown(given))
}

fn one_of(words: &[&str]) -> String {
    match words {
        [] => "left out".to_owned(),
        [word] => format!("`{word}`"),
        _ => format!("one of {}", words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
    }
}

/// What came, in words.
fn found(unexpected: &Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Char(value) => text(&value.to_string()),
        Unexpected::Str(value) => text(value),
        Unexpected::Unit | Unexpected::Option => "null".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "an object".to_owned(),
        _ => "something else".to_owned(),
    }
}

/// What was wanted, in words. Types name themselves for programmers of Rust.
fn wanted(expected: &dyn Expected) -> String {
    let own = expected.to_string();
    let word = match own.as_str() {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => "a whole number that is not negative",
        "f32" | "f64" => "a number",
        "a string" | "string" | "a borrowed string" | "a character" => "a text",
        "a boolean" => "true or false",
        "unit" | "option" => "null",
        "string or map" => "a text",
        "a sequence" | "a tuple" => "a list",
        "a map" => "an object",
        _ if own.starts_with("struct ") || own.starts_with("struct variant ") || own.starts_with("internally tagged enum ") => "an object",
        _ if own.starts_with("enum ") || own.starts_with("variant ") => "a text",
        _ if own.starts_with("tuple ") || own.starts_with("an array ") => "a list",
        _ => return own,
    };
    word.to_owned()
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.clone().told(Thing::Field, "").message)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        let reason = reason.to_string();
        // An untagged choice tells the name of its type.
        let untagged = reason.starts_with("data did not match any variant");
        Mistake::Other(if untagged { "it has none of the forms that are read here".to_owned() } else { reason })
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mistake::Wanted { wanted: wanted(expected), found: found(&unexpected) }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mistake::invalid_type(unexpected, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Mistake::Wanted { wanted: wanted(expected), found: format!("{length} values") }
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        Mistake::Word { found: variant.to_owned(), known }
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Mistake::Unknown { name: name.to_owned(), known }
    }

    fn missing_field(name: &'static str) -> Self {
        Mistake::Missing(name)
    }

    fn duplicate_field(name: &'static str) -> Self {
        Mistake::Twice(name.to_owned())
    }
}

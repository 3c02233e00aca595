//! Where in a file a value stands. The readers of YAML and JSON keep no positions, but their errors have them: so the file is read once more
//! by a visitor that walks down to the value and stops there with an error.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A step of the way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a field.
    Key(String),
    /// Into an item, from 0.
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Step::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

/// Reads a file into a value; the error has the line and what is wrong. A key that stands twice is refused: one of the two would be lost.
pub(super) fn read(text: &str, json: bool) -> Result<Value, (Option<usize>, String)> {
    let read = if json {
        serde_json::from_str::<Unique>(text).map_err(|error| (json_line(&error), bare(&error.to_string())))
    } else {
        serde_yaml_ng::from_str::<Unique>(text).map_err(|error| (yaml_line(&error), bare(&error.to_string())))
    };
    read.map(|Unique(value)| value)
}

/// The line of a value, from 1; that of the nearest value above it if it is not there.
pub(super) fn line(text: &str, json: bool, path: &[Step]) -> Option<usize> {
    let mut path = path;
    loop {
        let walk = Walk(path);
        let (line, message) = if json {
            let error = walk.deserialize(&mut serde_json::Deserializer::from_str(text)).err()?;
            (json_line(&error), error.to_string())
        } else {
            let error = walk.deserialize(serde_yaml_ng::Deserializer::from_str(text)).err()?;
            (yaml_line(&error), error.to_string())
        };
        match path.split_last() {
            Some((_, above)) if message.contains(ABSENT) => path = above,
            _ => return line,
        }
    }
}

fn json_line(error: &serde_json::Error) -> Option<usize> {
    (error.line() > 0).then(|| error.line())
}

fn yaml_line(error: &serde_yaml_ng::Error) -> Option<usize> {
    error.location().map(|location| location.line())
}

/// A message without the place at its end, which is told apart.
fn bare(message: &str) -> String {
    message.rfind(" at line ").map_or(message, |at| &message[..at]).to_owned()
}

/// What the walk says where its path ends, and where there is nothing on it.
const HERE: &str = "the path ends here";
const ABSENT: &str = "the path leads nowhere";

/// Stops at the end of its path.
struct Walk<'p>(&'p [Step]);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Whatever it is, the way ends here.
macro_rules! here {
    ($($method:ident($($value:ty)?);)*) => {
        $(fn $method<E: Error>(self $(, _: $value)?) -> Result<(), E> {
            Err(E::custom(if self.0.is_empty() { HERE } else { ABSENT }))
        })*
    };
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    here! {
        visit_bool(bool);
        visit_i64(i64);
        visit_u64(u64);
        visit_f64(f64);
        visit_str(&str);
        visit_unit();
        visit_none();
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let (wanted, rest) = match self.0 {
            [] => return Err(A::Error::custom(HERE)),
            [Step::Index(wanted), rest @ ..] => (*wanted, rest),
            [Step::Key(_), ..] => return Err(A::Error::custom(ABSENT)),
        };
        for _ in 0..wanted {
            if items.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        items.next_element_seed(Walk(rest))?;
        Err(A::Error::custom(ABSENT))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let (wanted, rest) = match self.0 {
            [] => return Err(A::Error::custom(HERE)),
            [Step::Key(wanted), rest @ ..] => (wanted, rest),
            [Step::Index(_), ..] => return Err(A::Error::custom(ABSENT)),
        };
        while let Some(key) = fields.next_key::<String>()? {
            if key == *wanted {
                fields.next_value_seed(Walk(rest))?;
            } else {
                fields.next_value::<IgnoredAny>()?;
            }
        }
        Err(A::Error::custom(ABSENT))
    }
}

/// Any value without a key that stands twice.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON knows")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.is_finite() { Ok(Value::from(value)) } else { Err(E::custom("a number must be finite")) }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            let Unique(value) = fields.next_value()?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key `{key}` stands here twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

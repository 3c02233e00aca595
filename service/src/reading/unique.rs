//! Finds names that stand twice in one object. Maps would keep the last of their values without a word, and a proxy or a log the first.

use super::{Mistake, Thing};
use model::Error;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// What the walk stops with: serde's error has no room for a name, so it is put aside.
#[derive(Default)]
struct Found(Option<String>);

/// Refuses valid JSON with a name that stands twice in one object.
pub(super) fn check(bytes: &[u8]) -> Result<(), Error> {
    let mut found = Found::default();
    let mut path = String::new();
    let walk = Walk { found: &mut found, path: &mut path };
    // Text that is no JSON has been refused before.
    let _ = walk.deserialize(&mut serde_json::Deserializer::from_slice(bytes));
    match found.0 {
        Some(name) => Err(Mistake::Twice(name).told(Thing::Field, &path)),
        None => Ok(()),
    }
}

struct Walk<'w> {
    found: &'w mut Found,
    /// Where the walk is; it stays where it was stopped.
    path: &'w mut String,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let place = self.path.len();
        let mut number = 0_usize;
        loop {
            self.path.truncate(place);
            self.path.push_str(&format!("[{number}]"));
            if items.next_element_seed(Walk { found: self.found, path: self.path })?.is_none() {
                break;
            }
            number += 1;
        }
        self.path.truncate(place);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let place = self.path.len();
        let mut names: Vec<Cow<'de, str>> = Vec::new();
        while let Some(Name(name)) = fields.next_key()? {
            if place > 0 {
                self.path.push('.');
            }
            self.path.push_str(&name);
            names.push(name);
            fields.next_value_seed(Walk { found: self.found, path: self.path })?;
            self.path.truncate(place);
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                self.found.0 = Some(pair[0].clone().into_owned());
                Err(serde::de::Error::custom("a name stands twice"))
            }
            None => Ok(()),
        }
    }
}

/// A name, borrowed where it holds no escapes.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

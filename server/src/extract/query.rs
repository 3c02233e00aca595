//! Query strings. Empty values count as absent, because forms send their empty fields.

use crate::envelope::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::Error;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use service::reading::{Mistake, Thing};
use std::borrow::Cow;
use url::form_urlencoded;

/// A query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Query(parse(parts.uri.query().unwrap_or_default())?))
    }
}

/// Reads a query string; the error names the parameter.
pub fn parse<T: DeserializeOwned>(query: &str) -> Result<T, Error> {
    let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty());
    let deserializer = MapDeserializer::<_, Mistake>::new(pairs.map(|(name, value)| (name, Word(value))));
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let path = error.path().to_string();
        error.into_inner().told(Thing::Parameter, &path)
    })
}

/// A value of a query string, which becomes whatever type is wanted.
struct Word<'a>(Cow<'a, str>);

impl<'de> serde::de::IntoDeserializer<'de, Mistake> for Word<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! parsed {
    ($($method:ident => $visit:ident as $type:ty, $wanted:literal;)*) => {
        $(fn $method<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
            match self.0.parse::<$type>() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(serde::de::Error::invalid_value(serde::de::Unexpected::Str(&self.0), &$wanted)),
            }
        })*
    };
}

impl<'de> serde::Deserializer<'de> for Word<'de> {
    type Error = Mistake;

    parsed! {
        deserialize_bool => visit_bool as bool, "true or false";
        deserialize_i8 => visit_i8 as i8, "a number";
        deserialize_i16 => visit_i16 as i16, "a number";
        deserialize_i32 => visit_i32 as i32, "a number";
        deserialize_i64 => visit_i64 as i64, "a number";
        deserialize_u8 => visit_u8 as u8, "a number";
        deserialize_u16 => visit_u16 as u16, "a number";
        deserialize_u32 => visit_u32 as u32, "a number";
        deserialize_u64 => visit_u64 as u64, "a number";
        deserialize_f32 => visit_f32 as f32, "a number";
        deserialize_f64 => visit_f64 as f64, "a number";
    }

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: serde::de::Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let deserializer = serde::de::IntoDeserializer::<Mistake>::into_deserializer(self.0);
        serde::Deserializer::deserialize_enum(deserializer, name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        char str string unit bytes byte_buf unit_struct tuple_struct struct identifier tuple ignored_any seq map
    }
}

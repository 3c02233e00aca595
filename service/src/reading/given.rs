//! A JSON value as a source of our types, whose errors are [`Mistake`]s.

use super::Mistake;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error, IntoDeserializer, Unexpected, Visitor};
use serde_json::Value;

/// A value that a caller sent.
#[derive(Clone, Copy)]
pub(super) struct Given<'a>(pub &'a Value);

impl<'a> Given<'a> {
    fn fields(fields: &'a serde_json::Map<String, Value>) -> MapDeserializer<'a, impl Iterator<Item = (&'a str, Given<'a>)>, Mistake> {
        MapDeserializer::new(fields.iter().map(|(name, value)| (name.as_str(), Given(value))))
    }
}

impl<'a> IntoDeserializer<'a, Mistake> for Given<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given<'de> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.iter().map(Given))),
            Value::Object(fields) => visitor.visit_map(Given::fields(fields)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mistake> {
        let unexpected = match self.0 {
            Value::String(text) => return visitor.visit_enum(IntoDeserializer::<Mistake>::into_deserializer(text.as_str())),
            Value::Object(fields) if fields.len() == 1 => return visitor.visit_enum(MapAccessDeserializer::new(Given::fields(fields))),
            Value::Object(_) => Unexpected::Map,
            Value::Array(_) => Unexpected::Seq,
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        };
        Err(Mistake::invalid_type(unexpected, &"a text"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

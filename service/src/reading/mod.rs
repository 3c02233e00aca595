//! Reading what callers send: JSON into our types, with sentences of our own for each way in which it can be wrong.

mod given;
mod mistake;
#[cfg(test)]
mod tests;
mod unique;

pub use mistake::{Mistake, Thing};

use given::Given;
use model::{Error, ErrorCode, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a JSON body. What is wrong with one is worked out only when something is, because tracking it costs.
///
/// Every body of ours is an object. A list would be read as well, as the fields of a struct in their order, which nobody means.
///
/// Errors: `bad_request`, with the path of the value that is wrong in `field`.
pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if bytes.is_empty() {
        return Err(bad("The body is empty; JSON is expected."));
    }
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        return Err(bad("The body must be a JSON object, not a list."));
    }
    match serde_json::from_slice(bytes) {
        Ok(read) => unique::check(bytes).map(|()| read),
        Err(error) => Err(explain::<T>(bytes, &error)),
    }
}

fn explain<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Error {
    let given = match serde_json::from_slice::<Value>(bytes) {
        Ok(given) => given,
        Err(error) => return bad(malformed(&error)),
    };
    let mistake = unique::check(bytes).err().or_else(|| value::<T>(&given).err());
    mistake.unwrap_or_else(|| {
        tracing::warn!(%error, "a body was refused that reads well the second time");
        bad("The body is not as expected.")
    })
}

/// Reads a JSON value.
///
/// Errors: `bad_request`, with the path of the value that is wrong in `field`.
pub fn value<T: DeserializeOwned>(given: &Value) -> Result<T> {
    serde_path_to_error::deserialize(Given(given)).map_err(|error| {
        let path = error.path().to_string();
        error.into_inner().told(Thing::Field, &path)
    })
}

fn bad(sentence: impl Into<String>) -> Error {
    Error::new(ErrorCode::BadRequest, sentence)
}

/// What is wrong with a text that is no JSON.
fn malformed(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return "The body is not valid JSON: it ends before it is complete.".to_owned();
    }
    // There is no other way to know it: JSON is read 128 levels deep.
    if error.to_string().starts_with("recursion limit exceeded") {
        return "The body is nested too deeply: at most 128 levels are read.".to_owned();
    }
    format!("The body is not valid JSON at line {}, column {}.", error.line(), error.column())
}

//! Query strings of lists, under the one rule for pages and ranges.

use super::query;
use crate::envelope::Failure;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use model::paging::ListQuery;
use serde::de::DeserializeOwned;

/// The query string of a list.
pub struct List<T>(pub T);

impl<T: DeserializeOwned + ListQuery, S: Sync> FromRequestParts<S> for List<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let asked: T = query::parse(parts.uri.query().unwrap_or_default())?;
        asked.check()?;
        Ok(List(asked))
    }
}

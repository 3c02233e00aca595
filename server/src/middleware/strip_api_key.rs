//! Takes `api_key` out of the address before anything logs, stores or forwards it.

use crate::extract::credential::QueryKey;
use axum::http::uri::PathAndQuery;
use axum::http::{Request, Uri};
use std::borrow::Cow;
use url::form_urlencoded;

/// Moves the value of `api_key` from the query string into an extension.
pub fn strip<B>(request: &mut Request<B>) {
    // The name may be written with percent signs; a quick look spares every other request the parsing.
    let Some(query) = request.uri().query().filter(|query| query.contains("key") || query.contains('%')) else { return };
    let mut kept = String::with_capacity(query.len());
    let mut keys: Vec<Cow<'_, str>> = Vec::new();
    for pair in query.split('&') {
        match form_urlencoded::parse(pair.as_bytes()).next() {
            Some((name, value)) if name == "api_key" => keys.push(Cow::Owned(value.into_owned())),
            _ => {
                if !kept.is_empty() {
                    kept.push('&');
                }
                kept.push_str(pair);
            }
        }
    }
    if keys.is_empty() {
        return;
    }
    // Two different keys are no key: the joined text matches none, and the caller gets 401.
    keys.dedup();
    let key = keys.join("&");
    let uri = without_query_key(request.uri(), &kept);
    *request.uri_mut() = uri;
    request.extensions_mut().insert(QueryKey(key));
}

fn without_query_key(uri: &Uri, query: &str) -> Uri {
    let text = if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    let mut parts = uri.clone().into_parts();
    // Made of pieces of a valid address, so it is one; if not, better no query than a key in the log.
    parts.path_and_query = PathAndQuery::try_from(text).or_else(|_| PathAndQuery::try_from(uri.path())).ok();
    Uri::from_parts(parts).unwrap_or_default()
}

//! Headers that keep a browser from doing what no page of ours asks for.

use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};

/// For everything that is not a page: nothing may be loaded by it and nothing may frame it.
const NO_PAGE: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
// Not `no-referrer`: with it a browser sends `Origin: null` over plain http, and every write of the console would be refused.
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Adds what a response does not already say for itself.
pub fn add(headers: &mut HeaderMap, https: bool) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::REFERRER_POLICY, SAME_ORIGIN);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NO_PAGE);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    if https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, A_YEAR);
    }
}

/// The policy of a page whose scripts carry `nonce`. `live_reload` is the address of the developer's reload socket, if there is one.
pub fn page(nonce: &str, live_reload: Option<&str>) -> Option<HeaderValue> {
    let connect = live_reload.map(|address| format!(" {address}")).unwrap_or_default();
    HeaderValue::from_str(&format!(
        "default-src 'self'; script-src 'strict-dynamic' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'{connect}; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    ))
    .ok()
}

/// The policy of the pages that show the OpenAPI document: scripts and styles with `nonce`, and nothing of another host.
pub fn docs(nonce: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data:; font-src data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    ))
    .ok()
}

/// What pages get beside their policy.
pub fn page_extras() -> [(HeaderName, HeaderValue); 1] {
    [(OPENER, SAME_ORIGIN)]
}

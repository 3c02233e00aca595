//! The OpenAPI document for people: `/docs` is Swagger UI, `/redoc` is ReDoc. Both are in the program and load nothing from another host;
//! `scripts/vendor` says where their files come from.

use crate::assets;
use crate::envelope;
use crate::middleware::security_headers;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::nonce::Nonce;
use rust_embed::RustEmbed;

/// The files, compressed.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/vendor"]
struct Vendor;

/// Starts Swagger UI. It asks no validator of another host, and sends the session of this one.
const SWAGGER_UI: &str = r##"<div id="swagger-ui"></div>
<script nonce="{nonce}" src="/docs/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, filter: true, validatorUrl: null, withCredentials: true });
</script>"##;

/// Starts ReDoc. Its search would need a worker made of text.
const REDOC: &str = r##"<div id="redoc"></div>
<script nonce="{nonce}" src="/docs/redoc.js"></script>
<script nonce="{nonce}">
Redoc.init("/openapi.json", { nonce: "{nonce}", disableSearch: true, hideDownloadButton: false, theme: { typography: {
  fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" }, code: { fontFamily: "ui-monospace, monospace" } } } },
  document.getElementById("redoc"));
</script>"##;

/// `GET /docs`
pub async fn swagger_ui() -> Response {
    page("API · APIRequestWeb", r#"<link rel="stylesheet" href="/docs/swagger-ui.css">"#, SWAGGER_UI)
}

/// `GET /redoc`
pub async fn redoc() -> Response {
    page("API reference · APIRequestWeb", "", REDOC)
}

fn page(title: &str, head: &str, body: &str) -> Response {
    let nonce = Nonce::new().to_string();
    let body = body.replace("{nonce}", &nonce);
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{title}</title>\n<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n{head}\n</head>\n<body>\n\
         <noscript><p>This page needs scripts. The document itself is at <a href=\"/openapi.json\">/openapi.json</a>.</p></noscript>\n\
         {body}\n</body>\n</html>\n"
    );
    let mut response = Html(html).into_response();
    if let Some(policy) = security_headers::docs(&nonce) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// `GET /docs/{file}`: always compressed, which everything that runs these scripts can read.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match Vendor::get(&format!("{name}.gz")) {
        Some(file) => assets::answer(&name, file, Some("gzip"), &headers),
        None => envelope::not_found().into_response(),
    }
}

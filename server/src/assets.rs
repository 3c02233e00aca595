//! The site's files: inside a release binary, on disk for a debug one. Hashed names may be kept for ever, all others are asked for again.

#[cfg(test)]
mod tests;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use leptos::config::{Env, LeptosOptions};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::io;
use std::path::Path;

/// The output folder of `cargo leptos`.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
#[allow_missing = true]
struct Site;

/// The stem of the front end's files, the same as `output-name` in the workspace's manifest.
const NAME: &str = "apirequestweb";
/// Where they are.
const PKG: &str = "pkg";

/// The file at a path of the site, if there is one.
pub fn find(path: &str, headers: &HeaderMap) -> Option<Response> {
    let path = path.strip_prefix('/')?;
    // Precompressed files are served in the place of their originals only.
    if path.is_empty() || path.ends_with(".br") || path.ends_with(".gz") || path.split('/').any(|part| part.starts_with('.')) {
        return None;
    }
    let (file, encoding) = precompressed(path, headers).or_else(|| Some((Site::get(path)?, None)))?;
    Some(answer(path, file, encoding, headers))
}

fn precompressed(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    [("br", "br"), ("gzip", "gz")].into_iter().find_map(|(coding, suffix)| {
        if !accepts(headers, coding) {
            return None;
        }
        Some((Site::get(&format!("{path}.{suffix}"))?, Some(coding)))
    })
}

/// Whether `Accept-Encoding` names the coding without forbidding it.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse::<f32>() == Ok(0.0));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

/// A file with its type and its marks for caches.
pub fn answer(path: &str, file: EmbeddedFile, encoding: Option<&'static str>, request: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let etag = hash[..16].iter().fold(String::from("\""), |text, byte| text + &format!("{byte:02x}")) + "\"";
    let known = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let unchanged = known.flat_map(|line| line.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*");

    let mut response = Response::new(if unchanged { Body::empty() } else { body(file) });
    if unchanged {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(path)));
    if let Some(encoding) = encoding.filter(|_| !unchanged) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

fn body(file: EmbeddedFile) -> Body {
    match file.data {
        Cow::Borrowed(bytes) => Body::from(axum::body::Bytes::from_static(bytes)),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn cache_control(path: &str) -> &'static str {
    if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether the name carries the hash of its content, as `cargo leptos` puts it: 22 characters between two dots.
fn is_hashed(path: &str) -> bool {
    let Some(name) = path.strip_prefix("pkg/").and_then(|path| path.rsplit('/').next()) else { return false };
    let mut parts = name.rsplit('.').skip(1);
    parts.next().is_some_and(is_hash) && parts.next().is_some()
}

fn is_hash(part: &str) -> bool {
    part.len() == 22 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// What Leptos must know of the site. Names with hashes are in a file for it, which is written to `folder` anew at each start.
pub fn leptos_options(folder: &Path) -> io::Result<LeptosOptions> {
    let builder =
        LeptosOptions::builder().output_name(NAME).site_pkg_dir(PKG).env(if cfg!(debug_assertions) { Env::DEV } else { Env::PROD });
    // Under `cargo leptos watch` the files change while we run; its own list beside the executable is kept up to date.
    if cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some() {
        return Ok(builder.hash_files(true).site_root("target/site").build());
    }
    let built = built();
    if built.is_empty() {
        return Ok(builder.hash_files(false).build());
    }
    let root = std::path::absolute(folder.join("site"))?;
    std::fs::create_dir_all(root.join(PKG))?;
    let list = root.join("hash.txt");
    std::fs::write(&list, built.iter().map(|file| format!("{}: {}\n", file.kind, file.hash)).collect::<String>())?;
    // Which pieces of WASM a page needs, for the page's own links to them.
    if let Some(manifest) = built.iter().find(|file| file.kind == "manifest").and_then(|file| Some((file, Site::get(&file.path)?))) {
        std::fs::write(root.join(&manifest.0.path), &manifest.1.data)?;
    }
    Ok(builder.hash_files(true).hash_file(list.to_string_lossy().into()).site_root(root.to_string_lossy()).build())
}

/// A file that Leptos must find by its hash.
struct Built {
    kind: &'static str,
    hash: String,
    path: String,
}

/// What `cargo leptos` writes into its list of hashes. Of several builds left in the folder the newest counts.
fn built() -> Vec<Built> {
    let kinds = [
        ("js", NAME, "js"),
        ("wasm", NAME, "wasm"),
        ("css", NAME, "css"),
        ("split", "__wasm_split", "js"),
        ("manifest", "__wasm_split_manifest", "json"),
    ];
    kinds
        .into_iter()
        .filter_map(|(kind, stem, extension)| {
            let built = Site::iter().filter_map(|path| {
                let hash = path.strip_prefix("pkg/")?.strip_prefix(stem)?.strip_prefix('.')?.strip_suffix(extension)?.strip_suffix('.')?;
                let hash = is_hash(hash).then(|| hash.to_owned())?;
                Some((Site::get(&path)?.metadata.last_modified(), hash, path.into_owned()))
            });
            built.max().map(|(_, hash, path)| Built { kind, hash, path })
        })
        .collect()
}

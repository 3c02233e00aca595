use super::*;

fn accept(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap())])
}

#[test]
fn only_named_codings_are_sent() {
    assert!(accepts(&accept("gzip, deflate, br"), "br"));
    assert!(accepts(&accept("BR;q=0.5"), "br"));
    assert!(!accepts(&accept("br;q=0, gzip"), "br"));
    assert!(!accepts(&accept("brotli"), "br"));
    assert!(!accepts(&HeaderMap::new(), "br"));
}

#[test]
fn hashed_names_are_kept() {
    assert_eq!(cache_control("pkg/apirequestweb.AbCdEfGhIjKlMnOpQrStU-.wasm"), "public, max-age=31536000, immutable");
    for name in ["pkg/apirequestweb.wasm", "pkg/AbCdEfGhIjKlMnOpQrStU-.js", "favicon.svg", "other/a.AbCdEfGhIjKlMnOpQrStU-.js"] {
        assert_eq!(cache_control(name), "no-cache", "{name}");
    }
}

#[test]
fn files_outside_are_not_found() {
    for path in ["/", "", "/../Cargo.toml", "/pkg/../../Cargo.toml", "/.cargo/config.toml", "/nothing.js", "/%2e%2e/Cargo.toml"] {
        assert!(find(path, &HeaderMap::new()).is_none(), "{path}");
    }
}

#[test]
fn types() {
    assert_eq!(content_type("pkg/a.wasm"), "application/wasm");
    assert_eq!(content_type("robots.txt"), "text/plain; charset=utf-8");
    assert_eq!(content_type("unknown"), "application/octet-stream");
}

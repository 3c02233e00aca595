use super::*;

/// Log-in leads to a page of ours, whatever the address says.
#[test]
fn the_way_back_stays_here() {
    for good in ["/tasks", "/tasks/7?x=1#y", "/profile?tab=keys"] {
        assert_eq!(safe_next(Some(good)), good);
    }
    let bad = [
        "",
        "tasks",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\r\nSet-Cookie: x",
        "/a b",
        "/login",
        "/logout?x",
        "/雨",
    ];
    for bad in bad.into_iter().map(Some).chain([None]) {
        assert_eq!(safe_next(bad), "/dashboard", "{bad:?}");
    }
    assert_eq!(preference_next(Some("/setup?token=a")), "/setup?token=a");
    assert_eq!(preference_next(Some("//evil.example/login")), "/dashboard");
}

#[test]
fn forms_tell_what_went_wrong_by_code() {
    let error = Error::new(model::ErrorCode::RateLimited, "x").retry_after(9);
    let response = back("/login", &error, &[("next", "/tasks/7?a=b&c=d"), ("empty", "")]);
    assert_eq!(response.headers()["location"], "/login?error=rate_limited&retry_after=9&next=%2Ftasks%2F7%3Fa%3Db%26c%3Dd");
}

//! Two-step verification over HTTP, and the two plain forms of a log-in with it.

use crate::harness::{App, Credential};
use model::accounts::Scope;
use serde_json::json;
use service::accounts::code_at;
use service::db_test;
use service::testing::{Engine, PASSWORD, TestService};

/// Switches it on; the secret and the recovery codes.
async fn switch_on(app: &App, session: &Credential) -> (String, Vec<String>) {
    let setup = app.post("/api/me/totp", session, json!({"password": PASSWORD})).await.data();
    let secret = setup["secret"].as_str().unwrap().to_owned();
    let code = code_at(&secret, app.service.clock.now()).unwrap();
    let codes = app.post("/api/me/totp/confirm", session, json!({"code": code})).await.data();
    app.service.clock.advance(30_000);
    (secret, serde_json::from_value(codes["codes"].clone()).unwrap())
}

db_test! {
    async fn set_up_and_taken_down(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 0).await;
        let wrong = app.post("/api/me/totp", &session, json!({"password": "wrong"})).await;
        assert_eq!((wrong.status.as_u16(), wrong.code().as_str()), (401, "wrong_credentials"));
        let early = app.post("/api/me/totp/confirm", &session, json!({"code": "000000"})).await;
        assert_eq!((early.status.as_u16(), early.code().as_str()), (409, "conflict"));
        let (secret, codes) = switch_on(&app, &session).await;
        let status = app.get("/api/me/totp", &session).await;
        assert_eq!(status.text, r#"{"success":true,"message":"","data":{"enabled":true,"recovery_codes_left":10}}"#);
        assert!(!status.text.contains(&secret));
        let again = app.post("/api/me/totp", &session, json!({"password": PASSWORD})).await;
        assert_eq!(again.code(), "conflict");
        let bad = app.post("/api/me/totp/disable", &session, json!({"password": PASSWORD, "code": "000000"})).await;
        assert_eq!((bad.code().as_str(), bad.json()["field"].as_str()), ("wrong_credentials", Some("code")));
        let renewed = app.post("/api/me/totp/recovery-codes", &session, json!({"password": PASSWORD, "code": codes[0]})).await.data();
        assert_eq!(renewed["codes"].as_array().unwrap().len(), 10);
        let old = app.post("/api/me/totp/disable", &session, json!({"password": PASSWORD, "code": codes[1]})).await;
        assert_eq!(old.code(), "wrong_credentials");
        let off = app.post("/api/me/totp/disable", &session, json!({"password": PASSWORD, "code": renewed["codes"][0]})).await;
        assert_eq!(off.text, r#"{"success":true,"message":"","data":null}"#);
    }

    async fn administrators_reset_it(t: TestService) {
        let app = App::bare(t);
        let (user, session) = app.session("user", 0).await;
        let admin = app.service.admin("root").await;
        let key = app.key(&admin, &[Scope::Admin]).await;
        let path = format!("/api/admin/users/{}/reset-totp", user.user_id);
        assert_eq!(app.request("POST", &path).by(&key).send().await.code(), "conflict");
        switch_on(&app, &session).await;
        assert_eq!(app.request("POST", &path).by(&session).send().await.code(), "forbidden");
        assert_eq!(app.request("POST", &path).by(&key).send().await.status.as_u16(), 200);
        assert_eq!(app.request("POST", "/api/admin/users/999/reset-totp").by(&key).send().await.code(), "not_found");
        app.log_in("user").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_second_step_is_a_plain_form() {
    let app = App::new(TestService::start(Engine::Sqlite).await).await;
    let (_, session) = app.session("user", 0).await;
    app.service.admin("root").await;
    let (secret, _) = switch_on(&app, &session).await;
    let first = app
        .request("POST", "/login")
        .form(&format!("username=user&password={}&next=%2Ftasks%2F7", PASSWORD.replace(' ', "+")))
        .send()
        .await;
    assert_eq!(first.location(), "/login/code?next=%2Ftasks%2F7");
    let cookie = first.header("set-cookie").to_owned();
    assert!(cookie.starts_with("login=") && cookie.ends_with("; Path=/; Max-Age=300; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    // What is between the steps is no session.
    let token = cookie.strip_prefix("login=").unwrap();
    assert_eq!(app.get("/api/me", &Credential::Cookie(token.to_owned())).await.status.as_u16(), 401);
    let page = app.request("GET", "/login/code?next=%2Ftasks%2F7").header("cookie", &cookie).send().await;
    assert_eq!(page.status.as_u16(), 200);
    assert!(page.text.contains(r#"action="/login/code""#) && page.text.contains("one-time-code"), "{}", page.text);

    let step = |cookie: &str, code: &str| {
        app.request("POST", "/login/code").header("cookie", cookie).form(&format!("code={code}&next=%2Ftasks%2F7")).send()
    };
    assert_eq!(step(&cookie, "000000").await.location(), "/login/code?error=wrong_credentials&next=%2Ftasks%2F7");
    assert_eq!(step("", "000000").await.location(), "/login?error=credential_expired&next=%2Ftasks%2F7");
    let good = step(&cookie, &code_at(&secret, app.service.clock.now()).unwrap()).await;
    assert_eq!(good.location(), "/tasks/7");
    let cookies: Vec<_> = good.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect();
    assert!(cookies[0].starts_with("session=") && cookies[1].starts_with("login=; Path=/; Max-Age=0"), "{cookies:?}");
    let session = Credential::Cookie(cookies[0].strip_prefix("session=").unwrap().split(';').next().unwrap().to_owned());
    assert_eq!(app.get("/api/me", &session).await.data()["username"], "user");
    assert_eq!(app.get("/login/code", &session).await.location(), "/dashboard");
}

//! Recharges, redemption codes and the notice, over HTTP.

use crate::harness::{App, Reply};
use insta::assert_snapshot;
use model::accounts::Scope;
use model::settings::Settings;
use serde_json::json;
use service::db_test;

/// Status and body with the number of the entry taken out.
fn line(reply: &Reply) -> String {
    let text = reply.line();
    match text.find("\"id\":") {
        Some(at) => {
            let end = text[at..].find(',').unwrap();
            format!("{}\"id\":0{}", &text[..at], &text[at + end..])
        }
        None => text,
    }
}

db_test! {
    async fn what_is_said_and_what_was_recharged(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 70).await;
        let admin = app.service.admin("root").await;
        let settings = Settings { recharge_content: "Pay\n\n[here](https://example.com)".to_owned(), ..Settings::default() };
        service::settings::update(&app.service, &admin, 0, settings).await.unwrap();
        assert_snapshot!(app.get("/api/recharge/info", &session).await.line(), @r#"200 {"success":true,"message":"","data":{"content":"Pay\n\n[here](https://example.com)","html":"<p>Pay</p>\n<p><a href=\"https://example.com\">here</a></p>\n","low_balance":0}}"#);
        assert_snapshot!(line(&app.get("/api/recharge/records", &session).await), @r#"200 {"success":true,"message":"","data":{"items":[{"id":0,"created_at":"2026-01-01T00:00:00.000Z","points":70,"type":"recharge","note":"test"}],"total":1,"page":1,"page_size":20}}"#);
    }

    async fn codes_from_making_to_redeeming(t: TestService) {
        let app = App::bare(t);
        let admin = app.service.admin("root").await;
        let root = app.key(&admin, &[Scope::Admin]).await;
        let (_, session) = app.session("user", 0).await;
        let body = json!({"points": 50, "count": 3, "note": "spring", "expires_at": "2026-01-02T00:00:00Z"});
        let made = app.post("/api/admin/redemption-codes", &root, body).await;
        assert_eq!(made.status.as_u16(), 201);
        let (batch, codes) = (made.data()["batch"].clone(), made.data()["codes"].clone());
        let (batch, code) = (batch.as_str().unwrap(), |n: usize| codes[n].as_str().unwrap().to_owned());

        let redeem = async |code: String| app.post("/api/recharge/redeem", &session, json!({"code": code})).await;
        assert_snapshot!(redeem(code(0)).await.line(), @r#"200 {"success":true,"message":"","data":{"points":50,"available":50}}"#);
        assert_snapshot!(redeem(code(0)).await.line(), @r#"409 {"success":false,"message":"You have redeemed this code before.","data":null,"code":"already_redeemed","request_id":"test","field":"code"}"#);
        assert_snapshot!(redeem("nonsense".to_owned()).await.line(), @r#"422 {"success":false,"message":"There is no such redemption code.","data":null,"code":"redemption_code_unknown","request_id":"test","field":"code"}"#);
        let (_, other) = app.session("other", 0).await;
        let late = app.post("/api/recharge/redeem", &other, json!({"code": code(0)})).await;
        assert_snapshot!(late.line(), @r#"409 {"success":false,"message":"This redemption code is used up.","data":null,"code":"redemption_code_used_up","request_id":"test","field":"code"}"#);

        let mut listed = app.get(&format!("/api/admin/redemption-codes?batch={batch}&state=used_up"), &root).await.data();
        for name in ["batch", "prefix"] {
            listed["items"][0][name].take();
        }
        assert_snapshot!(listed, @r#"{"items":[{"batch":null,"created_at":"2026-01-01T00:00:00.000Z","expires_at":"2026-01-02T00:00:00.000Z","id":1,"note":"spring","points":50,"prefix":null,"redeemers":[{"redeemed_at":"2026-01-01T00:00:00.000Z","user_id":2,"username":"user"}],"state":"used_up","used":1,"uses":1}],"page":1,"page_size":20,"total":1}"#);
        let off = app.get("/api/admin/redemption-codes?state=active&page_size=1", &root).await.data()["items"][0]["id"].clone();
        assert_snapshot!(app.post(&format!("/api/admin/redemption-codes/{off}/disable"), &root, json!({})).await.line(), @r#"200 {"success":true,"message":"","data":{"disabled":1}}"#);
        assert_snapshot!(app.post(&format!("/api/admin/redemption-batches/{batch}/disable"), &root, json!({})).await.line(), @r#"200 {"success":true,"message":"","data":{"disabled":2}}"#);
        assert_snapshot!(app.post("/api/admin/redemption-batches/nothing/disable", &root, json!({})).await.line(), @r#"404 {"success":false,"message":"There is no such redemption code.","data":null,"code":"not_found","request_id":"test"}"#);
        assert_eq!(redeem(code(1)).await.code(), "redemption_code_unknown");
        let wrong = app.post("/api/admin/redemption-codes", &root, json!({"points": 50, "count": 0})).await;
        assert_snapshot!(wrong.line(), @r#"422 {"success":false,"message":"A batch has 1 to 10000 codes.","data":null,"code":"invalid","request_id":"test","field":"count"}"#);

        app.service.clock.advance(86_400_000);
        let made = app.post("/api/admin/redemption-codes", &root, json!({"points": 1, "count": 1, "expires_at": "2026-01-02T00:00:01Z"})).await;
        app.service.clock.advance(1000);
        assert_snapshot!(redeem(made.data()["codes"][0].as_str().unwrap().to_owned()).await.line(), @r#"422 {"success":false,"message":"This redemption code has expired.","data":null,"code":"redemption_code_expired","request_id":"test","field":"code"}"#);
    }

    async fn guessing_has_to_wait(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 0).await;
        for _ in 0..10 {
            app.post("/api/recharge/redeem", &session, json!({"code": "x"})).await;
        }
        let waits = app.post("/api/recharge/redeem", &session, json!({"code": "x"})).await;
        assert_snapshot!(waits.line(), @r#"429 {"success":false,"message":"Too many attempts. Try again in 61 seconds.","data":null,"code":"rate_limited","request_id":"test","retry_after":61}"#);
    }

    async fn administrators_add_and_take_back(t: TestService) {
        let app = App::bare(t);
        let admin = app.service.admin("root").await;
        let root = app.key(&admin, &[Scope::Admin]).await;
        let (user, session) = app.session("user", 0).await;
        let to = |what: &str| format!("/api/admin/users/{}/{what}", user.user_id);
        assert_snapshot!(app.post(&to("recharge"), &root, json!({"points": 100, "note": "paid"})).await.line(), @r#"200 {"success":true,"message":"","data":{"points":100,"balance":{"available":100,"held":0}}}"#);
        assert_snapshot!(app.post(&to("reverse-recharge"), &root, json!({"points": 130})).await.line(), @r#"403 {"success":false,"message":"130 points are needed and 100 are available.","data":null,"code":"insufficient_points","request_id":"test"}"#);
        assert_snapshot!(app.post(&to("reverse-recharge"), &root, json!({"points": 130, "up_to_available": true})).await.line(), @r#"200 {"success":true,"message":"","data":{"points":100,"balance":{"available":0,"held":0}}}"#);
        assert_snapshot!(app.post(&to("recharge"), &root, json!({"points": 0})).await.line(), @r#"422 {"success":false,"message":"Points must be a whole number from 1 to 1000000000000.","data":null,"code":"invalid","request_id":"test","field":"points"}"#);
        assert_eq!(app.post("/api/admin/users/999/recharge", &root, json!({"points": 1})).await.code(), "not_found");
        let mut all = app.get("/api/admin/recharge/records", &root).await.data();
        for record in all["items"].as_array_mut().unwrap() {
            record["id"].take();
            record["user_id"].take();
        }
        assert_snapshot!(all, @r#"{"items":[{"actor":"root","created_at":"2026-01-01T00:00:00.000Z","id":null,"note":"","points":-100,"type":"reverse_recharge","user_id":null,"username":"user"},{"actor":"root","created_at":"2026-01-01T00:00:00.000Z","id":null,"note":"paid","points":100,"type":"recharge","user_id":null,"username":"user"}],"page":1,"page_size":20,"total":2}"#);
        assert_eq!(app.get("/api/recharge/records", &session).await.data()["total"], 2);
    }

    async fn the_notice(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 100).await;
        let set = app.request("PUT", "/api/recharge/low-balance").by(&session).json(json!({"threshold": 60})).send().await;
        assert_snapshot!(set.line(), @r#"200 {"success":true,"message":"","data":null}"#);
        assert_eq!(app.get("/api/me", &session).await.data()["low_balance"], 60);
        let wrong = app.request("PUT", "/api/recharge/low-balance").by(&session).json(json!({"threshold": -1})).send().await;
        assert_snapshot!(wrong.line(), @r#"422 {"success":false,"message":"The threshold must be a whole number from 0 to 1000000000000.","data":null,"code":"invalid","request_id":"test","field":"threshold"}"#);
    }
}

//! The ledger: its JSON names, filters, and the file.

use crate::harness::App;
use insta::assert_snapshot;
use serde_json::json;
use service::actor::Actor;
use service::{db_test, ledger};

db_test! {
    async fn movements_with_their_sums(t: TestService) {
        let app = App::new(t).await;
        let (user, session) = app.session("user", 70).await;
        app.service.submit(&user, "song", "rain").await;
        let mut data = app.get("/api/ledger?page_size=5", &session).await.data();
        for entry in data["items"].as_array_mut().unwrap() {
            entry["id"].take();
        }
        data["items"][1]["reference"].take();
        assert_snapshot!(data, @r#"{"items":[{"available_after":40,"created_at":"2026-01-01T00:00:00.000Z","held_after":30,"id":null,"kind":"hold","note":"","points":30,"reference":"task:1:run:1:hold","target":{"id":1,"kind":"task","run":1}},{"available_after":70,"created_at":"2026-01-01T00:00:00.000Z","held_after":0,"id":null,"kind":"recharge","note":"test","points":70,"reference":null,"target":{"kind":"recharge"}}],"page":1,"page_size":5,"sums":{"captured":0,"end":null,"recharged":70,"refunded":0,"released":0,"reversed":0,"start":null},"total":2}"#);
        let narrowed = app.get("/api/ledger?kind=hold&q=1&start=2026-01-01T00:00:00Z&end=2026-01-01T00:10:00Z", &session).await.data();
        assert_eq!((&narrowed["total"], &narrowed["sums"]["end"]), (&json!(1), &json!("2026-01-01T00:15:00.000Z")));
        let refused = app.get("/api/ledger?q=nonsense", &session).await;
        assert_snapshot!(refused.line(), @r#"422 {"success":false,"message":"Search for the number of a task, or for the beginning of a reference such as `task:7`.","data":null,"code":"invalid","request_id":"test","field":"q"}"#);
        let refused = app.get("/api/ledger?start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z", &session).await;
        assert_snapshot!(refused.line(), @r#"422 {"success":false,"message":"The range must end after it starts.","data":null,"code":"invalid","request_id":"test","field":"end"}"#);
        let refused = app.get("/api/ledger?kind=gift", &session).await;
        assert_snapshot!(refused.line(), @r#"400 {"success":false,"message":"`kind` must be one of `hold`, `capture`, `release`, `refund`, `recharge`, `reverse_recharge`, not the text \"gift\".","data":null,"code":"bad_request","request_id":"test","field":"kind"}"#);
    }

    async fn the_file(t: TestService) {
        let app = App::new(t).await;
        let (user, session) = app.session("user", 0).await;
        let (_, stranger) = app.session("stranger", 5).await;
        for number in 0..1_005 {
            let note = if number == 1_004 { "=cmd|' /C calc'!A0,\"x\"" } else { "" };
            ledger::recharge(&app.service, &Actor::system(), user.user_id, 1, note).await.unwrap();
        }
        let file = app.get("/api/ledger/export.csv?page=7", &session).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"ledger.csv\"");
        let lines: Vec<_> = file.text.split("\r\n").collect();
        assert_eq!(lines[0], "\u{feff}id,created_at,kind,points,available_change,held_change,available_after,held_after,reference,note");
        assert_eq!(lines.len(), 1_005 + 2);
        assert!(lines[1].ends_with(",\"'=cmd|' /C calc'!A0,\"\"x\"\"\""), "{}", lines[1]);
        assert!(lines[1].contains(",2026-01-01T00:00:00.000Z,recharge,1,1,0,1005,0,recharge:"), "{}", lines[1]);
        let ids: Vec<i64> = lines[1..=1_005].iter().map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
        assert!(ids.is_sorted_by(|a, b| a > b), "newest first, each once");
        assert_eq!(app.get("/api/ledger/export.csv", &stranger).await.text.lines().count(), 2);
        let none = app.get("/api/ledger/export.csv?kind=capture", &session).await;
        assert_eq!(none.text.lines().count(), 1);
        assert_eq!(app.get("/api/ledger/export.csv?q=nonsense", &session).await.code(), "invalid");
    }
}

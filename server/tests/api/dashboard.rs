//! The dashboard: its JSON names, and what it refuses.

use crate::harness::App;
use insta::assert_snapshot;
use service::db_test;

db_test! {
    async fn names_of_the_dashboard(t: TestService) {
        let app = App::new(t).await;
        let (user, session) = app.session("user", 100).await;
        app.service.submit(&user, "song", "rain").await;
        let mut data = app.get("/api/dashboard?start=2026-01-01&end=2026-01-03&tz=%2B05:45", &session).await.data();
        let series = data["series"].take();
        data["recharge_records"][0]["id"].take();
        assert_snapshot!(data, @r#"{"api_latency":{"p50_ms":null,"p95_ms":null},"api_ranking":[],"end":"2026-01-03T18:15:00.000Z","feature_ranking":[{"consume_count":1,"consumed_points":0,"feature_id":1,"feature_name":"文本转音乐","success_rate":0.0}],"first_day":"2026-01-01","last_day":"2026-01-03","latency":{"p50_ms":null,"p95_ms":null},"points":{"available_points":70,"consumed_total":0,"earned_total":100,"held_points":30,"net_change":100},"recharge_records":[{"created_at":"2026-01-01T00:00:00.000Z","id":null,"note":"test","points":100,"type":"recharge"}],"recharge_summary":{"recharge_in_points":100,"recharge_points_total":100,"recharge_records_total":1,"reverse_recharge_points":0},"series":null,"start":"2025-12-31T18:15:00.000Z","step":"day","task_stats":{"cancelled":0,"failed":0,"failure_rate":0.0,"success":0,"success_rate":0.0,"total":1},"tz":"+05:45"}"#);
        assert_snapshot!(series[0], @r#"{"begun":1,"cancelled":0,"consumed":0,"earned":100,"failed":0,"label":"2026-01-01","p50_ms":null,"p95_ms":null,"start":"2025-12-31T18:15:00.000Z","succeeded":0}"#);
        assert_eq!(series.as_array().unwrap().len(), 3);
    }

    async fn what_it_refuses(t: TestService) {
        let app = App::bare(t);
        let (_, session) = app.session("user", 0).await;
        let refused = app.get("/api/dashboard?tz=Nowhere", &session).await;
        assert_snapshot!(refused.line(), @r#"422 {"success":false,"message":"Give a time zone such as `Asia/Shanghai`, or an offset such as `+08:00`.","data":null,"code":"invalid","request_id":"test","field":"tz"}"#);
        let refused = app.get("/api/dashboard?start=2026-01-02&end=2026-01-01", &session).await;
        assert_snapshot!(refused.line(), @r#"422 {"success":false,"message":"The range must end after it starts.","data":null,"code":"invalid","request_id":"test","field":"end"}"#);
        let refused = app.get("/api/dashboard?range=7d&start=2026-01-02", &session).await;
        assert_snapshot!(refused.line(), @r#"422 {"success":false,"message":"Give a range or a start, not both.","data":null,"code":"invalid","request_id":"test","field":"range"}"#);
        let refused = app.get("/api/dashboard?from=2026-01-02", &session).await;
        assert_snapshot!(refused.line(), @r#"400 {"success":false,"message":"There is no parameter `from`; known: range, start, end, tz.","data":null,"code":"bad_request","request_id":"test","field":"from"}"#);
    }
}

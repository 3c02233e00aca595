use super::*;
use crate::db_test;
use crate::testing::{Engine, TestService};
use model::ErrorCode;
use model::settings::SettingsChange;
use serde_json::json;

fn change(version: i64, settings: serde_json::Value) -> SettingsChange {
    SettingsChange { version, settings: settings.as_object().unwrap().clone() }
}

fn named(name: &str) -> Settings {
    Settings { site_name: name.to_owned(), ..Settings::default() }
}

db_test! {
    async fn a_change_is_seen_audited_and_fenced(t: TestService) {
        let admin = t.admin("root").await;
        let other = t.another_node().await;
        assert_eq!(update(&t, &admin, 0, named("一")).await.unwrap().version, 1);
        assert_eq!(t.settings.current().site_name, "一");
        assert_eq!(other.settings.current().site_name, "");
        assert!(refresh(&other).await.unwrap());
        assert_eq!(other.settings.current().site_name, "一");
        assert!(!refresh(&other).await.unwrap());
        // The other administrator still looks at version 0, or at one that never was.
        for stale in [0, 7] {
            assert_eq!(update(&other, &admin, stale, named("二")).await.unwrap_err().code, ErrorCode::Conflict);
        }
        assert_eq!(update(&other, &admin, 1, named("三")).await.unwrap().version, 2);
        let user = t.user("alice", 0).await;
        assert_eq!(update(&t, &user, 2, named("四")).await.unwrap_err().code, ErrorCode::Forbidden);
        let rows = t.db.fetch_all(query("SELECT action, actor_name, before_value, after_value FROM audit_log WHERE action = 'settings.update' ORDER BY id")).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].get::<String>("actor_name").unwrap(), "root");
        // Before the first change there were the defaults.
        assert!(rows[0].get::<Option<String>>("before_value").unwrap().unwrap().contains("site_name"));
        assert!(rows[1].get::<Option<String>>("before_value").unwrap().unwrap().contains("一"));
        assert!(rows[1].get::<Option<String>>("after_value").unwrap().unwrap().contains("三"));
    }

    async fn a_version_that_nobody_saw_is_refused_at_first(t: TestService) {
        let admin = t.admin("root").await;
        assert_eq!(update(&t, &admin, 3, named("x")).await.unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(t.settings.versioned().version, 0);
    }

    async fn a_part_is_changed_and_the_rest_stays(t: TestService) {
        let admin = t.admin("root").await;
        assert_eq!(view(&t, &admin).unwrap().version, 0);
        let first = patch(&t, &admin, change(0, json!({"site_name": "一", "registration": "open"}))).await.unwrap();
        assert_eq!((first.version, first.settings.site_name.as_str()), (1, "一"));
        let second = patch(&t, &admin, change(1, json!({"min_interval_seconds": 9}))).await.unwrap();
        assert_eq!((second.settings.site_name.as_str(), second.settings.min_interval_seconds), ("一", Some(9)));
        assert_eq!(patch(&t, &admin, change(1, json!({"site_name": "x"}))).await.unwrap_err().code, ErrorCode::Conflict);
        let replaced = replace(&t, &admin, change(2, json!({"site_name": "二"}))).await.unwrap();
        assert_eq!((replaced.settings.site_name.as_str(), replaced.settings.min_interval_seconds), ("二", None));
        let user = t.user("alice", 0).await;
        assert_eq!(view(&t, &user).unwrap_err().code, ErrorCode::Forbidden);
        assert_eq!(patch(&t, &user, change(3, json!({}))).await.unwrap_err().code, ErrorCode::Forbidden);
    }

    async fn nonsense_is_refused_with_its_field(t: TestService) {
        let admin = t.admin("root").await;
        for (field, value) in [
            ("site_nam", json!("x")),
            ("site_name", json!("x".repeat(41))),
            ("site_name", json!("two\nlines")),
            ("site_name", json!(7)),
            ("registration", json!("perhaps")),
            ("request_limit_per_minute", json!(-1)),
            ("max_parallel_per_user", json!(10_001)),
            ("min_interval_seconds", json!(0)),
            ("default_interval_seconds", json!(86_401)),
            ("task_retention_days", json!(0)),
            ("attempt_retention_days", json!(-5)),
            ("low_balance_default", json!(-1)),
            ("webhook_retention_days", json!(0)),
            ("request_log_days", json!(-1)),
            ("request_log_megabytes", json!(-1)),
            ("request_log_body_bytes", json!(2_000_000)),
            ("outbound_allow", json!(["10.0.0.0/8"])),
            ("outbound_allow", json!("10.0.0.0/8:*")),
            ("outbound_allow", json!(["example.com:80"])),
        ] {
            let error = patch(&t, &admin, change(0, json!({ field: value }))).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field), "{value}: {error}");
        }
        assert_eq!(t.settings.versioned().version, 0);
        let both = json!({"min_interval_seconds": 60, "default_interval_seconds": 30});
        assert_eq!(patch(&t, &admin, change(0, both)).await.unwrap_err().field.as_deref(), Some("default_interval_seconds"));
    }

    async fn settings_go_before_the_configuration_at_once_and_on_every_node(t: TestService) {
        let admin = t.admin("root").await;
        let other = t.another_node().await;
        assert_eq!((t.intervals().default_seconds, t.intervals().min_seconds), (5, 5));
        assert!(t.api_key_in_query() && t.request_limit_per_minute() == 0 && t.max_parallel_per_user() == 192);
        let set = json!({
            "min_interval_seconds": 30, "api_key_in_query": false, "request_limit_per_minute": 7, "max_parallel_per_user": 0,
            "outbound_allow": ["10.9.0.0/16:8080"]
        });
        assert!(t.http.check_url("http://10.9.1.1:8080/").is_err());
        patch(&t, &admin, change(0, set)).await.unwrap();
        assert!(refresh(&other).await.unwrap());
        for node in [&*t, &other] {
            assert_eq!((node.intervals().default_seconds, node.intervals().min_seconds), (30, 30));
            assert!(!node.api_key_in_query() && node.request_limit_per_minute() == 7 && node.max_parallel_per_user() == 0);
            assert!(node.http.check_url("http://10.9.1.1:8080/").is_ok());
            assert!(node.http.check_url("http://10.9.1.1:8081/").is_err());
        }
        patch(&t, &admin, change(1, json!({"outbound_allow": []}))).await.unwrap();
        assert!(t.http.check_url("http://10.9.1.1:8080/").is_err());
        // What the configuration allows stays allowed.
        assert!(t.http.check_url("http://127.0.0.1:8080/").is_ok());
    }
}

#[tokio::test]
async fn a_restart_keeps_the_allow_list() {
    let t = TestService::start(Engine::Sqlite).await;
    let admin = t.admin("root").await;
    patch(&t, &admin, change(0, json!({"outbound_allow": ["10.9.0.0/16:8080"]}))).await.unwrap();
    assert!(t.another_node().await.http.check_url("http://10.9.1.1:8080/").is_ok());
}

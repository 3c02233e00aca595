use super::draft::{Draft, blank};
use crate::i18n::{Lang, Strings};
use crate::page::admin::mistakes::Mistakes;
use leptos::prelude::*;
use model::rules::Rule;
use serde_json::json;

fn full() -> Rule {
    serde_json::from_value(json!({
        "name": "music", "sign": "kling_jwt", "result_path": "$.r", "error_path": "$.e", "answer_statuses": {"404": 410}, "max_retries": -1, "interval_seconds": 6, "retry_on": "any",
        "timeout_seconds": 20, "overall_timeout_seconds": 3600, "delivery": "at_most_once",
        "request": {"method": "PUT", "url": "{{ channel.base_url }}/x", "headers": {"A": "1", "B": "2"}, "body": {"a": ["{{ params.x }}", 1, null]}},
        "success": {"statuses": [200, 201], "path": "$.code", "equals": 1},
        "poll": {
            "task_id_path": "$.id", "request": {"method": "GET", "url": "{{ channel.base_url }}/{{ upstream_id }}"}, "interval_seconds": 2,
            "status_path": "$.s", "status_map": {"A": "success", "B": "failure", "C": "queued", "D": "in_progress"}, "progress_path": "$.p",
            "result_path": "$.q", "failure_path": "$.f", "cancel": {"method": "DELETE", "url": "{{ channel.base_url }}/{{ upstream_id }}"},
            "batch": {"items_path": "$.d", "id_path": "$.i", "max_ids": 7}, "failure_when": {"path": "$.e"},
            "result_request": {"method": "GET", "url": "{{ channel.base_url }}/{{ answer.file }}"},
        },
    }))
    .unwrap()
}

#[test]
fn a_definition_survives_the_form() {
    Owner::new().with(|| {
        let t = Strings::of(Lang::En);
        for rule in [full(), blank(), Rule { poll: None, ..full() }] {
            let mistakes = Mistakes::new();
            assert_eq!(untrack(|| Draft::new(rule.clone(), mistakes).read(t)), rule);
            assert!(mistakes.is_empty());
        }
    });
}

#[test]
fn what_cannot_be_read_is_said_at_its_place() {
    Owner::new().with(|| {
        let t = Strings::of(Lang::En);
        let draft = Draft::new(full(), Mistakes::new());
        draft.statuses.set("200, many".to_owned());
        draft.success_equals.set("{".to_owned());
        draft.timeout.set(String::new());
        untrack(|| draft.read(t));
        for place in ["success.statuses", "success.equals", "timeout_seconds"] {
            assert!(draft.mistakes.of(place).get_untracked().is_some(), "{place}");
        }
    });
}

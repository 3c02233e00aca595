//! Lists have one rule for what is out of range, whatever they list.

use crate::harness::App;
use insta::assert_snapshot;
use model::accounts::Scope;
use model::error::ErrorCode;
use serde_json::Value;
use server::openapi::describe;
use service::db_test;
use std::collections::BTreeSet;

/// Every list of the OpenAPI document with the names of its parameters: what has pages.
fn lists() -> Vec<(String, Vec<String>)> {
    let document = describe();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let names: Vec<String> = parameters.filter_map(|parameter| parameter["name"].as_str().map(str::to_owned)).collect();
        if names.iter().any(|name| name == "page") {
            assert!(!item["get"]["responses"]["422"].is_null(), "{path} does not say what it refuses");
            found.push((path.replace("{id}", "1"), names));
        }
    }
    found
}

fn told(answer: &Value) -> String {
    ["code", "field", "message"].map(|name| answer[name].as_str().unwrap_or_default()).join(" | ")
}

db_test! {
    async fn all_lists_judge_alike(t: TestService) {
        let app = App::new(t).await;
        let root = app.service.admin("root").await;
        let key = app.key(&root, &Scope::ALL).await;
        let lists = lists();
        assert!(lists.len() > 20, "{lists:?}");
        let range = "start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z";
        let empty = "start=2026-01-02T00:00:00Z&end=2026-01-02T00:00:00Z";
        let cases = [
            ("page=0", "page"), ("page=-1", "page"), ("page=999999999", "page"), ("page=two", "page"), ("page_size=0", "page"),
            ("page_size=101", "page"), ("page=1&page=2", "page"), (range, "start"), (empty, "start"), ("start=yesterday", "start"),
            ("order=up", "order"),
        ];
        let mut answers = BTreeSet::new();
        for (case, needs) in cases {
            for (path, names) in lists.iter().filter(|(_, names)| names.iter().any(|name| name == needs)) {
                let reply = app.get(&format!("{path}?{case}"), &key).await;
                assert!(matches!(reply.status.as_u16(), 400 | 422), "{path}?{case}: {} {names:?}", reply.line());
                answers.insert(format!("{case}: {} {}", reply.status.as_u16(), told(&reply.json())));
            }
        }
        // One line a case: no list has an answer of its own.
        assert_snapshot!(answers.into_iter().collect::<Vec<_>>().join("\n"), @r#"
        order=up: 400 bad_request | order | `order` must be one of `asc`, `desc`, not the text "up".
        page=-1: 422 invalid | page | `page` must be 1 to 1000000.
        page=0: 422 invalid | page | `page` must be 1 to 1000000.
        page=1&page=2: 400 bad_request | page | The parameter `page` is there twice.
        page=999999999: 422 invalid | page | `page` must be 1 to 1000000.
        page=two: 400 bad_request | page | `page` must be a number, not the text "two".
        page_size=0: 422 invalid | page_size | `page_size` must be 1 to 100.
        page_size=101: 422 invalid | page_size | `page_size` must be 1 to 100.
        start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z: 422 invalid | end | The range must end after it starts.
        start=2026-01-02T00:00:00Z&end=2026-01-02T00:00:00Z: 422 invalid | end | The range must end after it starts.
        start=yesterday: 400 bad_request | start | `start` must be an RFC 3339 time such as 2026-01-31T08:15:30Z, not the text "yesterday".
        "#);
        // What can be sorted says what by; what cannot has no such parameter.
        for (path, names) in &lists {
            let reply = app.get(&format!("{path}?sort=colour"), &key).await;
            let sorts = names.iter().any(|name| name == "sort");
            let sentence = if sorts { "`sort` must be one of " } else { "There is no parameter `sort`; known: " };
            let answer = reply.json();
            assert!(answer["message"].as_str().unwrap().starts_with(sentence), "{path}: {answer}");
            assert_eq!((answer["code"].as_str(), answer["field"].as_str()), (Some(ErrorCode::BadRequest.as_str()), Some("sort")), "{path}");
        }
        // The edges are inside.
        for (path, _) in lists.iter().filter(|(path, _)| !path.contains("/1/")) {
            assert_eq!(app.get(&format!("{path}?page=1&page_size=100"), &key).await.status, 200, "{path}");
        }
    }
}

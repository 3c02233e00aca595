use super::json_tree::count;
use super::link::escape;
use super::snippet_text::{Call, Language};
use super::time::{ago, utc};
use crate::i18n::Lang;
use model::time::Timestamp;
use serde_json::json;

#[test]
fn samples_quote_what_they_contain() {
    let call = Call {
        method: "POST".into(),
        url: "https://x.example/a'b".into(),
        key: "k\"1".into(),
        body: Some(json!({"a": "it's $HOME \\ \"q\""})),
    };
    let shell = call.write(Language::Curl);
    assert!(shell.contains(r"'https://x.example/a'\''b'") && shell.contains(r"it'\''s $HOME"), "{shell}");
    assert!(call.write(Language::Python).contains(r#""X-API-Key": "k\"1""#));
    assert!(call.write(Language::Php).contains(r"it\'s $HOME"));
    assert!(call.write(Language::Go).contains("strings.NewReader("));
    assert!(call.write(Language::Node).contains("JSON.stringify({"));
}

#[test]
fn samples_without_a_body_send_none() {
    let call = Call { method: "GET".into(), url: "http://h/api/me".into(), key: "k".into(), body: None };
    assert_eq!(call.write(Language::Curl), "curl -X GET 'http://h/api/me' \\\n  -H 'X-API-Key: k'");
    assert!(call.write(Language::Go).contains("http.NewRequest(\"GET\", \"http://h/api/me\", nil)"));
}

#[test]
fn queries_are_escaped_alike_on_both_sides() {
    assert_eq!(escape("created_at"), "created_at");
    assert_eq!(escape("a b&c=%/音"), "a%20b%26c%3D%25%2F%E9%9F%B3");
}

#[test]
fn times_for_people() {
    let now = 1_000_000_000;
    let shown = |seconds: i64, lang| ago(Timestamp(now - seconds * 1000), now, lang);
    assert_eq!(shown(2, Lang::En).as_deref(), Some("just now"));
    assert_eq!(shown(60, Lang::En).as_deref(), Some("1 minute ago"));
    assert_eq!(shown(7200, Lang::Zh).as_deref(), Some("2 小时前"));
    assert_eq!(shown(-86_400, Lang::En).as_deref(), Some("in 1 day"));
    assert_eq!(shown(90 * 86_400, Lang::En), None);
    assert_eq!(utc(Timestamp(0)), "1970-01-01 00:00:00 UTC");
}

#[test]
fn counting_stops_at_its_limit() {
    assert_eq!(count(&json!([1, {"a": [2, 3]}]), 100), 6);
    assert_eq!(count(&json!(vec![0; 1000]), 10), 10);
}

/// See `handler.rs` for why. Elements begin with a small letter, widgets with a capital one.
#[test]
fn no_listener_is_spread_onto_a_widget() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let spread = widget_tags(&text).filter(|tag| tag.contains(" on:")).map(|tag| format!("{}: {tag}", path.display()));
                found.extend(spread);
            }
        }
    }
    assert!(found.is_empty(), "use `on_click=` and the like: {found:#?}");
}

/// The opening tags of widgets, up to the `>` that ends them: one that is not part of `=>`, `->` or a braced expression.
fn widget_tags(text: &str) -> impl Iterator<Item = String> + '_ {
    let starts = text.match_indices('<').filter(|(at, _)| {
        let follows_word = text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == ':' || c == '_');
        !follows_word && text[at + 1..].starts_with(|c: char| c.is_ascii_uppercase())
    });
    starts.map(|(at, _)| {
        let (mut depth, mut before) = (0i32, ' ');
        let tag = text[at..].chars().take_while(|c| {
            depth += i32::from("({[".contains(*c)) - i32::from(")}]".contains(*c));
            let ends = depth < 0 || (*c == '>' && depth == 0 && before != '=' && before != '-');
            before = *c;
            !ends
        });
        tag.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

use super::draft::{Draft, blank};
use crate::i18n::{Lang, Strings};
use leptos::prelude::*;
use model::features::{Feature, Visibility};
use serde_json::json;

fn full() -> Feature {
    serde_json::from_value(json!({
        "key": "song", "name": "歌曲", "description": "a\nb", "category": "音乐", "platform": "suno", "action": "song", "rule": "music",
        "points": 5, "price_kind": "per_submission", "billing_hint": "5", "max_retries": -1, "interval_seconds": 10,
        "max_parallel_per_user": 4, "sort_order": 30, "enabled": false, "visibility": "users", "visible_to": ["alice", "bob"],
        "result_fields": [{"label": "音频", "path": "$.a"}],
        "form_schema": [
            {"key": "prompt", "label": "P", "type": "textarea", "required": true, "example": "a river", "min_length": 2, "max_length": 200},
            {"key": "count", "type": "number", "integer": true, "min": 1.0, "max": 4.5, "default": 1, "help": "h"},
            {"key": "style", "type": "select", "options": [{"value": "ink", "label": "水墨"}, {"value": 2}], "default": 2},
            {"key": "on", "type": "boolean", "default": true},
            {"key": "more", "type": "json", "default": {"a": [1]}},
            {"key": "cover", "type": "file-url", "example": "https://x.example/a.png"},
        ],
    }))
    .unwrap()
}

#[test]
fn a_definition_survives_the_form() {
    Owner::new().with(|| {
        let t = Strings::of(Lang::En);
        let draft = Draft::new(full());
        assert_eq!(untrack(|| draft.read(t)), full());
        assert!(draft.mistakes.is_empty());
    });
}

#[test]
fn what_cannot_be_read_is_said_at_its_place() {
    Owner::new().with(|| {
        let t = Strings::of(Lang::En);
        let draft = Draft::new(full());
        draft.points.set("many".to_owned());
        draft.visibility.set("hidden".to_owned());
        untrack(|| {
            draft.fields.get()[1].min.set("few".to_owned());
            draft.fields.get()[4].default.set("{".to_owned());
        });
        let read = untrack(|| draft.read(t));
        assert_eq!((read.visibility, read.visible_to.len()), (Visibility::Hidden, 0));
        for place in ["points", "form_schema[1].min", "form_schema[4].default"] {
            assert!(draft.mistakes.of(place).get_untracked().is_some(), "{place}");
        }
        assert!(draft.mistakes.of("form_schema[0]").get_untracked().is_none());
        let new = Draft::new(blank());
        assert_eq!(untrack(|| new.read(t)), blank());
    });
}

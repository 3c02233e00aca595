use super::texts::{HeaderText, TaskTexts};
use super::values::{check_text, text_of, value_of};
use super::{limits, plain};
use crate::i18n::{Lang, Strings};
use model::form::FormField;
use serde_json::{Value, json};

fn field(definition: Value) -> FormField {
    serde_json::from_value(definition).unwrap()
}

#[test]
fn texts_become_typed_values_and_back() {
    for (definition, text, value) in [
        (json!({"key": "a"}), " x ", json!(" x ")),
        (json!({"key": "a", "type": "url"}), " https://x.example ", json!("https://x.example")),
        (json!({"key": "a", "type": "number"}), "9007199254740993", json!(9_007_199_254_740_993_i64)),
        (json!({"key": "a", "type": "number"}), "-0.5", json!(-0.5)),
        (json!({"key": "a", "type": "boolean"}), "true", json!(true)),
        (json!({"key": "a", "type": "select", "options": [{"value": 2, "label": "Two"}]}), "2", json!(2)),
        (json!({"key": "a", "type": "select", "options": [{"value": 2, "label": "Two"}]}), "Two", json!(2)),
        (json!({"key": "a", "type": "json"}), "{\"b\": [1]}", json!({"b": [1]})),
    ] {
        let field = field(definition);
        assert_eq!(value_of(&field, text), Ok(Some(value.clone())), "{text}");
        assert_eq!(value_of(&field, &text_of(&field, &value)), Ok(Some(value)), "{text} again");
    }
}

#[test]
fn empty_is_not_given_and_defaults_fill_in() {
    let with_default = field(json!({"key": "n", "type": "number", "default": 3}));
    assert_eq!(check_text(&with_default, "  "), Ok(Some(json!(3))));
    assert_eq!(check_text(&field(json!({"key": "n"})), ""), Ok(None));
    assert!(check_text(&field(json!({"key": "n", "required": true})), "").is_err());
}

#[test]
fn mistakes_name_their_field() {
    for (definition, text) in [
        (json!({"key": "n", "type": "number"}), "inf"),
        (json!({"key": "n", "type": "number", "min": 1}), "0"),
        (json!({"key": "n", "type": "json"}), "{"),
        (json!({"key": "n", "type": "boolean"}), "perhaps"),
        (json!({"key": "n", "type": "select", "options": [{"value": "a"}]}), "b"),
    ] {
        let field = field(definition);
        let error = check_text(&field, text).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("n"), "{text}");
        assert!(!limits::complaint(Strings::of(Lang::Zh), &field, &error).is_ascii(), "{text}");
    }
}

#[test]
fn a_whole_form_becomes_a_task() {
    let fields = [field(json!({"key": "prompt", "required": true})), field(json!({"key": "count", "type": "number", "default": 1}))];
    let mut texts = TaskTexts { name: " n ".into(), max_retries: "2".into(), priority: "urgent".into(), ..TaskTexts::default() };
    texts.params.insert("prompt".into(), "a".into());
    texts.headers = vec![HeaderText::default(), HeaderText { name: "X-A".into(), value: "1".into() }];
    let task = texts.new_task(&fields).unwrap();
    assert_eq!(
        serde_json::to_value(task).unwrap(),
        json!({"params": {"prompt": "a", "count": 1}, "name": "n", "headers": {"X-A": "1"}, "max_retries": 2, "priority": "urgent"})
    );
    texts.headers[0].name = "a b".into();
    assert_eq!(texts.new_task(&fields).unwrap_err().field.as_deref(), Some("headers"));
}

#[test]
fn limits_of_retries_and_intervals() {
    let t = Strings::of(Lang::En);
    assert!(limits::retries_complaint(t, "", 3).is_none());
    assert!(limits::retries_complaint(t, "3", 3).is_none());
    assert!(limits::retries_complaint(t, "4", 3).is_some());
    assert!(limits::retries_complaint(t, "-1", 3).is_some());
    assert!(limits::retries_complaint(t, "-1", -1).is_none());
    assert!(limits::interval_complaint(t, "4", 5).is_some());
    assert!(limits::interval_complaint(t, "5", 5).is_none());
}

#[test]
fn only_known_codes_are_read_from_an_address() {
    assert!(plain::error_in(Some("<b>".into()), None).is_none());
    let error = plain::error_in(Some("invalid".into()), Some("prompt".into())).unwrap();
    assert_eq!(error.0.field.as_deref(), Some("prompt"));
}

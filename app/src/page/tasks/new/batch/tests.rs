use super::cells::{rows, write_row};
use super::parse::{Format, MOST_LINES, Problem, parse};
use model::form::FormField;
use serde_json::{Value, json};

fn form() -> Vec<FormField> {
    serde_json::from_value(json!([
        {"key": "url", "label": "地址", "type": "url", "required": true},
        {"key": "count", "type": "number"},
    ]))
    .unwrap()
}

fn params(text: &str) -> (Format, Vec<Value>) {
    let parsed = parse(text, &form(), 0);
    let lines = parsed
        .lines
        .into_iter()
        .map(|line| line.values.map_or_else(|problem| json!(format!("{problem:?}")), |values| Value::Object(values.params)));
    (parsed.format, lines.collect())
}

#[test]
fn one_value_per_line() {
    let (format, lines) = params("https://a.example\r\n\n https://b.example \n");
    assert_eq!(format, Format::Lines);
    assert_eq!(lines, [json!({"url": "https://a.example"}), json!({"url": "https://b.example"})]);
}

#[test]
fn tables_with_a_header_of_keys_or_labels() {
    let expected = vec![json!({"url": "https://a.example/?q=1,2", "count": 3}), json!({"url": "https://b.example"})];
    assert_eq!(params("url,count\n\"https://a.example/?q=1,2\",3\nhttps://b.example,\n"), (Format::Table, expected.clone()));
    assert_eq!(params("\u{feff}地址\tcount\nhttps://a.example/?q=1,2\t3\nhttps://b.example"), (Format::Table, expected));
}

#[test]
fn json_lines_and_arrays() {
    let expected = vec![json!({"url": "https://a.example", "count": 2})];
    assert_eq!(params("{\"url\": \"https://a.example\", \"count\": \"2\"}"), (Format::Json, expected.clone()));
    assert_eq!(params("[{\"url\": \"https://a.example\",\n \"count\": 2}]"), (Format::Json, expected));
}

#[test]
fn names_and_categories_belong_to_the_task() {
    let parsed = parse("name,url\nfirst,https://a.example", &form(), 0);
    assert_eq!(parsed.lines[0].values.as_ref().unwrap().name.as_deref(), Some("first"));
}

#[test]
fn each_problem_stays_with_its_line() {
    let parsed = parse("url,size\nhttps://a.example,1", &form(), 0);
    assert_eq!(parsed.lines[0].values, Err(Problem::UnknownName("size".into())));
    let parsed = parse("url\nhttps://a.example,1\nhttps://b.example", &form(), 0);
    assert_eq!(parsed.lines[0].values, Err(Problem::TooManyCells));
    assert!(parsed.lines[1].values.is_ok());
    let parsed = parse("{\"url\": 1}\nnot json", &form(), 0);
    assert_eq!(parsed.lines[1].values, Err(Problem::NotAnObject));
    assert_eq!(parsed.lines[1].number, 2);
}

#[test]
fn more_lines_than_allowed_are_cut() {
    let parsed = parse(&"https://a.example\n".repeat(MOST_LINES + 1), &form(), 0);
    assert!(parsed.cut);
    assert_eq!(parsed.lines.len(), MOST_LINES);
}

#[test]
fn quotes_hold_separators_and_line_breaks() {
    let text = "a,\"b \"\"c\"\"\n,d\"\n\n1,2\n";
    assert_eq!(rows(text, ','), [(1, vec!["a".to_owned(), "b \"c\"\n,d".to_owned()]), (4, vec!["1".to_owned(), "2".to_owned()])]);
    assert_eq!(write_row(&["a".into(), "b,\"c\"".into()]), "a,\"b,\"\"c\"\"\"\r\n");
}

#[test]
fn any_text_can_be_read() {
    for text in ["", "\n\n", "\"", ",,,", "{", "[", "\u{feff}", "a\tb\tc", "url", "url,", "\"url\"\n\""] {
        let _ = parse(text, &form(), 0);
        let _ = parse(text, &[], 0);
    }
}

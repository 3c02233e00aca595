use super::*;

#[test]
fn every_error_code_and_status_has_both_texts() {
    for code in ErrorCode::ALL {
        let (zh, en) = errors::text(*code);
        assert!(!zh.is_ascii() && en.is_ascii() && en.ends_with('.'), "{code:?}");
    }
    for status in TaskStatus::ALL {
        let (zh, en) = status::text(status);
        assert!(!zh.is_ascii() && en.is_ascii(), "{status:?}");
    }
}

#[test]
fn fills_places_by_name() {
    assert_eq!(fill("共 {n} 条", &[("n", "12")]), "共 12 条");
    assert_eq!(fill("{b}{a}{c}", &[("a", "{b}"), ("b", "2")]), "2{b}{c}");
    assert_eq!(fill("open { only", &[]), "open { only");
}

#[test]
fn negotiates_by_weight() {
    assert_eq!(Lang::negotiate("en-US,en;q=0.9,zh-CN;q=0.8"), Lang::En);
    assert_eq!(Lang::negotiate("fr,en;q=0.5,zh;q=0.7"), Lang::Zh);
    assert_eq!(Lang::negotiate("zh;q=0,en;q=0.1"), Lang::En);
    assert_eq!(Lang::negotiate(""), Lang::Zh);
}

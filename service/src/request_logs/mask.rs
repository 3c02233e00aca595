//! Takes secrets out of texts before they are stored.
//!
//! Bodies may be cut, so this reads no whole JSON: it walks over the text and looks at each string. A string that is followed by a colon is a
//! key; the value of a key that names a secret is masked whole, whatever it is. Everywhere else API keys, bearer tokens and numbers of
//! payment cards are masked. Too much is masked rather than too little.

use url::form_urlencoded;

/// What stands in place of a secret.
pub(super) const MASK: &str = "***";

/// Parts of names that say secret, in small letters without marks.
const SECRET: [&str; 17] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "apikey",
    "accesskey",
    "privatekey",
    "authorization",
    "cookie",
    "credential",
    "signature",
    "cardnumber",
    "cvv",
    "cvc",
    "sessionid",
    "recoverycode",
];
/// Names that say secret when they are the whole name.
const SECRET_WORDS: [&str; 8] = ["pin", "otp", "totp", "auth", "session", "bearer", "xapikey", "pass"];

/// Whether the value of a field of this name is a secret. `number` says that the value is one, as that of `max_tokens` is.
fn is_secret(name: &str, number: bool) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET.iter().any(|part| plain.contains(part)) || SECRET_WORDS.contains(&plain.as_str()) || (!number && plain.contains("token"))
}

/// A query string or a form with secrets masked. Parts without a secret stay as they were written.
pub(super) fn query(text: &str) -> String {
    let mut parts = Vec::new();
    for part in text.split('&') {
        let secret = form_urlencoded::parse(part.as_bytes()).next().is_some_and(|(name, value)| {
            let number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            is_secret(&name, number)
        });
        parts.push(match part.split_once('=') {
            Some((name, _)) if secret => format!("{name}={MASK}"),
            _ => patterns(part),
        });
    }
    parts.join("&")
}

/// Any text with secrets masked: JSON, whole or cut, a form, or words.
pub(super) fn text(text: &str) -> String {
    let start = text.trim_start();
    if start.starts_with(['{', '[', '"']) {
        return patterns(&fields(text));
    }
    let form = !text.contains(char::is_whitespace) && text.contains('=') && !text.contains(['<', '{']);
    if form { query(text) } else { patterns(&fields(text)) }
}

/// Masks the values of keys that name secrets.
fn fields(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'"' {
            at += 1;
            continue;
        }
        let end = string_end(bytes, at);
        let after = space_end(bytes, end);
        if bytes.get(after) != Some(&b':') {
            at = end;
            continue;
        }
        let value = space_end(bytes, after + 1);
        let number = bytes.get(value).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
        let name = &text[at..end];
        let name = serde_json::from_str::<String>(name).unwrap_or_else(|_| name.trim_matches('"').to_owned());
        if value < bytes.len() && is_secret(&name, number) {
            out.push_str(&text[kept..value]);
            out.push('"');
            out.push_str(MASK);
            out.push('"');
            at = value_end(bytes, value);
            kept = at;
        } else {
            at = after + 1;
        }
    }
    out.push_str(&text[kept..]);
    out
}

fn space_end(bytes: &[u8], from: usize) -> usize {
    (from..bytes.len()).find(|at| !bytes[*at].is_ascii_whitespace()).unwrap_or(bytes.len())
}

/// The place after a string that begins at `from`; the end of a text that is cut inside it.
fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The place after a value that begins at `from`.
fn value_end(bytes: &[u8], from: usize) -> usize {
    match bytes[from] {
        b'"' => string_end(bytes, from),
        b'{' | b'[' => {
            let (mut at, mut depth) = (from, 0usize);
            while at < bytes.len() {
                match bytes[at] {
                    b'"' => {
                        at = string_end(bytes, at);
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            bytes.len()
        }
        _ => (from..bytes.len())
            .find(|at| matches!(bytes[*at], b',' | b'}' | b']') || bytes[*at].is_ascii_whitespace())
            .unwrap_or(bytes.len()),
    }
}

/// Masks what looks like a secret wherever it stands.
fn patterns(text: &str) -> String {
    cards(&after(&keys(text), &["Bearer ", "bearer ", "Basic ", "basic "]))
}

/// Our own API keys.
fn keys(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("arw_") {
        let (before, key) = rest.split_at(at + 4);
        out.push_str(before);
        let length = key.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if length >= 16 {
            out.push_str(MASK);
            rest = &key[length..];
        } else {
            rest = key;
        }
    }
    out + rest
}

/// Tokens after words such as `Bearer`.
fn after(text: &str, words: &[&str]) -> String {
    let mut out = text.to_owned();
    for word in words {
        let mut from = 0;
        while let Some(found) = out[from..].find(word) {
            let start = from + found + word.len();
            let token = out[start..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(byte)).count();
            if token >= 8 {
                out.replace_range(start..start + token, MASK);
            }
            from = start;
        }
    }
    out
}

/// Numbers of payment cards: 13 to 19 digits, perhaps in groups, with a card's first digit and a right check digit. The last four stay.
fn cards(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut kept) = (0, 0);
    while at < bytes.len() {
        let in_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'.' | b'_'));
        if !matches!(bytes[at], b'2'..=b'6') || in_word {
            at += 1;
            continue;
        }
        let (mut end, mut digits) = (at, Vec::with_capacity(19));
        while end < bytes.len() {
            match bytes[end] {
                digit @ b'0'..=b'9' => digits.push(digit - b'0'),
                b' ' | b'-' if bytes[end - 1].is_ascii_digit() && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) => {}
                _ => break,
            }
            end += 1;
        }
        let in_word = bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if (13..=19).contains(&digits.len()) && !in_word && luhn(&digits) {
            out.push_str(&text[kept..at]);
            out.push_str(MASK);
            out.extend(digits[digits.len() - 4..].iter().map(|digit| char::from(b'0' + digit)));
            kept = end;
        }
        at = end.max(at + 1);
    }
    out.push_str(&text[kept..]);
    out
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) * if place % 2 == 1 { 2 } else { 1 };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is sent, and what is stored.
    #[test]
    fn secrets_are_masked() {
        let key = format!("arw_{}", "a1".repeat(16));
        let table = [
            (r#"{"prompt":"rain","password":"hunter2"}"#.to_owned(), r#"{"prompt":"rain","password":"***"}"#),
            (r#"{"a":{"API-Key": {"x":"}"}, "b":1}}"#.to_owned(), r#"{"a":{"API-Key": "***", "b":1}}"#),
            (
                r#"{"new_password":12345,"access_token":["a","b"],"max_tokens":50}"#.to_owned(),
                r#"{"new_password":"***","access_token":"***","max_tokens":50}"#,
            ),
            (r#"{"pass\u0077ord":"x"}"#.to_owned(), r#"{"pass\u0077ord":"***"}"#),
            (r#"{"client_secret":"abc\"def","x":"y"}"#.to_owned(), r#"{"client_secret":"***","x":"y"}"#),
            // Cut in the middle of the secret.
            (r#"{"x":1,"token":"abcd"#.to_owned(), r#"{"x":1,"token":"***""#),
            (r#"{"x":1,"token":{"a":"b"#.to_owned(), r#"{"x":1,"token":"***""#),
            (r#"["secret", "is not a key"]"#.to_owned(), r#"["secret", "is not a key"]"#),
            (r#"{"header":"Authorization: Bearer abcdefghijkl.mnop"}"#.to_owned(), r#"{"header":"Authorization: Bearer ***"}"#),
            (format!(r#"{{"note":"my key {key} ok"}}"#), r#"{"note":"my key arw_*** ok"}"#),
            (
                r#"{"card":4111111111111111,"when":1767225600000,"n":"4111 1111 1111 1112"}"#.to_owned(),
                r#"{"card":***1111,"when":1767225600000,"n":"4111 1111 1111 1112"}"#,
            ),
            ("pay 5500-0000-0000-0004 now".to_owned(), "pay ***0004 now"),
            (
                "0.4111111111111111 id_4111111111111111 4111111111111111a".to_owned(),
                "0.4111111111111111 id_4111111111111111 4111111111111111a",
            ),
            ("user=a&password=b%20c&n=1".to_owned(), "user=a&password=***&n=1"),
            ("plain words: password".to_owned(), "plain words: password"),
            (r#"{"deliver":{"cookie" : "a=b"}, "Set-Cookie":null}"#.to_owned(), r#"{"deliver":{"cookie" : "***"}, "Set-Cookie":"***"}"#),
        ];
        for (sent, stored) in table {
            assert_eq!(text(&sent), stored, "{sent}");
        }
    }

    #[test]
    fn query_strings() {
        assert_eq!(query("page=2&api%5Fkey=x&token=abc&q=%E9%9B%A8"), "page=2&api%5Fkey=***&token=***&q=%E9%9B%A8");
        assert_eq!(query("max_tokens=5&flag"), "max_tokens=5&flag");
        assert_eq!(query(""), "");
    }

    proptest! {
        #[test]
        fn any_text_is_survived(sent in ".*") {
            let _ = (text(&sent), query(&sent));
        }

        #[test]
        fn a_secret_never_comes_through(value in "[a-z]{12}", cut in 0usize..60) {
            let body = serde_json::json!({"id": 7, "nested": {"secret": value, "list": [{"password": value}]}}).to_string();
            let end = body.len() - cut.min(body.len());
            prop_assert!(!text(&body[..end]).contains(&value));
        }
    }
}

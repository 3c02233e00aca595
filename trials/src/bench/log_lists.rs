//! Pages of the request log: every filter, those that people combine, pages far behind. The list has one order, newest first.

use super::lists::{Kind, page};
use super::log_rows::{MORE_KEYS, RARE_ADDRESS};
use super::task_rows::FIRST;
use crate::Outcome;
use crate::client::Client;
use model::time::Timestamp;
use serde_json::Value;

/// Rows that pages reach, see the service.
const REACH: i64 = 10_000;

/// What a user asks of `/api/logs`, whose records end at an instant.
pub async fn kinds(client: &Client, last: Timestamp) -> Outcome<Vec<Kind>> {
    let me = client.get("/api/me").await?["id"].as_i64().ok_or("a user without a number")?;
    let mut kinds = shared("/api/logs", client, last).await?;
    let other = me + 100 * MORE_KEYS;
    for (name, query) in [
        ("key_id: most used", format!("key_id={me}")),
        ("key_id: another", format!("key_id={other}")),
        ("key_id: of somebody else", "key_id=99".to_owned()),
        ("key_id, status=4xx", format!("key_id={me}&status=4xx")),
        ("key_id, rule_id, method", format!("key_id={other}&rule_id=2&method=POST")),
        ("key_id, an hour in the middle", format!("key_id={me}&{}", window(last, 3_600_000))),
    ] {
        kinds.push(fixed(name, "/api/logs", query));
    }
    Ok(kinds)
}

/// What an administrator asks of `/api/admin/logs`, where everybody's records are.
pub async fn admin_kinds(client: &Client, last: Timestamp) -> Outcome<Vec<Kind>> {
    let mut kinds = shared("/api/admin/logs", client, last).await?;
    for query in
        ["user_id=1", "user_id=2", "user_id=1&status=5xx", "user_id=1&path=/api/translate", "user_id=2&rule_id=2&status=5xx", "key_id=1"]
    {
        kinds.push(fixed(query, "/api/admin/logs", query.to_owned()));
    }
    Ok(kinds)
}

async fn shared(path: &'static str, client: &Client, last: Timestamp) -> Outcome<Vec<Kind>> {
    let total = async |query: &str| -> Outcome<i64> {
        let data = client.get(&format!("{path}?page_size=1&{query}")).await?;
        Ok(data["total"].as_i64().unwrap_or_default().min(REACH))
    };
    let some: Value = client.get(&format!("{path}?rule_id=1")).await?["items"][0].clone();
    let text = |field: &str| some[field].as_str().unwrap_or_default().to_owned();
    let mut kinds: Vec<Kind> = Vec::new();
    for query in [
        "",
        "rule_id=1",
        "rule_id=5",
        "rule_id=99",
        "status=2xx",
        "status=3xx",
        "status=4xx",
        "status=5xx",
        "method=GET",
        "method=POST",
        "method=PUT",
        "method=DELETE",
        "path=/api/translate",
        "path=/api/weather/city-7",
        "path=/api/nothing",
        "path=/api/weather/*",
        "path=/api/holidays*",
        "remote_addr=203.0.113.7",
        &format!("remote_addr={RARE_ADDRESS}"),
        "remote_addr=192.0.2.99",
        "status=5xx&method=POST",
        "status=4xx&method=DELETE",
        "rule_id=2&status=5xx",
        "rule_id=5&status=5xx&method=GET",
        "path=/api/translate&status=5xx",
        "path=/api/tasks/*&status=5xx",
        "remote_addr=203.0.113.7&path=/api/translate",
        "remote_addr=203.0.113.7&status=3xx",
    ] {
        kinds.push(fixed(if query.is_empty() { "no filter" } else { query }, path, query.to_owned()));
    }
    let (hour, day) = (window(last, 3_600_000), window(last, 86_400_000));
    let newest = Timestamp::parse(&text("created_at")).ok_or("no record of rule 1")?;
    let all = format!("start={}&end={}", FIRST.rfc3339(), last.rfc3339());
    for (name, query) in [
        ("an hour in the middle", hour.clone()),
        ("a day in the middle", day.clone()),
        ("start, end: all of the time", all.clone()),
        ("start: the newest minute", format!("start={}", Timestamp(newest.0 - 60_000).rfc3339())),
        ("end: before everything", format!("end={}", FIRST.rfc3339())),
        ("a day in the middle, status=5xx", format!("{day}&status=5xx")),
        ("a day in the middle, rule_id=2", format!("{day}&rule_id=2")),
        ("a day in the middle, rule_id=2, status=5xx", format!("{day}&rule_id=2&status=5xx")),
        ("an hour in the middle, path=/api/weather/*", format!("{hour}&path=/api/weather/*")),
        ("all of the time, method=DELETE", format!("{all}&method=DELETE")),
        ("call_id", format!("call_id={}", text("call_id"))),
        ("call_id that nobody has", "call_id=1767225600000-1-0000000000000000".to_owned()),
        ("request_id", format!("request_id={}", text("request_id"))),
        ("request_id that nobody has", "request_id=req_zzzzzzzzzzzzzzzz".to_owned()),
        ("request_id, status=2xx", format!("request_id={}&status=2xx", text("request_id"))),
    ] {
        kinds.push(fixed(name, path, query));
    }
    for query in ["", "status=2xx", "path=/api/translate", "rule_id=2&status=5xx"] {
        let rows = total(query).await?;
        let name = if query.is_empty() { "page: any of those that are reached".to_owned() } else { format!("page: any, {query}") };
        kinds.push((name, Box::new(move || format!("{path}?{query}&page={}", page(rows)))));
    }
    let id = some["id"].as_i64().ok_or("no record of rule 1")?;
    kinds.push(("one record with its bodies".to_owned(), Box::new(move || format!("{path}/{id}"))));
    Ok(kinds)
}

fn fixed(name: &str, path: &'static str, query: String) -> Kind {
    (name.to_owned(), Box::new(move || format!("{path}?{query}")))
}

/// So many milliseconds in the middle of the records, as a query.
fn window(last: Timestamp, length: i64) -> String {
    let end = FIRST.0 + (last.0 - FIRST.0) / 2;
    format!("start={}&end={}", Timestamp(end - length).rfc3339(), Timestamp(end).rfc3339())
}

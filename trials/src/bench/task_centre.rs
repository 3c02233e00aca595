//! Pages of the task centre: every filter, alone and joined.

use super::lists::{Kind, page};
use super::task_rows::FIRST;
use crate::Outcome;
use crate::client::Client;

/// Filters of both lists.
const FILTERS: [&str; 13] = [
    "",
    "platform=stub",
    "action=none",
    "status=SUCCESS",
    "status=FAILURE",
    "status=NOT_START",
    "status=IN_PROGRESS",
    "platform=stub&status=SUCCESS",
    "platform=stub&status=FAILURE",
    "platform=stub&status=QUEUED",
    "platform=stub&status=FAILURE&start_timestamp=FROM&end_timestamp=TO",
    "status=SUCCESS&start_timestamp=FROM&end_timestamp=TO",
    "start_timestamp=FROM&end_timestamp=TO",
];
/// Further ones of the list of all users.
const ALL_USERS: [&str; 6] = [
    "channel_id=1",
    "channel_id=99",
    "channel_id=1&status=FAILURE",
    "channel_id=1&platform=stub",
    "user_id=3",
    "user_id=1&channel_id=1&status=FAILURE",
];

/// The list of one's own tasks, of so many in all.
pub async fn kinds(client: &Client, tasks: i64) -> Outcome<Vec<Kind>> {
    of("/api/task/self", &FILTERS, client, tasks).await
}

/// The list of everybody's tasks, as an administrator asks for it.
pub async fn admin_kinds(client: &Client, tasks: i64) -> Outcome<Vec<Kind>> {
    of("/api/task/", &[&FILTERS[..], &ALL_USERS].concat(), client, tasks).await
}

async fn of(path: &'static str, filters: &[&str], client: &Client, tasks: i64) -> Outcome<Vec<Kind>> {
    let some = client.get(&format!("{path}?p=7")).await?;
    let task_id = some["items"][0]["task_id"].as_str().unwrap_or_default().to_owned();
    // A day in the middle of the last half.
    let from = FIRST.0 / 1000 + tasks * 3 / 4;
    let filled = |filter: &str| filter.replace("FROM", &from.to_string()).replace("TO", &(from + 86_400).to_string());
    let named = |filter: &str| {
        if filter.is_empty() { "no filter".to_owned() } else { filter.replace("&start_timestamp=FROM&end_timestamp=TO", ", a day") }
    };
    let mut kinds: Vec<Kind> = Vec::new();
    for filter in filters {
        let asked = format!("{path}?{}", filled(filter));
        kinds.push((format!("{path}: {}", named(filter)), Box::new(move || asked.clone())));
    }
    let one = format!("{path}?task_id={task_id}");
    kinds.push((format!("{path}: task_id"), Box::new(move || one.clone())));
    // Of the rows that totals count.
    kinds.push((format!("{path}: p: any of the first 10,000"), Box::new(move || format!("{path}?platform=stub&p={}", page(10_000)))));
    Ok(kinds)
}

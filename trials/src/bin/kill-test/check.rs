//! The checker. It reads only the public API, `doctor` and the upstream's own record. Its rules:
//!
//! 1. Every task that was accepted with 2xx is there once and has ended.
//! 2. `doctor` finds nothing: every invariant of the ledger holds.
//! 3. A succeeded task was captured once, any other never.
//! 4. At the upstream no attempt follows one that succeeded, and every succeeded task has one that did: no success was overwritten or made up.
//!    One upstream forgets idempotency keys, so that a node which comes late has another answer than the one that holds the task; its
//!    successes count where they must have been heard by the holder.
//! 5. In the stored attempts each number is there once, none follows a good one, and a succeeded task ends with a good one.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use trials::Outcome;
use trials::client::Client;
use trials::node::Node;

/// What was done to one node; milliseconds since 1970-01-01 UTC.
pub struct Torment {
    /// Which node.
    pub node: usize,
    /// When.
    pub began_ms: u64,
    /// Until when it was stopped; nothing for one that was killed.
    pub stopped_until_ms: Option<u64>,
}

/// What is wrong after the torments; `accepted` are the tasks by id with their names.
pub async fn check(
    node: &Node,
    client: &Client,
    accepted: &BTreeMap<i64, String>,
    journal: &Path,
    torments: &[Torment],
) -> Outcome<Vec<String>> {
    let mut findings = Vec::new();
    let tasks: BTreeMap<i64, Value> =
        client.all("/api/tasks?sort=seq&order=asc").await?.into_iter().filter_map(|task| Some((task["id"].as_i64()?, task))).collect();
    let names: BTreeSet<&str> = tasks.values().filter_map(|task| task["name"].as_str()).collect();
    if names.len() != tasks.len() {
        findings.push(format!("{} tasks for {} submissions: a submission was doubled", tasks.len(), names.len()));
    }
    for (id, name) in accepted {
        match tasks.get(id).map(|task| (task["name"].as_str() == Some(name), task["status"].as_str().unwrap_or_default())) {
            None => findings.push(format!("task {id} was accepted and is lost")),
            Some((false, _)) => findings.push(format!("task {id} is another one than was accepted")),
            Some((true, "succeeded" | "failed" | "cancelled")) => {}
            Some((true, status)) => findings.push(format!("task {id} has not ended: {status}")),
        }
    }
    if let Err(report) = node.command(&["doctor"], "").await {
        findings.push(report);
    }
    let mut captures: BTreeMap<i64, u32> = BTreeMap::new();
    for entry in client.all("/api/ledger").await? {
        let reference = entry["reference"].as_str().unwrap_or_default();
        if entry["kind"] == "capture"
            && let Some(id) = reference.split(':').nth(1).and_then(|id| id.parse().ok())
        {
            *captures.entry(id).or_default() += 1;
        }
    }
    let record = Record::read(journal, torments)?;
    for (id, task) in &tasks {
        let succeeded = task["status"] == "succeeded";
        let captured = captures.get(id).copied().unwrap_or(0);
        if captured != u32::from(succeeded) {
            findings.push(format!("task {id} is {} and was captured {captured} times", task["status"]));
        }
        let public = task["task_id"].as_str().unwrap_or_default();
        if succeeded && !record.good.contains_key(public) {
            findings.push(format!("task {id} succeeded without a success at the upstream"));
        }
        // What a forgetful upstream said counts only where the node that heard it must have held the task.
        let forgetful = task["feature_name"] == "forgetful";
        if let Some(good) = if forgetful { record.heard.get(public) } else { record.good.get(public) } {
            if record.highest.get(public).is_some_and(|last| last > good) {
                findings.push(format!(
                    "task {id}: attempt {good} succeeded at the upstream, and yet attempt {} was made",
                    record.highest[public]
                ));
            }
            if task["status"] == "failed" {
                findings.push(format!("task {id} failed although an attempt succeeded at the upstream"));
            }
        }
        findings.extend(check_attempts(*id, succeeded, client.all(&format!("/api/tasks/{id}/attempts")).await?));
    }
    println!("{} successes of a forgetful upstream were heard while the other node was stopped", record.heard.len());
    Ok(findings)
}

/// What is wrong with the stored attempts of a task.
fn check_attempts(task: i64, succeeded: bool, mut attempts: Vec<Value>) -> Option<String> {
    attempts.sort_by_key(|attempt| attempt["attempt_no"].as_i64());
    let numbers: Vec<_> = attempts.iter().filter_map(|attempt| attempt["attempt_no"].as_i64()).collect();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some(format!("task {task} has two attempts of one number: {numbers:?}"));
    }
    let good = |attempt: &Value| attempt["error"] == "" && attempt["status_code"].as_i64().is_some_and(|code| (200..300).contains(&code));
    match attempts.iter().position(good) {
        Some(place) if place + 1 < attempts.len() => Some(format!("task {task} has an attempt after a good one: {numbers:?}")),
        None if succeeded => Some(format!("task {task} succeeded without a good attempt")),
        _ => None,
    }
}

/// The upstream's record, by the public id of the task.
#[derive(Default)]
struct Record {
    /// The first attempt that was answered well, or accepted.
    good: BTreeMap<String, u32>,
    /// The same, of calls that came in while one node was stopped: so the other one made it, and held the task.
    heard: BTreeMap<String, u32>,
    /// The last attempt that was made.
    highest: BTreeMap<String, u32>,
}

impl Record {
    fn read(journal: &Path, torments: &[Torment]) -> Outcome<Record> {
        let text = std::fs::read_to_string(journal).map_err(|error| error.to_string())?;
        let mut record = Record::default();
        let mut came_in: BTreeMap<u64, u64> = BTreeMap::new();
        for line in text.lines() {
            let entry: Value = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
            let at_ms = entry["at_ms"].as_u64().unwrap_or_default();
            if let Some(number) = entry["number"].as_u64() {
                came_in.insert(number, at_ms);
            }
            let Some((task, attempt)) = entry["key"].as_str().and_then(|key| key.rsplit_once('-')) else { continue };
            let Ok(attempt) = attempt.parse::<u32>() else { continue };
            let last = record.highest.entry(task.to_owned()).or_insert(attempt);
            *last = attempt.max(*last);
            if entry["status"] == 200 || entry["status"] == 201 || entry["status"] == 202 {
                let note = |map: &mut BTreeMap<String, u32>| {
                    let first = map.entry(task.to_owned()).or_insert(attempt);
                    *first = attempt.min(*first);
                };
                note(&mut record.good);
                let from = entry["answered"].as_u64().and_then(|number| came_in.get(&number).copied());
                if from.is_some_and(|from| heard(from, at_ms, torments)) {
                    note(&mut record.heard);
                }
            }
        }
        Ok(record)
    }
}

/// Whether a call came in while one node was stopped and could not make it, and the other one lived until it had written the answer.
/// What the stopped node had sent before has come in by then.
fn heard(from_ms: u64, answered_ms: u64, torments: &[Torment]) -> bool {
    let during = |one: &&Torment| one.stopped_until_ms.is_some_and(|until| (one.began_ms + 500..until).contains(&from_ms));
    let Some(stopped) = torments.iter().find(during) else { return false };
    !torments.iter().any(|one| one.node != stopped.node && (from_ms..answered_ms + 500).contains(&one.began_ms))
}

//! Following many jobs with one request.

use super::executor::Attempt;
use super::outcome::{Answer, Claimed, Outcome};
use super::poll::{News, again, askable, judge, pause, with_result};
use super::template::Context;
use super::upstream::{self, Reply};
use crate::service::Service;
use crate::tasks::extract;
use model::rules::BatchRule;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Polls that can share requests: those of one rule at one channel with one credential.
#[derive(Default)]
pub(super) struct Groups(HashMap<(i64, i64, String), Vec<Attempt>>);

impl Groups {
    /// Puts a poll to its like.
    pub fn add(&mut self, attempt: Attempt) {
        let key = (attempt.rule.id, attempt.channel.id, attempt.channel.key.clone());
        self.0.entry(key).or_default().push(attempt);
    }

    /// The polls of one request each.
    pub fn chunks(self) -> Vec<Vec<Attempt>> {
        let mut chunks = Vec::new();
        for mut group in self.0.into_values() {
            let most = group[0].rule.rule.poll.as_ref().and_then(|poll| poll.batch.as_ref()).map_or(1, |batch| batch.max_ids.max(1));
            let most = usize::try_from(most).unwrap_or(1);
            while group.len() > most {
                chunks.push(group.split_off(group.len() - most));
            }
            chunks.push(group);
        }
        chunks
    }
}

/// Asks about all of them at once; what became of each. They are of one rule, channel and credential.
pub(super) async fn run(attempts: Vec<Attempt>, service: &Service) -> Vec<(Claimed, Outcome)> {
    let mut outcomes = Vec::with_capacity(attempts.len());
    let mut asked = Vec::with_capacity(attempts.len());
    for attempt in attempts {
        match askable(&attempt, service).map(|_| ()) {
            Ok(()) => asked.push(attempt),
            Err(outcome) => outcomes.push((attempt.claimed, outcome)),
        }
    }
    let answers = futures::future::join_all(
        ask(&asked, service).await.into_iter().zip(&asked).map(|(outcome, attempt)| with_result(attempt, service, outcome)),
    )
    .await;
    outcomes.extend(asked.into_iter().map(|attempt| attempt.claimed).zip(answers));
    outcomes
}

/// One request about attempts that can be asked about; an outcome for each, in their order.
async fn ask(asked: &[Attempt], service: &Service) -> Vec<Outcome> {
    let Some(first) = asked.first() else { return Vec::new() };
    let compiled = upstream::compiled(&first.rule);
    let (Some(poll), Some(request)) = (&first.rule.rule.poll, &compiled.poll) else { return Vec::new() };
    let Some(batch) = &poll.batch else { return Vec::new() };
    let id = |attempt: &Attempt| attempt.claimed.upstream_id.clone().unwrap_or_default();
    let later = |attempt: &Attempt, pause| again(attempt, poll, &id(attempt), News { pause, ..News::default() });
    let ids: Vec<&str> = asked.iter().filter_map(|attempt| attempt.claimed.upstream_id.as_deref()).collect();
    let empty = || Value::Object(Map::new());
    let mut context = Context::new(empty(), empty(), &first.channel, "", (0, ""), None);
    context.set_upstream_ids(&ids);
    let request = match request.request(service, &context, &Value::Null, &first.rule.rule, None) {
        Ok(request) => request,
        Err(why) => return asked.iter().map(|_| Outcome::Lost { answer: Answer::default(), why: why.clone() }).collect(),
    };
    // One stopped task must not stop the others; all of them are stopped when the server is.
    let all_stopped = futures::future::join_all(asked.iter().map(|attempt| attempt.abort.cancelled()));
    let reply = tokio::select! {
        reply = upstream::call(service, request) => reply,
        _ = all_stopped => return asked.iter().map(|_| Outcome::GiveBack { after_ms: 0 }).collect(),
    };
    let reply = match reply {
        Ok(reply) => reply,
        Err(error) => {
            tracing::debug!(tasks = asked.len(), error = error.code(), "a poll got no answer");
            return asked.iter().map(|attempt| later(attempt, None)).collect();
        }
    };
    let seconds = pause(poll, &reply);
    let mut entries = entries(batch, &reply);
    let mut left: HashMap<String, usize> = HashMap::new();
    ids.iter().for_each(|id| *left.entry((*id).to_owned()).or_default() += 1);
    asked
        .iter()
        .map(|attempt| {
            let id = id(attempt);
            let others = left.entry(id.clone()).or_default();
            *others = others.saturating_sub(1);
            // Two tasks may have been given the same id.
            let entry = if *others > 0 { entries.get(&id).cloned() } else { entries.remove(&id) };
            match entry {
                Some(entry) => judge(poll, entry, |news| again(attempt, poll, &id, news)),
                None => later(attempt, seconds),
            }
        })
        .collect()
}

/// The entries of an answer by their ids, each as if it were the answer to a question about that job alone; none of a bad answer. Of two
/// entries with one id the first counts.
pub(super) fn entries(batch: &BatchRule, reply: &Reply) -> HashMap<String, Reply> {
    let mut entries = HashMap::new();
    if !(200..300).contains(&reply.answer.status) || reply.truncated {
        return entries;
    }
    let Some(Value::Array(items)) = extract(&reply.json, &batch.items_path) else { return entries };
    for item in items {
        let id = match extract(&item, &batch.id_path) {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => id.to_string(),
            _ => continue,
        };
        let answer = Answer { status: reply.answer.status, body: Some(item.to_string()), answered: true };
        entries.entry(id).or_insert(Reply { answer, json: item, retry_after: reply.retry_after, truncated: false });
    }
    entries
}

//! One call of a custom API.
//!
//! **How it is paid.** Where the account is near its end, or unknown to this node, the points are held before the upstream is called, and
//! captured or given back after the answer has gone out. Where this node knows that the account has many times the price (`purse.rs`), nothing
//! is held: the points are spent after a good answer, and the caller waits for no disk. Should they not be there any more, because other nodes
//! and tasks spent everything in that moment, the answer was not paid; `apirequestweb_calls_unpaid_total` counts it.
//!
//! **What a crash does.** Killed before the answer went out: a hold, if there is one, is open; `recover.rs` gives the points back, and
//! nobody got anything. Killed between the answer and the movement that follows it, a few milliseconds: the caller keeps an answer that was
//! not paid. It is never the other way round: no point leaves an account without an answer that was good, and every point is in the ledger.
//! A call goes on when its client has gone, and is paid like any other.

use super::charge::{self, Charge};
use super::find::Matched;
use crate::actor::Actor;
use crate::engine::{self, Passed};
use crate::ledger::HoldEnd;
use crate::request_logs::Facts;
use crate::service::Service;
use crate::tasks::{random_id, refuse_nul};
use bytes::Bytes;
use http::HeaderMap;
use model::accounts::Scope;
use model::form::check_params;
use model::time::Timestamp;
use model::{Error, Result};
use serde_json::{Map, Value};
use url::form_urlencoded;

/// Parameters as they came, beside those of the path.
pub enum Given {
    /// As a query string.
    Query(String),
    /// As a JSON object.
    Body(Map<String, Value>),
}

/// A call.
pub struct Request {
    /// What is called.
    pub api: Matched,
    /// The parameters.
    pub given: Given,
    /// When the request came.
    pub at: Timestamp,
}

/// An answer to pass on.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers that say what the body is.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// Points that it cost.
    pub points: i64,
    /// Why the rule takes it for a failure; `None` if it is good.
    pub bad: Option<String>,
}

/// What came of a call, and what the log wants to know of it.
pub struct Called {
    /// The answer.
    pub answer: Result<Answer>,
    /// For the log.
    pub facts: Facts,
}

/// Calls a custom API.
///
/// Errors: `forbidden`, `invalid`, `missing_parameter`, `unknown_parameter`, `insufficient_points`, `unavailable`, `upstream`,
/// `upstream_timeout`. After any of them no points are lost.
pub async fn call(service: &Service, actor: &Actor, request: Request) -> Called {
    let row = &request.api.row;
    let rule = request.api.snapshot.rules.get(&row.rule_id);
    let id = format!("{}-{}-{}", request.at.0, row.id, &random_id()[..16]);
    let mut facts = Facts {
        rule: rule.map(|rule| (rule.id, rule.rule.name.clone())),
        api: Some((row.id, row.api.name.clone())),
        call_id: id.clone(),
        ..Facts::default()
    };
    let answer = start(service, actor, request, id).await;
    if let Ok(answer) = &answer {
        facts.points = answer.points;
        facts.error.clone_from(&answer.bad);
    }
    Called { answer, facts }
}

async fn start(service: &Service, actor: &Actor, request: Request, id: String) -> Result<Answer> {
    actor.require(Scope::TasksWrite)?;
    if service.stopping.is_cancelled() {
        return Err(Error::unavailable("The server is shutting down."));
    }
    let params = params(&request)?;
    let work = run(service.clone(), actor.user_id, request.api, params, id);
    // In a task of its own, so that a client that goes away changes nothing.
    service.custom_apis.calls.spawn(work).await.map_err(|error| {
        tracing::error!(%error, "a call of a custom API panicked");
        Error::internal()
    })?
}

async fn run(service: Service, user_id: i64, api: Matched, params: Map<String, Value>, id: String) -> Result<Answer> {
    let Matched { row, snapshot, .. } = api;
    let rule = snapshot.rules.get(&row.rule_id).ok_or_else(Error::internal)?;
    let points = row.api.points_cost;
    let upstream = engine::call(&service, &snapshot, engine::Call { rule, platform: &row.api.platform, params, id: &id });
    let charge = Charge { user_id, points, reference: charge::reference(&id) };
    let began = service.clock.now();
    let is_known_to_pay = points > 0 && service.custom_apis.purses.begin(user_id, points, began);
    if points > 0 && !is_known_to_pay {
        charge::hold(&service, &charge).await?;
    }
    let passed = upstream.await;
    let good = passed.as_ref().is_ok_and(|passed| passed.bad.is_none());
    let ending = service.clone();
    service.custom_apis.calls.spawn(async move {
        if is_known_to_pay {
            settle_without_hold(&ending, charge, good, began).await;
        } else if let Err(error) = charge::end(&ending, charge, if good { HoldEnd::Capture } else { HoldEnd::Release }).await {
            tracing::error!(%error, "the hold of a call could not be ended; its points come back later");
        }
    });
    Ok(answer(passed?, if good { points } else { 0 }))
}

/// Spends the points of a good call that nothing was held for, and only counts a bad one.
async fn settle_without_hold(service: &Service, charge: Charge, good: bool, began: Timestamp) {
    if good {
        if let Err(error) = charge::spend(service, charge, (service.clock.now().0 - began.0).max(0)).await {
            metrics::counter!("apirequestweb_calls_unpaid_total").increment(1);
            tracing::warn!(%error, "a call was answered that could not be paid any more");
        }
        return;
    }
    service.custom_apis.purses.spared(charge.user_id, charge.points);
    if let Err(error) = charge::end(service, Charge { points: 0, ..charge }, HoldEnd::Release).await {
        tracing::error!(%error, "a failed call could not be counted");
    }
}

fn answer(passed: Passed, points: i64) -> Answer {
    let Passed { status, headers, body, bad } = passed;
    Answer { status, headers, body, points, bad }
}

/// The checked parameters: of the path, and of the query string or the body.
fn params(request: &Request) -> Result<Map<String, Value>> {
    let fields = &request.api.row.api.form_schema;
    let read = |key: &str, text: &str| match fields.iter().find(|field| field.key == key) {
        Some(field) => field.parse(text),
        // Refused below, with the names that are known.
        None => Ok(Some(Value::String(text.to_owned()))),
    };
    let mut params = match &request.given {
        Given::Body(body) => body.clone(),
        Given::Query(query) => {
            let mut params = Map::new();
            for (key, text) in form_urlencoded::parse(query.as_bytes()) {
                if params.contains_key(&*key) {
                    return Err(Error::invalid(key.clone(), format!("`{key}` stands in the address twice.")));
                }
                if let Some(value) = read(&key, &text)? {
                    params.insert(key.into_owned(), value);
                }
            }
            params
        }
    };
    for (key, part) in &request.api.params {
        if params.contains_key(key) {
            return Err(Error::invalid(key, format!("`{key}` stands in the path already.")));
        }
        let text = decode(part).ok_or_else(|| Error::invalid(key, format!("`{key}` in the path is not valid UTF-8.")))?;
        if let Some(value) = read(key, &text)? {
            params.insert(key.clone(), value);
        }
    }
    let params = check_params(fields, params)?;
    refuse_nul(&params)?;
    Ok(params)
}

/// Undoes the percent-encoding of a part of a path, where `+` is itself.
fn decode(part: &str) -> Option<String> {
    if !part.contains('%') {
        return Some(part.to_owned());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|digit| (*digit as char).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).ok()?);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

//! Trying a rule or a channel outside of any task: what would be sent, what an answer would lead to, and one real call.

use super::batch;
use super::executor::judge;
use super::outcome::Outcome;
use super::poll::{self, News};
use super::template::Context;
use super::upstream::{Compiled, Reply};
use crate::features::{ChannelRow, RuleRow};
use crate::http_client::{Limits, OutboundRequest, OutboundResponse};
use crate::service::Service;
use crate::tasks::{extract, random_id};
use model::catalog::{ChannelTest, ChannelTestResult, DryRun, DryRunReport, OutcomeKind, Problem, SampleOutcome, SampleRequest, Step};
use model::features::{ResultField, ResultValue};
use model::rules::{Channel, PollRule, RequestTemplate, Rule};
use serde_json::{Map, Value};
use std::time::Duration;
use tokio::time::Instant;

/// Stands in for the credential while templates are filled: only characters that no encoding changes.
const TOKEN: &str = "__CREDENTIAL__";
/// What people see in its place.
const MASK: &str = "••••••";
/// Characters of an answer that a test shows.
const SHOWN: usize = 4000;

/// Fills a rule's templates and reads a sample answer. Nothing is sent. `usable` says whether a step's request was found good.
pub fn dry_run(service: &Service, run: &DryRun, channel: Option<&ChannelRow>, usable: impl Fn(Step) -> bool) -> DryRunReport {
    let channel = masked(channel);
    let upstream_id = run.upstream_id.as_deref().unwrap_or("job-1");
    let mut report = DryRunReport::default();
    let values = Values { service, rule: &run.rule, params: &run.params, headers: &run.headers, upstream_id };
    for (step, template) in requests(&run.rule).filter(|(step, _)| usable(*step)) {
        match values.fill(step, template, &channel) {
            Ok(request) => report.requests.push(shown(step, &request)),
            Err(message) => report.problems.push(Problem { field: place(step).to_owned(), message, position: None }),
        }
    }
    let answer = run.answer.as_ref();
    report.outcome = answer.and_then(|answer| {
        let mut headers = http::HeaderMap::new();
        for (name, value) in &answer.headers {
            if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        let body = answer.body.clone().into();
        let reply = Reply::read(OutboundResponse { status: answer.status, headers, body, truncated: false });
        Some(told(service, run, step_outcome(run, answer.step, reply, upstream_id)?))
    });
    report
}

/// The requests of a rule with their names.
fn requests(rule: &Rule) -> impl Iterator<Item = (Step, &RequestTemplate)> {
    let poll = rule.poll.as_ref();
    let result = poll.and_then(|poll| poll.result_request.as_ref());
    let cancel = poll.and_then(|poll| poll.cancel.as_ref());
    [
        Some((Step::Submit, &rule.request)),
        poll.map(|poll| (Step::Poll, &poll.request)),
        result.map(|result| (Step::Result, result)),
        cancel.map(|cancel| (Step::Cancel, cancel)),
    ]
    .into_iter()
    .flatten()
}

/// Where in a rule a request stands.
fn place(step: Step) -> &'static str {
    match step {
        Step::Submit => "request",
        Step::Poll => "poll.request",
        Step::Result => "poll.result_request",
        Step::Cancel => "poll.cancel",
    }
}

/// A channel whose credential is a stand-in; a made-up one if there is none.
fn masked(channel: Option<&ChannelRow>) -> ChannelRow {
    let made_up = || Channel {
        name: "example".to_owned(),
        platform: "example".to_owned(),
        base_url: "https://upstream.example".to_owned(),
        credential: Some(String::new()),
        more_credentials: None,
        priority: 0,
        weight: 1,
        max_parallel: 1,
        max_per_minute: 0,
        enabled: true,
    };
    let (id, mut channel) = channel.map_or_else(|| (0, made_up()), |row| (row.id, row.channel.clone()));
    channel.credential = channel.credential.map(|_| TOKEN.to_owned());
    ChannelRow::new(id, channel)
}

/// The values that templates are filled with.
struct Values<'a> {
    service: &'a Service,
    rule: &'a Rule,
    params: &'a Map<String, Value>,
    headers: &'a Map<String, Value>,
    upstream_id: &'a str,
}

impl Values<'_> {
    fn fill(&self, step: Step, template: &RequestTemplate, channel: &ChannelRow) -> Result<OutboundRequest, String> {
        let job = (step != Step::Submit).then_some(self.upstream_id);
        let (params, headers) = (Value::Object(self.params.clone()), Value::Object(self.headers.clone()));
        let mut context = Context::new(params, headers.clone(), channel, "task_example", (1, "task_example-1"), job);
        if step == Step::Poll && self.rule.poll.as_ref().is_some_and(|poll| poll.batch.is_some()) {
            context.set_upstream_ids(&[self.upstream_id]);
        }
        // Only the request of an attempt carries the task's headers and the attempt's id.
        let (own, attempt) = if step == Step::Submit { (headers, Some("task_example-1")) } else { (Value::Null, None) };
        Compiled::parse(template).request(self.service, &context, &own, self.rule, attempt)
    }
}

/// A request as people may see it.
fn shown(step: Step, request: &OutboundRequest) -> SampleRequest {
    let mask = |text: &str| text.replace(TOKEN, MASK);
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.as_str().to_owned(), mask(&String::from_utf8_lossy(value.as_bytes())))
    };
    SampleRequest {
        step,
        method: request.method.to_string(),
        url: mask(&request.url),
        headers: request.headers.iter().map(header).collect(),
        body: (!request.body.is_empty()).then(|| mask(&String::from_utf8_lossy(&request.body))),
    }
}

/// What the engine would do after an answer; nothing after that to a cancellation.
fn step_outcome(run: &DryRun, step: Step, reply: Reply, upstream_id: &str) -> Option<Outcome> {
    match step {
        Step::Submit => Some(judge(&run.rule, 0, reply)),
        Step::Poll => {
            let rule = run.rule.poll.as_ref()?;
            let again = |news| wait(rule, upstream_id, news);
            let reply = match &rule.batch {
                None => reply,
                Some(many) => match batch::entries(many, &reply).remove(upstream_id) {
                    Some(entry) => entry,
                    None => return Some(again(News { pause: poll::pause(rule, &reply), ..News::default() })),
                },
            };
            Some(poll::judge(rule, reply, again))
        }
        Step::Result => {
            let rule = run.rule.poll.as_ref()?;
            Some(poll::judge_result(rule, reply, |news| wait(rule, upstream_id, news)))
        }
        Step::Cancel => None,
    }
}

/// A job that goes on, as an answer to a question about it tells.
fn wait(rule: &PollRule, upstream_id: &str, news: News) -> Outcome {
    Outcome::Wait {
        answer: None,
        channel_id: 0,
        upstream_id: upstream_id.to_owned(),
        progress: news.progress.unwrap_or(0),
        unknown: news.unknown,
        after_ms: poll::after_ms(rule, news.pause),
    }
}

fn told(service: &Service, run: &DryRun, outcome: Outcome) -> SampleOutcome {
    let mut sample = SampleOutcome {
        kind: OutcomeKind::Refuse,
        why: String::new(),
        upstream_id: None,
        progress: None,
        after_seconds: None,
        result: None,
        results: Vec::new(),
    };
    match outcome {
        Outcome::Done { answer, result } => {
            sample.kind = OutcomeKind::Done;
            let result = result.or(answer.body).map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
            sample.results = run.result_fields.iter().map(|field| picked(field, result.as_ref())).collect();
            sample.result = result;
        }
        Outcome::Wait { answer: _, channel_id: _, upstream_id, progress, unknown: _, after_ms } => {
            sample.kind = OutcomeKind::Wait;
            (sample.upstream_id, sample.progress) = (Some(upstream_id), Some(progress));
            sample.after_seconds = Some(after_ms / 1000);
        }
        Outcome::Retry { answer: _, why, pause } => {
            sample.kind = OutcomeKind::Retry;
            sample.why = why;
            let config = &service.config;
            let interval = run.rule.interval_seconds.unwrap_or(config.default_interval_seconds).max(config.min_interval_seconds);
            sample.after_seconds = Some(interval.max(pause.unwrap_or(0).min(3600)));
        }
        Outcome::Refuse { answer: _, why } | Outcome::Lost { answer: _, why } => sample.why = why,
        Outcome::GiveBack { .. } => {}
    }
    sample
}

fn picked(field: &ResultField, result: Option<&Value>) -> ResultValue {
    let label = if field.label.is_empty() { field.path.clone() } else { field.label.clone() };
    ResultValue { label, path: field.path.clone(), value: result.and_then(|result| extract(result, &field.path)) }
}

/// One real call of a channel: the request of a rule, or `GET` of its base URL. The error is a sentence about the rule's templates.
pub async fn test_channel(
    service: &Service,
    channel: &ChannelRow,
    rule: Option<&RuleRow>,
    test: &ChannelTest,
) -> Result<ChannelTestResult, String> {
    let (mut request, shown) = match rule {
        Some(RuleRow { rule, .. }) => {
            let values = Values { service, rule, params: &test.params, headers: &Map::new(), upstream_id: "" };
            let request = values.fill(Step::Submit, &rule.request, channel)?;
            let without_credential = values.fill(Step::Submit, &rule.request, &masked(Some(channel)))?;
            (request, shown(Step::Submit, &without_credential))
        }
        None => {
            let mut request = OutboundRequest::get(&channel.channel.base_url);
            request.limits = Limits { total: Duration::from_secs(15), max_body: 65_536, ..Limits::default() };
            request.truncate = true;
            let shown = shown(Step::Submit, &request);
            (request, shown)
        }
    };
    if let (true, Ok(id)) = (rule.is_some(), http::HeaderValue::try_from(format!("test-{}", random_id()))) {
        // Two tests are two requests.
        request.headers.insert("idempotency-key", id);
    }
    let begun = Instant::now();
    let answer = service.http.call(request).await;
    let duration = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
    // An upstream may show what it was sent.
    let secret = channel.channel.credential.as_deref().filter(|secret| !secret.is_empty());
    let mask = |text: String| secret.map_or_else(|| text.clone(), |secret| text.replace(secret, MASK));
    let (status, error, body) = match answer {
        Ok(response) => (Some(response.status), None, String::from_utf8_lossy(&response.body).replace('\0', "\u{fffd}")),
        Err(error) => (None, Some(mask(error.to_string())), String::new()),
    };
    let body = mask(body).chars().take(SHOWN).collect();
    Ok(ChannelTestResult { request: shown, status, duration, error, body })
}

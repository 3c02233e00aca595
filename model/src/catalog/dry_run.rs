//! Trying a rule without sending anything.

use crate::features::{ResultField, ResultValue};
use crate::rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Which request of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The request of an attempt.
    #[default]
    Submit,
    /// The request that asks for news of a job.
    Poll,
    /// The request that asks for the result of a job that succeeded.
    Result,
    /// The request that asks to stop a job.
    Cancel,
}

impl Step {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Submit => "submit",
            Step::Poll => "poll",
            Step::Result => "result",
            Step::Cancel => "cancel",
        }
    }
}

/// A rule and the values to try it with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// The rule; it need not be stored.
    pub rule: Rule,
    /// The channel whose base URL is filled in; a made-up one unless given.
    #[serde(default)]
    pub channel_id: Option<i64>,
    /// Parameters of the task.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub params: Map<String, Value>,
    /// Headers of the task.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub headers: Map<String, Value>,
    /// The upstream's id of the job, for polls; `job-1` unless given.
    #[serde(default)]
    pub upstream_id: Option<String>,
    /// Results to pick, as a feature would.
    #[serde(default)]
    pub result_fields: Vec<ResultField>,
    /// An answer to read as the engine would.
    #[serde(default)]
    pub answer: Option<SampleAnswer>,
}

/// What an upstream might answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SampleAnswer {
    /// Which request it answers: `submit` or `poll`.
    #[serde(default)]
    pub step: Step,
    /// The status, 100 to 599.
    #[serde(default = "ok")]
    #[cfg_attr(feature = "openapi", schema(minimum = 100, maximum = 599))]
    pub status: u16,
    /// Headers; `Retry-After` counts.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body, as text.
    #[serde(default)]
    pub body: String,
}

fn ok() -> u16 {
    200
}

/// What a rule would send, and what it makes of an answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DryRunReport {
    /// Everything that is wrong with the rule. A request with a problem is not among the requests.
    pub problems: Vec<Problem>,
    /// What would be sent, credentials masked.
    pub requests: Vec<SampleRequest>,
    /// What the sample answer would lead to.
    pub outcome: Option<SampleOutcome>,
}

/// Something wrong with a definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Where, such as `poll.request.headers.X-Job`.
    pub field: String,
    /// What, in a sentence.
    pub message: String,
    /// Of a template: the place of the mistake, in characters from 1.
    pub position: Option<i64>,
}

/// A request as it would leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleRequest {
    /// Which request of the rule.
    pub step: Step,
    /// The method.
    pub method: String,
    /// The address.
    pub url: String,
    /// Names and values of the headers.
    pub headers: BTreeMap<String, String>,
    /// The body; absent if there is none.
    pub body: Option<String>,
}

/// What the engine does after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// The task succeeds.
    Done,
    /// The job is asked about later.
    Wait,
    /// The attempt failed; another one follows if retries are left.
    Retry,
    /// The task fails.
    Refuse,
}

/// What an answer would lead to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SampleOutcome {
    /// What the engine does.
    pub kind: OutcomeKind,
    /// Why, where it did not succeed.
    pub why: String,
    /// The upstream's id of the job.
    pub upstream_id: Option<String>,
    /// The progress in percent.
    pub progress: Option<i64>,
    /// Seconds until the next call.
    pub after_seconds: Option<i64>,
    /// The result.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub result: Option<Value>,
    /// The result fields.
    pub results: Vec<ResultValue>,
}

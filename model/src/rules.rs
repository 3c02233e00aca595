//! Rules: how one upstream is called. Channels: where it is.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

mod following;

pub use following::{BatchRule, Signature};

/// Retries without an end.
pub const UNLIMITED: i64 = -1;

/// An HTTP method that a rule may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names are the standard's")]
pub enum Method {
    Get,
    #[default]
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The word of the protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// Template of one HTTP request.
///
/// Strings are templates: `{{ params.x }}`, `{{ headers.x }}`, `{{ channel.base_url }}`, `{{ channel.credential }}`, `{{ task.id }}`,
/// `{{ attempt.id }}`, and in poll and cancel requests `{{ upstream_id }}` (`{{ upstream_ids }}` where many are asked about at once). In the body a string that is one expression keeps the type of
/// its value. What comes out of a template is data and is never read as a template again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The method.
    #[serde(default)]
    pub method: Method,
    /// The address, http or https. Values put into it are percent-encoded.
    pub url: String,
    /// Headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body, sent as JSON; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub body: Option<Value>,
}

/// When an answer counts as good: its status, and a value inside it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SuccessCondition {
    /// Statuses, exact; every 2xx if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<u16>,
    /// JSONPath of a value that must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What that value must be; anything but null and false if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Value>))]
    pub equals: Option<Value>,
}

/// What an upstream's word for a state means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UpstreamStatus {
    /// Accepted, not begun.
    Queued,
    /// Being worked on.
    InProgress,
    /// Done; the answer carries the result.
    Success,
    /// Ended without a result.
    Failure,
}

/// How a submitted job is followed to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PollRule {
    /// JSONPath of the job's id in the answer to the submission.
    pub task_id_path: String,
    /// The request that asks for news.
    pub request: RequestTemplate,
    /// Seconds between two questions, at least 1; 5 unless given.
    #[serde(default = "default_poll_interval")]
    pub interval_seconds: i64,
    /// JSONPath of the state in the answer.
    pub status_path: String,
    /// The upstream's words (compared without case) and what they mean. An unknown word means: ask again.
    pub status_map: BTreeMap<String, UpstreamStatus>,
    /// JSONPath of the progress: a number, or a text such as `"40%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress_path: Option<String>,
    /// JSONPath of the result; the whole answer unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_path: Option<String>,
    /// JSONPath of the reason of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_path: Option<String>,
    /// The request that asks the upstream to stop; none if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<RequestTemplate>,
    /// If the request asks about many jobs at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchRule>,
    /// Answers that mean failure whatever state they tell, such as error objects. An answer with status 429 never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_when: Option<SuccessCondition>,
    /// A further request after success, whose answer has the result; it knows the answer to the poll, `{{ answer.x }}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_request: Option<RequestTemplate>,
}

fn default_poll_interval() -> i64 {
    5
}

/// How often an outbound call may happen when a crash leaves its outcome unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Call again with the same idempotency key.
    #[default]
    AtLeastOnce,
    /// Do not call again: fail and give the points back.
    AtMostOnce,
}

/// Which failed answers are worth another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RetryOn {
    /// No answer, 408, 425, 429, 5xx, and a job that failed after it was accepted.
    #[default]
    Transient,
    /// Every failure.
    Any,
}

/// How one upstream is called, and what its answers mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique name.
    pub name: String,
    /// The request of an attempt.
    pub request: RequestTemplate,
    /// When the answer counts as good.
    #[serde(default)]
    pub success: SuccessCondition,
    /// JSONPath of the result in a synchronous answer; the whole answer unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_path: Option<String>,
    /// JSONPath of the reason in a bad answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_path: Option<String>,
    /// What a custom API answers where the upstream answers with a status, such as `{"404": 410}`; others are passed on as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answer_statuses: BTreeMap<String, u16>,
    /// How every request is signed; not at all unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Signature>,
    /// How a job is followed; absent if the answer is the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<PollRule>,
    /// Retries after the first attempt at most; -1 for unlimited.
    #[serde(default = "default_max_retries")]
    pub max_retries: i64,
    /// Seconds between attempts; the global default unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_seconds: Option<i64>,
    /// Which failures are worth another attempt.
    #[serde(default)]
    pub retry_on: RetryOn,
    /// Seconds one outbound call may take in all, 1 to 300.
    #[serde(default = "default_timeout")]
    pub timeout_seconds: i64,
    /// Seconds a run may take from its first attempt to its end; 24 hours unless given.
    #[serde(default = "default_overall_timeout")]
    pub overall_timeout_seconds: i64,
    /// What a crash in the middle of a call leads to.
    #[serde(default)]
    pub delivery: Delivery,
}

fn default_max_retries() -> i64 {
    3
}

fn default_timeout() -> i64 {
    30
}

fn default_overall_timeout() -> i64 {
    86_400
}

/// One upstream endpoint of a platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Unique name.
    pub name: String,
    /// The platform it belongs to; features name a platform, not a channel.
    pub platform: String,
    /// `{{ channel.base_url }}` of the templates, without a slash at the end.
    pub base_url: String,
    /// `{{ channel.credential }}` of the templates. Write-only: never read back, never exported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    /// Credentials beside the first, used in turn with it. Write-only like the first: left out, the stored ones stay; a list takes their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_credentials: Option<Vec<String>>,
    /// Tiers: higher first.
    #[serde(default)]
    pub priority: i64,
    /// Share within a tier.
    #[serde(default = "default_weight")]
    pub weight: i64,
    /// Most calls at the same time, on each node.
    #[serde(default = "default_max_parallel")]
    pub max_parallel: i64,
    /// Most submissions within any minute, retries included, on each node; 0 for no limit. Beyond it tasks wait, or take another channel.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub max_per_minute: i64,
    /// Whether it is used.
    #[serde(default = "default_true")]
    pub enabled: bool,
}

fn default_weight() -> i64 {
    1
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

fn default_max_parallel() -> i64 {
    64
}

pub(crate) fn default_true() -> bool {
    true
}

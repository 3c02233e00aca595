//! The record of requests: each call of a custom API and of the endpoints of tasks.

use crate::rules::Method;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One recorded request. Names are those that the console template of document 000 reads; lists leave out query and bodies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestLogView {
    /// The number.
    pub id: i64,
    /// The user whose session or key it was.
    pub user_id: i64,
    /// The number of the API key; none for a session.
    pub key_id: Option<i64>,
    /// When it came.
    pub created_at: Timestamp,
    /// The number of the rule that answered it, if one did.
    pub rule_id: Option<i64>,
    /// The name of that rule; empty if there is none.
    pub rule_name: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// Points that it cost, or that a submitted task has set aside.
    pub consume_points: i64,
    /// The status of the answer.
    pub status_code: i64,
    /// Milliseconds to the answer.
    pub duration: i64,
    /// Where it came from.
    pub remote_addr: String,
    /// The id of the call of a custom API, which its movements of points are named after; empty for other requests.
    pub call_id: String,
    /// The id of the request, which its answer carried in the header `x-request-id` and, if it failed, in its body; empty for old records.
    #[serde(default)]
    pub request_id: String,
    /// Why it failed, in a sentence; empty if it did not.
    pub error: String,
    /// The query string, secrets masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_query: Option<String>,
    /// The body of the request, secrets masked, cut where it is long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_body: Option<String>,
    /// The body of the answer, secrets masked, cut where it is long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
}

/// Statuses that begin with the same digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum StatusClass {
    #[serde(rename = "2xx")]
    Success,
    #[serde(rename = "3xx")]
    Redirection,
    #[serde(rename = "4xx")]
    ClientError,
    #[serde(rename = "5xx")]
    ServerError,
}

impl StatusClass {
    /// All of them.
    pub const ALL: [StatusClass; 4] = [StatusClass::Success, StatusClass::Redirection, StatusClass::ClientError, StatusClass::ServerError];

    /// The first digit.
    pub fn digit(self) -> i64 {
        match self {
            StatusClass::Success => 2,
            StatusClass::Redirection => 3,
            StatusClass::ClientError => 4,
            StatusClass::ServerError => 5,
        }
    }

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            StatusClass::Success => "2xx",
            StatusClass::Redirection => "3xx",
            StatusClass::ClientError => "4xx",
            StatusClass::ServerError => "5xx",
        }
    }

    /// The class of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// Which requests are wanted. With more than one filter beside user and time, only the newest 5,000 rows that the most selective of them
/// finds are looked through; a range of time leads to older ones.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct RequestLogFilter {
    /// From 1. Pages reach the newest 10,000 rows of what is filtered; the export has all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// Not before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// Before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// The number of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<i64>,
    /// The class of the status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusClass>,
    /// The method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The path; all that begin so if it ends in `*`, among the newest 5,000 rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The number of the API key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_id: Option<i64>,
    /// Where it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote_addr: Option<String>,
    /// The id of a call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The id of the request, as its answer carried it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The user; for administrators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
}

/// Newest rows that are looked through where no single index finds the wanted ones.
pub const SEARCHED: i64 = 5_000;

impl RequestLogFilter {
    /// Whether only the newest [`SEARCHED`] rows are looked through: there is a second filter beside user and time, or the beginning of a path.
    pub fn is_searched(&self) -> bool {
        let prefix = self.path.as_deref().is_some_and(|path| path.trim_end().ends_with('*'));
        let filters = [
            self.rule_id.is_some(),
            self.status.is_some(),
            self.method.is_some(),
            self.path.is_some(),
            self.key_id.is_some(),
            self.remote_addr.is_some(),
        ];
        prefix || filters.into_iter().filter(|set| *set).count() > 1
    }
}

/// Which rows are to go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeleteLogs {
    /// Their numbers, at most 1,000.
    pub ids: Vec<i64>,
}

/// How many rows went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeletedLogs {
    /// Rows that were there, were the caller's, and are gone.
    pub deleted: u64,
}

/// A rule that has answered recorded requests, for choosing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedRule {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// What one custom API did for one user in a range of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiUsage {
    /// The number of the custom API.
    pub api_id: i64,
    /// Its name at the latest call.
    pub api_name: String,
    /// Calls.
    pub calls: i64,
    /// Calls that succeeded.
    pub succeeded: i64,
    /// Points that they cost.
    pub points: i64,
}

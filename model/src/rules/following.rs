//! What some platforms need beyond one request that follows one job.

use serde::{Deserialize, Serialize};

/// One request that asks about many jobs. The poll request then knows `{{ upstream_ids }}`, and the paths of the poll rule begin at one job's
/// entry in the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchRule {
    /// JSONPath of the array of entries in the answer.
    pub items_path: String,
    /// JSONPath of the job's id in an entry. A job without an entry is asked about again later.
    pub id_path: String,
    /// Jobs in one request at most, 1 to 1,000; 100 unless given.
    #[serde(default = "default_max_ids")]
    pub max_ids: i64,
}

fn default_max_ids() -> i64 {
    100
}

/// How requests are signed. The channel's credential is then `access key|secret key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// A JSON Web Token of half an hour, signed with HS256, as bearer: Kling.
    KlingJwt,
    /// Version 4 signatures of Volcengine for its service `cv` in `cn-north-1`: Jimeng.
    Volcengine,
}

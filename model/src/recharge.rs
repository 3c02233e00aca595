//! Recharges: what the administrator says about them, their records, and redemption codes.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Most codes of one batch.
pub const MAX_CODES: i64 = 10_000;

/// `GET /api/recharge/info`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RechargeInfo {
    /// What the administrator wrote, in Markdown; empty when nothing was.
    pub content: String,
    /// The same as HTML that is safe to show: no scripts, no markup of the writer's own, no addresses but web and mail ones.
    pub html: String,
    /// Under how many available points the caller wants to be told; 0 for never.
    pub low_balance: i64,
}

/// How points were added or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum RechargeType {
    /// An administrator added them.
    Recharge,
    /// The owner redeemed a code.
    Redemption,
    /// An administrator took them back.
    ReverseRecharge,
}

/// One record of a recharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RechargeRecord {
    /// The number of its ledger entry.
    pub id: i64,
    /// When.
    pub created_at: Timestamp,
    /// How many points; negative when they were taken back.
    pub points: i64,
    /// How.
    pub r#type: RechargeType,
    /// Why, for people.
    pub note: String,
}

/// One record, as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RechargeRecordOfUser {
    /// Whose account it is.
    pub user_id: i64,
    /// The user's name.
    pub username: String,
    /// Who did it: an administrator's name, or `system` for the command line.
    pub actor: String,
    /// The record.
    #[serde(flatten)]
    pub record: RechargeRecord,
}

/// The body of `POST /api/recharge/redeem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// The code. Case, spaces and dashes do not matter.
    pub code: String,
}

/// What a redemption brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redeemed {
    /// Points added.
    pub points: i64,
    /// Points that can be spent now.
    pub available: i64,
}

/// The body of `PUT /api/recharge/low-balance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LowBalance {
    /// Under how many available points to be told; 0 for never.
    pub threshold: i64,
}

/// The body of a recharge by an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRecharge {
    /// How many points, at least 1.
    pub points: i64,
    /// Why, for people.
    #[serde(default)]
    pub note: String,
}

/// The body of a reverse recharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReverseRecharge {
    /// How many points, at least 1.
    pub points: i64,
    /// Why, for people.
    #[serde(default)]
    pub note: String,
    /// Whether to take what is there when it is less. Unless this is said, more than is available is refused.
    #[serde(default)]
    pub up_to_available: bool,
}

/// What a recharge or reverse recharge moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    /// How many points.
    pub points: i64,
    /// The points afterwards.
    pub balance: crate::ledger::Balance,
}

/// A batch of codes to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewCodes {
    /// Points that one redemption adds.
    pub points: i64,
    /// How many codes, 1 to 10,000.
    pub count: i64,
    /// How many users may redeem each code; 1 unless given.
    #[serde(default = "one")]
    pub uses: i64,
    /// When they stop working; never unless given.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// What they are for; it becomes the note of the recharge.
    #[serde(default)]
    pub note: String,
}

fn one() -> i64 {
    1
}

/// Codes just made: the only time that they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedCodes {
    /// The batch.
    pub batch: String,
    /// The codes.
    pub codes: Vec<String>,
}

/// Where a code is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodeState {
    /// It can be redeemed.
    Active,
    /// It was redeemed as often as it may be.
    UsedUp,
    /// Its time is over.
    Expired,
    /// An administrator switched it off.
    Disabled,
}

impl CodeState {
    /// Every state.
    pub const ALL: [CodeState; 4] = [CodeState::Active, CodeState::UsedUp, CodeState::Expired, CodeState::Disabled];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            CodeState::Active => "active",
            CodeState::UsedUp => "used_up",
            CodeState::Expired => "expired",
            CodeState::Disabled => "disabled",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What a list of codes is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct CodeFilter {
    /// From 1.
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    pub page_size: Option<i64>,
    /// Codes of one batch only.
    pub batch: Option<String>,
    /// Codes in one state only.
    pub state: Option<CodeState>,
}

/// Who redeemed a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Redeemer {
    /// The user.
    pub user_id: i64,
    /// The user's name.
    pub username: String,
    /// When.
    pub redeemed_at: Timestamp,
}

/// A redemption code as administrators see it: without the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeView {
    /// The number of the code.
    pub id: i64,
    /// The batch that it was made in.
    pub batch: String,
    /// The first characters of the code, by which people tell codes apart.
    pub prefix: String,
    /// Points that one redemption adds.
    pub points: i64,
    /// How many users may redeem it.
    pub uses: i64,
    /// How many have.
    pub used: i64,
    /// Where it is in its life.
    pub state: CodeState,
    /// What it is for.
    pub note: String,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who has redeemed it: the latest, 20 at most.
    pub redeemers: Vec<Redeemer>,
}

/// How many codes a change reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DisabledCodes {
    /// Codes that could be redeemed before.
    pub disabled: i64,
}

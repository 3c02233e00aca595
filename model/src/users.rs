//! Users as administrators see and change them, and the invitations by which people come.

use crate::accounts::{KeyView, Role, SessionView};
use crate::ledger::Balance;
use crate::tasks::Order;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Limits of one user that go before those of the system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserLimits {
    /// Attempts in flight on each node at most, 1 to 10,000; the system's limit unless given.
    #[serde(default)]
    pub max_parallel: Option<i64>,
    /// Requests a minute over all keys and sessions at most, 1 to 1,000,000; the system's limit unless given.
    #[serde(default)]
    pub requests_per_minute: Option<i64>,
}

impl UserLimits {
    /// The largest number of attempts in flight that can be set.
    pub const MOST_PARALLEL: i64 = 10_000;
    /// The largest number of requests a minute that can be set.
    pub const MOST_REQUESTS: i64 = 1_000_000;
}

/// Tasks of a user by how they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskCounts {
    /// All that were not deleted.
    pub total: i64,
    /// Ended with a result.
    pub succeeded: i64,
    /// Ended without a result.
    pub failed: i64,
    /// Ended by somebody.
    pub cancelled: i64,
}

impl TaskCounts {
    /// Those that have not ended.
    pub fn living(self) -> i64 {
        (self.total - self.succeeded - self.failed - self.cancelled).max(0)
    }
}

/// A user as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserView {
    /// The number.
    pub id: i64,
    /// The name.
    pub username: String,
    /// The role.
    pub role: Role,
    /// Whether it may log in and use its keys.
    pub enabled: bool,
    /// Available and held points.
    pub balance: Balance,
    /// Its own limits.
    pub limits: UserLimits,
    /// Its tasks.
    pub tasks: TaskCounts,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A user with what it logs in with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserDetail {
    /// The user.
    pub user: UserView,
    /// Sessions that have not ended.
    pub sessions: Vec<SessionView>,
    /// Keys, revoked ones included, without their secrets.
    pub keys: Vec<KeyView>,
    /// Whether log-ins take two steps.
    pub two_step: bool,
}

/// Columns that the list of users can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// When it was made.
    #[default]
    CreatedAt,
    /// The name.
    Username,
    /// Points that can be spent.
    Available,
    /// Tasks in all.
    Tasks,
}

impl UserSort {
    /// Every sortable column.
    pub const ALL: [UserSort; 4] = [UserSort::CreatedAt, UserSort::Username, UserSort::Available, UserSort::Tasks];

    /// The word in the query string.
    pub fn as_str(self) -> &'static str {
        match self {
            UserSort::CreatedAt => "created_at",
            UserSort::Username => "username",
            UserSort::Available => "available",
            UserSort::Tasks => "tasks",
        }
    }

    /// The column of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// What the list of users is narrowed to; also its query string.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct UserFilter {
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// The column; `created_at` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<UserSort>,
    /// `desc` by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Part of the name, or the whole number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Only users of this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only users that may, or may not, log in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The body of `POST /api/admin/users`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The name, 3 to 64 characters.
    pub username: String,
    /// The password; one is made, and answered once, unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The role; `user` unless given.
    #[serde(default)]
    pub role: Role,
}

/// A user just made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedUser {
    /// The user.
    pub user: UserView,
    /// The password that was made for it: shown now and never again. Absent if one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The body of `PATCH /api/admin/users/{id}`. Absent means unchanged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Whether it may log in; `false` ends its sessions and refuses its keys at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// All limits of its own, replacing the old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<UserLimits>,
}

/// The body of `POST /api/admin/users/{id}/password`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// The new password; one is made, and answered once, unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A password that was made for somebody: shown now and never again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemporaryPassword {
    /// The password; absent if the administrator gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// How many sessions or keys were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ended {
    /// Their number.
    pub count: i64,
}

/// The body of `POST /api/admin/invitations`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// Who it is for, for people; at most 200 characters.
    #[serde(default)]
    pub note: String,
    /// How many may register with it, 1 to 1,000; 1 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<i64>,
    /// When it stops working; never unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// An invitation; its code is not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationView {
    /// The number.
    pub id: i64,
    /// The first characters of the code.
    pub prefix: String,
    /// Who it is for.
    pub note: String,
    /// How many may register with it.
    pub max_uses: i64,
    /// How many have.
    pub uses: i64,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
}

/// An invitation just made: the only time its code is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedInvitation {
    /// The code, for `/register?code=…`.
    pub code: String,
    /// How it will be shown from now on.
    pub invitation: InvitationView,
}

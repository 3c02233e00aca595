//! Users, sessions, API keys.

use crate::ledger::Balance;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Own things only.
    #[default]
    User,
    /// Everything.
    Admin,
}

impl Role {
    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Admin => "admin",
        }
    }

    /// The role of that word; unknown words are refused, never guessed.
    pub fn parse(word: &str) -> Option<Self> {
        [Role::User, Role::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

/// What a key may be used for. A session may do all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Look at features, tasks and balances.
    #[serde(rename = "tasks:read")]
    TasksRead,
    /// Submit, edit, cancel, retry and delete tasks.
    #[serde(rename = "tasks:write")]
    TasksWrite,
    /// Look at and manage keys and sessions.
    #[serde(rename = "account")]
    Account,
    /// Everything an administrator may do, if the owner is one.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Scope; 4] = [Scope::TasksRead, Scope::TasksWrite, Scope::Account, Scope::Admin];

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::TasksRead => "tasks:read",
            Scope::TasksWrite => "tasks:write",
            Scope::Account => "account",
            Scope::Admin => "admin",
        }
    }

    /// The scope of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// The caller and the balance: `GET /api/me`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The user's number.
    pub id: i64,
    /// The user's name.
    pub username: String,
    /// The role.
    pub role: Role,
    /// Available and held points.
    pub balance: Balance,
    /// Under how many available points the caller wants to be told; 0 for never.
    pub low_balance: i64,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// One log-in of a browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The number, for revoking.
    pub id: i64,
    /// Address of the last request.
    pub address: String,
    /// The browser's name for itself.
    pub user_agent: String,
    /// When it logged in.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The body of `POST /api/keys`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// A name for people, 1 to 100 characters.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// When it stops working; never unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Addresses or networks (`203.0.113.7`, `10.0.0.0/8`) that may use it; all if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_addresses: Vec<String>,
    /// Whether `?api_key=` works with it; true unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_query: Option<bool>,
}

/// An API key as its owner sees it; the secret is not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct KeyView {
    /// The number, for revoking.
    pub id: i64,
    /// The name.
    pub name: String,
    /// The first characters of the key.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// Addresses or networks that may use it; all if empty.
    pub allowed_addresses: Vec<String>,
    /// Whether `?api_key=` works with it.
    pub allow_query: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A key just made: the only time its secret is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    /// The whole key.
    pub secret: String,
    /// How it will be shown from now on.
    pub key: KeyView,
}

/// Whether log-ins ask for a code of an authenticator app: `GET /api/me/totp`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpStatus {
    /// Whether they do.
    pub enabled: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: i64,
}

/// A secret for an authenticator app: the only time that it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotpSetup {
    /// The secret in base32, for typing.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub uri: String,
    /// The address as a QR code, an SVG image.
    pub qr_svg: String,
}

/// Recovery codes just made: the only time that they are shown. Each logs in once in place of a code of the app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
}

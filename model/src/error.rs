//! Every error code with its HTTP status and its text key. One table for REST, server functions and pages.

use serde::{Deserialize, Serialize};

/// Shorthand for results whose error may leave the server.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)*) => {
        /// What went wrong, in a word that programs may rely on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $($(#[$doc])* $name,)* }

        impl ErrorCode {
            /// Every code, for documentation and for tests.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name,)*];

            /// The word on the wire; also the key of its text in the language tables.
            pub fn as_str(self) -> &'static str {
                match self { $(ErrorCode::$name => $text,)* }
            }

            /// The HTTP status it is answered with.
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// The request could not be read: bad JSON, wrong type, malformed query.
    BadRequest = "bad_request", 400;
    /// No credential, or one that is not known.
    Unauthenticated = "unauthenticated", 401;
    /// User name or password is wrong.
    WrongCredentials = "wrong_credentials", 401;
    /// The credential has expired or was revoked.
    CredentialExpired = "credential_expired", 401;
    /// The caller's role or the key's scope does not allow it.
    Forbidden = "forbidden", 403;
    /// The key may not be used from this address.
    AddressNotAllowed = "address_not_allowed", 403;
    /// The account is disabled.
    AccountDisabled = "account_disabled", 403;
    /// A write that did not come from our own pages.
    CrossSite = "cross_site", 403;
    /// No such thing, or someone else's.
    NotFound = "not_found", 404;
    /// The method is not offered at this address.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The thing is in a state that does not allow it.
    Conflict = "conflict", 409;
    /// The name is taken.
    NameTaken = "name_taken", 409;
    /// A request with the same idempotency key is still being handled.
    IdempotencyInFlight = "idempotency_in_flight", 409;
    /// The first-run set-up was already done.
    AlreadySetUp = "already_set_up", 409;
    /// The body is larger than allowed.
    TooLarge = "too_large", 413;
    /// The body is not of the type that this address reads.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// A value is not acceptable; `field` names it.
    Invalid = "invalid", 422;
    /// A required parameter is missing; `field` names it.
    MissingParameter = "missing_parameter", 422;
    /// A parameter that the feature does not have; `field` names it.
    UnknownParameter = "unknown_parameter", 422;
    /// More retries were asked for than the rule allows.
    TooManyRetries = "too_many_retries", 422;
    /// The interval is below the minimum.
    IntervalTooShort = "interval_too_short", 422;
    /// The feature is switched off.
    FeatureDisabled = "feature_disabled", 422;
    /// The idempotency key was used with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422;
    /// No redemption code reads like this, or it was switched off.
    RedemptionCodeUnknown = "redemption_code_unknown", 422;
    /// The redemption code was valid until some time ago.
    RedemptionCodeExpired = "redemption_code_expired", 422;
    /// The redemption code was used as often as it may be.
    RedemptionCodeUsedUp = "redemption_code_used_up", 409;
    /// The caller has redeemed this code before.
    AlreadyRedeemed = "already_redeemed", 409;
    /// The password is too short, too long or too common.
    WeakPassword = "weak_password", 422;
    /// Not enough points.
    InsufficientPoints = "insufficient_points", 403;
    /// Too many requests or attempts; try again later.
    RateLimited = "rate_limited", 429;
    /// Our fault. The detail is in the server's log under the request id.
    Internal = "internal", 500;
    /// The server is shutting down, full, or its database is away.
    Unavailable = "unavailable", 503;
    /// The target of an outbound call could not be reached or is not allowed.
    Upstream = "upstream", 502;
    /// The target of an outbound call did not answer in time.
    UpstreamTimeout = "upstream_timeout", 504;
}

/// An error that may leave the server: a code, a sentence, and where it applies.
///
/// Internal causes never enter it; they are logged where they happen, beside the request id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Error {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, in one English sentence.
    pub message: String,
    /// The field or parameter that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The request during which it happened; filled in at the door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds after which a retry makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Error {
    /// An error with a code and a sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error { code, message: message.into(), field: None, request_id: None, retry_after: None }
    }

    /// Names the field that the error is about.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says after how many seconds a retry makes sense.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// `not_found` for a kind of thing, for example `"task"`.
    pub fn not_found(kind: &str) -> Self {
        Error::new(ErrorCode::NotFound, format!("There is no such {kind}."))
    }

    /// `invalid` for a field, with a sentence.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Error::new(ErrorCode::Invalid, message).at(field)
    }

    /// `conflict` with a sentence.
    pub fn conflict(message: impl Into<String>) -> Self {
        Error::new(ErrorCode::Conflict, message)
    }

    /// `forbidden` with a sentence.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Error::new(ErrorCode::Forbidden, message)
    }

    /// `internal` without any detail.
    pub fn internal() -> Self {
        Error::new(ErrorCode::Internal, "Something went wrong on our side. Quote the request id when you report it.")
    }

    /// `unavailable` with a sentence.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Error::new(ErrorCode::Unavailable, message).retry_after(1)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

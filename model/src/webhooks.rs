//! Webhooks: where events are pushed to, and what became of each push.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

// The words are `tt`: a `literal` reaches the schema derive in a wrapping that it does not read, and it would describe the Rust names.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $word:tt,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$item_doc])* #[serde(rename = $word)] $item,)* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$item,)*];

            /// The word on the wire and in the database.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$item => $word,)* }
            }

            /// The one of that word; unknown words are refused, never guessed.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// What kind of receiver it is: which body it gets and how it is signed.
    #[derive(Default)]
    WebhookKind {
        /// A program that verifies Standard Webhooks signatures.
        #[default]
        Standard = "standard",
        /// A group robot of WeCom (企业微信).
        Wecom = "wecom",
        /// A group robot of DingTalk (钉钉).
        Dingtalk = "dingtalk",
        /// A group robot of Feishu (飞书).
        Feishu = "feishu",
        /// A phone with the Bark app.
        Bark = "bark",
    }
}

impl WebhookKind {
    /// Whether the robot's own settings may have given people a secret to sign with.
    pub fn takes_secret(self) -> bool {
        matches!(self, WebhookKind::Dingtalk | WebhookKind::Feishu)
    }
}

words! {
    /// What happened.
    WebhookEvent {
        /// A task succeeded.
        TaskSucceeded = "task.succeeded",
        /// A task failed for good.
        TaskFailed = "task.failed",
        /// A task was cancelled.
        TaskCancelled = "task.cancelled",
        /// The points fell below the owner's threshold.
        BalanceLow = "balance.low",
        /// Another webhook was switched off, because its receiver was gone or had failed for days.
        WebhookDisabled = "webhook.disabled",
        /// Somebody pressed the test button. Every webhook gets it.
        Test = "webhook.test",
    }
}

impl WebhookEvent {
    /// What a new webhook is told about unless something else is asked for.
    pub const DEFAULT: [WebhookEvent; 2] = [WebhookEvent::TaskSucceeded, WebhookEvent::TaskFailed];

    /// Whether it can be chosen; the others come by themselves.
    pub fn can_be_chosen(self) -> bool {
        self != WebhookEvent::Test
    }
}

words! {
    /// The language of the messages to people.
    MessageLanguage {
        /// Chinese.
        Zh = "zh",
        /// English.
        En = "en",
    }
}

words! {
    /// Why a webhook was switched off by the program.
    DisabledReason {
        /// The receiver answered 410: it is gone.
        Gone = "gone",
        /// Nothing was delivered for five days.
        Failing = "failing",
    }
}

words! {
    /// Where a delivery is.
    DeliveryStatus {
        /// It waits for its next attempt.
        Pending = "pending",
        /// It is being sent.
        Sending = "sending",
        /// The receiver took it.
        Delivered = "delivered",
        /// No further attempt will be made.
        Failed = "failed",
    }
}

impl DeliveryStatus {
    /// The number in the database.
    pub fn rank(self) -> i64 {
        match self {
            DeliveryStatus::Pending => 0,
            DeliveryStatus::Sending => 1,
            DeliveryStatus::Delivered => 2,
            DeliveryStatus::Failed => 3,
        }
    }

    /// The reverse of [`DeliveryStatus::rank`].
    pub fn from_rank(rank: i64) -> Self {
        Self::ALL.iter().copied().find(|one| one.rank() == rank).unwrap_or(DeliveryStatus::Failed)
    }
}

/// The body of `POST /api/webhooks`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// A name for people, 1 to 100 characters.
    pub name: String,
    /// What kind of receiver it is.
    #[serde(default)]
    pub kind: WebhookKind,
    /// Where events are sent.
    pub url: String,
    /// The secret that a robot of DingTalk or Feishu shows in its security settings. Those of `standard` are made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// What it is told about; `task.succeeded` and `task.failed` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether every task's events go here, and not only those of tasks that chose it; false unless given.
    #[serde(default)]
    pub all_tasks: bool,
    /// The language of messages to people; Chinese unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<MessageLanguage>,
    /// Extra headers, at most 16. They are never shown again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Whether it is switched on; true unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// The body of `PATCH /api/webhooks/{id}`. Absent means unchanged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where events are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The secret of a robot; an empty one takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_secret: Option<String>,
    /// What it is told about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether every task's events go here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_tasks: Option<bool>,
    /// The language of messages to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<MessageLanguage>,
    /// All extra headers, replacing the old ones. Null as a value keeps the stored one of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, Option<String>>>,
    /// Whether it is switched on. Switching it on forgets why it was switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// A webhook as its owner sees it; secrets are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookView {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
    /// What kind of receiver it is.
    pub kind: WebhookKind,
    /// Where events are sent.
    pub url: String,
    /// What it is told about.
    pub events: Vec<WebhookEvent>,
    /// Whether every task's events go here, and not only those of tasks that chose it.
    pub all_tasks: bool,
    /// The language of messages to people.
    pub language: MessageLanguage,
    /// Names of the extra headers.
    pub header_names: Vec<String>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Why the program switched it off, if it did.
    pub disabled_reason: Option<DisabledReason>,
    /// Whether messages are signed.
    pub signed: bool,
    /// Until when messages carry a signature of the previous secret as well.
    pub old_secret_until: Option<Timestamp>,
    /// Since when nothing was delivered although it was tried.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A webhook just made, or with a new secret: the only time that the secret is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedWebhook {
    /// The secret to verify with: `whsec_` and base64. Robots have none of ours.
    pub secret: Option<String>,
    /// How it will be shown from now on.
    pub webhook: WebhookView,
}

/// One event on its way to one webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryView {
    /// The number.
    pub id: i64,
    /// The webhook.
    pub webhook_id: i64,
    /// The id that the receiver sees, the same at every attempt: `msg_` and 32 characters.
    pub message_id: String,
    /// What happened.
    pub event: WebhookEvent,
    /// The task that it is about, if it is about one.
    pub task_id: Option<i64>,
    /// Where it is.
    pub status: DeliveryStatus,
    /// Attempts so far.
    pub attempts: i64,
    /// The receiver's last HTTP status; 0 if there was no answer.
    pub status_code: i64,
    /// What went wrong at the last attempt; empty if nothing did.
    pub error: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was delivered or given up.
    pub finished_at: Option<Timestamp>,
}

/// One attempt of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryAttemptView {
    /// From 1, resendings included.
    pub attempt_no: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// Milliseconds that it took.
    pub duration: i64,
    /// The receiver's HTTP status; 0 if there was no answer.
    pub status_code: i64,
    /// What went wrong; empty if nothing did.
    pub error: String,
    /// The beginning of the answer.
    pub response: String,
}

/// A delivery with its body and its attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryDetail {
    /// The delivery.
    pub delivery: DeliveryView,
    /// The event: `type`, `timestamp` and `data`. Robots get a message made of it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub body: Value,
    /// Its attempts, newest first, at most 100.
    pub attempts: Vec<DeliveryAttemptView>,
}

/// A delivery as administrators see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminDeliveryView {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: DeliveryView,
    /// The owner's number.
    pub user_id: i64,
    /// The owner's name.
    pub username: String,
    /// The webhook's name; empty when it was deleted.
    pub webhook_name: String,
    /// The kind of receiver; none when the webhook was deleted.
    pub kind: Option<WebhookKind>,
    /// The receiver's host. The rest of its URL may be a secret.
    pub host: String,
}

/// What a list of deliveries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DeliveryFilter {
    /// Where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
}

/// What the administration's list of deliveries is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AdminDeliveryFilter {
    /// Where they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    /// The owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// From 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// 1 to 100, 20 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
}

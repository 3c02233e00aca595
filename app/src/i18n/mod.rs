//! Every text that people read, in Chinese and English. One line per text holds both, so a missing one does not compile.
//!
//! The language is chosen by a cookie, rendered by the server and kept until the next page load; texts are never reactive.

use leptos::prelude::*;
use model::ErrorCode;
use model::tasks::TaskStatus;
use model::webhooks::{DeliveryStatus, DisabledReason, WebhookEvent, WebhookKind};

/// Declares a struct of texts in both languages.
macro_rules! texts {
    ($(#[$doc:meta])* pub struct $name:ident { $($key:ident: $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        pub struct $name { $(#[doc = $en] pub $key: &'static str,)* }

        impl $name {
            // Never inlined: it would cost more bytes at each text than the call.
            #[inline(never)]
            pub(super) fn of(lang: crate::i18n::Lang) -> &'static $name {
                static ZH: $name = $name { $($key: $zh,)* };
                static EN: $name = $name { $($key: $en,)* };
                match lang {
                    crate::i18n::Lang::Zh => &ZH,
                    crate::i18n::Lang::En => &EN,
                }
            }
        }
    };
}

mod account;
mod admin;
mod admin_custom_apis;
mod apis;
mod audit_actions;
mod catalog;
mod errors;
mod points;
mod profile;
mod request_logs;
mod sentences;
mod settings;
mod shell;
mod status;
mod tasks;
mod users;
mod webhooks;
mod words;

#[cfg(test)]
mod tests;

pub use account::Account;
pub use admin::{Admin, Announcements, Audit, Overview};
pub use admin_custom_apis::AdminCustomApis;
pub use apis::Apis;
pub use catalog::Catalog;
pub use points::{Charts, Dashboard, Ledger, Recharge};
pub use profile::Profile;
pub use request_logs::RequestLogs;
pub use settings::{Registration, Settings};
pub use shell::Shell;
pub use tasks::{TaskBatch, TaskDetail, TaskForm, Tasks};
pub use users::{AllTasks, Users};
pub use webhooks::Webhooks;
pub use words::Common;

/// A language of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese, the first language of the console.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The word in the cookie and in `POST /preferences`.
    pub fn as_str(self) -> &'static str {
        match self {
            Lang::Zh => "zh",
            Lang::En => "en",
        }
    }

    /// The value of `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of a cookie value or of `<html lang>`.
    pub fn parse(word: &str) -> Option<Self> {
        match word.split(['-', '_']).next()? {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that the console speaks; Chinese if there is none.
    pub fn negotiate(header: &str) -> Self {
        let mut best: Option<(f32, Lang)> = None;
        for part in header.split(',') {
            let mut pieces = part.split(';');
            let lang = pieces.next().map(|tag| tag.trim().to_ascii_lowercase()).and_then(|tag| Lang::parse(&tag));
            let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            if let Some(lang) = lang.filter(|_| weight > 0.0 && best.is_none_or(|(most, _)| weight > most)) {
                best = Some((weight, lang));
            }
        }
        best.map_or(Lang::Zh, |(_, lang)| lang)
    }
}

/// All texts of one language, each group reached by a function of its own: so the texts of a page are loaded with its code.
#[derive(Clone, Copy)]
pub struct Strings {
    /// Which language it is.
    pub lang: Lang,
}

static ZH: Strings = Strings { lang: Lang::Zh };
static EN: Strings = Strings { lang: Lang::En };

macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident: $name:ident,)*) => {
        impl Strings {$(
            $(#[$doc])*
            pub fn $group(&self) -> &'static $name {
                $name::of(self.lang)
            }
        )*}
    };
}

groups! {
    /// Words that many pages use.
    common: Common,
    /// Header and navigation.
    shell: Shell,
    /// Log-in and first run.
    account: Account,
    /// The personal centre.
    profile: Profile,
    /// The list of tasks.
    tasks: Tasks,
    /// The page of one task.
    task_detail: TaskDetail,
    /// The form of a task.
    task_form: TaskForm,
    /// Many tasks at once.
    task_batch: TaskBatch,
    /// What programs can call.
    apis: Apis,
    /// The record of requests.
    request_logs: RequestLogs,
    /// The administration of custom APIs.
    admin_custom_apis: AdminCustomApis,
    /// The dashboard.
    dashboard: Dashboard,
    /// Parts of charts.
    charts: Charts,
    /// The ledger.
    ledger: Ledger,
    /// Recharges and redemption codes.
    recharge: Recharge,
    /// What the pages of the administration share.
    admin: Admin,
    /// The overview.
    overview: Overview,
    /// The audit log.
    audit: Audit,
    /// Announcements.
    announcements: Announcements,
    /// Users and invitations.
    users: Users,
    /// Tasks of all users.
    all_tasks: AllTasks,
    /// System settings.
    settings: Settings,
    /// The registration page.
    registration: Registration,
    /// Features, rules and channels, for administrators.
    catalog: Catalog,
    /// Webhooks and their deliveries.
    webhooks: Webhooks,
}

impl Strings {
    /// The texts of a language.
    pub fn of(lang: Lang) -> &'static Strings {
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// What people read for a state of a task.
    pub fn status(&self, status: TaskStatus) -> &'static str {
        self.pick(status::text(status))
    }

    /// One sentence for an error code.
    pub fn error(&self, code: ErrorCode) -> &'static str {
        self.pick(errors::text(code))
    }

    /// A sentence that the program says in English: why something failed, what is wrong with a field. What an upstream said stays as it is.
    pub fn sentence(&self, english: &str) -> String {
        sentences::text(self.lang, english).into_owned()
    }

    /// What people read for a kind of webhook.
    pub fn webhook_kind(&self, kind: WebhookKind) -> &'static str {
        self.pick(webhooks::kind(kind))
    }

    /// What people read for an event.
    pub fn webhook_event(&self, event: WebhookEvent) -> &'static str {
        self.pick(webhooks::event(event))
    }

    /// What people read for the state of a delivery.
    pub fn delivery_status(&self, status: DeliveryStatus) -> &'static str {
        self.pick(webhooks::delivery(status))
    }

    /// Why a webhook was switched off.
    pub fn disabled_reason(&self, reason: DisabledReason) -> &'static str {
        self.pick(webhooks::reason(reason))
    }

    /// What people read for an action of the audit log; its word where it is not known here.
    pub fn audit_action<'a>(&self, action: &'a str) -> &'a str {
        audit_actions::text(action).map_or(action, |texts| self.pick(texts))
    }

    fn pick(&self, (zh, en): (&'static str, &'static str)) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// The texts of the page's language. Take them at the top of a component: event handlers have no context.
pub fn use_strings() -> &'static Strings {
    Strings::of(use_context::<Lang>().unwrap_or_default())
}

/// Puts values into `{name}` places of a text.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        let name = &rest[start + 1..start + length];
        filled.push_str(&rest[..start]);
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[start..=start + length]),
        }
        rest = &rest[start + length + 1..];
    }
    filled.push_str(rest);
    filled
}

//! Every text that people read, in Chinese and English. One line per text holds both, so a missing one does not compile.
//!
//! The language is chosen by a cookie, rendered by the server and kept until the next page load; texts are never reactive.

use leptos::prelude::*;
use model::ErrorCode;
use model::tasks::TaskStatus;
use model::webhooks::{DeliveryStatus, DisabledReason, WebhookEvent, WebhookKind};

/// Declares a struct of texts with its two constants `ZH` and `EN`.
macro_rules! texts {
    ($(#[$doc:meta])* pub struct $name:ident { $($key:ident: $zh:literal, $en:literal;)* }) => {
        $(#[$doc])*
        pub struct $name { $(#[doc = $en] pub $key: &'static str,)* }

        impl $name {
            /// In Chinese.
            pub const ZH: $name = $name { $($key: $zh,)* };
            /// In English.
            pub const EN: $name = $name { $($key: $en,)* };
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

/// All texts of one language.
pub struct Strings {
    /// Which language it is.
    pub lang: Lang,
    /// Words that many pages use.
    pub common: Common,
    /// Header and navigation.
    pub shell: Shell,
    /// Log-in and first run.
    pub account: Account,
    /// The personal centre.
    pub profile: Profile,
    /// The list of tasks.
    pub tasks: Tasks,
    /// The page of one task.
    pub task_detail: TaskDetail,
    /// The form of a task.
    pub task_form: TaskForm,
    /// Many tasks at once.
    pub task_batch: TaskBatch,
    /// What programs can call.
    pub apis: Apis,
    /// The record of requests.
    pub request_logs: RequestLogs,
    /// The administration of custom APIs.
    pub admin_custom_apis: AdminCustomApis,
    /// The dashboard.
    pub dashboard: Dashboard,
    /// Parts of charts.
    pub charts: Charts,
    /// The ledger.
    pub ledger: Ledger,
    /// Recharges and redemption codes.
    pub recharge: Recharge,
    /// What the pages of the administration share.
    pub admin: Admin,
    /// The overview.
    pub overview: Overview,
    /// The audit log.
    pub audit: Audit,
    /// Announcements.
    pub announcements: Announcements,
    /// Users and invitations.
    pub users: Users,
    /// Tasks of all users.
    pub all_tasks: AllTasks,
    /// System settings.
    pub settings: Settings,
    /// The registration page.
    pub registration: Registration,
    /// Features, rules and channels, for administrators.
    pub catalog: Catalog,
    /// Webhooks and their deliveries.
    pub webhooks: Webhooks,
}

macro_rules! strings {
    ($lang:ident, $table:ident) => {
        Strings {
            lang: Lang::$lang,
            common: Common::$table,
            shell: Shell::$table,
            account: Account::$table,
            profile: Profile::$table,
            tasks: Tasks::$table,
            task_detail: TaskDetail::$table,
            task_form: TaskForm::$table,
            task_batch: TaskBatch::$table,
            apis: Apis::$table,
            request_logs: RequestLogs::$table,
            admin_custom_apis: AdminCustomApis::$table,
            dashboard: Dashboard::$table,
            charts: Charts::$table,
            ledger: Ledger::$table,
            recharge: Recharge::$table,
            admin: Admin::$table,
            overview: Overview::$table,
            audit: Audit::$table,
            announcements: Announcements::$table,
            users: Users::$table,
            all_tasks: AllTasks::$table,
            settings: Settings::$table,
            registration: Registration::$table,
            catalog: Catalog::$table,
            webhooks: Webhooks::$table,
        }
    };
}

static ZH: Strings = strings!(Zh, ZH);
static EN: Strings = strings!(En, EN);

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

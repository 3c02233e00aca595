//! What stands in the controls of the settings page.

use leptos::prelude::*;
use model::settings::{Registration, Settings};

/// The controls. A copy is the same ones.
#[derive(Clone, Copy)]
pub struct Form {
    /// See the setting of that name.
    pub site_name: RwSignal<String>,
    /// See the setting of that name.
    pub recharge_content: RwSignal<String>,
    /// See the setting of that name.
    pub low_balance_default: RwSignal<String>,
    /// See the setting of that name.
    pub registration: RwSignal<String>,
    /// See the setting of that name.
    pub api_key_in_query: RwSignal<String>,
    /// See the setting of that name.
    pub request_limit_per_minute: RwSignal<String>,
    /// See the setting of that name.
    pub max_parallel_per_user: RwSignal<String>,
    /// See the setting of that name.
    pub default_interval_seconds: RwSignal<String>,
    /// See the setting of that name.
    pub min_interval_seconds: RwSignal<String>,
    /// See the setting of that name.
    pub task_retention_days: RwSignal<String>,
    /// See the setting of that name.
    pub attempt_retention_days: RwSignal<String>,
    /// See the setting of that name.
    pub webhook_retention_days: RwSignal<String>,
    /// See the setting of that name.
    pub request_log_days: RwSignal<String>,
    /// See the setting of that name.
    pub request_log_megabytes: RwSignal<String>,
    /// See the setting of that name.
    pub request_log_body_bytes: RwSignal<String>,
    /// See the setting of that name.
    pub outbound_allow: RwSignal<String>,
}

impl Form {
    /// Controls that show these settings.
    pub fn new(settings: &Settings) -> Self {
        let text = |text: &str| RwSignal::new(text.to_owned());
        let number = |n: Option<i64>| RwSignal::new(n.map(|n| n.to_string()).unwrap_or_default());
        Form {
            site_name: text(&settings.site_name),
            recharge_content: text(&settings.recharge_content),
            low_balance_default: number(settings.low_balance_default),
            registration: text(settings.registration.as_str()),
            api_key_in_query: RwSignal::new(settings.api_key_in_query.map(|on| on.to_string()).unwrap_or_default()),
            request_limit_per_minute: number(settings.request_limit_per_minute),
            max_parallel_per_user: number(settings.max_parallel_per_user),
            default_interval_seconds: number(settings.default_interval_seconds),
            min_interval_seconds: number(settings.min_interval_seconds),
            task_retention_days: number(settings.task_retention_days),
            attempt_retention_days: number(settings.attempt_retention_days),
            webhook_retention_days: number(settings.webhook_retention_days),
            request_log_days: number(settings.request_log_days),
            request_log_megabytes: number(settings.request_log_megabytes),
            request_log_body_bytes: number(settings.request_log_body_bytes),
            outbound_allow: text(&settings.outbound_allow.join("\n")),
        }
    }

    #[allow(clippy::needless_update, reason = "other parts of the program add settings")]
    fn with(self, settings: &Settings, text: impl Fn(RwSignal<String>) -> String) -> Settings {
        let number = |signal: RwSignal<String>| text(signal).trim().parse().ok();
        let lines = text(self.outbound_allow);
        let lines = lines.split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Settings {
            site_name: text(self.site_name).trim().to_owned(),
            recharge_content: text(self.recharge_content),
            low_balance_default: number(self.low_balance_default),
            registration: Registration::parse(&text(self.registration)).unwrap_or_default(),
            api_key_in_query: text(self.api_key_in_query).parse().ok(),
            request_limit_per_minute: number(self.request_limit_per_minute),
            max_parallel_per_user: number(self.max_parallel_per_user),
            default_interval_seconds: number(self.default_interval_seconds),
            min_interval_seconds: number(self.min_interval_seconds),
            task_retention_days: number(self.task_retention_days),
            attempt_retention_days: number(self.attempt_retention_days),
            webhook_retention_days: number(self.webhook_retention_days),
            request_log_days: number(self.request_log_days),
            request_log_megabytes: number(self.request_log_megabytes),
            request_log_body_bytes: number(self.request_log_body_bytes),
            outbound_allow: lines,
            // Settings that this page has no control for stay as they are.
            ..settings.clone()
        }
    }

    /// The settings as the controls show them.
    pub fn read(self, settings: &Settings) -> Settings {
        self.with(settings, |signal| signal.get_untracked())
    }

    /// Whether the controls show something else. Reactive.
    pub fn differs(self, settings: &Settings) -> bool {
        self.with(settings, |signal| signal.get()) != *settings
    }
}

//! What counts now: a setting where an administrator has set one, else the server's configuration.

use crate::service::Service;
use model::settings::{Settings, SettingsDefaults};

/// Seconds between attempts, for tasks that say nothing and for those that ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// Where neither task nor feature nor rule says otherwise.
    pub default_seconds: i64,
    /// The smallest that a task may ask for.
    pub min_seconds: i64,
}

impl Service {
    /// What the configuration says about settings that can be absent.
    pub fn settings_defaults(&self) -> SettingsDefaults {
        let config = &self.config;
        SettingsDefaults {
            api_key_in_query: config.api_key_in_query,
            request_limit_per_minute: i64::from(config.request_limit_per_minute),
            max_parallel_per_user: i64::try_from(config.engine.max_parallel_per_user).unwrap_or(i64::MAX),
            default_interval_seconds: config.default_interval_seconds,
            min_interval_seconds: config.min_interval_seconds,
            outbound_allow: config.outbound_allow.clone(),
        }
    }

    /// Intervals between attempts that count now.
    pub fn intervals(&self) -> Intervals {
        intervals(&self.settings.current(), &self.config)
    }

    /// Whether `?api_key=` works now.
    pub fn api_key_in_query(&self) -> bool {
        self.settings.current().api_key_in_query.unwrap_or(self.config.api_key_in_query)
    }

    /// Requests a minute that a caller may send now, unless it has a limit of its own; 0 for no limit.
    pub fn request_limit_per_minute(&self) -> u32 {
        let set = self.settings.current().request_limit_per_minute;
        set.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(self.config.request_limit_per_minute)
    }

    /// Attempts that a user may have in flight on this node now, unless it has a limit of its own; 0 for no limit.
    pub fn max_parallel_per_user(&self) -> i64 {
        let set = self.settings.current().max_parallel_per_user;
        set.unwrap_or_else(|| i64::try_from(self.config.engine.max_parallel_per_user).unwrap_or(i64::MAX))
    }
}

/// The intervals of settings over a configuration. A default below the smallest is raised to it.
pub(super) fn intervals(settings: &Settings, config: &crate::config::Config) -> Intervals {
    let min_seconds = settings.min_interval_seconds.unwrap_or(config.min_interval_seconds);
    let default_seconds = settings.default_interval_seconds.unwrap_or(config.default_interval_seconds).max(min_seconds);
    Intervals { default_seconds, min_seconds }
}

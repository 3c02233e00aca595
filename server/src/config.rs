//! Settings: the TOML file, over it the variables `APIREQUESTWEB_…`, over them the options of the command line.

#[cfg(test)]
mod tests;

use clap::{Arg, ArgMatches, Command};
use service::config::Config;
use std::path::PathBuf;

/// Read when it is there and no other file is named.
const DEFAULT_FILE: &str = "apirequestweb.toml";

/// One setting: its place in the file, the word for its value, what it does.
struct Setting {
    key: &'static str,
    option: &'static str,
    variable: &'static str,
    value: &'static str,
    help: &'static str,
}

macro_rules! setting {
    ($key:literal, $option:literal, $variable:literal, $value:literal, $help:literal) => {
        Setting { key: $key, option: $option, variable: concat!("APIREQUESTWEB_", $variable), value: $value, help: $help }
    };
}

/// Settings that every command shows.
const BASIC: [Setting; 3] = [
    setting!(
        "database",
        "database",
        "DATABASE",
        "URL",
        "sqlite:<path> or postgres://user:password@host/name [default: sqlite:<data-dir>/apirequestweb.db]"
    ),
    setting!(
        "data_dir",
        "data-dir",
        "DATA_DIR",
        "FOLDER",
        "Folder for the database, the lock and what is unpacked at start [default: ./data]"
    ),
    setting!("log_filter", "log-filter", "LOG_FILTER", "FILTER", "What is logged, for example info or info,access=debug [default: info]"),
];

/// The others: shown by `serve`, understood by all.
const MORE: [Setting; 27] = [
    setting!("listen", "listen", "LISTEN", "ADDRESS", "Address and port to listen on [default: 127.0.0.1:3000]"),
    setting!("public_url", "public-url", "PUBLIC_URL", "URL", "The address that people type, for example https://api.example.com"),
    setting!(
        "trusted_proxies",
        "trusted-proxies",
        "TRUSTED_PROXIES",
        "NUMBER",
        "Proxies in front whose X-Forwarded-For is believed [default: 0]"
    ),
    setting!("api_key_in_query", "api-key-in-query", "API_KEY_IN_QUERY", "true|false", "Whether ?api_key= works [default: true]"),
    setting!(
        "cors_allowed_origins",
        "cors-allowed-origins",
        "CORS_ALLOWED_ORIGINS",
        "LIST",
        "Origins, separated by commas, whose pages may call REST, or *"
    ),
    setting!(
        "outbound_allow",
        "outbound-allow",
        "OUTBOUND_ALLOW",
        "LIST",
        "Special networks that outbound calls may reach, as 127.0.0.1/32:4010, separated by commas"
    ),
    setting!(
        "default_interval_seconds",
        "default-interval-seconds",
        "DEFAULT_INTERVAL_SECONDS",
        "SECONDS",
        "Seconds between attempts where nothing else says so [default: 5]"
    ),
    setting!(
        "min_interval_seconds",
        "min-interval-seconds",
        "MIN_INTERVAL_SECONDS",
        "SECONDS",
        "The smallest interval that a task may ask for [default: 5]"
    ),
    setting!(
        "request_limit_per_minute",
        "request-limit-per-minute",
        "REQUEST_LIMIT_PER_MINUTE",
        "NUMBER",
        "Requests a minute of one caller, 0 for no limit [default: 0]"
    ),
    setting!("max_connections", "max-connections", "MAX_CONNECTIONS", "NUMBER", "Open connections at most [default: 16384]"),
    setting!("metrics_token", "metrics-token", "METRICS_TOKEN", "TOKEN", "What /metrics asks for as a bearer; without one it is off"),
    setting!("log_format", "log-format", "LOG_FORMAT", "text|json", "How log lines are written [default: text]"),
    setting!("engine.enabled", "engine-enabled", "ENGINE_ENABLED", "true|false", "Whether this node runs tasks [default: true]"),
    setting!("engine.slots", "engine-slots", "ENGINE_SLOTS", "NUMBER", "Attempts in flight at most [default: 256]"),
    setting!(
        "engine.poll_slots",
        "engine-poll-slots",
        "ENGINE_POLL_SLOTS",
        "NUMBER",
        "Polls of accepted jobs in flight at most [default: 256]"
    ),
    setting!("engine.claim_batch", "engine-claim-batch", "ENGINE_CLAIM_BATCH", "NUMBER", "Tasks claimed at once at most [default: 128]"),
    setting!(
        "engine.lease_seconds",
        "engine-lease-seconds",
        "ENGINE_LEASE_SECONDS",
        "SECONDS",
        "After which an unrenewed claim goes to another worker [default: 30]"
    ),
    setting!(
        "engine.max_parallel_per_user",
        "engine-max-parallel-per-user",
        "ENGINE_MAX_PARALLEL_PER_USER",
        "NUMBER",
        "Attempts of one user in flight at most, 0 for no limit [default: 192]"
    ),
    setting!(
        "engine.retry_jitter_percent",
        "engine-retry-jitter-percent",
        "ENGINE_RETRY_JITTER_PERCENT",
        "PERCENT",
        "How far the time of a retry is moved at random [default: 10]"
    ),
    setting!(
        "engine.max_response_bytes",
        "engine-max-response-bytes",
        "ENGINE_MAX_RESPONSE_BYTES",
        "BYTES",
        "Bytes of an upstream's answer that are read [default: 1048576]"
    ),
    setting!(
        "engine.max_rescues",
        "engine-max-rescues",
        "ENGINE_MAX_RESCUES",
        "NUMBER",
        "How often a task is taken over from a vanished worker [default: 5]"
    ),
    setting!(
        "engine.failover_channels",
        "engine-failover-channels",
        "ENGINE_FAILOVER_CHANNELS",
        "NUMBER",
        "Other channels that one attempt tries at most, 0 for none [default: 3]"
    ),
    setting!(
        "engine.channel_failures",
        "engine-channel-failures",
        "ENGINE_CHANNEL_FAILURES",
        "NUMBER",
        "Failures in a row before a channel is taken out of use, 0 for never [default: 20]"
    ),
    setting!(
        "engine.channel_auth_statuses",
        "engine-channel-auth-statuses",
        "ENGINE_CHANNEL_AUTH_STATUSES",
        "LIST",
        "Statuses, separated by commas, that say that a credential is bad [default: 401]"
    ),
    setting!(
        "engine.channel_probe_seconds",
        "engine-channel-probe-seconds",
        "ENGINE_CHANNEL_PROBE_SECONDS",
        "SECONDS",
        "After which one call is let through what is out of use [default: 30]"
    ),
    setting!(
        "engine.shutdown_seconds",
        "engine-shutdown-seconds",
        "ENGINE_SHUTDOWN_SECONDS",
        "SECONDS",
        "Time for calls in flight when the server stops [default: 20]"
    ),
    // The last one has no neighbour that explains it: it is the file itself.
    setting!("config", "config", "CONFIG", "FILE", "The TOML file with the settings [default: apirequestweb.toml, if there is one]"),
];

/// What the command line and the variables say.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    file: Option<PathBuf>,
    values: Vec<(&'static str, String)>,
}

/// The options of `serve`: every setting.
#[derive(Debug, Clone, Default)]
pub struct AllSettings(pub Overrides);

/// The options of the other commands: the basic settings, and the rest without a line in `--help`.
#[derive(Debug, Clone, Default)]
pub struct BasicSettings(pub Overrides);

macro_rules! arguments {
    ($name:ident, $hide:literal) => {
        impl clap::Args for $name {
            fn augment_args(command: Command) -> Command {
                augment(command, $hide)
            }

            fn augment_args_for_update(command: Command) -> Command {
                augment(command, $hide)
            }
        }

        impl clap::FromArgMatches for $name {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                Ok($name(collect(matches)))
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                self.0 = collect(matches);
                Ok(())
            }
        }
    };
}

arguments!(AllSettings, false);
arguments!(BasicSettings, true);

fn augment(command: Command, hide: bool) -> Command {
    let shown = BASIC.iter().map(|setting| (setting, false));
    let rest = MORE.iter().map(|setting| (setting, hide && setting.key != "config"));
    shown.chain(rest).fold(command, |command, (setting, hidden)| {
        command.arg(
            Arg::new(setting.key)
                .long(setting.option)
                .env(setting.variable)
                // `--help` must not print passwords.
                .hide_env_values(true)
                .value_name(setting.value)
                .help(setting.help)
                .help_heading("Settings (also in the TOML file)")
                .hide(hidden),
        )
    })
}

fn collect(matches: &ArgMatches) -> Overrides {
    let given = |setting: &Setting| matches.get_one::<String>(setting.key).filter(|value| !value.is_empty()).cloned();
    let settings = BASIC.iter().chain(&MORE).filter(|setting| setting.key != "config");
    Overrides {
        file: MORE.iter().find(|setting| setting.key == "config").and_then(given).map(PathBuf::from),
        values: settings.filter_map(|setting| Some((setting.key, given(setting)?))).collect(),
    }
}

impl Overrides {
    /// The settings in force, checked; the error is one or more sentences.
    pub fn load(&self) -> Result<Config, String> {
        let config = self.merge(self.read()?)?;
        config.validate()?;
        Ok(config)
    }

    fn read(&self) -> Result<Config, String> {
        let path = match &self.file {
            Some(path) => path.clone(),
            None if std::path::Path::new(DEFAULT_FILE).exists() => PathBuf::from(DEFAULT_FILE),
            None => return Ok(Config::default()),
        };
        let text =
            std::fs::read_to_string(&path).map_err(|error| format!("The settings in {} cannot be read: {error}.", path.display()))?;
        Config::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn merge(&self, base: Config) -> Result<Config, String> {
        let mut table: toml::Table = base.to_toml().parse().map_err(|error| format!("The settings cannot be merged: {error}."))?;
        for (key, text) in &self.values {
            let (section, name) = match key.split_once('.') {
                Some((section, name)) => (table.get_mut(section).and_then(toml::Value::as_table_mut), name),
                None => (Some(&mut table), *key),
            };
            let Some(section) = section else { return Err(format!("There is no setting `{key}`.")) };
            let value = typed(section.get(name), text).ok_or_else(|| format!("`{}` is not a value for `{key}`.", text.trim()))?;
            section.insert(name.to_owned(), value);
        }
        table.try_into().map_err(|error: toml::de::Error| format!("The settings do not fit: {}.", error.message()))
    }
}

/// A text as the type that the setting has now; settings that are absent unless given are texts.
fn typed(present: Option<&toml::Value>, text: &str) -> Option<toml::Value> {
    Some(match present {
        Some(toml::Value::Integer(_)) => toml::Value::Integer(text.trim().parse().ok()?),
        Some(toml::Value::Boolean(_)) => toml::Value::Boolean(match text.trim() {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" => false,
            _ => return None,
        }),
        Some(toml::Value::Array(_)) => {
            let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
            let entry = |entry: &str| entry.parse().map_or_else(|_| toml::Value::String(entry.to_owned()), toml::Value::Integer);
            toml::Value::Array(entries.map(entry).collect())
        }
        _ => toml::Value::String(text.to_owned()),
    })
}

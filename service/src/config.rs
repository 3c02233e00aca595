//! Everything that can be set from outside, with its unit and its default. The file is TOML; every option is also a variable and a flag of `serve`.

mod lock;
#[cfg(test)]
mod tests;

pub use lock::{DataLock, lock_data_dir};

use crate::http_client::OutboundPolicy;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use url::Url;

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// `sqlite:<path>` or `postgres://…`; `sqlite:<data_dir>/apirequestweb.db` if empty. Ask [`Config::database_url`].
    pub database: String,
    /// Folder for the database, the lock and what is unpacked at start.
    pub data_dir: PathBuf,
    /// The address that people type, for example `https://api.example.com`. Its scheme decides the cookie's name and `Secure`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// Proxies in front: entries of `X-Forwarded-For`, from the right, that were written by machines we trust. 0 ignores the header.
    pub trusted_proxies: u32,
    /// Whether `?api_key=` works at all. Each key can also refuse it.
    pub api_key_in_query: bool,
    /// Origins whose pages may call the REST surfaces without credentials, or `*`. Empty: none.
    pub cors_allowed_origins: Vec<String>,
    /// Networks and ports that outbound calls may reach although they are special: `127.0.0.1/32:4010`, `[::1]/128:4010`, `10.0.0.0/8:*`.
    pub outbound_allow: Vec<String>,
    /// Seconds between attempts where neither task nor feature nor rule says otherwise.
    pub default_interval_seconds: i64,
    /// The smallest interval that a task may ask for, in seconds.
    pub min_interval_seconds: i64,
    /// Requests a minute of one user, or of one address without a user; 0 for no limit.
    pub request_limit_per_minute: u32,
    /// Open connections at most; more are closed at once.
    pub max_connections: usize,
    /// What `/metrics` asks for as a bearer token; without one `/metrics` is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_token: Option<String>,
    /// `text` or `json`.
    pub log_format: String,
    /// What is logged, as `tracing` writes it: `info`, `info,service=debug`.
    pub log_filter: String,
    /// The task engine.
    pub engine: EngineConfig,
}

/// The task engine's part of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineConfig {
    /// Whether this node runs tasks; one that does not only accepts and shows them.
    pub enabled: bool,
    /// Attempts in flight at most.
    pub slots: usize,
    /// Polls of accepted jobs in flight at most, beside the attempts.
    pub poll_slots: usize,
    /// Tasks claimed at once at most.
    pub claim_batch: usize,
    /// Seconds after which a claim that was not renewed is given to another worker.
    pub lease_seconds: i64,
    /// Attempts of one user in flight on this node at most, so that a quarter of the default slots stays free for others; 0 for no limit.
    pub max_parallel_per_user: usize,
    /// How far the time of a retry is moved at random, in percent of its interval.
    pub retry_jitter_percent: i64,
    /// Bytes of an upstream's answer that are read; more is an error or is cut, and marked.
    pub max_response_bytes: usize,
    /// How often one task is taken over from a worker that disappeared before it is given up.
    pub max_rescues: i64,
    /// Other channels that one attempt tries at most after one that did not take its submission; 0 for none.
    pub failover_channels: usize,
    /// Calls through a channel that fail one after another before it is taken out of use; 0 to leave it in use.
    pub channel_failures: i64,
    /// Statuses with which an upstream says that a credential is bad; it is set aside at once.
    pub channel_auth_statuses: Vec<u16>,
    /// Seconds after which one call is let through what was taken out of use; doubled each time up to half an hour.
    pub channel_probe_seconds: i64,
    /// Seconds that calls in flight get to finish when the server stops.
    pub shutdown_seconds: i64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: "127.0.0.1:3000".to_owned(),
            database: String::new(),
            data_dir: "./data".into(),
            public_url: None,
            trusted_proxies: 0,
            api_key_in_query: true,
            cors_allowed_origins: Vec::new(),
            outbound_allow: Vec::new(),
            default_interval_seconds: 5,
            min_interval_seconds: 5,
            request_limit_per_minute: 0,
            max_connections: 16_384,
            metrics_token: None,
            log_format: "text".to_owned(),
            log_filter: "info".to_owned(),
            engine: EngineConfig::default(),
        }
    }
}

impl Default for EngineConfig {
    fn default() -> Self {
        EngineConfig {
            enabled: true,
            slots: 256,
            poll_slots: 256,
            claim_batch: 128,
            lease_seconds: 30,
            max_parallel_per_user: 192,
            retry_jitter_percent: 10,
            max_response_bytes: 1 << 20,
            max_rescues: 5,
            failover_channels: 3,
            channel_failures: 20,
            channel_auth_statuses: vec![401],
            channel_probe_seconds: 30,
            shutdown_seconds: 20,
        }
    }
}

impl Config {
    /// Reads a file's text. The error says where and what, and shows nothing else of the file.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            format!("Line {line}: {}.", error.message())
        })
    }

    /// As a file's text; see [`Config::masked`] before showing it.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_else(|error| unreachable!("plain values always serialise: {error}"))
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.data_dir.join("apirequestweb.db").display())
        } else {
            self.database.clone()
        }
    }

    /// The database's file, if it is SQLite.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let url = self.database_url();
        // The same reading as the database facade's: `sqlite:x` and `sqlite://x` are both the path `x`.
        Some(PathBuf::from(url.strip_prefix("sqlite:")?.trim_start_matches("//")))
    }

    /// Where the request logs are: on SQLite a file beside the database's, so that writing them waits for nothing else.
    pub fn logs_url(&self) -> String {
        self.sqlite_logs_path().map_or_else(|| self.database_url(), |path| format!("sqlite:{}", path.display()))
    }

    /// The file of the request logs, if the database is SQLite.
    pub fn sqlite_logs_path(&self) -> Option<PathBuf> {
        let path = self.sqlite_path()?;
        let mut name = path.file_stem().unwrap_or_default().to_owned();
        name.push("-logs.db");
        Some(path.with_file_name(name))
    }

    /// A copy that can be shown: the same without passwords and tokens.
    pub fn masked(&self) -> Self {
        let mut copy = self.clone();
        copy.database = self.database_url();
        // A text that is no address may still hold a password, so it is not shown at all.
        if !copy.database.starts_with("sqlite:") {
            copy.database = match Url::parse(&copy.database) {
                Ok(mut url) => {
                    if url.password().is_some() {
                        let _ = url.set_password(Some("***"));
                    }
                    // libpq also takes the password as a parameter.
                    let pairs: Vec<_> = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
                    if pairs.iter().any(|(key, _)| key == "password") {
                        url.query_pairs_mut()
                            .clear()
                            .extend_pairs(pairs.iter().map(|(key, value)| (key, if key == "password" { "***" } else { value })));
                    }
                    url.into()
                }
                Err(_) => "***".to_owned(),
            };
        }
        if copy.metrics_token.is_some() {
            copy.metrics_token = Some("***".to_owned());
        }
        copy
    }

    /// Refuses what does not make sense, with a line for each thing that is wrong.
    pub fn validate(&self) -> Result<(), String> {
        let problems = self.problems();
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }

    /// Addresses that are ours, which outbound calls must never reach: where we listen, and the database.
    ///
    /// A database that is given by a name other than `localhost` is not among them; its address is judged like any other.
    pub fn own_addresses(&self) -> Vec<SocketAddr> {
        let mut own: Vec<SocketAddr> = self.listen.parse().into_iter().collect();
        let database = Url::parse(&self.database_url()).ok().filter(|url| url.scheme().starts_with("postgres"));
        if let Some(url) = database {
            let port = url.port().unwrap_or(5432);
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            match host.parse::<IpAddr>() {
                Ok(address) => own.push(SocketAddr::new(address, port)),
                Err(_) if host == "localhost" => {
                    own.extend([SocketAddr::from((Ipv4Addr::LOCALHOST, port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))])
                }
                Err(_) => {}
            }
        }
        own
    }

    /// Everything that is wrong with it, a sentence each.
    pub fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |good: bool, sentence: String| {
            if !good {
                wrong.push(sentence);
            }
        };
        check(
            self.listen.parse::<SocketAddr>().is_ok(),
            format!("`listen` must be an address and a port such as 127.0.0.1:3000, not `{}`.", self.listen),
        );
        let url = self.database_url();
        check(
            ["sqlite:", "postgres://", "postgresql://"].iter().any(|start| url.starts_with(start)),
            "`database` must begin with sqlite: or postgres://.".to_owned(),
        );
        check(!url.contains(":memory:"), "`database` must be a file: every connection would see a memory of its own.".to_owned());
        check(!self.data_dir.as_os_str().is_empty(), "`data_dir` must name a folder.".to_owned());
        if let Some(address) = &self.public_url {
            check(
                is_origin(address),
                format!("`public_url` must be a scheme and a host such as https://api.example.com, not `{address}`."),
            );
        }
        for origin in &self.cors_allowed_origins {
            check(
                origin == "*" || is_origin(origin),
                format!("`cors_allowed_origins` must hold origins such as https://example.com or *, not `{origin}`."),
            );
        }
        for entry in &self.outbound_allow {
            let read = OutboundPolicy::new(std::slice::from_ref(entry), Vec::new());
            check(read.is_ok(), format!("`outbound_allow` must hold entries such as 127.0.0.1/32:4010, not `{entry}`."));
        }
        check((1..=86_400).contains(&self.min_interval_seconds), "`min_interval_seconds` must be 1 to 86400.".to_owned());
        check(
            self.default_interval_seconds >= self.min_interval_seconds && self.default_interval_seconds <= 86_400,
            "`default_interval_seconds` must be at least `min_interval_seconds` and at most 86400.".to_owned(),
        );
        check(self.max_connections >= 16, "`max_connections` must be at least 16.".to_owned());
        check(
            self.metrics_token.as_ref().is_none_or(|token| token.len() >= 16),
            "`metrics_token` must have at least 16 characters; an empty one is not a secret.".to_owned(),
        );
        check(
            ["text", "json"].contains(&self.log_format.as_str()),
            format!("`log_format` must be text or json, not `{}`.", self.log_format),
        );
        let engine = &self.engine;
        check((1..=10_000).contains(&engine.slots), "`engine.slots` must be 1 to 10000.".to_owned());
        check((1..=10_000).contains(&engine.poll_slots), "`engine.poll_slots` must be 1 to 10000.".to_owned());
        check((1..=512).contains(&engine.claim_batch), "`engine.claim_batch` must be 1 to 512.".to_owned());
        check((2..=3600).contains(&engine.lease_seconds), "`engine.lease_seconds` must be 2 to 3600.".to_owned());
        check((0..=100).contains(&engine.retry_jitter_percent), "`engine.retry_jitter_percent` must be 0 to 100.".to_owned());
        check(
            (1 << 10..=64 << 20).contains(&engine.max_response_bytes),
            "`engine.max_response_bytes` must be 1024 to 67108864.".to_owned(),
        );
        check((0..=1000).contains(&engine.max_rescues), "`engine.max_rescues` must be 0 to 1000.".to_owned());
        check(engine.failover_channels <= 100, "`engine.failover_channels` must be 0 to 100.".to_owned());
        check((0..=1_000_000).contains(&engine.channel_failures), "`engine.channel_failures` must be 0 to 1000000.".to_owned());
        check(
            engine.channel_auth_statuses.iter().all(|status| (400..=499).contains(status)),
            "`engine.channel_auth_statuses` must hold statuses of 400 to 499.".to_owned(),
        );
        check((1..=86_400).contains(&engine.channel_probe_seconds), "`engine.channel_probe_seconds` must be 1 to 86400.".to_owned());
        check((0..=3600).contains(&engine.shutdown_seconds), "`engine.shutdown_seconds` must be 0 to 3600.".to_owned());
        wrong
    }
}

/// Whether a text is a scheme, a host and perhaps a port, and nothing else.
fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let bare =
        url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    matches!(url.scheme(), "http" | "https") && url.has_host() && bare
}

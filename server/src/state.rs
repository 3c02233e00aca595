//! What every handler can reach. Made once; cheap to clone.

use crate::middleware::access_log::Meters;
use crate::middleware::cors::Cors;
use crate::middleware::rate_limit::RateLimit;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use metrics_exporter_prometheus::PrometheusHandle;
use service::Service;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// The door's state.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

/// What is in it.
pub struct Inner {
    /// Everything that is decided, stored and run.
    pub service: Service,
    /// Names of the site's files, for Leptos.
    pub leptos: LeptosOptions,
    /// Whether people reach us over https, which decides the cookie's name and HSTS.
    pub https: bool,
    /// Scheme, host and port of the public address, if it is configured.
    pub public_origin: Option<String>,
    /// The name of the session's cookie.
    pub cookie: &'static str,
    /// The name of the cookie between the two steps of a log-in.
    pub challenge_cookie: &'static str,
    /// Which other origins may call REST.
    pub cors: Cors,
    /// How often a caller may call.
    pub rate_limit: RateLimit,
    /// Open streams of news.
    pub streams: Streams,
    /// Period of the sign of life in streams of news.
    pub keep_alive: Duration,
    /// Counters of the access log.
    pub meters: Meters,
    /// Writes the metrics; none in tests.
    pub metrics: Option<PrometheusHandle>,
}

impl Deref for AppState {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl AppState {
    /// The state for a running service.
    pub fn new(service: Service, leptos: LeptosOptions, metrics: Option<PrometheusHandle>) -> Self {
        let config = service.config.clone();
        let public_origin = config.public_url.as_deref().and_then(origin);
        let https = public_origin.as_deref().is_some_and(|origin| origin.starts_with("https:"));
        AppState(Arc::new(Inner {
            leptos,
            https,
            // The prefix makes browsers insist on https, on this host alone and on the whole site; plain http cannot have it.
            cookie: if https { "__Host-session" } else { "session" },
            challenge_cookie: if https { "__Host-login" } else { "login" },
            public_origin,
            cors: Cors::new(&config.cors_allowed_origins),
            rate_limit: RateLimit::default(),
            streams: Streams::default(),
            keep_alive: Duration::from_secs(15),
            meters: Meters::new(),
            metrics,
            service,
        }))
    }

    /// The same with another period of the sign of life, for tests.
    #[must_use]
    pub fn with_keep_alive(self, period: Duration) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(inner) => AppState(Arc::new(Inner { keep_alive: period, ..inner })),
            Err(shared) => AppState(shared),
        }
    }
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(url.origin().ascii_serialization())
}

/// How many streams of news each user has open.
#[derive(Default, Clone)]
pub struct Streams(Arc<Mutex<HashMap<i64, usize>>>);

/// One open stream; it counts until it is dropped.
pub struct OpenStream {
    streams: Streams,
    user_id: i64,
}

impl Streams {
    /// Most streams of one user: a browser needs one, whatever its number of tabs.
    pub const MOST: usize = 16;

    /// Counts one more stream; `None` if the user has too many.
    pub fn open(&self, user_id: i64) -> Option<OpenStream> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user_id).or_default();
        if *count >= Self::MOST {
            return None;
        }
        *count += 1;
        Some(OpenStream { streams: self.clone(), user_id })
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user_id) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user_id);
            }
        }
    }
}

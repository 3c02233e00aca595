//! Loading again after news: not for every piece of news, and never twice at a time.

use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

type Load = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>> + Send + Sync>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Idle,
    Waiting,
    Loading,
    /// News came while it was loading: once more afterwards.
    LoadingStale,
}

/// Loads again soon after it is asked to. Browser only.
#[derive(Clone, Copy)]
pub struct Refresher {
    phase: StoredValue<Phase>,
    load: StoredValue<Load>,
}

impl Refresher {
    /// Loads with `load`, which keeps what it got.
    pub fn new<F: Future<Output = ()> + 'static>(load: impl Fn() -> F + Send + Sync + 'static) -> Self {
        let load: Load = Arc::new(move || Box::pin(load()));
        Refresher { phase: StoredValue::new(Phase::Idle), load: StoredValue::new(load) }
    }

    /// Loads after a moment; further calls within it change nothing.
    pub fn soon(self, pause: Duration) {
        match self.phase.try_get_value() {
            Some(Phase::Idle) => {
                self.phase.set_value(Phase::Waiting);
                set_timeout(move || self.begin(pause), pause);
            }
            Some(Phase::Loading) => self.phase.set_value(Phase::LoadingStale),
            Some(Phase::Waiting | Phase::LoadingStale) | None => {}
        }
    }

    fn begin(self, pause: Duration) {
        // The page may have been left in the meantime, here and after loading.
        let Some(load) = self.load.try_get_value() else { return };
        self.phase.set_value(Phase::Loading);
        spawn_local(async move {
            load().await;
            let stale = self.phase.try_get_value() == Some(Phase::LoadingStale);
            if self.phase.try_set_value(Phase::Idle).is_none() && stale {
                self.soon(pause);
            }
        });
    }
}

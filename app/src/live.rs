//! What happens while a page is open: news from the server, the balance, the clock.
//!
//! News come by one stream per browser, not per tab: the tab that holds a Web Lock reads `GET /events` and passes everything on
//! through a BroadcastChannel. A browser without either opens a stream of its own.

#[cfg(feature = "hydrate")]
mod stream;

use leptos::prelude::*;
use model::events::Event;
use model::ledger::Balance;
use std::sync::Arc;

/// How the stream of news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub enum Connection {
    /// Not yet open.
    #[default]
    Connecting,
    /// News arrive.
    Open,
    /// Broken; it is being opened again.
    Lost,
}

type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// The open page's link to the server. On the server itself nothing ever changes in it.
#[derive(Clone, Copy)]
pub struct Live {
    /// How the stream of news is.
    pub state: RwSignal<Connection>,
    /// The points, once known.
    pub balance: RwSignal<Option<Balance>>,
    /// Under how many available points the owner wants to be told; 0 for never, and until it is known.
    pub low_balance: RwSignal<i64>,
    /// Grows when too much was missed: whatever depends on it is loaded anew.
    pub resync: RwSignal<u32>,
    /// Milliseconds since the epoch, moving each second; 0 on the server and until the page is hydrated.
    pub now: RwSignal<i64>,
    /// Whether the page is hydrated, so that times may be shown in the zone of the reader.
    pub ready: RwSignal<bool>,
    listeners: StoredValue<Vec<(u64, Listener)>>,
    started: StoredValue<bool>,
}

impl Live {
    /// Before hydration, without news.
    pub(crate) fn new() -> Self {
        Live {
            state: RwSignal::new(Connection::Connecting),
            balance: RwSignal::new(None),
            low_balance: RwSignal::new(0),
            resync: RwSignal::new(0),
            now: RwSignal::new(0),
            ready: RwSignal::new(false),
            listeners: StoredValue::new(Vec::new()),
            started: StoredValue::new(false),
        }
    }

    /// Calls back for every piece of news until the present owner (component, effect) is gone. Nothing is merged or left out.
    pub fn listen(self, callback: impl Fn(&Event) + Send + Sync + 'static) {
        let id = self.listeners.with_value(|all| all.last().map_or(0, |(id, _)| id + 1));
        self.listeners.update_value(|all| all.push((id, Arc::new(callback))));
        on_cleanup(move || {
            // The page itself may be gone first; then there is nothing to remove from.
            let _ = self.listeners.try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    /// Marks the page as hydrated and starts its clock. Called once.
    #[cfg(feature = "hydrate")]
    pub(crate) fn begin(self) {
        let tick = move || self.now.set(js_sys::Date::now() as i64);
        tick();
        set_interval(tick, std::time::Duration::from_secs(1));
        self.ready.set(true);
        if let Some(root) = document().document_element() {
            // Without the mark only tests would wait in vain.
            let _ = root.set_attribute("data-hydrated", "1");
        }
    }

    /// Opens the stream of a user's news. Called once the user is known, in the browser; later calls do nothing.
    pub(crate) fn connect(self, user_id: i64) {
        if self.started.get_value() {
            return;
        }
        self.started.set_value(true);
        #[cfg(feature = "hydrate")]
        stream::start(self, user_id);
        #[cfg(not(feature = "hydrate"))]
        let _ = user_id;
    }

    /// Hands one piece of news to everybody on this page.
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
    fn dispatch(self, event: &Event) {
        match event {
            Event::Resync => self.resync.update(|n| *n += 1),
            Event::Balance { balance } => self.balance.set(Some(*balance)),
            Event::Task { .. }
            | Event::TaskDeleted { .. }
            | Event::LowBalance { .. }
            | Event::Delivery { .. }
            | Event::WebhookDisabled { .. } => {}
        }
        let listeners: Vec<Listener> = self.listeners.with_value(|all| all.iter().map(|(_, listener)| listener.clone()).collect());
        for listener in listeners {
            listener(event);
        }
    }
}

/// The link of this page. Take it at the top of a component.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_else(Live::new)
}

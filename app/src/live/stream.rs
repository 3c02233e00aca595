//! The browser's side of `GET /events`.

use super::{Connection, Live};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use model::events::Event;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, EventSource, MessageEvent};

/// The longest pause before the stream is opened again.
const LONGEST_PAUSE: u32 = 30;
/// Names that the server may give to its events; unnamed ones arrive as `message`.
const NAMES: [&str; 5] = ["message", "task", "task_deleted", "balance", "resync"];

/// What tabs say to each other.
#[derive(Serialize, Deserialize)]
enum Note {
    /// A new tab asks how the stream is.
    Hello,
    /// How the stream is.
    State(Connection),
    /// News.
    News(Event),
}

/// One tab's part: it reads the stream, or listens to the tab that does.
#[derive(Clone)]
struct Tab {
    live: Live,
    channel: Option<BroadcastChannel>,
    /// The open stream, kept so that it is not collected; `None` in a tab that only listens.
    source: Rc<RefCell<Option<EventSource>>>,
    failures: Rc<RefCell<u32>>,
}

/// Starts this tab's part. Everything it makes lives as long as the page, hence `forget`.
pub(super) fn start(live: Live, user_id: i64) {
    let name = format!("apirequestweb-events-{user_id}");
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(|locks| locks.is_object());
    let channel = locks.as_ref().and_then(|_| BroadcastChannel::new(&name).ok());
    let tab = Tab { live, channel, source: Rc::default(), failures: Rc::default() };
    match locks.filter(|_| tab.channel.is_some()) {
        Some(locks) => {
            tab.hear();
            tab.say(&Note::Hello);
            if tab.wait_for_turn(&locks, &name).is_none() {
                tab.open(false);
            }
        }
        None => tab.open(false),
    }
}

impl Tab {
    fn is_reader(&self) -> bool {
        self.source.borrow().is_some()
    }

    fn say(&self, note: &Note) {
        if let (Some(channel), Ok(text)) = (&self.channel, serde_json::to_string(note)) {
            // A closed channel means that the page is going away.
            let _ = channel.post_message(&text.into());
        }
    }

    fn set_state(&self, state: Connection) {
        self.live.state.set(state);
        self.say(&Note::State(state));
    }

    /// Listens to the other tabs.
    fn hear(&self) {
        let tab = self.clone();
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let note = message.data().as_string().and_then(|text| serde_json::from_str(&text).ok());
            match note {
                Some(Note::Hello) if tab.is_reader() => tab.say(&Note::State(tab.live.state.get_untracked())),
                Some(Note::State(state)) if !tab.is_reader() => tab.live.state.set(state),
                Some(Note::News(event)) if !tab.is_reader() => tab.live.dispatch(&event),
                _ => {}
            }
        });
        if let Some(channel) = &self.channel {
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        heard.forget();
    }

    /// Asks for the lock and becomes the reader when it is granted. The lock is held until the page is gone.
    fn wait_for_turn(&self, locks: &JsValue, name: &str) -> Option<()> {
        let request: Function = Reflect::get(locks, &"request".into()).ok()?.dyn_into().ok()?;
        let (tab, asked) = (self.clone(), js_sys::Date::now());
        let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_| {
            // A lock that was granted at once had no reader before; otherwise news may have been missed in between.
            tab.open(js_sys::Date::now() - asked > 2000.0);
            Promise::new(&mut |_, _| {})
        });
        let answer = request.call2(locks, &name.into(), granted.as_ref());
        granted.forget();
        let promise: Promise = answer.ok()?.dyn_into().ok()?;
        let tab = self.clone();
        let refused = Closure::<dyn FnMut(JsValue)>::new(move |_| tab.open(false));
        let _ = promise.catch(&refused);
        refused.forget();
        Some(())
    }

    /// Opens the stream; `missed` says that news may have been lost since the last one.
    fn open(&self, missed: bool) {
        let Ok(source) = EventSource::new("/events") else {
            self.live.state.set(Connection::Lost);
            return;
        };
        *self.source.borrow_mut() = Some(source.clone());
        if missed {
            self.pass_on(&Event::Resync);
        }
        let tab = self.clone();
        let opened = Closure::<dyn Fn()>::new(move || {
            *tab.failures.borrow_mut() = 0;
            tab.set_state(Connection::Open);
        });
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        opened.forget();

        let tab = self.clone();
        let failed = Closure::<dyn Fn()>::new(move || tab.failed());
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        failed.forget();

        let tab = self.clone();
        let arrived = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let event = message.data().as_string().and_then(|text| serde_json::from_str::<Event>(&text).ok());
            if let Some(event) = event {
                tab.pass_on(&event);
            }
        });
        for name in NAMES {
            // Only fails for objects that are no event targets.
            let _ = source.add_event_listener_with_callback(name, arrived.as_ref().unchecked_ref());
        }
        arrived.forget();
    }

    fn pass_on(&self, event: &Event) {
        self.live.dispatch(event);
        self.say(&Note::News(event.clone()));
    }

    /// A broken stream is opened again by the browser; a refused one is not, so it is done here, with growing pauses.
    fn failed(&self) {
        self.set_state(Connection::Lost);
        let refused = self.source.borrow().as_ref().is_some_and(|source| source.ready_state() == EventSource::CLOSED);
        if refused {
            let failures = *self.failures.borrow();
            *self.failures.borrow_mut() = failures + 1;
            let pause = (1u32 << failures.min(5)).min(LONGEST_PAUSE);
            let tab = self.clone();
            set_timeout(move || tab.open(true), Duration::from_secs(pause.into()));
        }
    }
}

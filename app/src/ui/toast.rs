//! Short messages that come and go.

use super::error_box::error_sentence;
use super::icon::{Icon, IconName};
use crate::error::UiError;
use crate::i18n::{Strings, use_strings};
use leptos::prelude::*;
use std::time::Duration;

/// Messages at once.
const MOST: usize = 4;
/// How long a message stays that asks for nothing.
const STAY: Duration = Duration::from_secs(5);
/// How soon after a look at it whether somebody still reads.
const AGAIN: Duration = Duration::from_secs(2);

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ok,
    Error,
    Info,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    id: u64,
    kind: Kind,
    text: String,
    detail: Option<String>,
}

/// The messages of this page.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Message>>,
    next: StoredValue<u64>,
    /// Whether the pointer, or the keyboard, is on one of them: nothing leaves while it is read.
    hovered: RwSignal<bool>,
    focused: RwSignal<bool>,
    texts: &'static Strings,
}

impl Toasts {
    /// None yet.
    pub(crate) fn new() -> Self {
        Toasts {
            list: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            hovered: RwSignal::new(false),
            focused: RwSignal::new(false),
            texts: use_strings(),
        }
    }

    /// Something was done.
    pub fn ok(self, text: impl Into<String>) {
        self.show(Kind::Ok, text.into(), None);
    }

    /// Something people should know.
    pub fn info(self, text: impl Into<String>) {
        self.show(Kind::Info, text.into(), None);
    }

    /// Something failed.
    pub fn error(self, error: &UiError) {
        let model::Error { code, message, request_id, .. } = &error.0;
        let sentence = error_sentence(self.texts, error);
        let reason = if error.is_offline() || error.is_stale() { code.as_str() } else { message.as_str() };
        let detail = request_id.as_ref().map_or_else(|| reason.to_owned(), |id| format!("{reason} · {id}"));
        self.show(Kind::Error, sentence, Some(detail));
    }

    /// Says of every result of an action whether it worked.
    pub fn follow<T>(self, results: impl Into<Signal<Option<Result<T, UiError>>>>, done: impl Fn(&T) -> String + 'static)
    where
        T: Clone + Send + Sync + 'static,
    {
        let results = results.into();
        Effect::new(move |_| match results.get() {
            Some(Ok(value)) => self.ok(done(&value)),
            Some(Err(error)) => self.error(&error),
            None => {}
        });
    }

    fn show(self, kind: Kind, text: String, detail: Option<String>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            list.push(Message { id, kind, text, detail });
            // More than a few at once are not read; what went wrong goes last.
            while list.len() > MOST {
                let first = list[..MOST].iter().position(|message| message.kind != Kind::Error).unwrap_or(0);
                list.remove(first);
            }
        });
        // What went wrong stays until it is put away.
        if kind != Kind::Error {
            self.leave(id, STAY);
        }
    }

    fn leave(self, id: u64, after: Duration) {
        let turn = move || {
            if self.hovered.get_untracked() || self.focused.get_untracked() {
                self.leave(id, AGAIN);
            } else {
                self.close(id);
            }
        };
        set_timeout(turn, after);
    }

    fn close(self, id: u64) {
        self.list.update(|list| list.retain(|message| message.id != id));
        // The button that had the focus is gone, which not every browser tells.
        self.focused.set(false);
        if self.list.with_untracked(Vec::is_empty) {
            self.hovered.set(false);
        }
    }
}

/// The messages of this page. Take them at the top of a component.
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(Toasts::new)
}

/// Where messages appear; once per page.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let line = move |message: Message| {
        let Message { id, kind, text, detail } = message;
        let (class, icon) = match kind {
            Kind::Ok => ("toast tone-ok", IconName::CircleCheck),
            Kind::Error => ("toast tone-danger", IconName::Alert),
            Kind::Info => ("toast tone-info", IconName::Info),
        };
        view! {
            <div class=class>
                <Icon name=icon/>
                <div class="toast-text">
                    <p>{text}</p>
                    {detail.map(|detail| view! { <p class="toast-detail">{detail}</p> })}
                </div>
                <button type="button" class="button button-ghost button-sm button-icon" aria-label=t.common().close on:click=move |_| toasts.close(id)>
                    <Icon name=IconName::Close/>
                </button>
            </div>
        }
    };
    view! {
        <div
            class="toasts"
            role="status"
            aria-live="polite"
            aria-label=t.common().notifications
            on:mouseenter=move |_| toasts.hovered.set(true)
            on:mouseleave=move |_| toasts.hovered.set(false)
            on:focusin=move |_| toasts.focused.set(true)
            on:focusout=move |_| toasts.focused.set(false)
        >
            <For each=move || toasts.list.get() key=|message| message.id children=line/>
        </div>
    }
    .into_any()
}

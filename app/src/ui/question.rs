//! What a [`ConfirmDialog`](super::ConfirmDialog) asks about: one thing of a list, by its number and its name.

use crate::i18n::fill;
use leptos::prelude::*;

/// The thing that is asked about, and whether it is being asked. A copy is the same question.
#[derive(Clone, Copy)]
pub struct Question {
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
    about: RwSignal<Option<(i64, String)>>,
}

impl Question {
    /// Nothing is asked yet. Take it at the top of a component.
    #[expect(clippy::new_without_default, reason = "signals belong to the component that makes them")]
    pub fn new() -> Self {
        Question { open: RwSignal::new(false), about: RwSignal::new(None) }
    }

    /// Asks about a thing of that number and name.
    pub fn ask(self) -> Callback<(i64, String)> {
        Callback::new(move |about| {
            self.about.set(Some(about));
            self.open.set(true);
        })
    }

    /// The number of the thing, once it was asked about.
    pub fn id(self) -> Option<i64> {
        self.about.with_untracked(|about| about.as_ref().map(|(id, _)| *id))
    }

    /// A text with the name of the thing for a word in braces. Reactive.
    pub fn text(self, text: &'static str, word: &'static str) -> Signal<String> {
        Signal::derive(move || fill(text, &[(word, &self.about.get().map(|(_, name)| name).unwrap_or_default())]))
    }
}

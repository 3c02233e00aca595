//! What a widget does with an event.
//!
//! Events are props of widgets (`on_click=…`), never spread onto them (`on:click=…`): components are type-erased, and when an
//! erased view is rebuilt in place, Leptos 0.8 adds spread listeners once more and keeps the old ones, whose signals are gone.
//! A test in this folder looks for spread listeners.

use std::sync::Arc;

/// A listener handed to a widget. Any closure that takes the event becomes one.
pub struct Handler<E>(Arc<dyn Fn(E) + Send + Sync>);

impl<E> Handler<E> {
    /// Calls the listener.
    pub fn run(&self, event: E) {
        (self.0)(event);
    }
}

impl<E> Clone for Handler<E> {
    fn clone(&self) -> Self {
        Handler(self.0.clone())
    }
}

impl<E, F: Fn(E) + Send + Sync + 'static> From<F> for Handler<E> {
    fn from(listener: F) -> Self {
        Handler(Arc::new(listener))
    }
}

/// Calls the listener if there is one.
pub(super) fn run<E>(handler: &Option<Handler<E>>, event: E) {
    if let Some(handler) = handler {
        handler.run(event);
    }
}

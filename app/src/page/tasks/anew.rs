//! Views that are built anew instead of being patched.

use leptos::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Shows a view that takes the place of its predecessor as a whole.
///
/// Where a closure or a `Suspend` gives a view of the same type again, Leptos patches the old elements: listeners that were put on a
/// component from outside stay beside the new ones, and rows of a `<For>` stay with signals that are gone. A new key makes it build.
pub fn anew<V: IntoView + 'static>(view: impl Fn() -> V + Clone + Send + 'static) -> AnyView {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let key = NEXT.fetch_add(1, Ordering::Relaxed);
    view! { <For each=move || [key] key=|key| *key children=move |_| view()/> }.into_any()
}

//! What stands in for content while it loads. Of several side by side only the first one says so, see `style/ui/skeleton.css`.

use crate::i18n::use_strings;
use leptos::prelude::*;

/// The word for people, above the grey shapes.
#[component]
fn Label() -> impl IntoView {
    let t = use_strings();
    view! { <span class="skeleton-label">{t.common().loading}</span> }
}

/// Lines of text.
#[component]
pub fn Skeleton(
    /// How many.
    #[prop(default = 3)]
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines).map(|_| view! { <div class="skeleton-line"></div> }).collect_view();
    view! { <div class="skeleton" role="status"><Label/>{lines}</div> }.into_any()
}

/// A table.
#[component]
pub fn SkeletonTable(
    /// How many rows.
    #[prop(default = 8)]
    rows: usize,
    /// How many columns.
    #[prop(default = 6)]
    columns: usize,
) -> impl IntoView {
    let row = move |_| {
        let cells = (0..columns).map(|_| view! { <div class="skeleton-line"></div> }).collect_view();
        view! { <div class="skeleton-row">{cells}</div> }
    };
    view! { <div class="skeleton skeleton-table" role="status"><Label/>{(0..rows).map(row).collect_view()}</div> }.into_any()
}

/// A row of tiles.
#[component]
pub fn SkeletonCards(
    /// How many.
    #[prop(default = 4)]
    count: usize,
) -> impl IntoView {
    let card = |_| view! { <div class="skeleton-card"><div class="skeleton-line"></div><div class="skeleton-line"></div></div> };
    view! { <div class="skeleton skeleton-cards" role="status"><Label/>{(0..count).map(card).collect_view()}</div> }.into_any()
}

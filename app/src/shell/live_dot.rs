//! How the live connection is.

use crate::i18n::use_strings;
use crate::live::{Connection, use_live};
use leptos::prelude::*;

/// A dot and a word.
#[component]
pub fn LiveDot() -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let look = move || match live.state.get() {
        Connection::Open => ("live tone-ok", t.shell().live_short_open, t.shell().live_open),
        Connection::Connecting => ("live tone-neutral", t.shell().live_short_connecting, t.shell().live_connecting),
        Connection::Lost => ("live tone-warn", t.shell().live_short_lost, t.shell().live_lost),
    };
    view! {
        <span class=move || look().0 role="status" title=move || look().2 data-live=move || format!("{:?}", live.state.get()).to_lowercase()>
            <span class="live-dot" aria-hidden="true"></span>
            <span class="visually-hidden">{t.shell().live}": "</span>
            <span>{move || look().1}</span>
        </span>
    }
    .into_any()
}

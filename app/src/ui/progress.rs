//! How far something is.

use super::badge::Tone;
use leptos::prelude::*;

/// A bar from 0 to 100 percent.
#[component]
pub fn ProgressBar(
    /// Percent.
    #[prop(into)]
    value: Signal<i64>,
    /// What is under way, read out.
    #[prop(into)]
    label: Signal<String>,
    /// Its colour.
    #[prop(optional, into)]
    tone: Signal<Tone>,
) -> impl IntoView {
    let percent = move || value.get().clamp(0, 100);
    view! {
        <div
            class=move || format!("progress {}", tone.get().class())
            role="progressbar"
            aria-label=move || label.get()
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent().to_string()
        >
            <div class="progress-bar" style=move || format!("width:{}%", percent())></div>
        </div>
    }
    .into_any()
}

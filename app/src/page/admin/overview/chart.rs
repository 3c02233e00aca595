//! What happened lately, as bars.

use crate::i18n::{fill, use_strings};
use leptos::prelude::*;
use model::overview::Pulse;

/// The plane that bars are drawn on.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 96.0;
/// Looks of a whole history.
const SLOTS: usize = 60;

/// Two bars for each look: submitted and attempts.
#[component]
pub fn HistoryChart(
    /// Oldest first.
    history: Vec<Pulse>,
) -> impl IntoView {
    let t = use_strings();
    if history.is_empty() {
        return view! { <p class="muted small">{t.overview().history_empty}</p> }.into_any();
    }
    let most = history.iter().map(|pulse| pulse.submitted.max(pulse.attempts)).max().unwrap_or(0).max(1);
    let slot = WIDTH / SLOTS as f64;
    let first = SLOTS - history.len().min(SLOTS);
    #[expect(clippy::cast_precision_loss, reason = "a height for people")]
    let bar = move |place: usize, n: i64, shift: f64, class: &'static str| {
        let height = (n as f64 / most as f64 * (HEIGHT - 4.0)).max(if n > 0 { 2.0 } else { 0.0 });
        let x = (first + place) as f64 * slot + shift;
        view! { <rect class=class x=format!("{x:.2}") y=format!("{:.2}", HEIGHT - height) width=format!("{:.2}", slot * 0.36) height=format!("{height:.2}") rx="1"></rect> }
    };
    let bars = history
        .iter()
        .take(SLOTS)
        .enumerate()
        .map(|(place, pulse)| {
            view! { <g>{bar(place, pulse.submitted, slot * 0.1, "bar-submitted")}{bar(place, pulse.attempts, slot * 0.52, "bar-attempts")}</g> }
        })
        .collect_view();
    view! {
        <figure class="history">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=t.overview().history_label>
                <line class="bar-axis" x1="0" y1=HEIGHT.to_string() x2=WIDTH.to_string() y2=HEIGHT.to_string()></line>
                {bars}
            </svg>
            <figcaption class="history-legend small">
                <span><i class="history-key bar-submitted" aria-hidden="true"></i>{t.overview().submitted}</span>
                <span><i class="history-key bar-attempts" aria-hidden="true"></i>{t.overview().attempts}</span>
                <span class="spacer"></span>
                <span class="muted num">{fill(t.overview().peak, &[("n", &most.to_string())])}</span>
            </figcaption>
        </figure>
    }
    .into_any()
}

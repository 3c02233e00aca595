//! Instants and durations. The server shows UTC; the browser shows the reader's zone once the page is hydrated.

use crate::i18n::use_strings;
use crate::live::use_live;
use leptos::prelude::*;
use model::time::{Timestamp, format_duration};

/// An instant; a dash without one.
#[component]
pub fn Time(
    /// When.
    #[prop(into)]
    at: Signal<Option<Timestamp>>,
    /// Whether it is shown as "3 minutes ago", with the instant on hover.
    #[prop(optional)]
    relative: bool,
) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let absolute = move |at: Timestamp| if live.ready.get() { local(at) } else { utc(at) };
    let shown = move || match at.get() {
        None => "-".to_owned(),
        Some(at) if relative && live.ready.get() => ago(at, live.now.get(), t.lang).unwrap_or_else(|| absolute(at)),
        Some(at) => absolute(at),
    };
    view! {
        <time class="num time" datetime=move || at.get().map(Timestamp::rfc3339) title=move || at.get().filter(|_| relative).map(absolute)>
            {shown}
        </time>
    }
    .into_any()
}

/// How long something took, or has taken so far: then it counts on.
#[component]
pub fn Duration(
    /// When it began; a dash before.
    #[prop(into)]
    start: Signal<Option<Timestamp>>,
    /// When it ended.
    #[prop(into)]
    end: Signal<Option<Timestamp>>,
) -> impl IntoView {
    let live = use_live();
    let shown = move || match (start.get(), end.get()) {
        (None, _) => "-".to_owned(),
        (Some(start), Some(end)) => format_duration(end.0 - start.0),
        // The server's clock and the reader's differ, so there is nothing to show before hydration.
        (Some(_), None) if !live.ready.get() => "…".to_owned(),
        (Some(start), None) => format_duration((live.now.get() - start.0).max(0) / 1000 * 1000),
    };
    view! { <span class="num duration">{shown}</span> }.into_any()
}

/// `2026-01-31 08:15:30 UTC`.
pub(super) fn utc(at: Timestamp) -> String {
    let text = at.rfc3339();
    format!("{} {} UTC", &text[..10], &text[11..19])
}

/// `2026-01-31 16:15:30` in the reader's zone. Browser only.
fn local(at: Timestamp) -> String {
    let date = js_sys::Date::new(&(at.0 as f64).into());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

/// "3 minutes ago" or "in 3 minutes"; `None` beyond 30 days, where the date says more.
pub(super) fn ago(at: Timestamp, now: i64, lang: crate::i18n::Lang) -> Option<String> {
    use crate::i18n::Lang;
    let (past, seconds) = (at.0 <= now, (at.0 - now).abs() / 1000);
    let (count, zh, en) = match seconds {
        0..=4 => return Some(crate::i18n::Strings::of(lang).common().just_now.to_owned()),
        5..=59 => (seconds, "秒", "second"),
        60..=3599 => (seconds / 60, "分钟", "minute"),
        3600..=86_399 => (seconds / 3600, "小时", "hour"),
        86_400..=2_591_999 => (seconds / 86_400, "天", "day"),
        _ => return None,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(match (lang, past) {
        (Lang::Zh, true) => format!("{count} {zh}前"),
        (Lang::Zh, false) => format!("{count} {zh}后"),
        (Lang::En, true) => format!("{count} {en}{plural} ago"),
        (Lang::En, false) => format!("in {count} {en}{plural}"),
    })
}

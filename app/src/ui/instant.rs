//! Instants in controls: `datetime-local` in the reader's zone, which only the browser knows.

use super::input::Input;
use crate::live::use_live;
use leptos::prelude::*;
use model::time::Timestamp;

/// The instant of a text: RFC 3339, or what a control gives without scripts, taken for UTC.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    Timestamp::parse(text).or_else(|| match text.len() {
        16 => Timestamp::parse(&format!("{text}:00Z")),
        19 => Timestamp::parse(&format!("{text}Z")),
        _ => None,
    })
}

/// `2026-01-31T08:15`, in UTC.
fn utc_control(at: Timestamp) -> String {
    at.rfc3339()[..16].to_owned()
}

/// What a control shows for an instant, in the reader's zone. Browser only.
pub fn to_control(at: Timestamp) -> String {
    let offset = js_sys::Date::new(&(at.0 as f64).into()).get_timezone_offset() as i64;
    utc_control(Timestamp(at.0 - offset * 60_000))
}

/// The instant that a control shows, in the reader's zone. Browser only.
pub fn from_control(text: &str) -> Option<Timestamp> {
    let milliseconds = js_sys::Date::new(&text.into()).get_time();
    milliseconds.is_finite().then_some(Timestamp(milliseconds as i64))
}

/// A control for an instant in a form that is sent by GET. The address holds RFC 3339; before hydration the control shows UTC.
#[component]
pub fn InstantInput(
    /// The name in the form.
    name: &'static str,
    /// What is in the address.
    initial: Option<String>,
    /// Read out, because there is no text beside it.
    label: &'static str,
) -> impl IntoView {
    let live = use_live();
    let at = initial.as_deref().and_then(parse_instant);
    let value = RwSignal::new(at.map(utc_control).unwrap_or_default());
    Effect::new(move |_| {
        if let (true, Some(at)) = (live.ready.get(), at) {
            value.set(to_control(at));
        }
    });
    view! { <Input kind="datetime-local" name value attr:aria-label=label attr:title=label/> }.into_any()
}

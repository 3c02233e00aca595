//! The range of the dashboard, in the address.

use crate::i18n::use_strings;
use crate::route;
use crate::ui::{Button, Input, LinkBuilder, use_link};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::dashboard::DashboardQuery;

/// Words of ranges that end with the present day, the first being the one without any in the address.
const RANGES: [&str; 4] = ["7d", "today", "30d", "month"];

/// What the present address asks for. Reactive.
pub fn query_of(link: LinkBuilder, tz: String) -> DashboardQuery {
    let start = link.get("start");
    let range = link.get("range").filter(|word| RANGES.contains(&word.as_str())).unwrap_or_else(|| RANGES[0].to_owned());
    DashboardQuery {
        range: start.is_none().then_some(range),
        end: link.get("end").filter(|_| start.is_some()),
        start,
        tz: Some(tz).filter(|tz| !tz.is_empty()),
    }
}

/// Links to the usual ranges, and two days for any other.
#[component]
pub fn RangeBar() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let navigate = use_navigate();
    let present = Memo::new(move |_| query_of(link, String::new()).range);
    let item = move |word: &'static str, text: &'static str| {
        let here = move || present.get().as_deref() == Some(word);
        view! {
            <a class="segment segment-text" class:is-current=here href=move || link.only(&[("range", word)]) aria-current=move || here().then_some("true")>
                {text}
            </a>
        }
    };
    let first = RwSignal::new(link.peek("start").unwrap_or_default());
    let last = RwSignal::new(link.peek("end").unwrap_or_default());
    Effect::new(move |_| {
        first.set(link.get("start").unwrap_or_default());
        last.set(link.get("end").unwrap_or_default());
    });
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (start, end) = (first.get_untracked(), last.get_untracked());
        let mut parameters = vec![("start", start.as_str())];
        if !end.is_empty() {
            parameters.push(("end", end.as_str()));
        }
        navigate(&untrack(|| link.only(&parameters)), NavigateOptions { scroll: false, ..Default::default() });
    };
    view! {
        <div class="range-bar">
            <nav class="segments" aria-label=t.dashboard().range>
                {item("today", t.dashboard().today)}
                {item("7d", t.dashboard().week)}
                {item("30d", t.dashboard().days)}
                {item("month", t.dashboard().month)}
            </nav>
            <form class="range-days" method="get" action=route::DASHBOARD aria-label=t.dashboard().custom on:submit=apply>
                <Input kind="date" name="start" value=first required=true attr:aria-label=t.dashboard().first_day/>
                <span aria-hidden="true">"–"</span>
                <Input kind="date" name="end" value=last attr:aria-label=t.dashboard().last_day/>
                <Button kind="submit">{t.dashboard().apply}</Button>
            </form>
        </div>
    }
    .into_any()
}

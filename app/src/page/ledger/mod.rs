//! The ledger: every movement with the balance after it, and the sums of a range.

mod filters;
mod rows;

use crate::api::ledger::{LedgerData, LedgerQuery, ledger};
use crate::i18n::{Strings, use_strings};
use crate::live::use_live;
use crate::page::tasks::{Refresher, anew};
use crate::ui::*;
use crate::zone;
use filters::Filters;
use leptos::prelude::*;
use model::events::Event;
use model::ledger::{EntryFilter, EntryKind, EntryPage, EntrySums};
use model::time::Timestamp;
use rows::Rows;
use std::time::Duration;

/// The page of the ledger.
#[component]
pub fn LedgerPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let live = use_live();
    let tz = RwSignal::new(String::new());
    let query = Memo::new(move |_| query_of(link, tz.get()));
    let data = Resource::new(move || query.get(), ledger);
    let retry = Callback::new(move |()| data.refetch());
    let refresher = Refresher::new(move || async move { data.refetch() });
    live.listen(move |event| {
        if matches!(event, Event::Balance { .. } | Event::Resync) {
            refresher.soon(Duration::from_millis(1200));
        }
    });
    let narrowed = Memo::new(move |_| query.with(is_narrowed));
    view! {
        <PageHead title=t.shell().ledger description=t.ledger().lead/>
        <Filters narrowed/>
        <Transition fallback=|| view! { <div class="stack"><SkeletonCards count=5/><Card flush=true><SkeletonTable rows=10 columns=6/></Card></div> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => anew(move || view! { <Loaded data=data.clone() query narrowed tz/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// What the present address asks for. Reactive.
fn query_of(link: LinkBuilder, tz: String) -> LedgerQuery {
    let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
    let filter = EntryFilter {
        page: number("page"),
        page_size: number("page_size"),
        kind: link.get("kind").and_then(|word| EntryKind::parse(&word)),
        start: None,
        end: None,
        q: link.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
    };
    LedgerQuery { filter, first_day: link.get("start"), last_day: link.get("end"), tz }
}

fn is_narrowed(query: &LedgerQuery) -> bool {
    let EntryFilter { kind, q, page: _, page_size: _, start: _, end: _ } = &query.filter;
    kind.is_some() || q.is_some() || query.first_day.is_some() || query.last_day.is_some()
}

/// Sums and entries.
#[component]
fn Loaded(data: LedgerData, query: Memo<LedgerQuery>, narrowed: Memo<bool>, tz: RwSignal<String>) -> impl IntoView {
    let t = use_strings();
    let LedgerData { entries, start, end, tz: shown_zone } = data;
    Effect::new(move |_| {
        if let Some(zone) = zone::of_browser() {
            zone::remember(&zone);
            // Zones matter to days only.
            if (start.is_some() || end.is_some()) && zone != shown_zone && tz.get_untracked() != zone {
                tz.set(zone);
            }
        }
    });
    let EntryPage { items, total, total_is_limited, page, page_size, sums } = entries;
    let export = query.with_untracked(|query| export_address(query, start, end));
    let content = match (items.is_empty(), narrowed.get_untracked()) {
        (false, _) => view! { <Rows entries=items/><Pagination page page_size total total_is_limited/> }.into_any(),
        (true, true) => view! { <EmptyState icon=IconName::Search title=t.ledger().no_match><ButtonLink href=crate::route::LEDGER>{t.ledger().clear}</ButtonLink></EmptyState> }.into_any(),
        (true, false) => view! {
            <EmptyState icon=IconName::Receipt title=t.ledger().empty text=t.ledger().empty_text>
                <ButtonLink href=crate::route::RECHARGE variant=Variant::Primary>{t.shell().go_to_recharge}</ButtonLink>
            </EmptyState>
        }
        .into_any(),
    };
    view! {
        <Sums sums/>
        <section class="card card-flush ledger-list">
            <header class="card-head">
                <h2 class="card-title">{t.shell().ledger}</h2>
                // A download, not a page of the console.
                <a class="button button-secondary button-sm" href=export rel="external" download="ledger.csv">
                    <Icon name=IconName::Download/>
                    <span class="button-text">{t.ledger().export}</span>
                </a>
            </header>
            {content}
        </section>
    }
    .into_any()
}

/// Where the file of what is shown is.
fn export_address(query: &LedgerQuery, start: Option<Timestamp>, end: Option<Timestamp>) -> String {
    let mut address = "/api/ledger/export.csv".to_owned();
    let parameters = [
        ("kind", query.filter.kind.map(|kind| kind.as_str().to_owned())),
        ("q", query.filter.q.clone()),
        ("start", start.map(Timestamp::rfc3339)),
        ("end", end.map(Timestamp::rfc3339)),
    ];
    for (name, value) in parameters {
        if let Some(value) = value {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(&format!("{name}={}", escape(&value)));
        }
    }
    address
}

/// The sums of the range.
#[component]
fn Sums(sums: EntrySums) -> impl IntoView {
    let t = use_strings();
    let title = if sums.start.is_some() || sums.end.is_some() { t.ledger().sums } else { t.ledger().sums_all };
    let figure = |(label, points): (&'static str, i64)| {
        view! { <div class="stat"><dt class="stat-label">{label}</dt><dd class="stat-value num">{grouped(points)}</dd></div> }
    };
    view! {
        <section class="ledger-sums" aria-label=title>
            <h2 class="ledger-sums-title">{title}</h2>
            <dl class="grid-5 figures">{figures(t, &sums).map(figure).into_iter().collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn figures(t: &Strings, sums: &EntrySums) -> [(&'static str, i64); 5] {
    let l = t.ledger();
    [
        (l.captured, sums.captured),
        (l.released, sums.released),
        (l.refunded, sums.refunded),
        (l.recharged, sums.recharged),
        (l.reversed, sums.reversed),
    ]
}

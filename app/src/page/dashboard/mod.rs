//! The dashboard: what the caller did and spent in a range of time. People land here.

mod charts;
mod figures;
mod range;
mod tables;

use crate::api::dashboard::dashboard;
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::page::tasks::{Refresher, anew};
use crate::ui::*;
use crate::zone;
use charts::Charts;
use figures::{PointFigures, RechargeFigures, TaskFigures};
use leptos::prelude::*;
use model::dashboard::{Dashboard, DashboardQuery};
use model::events::Event;
use range::{RangeBar, query_of};
use std::time::Duration;
use tables::{ApiRanking, FeatureRanking, Records};

/// The dashboard. `?range=` is `today`, `7d`, `30d` or `month`; `?start=&end=` are days.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    // Empty until the browser has told: the server then goes by its cookie.
    let tz = RwSignal::new(String::new());
    let query = Memo::new(move |_| query_of(link, tz.get()));
    let data = Resource::new(move || query.get(), dashboard);
    let retry = Callback::new(move |()| data.refetch());
    view! {
        <div class="dashboard">
            <PageHead title=t.shell().dashboard description=t.dashboard().lead/>
            <RangeBar/>
            <Transition fallback=|| view! { <div class="stack"><SkeletonCards count=4/><SkeletonCards count=5/><SkeletonTable rows=6 columns=4/></div> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(found) => anew(move || view! { <Loaded first=found.clone() query tz/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// Everything that depends on the range. It follows the news.
#[component]
fn Loaded(first: Dashboard, query: Memo<DashboardQuery>, tz: RwSignal<String>) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let shown_zone = first.tz.clone();
    let found = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(zone) = zone::of_browser() {
            zone::remember(&zone);
            // Asked once more only if the server went by another zone, and never twice.
            if zone != shown_zone && tz.get_untracked() != zone {
                tz.set(zone);
            }
        }
    });
    let refresher = Refresher::new(move || async move {
        // News that cannot be followed leave the page as it is; the next ones try again.
        if let Ok(fresh) = dashboard(query.get_untracked()).await {
            let _ = found.try_set(fresh);
        }
    });
    live.listen(move |event| match event {
        Event::Task { status, .. } if !status.is_terminal() => {}
        Event::LowBalance { .. } => {}
        _ => refresher.soon(Duration::from_millis(1500)),
    });
    let span =
        move || found.with(|found| fill(t.dashboard().span, &[("first", &found.first_day), ("last", &found.last_day), ("tz", &found.tz)]));
    view! {
        <p class="dashboard-span num">{span}</p>
        <PointFigures found/>
        <TaskFigures found/>
        <Charts found/>
        <RechargeFigures found/>
        <div class="grid-2 dashboard-tables">
            <FeatureRanking found/>
            <ApiRanking found/>
        </div>
        <Records found/>
    }
    .into_any()
}

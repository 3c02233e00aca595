//! The overview: how queue, channels and nodes are, looked at again every few seconds.

mod chart;
mod tables;

use crate::api;
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::page::tasks::anew;
use crate::route;
use crate::ui::{Card, ErrorBox, Icon, IconName, PageHead, Skeleton, SkeletonCards, Time};
use chart::HistoryChart;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::overview::{COUNT_LIMIT, Overview};
use model::time::format_duration;
use std::time::Duration;
use tables::{Channels, Database, Facts, Nodes};

/// How often it is looked at again.
const EVERY: Duration = Duration::from_secs(5);

/// The overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let t = use_strings();
    let data = Resource::new(|| (), |()| api::admin::overview::overview());
    let retry = Callback::new(move |()| data.refetch());
    view! {
        <PageHead title=t.shell().admin_overview description=t.overview().lead/>
        <Transition fallback=|| view! { <SkeletonCards count=6/><Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(overview) => anew(move || view! { <Loaded overview=overview.clone()/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// The overview as it is now.
#[component]
fn Loaded(overview: Overview) -> impl IntoView {
    let t = use_strings();
    let seen = RwSignal::new(overview);
    Effect::new(move |_| {
        let look = move || {
            // Nobody looks at a hidden tab.
            if document().hidden() {
                return;
            }
            spawn_local(async move {
                // A look that fails is followed by another; the page may be gone meanwhile.
                if let Ok(fresh) = api::admin::overview::overview().await {
                    seen.try_set(fresh);
                }
            });
        };
        if let Ok(handle) = set_interval_with_handle(look, EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <div class="stack overview">
            <Tiles seen/>
            <Card title=t.overview().history>
                {move || view! { <HistoryChart history=seen.with(|seen| seen.history.clone())/> }}
            </Card>
            <div class="overview-columns">
                <div class="stack">
                    <Channels seen/>
                    <div class="grid-3">
                        <Nodes seen/>
                        <Database seen/>
                    </div>
                </div>
                <Facts seen/>
            </div>
            <Links/>
        </div>
    }
    .into_any()
}

/// A count that may have stopped early.
fn count(t: &crate::i18n::Strings, n: i64) -> String {
    if n >= COUNT_LIMIT { fill(t.overview().at_least, &[("n", &n.to_string())]) } else { n.to_string() }
}

/// The figures that are looked for first.
#[component]
fn Tiles(seen: RwSignal<Overview>) -> impl IntoView {
    let t = use_strings();
    let o = t.overview();
    let live = use_live();
    let tile = move |icon: IconName, label: &'static str, value: Signal<String>, hint: Signal<String>, warn: Signal<bool>| {
        view! {
            <div class="stat" class:is-warn=warn>
                <div class="stat-label"><Icon name=icon/>{label}</div>
                <div class="stat-value num">{move || value.get()}</div>
                <div class="stat-hint">{move || hint.get()}</div>
            </div>
        }
    };
    let of = move |pick: fn(&Overview) -> i64| Signal::derive(move || count(t, seen.with(pick)));
    let fixed = |text: &'static str| Signal::derive(move || text.to_owned());
    let never = Signal::derive(|| false);
    let age = Signal::derive(move || match (seen.with(|seen| seen.queue.oldest_queued_at), live.ready.get()) {
        (None, _) => o.queue_empty.to_owned(),
        // The server's clock and the reader's differ, so there is nothing to show before hydration.
        (Some(_), false) => "…".to_owned(),
        (Some(at), true) => fill(o.oldest, &[("t", &format_duration((live.now.get() - at.0).max(0) / 1000 * 1000))]),
    });
    let lost = Signal::derive(move || seen.with(|seen| seen.queue.lost_leases));
    let leases = Signal::derive(move || match lost.get() {
        0 => o.leases_good.to_owned(),
        n => fill(o.lost, &[("n", &n.to_string())]),
    });
    let rate = move |pick: fn(&Overview) -> Option<f64>| {
        (
            Signal::derive(move || seen.with(pick).map_or_else(|| "-".to_owned(), |rate| format!("{rate:.1}"))),
            Signal::derive(move || if seen.with(pick).is_some() { o.per_minute } else { o.no_rate }.to_owned()),
        )
    };
    let (submitted, submitted_hint) = rate(|seen| seen.submitted_per_minute);
    let (attempts, attempts_hint) = rate(|seen| seen.attempts_per_minute);
    view! {
        <div class="overview-tiles">
            {tile(IconName::Hourglass, o.queued, of(|seen| seen.queue.queued), age, never)}
            {tile(IconName::Play, o.running, of(|seen| seen.queue.running), leases, Signal::derive(move || lost.get() > 0))}
            {tile(IconName::External, o.waiting, of(|seen| seen.queue.waiting_upstream), fixed(o.waiting_hint), never)}
            {tile(IconName::Retry, o.retry_wait, of(|seen| seen.queue.retry_wait), fixed(o.retry_hint), never)}
            {tile(IconName::Upload, o.submitted_rate, submitted, submitted_hint, never)}
            {tile(IconName::Bolt, o.attempts_rate, attempts, attempts_hint, never)}
        </div>
    }
    .into_any()
}

/// The other pages of the administration.
#[component]
fn Links() -> impl IntoView {
    let t = use_strings();
    let link = |href: &'static str, icon: IconName, title: &'static str, lead: &'static str| {
        view! {
            <li>
                <a class="overview-link" href=href>
                    <Icon name=icon/>
                    <span><strong>{title}</strong><span class="small muted">{lead}</span></span>
                </a>
            </li>
        }
    };
    view! {
        <section class="stack">
            <h2 class="section-title">{t.overview().pages}</h2>
            <ul class="overview-links">
                {link(route::ADMIN_USERS, IconName::User, t.shell().admin_users, t.users().lead)}
                {link(route::ADMIN_TASKS, IconName::Tasks, t.shell().admin_tasks, t.all_tasks().lead)}
                {link(route::ADMIN_RECHARGE, IconName::Wallet, t.shell().admin_recharge, t.recharge().admin_lead)}
                {link(route::ADMIN_CODES, IconName::Ticket, t.shell().admin_codes, t.recharge().codes_lead)}
                {link(route::FEATURES, IconName::Layers, t.shell().features, t.catalog().features_lead)}
                {link(route::RULES, IconName::Code, t.shell().rules, t.catalog().rules_lead)}
                {link(route::CHANNELS, IconName::Link, t.shell().channels, t.catalog().channels_lead)}
                {link(route::ADMIN_CUSTOM_APIS, IconName::Terminal, t.admin_custom_apis().title, t.admin_custom_apis().lead)}
                {link(route::ADMIN_DELIVERIES, IconName::Inbox, t.shell().admin_deliveries, t.webhooks().admin_lead)}
                {link(route::ADMIN_ANNOUNCEMENTS, IconName::Info, t.shell().admin_announcements, t.announcements().lead)}
                {link(route::ADMIN_SETTINGS, IconName::Filter, t.shell().admin_settings, t.settings().lead)}
                {link(route::ADMIN_AUDIT, IconName::Shield, t.shell().admin_audit, t.audit().lead)}
            </ul>
        </section>
    }
    .into_any()
}

/// An instant of the overview.
fn time(pick: impl Fn() -> Option<model::time::Timestamp> + Send + Sync + 'static) -> AnyView {
    view! { <Time at=Signal::derive(pick)/> }.into_any()
}

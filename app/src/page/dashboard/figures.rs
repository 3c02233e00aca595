//! The figures of the dashboard.

use crate::i18n::{fill, use_strings};
use crate::ui::{Icon, IconName, grouped, signed};
use leptos::prelude::*;
use model::dashboard::Dashboard;

type Found = RwSignal<Dashboard>;

/// One figure with its name, and a few words below it.
#[component]
fn Figure(
    /// What it is.
    label: &'static str,
    /// The figure.
    #[prop(into)]
    value: Signal<String>,
    /// A few words below it; nothing when empty.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Shown beside the name.
    #[prop(optional)]
    icon: Option<IconName>,
    /// A colour that says whether it is good.
    #[prop(optional, into)]
    tone: Signal<&'static str>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt class="stat-label">{icon.map(|name| view! { <Icon name/> })}{label}</dt>
            <dd class=move || format!("stat-value num {}", tone.get())>{move || value.get()}</dd>
            <dd class="stat-hint num" class:is-hidden=move || hint.with(String::is_empty)>{move || hint.get()}</dd>
        </div>
    }
    .into_any()
}

fn number(found: Found, pick: fn(&Dashboard) -> i64) -> Signal<String> {
    Signal::derive(move || grouped(found.with(pick)))
}

fn percent(found: Found, pick: fn(&Dashboard) -> f64) -> Signal<String> {
    Signal::derive(move || format!("{:.1}%", found.with(pick)))
}

/// Points now, and in the range.
#[component]
pub fn PointFigures(found: Found) -> impl IntoView {
    let t = use_strings();
    let held = Signal::derive(move || match found.with(|found| found.points.held_points) {
        0 => String::new(),
        held => fill(t.dashboard().held, &[("n", &grouped(held))]),
    });
    let net = Signal::derive(move || signed(found.with(|found| found.points.net_change)));
    let tone = Signal::derive(move || match found.with(|found| found.points.net_change) {
        0 => "",
        1.. => "is-good",
        _ => "is-bad",
    });
    view! {
        <dl class="grid-4 figures">
            <Figure label=t.dashboard().available value=number(found, |found| found.points.available_points) hint=held icon=IconName::Coins/>
            <Figure label=t.dashboard().consumed value=number(found, |found| found.points.consumed_total) icon=IconName::ArrowDown/>
            <Figure label=t.dashboard().earned value=number(found, |found| found.points.earned_total) icon=IconName::ArrowUp/>
            <Figure label=t.dashboard().net value=net tone icon=IconName::ArrowUpDown hint=t.dashboard().net_hint/>
        </dl>
    }
    .into_any()
}

/// Tasks in the range.
#[component]
pub fn TaskFigures(found: Found) -> impl IntoView {
    let t = use_strings();
    let cancelled = Signal::derive(move || match found.with(|found| found.task_stats.cancelled) {
        0 => String::new(),
        cancelled => fill(t.dashboard().cancelled_hint, &[("n", &grouped(cancelled))]),
    });
    // The figure itself is the document's, which says 0.0% then.
    let of = Signal::derive(move || {
        let nothing = found.with(|found| found.task_stats.success + found.task_stats.failed == 0);
        (if nothing { t.dashboard().rate_of_nothing } else { t.dashboard().rate_hint }).to_owned()
    });
    let failures = Signal::derive(move || {
        let nothing = found.with(|found| found.task_stats.success + found.task_stats.failed == 0);
        (if nothing { t.dashboard().rate_of_nothing } else { "" }).to_owned()
    });
    view! {
        <dl class="grid-5 figures">
            <Figure label=t.dashboard().task_total value=number(found, |found| found.task_stats.total) hint=cancelled icon=IconName::Tasks/>
            <Figure label=t.dashboard().success_rate value=percent(found, |found| found.task_stats.success_rate) hint=of/>
            <Figure label=t.dashboard().failure_rate value=percent(found, |found| found.task_stats.failure_rate) hint=failures/>
            <Figure label=t.dashboard().success value=number(found, |found| found.task_stats.success) icon=IconName::CircleCheck/>
            <Figure label=t.dashboard().failed value=number(found, |found| found.task_stats.failed) icon=IconName::CircleX/>
        </dl>
    }
    .into_any()
}

/// Recharges in the range.
#[component]
pub fn RechargeFigures(found: Found) -> impl IntoView {
    let t = use_strings();
    view! {
        <section class="card figures" aria-labelledby="dashboard-recharges">
            <header class="card-head"><h2 class="card-title" id="dashboard-recharges">{t.dashboard().recharges}</h2></header>
            <dl class="grid-4 figures-plain">
                <Figure label=t.dashboard().recharge_net value=number(found, |found| found.recharge_summary.recharge_points_total)/>
                <Figure label=t.dashboard().recharge_count value=number(found, |found| found.recharge_summary.recharge_records_total)/>
                <Figure label=t.dashboard().recharge_in value=number(found, |found| found.recharge_summary.recharge_in_points)/>
                <Figure label=t.dashboard().recharge_back value=number(found, |found| found.recharge_summary.reverse_recharge_points)/>
            </dl>
        </section>
    }
    .into_any()
}

//! The charts of the dashboard.

use crate::i18n::{fill, use_strings};
use crate::ui::{Chart, ChartKind, ChartSeries, ChartTone, grouped};
use leptos::prelude::*;
use model::dashboard::{Dashboard, Point};
use model::time::format_duration;

/// Points, tasks and durations over time. Built anew when the series changes.
#[component]
pub fn Charts(found: RwSignal<Dashboard>) -> impl IntoView {
    let t = use_strings();
    let opened = [(); 3].map(|()| RwSignal::new(false));
    let data = Memo::new(move |_| found.with(|found| (found.series.clone(), found.latency)));
    view! {
        <div class="charts">
            {move || {
                let (series, latency) = data.get();
                let labels = || series.iter().map(|point| point.label.clone()).collect::<Vec<_>>();
                let of = |name: &'static str, tone: ChartTone, pick: fn(&Point) -> Option<i64>| {
                    ChartSeries { name, tone, values: series.iter().map(pick).collect() }
                };
                let d = t.dashboard();
                let points = vec![
                    of(d.line_consumed, ChartTone::Accent, |point| Some(point.consumed)),
                    of(d.line_earned, ChartTone::Ok, |point| Some(point.earned)),
                ];
                let tasks = vec![
                    of(d.line_succeeded, ChartTone::Ok, |point| Some(point.succeeded)),
                    of(d.line_failed, ChartTone::Danger, |point| Some(point.failed)),
                    of(d.line_cancelled, ChartTone::Neutral, |point| Some(point.cancelled)),
                ];
                let times = vec![
                    of(d.line_p50, ChartTone::Accent, |point| point.latency.p50_ms),
                    of(d.line_p95, ChartTone::Warn, |point| point.latency.p95_ms),
                ];
                let hint = latency.p50_ms.zip(latency.p95_ms).map(|(p50, p95)| {
                    fill(d.latency_hint, &[("p50", &format_duration(p50)), ("p95", &format_duration(p95))])
                });
                view! {
                    <Chart title=d.chart_points labels=labels() series=points kind=ChartKind::Bars format=grouped opened=opened[0]/>
                    <Chart title=d.chart_tasks labels=labels() series=tasks kind=ChartKind::Bars format=grouped opened=opened[1]/>
                    <Chart title=d.chart_latency hint=hint.unwrap_or_default() labels=labels() series=times kind=ChartKind::Lines format=format_duration opened=opened[2]/>
                }
            }}
        </div>
    }
    .into_any()
}

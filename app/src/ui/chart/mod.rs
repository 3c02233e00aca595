//! Small charts: bars on top of each other, or lines. The picture scales with its box; words stand beside it as HTML and keep their size. Behind each
//! chart is the same as a table.

mod scale;

use crate::i18n::{fill, use_strings};
use leptos::prelude::*;
use scale::{path, short, top};
use wasm_bindgen::JsCast;

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// One bar for each step, the series on top of each other.
    Bars,
    /// A line for each series; steps without a value interrupt it.
    Lines,
}

/// The colour of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartTone {
    /// The main one.
    Accent,
    /// Good.
    Ok,
    /// Bad.
    Danger,
    /// Worth a look.
    Warn,
    /// Neither good nor bad.
    Neutral,
}

impl ChartTone {
    fn class(self) -> &'static str {
        match self {
            ChartTone::Accent => "chart-accent",
            ChartTone::Ok => "chart-ok",
            ChartTone::Danger => "chart-danger",
            ChartTone::Warn => "chart-warn",
            ChartTone::Neutral => "chart-neutral",
        }
    }
}

/// One series: a value for each step, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSeries {
    /// What it shows.
    pub name: &'static str,
    /// Its colour.
    pub tone: ChartTone,
    /// Its values, in the order of the steps.
    pub values: Vec<Option<i64>>,
}

/// A chart with its title, legend, scale and table.
#[component]
pub fn Chart(
    /// What it shows.
    #[prop(into)]
    title: String,
    /// A few words beside the title.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The names of the steps, such as `2026-01-31` or `2026-01-31 08:15`.
    labels: Vec<String>,
    /// The series, the lowest of the bars first.
    series: Vec<ChartSeries>,
    /// How they are drawn.
    kind: ChartKind,
    /// A value for people.
    format: fn(i64) -> String,
    /// Whether the table is open; kept outside, so that it stays so when the chart is drawn anew.
    #[prop(optional)]
    opened: Option<RwSignal<bool>>,
) -> impl IntoView {
    let t = use_strings();
    let opened = opened.unwrap_or_else(|| RwSignal::new(false));
    let steps = labels.len();
    let value = |series: &ChartSeries, step: usize| series.values.get(step).copied().flatten();
    let sum = |step: usize| series.iter().filter_map(|series| value(series, step)).sum::<i64>();
    let most = match kind {
        ChartKind::Bars => (0..steps).map(sum).max(),
        ChartKind::Lines => series.iter().flat_map(|series| series.values.iter().copied().flatten()).max(),
    };
    let most = most.unwrap_or(0);
    let filled = series.iter().any(|series| series.values.iter().any(|value| value.is_some_and(|value| value != 0)));
    let ceiling = top(most);
    let legend = series
        .iter()
        .map(|series| {
            let class = format!("chart-key {}", series.tone.class());
            view! { <li><span class=class aria-hidden="true"></span>{series.name}</li> }
        })
        .collect_view();
    let head = view! {
        <figcaption class="chart-head">
            <span class="chart-title">{title.clone()}</span>
            {hint.map(|hint| view! { <span class="chart-hint num">{hint}</span> })}
            <ul class="chart-legend">{legend}</ul>
        </figcaption>
    };
    if !filled {
        return view! { <figure class="chart">{head}<p class="chart-nothing">{t.charts().nothing}</p></figure> }.into_any();
    }
    let drawn = match kind {
        ChartKind::Bars => bars(&series, steps, ceiling).into_any(),
        ChartKind::Lines => lines(&series, ceiling).into_any(),
    };
    // What a mouse finds: the step with its values.
    let hits = labels
        .iter()
        .enumerate()
        .map(|(step, label)| {
            let values = series.iter().filter_map(|series| value(series, step).map(|value| format!("{}: {}", series.name, format(value))));
            let text = std::iter::once(label.clone()).chain(values).collect::<Vec<_>>().join("\n");
            view! { <rect class="chart-hit" x=step.to_string() y="0" width="1" height="100"><title>{text}</title></rect> }
        })
        .collect_view();
    let ends = (labels.first().cloned().unwrap_or_default(), labels.last().cloned().unwrap_or_default());
    let summary = fill(t.charts().summary, &[("title", &title), ("first", &ends.0), ("last", &ends.1), ("most", &format(most))]);
    let ticks = [0, steps / 2, steps.saturating_sub(1)]
        .into_iter()
        .take(if steps > 2 { 3 } else { steps })
        .map(|step| view! { <span>{short(&labels[step]).to_owned()}</span> })
        .collect_view();
    let names = series.iter().map(|series| view! { <th scope="col" class="cell-num">{series.name}</th> }).collect_view();
    let rows = labels
        .iter()
        .enumerate()
        .filter(|(step, _)| series.iter().any(|series| value(series, *step).is_some_and(|value| value != 0)))
        .map(|(step, label)| {
            let cell = |series: &ChartSeries| {
                view! { <td class="cell-num" data-label=series.name>{value(series, step).map_or_else(|| "-".to_owned(), format)}</td> }
            };
            view! { <tr><th scope="row" class="num">{label.clone()}</th>{series.iter().map(cell).collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <figure class="chart">
            {head}
            <div class="chart-body">
                <div class="chart-scale num" aria-hidden="true"><span>{format(ceiling)}</span><span>{format(ceiling / 2)}</span><span>{format(0)}</span></div>
                <svg class="chart-plot" viewBox=format!("0 0 {steps} 100") preserveAspectRatio="none" role="img" aria-label=summary>
                    <path class="chart-grid" d=format!("M0 0H{steps}M0 50H{steps}M0 100H{steps}")></path>
                    {drawn}
                    {hits}
                </svg>
                <div class="chart-ticks num" aria-hidden="true">{ticks}</div>
            </div>
            <details class="chart-table" open=opened.get_untracked() on:toggle=move |event| opened.set(is_open(&event))>
                <summary>{t.charts().table}</summary>
                <div class="chart-table-box" tabindex="0" role="region" aria-label=title>
                    <table>
                        <thead><tr><th scope="col">{t.charts().step}</th>{names}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </details>
        </figure>
    }
    .into_any()
}

/// Whether the element of an event is open.
fn is_open(event: &leptos::ev::Event) -> bool {
    let details = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
    details.is_some_and(|details| details.open())
}

fn bars(series: &[ChartSeries], steps: usize, ceiling: i64) -> impl IntoView {
    let width = if steps > 60 { 0.9 } else { 0.68 };
    let mut shapes = Vec::new();
    for step in 0..steps {
        let mut below = 0;
        for series in series {
            let value = series.values.get(step).copied().flatten().unwrap_or(0).max(0);
            if value > 0 {
                let height = value as f64 * 100.0 / ceiling as f64;
                let y = 100.0 - below as f64 * 100.0 / ceiling as f64 - height;
                let x = step as f64 + (1.0 - width) / 2.0;
                let class = format!("chart-bar {}", series.tone.class());
                shapes.push(view! {
                    <rect class=class x=format!("{x:.3}") y=format!("{y:.3}") width=format!("{width}") height=format!("{height:.3}")></rect>
                });
                below += value;
            }
        }
    }
    shapes
}

fn lines(series: &[ChartSeries], ceiling: i64) -> impl IntoView {
    let line = |series: &ChartSeries| {
        let class = format!("chart-line {}", series.tone.class());
        view! { <path class=class d=path(&series.values, ceiling)></path> }
    };
    series.iter().map(line).collect_view()
}

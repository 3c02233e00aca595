//! What a dry run found: requests, problems, and what becomes of the answer.

use crate::i18n::{Strings, fill, use_strings};
use crate::ui::*;
use leptos::prelude::*;
use model::catalog::{DryRunReport, OutcomeKind, Problem, SampleOutcome, SampleRequest, Step};

/// A request as it would leave, as text.
fn text_of(request: &SampleRequest) -> String {
    let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
    let body = request.body.as_ref().map(|body| {
        let pretty = serde_json::from_str::<serde_json::Value>(body).ok().and_then(|body| serde_json::to_string_pretty(&body).ok());
        format!("\n{}", pretty.as_deref().unwrap_or(body))
    });
    format!("{} {}\n{headers}{}", request.method, request.url, body.unwrap_or_default())
}

fn step_text(t: &Strings, step: Step) -> &'static str {
    match step {
        Step::Submit => t.catalog().step_submit,
        Step::Poll => t.catalog().step_poll,
        Step::Result => t.catalog().step_result,
        Step::Cancel => t.catalog().step_cancel,
    }
}

/// One request, credentials masked.
#[component]
pub fn SampleRequestView(
    /// The request.
    request: SampleRequest,
    /// What it is; its step in the rule unless given.
    #[prop(optional)]
    title: Option<&'static str>,
) -> impl IntoView {
    let t = use_strings();
    let title = title.unwrap_or(step_text(t, request.step));
    view! { <CodeBlock text=text_of(&request) title wrap=true/> }.into_any()
}

/// All of it.
#[component]
pub fn Report(
    /// What was found.
    report: DryRunReport,
) -> impl IntoView {
    let t = use_strings();
    let DryRunReport { problems, requests, outcome } = report;
    let head = match problems.len() {
        0 => view! { <Badge tone=Tone::Ok dot=true>{t.catalog().no_problems}</Badge> }.into_any(),
        count => view! { <Badge tone=Tone::Danger dot=true>{fill(t.catalog().problems, &[("n", &count.to_string())])}</Badge> }.into_any(),
    };
    let problem = move |problem: Problem| {
        let place = problem.position.map(|n| format!(" · {}", fill(t.catalog().at_character, &[("n", &n.to_string())])));
        view! { <li><span class="mono">{problem.field}</span><span class="muted">{place}</span><p>{t.sentence(&problem.message)}</p></li> }
    };
    let problems =
        (!problems.is_empty()).then(|| view! { <ul class="problem-list">{problems.into_iter().map(problem).collect_view()}</ul> });
    view! {
        <div class="report" role="status">
            <div>{head}</div>
            {problems}
            {outcome.map(|outcome| view! { <Outcome outcome/> })}
            {requests.into_iter().map(|request| view! { <SampleRequestView request/> }).collect_view()}
        </div>
    }
    .into_any()
}

#[component]
fn Outcome(outcome: SampleOutcome) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let SampleOutcome { kind, why, upstream_id, progress, after_seconds, result, results } = outcome;
    let (tone, text) = match kind {
        OutcomeKind::Done => (Tone::Ok, c.outcome_done),
        OutcomeKind::Wait => (Tone::Info, c.outcome_wait),
        OutcomeKind::Retry => (Tone::Warn, c.outcome_retry),
        OutcomeKind::Refuse => (Tone::Danger, c.outcome_refuse),
    };
    let after = after_seconds.map(|n| fill(c.outcome_after, &[("n", &n.to_string())]));
    let fact = |name: &'static str, value: Option<String>| value.map(|value| view! { <dt>{name}</dt><dd class="mono">{value}</dd> });
    let results = results.into_iter().map(|field| {
        let value = field.value.map_or_else(|| c.no_value.to_owned(), |value| value.to_string());
        view! { <dt>{field.label}</dt><dd class="mono">{value}</dd> }
    });
    let facts = view! {
        <dl class="desc-list outcome-facts">
            {fact(c.outcome_upstream_id, upstream_id)}
            {fact(c.outcome_progress, progress.map(|percent| format!("{percent}%")))}
            {results.collect_view()}
        </dl>
    };
    view! {
        <section class="outcome">
            <h3 class="editor-subtitle">{c.outcome}</h3>
            <p class="row"><Badge tone dot=true>{text}</Badge><span class="muted small">{after}</span></p>
            {(!why.is_empty()).then(|| view! { <p lang="en">{why}</p> })}
            {facts}
            {result.map(|value| view! { <p class="small muted">{c.outcome_result}</p><JsonTree value/> })}
        </section>
    }
    .into_any()
}

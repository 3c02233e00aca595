//! The panel that tries the rule as it stands in the form.

use super::report::Report;
use crate::api::admin::rules::{Named, dry_run};
use crate::i18n::use_strings;
use crate::page::admin::mistakes::{Mistakes, Reader};
use crate::page::tasks::anew;
use crate::ui::*;
use leptos::prelude::*;
use model::catalog::{DryRun, SampleAnswer, Step};
use model::features::ResultField;
use model::rules::Rule;

/// The panel. `read` gives the rule, or nothing while the form has mistakes.
#[component]
pub fn DryRunPanel(
    /// The rule as it stands in the form.
    read: Callback<(), Option<Rule>>,
    /// Channels to try it with.
    channels: Vec<Named>,
    /// The one of them that the rule is used with.
    channel: Option<i64>,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let text = |text: &str| RwSignal::new(text.to_owned());
    let first = channel.or_else(|| channels.first().map(|channel| channel.id)).map(|id| id.to_string()).unwrap_or_default();
    let (channel, params) = (text(&first), text("{}"));
    let (answer, status, body, results) = (text(""), text("200"), text(""), text(""));
    let mistakes = Mistakes::new();
    let running = Action::new(move |run: &DryRun| dry_run(run.clone()));
    let run = move |_| {
        mistakes.clear();
        let Some(rule) = read.run(()) else { return };
        let reader = Reader { t, mistakes: Some(mistakes) };
        let typed = reader.json("params", &params.get_untracked());
        let given = match typed {
            None => Default::default(),
            Some(serde_json::Value::Object(given)) => given,
            Some(_) => {
                mistakes.add("params", crate::i18n::fill(t.catalog().need_json, &[("detail", "{ … }")]));
                return;
            }
        };
        let step = match answer.get_untracked().as_str() {
            "submit" => Some(Step::Submit),
            "poll" => Some(Step::Poll),
            _ => None,
        };
        let sample = step.map(|step| SampleAnswer {
            step,
            status: reader.whole("answer.status", &status.get_untracked()).and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
            headers: Default::default(),
            body: body.get_untracked(),
        });
        let paths = results.get_untracked();
        let paths = paths.lines().map(str::trim).filter(|path| !path.is_empty());
        if mistakes.is_empty() {
            running.dispatch(DryRun {
                rule,
                channel_id: channel.get_untracked().parse().ok(),
                params: given,
                headers: Default::default(),
                upstream_id: None,
                result_fields: paths.map(|path| ResultField { label: String::new(), path: path.to_owned() }).collect(),
                answer: sample,
            });
        }
    };
    let mut known = vec![Choice::new("", c.sample_channel_none)];
    known.extend(channels.into_iter().map(|channel| Choice::new(channel.id.to_string(), channel.name)));
    let answers = vec![
        Choice::new("", c.sample_answer_none),
        Choice::new("submit", c.sample_answer_submit),
        Choice::new("poll", c.sample_answer_poll),
    ];
    let sample = move || {
        (!answer.with(String::is_empty)).then(|| {
            view! {
                <FormField label=c.sample_status id="dry-status" error=mistakes.of("answer.status")>
                    <Input kind="number" value=status attr:min="100" attr:max="599" attr:step="1"/>
                </FormField>
                <FormField label=c.sample_body id="dry-body" error=mistakes.of("answer.body")>
                    <Textarea value=body rows=6 mono=true attr:spellcheck="false"/>
                </FormField>
                <FormField label=c.sample_results id="dry-results" error=mistakes.of("result_fields") optional=true>
                    <Textarea value=results rows=2 mono=true attr:spellcheck="false"/>
                </FormField>
            }
        })
    };
    let found = move || match running.value().get() {
        Some(Ok(report)) => anew(move || view! { <Report report=report.clone()/> }),
        Some(Err(error)) => anew(move || view! { <ErrorBox error=error.clone()/> }),
        None => ().into_any(),
    };
    view! {
        <Card title=c.dry_run>
            <div class="form-fields">
                <p class="muted small">{c.dry_run_lead}</p>
                <FormField label=c.sample_channel id="dry-channel">
                    <Select options=known.clone() value=channel/>
                </FormField>
                <FormField label=c.sample_params id="dry-params" error=mistakes.of("params")>
                    <Textarea value=params rows=4 mono=true attr:spellcheck="false"/>
                </FormField>
                <FormField label=c.sample_answer id="dry-answer">
                    <Select options=answers.clone() value=answer/>
                </FormField>
                {sample}
                <div><Button icon=IconName::Play loading=running.pending() on_click=run>{c.dry_run_go}</Button></div>
                {found}
            </div>
        </Card>
    }
    .into_any()
}

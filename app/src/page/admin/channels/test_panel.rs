//! The panel that makes one real call of a stored channel.

use crate::api::admin::channels::test;
use crate::api::admin::rules::Named;
use crate::i18n::{fill, use_strings};
use crate::page::admin::mistakes::{Mistakes, Reader};
use crate::page::admin::rules::SampleRequestView;
use crate::page::tasks::anew;
use crate::ui::*;
use leptos::prelude::*;
use model::catalog::{ChannelTest, ChannelTestResult};

/// Says that calls to the base URL would be refused, as long as they would.
#[component]
pub fn Refused(
    /// Why.
    warning: RwSignal<Option<String>>,
) -> impl IntoView {
    let t = use_strings();
    let notice = move || {
        let sentence = t.sentence(&warning.get()?);
        Some(
            view! { <p class="notice tone-warn" role="status" data-testid="channel-warning"><Icon name=IconName::Alert/><span>{sentence}</span></p> },
        )
    };
    view! { {notice} }.into_any()
}

/// Chooses what is called, calls it, and shows what came of it.
#[component]
pub fn TestPanel(
    /// The channel.
    id: i64,
    /// Rules whose request may be sent.
    rules: Vec<Named>,
    /// Why calls to the base URL as it was saved would be refused.
    warning: RwSignal<Option<String>>,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let rule = RwSignal::new(String::new());
    let params = RwSignal::new("{}".to_owned());
    let mistakes = Mistakes::new();
    let calling = Action::new(move |what: &ChannelTest| test(id, what.clone()));
    let call = move |_| {
        mistakes.clear();
        let reader = Reader { t, mistakes: Some(mistakes) };
        let typed = reader.json("params", &params.get_untracked());
        let given = typed.as_ref().and_then(|typed| typed.as_object().cloned()).unwrap_or_default();
        if typed.is_some_and(|typed| !typed.is_object()) {
            mistakes.add("params", fill(t.catalog().need_json, &[("detail", "{ … }")]));
        }
        if mistakes.is_empty() {
            calling.dispatch(ChannelTest { rule_id: rule.get_untracked().parse().ok(), params: given });
        }
    };
    let mut targets = vec![Choice::new("", c.test_base)];
    targets.extend(rules.into_iter().map(|rule| Choice::new(rule.id.to_string(), rule.name)));
    let values = move || {
        (!rule.with(String::is_empty)).then(|| {
            view! {
                <FormField label=c.sample_params id="test-params" error=mistakes.of("params")>
                    <Textarea value=params rows=4 mono=true attr:spellcheck="false"/>
                </FormField>
            }
        })
    };
    let found = move || match calling.value().get() {
        Some(Ok(result)) => anew(move || view! { <Found result=result.clone()/> }),
        Some(Err(error)) => anew(move || view! { <ErrorBox error=error.clone()/> }),
        None => ().into_any(),
    };
    view! {
        <Card title=c.test>
            <div class="form-fields">
                <p class="muted small">{c.test_lead}</p>
                <p class="muted small">{c.test_unsaved}</p>
                <FormField label=c.test_target id="test-target">
                    <Select options=targets.clone() value=rule/>
                </FormField>
                {values}
                <Refused warning/>
                <div><Button icon=IconName::Play loading=calling.pending() on_click=call>{c.test_go}</Button></div>
                {found}
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Found(result: ChannelTestResult) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let ChannelTestResult { request, status, duration, error, body } = result;
    let head = match status {
        Some(status) => {
            let tone = if (200..400).contains(&status) { Tone::Ok } else { Tone::Warn };
            view! { <Badge tone dot=true>{status.to_string()}</Badge> }.into_any()
        }
        None => view! { <Badge tone=Tone::Danger dot=true>{c.test_no_answer}</Badge> }.into_any(),
    };
    view! {
        <div class="report" role="status">
            <p class="row">{head}<span class="muted small">{fill(c.test_took, &[("n", &duration.to_string())])}</span></p>
            {error.map(|error| view! { <p class="mono small" lang="en">{error}</p> })}
            <SampleRequestView request title=c.test_sent/>
            {(!body.is_empty()).then(|| view! { <CodeBlock text=body title=c.sample_body wrap=true/> })}
        </div>
    }
    .into_any()
}

//! The sections of the form of a rule.

use super::draft::Draft;
use super::poll::PollFields;
use super::request::RequestFields;
use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;

/// A JSONPath with its label; empty is allowed.
#[component]
fn PathField(
    label: &'static str,
    place: &'static str,
    value: RwSignal<String>,
    draft: Draft,
    #[prop(optional)] help: &'static str,
) -> impl IntoView {
    let help = (!help.is_empty()).then(|| help.to_owned());
    view! {
        <FormField label id=format!("rule-{}", place.replace(['.', '_'], "-")) nostrip:help=help error=draft.mistakes.of(place) optional=true>
            <Input value mono=true placeholder="$.data" attr:autocomplete="off" attr:spellcheck="false"/>
        </FormField>
    }
    .into_any()
}

/// All sections.
#[component]
pub fn Sections(
    /// The rule.
    draft: Draft,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let poll = move || draft.polls.get().then(|| view! { <PollFields draft=draft.poll mistakes=m/> });
    view! {
        <Card title=c.rule_request>
            <div class="form-fields">
                <FormField label=t.common().name id="rule-name" error=m.of("name") required=true>
                    <Input value=draft.name required=true attr:maxlength="200" attr:autocomplete="off"/>
                </FormField>
                <p class="field-help">{c.templates_help}</p>
                <RequestFields draft=draft.request place="request" mistakes=m/>
            </div>
        </Card>
        <Card title=c.success>
            <div class="form-fields form-pair">
                <FormField label=c.statuses id="rule-statuses" help=c.statuses_help error=m.of("success.statuses") optional=true>
                    <Input value=draft.statuses mono=true placeholder="200, 201" attr:autocomplete="off"/>
                </FormField>
                <PathField label=c.success_path place="success.path" value=draft.success_path draft/>
                <FormField label=c.success_equals id="rule-equals" help=c.success_equals_help error=m.of("success.equals") optional=true>
                    <Input value=draft.success_equals mono=true placeholder="\"ok\"" attr:autocomplete="off" attr:spellcheck="false"/>
                </FormField>
            </div>
        </Card>
        <Card title=c.extraction>
            <div class="form-fields form-pair">
                <PathField label=c.rule_result_path place="result_path" value=draft.result_path draft help=c.whole_answer/>
                <PathField label=c.error_path place="error_path" value=draft.error_path draft/>
                <FormField label=c.answer_statuses id="rule-answer-statuses" help=c.answer_statuses_help error=m.of("answer_statuses") optional=true>
                    <Input value=draft.answer_statuses mono=true placeholder="404: 410" attr:autocomplete="off"/>
                </FormField>
            </div>
        </Card>
        <Card title=c.poll>
            <div class="form-fields">
                <Switch label=c.poll_on checked=draft.polls/>
                {poll}
            </div>
        </Card>
        <Limits draft/>
    }
    .into_any()
}

/// Retries and time limits.
#[component]
fn Limits(draft: Draft) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let retried = vec![Choice::new("transient", c.retry_transient), Choice::new("any", c.retry_any)];
    let deliveries = vec![Choice::new("at_least_once", c.delivery_at_least_once), Choice::new("at_most_once", c.delivery_at_most_once)];
    view! {
        <Card title=c.limits>
            <div class="form-fields form-pair">
                <FormField label=c.max_retries id="rule-retries" help=c.max_retries_help error=m.of("max_retries") required=true>
                    <Input kind="number" value=draft.max_retries attr:min="-1" attr:step="1"/>
                </FormField>
                <FormField label=c.interval id="rule-interval" error=m.of("interval_seconds") optional=true>
                    <Input kind="number" value=draft.interval attr:min="1" attr:step="1"/>
                </FormField>
                <FormField label=c.retry_on id="rule-retry-on" error=m.of("retry_on")>
                    <Select options=retried.clone() value=draft.retry_on/>
                </FormField>
                <FormField label=c.delivery id="rule-delivery" error=m.of("delivery")>
                    <Select options=deliveries.clone() value=draft.delivery/>
                </FormField>
                <FormField label=c.timeout id="rule-timeout" error=m.of("timeout_seconds") required=true>
                    <Input kind="number" value=draft.timeout attr:min="1" attr:max="300" attr:step="1"/>
                </FormField>
                <FormField label=c.overall_timeout id="rule-overall-timeout" error=m.of("overall_timeout_seconds") required=true>
                    <Input kind="number" value=draft.overall_timeout attr:min="1" attr:max="86400" attr:step="1"/>
                </FormField>
            </div>
        </Card>
    }
    .into_any()
}

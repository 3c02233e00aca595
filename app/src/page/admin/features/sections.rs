//! The sections of the form of a feature, but for its own form and its results.

use super::draft::Draft;
use super::row::visibility_text;
use crate::api::admin::features::RuleChoice;
use crate::i18n::{fill, use_strings};
use crate::ui::*;
use leptos::prelude::*;
use model::features::Visibility;
use model::rules::UNLIMITED;

/// Name, key, category, description, whether it is on.
#[component]
pub fn Basics(
    /// The feature.
    draft: Draft,
    /// Categories of other features.
    categories: Vec<String>,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let known = categories.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    view! {
        <Card title=c.basics>
            <div class="form-fields form-pair">
                <FormField label=t.common().name id="feature-name" error=m.of("name") required=true>
                    <Input value=draft.name required=true attr:maxlength="200" attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.key id="feature-key" help=c.key_help error=m.of("key") required=true>
                    <Input value=draft.key required=true mono=true attr:maxlength="100" attr:autocomplete="off" attr:spellcheck="false"/>
                </FormField>
                <FormField label=c.category id="feature-category" error=m.of("category") optional=true>
                    <Input value=draft.category attr:list="feature-categories" attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.order id="feature-order" error=m.of("sort_order")>
                    <Input kind="number" value=draft.order attr:step="1"/>
                </FormField>
                <datalist id="feature-categories">{known}</datalist>
                <div class="form-wide">
                    <FormField label=c.description id="feature-description" error=m.of("description") optional=true>
                        <Textarea value=draft.description rows=3/>
                    </FormField>
                </div>
                <div class="form-wide"><Switch label=c.enabled checked=draft.enabled help=c.enabled_help/></div>
            </div>
        </Card>
    }
    .into_any()
}

/// Platform, action, rule and limits.
#[component]
pub fn Running(
    /// The feature.
    draft: Draft,
    /// Rules to choose from.
    rules: Vec<RuleChoice>,
    /// Platforms that have channels.
    platforms: Vec<String>,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let mut choices = vec![Choice::new("", c.choose_rule)];
    choices.extend(rules.iter().map(|rule| Choice::new(&rule.name, &rule.name)));
    let rules = StoredValue::new(rules);
    let limit = move || {
        let name = draft.rule.get();
        let most = rules.with_value(|rules| rules.iter().find(|rule| rule.name == name).map(|rule| rule.max_retries));
        most.map(|most| {
            let text = if most == UNLIMITED { t.tasks().unlimited.to_owned() } else { most.to_string() };
            view! { <p class="field-help">{fill(c.retries_help, &[("n", &text)])}</p> }
        })
    };
    let known = platforms.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    view! {
        <Card title=c.running>
            <div class="form-fields form-pair">
                <FormField label=c.platform id="feature-platform" help=c.platform_help error=m.of("platform") required=true>
                    <Input value=draft.platform required=true attr:list="feature-platforms" attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.action id="feature-action" help=c.action_help error=m.of("action") optional=true>
                    <Input value=draft.action attr:autocomplete="off"/>
                </FormField>
                <datalist id="feature-platforms">{known}</datalist>
                <FormField label=c.rule id="feature-rule" error=m.of("rule") required=true>
                    <Select options=choices.clone() value=draft.rule required=true/>
                </FormField>
                <div class="field">
                    <FormField label=c.retries id="feature-retries" error=m.of("max_retries") optional=true>
                        <Input kind="number" value=draft.max_retries attr:min="-1" attr:step="1"/>
                    </FormField>
                    {limit}
                </div>
                <FormField label=c.interval id="feature-interval" help=c.interval_help error=m.of("interval_seconds") optional=true>
                    <Input kind="number" value=draft.interval attr:min="1" attr:step="1"/>
                </FormField>
                <FormField label=c.parallel id="feature-parallel" help=c.parallel_help error=m.of("max_parallel_per_user") optional=true>
                    <Input kind="number" value=draft.parallel attr:min="1" attr:step="1"/>
                </FormField>
            </div>
        </Card>
    }
    .into_any()
}

/// Price, and who can see it.
#[component]
pub fn PriceAndAudience(
    /// The feature.
    draft: Draft,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let kinds = vec![Choice::new("per_success", c.price_per_success), Choice::new("per_submission", c.price_per_submission)];
    let audiences = [Visibility::Everyone, Visibility::Users, Visibility::Hidden];
    let audiences: Vec<_> = audiences.into_iter().map(|one| Choice::new(one.as_str(), visibility_text(t, one))).collect();
    let names = move || {
        (draft.audience() == Visibility::Users).then(|| {
            view! {
                <div class="form-wide">
                    <FormField label=c.visible_to id="feature-users" help=c.visible_to_help error=m.of("visible_to") required=true>
                        <Textarea value=draft.visible_to rows=3 attr:autocomplete="off" attr:spellcheck="false"/>
                    </FormField>
                </div>
            }
        })
    };
    view! {
        <Card title=c.price_and_audience>
            <div class="form-fields form-pair">
                <FormField label=c.points id="feature-points" error=m.of("points") required=true>
                    <Input kind="number" value=draft.points required=true attr:min="0" attr:step="1"/>
                </FormField>
                <FormField label=c.price_kind id="feature-price-kind" error=m.of("price_kind")>
                    <Select options=kinds.clone() value=draft.price_kind/>
                </FormField>
                <div class="form-wide">
                    <FormField label=c.billing_hint id="feature-hint" help=c.billing_hint_help error=m.of("billing_hint") optional=true>
                        <Input value=draft.billing_hint attr:autocomplete="off"/>
                    </FormField>
                </div>
                <FormField label=c.visible id="feature-visibility" error=m.of("visibility")>
                    <Select options=audiences.clone() value=draft.visibility/>
                </FormField>
                {names}
            </div>
        </Card>
    }
    .into_any()
}

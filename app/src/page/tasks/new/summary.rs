//! Beside the form: what the feature is, what it costs, what is left afterwards.

use crate::i18n::{Strings, fill, use_strings};
use crate::live::use_live;
use crate::route;
use crate::ui::{Icon, IconName, grouped};
use leptos::prelude::*;
use model::features::{FeatureView, PriceKind};

/// The price in words: the operator's own, or made from the price.
pub fn price_of(t: &Strings, feature: &FeatureView) -> String {
    let f = t.task_form();
    match feature.price_kind {
        _ if !feature.billing_hint.is_empty() => feature.billing_hint.clone(),
        _ if feature.points == 0 => f.free.to_owned(),
        PriceKind::PerSuccess => fill(f.per_success, &[("n", &grouped(feature.points))]),
        PriceKind::PerSubmission => fill(f.per_submission, &[("n", &grouped(feature.points))]),
    }
}

/// Name, description and price of a feature, and the balance after so many tasks.
#[component]
pub fn Summary(
    /// The feature.
    feature: FeatureView,
    /// Whether there is no other one to change to.
    only: bool,
    /// Tasks about to be submitted.
    #[prop(into)]
    tasks: Signal<i64>,
) -> impl IntoView {
    let t = use_strings();
    let f = t.task_form();
    let live = use_live();
    let price = price_of(t, &feature);
    let each = feature.points;
    let note = match feature.price_kind {
        _ if each == 0 => None,
        PriceKind::PerSuccess => Some(f.per_success_note),
        PriceKind::PerSubmission => Some(f.per_submission_note),
    };
    let description = if feature.description.trim().is_empty() { f.no_description.to_owned() } else { feature.description };
    // The balance is known in the browser only, where it arrives with the header.
    let after = move || {
        let available = live.balance.get()?.available;
        let rest = available - each * tasks.get();
        Some(view! {
            <div class="summary-after" class:is-short=rest < 0>
                <span>{if rest < 0 { f.not_enough } else { f.balance_after }}</span>
                <span class="num">{grouped(rest)}</span>
            </div>
        })
    };
    view! {
        <div class="summary">
            <div class="summary-head">
                <h2>{feature.name}</h2>
                {(!only).then(|| view! { <a class="small" href=route::NEW_TASK>{f.change_feature}</a> })}
            </div>
            {(!feature.category.is_empty()).then(|| view! { <span class="tag">{feature.category}</span> })}
            <dl class="summary-facts">
                <dt>{f.feature_description}</dt>
                <dd class="summary-text">{description}</dd>
                <dt>{f.billing_hint}</dt>
                <dd>
                    <span class="summary-price"><Icon name=IconName::Coins/>{price}</span>
                    {note.map(|note| view! { <span class="summary-note">{note}</span> })}
                </dd>
            </dl>
            {(each > 0).then(|| view! { {after} })}
        </div>
    }
    .into_any()
}

//! The choice of a feature: cards by category, with a search.

use super::summary::price_of;
use crate::i18n::use_strings;
use crate::route;
use crate::ui::{EmptyState, Icon, IconName, Input};
use leptos::prelude::*;
use model::features::FeatureView;

/// The features to choose from.
#[component]
pub fn FeaturePicker(
    /// All features.
    features: Vec<FeatureView>,
    /// Whether one was asked for that is not among them.
    gone: bool,
) -> impl IntoView {
    let t = use_strings();
    let search = RwSignal::new(String::new());
    let features = StoredValue::new(features);
    let groups = Memo::new(move |_| {
        let words = search.get().to_lowercase();
        features
            .with_value(|all| grouped(all.iter().enumerate().filter(|(_, feature)| matches(feature, &words)), t.task_form().uncategorised))
    });
    let card = move |index: usize| {
        let Some(feature) = features.with_value(|all| all.get(index).cloned()) else { return ().into_any() };
        let price = price_of(t, &feature);
        view! {
            <a class="feature-card" href=route::new_task(feature.id)>
                <span class="feature-name">{feature.name}</span>
                <span class="feature-text">{feature.description}</span>
                <span class="feature-foot">
                    <span class="feature-price"><Icon name=IconName::Coins/>{price}</span>
                    <Icon name=IconName::ChevronRight/>
                </span>
            </a>
        }
        .into_any()
    };
    let group = move |(name, indices): (String, Vec<usize>)| {
        view! {
            <section class="feature-group">
                <h2 class="feature-group-name">{name}</h2>
                <div class="feature-grid">{indices.into_iter().map(card).collect_view()}</div>
            </section>
        }
    };
    view! {
        <div class="stack">
            {gone.then(|| view! { <p class="notice tone-warn" role="status"><Icon name=IconName::Alert/><span>{t.task_form().feature_gone}</span></p> })}
            <div class="feature-search needs-script">
                <Icon name=IconName::Search/>
                <Input kind="search" value=search placeholder=t.task_form().search_features attr:aria-label=t.task_form().search_features attr:data-search="1"/>
            </div>
            {move || {
                let groups = groups.get();
                if groups.is_empty() {
                    view! { <EmptyState icon=IconName::Search title=t.task_form().no_match/> }.into_any()
                } else {
                    view! { <div class="feature-groups">{groups.into_iter().map(group).collect_view()}</div> }.into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// Whether a feature has these letters in its name, category or description.
fn matches(feature: &FeatureView, words: &str) -> bool {
    let text = format!("{} {} {}", feature.name, feature.category, feature.description).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

/// Numbers of features by category, both in the order of their first appearance.
fn grouped<'a>(features: impl Iterator<Item = (usize, &'a FeatureView)>, other: &str) -> Vec<(String, Vec<usize>)> {
    let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
    for (index, feature) in features {
        let name = if feature.category.is_empty() { other } else { &feature.category };
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, indices)) => indices.push(index),
            None => groups.push((name.to_owned(), vec![index])),
        }
    }
    groups
}

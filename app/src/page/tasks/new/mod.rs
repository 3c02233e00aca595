//! A new task: first the feature, then its form; or many tasks of one feature at once.

mod batch;
mod entry;
mod key;
mod picker;
mod summary;

use crate::api::features::{CreatePageData, create_page};
use crate::i18n::use_strings;
use crate::page::tasks::anew;
use crate::page::tasks::form::plain::error_in;
use crate::route;
use crate::ui::{Crumb, EmptyState, ErrorBox, IconName, PageHead, Skeleton, SkeletonCards, use_link};
use entry::FeatureEntry;
use leptos::prelude::*;
use picker::FeaturePicker;
pub use summary::price_of;

/// The page that creates tasks: `?feature=ID` chooses the feature, `?from=ID` begins with a task's values, `?tab=batch` is the batch tool.
#[component]
pub fn TaskCreatePage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let source = Memo::new(move |_| link.get("from").and_then(|text| text.parse::<i64>().ok()));
    let data = Resource::new(move || source.get(), create_page);
    let retry = Callback::new(move |()| data.refetch());
    let refused = move || error_in(link.get("error"), link.get("field")).map(|error| view! { <ErrorBox error/> });
    view! {
        <div class="page task-create">
            <PageHead title=t.task_form().create_title crumbs=vec![Crumb::new(t.tasks().list_title, route::TASKS)]/>
            {refused}
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=6/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Create data=data.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// The choice of a feature until there is one, then its form.
#[component]
fn Create(data: CreatePageData) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let CreatePageData { features, categories, source, webhooks } = data;
    if features.is_empty() {
        return view! { <EmptyState icon=IconName::Layers title=t.task_form().no_features text=t.task_form().no_features_text/> }
            .into_any();
    }
    let wanted = source.as_ref().map(|task| task.feature_id).or((features.len() == 1).then(|| features[0].id));
    let chosen = Memo::new(move |_| link.get("feature").map_or(wanted, |text| text.parse().ok()));
    let is_batch = Memo::new(move |_| link.get("tab").as_deref() == Some("batch"));
    let features = StoredValue::new(features);
    let content = move || {
        let feature = features.with_value(|all| all.iter().find(|feature| Some(feature.id) == chosen.get()).cloned());
        match feature {
            Some(feature) => {
                let source = source.clone().filter(|task| task.feature_id == feature.id);
                let (only, categories, webhooks) = (features.with_value(Vec::len) == 1, categories.clone(), webhooks.clone());
                anew(move || {
                    view! {
                        <FeatureEntry
                            feature=feature.clone()
                            source=source.clone()
                            categories=categories.clone()
                            webhooks=webhooks.clone()
                            is_batch
                            only
                        />
                    }
                })
            }
            None => {
                let gone = chosen.get().is_some();
                anew(move || view! { <FeaturePicker features=features.get_value() gone/> })
            }
        }
    };
    view! { {content} }.into_any()
}

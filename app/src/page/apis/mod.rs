//! What programs can call: features and custom APIs, how each is called, and a place to try it.

mod detail;
mod list;
mod result;
mod sample;
mod send;
mod try_it;

#[cfg(test)]
mod tests;

pub use detail::ParamTable;

use crate::api::custom_apis::{ApisData, apis};
use crate::i18n::use_strings;
use crate::page::tasks::anew;
use crate::ui::*;
use detail::Detail;
use leptos::prelude::*;
use list::ApiList;
use model::custom_apis::{CustomApiView, takes_query};
use model::features::FeatureView;
use model::form::FormField;

/// One thing that can be called.
#[derive(Debug, Clone, PartialEq)]
pub enum Api {
    /// Submits a task.
    Feature(FeatureView),
    /// Answers at once.
    Custom(CustomApiView),
}

impl Api {
    /// What people read.
    fn name(&self) -> &str {
        match self {
            Api::Feature(feature) => &feature.name,
            Api::Custom(api) if api.name.is_empty() => &api.path,
            Api::Custom(api) => &api.name,
        }
    }

    fn description(&self) -> &str {
        match self {
            Api::Feature(feature) => &feature.description,
            Api::Custom(api) => &api.description,
        }
    }

    fn method(&self) -> &'static str {
        match self {
            Api::Feature(_) => "POST",
            Api::Custom(api) => api.method.as_str(),
        }
    }

    /// The path, with its parameters in braces.
    fn path(&self) -> String {
        match self {
            Api::Feature(feature) => format!("/api/features/{}/tasks", feature.id),
            Api::Custom(api) => api.path.clone(),
        }
    }

    fn fields(&self) -> &[FormField] {
        match self {
            Api::Feature(feature) => &feature.form_schema,
            Api::Custom(api) => &api.form_schema,
        }
    }

    /// Whether parameters that are not in the path stand in the query string.
    fn takes_query(&self) -> bool {
        matches!(self, Api::Custom(api) if takes_query(api.method))
    }

    /// The parameter in the address of the page and the number.
    fn choice(&self) -> (&'static str, i64) {
        match self {
            Api::Feature(feature) => ("feature", feature.id),
            Api::Custom(api) => ("custom", api.id),
        }
    }
}

/// The page. `?feature=` or `?custom=` chooses one.
#[component]
pub fn ApisPage() -> impl IntoView {
    let t = use_strings();
    let data = Resource::new(|| (), |()| apis());
    let retry = Callback::new(move |()| data.refetch());
    view! {
        <div class="page apis-page">
            <PageHead title=t.apis().title description=t.apis().lead/>
            <Transition fallback=|| view! { <Skeleton lines=10/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Loaded data=data.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Loaded(data: ApisData) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let ApisData { features, custom_apis, keys } = data;
    let all: Vec<Api> = features.into_iter().map(Api::Feature).chain(custom_apis.into_iter().map(Api::Custom)).collect();
    let all = StoredValue::new(all);
    let keys = StoredValue::new(keys);
    let wanted = Memo::new(move |_| {
        let number = |name: &'static str| link.get(name).and_then(|text| text.parse::<i64>().ok()).map(|id| (name, id));
        number("feature").or_else(|| number("custom"))
    });
    let chosen =
        Memo::new(move |_| wanted.get().and_then(|wanted| all.with_value(|all| all.iter().find(|api| api.choice() == wanted).cloned())));
    let detail = move || match (wanted.get(), chosen.get()) {
        (_, Some(api)) => anew(move || view! { <Detail api=api.clone() keys=keys.get_value()/> }),
        (Some(_), None) => anew(move || view! { <EmptyState icon=IconName::Alert title=t.apis().gone/> }),
        (None, None) => anew(move || view! { <EmptyState icon=IconName::Code title=t.apis().choose/> }),
    };
    view! {
        <div class="apis" class:has-choice=move || wanted.get().is_some()>
            <ApiList all wanted/>
            <section class="api-detail" aria-live="polite">
                <a class="api-back button button-ghost button-sm" href=crate::route::APIS>
                    <Icon name=IconName::ChevronLeft/><span class="button-text">{t.apis().back}</span>
                </a>
                {detail}
            </section>
        </div>
    }
    .into_any()
}

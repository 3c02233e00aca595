//! The page that defines a feature, with the form that people will get beside it.

use super::builder::Builder;
use super::draft::{Draft, blank};
use super::results::Results;
use super::sections::{Basics, PriceAndAudience, Running};
use crate::api::admin::features::{FeatureData, feature, save};
use crate::i18n::{fill, use_strings};
use crate::page::admin::mistakes::Reader;
use crate::page::tasks::anew;
use crate::page::tasks::form::{FormState, ParamsSection, focus_first_error};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::features::Feature;

/// The pages `/admin/features/new` and `/admin/features/{id}`.
#[component]
pub fn FeatureEditPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).map(|text| text.parse::<i64>().unwrap_or(0)));
    let data = Resource::new(move || id.get(), feature);
    let retry = Callback::new(move |()| data.refetch());
    // The name of what is stored, once it is known.
    let name = RwSignal::new(None::<String>);
    let title = Signal::derive(move || match id.get() {
        Some(_) => name.get().unwrap_or_else(|| t.catalog().feature.to_owned()),
        None => t.catalog().new_feature.to_owned(),
    });
    view! {
        <div class="page catalog-edit">
            <PageHead title crumbs=vec![Crumb::new(t.shell().features, route::FEATURES)]/>
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=4/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Editor data=data.clone() name reload=retry/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Editor(data: FeatureData, name: RwSignal<Option<String>>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let FeatureData { entry, rules, platforms, categories } = data;
    let stored_name = entry.as_ref().map(|entry| entry.definition.name.clone());
    Effect::new(move |_| name.set(stored_name.clone()));
    let known = RwSignal::new(entry.as_ref().map(|entry| (entry.id, entry.version)));
    let definition = entry.map(|entry| entry.definition).unwrap_or_else(|| {
        let platform = if let [only] = platforms.as_slice() { only.clone() } else { String::new() };
        Feature { platform, ..blank() }
    });
    let draft = Draft::new(definition);
    let saving = Action::new(move |definition: &Feature| save(known.get_untracked(), definition.clone()));
    let refused = RwSignal::new(None);
    Effect::new(move |_| match saving.value().get() {
        Some(Ok(entry)) => {
            let is_new = known.get_untracked().is_none();
            known.set(Some((entry.id, entry.version)));
            name.set(Some(entry.definition.name.clone()));
            toasts.ok(if is_new { t.common().created } else { t.common().saved });
            if is_new {
                navigate(&route::feature(entry.id), Default::default());
            }
        }
        Some(Err(error)) => {
            draft.mistakes.take(t, &error);
            refused.set(Some(error));
            focus_first_error();
        }
        None => {}
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if saving.pending().get_untracked() {
            return;
        }
        refused.set(None);
        draft.mistakes.clear();
        let definition = untrack(|| draft.read(t));
        if draft.mistakes.is_empty() {
            saving.dispatch(definition);
        } else {
            toasts.info(t.catalog().fix_errors);
            focus_first_error();
        }
    };
    let version = move || {
        known
            .get()
            .map(|(_, version)| view! { <span class="muted small">{fill(t.catalog().version, &[("n", &version.to_string())])}</span> })
    };
    let save_text = move || if known.get().is_some() { t.catalog().save } else { t.catalog().create };
    view! {
        <div class="editor">
            <form class="editor-main" novalidate=true on:submit=send>
                <noscript><p class="notice tone-warn">{t.catalog().needs_script}</p></noscript>
                <Basics draft categories/>
                <Running draft rules platforms/>
                <Builder draft/>
                <Results draft/>
                <PriceAndAudience draft/>
                {move || refused.get().map(|error| anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }))}
                <div class="task-form-foot">
                    <Button kind="submit" variant=Variant::Primary icon=IconName::Check loading=saving.pending()>{save_text}</Button>
                    <ButtonLink href=route::FEATURES>{t.common().cancel}</ButtonLink>
                    {version}
                </div>
            </form>
            <aside class="editor-side" aria-label=t.catalog().preview><Preview draft/></aside>
        </div>
    }
    .into_any()
}

/// The form as people will get it, made by the very same component.
#[component]
fn Preview(draft: Draft) -> impl IntoView {
    let t = use_strings();
    let fields = Memo::new(move |_| draft.form_fields(Reader { t, mistakes: None }));
    view! {
        <div class="preview">
            <h2 class="preview-title">{t.catalog().preview}</h2>
            <p class="muted small">{t.catalog().preview_lead}</p>
            {move || {
                let fields = fields.get();
                anew(move || view! { <ParamsSection form=FormState::new(&fields, None)/> })
            }}
        </div>
    }
    .into_any()
}

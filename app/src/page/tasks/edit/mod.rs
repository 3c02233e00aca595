//! Editing a task that does not run at the moment.

use crate::api;
use crate::api::tasks::{TaskEditData, UpdateForm};
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::page::tasks::anew;
use crate::page::tasks::form::plain::error_in;
use crate::page::tasks::form::{AboutSection, FormState, ParamsSection, RunLimits, SettingsSection, WebhookSection, focus_first_error};
use crate::route;
use crate::ui::{
    Button, ButtonLink, Crumb, EmptyState, ErrorBox, IconName, PageHead, Skeleton, SkeletonCards, Variant, use_link, use_toasts,
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::tasks::TaskPatch;

/// The page that edits a task.
#[component]
pub fn TaskEditPage() -> impl IntoView {
    let t = use_strings();
    let (params, link) = (use_params_map(), use_link());
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0));
    let data = Resource::new(move || id.get(), api::tasks::edit_page);
    let retry = Callback::new(move |()| data.refetch());
    let refused = move || error_in(link.get("error"), link.get("field")).map(|error| view! { <ErrorBox error/> });
    let crumbs =
        move || vec![Crumb::new(t.tasks().list_title, route::TASKS), Crumb::new(t.task_detail().title, route::task(id.get_untracked()))];
    view! {
        <div class="page task-edit">
            <PageHead title=t.task_form().edit_title crumbs=crumbs() description=t.task_form().edit_note/>
            {refused}
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=2/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) if data.task.status.is_editable() => anew(move || view! { <Editor data=data.clone()/> }),
                        Ok(data) => anew(move || view! { <NotNow data=data.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// Why it cannot be edited now.
#[component]
fn NotNow(data: TaskEditData) -> impl IntoView {
    let t = use_strings();
    let title = fill(t.task_form().not_editable, &[("status", t.status(data.task.status))]);
    view! {
        <EmptyState icon=IconName::Lock title text=t.task_form().not_editable_text>
            <ButtonLink href=route::task(data.task.id) icon=IconName::ChevronLeft>{t.task_form().back_to_task}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// The form. Before hydration it is posted plainly; afterwards it is checked here first.
#[component]
fn Editor(data: TaskEditData) -> impl IntoView {
    let t = use_strings();
    let (live, toasts, navigate) = (use_live(), use_toasts(), use_navigate());
    let TaskEditData { task, feature, categories, webhooks } = data;
    let id = task.id;
    let known = feature.is_some();
    let limits = feature.as_ref().map(RunLimits::of);
    let category = feature.as_ref().map(|feature| feature.category.clone()).unwrap_or_default();
    let fields = feature.map(|feature| feature.form_schema).unwrap_or_default();
    let form = FormState::new(&fields, Some(&task));
    let fields = StoredValue::new(fields);
    let save = Action::new(move |patch: &TaskPatch| api::tasks::update(id, patch.clone()));
    let other_error = RwSignal::new(None);
    Effect::new(move |_| match save.value().get() {
        Some(Ok(_)) => {
            toasts.ok(t.task_form().saved);
            navigate(&route::task(id), Default::default());
        }
        Some(Err(error)) if form.place(t, &error) => focus_first_error(),
        Some(Err(error)) => other_error.set(Some(error)),
        None => {}
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if save.pending().get_untracked() {
            return;
        }
        other_error.set(None);
        let patch = fields.with_value(|fields| untrack(|| form.texts()).patch(known.then_some(fields.as_slice())));
        match (form.check(t, limits), patch) {
            (true, Ok(patch)) => drop(save.dispatch(patch)),
            (true, Err(error)) => other_error.set(Some(error.into())),
            (false, _) => {
                toasts.info(t.task_form().fix_errors);
                focus_first_error();
            }
        }
    };
    view! {
        <form
            method="post"
            action=UpdateForm::url()
            class="task-form task-form-single"
            novalidate=move || live.ready.get()
            on:submit=send
        >
            <input type="hidden" name="id" value=id.to_string()/>
            <div class="task-form-main">
                {known.then(|| view! { <ParamsSection form/> })}
                <AboutSection form categories default_category=category/>
                <SettingsSection form limits/>
                <WebhookSection form webhooks/>
                {move || other_error.get().map(|error| view! { <ErrorBox error/> })}
                <div class="task-form-foot">
                    <Button kind="submit" variant=Variant::Primary icon=IconName::Check loading=save.pending()>{t.task_form().save}</Button>
                    <ButtonLink href=route::task(id)>{t.common().cancel}</ButtonLink>
                </div>
            </div>
        </form>
    }
    .into_any()
}

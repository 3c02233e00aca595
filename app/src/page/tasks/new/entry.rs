//! The form of one feature: a single task, or many at once with the same settings.

use super::batch::{BatchControls, BatchInput, BatchState};
use super::key::fresh_key;
use super::summary::Summary;
use crate::api;
use crate::api::tasks::SubmitForm;
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::page::tasks::form::{AboutSection, FormState, ParamsSection, RunLimits, SettingsSection, WebhookSection, focus_first_error};
use crate::route;
use crate::ui::{Button, Dialog, DialogSize, ErrorBox, Icon, IconName, Size, Snippet, Variant, use_link, use_toasts};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_navigate;
use model::features::FeatureView;
use model::tasks::{NewTask, Priority, TaskView};
use model::webhooks::WebhookView;

/// The form of a feature. Before hydration it is posted plainly; afterwards it is checked here first.
#[component]
pub fn FeatureEntry(
    /// The feature.
    feature: FeatureView,
    /// The task whose values it begins with.
    source: Option<TaskView>,
    /// Categories in use.
    categories: Vec<String>,
    /// The caller's webhooks.
    webhooks: Vec<WebhookView>,
    /// Whether the batch tool is shown.
    is_batch: Memo<bool>,
    /// Whether there is no other feature to change to.
    only: bool,
) -> impl IntoView {
    let t = use_strings();
    let (live, toasts, navigate) = (use_live(), use_toasts(), use_navigate());
    let form = FormState::new(&feature.form_schema, source.as_ref());
    let limits = RunLimits::of(&feature);
    let batch = BatchState::new(t, &feature, form);
    let (id, points) = (feature.id, feature.points);
    let fields = StoredValue::new(feature.form_schema.clone());
    // The key of the last submission, kept while the task stays the same: pressing again after a lost answer costs nothing.
    let last = StoredValue::new(None::<(NewTask, String)>);
    let submit = Action::new(move |(task, key): &(NewTask, String)| api::tasks::submit(id, task.clone(), key.clone()));
    let other_error = RwSignal::new(None);
    Effect::new(move |_| match submit.value().get() {
        Some(Ok(task)) => {
            toasts.ok(t.task_form().submitted);
            navigate(&route::task(task.id), Default::default());
        }
        Some(Err(error)) => {
            if !error.is_offline() {
                last.set_value(None);
            }
            if form.place(t, &error) {
                focus_first_error();
            } else {
                other_error.set(Some(error));
            }
        }
        None => {}
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_batch.get_untracked() || submit.pending().get_untracked() {
            return;
        }
        other_error.set(None);
        let task = fields.with_value(|fields| untrack(|| form.texts()).new_task(fields));
        match (form.check(t, Some(limits)), task) {
            (true, Ok(task)) => {
                let known = last.with_value(|last| last.clone()).filter(|(same, _)| *same == task);
                let pair = known.unwrap_or_else(|| (task, fresh_key()));
                last.set_value(Some(pair.clone()));
                submit.dispatch(pair);
            }
            (true, Err(error)) => other_error.set(Some(error.into())),
            (false, _) => {
                toasts.info(t.task_form().fix_errors);
                focus_first_error();
            }
        }
    };
    let without = Signal::derive(move || is_batch.get().then(|| batch.main_index()).flatten());
    // What is still to be paid for.
    let tasks = Signal::derive(move || match (is_batch.get(), batch.run.count.get()) {
        (false, _) => 1,
        (true, count) if count.all > 0 => count.all - count.ok - count.failed,
        (true, _) => batch.checked.with(|checked| checked.good() as i64),
    });
    let single = move || !is_batch.get();
    let call = RwSignal::new(false);
    let endpoint = feature.endpoint.clone();
    let category = feature.category.clone();
    let side = feature.clone();
    view! {
        <EntryTabs is_batch/>
        <form
            method="post"
            action=SubmitForm::url()
            class="task-form"
            novalidate=move || live.ready.get()
            on:submit=send
        >
            <input type="hidden" name="feature_id" value=id.to_string()/>
            <div class="task-form-main">
                {move || is_batch.get().then(|| view! { <BatchInput batch/> })}
                <ParamsSection form without/>
                <AboutSection form categories default_category=category/>
                <SettingsSection form limits=Some(limits)/>
                <WebhookSection form webhooks/>
            </div>
            <aside class="task-form-side" aria-label=t.task_form().feature_description>
                <Summary feature=side only tasks/>
                {move || other_error.get().map(|error| view! { <ErrorBox error/> })}
                <div class="task-form-actions">
                    {move || if single() {
                        view! {
                            <Button kind="submit" variant=Variant::Primary icon=IconName::Bolt loading=submit.pending()>{t.task_form().submit}</Button>
                            <div class="needs-script">
                                <Button size=Size::Sm variant=Variant::Ghost icon=IconName::Terminal on_click=move |_| call.set(true)>
                                    {t.task_form().api_call}
                                </Button>
                            </div>
                        }
                        .into_any()
                    } else {
                        view! { <BatchControls batch form limits points/> }.into_any()
                    }}
                </div>
            </aside>
        </form>
        <Dialog open=call title=t.task_form().api_call_title size=DialogSize::Lg>
            {move || call.get().then(|| {
                let task = fields.with_value(|fields| untrack(|| form.texts()).new_task(fields)).unwrap_or_default();
                let mut body = serde_json::to_value(&task).unwrap_or_default();
                if let (Priority::Normal, Some(body)) = (task.priority, body.as_object_mut()) {
                    body.remove("priority");
                }
                view! { <Snippet method="POST" path=endpoint.clone() body/> }
            })}
        </Dialog>
    }
    .into_any()
}

/// One task, or many. Links, so that they work without scripts; the form keeps what was typed.
#[component]
fn EntryTabs(is_batch: Memo<bool>) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let tab = move |batch: bool, icon: IconName, text: &'static str| {
        let here = move || is_batch.get() == batch;
        let href = move || link.with(&[("tab", batch.then_some("batch")), ("error", None), ("field", None)]);
        view! {
            <a class="tab" class:is-current=here href=href aria-current=move || here().then_some("page") data-noscroll="">
                <Icon name=icon/>
                <span>{text}</span>
            </a>
        }
    };
    view! {
        <nav class="tabs">
            {tab(false, IconName::Bolt, t.task_form().single)}
            {tab(true, IconName::Layers, t.task_batch().title)}
        </nav>
    }
    .into_any()
}

//! What was sent, what came back, what went wrong.

use crate::i18n::use_strings;
use crate::ui::{Card, CopyButton, JsonTree};
use leptos::prelude::*;
use model::tasks::TaskView;
use serde_json::Value;

/// A JSON value of the task in a card that folds.
fn tree(task: RwSignal<TaskView>, title: &'static str, none: &'static str, open: bool, pick: fn(&TaskView) -> Option<Value>) -> AnyView {
    // A memo, so that news which do not touch the value leave the tree as people have unfolded it.
    let value = Memo::new(move |_| task.with(pick));
    let content = move || match value.get() {
        Some(value) => view! { <JsonTree value/> }.into_any(),
        None => view! { <p class="muted">{none}</p> }.into_any(),
    };
    view! {
        <details class="card fold" open=open>
            <summary><h2 class="card-title">{title}</h2></summary>
            <div class="card-body">{content}</div>
        </details>
    }
    .into_any()
}

/// What is not nothing.
fn something(value: &Option<Value>) -> Option<Value> {
    value.clone().filter(|value| !value.is_null() && value.as_object().is_none_or(|object| !object.is_empty()))
}

/// The values of the form.
#[component]
pub fn PayloadSection(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    tree(task, t.task_detail().payload, t.common().no_data, true, |task| task.payload.clone())
}

/// Extra headers.
#[component]
pub fn HeadersSection(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let open = task.with_untracked(|task| something(&task.headers).is_some());
    tree(task, t.task_detail().headers, t.task_detail().no_headers, open, |task| something(&task.headers))
}

/// The upstream's answer.
#[component]
pub fn ResponseSection(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    tree(task, t.task_detail().response, t.task_detail().no_response, true, |task| task.response.clone())
}

/// Why it failed.
#[component]
pub fn ErrorSection(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let error = Memo::new(move |_| task.with(|task| task.error.clone()));
    let content = move || {
        let error = error.get();
        if error.is_empty() {
            view! { <p class="muted">{d.no_error}</p> }.into_any()
        } else {
            view! { <div class="task-error"><p class="mono">{t.sentence(&error)}</p><CopyButton text=error/></div> }.into_any()
        }
    };
    view! { <Card title=d.error>{content}</Card> }.into_any()
}

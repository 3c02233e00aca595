//! What a task is, beside what came out of it.

use crate::i18n::{fill, use_strings};
use crate::ui::{Card, CopyButton, Snippet, Time, grouped};
use leptos::prelude::*;
use model::tasks::{Priority, TaskView};
use model::time::Timestamp;

/// The numbers and times of a task, and how to read it by API.
#[component]
pub fn Facts(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let fact = move |name: &'static str, pick: fn(&TaskView) -> String| {
        let value = Memo::new(move |_| task.with(pick));
        view! { <div><dt>{name}</dt><dd>{move || Some(value.get()).filter(|text| !text.is_empty()).unwrap_or_else(|| "-".to_owned())}</dd></div> }
    };
    let time = move |name: &'static str, pick: fn(&TaskView) -> Option<Timestamp>| {
        view! { <div><dt>{name}</dt><dd><Time at=Signal::derive(move || task.with(pick))/></dd></div> }
    };
    let priority = move || match task.with(|task| task.priority) {
        Priority::Urgent => t.tasks().urgent,
        Priority::Normal => t.tasks().normal,
    };
    let interval = move || fill(d.seconds, &[("n", &task.with(|task| task.interval_seconds.to_string()))]);
    let (id, public) = task.with_untracked(|task| (task.id, task.task_id.clone()));
    view! {
        <Card title=d.facts>
            <dl class="facts">
                <div>
                    <dt>{d.id}</dt>
                    <dd class="mono">{id}</dd>
                </div>
                <div>
                    <dt>{d.public_id}</dt>
                    <dd class="fact-copy"><span class="mono truncate" title=public.clone()>{public.clone()}</span><CopyButton text=public/></dd>
                </div>
                {fact(t.tasks().column_seq, |task| task.seq.to_string())}
                {fact(t.tasks().column_name, |task| task.name.clone())}
                {fact(t.tasks().column_category, |task| task.category.clone())}
                {fact(t.tasks().column_points, |task| grouped(task.points))}
                <div><dt>{t.tasks().column_priority}</dt><dd>{priority}</dd></div>
                <div><dt>{d.interval}</dt><dd>{interval}</dd></div>
                {time(d.created, |task| Some(task.created_at))}
                {time(d.started, |task| task.started_at)}
                {time(d.ended, |task| task.finished_at)}
            </dl>
        </Card>
        <details class="card fold">
            <summary>{d.api}</summary>
            <Snippet method="GET" path=format!("/api/tasks/{id}")/>
        </details>
    }
    .into_any()
}

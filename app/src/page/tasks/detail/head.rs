//! The head of a task: its state, what happens now, and the four figures that people look for first.

use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::page::tasks::actions::{TaskActions, allowed};
use crate::route;
use crate::ui::{Badge, Button, ButtonLink, CopyButton, Duration, Icon, IconName, ProgressBar, StatusBadge, Time, Tone, Variant};
use leptos::prelude::*;
use model::rules::UNLIMITED;
use model::tasks::{BatchAction, Priority, TaskStatus, TaskView};
use model::time::{Timestamp, format_duration};

/// State, name and numbers.
#[component]
pub fn Headline(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let status = Memo::new(move |_| task.with(|task| task.status));
    let progress = Memo::new(move |_| task.with(|task| task.progress));
    let shows_progress = Memo::new(move |_| matches!(status.get(), TaskStatus::Running | TaskStatus::WaitingUpstream));
    let name = Memo::new(move |_| task.with(|task| if task.name.is_empty() { format!("#{}", task.id) } else { task.name.clone() }));
    let urgent = Memo::new(move |_| task.with(|task| task.priority == Priority::Urgent));
    let retries = move || {
        task.with(|task| match task.max_retries {
            UNLIMITED => fill(d.retries_of, &[("n", &task.retry_count.to_string()), ("most", t.tasks().unlimited)]),
            most => fill(d.retries_of, &[("n", &task.retry_count.to_string()), ("most", &most.to_string())]),
        })
    };
    let time = move |pick: fn(&TaskView) -> Option<Timestamp>| Signal::derive(move || task.with(pick));
    let (id, public) = task.with_untracked(|task| (task.id, task.task_id.clone()));
    view! {
        <section class="card headline" data-status=move || status.get().as_str()>
            <div class="headline-top">
                <div class="headline-title">
                    <h2>{move || name.get()}</h2>
                    <StatusBadge status=Signal::from(status)/>
                    {move || urgent.get().then(|| view! { <Badge tone=Tone::Warn><Icon name=IconName::Bolt/>{t.tasks().urgent}</Badge> })}
                </div>
                <div class="headline-ids">
                    <span class="mono">{format!("#{id}")}</span>
                    <span class="mono truncate">{public.clone()}</span>
                    <CopyButton text=public/>
                </div>
            </div>
            <Now task/>
            {move || shows_progress.get().then(|| view! {
                <div class="headline-progress" data-testid="progress">
                    <ProgressBar value=Signal::from(progress) label=t.tasks().progress tone=Tone::Info/>
                    <span class="num">{move || format!("{}%", progress.get())}</span>
                </div>
            })}
            <dl class="headline-facts">
                <div><dt>{d.duration}</dt><dd><Duration start=time(|task| task.started_at) end=time(|task| task.finished_at)/></dd></div>
                <div><dt>{d.retries}</dt><dd class="num" data-testid="retry-count">{retries}</dd></div>
                <div><dt>{t.common().updated_at}</dt><dd><Time at=time(|task| Some(task.updated_at))/></dd></div>
                <div><dt>{d.feature}</dt><dd>{move || task.with(|task| task.feature_name.clone())}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

/// What happens now and when it goes on; nothing once the task has ended.
#[component]
fn Now(task: RwSignal<TaskView>) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let sentence = Memo::new(move |_| match task.with(|task| task.status) {
        TaskStatus::Queued => Some(d.now_queued),
        TaskStatus::Running => Some(d.now_running),
        TaskStatus::WaitingUpstream => Some(d.now_upstream),
        TaskStatus::RetryWait => Some(d.now_retry),
        TaskStatus::Succeeded | TaskStatus::Failed | TaskStatus::Cancelled => None,
    });
    move || {
        sentence.get().map(|sentence| {
            view! {
                <p class="headline-now">
                    <Icon name=IconName::Hourglass/>
                    <span role="status">{sentence}</span>
                    <span class="num muted"><Countdown task/></span>
                </p>
            }
        })
    }
}

/// How long until the next attempt or the next question to the upstream.
#[component]
pub fn Countdown(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let live = use_live();
    let next = Memo::new(move |_| task.with(|task| (task.status, task.next_run_at)));
    move || {
        let (status, at) = next.get();
        let text = match status {
            TaskStatus::RetryWait => d.next_in,
            TaskStatus::WaitingUpstream => d.next_check,
            _ => return None,
        };
        // The clock stands still until the page is hydrated.
        let now = live.now.get();
        match (now, (at?.0 - now) / 1000) {
            (0, _) => None,
            (_, ..=0) => Some(d.next_soon.to_owned()),
            (_, left) if left < 60 => Some(fill(text, &[("t", &fill(d.seconds, &[("n", &left.to_string())]))])),
            (_, left) => Some(fill(text, &[("t", &format_duration(left * 1000))])),
        }
    }
}

/// What can be done with the task in its present state.
#[component]
pub fn TaskButtons(
    /// The task.
    task: RwSignal<TaskView>,
    /// The page's actions.
    actions: TaskActions,
) -> impl IntoView {
    let t = use_strings();
    let status = Memo::new(move |_| task.with(|task| task.status));
    let editable = Memo::new(move |_| status.get().is_editable());
    let (id, feature) = task.with_untracked(|task| (task.id, task.feature_id));
    let button = move |action: BatchAction, variant: Variant, icon: IconName, text: &'static str| {
        // A memo, so that the button is built when it appears and never patched: see `anew`.
        let shown = Memo::new(move |_| allowed(action, status.get()));
        move || {
            shown.get().then(|| {
                let ask = move |_| actions.ask(action, &[(id, status.get_untracked())]);
                view! { <span class="needs-script"><Button variant icon on_click=ask>{text}</Button></span> }
            })
        }
    };
    view! {
        {button(BatchAction::Delete, Variant::Ghost, IconName::Trash, t.tasks().delete)}
        <ButtonLink href=format!("{}&from={id}", route::new_task(feature)) icon=IconName::Copy>{t.tasks().duplicate}</ButtonLink>
        {move || editable.get().then(|| view! { <ButtonLink href=route::edit_task(id) icon=IconName::Pencil>{t.common().edit}</ButtonLink> })}
        {button(BatchAction::Cancel, Variant::Secondary, IconName::Stop, t.tasks().cancel)}
        {button(BatchAction::Retry, Variant::Primary, IconName::Retry, t.tasks().retry)}
    }
    .into_any()
}

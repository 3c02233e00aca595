//! Anybody's task: what it is, what came out, what was tried, through which channel.

use super::interventions::{InterventionButtons, InterventionDialogs, Interventions};
use crate::api::admin::all_tasks::{self, AnyTaskData};
use crate::i18n::{fill, use_strings};
use crate::page::tasks::anew;
use crate::page::tasks::detail::{ErrorSection, HeadersSection, Headline, PayloadSection, ResponseSection, Results, TriedLine};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::Page;
use model::all_tasks::OwnedTask;
use model::tasks::AttemptView;
use model::time::format_duration;

/// The page of anybody's task.
#[component]
pub fn AnyTaskPage() -> impl IntoView {
    let t = use_strings();
    let (params, link) = (use_params_map(), use_link());
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0));
    let number = move |name: &str| link.get(name).and_then(|text| text.parse::<i64>().ok());
    let paging = Memo::new(move |_| (number("attempts_page"), number("attempts_size")));
    let data = Resource::new(move || (id.get(), paging.get()), |(id, (page, size))| all_tasks::detail(id, page, size));
    let reload = Callback::new(move |()| data.refetch());
    let interventions = Interventions::new();
    view! {
        <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=4/><Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => anew(move || view! { <Loaded data=data.clone() interventions reload/> }),
                    Err(error) => anew(move || view! {
                        <PageHead title=t.all_tasks().detail crumbs=vec![Crumb::new(t.shell().admin_tasks, route::ADMIN_TASKS)]/>
                        <ErrorBox error=error.clone() retry=reload/>
                    }),
                }
            })}
        </Transition>
        <InterventionDialogs interventions on_done=reload/>
    }
    .into_any()
}

/// A loaded task.
#[component]
fn Loaded(data: AnyTaskData, interventions: Interventions, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let AnyTaskData { task: owned, attempts } = data;
    let task = RwSignal::new(owned.task.clone());
    let (id, status) = (owned.task.id, owned.task.status);
    let only = Signal::derive(move || vec![(id, status)]);
    view! {
        <PageHead title=t.all_tasks().detail crumbs=vec![Crumb::new(t.shell().admin_tasks, route::ADMIN_TASKS)]>
            <span class="row needs-script">
                <IconButton icon=IconName::Refresh label=t.common().refresh size=Size::Sm on_click=move |_| reload.run(())/>
                <InterventionButtons interventions tasks=only/>
            </span>
        </PageHead>
        <Headline task/>
        <div class="task-detail">
            <div class="task-detail-main">
                <Results task/>
                <ErrorSection task/>
                <Attempts attempts/>
                <ResponseSection task/>
                <PayloadSection task/>
                <HeadersSection task/>
            </div>
            <aside class="task-detail-side" aria-label=t.task_detail().facts><Facts owned/></aside>
        </div>
    }
    .into_any()
}

/// The numbers and times of a task, and whose it is.
#[component]
fn Facts(owned: OwnedTask) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let OwnedTask { task, user_id, username, channel, channel_id } = owned;
    let channel = channel.or_else(|| channel_id.map(|id| format!("#{id}")));
    let channel = channel.zip(channel_id).map_or_else(
        || "-".into_any(),
        |(name, id)| view! { <a class="mono" href=format!("{}?channel_id={id}", route::ADMIN_TASKS)>{name}</a> }.into_any(),
    );
    let text = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    view! {
        <Card title=d.facts>
            <dl class="facts">
                <div><dt>{t.all_tasks().owner}</dt><dd><a href=route::admin_user(user_id)>{username}</a></dd></div>
                <div><dt>{t.all_tasks().channel}</dt><dd>{channel}</dd></div>
                <div><dt>{d.id}</dt><dd class="mono">{task.id}</dd></div>
                <div>
                    <dt>{d.public_id}</dt>
                    <dd class="fact-copy"><span class="mono truncate" title=task.task_id.clone()>{task.task_id.clone()}</span><CopyButton text=task.task_id/></dd>
                </div>
                <div><dt>{t.tasks().column_seq}</dt><dd>{task.seq}</dd></div>
                <div><dt>{t.tasks().column_category}</dt><dd>{text(task.category)}</dd></div>
                <div><dt>{t.tasks().column_points}</dt><dd>{grouped(task.points)}</dd></div>
                <div><dt>{d.interval}</dt><dd>{fill(d.seconds, &[("n", &task.interval_seconds.to_string())])}</dd></div>
                <div><dt>{d.created}</dt><dd><Time at=task.created_at/></dd></div>
                <div><dt>{d.started}</dt><dd><Time at=task.started_at/></dd></div>
                <div><dt>{d.ended}</dt><dd><Time at=task.finished_at/></dd></div>
            </dl>
            <p><a class="small" href=format!("{}?target=task%3A{}", route::ADMIN_AUDIT, task.id)>{t.users().see_audit}</a></p>
        </Card>
    }
    .into_any()
}

/// Attempts with their channels.
#[component]
fn Attempts(attempts: Page<AttemptView>) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let Page { items, total, page, page_size, .. } = attempts;
    let line = move |attempt: AttemptView| {
        let AttemptView { attempt_no, created_at, status_code, error, response, duration, channel, tried } = attempt;
        let good = error.is_empty();
        let (tone, word) = if good { (Tone::Ok, d.attempt_ok) } else { (Tone::Danger, d.attempt_failed) };
        view! {
            <li class=format!("tl tl-attempt {}", tone.class()) data-testid="attempt">
                <span class="tl-dot"></span>
                <div class="attempt">
                    <div class="attempt-head">
                        <span class="attempt-no num">{format!("#{attempt_no} | ")}<Time at=created_at/></span>
                        <Badge tone>{word}</Badge>
                        <code class="attempt-status">{format!("status={status_code}")}</code>
                        {channel.map(|channel| view! { <span class="tag mono">{channel}</span> })}
                        {(duration > 0).then(|| view! { <span class="small muted num">{fill(d.took, &[("t", &format_duration(duration))])}</span> })}
                    </div>
                    {tried.into_iter().map(|one| view! { <TriedLine one/> }).collect_view()}
                    {(!good).then(|| view! { <p class="attempt-error">{t.sentence(&error)}</p> })}
                    {response.filter(|response| !response.is_null()).map(|response| view! {
                        <details class="attempt-response"><summary>{d.response}</summary><JsonTree value=response/></details>
                    })}
                </div>
            </li>
        }
    };
    let content = if items.is_empty() {
        view! { <p class="muted">{t.common().no_records}</p> }.into_any()
    } else {
        let pager = (total > 5).then(|| view! { <Pagination page page_size total page_param="attempts_page" size_param="attempts_size"/> });
        view! {
            <ol class="timeline">{items.into_iter().map(line).collect_view()}</ol>
            {pager}
        }
        .into_any()
    };
    view! { <Card title=d.attempts>{content}</Card> }.into_any()
}

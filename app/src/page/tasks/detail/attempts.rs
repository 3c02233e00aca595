//! The attempts of a task as a timeline with pages.

use super::head::Countdown;
use super::state::{AttemptPaging, DetailState};
use super::timeline::{Ending, Entry, ending, entries};
use crate::i18n::{fill, use_strings};
use crate::ui::{Badge, Card, Icon, IconName, JsonTree, Time, Tone, use_link};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::tasks::{AttemptView, Tried};
use model::time::format_duration;

/// Sizes of a page.
const SIZES: [i64; 4] = [5, 10, 20, 50];

/// The timeline of a task.
#[component]
pub fn Attempts(
    /// The task.
    state: DetailState,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let task = state.task;
    let is_first = Memo::new(move |_| state.attempts.with(|page| page.page <= 1));
    let is_last = Memo::new(move |_| state.attempts.with(|page| page.page >= page.pages()));
    let is_over = Memo::new(move |_| task.with(|task| task.status.is_terminal()));
    let none = Memo::new(move |_| state.attempts.with(|page| page.items.is_empty()));
    let ended = move || task.with(|task| task.finished_at);
    let created = task.with_untracked(|task| task.created_at);
    let now = move || {
        (is_first.get() && !is_over.get()).then(|| {
            let word = move || t.status(task.with(|task| task.status));
            view! {
                <li class="tl tl-now"><span class="tl-dot"></span><span>{word}</span><span class="small muted num" aria-live="off"><Countdown task/></span></li>
            }
        })
    };
    let end = move || {
        ended().filter(|_| is_first.get() && is_over.get()).map(|at| {
            view! { <li class="tl tl-edge"><span class="tl-dot"></span><span>{d.finished}</span><span class="muted small"><Time at=at/></span></li> }
        })
    };
    let begin = move || {
        is_last.get().then(|| {
            view! { <li class="tl tl-edge"><span class="tl-dot"></span><span>{d.submitted}</span><span class="muted small"><Time at=created/></span></li> }
        })
    };
    let shown = move || state.attempts.with(|page| entries(&page.items));
    view! {
        <Card title=d.attempts>
            <div class="attempts" aria-busy=move || state.turning.get().then_some("true")>
                {move || state.turning.get().then(|| view! { <p class="small muted" role="status">{t.common().loading}</p> })}
                <ol class="timeline">
                    {now}
                    {end}
                    {move || none.get().then(|| view! { <li class="tl tl-none muted">{t.common().no_records}</li> })}
                    <For each=shown key=Entry::key children=|entry| view! { <EntryLine entry/> }/>
                    {begin}
                </ol>
                <Pager state/>
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn EntryLine(entry: Entry) -> impl IntoView {
    let t = use_strings();
    let attempt = match entry {
        Entry::Attempt(attempt) => attempt,
        Entry::Wait { milliseconds, .. } => {
            let text = fill(t.task_detail().waited, &[("t", &format_duration(milliseconds))]);
            return view! { <li class="tl tl-wait"><span class="tl-dot"></span><span class="small muted num">{text}</span></li> }
                .into_any();
        }
    };
    let (tone, word) = match ending(&attempt) {
        Ending::Good => (Tone::Ok, t.task_detail().attempt_ok),
        Ending::Bad => (Tone::Danger, t.task_detail().attempt_failed),
        Ending::Open => (Tone::Info, t.status(model::tasks::TaskStatus::Running)),
    };
    let AttemptView { attempt_no, created_at, status_code, error, response, duration, tried, .. } = attempt;
    view! {
        <li class=format!("tl tl-attempt {}", tone.class()) data-testid="attempt">
            <span class="tl-dot"></span>
            <div class="attempt">
                <div class="attempt-head">
                    <span class="attempt-no num">{format!("#{attempt_no} | ")}<Time at=created_at/></span>
                    <Badge tone>{word}</Badge>
                    <code class="attempt-status">{format!("status={status_code}")}</code>
                    {(duration > 0).then(|| view! { <span class="small muted num">{fill(t.task_detail().took, &[("t", &format_duration(duration))])}</span> })}
                </div>
                {tried.into_iter().map(|one| view! { <TriedLine one/> }).collect_view()}
                {(!error.is_empty()).then(|| view! { <p class="attempt-error">{t.sentence(&error)}</p> })}
                {response.filter(|response| !response.is_null()).map(|response| view! {
                    <details class="attempt-response">
                        <summary>{t.task_detail().response}</summary>
                        <JsonTree value=response/>
                    </details>
                })}
            </div>
        </li>
    }
    .into_any()
}

/// A try of an attempt that went on with another channel.
#[component]
pub fn TriedLine(
    /// What was tried.
    one: Tried,
) -> impl IntoView {
    let t = use_strings();
    let Tried { channel, status_code, error } = one;
    view! {
        <p class="attempt-tried small muted" data-testid="tried">
            {t.task_detail().went_on}" "<code class="attempt-status">{format!("status={status_code}")}</code>
            {channel.map(|channel| view! { " "<span class="tag mono">{channel}</span> })}
            " "{t.sentence(&error)}
        </p>
    }
    .into_any()
}

/// Which page of how many. Links, so that it works without scripts; with them only the attempts change.
#[component]
fn Pager(state: DetailState) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let navigate = use_navigate();
    let page = Memo::new(move |_| state.attempts.with(|page| (page.page, page.pages(), page.total, page.page_size)));
    let go = move |paging: AttemptPaging| {
        state.turn(paging);
        let (number, size) = (paging.page.to_string(), paging.size.to_string());
        let address = untrack(|| link.with(&[("attempts_page", Some(&number)), ("attempts_size", Some(&size))]));
        navigate(&address, NavigateOptions { scroll: false, replace: true, ..Default::default() });
    };
    let words = move || {
        let (x, y, n, _) = page.get();
        fill(t.task_detail().attempts_page, &[("x", &x.to_string()), ("y", &y.to_string()), ("n", &n.to_string())])
    };
    let step = {
        let go = go.clone();
        move |by: i64, icon: IconName, name: &'static str| {
            let go = go.clone();
            let to = Memo::new(move |_| {
                let (number, pages, _, _) = page.get();
                Some(number + by).filter(|to| (1..=pages).contains(to))
            });
            let href = move || to.get().map(|to| link.with(&[("attempts_page", Some(&to.to_string()))]));
            let click = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                if let Some(to) = to.get_untracked() {
                    go(AttemptPaging { page: to, ..state.paging.get_untracked() });
                }
            };
            view! {
                <a
                    class="button button-secondary button-sm button-icon"
                    class:is-disabled=move || to.get().is_none()
                    role="link"
                    aria-disabled=move || to.get().is_none().then_some("true")
                    aria-label=name
                    title=name
                    href=href
                    on:click=click
                >
                    <Icon name=icon/>
                </a>
            }
        }
    };
    let sizes = SIZES
        .into_iter()
        .map(|size| view! { <option value=size.to_string() selected=move || page.get().3 == size>{size}</option> })
        .collect_view();
    let resize = move |event| {
        if let Ok(size) = event_target_value(&event).parse() {
            go(AttemptPaging { page: 1, size });
        }
    };
    view! {
        <nav class="pager" aria-label=t.task_detail().attempts>
            <label class="pager-size needs-script">
                <span>{t.common().per_page}</span>
                <select class="input select input-sm num" on:change=resize>{sizes}</select>
            </label>
            <div class="pager-pages">
                {step(-1, IconName::ChevronLeft, t.common().previous_page)}
                <span class="pager-page num">{words}</span>
                {step(1, IconName::ChevronRight, t.common().next_page)}
            </div>
        </nav>
    }
    .into_any()
}

//! Beside the lines: what it costs, how far it is, and the buttons.

use super::check::BatchState;
use super::run::Count;
use crate::i18n::{fill, use_strings};
use crate::page::tasks::form::{FormState, RunLimits, focus_first_error};
use crate::route;
use crate::ui::{Button, ButtonLink, Icon, IconName, ProgressBar, Tone, Variant, grouped, use_toasts};
use leptos::prelude::*;

/// The buttons of the batch tool.
#[component]
pub fn BatchControls(
    /// The tool.
    batch: BatchState,
    /// The shared fields.
    form: FormState,
    /// What the rule allows.
    limits: RunLimits,
    /// Points of one task.
    points: i64,
) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let toasts = use_toasts();
    let run = batch.run;
    let good = Memo::new(move |_| batch.checked.with(|checked| checked.good()));
    let begun = Memo::new(move |_| run.jobs.with(|jobs| !jobs.is_empty()));
    let start = move |_| {
        if form.check_rest(t, Some(limits)) {
            batch.checked.with_untracked(|checked| run.start(&checked.lines));
        } else {
            toasts.info(t.task_form().fix_errors);
            focus_first_error();
        }
    };
    let before = move || {
        let cost = points * good.get() as i64;
        view! {
            <Button variant=Variant::Primary icon=IconName::Bolt disabled=Signal::derive(move || good.get() == 0) on_click=start>
                {move || fill(b.start, &[("n", &good.get().to_string())])}
            </Button>
            {(cost > 0).then(|| view! { <p class="small muted num">{fill(b.cost, &[("n", &grouped(cost))])}</p> })}
        }
    };
    view! {
        <div class="stack batch-controls needs-script">
            {move || if begun.get() { view! { <Progress batch/> }.into_any() } else { before().into_any() }}
        </div>
    }
    .into_any()
}

/// How far a batch is that has begun.
#[component]
fn Progress(batch: BatchState) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let toasts = use_toasts();
    let run = batch.run;
    let ended = Memo::new(move |_| run.count.with(|count| count.ok + count.failed == count.all));
    let words = move |text: &str| {
        let Count { all, ok, failed, points: _ } = run.count.get();
        let values = [("done", (ok + failed).to_string()), ("n", all.to_string()), ("ok", ok.to_string()), ("bad", failed.to_string())];
        fill(text, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    };
    Effect::new(move |was: Option<bool>| {
        let is = ended.get();
        if was == Some(false) && is {
            toasts.ok(untrack(|| words(b.all_done)));
        }
        is
    });
    let percent = Signal::derive(move || run.count.with(|count| 100 * (count.ok + count.failed) / count.all.max(1)));
    let tone = Signal::derive(move || match run.count.get() {
        Count { failed: 0, ok, all, .. } if ok == all => Tone::Ok,
        Count { failed: 0, .. } => Tone::Info,
        _ => Tone::Warn,
    });
    let failed = move || run.count.with(|count| count.failed);
    let forget = move |_| {
        run.clear();
        batch.text.set(String::new());
    };
    // One memo and one closure for each button: see `anew` for what happens to listeners otherwise.
    let (is_running, is_stopped) = (Memo::new(move |_| run.running.get()), Memo::new(move |_| !run.running.get() && !ended.get()));
    let is_done = Memo::new(move |_| !run.running.get() && ended.get());
    let can_retry = Memo::new(move |_| !run.running.get() && failed() > 0);
    let stop = move || is_running.get().then(|| view! { <Button icon=IconName::Stop on_click=move |_| run.stop()>{b.stop}</Button> });
    let resume = move || {
        is_stopped
            .get()
            .then(|| view! { <Button variant=Variant::Primary icon=IconName::Play on_click=move |_| run.resume()>{b.resume}</Button> })
    };
    let retry_words = move || fill(b.retry_failed, &[("n", &failed().to_string())]);
    let retry =
        move || can_retry.get().then(|| view! { <Button icon=IconName::Retry on_click=move |_| run.retry_failed()>{retry_words}</Button> });
    let done = move || {
        is_done.get().then(|| {
            view! {
                <ButtonLink href=route::TASKS variant=Variant::Primary icon=IconName::Tasks>{b.see_list}</ButtonLink>
                <Button icon=IconName::Close on_click=forget>{b.clear}</Button>
            }
        })
    };
    view! {
        <ProgressBar value=percent label=b.title tone/>
        <p class="small num" role="status">{move || words(b.progress)}</p>
        <p class="small muted num">{move || fill(b.spent, &[("n", &grouped(run.count.with(|count| count.points)))])}</p>
        {move || run.paused.get().then(|| view! { <p class="notice tone-warn"><Icon name=IconName::Hourglass/><span>{b.paused}</span></p> })}
        <div class="stack batch-buttons">
            {stop}
            {resume}
            {done}
            {retry}
        </div>
    }
    .into_any()
}

//! Cancel, retry, delete: asked about, done, reported. For one task and for many alike.

use crate::api;
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::ui::{Button, Dialog, DialogFooter, DialogSize, Variant, error_sentence, use_toasts};
use leptos::prelude::*;
use model::tasks::{BatchAction, BatchOutcome, BatchRequest, TaskStatus};

/// Whether a task in that state can be treated so.
pub fn allowed(action: BatchAction, status: TaskStatus) -> bool {
    match action {
        BatchAction::Cancel => !status.is_terminal(),
        BatchAction::Retry => status.is_retryable(),
        BatchAction::Delete => status.is_terminal(),
    }
}

/// What is about to be done.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    action: BatchAction,
    ids: Vec<i64>,
    skipped: usize,
}

/// Asks and does. A copy is the same one. Needs [`ActionDialogs`] on the page.
#[derive(Clone, Copy)]
pub struct TaskActions {
    question: RwSignal<Option<Question>>,
    open: RwSignal<bool>,
    run: Action<BatchRequest, Result<Vec<BatchOutcome>, UiError>>,
}

impl TaskActions {
    /// Take it at the top of a component.
    pub fn new() -> Self {
        TaskActions {
            question: RwSignal::new(None),
            open: RwSignal::new(false),
            run: Action::new(|request: &BatchRequest| api::tasks::batch(request.clone())),
        }
    }

    /// Asks whether to do it with those of the tasks whose state allows it.
    pub fn ask(self, action: BatchAction, tasks: &[(i64, TaskStatus)]) {
        let ids: Vec<i64> = tasks.iter().filter(|(_, status)| allowed(action, *status)).map(|(id, _)| *id).collect();
        let skipped = tasks.len() - ids.len();
        self.question.set(Some(Question { action, ids, skipped }));
        self.open.set(true);
    }
}

fn title(t: &Strings, action: BatchAction) -> &'static str {
    match action {
        BatchAction::Cancel => t.tasks().cancel,
        BatchAction::Retry => t.tasks().retry,
        BatchAction::Delete => t.tasks().delete,
    }
}

fn body(t: &Strings, question: &Question) -> String {
    let text = match question.action {
        BatchAction::Cancel => t.tasks().ask_cancel,
        BatchAction::Retry => t.tasks().ask_retry,
        BatchAction::Delete => t.tasks().ask_delete,
    };
    let mut text = fill(text, &[("n", &question.ids.len().to_string())]);
    if question.skipped > 0 {
        text.push(' ');
        text.push_str(&fill(t.tasks().ask_skipped, &[("n", &question.skipped.to_string())]));
    }
    text
}

fn done(t: &Strings, action: BatchAction) -> &'static str {
    match action {
        BatchAction::Cancel => t.tasks().done_cancel,
        BatchAction::Retry => t.tasks().done_retry,
        BatchAction::Delete => t.tasks().done_delete,
    }
}

/// The questions before and the report after; once on a page.
#[component]
pub fn ActionDialogs(
    /// The page's actions.
    actions: TaskActions,
    /// Called with what was done and to which tasks.
    #[prop(into)]
    on_done: Callback<(BatchAction, Vec<i64>)>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let TaskActions { question, open, run } = actions;
    let refused = RwSignal::new(Vec::<BatchOutcome>::new());
    let report = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(answer) = run.value().get() else { return };
        open.set(false);
        let Some(action) = question.with_untracked(|question| question.as_ref().map(|question| question.action)) else { return };
        let outcomes = match answer {
            Ok(outcomes) => outcomes,
            Err(error) => return toasts.error(&error),
        };
        let (ok, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome.success);
        match (ok.len(), bad.as_slice()) {
            (1, []) => toasts.ok(done(t, action)),
            (0, [one]) => toasts.error(&UiError(one.error.clone().unwrap_or_else(model::Error::internal))),
            (ok, []) => toasts.ok(fill(t.tasks().done_all, &[("n", &ok.to_string())])),
            (ok, bad) => {
                toasts.info(fill(t.tasks().done_some, &[("ok", &ok.to_string()), ("bad", &bad.len().to_string())]));
                report.set(true);
            }
        }
        refused.set(bad);
        on_done.run((action, ok.into_iter().map(|outcome| outcome.id).collect()));
    });
    let with = move |pick: fn(&Strings, &Question) -> String| {
        Signal::derive(move || question.with(|question| question.as_ref().map(|question| pick(t, question)).unwrap_or_default()))
    };
    let head = with(|t, question| title(t, question.action).to_owned());
    let text = with(body);
    let busy = run.pending();
    let is_retry = move || question.with(|question| question.as_ref().is_some_and(|question| question.action == BatchAction::Retry));
    let (plain, danger) = (Memo::new(move |_| is_retry()), Memo::new(move |_| !is_retry()));
    let go = move |_| {
        if let Some(Question { action, ids, .. }) = question.get_untracked() {
            run.dispatch(BatchRequest { action, ids });
        }
    };
    // Two buttons and two closures: see `anew` for what happens to listeners otherwise.
    let confirm = move |variant: Variant, shown: Memo<bool>| {
        move || shown.get().then(|| view! { <Button variant loading=busy on_click=go>{move || head.get()}</Button> })
    };
    let line = move |outcome: BatchOutcome| {
        let sentence = outcome.error.map(|error| error_sentence(t, &UiError(error)));
        view! { <li><a class="mono" href=crate::route::task(outcome.id)>{format!("#{}", outcome.id)}</a><span>{sentence}</span></li> }
    };
    view! {
        // "Cancel" beside "Cancel task" would be read twice, hence "Back".
        <Dialog open title=head size=DialogSize::Sm>
            <p class="dialog-text">{move || text.get()}</p>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{t.common().back}</Button>
                {confirm(Variant::Primary, plain)}
                {confirm(Variant::Danger, danger)}
            </DialogFooter>
        </Dialog>
        <Dialog open=report title=t.tasks().batch_result size=DialogSize::Sm>
            <ul class="batch-report">{move || refused.get().into_iter().map(line).collect_view()}</ul>
        </Dialog>
    }
    .into_any()
}

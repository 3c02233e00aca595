//! Requeue, fail, cancel: asked about, done, reported. For one task and for many alike.

use crate::api::admin::all_tasks::treat;
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::route;
use crate::ui::{Button, Dialog, DialogFooter, DialogSize, FormField, IconName, Input, Size, Variant, error_sentence, use_toasts};
use leptos::prelude::*;
use model::all_tasks::{Intervention, InterventionRequest};
use model::tasks::{BatchOutcome, TaskStatus};

/// What is about to be done.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    action: Intervention,
    ids: Vec<i64>,
    skipped: usize,
}

/// Asks and does. A copy is the same one. Needs [`InterventionDialogs`] on the page.
#[derive(Clone, Copy)]
pub struct Interventions {
    question: RwSignal<Option<Question>>,
    open: RwSignal<bool>,
    run: Action<InterventionRequest, Result<Vec<BatchOutcome>, UiError>>,
}

impl Interventions {
    /// Take it at the top of the page.
    pub fn new() -> Self {
        Interventions {
            question: RwSignal::new(None),
            open: RwSignal::new(false),
            run: Action::new(|request: &InterventionRequest| treat(request.clone())),
        }
    }

    /// Asks whether to do it with those of the tasks whose state allows it.
    pub fn ask(self, action: Intervention, tasks: &[(i64, TaskStatus)]) {
        let ids: Vec<i64> = tasks.iter().filter(|(_, status)| action.is_possible(*status)).map(|(id, _)| *id).collect();
        let skipped = tasks.len() - ids.len();
        self.question.set(Some(Question { action, ids, skipped }));
        self.open.set(true);
    }
}

/// Word, question and report.
fn words(t: &Strings, action: Intervention) -> (&'static str, &'static str, &'static str) {
    let a = t.all_tasks();
    match action {
        Intervention::Requeue => (a.requeue, a.ask_requeue, a.done_requeue),
        Intervention::Fail => (a.fail, a.ask_fail, a.done_fail),
        Intervention::Cancel => (a.cancel, a.ask_cancel, a.done_cancel),
    }
}

/// The three buttons, off where no task allows them.
#[component]
pub fn InterventionButtons(
    /// The page's interventions.
    interventions: Interventions,
    /// The tasks.
    #[prop(into)]
    tasks: Signal<Vec<(i64, TaskStatus)>>,
) -> impl IntoView {
    let t = use_strings();
    let button = move |action: Intervention, icon: IconName| {
        let off = Signal::derive(move || !tasks.with(|tasks| tasks.iter().any(|(_, status)| action.is_possible(*status))));
        let ask = move |_| tasks.with_untracked(|tasks| interventions.ask(action, tasks));
        view! { <Button size=Size::Sm icon disabled=off on_click=ask>{words(t, action).0}</Button> }
    };
    view! {
        {button(Intervention::Requeue, IconName::Retry)}
        {button(Intervention::Fail, IconName::CircleX)}
        {button(Intervention::Cancel, IconName::Stop)}
    }
    .into_any()
}

/// The questions before and the report after; once on a page.
#[component]
pub fn InterventionDialogs(
    /// The page's interventions.
    interventions: Interventions,
    /// Called when something was done.
    on_done: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let a = t.all_tasks();
    let toasts = use_toasts();
    let Interventions { question, open, run } = interventions;
    let reason = RwSignal::new(String::new());
    let refused = RwSignal::new(Vec::<BatchOutcome>::new());
    let report = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(answer) = run.value().get() else { return };
        open.set(false);
        reason.set(String::new());
        let Some(action) = question.with_untracked(|question| question.as_ref().map(|question| question.action)) else { return };
        let outcomes = match answer {
            Ok(outcomes) => outcomes,
            Err(error) => return toasts.error(&error),
        };
        let (ok, bad): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| outcome.success);
        if !ok.is_empty() {
            toasts.ok(fill(words(t, action).2, &[("n", &ok.len().to_string())]));
        }
        match bad.as_slice() {
            [] => {}
            [one] if ok.is_empty() => toasts.error(&UiError(one.error.clone().unwrap_or_else(model::Error::internal))),
            _ => report.set(true),
        }
        refused.set(bad);
        on_done.run(());
    });
    let head = Signal::derive(move || {
        question.with(|question| question.as_ref().map(|one| words(t, one.action).0.to_owned()).unwrap_or_default())
    });
    let text = move || {
        question.with(|question| {
            let Some(one) = question else { return String::new() };
            let mut text = fill(words(t, one.action).1, &[("n", &one.ids.len().to_string())]);
            if one.skipped > 0 {
                text.push(' ');
                text.push_str(&fill(t.tasks().ask_skipped, &[("n", &one.skipped.to_string())]));
            }
            text
        })
    };
    let fails = Memo::new(move |_| question.with(|question| question.as_ref().is_some_and(|one| one.action == Intervention::Fail)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Some(Question { action, ids, .. }) = question.get_untracked() {
            let reason = Some(reason.get_untracked().trim().to_owned()).filter(|reason| action == Intervention::Fail && !reason.is_empty());
            run.dispatch(InterventionRequest { action, ids, reason });
        }
    };
    let line = move |outcome: BatchOutcome| {
        let sentence = outcome.error.map(|error| error_sentence(t, &UiError(error)));
        view! { <li><a class="mono" href=route::admin_task(outcome.id)>{format!("#{}", outcome.id)}</a><span>{sentence}</span></li> }
    };
    let refusals = Signal::derive(move || fill(a.refused, &[("n", &refused.with(Vec::len).to_string())]));
    view! {
        // "Cancel" beside "Cancel task" would be read twice, hence "Back".
        <Dialog open title=head size=DialogSize::Sm>
            <form class="stack" on:submit=submit>
                <p class="dialog-text">{text}</p>
                <div class:is-hidden=move || !fails.get()>
                    <FormField label=a.reason id="intervention-reason" help=a.reason_help optional=true>
                        <Input value=reason attr:maxlength="500" attr:autocomplete="off"/>
                    </FormField>
                </div>
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().back}</Button>
                    <Button variant=Variant::Danger kind="submit" loading=run.pending()>{move || head.get()}</Button>
                </DialogFooter>
            </form>
        </Dialog>
        <Dialog open=report title=refusals size=DialogSize::Sm>
            <ul class="batch-report">{move || refused.get().into_iter().map(line).collect_view()}</ul>
        </Dialog>
    }
    .into_any()
}

//! Small words with a colour.

use crate::i18n::use_strings;
use leptos::prelude::*;
use model::tasks::TaskStatus;

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Under way.
    Info,
    /// Good.
    Ok,
    /// Needs a look.
    Warn,
    /// Bad.
    Danger,
}

impl Tone {
    /// The class that colours an element.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Neutral => "tone-neutral",
            Tone::Info => "tone-info",
            Tone::Ok => "tone-ok",
            Tone::Warn => "tone-warn",
            Tone::Danger => "tone-danger",
        }
    }

    /// The tone of a state of a task.
    pub fn of_status(status: TaskStatus) -> Self {
        match status {
            TaskStatus::Queued | TaskStatus::Cancelled => Tone::Neutral,
            TaskStatus::Running | TaskStatus::WaitingUpstream => Tone::Info,
            TaskStatus::RetryWait => Tone::Warn,
            TaskStatus::Succeeded => Tone::Ok,
            TaskStatus::Failed => Tone::Danger,
        }
    }
}

/// A word with a colour.
#[component]
pub fn Badge(
    /// Its colour.
    #[prop(optional)]
    tone: Tone,
    /// Whether a dot is shown before it.
    #[prop(optional)]
    dot: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {dot.then(|| view! { <span class="badge-dot" aria-hidden="true"></span> })}
            {children()}
        </span>
    }
    .into_any()
}

/// The state of a task; its dot moves while something happens.
#[component]
pub fn StatusBadge(
    /// The state.
    #[prop(into)]
    status: Signal<TaskStatus>,
) -> impl IntoView {
    let t = use_strings();
    let moving = move || matches!(status.get(), TaskStatus::Running | TaskStatus::WaitingUpstream);
    view! {
        <span
            class=move || format!("badge badge-status {}", Tone::of_status(status.get()).class())
            class:is-moving=moving
            data-status=move || status.get().as_str()
        >
            <span class="badge-dot" aria-hidden="true"></span>
            {move || t.status(status.get())}
        </span>
    }
    .into_any()
}

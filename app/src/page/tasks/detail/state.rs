//! The task while its page is open: patched by news at once, loaded again right after.

use crate::api;
use crate::api::tasks::TaskDetailData;
use crate::live::{Connection, Live};
use crate::page::tasks::patch::patch;
use crate::page::tasks::refresh::Refresher;
use crate::ui::LinkBuilder;
use leptos::prelude::*;
use model::Page;
use model::events::Event;
use model::tasks::{AttemptView, TaskView};
use std::time::Duration;

/// Attempts on a page unless asked otherwise.
const DEFAULT_SIZE: i64 = 10;

/// Which page of attempts is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptPaging {
    /// From 1.
    pub page: i64,
    /// Attempts on a page.
    pub size: i64,
}

/// What the address asks for. Reactive.
pub fn paging_of(link: LinkBuilder) -> AttemptPaging {
    let number = |name: &str| link.get(name).and_then(|text| text.parse::<i64>().ok()).filter(|number| *number > 0);
    AttemptPaging { page: number("attempts_page").unwrap_or(1), size: number("attempts_size").unwrap_or(DEFAULT_SIZE) }
}

/// The task. A copy is the same one.
#[derive(Clone, Copy)]
pub struct DetailState {
    /// As it is now.
    pub task: RwSignal<TaskView>,
    /// One page of its attempts.
    pub attempts: RwSignal<Page<AttemptView>>,
    /// Which page that is to be.
    pub paging: RwSignal<AttemptPaging>,
    /// Whether another page of attempts is on its way.
    pub turning: RwSignal<bool>,
    refresher: Refresher,
}

impl DetailState {
    /// A loaded task. Take it at the top of a component.
    pub fn new(data: TaskDetailData, paging: AttemptPaging) -> Self {
        let TaskDetailData { task, attempts } = data;
        let id = task.id;
        let (task, attempts, paging, turning) = (RwSignal::new(task), RwSignal::new(attempts), RwSignal::new(paging), RwSignal::new(false));
        let load = move || {
            let AttemptPaging { page, size } = paging.try_get_untracked().unwrap_or(AttemptPaging { page: 1, size: DEFAULT_SIZE });
            async move {
                // Without an answer everything stays as it is; the page may also have been left.
                if let Ok(data) = api::tasks::detail(id, page, size).await {
                    let _ = task.try_maybe_update(|shown| {
                        let changed = *shown != data.task;
                        *shown = data.task;
                        (changed, ())
                    });
                    let _ = attempts.try_maybe_update(|shown| {
                        let changed = *shown != data.attempts;
                        *shown = data.attempts;
                        (changed, ())
                    });
                }
                let _ = turning.try_set(false);
            }
        };
        DetailState { task, attempts, paging, turning, refresher: Refresher::new(load) }
    }

    /// Loads it again.
    pub fn refresh(self) {
        self.refresher.soon(Duration::ZERO);
    }

    /// Shows another page of attempts.
    pub fn turn(self, paging: AttemptPaging) {
        self.paging.set(paging);
        self.turning.set(true);
        self.refresh();
    }

    /// Follows the news until the owner is gone; `deleted` is called when the task is.
    pub fn follow(self, live: Live, deleted: Callback<()>) {
        let id = self.task.with_untracked(|task| task.id);
        live.listen(move |event| match event {
            Event::Task { id: other, .. } if *other == id => {
                self.task.maybe_update(|task| patch(task, event));
                self.refresher.soon(Duration::from_millis(120));
            }
            Event::TaskDeleted { id: other } if *other == id => deleted.run(()),
            Event::Resync => self.refresh(),
            _ => {}
        });
        // What happened between loading and the stream's opening was not told to this page.
        Effect::new(move |_| {
            if live.state.get() == Connection::Open && self.task.with_untracked(|task| !task.status.is_terminal()) {
                self.refresher.soon(Duration::from_millis(120));
            }
        });
    }
}

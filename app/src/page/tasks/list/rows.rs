//! The rows of the list while the page is open: patched by news, loaded again when that is not enough.

use super::query::ListQuery;
use crate::api;
use crate::live::Live;
use crate::page::tasks::patch::patch;
use crate::page::tasks::refresh::Refresher;
use leptos::prelude::*;
use model::Page;
use model::events::Event;
use model::tasks::{TaskStatus, TaskView};
use std::collections::BTreeSet;
use std::time::Duration;

/// One row.
#[derive(Clone)]
pub struct Row {
    /// The task's number.
    pub id: i64,
    /// The task as it is now.
    pub task: ArcRwSignal<TaskView>,
}

/// The rows. A copy is the same rows.
#[derive(Clone, Copy)]
pub struct Rows {
    /// In their order.
    pub list: RwSignal<Vec<Row>>,
    /// Rows of the whole filtered list.
    pub total: RwSignal<i64>,
    /// Numbers of those that are chosen.
    pub selected: RwSignal<BTreeSet<i64>>,
    /// New tasks that are not among the rows.
    pub fresh: RwSignal<BTreeSet<i64>>,
    refresher: Refresher,
}

impl Rows {
    /// The rows of a loaded page. Take it at the top of a component.
    pub fn new(page: Page<TaskView>, query: ListQuery) -> Self {
        let list = RwSignal::new(Vec::new());
        let (total, selected, fresh) = (RwSignal::new(0), RwSignal::new(BTreeSet::new()), RwSignal::new(BTreeSet::new()));
        let load = move || {
            let ListQuery { filter, range } = query.clone();
            async move {
                // Without an answer the rows stay as they are; the next news try again.
                if let Ok(page) = api::tasks::rows(filter, range.map(super::query::Range::seconds)).await {
                    fill(list, total, selected, page);
                    let _ = fresh.try_set(BTreeSet::new());
                }
            }
        };
        fill(list, total, selected, page);
        Rows { list, total, selected, fresh, refresher: Refresher::new(load) }
    }

    /// Loads the rows again.
    pub fn refresh(self) {
        self.refresher.soon(Duration::ZERO);
    }

    /// Follows the news until the owner is gone.
    pub fn follow(self, live: Live, query: ListQuery) {
        let newest_first = query.shows_newest();
        live.listen(move |event| match event {
            Event::Task { id, status, .. } => {
                let row = self.list.with_untracked(|rows| rows.iter().find(|row| row.id == *id).map(|row| row.task.clone()));
                match row {
                    Some(task) => {
                        task.maybe_update(|task| patch(task, event));
                        if status.is_terminal() {
                            self.refresher.soon(Duration::from_millis(800));
                        }
                    }
                    None if *status == TaskStatus::Queued && self.is_new(*id) => {
                        self.fresh.update(|fresh| {
                            fresh.insert(*id);
                        });
                        if newest_first {
                            self.refresher.soon(Duration::from_millis(300));
                        }
                    }
                    None => {}
                }
            }
            Event::TaskDeleted { id } => {
                if self.list.with_untracked(|rows| rows.iter().any(|row| row.id == *id)) {
                    self.refresher.soon(Duration::from_millis(300));
                }
            }
            Event::Resync => self.refresher.soon(Duration::from_millis(300)),
            Event::Balance { .. } => {}
        });
    }

    fn is_new(self, id: i64) -> bool {
        self.list.with_untracked(|rows| rows.iter().all(|row| row.id < id))
    }

    /// The chosen tasks with their states. Reactive.
    pub fn chosen(self) -> Vec<(i64, TaskStatus)> {
        let selected = self.selected.get();
        self.list.with(|rows| {
            rows.iter().filter(|row| selected.contains(&row.id)).map(|row| (row.id, row.task.with(|task| task.status))).collect()
        })
    }
}

/// Puts a loaded page into the rows. Rows that stay keep their signal, and so their place in the document.
fn fill(list: RwSignal<Vec<Row>>, total: RwSignal<i64>, selected: RwSignal<BTreeSet<i64>>, page: Page<TaskView>) {
    // The list may have been left in the meantime.
    let Some(old) = list.try_get_untracked() else { return };
    let row = |task: TaskView| match old.iter().find(|row| row.id == task.id) {
        Some(row) => {
            row.task.maybe_update(|shown| {
                let changed = *shown != task;
                *shown = task;
                changed
            });
            row.clone()
        }
        None => Row { id: task.id, task: ArcRwSignal::new(task) },
    };
    let rows: Vec<Row> = page.items.into_iter().map(row).collect();
    let ids: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
    selected.maybe_update(|selected| {
        let before = selected.len();
        selected.retain(|id| ids.contains(id));
        before != selected.len()
    });
    if !rows.iter().map(|row| row.id).eq(old.iter().map(|row| row.id)) {
        list.set(rows);
    }
    if total.get_untracked() != page.total {
        total.set(page.total);
    }
}

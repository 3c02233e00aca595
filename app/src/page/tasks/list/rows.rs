//! The rows of the list while the page is open: they follow the address, are patched by news, and loaded again when that is not enough.

use super::query::ListQuery;
use crate::api;
use crate::error::UiError;
use crate::live::{Connection, Live};
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

/// Where in the list the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1.
    pub page: i64,
    /// Rows a page.
    pub page_size: i64,
    /// Rows of the whole filtered list.
    pub total: i64,
    /// Whether there are at least so many rows, and perhaps more.
    pub total_is_limited: bool,
}

/// The rows. A copy is the same rows.
#[derive(Clone, Copy)]
pub struct Rows {
    /// In their order.
    pub list: RwSignal<Vec<Row>>,
    /// Where in the list they are.
    pub place: RwSignal<Place>,
    /// Numbers of those that are chosen.
    pub selected: RwSignal<BTreeSet<i64>>,
    /// New tasks that are not among the rows.
    pub fresh: RwSignal<BTreeSet<i64>>,
    /// Whether the rows of another address are on their way.
    pub turning: RwSignal<bool>,
    /// Why they could not be loaded.
    pub error: RwSignal<Option<UiError>>,
    query: Memo<ListQuery>,
    refresher: Refresher,
}

impl Rows {
    /// The rows of the page that was loaded for `asked`. They follow `query`. Take it at the top of a component.
    pub fn new(page: Page<TaskView>, asked: ListQuery, query: Memo<ListQuery>) -> Self {
        let place =
            RwSignal::new(Place { page: page.page, page_size: page.page_size, total: page.total, total_is_limited: page.total_is_limited });
        let (list, selected, fresh) = (RwSignal::new(Vec::new()), RwSignal::new(BTreeSet::new()), RwSignal::new(BTreeSet::new()));
        let (turning, error) = (RwSignal::new(false), RwSignal::new(None));
        // The refresher needs the rows and they need it: what it calls is filled in below.
        let load = StoredValue::new(None::<Rows>);
        let refresher = Refresher::new(move || async move {
            if let Some(Some(rows)) = load.try_get_value() {
                rows.load().await;
            }
        });
        let rows = Rows { list, place, selected, fresh, turning, error, query, refresher };
        load.set_value(Some(rows));
        rows.fill(page);
        Effect::new(move |shown: Option<ListQuery>| {
            let wanted = query.get();
            if shown.as_ref().unwrap_or(&asked) != &wanted {
                rows.selected.set(BTreeSet::new());
                rows.turning.set(true);
                rows.refresh();
            }
            wanted
        });
        rows
    }

    /// Loads the rows again.
    pub fn refresh(self) {
        self.refresher.soon(Duration::ZERO);
    }

    /// The page may be left at any moment while this waits, hence `try_` afterwards.
    async fn load(self) {
        let Some(query) = self.query.try_get_untracked() else { return };
        let answer = api::tasks::rows(query.filter.clone(), query.within()).await;
        // Another address was opened meanwhile: this is loaded once more, see `Refresher`.
        if self.query.try_get_untracked().as_ref() != Some(&query) {
            self.refresh();
            return;
        }
        match answer {
            Ok(page) => {
                self.fill(page);
                self.error.set(None);
                self.fresh.set(BTreeSet::new());
            }
            // Rows that are shown stay; only those that were asked for are missed.
            Err(error) if self.turning.get_untracked() => self.error.set(Some(error)),
            Err(_) => {}
        }
        self.turning.set(false);
    }

    /// Puts a loaded page into the rows. Rows that stay keep their signal, and so their place in the document.
    fn fill(self, page: Page<TaskView>) {
        let old = self.list.get_untracked();
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
        let place = Place { page: page.page, page_size: page.page_size, total: page.total, total_is_limited: page.total_is_limited };
        let rows: Vec<Row> = page.items.into_iter().map(row).collect();
        let ids: BTreeSet<i64> = rows.iter().map(|row| row.id).collect();
        self.selected.maybe_update(|selected| {
            let before = selected.len();
            selected.retain(|id| ids.contains(id));
            before != selected.len()
        });
        if !rows.iter().map(|row| row.id).eq(old.iter().map(|row| row.id)) {
            self.list.set(rows);
        }
        if self.place.get_untracked() != place {
            self.place.set(place);
        }
    }

    /// Follows the news until the owner is gone.
    pub fn follow(self, live: Live) {
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
                        if self.query.with_untracked(ListQuery::shows_newest) {
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
            Event::Balance { .. } | Event::LowBalance { .. } | Event::Delivery { .. } | Event::WebhookDisabled { .. } => {}
        });
        // What happened between loading and the stream's opening was not told to this page.
        Effect::new(move |_| {
            let lives = |row: &Row| row.task.with_untracked(|task| !task.status.is_terminal());
            if live.state.get() == Connection::Open && self.list.with_untracked(|rows| rows.iter().any(lives)) {
                self.refresher.soon(Duration::from_millis(300));
            }
        });
    }

    fn is_new(self, id: i64) -> bool {
        self.list.with_untracked(|rows| rows.iter().all(|row| row.id < id))
    }

    /// The chosen tasks with their states. Reactive.
    pub fn chosen(self) -> Vec<(i64, TaskStatus)> {
        let selected = self.selected.get();
        let chosen = |row: &&Row| selected.contains(&row.id);
        self.list.with(|rows| rows.iter().filter(chosen).map(|row| (row.id, row.task.with(|task| task.status))).collect())
    }
}

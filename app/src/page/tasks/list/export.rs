//! The filtered list as a file for spreadsheets, page by page.

use super::query::ListQuery;
use crate::api;
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::ui::{Button, IconName, save_text, use_toasts};
use leptos::prelude::*;
use model::csv;
use model::tasks::{TaskFilter, TaskView};
use model::time::Timestamp;

/// Most tasks of one file.
const MOST_ROWS: i64 = 10_000;

/// Saves the filtered list.
#[component]
pub fn ExportButton(
    /// The present filters.
    query: Memo<ListQuery>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let export = Action::new(move |query: &ListQuery| load(query.clone()));
    Effect::new(move |_| match export.value().get() {
        Some(Ok(tasks)) if save_text("tasks.csv", &write(t, &tasks)).is_some() => {
            toasts.ok(fill(t.tasks().exported, &[("n", &tasks.len().to_string())]))
        }
        Some(Err(error)) => toasts.error(&error),
        Some(Ok(_)) | None => {}
    });
    view! {
        <span class="needs-script">
            <Button icon=IconName::Download loading=export.pending() on_click=move |_| drop(export.dispatch(query.get_untracked()))>
                {t.tasks().export}
            </Button>
        </span>
    }
    .into_any()
}

/// All pages, one after the other. Tasks that come meanwhile shift the pages, so each is kept once.
async fn load(query: ListQuery) -> Result<Vec<TaskView>, UiError> {
    let mut tasks: Vec<TaskView> = Vec::new();
    let within = query.within();
    for page in 1..=MOST_ROWS / 100 {
        let filter = TaskFilter { page: Some(page), page_size: Some(100), ..query.filter.clone() };
        let loaded = api::tasks::rows(filter, within).await?;
        let last = page >= loaded.pages();
        let new = loaded.items.into_iter().filter(|task| !tasks.iter().rev().take(200).any(|known| known.id == task.id));
        tasks.extend(new.collect::<Vec<_>>());
        if last {
            break;
        }
    }
    Ok(tasks)
}

/// The file's text. It begins with the mark by which spreadsheets know UTF-8.
pub(super) fn write(t: &Strings, tasks: &[TaskView]) -> String {
    let s = t.tasks();
    let head = [
        s.column_seq,
        s.column_id,
        t.task_detail().public_id,
        s.column_name,
        s.column_category,
        s.column_feature,
        s.column_status,
        s.column_retries,
        s.column_duration,
        s.column_points,
        s.column_priority,
        t.common().created_at,
        t.common().updated_at,
        t.task_detail().error,
    ];
    let mut text = format!("{}{}", csv::BOM, csv::line(head));
    for task in tasks {
        let seconds = task.finished_at.and_then(|end| task.duration_ms(end)).map(|ms| format!("{}.{:03}", ms / 1000, ms % 1000));
        let row = [
            task.seq.to_string(),
            task.id.to_string(),
            task.task_id.clone(),
            task.name.clone(),
            task.category.clone(),
            task.feature_name.clone(),
            task.status.as_str().to_owned(),
            task.retry_count.to_string(),
            seconds.unwrap_or_default(),
            task.points.to_string(),
            task.priority.as_str().to_owned(),
            Timestamp::rfc3339(task.created_at),
            Timestamp::rfc3339(task.updated_at),
            task.error.clone(),
        ];
        text.push_str(&csv::line(row));
    }
    text
}

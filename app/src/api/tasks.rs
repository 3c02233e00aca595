//! Tasks: the list, one task, and everything that is done with them.

use crate::error::UiError;
use crate::page::tasks::form::TaskTexts;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::features::FeatureView;
use model::tasks::{AttemptView, BatchOutcome, BatchRequest, NewTask, TaskFilter, TaskPatch, TaskView};
use model::webhooks::WebhookView;
use serde::{Deserialize, Serialize};

/// A feature's number and name, for filters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureName {
    /// The number.
    pub id: i64,
    /// The name.
    pub name: String,
}

/// What the list of tasks shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskListData {
    /// One page of tasks.
    pub tasks: Page<TaskView>,
    /// Features to filter by.
    pub features: Vec<FeatureName>,
    /// Categories to filter by.
    pub categories: Vec<String>,
    /// A feature to begin with, while there is no task.
    pub first: Option<FeatureView>,
}

/// What the page of one task shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDetailData {
    /// The task.
    pub task: TaskView,
    /// One page of its attempts, newest first.
    pub attempts: Page<AttemptView>,
}

/// What the page that edits a task shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskEditData {
    /// The task.
    pub task: TaskView,
    /// Its feature, unless it is switched off or gone.
    pub feature: Option<FeatureView>,
    /// Categories that the caller's tasks already have.
    pub categories: Vec<String>,
    /// The caller's webhooks, to choose from.
    pub webhooks: Vec<WebhookView>,
}

/// The data of the list.
#[server(prefix = "/_fn", input = Json)]
pub async fn list(
    /// What the list is narrowed to.
    filter: TaskFilter,
    /// Only tasks submitted in the last so many seconds, by the server's clock.
    within_seconds: Option<i64>,
) -> Result<TaskListData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let start = within_seconds.map(|seconds| model::time::Timestamp(service.clock.now().0 - seconds * 1000));
    let filter = TaskFilter { start: start.or(filter.start), ..filter };
    let tasks = service::tasks::list(&service, &actor, &filter).await?;
    let features = service::features::list(&service, &actor).await?;
    let first = features.first().filter(|_| tasks.total == 0).cloned();
    let features = features.into_iter().map(|feature| FeatureName { id: feature.id, name: feature.name }).collect();
    let categories = service::tasks::categories(&service, &actor).await?;
    Ok(TaskListData { tasks, features, categories, first })
}

/// One page of tasks and nothing else, for refreshing and exporting.
#[server(prefix = "/_fn", input = Json)]
pub async fn rows(
    /// What the list is narrowed to.
    filter: TaskFilter,
    /// Only tasks submitted in the last so many seconds, by the server's clock.
    within_seconds: Option<i64>,
) -> Result<Page<TaskView>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let start = within_seconds.map(|seconds| model::time::Timestamp(service.clock.now().0 - seconds * 1000));
    let filter = TaskFilter { start: start.or(filter.start), ..filter };
    Ok(service::tasks::list(&service, &actor, &filter).await?)
}

/// The data of the page of one task.
#[server(prefix = "/_fn")]
pub async fn detail(
    /// Which task.
    id: i64,
    /// The page of its attempts.
    attempts_page: i64,
    /// Attempts on a page.
    attempts_size: i64,
) -> Result<TaskDetailData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let task = service::tasks::get(&service, &actor, id).await?;
    let paging = model::paging::Paging::new(Some(attempts_page), Some(attempts_size));
    let attempts = service::tasks::attempts(&service, &actor, id, paging).await?;
    Ok(TaskDetailData { task, attempts })
}

/// The data of the page that edits a task.
#[server(prefix = "/_fn")]
pub async fn edit_page(
    /// Which task.
    id: i64,
) -> Result<TaskEditData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let task = service::tasks::get(&service, &actor, id).await?;
    let feature = service::features::list(&service, &actor).await?.into_iter().find(|feature| feature.id == task.feature_id);
    let categories = service::tasks::categories(&service, &actor).await?;
    let webhooks = service::webhooks::list(&service, &actor).await?;
    Ok(TaskEditData { task, feature, categories, webhooks })
}

/// Submits a task. The same key with the same task gives the same answer and costs nothing more.
#[server(prefix = "/_fn", input = Json)]
pub async fn submit(
    /// To which feature.
    feature_id: i64,
    /// The task.
    task: NewTask,
    /// One key for each intention to submit.
    idempotency_key: String,
) -> Result<TaskView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let (task, _replayed) = service::tasks::submit_idempotent(&service, &actor, feature_id, task, &idempotency_key).await?;
    Ok(task)
}

/// Changes a task.
#[server(prefix = "/_fn", input = Json)]
pub async fn update(
    /// Which task.
    id: i64,
    /// What to change.
    patch: TaskPatch,
) -> Result<TaskView, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::tasks::update(&service, &actor, id, patch).await?)
}

/// Cancels, retries or deletes tasks; one outcome for each.
#[server(prefix = "/_fn", input = Json)]
pub async fn batch(
    /// What to do, and with which tasks.
    request: BatchRequest,
) -> Result<Vec<BatchOutcome>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::tasks::batch(&service, &actor, request).await?)
}

/// Submits a task from a plain form, before or without scripts, and leads to it; back to the form on an error.
#[server(prefix = "/_fn")]
pub async fn submit_form(
    /// To which feature.
    feature_id: i64,
    /// The form.
    texts: TaskTexts,
) -> Result<(), UiError> {
    let (service, actor) = crate::ssr::context()?;
    let feature = service::features::get(&service, &actor, feature_id).await?;
    let outcome = match texts.new_task(&feature.form_schema) {
        Ok(task) => service::tasks::submit(&service, &actor, feature_id, task).await,
        Err(error) => Err(error),
    };
    leptos_axum::redirect(&crate::page::tasks::form::plain::target(outcome, &crate::route::new_task(feature_id)));
    Ok(())
}

/// Changes a task from a plain form, before or without scripts, and leads to it; back to the form on an error.
#[server(prefix = "/_fn")]
pub async fn update_form(
    /// Which task.
    id: i64,
    /// The form.
    texts: TaskTexts,
) -> Result<(), UiError> {
    let data = edit_page(id).await?;
    let (service, actor) = crate::ssr::context()?;
    let outcome = match texts.patch(data.feature.as_ref().map(|feature| feature.form_schema.as_slice())) {
        Ok(patch) => service::tasks::update(&service, &actor, id, patch).await,
        Err(error) => Err(error),
    };
    leptos_axum::redirect(&crate::page::tasks::form::plain::target(outcome, &crate::route::edit_task(id)));
    Ok(())
}

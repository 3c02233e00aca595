//! Tasks of all users.

use crate::api::tasks::FeatureName;
use crate::error::UiError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::Page;
use model::all_tasks::{AllTasksFilter, InterventionRequest, OwnedTask};
use model::tasks::{AttemptView, BatchOutcome};
use serde::{Deserialize, Serialize};

/// What the list of all tasks shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllTasksData {
    /// One page of tasks.
    pub tasks: Page<OwnedTask>,
    /// Features to filter by, those switched off included.
    pub features: Vec<FeatureName>,
    /// Channels to filter by.
    pub channels: Vec<FeatureName>,
}

/// What the page of anybody's task shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnyTaskData {
    /// The task and its owner.
    pub task: OwnedTask,
    /// One page of its attempts, newest first.
    pub attempts: Page<AttemptView>,
}

/// The data of the list.
#[server(name = LoadAllTasks, prefix = "/_fn", input = Json)]
pub async fn list(
    /// What the list is narrowed to.
    filter: AllTasksFilter,
) -> Result<AllTasksData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let tasks = service::tasks::all(&service, &actor, &filter).await?;
    let (features, channels) = service::features::names(&service, &actor)?;
    let named = |names: Vec<(i64, String)>| names.into_iter().map(|(id, name)| FeatureName { id, name }).collect();
    Ok(AllTasksData { tasks, features: named(features), channels: named(channels) })
}

/// The data of the page of anybody's task.
#[server(name = LoadAnyTask, prefix = "/_fn", input = Json)]
pub async fn detail(
    /// Which task.
    id: i64,
    /// The page of its attempts.
    page: Option<i64>,
    /// Attempts on a page.
    page_size: Option<i64>,
) -> Result<AnyTaskData, UiError> {
    let (service, actor) = crate::ssr::context()?;
    let task = service::tasks::any(&service, &actor, id).await?;
    let attempts = service::tasks::any_attempts(&service, &actor, id, model::paging::Paging::new(page, page_size)).await?;
    Ok(AnyTaskData { task, attempts })
}

/// Requeues, fails or cancels tasks; one outcome for each.
#[server(name = TreatTasks, prefix = "/_fn", input = Json)]
pub async fn treat(
    /// What to do, and with which tasks.
    request: InterventionRequest,
) -> Result<Vec<BatchOutcome>, UiError> {
    let (service, actor) = crate::ssr::context()?;
    Ok(service::tasks::intervene(&service, &actor, request).await?)
}

//! The Suno surface: music and lyrics are submitted and fetched as programs for Suno do it.
//!
//! A submission is a task of the feature with platform `suno` and that action. What its form does not know is kept and passed on with
//! `{{ params }}`.

use super::view::{self, Reader};
use crate::actor::Actor;
use crate::db::{Sql, query};
use crate::features::{self, FeatureRow};
use crate::service::Service;
use crate::tasks;
use model::accounts::Scope;
use model::task_centre::{MAX_FETCHED, MediaTask, SUNO, SunoFetch, action_word, suno_action};
use model::tasks::{NewTask, TaskView};
use model::{Error, ErrorCode, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::{Arc, LazyLock};

/// The actions that can be submitted, as they are stored.
const ACTIONS: [&str; 2] = ["song", "lyrics"];
/// The field of a submission with the address that is to be told of the task's end.
const NOTIFY_HOOK: &str = "notify_hook";

/// Submits music or lyrics; the task, and whether it is the answer of an earlier request with the same key.
///
/// Errors beside those of [`tasks::submit`]: `invalid` at `action`, or at `notify_hook`, which is refused rather than dropped, `unavailable` where no feature does that action.
pub async fn submit(
    service: &Service,
    actor: &Actor,
    action: &str,
    mut params: Map<String, Value>,
    key: Option<&str>,
) -> Result<(TaskView, bool)> {
    actor.require(Scope::TasksWrite)?;
    let word = action_word(action);
    if !ACTIONS.contains(&word.as_str()) {
        return Err(Error::invalid("action", "The action must be `music` or `lyrics`."));
    }
    let feature = feature(service, actor, &word)?;
    match params.remove(NOTIFY_HOOK) {
        None | Some(Value::Null) => {}
        Some(Value::String(url)) if url.trim().is_empty() => {}
        Some(_) => return Err(Error::invalid(NOTIFY_HOOK, "`notify_hook` is not called here. Set up a webhook in the console instead.")),
    }
    let new = NewTask { params, ..NewTask::default() };
    tasks::submit_open(service, actor, feature.id, new, key).await
}

/// The feature for an action: of several that the caller may use, the first in lists.
fn feature(service: &Service, actor: &Actor, action: &str) -> Result<Arc<FeatureRow>> {
    let snapshot = features::snapshot(service);
    let usable = snapshot.features.values().filter(|row| {
        let feature = &row.feature;
        feature.enabled && feature.platform.eq_ignore_ascii_case(SUNO) && action_word(&feature.action) == action && row.is_visible_to(actor)
    });
    let first = usable.min_by_key(|row| (row.feature.sort_order, row.id));
    first.cloned().ok_or_else(|| Error::new(ErrorCode::Unavailable, "No feature of the platform `suno` offers this action."))
}

/// The caller's tasks of some ids, in the order of the ids; unknown ones are left out. As in lists, data of more than 64 KiB is left out: it is fetched
/// with [`fetch_one`].
///
/// Errors: `invalid` at `ids` for more than [`MAX_FETCHED`].
pub async fn fetch(service: &Service, actor: &Actor, wanted: &SunoFetch) -> Result<Vec<MediaTask>> {
    actor.require(Scope::TasksRead)?;
    if wanted.ids.len() > MAX_FETCHED {
        return Err(Error::invalid("ids", format!("At most {MAX_FETCHED} ids at once.")));
    }
    let ids = own_ids(service, actor.user_id, &wanted.ids).await?;
    Ok(view::tasks(service, &ids, Reader::Owner, false).await?.into_iter().map(printed).collect())
}

/// One of the caller's tasks, with all of its data.
///
/// Errors: `not_found` for an unknown id, and for somebody else's.
pub async fn fetch_one(service: &Service, actor: &Actor, id: &str) -> Result<MediaTask> {
    actor.require(Scope::TasksRead)?;
    let ids = own_ids(service, actor.user_id, &[id.to_owned()]).await?;
    view::tasks(service, &ids, Reader::Owner, true).await?.pop().map(printed).ok_or_else(|| Error::not_found("task"))
}

static OWN: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT t.id FROM {rows} JOIN tasks t ON t.public_id = x.public_id WHERE t.user_id = $2 ORDER BY x.n";
    Sql::batch(text, "n bigint, public_id text")
});

async fn own_ids(service: &Service, owner: i64, public_ids: &[String]) -> Result<Vec<i64>> {
    #[derive(Serialize)]
    struct Wanted<'a> {
        n: usize,
        public_id: &'a str,
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(public_ids.len());
    for (n, public_id) in public_ids.iter().enumerate() {
        // An id with U+0000, which PostgreSQL does not take, is nobody's.
        if !public_id.contains('\0') && !wanted.iter().any(|other| other.public_id == public_id) {
            wanted.push(Wanted { n, public_id });
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows = service.db.fetch_all(query(&*OWN).rows(&wanted).bind(owner)).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?)
}

/// A task as this surface prints it.
fn printed(task: MediaTask) -> MediaTask {
    MediaTask { action: suno_action(&task.action), ..task }
}

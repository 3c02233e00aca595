//! The task centre: the same tasks, listed and named as document 001 does it, for programs that were written for that interface.

mod find;
mod suno;
#[cfg(test)]
mod tests;
mod view;

use crate::actor::Actor;
use crate::features;
use crate::service::Service;
use find::Wanted;
use model::Result;
use model::accounts::Scope;
use model::paging::Page;
use model::task_centre::{MediaTask, MediaTaskFilter, action_word};
pub use suno::{fetch, fetch_one, submit};
use view::Reader;

/// Rows that a filtered total counts at most.
pub const COUNT_LIMIT: i64 = 10_000;

/// The caller's tasks, newest first.
///
/// Errors: `invalid` for a state that is none.
pub async fn own(service: &Service, actor: &Actor, filter: &MediaTaskFilter) -> Result<Page<MediaTask>> {
    actor.require(Scope::TasksRead)?;
    list(service, filter, Some(actor.user_id), None, Reader::Owner).await
}

/// The tasks of all users, newest first. Administrators only.
///
/// Errors: those of [`own`].
pub async fn all(service: &Service, actor: &Actor, filter: &MediaTaskFilter) -> Result<Page<MediaTask>> {
    actor.require_admin()?;
    let given = |number: Option<i64>| number.filter(|number| *number != 0);
    list(service, filter, given(filter.user_id), given(filter.channel_id), Reader::Admin).await
}

async fn list(
    service: &Service,
    filter: &MediaTaskFilter,
    user: Option<i64>,
    channel: Option<i64>,
    reader: Reader,
) -> Result<Page<MediaTask>> {
    let paging = filter.paging();
    let text = |value: &Option<String>| value.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let wanted = Wanted {
        user,
        channel,
        features: features_of(service, text(&filter.platform).as_deref(), text(&filter.action).as_deref()),
        status: filter.state()?,
        public_id: text(&filter.task_id),
        start: filter.start_timestamp.filter(|start| *start != 0),
        end: filter.end_timestamp.filter(|end| *end != 0),
    };
    let Some(found) = find::page(service, &wanted, paging).await? else { return Ok(paging.page(Vec::new(), 0)) };
    let items = view::tasks(service, &found.ids, reader, wanted.public_id.is_some()).await?;
    Ok(if found.is_exact { paging.page(items, found.total) } else { paging.page_counted_to(items, found.total, COUNT_LIMIT) })
}

/// The features of a platform and an action; `None` where neither is asked for.
fn features_of(service: &Service, platform: Option<&str>, action: Option<&str>) -> Option<Vec<i64>> {
    if platform.is_none() && action.is_none() {
        return None;
    }
    let action = action.map(action_word);
    let snapshot = features::snapshot(service);
    let mut found: Vec<i64> = snapshot
        .features
        .values()
        .filter(|row| platform.is_none_or(|platform| row.feature.platform.eq_ignore_ascii_case(platform)))
        .filter(|row| action.as_ref().is_none_or(|action| action_word(&row.feature.action) == *action))
        .map(|row| row.id)
        .collect();
    found.sort_unstable();
    Some(found)
}

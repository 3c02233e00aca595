//! Limits of single users, in memory on every node: each claim and each request asks for them. Few users have any.

use super::State;
use crate::db::{Db, DbError, query};
use crate::service::Service;
use model::Result;
use model::users::UserLimits;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Those that are known here.
#[derive(Default)]
pub(super) struct OwnLimits(RwLock<Arc<HashMap<i64, UserLimits>>>);

impl OwnLimits {
    fn get(&self) -> Arc<HashMap<i64, UserLimits>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, limits: HashMap<i64, UserLimits>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(limits);
    }
}

/// A user's own limits; none for most.
pub fn own_limits(service: &Service, user_id: i64) -> UserLimits {
    let State(state) = &service.accounts;
    state.own_limits.get().get(&user_id).copied().unwrap_or_default()
}

/// The limits of all users that have any, for a claim that looks at many users.
pub(crate) fn all_own_limits(service: &Service) -> Arc<HashMap<i64, UserLimits>> {
    let State(state) = &service.accounts;
    state.own_limits.get()
}

/// Reads them anew: at the start, after a change on this node, and as a duty for changes on others. Whether they are others now.
pub async fn refresh_limits(service: &Service) -> Result<bool> {
    let State(state) = &service.accounts;
    let fresh = read(&service.db).await?;
    let changed = *state.own_limits.get() != fresh;
    if changed {
        state.own_limits.set(fresh);
    }
    Ok(changed)
}

async fn read(db: &Db) -> Result<HashMap<i64, UserLimits>, DbError> {
    let limited =
        query("SELECT id, max_parallel, requests_per_minute FROM users WHERE max_parallel IS NOT NULL OR requests_per_minute IS NOT NULL");
    let rows = db.fetch_all(limited).await?;
    rows.iter()
        .map(|row| {
            let limits = UserLimits { max_parallel: row.get("max_parallel")?, requests_per_minute: row.get("requests_per_minute")? };
            Ok((row.get("id")?, limits))
        })
        .collect()
}

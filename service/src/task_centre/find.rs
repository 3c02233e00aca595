//! Which tasks a page has.
//!
//! A page is put together of branches, each of which one index gives newest first without looking at a task that does not match: one for each
//! feature and each ended state, and one for living tasks. The newest of all branches are the page.

use super::COUNT_LIMIT;
use crate::db::{Query, Sql, Value, query};
use crate::service::Service;
use crate::tasks::first_since;
use model::Result;
use model::paging::Paging;
use model::task_centre::MediaStatus;

/// Clocks of nodes may differ: numbers rise with the time of submission up to so many milliseconds.
const SKEW_MS: i64 = 10_000;
/// Users with fewer tasks are looked through whatever else is asked for.
const FEW: i64 = 10_000;
/// More features than this are looked for together: SQLite puts together 500 parts at most, and each has its cost.
const MANY: usize = if cfg!(test) { 2 } else { 40 };

/// What a list is narrowed to.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub user: Option<i64>,
    pub channel: Option<i64>,
    pub features: Option<Vec<i64>>,
    pub status: Option<MediaStatus>,
    pub public_id: Option<String>,
    /// Unix seconds, inclusive.
    pub start: Option<i64>,
    /// Unix seconds, inclusive.
    pub end: Option<i64>,
}

/// The tasks of a page.
pub(super) struct Found {
    pub ids: Vec<i64>,
    pub total: i64,
    /// Whether `total` is the whole number, also of a long list.
    pub is_exact: bool,
}

/// The page; `None` where nothing can match.
pub(super) async fn page(service: &Service, wanted: &Wanted, paging: Paging) -> Result<Option<Found>> {
    if wanted.features.as_ref().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    let own = match wanted.user {
        Some(user) => own_total(service, user).await?,
        None => 0,
    };
    let Some(search) = Search::of(service, wanted, own).await? else { return Ok(None) };
    let (limit, offset) = (paging.page_size, paging.offset());
    let parts: Vec<String> = search.branches.iter().map(|branch| branch.newest(limit.saturating_add(offset))).collect();
    let text = format!("SELECT id FROM ({}) AS found ORDER BY id DESC LIMIT {limit} OFFSET {offset}", parts.join(" UNION ALL "));
    let rows = service.db.fetch_all(search.bind(text)).await?;
    let ids = rows.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
    if wanted.user.is_some() && wanted.is_everything() {
        return Ok(Some(Found { ids, total: own, is_exact: true }));
    }
    let parts: Vec<String> = search.branches.iter().map(|branch| branch.newest(COUNT_LIMIT)).collect();
    let count = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT id FROM ({}) AS found LIMIT {COUNT_LIMIT}) AS counted",
        parts.join(" UNION ALL ")
    );
    let total: i64 = service.db.fetch_one(search.bind(count)).await?.get("n")?;
    Ok(Some(Found { ids, total, is_exact: false }))
}

impl Wanted {
    /// Whether there is no condition but the owner.
    fn is_everything(&self) -> bool {
        let Wanted { user: _, channel, features, status, public_id, start, end } = self;
        channel.is_none() && features.is_none() && status.is_none() && public_id.is_none() && start.is_none() && end.is_none()
    }
}

/// How many tasks a user has.
async fn own_total(service: &Service, user: i64) -> Result<i64> {
    let row = service.db.fetch_optional(query("SELECT tasks_total FROM accounts WHERE user_id = $1").bind(user)).await?;
    Ok(row.map(|row| row.get(0)).transpose()?.unwrap_or(0))
}

/// One part of a list, which one index gives in order.
struct Branch {
    /// `FROM … WHERE …`
    from: String,
    /// The column in whose order the index has the tasks; it rises with their numbers.
    order: &'static str,
}

impl Branch {
    /// Its newest tasks. In parentheses of their own, for SQLite allows a limit to a whole only.
    fn newest(&self, limit: i64) -> String {
        format!("SELECT id FROM (SELECT t.id {} ORDER BY {} DESC LIMIT {limit}) AS branch", self.from, self.order)
    }
}

/// The branches of a list, with their arguments.
struct Search {
    branches: Vec<Branch>,
    args: Vec<Value>,
    /// What every branch is narrowed to beside its own conditions.
    rest: String,
}

/// Which index leads the ended tasks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    Id,
    User,
    UserFeature,
    Feature,
    Channel,
}

impl Lead {
    fn of(wanted: &Wanted, own: i64) -> Self {
        let any_feature = wanted.features.is_none();
        match (wanted.user, wanted.channel) {
            _ if wanted.public_id.is_some() => Lead::Id,
            (Some(_), Some(_)) if own >= FEW => Lead::Channel,
            (Some(_), _) if any_feature => Lead::User,
            (Some(_), _) => Lead::UserFeature,
            (None, Some(_)) => Lead::Channel,
            (None, None) if any_feature => Lead::Id,
            (None, None) => Lead::Feature,
        }
    }
}

/// Conditions that several branches share, each with its own ` AND `; empty where nothing is asked for.
struct Terms<'a> {
    owner: String,
    /// The channel that a task ended with.
    through: String,
    /// The channel that a living task is with.
    now_through: String,
    features: &'a [i64],
}

impl Terms<'_> {
    fn of_features(&self) -> String {
        if self.features.is_empty() { String::new() } else { format!(" AND t.feature_id IN ({})", joined(self.features)) }
    }

    /// The same so that no index fits it, where another one is to lead.
    fn of_features_hidden(&self) -> String {
        self.of_features().replace("t.feature_id", "t.feature_id + 0")
    }
}

impl Search {
    async fn of(service: &Service, wanted: &Wanted, own: i64) -> Result<Option<Self>> {
        let mut search = Search { branches: Vec::new(), args: Vec::new(), rest: String::new() };
        if !search.narrow(service, wanted).await? {
            return Ok(None);
        }
        let lead = Lead::of(wanted, own);
        let owner = wanted.user.map(|user| search.arg(user)).map(|at| format!(" AND t.user_id = ${at}")).unwrap_or_default();
        let channel = wanted.channel.map(|channel| search.arg(channel));
        let is_channel = |column: &str| channel.map(|at| format!(" AND {column} = ${at}")).unwrap_or_default();
        let features = wanted.features.as_deref().unwrap_or_default();
        let terms = Terms { owner, through: is_channel("t.channel_id"), now_through: is_channel("q.channel_id"), features };
        // Everything of a user has an index of its own, in which living tasks are as well.
        if wanted.status.is_none() && wanted.channel.is_none() && matches!(lead, Lead::Id | Lead::User | Lead::UserFeature) {
            search.add_whole(lead, &terms);
            return Ok(Some(search));
        }
        if let Some(states) = living(wanted.status) {
            search.add_living(states, &terms);
        }
        for status in ended(wanted.status) {
            search.add_ended(lead, status, &terms);
        }
        Ok(Some(search))
    }

    /// Living and ended tasks together.
    fn add_whole(&mut self, lead: Lead, terms: &Terms) {
        let owner = &terms.owner;
        match lead {
            Lead::UserFeature => {
                for one in each(terms.features) {
                    self.add(format!("{owner}{one}"), "t.id");
                }
            }
            Lead::User => self.add(owner.clone(), "t.seq"),
            _ => self.add(format!("{owner}{}", terms.of_features()), "t.id"),
        }
    }

    /// Few tasks live: those of a user have an index of their own, those of all are in the queue (SQLite keeps the order of a CROSS JOIN).
    fn add_living(&mut self, states: &str, terms: &Terms) {
        let Terms { owner, now_through, .. } = terms;
        let few = match owner.is_empty() {
            false => "FROM tasks t JOIN queue q ON q.id = t.id WHERE t.status = 'queued'",
            true => "FROM queue q CROSS JOIN tasks t WHERE t.id = q.id",
        };
        let from = format!("{few}{states}{owner}{}{now_through}{}", terms.of_features_hidden(), self.rest);
        self.branches.push(Branch { from, order: "t.id" });
    }

    fn add_ended(&mut self, lead: Lead, status: &str, terms: &Terms) {
        let Terms { owner, through, features, .. } = terms;
        let state = format!(" AND t.status <> 'queued' AND t.status = '{status}'");
        match lead {
            Lead::UserFeature => {
                for one in each(features) {
                    self.add(format!("{owner}{one}{state}{through}"), "t.id");
                }
            }
            Lead::Feature => {
                for one in each(features) {
                    self.add(format!("{one}{state}"), "t.id");
                }
            }
            Lead::Channel => {
                let owner = owner.replace("t.user_id", "t.user_id + 0");
                self.add(format!("{through}{state}{owner}{}", terms.of_features_hidden()), "t.id");
            }
            Lead::User => self.add(format!("{owner}{state}{through}"), "t.id"),
            Lead::Id => {
                let without_result = if status == "succeeded" { "" } else { " AND t.status IN ('failed', 'cancelled')" };
                self.add(format!("{without_result}{owner}{state}{}{through}", terms.of_features()), "t.id");
            }
        }
    }

    fn add(&mut self, conditions: String, order: &'static str) {
        let from = format!("FROM tasks t WHERE 1 = 1{conditions}{}", self.rest);
        self.branches.push(Branch { from, order });
    }

    fn arg(&mut self, value: impl Into<Value>) -> usize {
        self.args.push(value.into());
        self.args.len()
    }

    /// The id, and the times: as numbers of tasks, which every index ends with, and exactly. False where nothing can match.
    async fn narrow(&mut self, service: &Service, wanted: &Wanted) -> Result<bool> {
        if let Some(id) = &wanted.public_id {
            if id.contains('\0') {
                return Ok(false);
            }
            let at = self.arg(id);
            self.rest.push_str(&format!(" AND t.public_id = ${at}"));
        }
        let start = wanted.start.map(|start| start.saturating_mul(1000));
        let end = wanted.end.map(|end| end.saturating_add(1).saturating_mul(1000));
        if start.zip(end).is_some_and(|(start, end)| start >= end) {
            return Ok(false);
        }
        if let Some(start) = start {
            let first = first_since(service, start.saturating_sub(SKEW_MS)).await?;
            let (id, time) = (self.arg(first), self.arg(start));
            self.rest.push_str(&format!(" AND t.id >= ${id} AND t.created_at + 0 >= ${time}"));
        }
        if let Some(end) = end {
            let first = first_since(service, end.saturating_add(SKEW_MS)).await?;
            let (id, time) = (self.arg(first), self.arg(end));
            self.rest.push_str(&format!(" AND t.id < ${id} AND t.created_at + 0 < ${time}"));
        }
        Ok(true)
    }

    fn bind(&self, text: String) -> Query {
        self.args.iter().cloned().fold(query(Sql::Built(text.into())), Query::bind)
    }
}

/// The condition on `queue q` of living tasks in a state; `None` where no living task matches.
fn living(status: Option<MediaStatus>) -> Option<&'static str> {
    match status {
        None => Some(""),
        Some(MediaStatus::NotStart) => Some(" AND q.state = 0 AND q.attempt = 0"),
        Some(MediaStatus::Queued) => Some(" AND (q.state = 1 OR q.state = 0 AND q.attempt > 0)"),
        Some(MediaStatus::Submitted) => Some(" AND q.state IN (2, 4) AND q.progress = 0 AND NOT q.upstream_unknown"),
        Some(MediaStatus::InProgress) => Some(" AND (q.state = 3 OR q.state IN (2, 4) AND q.progress > 0 AND NOT q.upstream_unknown)"),
        Some(MediaStatus::Unknown) => Some(" AND q.state IN (2, 4) AND q.upstream_unknown"),
        Some(MediaStatus::Failure | MediaStatus::Success) => None,
    }
}

/// The states of ended tasks that are shown as a state.
fn ended(status: Option<MediaStatus>) -> &'static [&'static str] {
    match status {
        None => &["succeeded", "failed", "cancelled"],
        Some(MediaStatus::Success) => &["succeeded"],
        Some(MediaStatus::Failure) => &["failed", "cancelled"],
        Some(_) => &[],
    }
}

/// A condition for each feature, or one for all where there are many.
fn each(features: &[i64]) -> Vec<String> {
    if features.len() > MANY {
        return vec![format!(" AND t.feature_id IN ({})", joined(features))];
    }
    features.iter().map(|id| format!(" AND t.feature_id = {id}")).collect()
}

fn joined(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

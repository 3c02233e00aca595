//! What custom APIs did for a user, from sums that are kept as records are written.

use super::write::QUARTER_MS;
use crate::actor::Actor;
use crate::db::{DbError, Row, query};
use crate::service::Service;
use model::Result;
use model::accounts::Scope;
use model::request_logs::ApiUsage;
use model::time::Timestamp;

/// The caller's custom APIs in a range of time by points and calls, at most `most`. Borders count by the quarter of an hour, which the days
/// of every time zone are made of.
pub async fn usage(service: &Service, actor: &Actor, start: Timestamp, end: Timestamp, most: i64) -> Result<Vec<ApiUsage>> {
    actor.require(Scope::TasksRead)?;
    let sums = query(
        "SELECT api_id, MAX(api_name) AS api_name, CAST(SUM(calls) AS BIGINT) AS calls, CAST(SUM(succeeded) AS BIGINT) AS succeeded,
             CAST(SUM(points) AS BIGINT) AS points
         FROM api_usage WHERE user_id = $1 AND quarter >= $2 AND quarter < $3 GROUP BY api_id ORDER BY points DESC, calls DESC, api_id LIMIT $4",
    );
    let (from, until) = (start.0.div_euclid(QUARTER_MS), (end.0 - 1).div_euclid(QUARTER_MS) + 1);
    let sums = sums.bind(actor.user_id).bind(from).bind(until).bind(most.clamp(1, 1000));
    let read = |row: &Row| {
        Ok(ApiUsage {
            api_id: row.get("api_id")?,
            api_name: row.get("api_name")?,
            calls: row.get("calls")?,
            succeeded: row.get("succeeded")?,
            points: row.get("points")?,
        })
    };
    Ok(service.logs.fetch_all(sums).await?.iter().map(read).collect::<Result<_, DbError>>()?)
}

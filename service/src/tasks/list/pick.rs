//! The numbers of the tasks on one page.

use super::conditions::{Conditions, Lead};
use super::{COUNT_LIMIT, Counters, STATUS};
use crate::db::{Sql, query};
use crate::service::Service;
use model::Result;
use model::paging::Paging;
use model::tasks::{Order, TaskFilter, TaskSort};

/// One direction of an order.
#[derive(Clone, Copy)]
struct Direction(Order);

impl Direction {
    fn sql(self) -> &'static str {
        match self.0 {
            Order::Asc => "ASC",
            Order::Desc => "DESC",
        }
    }

    fn reversed(self) -> Self {
        Direction(match self.0 {
            Order::Asc => Order::Desc,
            Order::Desc => Order::Asc,
        })
    }
}

/// The numbers of the tasks on a page, in its order.
pub(super) async fn ids(
    service: &Service,
    conditions: &Conditions,
    filter: &TaskFilter,
    paging: Paging,
    counters: &Counters,
    total: i64,
) -> Result<Vec<i64>> {
    let direction = Direction(filter.order.unwrap_or_default());
    let sort = filter.sort.unwrap_or_default();
    let (limit, offset) = (paging.page_size, paging.offset());
    let exact = counters.of(filter).is_some();
    let text = match sort {
        TaskSort::Seq | TaskSort::CreatedAt if conditions.is_everything() && counters.total == counters.last_seq => {
            // Without gaps the place of a task is its number.
            let place = match direction.0 {
                Order::Asc => format!("t.seq > {offset}"),
                Order::Desc => format!("t.seq <= {}", counters.last_seq - offset),
            };
            format!("SELECT t.id {} AND {place} ORDER BY t.seq {} LIMIT {limit}", conditions.from(false), direction.sql())
        }
        TaskSort::Status | TaskSort::RetryCount | TaskSort::UpdatedAt if !conditions.is_living() && filter.status.is_none() => {
            merged(conditions, sort, direction, limit, offset, total)
        }
        _ => {
            // A page behind the middle is nearer from the other end.
            let behind = exact && offset > total / 2 && offset < total;
            let count = limit.min(total - offset);
            let (direction, limit, offset) =
                if behind { (direction.reversed(), count, total - offset - count) } else { (direction, limit, offset) };
            let (key, ordered) = key(conditions, sort, total);
            let order = match key {
                Some(key) => format!("{key} {0}, t.id {0}", direction.sql()),
                None => format!("t.{} {}", if conditions.lead == Lead::Seq { "seq" } else { "id" }, direction.sql()),
            };
            let text = format!("SELECT t.id {} ORDER BY {order} LIMIT {limit} OFFSET {offset}", conditions.from(ordered));
            let mut ids = run(service, conditions, text).await?;
            if behind {
                ids.reverse();
            }
            return Ok(ids);
        }
    };
    run(service, conditions, text).await
}

/// What a list is ordered by before the number, and whether that order leads and not a condition: where many tasks match, the first
/// ones in the wanted order are found sooner than all of them are sorted.
fn key(conditions: &Conditions, sort: TaskSort, total: i64) -> (Option<&'static str>, bool) {
    let many = total >= COUNT_LIMIT;
    let living = conditions.is_living();
    match sort {
        TaskSort::Seq | TaskSort::CreatedAt if conditions.lead == Lead::Created => (Some("t.created_at"), false),
        // Every index but that of times has its tasks in the order of their numbers.
        TaskSort::Seq | TaskSort::CreatedAt => (None, false),
        TaskSort::Name => (Some("t.name"), many),
        TaskSort::Category => (Some("t.category"), many),
        TaskSort::Status if living => (Some(STATUS), false),
        TaskSort::Status => (None, false),
        TaskSort::RetryCount if living => (Some("q.retries"), false),
        TaskSort::RetryCount => (Some("t.retry_count"), many),
        TaskSort::UpdatedAt if living => (Some("q.updated_at"), false),
        TaskSort::UpdatedAt => (Some("t.updated_at"), many),
    }
}

/// What changes while a task lives is in two places: ended tasks come from an index in their order, living ones are sorted, and both are merged.
fn merged(conditions: &Conditions, sort: TaskSort, direction: Direction, limit: i64, offset: i64, total: i64) -> String {
    let (ended, living) = match sort {
        TaskSort::RetryCount => ("t.retry_count", "q.retries"),
        TaskSort::UpdatedAt => ("t.updated_at", "q.updated_at"),
        _ => ("t.status", STATUS),
    };
    let from = conditions.from(total >= COUNT_LIMIT);
    let direction = direction.sql();
    format!(
        "SELECT id FROM (
             SELECT id, place FROM (SELECT t.id, {ended} AS place {from} AND t.status <> 'queued' ORDER BY {ended} {direction}, t.id {direction} LIMIT {}) AS ended
             UNION ALL SELECT t.id, {living} AS place {} AND t.status = 'queued'
         ) AS merged ORDER BY place {direction}, id {direction} LIMIT {limit} OFFSET {offset}",
        limit + offset,
        conditions.from(false).replacen("FROM tasks t", "FROM tasks t JOIN queue q ON q.id = t.id", 1),
    )
}

async fn run(service: &Service, conditions: &Conditions, text: String) -> Result<Vec<i64>> {
    let rows = service.db.fetch_all(conditions.bind(query(Sql::Built(text.into())))).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?)
}

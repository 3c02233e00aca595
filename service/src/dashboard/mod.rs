//! What an account did and spent: counted as it happens, by quarters of an hour, and summed up for any range and time zone.

mod range;
mod read;
#[cfg(test)]
mod tests;
mod usage;

pub(crate) use usage::slot;
pub use usage::{Call, Ended, Usage};

use crate::actor::Actor;
use crate::ledger::Book;
use crate::service::Service;
use crate::{features, ledger, recharge};
use model::Result;
use model::accounts::Scope;
use model::dashboard::{
    ApiRank, Dashboard, DashboardQuery, FeatureRank, Latency, Point, PointStats, RechargeSummary, SLOT_MS, TaskStats, rate,
};
use model::ledger::{EntryKind, EntrySums};
use model::time::Timestamp;
use range::Range;
use read::{Subject, Sums, classes};

/// Entries of a ranking.
const RANKED: usize = 20;

/// Counts a call of a custom API, in the transaction of the book that charges it. The user's account must be in the book.
pub fn count_call(book: &mut Book, user_id: i64, call: Call) {
    book.usage(user_id, |usage| usage.called(user_id, call));
}

/// The caller's dashboard.
///
/// Errors: `forbidden` without the scope `tasks:read`; `invalid` at `range`, `start`, `end` or `tz`.
pub async fn dashboard(service: &Service, actor: &Actor, query: &DashboardQuery) -> Result<Dashboard> {
    actor.require(Scope::TasksRead)?;
    let range = Range::read(query, service.clock.now())?;
    let balance = ledger::balance(service, actor.user_id).await?;
    let subjects = read::subjects(service, actor.user_id, &range).await?;
    let recharge_records = recharge::newest(service, actor.user_id, Timestamp(range.start()), Timestamp(range.end())).await?;
    let flow = Flow::of(&subjects, None);
    let tasks = sums(&subjects, "feature", None);
    let names = features::snapshot(service);
    let feature_ranking = ranked(&subjects, "feature")
        .map(|(id, sums)| FeatureRank {
            feature_id: id,
            feature_name: names.features.get(&id).map(|row| row.feature.name.clone()),
            consume_count: sums.begun,
            consumed_points: sums.points,
            success_rate: rate(sums.succeeded, sums.failed),
        })
        .collect();
    let api_ranking = ranked(&subjects, "custom_api")
        .map(|(id, sums)| ApiRank {
            api_id: id,
            api_name: api_name(service, id),
            consume_count: sums.begun,
            consumed_points: sums.points,
            success_rate: rate(sums.succeeded, sums.failed),
        })
        .collect();
    Ok(Dashboard {
        start: Timestamp(range.start()),
        end: Timestamp(range.end()),
        points: PointStats {
            available_points: balance.available,
            held_points: balance.held,
            consumed_total: flow.consumed,
            earned_total: flow.earned.points,
            net_change: flow.earned.points - flow.consumed - flow.reversed.points,
        },
        task_stats: TaskStats {
            total: tasks.begun,
            success: tasks.succeeded,
            failed: tasks.failed,
            cancelled: tasks.cancelled,
            success_rate: rate(tasks.succeeded, tasks.failed),
            failure_rate: rate(tasks.failed, tasks.succeeded),
        },
        recharge_summary: RechargeSummary {
            recharge_points_total: flow.earned.points - flow.reversed.points,
            recharge_records_total: flow.earned.begun + flow.reversed.begun,
            recharge_in_points: flow.earned.points,
            reverse_recharge_points: flow.reversed.points,
        },
        feature_ranking,
        api_ranking,
        recharge_records,
        latency: Latency::of(&classes(&subjects, "task_time", None)),
        api_latency: Latency::of(&classes(&subjects, "call_time", None)),
        series: series(&range, &subjects),
        step: range.step,
        first_day: range.first_day,
        last_day: range.last_day,
        tz: range.tz,
    })
}

/// Whether days can be counted in a time zone of that name.
pub fn knows_zone(name: &str) -> bool {
    range::zone(name).is_ok()
}

/// When the first of two days begins and the last one ends.
///
/// Errors: `invalid` at `start`, `end` or `tz`.
pub fn days(first: Option<&str>, last: Option<&str>, tz: &str) -> Result<(Option<Timestamp>, Option<Timestamp>)> {
    let (tz, _) = range::zone(tz)?;
    let read = |text: Option<&str>, field: &str, ends| {
        text.filter(|text| !text.is_empty()).map(|text| range::read(text, &tz, ends).ok_or_else(|| range::unreadable(field))).transpose()
    };
    Ok((read(first, "start", false)?, read(last, "end", true)?))
}

/// Sums of movements in the quarters of an hour that a range touches.
pub(crate) async fn entry_sums(service: &Service, user_id: i64, start: Option<Timestamp>, end: Option<Timestamp>) -> Result<EntrySums> {
    let start = start.map(|start| Timestamp(slot(start)));
    let end = end.map(|end| Timestamp(slot(Timestamp(end.0.saturating_add(SLOT_MS - 1)))));
    let range = Range::whole(start.map_or(0, |start| start.0), end.map_or(i64::MAX, |end| end.0));
    let subjects = read::subjects(service, user_id, &range).await?;
    let points = |kind: EntryKind| sums(&subjects, kind.as_str(), None).points;
    Ok(EntrySums {
        captured: sums(&subjects, "feature", None).points + sums(&subjects, "custom_api", None).points,
        released: points(EntryKind::Release),
        refunded: points(EntryKind::Refund),
        recharged: points(EntryKind::Recharge),
        reversed: points(EntryKind::ReverseRecharge),
        start,
        end,
    })
}

/// Points that came and went.
struct Flow {
    consumed: i64,
    earned: Sums,
    reversed: Sums,
}

impl Flow {
    fn of(subjects: &[Subject], step: Option<usize>) -> Self {
        let points = |kind| sums(subjects, kind, step).points;
        Flow {
            consumed: points("feature") + points("custom_api") - points(EntryKind::Refund.as_str()),
            earned: sums(subjects, EntryKind::Recharge.as_str(), step),
            reversed: sums(subjects, EntryKind::ReverseRecharge.as_str(), step),
        }
    }
}

/// The sums of a kind, in one step or in all of them.
fn sums(subjects: &[Subject], kind: &str, step: Option<usize>) -> Sums {
    let mut sums = Sums::default();
    for subject in subjects.iter().filter(|subject| subject.kind == kind) {
        sums += step.map_or_else(|| subject.total(), |step| subject.steps[step]);
    }
    sums
}

/// Subjects of a kind that were used, most used first.
fn ranked(subjects: &[Subject], kind: &'static str) -> impl Iterator<Item = (i64, Sums)> {
    let mut ranked: Vec<_> = subjects.iter().filter(|subject| subject.kind == kind).map(|subject| (subject.id, subject.total())).collect();
    ranked.sort_by_key(|(id, sums)| (-sums.begun, -sums.points, *id));
    ranked.into_iter().take(RANKED)
}

fn series(range: &Range, subjects: &[Subject]) -> Vec<Point> {
    let point = |(step, borders): (usize, &[range::Border])| {
        let flow = Flow::of(subjects, Some(step));
        let tasks = sums(subjects, "feature", Some(step));
        Point {
            start: Timestamp(borders[0].at),
            label: borders[0].label.clone(),
            consumed: flow.consumed,
            earned: flow.earned.points,
            begun: tasks.begun,
            succeeded: tasks.succeeded,
            failed: tasks.failed,
            cancelled: tasks.cancelled,
            latency: Latency::of(&classes(subjects, "task_time", Some(step))),
        }
    };
    range.borders.windows(2).enumerate().map(point).collect()
}

/// The name of a custom API, while it is there.
fn api_name(service: &Service, id: i64) -> Option<String> {
    features::snapshot(service).custom_apis.get(&id).map(|row| row.api.name.clone())
}

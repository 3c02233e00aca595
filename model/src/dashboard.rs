//! What an account did and spent in a range of time: `GET /api/dashboard`.

use crate::recharge::RechargeRecord;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Milliseconds of a slot of the usage tables: a quarter of an hour, on which the borders of days lie in every time zone.
pub const SLOT_MS: i64 = 15 * 60_000;

/// Upper bounds, in milliseconds, of the classes by which durations are counted; the last class has none.
pub const TIME_CLASSES: [i64; 21] = [
    10, 20, 50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
];

/// The class of a duration.
pub fn time_class(ms: i64) -> usize {
    TIME_CLASSES.iter().position(|bound| ms <= *bound).unwrap_or(TIME_CLASSES.len())
}

/// The duration below which `percent` of the counted ones lie, read between the bounds of its class; `None` when none was counted.
pub fn percentile(counts: &[i64], percent: i64) -> Option<i64> {
    let total: i64 = counts.iter().sum();
    if total <= 0 {
        return None;
    }
    let rank = (total * percent + 99) / 100;
    let mut below = 0;
    for (class, count) in counts.iter().enumerate() {
        if below + count >= rank {
            let low = if class == 0 { 0 } else { TIME_CLASSES[(class - 1).min(TIME_CLASSES.len() - 1)] };
            // What is beyond the last bound is only known to be more.
            let high = TIME_CLASSES.get(class).copied().unwrap_or(low);
            return Some(low + (high - low) * (rank - below) / count.max(&1));
        }
        below += count;
    }
    None
}

/// Succeeded of ended, in percent; 0 when nothing ended.
pub fn rate(succeeded: i64, failed: i64) -> f64 {
    if succeeded + failed > 0 { succeeded as f64 * 100.0 / (succeeded + failed) as f64 } else { 0.0 }
}

/// What is asked for. Days and ranges without an end are those of the time zone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct DashboardQuery {
    /// A range that ends with the present day: `today` (the default), `7d`, `30d` or `month`. Not together with `start` and `end`.
    pub range: Option<String>,
    /// The first day, such as `2026-01-01`, or the first instant, in RFC 3339.
    pub start: Option<String>,
    /// The last day, included, or the instant that ends the range. The present day unless given.
    pub end: Option<String>,
    /// The time zone: a name such as `Asia/Kathmandu`, or an offset such as `+05:45`. UTC unless given.
    pub tz: Option<String>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Dashboard {
    /// The beginning of the range, on a quarter of an hour.
    pub start: Timestamp,
    /// Its end, not included.
    pub end: Timestamp,
    /// The first day of the range in the time zone.
    pub first_day: String,
    /// The last day of the range in the time zone, included.
    pub last_day: String,
    /// The time zone in which days begin.
    pub tz: String,
    /// Points.
    pub points: PointStats,
    /// Tasks.
    pub task_stats: TaskStats,
    /// Points added and taken back by hand or code.
    pub recharge_summary: RechargeSummary,
    /// Features by number of runs, at most 20.
    pub feature_ranking: Vec<FeatureRank>,
    /// Custom APIs by number of calls, at most 20.
    pub api_ranking: Vec<ApiRank>,
    /// The newest records of recharges in the range, at most 10.
    pub recharge_records: Vec<RechargeRecord>,
    /// How long runs of tasks took.
    pub latency: Latency,
    /// How long calls of custom APIs took.
    pub api_latency: Latency,
    /// What one step of the series is.
    pub step: Step,
    /// The range in steps.
    pub series: Vec<Point>,
}

/// Points: consumed is captured less refunded; earned is recharged, redeemed and granted; net change is earned less consumed less taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PointStats {
    /// Points that can be spent now.
    pub available_points: i64,
    /// Points set aside now.
    pub held_points: i64,
    /// Points consumed in the range.
    pub consumed_total: i64,
    /// Points earned in the range.
    pub earned_total: i64,
    /// By how much the range changed the account.
    pub net_change: i64,
}

/// Tasks. A task that is run again counts again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskStats {
    /// Runs that were submitted in the range.
    pub total: i64,
    /// Runs that succeeded in the range.
    pub success: i64,
    /// Runs that failed in the range.
    pub failed: i64,
    /// Runs that were cancelled in the range; no rate counts them.
    pub cancelled: i64,
    /// Succeeded of succeeded and failed, in percent; 0 when none ended.
    pub success_rate: f64,
    /// Failed of succeeded and failed, in percent; 0 when none ended.
    pub failure_rate: f64,
}

/// Points added and taken back by hand or code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RechargeSummary {
    /// Added less taken back.
    pub recharge_points_total: i64,
    /// How many records.
    pub recharge_records_total: i64,
    /// Points added.
    pub recharge_in_points: i64,
    /// Points taken back.
    pub reverse_recharge_points: i64,
}

/// A feature in the ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeatureRank {
    /// The feature's number.
    pub feature_id: i64,
    /// Its name; null when it is no longer there.
    pub feature_name: Option<String>,
    /// Runs that were submitted in the range.
    pub consume_count: i64,
    /// Points captured in the range.
    pub consumed_points: i64,
    /// Succeeded of succeeded and failed, in percent.
    pub success_rate: f64,
}

/// A custom API in the ranking.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiRank {
    /// The custom API's number.
    pub api_id: i64,
    /// Its name; null when it is no longer there.
    pub api_name: Option<String>,
    /// Calls in the range.
    pub consume_count: i64,
    /// Points captured in the range.
    pub consumed_points: i64,
    /// Succeeded of all calls, in percent.
    pub success_rate: f64,
}

/// Durations in milliseconds; null when nothing ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Latency {
    /// Half of them took less.
    pub p50_ms: Option<i64>,
    /// 95 of 100 took less.
    pub p95_ms: Option<i64>,
}

impl Latency {
    /// Of counts by class.
    pub fn of(counts: &[i64]) -> Self {
        Latency { p50_ms: percentile(counts, 50), p95_ms: percentile(counts, 95) }
    }
}

/// What one step of a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// An hour.
    Hour,
    /// A day of the time zone, which may have 23 or 25 hours.
    Day,
}

/// One step of the series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Point {
    /// When it begins.
    pub start: Timestamp,
    /// The same for people, in the time zone: `2026-01-31` or `2026-01-31 08:15`.
    pub label: String,
    /// Points consumed.
    pub consumed: i64,
    /// Points earned.
    pub earned: i64,
    /// Runs submitted.
    pub begun: i64,
    /// Runs that succeeded.
    pub succeeded: i64,
    /// Runs that failed.
    pub failed: i64,
    /// Runs that were cancelled.
    pub cancelled: i64,
    /// How long runs took.
    #[serde(flatten)]
    pub latency: Latency,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_percentiles() {
        assert_eq!((time_class(0), time_class(10), time_class(11), time_class(i64::MAX)), (0, 0, 1, 21));
        assert_eq!(percentile(&[0; 22], 50), None);
        let mut counts = [0; 22];
        // A hundred of 100 to 200 ms.
        counts[4] = 100;
        assert_eq!((percentile(&counts, 50), percentile(&counts, 95)), (Some(150), Some(195)));
        // One of more than half an hour: at least that is known.
        counts[21] = 100;
        assert_eq!(percentile(&counts, 95), Some(1_800_000));
        assert_eq!((rate(3, 1), rate(0, 0)), (75.0, 0.0));
    }
}

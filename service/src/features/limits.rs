//! Retries and intervals: a task's wish goes before the feature's, the feature's before the rule's, the rule's before the global default.
//! The rule's limit is the ceiling of retries, the configured minimum is the floor of intervals.

use crate::settings::Intervals;
use model::features::Feature;
use model::rules::{Rule, UNLIMITED};
use model::{Error, ErrorCode, Result};

/// The longest interval that may be asked for, in seconds.
const LONGEST_INTERVAL: i64 = 86_400;

/// The smaller of two numbers of retries, where -1 is more than any number.
fn fewer(a: i64, b: i64) -> i64 {
    match (a, b) {
        (UNLIMITED, other) | (other, UNLIMITED) => other,
        _ => a.min(b),
    }
}

/// The retries of a task, checked.
///
/// Errors: `too_many_retries` above the rule's limit, and for -1 where the rule sets one; `invalid` below -1.
pub fn effective_retries(task: Option<i64>, feature: &Feature, rule: &Rule) -> Result<i64> {
    let ceiling = rule.max_retries;
    let Some(wish) = task else { return Ok(feature.max_retries.map_or(ceiling, |own| fewer(own, ceiling))) };
    if wish < UNLIMITED {
        return Err(Error::invalid("max_retries", "The number of retries must be 0 or more, or -1 for unlimited."));
    }
    if fewer(wish, ceiling) == wish {
        return Ok(wish);
    }
    let message = match wish {
        UNLIMITED => format!("Unlimited retries are not allowed here; at most {ceiling} are."),
        _ => format!("At most {ceiling} retries are allowed here."),
    };
    Err(Error::new(ErrorCode::TooManyRetries, message).at("max_retries"))
}

/// The interval of a task in seconds, checked.
///
/// Errors: `interval_too_short` below the configured minimum, `invalid` above a day.
pub fn effective_interval(task: Option<i64>, feature: &Feature, rule: &Rule, intervals: Intervals) -> Result<i64> {
    let floor = intervals.min_seconds;
    let Some(wish) = task else {
        // What operators set is raised silently: the minimum may have been raised after they did.
        return Ok(feature.interval_seconds.or(rule.interval_seconds).unwrap_or(intervals.default_seconds).max(floor));
    };
    if wish < floor {
        let message = format!("The interval must be at least {floor} seconds.");
        return Err(Error::new(ErrorCode::IntervalTooShort, message).at("interval_seconds"));
    }
    if wish > LONGEST_INTERVAL {
        return Err(Error::invalid("interval_seconds", format!("The interval must be at most {LONGEST_INTERVAL} seconds.")));
    }
    Ok(wish)
}

/// Retries and interval as they are applied to a task that was accepted earlier: limits that have since been tightened count, and are no error.
pub fn applied_limits(retries: Option<i64>, interval: Option<i64>, feature: &Feature, rule: &Rule, intervals: Intervals) -> (i64, i64) {
    let own = feature.max_retries.unwrap_or(rule.max_retries);
    let retries = fewer(retries.unwrap_or(own), rule.max_retries);
    let own = feature.interval_seconds.or(rule.interval_seconds).unwrap_or(intervals.default_seconds);
    (retries, interval.unwrap_or(own).max(intervals.min_seconds))
}

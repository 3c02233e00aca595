mod apply;
pub(super) mod catalog;

use super::{applied_limits, effective_interval, effective_retries};
use crate::settings::Intervals;
use model::ErrorCode::{self, *};
use model::features::Feature;
use model::rules::Rule;
use serde_json::json;

const DEFAULTS: Intervals = Intervals { default_seconds: 5, min_seconds: 5 };

/// Retries that the task asks for, those of the feature and of the rule, and what applies.
type RetriesRow = (Option<i64>, Option<i64>, i64, Result<i64, ErrorCode>);
/// Seconds that the task asks for, those of the feature and of the rule, and what applies.
type IntervalRow = (Option<i64>, Option<i64>, Option<i64>, Result<i64, ErrorCode>);

fn rule(max_retries: i64, interval: Option<i64>) -> Rule {
    serde_json::from_value(
        json!({"name": "r", "request": {"url": "https://x.example"}, "max_retries": max_retries, "interval_seconds": interval}),
    )
    .unwrap()
}

fn feature(max_retries: Option<i64>, interval: Option<i64>) -> Feature {
    serde_json::from_value(
        json!({"key": "f", "name": "F", "platform": "p", "rule": "r", "max_retries": max_retries, "interval_seconds": interval}),
    )
    .unwrap()
}

/// Task, feature, rule: what is in force, or why not.
#[test]
fn retries() {
    let table: [RetriesRow; 18] = [
        (None, None, 3, Ok(3)),
        (None, None, -1, Ok(-1)),
        (None, Some(1), 3, Ok(1)),
        (None, Some(1), -1, Ok(1)),
        // The rule was lowered after the feature was made.
        (None, Some(5), 3, Ok(3)),
        (None, Some(-1), 3, Ok(3)),
        (None, Some(-1), -1, Ok(-1)),
        (Some(0), Some(1), 3, Ok(0)),
        // A task may ask for more than the feature's own number, up to the rule's.
        (Some(3), Some(1), 3, Ok(3)),
        (Some(4), Some(1), 3, Err(TooManyRetries)),
        (Some(4), None, -1, Ok(4)),
        (Some(-1), None, -1, Ok(-1)),
        (Some(-1), Some(1), -1, Ok(-1)),
        (Some(-1), None, 3, Err(TooManyRetries)),
        (Some(-1), Some(-1), 3, Err(TooManyRetries)),
        (Some(-2), None, -1, Err(Invalid)),
        (Some(1), None, 0, Err(TooManyRetries)),
        (Some(0), None, 0, Ok(0)),
    ];
    for (task, own, ceiling, expected) in table {
        let found = effective_retries(task, &feature(own, None), &rule(ceiling, None));
        assert_eq!(found.map_err(|error| error.code), expected, "{task:?} {own:?} {ceiling}");
        if let Ok(expected) = expected {
            assert_eq!(
                applied_limits(task, None, &feature(own, None), &rule(ceiling, None), DEFAULTS).0,
                expected,
                "{task:?} {own:?} {ceiling}"
            );
        }
    }
    // An accepted task whose rule was tightened since.
    assert_eq!(applied_limits(Some(-1), Some(3), &feature(None, None), &rule(2, None), DEFAULTS), (2, 5));
}

/// Task, feature, rule, with a default of 7 and a minimum of 5.
#[test]
fn intervals() {
    let intervals = Intervals { default_seconds: 7, min_seconds: 5 };
    let table: [IntervalRow; 10] = [
        (None, None, None, Ok(7)),
        (None, None, Some(30), Ok(30)),
        (None, Some(20), Some(30), Ok(20)),
        (Some(10), Some(20), Some(30), Ok(10)),
        (Some(5), Some(20), Some(30), Ok(5)),
        (Some(4), None, None, Err(IntervalTooShort)),
        (Some(0), None, None, Err(IntervalTooShort)),
        (Some(86_401), None, None, Err(Invalid)),
        // What operators set below the minimum is raised.
        (None, Some(1), Some(30), Ok(5)),
        (None, None, Some(2), Ok(5)),
    ];
    for (task, own, rules, expected) in table {
        let found = effective_interval(task, &feature(None, own), &rule(3, rules), intervals);
        assert_eq!(found.map_err(|error| error.code), expected, "{task:?} {own:?} {rules:?}");
        if let Ok(expected) = expected {
            assert_eq!(applied_limits(None, task, &feature(None, own), &rule(3, rules), intervals).1, expected);
        }
    }
}

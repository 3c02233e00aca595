//! Reading the counts of a range: sums by step and subject, without sorting anything.

use super::range::Range;
use crate::db::{DbError, Sql, query};
use crate::service::Service;
use model::dashboard::TIME_CLASSES;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Sums of one subject in one step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub begun: i64,
    pub succeeded: i64,
    pub failed: i64,
    pub cancelled: i64,
    pub points: i64,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Sums) {
        self.begun += other.begun;
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.points += other.points;
    }
}

/// A subject with its sums by step.
pub(super) struct Subject {
    pub kind: String,
    pub id: i64,
    pub steps: Vec<Sums>,
}

impl Subject {
    /// Over the whole range.
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        for step in &self.steps {
            total += *step;
        }
        total
    }
}

// Sums by subject and step, in one walk over the rows of the range. Where rows stand differs, and so does the way.
//
// SQLite keeps them in the order of the key, subject by subject, and would sort whatever has to be grouped: so each subject and step is summed by
// itself, and subjects are found from one to the next. PostgreSQL keeps them as they came, and reads every page once: it groups by hashes.
// The five sums come as one text, so that an inner query gives all of them.
static SUMS: LazyLock<Sql> = LazyLock::new(|| {
    const FIVE: &str = "SUM(u.begun) || ' ' || SUM(u.succeeded) || ' ' || SUM(u.failed) || ' ' || SUM(u.cancelled) || ' ' || SUM(u.points)";
    let sqlite = format!(
        "WITH RECURSIVE kinds (kind) AS (
             VALUES ('feature'), ('custom_api'), ('task_time'), ('call_time'), ('release'), ('refund'), ('recharge'), ('reverse_recharge')
         ), subjects (kind, subject_id) AS (
             SELECT k.kind, (SELECT MIN(u.subject_id) FROM usage_slots u WHERE u.user_id = $2 AND u.kind = k.kind) FROM kinds k
             UNION ALL
             SELECT s.kind, (SELECT MIN(u.subject_id) FROM usage_slots u WHERE u.user_id = $2 AND u.kind = s.kind AND u.subject_id > s.subject_id)
             FROM subjects s WHERE s.subject_id IS NOT NULL
         )
         SELECT s.kind, s.subject_id, x.step,
             (SELECT {FIVE} FROM usage_slots u
              WHERE u.user_id = $2 AND u.kind = s.kind AND u.subject_id = s.subject_id AND u.slot >= x.a AND u.slot < x.b) AS sums
         FROM subjects s, {{rows}} WHERE s.subject_id IS NOT NULL"
    );
    let postgres = format!(
        "SELECT u.kind, u.subject_id, CAST(width_bucket(u.slot, (SELECT array_agg(x.a ORDER BY x.a) FROM {{rows}})) - 1 AS BIGINT) AS step, {FIVE} AS sums
         FROM usage_slots u
         WHERE u.user_id = $2 AND u.slot >= (SELECT MIN(x.a) FROM {{rows}}) AND u.slot < (SELECT MAX(x.b) FROM {{rows}}) GROUP BY 1, 2, 3"
    );
    let columns = "step bigint, a bigint, b bigint";
    Sql::per_engine(&Sql::batch(&sqlite, columns).sqlite(), &Sql::batch(&postgres, columns).postgres())
});

#[derive(Serialize)]
struct StepRow {
    step: usize,
    a: i64,
    b: i64,
}

/// The sums of every subject that was used in the range, by kind and number.
pub(super) async fn subjects(service: &Service, user_id: i64, range: &Range) -> Result<Vec<Subject>, DbError> {
    let windows = range.borders.windows(2).enumerate();
    let rows: Vec<_> = windows.map(|(step, borders)| StepRow { step, a: borders[0].at, b: borders[1].at }).collect();
    let mut found: BTreeMap<(String, i64), Vec<Sums>> = BTreeMap::new();
    for row in service.db.fetch_all(query(&*SUMS).rows(&rows).bind(user_id)).await? {
        let Some(text) = row.get::<Option<String>>("sums")? else { continue };
        let step = usize::try_from(row.get::<i64>("step")?).unwrap_or(usize::MAX);
        let steps = found.entry((row.get("kind")?, row.get("subject_id")?)).or_insert_with(|| vec![Sums::default(); rows.len()]);
        if let Some(sums) = steps.get_mut(step) {
            *sums = parse(&text)?;
        }
    }
    Ok(found.into_iter().map(|((kind, id), steps)| Subject { kind, id, steps }).collect())
}

fn parse(text: &str) -> Result<Sums, DbError> {
    let mut numbers = text.split(' ').map(|word| word.parse::<i64>());
    let mut next = || numbers.next().and_then(Result::ok).ok_or_else(|| DbError::Unusable(format!("sums that are no numbers: {text}")));
    Ok(Sums { begun: next()?, succeeded: next()?, failed: next()?, cancelled: next()?, points: next()? })
}

/// Counts of durations by class, for one step or for all of them.
pub(super) fn classes(subjects: &[Subject], kind: &str, step: Option<usize>) -> [i64; TIME_CLASSES.len() + 1] {
    let mut counts = [0; TIME_CLASSES.len() + 1];
    for subject in subjects.iter().filter(|subject| subject.kind == kind) {
        let sums = step.map_or_else(|| subject.total(), |step| subject.steps[step]);
        if let Some(count) = usize::try_from(subject.id).ok().and_then(|class| counts.get_mut(class)) {
            *count += sums.begun;
        }
    }
    counts
}

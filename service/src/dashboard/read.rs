//! Reading the counts of a range: sums by step and subject, without sorting anything.

use super::range::Range;
use crate::db::{DbError, Sql, query};
use crate::service::Service;
use model::dashboard::TIME_CLASSES;
use serde::Serialize;
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

/// Everything that an account ever used, from one to the next by the key: distinct values would be looked for in every row.
const SUBJECTS: &str = "WITH RECURSIVE subjects (kind, subject_id) AS (
        SELECT * FROM (SELECT kind, subject_id FROM usage_slots WHERE user_id = $1 ORDER BY kind, subject_id LIMIT 1) AS first
        UNION ALL
        SELECT (SELECT u.kind FROM usage_slots u WHERE u.user_id = $1 AND (u.kind, u.subject_id) > (s.kind, s.subject_id) ORDER BY u.kind, u.subject_id LIMIT 1),
            (SELECT u.subject_id FROM usage_slots u WHERE u.user_id = $1 AND (u.kind, u.subject_id) > (s.kind, s.subject_id) ORDER BY u.kind, u.subject_id LIMIT 1)
        FROM subjects s WHERE s.kind IS NOT NULL
    )
    SELECT kind, subject_id FROM subjects WHERE kind IS NOT NULL";

// The five sums come as one text, so that the rows of a step are walked once and nothing has to be grouped.
static SUMS: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "SELECT x.subject, x.step, (SELECT SUM(u.begun) || ' ' || SUM(u.succeeded) || ' ' || SUM(u.failed) || ' ' || SUM(u.cancelled) || ' ' || SUM(u.points)
             FROM usage_slots u WHERE u.user_id = $2 AND u.kind = x.kind AND u.subject_id = x.subject_id AND u.slot >= x.a AND u.slot < x.b) AS sums
         FROM {rows}",
        "subject bigint, step bigint, kind text, subject_id bigint, a bigint, b bigint",
    )
});

#[derive(Serialize)]
struct Cell<'a> {
    subject: usize,
    step: usize,
    kind: &'a str,
    subject_id: i64,
    a: i64,
    b: i64,
}

/// The sums of every subject that was used in the range.
pub(super) async fn subjects(service: &Service, user_id: i64, range: &Range) -> Result<Vec<Subject>, DbError> {
    let steps = range.borders.len().saturating_sub(1);
    let mut subjects = Vec::new();
    for row in service.db.fetch_all(query(SUBJECTS).bind(user_id)).await? {
        subjects.push(Subject { kind: row.get("kind")?, id: row.get("subject_id")?, steps: vec![Sums::default(); steps] });
    }
    let mut cells = Vec::with_capacity(subjects.len() * steps);
    for (number, subject) in subjects.iter().enumerate() {
        for (step, borders) in range.borders.windows(2).enumerate() {
            cells.push(Cell { subject: number, step, kind: &subject.kind, subject_id: subject.id, a: borders[0].at, b: borders[1].at });
        }
    }
    for row in service.db.fetch_all(query(&*SUMS).rows(&cells).bind(user_id)).await? {
        let Some(text) = row.get::<Option<String>>("sums")? else { continue };
        let (subject, step): (i64, i64) = (row.get("subject")?, row.get("step")?);
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(sums) = subjects.get_mut(place(subject)).and_then(|subject| subject.steps.get_mut(place(step))) {
            *sums = parse(&text)?;
        }
    }
    subjects.retain(|subject| subject.total() != Sums::default());
    Ok(subjects)
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

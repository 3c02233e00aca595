//! Runs an invariant over a table, a window of rows at a time, so that no statement is long and no state of the database is held for long.

use super::Check;
use super::invariants::{Invariant, Over};
use crate::db::{Db, DbError, Sql, query};

/// References shown of rows that are wrong.
const SHOWN: usize = 5;
/// A text after every text that is stored.
const LAST_TEXT: &str = "\u{10ffff}";

/// The bounds of a window: more than the first, up to and with the second.
enum Bounds {
    None,
    Numbers(i64, i64),
    Texts(String, String),
}

/// Checks one invariant.
pub(super) async fn run(db: &Db, invariant: &Invariant) -> Result<Check, DbError> {
    let mut wrong = 0;
    let mut first = Vec::new();
    let mut note = |(count, references): (i64, Vec<String>)| {
        wrong += count;
        first.extend(references);
        first.truncate(SHOWN);
    };
    match invariant.over {
        Over::Whole => note(window(db, invariant, Bounds::None).await?),
        Over::Numbers { table, column, rows } => {
            let mut from = i64::MIN;
            loop {
                let next = boundary(table, column).bind(from).bind(rows - 1);
                let to = db.fetch_optional(next).await?.map(|row| row.get::<i64>(0)).transpose()?;
                note(window(db, invariant, Bounds::Numbers(from, to.unwrap_or(i64::MAX))).await?);
                let Some(to) = to else { break };
                from = to;
            }
        }
        Over::Texts { table, column, rows } => {
            let mut from = String::new();
            loop {
                let next = boundary(table, column).bind(&from).bind(rows - 1);
                let to = db.fetch_optional(next).await?.map(|row| row.get::<String>(0)).transpose()?;
                let until = to.clone().unwrap_or_else(|| LAST_TEXT.to_owned());
                note(window(db, invariant, Bounds::Texts(from, until)).await?);
                let Some(to) = to else { break };
                from = to;
            }
        }
    }
    let detail = match wrong {
        0 => "as it must be".to_owned(),
        1 => format!("1 row is wrong: {}", first.join(", ")),
        _ => format!("{wrong} rows are wrong, the first: {}", first.join(", ")),
    };
    Ok(Check::new(invariant.name, wrong == 0, detail))
}

/// The last row of the window that begins after `$1`.
fn boundary(table: &str, column: &str) -> crate::db::Query {
    let text = format!("SELECT {column} FROM {table} WHERE {column} > $1 ORDER BY {column} LIMIT 1 OFFSET $2");
    query(Sql::Built(text.into()))
}

/// How many rows of a window are wrong, and the first of them.
async fn window(db: &Db, invariant: &Invariant, bounds: Bounds) -> Result<(i64, Vec<String>), DbError> {
    // Materialised: else the limit tempts PostgreSQL to walk the whole table in the order of its references.
    let count = |text: &str| {
        format!(
            "WITH found AS MATERIALIZED ({text})
             SELECT reference, (SELECT CAST(COUNT(*) AS BIGINT) FROM found) AS wrong FROM found ORDER BY reference LIMIT {SHOWN}"
        )
    };
    let sql = match &invariant.sql {
        Sql::Both(text) => Sql::Built(count(text).into()),
        Sql::Built(text) => Sql::Built(count(text).into()),
        Sql::PerEngine { sqlite, postgres } => Sql::per_engine(&count(sqlite), &count(postgres)),
    };
    let query = match bounds {
        Bounds::None => query(sql),
        Bounds::Numbers(from, to) => query(sql).bind(from).bind(to),
        Bounds::Texts(from, to) => query(sql).bind(from).bind(to),
    };
    let mut wrong = 0;
    let mut references = Vec::new();
    for row in db.fetch_all(query).await? {
        wrong = row.get("wrong")?;
        references.push(row.get("reference")?);
    }
    Ok((wrong, references))
}

//! A query: its text and its arguments, run by either driver.

use super::{DbError, Row, Sql};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Either, Postgres, Sqlite};

/// An argument. Absent values carry their type, which PostgreSQL wants to know.
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "each variant is its type")]
pub enum Value {
    I64(Option<i64>),
    F64(Option<f64>),
    Bool(Option<bool>),
    Text(Option<String>),
    Blob(Option<Vec<u8>>),
}

macro_rules! into_value {
    ($($from:ty => $variant:ident ($convert:expr);)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                #[allow(clippy::redundant_closure_call, reason = "one macro for all types")]
                Value::$variant(Some(($convert)(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Value::$variant(value.map($convert))
            }
        }
    )*};
}

into_value! {
    i64 => I64(|v| v);
    i32 => I64(i64::from);
    f64 => F64(|v| v);
    bool => Bool(|v| v);
    String => Text(|v| v);
    &str => Text(str::to_owned);
    &String => Text(String::clone);
    Vec<u8> => Blob(|v| v);
    model::time::Timestamp => I64(|v: model::time::Timestamp| v.0);
}

/// A query and its arguments in the order `$1`, `$2`, ….
#[derive(Debug, Clone)]
pub struct Query {
    sql: Sql,
    args: Vec<Value>,
}

/// Starts a query.
pub fn query(sql: impl Into<Sql>) -> Query {
    Query { sql: sql.into(), args: Vec::new() }
}

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Value::I64(value) => query.bind(value),
                Value::F64(value) => query.bind(value),
                Value::Bool(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Blob(value) => query.bind(value),
            };
        }
        query
    }};
}

impl Query {
    /// Adds the next argument.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Adds the rows of a batch as one JSON argument; the text names them `{rows}`.
    pub fn rows<T: serde::Serialize>(self, rows: &[T]) -> Self {
        let json = serde_json::to_string(rows).unwrap_or_else(|_| unreachable!("rows of plain structs always serialise"));
        self.bind(json)
    }

    /// Several statements as one text for SQLite, with their arguments behind each other.
    pub(super) fn joined(queries: Vec<Query>) -> Query {
        let mut text = String::new();
        let mut args = Vec::new();
        for query in queries {
            push_renumbered(&mut text, &query.sql.sqlite(), args.len());
            text.push_str(";\n");
            args.extend(query.args);
        }
        Query { sql: Sql::Built(text.into()), args }
    }

    /// Several writing statements as one statement for PostgreSQL, with their arguments behind each other; `None` for no statements. They see
    /// the rows as they were before all of them (PostgreSQL manual, 7.8.4), so no two may be about the same rows.
    pub(super) fn nested(queries: Vec<Query>) -> Option<Query> {
        let mut queries = queries.into_iter();
        let last = queries.next_back()?;
        let mut text = String::new();
        let mut args = Vec::new();
        for (index, query) in queries.enumerate() {
            text.push_str(if index == 0 { "WITH " } else { ",\n" });
            text.push_str(&format!("s{index} AS ("));
            push_renumbered(&mut text, &query.sql.postgres(), args.len());
            text.push(')');
            args.extend(query.args);
        }
        text.push('\n');
        push_renumbered(&mut text, &last.sql.postgres(), args.len());
        args.extend(last.args);
        Some(Query { sql: Sql::Built(text.into()), args })
    }

    pub(super) async fn sqlite_all<'e>(self, on: impl sqlx::Executor<'e, Database = Sqlite>) -> Result<Vec<Row>, DbError> {
        let text = self.sql.sqlite();
        let rows = bind_all!(sqlx::query::<Sqlite>(AssertSqlSafe(text)), self.args).fetch_all(on).await?;
        Ok(rows.into_iter().map(Row::Sqlite).collect())
    }

    pub(super) async fn postgres_all<'e>(self, on: impl sqlx::Executor<'e, Database = Postgres>) -> Result<Vec<Row>, DbError> {
        let text = self.sql.postgres();
        let rows = bind_all!(sqlx::query::<Postgres>(AssertSqlSafe(text)), self.args).fetch_all(on).await?;
        Ok(rows.into_iter().map(Row::Postgres).collect())
    }

    /// The number of rows that the last statement of the text changed.
    pub(super) async fn sqlite_execute<'e>(self, on: impl sqlx::Executor<'e, Database = Sqlite>) -> Result<u64, DbError> {
        let text = self.sql.sqlite();
        let mut results = on.fetch_many(bind_all!(sqlx::query::<Sqlite>(AssertSqlSafe(text)), self.args));
        let mut changed = 0;
        while let Some(result) = results.try_next().await? {
            if let Either::Left(done) = result {
                changed = done.rows_affected();
            }
        }
        Ok(changed)
    }

    pub(super) async fn postgres_execute<'e>(self, on: impl sqlx::Executor<'e, Database = Postgres>) -> Result<u64, DbError> {
        let text = self.sql.postgres();
        Ok(bind_all!(sqlx::query::<Postgres>(AssertSqlSafe(text)), self.args).execute(on).await?.rows_affected())
    }
}

/// Appends a statement whose `$n` are moved up.
fn push_renumbered(text: &mut String, statement: &str, by: usize) {
    let mut parts = statement.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        text.push('$');
        match part[..digits].parse::<usize>() {
            Ok(number) => text.push_str(&(number + by).to_string()),
            // A path into JSON.
            Err(_) => text.push_str(&part[..digits]),
        }
        text.push_str(&part[digits..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_statements_keep_their_arguments() {
        let one = query("UPDATE a SET b = $2 WHERE c = $1").bind(1).bind("x");
        let two = query("INSERT INTO d SELECT value ->> '$.e' FROM json_each($1) WHERE f < $2").bind("[]").bind(3);
        let joined = Query::joined(vec![one, two]);
        let wanted = "UPDATE a SET b = $2 WHERE c = $1;\nINSERT INTO d SELECT value ->> '$.e' FROM json_each($3) WHERE f < $4;\n";
        assert_eq!((&*joined.sql.sqlite(), joined.args.len()), (wanted, 4));
    }

    #[test]
    fn nested_statements_keep_their_arguments() {
        let update = || query("UPDATE a SET b = $2 WHERE c = $1").bind(1).bind("x");
        let insert = || query("INSERT INTO d SELECT x.e FROM json_to_recordset($1::json) AS x(e bigint)").bind("[]");
        let one = Query::nested(vec![update()]).unwrap();
        assert_eq!((one.sql.postgres().trim(), one.args.len()), ("UPDATE a SET b = $2 WHERE c = $1", 2));
        let three = Query::nested(vec![update(), insert(), query("DELETE FROM f WHERE g = $1").bind(2)]).unwrap();
        let wanted = "WITH s0 AS (UPDATE a SET b = $2 WHERE c = $1),\ns1 AS (INSERT INTO d SELECT x.e FROM json_to_recordset($3::json) AS x(e bigint))\nDELETE FROM f WHERE g = $4";
        assert_eq!((&*three.sql.postgres(), three.args.len()), (wanted, 4));
        assert!(Query::nested(Vec::new()).is_none());
    }
}

//! The text of a query: one for both engines, or one each where they really differ.

use std::sync::Arc;

/// The text of a query.
#[derive(Debug, Clone)]
pub enum Sql {
    /// One constant text for both engines.
    Both(&'static str),
    /// One text for both engines, built from parts that are all our own: never from input.
    Built(Arc<str>),
    /// A text each.
    PerEngine {
        /// For SQLite.
        sqlite: Arc<str>,
        /// For PostgreSQL.
        postgres: Arc<str>,
    },
}

impl Sql {
    /// A text for each engine: for statements that the engines really write differently.
    pub fn per_engine(sqlite: &str, postgres: &str) -> Self {
        Sql::PerEngine { sqlite: sqlite.into(), postgres: postgres.into() }
    }

    /// One statement over many rows. `{rows}` in the text becomes a table `x` with the given columns, read from the JSON array in `$1`.
    ///
    /// `columns` is a list such as `"id bigint, name text"`.
    pub fn batch(text: &str, columns: &str) -> Self {
        let select: Vec<String> = columns
            .split(',')
            .filter_map(|column| column.split_whitespace().next())
            .map(|name| format!("value ->> '{name}' AS {name}"))
            .collect();
        let sqlite = format!("(SELECT {} FROM json_each($1)) AS x", select.join(", "));
        let postgres = format!("json_to_recordset($1::json) AS x({columns})");
        Sql::per_engine(&text.replace("{rows}", &sqlite), &text.replace("{rows}", &postgres))
    }

    /// The text for SQLite.
    pub fn sqlite(&self) -> Arc<str> {
        match self {
            Sql::Both(text) => (*text).into(),
            Sql::Built(text) => text.clone(),
            Sql::PerEngine { sqlite, .. } => sqlite.clone(),
        }
    }

    /// The text for PostgreSQL.
    pub fn postgres(&self) -> Arc<str> {
        match self {
            Sql::Both(text) => (*text).into(),
            Sql::Built(text) => text.clone(),
            Sql::PerEngine { postgres, .. } => postgres.clone(),
        }
    }
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Sql::Both(text)
    }
}

impl From<&Sql> for Sql {
    fn from(sql: &Sql) -> Self {
        sql.clone()
    }
}

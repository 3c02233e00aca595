//! Rows of the catalog. Definitions are JSON of the model's types; a channel's credential stands in a column of its own.

use crate::db::{Db, DbError, Row, Tx, query};
use model::custom_apis::CustomApi;
use model::features::Feature;
use model::rules::{Channel, Rule};
use model::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A stored entry. The definition is an error where this version cannot read it.
pub(super) struct Stored<T> {
    pub id: i64,
    pub name: String,
    pub definition: Result<T, String>,
    /// Of a channel.
    pub credential: Option<String>,
    /// Of a feature or a custom API; 0 otherwise.
    pub rule_id: i64,
}

const VERSION: &str = "SELECT value FROM settings WHERE key = 'catalog_version'";
const RULES: &str = "SELECT id, name, definition FROM rules ORDER BY id";
const CHANNELS: &str = "SELECT id, name, definition, credential FROM channels ORDER BY id";
const FEATURES: &str = "SELECT id, key AS name, definition, rule_id FROM features ORDER BY id";
const CUSTOM_APIS: &str = "SELECT id, key AS name, definition, rule_id, version, created_at, updated_at FROM custom_apis ORDER BY id";

fn read<T: DeserializeOwned>(row: &Row) -> Result<Stored<T>, DbError> {
    let definition: String = row.get("definition")?;
    let definition = serde_json::from_str(&definition).map_err(|error| error.to_string());
    Ok(Stored { id: row.get("id")?, name: row.get("name")?, definition, credential: None, rule_id: 0 })
}

fn read_channel(row: &Row) -> Result<Stored<Channel>, DbError> {
    Ok(Stored { credential: row.get("credential")?, ..read(row)? })
}

fn read_feature(row: &Row) -> Result<Stored<Feature>, DbError> {
    Ok(Stored { rule_id: row.get("rule_id")?, ..read(row)? })
}

/// A stored custom API with what administrators see beside it.
pub(super) struct StoredApi {
    pub stored: Stored<CustomApi>,
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

fn read_api(row: &Row) -> Result<StoredApi, DbError> {
    Ok(StoredApi {
        stored: Stored { rule_id: row.get("rule_id")?, ..read(row)? },
        version: row.get("version")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

/// The version of the catalog; 0 before the first change.
pub(super) async fn version(db: &Db) -> Result<i64, DbError> {
    let row = db.fetch_optional(query(VERSION)).await?;
    Ok(row.map(|row| row.get::<String>("value")).transpose()?.and_then(|value| value.parse().ok()).unwrap_or(0))
}

/// All rules.
pub(super) async fn rules(db: &Db) -> Result<Vec<Stored<Rule>>, DbError> {
    db.fetch_all(query(RULES)).await?.iter().map(read).collect()
}

/// All channels.
pub(super) async fn channels(db: &Db) -> Result<Vec<Stored<Channel>>, DbError> {
    db.fetch_all(query(CHANNELS)).await?.iter().map(read_channel).collect()
}

/// All features.
pub(super) async fn features(db: &Db) -> Result<Vec<Stored<Feature>>, DbError> {
    db.fetch_all(query(FEATURES)).await?.iter().map(read_feature).collect()
}

/// All custom APIs.
pub(super) async fn custom_apis(db: &Db) -> Result<Vec<StoredApi>, DbError> {
    db.fetch_all(query(CUSTOM_APIS)).await?.iter().map(read_api).collect()
}

/// The whole catalog as a transaction sees it.
pub(super) struct Everything {
    pub rules: Vec<Stored<Rule>>,
    pub channels: Vec<Stored<Channel>>,
    pub features: Vec<Stored<Feature>>,
    pub custom_apis: Vec<StoredApi>,
}

/// Reads the whole catalog after making other changes of it wait.
pub(super) async fn lock(tx: &mut Tx, now: Timestamp) -> Result<Everything, DbError> {
    let row =
        query("INSERT INTO settings (key, value, updated_at) VALUES ('catalog_version', '0', $1) ON CONFLICT (key) DO NOTHING").bind(now);
    tx.execute(row).await?;
    tx.execute(query("UPDATE settings SET value = value WHERE key = 'catalog_version'")).await?;
    Ok(Everything {
        rules: tx.fetch_all(query(RULES)).await?.iter().map(read).collect::<Result<_, _>>()?,
        channels: tx.fetch_all(query(CHANNELS)).await?.iter().map(read_channel).collect::<Result<_, _>>()?,
        features: tx.fetch_all(query(FEATURES)).await?.iter().map(read_feature).collect::<Result<_, _>>()?,
        custom_apis: tx.fetch_all(query(CUSTOM_APIS)).await?.iter().map(read_api).collect::<Result<_, _>>()?,
    })
}

/// Says that the catalog changed.
pub(super) async fn next_version(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    let next = query("UPDATE settings SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT), updated_at = $1 WHERE key = 'catalog_version'")
        .bind(now);
    tx.execute(next).await?;
    Ok(())
}

fn text(definition: &impl Serialize) -> Result<String, DbError> {
    serde_json::to_string(definition).map_err(|error| DbError::Unusable(error.to_string()))
}

/// Stores a rule under its name; its number.
pub(super) async fn put_rule(tx: &mut Tx, rule: &Rule, now: Timestamp) -> Result<i64, DbError> {
    let put = query(
        "INSERT INTO rules (name, definition, created_at, updated_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at RETURNING id",
    );
    tx.fetch_one(put.bind(&rule.name).bind(text(rule)?).bind(now)).await?.get("id")
}

/// Stores a channel under its name; without a credential it keeps the one it has.
pub(super) async fn put_channel(tx: &mut Tx, channel: &Channel, now: Timestamp) -> Result<(), DbError> {
    let definition = text(&Channel { credential: None, ..channel.clone() })?;
    let put = query(
        "INSERT INTO channels (name, definition, credential, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at,
             credential = COALESCE(excluded.credential, channels.credential)",
    );
    tx.execute(put.bind(&channel.name).bind(definition).bind(channel.credential.as_ref()).bind(now)).await?;
    Ok(())
}

/// Stores a feature under its key.
pub(super) async fn put_feature(tx: &mut Tx, feature: &Feature, rule_id: i64, now: Timestamp) -> Result<(), DbError> {
    let put = query(
        "INSERT INTO features (key, rule_id, definition, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (key) DO UPDATE SET rule_id = excluded.rule_id, definition = excluded.definition, updated_at = excluded.updated_at",
    );
    tx.execute(put.bind(&feature.key).bind(rule_id).bind(text(feature)?).bind(now)).await?;
    Ok(())
}

/// Stores a custom API under its key.
pub(super) async fn put_custom_api(tx: &mut Tx, api: &CustomApi, rule_id: i64, now: Timestamp) -> Result<i64, DbError> {
    let put = query(
        "INSERT INTO custom_apis (key, rule_id, definition, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (key) DO UPDATE SET rule_id = excluded.rule_id, definition = excluded.definition, updated_at = excluded.updated_at,
             version = custom_apis.version + 1
         RETURNING id",
    );
    tx.fetch_one(put.bind(&api.key).bind(rule_id).bind(text(api)?).bind(now)).await?.get("id")
}

/// Changes the custom API of a number, its key included.
pub(super) async fn change_custom_api(tx: &mut Tx, id: i64, api: &CustomApi, rule_id: i64, now: Timestamp) -> Result<(), DbError> {
    let change =
        query("UPDATE custom_apis SET key = $2, rule_id = $3, definition = $4, updated_at = $5, version = version + 1 WHERE id = $1");
    tx.execute(change.bind(id).bind(&api.key).bind(rule_id).bind(text(api)?).bind(now)).await?;
    Ok(())
}

/// Deletes a custom API.
pub(super) async fn delete_custom_api(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    tx.execute(query("DELETE FROM custom_apis WHERE id = $1").bind(id)).await?;
    Ok(())
}

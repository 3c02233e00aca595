//! Rows of the catalog. Definitions are JSON of the model's types; a channel's credential stands in a column of its own.

use crate::db::{Db, DbError, Row, Sql, Tx, query};
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
    /// Grows with every change.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub definition: Result<T, String>,
    /// Of a channel.
    pub credential: Option<String>,
    /// Of a channel: those beside the first.
    pub more_credentials: Vec<String>,
    /// Of a feature or a custom API; 0 otherwise.
    pub rule_id: i64,
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Feature,
    Rule,
    Channel,
    CustomApi,
}

impl Kind {
    /// One of them, for sentences.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Feature => "feature",
            Kind::Rule => "rule",
            Kind::Channel => "channel",
            Kind::CustomApi => "custom API",
        }
    }

    /// One of them, for the audit log.
    pub fn stem(self) -> &'static str {
        self.list().trim_end_matches('s')
    }

    /// All of them: the table, and the part of a catalog.
    pub fn list(self) -> &'static str {
        match self {
            Kind::Feature => "features",
            Kind::Rule => "rules",
            Kind::Channel => "channels",
            Kind::CustomApi => "custom_apis",
        }
    }

    /// The field that names one.
    pub fn name_field(self) -> &'static str {
        match self {
            Kind::Feature | Kind::CustomApi => "key",
            Kind::Rule | Kind::Channel => "name",
        }
    }
}

const VERSION: &str = "SELECT value FROM settings WHERE key = 'catalog_version'";
const RULES: &str = "SELECT id, name, version, created_at, updated_at, definition FROM rules ORDER BY id";
const CHANNELS: &str =
    "SELECT id, name, version, created_at, updated_at, definition, credential, more_credentials FROM channels ORDER BY id";
const FEATURES: &str = "SELECT id, key AS name, version, created_at, updated_at, definition, rule_id FROM features ORDER BY id";
const CUSTOM_APIS: &str = "SELECT id, key AS name, version, created_at, updated_at, definition, rule_id FROM custom_apis ORDER BY id";

fn read<T: DeserializeOwned>(row: &Row) -> Result<Stored<T>, DbError> {
    let definition: String = row.get("definition")?;
    let definition = serde_json::from_str(&definition).map_err(|error| error.to_string());
    Ok(Stored {
        id: row.get("id")?,
        name: row.get("name")?,
        version: row.get("version")?,
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
        definition,
        credential: None,
        more_credentials: Vec::new(),
        rule_id: 0,
    })
}

fn read_channel(row: &Row) -> Result<Stored<Channel>, DbError> {
    let more: Option<String> = row.get("more_credentials")?;
    let more = more.map(|text| serde_json::from_str(&text)).transpose();
    let more = more.map_err(|error| DbError::Unusable(format!("the credentials of a channel: {error}")))?;
    Ok(Stored { credential: row.get("credential")?, more_credentials: more.unwrap_or_default(), ..read(row)? })
}

fn read_ruled<T: DeserializeOwned>(row: &Row) -> Result<Stored<T>, DbError> {
    Ok(Stored { rule_id: row.get("rule_id")?, ..read(row)? })
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
    db.fetch_all(query(FEATURES)).await?.iter().map(read_ruled).collect()
}

/// All custom APIs.
pub(super) async fn custom_apis(db: &Db) -> Result<Vec<Stored<CustomApi>>, DbError> {
    db.fetch_all(query(CUSTOM_APIS)).await?.iter().map(read_ruled).collect()
}

/// The whole catalog as a transaction sees it.
pub(super) struct Everything {
    pub rules: Vec<Stored<Rule>>,
    pub channels: Vec<Stored<Channel>>,
    pub features: Vec<Stored<Feature>>,
    pub custom_apis: Vec<Stored<CustomApi>>,
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
        features: tx.fetch_all(query(FEATURES)).await?.iter().map(read_ruled).collect::<Result<_, _>>()?,
        custom_apis: tx.fetch_all(query(CUSTOM_APIS)).await?.iter().map(read_ruled).collect::<Result<_, _>>()?,
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
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at, version = rules.version + 1
         RETURNING id",
    );
    tx.fetch_one(put.bind(&rule.name).bind(text(rule)?).bind(now)).await?.get("id")
}

/// Stores a channel under its name; its number. Without credentials it keeps those that it has.
pub(super) async fn put_channel(tx: &mut Tx, channel: &Channel, now: Timestamp) -> Result<i64, DbError> {
    let put = query(
        "INSERT INTO channels (name, definition, credential, created_at, updated_at, more_credentials) VALUES ($1, $2, $3, $4, $4, $5)
         ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at, version = channels.version + 1,
             credential = COALESCE(excluded.credential, channels.credential),
             more_credentials = COALESCE(excluded.more_credentials, channels.more_credentials) RETURNING id",
    );
    let put = put.bind(&channel.name).bind(text(&bare(channel))?).bind(channel.credential.as_ref()).bind(now);
    let id = tx.fetch_one(put.bind(more(channel)?)).await?.get("id")?;
    begin_anew(tx, id).await?;
    Ok(id)
}

/// Stores a feature under its key; its number.
pub(super) async fn put_feature(tx: &mut Tx, feature: &Feature, rule_id: i64, now: Timestamp) -> Result<i64, DbError> {
    let put = query(
        "INSERT INTO features (key, rule_id, definition, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (key) DO UPDATE SET rule_id = excluded.rule_id, definition = excluded.definition, updated_at = excluded.updated_at,
             version = features.version + 1 RETURNING id",
    );
    tx.fetch_one(put.bind(&feature.key).bind(rule_id).bind(text(feature)?).bind(now)).await?.get("id")
}

/// A channel without its credentials.
pub(super) fn bare(channel: &Channel) -> Channel {
    Channel { credential: None, more_credentials: None, ..channel.clone() }
}

/// The further credentials of a channel as they are stored.
fn more(channel: &Channel) -> Result<Option<String>, DbError> {
    channel.more_credentials.as_ref().map(text).transpose()
}

/// Forgets how a channel did: a changed one has not failed yet.
async fn begin_anew(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    tx.execute(query("DELETE FROM channel_health WHERE channel_id = $1").bind(id)).await?;
    Ok(())
}

/// Changes the rule of a number, its name as well.
pub(super) async fn update_rule(tx: &mut Tx, id: i64, rule: &Rule, now: Timestamp) -> Result<(), DbError> {
    let update = query("UPDATE rules SET name = $2, definition = $3, updated_at = $4, version = version + 1 WHERE id = $1");
    tx.execute(update.bind(id).bind(&rule.name).bind(text(rule)?).bind(now)).await?;
    Ok(())
}

/// Changes the channel of a number. Without a credential it keeps the one it has; an empty one takes it away.
pub(super) async fn update_channel(tx: &mut Tx, id: i64, channel: &Channel, now: Timestamp) -> Result<(), DbError> {
    let update = query(
        "UPDATE channels SET name = $2, definition = $3, credential = NULLIF(COALESCE($4, credential), ''), updated_at = $5,
             more_credentials = COALESCE($6, more_credentials), version = version + 1 WHERE id = $1",
    );
    let update = update.bind(id).bind(&channel.name).bind(text(&bare(channel))?).bind(channel.credential.as_ref()).bind(now);
    tx.execute(update.bind(more(channel)?)).await?;
    begin_anew(tx, id).await
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

/// Changes the custom API of a number, its key as well.
pub(super) async fn update_custom_api(tx: &mut Tx, id: i64, api: &CustomApi, rule_id: i64, now: Timestamp) -> Result<(), DbError> {
    let change =
        query("UPDATE custom_apis SET key = $2, rule_id = $3, definition = $4, updated_at = $5, version = version + 1 WHERE id = $1");
    tx.execute(change.bind(id).bind(&api.key).bind(rule_id).bind(text(api)?).bind(now)).await?;
    Ok(())
}

/// Changes the feature of a number, its key as well.
pub(super) async fn update_feature(tx: &mut Tx, id: i64, feature: &Feature, rule_id: i64, now: Timestamp) -> Result<(), DbError> {
    let update = query("UPDATE features SET key = $2, rule_id = $3, definition = $4, updated_at = $5, version = version + 1 WHERE id = $1");
    tx.execute(update.bind(id).bind(&feature.key).bind(rule_id).bind(text(feature)?).bind(now)).await?;
    Ok(())
}

/// Takes an entry out of one of the tables.
pub(super) async fn delete(tx: &mut Tx, kind: Kind, id: i64) -> Result<(), DbError> {
    let text = format!("DELETE FROM {} WHERE id = $1", kind.list());
    tx.execute(query(Sql::Built(text.into())).bind(id)).await?;
    Ok(())
}

/// How many tasks that have not ended are of a feature, a rule or a channel; counted up to 1,000. None is of a custom API.
pub(super) async fn living_tasks(tx: &mut Tx, kind: Kind, id: i64) -> Result<i64, DbError> {
    let column = match kind {
        Kind::Feature => "t.feature_id",
        Kind::Rule => "t.rule_id",
        Kind::Channel => "q.channel_id",
        Kind::CustomApi => return Ok(0),
    };
    let text = format!(
        "SELECT CAST(COUNT(*) AS BIGINT) AS n
         FROM (SELECT 1 AS one FROM queue q JOIN tasks t ON t.id = q.id WHERE {column} = $1 LIMIT 1000) AS living"
    );
    tx.fetch_one(query(Sql::Built(text.into())).bind(id)).await?.get("n")
}

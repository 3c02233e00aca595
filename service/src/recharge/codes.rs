//! Redemption codes as administrators make, see and switch them off.

use crate::accounts::hex;
use crate::actor::Actor;
use crate::audit;
use crate::db::{Query, Row, Sql, Tx, TxError, query, transact};
use crate::ledger::{MAX_NOTE, check_points};
use crate::service::Service;
use model::paging::{Page, Paging};
use model::recharge::{CodeFilter, CodeState, CodeView, CreatedCodes, DisabledCodes, MAX_CODES, NewCodes, Redeemer};
use model::time::Timestamp;
use model::{Error, Result};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Crockford's letters and digits: none of them is taken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, without dashes: 100 bits.
const LENGTH: usize = 20;
/// Characters that stay readable; 75 bits remain.
const SHOWN: usize = 5;
/// Codes of one statement.
const CHUNK: usize = 1000;

#[derive(Serialize)]
struct CodeRow<'a> {
    prefix: &'a str,
    code_hash: String,
}

static INSERT: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO redemption_codes (batch, prefix, code_hash, points, uses, note, expires_at, created_by, created_at)
         SELECT CAST($2 AS TEXT), x.prefix, x.code_hash, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)
         FROM {rows}",
        "prefix text, code_hash text",
    )
});

/// Makes codes; administrators only. The answer is the only time that they are shown.
///
/// Errors: `forbidden`; `invalid` at `points`, `count`, `uses`, `expires_at` or `note`.
pub async fn create_codes(service: &Service, actor: &Actor, new: &NewCodes) -> Result<CreatedCodes> {
    actor.require_admin()?;
    let now = service.clock.now();
    check(new, now)?;
    let batch: String = crate::tasks::random_id().chars().take(10).collect();
    let codes: Vec<String> = (0..new.count).map(|_| random_code()).collect();
    let body = async |tx: &mut Tx| {
        for chunk in codes.chunks(CHUNK) {
            let rows: Vec<_> = chunk.iter().map(|code| CodeRow { prefix: &code[..SHOWN], code_hash: digest(code) }).collect();
            let insert = query(&*INSERT).rows(&rows).bind(&batch).bind(new.points).bind(new.uses).bind(new.note.trim());
            tx.execute(insert.bind(new.expires_at).bind(actor.user_id).bind(now)).await?;
        }
        let entry = audit::Entry {
            action: "redemption_codes.create",
            target: format!("redemption_batch:{batch}"),
            before: None,
            after: serde_json::to_value(new).ok(),
        };
        audit::record(tx, actor, entry, now).await?;
        Ok::<_, TxError>(())
    };
    transact!(service.db, body)?;
    tracing::info!(batch, count = new.count, points = new.points, actor = actor.user_id, "redemption codes made");
    Ok(CreatedCodes { batch, codes: codes.iter().map(|code| grouped(code)).collect() })
}

fn check(new: &NewCodes, now: Timestamp) -> Result<()> {
    check_points(new.points)?;
    if !(1..=MAX_CODES).contains(&new.count) {
        return Err(Error::invalid("count", format!("A batch has 1 to {MAX_CODES} codes.")));
    }
    if !(1..=1_000_000).contains(&new.uses) {
        return Err(Error::invalid("uses", "A code can be redeemed by 1 to 1000000 users."));
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(Error::invalid("expires_at", "The codes must expire later than now."));
    }
    if new.note.chars().count() > MAX_NOTE || new.note.contains('\0') {
        return Err(Error::invalid("note", format!("The note must have at most {MAX_NOTE} characters.")));
    }
    Ok(())
}

const STATE: &str = "CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN used >= uses THEN 'used_up'
    WHEN expires_at IS NOT NULL AND expires_at <= $1 THEN 'expired' ELSE 'active' END";

/// Codes, newest first, without the codes themselves; administrators only.
pub async fn codes(service: &Service, actor: &Actor, filter: &CodeFilter) -> Result<Page<CodeView>> {
    actor.require_admin()?;
    let paging = Paging::new(filter.page, filter.page_size);
    let now = service.clock.now();
    if filter.batch.as_deref().is_some_and(|batch| !is_batch(batch)) {
        return Err(Error::invalid("batch", "There is no batch of that name."));
    }
    // The time is bound in both, though only the state asks for it.
    let mut conditions = "$1 > 0".to_owned();
    let mut number = 1;
    let mut and = |condition: String| {
        number += 1;
        conditions.push_str(&format!(" AND {condition} = ${number}"));
    };
    let bind = |query: Query| {
        let query = query.bind(now);
        let query = if let Some(batch) = &filter.batch { query.bind(batch) } else { query };
        if let Some(state) = filter.state { query.bind(state.as_str()) } else { query }
    };
    if filter.batch.is_some() {
        and("batch".to_owned());
    }
    if filter.state.is_some() {
        and(format!("({STATE})"));
    }
    let total = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM redemption_codes WHERE {conditions}");
    let total: i64 = service.db.fetch_one(bind(query(Sql::Built(total.into())))).await?.get("n")?;
    let page = format!(
        "SELECT id, batch, prefix, points, uses, used, note, expires_at, created_at, {STATE} AS state FROM redemption_codes
         WHERE {conditions} ORDER BY id DESC LIMIT {} OFFSET {}",
        paging.page_size,
        paging.offset()
    );
    let rows = service.db.fetch_all(bind(query(Sql::Built(page.into())))).await?;
    let mut items = rows.iter().map(view).collect::<Result<Vec<_>>>()?;
    let ids: Vec<_> = items.iter().filter(|code| code.used > 0).map(|code| Id { id: code.id }).collect();
    if !ids.is_empty() {
        for row in service.db.fetch_all(query(&*REDEEMERS).rows(&ids)).await? {
            let id: i64 = row.get("code_id")?;
            let Some(code) = items.iter_mut().find(|code| code.id == id) else { continue };
            let username = row.get::<Option<String>>("username")?.unwrap_or_default();
            code.redeemers.push(Redeemer { user_id: row.get("user_id")?, username, redeemed_at: Timestamp(row.get("created_at")?) });
        }
    }
    Ok(paging.page(items, total))
}

#[derive(Serialize)]
struct Id {
    id: i64,
}

// The latest 20 of each code.
static REDEEMERS: LazyLock<Sql> = LazyLock::new(|| {
    let text = "SELECT r.code_id, r.user_id, r.created_at, u.username FROM (
             SELECT code_id, user_id, created_at, ROW_NUMBER() OVER (PARTITION BY code_id ORDER BY created_at DESC, user_id DESC) AS place
             FROM redemptions WHERE code_id IN (SELECT x.id FROM {rows})
         ) AS r LEFT JOIN users u ON u.id = r.user_id WHERE r.place <= 20 ORDER BY r.code_id, r.place";
    Sql::batch(text, "id bigint")
});

fn view(row: &Row) -> Result<CodeView> {
    let state: String = row.get("state")?;
    Ok(CodeView {
        id: row.get("id")?,
        batch: row.get("batch")?,
        prefix: row.get("prefix")?,
        points: row.get("points")?,
        uses: row.get("uses")?,
        used: row.get("used")?,
        state: CodeState::parse(&state).ok_or_else(Error::internal)?,
        note: row.get("note")?,
        expires_at: row.get::<Option<i64>>("expires_at")?.map(Timestamp),
        created_at: Timestamp(row.get("created_at")?),
        redeemers: Vec::new(),
    })
}

/// Switches a code off for good; administrators only. One that is off stays so.
///
/// Errors: `forbidden`, `not_found`.
pub async fn disable_code(service: &Service, actor: &Actor, id: i64) -> Result<DisabledCodes> {
    let text = "UPDATE redemption_codes SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
    let known = query("SELECT 1 AS one FROM redemption_codes WHERE id = $1").bind(id);
    disable(service, actor, query(text).bind(id), known, format!("redemption_code:{id}")).await
}

/// Switches every code of a batch off for good; administrators only.
///
/// Errors: `forbidden`, `not_found`.
pub async fn disable_batch(service: &Service, actor: &Actor, batch: &str) -> Result<DisabledCodes> {
    actor.require_admin()?;
    if !is_batch(batch) {
        return Err(Error::not_found("redemption code"));
    }
    let text = "UPDATE redemption_codes SET disabled_at = $2 WHERE batch = $1 AND disabled_at IS NULL";
    let known = query("SELECT 1 AS one FROM redemption_codes WHERE batch = $1 LIMIT 1").bind(batch);
    disable(service, actor, query(text).bind(batch), known, format!("redemption_batch:{batch}")).await
}

async fn disable(service: &Service, actor: &Actor, change: Query, known: Query, target: String) -> Result<DisabledCodes> {
    actor.require_admin()?;
    let now = service.clock.now();
    let body = async |tx: &mut Tx| {
        let disabled = i64::try_from(tx.execute(change.clone().bind(now)).await?).unwrap_or(i64::MAX);
        if disabled == 0 && tx.fetch_optional(known.clone()).await?.is_none() {
            return Err(TxError::from(Error::not_found("redemption code")));
        }
        if disabled > 0 {
            let after = Some(json!({ "disabled": disabled }));
            let entry = audit::Entry { action: "redemption_codes.disable", target: target.clone(), before: None, after };
            audit::record(tx, actor, entry, now).await?;
        }
        Ok(DisabledCodes { disabled })
    };
    Ok(transact!(service.db, body)?)
}

/// Whether a text can be the name of a batch.
fn is_batch(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn random_code() -> String {
    let mut bytes = [0u8; LENGTH];
    // The system's random source does not fail after start-up; without it nothing here would be safe.
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the system's random source failed: {error}"));
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

/// `ABCDE-FGHJK-MNPQR-STVWX`.
fn grouped(code: &str) -> String {
    let mut text = String::with_capacity(LENGTH + 3);
    for (place, character) in code.chars().enumerate() {
        if place > 0 && place % SHOWN == 0 {
            text.push('-');
        }
        text.push(character);
    }
    text
}

fn digest(code: &str) -> String {
    hex(&Sha256::digest(code.as_bytes()))
}

/// The digest of what somebody typed; `None` if no code can be meant.
pub(super) fn digest_of(typed: &str) -> Option<String> {
    if typed.len() > 200 {
        return None;
    }
    let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    let code: String = plain.collect();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then(|| digest(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_codes_are_read_generously() {
        let code = random_code();
        let wanted = digest_of(&code);
        assert!(wanted.is_some());
        assert_eq!(digest_of(&grouped(&code).to_lowercase()), wanted);
        assert_eq!(digest_of(&format!(" {} ", grouped(&code).replace('-', " "))), wanted);
        assert_eq!(digest_of(&code.replace('0', "o").replace('1', "l")), wanted);
        assert_eq!(digest_of(&code[1..]), None);
        assert_eq!(digest_of(""), None);
        assert_eq!(digest_of(&"é".repeat(10)), None);
    }
}

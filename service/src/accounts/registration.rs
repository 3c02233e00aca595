//! People who make their own account, where the settings allow it.

use super::{invitations, limits, password, store, users};
use crate::actor::ClientInfo;
use crate::db::{Tx, transact};
use crate::service::Service;
use model::accounts::Role;
use model::settings::Registration;
use model::{Error, Result};

/// Makes an account for who asks; its number. Where registration is by invitation, `code` is used once.
///
/// Errors: `forbidden` where it is closed, `invalid` for the name or the code, `name_taken`, `weak_password`, `rate_limited` after several
/// tries from one address, whether they succeeded or not.
pub async fn register(service: &Service, username: &str, password: &str, code: &str, client: &ClientInfo) -> Result<i64> {
    let registration = service.settings.current().registration;
    if registration == Registration::Closed {
        return Err(Error::forbidden("Nobody can register here. Ask the administrator for an account."));
    }
    let key = users::key(username)?;
    password::check_strength(username, password)?;
    let now = service.clock.now();
    // Before the costly hash, and never taken back: names and codes must not be tried out by the thousand.
    limits::count(&service.db, now, vec![limits::registration(client.address)]).await?;
    let hash = service.accounts.0.hasher.hash(password).await?;
    let body = async |tx: &mut Tx| {
        if registration == Registration::Invitation {
            invitations::redeem(tx, code, now).await?;
        }
        let new = store::NewUser { username: username.trim(), username_key: &key, password_hash: &hash, role: Role::User, now };
        store::insert(tx, &new).await
    };
    let id = transact!(service.db, body)?;
    tracing::info!(user = id, address = %client.address, "registered");
    Ok(id)
}

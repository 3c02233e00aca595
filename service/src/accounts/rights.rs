//! What an API key may do, from where and how long, and that no key can make one that may do more.

use super::unreadable;
use crate::actor::Actor;
use crate::db::Row;
use ipnet::IpNet;
use model::accounts::{NewKey, Role, Scope};
use model::time::Timestamp;
use model::{Error, Result};
use std::net::IpAddr;

/// Addresses and networks of one key, at most.
const MOST_ADDRESSES: usize = 50;

/// What a key may do and from where.
pub(super) struct Rights {
    pub scopes: Vec<Scope>,
    pub networks: Vec<IpNet>,
    pub allow_query: bool,
    pub expires_at: Option<Timestamp>,
}

impl Rights {
    /// The rights of a stored key.
    pub fn read(row: &Row) -> Result<Self> {
        let id: i64 = row.get("id")?;
        let words = |column: &'static str| -> Result<Vec<String>> {
            serde_json::from_str(&row.get::<String>(column)?).map_err(|_| unreadable(column, id))
        };
        // A scope of a newer version is not one that this version can grant.
        let scopes = words("scopes")?.iter().filter_map(|word| Scope::parse(word)).collect();
        // A network that cannot be read must not become "everywhere".
        let networks =
            words("allowed_addresses")?.into_iter().map(|text| network(&text).ok_or_else(|| unreadable("allowed_addresses", id)));
        let expires_at = row.get::<Option<i64>>("expires_at")?.map(Timestamp);
        Ok(Rights { scopes, networks: networks.collect::<Result<_>>()?, allow_query: row.get("allow_query")?, expires_at })
    }

    /// The rights that a new key asks for, checked.
    pub fn asked_for(actor: &Actor, new: &NewKey, query_by_default: bool, now: Timestamp) -> Result<Rights> {
        let mut scopes = new.scopes.clone();
        scopes.sort_by_key(|scope| Scope::ALL.iter().position(|one| one == scope));
        scopes.dedup();
        if scopes.is_empty() {
            return Err(Error::invalid("scopes", "Choose at least one scope."));
        }
        if scopes.contains(&Scope::Admin) && actor.role != Role::Admin {
            return Err(Error::invalid("scopes", "Only an administrator's key can have the scope `admin`."));
        }
        if is_over(new.expires_at, now) {
            return Err(Error::invalid("expires_at", "The end must be in the future."));
        }
        if new.allowed_addresses.len() > MOST_ADDRESSES {
            return Err(Error::invalid("allowed_addresses", format!("At most {MOST_ADDRESSES} addresses or networks.")));
        }
        let read = |text: &String| {
            network(text).ok_or_else(|| {
                Error::invalid("allowed_addresses", format!("`{text}` is neither an address nor a network such as 10.0.0.0/8."))
            })
        };
        let networks = new.allowed_addresses.iter().map(read).collect::<Result<_>>()?;
        Ok(Rights { scopes, networks, allow_query: new.allow_query.unwrap_or(query_by_default), expires_at: new.expires_at })
    }

    /// Whether the key may be used from an address.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.is_empty() || self.networks.iter().any(|network| network.contains(&address))
    }

    /// Refuses a key that could do more than this one, or longer, or from more places.
    pub fn require_cover(&self, other: &Rights) -> Result<()> {
        let narrower = |what: &str, field: &str| {
            Err(Error::forbidden(format!("A key cannot make one with more {what} than it has itself.")).at(field))
        };
        if !other.scopes.iter().all(|scope| self.scopes.contains(scope)) {
            return narrower("scopes", "scopes");
        }
        if self.expires_at.is_some_and(|own| other.expires_at.is_none_or(|others| others > own)) {
            return narrower("time", "expires_at");
        }
        let inside = |network: &IpNet| self.networks.iter().any(|own| own.contains(network));
        if !self.networks.is_empty() && (other.networks.is_empty() || !other.networks.iter().all(inside)) {
            return narrower("addresses", "allowed_addresses");
        }
        if other.allow_query && !self.allow_query {
            return narrower("ways to send it", "allow_query");
        }
        Ok(())
    }

    /// The networks as people write them: one address without its prefix length.
    pub fn shown_networks(&self) -> Vec<String> {
        let shown = |network: &IpNet| {
            if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
        };
        self.networks.iter().map(shown).collect()
    }
}

/// A network or a single address, in the one form in which it is compared.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let network = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical())))?;
    Some(network.trunc())
}

/// When a stored time is over.
pub(super) fn is_over(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_some_and(|at| at <= now)
}

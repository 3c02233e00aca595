//! Who is calling, and what they may do. Every slice asks here, so that a door cannot forget to.

use model::accounts::{Role, Scope};
use model::{Error, Result};
use std::net::IpAddr;

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInfo {
    /// The client's address, after trusted proxies.
    pub address: IpAddr,
    /// What the client calls itself; stored cut to [`ClientInfo::USER_AGENT_LENGTH`] characters.
    pub user_agent: String,
}

impl ClientInfo {
    /// Characters of a user agent that are kept.
    pub const USER_AGENT_LENGTH: usize = 300;

    /// The user agent as it is stored: cut, and without control characters.
    pub fn stored_user_agent(&self) -> String {
        self.user_agent.chars().filter(|c| !c.is_control()).take(Self::USER_AGENT_LENGTH).collect()
    }
}

/// By what a caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A browser's session.
    Session {
        /// The session's number.
        id: i64,
    },
    /// An API key.
    Key {
        /// The key's number.
        id: i64,
        /// What the key may be used for.
        scopes: Vec<Scope>,
    },
    /// The program itself: the command line and recurring duties.
    System,
}

/// A caller that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The user's number; 0 for the program itself.
    pub user_id: i64,
    /// The user's name.
    pub username: String,
    /// The user's role.
    pub role: Role,
    /// By what they proved it.
    pub via: Via,
    /// The address they came from, after trusted proxies; none for the program itself.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// The program itself, which may do everything.
    pub fn system() -> Self {
        Actor { user_id: 0, username: "system".to_owned(), role: Role::Admin, via: Via::System, address: None }
    }

    /// Whether the credential covers a scope. [`Scope::Admin`] needs the role as well; no scope implies another.
    pub fn may(&self, scope: Scope) -> bool {
        let covered = match &self.via {
            Via::Session { .. } | Via::System => true,
            Via::Key { scopes, .. } => scopes.contains(&scope),
        };
        covered && (scope != Scope::Admin || self.role == Role::Admin)
    }

    /// Refuses unless [`Actor::may`].
    pub fn require(&self, scope: Scope) -> Result<()> {
        if self.may(scope) {
            return Ok(());
        }
        Err(Error::forbidden(match scope {
            Scope::Admin if self.role != Role::Admin => "Only an administrator may do this.".to_owned(),
            _ => format!("This API key does not have the scope `{}`.", scope.as_str()),
        }))
    }

    /// Refuses unless it is an administrator, with a session, or with a key of the scope `admin`.
    pub fn require_admin(&self) -> Result<()> {
        self.require(Scope::Admin)
    }

    /// The session it came by, if it did.
    pub fn session_id(&self) -> Option<i64> {
        match self.via {
            Via::Session { id } => Some(id),
            Via::Key { .. } | Via::System => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, via: Via) -> Actor {
        Actor { user_id: 1, username: "a".to_owned(), role, via, address: None }
    }

    /// Role by credential by scope: the whole table.
    #[test]
    fn scopes_and_roles() {
        let key = |scopes: &[Scope]| Via::Key { id: 1, scopes: scopes.to_vec() };
        let table = [
            (actor(Role::User, Via::Session { id: 1 }), "tasks:read tasks:write account"),
            (actor(Role::Admin, Via::Session { id: 1 }), "tasks:read tasks:write account admin"),
            (actor(Role::User, key(&Scope::ALL)), "tasks:read tasks:write account"),
            (actor(Role::Admin, key(&Scope::ALL)), "tasks:read tasks:write account admin"),
            (actor(Role::Admin, key(&[Scope::TasksRead])), "tasks:read"),
            (actor(Role::Admin, key(&[Scope::Admin])), "admin"),
            (actor(Role::Admin, key(&[])), ""),
            (Actor::system(), "tasks:read tasks:write account admin"),
        ];
        for (actor, allowed) in table {
            let found: Vec<_> = Scope::ALL.into_iter().filter(|scope| actor.require(*scope).is_ok()).map(Scope::as_str).collect();
            assert_eq!(found.join(" "), allowed, "{actor:?}");
        }
    }
}

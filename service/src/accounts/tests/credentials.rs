//! Sessions and API keys.

use super::at;
use crate::accounts::*;
use crate::actor::{Actor, Via};
use crate::db::query;
use crate::db_test;
use crate::testing::{PASSWORD, START, TestService};
use model::ErrorCode::*;
use model::accounts::{NewKey, Scope};
use model::time::Timestamp;
use std::time::Duration;

const DAY_MS: i64 = 86_400_000;

fn new_key(scopes: &[Scope]) -> NewKey {
    NewKey { name: " nightly job ".to_owned(), scopes: scopes.to_vec(), ..NewKey::default() }
}

/// Uses are noted beside the request: waits until a query finds what it should.
async fn until(t: &TestService, sql: &'static str, value: i64) {
    let mut found = None;
    for _ in 0..200 {
        found = t.db.fetch_one(query(sql)).await.unwrap().get::<Option<i64>>(0).unwrap();
        if found == Some(value) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{sql} found {found:?} and not {value}");
}

db_test! {
    async fn sessions_slide_and_end(t: TestService) {
        t.user("alice", 0).await;
        let from = at("198.51.100.7");
        let session = log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap();
        let stored = t.db.fetch_one(query("SELECT token_hash, user_agent FROM sessions")).await.unwrap();
        assert!(!stored.get::<String>("token_hash").unwrap().contains(&session.token));
        assert_eq!(stored.get::<String>("user_agent").unwrap(), "Firefox 150");
        assert_eq!(actor_of_session(&t, "made up", &from).await.unwrap(), None);

        // Within a minute nothing is written; after it the end moves.
        t.clock.advance(59_000);
        let me = actor_of_session(&t, &session.token, &at("203.0.113.9")).await.unwrap().unwrap();
        let seen = sessions(&t, &me).await.unwrap();
        assert_eq!((seen.len(), seen[0].current, seen[0].address.as_str(), seen[0].last_used_at), (1, true, "198.51.100.7", START));
        t.clock.advance(29 * DAY_MS);
        assert!(actor_of_session(&t, &session.token, &at("203.0.113.9")).await.unwrap().is_some());
        until(&t, "SELECT expires_at FROM sessions", t.clock.now().0 + 30 * DAY_MS).await;
        assert_eq!(sessions(&t, &me).await.unwrap()[0].address, "203.0.113.9");
        for _ in 0..2 {
            t.clock.advance(29 * DAY_MS);
            assert!(actor_of_session(&t, &session.token, &from).await.unwrap().is_some());
        }
        // However much it is used, it ends 90 days after it began.
        until(&t, "SELECT expires_at FROM sessions", START.0 + 90 * DAY_MS).await;
        t.clock.advance(4 * DAY_MS);
        assert_eq!(actor_of_session(&t, &session.token, &from).await.unwrap(), None);
        assert!(!still_valid(&t, &me).await.unwrap());

        let session = log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap();
        t.clock.advance(30 * DAY_MS);
        assert_eq!(actor_of_session(&t, &session.token, &from).await.unwrap(), None);
    }

    async fn sessions_are_ended_by_their_owner_only(t: TestService) {
        t.user("alice", 0).await;
        t.user("mallory", 0).await;
        let from = at("198.51.100.7");
        let mut tokens = Vec::new();
        for name in ["alice", "alice", "alice", "mallory"] {
            tokens.push(log_in(&t, name, PASSWORD, &from).await.unwrap().session().unwrap().token);
        }
        let mut actors = Vec::new();
        for token in &tokens {
            actors.push(actor_of_session(&t, token, &from).await.unwrap().unwrap());
        }
        let id = |actor: &Actor| actor.session_id().unwrap();
        assert_eq!(revoke_session(&t, &actors[3], id(&actors[0])).await.unwrap_err().code, NotFound);
        revoke_session(&t, &actors[0], id(&actors[1])).await.unwrap();
        assert_eq!(actor_of_session(&t, &tokens[1], &from).await.unwrap(), None);
        assert_eq!(revoke_other_sessions(&t, &actors[0]).await.unwrap(), 1);
        assert_eq!(actor_of_session(&t, &tokens[2], &from).await.unwrap(), None);
        log_out(&t, &tokens[0]).await.unwrap();
        log_out(&t, &tokens[0]).await.unwrap();
        assert_eq!(actor_of_session(&t, &tokens[0], &from).await.unwrap(), None);
        assert!(actor_of_session(&t, &tokens[3], &from).await.unwrap().is_some());
    }

    async fn keys_open_what_they_are_for(t: TestService) {
        let alice = t.user("alice", 0).await;
        let mallory = t.user("mallory", 0).await;
        let from = at("198.51.100.7");
        let made = create_key(&t, &alice, new_key(&[Scope::TasksWrite, Scope::TasksRead, Scope::TasksRead])).await.unwrap();
        assert!(made.secret.len() == 36 && made.secret.starts_with(&made.key.prefix) && made.key.prefix.starts_with("arw_"));
        assert_eq!((made.key.name.as_str(), made.key.scopes.as_slice()), ("nightly job", &[Scope::TasksRead, Scope::TasksWrite][..]));
        let stored = t.db.fetch_one(query("SELECT secret_hash FROM api_keys")).await.unwrap().get::<String>(0).unwrap();
        assert!(!stored.contains(&made.secret[4..]) && stored.len() == 64);

        let actor = actor_of_key(&t, &made.secret, true, &from).await.unwrap();
        assert_eq!((actor.user_id, actor.require(Scope::TasksWrite).is_ok(), actor.require(Scope::Account).unwrap_err().code), (alice.user_id, true, Forbidden));
        until(&t, "SELECT last_used_at FROM api_keys", START.0).await;
        t.clock.advance(90_000);
        actor_of_key(&t, &made.secret, false, &from).await.unwrap();
        until(&t, "SELECT last_used_at FROM api_keys", START.0 + 60_000).await;

        for unknown in ["", "arw_", "arw_00000000000000000000000000000000", &made.secret[..35], &made.secret.to_uppercase()] {
            assert_eq!(actor_of_key(&t, unknown, false, &from).await.unwrap_err().code, Unauthenticated, "{unknown}");
        }
        assert_eq!(revoke_key(&t, &mallory, made.key.id).await.unwrap_err().code, NotFound);
        assert!(keys(&t, &mallory).await.unwrap().is_empty());
        revoke_key(&t, &alice, made.key.id).await.unwrap();
        assert_eq!(actor_of_key(&t, &made.secret, false, &from).await.unwrap_err().code, CredentialExpired);
        assert!(!still_valid(&t, &actor).await.unwrap());
        let revoked_at = keys(&t, &alice).await.unwrap()[0].revoked_at;
        t.clock.advance(1000);
        revoke_key(&t, &alice, made.key.id).await.unwrap();
        assert_eq!(keys(&t, &alice).await.unwrap()[0].revoked_at, revoked_at);
    }

    async fn keys_end_and_are_bound_to_places(t: TestService) {
        let alice = t.user("alice", 0).await;
        let admin = t.admin("admin").await;
        let new = NewKey {
            expires_at: Some(Timestamp(START.0 + DAY_MS)),
            allowed_addresses: vec!["203.0.113.7".to_owned(), "10.9.0.0/16".to_owned(), "2001:db8::/32".to_owned()],
            allow_query: Some(false),
            ..new_key(&[Scope::TasksRead])
        };
        let made = create_key(&t, &alice, new).await.unwrap();
        assert_eq!(made.key.allowed_addresses, ["203.0.113.7", "10.9.0.0/16", "2001:db8::/32"]);
        for (address, allowed) in [("203.0.113.7", true), ("::ffff:10.9.1.1", true), ("2001:db8::9", true), ("203.0.113.8", false), ("10.8.0.1", false)] {
            let found = actor_of_key(&t, &made.secret, false, &at(address)).await;
            assert_eq!(found.is_ok(), allowed, "{address}");
            assert!(allowed || found.unwrap_err().code == AddressNotAllowed);
        }
        assert_eq!(actor_of_key(&t, &made.secret, true, &at("10.9.0.1")).await.unwrap_err().code, Forbidden);
        set_enabled(&t, &admin, "alice", false).await.unwrap();
        assert_eq!(actor_of_key(&t, &made.secret, false, &at("10.9.0.1")).await.unwrap_err().code, AccountDisabled);
        set_enabled(&t, &admin, "alice", true).await.unwrap();
        t.clock.advance(DAY_MS);
        assert_eq!(actor_of_key(&t, &made.secret, false, &at("10.9.0.1")).await.unwrap_err().code, CredentialExpired);

        for (field, new) in [
            ("name", NewKey { name: "  ".to_owned(), ..new_key(&[Scope::TasksRead]) }),
            ("scopes", new_key(&[])),
            ("scopes", new_key(&[Scope::Admin])),
            ("expires_at", NewKey { expires_at: Some(t.clock.now()), ..new_key(&[Scope::TasksRead]) }),
            ("allowed_addresses", NewKey { allowed_addresses: vec!["example.com".to_owned()], ..new_key(&[Scope::TasksRead]) }),
        ] {
            let refused = create_key(&t, &alice, new).await.unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), (Invalid, Some(field)));
        }
        assert!(create_key(&t, &admin, new_key(&[Scope::Admin])).await.is_ok());
    }

    async fn a_key_never_makes_a_wider_one(t: TestService) {
        let alice = t.user("alice", 0).await;
        let end = Some(Timestamp(START.0 + DAY_MS));
        let own = NewKey { expires_at: end, allowed_addresses: vec!["10.0.0.0/8".to_owned()], allow_query: Some(false), ..new_key(&[Scope::Account, Scope::TasksRead]) };
        let own = create_key(&t, &alice, own).await.unwrap();
        let asking = actor_of_key(&t, &own.secret, false, &at("10.0.0.1")).await.unwrap();
        let inside = NewKey { expires_at: end, allowed_addresses: vec!["10.1.0.0/16".to_owned()], ..new_key(&[Scope::TasksRead]) };
        for (field, new) in [
            ("scopes", NewKey { scopes: vec![Scope::TasksWrite], ..inside.clone() }),
            ("expires_at", NewKey { expires_at: None, ..inside.clone() }),
            ("expires_at", NewKey { expires_at: Some(Timestamp(START.0 + DAY_MS + 1)), ..inside.clone() }),
            ("allowed_addresses", NewKey { allowed_addresses: vec![], ..inside.clone() }),
            ("allowed_addresses", NewKey { allowed_addresses: vec!["10.1.0.0/16".to_owned(), "11.0.0.1".to_owned()], ..inside.clone() }),
            ("allow_query", NewKey { allow_query: Some(true), ..inside.clone() }),
        ] {
            let refused = create_key(&t, &asking, new).await.unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), (Forbidden, Some(field)));
        }
        let child = create_key(&t, &asking, inside).await.unwrap();
        assert!(!child.key.allow_query);
        let child = actor_of_key(&t, &child.secret, false, &at("10.1.0.1")).await.unwrap();
        assert_eq!(create_key(&t, &child, new_key(&[Scope::TasksRead])).await.unwrap_err().code, Forbidden);
        // A revoked key makes none, even where it is still remembered.
        revoke_key(&t, &alice, own.key.id).await.unwrap();
        assert_eq!(create_key(&t, &asking, new_key(&[Scope::TasksRead])).await.unwrap_err().code, CredentialExpired);
        assert!(matches!(asking.via, Via::Key { .. }));
    }
}

//! Set-up, log-in and its brakes, passwords, users.

use super::at;
use crate::accounts::*;
use crate::actor::{Actor, Via};
use crate::db::query;
use crate::db_test;
use crate::testing::PASSWORD;
use model::ErrorCode::*;
use model::accounts::Role;

db_test! {
    async fn the_first_run_makes_one_administrator(t: TestService) {
        let token = setup_token(&t);
        assert!(setup_needed(&t).await.unwrap());
        assert_eq!(set_up(&t, "guess", "root.user", PASSWORD).await.unwrap_err().code, Forbidden);
        assert_eq!(set_up(&t, &token, "r", PASSWORD).await.unwrap_err().field.as_deref(), Some("username"));
        assert_eq!(set_up(&t, &token, "root.user", "12345678").await.unwrap_err().code, WeakPassword);
        let other = t.another_node().await;
        let other_token = setup_token(&other);
        assert_ne!(token, other_token);

        let (here, there) = tokio::join!(set_up(&t, &token, "root.user", PASSWORD), set_up(&other, &other_token, "other.user", PASSWORD));
        assert_eq!([&here, &there].iter().filter(|made| made.is_ok()).count(), 1, "{here:?} {there:?}");
        assert_eq!(here.and(there).unwrap_err().code, AlreadySetUp);
        assert!(!setup_needed(&t).await.unwrap() && !setup_needed(&other).await.unwrap());
        assert_eq!(set_up(&t, &token, "third.user", PASSWORD).await.unwrap_err().code, AlreadySetUp);
        let people = users(&t, &Actor::system()).await.unwrap();
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].role, people[0].enabled, people[0].balance.available), (Role::Admin, true, 0));
        t.assert_healthy().await;
    }

    async fn guessing_passwords_is_slowed_down_by_account(t: TestService) {
        t.user("alice", 0).await;
        let from = at("198.51.100.7");
        for known in ["alice", "nobody"] {
            for _ in 0..5 {
                let wrong = log_in(&t, known, "wrong password", &from).await.unwrap_err();
                assert_eq!((wrong.code, wrong.message.as_str()), (WrongCredentials, "The user name or the password is wrong."));
            }
            // The right password makes no difference while it waits, wherever it comes from.
            let wait = log_in(&t, known, PASSWORD, &at("203.0.113.1")).await.unwrap_err();
            assert_eq!((wait.code, wait.retry_after), (RateLimited, Some(61)));
        }
        t.clock.advance(60_001);
        assert_eq!(log_in(&t, "alice", "wrong password", &from).await.unwrap_err().code, WrongCredentials);
        assert_eq!(log_in(&t, "alice", PASSWORD, &from).await.unwrap_err().retry_after, Some(121));
        t.clock.advance(120_001);
        log_in(&t, "ALICE", PASSWORD, &from).await.unwrap();
        // A success starts the count anew.
        for _ in 0..4 {
            assert_eq!(log_in(&t, "alice", "wrong password", &from).await.unwrap_err().code, WrongCredentials);
        }
        log_in(&t, "alice", PASSWORD, &from).await.unwrap();
    }

    async fn many_guesses_at_once_are_many_guesses(t: TestService) {
        t.user("alice", 0).await;
        let tries = (0..30).map(async |n| log_in(&t, "alice", "wrong password", &at(&format!("198.51.100.{n}"))).await.unwrap_err().code);
        let codes = futures::future::join_all(tries).await;
        assert!(codes.iter().all(|code| matches!(code, WrongCredentials | RateLimited)));
        let looked_at = codes.iter().filter(|code| **code == WrongCredentials).count();
        assert_eq!(looked_at, 5);
    }

    async fn guessing_passwords_is_slowed_down_by_address(t: TestService) {
        t.user("alice", 0).await;
        for n in 0..19 {
            assert_eq!(log_in(&t, &format!("guess{n}"), "wrong password", &at("2001:db8::1")).await.unwrap_err().code, WrongCredentials);
        }
        // The last one allowed is right: it does not count, and neither does the wait that it began.
        log_in(&t, "alice", PASSWORD, &at("2001:db8::2")).await.unwrap();
        assert_eq!(log_in(&t, "guess", "wrong password", &at("2001:db8::3")).await.unwrap_err().code, WrongCredentials);
        let wait = log_in(&t, "alice", PASSWORD, &at("2001:db8::ffff:1")).await.unwrap_err();
        assert_eq!((wait.code, wait.retry_after), (RateLimited, Some(61)));
        // A name that nobody can have is counted by address only, and another network is not held up.
        assert_eq!(log_in(&t, &"x".repeat(500), "wrong password", &at("2001:db8:0:1::1")).await.unwrap_err().code, WrongCredentials);
        log_in(&t, "alice", PASSWORD, &at("2001:db8:0:1::1")).await.unwrap();
        let rows = t.db.fetch_all(query("SELECT subject FROM login_failures WHERE subject LIKE 'user:x%'")).await.unwrap();
        assert!(rows.is_empty());
    }

    async fn changing_a_password_ends_other_sessions(t: TestService) {
        let alice = t.user("alice", 0).await;
        let from = at("198.51.100.7");
        let (first, second) = (log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap(), log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap());
        let me = actor_of_session(&t, &first.token, &from).await.unwrap().unwrap();
        assert!(actor_of_session(&t, &second.token, &from).await.unwrap().is_some());
        assert_eq!(change_password(&t, &me, "wrong password", "another horse 43").await.unwrap_err().code, WrongCredentials);
        assert_eq!(change_password(&t, &me, PASSWORD, "alice").await.unwrap_err().code, WeakPassword);
        let by_key = Actor { via: Via::Key { id: 1, scopes: model::accounts::Scope::ALL.to_vec() }, ..alice.clone() };
        assert_eq!(change_password(&t, &by_key, PASSWORD, "another horse 43").await.unwrap_err().code, Forbidden);
        change_password(&t, &me, PASSWORD, "another horse 43").await.unwrap();
        assert!(actor_of_session(&t, &first.token, &from).await.unwrap().is_some());
        assert_eq!(actor_of_session(&t, &second.token, &from).await.unwrap(), None);
        assert_eq!(log_in(&t, "alice", PASSWORD, &from).await.unwrap_err().code, WrongCredentials);

        let admin = t.admin("admin").await;
        assert_eq!(set_password(&t, &me, "admin", "another horse 43").await.unwrap_err().code, Forbidden);
        set_password(&t, &admin, "Alice", "third horse 44").await.unwrap();
        assert_eq!(actor_of_session(&t, &first.token, &from).await.unwrap(), None);
        log_in(&t, "alice", "third horse 44", &from).await.unwrap();
    }

    async fn users_are_made_and_kept_out(t: TestService) {
        let admin = t.admin("admin").await;
        let alice = t.user("Alice", 7).await;
        let from = at("198.51.100.7");
        assert_eq!(create_user(&t, &admin, "aLICE", PASSWORD, Role::User).await.unwrap_err().code, NameTaken);
        assert_eq!(create_user(&t, &alice, "bob", PASSWORD, Role::User).await.unwrap_err().code, Forbidden);
        assert_eq!(users(&t, &alice).await.unwrap_err().code, Forbidden);
        assert_eq!(user_id(&t, "ALICE").await.unwrap(), alice.user_id);
        assert_eq!(user_id(&t, "../x").await.unwrap_err().code, NotFound);
        let about = me(&t, &alice).await.unwrap();
        assert_eq!((about.username.as_str(), about.balance.available), ("Alice", 7));
        assert_eq!(acting_for(&t, "alice").await.unwrap().role, Role::User);

        let session = log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap();
        let actor = actor_of_session(&t, &session.token, &from).await.unwrap().unwrap();
        assert!(still_valid(&t, &actor).await.unwrap());
        set_enabled(&t, &admin, "alice", false).await.unwrap();
        assert_eq!(actor_of_session(&t, &session.token, &from).await.unwrap(), None);
        assert!(!still_valid(&t, &actor).await.unwrap());
        // Only who knows the password learns that the account is disabled.
        assert_eq!(log_in(&t, "alice", "wrong password", &from).await.unwrap_err().code, WrongCredentials);
        assert_eq!(log_in(&t, "alice", PASSWORD, &from).await.unwrap_err().code, AccountDisabled);
        set_enabled(&t, &admin, "alice", true).await.unwrap();
        assert!(log_in(&t, "alice", PASSWORD, &from).await.is_ok());

        t.admin("second").await;
        let (one, other) = tokio::join!(set_enabled(&t, &admin, "admin", false), set_enabled(&t, &admin, "second", false));
        assert_eq!([&one, &other].iter().filter(|done| done.is_ok()).count(), 1);
        assert_eq!(one.and(other).unwrap_err().code, Conflict);
    }
}

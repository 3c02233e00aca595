//! What administrators do with users, and people who register.

use super::at;
use crate::accounts::*;
use crate::actor::Actor;
use crate::db::query;
use crate::db_test;
use crate::testing::PASSWORD;
use model::ErrorCode::*;
use model::accounts::{NewKey, Role, Scope};
use model::paging::Paging;
use model::settings::{Registration, Settings};
use model::tasks::Order;
use model::time::Timestamp;
use model::users::{NewInvitation, NewUser, PasswordReset, UserFilter, UserLimits, UserPatch, UserSort};

async fn actions(t: &crate::Service, target: &str) -> Vec<String> {
    let rows = query("SELECT action FROM audit_log WHERE target = $1 ORDER BY id").bind(target);
    t.db.fetch_all(rows).await.unwrap().iter().map(|row| row.get("action").unwrap()).collect()
}

async fn allow(t: &crate::Service, admin: &Actor, version: i64, registration: Registration) {
    crate::settings::update(t, admin, version, Settings { registration, ..Settings::default() }).await.unwrap();
}

db_test! {
    async fn users_are_found(t: TestService) {
        let admin = t.admin("Root").await;
        let (alice, _bob) = (t.user("alice", 7).await, t.user("bob_1", 90).await);
        update_user(&t, &admin, alice.user_id, UserPatch { enabled: Some(false), ..Default::default() }).await.unwrap();
        assert_eq!(list_users(&t, &alice, &UserFilter::default()).await.unwrap_err().code, Forbidden);
        let names = async |filter: UserFilter| -> Vec<String> {
            let page = list_users(&t, &admin, &filter).await.unwrap();
            page.items.into_iter().map(|user| user.username).collect()
        };
        let filter = UserFilter::default;
        assert_eq!(names(filter()).await, ["bob_1", "alice", "Root"]);
        assert_eq!(names(UserFilter { q: Some("OB_".into()), ..filter() }).await, ["bob_1"]);
        assert_eq!(names(UserFilter { q: Some(alice.user_id.to_string()), role: Some(Role::User), enabled: Some(false), ..filter() }).await, ["alice"]);
        assert_eq!(names(UserFilter { role: Some(Role::Admin), ..filter() }).await, ["Root"]);
        assert_eq!(names(UserFilter { enabled: Some(true), ..filter() }).await, ["bob_1", "Root"]);
        assert_eq!(names(UserFilter { sort: Some(UserSort::Available), ..filter() }).await, ["bob_1", "alice", "Root"]);
        assert_eq!(names(UserFilter { sort: Some(UserSort::Username), order: Some(Order::Asc), ..filter() }).await, ["alice", "bob_1", "Root"]);
        let page = list_users(&t, &admin, &UserFilter { page: Some(2), page_size: Some(2), ..filter() }).await.unwrap();
        assert_eq!((page.total, page.items.len()), (3, 1));
        assert_eq!(list_users(&t, &admin, &UserFilter { q: Some("x".repeat(101)), ..filter() }).await.unwrap_err().field.as_deref(), Some("q"));
    }

    async fn users_are_made_changed_and_kept_out(t: TestService) {
        let admin = t.admin("root").await;
        let from = at("198.51.100.7");
        let made = make_user(&t, &admin, NewUser { username: "carol".into(), ..Default::default() }).await.unwrap();
        let password = made.password.unwrap();
        let session = log_in(&t, "carol", &password, &from).await.unwrap().session().unwrap();
        let carol = actor_of_session(&t, &session.token, &from).await.unwrap().unwrap();
        let key = create_key(&t, &carol, NewKey { name: "k".into(), scopes: vec![Scope::TasksRead], ..Default::default() }).await.unwrap();
        let id = made.user.id;
        let seen = user(&t, &admin, id).await.unwrap();
        assert_eq!((seen.sessions.len(), seen.keys.len(), seen.user.role, seen.user.enabled), (1, 1, Role::User, true));
        assert_eq!(make_user(&t, &admin, NewUser { username: "CAROL".into(), ..Default::default() }).await.unwrap_err().code, NameTaken);
        assert_eq!(make_user(&t, &carol, NewUser { username: "dave".into(), ..Default::default() }).await.unwrap_err().code, Forbidden);
        assert_eq!(user(&t, &carol, id).await.unwrap_err().code, Forbidden);

        // Kept out at once, by session and by key.
        update_user(&t, &admin, id, UserPatch { enabled: Some(false), ..Default::default() }).await.unwrap();
        assert_eq!(actor_of_session(&t, &session.token, &from).await.unwrap(), None);
        assert_eq!(actor_of_key(&t, &key.secret, false, &from).await.unwrap_err().code, AccountDisabled);
        update_user(&t, &admin, id, UserPatch { enabled: Some(true), role: Some(Role::Admin), ..Default::default() }).await.unwrap();
        assert_eq!(actor_of_key(&t, &key.secret, false, &from).await.unwrap().role, Role::Admin);
        assert_eq!(update_user(&t, &admin, 999, UserPatch::default()).await.unwrap_err().code, NotFound);

        let session = log_in(&t, "carol", &password, &from).await.unwrap().session().unwrap();
        assert_eq!(revoke_user_keys(&t, &admin, id).await.unwrap().count, 1);
        assert_eq!(actor_of_key(&t, &key.secret, false, &from).await.unwrap_err().code, CredentialExpired);
        assert_eq!(end_user_sessions(&t, &admin, id).await.unwrap().count, 1);
        assert_eq!(actor_of_session(&t, &session.token, &from).await.unwrap(), None);
        assert_eq!(end_user_sessions(&t, &admin, id).await.unwrap().count, 0);
        assert_eq!(revoke_user_keys(&t, &admin, 999).await.unwrap_err().code, NotFound);

        let fresh = reset_password(&t, &admin, id, PasswordReset::default()).await.unwrap().password.unwrap();
        assert_eq!(log_in(&t, "carol", &password, &from).await.unwrap_err().code, WrongCredentials);
        log_in(&t, "carol", &fresh, &from).await.unwrap();
        assert_eq!(reset_password(&t, &admin, id, PasswordReset { password: Some("short".into()) }).await.unwrap_err().code, WeakPassword);
        assert_eq!(reset_password(&t, &admin, id, PasswordReset { password: Some("third horse 44".into()) }).await.unwrap().password, None);
        assert_eq!(reset_password(&t, &admin, 999, PasswordReset::default()).await.unwrap_err().code, NotFound);
        let log = actions(&t, &format!("user:{id}")).await;
        assert_eq!(log, ["user.create", "user.update", "user.update", "user.revoke_keys", "user.end_sessions", "user.reset_password", "user.reset_password"]);
        let rows = t.db.fetch_all(query("SELECT before_value, after_value FROM audit_log")).await.unwrap();
        for row in rows {
            for column in ["before_value", "after_value"] {
                let text = row.get::<Option<String>>(column).unwrap().unwrap_or_default();
                assert!(![&password, &fresh, "third horse 44"].iter().any(|secret| text.contains(*secret)), "{text}");
            }
        }
    }

    async fn the_last_administrator_stays(t: TestService) {
        let admin = t.admin("root").await;
        let user = UserPatch { role: Some(Role::User), ..Default::default() };
        let out = UserPatch { enabled: Some(false), ..Default::default() };
        assert_eq!(update_user(&t, &admin, admin.user_id, user.clone()).await.unwrap_err().code, Conflict);
        assert_eq!(update_user(&t, &admin, admin.user_id, out.clone()).await.unwrap_err().code, Conflict);
        let second = t.admin("second").await;
        let (one, other) = tokio::join!(update_user(&t, &admin, second.user_id, user), update_user(&t, &admin, admin.user_id, out));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {other:?}");
    }

    async fn limits_of_one_user(t: TestService) {
        let admin = t.admin("root").await;
        let alice = t.user("alice", 0).await;
        let other = t.another_node().await;
        let set = |max_parallel, requests_per_minute| UserPatch { limits: Some(UserLimits { max_parallel, requests_per_minute }), ..Default::default() };
        for (patch, field) in [(set(Some(0), None), "max_parallel"), (set(None, Some(-1)), "requests_per_minute"), (set(Some(10_001), None), "max_parallel")] {
            assert_eq!(update_user(&t, &admin, alice.user_id, patch).await.unwrap_err().field.as_deref(), Some(field));
        }
        let view = update_user(&t, &admin, alice.user_id, set(Some(2), Some(60))).await.unwrap();
        assert_eq!((view.limits.max_parallel, view.limits.requests_per_minute), (Some(2), Some(60)));
        assert_eq!(own_limits(&t, alice.user_id), view.limits);
        assert_eq!(own_limits(&other, alice.user_id), UserLimits::default());
        assert!(refresh_limits(&other).await.unwrap());
        assert_eq!(own_limits(&other, alice.user_id), view.limits);
        assert!(!refresh_limits(&other).await.unwrap());
        update_user(&t, &admin, alice.user_id, set(None, None)).await.unwrap();
        assert_eq!(own_limits(&t, alice.user_id), UserLimits::default());
    }

    async fn people_register_where_they_may(t: TestService) {
        let admin = t.admin("root").await;
        let from = |n: u8| at(&format!("198.51.100.{n}"));
        assert_eq!(register(&t, "alice", PASSWORD, "", &from(1)).await.unwrap_err().code, Forbidden);
        allow(&t, &admin, 0, Registration::Open).await;
        let id = register(&t, " alice ", PASSWORD, "", &from(1)).await.unwrap();
        assert_eq!(user(&t, &admin, id).await.unwrap().user.role, Role::User);
        log_in(&t, "alice", PASSWORD, &from(1)).await.unwrap();
        assert_eq!(register(&t, "Alice", PASSWORD, "", &from(1)).await.unwrap_err().code, NameTaken);
        assert_eq!(register(&t, "a", PASSWORD, "", &from(1)).await.unwrap_err().field.as_deref(), Some("username"));
        assert_eq!(register(&t, "carol", "12345678", "", &from(1)).await.unwrap_err().code, WeakPassword);

        allow(&t, &admin, 1, Registration::Invitation).await;
        assert_eq!(register(&t, "bob", PASSWORD, "nonsense", &from(2)).await.unwrap_err().field.as_deref(), Some("code"));
        let made = create_invitation(&t, &admin, NewInvitation { note: "for Bob".into(), max_uses: Some(2), expires_at: None }).await.unwrap();
        register(&t, "bob", PASSWORD, &made.code, &from(3)).await.unwrap();
        // A name that is taken costs no use.
        assert_eq!(register(&t, "bob", PASSWORD, &made.code, &from(3)).await.unwrap_err().code, NameTaken);
        let (here, there) = (from(4), from(5));
        let (one, other) = tokio::join!(register(&t, "dan", PASSWORD, &made.code, &here), register(&t, "eve", PASSWORD, &made.code, &there));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {other:?}");
        let list = invitations(&t, &admin, Paging::default()).await.unwrap();
        assert_eq!((list.total, list.items[0].uses, list.items[0].created_by.as_str()), (1, 2, "root"));
        t.assert_healthy().await;
    }

    async fn new_users_are_told_when_few_points_are_left(t: TestService) {
        let admin = t.admin("root").await;
        let settings = Settings { low_balance_default: Some(50), registration: Registration::Open, ..Settings::default() };
        crate::settings::update(&t, &admin, 0, settings).await.unwrap();
        let made = make_user(&t, &admin, NewUser { username: "carol".into(), ..Default::default() }).await.unwrap().user.id;
        let registered = register(&t, "dave", PASSWORD, "", &at("198.51.100.1")).await.unwrap();
        for (id, threshold) in [(admin.user_id, 0), (made, 50), (registered, 50)] {
            assert_eq!(crate::ledger::low_balance(&t, id).await.unwrap(), threshold);
        }
    }

    async fn invitations_end(t: TestService) {
        let admin = t.admin("root").await;
        allow(&t, &admin, 0, Registration::Invitation).await;
        let now = t.clock.now();
        let new = NewInvitation { expires_at: Some(Timestamp(now.0 + 1000)), ..Default::default() };
        let short = create_invitation(&t, &admin, new).await.unwrap();
        let gone = create_invitation(&t, &admin, NewInvitation::default()).await.unwrap();
        revoke_invitation(&t, &admin, gone.invitation.id).await.unwrap();
        revoke_invitation(&t, &admin, gone.invitation.id).await.unwrap();
        t.clock.advance(1000);
        for (n, code) in [(1, &short.code), (2, &gone.code)] {
            let error = register(&t, "bob", PASSWORD, code, &at(&format!("198.51.100.{n}"))).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("code"));
        }
        assert_eq!(revoke_invitation(&t, &admin, 999).await.unwrap_err().code, NotFound);
        let bad = async |new: NewInvitation| create_invitation(&t, &admin, new).await.unwrap_err().field.unwrap();
        assert_eq!(bad(NewInvitation { max_uses: Some(0), ..Default::default() }).await, "max_uses");
        assert_eq!(bad(NewInvitation { note: "x".repeat(201), ..Default::default() }).await, "note");
        assert_eq!(bad(NewInvitation { expires_at: Some(t.clock.now()), ..Default::default() }).await, "expires_at");
        let alice = t.user("alice", 0).await;
        assert_eq!(create_invitation(&t, &alice, NewInvitation::default()).await.unwrap_err().code, Forbidden);
        assert_eq!(invitations(&t, &alice, Paging::default()).await.unwrap_err().code, Forbidden);
        assert_eq!(revoke_invitation(&t, &alice, 1).await.unwrap_err().code, Forbidden);
    }

    async fn registering_is_slowed_down_by_address(t: TestService) {
        let admin = t.admin("root").await;
        allow(&t, &admin, 0, Registration::Open).await;
        for n in 0..5 {
            register(&t, &format!("user{n}"), PASSWORD, "", &at("198.51.100.1")).await.unwrap();
        }
        assert_eq!(register(&t, "user5", PASSWORD, "", &at("198.51.100.1")).await.unwrap_err().code, RateLimited);
        register(&t, "user5", PASSWORD, "", &at("198.51.100.2")).await.unwrap();
        // Logging in is not held up by it.
        log_in(&t, "user0", PASSWORD, &at("198.51.100.1")).await.unwrap();
    }
}

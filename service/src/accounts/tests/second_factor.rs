use super::at;
use crate::accounts::{
    LogIn, code_at, log_in, log_in_code, renew_recovery_codes, reset_totp, totp_begin, totp_confirm, totp_disable, totp_status,
};
use crate::actor::Actor;
use crate::db_test;
use crate::testing::{PASSWORD, TestService};
use model::ErrorCode::{Conflict, CredentialExpired, Forbidden, RateLimited, WrongCredentials};

/// Switches the second factor of somebody on; the secret and the recovery codes.
async fn switch_on(t: &TestService, user: &Actor) -> (String, Vec<String>) {
    let setup = totp_begin(t, user, PASSWORD).await.unwrap();
    let code = code_at(&setup.secret, t.clock.now()).unwrap();
    let codes = totp_confirm(t, user, &code).await.unwrap().codes;
    t.clock.advance(30_000);
    (setup.secret, codes)
}

/// The first step of a log-in.
async fn challenge(t: &TestService) -> String {
    match log_in(t, "alice", PASSWORD, &at("203.0.113.1")).await.unwrap() {
        LogIn::SecondFactor(challenge) => challenge.token,
        LogIn::Session(_) => panic!("a session without the second factor"),
    }
}

db_test! {
    async fn a_log_in_takes_two_steps(t: TestService) {
        let (alice, from) = (t.user("alice", 0).await, at("203.0.113.1"));
        let (secret, codes) = switch_on(&t, &alice).await;
        assert_eq!((codes.len(), codes[0].len()), (10, 19));
        assert!(totp_status(&t, &alice).await.unwrap().enabled);
        let first = challenge(&t).await;
        assert!(crate::accounts::actor_of_session(&t, &first, &from).await.unwrap().is_none(), "the first step opens nothing");
        let code = code_at(&secret, t.clock.now()).unwrap();
        assert_eq!(log_in_code(&t, &first, "000000", &from).await.unwrap_err().code, WrongCredentials);
        let session = log_in_code(&t, &first, &code, &from).await.unwrap();
        assert_eq!(crate::accounts::actor_of_session(&t, &session.token, &from).await.unwrap().unwrap().user_id, alice.user_id);
        // Neither the first step nor the code works twice.
        assert_eq!(log_in_code(&t, &first, &code, &from).await.unwrap_err().code, CredentialExpired);
        let second = challenge(&t).await;
        assert_eq!(log_in_code(&t, &second, &code, &from).await.unwrap_err().code, WrongCredentials);
        // A recovery code works once, however it is typed.
        let typed = codes[3].to_uppercase().replace('-', " ");
        log_in_code(&t, &second, &typed, &from).await.unwrap();
        assert_eq!(log_in_code(&t, &challenge(&t).await, &codes[3], &from).await.unwrap_err().code, WrongCredentials);
        assert_eq!(totp_status(&t, &alice).await.unwrap().recovery_codes_left, 9);
        // The second step does not wait for ever.
        let late = challenge(&t).await;
        t.clock.advance(5 * 60_000);
        assert_eq!(log_in_code(&t, &late, &codes[4], &from).await.unwrap_err().code, CredentialExpired);
    }

    async fn codes_cannot_be_guessed(t: TestService) {
        let (alice, from) = (t.user("alice", 0).await, at("203.0.113.1"));
        let (secret, _) = switch_on(&t, &alice).await;
        for _ in 0..5 {
            // Whoever knows the password clears its count, but not the one of codes.
            assert_eq!(log_in_code(&t, &challenge(&t).await, "123456", &from).await.unwrap_err().code, WrongCredentials);
        }
        let right = code_at(&secret, t.clock.now()).unwrap();
        assert_eq!(log_in_code(&t, &challenge(&t).await, &right, &from).await.unwrap_err().code, RateLimited);
        t.clock.advance(61_000);
        let right = code_at(&secret, t.clock.now()).unwrap();
        log_in_code(&t, &challenge(&t).await, &right, &from).await.unwrap();
        // Many at once are many.
        t.clock.advance(3_600_000);
        let challenge = challenge(&t).await;
        let tries = (0..20).map(|_| log_in_code(&t, &challenge, "123456", &from));
        let wrong = futures::future::join_all(tries).await.into_iter().filter(|result| result.as_ref().unwrap_err().code == WrongCredentials);
        assert!(wrong.count() <= 6);
    }

    async fn it_is_switched_on_by_a_code_and_off_by_everything(t: TestService) {
        let alice = t.user("alice", 0).await;
        let from = at("203.0.113.1");
        assert_eq!(totp_begin(&t, &alice, "wrong password").await.unwrap_err().code, WrongCredentials);
        assert_eq!(totp_confirm(&t, &alice, "000000").await.unwrap_err().code, Conflict);
        let first = totp_begin(&t, &alice, PASSWORD).await.unwrap();
        assert!(first.uri.contains(&first.secret) && first.qr_svg.starts_with("<svg"));
        // Not confirmed: log-ins ask for nothing, and it can be made anew.
        let session = log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().unwrap();
        let second = totp_begin(&t, &alice, PASSWORD).await.unwrap();
        assert_eq!(totp_confirm(&t, &alice, &code_at(&first.secret, t.clock.now()).unwrap()).await.unwrap_err().code, WrongCredentials);
        totp_confirm(&t, &alice, &code_at(&second.secret, t.clock.now()).unwrap()).await.unwrap();
        assert!(crate::accounts::actor_of_session(&t, &session.token, &from).await.unwrap().is_none(), "sessions without a second factor end");
        assert_eq!(totp_begin(&t, &alice, PASSWORD).await.unwrap_err().code, Conflict);
        t.clock.advance(30_000);
        let code = || code_at(&second.secret, t.clock.now()).unwrap();
        assert_eq!(totp_disable(&t, &alice, "wrong password", &code()).await.unwrap_err().field.as_deref(), Some("password"));
        assert_eq!(totp_disable(&t, &alice, PASSWORD, "000000").await.unwrap_err().field.as_deref(), Some("code"));
        let renewed = renew_recovery_codes(&t, &alice, PASSWORD, &code()).await.unwrap().codes;
        totp_disable(&t, &alice, PASSWORD, &renewed[0]).await.unwrap();
        assert!(!totp_status(&t, &alice).await.unwrap().enabled);
        assert!(log_in(&t, "alice", PASSWORD, &from).await.unwrap().session().is_some());
        let key = Actor { via: crate::actor::Via::Key { id: 1, scopes: model::accounts::Scope::ALL.to_vec() }, ..alice };
        assert_eq!(totp_status(&t, &key).await.unwrap_err().code, Forbidden);
        assert_eq!(totp_begin(&t, &key, PASSWORD).await.unwrap_err().code, Forbidden);
    }

    async fn an_administrator_takes_it_away(t: TestService) {
        let (alice, admin) = (t.user("alice", 0).await, t.admin("root").await);
        switch_on(&t, &alice).await;
        let begun = challenge(&t).await;
        assert_eq!(reset_totp(&t, &alice, alice.user_id).await.unwrap_err().code, Forbidden);
        reset_totp(&t, &admin, alice.user_id).await.unwrap();
        assert_eq!(reset_totp(&t, &admin, alice.user_id).await.unwrap_err().code, Conflict);
        assert_eq!(log_in_code(&t, &begun, "000000", &at("203.0.113.1")).await.unwrap_err().code, CredentialExpired);
        assert!(log_in(&t, "alice", PASSWORD, &at("203.0.113.1")).await.unwrap().session().is_some());
        let row = t.db.fetch_one(crate::db::query("SELECT action, target FROM audit_log ORDER BY id DESC LIMIT 1")).await.unwrap();
        assert_eq!((row.get::<String>("action").unwrap().as_str(), row.get::<String>("target").unwrap()), ("user.reset_totp", format!("user:{}", alice.user_id)));
    }
}

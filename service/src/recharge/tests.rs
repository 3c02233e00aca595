use super::*;
use crate::db_test;
use model::recharge::{CodeFilter, CodeState, NewCodes};
use model::settings::Settings;
use model::{Error, ErrorCode};

fn new(points: i64, count: i64, uses: i64) -> NewCodes {
    NewCodes { points, count, uses, expires_at: None, note: "spring".to_owned() }
}

fn code_of(error: &Error) -> ErrorCode {
    error.code
}

db_test! {
    async fn what_the_administrator_says(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("user", 0).await);
        assert_eq!(info(&t, &user).await.unwrap(), RechargeInfo::default());
        let settings = Settings { recharge_content: " **Pay** <script>x</script> ".to_owned(), ..Settings::default() };
        crate::settings::update(&t, &admin, 0, settings).await.unwrap();
        let said = info(&t, &user).await.unwrap();
        assert_eq!(said.html, "<p><strong>Pay</strong> &lt;script&gt;x&lt;/script&gt;</p>\n");
    }

    async fn a_code_is_redeemed_once_by_each_user(t: TestService) {
        let (admin, user, other, third) = (t.admin("boss").await, t.user("user", 5).await, t.user("other", 0).await, t.user("third", 0).await);
        let made = create_codes(&t, &admin, &new(100, 2, 2)).await.unwrap();
        assert_eq!(made.codes.len(), 2);
        let code = &made.codes[0];
        assert_eq!((code.len(), code.matches('-').count()), (23, 3));
        let got = redeem(&t, &user, &code.to_lowercase()).await.unwrap();
        assert_eq!((got.points, got.available), (100, 105));
        assert_eq!(code_of(&redeem(&t, &user, code).await.unwrap_err()), ErrorCode::AlreadyRedeemed);
        redeem(&t, &other, code).await.unwrap();
        assert_eq!(code_of(&redeem(&t, &third, code).await.unwrap_err()), ErrorCode::RedemptionCodeUsedUp);
        assert_eq!(code_of(&redeem(&t, &user, code).await.unwrap_err()), ErrorCode::AlreadyRedeemed);
        redeem(&t, &user, &made.codes[1]).await.unwrap();

        let mine = records(&t, &user, Paging::default()).await.unwrap();
        let seen: Vec<_> = mine.items.iter().map(|record| (record.points, record.r#type, record.note.as_str())).collect();
        let redeemed = (100, RechargeType::Redemption, "spring");
        assert_eq!(seen, [redeemed, redeemed, (5, RechargeType::Recharge, "test")]);
        let all = all_records(&t, &admin, Paging::new(None, Some(2))).await.unwrap();
        let seen: Vec<_> = all.items.iter().map(|record| (record.username.as_str(), record.actor.as_str())).collect();
        assert_eq!((all.total, seen.as_slice()), (4, [("user", "boss"), ("other", "boss")].as_slice()));
        assert_eq!(code_of(&all_records(&t, &user, Paging::default()).await.unwrap_err()), ErrorCode::Forbidden);
        t.assert_healthy().await;
    }

    async fn of_fifty_at_once_one_succeeds(t: TestService) {
        let admin = t.admin("boss").await;
        let made = create_codes(&t, &admin, &new(10, 2, 1)).await.unwrap();
        let one = t.user("one", 0).await;
        let mut actors = Vec::new();
        for number in 0..25 {
            actors.push(t.user(&format!("user{number}"), 0).await);
        }
        // Half of them are different users, half are one user, who is slowed down besides.
        let tries = actors.iter().chain(std::iter::repeat_n(&one, 25)).cloned().map(|actor| {
            let (service, code) = ((*t).clone(), made.codes[0].clone());
            tokio::spawn(async move { redeem(&service, &actor, &code).await })
        });
        let mut won = 0;
        for attempt in tries.collect::<Vec<_>>() {
            match attempt.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => assert!(
                    [ErrorCode::RedemptionCodeUsedUp, ErrorCode::AlreadyRedeemed, ErrorCode::RateLimited].contains(&error.code),
                    "{error}"
                ),
            }
        }
        assert_eq!(won, 1);
        let total = t.db.fetch_one(query("SELECT CAST(SUM(available) AS BIGINT) AS n FROM accounts")).await.unwrap();
        assert_eq!(total.get::<i64>("n").unwrap(), 10);
        t.assert_healthy().await;
    }

    async fn expired_and_disabled_codes_add_nothing(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("user", 0).await);
        let soon = Timestamp(t.clock.now().0 + 1000);
        let short = create_codes(&t, &admin, &NewCodes { expires_at: Some(soon), ..new(10, 1, 1) }).await.unwrap();
        let off = create_codes(&t, &admin, &new(10, 3, 1)).await.unwrap();
        t.clock.advance(1000);
        assert_eq!(code_of(&redeem(&t, &user, &short.codes[0]).await.unwrap_err()), ErrorCode::RedemptionCodeExpired);
        let listed = codes(&t, &admin, &CodeFilter { batch: Some(off.batch.clone()), ..CodeFilter::default() }).await.unwrap();
        assert_eq!((listed.total, listed.items[0].state, listed.items[0].prefix.len()), (3, CodeState::Active, 5));
        let last = listed.items[2].id;
        assert_eq!(disable_code(&t, &admin, last).await.unwrap().disabled, 1);
        assert_eq!(disable_code(&t, &admin, last).await.unwrap().disabled, 0);
        assert_eq!(code_of(&disable_code(&t, &admin, 999_999).await.unwrap_err()), ErrorCode::NotFound);
        assert_eq!(code_of(&redeem(&t, &user, &off.codes[0]).await.unwrap_err()), ErrorCode::RedemptionCodeUnknown);
        redeem(&t, &user, &off.codes[1]).await.unwrap();
        let listed = codes(&t, &admin, &CodeFilter { batch: Some(off.batch.clone()), ..CodeFilter::default() }).await.unwrap();
        let redeemed: Vec<_> = listed.items.iter().flat_map(|code| &code.redeemers).map(|by| (by.username.as_str(), by.redeemed_at)).collect();
        assert_eq!(redeemed, [("user", t.clock.now())]);
        assert_eq!(disable_batch(&t, &admin, &off.batch).await.unwrap().disabled, 2);
        for nothing in ["nothing", "", "a\0b"] {
            assert_eq!(code_of(&disable_batch(&t, &admin, nothing).await.unwrap_err()), ErrorCode::NotFound);
        }
        let count = async |state| codes(&t, &admin, &CodeFilter { state: Some(state), ..CodeFilter::default() }).await.unwrap().total;
        assert_eq!((count(CodeState::Active).await, count(CodeState::Expired).await, count(CodeState::Disabled).await), (0, 1, 3));
        assert_eq!(code_of(&disable_batch(&t, &user, &off.batch).await.unwrap_err()), ErrorCode::Forbidden);
        let stored = t.db.fetch_all(query("SELECT code_hash, prefix FROM redemption_codes")).await.unwrap();
        for row in stored {
            let kept = row.get::<String>("code_hash").unwrap() + &row.get::<String>("prefix").unwrap();
            assert!(!off.codes.iter().any(|code| kept.contains(&code.replace('-', ""))), "codes are not stored");
        }
        t.assert_healthy().await;
    }

    async fn guessing_is_slowed_down(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("user", 0).await);
        let made = create_codes(&t, &admin, &new(10, 2, 1)).await.unwrap();
        redeem(&t, &user, &made.codes[0]).await.unwrap();
        let mut answers = Vec::new();
        for number in 0..12 {
            // A code that is known takes nothing off the guesses before it.
            if number == 5 {
                assert_eq!(code_of(&redeem(&t, &user, &made.codes[0]).await.unwrap_err()), ErrorCode::AlreadyRedeemed);
            }
            let guess = if number % 2 == 0 { "nonsense" } else { "AAAAA-AAAAA-AAAAA-AAAAA" };
            answers.push(redeem(&t, &user, guess).await.unwrap_err().code);
        }
        assert_eq!(answers[..10], [ErrorCode::RedemptionCodeUnknown; 10]);
        assert_eq!(answers[10..], [ErrorCode::RateLimited; 2]);
        assert_eq!(code_of(&redeem(&t, &user, &made.codes[1]).await.unwrap_err()), ErrorCode::RateLimited);
        t.clock.advance(61_000);
        redeem(&t, &user, &made.codes[1]).await.unwrap();
    }

    async fn what_makes_no_sense_is_refused(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("user", 0).await);
        for (bad, field) in [
            (new(0, 1, 1), "points"),
            (new(1, 0, 1), "count"),
            (new(1, 10_001, 1), "count"),
            (new(1, 1, 0), "uses"),
            (NewCodes { expires_at: Some(t.clock.now()), ..new(1, 1, 1) }, "expires_at"),
            (NewCodes { note: "x".repeat(501), ..new(1, 1, 1) }, "note"),
        ] {
            let error = create_codes(&t, &admin, &bad).await.unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some(field)));
        }
        assert_eq!(code_of(&create_codes(&t, &user, &new(1, 1, 1)).await.unwrap_err()), ErrorCode::Forbidden);
        assert_eq!(codes(&t, &admin, &CodeFilter::default()).await.unwrap().total, 0);
        assert_eq!(create_codes(&t, &admin, &new(1, 2500, 1)).await.unwrap().codes.len(), 2500);
        assert_eq!(codes(&t, &admin, &CodeFilter::default()).await.unwrap().total, 2500);
    }
}

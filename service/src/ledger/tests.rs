use super::*;
use crate::db::{Db, Tx, query};
use crate::db_test;
use crate::testing::{Engine, TestService};
use model::ledger::{EntryFilter, EntrySums, EntryTarget};
use model::time::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::HashMap;

/// What a ledger is, in forty lines: the model that the real one is compared with.
#[derive(Default, Clone, Debug)]
struct Model {
    balance: Balance,
    holds: HashMap<u8, (i64, Option<HoldEnd>)>,
}

#[derive(Debug, Clone)]
enum Step {
    Recharge(i64),
    Reverse(i64),
    Hold(u8, i64),
    End(u8, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1i64..50).prop_map(Step::Recharge),
        (1i64..50).prop_map(Step::Reverse),
        (0u8..6, 1i64..40).prop_map(|(hold, points)| Step::Hold(hold, points)),
        (0u8..6, any::<bool>()).prop_map(|(hold, capture)| Step::End(hold, capture)),
    ]
}

impl Model {
    /// Whether the step is possible, and its effect if so.
    fn apply(&mut self, step: &Step) -> bool {
        match step {
            Step::Recharge(points) => self.balance.available += points,
            Step::Reverse(points) if self.balance.available >= *points => self.balance.available -= points,
            Step::Hold(hold, points) if !self.holds.contains_key(hold) && self.balance.available >= *points => {
                self.holds.insert(*hold, (*points, None));
                self.balance.available -= points;
                self.balance.held += points;
            }
            Step::End(hold, capture) => {
                let Some((points, end @ None)) = self.holds.get_mut(hold) else { return false };
                *end = Some(if *capture { HoldEnd::Capture } else { HoldEnd::Release });
                self.balance.held -= *points;
                if !capture {
                    self.balance.available += *points;
                }
            }
            _ => return false,
        }
        true
    }
}

/// Applies a step to the real ledger in a transaction of its own; whether it was possible.
async fn real(db: &Db, user: i64, number: usize, step: &Step, holds: &HashMap<u8, (i64, Option<HoldEnd>)>) -> bool {
    let mut tx = db.tx().await.unwrap();
    let mut book = Book::open(&mut tx, &[user]).await.unwrap();
    let moved = match step {
        Step::Recharge(points) => book.by_hand(user, EntryKind::Recharge, *points, &format!("r{number}"), "", 1),
        Step::Reverse(points) => book.by_hand(user, EntryKind::ReverseRecharge, *points, &format!("v{number}"), "", 1),
        Step::Hold(hold, points) => book.hold(user, *points, &format!("h{hold}")),
        Step::End(hold, capture) => {
            let points = holds.get(hold).map_or(7, |(points, _)| *points);
            book.end(user, points, &format!("h{hold}"), if *capture { HoldEnd::Capture } else { HoldEnd::Release })
        }
    };
    moved.is_ok() && book.write(&mut tx, Timestamp(0)).await.is_ok() && tx.commit().await.is_ok()
}

/// Random sequences, in one database: each on an account of its own, whose holds are named apart.
async fn agrees_with_the_model(engine: Engine, cases: u32) {
    let t = TestService::start(engine).await;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = prop::collection::vec(step(), 1..25);
    for case in 0..cases {
        let steps = strategy.new_tree(&mut runner).unwrap().current();
        let user = 1000 + i64::from(case);
        let mut tx = t.db.tx().await.unwrap();
        scratch_account(&mut tx, user).await;
        let mut model = Model::default();
        for (number, step) in steps.iter().enumerate() {
            let before = model.clone();
            let expected = model.apply(step);
            let done = in_case(&mut tx, user, case, number, step, &before).await;
            assert_eq!(done, expected, "case {case} step {number} {step:?} of {steps:?}");
        }
        let row = tx.fetch_one(query("SELECT available, held FROM accounts WHERE user_id = $1").bind(user)).await.unwrap();
        let real = Balance { available: row.get("available").unwrap(), held: row.get("held").unwrap() };
        assert_eq!(real, model.balance, "case {case}: {steps:?}");
        let sums = query(
            "SELECT CAST(COALESCE(SUM(available_delta), 0) AS BIGINT) AS a, CAST(COALESCE(SUM(held_delta), 0) AS BIGINT) AS h
             FROM ledger_entries WHERE user_id = $1",
        );
        let row = tx.fetch_one(sums.bind(user)).await.unwrap();
        assert_eq!((row.get::<i64>("a").unwrap(), row.get::<i64>("h").unwrap()), (real.available, real.held), "case {case}");
    }
}

async fn scratch_account(tx: &mut Tx, user: i64) {
    let text = "INSERT INTO users (id, username, username_key, password_hash, role, enabled, created_at, updated_at) VALUES ($1, $2, $2, '', 'user', true, 0, 0)";
    tx.execute(query(text).bind(user).bind(format!("u{user}"))).await.unwrap();
    tx.execute(query("INSERT INTO accounts (user_id, available, held) VALUES ($1, 0, 0)").bind(user)).await.unwrap();
}

/// A step inside the case's transaction. What the book refuses writes nothing; an ended hold is refused by the row count of its statement.
async fn in_case(tx: &mut Tx, user: i64, case: u32, number: usize, step: &Step, before: &Model) -> bool {
    let mut book = Book::open(tx, &[user]).await.unwrap();
    let moved = match step {
        Step::Recharge(points) => book.by_hand(user, EntryKind::Recharge, *points, &format!("c{case}r{number}"), "", 1),
        Step::Reverse(points) => book.by_hand(user, EntryKind::ReverseRecharge, *points, &format!("c{case}v{number}"), "", 1),
        // A reference is used once in a life: the unique index would end the transaction, so the book is not asked.
        Step::Hold(hold, _) if before.holds.contains_key(hold) => return false,
        Step::Hold(hold, points) => book.hold(user, *points, &format!("c{case}h{hold}")),
        Step::End(hold, capture) => {
            let end = if *capture { HoldEnd::Capture } else { HoldEnd::Release };
            match before.holds.get(hold) {
                Some((points, _)) => book.end(user, *points, &format!("c{case}h{hold}"), end),
                None => return false,
            }
        }
    };
    moved.is_ok() && book.write(tx, Timestamp(0)).await.is_ok()
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

#[tokio::test]
async fn random_sequences_agree_with_the_model_sqlite() {
    agrees_with_the_model(Engine::Sqlite, cases()).await;
}

#[tokio::test]
async fn random_sequences_agree_with_the_model_postgres() {
    agrees_with_the_model(Engine::Postgres, cases()).await;
}

db_test! {
    async fn hundreds_of_parallel_spends_stop_at_the_balance(t: TestService) {
        let user = t.user("spender", 1_000).await.user_id;
        let spends = (0..200).map(|n| {
            let db = t.db.clone();
            tokio::spawn(async move { real(&db, user, n, &Step::Hold((n % 256) as u8, 30), &HashMap::new()).await })
        });
        let mut succeeded = 0;
        for spend in spends.collect::<Vec<_>>() {
            succeeded += i64::from(spend.await.unwrap());
        }
        assert_eq!(succeeded, 1_000 / 30);
        assert_eq!(balance(&t, user).await.unwrap(), Balance { available: 10, held: 990 });
    }

    async fn a_settled_hold_never_changes(t: TestService) {
        let user = t.user("once", 100).await.user_id;
        let held = HashMap::from([(1, (40, None))]);
        assert!(real(&t.db, user, 0, &Step::Hold(1, 40), &HashMap::new()).await);
        assert!(!real(&t.db, user, 1, &Step::Hold(1, 40), &HashMap::new()).await, "a reference is used once");
        let ends = [true, false].map(|capture| {
            let (db, held) = (t.db.clone(), held.clone());
            tokio::spawn(async move { real(&db, user, 2, &Step::End(1, capture), &held).await })
        });
        let mut won = 0;
        for end in ends {
            won += i64::from(end.await.unwrap());
        }
        assert_eq!(won, 1, "capture and release at once: one wins");
        for statement in [
            "UPDATE holds SET captured = 0, released = 0",
            "UPDATE holds SET amount = amount + 1",
            "DELETE FROM holds",
            "UPDATE ledger_entries SET points = points + 1",
            "DELETE FROM ledger_entries",
            "UPDATE accounts SET available = -1",
        ] {
            assert!(t.db.execute(query(statement)).await.is_err(), "{statement}");
        }
    }

    async fn refunds_stop_at_what_was_captured(t: TestService) {
        let system = Actor::system();
        let user = t.user("refunded", 100).await.user_id;
        assert!(real(&t.db, user, 0, &Step::Hold(1, 60), &HashMap::new()).await);
        assert!(refund(&t, &system, "h1:hold", 10, "early").await.is_err(), "nothing is captured yet");
        assert!(real(&t.db, user, 1, &Step::End(1, true), &HashMap::from([(1, (60, None))])).await);
        assert_eq!(refund(&t, &system, "h1:hold", 40, "first").await.unwrap().available, 80);
        assert_eq!(refund(&t, &system, "h1:hold", 10, "first").await.unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(refund(&t, &system, "h1:hold", 21, "second").await.unwrap_err().code, ErrorCode::Conflict);
        assert_eq!(refund(&t, &system, "h1:hold", 20, "second").await.unwrap().available, 100);
        t.assert_healthy().await;
    }

    async fn points_by_hand_are_for_administrators(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("someone", 5).await);
        assert_eq!(recharge(&t, &user, user.user_id, 1, "").await.unwrap_err().code, ErrorCode::Forbidden);
        assert_eq!(recharge(&t, &admin, user.user_id, 0, "").await.unwrap_err().code, ErrorCode::Invalid);
        assert_eq!(recharge(&t, &admin, 999, 1, "").await.unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(reverse_recharge(&t, &admin, user.user_id, 6, "").await.unwrap_err().code, ErrorCode::InsufficientPoints);
        assert_eq!(reverse_recharge(&t, &admin, user.user_id, 5, "back").await.unwrap().available, 0);
        let listed = entries(&t, &user, &EntryFilter::default()).await.unwrap();
        let seen: Vec<_> = listed.items.iter().map(|entry| (entry.kind, entry.points, entry.available_after, entry.note.as_str())).collect();
        assert_eq!(seen, [(EntryKind::ReverseRecharge, 5, 0, "back"), (EntryKind::Recharge, 5, 5, "test")]);
    }

    async fn taking_back_stops_at_zero(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("someone", 5).await);
        let mut taken = ByHand { kind: EntryKind::ReverseRecharge, user_id: user.user_id, points: 8, note: "x", up_to_available: false };
        assert_eq!(by_hand(&t, &admin, &taken).await.unwrap_err().code, ErrorCode::InsufficientPoints);
        taken.up_to_available = true;
        let moved = by_hand(&t, &admin, &taken).await.unwrap();
        assert_eq!((moved.points, moved.balance.available), (5, 0));
        assert_eq!(by_hand(&t, &admin, &taken).await.unwrap_err().code, ErrorCode::InsufficientPoints);
        let text = "SELECT action, target, after_value FROM audit_log WHERE actor_name = 'boss'";
        let rows = t.db.fetch_all(query(text)).await.unwrap();
        assert_eq!(rows.len(), 1, "what is refused leaves nothing");
        assert_eq!(rows[0].get::<String>("action").unwrap(), "points.reverse_recharge");
        assert_eq!(rows[0].get::<String>("after_value").unwrap(), r#"{"available":0,"note":"x","points":5}"#);
        t.assert_healthy().await;
    }

    async fn owners_are_told_once_for_each_crossing(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("someone", 100).await);
        assert_eq!(set_low_balance(&t, &user, -1).await.unwrap_err().code, ErrorCode::Invalid);
        set_low_balance(&t, &user, 50).await.unwrap();
        assert_eq!(low_balance(&t, user.user_id).await.unwrap(), 50);
        let mut news = t.events.subscribe(user.user_id, None);
        let id = user.user_id;
        // 100, 60, 45 (told), 40, 60, 49 (told).
        reverse_recharge(&t, &admin, id, 40, "").await.unwrap();
        reverse_recharge(&t, &admin, id, 15, "").await.unwrap();
        reverse_recharge(&t, &admin, id, 5, "").await.unwrap();
        recharge(&t, &admin, id, 20, "").await.unwrap();
        reverse_recharge(&t, &admin, id, 11, "").await.unwrap();
        let mut told = Vec::new();
        for _ in 0..7 {
            if let (_, Event::LowBalance { available, threshold }) = news.next().await.unwrap() {
                told.push((available, threshold));
            }
        }
        assert_eq!(told, [(45, 50), (49, 50)]);
    }

    async fn entries_are_narrowed_and_summed(t: TestService) {
        let (admin, user) = (t.admin("boss").await, t.user("someone", 100).await);
        let other = t.user("other", 100).await;
        let id = user.user_id;
        for (reference, end) in [("task:7:run:1", HoldEnd::Capture), ("task:7:run:2", HoldEnd::Release), ("task:71:run:1", HoldEnd::Capture)] {
            t.clock.advance(600_000);
            let now = t.clock.now();
            let hold = async |tx: &mut Tx| {
                let mut book = Book::open(tx, &[id]).await?;
                book.hold(id, 10, reference)?;
                Ok::<_, TxError>(book.write(tx, now).await?)
            };
            transact!(t.db, hold).unwrap();
            let body = async |tx: &mut Tx| {
                let mut book = Book::open(tx, &[id]).await?;
                book.end(id, 10, reference, end)?;
                if end == HoldEnd::Capture {
                    book.usage(id, |usage| usage.run_captured(id, 1, 10));
                }
                book.write(tx, now).await?;
                Ok::<_, TxError>(())
            };
            transact!(t.db, body).unwrap();
        }
        reverse_recharge(&t, &admin, id, 30, "").await.unwrap();
        refund(&t, &admin, "task:7:run:1:hold", 4, "r1").await.unwrap();

        let find = async |filter: EntryFilter| {
            let page = entries(&t, &user, &filter).await.unwrap();
            let seen: Vec<_> = page.items.iter().map(|entry| format!("{} {}", entry.kind.as_str(), entry.available_after)).collect();
            assert_eq!(page.total, i64::try_from(seen.len()).unwrap());
            (seen.join(", "), page.sums)
        };
        let (all, sums) = find(EntryFilter::default()).await;
        assert_eq!(all, "refund 54, reverse_recharge 50, capture 80, hold 80, release 90, hold 80, capture 90, hold 90, recharge 100");
        let expected = EntrySums { captured: 20, released: 10, refunded: 4, recharged: 100, reversed: 30, start: None, end: None };
        assert_eq!(sums, expected);
        let kind = |kind| EntryFilter { kind: Some(kind), ..EntryFilter::default() };
        assert_eq!(find(kind(EntryKind::Capture)).await.0, "capture 80, capture 90");
        assert_eq!(find(kind(EntryKind::Refund)).await.0, "refund 54");
        let q = |q: &str| EntryFilter { q: Some(q.to_owned()), ..EntryFilter::default() };
        assert_eq!(find(q("7")).await.0, "release 90, hold 80, capture 90, hold 90");
        assert_eq!(find(q("task:7:run:2")).await.0, "release 90, hold 80");
        assert_eq!(find(q(" task:71:run:1:capture ")).await.0, "capture 80");
        assert_eq!(find(q("task:72")).await.0, "");
        assert_eq!(entries(&t, &user, &q("task")).await.unwrap_err().field.as_deref(), Some("q"));
        // The second of the three, ten minutes each; the sums span its quarters of an hour.
        let at = |minutes: i64| Some(Timestamp(crate::testing::START.0 + minutes * 60_000));
        let (some, sums) = find(EntryFilter { start: at(15), end: at(21), ..EntryFilter::default() }).await;
        assert_eq!(some, "release 90, hold 80");
        assert_eq!((sums.start, sums.end, sums.captured, sums.released), (at(15), at(30), 0, 10));
        assert_eq!(find(EntryFilter { end: at(5), ..EntryFilter::default() }).await.0, "recharge 100");
        assert_eq!(find(EntryFilter { start: at(300), ..EntryFilter::default() }).await.0, "");
        let entry = &entries(&t, &user, &kind(EntryKind::Release)).await.unwrap().items[0];
        assert_eq!(entry.target, Some(EntryTarget::Task { id: 7, run: 2 }));
        // Nobody sees the entries of others, by whatever reference.
        assert_eq!(entries(&t, &other, &q("7")).await.unwrap().total, 0);

        let first = export(&t, &user, &EntryFilter::default(), None).await.unwrap();
        assert_eq!(first.len(), 9);
        let rest = export(&t, &user, &EntryFilter::default(), Some(first[6].id)).await.unwrap();
        assert_eq!(rest.len(), 2);
        assert!(export(&t, &user, &EntryFilter::default(), Some(first[8].id)).await.unwrap().is_empty());
    }
}

use super::super::attempt::DELAYS;
use super::*;
use crate::db_test;
use model::ErrorCode::{Conflict, NotFound};
use model::events::Event;
use model::webhooks::{AdminDeliveryFilter, DeliveryFilter, DeliveryStatus, DeliveryView, DisabledReason, WebhookPatch};

/// The newest delivery.
async fn newest(t: &TestService, user: &Actor, id: i64) -> DeliveryView {
    deliveries(t, user, id, &DeliveryFilter::default()).await.unwrap().items.remove(0)
}

async fn tell(t: &TestService, user: &Actor) {
    t.submit(user, "good", "x").await;
    t.drain().await;
}

db_test! {
    async fn failures_are_tried_again_on_schedule_and_then_given_up(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/a?status=500", receiver.url)).await;
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let mut waits = Vec::new();
        loop {
            let now = newest(&t, &alice, id).await;
            let Some(next) = now.next_attempt_at else { break };
            waits.push((next.0 - t.clock.now().0) / 1000);
            // Just before its time nothing is sent.
            t.clock.advance(next.0 - t.clock.now().0 - 1);
            drain(&t).await.unwrap();
            assert_eq!(newest(&t, &alice, id).await.attempts, now.attempts);
            t.clock.advance(1);
            drain(&t).await.unwrap();
        }
        assert_eq!(waits, DELAYS);
        assert_eq!(waits.iter().sum::<i64>(), 75 * 3600 + 35 * 60 + 5);
        let given_up = newest(&t, &alice, id).await;
        assert_eq!((given_up.status, given_up.attempts, given_up.status_code), (DeliveryStatus::Failed, 10, 500));
        let got = received(&receiver);
        assert_eq!(got.len(), 10);
        assert!(got.iter().all(|request| request.headers["webhook-id"] == given_up.message_id), "one id for all attempts");
        let times: std::collections::BTreeSet<_> = got.iter().map(|request| &request.headers["webhook-timestamp"]).collect();
        assert_eq!(times.len(), 10);
        assert!(get(&t, &alice, id).await.unwrap().enabled);

        // Sent again by hand: the same id, and the whole schedule before it.
        assert_eq!(resend(&t, &alice, given_up.id).await.unwrap().status, DeliveryStatus::Pending);
        drain(&t).await.unwrap();
        let again = newest(&t, &alice, id).await;
        assert_eq!((again.status, again.attempts), (DeliveryStatus::Pending, 11));
        assert_eq!((again.next_attempt_at.unwrap().0 - t.clock.now().0) / 1000, DELAYS[0]);
        let bob = t.user("bob", 0).await;
        assert_eq!(resend(&t, &bob, given_up.id).await.unwrap_err().code, NotFound);
        assert_eq!(delivery(&t, &bob, given_up.id).await.unwrap_err().code, NotFound);
    }

    async fn a_receiver_that_fails_for_five_days_is_switched_off(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (dead, _) = webhook(&t, &alice, format!("{}/hooks/dead?status=503", receiver.url)).await;
        let told = NewWebhook { events: Some(vec![WebhookEvent::WebhookDisabled]), ..new("told", format!("{}/hooks/told", receiver.url)) };
        create(&t, &alice, told).await.unwrap();
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        assert_eq!(get(&t, &alice, dead).await.unwrap().failing_since, Some(t.clock.now()));
        let mut news = t.events.subscribe(alice.user_id, None);
        t.clock.advance(120 * 3_600_000);
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let off = get(&t, &alice, dead).await.unwrap();
        assert_eq!((off.enabled, off.disabled_reason), (false, Some(DisabledReason::Failing)));
        let failed = DeliveryFilter { status: Some(DeliveryStatus::Failed), ..DeliveryFilter::default() };
        let page = deliveries(&t, &alice, dead, &failed).await.unwrap();
        let waiting = DeliveryFilter { status: Some(DeliveryStatus::Pending), ..DeliveryFilter::default() };
        assert_eq!(deliveries(&t, &alice, dead, &waiting).await.unwrap().total, 0, "what waited is given up");
        let told = received(&receiver).into_iter().find(|request| request.path == "/hooks/told").expect("another webhook tells");
        assert_eq!((&told.body["data"]["name"], &told.body["data"]["reason"]), (&"hook".into(), &"failing".into()));
        loop {
            if let (_, Event::WebhookDisabled { id, reason, .. }) = news.next().await.unwrap() {
                assert_eq!((id, reason), (dead, DisabledReason::Failing));
                break;
            }
        }
        assert_eq!(resend(&t, &alice, page.items[0].id).await.unwrap_err().code, Conflict);
        let on = update(&t, &alice, dead, WebhookPatch { enabled: Some(true), ..WebhookPatch::default() }).await.unwrap();
        assert_eq!((on.enabled, on.disabled_reason, on.failing_since), (true, None, None));
        t.assert_healthy().await;
    }

    async fn success_forgets_failures(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/a?fail_first=1", receiver.url)).await;
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        assert!(get(&t, &alice, id).await.unwrap().failing_since.is_some());
        t.clock.advance(5000);
        drain(&t).await.unwrap();
        assert_eq!(newest(&t, &alice, id).await.status, DeliveryStatus::Delivered);
        assert_eq!(get(&t, &alice, id).await.unwrap().failing_since, None);
    }

    async fn gone_redirected_overloaded_and_away(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (gone, _) = webhook(&t, &alice, format!("{}/hooks/a?status=410", receiver.url)).await;
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let off = get(&t, &alice, gone).await.unwrap();
        assert_eq!((off.enabled, off.disabled_reason), (false, Some(DisabledReason::Gone)));
        assert_eq!(newest(&t, &alice, gone).await.status, DeliveryStatus::Failed);
        delete(&t, &alice, gone).await.unwrap();

        let (moved, _) = webhook(&t, &alice, format!("{}/hooks/a?status=302", receiver.url)).await;
        let (busy, _) = webhook(&t, &alice, format!("{}/hooks/a?status=429&retry_after=60", receiver.url)).await;
        let (away, _) = webhook(&t, &alice, "http://127.0.0.1:1/".to_owned()).await;
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        assert!(newest(&t, &alice, moved).await.error.contains("redirect"));
        let paused = newest(&t, &alice, busy).await;
        assert_eq!(paused.next_attempt_at.unwrap().0 - t.clock.now().0, 60_000, "the receiver said how long");
        assert_eq!(newest(&t, &alice, away).await.error, "The receiver could not be reached.");
        // Other events for the overloaded receiver wait as well.
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        assert_eq!(newest(&t, &alice, busy).await.attempts, 0);
        t.clock.advance(60_000);
        drain(&t).await.unwrap();
        assert_eq!(newest(&t, &alice, busy).await.attempts, 1);
    }

    async fn secrets_change_without_a_gap(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, old) = webhook(&t, &alice, format!("{}/hooks/a", receiver.url)).await;
        let rotated = rotate_secret(&t, &alice, id).await.unwrap();
        let latest = rotated.secret.unwrap();
        assert!(rotated.webhook.old_secret_until.is_some());
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let signatures = |index: usize| {
            let request = &received(&receiver)[index];
            let (id, at) = (&request.headers["webhook-id"], request.headers["webhook-timestamp"].parse().unwrap());
            let expected = |secret: &str| sign(secret, id, at, &request.body.to_string()).unwrap();
            (request.headers["webhook-signature"].clone(), expected(&old), expected(&latest))
        };
        let (sent, with_old, with_latest) = signatures(0);
        assert_eq!(sent, format!("{with_latest} {with_old}"));
        t.clock.advance(24 * 3_600_000);
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let (sent, _, with_latest) = signatures(1);
        assert_eq!(sent, with_latest);
        let robot = NewWebhook { kind: WebhookKind::Feishu, ..new("r", format!("{}/hooks/r", receiver.url)) };
        let robot = create(&t, &alice, robot).await.unwrap();
        assert_eq!(robot.secret, None);
        assert_eq!(rotate_secret(&t, &alice, robot.webhook.id).await.unwrap_err().code, Conflict);
    }

    async fn tests_are_sent_at_once_and_only_once(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/a?status=500", receiver.url)).await;
        update(&t, &alice, id, WebhookPatch { enabled: Some(false), ..WebhookPatch::default() }).await.unwrap();
        let bad = test(&t, &alice, id).await.unwrap();
        assert_eq!((bad.delivery.status, bad.delivery.event, bad.attempts[0].status_code), (DeliveryStatus::Failed, WebhookEvent::Test, 500));
        assert_eq!(get(&t, &alice, id).await.unwrap().failing_since, None, "a test says nothing about the receiver's health");
        let url = format!("{}/hooks/r", receiver.url);
        let robot = NewWebhook { kind: WebhookKind::Dingtalk, signing_secret: Some("SEC1".to_owned()), ..new("r", url) };
        let robot = create(&t, &alice, robot).await.unwrap().webhook.id;
        let good = test(&t, &alice, robot).await.unwrap();
        assert_eq!((good.delivery.status, good.delivery.error.as_str()), (DeliveryStatus::Delivered, ""));
        let last = received(&receiver).pop().unwrap();
        assert!(last.path.contains("sign=") && last.body["text"]["content"].as_str().unwrap().contains("测试消息"), "{last:?}");
        t.clock.advance(3_600_000);
        drain(&t).await.unwrap();
        assert_eq!(received(&receiver).len(), 2);
    }

    async fn a_slow_receiver_does_not_stop_the_others(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let bob = t.user("bob", 10).await;
        let (slow, _) = webhook(&t, &alice, format!("{}/hooks/slow?delay_ms=300", receiver.url)).await;
        webhook(&t, &bob, format!("{}/hooks/quick", receiver.url)).await;
        for _ in 0..12 {
            t.submit(&alice, "good", "x").await;
        }
        t.submit(&bob, "good", "x").await;
        t.drain().await;
        receiver.reset();
        drain(&t).await.unwrap();
        let order: Vec<_> = received(&receiver).iter().map(|request| request.path.starts_with("/hooks/quick")).collect();
        assert_eq!(order.len(), 13);
        assert!(order[..5].contains(&true), "{order:?}");
        assert!(receiver.stats().peak_in_flight <= 5, "four at a time of one webhook");
        let delivered = DeliveryFilter { status: Some(DeliveryStatus::Delivered), ..DeliveryFilter::default() };
        assert_eq!(deliveries(&t, &alice, slow, &delivered).await.unwrap().total, 12);
    }

    async fn a_vanished_worker_loses_nothing_and_a_late_one_changes_nothing(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/a", receiver.url)).await;
        tell(&t, &alice).await;
        let claimed = queue::claim(&t, &[queue::Quota { webhook_id: id, n: 1 }]).await.unwrap().remove(0);
        drain(&t).await.unwrap();
        assert!(received(&receiver).is_empty(), "somebody else has it");
        t.clock.advance(queue::LEASE_MS + 1);
        let other = t.another_node().await;
        drain(&other).await.unwrap();
        assert_eq!(newest(&t, &alice, id).await.status, DeliveryStatus::Delivered);
        let webhook = store::find(&t.db, alice.user_id, id).await.unwrap().unwrap();
        attempt::send(&t, &webhook, claimed).await;
        let after = newest(&t, &alice, id).await;
        assert_eq!((after.status, after.attempts), (DeliveryStatus::Delivered, 2));
        assert_eq!(delivery(&t, &alice, after.id).await.unwrap().attempts.len(), 1);
    }

    async fn old_deliveries_go_and_administrators_see_the_rest(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/secret-path", receiver.url)).await;
        tell(&t, &alice).await;
        drain(&t).await.unwrap();
        let admin = t.admin("root").await;
        let page = admin_deliveries(&t, &admin, &AdminDeliveryFilter::default()).await.unwrap();
        assert_eq!((page.total, page.items[0].username.as_str(), page.items[0].host.as_str()), (1, "alice", "127.0.0.1"));
        assert!(!serde_json::to_string(&page).unwrap().contains("secret-path"));
        let none = AdminDeliveryFilter { user_id: Some(admin.user_id), ..AdminDeliveryFilter::default() };
        assert_eq!(admin_deliveries(&t, &admin, &none).await.unwrap().total, 0);
        assert!(admin_deliveries(&t, &alice, &AdminDeliveryFilter::default()).await.is_err());
        assert_eq!(prune(&t).await.unwrap(), 0);
        delete(&t, &alice, id).await.unwrap();
        t.clock.advance(31 * 86_400_000);
        assert_eq!(prune(&t).await.unwrap(), 1);
        assert!(t.db.fetch_optional(query("SELECT 1 AS one FROM webhook_attempts")).await.unwrap().is_none());
    }
}

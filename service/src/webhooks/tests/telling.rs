use super::*;
use crate::db_test;
use crate::tasks;
use model::webhooks::{DeliveryFilter, DeliveryStatus, WebhookPatch};
use serde_json::json;

db_test! {
    async fn the_end_of_a_task_is_told_once(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, secret) = webhook(&t, &alice, format!("{}/hooks/a", receiver.url)).await;
        let task = t.submit(&alice, "good", "雨 🌧").await;
        t.drain().await;
        let page = deliveries(&t, &alice, id, &DeliveryFilter::default()).await.unwrap();
        assert_eq!((page.total, page.items[0].status, page.items[0].task_id), (1, DeliveryStatus::Pending, Some(task.id)));
        drain(&t).await.unwrap();
        let detail = delivery(&t, &alice, page.items[0].id).await.unwrap();
        assert_eq!((detail.delivery.status, detail.delivery.status_code, detail.attempts.len()), (DeliveryStatus::Delivered, 200, 1));
        let got = received(&receiver);
        assert_eq!(got.len(), 1);
        let body = &got[0].body;
        assert_eq!(body, &detail.body);
        assert_eq!((&body["type"], &body["data"]["status"], &body["data"]["id"]), (&json!("task.succeeded"), &json!("succeeded"), &json!(task.id)));
        assert_eq!(body["data"]["results"][0]["label"], "文本");
        assert!(body["data"]["results"][0]["value"].as_str().unwrap().contains("雨 🌧"), "{body}");
        let (message, at) = (&got[0].headers["webhook-id"], got[0].headers["webhook-timestamp"].parse().unwrap());
        assert_eq!(message, &detail.delivery.message_id);
        assert_eq!(Some(&got[0].headers["webhook-signature"]), sign(&secret, message, at, &body.to_string()).as_ref());
        assert_eq!(got[0].headers["content-type"], "application/json; charset=utf-8");
        t.assert_healthy().await;
    }

    async fn failures_and_cancellations_go_to_those_who_asked(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        for (name, event) in [("failed", WebhookEvent::TaskFailed), ("cancelled", WebhookEvent::TaskCancelled), ("succeeded", WebhookEvent::TaskSucceeded)] {
            let asked = NewWebhook { events: Some(vec![event]), ..new(name, format!("{}/hooks/{name}", receiver.url)) };
            create(&t, &alice, asked).await.unwrap();
        }
        let cancelled = t.submit(&alice, "good", "x").await;
        tasks::cancel(&t, &alice, cancelled.id).await.unwrap();
        t.submit(&alice, "refused", "x").await;
        t.drain().await;
        drain(&t).await.unwrap();
        let mut told: Vec<_> = received(&receiver).iter().map(|request| (request.path.clone(), request.body["type"].clone())).collect();
        told.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(told, [("/hooks/cancelled".to_owned(), json!("task.cancelled")), ("/hooks/failed".to_owned(), json!("task.failed"))]);
        // A new run is a new event, to the same receivers.
        tasks::retry(&t, &alice, cancelled.id).await.unwrap();
        tasks::cancel(&t, &alice, cancelled.id).await.unwrap();
        drain(&t).await.unwrap();
        assert_eq!(received(&receiver).iter().filter(|request| request.path == "/hooks/cancelled").count(), 2);
    }

    async fn who_has_no_webhook_costs_nothing(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let bob = t.user("bob", 10).await;
        let (id, _) = webhook(&t, &bob, format!("{}/hooks/bob", receiver.url)).await;
        t.submit(&alice, "good", "x").await;
        update(&t, &bob, id, WebhookPatch { enabled: Some(false), ..WebhookPatch::default() }).await.unwrap();
        t.submit(&bob, "good", "x").await;
        t.drain().await;
        drain(&t).await.unwrap();
        assert!(received(&receiver).is_empty());
        assert!(t.db.fetch_optional(query("SELECT 1 AS one FROM webhook_deliveries")).await.unwrap().is_none());
        assert!(t.db.fetch_optional(query("SELECT 1 AS one FROM accounts WHERE webhooks <> 0")).await.unwrap().is_none());
        update(&t, &bob, id, WebhookPatch { enabled: Some(true), ..WebhookPatch::default() }).await.unwrap();
        t.submit(&bob, "good", "x").await;
        t.drain().await;
        drain(&t).await.unwrap();
        assert_eq!(received(&receiver).len(), 1);
        t.assert_healthy().await;
    }

    async fn large_responses_are_left_out_and_said_to_be(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let (id, _) = webhook(&t, &alice, format!("{}/hooks/a", receiver.url)).await;
        for length in [300, 6000, 30_000] {
            t.submit(&alice, "good", &"长".repeat(length / 3)).await;
        }
        t.drain().await;
        drain(&t).await.unwrap();
        let page = deliveries(&t, &alice, id, &DeliveryFilter::default()).await.unwrap();
        let mut cut = Vec::new();
        for item in &page.items {
            let body = delivery(&t, &alice, item.id).await.unwrap().body;
            assert!(body.to_string().len() < 20_000);
            let data = &body["data"];
            cut.push((data["id"].as_i64().unwrap(), data["truncated"].as_bool().unwrap(), data["response"].is_null(), data["results"].is_null()));
        }
        cut.sort_unstable();
        assert_eq!(cut, [(1, false, false, false), (2, false, false, false), (3, true, true, true)]);
    }

    async fn points_that_run_low_are_told_once_for_each_crossing(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        crate::ledger::set_low_balance(&t, &alice, 99).await.unwrap();
        let asked = NewWebhook { events: Some(vec![WebhookEvent::BalanceLow]), ..new("b", format!("{}/hooks/b", receiver.url)) };
        create(&t, &alice, asked).await.unwrap();
        // 100, 99, 98, 97: one crossing, by a hold.
        for _ in 0..3 {
            t.submit(&alice, "good", "x").await;
        }
        t.drain().await;
        drain(&t).await.unwrap();
        let told: Vec<_> = received(&receiver).iter().map(|request| (request.body["type"].clone(), request.body["data"].clone())).collect();
        assert_eq!(told, [(json!("balance.low"), json!({ "available": 98, "threshold": 99 }))]);
    }

    async fn other_events_are_told_once(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let asked = NewWebhook { events: Some(vec![WebhookEvent::BalanceLow]), ..new("b", format!("{}/hooks/b", receiver.url)) };
        create(&t, &alice, asked).await.unwrap();
        for _ in 0..2 {
            let mut tx = t.db.tx().await.unwrap();
            let data = json!({ "available": 3, "threshold": 10 });
            announce(&mut tx, alice.user_id, WebhookEvent::BalanceLow, "balance:low:1", &data, t.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        drain(&t).await.unwrap();
        assert_eq!(received(&receiver).len(), 1);
    }
}

use super::*;
use crate::db_test;
use crate::tasks;
use model::ErrorCode::{Conflict, Forbidden, Invalid, NotFound};
use model::tasks::{NewTask, TaskPatch};
use model::webhooks::{MessageLanguage, WebhookPatch};

db_test! {
    async fn made_seen_changed_and_deleted(t: TestService) {
        let (_receiver, alice) = set_up(&t).await;
        let bob = t.user("bob", 0).await;
        let headers = [("X-Token".to_owned(), "hidden".to_owned())].into();
        let asked = NewWebhook { headers, ..new(" results ", "https://example.com/hook".to_owned()) };
        let made = create(&t, &alice, asked).await.unwrap();
        let secret = made.secret.unwrap();
        assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
        assert_eq!((made.webhook.name.as_str(), made.webhook.signed, made.webhook.enabled), ("results", true, true));
        assert_eq!(made.webhook.events, WebhookEvent::DEFAULT);
        assert_eq!(made.webhook.header_names, ["X-Token"]);
        let id = made.webhook.id;
        // No answer after the first holds a secret.
        let shown = serde_json::to_string(&(list(&t, &alice).await.unwrap(), get(&t, &alice, id).await.unwrap())).unwrap();
        assert!(!shown.contains(&secret) && !shown.contains("hidden"), "{shown}");
        for foreign in [
            get(&t, &bob, id).await.map(drop),
            delete(&t, &bob, id).await,
            update(&t, &bob, id, WebhookPatch::default()).await.map(drop),
            rotate_secret(&t, &bob, id).await.map(drop),
            test(&t, &bob, id).await.map(drop),
            deliveries(&t, &bob, id, &Default::default()).await.map(drop),
        ] {
            assert_eq!(foreign.unwrap_err().code, NotFound);
        }
        let patch = WebhookPatch {
            name: Some("new".to_owned()),
            events: Some(vec![WebhookEvent::TaskCancelled, WebhookEvent::TaskCancelled]),
            headers: Some([("X-Token".to_owned(), None), ("X-More".to_owned(), Some("1".to_owned()))].into()),
            language: Some(MessageLanguage::En),
            all_tasks: Some(false),
            enabled: Some(false),
            ..WebhookPatch::default()
        };
        let changed = update(&t, &alice, id, patch).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.enabled, changed.all_tasks, changed.language), ("new", false, false, MessageLanguage::En));
        assert_eq!(changed.events, [WebhookEvent::TaskCancelled]);
        assert_eq!(changed.header_names, ["X-More", "X-Token"]);
        let kept: String = t.db.fetch_one(query("SELECT headers FROM webhooks")).await.unwrap().get("headers").unwrap();
        assert!(kept.contains("hidden"), "a value that was not sent again is kept");
        delete(&t, &alice, id).await.unwrap();
        assert!(list(&t, &alice).await.unwrap().is_empty());
        t.assert_healthy().await;
    }

    async fn what_makes_no_sense_is_refused(t: TestService) {
        let (_receiver, alice) = set_up(&t).await;
        let good = || new("x", "https://example.com/".to_owned());
        let header = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
        let table = [
            ("name", NewWebhook { name: " ".to_owned(), ..good() }),
            ("url", NewWebhook { url: "ftp://example.com".to_owned(), ..good() }),
            ("url", NewWebhook { url: "http://10.0.0.1/".to_owned(), ..good() }),
            ("url", NewWebhook { url: "http://user:pass@example.com/".to_owned(), ..good() }),
            ("events", NewWebhook { events: Some(Vec::new()), ..good() }),
            ("events", NewWebhook { events: Some(vec![WebhookEvent::Test]), ..good() }),
            ("headers", NewWebhook { headers: header("Host", "x"), ..good() }),
            ("headers", NewWebhook { headers: header("webhook-id", "x"), ..good() }),
            ("headers", NewWebhook { headers: header("X", "a\nb"), ..good() }),
            ("signing_secret", NewWebhook { signing_secret: Some("s".to_owned()), ..good() }),
            ("signing_secret", NewWebhook { kind: WebhookKind::Bark, signing_secret: Some("s".to_owned()), ..good() }),
        ];
        for (field, bad) in table {
            let error = create(&t, &alice, bad).await.unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (Invalid, Some(field)), "{error}");
        }
        assert!(list(&t, &alice).await.unwrap().is_empty());
        let (id, _) = webhook(&t, &alice, "https://example.com/".to_owned()).await;
        let unknown = WebhookPatch { headers: Some([("X".to_owned(), None)].into()), ..WebhookPatch::default() };
        assert_eq!(update(&t, &alice, id, unknown).await.unwrap_err().field.as_deref(), Some("headers"));
        for _ in 1..50 {
            webhook(&t, &alice, "https://example.com/".to_owned()).await;
        }
        assert_eq!(create(&t, &alice, good()).await.unwrap_err().code, Conflict);
        let scopes = vec![model::accounts::Scope::TasksRead];
        let key = Actor { via: crate::actor::Via::Key { id: 1, scopes }, ..alice };
        assert_eq!(list(&t, &key).await.unwrap_err().code, Forbidden);
    }

    async fn tasks_choose_webhooks(t: TestService) {
        let (receiver, alice) = set_up(&t).await;
        let bob = t.user("bob", 10).await;
        let hook = async |user: &Actor, name: &str| {
            let asked = NewWebhook { all_tasks: false, ..new(name, format!("{}/hooks/{name}", receiver.url)) };
            create(&t, user, asked).await.unwrap().webhook.id
        };
        let (one, two, foreign, off) =
            (hook(&alice, "one").await, hook(&alice, "two").await, hook(&bob, "foreign").await, hook(&alice, "off").await);
        update(&t, &alice, off, WebhookPatch { enabled: Some(false), ..WebhookPatch::default() }).await.unwrap();
        let feature = t.feature("good");
        for bad in [foreign, off, 999] {
            let chosen = NewTask { webhook_ids: vec![one, bad], ..NewTask::default() };
            let error = tasks::submit(&t, &alice, feature, chosen).await.unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (Invalid, Some("webhook_ids")), "{error}");
        }
        let chosen = NewTask { webhook_ids: vec![two, one, one], ..NewTask::default() };
        let task = tasks::submit(&t, &alice, feature, chosen).await.unwrap();
        assert_eq!(tasks::get(&t, &alice, task.id).await.unwrap().webhook_ids, Some(vec![one, two]));
        tasks::submit(&t, &alice, feature, NewTask::default()).await.unwrap();
        let patch = TaskPatch { webhook_ids: Some(vec![two]), ..TaskPatch::default() };
        assert_eq!(tasks::update(&t, &alice, task.id, patch).await.unwrap().webhook_ids, Some(vec![two]));
        let bad = TaskPatch { webhook_ids: Some(vec![foreign]), ..TaskPatch::default() };
        assert_eq!(tasks::update(&t, &alice, task.id, bad).await.unwrap_err().field.as_deref(), Some("webhook_ids"));
        t.drain().await;
        drain(&t).await.unwrap();
        let told: Vec<_> = received(&receiver).iter().map(|request| request.path.clone()).collect();
        assert_eq!(told, ["/hooks/two"], "only what the task chose, and nothing for the other task");
        tasks::delete(&t, &alice, task.id).await.unwrap();
        t.assert_healthy().await;
    }
}

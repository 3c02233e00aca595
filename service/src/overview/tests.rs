use super::*;
use crate::db_test;
use model::ErrorCode::Forbidden;

const CATALOG: &str = "rules:
  - { name: call, request: { url: '{{ channel.base_url }}/call' }, max_retries: 1 }
features:
  - { key: echo, name: Echo, platform: stand-in, rule: call, points: 5, form_schema: [{ key: prompt }] }
";

db_test! {
    async fn it_shows_what_is_there(t: TestService) {
        t.catalog("http://127.0.0.1:1", CATALOG).await;
        let (admin, alice) = (t.admin("admin").await, t.user("alice", 100).await);
        assert_eq!(overview(&t, &alice).await.unwrap_err().code, Forbidden);
        take_pulse(&t).await.unwrap();
        for _ in 0..3 {
            t.submit(&alice, "echo", "hello").await;
        }
        t.clock.advance(10_000);
        take_pulse(&t).await.unwrap();
        let seen = overview(&t, &admin).await.unwrap();
        assert_eq!((seen.queue.queued, seen.queue.running, seen.queue.oldest_queued_at), (3, 0, Some(crate::testing::START)));
        assert_eq!((seen.tasks.total, seen.tasks.living()), (3, 3));
        assert_eq!(seen.users, UserCounts { total: 2, enabled: 2 });
        assert_eq!((seen.submitted_per_minute, seen.attempts_per_minute), (Some(18.0), Some(0.0)));
        assert_eq!(seen.history.len(), 1);
        assert_eq!((seen.channels.len(), seen.channels[0].name.as_str(), seen.channels[0].max_parallel), (1, "main", 64));
        assert!(seen.nodes.is_empty());
        assert!(seen.database.bytes > 0, "{:?}", seen.database);

        // Nobody listens there: the first attempt fails, and the second waits.
        t.drain().await;
        let seen = overview(&t, &admin).await.unwrap();
        assert_eq!((seen.queue.queued, seen.queue.retry_wait), (0, 3));
        assert_eq!(seen.queue.oldest_queued_at, None);
        t.advance(5).await;
        take_pulse(&t).await.unwrap();
        let seen = overview(&t, &admin).await.unwrap();
        assert_eq!((seen.queue.retry_wait, seen.tasks.failed), (0, 3));
        assert_eq!(seen.history.iter().map(|pulse| pulse.attempts).sum::<i64>(), 6);
    }
}

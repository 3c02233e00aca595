//! Every recurring duty of a node, with its period and its reason. None of them needs to be the only one that runs: each is safe on every node.

use crate::db::query;
use crate::service::Service;
use std::time::Duration;

/// A duty.
struct Duty {
    name: &'static str,
    every: Duration,
    run: fn(Service) -> futures::future::BoxFuture<'static, model::Result<u64>>,
}

const MINUTE: Duration = Duration::from_secs(60);

/// The duties of this node.
const DUTIES: &[Duty] = &[
    // Another node may have applied a catalog; this is how long it may go unseen here.
    Duty {
        name: "catalog",
        every: Duration::from_secs(2),
        run: |service| Box::pin(async move { crate::features::refresh(&service).await.map(u64::from) }),
    },
    // The same for system settings.
    Duty {
        name: "settings",
        every: Duration::from_secs(2),
        run: |service| Box::pin(async move { crate::settings::refresh(&service).await.map(u64::from) }),
    },
    // The same for limits of single users.
    Duty {
        name: "user_limits",
        every: Duration::from_secs(2),
        run: |service| Box::pin(async move { crate::accounts::refresh_limits(&service).await.map(u64::from) }),
    },
    // Another node may have taken a channel out of use or put it back, and channels that are to be tried again wait for this.
    Duty {
        name: "channel_health",
        every: Duration::from_secs(2),
        run: |service| Box::pin(async move { service.engine.refresh_health(&service).await }),
    },
    // Rates of the overview are differences of these looks.
    Duty {
        name: "pulse",
        every: Duration::from_secs(10),
        run: |service| Box::pin(async move { crate::overview::take_pulse(&service).await.map(|()| 0) }),
    },
    // Ages are counted in days, so an hour more or less does not matter.
    Duty {
        name: "retention",
        every: Duration::from_secs(3600),
        run: |service| Box::pin(async move { crate::tasks::delete_expired(&service).await }),
    },
    // The writer would do it in the middle of a commit once the log has 4,000 pages; done here it rarely has to.
    Duty {
        name: "checkpoint",
        every: Duration::from_secs(5),
        run: |service| Box::pin(async move { Ok(service.db.checkpoint().await.map(|()| 0)?) }),
    },
    // The same for the request logs, which are a file of their own on SQLite.
    Duty {
        name: "checkpoint_logs",
        every: Duration::from_secs(5),
        run: |service| Box::pin(async move { Ok(service.logs.checkpoint().await.map(|()| 0)?) }),
    },
    // What a killed node left of calls that it had begun: their points go back.
    Duty { name: "custom_apis", every: MINUTE, run: |service| Box::pin(async move { crate::custom_apis::recover(&service).await }) },
    // Request logs are kept as long, and as many, as the settings say.
    Duty { name: "request_logs", every: MINUTE, run: |service| Box::pin(async move { crate::request_logs::prune(&service).await }) },
    // First answers are promised for a day (Stripe's rule for idempotency keys, and ours).
    Duty { name: "idempotency", every: MINUTE, run: |service| Box::pin(prune(service, "idempotency", "created_at", 24 * 60 * MINUTE)) },
    // Deliveries are kept for as long as the settings say.
    Duty {
        name: "webhook_deliveries",
        every: Duration::from_secs(600),
        run: |service| Box::pin(async move { crate::webhooks::prune(&service).await }),
    },
    // Ended sessions are refused anyway; the rows go so that the table stays small.
    Duty {
        name: "sessions",
        every: Duration::from_secs(600),
        run: |service| Box::pin(prune(service, "sessions", "expires_at", Duration::ZERO)),
    },
    // The second step of a log-in takes minutes.
    Duty {
        name: "login_challenges",
        every: Duration::from_secs(600),
        run: |service| Box::pin(prune(service, "login_challenges", "expires_at", Duration::ZERO)),
    },
    // A block lasts minutes; a day later nobody asks.
    Duty {
        name: "login_failures",
        every: Duration::from_secs(600),
        run: |service| Box::pin(prune(service, "login_failures", "last_at", 24 * 60 * MINUTE)),
    },
];

/// Starts the duties; they end when the server stops.
pub fn start(service: &Service) {
    for duty in DUTIES {
        let service = service.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(duty.every) => {}
                    () = service.stopping.cancelled() => return,
                }
                match (duty.run)(service.clone()).await {
                    Ok(0) => {}
                    Ok(rows) => tracing::debug!(duty = duty.name, rows, "done"),
                    Err(error) => tracing::warn!(duty = duty.name, %error, "failed"),
                }
            }
        });
    }
}

/// Deletes rows whose instant is older than an age, 1,000 at a time so that writers in between do not wait.
async fn prune(service: Service, table: &'static str, column: &'static str, age: Duration) -> model::Result<u64> {
    let before = service.clock.now().0 - i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let key = if table == "login_failures" {
        "subject"
    } else if table == "sessions" {
        "id"
    } else if table == "login_challenges" {
        "token_hash"
    } else {
        "user_id, key"
    };
    let text = format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {column} < $1 LIMIT 1000)");
    let mut total = 0;
    loop {
        let gone = service.db.execute(query(crate::db::Sql::Built(text.clone().into())).bind(before)).await?;
        total += gone;
        if gone < 1000 {
            return Ok(total);
        }
    }
}

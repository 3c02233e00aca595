//! Load: many submissions at the same time, and waiting until their tasks have ended.

use crate::Outcome;
use crate::client::Client;
use bytes::Bytes;
use model::time::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections that submit.
pub const CONNECTIONS: usize = 64;

/// What became of a load.
pub struct Submitted {
    /// Seconds from the first call to the last answer.
    pub seconds: f64,
    /// How long each call took.
    pub calls_ms: Vec<f64>,
    /// Tasks of each client's user.
    pub tasks: Vec<usize>,
}

/// The body of a submission.
pub fn body(number: usize) -> Bytes {
    Bytes::from(format!("{{\"params\":{{\"prompt\":\"a song about rain, number {number}\"}},\"name\":\"bench {number}\"}}"))
}

/// What a loop without pauses came to.
pub struct Saturated {
    /// Exchanges a second, of all connections together.
    pub per_second: f64,
    /// How long each exchange took, in milliseconds.
    pub calls_ms: Vec<f64>,
    /// Bytes of all answers' bodies.
    pub bytes: usize,
}

/// Exchanges one after another on each connection for a time. `one` gets the number of the connection, and answers with the bytes of the body;
/// its first error ends the load.
pub async fn saturate<F, E>(connections: usize, time: Duration, one: F) -> Outcome<Saturated>
where
    F: Fn(usize) -> E + Clone + Send + 'static,
    E: Future<Output = Outcome<usize>> + Send,
{
    let begin = Instant::now();
    let loops = (0..connections).map(|connection| {
        let one = one.clone();
        tokio::spawn(async move {
            let (mut calls, mut bytes) = (Vec::new(), 0);
            while begin.elapsed() < time {
                let begin = Instant::now();
                bytes += one(connection).await?;
                calls.push(begin.elapsed().as_secs_f64() * 1000.0);
            }
            Ok::<_, String>((calls, bytes))
        })
    });
    let mut saturated = Saturated { per_second: 0.0, calls_ms: Vec::new(), bytes: 0 };
    for done in futures::future::join_all(loops.collect::<Vec<_>>()).await {
        let (calls, bytes) = done.map_err(|error| error.to_string())??;
        saturated.calls_ms.extend(calls);
        saturated.bytes += bytes;
    }
    saturated.per_second = saturated.calls_ms.len() as f64 / begin.elapsed().as_secs_f64();
    Ok(saturated)
}

/// Submits tasks, one in flight on each connection; the connections are shared out among the clients.
pub async fn submit(clients: &[Client], feature: i64, tasks: usize) -> Outcome<Submitted> {
    let next = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now();
    let connections = (0..CONNECTIONS).map(|connection| {
        let (client, next) = (clients[connection % clients.len()].clone(), next.clone());
        tokio::spawn(async move {
            let path = format!("/api/features/{feature}/tasks");
            let mut calls = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= tasks {
                    return Ok(calls);
                }
                let begin = Instant::now();
                let (status, answer) = client.post(&path, body(number)).await?;
                if !status.is_success() {
                    return Err(format!("a submission was refused: {status} {}", String::from_utf8_lossy(&answer)));
                }
                calls.push(begin.elapsed().as_secs_f64() * 1000.0);
            }
        })
    });
    let done = futures::future::join_all(connections.collect::<Vec<_>>()).await;
    let seconds = begin.elapsed().as_secs_f64();
    let mut submitted = Submitted { seconds, calls_ms: Vec::with_capacity(tasks), tasks: vec![0; clients.len()] };
    for (connection, calls) in done.into_iter().enumerate() {
        let calls: Outcome<Vec<f64>> = calls.map_err(|error| error.to_string())?;
        let calls = calls?;
        submitted.tasks[connection % clients.len()] += calls.len();
        submitted.calls_ms.extend(calls);
    }
    Ok(submitted)
}

/// Waits until so many tasks of each client's user are in an ended state.
pub async fn ended(clients: &[Client], tasks: &[usize], status: &str) -> Outcome {
    for (client, tasks) in clients.iter().zip(tasks) {
        let (mut before, mut since) = (0, Instant::now());
        loop {
            let now = client.count(status).await?;
            if now >= i64::try_from(*tasks).unwrap_or(i64::MAX) {
                break;
            }
            if now != before {
                (before, since) = (now, Instant::now());
            }
            if since.elapsed() > Duration::from_secs(60) {
                return Err(format!("{now} of {tasks} tasks are {status}, and for a minute no other has become so"));
            }
            // A count is one row by its key: it does not disturb what is measured.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}

/// From submission to the end of every task, in milliseconds, as the API tells it.
pub async fn turnarounds(clients: &[Client]) -> Outcome<Vec<f64>> {
    let mut turnarounds = Vec::new();
    for client in clients {
        for task in client.all("/api/tasks?sort=seq&order=asc").await? {
            let at = |field: &str| task[field].as_str().and_then(Timestamp::parse);
            if let (Some(created), Some(finished)) = (at("created_at"), at("finished_at")) {
                turnarounds.push((finished.0 - created.0) as f64);
            }
        }
    }
    Ok(turnarounds)
}

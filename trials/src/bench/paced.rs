//! Load at a fixed rate, whatever becomes of the answers: each send has its instant, and its answer is waited for from that instant on. So a server
//! that stalls is charged with everybody who would have come in the meantime, and not only with the one who waited.

use crate::Outcome;
use crate::client::Client;
use crate::figures::percentile;
use bytes::Bytes;
use std::time::{Duration, Instant};

/// What came of a load.
#[derive(Default)]
pub struct Paced {
    /// From the instant at which each request was due to the whole answer, in milliseconds, bad answers included.
    pub answers_ms: Vec<f64>,
    /// How much later than due each request was sent, in milliseconds: the load's own part of the above.
    pub late_ms: Vec<f64>,
    /// Requests that got no good answer.
    pub failed: usize,
}

impl Paced {
    /// Adds what came of another load.
    pub fn add(&mut self, other: Paced) {
        self.answers_ms.extend(other.answers_ms);
        self.late_ms.extend(other.late_ms);
        self.failed += other.failed;
    }

    /// Requests with a good answer.
    pub fn good(&self) -> usize {
        self.answers_ms.len() - self.failed
    }

    /// The time that so many percent of the answers did not exceed, in milliseconds.
    pub fn percentile(&mut self, percent: f64) -> f64 {
        percentile(&mut self.answers_ms, percent)
    }
}

/// Posts a body so many times a second for a time, by the clients in turn.
pub async fn paced(clients: &[Client], path: &'static str, body: Bytes, per_second: f64, time: Duration) -> Outcome<Paced> {
    let (clients, runtime) = (clients.to_vec(), tokio::runtime::Handle::current());
    // The runtime's timers go by whole milliseconds; a thread's sleep is exact to some ten microseconds.
    #[expect(clippy::disallowed_methods, reason = "it has a thread of its own")]
    let send = move || {
        let begin = Instant::now();
        let mut requests = Vec::new();
        for number in 0u32.. {
            let due = begin + Duration::from_secs_f64(f64::from(number) / per_second);
            if due - begin >= time {
                break;
            }
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            let (client, body) = (clients[number as usize % clients.len()].clone(), body.clone());
            requests.push(runtime.spawn(async move {
                let late = due.elapsed();
                let answer = client.post(path, body).await;
                (late, due.elapsed(), answer.is_ok_and(|(status, _)| status.is_success()))
            }));
        }
        requests
    };
    let mut paced = Paced::default();
    for request in tokio::task::spawn_blocking(send).await.map_err(|error| error.to_string())? {
        let (late, answer, good) = request.await.map_err(|error| error.to_string())?;
        paced.late_ms.push(late.as_secs_f64() * 1000.0);
        paced.answers_ms.push(answer.as_secs_f64() * 1000.0);
        paced.failed += usize::from(!good);
    }
    Ok(paced)
}

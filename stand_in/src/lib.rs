//! An upstream that really listens on HTTP and behaves as its requests ask.
//!
//! The demo, the tests and the benches call it instead of a paid service. Every request may say how it wants to be treated
//! (see [`Behaviour`]), so one running stand-in serves good, bad, slow and broken upstreams at once:
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/generate` | the result at once: a picture, or a text if `kind` is `text` |
//! | `POST /v1/jobs` | `{"id","status"}`; the job then runs for `duration_ms` |
//! | `GET /v1/jobs/{id}` | `{"id","status","progress","result"?,"error"?}` |
//! | `POST /v1/jobs/fetch` | the same for every id of `{"ids":[…]}`, under `jobs` |
//! | `DELETE /v1/jobs/{id}`, `POST /v1/jobs/{id}/cancel` | the job, cancelled |
//! | `POST /hooks/{name}` | what a robot of a chat program says to a message that it took; for webhooks |
//! | `POST /fast` | a few bytes, for benches |
//! | `GET /files/{name}.svg`, `.wav` | a drawing, a tune; made from the name |
//! | `POST /suno/submit/music`, `POST /suno/fetch`, and the addresses of eight video platforms | what those platforms answer, see [`platform`](self) |
//! | `GET /__stats`, `GET /__requests`, `DELETE /__stats` | what was received; forget it |
#![recursion_limit = "256"]

mod behaviour;
mod door;
mod files;
mod generate;
mod jobs;
mod platform;
mod record;

pub use behaviour::{Behaviour, BodyKind, Keys, Outcome};
pub use record::{Received, Stats, now_ms};

use record::Record;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running stand-in. It stops when it is dropped.
pub struct StandIn {
    /// Where it listens, without a slash at the end: `http://127.0.0.1:4010`.
    pub url: String,
    address: SocketAddr,
    record: Arc<Record>,
    server: JoinHandle<io::Result<()>>,
}

impl StandIn {
    /// Starts one on a free port of 127.0.0.1.
    ///
    /// # Panics
    /// If no port can be had: a test cannot go on without it.
    pub async fn start() -> StandIn {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::listen(any, None).await.unwrap_or_else(|error| panic!("the stand-in upstream cannot listen on {any}: {error}"))
    }

    /// Starts one at an address. With `journal`, every received request and every answer is appended to that file before it leaves, one JSON
    /// object a line, so that it outlives the server under test and the stand-in itself.
    pub async fn listen(address: SocketAddr, journal: Option<&Path>) -> io::Result<StandIn> {
        let record = Arc::new(Record::new(journal)?);
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let router = door::router(record.clone(), format!("http://{address}"));
        let server = tokio::spawn(door::serve(listener, router));
        Ok(StandIn { url: format!("http://{address}"), address, record, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What was received so far, counted.
    pub fn stats(&self) -> Stats {
        self.record.stats()
    }

    /// The requests received last, oldest first, with headers and bodies; `/fast` is only counted.
    pub fn requests(&self) -> Vec<Received> {
        self.record.requests()
    }

    /// Forgets counters, requests, jobs and idempotency keys.
    pub fn reset(&self) {
        self.record.reset();
    }

    /// Waits until the server ends, which it does only on an error of its listener.
    pub async fn wait(mut self) -> io::Result<()> {
        match (&mut self.server).await {
            Ok(ended) => ended,
            Err(error) => Err(io::Error::other(error)),
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

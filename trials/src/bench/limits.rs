//! What the machine can do at most, in the same minutes: its disk, and the stub under a bare client.

use super::load::{CONNECTIONS, body};
use super::report::Report;
use crate::Outcome;
use crate::client::Client;
use crate::figures::{Disk, disk};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long each of them is measured.
const TIME: Duration = Duration::from_secs(2);

/// Appends of 4 KiB with fdatasync in a folder, each after a pause of up to that long: a machine that was idle takes longer to wake.
pub async fn of_disk(folder: &Path, pause: Duration) -> Outcome<Disk> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || disk(&folder, TIME, pause)).await.map_err(|error| error.to_string())?
}

/// Requests a second that a loop without anything else gets out of the stub.
pub async fn of_stub(stub: SocketAddr) -> Outcome<f64> {
    let client = Client::new(&format!("http://{stub}"), "");
    let begin = Instant::now();
    let connections = (0..CONNECTIONS).map(|number| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut done = 0u32;
            while begin.elapsed() < TIME {
                client.post("/fast", body(number)).await?;
                done += 1;
            }
            Ok::<_, String>(done)
        })
    });
    let mut requests = 0.0;
    for done in futures::future::join_all(connections.collect::<Vec<_>>()).await {
        requests += f64::from(done.map_err(|error| error.to_string())??);
    }
    Ok(requests / begin.elapsed().as_secs_f64())
}

/// Measures both and notes them; the disk.
pub async fn note(report: &mut Report, folder: &Path, stub: SocketAddr) -> Outcome<Disk> {
    let disk = of_disk(folder, Duration::ZERO).await?;
    report.add("limit: append of 4 KiB + fdatasync", disk.per_second, "/s");
    report.add("limit: the same, p50 of one", disk.p50_ms, "ms");
    report.add("limit: stub under a bare client, 64 connections", of_stub(stub).await?, "/s");
    Ok(disk)
}

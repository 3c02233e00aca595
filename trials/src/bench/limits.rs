//! What the machine can do at most, in the same minutes: its disk, and the stub under a bare client.

use super::load::{CONNECTIONS, body, saturate};
use super::report::Report;
use crate::Outcome;
use crate::client::Client;
use crate::figures::{Disk, disk};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

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
    let one = move |connection| {
        let client = client.clone();
        async move { Ok(client.post("/fast", body(connection)).await?.1.len()) }
    };
    Ok(saturate(CONNECTIONS, TIME, one).await?.per_second)
}

/// Measures both and notes them; the disk.
pub async fn note(report: &mut Report, folder: &Path, stub: SocketAddr) -> Outcome<Disk> {
    let disk = of_disk(folder, Duration::ZERO).await?;
    report.add("limit: append of 4 KiB + fdatasync", disk.per_second, "/s");
    report.add("limit: the same, p50 of one", disk.p50_ms, "ms");
    report.add("limit: stub under a bare client, 64 connections", of_stub(stub).await?, "/s");
    Ok(disk)
}

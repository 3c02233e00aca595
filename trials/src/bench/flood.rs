//! Saturation: everything at once, then submitting alone and draining alone; commits, memory, start.

use super::load;
use super::product::{FAST, Product, REFUSED, TEMPLATE};
use super::report::Report;
use super::syncs;
use crate::Outcome;
use crate::client::Client;
use crate::figures::{Disk, memory_kib, peak_memory_kib, processor_seconds};
use std::time::{Duration, Instant};

/// The database with tasks that call the stub and wait.
pub const QUEUED: &str = "queued";
/// The database with tasks that the outbound door will refuse.
pub const QUEUED_REFUSED: &str = "queued_refused";

/// Tasks while the server is traced.
const TRACED: usize = 5_000;

/// How a drain went.
pub struct Drained {
    /// Seconds from the start of the process to the end of the last task.
    pub seconds: f64,
    /// Commits, by the server's own count.
    pub commits: f64,
    /// The most memory that the server had, in KiB.
    pub peak_kib: f64,
    /// Seconds of processor time that the server took.
    pub processor: f64,
}

/// Submits with workers off into a new database, which is then ready to be copied and drained.
pub async fn fill(product: &Product<'_>, database: &str, feature: i64, tasks: usize) -> Outcome<load::Submitted> {
    product.store.copy(TEMPLATE, database).await?;
    let mut node = product.node(database, "enabled = false", product.upstream)?;
    node.start().await?;
    let submitted = load::submit(&product.clients(&node), feature, tasks).await?;
    node.stop().await?;
    product.store.settle(database).await?;
    Ok(submitted)
}

/// Starts a server on a copy of a filled database and waits until its tasks have ended.
pub async fn drain(product: &Product<'_>, filled: &str, tasks: &[usize], status: &str) -> Outcome<Drained> {
    product.store.copy(filled, "drain").await?;
    // Without HTTP the channel fails every time, and is to stay in use.
    let mut node = product.node("drain", "channel_failures = 0", product.upstream)?;
    let begin = Instant::now();
    node.start().await?;
    let clients = product.clients(&node);
    load::ended(&clients, tasks, status).await?;
    let seconds = begin.elapsed().as_secs_f64();
    let pid = node.pid().ok_or("the server has ended")?;
    let drained = Drained {
        seconds,
        commits: clients[0].counter("apirequestweb_commits_total").await?,
        peak_kib: peak_memory_kib(pid).unwrap_or_default() as f64,
        processor: processor_seconds(pid).unwrap_or_default(),
    };
    node.stop().await?;
    product.store.remove("drain").await?;
    Ok(drained)
}

/// All of it on one engine.
pub async fn run(product: &Product<'_>, tasks: usize, disk: Disk, report: &mut Report) -> Outcome {
    let name = product.store.name();
    starts(product, report).await?;
    report.section(&format!("{name}: {tasks} tasks submitted by REST over {} connections while workers run", load::CONNECTIONS));
    together(product, tasks, report).await?;

    report.section(&format!("{name}: {tasks} tasks submitted by REST with workers off, then drained by a new process"));
    let mut submitted = fill(product, QUEUED, FAST, tasks).await?;
    let accepted = tasks as f64 / submitted.seconds;
    report.add("accepted", accepted, "tasks/s");
    report.spread("submit call", &mut submitted.calls_ms);
    report.goal("64 clients submitting singly, × the fdatasync rate", accepted / disk.per_second, "≥ 2");
    let drained = drain(product, QUEUED, &submitted.tasks, "succeeded").await?;
    note_drain(report, "drained, each with an HTTP call", tasks, &drained);

    let refused = fill(product, QUEUED_REFUSED, REFUSED, tasks).await?;
    let drained = drain(product, QUEUED_REFUSED, &refused.tasks, "failed").await?;
    note_drain(report, "drained without HTTP (the outbound door refuses)", tasks, &drained);

    if !product.store.is_postgres() && syncs::can_trace() {
        let (calls, commits) = syncs::traced(product, TRACED).await?;
        report.section(&format!("{name}: {TRACED} tasks under strace"));
        report.add("fsync and fdatasync per finished task", calls / TRACED as f64, "");
        report.add("fsync and fdatasync per commit", calls / commits.max(1.0), "");
        report.goal("fsyncs per finished task", calls / TRACED as f64, "≤ 0.05");
    }
    Ok(())
}

fn note_drain(report: &mut Report, what: &str, tasks: usize, drained: &Drained) {
    report.add(what, tasks as f64 / drained.seconds, "tasks/s");
    report.add(&format!("{what}: commits per task"), drained.commits / tasks as f64, "");
    report.add(&format!("{what}: processor"), drained.processor * 1e6 / tasks as f64, "µs/task");
    report.add(&format!("{what}: peak memory"), drained.peak_kib / 1024.0, "MiB");
}

async fn starts(product: &Product<'_>, report: &mut Report) -> Outcome {
    report.section(&format!("{}: start", product.store.name()));
    product.store.copy(TEMPLATE, "start").await?;
    let mut node = product.node("start", "", product.upstream)?;
    let mut times = Vec::new();
    for number in 0..3 {
        let begin = Instant::now();
        node.start().await?;
        times.push(begin.elapsed().as_secs_f64());
        if number < 2 {
            node.stop().await?;
        }
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let idle = node.pid().and_then(memory_kib).unwrap_or_default() as f64 / 1024.0;
    node.stop().await?;
    product.store.remove("start").await?;
    let ready = crate::figures::percentile(&mut times, 50.0);
    report.add("start to ready, median of three", ready, "s");
    report.add("memory when idle", idle, "MiB");
    report.goal("start to ready, s", ready, "≤ 0.5");
    report.goal("idle memory, MiB", idle, "≤ 50");
    Ok(())
}

async fn together(product: &Product<'_>, tasks: usize, report: &mut Report) -> Outcome {
    product.store.copy(TEMPLATE, "together").await?;
    let wal = match product.store.is_postgres() {
        true => Some(syncs::wal(product.store, "together").await?),
        false => None,
    };
    let mut node = product.node("together", "", product.upstream)?;
    node.start().await?;
    let clients: Vec<Client> = product.clients(&node);
    let before = clients[0].counter("apirequestweb_commits_total").await?;
    let begin = Instant::now();
    let mut submitted = load::submit(&clients, FAST, tasks).await?;
    load::ended(&clients, &submitted.tasks, "succeeded").await?;
    let seconds = begin.elapsed().as_secs_f64();
    let commits = clients[0].counter("apirequestweb_commits_total").await? - before;
    let pid = node.pid().ok_or("the server has ended")?;
    report.add("accepted", tasks as f64 / submitted.seconds, "tasks/s");
    report.spread("submit call", &mut submitted.calls_ms);
    report.add("completed, from the first call to the last task's end", tasks as f64 / seconds, "tasks/s");
    report.spread("from submission to success", &mut load::turnarounds(&clients).await?);
    report.add("commits per finished task", commits / tasks as f64, "");
    report.add("server's processor", processor_seconds(pid).unwrap_or_default() * 1e6 / tasks as f64, "µs/task");
    report.add("peak memory", peak_memory_kib(pid).unwrap_or_default() as f64 / 1024.0, "MiB");
    node.stop().await?;
    if let Some(wal) = wal {
        let written = syncs::written(product.store, "together", &wal).await?;
        report.add("WAL syncs per finished task", written.syncs / tasks as f64, "");
        report.add("WAL per task, everything", written.bytes / tasks as f64 / 1024.0, "KiB");
        report.add("WAL per task, the queue without page images", written.queue_bytes / tasks as f64 / 1024.0, "KiB");
        report.goal("WAL syncs per finished task", written.syncs / tasks as f64, "≤ 0.05");
        report.goal("WAL per task of queue state, KiB", written.queue_bytes / tasks as f64 / 1024.0, "≤ 2.5");
    } else {
        report.goal("commits per finished task", commits / tasks as f64, "≤ 0.05");
    }
    product.store.remove("together").await
}

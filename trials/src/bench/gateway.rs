//! What a priced custom API adds to its upstream's own time, with billing and the record of requests on.

use super::load::{CONNECTIONS, Saturated, saturate};
use super::paced::{Paced, paced};
use super::product::{PRICE, Product, RELAY, TEMPLATE};
use super::report::Report;
use crate::Outcome;
use crate::client::Client;
use crate::figures::processor_seconds;
use bytes::Bytes;
use std::time::{Duration, Instant};

/// Before anything is measured: connections are opened, statements compiled, balances known.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long saturation is measured.
const SATURATION: Duration = Duration::from_secs(10);
/// Turns of the paced load, straight and through the custom API one after the other: what the machine does meanwhile falls on both.
const TURNS: u32 = 4;
/// The part of the saturation rate at which the load is paced.
const PART: f64 = 0.25;
/// The stub's path.
const STRAIGHT: &str = "/fast";

/// Measures it on one engine; `time` is how long each of both paced loads is in all.
pub async fn run(product: &Product<'_>, time: Duration, report: &mut Report) -> Outcome {
    product.store.copy(TEMPLATE, "gateway").await?;
    let mut node = product.node("gateway", "", product.upstream)?;
    node.start().await?;
    let pid = node.pid().ok_or("the server has ended")?;
    let processor = || processor_seconds(pid).unwrap_or_default() * 1e6;
    let through = product.clients(&node);
    // As many clients with as many connections, so that what the load itself costs is in both.
    let straight: Vec<_> = through.iter().map(|_| Client::new(&format!("http://{}", product.upstream), "")).collect();
    let before = Accounts::read(&through).await?;

    report.section(&format!("{}: a priced custom API, {CONNECTIONS} connections, one call in flight on each", product.store.name()));
    full(&straight, STRAIGHT, WARM_UP).await?;
    let limit = full(&straight, STRAIGHT, SATURATION).await?;
    report.add("limit: straight to the stub", limit.per_second, "/s");
    let warm_up = full(&through, RELAY, WARM_UP).await?;
    let used = processor();
    let mut most = full(&through, RELAY, SATURATION).await?;
    report.add("through the custom API", most.per_second, "/s");
    report.add("server's processor", (processor() - used) / most.calls_ms.len() as f64, "µs/call");
    report.spread("call", &mut most.calls_ms);

    let rate = most.per_second * PART;
    let (mut alone, mut relayed, mut used) = (Paced::default(), Paced::default(), 0.0);
    for _ in 0..TURNS {
        alone.add(paced(&straight, STRAIGHT, body(), rate, time / TURNS).await?);
        let before = processor();
        relayed.add(paced(&through, RELAY, body(), rate, time / TURNS).await?);
        used += processor() - before;
    }
    let good = warm_up.calls_ms.len() + most.calls_ms.len() + relayed.good();
    report.section(&format!("{}: the same at a quarter of that rate, each call at its instant", product.store.name()));
    report.add("calls due", rate, "/s");
    for (load, what) in [(&mut alone, "straight to the stub"), (&mut relayed, "through the custom API")] {
        for percent in [50.0, 90.0, 99.0, 99.9] {
            report.add(&format!("{what}, p{percent}"), load.percentile(percent), "ms");
        }
        report.spread("  of these: sent later than due", &mut load.late_ms);
        report.add("  calls without a good answer", load.failed as f64, "");
    }
    report.add("server's processor", used / relayed.answers_ms.len() as f64, "µs/call");
    report.goal("added by the custom API: p50 − p50, ms", relayed.percentile(50.0) - alone.percentile(50.0), "≤ 0.5");
    report.goal("added by the custom API: p99 − p99, ms", relayed.percentile(99.0) - alone.percentile(99.0), "≤ 1");
    count(&through, &before, good, report).await?;
    node.stop().await?;
    product.store.remove("gateway").await
}

async fn full(clients: &[Client], path: &'static str, time: Duration) -> Outcome<Saturated> {
    let clients = clients.to_vec();
    let one = move |connection: usize| {
        let client = clients[connection % clients.len()].clone();
        async move {
            let (status, answer) = client.post(path, body()).await?;
            if status.is_success() { Ok(answer.len()) } else { Err(format!("{path}: {status} {}", String::from_utf8_lossy(&answer))) }
        }
    };
    saturate(CONNECTIONS, time, one).await
}

/// What is sent, straight and to the custom API.
fn body() -> Bytes {
    Bytes::from_static(b"{\"prompt\":\"a song about rain\"}")
}

/// What all accounts have in all, and what is recorded of them.
#[derive(PartialEq, Eq)]
struct Accounts {
    available: i64,
    held: i64,
    captured: i64,
    logs: i64,
}

impl Accounts {
    async fn read(clients: &[Client]) -> Outcome<Self> {
        let mut all = Accounts { available: 0, held: 0, captured: 0, logs: 0 };
        for client in clients {
            let balance = client.get("/api/me").await?["balance"].clone();
            let ledger = client.get("/api/ledger?page_size=1").await?;
            let logs = client.get("/api/logs?page_size=1").await?;
            let number = |value: &serde_json::Value| value.as_i64().ok_or("an answer without a number");
            all.available += number(&balance["available"])?;
            all.held += number(&balance["held"])?;
            all.captured += number(&ledger["sums"]["captured"])?;
            all.logs += number(&logs["total"])?;
        }
        Ok(all)
    }
}

/// Compares the calls that were good with what was charged and recorded. Ends of holds and records follow the answers, so this waits until nothing
/// has moved for a second.
async fn count(clients: &[Client], before: &Accounts, good: usize, report: &mut Report) -> Outcome {
    let begin = Instant::now();
    let mut now = Accounts::read(clients).await?;
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let next = Accounts::read(clients).await?;
        let still = next == now;
        now = next;
        if still || begin.elapsed() > Duration::from_secs(60) {
            break;
        }
    }
    report.add("calls with a good answer, all of the above", good as f64, "");
    report.add("charged: points that left the accounts ÷ price", (before.available - now.available) as f64 / PRICE as f64, "");
    report.add("charged: captured by the ledger ÷ price", (now.captured - before.captured) as f64 / PRICE as f64, "");
    report.add("points that are still held", now.held as f64, "");
    report.add("recorded requests", (now.logs - before.logs) as f64, "");
    report.add(
        "records that the server dropped, by its counter",
        clients[0].counter("apirequestweb_request_logs_dropped_total").await?,
        "",
    );
    Ok(())
}

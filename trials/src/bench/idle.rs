//! A node with nothing to do: how long one submission takes, and how soon its call reaches the upstream.

use super::arrivals::Arrivals;
use super::product::{FAST, Product, TEMPLATE};
use super::report::Report;
use super::{limits, load};
use crate::Outcome;
use http::Method;
use std::time::{Duration, Instant};

/// Submissions, one after another.
const SUBMISSIONS: usize = 300;
/// Pause before each, at most. What came before has been settled and written by then; the length varies so that no timer of the server is met
/// every time.
const PAUSE: Duration = Duration::from_millis(40);

/// Submits one task at a time. The upstream is inside the bench, so that both ends are told by one clock.
pub async fn run(product: &Product<'_>, report: &mut Report) -> Outcome {
    let mut arrivals = Arrivals::listen().await?;
    product.store.copy(TEMPLATE, "idle").await?;
    let mut node = product.node("idle", "", arrivals.address)?;
    node.catalog(&product.catalog(arrivals.address)).await?;
    node.start().await?;
    let clients = product.clients(&node);
    let path = format!("/api/features/{FAST}/tasks");
    let (mut calls, mut since_sent, mut since_answer) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..SUBMISSIONS {
        pause().await;
        let sent = Instant::now();
        let (status, answer) = clients[0].post(&path, load::body(number)).await?;
        let answered = Instant::now();
        if !status.is_success() {
            return Err(format!("a submission was refused: {status} {}", String::from_utf8_lossy(&answer)));
        }
        let arrived = arrivals.next().await?;
        // The first ones open connections and compile statements.
        if number >= 10 {
            let ms = |from: Instant| arrived.checked_duration_since(from).unwrap_or_default().as_secs_f64() * 1000.0;
            calls.push((answered - sent).as_secs_f64() * 1000.0);
            since_sent.push(ms(sent));
            // A worker may well be faster than the answer's way back.
            since_answer.push(ms(answered) - answered.checked_duration_since(arrived).unwrap_or_default().as_secs_f64() * 1000.0);
        }
    }
    let mut bare = Vec::new();
    for _ in 0..SUBMISSIONS / 2 {
        pause().await;
        let sent = Instant::now();
        clients[0].call(Method::GET, "/healthz", None, None).await?;
        bare.push(sent.elapsed().as_secs_f64() * 1000.0);
    }
    let disk = limits::of_disk(&product.folder, PAUSE).await?;
    node.stop().await?;
    product.store.remove("idle").await?;
    report.section(&format!("{}: {SUBMISSIONS} single submissions to an idle node", product.store.name()));
    report.add("limit: append of 4 KiB + fdatasync after such a pause, p50", disk.p50_ms, "ms");
    report.spread("limit: an answer without a database after such a pause", &mut bare);
    let call = report.spread("submit call", &mut calls);
    let pickup = report.spread("from the answer to the request's arrival at the upstream", &mut since_answer);
    report.spread("from the call to the request's arrival at the upstream", &mut since_sent);
    if !product.store.is_postgres() {
        report.goal("idle submit p50 beyond one fdatasync, ms", call - disk.p50_ms, "≤ 1");
        report.goal("pickup on an idle node p50, ms", pickup, "≤ 1");
    }
    Ok(())
}

async fn pause() {
    tokio::time::sleep(PAUSE.mul_f64(0.25 + 0.75 * fastrand::f64())).await;
}

//! Ours beside others, in turn: each round drains the same number of jobs with each of them, and what is compared are medians.
//!
//! The others neither bill nor log nor answer over HTTP; ours does all of it. They are driven by programs in `trials/peers/`.

use super::flood::{self, QUEUED, QUEUED_REFUSED};
use super::limits;
use super::product::{FAST, Product, REFUSED};
use super::report::Report;
use super::store::Store;
use crate::Outcome;
use crate::figures::percentile;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// Jobs that the others add one after another to measure how soon each begins.
const SINGLE_JOBS: usize = 300;

/// The others, and where they find what they need.
pub struct Others {
    /// The folder of their programs, with `node_modules` in it.
    pub folder: PathBuf,
    /// The port of a Redis on 127.0.0.1, if there is one.
    pub redis: Option<u16>,
    /// Jobs of one drain.
    pub jobs: usize,
    /// Rounds.
    pub rounds: usize,
}

/// Rates by contestant, for one kind of work.
type Rates = BTreeMap<String, Vec<f64>>;

/// Drains in turn. `products` are ours, one on each engine; the others use the PostgreSQL server among their stores.
pub async fn run(products: &[Product<'_>], others: &Others, folder: &Path, stub: SocketAddr, report: &mut Report) -> Outcome {
    let mut filled = Vec::new();
    for product in products {
        let fast = flood::fill(product, QUEUED, FAST, others.jobs).await?;
        let refused = flood::fill(product, QUEUED_REFUSED, REFUSED, others.jobs).await?;
        filled.push((fast.tasks, refused.tasks));
    }
    let mut rates = [Rates::new(), Rates::new()];
    for round in 1..=others.rounds {
        for (http, rates) in [true, false].into_iter().zip(&mut rates) {
            report.section(&format!("Round {round} of {}: {} jobs, {}", others.rounds, others.jobs, work(http)));
            limits::note(report, folder, stub).await?;
            if http {
                note(
                    report,
                    rates,
                    "limit: stub under Node's undici, 64 connections",
                    others.node("stub.mjs", json!({ "stub": stub.to_string() })).await?,
                );
            }
            for (product, (fast, refused)) in products.iter().zip(&filled) {
                let (database, tasks, status) = if http { (QUEUED, fast, "succeeded") } else { (QUEUED_REFUSED, refused, "failed") };
                let drained = flood::drain(product, database, tasks, status).await?;
                note(report, rates, &format!("ours, {}", product.store.name()), others.jobs as f64 / drained.seconds);
                // The other one of the same kind follows at once, so that both meet the same weather.
                match product.store {
                    Store::Postgres { .. } => {
                        product.store.make("graphile").await?;
                        let rate = others.node("graphile.mjs", others.job(&product.store.url("graphile"), stub, http)).await?;
                        note(report, rates, "graphile-worker, PostgreSQL, batched", rate);
                        product.store.remove("graphile").await?;
                    }
                    Store::Sqlite { .. } => {
                        if let Some(port) = others.redis {
                            let rate = others.node("bullmq.mjs", others.job(&format!("redis://127.0.0.1:{port}"), stub, http)).await?;
                            note(report, rates, "BullMQ, Redis with appendfsync always", rate);
                        }
                    }
                }
            }
        }
    }
    medians(report, &rates);
    for product in products.iter().filter(|product| product.store.is_postgres()) {
        product.store.make("graphile").await?;
        let work = json!({ "database": product.store.url("graphile"), "single": SINGLE_JOBS });
        let answer = others.answer("graphile.mjs", work).await?;
        report.section(&format!("graphile-worker, PostgreSQL: {SINGLE_JOBS} single jobs to an idle worker"));
        for (what, field) in [
            ("addJob call", "call_ms"),
            ("from the answer to the job's beginning", "since_answer_ms"),
            ("from the call to the job's beginning", "since_call_ms"),
        ] {
            let mut samples: Vec<f64> = answer[field].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
            report.spread(what, &mut samples);
        }
        product.store.remove("graphile").await?;
    }
    Ok(())
}

fn work(http: bool) -> &'static str {
    if http { "each with an HTTP call" } else { "without HTTP" }
}

fn note(report: &mut Report, rates: &mut Rates, who: &str, rate: f64) {
    report.add(who, rate, "/s");
    rates.entry(who.to_owned()).or_default().push(rate);
}

fn medians(report: &mut Report, rates: &[Rates; 2]) {
    for (http, rates) in [true, false].into_iter().zip(rates) {
        report.section(&format!("Medians: {}", work(http)));
        let median =
            |who: &str| rates.iter().find(|(name, _)| name.starts_with(who)).map(|(_, rates)| percentile(&mut rates.clone(), 50.0));
        for (who, rates) in rates {
            report.add(who, percentile(&mut rates.clone(), 50.0), "/s");
        }
        let wanted: &[_] = match http {
            true => {
                &[("ours, SQLite", "graphile", "≥ 1.0"), ("ours, SQLite", "BullMQ", "≥ 1.5"), ("ours, PostgreSQL", "graphile", "≥ 1.0")]
            }
            false => &[("ours, SQLite", "graphile", "≥ 1.5")],
        };
        for (ours, other, wanted) in wanted {
            if let (Some(mine), Some(theirs)) = (median(ours), median(other)) {
                report.goal(&format!("{ours} ÷ {other}"), mine / theirs, wanted);
            }
        }
    }
}

impl Others {
    fn job(&self, database: &str, stub: SocketAddr, http: bool) -> Value {
        json!({ "database": database, "jobs": self.jobs, "stub": http.then(|| stub.to_string()) })
    }

    /// Runs a program; the rate that it tells.
    async fn node(&self, program: &str, work: Value) -> Outcome<f64> {
        let answer = self.answer(program, work).await?;
        answer["per_second"].as_f64().ok_or_else(|| format!("{program} told no rate: {answer}"))
    }

    /// Runs a program; its last line.
    async fn answer(&self, program: &str, work: Value) -> Outcome<Value> {
        let mut command = Command::new("node");
        command.arg(self.folder.join(program)).arg(work.to_string()).stdin(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true);
        let output = command.output().await.map_err(|error| format!("node: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            return Err(format!("{program} ended with {}: {text}", output.status));
        }
        serde_json::from_str(text.lines().last().unwrap_or_default()).map_err(|error| format!("{program}: {error}: {text}"))
    }
}

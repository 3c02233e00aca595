//! Pages of the task list with a million tasks: every filter, every column, pages far behind.

use super::million::{self, FIRST, RARE, TASKS};
use super::product::{Product, TEMPLATE};
use super::report::Report;
use crate::Outcome;
use crate::client::Client;
use crate::figures::percentile;
use http::Method;
use model::tasks::TaskSort;
use model::time::Timestamp;
use std::time::{Duration, Instant};

/// Requests of one kind at most.
const REQUESTS: usize = 200;
/// A kind that is slow is not asked for longer than this.
const TIME: Duration = Duration::from_secs(3);

/// Ranges of dashboards, in days.
const DASHBOARDS: [i64; 3] = [1, 7, 30];

/// What is asked for; random parts are drawn anew for each request.
type Kind = (String, Box<dyn Fn() -> String>);

/// Fills a database and asks for pages over REST, as the user with nine of ten tasks and as one with few.
pub async fn run(product: &Product<'_>, report: &mut Report) -> Outcome {
    product.store.copy(TEMPLATE, "million").await?;
    let begin = Instant::now();
    million::fill(product.store, "million").await?;
    println!("\n{}: {TASKS} tasks written in {:.0} s", product.store.name(), begin.elapsed().as_secs_f64());
    let mut node = product.node("million", "enabled = false", product.upstream)?;
    node.start().await?;
    let clients = product.clients(&node);
    for (client, who) in [(&clients[0], "a user with 900 000 of 1 000 000 tasks"), (&clients[1], "a user with 6 667 of 1 000 000 tasks")] {
        report.section(&format!("{}: pages of 20 rows, {who}", product.store.name()));
        let mut slowest = 0.0f64;
        for (what, path) in kinds(client).await? {
            let mut samples = ask(client, "/api/tasks?", &path).await;
            report.spread(&what, &mut samples);
            slowest = slowest.max(percentile(&mut samples, 99.0));
        }
        report.goal("p99 of the slowest kind of page, ms", slowest, "≤ 20");
        let mut slowest = 0.0f64;
        for days in DASHBOARDS {
            let end = Timestamp(FIRST.0 + TASKS * 1000).rfc3339();
            let start = Timestamp(FIRST.0 + TASKS * 1000 - days * 86_400_000).rfc3339();
            let path = format!("/api/dashboard?start={start}&end={end}&tz=Asia/Kathmandu");
            let mut samples = ask(client, &path, &String::new).await;
            report.spread(&format!("dashboard, {days} days"), &mut samples);
            slowest = slowest.max(percentile(&mut samples, 99.0));
        }
        report.goal("p99 of the slowest dashboard, ms", slowest, "≤ 50");
    }
    node.stop().await?;
    product.store.remove("million").await
}

async fn kinds(client: &Client) -> Outcome<Vec<Kind>> {
    let some = client.get("/api/tasks?page=7").await?;
    let public_id = some["items"][0]["task_id"].as_str().unwrap_or_default().to_owned();
    let total = some["total"].as_i64().unwrap_or_default();
    let succeeded = client.count("succeeded").await?;
    let end = FIRST.0 + TASKS * 500;
    let window = format!("start={}&end={}", Timestamp(end - 3_600_000).rfc3339(), Timestamp(end).rfc3339());
    let mut kinds: Vec<Kind> = Vec::new();
    for fixed in [
        "",
        "status=succeeded",
        "status=failed",
        "status=queued",
        "status=running",
        "feature_id=2",
        "feature_id=2&status=failed",
        "feature_id=99",
        "category=category%203",
        "category=none",
        "q=song",
        &format!("q={RARE}"),
        "q=zebra",
        "q=500001",
        &format!("q={public_id}"),
        &window,
    ] {
        let query = fixed.to_owned();
        let name = if fixed.is_empty() {
            "no filter"
        } else if fixed.starts_with("start") {
            "start, end: an hour in the middle"
        } else {
            fixed
        };
        let name = if name.starts_with("q=task_") { "q=task_…" } else { name };
        kinds.push((name.to_owned(), Box::new(move || query.clone())));
    }
    kinds.push(("page: any".to_owned(), Box::new(move || format!("page={}", page(total)))));
    kinds.push(("page: any, status=succeeded".to_owned(), Box::new(move || format!("status=succeeded&page={}", page(succeeded)))));
    for sort in TaskSort::ALL {
        for order in ["asc", "desc"] {
            let query = format!("sort={}&order={order}", sort.as_str());
            kinds.push((query.clone(), Box::new(move || query.clone())));
        }
    }
    kinds.push(("sort=name, page: any".to_owned(), Box::new(move || format!("sort=name&page={}", page(total)))));
    Ok(kinds)
}

fn page(rows: i64) -> i64 {
    1 + fastrand::i64(0..(rows / 20).max(1))
}

/// How long each request took, in milliseconds. One that got no good answer counts with the time it took not to get it, ten seconds at most.
async fn ask(client: &Client, path: &str, query: &dyn Fn() -> String) -> Vec<f64> {
    let begin = Instant::now();
    let mut samples = Vec::new();
    while samples.len() < REQUESTS && begin.elapsed() < TIME {
        let one = Instant::now();
        let answer = client.call(Method::GET, &format!("{path}{}", query()), None, None).await;
        if !matches!(&answer, Ok((status, _)) if status.is_success()) {
            println!("  {}: no page: {answer:?}", query());
        }
        samples.push(one.elapsed().as_secs_f64() * 1000.0);
    }
    samples
}

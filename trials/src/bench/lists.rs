//! Lists and dashboards where much is stored: every filter, every column, pages far behind.

use super::product::{Product, TEMPLATE};
use super::report::Report;
use super::task_rows::{self, FIRST, RARE};
use super::{log_lists, log_rows, task_centre};
use crate::Outcome;
use crate::client::Client;
use crate::figures::percentile;
use crate::node::Node;
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

/// The database of it.
const DATABASE: &str = "lists";

/// How much is stored.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// Tasks.
    pub tasks: i64,
    /// Request logs.
    pub logs: i64,
}

/// A name for people, and the path with its query; random parts are drawn anew for each request.
pub type Kind = (String, Box<dyn Fn() -> String>);

/// Fills a database and asks for pages over REST: as the user with nine of ten rows, as one with few, and as an administrator.
pub async fn run(product: &Product<'_>, rows: Rows, report: &mut Report) -> Outcome {
    let last = task_rows::last(rows.tasks);
    let mut node = fill(product, rows, last, report).await?;
    let boss = node.administrator("boss").await?;
    node.start().await?;
    let clients = product.clients(&node);
    let boss = Client::new(&node.url, &boss);
    let name = product.store.name();
    let who = [(&clients[0], "the user with nine of ten"), (&clients[1], "a user with one of 150")];
    // Before the tasks: requests for them are recorded, and would be the newest records.
    for (client, who) in who {
        report.section(&format!("{name}: pages of 20 of {} request logs, {who}", rows.logs));
        measure(client, &log_lists::kinds(client, last).await?, "page of request logs", "≤ 20", report).await;
    }
    report.section(&format!("{name}: pages of 20 of everybody's {} request logs", rows.logs));
    measure(&boss, &log_lists::admin_kinds(&boss, last).await?, "page of request logs", "≤ 20", report).await;
    for (client, who) in who {
        report.section(&format!("{name}: pages of 20 of {} tasks, {who}", rows.tasks));
        measure(client, &task_kinds(client, rows.tasks).await?, "page of tasks", "≤ 20", report).await;
        report.section(&format!("{name}: pages of 20 of the task centre, {} tasks, {who}", rows.tasks));
        measure(client, &task_centre::kinds(client, rows.tasks).await?, "page of the task centre", "≤ 20", report).await;
        report.section(&format!("{name}: dashboards with {} tasks and {} request logs, {who}", rows.tasks, rows.logs));
        measure(client, &dashboards(last), "dashboard", "≤ 50", report).await;
    }
    report.section(&format!("{name}: pages of 20 of the task centre, everybody's {} tasks", rows.tasks));
    measure(&boss, &task_centre::admin_kinds(&boss, rows.tasks).await?, "page of the task centre", "≤ 20", report).await;
    node.stop().await?;
    product.store.remove(DATABASE).await
}

/// A node, not yet running, on a database with everything in it.
async fn fill(product: &Product<'_>, rows: Rows, last: Timestamp, report: &mut Report) -> Outcome<Node> {
    let store = product.store;
    store.copy(TEMPLATE, DATABASE).await?;
    let node = product.node(DATABASE, "enabled = false", product.upstream)?;
    // The rows are of the past, and more than is kept unless one asks for it.
    for setting in ["request_log_days", "request_log_megabytes"] {
        node.command(&["settings", "set", setting, "0"], "").await?;
    }
    report.section(&format!("{}: {} tasks and {} request logs", store.name(), rows.tasks, rows.logs));
    let begin = Instant::now();
    task_rows::fill(store, DATABASE, rows.tasks).await?;
    report.add("tasks written", begin.elapsed().as_secs_f64(), "s");
    let begin = Instant::now();
    log_rows::fill(store, DATABASE, rows.logs, last).await?;
    report.add("request logs written", begin.elapsed().as_secs_f64(), "s");
    report.add("on disk", store.bytes(DATABASE).await? / 1e6, "MB");
    Ok(node)
}

/// Asks for each kind, and notes how long it took and how long the slowest one takes.
async fn measure(client: &Client, kinds: &[Kind], what: &str, wanted: &str, report: &mut Report) {
    let mut slowest = 0.0f64;
    for (name, path) in kinds {
        let mut samples = ask(client, path).await;
        report.spread(name, &mut samples);
        slowest = slowest.max(percentile(&mut samples, 99.0));
    }
    report.goal(&format!("p99 of the slowest kind of {what}, ms"), slowest, wanted);
}

fn dashboards(last: Timestamp) -> Vec<Kind> {
    let kind = |days: i64| -> Kind {
        let start = Timestamp(last.0 - days * 86_400_000).rfc3339();
        let path = format!("/api/dashboard?start={start}&end={}&tz=Asia/Kathmandu", last.rfc3339());
        (format!("dashboard, {days} days"), Box::new(move || path.clone()))
    };
    DASHBOARDS.into_iter().map(kind).collect()
}

async fn task_kinds(client: &Client, tasks: i64) -> Outcome<Vec<Kind>> {
    let some = client.get("/api/tasks?page=7").await?;
    let public_id = some["items"][0]["task_id"].as_str().unwrap_or_default().to_owned();
    let total = some["total"].as_i64().unwrap_or_default();
    let succeeded = client.count("succeeded").await?;
    let end = FIRST.0 + tasks * 500;
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
        &format!("q={}", tasks / 2 + 1),
        &format!("q={public_id}"),
        &window,
    ] {
        let path = format!("/api/tasks?{fixed}");
        let name = if fixed.is_empty() {
            "no filter"
        } else if fixed.starts_with("start") {
            "start, end: an hour in the middle"
        } else {
            fixed
        };
        let name = if name.starts_with("q=task_") { "q=task_…" } else { name };
        kinds.push((name.to_owned(), Box::new(move || path.clone())));
    }
    kinds.push(("page: any".to_owned(), Box::new(move || format!("/api/tasks?page={}", page(total)))));
    let any_succeeded = move || format!("/api/tasks?status=succeeded&page={}", page(succeeded));
    kinds.push(("page: any, status=succeeded".to_owned(), Box::new(any_succeeded)));
    for sort in TaskSort::ALL {
        for order in ["asc", "desc"] {
            let query = format!("sort={}&order={order}", sort.as_str());
            kinds.push((query.clone(), Box::new(move || format!("/api/tasks?{query}"))));
        }
    }
    kinds.push(("sort=name, page: any".to_owned(), Box::new(move || format!("/api/tasks?sort=name&page={}", page(total)))));
    Ok(kinds)
}

/// Any page of so many rows.
pub fn page(rows: i64) -> i64 {
    1 + fastrand::i64(0..(rows / 20).max(1))
}

/// How long each request took, in milliseconds. One that got no good answer counts with the time it took not to get it, ten seconds at most.
async fn ask(client: &Client, path: &dyn Fn() -> String) -> Vec<f64> {
    let begin = Instant::now();
    let mut samples = Vec::new();
    while samples.len() < REQUESTS && begin.elapsed() < TIME {
        let path = path();
        let one = Instant::now();
        let answer = client.call(Method::GET, &path, None, None).await;
        if !matches!(&answer, Ok((status, _)) if status.is_success()) {
            println!("  {path}: no page: {answer:?}");
        }
        samples.push(one.elapsed().as_secs_f64() * 1000.0);
    }
    samples
}

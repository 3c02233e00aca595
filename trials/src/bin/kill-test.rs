//! The kill test: the real server under load, killed at random moments, and a checker that reads only the public API, `doctor` and the
//! upstream's own record.
//!
//! On SQLite one node is killed with SIGKILL. On PostgreSQL there are two nodes; each round kills one, or stops it for longer than its leases
//! and lets it go on, so that late outcomes come in. The checker's rules:
//!
//! 1. Every task that was accepted with 2xx is there once and has ended.
//! 2. `doctor` finds nothing: every invariant of the ledger holds.
//! 3. A succeeded task was captured once, any other never.
//! 4. At the upstream no attempt follows one that succeeded, and every succeeded task has one that did: no success was overwritten or made up.
//! 5. In the stored attempts each number is there once, none follows a good one, and a succeeded task ends with a good one.

use clap::Parser;
use http::Method;
use serde_json::{Value, json};
use stand_in::StandIn;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use trials::Outcome;
use trials::client::Client;
use trials::node::{Node, Settings};

#[derive(Parser)]
struct Arguments {
    /// The server's binary.
    #[arg(long)]
    binary: PathBuf,
    /// A PostgreSQL server on which databases may be made; SQLite without it.
    #[arg(long)]
    postgres: Option<String>,
    /// How many times a node is killed or stopped.
    #[arg(long, default_value_t = 200)]
    rounds: u32,
    /// For the choice of moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Succeed only if the checker finds something: for a server with a seeded defect.
    #[arg(long)]
    expect_findings: bool,
}

const CATALOG: &str = r#"
channels:
  - { name: stand-in, platform: stand-in, base_url: 'URL', max_parallel: 64 }
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate?delay_ms=150', body: { prompt: '{{ params.prompt }}' } }, max_retries: 5 }
  - { name: flaky, request: { url: '{{ channel.base_url }}/v1/generate?fail_first=1&delay_ms=400', headers: { X-Task: '{{ task.id }}' }, body: { prompt: '{{ params.prompt }}' } }, max_retries: 5 }
  - { name: bad, request: { url: '{{ channel.base_url }}/v1/generate?status=500', body: { prompt: '{{ params.prompt }}' } }, max_retries: 1 }
  - name: job
    request: { url: '{{ channel.base_url }}/v1/jobs?duration_ms=800', body: { prompt: '{{ params.prompt }}' } }
    max_retries: 5
    poll:
      task_id_path: $.id
      request: { method: GET, url: '{{ channel.base_url }}/v1/jobs/{{ upstream_id }}' }
      interval_seconds: 1
      status_path: $.status
      status_map: { queued: queued, running: in_progress, succeeded: success, failed: failure, cancelled: failure }
      result_path: $.result
features:
  - { key: good, name: good, platform: stand-in, rule: good, points: 3, form_schema: [{ key: prompt, type: text }] }
  - { key: flaky, name: flaky, platform: stand-in, rule: flaky, points: 5, form_schema: [{ key: prompt, type: text }] }
  - { key: bad, name: bad, platform: stand-in, rule: bad, points: 7, form_schema: [{ key: prompt, type: text }] }
  - { key: job, name: job, platform: stand-in, rule: job, points: 11, form_schema: [{ key: prompt, type: text }] }
"#;

/// Points at the start; far more than the load can spend.
const POINTS: i64 = 100_000_000;
/// Submitters that run at the same time.
const SUBMITTERS: usize = 6;

#[tokio::main]
async fn main() {
    let arguments = Arguments::parse();
    fastrand::seed(arguments.seed);
    match run(&arguments).await {
        Ok(findings) => {
            for finding in findings.iter().take(20) {
                println!("FOUND {finding}");
            }
            let good = findings.is_empty() != arguments.expect_findings;
            println!(
                "{} findings after {} rounds: {}",
                findings.len(),
                arguments.rounds,
                if good { "as expected" } else { "NOT as expected" }
            );
            std::process::exit(i32::from(!good));
        }
        Err(error) => {
            eprintln!("The kill test could not be carried out: {error}");
            std::process::exit(2);
        }
    }
}

async fn run(arguments: &Arguments) -> Outcome<Vec<String>> {
    let folder = std::env::temp_dir().join(format!("apirequestweb-kill-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let journal = folder.join("upstream.jsonl");
    let upstream = StandIn::listen(([127, 0, 0, 1], 0).into(), Some(&journal)).await.map_err(|error| error.to_string())?;
    let database = match &arguments.postgres {
        Some(server) => fresh_database(server).await?,
        None => format!("sqlite:{}", folder.join("kill.db").display()),
    };
    let settings =
        Settings { database: &database, upstream: upstream.address(), engine: "lease_seconds = 2\nslots = 64\nmax_rescues = 1000" };
    let mut nodes = vec![Node::new(&arguments.binary, &folder.join("a"), &settings)?];
    if arguments.postgres.is_some() {
        nodes.push(Node::new(&arguments.binary, &folder.join("b"), &settings)?);
    }
    nodes[0].start().await?;
    let key = nodes[0].user("load", POINTS).await?;
    nodes[0].catalog(&CATALOG.replace("URL", &upstream.url)).await?;
    for node in nodes.iter_mut().skip(1) {
        node.start().await?;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;

    let clients: Vec<_> = nodes.iter().map(|node| Client::new(&node.url, &key)).collect();
    let load = Arc::new(Load::default());
    let submitters: Vec<_> = (0..SUBMITTERS).map(|number| tokio::spawn(load.clone().submit(clients.clone(), number))).collect();
    let begin = Instant::now();
    for round in 1..=arguments.rounds {
        torment(&mut nodes).await?;
        if round % 20 == 0 {
            println!("round {round}, {} tasks accepted, {:.0} s", load.accepted().len(), begin.elapsed().as_secs_f64());
        }
    }
    load.over.store(true, Ordering::Relaxed);
    for submitter in submitters {
        submitter.await.map_err(|error| error.to_string())?;
    }
    quiet(&clients[0]).await?;
    let findings = check(&nodes[0], &clients[0], &load, &journal).await?;
    for node in &mut nodes {
        node.stop().await?;
    }
    println!(
        "{} tasks accepted, {} requests at the upstream, evidence in {}",
        load.accepted().len(),
        upstream.stats().requests,
        folder.display()
    );
    if findings.is_empty() {
        let _ = std::fs::remove_dir_all(&folder);
    }
    Ok(findings)
}

async fn fresh_database(server: &str) -> Outcome<String> {
    use sqlx::{AssertSqlSafe, Connection, PgConnection};
    let name = format!("kill_{}", std::process::id());
    let mut admin = PgConnection::connect(server).await.map_err(|error| error.to_string())?;
    for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut admin).await.map_err(|error| error.to_string())?;
    }
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    Ok(format!("{base}/{name}"))
}

/// One round: a random moment, then one node is killed and started again, or stopped past its leases and let go on.
async fn torment(nodes: &mut [Node]) -> Outcome {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(50..900))).await;
    let several = nodes.len() > 1;
    let chosen = fastrand::usize(..nodes.len());
    let node = &mut nodes[chosen];
    if several && fastrand::bool() {
        node.signal("STOP").await?;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(2100..4600))).await;
        node.signal("CONT").await
    } else {
        node.signal("KILL").await?;
        node.gone().await?;
        node.start().await
    }
}

/// What was submitted and accepted.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    accepted: Mutex<BTreeMap<i64, String>>,
}

impl Load {
    fn accepted(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, String>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Submits until the load is over. A submission without an answer is repeated with its key until it has one; some tasks are cancelled.
    async fn submit(self: Arc<Self>, clients: Vec<Client>, submitter: usize) {
        for number in 0.. {
            if self.over.load(Ordering::Relaxed) {
                return;
            }
            let key = format!("{submitter}-{number}");
            let feature = 1 + fastrand::i64(0..4);
            let body = json!({ "params": { "prompt": key }, "name": key });
            let id = loop {
                let client = &clients[fastrand::usize(..clients.len())];
                match client.call(Method::POST, &format!("/api/features/{feature}/tasks"), Some(&body), Some(&key)).await {
                    Ok((status, answer)) if status.is_success() => {
                        break serde_json::from_slice::<Value>(&answer).ok().and_then(|answer| answer["data"]["id"].as_i64());
                    }
                    _ => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            };
            let Some(id) = id else { continue };
            self.accepted().insert(id, key);
            if fastrand::u8(..20) == 0 {
                let client = &clients[fastrand::usize(..clients.len())];
                let _ = client.call(Method::POST, &format!("/api/tasks/{id}/cancel"), None, None).await;
            }
            tokio::time::sleep(Duration::from_millis(fastrand::u64(5..60))).await;
        }
    }
}

/// Waits until no task lives.
async fn quiet(client: &Client) -> Outcome {
    let begin = Instant::now();
    // A task may pass from one state to another between two questions, so nothing living must be seen several times.
    let mut calm = 0;
    while begin.elapsed() < Duration::from_secs(180) && calm < 4 {
        let mut living = 0;
        for status in ["queued", "running", "waiting_upstream", "retry_wait"] {
            living += client.count(status).await.unwrap_or(1);
        }
        calm = if living == 0 { calm + 1 } else { 0 };
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    Ok(()) // Rule 1 names those that have not ended.
}

async fn check(node: &Node, client: &Client, load: &Load, journal: &Path) -> Outcome<Vec<String>> {
    let mut findings = Vec::new();
    let accepted = load.accepted().clone();
    let tasks: BTreeMap<i64, Value> =
        client.all("/api/tasks?sort=seq&order=asc").await?.into_iter().filter_map(|task| Some((task["id"].as_i64()?, task))).collect();
    let names: BTreeSet<&str> = tasks.values().filter_map(|task| task["name"].as_str()).collect();
    if names.len() != tasks.len() {
        findings.push(format!("{} tasks for {} submissions: a submission was doubled", tasks.len(), names.len()));
    }
    for (id, name) in &accepted {
        match tasks.get(id).map(|task| (task["name"].as_str() == Some(name), task["status"].as_str().unwrap_or_default())) {
            None => findings.push(format!("task {id} was accepted and is lost")),
            Some((false, _)) => findings.push(format!("task {id} is another one than was accepted")),
            Some((true, "succeeded" | "failed" | "cancelled")) => {}
            Some((true, status)) => findings.push(format!("task {id} has not ended: {status}")),
        }
    }
    if let Err(report) = node.command(&["doctor"], "").await {
        findings.push(report);
    }
    let mut captures: BTreeMap<i64, u32> = BTreeMap::new();
    for entry in client.all("/api/ledger").await? {
        let reference = entry["reference"].as_str().unwrap_or_default();
        if entry["kind"] == "capture"
            && let Some(id) = reference.split(':').nth(1).and_then(|id| id.parse().ok())
        {
            *captures.entry(id).or_default() += 1;
        }
    }
    let (succeeded_at_upstream, highest) = upstream_record(journal)?;
    for (id, task) in &tasks {
        let succeeded = task["status"] == "succeeded";
        let captured = captures.get(id).copied().unwrap_or(0);
        if captured != u32::from(succeeded) {
            findings.push(format!("task {id} is {} and was captured {captured} times", task["status"]));
        }
        let public = task["task_id"].as_str().unwrap_or_default();
        let good = succeeded_at_upstream.get(public);
        if succeeded && good.is_none() {
            findings.push(format!("task {id} succeeded without a success at the upstream"));
        }
        if let Some(good) = good
            && highest.get(public).is_some_and(|last| last > good)
        {
            findings.push(format!("task {id}: attempt {good} succeeded at the upstream, and yet attempt {} was made", highest[public]));
        }
        if good.is_some() && task["status"] == "failed" {
            findings.push(format!("task {id} failed although an attempt succeeded at the upstream"));
        }
        findings.extend(check_attempts(*id, succeeded, client.all(&format!("/api/tasks/{id}/attempts")).await?));
    }
    Ok(findings)
}

/// What is wrong with the stored attempts of a task.
fn check_attempts(task: i64, succeeded: bool, mut attempts: Vec<Value>) -> Option<String> {
    attempts.sort_by_key(|attempt| attempt["attempt_no"].as_i64());
    let numbers: Vec<_> = attempts.iter().filter_map(|attempt| attempt["attempt_no"].as_i64()).collect();
    if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some(format!("task {task} has two attempts of one number: {numbers:?}"));
    }
    let good = |attempt: &Value| attempt["error"] == "" && attempt["status_code"].as_i64().is_some_and(|code| (200..300).contains(&code));
    match attempts.iter().position(good) {
        Some(place) if place + 1 < attempts.len() => Some(format!("task {task} has an attempt after a good one: {numbers:?}")),
        None if succeeded => Some(format!("task {task} succeeded without a good attempt")),
        _ => None,
    }
}

/// Per task the first attempt that was answered well (or accepted), and the last attempt that was made.
fn upstream_record(journal: &Path) -> Outcome<(BTreeMap<String, u32>, BTreeMap<String, u32>)> {
    let text = std::fs::read_to_string(journal).map_err(|error| error.to_string())?;
    let (mut good, mut highest) = (BTreeMap::new(), BTreeMap::new());
    for line in text.lines() {
        let entry: Value = serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
        let Some((task, attempt)) = entry["key"].as_str().and_then(|key| key.rsplit_once('-')) else { continue };
        let Ok(attempt) = attempt.parse::<u32>() else { continue };
        let last = highest.entry(task.to_owned()).or_insert(attempt);
        *last = attempt.max(*last);
        if entry["status"] == 200 || entry["status"] == 201 || entry["status"] == 202 {
            let first = good.entry(task.to_owned()).or_insert(attempt);
            *first = attempt.min(*first);
        }
    }
    Ok((good, highest))
}

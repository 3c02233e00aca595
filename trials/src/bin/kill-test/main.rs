//! The kill test: the real server under load, killed at random moments, and a checker that reads only the public API, `doctor` and the
//! upstream's own record.
//!
//! On SQLite one node is killed with SIGKILL. On PostgreSQL there are two nodes; each round kills one, or stops it for longer than its leases
//! and lets it go on, so that late outcomes come in. What the checker asks for is at the top of `check.rs`.

mod check;

use check::{Torment, check};
use clap::Parser;
use http::Method;
use serde_json::{Value, json};
use stand_in::{StandIn, now_ms};
use std::collections::BTreeMap;
use std::path::PathBuf;
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
  # It takes a repeated attempt for a new one, and the second request of a task is good: two nodes with one attempt get two answers.
  - { name: forgetful, request: { url: '{{ channel.base_url }}/v1/generate?fail_first=1&keys=forgotten&delay_ms=800', headers: { X-Task: '{{ task.id }}' }, body: { prompt: '{{ params.prompt }}' } }, max_retries: 5 }
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
  - { key: forgetful, name: forgetful, platform: stand-in, rule: forgetful, points: 13, form_schema: [{ key: prompt, type: text }] }
"#;

/// How many features the catalog has.
const FEATURES: i64 = 5;

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
    let mut torments = Vec::new();
    for round in 1..=arguments.rounds {
        torments.push(torment(&mut nodes).await?);
        if round % 20 == 0 {
            println!("round {round}, {} tasks accepted, {:.0} s", load.accepted().len(), begin.elapsed().as_secs_f64());
        }
    }
    load.over.store(true, Ordering::Relaxed);
    for submitter in submitters {
        submitter.await.map_err(|error| error.to_string())?;
    }
    quiet(&clients[0]).await?;
    let accepted = load.accepted().clone();
    let findings = check(&nodes[0], &clients[0], &accepted, &journal, &torments).await?;
    for node in &mut nodes {
        node.stop().await?;
    }
    println!("{} tasks accepted, {} requests at the upstream, evidence in {}", accepted.len(), upstream.stats().requests, folder.display());
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
async fn torment(nodes: &mut [Node]) -> Outcome<Torment> {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(50..900))).await;
    let several = nodes.len() > 1;
    let chosen = fastrand::usize(..nodes.len());
    let node = &mut nodes[chosen];
    let began_ms = now_ms();
    if several && fastrand::bool() {
        node.signal("STOP").await?;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(2100..4600))).await;
        let stopped_until_ms = Some(now_ms());
        node.signal("CONT").await?;
        Ok(Torment { node: chosen, began_ms, stopped_until_ms })
    } else {
        node.signal("KILL").await?;
        node.gone().await?;
        node.start().await?;
        Ok(Torment { node: chosen, began_ms, stopped_until_ms: None })
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
            let feature = 1 + fastrand::i64(0..FEATURES);
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

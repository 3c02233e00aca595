//! `bench`: measures a release build and prints what it found. It never fails for being slow. See docs/performance.md.

use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::time::Duration;
use trials::Outcome;
use trials::bench::product::{Product, TEMPLATE};
use trials::bench::report::Report;
use trials::bench::store::Store;
use trials::bench::stub::{Kind, Stub};
use trials::bench::{flood, gateway, idle, life, limits, lists, pages, peers, statements};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Submit and drain at saturation, single submissions to an idle node, memory, and the raw limits of the machine.
    Run(Common),
    /// Pages of tasks and of request logs where there are very many of them, and the dashboard.
    Lists {
        #[command(flatten)]
        common: Common,
        /// Tasks that are there.
        #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(10_000..))]
        task_rows: i64,
        /// Request logs that are there.
        #[arg(long, default_value_t = 5_000_000, value_parser = clap::value_parser!(i64).range(10_000..))]
        log_rows: i64,
    },
    /// What a priced custom API adds to its upstream's time, and rendered pages a second.
    Gateway {
        #[command(flatten)]
        common: Common,
        /// Seconds of each paced load.
        #[arg(long, default_value_t = 20)]
        seconds: u64,
    },
    /// Ours, graphile-worker and BullMQ in turn.
    Peers {
        #[command(flatten)]
        common: Common,
        /// The folder of the others' programs, with `node_modules` in it.
        #[arg(long)]
        programs: PathBuf,
        /// The port of a Redis on 127.0.0.1 that was started with `--appendonly yes --appendfsync always`; BullMQ is left out without it.
        #[arg(long)]
        redis: Option<u16>,
        /// Rounds.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
}

#[derive(Args)]
struct Common {
    /// The server's binary; `stand-in-upstream` lies beside it.
    #[arg(long)]
    binary: PathBuf,
    /// A PostgreSQL server on which databases may be made, and which nobody else uses. Without it only SQLite is measured.
    #[arg(long)]
    postgres: Option<String>,
    /// Only PostgreSQL.
    #[arg(long, requires = "postgres")]
    no_sqlite: bool,
    /// Where databases are made: on the disk that is to be measured.
    #[arg(long)]
    folder: PathBuf,
    /// What stands in for the upstream.
    #[arg(long, value_enum, default_value_t = Kind::StandIn)]
    stub: Kind,
    /// Tasks of a flood.
    #[arg(long, default_value_t = 50_000)]
    tasks: usize,
    /// Our calls at the same time.
    #[arg(long, default_value_t = 256)]
    parallel: usize,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() {
    let mut report = Report::new();
    let (common, done) = match Arguments::parse().command {
        Command::Run(common) => {
            let done = run(&common, &mut report).await;
            (common, done)
        }
        Command::Lists { common, task_rows, log_rows } => {
            let done = all_lists(&common, lists::Rows { tasks: task_rows, logs: log_rows }, &mut report).await;
            (common, done)
        }
        Command::Gateway { common, seconds } => {
            let done = through(&common, Duration::from_secs(seconds), &mut report).await;
            (common, done)
        }
        Command::Peers { common, programs, redis, rounds } => {
            let others = peers::Others { folder: programs, redis, jobs: common.tasks, rounds };
            let done = beside(&common, &others, &mut report).await;
            (common, done)
        }
    };
    // What was measured before a failure is worth keeping.
    if let Err(error) = done.and(report.finish(common.json.as_deref())) {
        eprintln!("The bench could not be carried out: {error}");
        std::process::exit(2);
    }
}

impl Common {
    async fn stub(&self) -> Outcome<Stub> {
        std::fs::create_dir_all(&self.folder).map_err(|error| format!("{}: {error}", self.folder.display()))?;
        Stub::start(self.stub, &self.binary, &self.folder).await
    }

    fn stores(&self) -> Vec<Store> {
        let sqlite = (!self.no_sqlite).then(|| Store::Sqlite { folder: self.folder.join("databases") });
        sqlite.into_iter().chain(self.postgres.clone().map(|server| Store::Postgres { server })).collect()
    }

    async fn product<'a>(&'a self, store: &'a Store, stub: &Stub) -> Outcome<Product<'a>> {
        Product::prepare(&self.binary, store, &self.folder, stub.address, self.parallel).await
    }
}

async fn run(common: &Common, report: &mut Report) -> Outcome {
    let stub = common.stub().await?;
    for store in &common.stores() {
        let product = common.product(store, &stub).await?;
        report.section(&format!("{}: limits of the machine in the same minutes", store.name()));
        let disk = limits::note(report, &common.folder, stub.address).await?;
        flood::run(&product, common.tasks, disk, report).await?;
        idle::run(&product, report).await?;
        lives(common, store, report).await?;
    }
    Ok(())
}

/// The billed life of a task through the services, beside the same rows through a bare connection.
async fn lives(common: &Common, store: &Store, report: &mut Report) -> Outcome {
    report.section(&format!("{}: the billed life of {} tasks without HTTP", store.name(), common.tasks));
    let tasks = common.tasks as f64;
    let bare = match store {
        Store::Postgres { .. } => None,
        Store::Sqlite { folder } => {
            store.copy(TEMPLATE, "bare").await?;
            let (path, tasks): (PathBuf, usize) = (folder.join("bare.db"), common.tasks);
            let rate = tokio::task::spawn_blocking(move || statements::lives_per_second(Path::new(&path), tasks)).await;
            let rate = rate.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
            report.add("limit: the same rows on a bare connection, 128 a commit", rate, "tasks/s");
            store.remove("bare").await?;
            Some(rate)
        }
    };
    store.copy(TEMPLATE, "life").await?;
    let (submitting, running) = life::one_after_the_other(&store.url("life"), &common.folder, common.tasks).await?;
    store.remove("life").await?;
    report.add("submitted by the service, workers off", tasks / submitting, "tasks/s");
    report.add("claimed and settled by the engine afterwards", tasks / running, "tasks/s");
    report.add("whole lives, one after the other", tasks / (submitting + running), "tasks/s");
    store.copy(TEMPLATE, "life").await?;
    let together = tasks / life::together(&store.url("life"), &common.folder, common.tasks).await?;
    report.add("whole lives, submitted while workers run", together, "tasks/s");
    if let Some(bare) = bare {
        report.goal("whole lives ÷ the bare connection", together / bare, "≥ 0.6");
    }
    store.remove("life").await
}

async fn all_lists(common: &Common, rows: lists::Rows, report: &mut Report) -> Outcome {
    let stub = common.stub().await?;
    for store in &common.stores() {
        lists::run(&common.product(store, &stub).await?, rows, report).await?;
    }
    Ok(())
}

async fn through(common: &Common, time: Duration, report: &mut Report) -> Outcome {
    let stub = common.stub().await?;
    for store in &common.stores() {
        let product = common.product(store, &stub).await?;
        gateway::run(&product, time, report).await?;
        pages::run(&product, report).await?;
    }
    Ok(())
}

async fn beside(common: &Common, others: &peers::Others, report: &mut Report) -> Outcome {
    let stub = common.stub().await?;
    let stores = common.stores();
    let mut products = Vec::new();
    for store in &stores {
        products.push(common.product(store, &stub).await?);
    }
    peers::run(&products, others, &common.folder, stub.address, report).await
}

//! The command line: one file for each command. Every error ends in a sentence on stderr and a non-zero exit code.

pub mod backup;
pub mod catalog;
pub mod codes;
pub mod doctor;
pub mod key;
pub mod points;
pub mod serve;
pub mod settings;
pub mod user;

use crate::config::BasicSettings;
use clap::{Parser, Subcommand};
use service::config::Config;
use service::{Service, StartError};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Asynchronous API tasks: submitted, run, metered in points, and kept on record.
#[derive(Parser)]
#[command(name = "apirequestweb", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    User(user::User),
    Key(key::Key),
    Points(points::Points),
    Codes(codes::Codes),
    Settings(settings::Settings),
    Catalog(catalog::Catalog),
    Doctor(doctor::Doctor),
    Backup(backup::Backup),
    Restore(backup::Restore),
}

/// Why a command failed, in a sentence.
#[derive(Debug)]
pub struct Problem(pub String);

/// What a command answers.
pub type Outcome = Result<(), Problem>;

impl From<String> for Problem {
    fn from(sentence: String) -> Self {
        Problem(sentence)
    }
}

impl From<model::Error> for Problem {
    fn from(error: model::Error) -> Self {
        Problem(match error.field {
            Some(field) => format!("{} ({field})", error.message),
            None => error.message,
        })
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        Problem(error.to_string())
    }
}

/// Reads the command line and runs it.
pub async fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(command) => command.run().await,
        Command::User(command) => command.run().await,
        Command::Key(command) => command.run().await,
        Command::Points(command) => command.run().await,
        Command::Codes(command) => command.run().await,
        Command::Settings(command) => command.run().await,
        Command::Catalog(command) => command.run().await,
        Command::Doctor(command) => command.run().await,
        Command::Backup(command) => command.run().await,
        Command::Restore(command) => command.run().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Problem(sentence)) => {
            eprintln!("Error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Settings of a command that works beside a server, or without one.
fn settings(settings: &BasicSettings) -> Result<Config, Problem> {
    let mut config = settings.0.load()?;
    // A command must not take tasks away from the server.
    config.engine.enabled = false;
    log(&config, true);
    Ok(config)
}

/// The service without workers.
async fn open(basic: &BasicSettings) -> Result<Service, Problem> {
    Ok(Service::start(settings(basic)?).await?)
}

/// The same for commands that only look: a database that is not there is a mistake in the settings, and none is made.
async fn open_existing(basic: &BasicSettings) -> Result<Service, Problem> {
    let config = settings(basic)?;
    match config.sqlite_path() {
        Some(path) if !path.exists() => Err(Problem(format!("There is no database at {}. Give --data-dir or --database.", path.display()))),
        _ => Ok(Service::start(config).await?),
    }
}

/// Starts logging, to stderr. Commands are quiet unless something is wrong.
fn log(config: &Config, quiet: bool) {
    let filter = if quiet && config.log_filter == "info" { "warn" } else { &config.log_filter };
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // A second start in one process, as in tests, keeps the first.
    let _ = if config.log_format == "json" { lines.json().try_init() } else { lines.try_init() };
}

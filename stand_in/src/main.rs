//! The stand-in upstream as a program.

use clap::Parser;
use stand_in::StandIn;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// An upstream that really listens on HTTP and behaves as its requests ask: for the demo, tests and benches.
#[derive(Parser)]
#[command(name = "stand-in-upstream", version)]
struct Arguments {
    /// Where to listen. Port 0 takes a free one; the first line of the output tells which.
    #[arg(long, default_value = "127.0.0.1:4010")]
    listen: SocketAddr,
    /// Append every received request to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let stand_in = match StandIn::listen(arguments.listen, arguments.record.as_deref()).await {
        Ok(stand_in) => stand_in,
        Err(error) => {
            eprintln!("The stand-in upstream cannot start on {}: {error}", arguments.listen);
            return ExitCode::FAILURE;
        }
    };
    println!("stand-in upstream listening on {}", stand_in.url);
    tokio::select! {
        ended = stand_in.wait() => {
            if let Err(error) = ended {
                eprintln!("The stand-in upstream stopped: {error}");
            }
            ExitCode::FAILURE
        }
        _ = asked_to_stop() => ExitCode::SUCCESS,
    }
}

/// Waits for Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => (),
            _ = terminate.recv() => (),
        },
        Err(_) => tokio::signal::ctrl_c().await.unwrap_or(()),
    }
}

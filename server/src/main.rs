//! The binary: reads the command line and runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Leptos renders on the workers and blocks one now and then: with fewer than four a small machine can stand still.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores.max(4)).enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(server::cli::run()),
        Err(error) => {
            eprintln!("The asynchronous runtime could not be started: {error}.");
            ExitCode::FAILURE
        }
    }
}

//! `apirequestweb serve`

use super::{Outcome, Problem, log};
use crate::config::AllSettings;
use crate::listen::{self, Limits};
use crate::state::AppState;
use crate::{assets, router};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use service::config::{Config, lock_data_dir};
use service::{Service, accounts};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Start the server.
#[derive(clap::Args)]
pub struct Serve {
    /// Print the settings in force, without secrets, and exit.
    #[arg(long)]
    print_config: bool,
    #[command(flatten)]
    settings: AllSettings,
}

impl Serve {
    /// Serves until it is told to stop.
    pub async fn run(self) -> Outcome {
        let config = self.settings.0.load()?;
        if self.print_config {
            print!("{}", config.masked().to_toml());
            return Ok(());
        }
        log(&config, false);
        // A panic of a request is logged beside the request's id, in the format of the log.
        std::panic::set_hook(Box::new(|panic| tracing::error!(target: "panic", %panic)));
        serve(config).await
    }
}

async fn serve(config: Config) -> Outcome {
    // Before anything of it is opened, and first of all, so that a second server says so at once.
    let _lock = lock_data_dir(&config)?;
    let metrics = metrics()?;
    // Leptos walks all pages for this once, on a thread that must not yet be serving.
    let pages = router::page_list();
    let unpacked = assets::leptos_options(&config.data_dir);
    let leptos = unpacked
        .map_err(|error| Problem(format!("The names of the site's files cannot be written to {}: {error}.", config.data_dir.display())))?;
    let listener = bind(&config.listen).await?;
    let address = listener.local_addr().map_err(|error| format!("The address of the socket is not known: {error}."))?;

    let limits = Limits::new(config.trusted_proxies > 0, config.max_connections);
    let service = Service::start(config).await?;
    let state = AppState::new(service.clone(), leptos, Some(metrics));
    let door = router::build(state, pages);
    greet(&service, address).await?;

    let stop = CancellationToken::new();
    let serving = tokio::spawn(listen::serve(listener, door, limits, stop.clone()));
    listen::stop_signal().await;
    tracing::info!("stopping: no new requests; running ones end first, and again Ctrl-C ends at once");
    tokio::spawn(async {
        listen::stop_signal().await;
        std::process::exit(130);
    });
    // Streams of news end now, or they would be waited for.
    service.stopping.cancel();
    stop.cancel();
    let _ = serving.await;
    service.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}

async fn bind(listen: &str) -> Result<TcpListener, Problem> {
    TcpListener::bind(listen).await.map_err(|error| Problem(format!("The address {listen} cannot be listened on: {error}.")))
}

/// The recorder of measurements.
fn metrics() -> Result<PrometheusHandle, Problem> {
    let seconds = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| format!("The recorder of measurements cannot be started: {error}."))?;
    let upkeep = handle.clone();
    // Without it, samples that nobody asks for would pile up.
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(10)).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// Tells a person where the console is, and how to make the first account.
async fn greet(service: &Service, address: SocketAddr) -> Outcome {
    let console = console(service.config.public_url.as_deref(), address);
    println!("APIRequestWeb listens on {address}. The console is at {console}/");
    if accounts::setup_needed(service).await? {
        println!("There is no account yet. Make the administrator's here, once: {console}/setup?token={}", accounts::setup_token(service));
    }
    let https = service.config.public_url.as_deref().is_some_and(|url| url.starts_with("https:"));
    if !https && !address.ip().is_loopback() {
        tracing::warn!(
            "people reach this server over plain http: passwords and keys can be read on the way; set public_url to an https address"
        );
    }
    Ok(())
}

fn console(public_url: Option<&str>, address: SocketAddr) -> String {
    match public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => {
            let host = match address.ip() {
                ip if ip.is_unspecified() => "127.0.0.1".to_owned(),
                IpAddr::V6(ip) => format!("[{ip}]"),
                IpAddr::V4(ip) => ip.to_string(),
            };
            format!("http://{host}:{}", address.port())
        }
    }
}

//! The upstream of the bench: a process of its own that answers a few bytes at once.

use crate::Outcome;
use crate::client::Client;
use http::Method;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// What stands in for an upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// `stand-in-upstream`, which lies beside the server's binary.
    StandIn,
    /// nginx with `return 200`, if it is on PATH.
    Nginx,
}

/// A running stub. It ends when it is dropped.
pub struct Stub {
    /// Where it listens.
    pub address: SocketAddr,
    _process: Child,
}

impl Stub {
    /// Starts one and waits until it answers.
    pub async fn start(kind: Kind, binary: &Path, folder: &Path) -> Outcome<Self> {
        let stub = match kind {
            Kind::StandIn => stand_in(&binary.with_file_name("stand-in-upstream")).await?,
            Kind::Nginx => nginx(&folder.join("nginx"))?,
        };
        let probe = Client::new(&format!("http://{}", stub.address), "");
        for _ in 0..200 {
            if matches!(probe.call(Method::POST, "/fast", None, None).await, Ok((status, _)) if status.is_success()) {
                return Ok(stub);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Err("the stub does not answer".to_owned())
    }
}

async fn stand_in(binary: &Path) -> Outcome<Stub> {
    let mut command = Command::new(binary);
    command.args(["--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut process = command.spawn().map_err(|error| format!("{}: {error}", binary.display()))?;
    let output = process.stdout.take().ok_or("the stub has no output")?;
    let line = BufReader::new(output).lines().next_line().await.map_err(|error| error.to_string())?.unwrap_or_default();
    let address = line.rsplit_once("http://").and_then(|(_, address)| address.parse().ok());
    Ok(Stub { address: address.ok_or_else(|| format!("the stub does not say where it listens: {line}"))?, _process: process })
}

fn nginx(folder: &Path) -> Outcome<Stub> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    drop(listener);
    let at = folder.display();
    let temporary: String =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].iter().map(|what| format!("{what}_temp_path {at}/{what};\n")).collect();
    let text = format!(
        "daemon off;\nworker_processes 1;\npid {at}/pid;\nerror_log stderr crit;\nevents {{ worker_connections 4096; }}\nhttp {{\naccess_log off;\n\
         keepalive_requests 1000000000;\nkeepalive_timeout 600;\n{temporary}server {{\nlisten {address};\n\
         location / {{ default_type application/json; return 200 '{{\"ok\":true}}'; }}\n}}\n}}\n"
    );
    let config: PathBuf = folder.join("nginx.conf");
    std::fs::write(&config, text).map_err(|error| format!("{}: {error}", config.display()))?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&config).arg("-p").arg(folder).args(["-e", "stderr"]).stdin(Stdio::null()).kill_on_drop(true);
    let process = command.spawn().map_err(|error| format!("nginx: {error}"))?;
    Ok(Stub { address, _process: process })
}

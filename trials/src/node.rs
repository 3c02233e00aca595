//! The real server as a child process, and the command line beside it.

use crate::Outcome;
use crate::client::Client;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// What `/metrics` of a node asks for.
pub const METRICS_TOKEN: &str = "metrics-of-a-trial";

/// The password of every user that a trial makes.
pub const PASSWORD: &str = "correct horse 42";

/// Where a server runs and with what settings.
pub struct Node {
    binary: PathBuf,
    config: PathBuf,
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    child: Option<Child>,
}

/// Settings of a node that trials vary.
pub struct Settings<'a> {
    /// `sqlite:…` or `postgres://…`.
    pub database: &'a str,
    /// Where the upstream listens, as `127.0.0.1:4010`.
    pub upstream: SocketAddr,
    /// Lines of the section `[engine]`.
    pub engine: &'a str,
}

impl Node {
    /// A node that is not yet running, with a folder of its own.
    pub fn new(binary: &Path, folder: &Path, settings: &Settings<'_>) -> Outcome<Self> {
        std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let address = free_address()?;
        let config = folder.join("config.toml");
        let text = format!(
            "listen = \"{address}\"\ndatabase = \"{}\"\ndata_dir = \"{}\"\noutbound_allow = [\"127.0.0.1/32:{}\"]\n\
             default_interval_seconds = 1\nmin_interval_seconds = 1\nrequest_limit_per_minute = 0\nmetrics_token = \"{METRICS_TOKEN}\"\nlog_filter = \"warn\"\n[engine]\n{}\n",
            settings.database,
            folder.join("data").display(),
            settings.upstream.port(),
            settings.engine,
        );
        std::fs::write(&config, text).map_err(|error| format!("{}: {error}", config.display()))?;
        Ok(Node { binary: binary.to_owned(), config, url: format!("http://{address}"), child: None })
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&mut self) -> Outcome {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.config.with_extension("log"));
        let log = log.map_err(|error| error.to_string())?;
        let mut command = Command::new(&self.binary);
        command.args(["serve", "--config"]).arg(&self.config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true);
        self.child = Some(command.spawn().map_err(|error| format!("{}: {error}", self.binary.display()))?);
        let probe = Client::new(&self.url, "");
        for _ in 0..3000 {
            if matches!(probe.call(http::Method::GET, "/readyz", None, None).await, Ok((status, _)) if status.is_success()) {
                return Ok(());
            }
            if let Some(Ok(Some(status))) = self.child.as_mut().map(Child::try_wait) {
                let log = std::fs::read_to_string(self.config.with_extension("log")).unwrap_or_default();
                return Err(format!("the server ended with {status}: {}", log.lines().rev().take(5).collect::<Vec<_>>().join(" | ")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("the server is not ready after 30 s".to_owned())
    }

    /// The process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Sends a signal by name: `KILL`, `STOP`, `CONT`, `TERM`.
    pub async fn signal(&self, name: &str) -> Outcome {
        let pid = self.pid().ok_or("the server does not run")?.to_string();
        let done = Command::new("kill").args(["-s", name, &pid]).status().await.map_err(|error| error.to_string())?;
        if done.success() { Ok(()) } else { Err(format!("signal {name} was not delivered")) }
    }

    /// Waits until the process is gone.
    pub async fn gone(&mut self) -> Outcome {
        if let Some(mut child) = self.child.take() {
            child.wait().await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Asks it to stop and waits.
    pub async fn stop(&mut self) -> Outcome {
        if self.child.is_some() {
            self.signal("TERM").await?;
        }
        self.gone().await
    }

    /// Runs a command beside the server; what it printed. The error carries its message.
    pub async fn command(&self, arguments: &[&str], input: &str) -> Outcome<String> {
        let mut command = std::process::Command::new(&self.binary);
        command.args(arguments).arg("--config").arg(&self.config).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let input = input.to_owned();
        let run = tokio::task::spawn_blocking(move || {
            let mut child = command.spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                stdin.write_all(input.as_bytes())?;
            }
            child.wait_with_output()
        });
        let output = run.await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            Ok(text)
        } else {
            Err(format!("{}: {text}{}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)))
        }
    }

    /// Makes a user with points and a key; the key.
    pub async fn user(&self, name: &str, points: i64) -> Outcome<String> {
        self.create(name, "user").await?;
        self.command(&["points", "recharge", "--user", name, "--points", &points.to_string(), "--note", "trial"], "").await?;
        self.key(name, &["tasks:read", "tasks:write"]).await
    }

    /// Makes an administrator and a key that may do everything but write tasks; the key.
    pub async fn administrator(&self, name: &str) -> Outcome<String> {
        self.create(name, "admin").await?;
        self.key(name, &["tasks:read", "admin"]).await
    }

    async fn create(&self, name: &str, role: &str) -> Outcome {
        self.command(&["user", "create", name, "--role", role, "--password-stdin"], &format!("{PASSWORD}\n")).await.map(|_| ())
    }

    async fn key(&self, user: &str, scopes: &[&str]) -> Outcome<String> {
        let made = self.command(&["key", "create", "--user", user, "--scope", &scopes.join(",")], "").await?;
        let key = made.split_whitespace().find(|word| word.starts_with("arw_"));
        key.map(str::to_owned).ok_or_else(|| format!("no key in: {made}"))
    }

    /// Applies a catalog.
    pub async fn catalog(&self, text: &str) -> Outcome {
        let file = self.config.with_file_name("catalog.yaml");
        std::fs::write(&file, text).map_err(|error| error.to_string())?;
        self.command(&["catalog", "apply", &file.display().to_string()], "").await.map(|_| ())
    }
}

fn free_address() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map_err(|error| error.to_string())
}

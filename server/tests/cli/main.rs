//! The binary as operators use it: exit codes, sentences, and a server that starts and stops.
#![allow(clippy::disallowed_methods, reason = "the test is the client here")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const CATALOG: &str = "rules:\n  - { name: r, request: { url: '{{ channel.base_url }}/x' } }\n\
    channels:\n  - { name: c, platform: p, base_url: 'http://127.0.0.1:1' }\n\
    features:\n  - { key: f, name: F, platform: p, rule: r, points: 3 }\n";

struct Installation(TempDir);

impl Installation {
    fn new() -> Self {
        Installation(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apirequestweb"));
        command.args(arguments).current_dir(self.folder()).env("APIREQUESTWEB_DATA_DIR", self.folder().join("data"));
        command
    }

    fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// What a command prints; it must succeed.
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, "a long password 99\n");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The sentence of a command that must fail.
    fn bad(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, "short\n");
        assert!(!output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    fn serve(&self, arguments: &[&str]) -> Server {
        let mut command = self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server says where it listens").unwrap();
        let address = first.strip_prefix("APIRequestWeb listens on ").unwrap().split(". ").next().unwrap().to_owned();
        let second = lines.next().map(|line| line.unwrap()).unwrap_or_default();
        Server { child, address, second }
    }
}

struct Server {
    child: Child,
    address: String,
    second: String,
}

impl Server {
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM; whether it ended well within some seconds.
    fn stop(&mut self) -> bool {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn users_keys_points_and_catalog() {
    let at = Installation::new();
    assert!(at.good(&["user", "create", "alice", "--password-stdin"]).contains("User alice has the number 1 and the role user."));
    assert!(at.bad(&["user", "create", "alice", "--password", "a long password 99"]).starts_with("Error: This user name is taken."));
    assert!(at.bad(&["user", "create", "bob", "--password-stdin"]).contains("at least 8 characters"));
    assert!(at.bad(&["user", "create", "bob"]).contains("--password-stdin"));
    assert!(at.good(&["user", "list"]).contains("alice"));
    assert!(at.good(&["user", "set-password", "alice", "--password-stdin"]).contains("is set"));
    assert!(at.bad(&["user", "reset-totp", "alice"]).contains("off already"));
    assert!(at.bad(&["user", "reset-totp", "nobody"]).contains("no such user"));

    let key = at.good(&["key", "create", "--user", "alice", "--scope", "tasks:read", "--scope", "tasks:write"]);
    assert!(key.starts_with("arw_") && key.trim().len() == 36 && key.lines().count() == 1, "{key}");
    assert!(at.bad(&["key", "create", "--user", "alice", "--scope", "everything"]).contains("possible values: tasks:read"));
    assert!(at.bad(&["key", "create", "--user", "nobody", "--scope", "account"]).contains("There is no such user."));

    assert_eq!(
        at.good(&["points", "recharge", "--user", "alice", "--points", "50", "--note", "hello"]),
        "alice has 50 points available and 0 held.\n"
    );
    assert_eq!(at.good(&["points", "reverse", "--user", "alice", "--points", "20"]), "alice has 30 points available and 0 held.\n");
    assert!(at.bad(&["points", "reverse", "--user", "alice", "--points", "31"]).contains("31 points are needed and 30 are available."));

    assert_eq!(
        at.good(&["points", "reverse", "--user", "alice", "--points", "31", "--up-to-available"]),
        "30 points were taken back.\nalice has 0 points available and 0 held.\n"
    );

    for wrong in ["-5", "0"] {
        let said = at.bad(&["points", "recharge", "--user", "alice", "--points", wrong]);
        assert!(said.contains("Points must be 1 or more. To take points back, use `apirequestweb points reverse`."), "{said}");
    }
    let codes = at.good(&["codes", "create", "--points", "5", "--count", "3", "--note", "spring"]);
    assert!(codes.lines().count() == 3 && codes.lines().all(|code| code.len() == 23), "{codes}");
    assert!(at.bad(&["codes", "create", "--points", "0"]).starts_with("Error: Points must be a whole number"));
    assert!(at.bad(&["codes", "create", "--points", "5", "--expires", "tomorrow"]).contains("is not a time such as"));
    assert!(at.bad(&["codes", "disable", "--batch", "nothing"]).contains("There is no such redemption code."));

    let file = at.folder().join("catalog.yaml");
    std::fs::write(&file, CATALOG).unwrap();
    assert!(at.good(&["catalog", "apply", "catalog.yaml", "--dry-run"]).contains("feature f would be new\n3 new, 0 changed, 0 as before."));
    assert!(at.good(&["catalog", "apply", "catalog.yaml"]).contains("3 new, 0 changed"));
    std::fs::write(at.folder().join("again.yaml"), at.good(&["catalog", "export"])).unwrap();
    assert_eq!(at.good(&["catalog", "apply", "again.yaml"]), "0 new, 0 changed, 3 as before.\n");
    std::fs::write(at.folder().join("again.json"), at.good(&["catalog", "export", "--format", "json"])).unwrap();
    assert_eq!(at.good(&["catalog", "apply", "again.json"]), "0 new, 0 changed, 3 as before.\n");
    std::fs::write(&file, CATALOG.replace("points: 3", "prize: 3")).unwrap();
    assert!(at.bad(&["catalog", "apply", "catalog.yaml"]).contains("\ncatalog.yaml:6: features[0].prize: "));
    assert!(at.bad(&["catalog", "apply", "missing.yaml"]).contains("missing.yaml cannot be read"));

    // What only looks makes nothing.
    let nowhere = at.folder().join("nowhere");
    for command in [&["doctor"][..], &["backup", "copy.db"]] {
        let told = at.bad(&[command, &["--data-dir", nowhere.to_str().unwrap()]].concat());
        assert!(told.starts_with("Error: There is no database at "), "{told}");
        assert!(!nowhere.exists());
    }
    assert!(at.good(&["doctor"]).lines().all(|line| line.starts_with("ok ")));
}

#[test]
fn users_are_kept_out_and_settings_changed() {
    let at = Installation::new();
    at.good(&["user", "create", "root", "--role", "admin", "--password-stdin"]);
    at.good(&["user", "create", "alice", "--password-stdin"]);
    assert!(at.good(&["user", "disable", "alice"]).contains("kept out"));
    assert!(at.good(&["user", "list"]).lines().any(|line| line.contains("alice") && line.contains(" no ")));
    assert_eq!(at.good(&["user", "enable", "alice"]), "alice may log in.\n");
    assert_eq!(at.good(&["user", "set-role", "alice", "--role", "admin"]), "alice has the role admin.\n");
    at.good(&["user", "disable", "alice"]);
    assert!(at.bad(&["user", "disable", "root"]).contains("last administrator"));
    assert!(at.bad(&["user", "set-role", "root", "--role", "user"]).contains("last administrator"));
    assert!(at.bad(&["user", "disable", "nobody"]).contains("There is no such user."));

    assert!(at.good(&["settings", "show"]).contains("\"registration\": \"closed\""));
    assert!(at.good(&["settings", "set", "registration", "open"]).contains("\"registration\": \"open\""));
    assert!(at.good(&["settings", "set", "min_interval_seconds", "9"]).contains("\"min_interval_seconds\": 9"));
    assert!(at.good(&["settings", "show"]).contains("\"registration\": \"open\""));
    assert!(at.bad(&["settings", "set", "min_interval_second", "9"]).contains("There is no setting"));
    assert!(at.bad(&["settings", "set", "min_interval_seconds", "0"]).contains("must be 1 to 86400"));
}

#[test]
fn settings_are_layered_and_masked() {
    let at = Installation::new();
    std::fs::write(at.folder().join("apirequestweb.toml"), "trusted_proxies = 1\nlisten = \"127.0.0.1:1\"\n").unwrap();
    let mut command = at.command(&["serve", "--print-config", "--engine-slots", "7", "--metrics-token", "0123456789abcdef"]);
    let output =
        command.env("APIREQUESTWEB_LISTEN", "127.0.0.1:2").env("APIREQUESTWEB_DATABASE", "postgres://u:hidden@h/d").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in
        ["trusted_proxies = 1", "listen = \"127.0.0.1:2\"", "slots = 7", "database = \"postgres://u:***@h/d\"", "metrics_token = \"***\""]
    {
        assert!(text.lines().any(|found| found == line), "{line} is missing in {text}");
    }
    std::fs::write(at.folder().join("apirequestweb.toml"), "\nlissen = 1\n").unwrap();
    assert!(at.bad(&["serve"]).starts_with("Error: apirequestweb.toml: Line 2: unknown field `lissen`"));
    assert!(at.bad(&["serve", "--config", "other.toml"]).contains("other.toml cannot be read"));
}

#[test]
fn a_server_starts_serves_and_stops() {
    let at = Installation::new();
    let mut server = at.serve(&[]);
    assert!(server.second.contains(&format!("http://{}/setup?token=", server.address)), "{}", server.second);
    assert!(server.get("/readyz").ends_with("\r\n\r\nready"));
    // Failures travel over a real connection as well.
    let failure = server.get("/api/me");
    assert!(failure.starts_with("HTTP/1.1 401 ") && failure.contains("\"code\":\"unauthenticated\""), "{failure}");
    assert!(server.get("/login").starts_with("HTTP/1.1 303 "));

    assert!(at.bad(&["serve", "--listen", "127.0.0.1:0"]).contains("is in use by a running server"));
    at.good(&["user", "create", "alice", "--password-stdin"]);
    let backup = at.folder().join("copy.db");
    assert!(at.good(&["backup", backup.to_str().unwrap()]).starts_with("The backup is in "));
    assert!(at.bad(&["restore", backup.to_str().unwrap()]).contains("is in use by a running server"));
    assert!(server.stop(), "it ends with success");

    at.good(&["user", "create", "bob", "--password-stdin"]);
    assert!(at.good(&["restore", backup.to_str().unwrap()]).contains("What was there before is in "));
    let users = at.good(&["user", "list"]);
    assert!(users.contains("alice") && !users.contains("bob"), "{users}");
}

#[test]
fn what_cannot_be_listened_on_is_said() {
    let at = Installation::new();
    let server = at.serve(&[]);
    let elsewhere = Installation::new();
    let taken = elsewhere.bad(&["serve", "--listen", &server.address]);
    assert!(taken.contains("cannot be listened on"), "{taken}");
    assert!(elsewhere.bad(&["serve", "--listen", "nowhere"]).contains("`listen` must be an address and a port"));
}

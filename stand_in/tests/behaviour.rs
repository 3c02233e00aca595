//! The stand-in over a real socket: each behaviour once.

use serde_json::{Value, json};
use stand_in::StandIn;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back: status, headers as they were written, body.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
    /// Whether the answer ended as its framing promised.
    whole: bool,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

/// Sends one request on a connection of its own and reads until it is closed, at most `wait`.
#[allow(clippy::disallowed_methods, reason = "a test client, not an outbound call of the product")]
async fn send(stand_in: &StandIn, method: &str, path: &str, headers: &str, body: &str, wait: Duration) -> Answer {
    let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
    let request =
        format!("{method} {path} HTTP/1.1\r\nhost: stand-in\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut raw = Vec::new();
    let mut chunk = [0; 8192];
    let end = Instant::now() + wait;
    while let Ok(Ok(n)) = tokio::time::timeout(end.saturating_duration_since(Instant::now()), stream.read(&mut chunk)).await {
        // A time-out does not stop reads that are always ready.
        if n == 0 || raw.len() > 4 << 20 {
            break;
        }
        raw.extend_from_slice(&chunk[..n]);
    }
    let split = raw.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    let head = String::from_utf8(raw[..split].to_vec()).unwrap();
    let mut rest = &raw[split + 4..];
    let (mut body, mut whole) = (Vec::new(), false);
    if head.contains("transfer-encoding: chunked") {
        while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
            let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
            if size == 0 {
                whole = true;
                break;
            }
            let from = line + 2;
            if rest.len() < from + size + 2 {
                break;
            }
            body.extend_from_slice(&rest[from..from + size]);
            rest = &rest[from + size + 2..];
        }
    } else {
        body = rest.to_vec();
        whole = true;
    }
    Answer { status: head[9..12].parse().unwrap(), head, body, whole }
}

async fn post(stand_in: &StandIn, path: &str, headers: &str, body: Value) -> Answer {
    send(stand_in, "POST", path, headers, &body.to_string(), Duration::from_secs(5)).await
}

async fn get(stand_in: &StandIn, path: &str) -> Answer {
    send(stand_in, "GET", path, "", "", Duration::from_secs(5)).await
}

#[tokio::test]
async fn answers_at_once() {
    let stand_in = StandIn::start().await;
    let answer = post(&stand_in, "/v1/generate", "", json!({"prompt": "一只猫", "count": 2})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["result"]["images"].as_array().unwrap().len(), 2);
    let picture = answer.json()["result"]["images"][0]["url"].as_str().unwrap().strip_prefix(&stand_in.url).unwrap().to_owned();
    assert!(get(&stand_in, &picture).await.body.starts_with(b"<svg"));
    assert!(get(&stand_in, "/files/a.wav").await.body.starts_with(b"RIFF"));

    let text = post(&stand_in, "/v1/generate", "", json!({"prompt": "你好", "kind": "text"})).await;
    assert!(text.json()["result"]["text"].as_str().unwrap().contains("你好"));
}

#[tokio::test]
async fn fails_as_asked() {
    let stand_in = StandIn::start().await;
    for (query, status) in [("status=500", 500), ("status=400", 400), ("status=429&retry_after=7", 429)] {
        for _ in 0..2 {
            let answer = post(&stand_in, &format!("/v1/generate?{query}"), "", json!({"prompt": "a"})).await;
            assert_eq!(answer.status, status, "{query}");
            assert_eq!(answer.head.contains("retry-after: 7"), status == 429, "{query}");
        }
    }
    // The first two of a subject, which is the header, else the prompt.
    for (headers, prompt) in [("x-task: 7\r\n", "a"), ("", "b")] {
        for status in [503, 503, 200, 200] {
            let answer = post(&stand_in, "/v1/generate?fail_first=2", headers, json!({"prompt": prompt})).await;
            assert_eq!(answer.status, status);
        }
    }
    // A repeated key is the same request again: it takes no place, and its answer stays what it was.
    for (key, status) in [("k1", 503), ("k1", 503), ("k2", 200), ("k1", 503), ("k2", 200)] {
        let headers = format!("x-task: 8\r\nidempotency-key: {key}\r\n");
        let answer = post(&stand_in, "/v1/generate?fail_first=1", &headers, json!({"prompt": "a"})).await;
        assert_eq!(answer.status, status, "{key}");
    }
    // Where keys are forgotten, it is another one.
    for status in [503, 200] {
        let headers = "x-task: 9\r\nidempotency-key: k9\r\n";
        let answer = post(&stand_in, "/v1/generate?fail_first=1&keys=forgotten", headers, json!({"prompt": "a"})).await;
        assert_eq!(answer.status, status);
    }
    let nonsense = post(&stand_in, "/v1/generate?body=poem", "", json!({"prompt": "a"})).await;
    assert_eq!(nonsense.status, 400);
    assert_eq!(stand_in.stats().effects, 6);
}

#[tokio::test]
async fn honours_idempotency_keys() {
    let stand_in = StandIn::start().await;
    let mut answers = Vec::new();
    for key in ["k1", "k1", "k2"] {
        answers.push(post(&stand_in, "/v1/jobs", &format!("idempotency-key: {key}\r\n"), json!({"prompt": "a"})).await);
    }
    assert_eq!(answers[0].json()["id"], answers[1].json()["id"]);
    assert_ne!(answers[0].json()["id"], answers[2].json()["id"]);
    assert!(answers[1].head.contains("idempotency-replayed: true"));
    assert!(!answers[2].head.contains("idempotency-replayed"));
    let stats = stand_in.stats();
    assert_eq!((stats.requests, stats.effects, stats.replays), (3, 2, 1));
    assert_eq!(stand_in.requests()[2].key(), "k2");
}

#[tokio::test]
async fn runs_jobs() {
    let stand_in = StandIn::start().await;
    let submit = |body: Value| post(&stand_in, "/v1/jobs", "", body);
    let short = submit(json!({"prompt": "a", "kind": "music", "behaviour": {"duration_ms": 0}})).await.json();
    let bad = submit(json!({"prompt": "a", "behaviour": {"duration_ms": 0, "outcome": "failure"}})).await.json();
    let long = submit(json!({"prompt": "a", "behaviour": {"duration_ms": 600_000}})).await.json();
    let stuck = submit(json!({"prompt": "a", "behaviour": {"duration_ms": 0, "outcome": "stuck"}})).await.json();
    let ids = [&short, &bad, &long, &stuck].map(|job| job["id"].as_str().unwrap().to_owned());

    let all = post(&stand_in, "/v1/jobs/fetch", "", json!({"ids": ids})).await.json();
    let states: Vec<_> = all["jobs"].as_array().unwrap().iter().map(|job| job["status"].as_str().unwrap()).collect();
    assert_eq!(states, ["succeeded", "failed", "queued", "running"]);
    assert!(all["jobs"][0]["result"]["audio_url"].as_str().unwrap().ends_with(".wav"));
    assert!(all["jobs"][1]["error"].is_string());

    let cancelled = send(&stand_in, "DELETE", &format!("/v1/jobs/{}", ids[2]), "", "", Duration::from_secs(5)).await;
    assert_eq!(cancelled.json()["status"], "cancelled");
    assert_eq!(get(&stand_in, &format!("/v1/jobs/{}", ids[2])).await.json()["status"], "cancelled");
    let ended = post(&stand_in, &format!("/v1/jobs/{}/cancel", ids[0]), "", json!({})).await;
    assert_eq!(ended.json()["status"], "succeeded");
    assert_eq!(get(&stand_in, "/v1/jobs/job-999").await.status, 404);
}

#[tokio::test]
async fn breaks_bodies() {
    let stand_in = StandIn::start().await;
    let body = |kind: &str| {
        let path = format!("/v1/generate?body={kind}&bytes=100000");
        let stand_in = &stand_in;
        async move { send(stand_in, "POST", &path, "", "{}", Duration::from_millis(400)).await }
    };
    assert!(serde_json::from_slice::<Value>(&body("garbage").await.body).is_err());
    assert!(body("empty").await.body.is_empty());
    for kind in ["drip", "stall", "reset"] {
        let answer = body(kind).await;
        assert!(!answer.whole && !answer.body.is_empty() && answer.body.len() < 100, "{kind}");
    }
    let huge = body("huge").await;
    assert!(huge.whole && huge.body.len() == 100_002);
    let endless = body("endless").await;
    assert!(!endless.whole && endless.body.len() > 1_000_000);
}

#[tokio::test]
async fn journals_before_it_answers() {
    let folder = std::env::temp_dir().join(format!("stand-in-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let journal = folder.join("requests.jsonl");
    let stand_in = StandIn::listen(([127, 0, 0, 1], 0).into(), Some(&journal)).await.unwrap();
    post(&stand_in, "/fast", "idempotency-key: k\r\nx-task: t\r\n", json!({})).await;
    post(&stand_in, "/v1/generate?status=500", "", json!({})).await;
    let lines: Vec<Value> = std::fs::read_to_string(&journal).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "both requests, and the answer of the one that can differ");
    assert_eq!((&lines[2]["answered"], &lines[2]["status"]), (&lines[1]["number"], &json!(500)));
    assert_eq!((&lines[0]["path"], &lines[0]["key"], &lines[0]["task"]), (&json!("/fast"), &json!("k"), &json!("t")));
    assert_eq!(stand_in.stats().fast, 1);
    std::fs::remove_dir_all(&folder).unwrap();
}

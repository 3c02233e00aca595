//! A client of the public REST surface, with an API key.

use crate::Outcome;
use crate::node::METRICS_TOKEN;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::time::Duration;

/// A client; cheap to clone, its connections are shared.
#[derive(Clone)]
pub struct Client {
    pool: Pool<HttpConnector, Full<Bytes>>,
    base: String,
    key: String,
}

impl Client {
    /// A client of a server, for example `http://127.0.0.1:3000`, that calls with a key.
    #[allow(clippy::disallowed_methods, reason = "a trial is a client of the product, not a part of it")]
    pub fn new(base: &str, key: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let pool = Pool::builder(TokioExecutor::new()).pool_max_idle_per_host(512).build(connector);
        Client { pool, base: base.to_owned(), key: key.to_owned() }
    }

    /// One call, at most ten seconds. An error means that no whole answer came.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        idempotency_key: Option<&str>,
    ) -> Outcome<(StatusCode, Bytes)> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base)).header("x-api-key", &self.key);
        if let Some(key) = idempotency_key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Bytes::from(body.to_string())
            }
            None => Bytes::new(),
        };
        self.exchange(request.body(Full::new(body)).map_err(|error| error.to_string())?).await
    }

    /// Posts JSON that is already text, at most ten seconds.
    pub async fn post(&self, path: &str, json: Bytes) -> Outcome<(StatusCode, Bytes)> {
        let request =
            Request::post(format!("{}{path}", self.base)).header("x-api-key", &self.key).header("content-type", "application/json");
        self.exchange(request.body(Full::new(json)).map_err(|error| error.to_string())?).await
    }

    /// The sum of a counter of `/metrics` over all its labels.
    pub async fn counter(&self, name: &str) -> Outcome<f64> {
        let request = Request::get(format!("{}/metrics", self.base)).header("authorization", format!("Bearer {METRICS_TOKEN}"));
        let (status, body) = self.exchange(request.body(Full::default()).map_err(|error| error.to_string())?).await?;
        if !status.is_success() {
            return Err(format!("GET /metrics: {status}"));
        }
        let text = String::from_utf8_lossy(&body);
        let named = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
        Ok(text.lines().filter(named).filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).fold(0.0, |sum, value| sum + value))
    }

    /// Logs in by the form of the log-in page; the cookie of the session, as `name=token`.
    pub async fn log_in(&self, username: &str, password: &str) -> Outcome<String> {
        let form = format!("username={}&password={}", username.replace(' ', "+"), password.replace(' ', "+"));
        let request = Request::post(format!("{}/login", self.base)).header("content-type", "application/x-www-form-urlencoded");
        let answer = self.answer(request.body(Full::from(form)).map_err(|error| error.to_string())?).await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let cookie = header("set-cookie").split(';').next().unwrap_or_default();
        // A wrong password leads back to the form, with the reason in the address.
        let refused = || format!("{username} was not logged in: {} {}", answer.status(), header("location"));
        (!cookie.is_empty()).then(|| cookie.to_owned()).ok_or_else(refused)
    }

    /// Gets a page or a file as a browser does, with a cookie and the codings that it takes (`br`, `gzip`; empty for none); what came must be
    /// good, and is given back as it came.
    pub async fn page(&self, path: &str, cookie: &str, codings: &str) -> Outcome<Bytes> {
        let request = Request::get(format!("{}{path}", self.base)).header("cookie", cookie).header("accept-encoding", codings);
        let (status, body) = self.exchange(request.body(Full::default()).map_err(|error| error.to_string())?).await?;
        if status == StatusCode::OK { Ok(body) } else { Err(format!("GET {path}: {status}")) }
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Outcome<(StatusCode, Bytes)> {
        let answer = self.answer(request).await?;
        Ok((answer.status(), answer.into_body()))
    }

    async fn answer(&self, request: Request<Full<Bytes>>) -> Outcome<Response<Bytes>> {
        let exchange = async {
            let (parts, body) = self.pool.request(request).await.map_err(|error| error.to_string())?.into_parts();
            let body = body.collect().await.map_err(|error| error.to_string())?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        tokio::time::timeout(Duration::from_secs(10), exchange).await.map_err(|_| "no answer within 10 s".to_owned())?
    }

    /// The `data` of a successful GET.
    pub async fn get(&self, path: &str) -> Outcome<Value> {
        let (status, body) = self.call(Method::GET, path, None, None).await?;
        let answer: Value = serde_json::from_slice(&body).map_err(|error| format!("GET {path}: {error}"))?;
        if status.is_success() { Ok(answer["data"].clone()) } else { Err(format!("GET {path}: {status} {answer}")) }
    }

    /// Every item of a list.
    pub async fn all(&self, path: &str) -> Outcome<Vec<Value>> {
        let mut items = Vec::new();
        for page in 1.. {
            let separator = if path.contains('?') { '&' } else { '?' };
            let data = self.get(&format!("{path}{separator}page={page}&page_size=100")).await?;
            let rows = data["items"].as_array().cloned().unwrap_or_default();
            let last = rows.len() < 100;
            items.extend(rows);
            if last {
                break;
            }
        }
        Ok(items)
    }

    /// How many tasks are in a state.
    pub async fn count(&self, status: &str) -> Outcome<i64> {
        let data = self.get(&format!("/api/tasks?page_size=1&status={status}")).await?;
        data["total"].as_i64().ok_or_else(|| "a list without a total".to_owned())
    }
}

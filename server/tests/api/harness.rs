//! The router in this process, and requests to it.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use leptos_axum::AxumRouteListing;
use model::accounts::{NewKey, Scope};
use serde_json::Value;
use server::door::Door;
use server::router;
use server::state::AppState;
use service::accounts;
use service::actor::{Actor, ClientInfo};
use service::testing::{PASSWORD, TestService};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;
use tower::ServiceExt;

/// Features without an upstream: tests here end at the queue.
pub const CATALOG: &str = r#"
rules:
  - { name: r, request: { url: '{{ channel.base_url }}/x' }, max_retries: 3 }
  - { name: endless, request: { url: '{{ channel.base_url }}/x' }, max_retries: -1 }
features:
  - { key: song, name: 文本转音乐, description: Makes a song., category: music, platform: stand-in, rule: r, points: 30, sort_order: 1,
      form_schema: [{ key: prompt, label: Prompt, type: text, required: true, example: rain }, { key: count, type: number, min: 1, max: 4, integer: true }],
      result_fields: [{ label: Audio, path: $.audio }] }
  - { key: free, name: Free, platform: stand-in, rule: endless, points: 0, sort_order: 2 }
"#;

/// A running door.
pub struct App {
    /// The service behind it.
    pub service: TestService,
    door: Door,
}

impl App {
    /// The door of a service, with [`CATALOG`].
    pub async fn new(service: TestService) -> App {
        service.catalog("http://127.0.0.1:1", CATALOG).await;
        App::bare(service)
    }

    /// The same door around another router.
    pub fn around(service: TestService, router: axum::Router) -> App {
        let state = AppState::new((*service).clone(), server::assets::leptos_options(&service.config.data_dir).unwrap(), None);
        App { door: Door::new(state, router), service }
    }

    /// The door of a service without a catalog.
    pub fn bare(service: TestService) -> App {
        // Leptos may be asked for its pages once in a process.
        static PAGES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
        let pages = PAGES.get_or_init(router::page_list).clone();
        let leptos = server::assets::leptos_options(&service.config.data_dir).unwrap();
        let state = AppState::new((*service).clone(), leptos, None).with_keep_alive(Duration::from_millis(50));
        App { door: router::build(state, pages), service }
    }

    /// A request that is still to be sent.
    pub fn request(&self, method: &str, path: &str) -> Call<'_> {
        Call { app: self, builder: Request::builder().method(method).uri(path).header("x-request-id", "test"), body: Body::empty() }
    }

    /// `GET` with a credential.
    pub async fn get(&self, path: &str, who: &Credential) -> Reply {
        self.request("GET", path).by(who).send().await
    }

    /// `POST` of JSON with a credential.
    pub async fn post(&self, path: &str, who: &Credential, body: Value) -> Reply {
        self.request("POST", path).by(who).json(body).send().await
    }

    /// A user with points, and a session.
    pub async fn session(&self, name: &str, points: i64) -> (Actor, Credential) {
        let user = self.service.user(name, points).await;
        let token = self.log_in(name).await;
        (user, Credential::Cookie(token))
    }

    /// The token of a new session.
    pub async fn log_in(&self, name: &str) -> String {
        accounts::log_in(&self.service, name, PASSWORD, &client()).await.unwrap().session().unwrap().token
    }

    /// A key of a user.
    pub async fn key(&self, user: &Actor, scopes: &[Scope]) -> Credential {
        let new = NewKey { name: "test".to_owned(), scopes: scopes.to_vec(), ..NewKey::default() };
        Credential::Key(accounts::create_key(&self.service, user, new).await.unwrap().secret)
    }
}

/// Where tests come from.
pub fn client() -> ClientInfo {
    ClientInfo { address: [127, 0, 0, 1].into(), user_agent: "test".to_owned() }
}

/// What a request proves itself with.
#[derive(Clone)]
pub enum Credential {
    /// None.
    None,
    /// The session's cookie.
    Cookie(String),
    /// `X-API-Key`.
    Key(String),
}

impl Credential {
    /// The token or key.
    pub fn secret(&self) -> &str {
        match self {
            Credential::None => "",
            Credential::Cookie(secret) | Credential::Key(secret) => secret,
        }
    }
}

/// A request that is still to be sent.
pub struct Call<'a> {
    app: &'a App,
    builder: axum::http::request::Builder,
    body: Body,
}

impl Call<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.builder = self.builder.header(name, value);
        self
    }

    pub fn by(self, who: &Credential) -> Self {
        match who {
            Credential::None => self,
            Credential::Cookie(token) => self.header("cookie", &format!("session={token}")),
            Credential::Key(key) => self.header("x-api-key", key),
        }
    }

    pub fn json(self, body: Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    pub fn form(self, body: &str) -> Self {
        self.raw("application/x-www-form-urlencoded", body.to_owned())
    }

    pub fn raw(mut self, kind: &str, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }

    /// The answer with its body still open.
    pub async fn open(self) -> axum::response::Response {
        let mut request = self.builder.body(self.body).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5000))));
        self.app.door.clone().oneshot(request).await.unwrap()
    }

    /// The whole answer.
    pub async fn send(self) -> Reply {
        let response = self.open().await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        // hyper refuses to send an answer that announces another length.
        if let Some(announced) = parts.headers.get(header::CONTENT_LENGTH) {
            assert_eq!(announced.to_str().unwrap(), bytes.len().to_string(), "content-length");
        }
        Reply { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// What stands under `data`.
    pub fn data(&self) -> Value {
        let mut json = self.json();
        assert_eq!(json["success"], true, "{}", self.text);
        json["data"].take()
    }

    /// The error's code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Status and body in one line, for snapshots.
    pub fn line(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.text)
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Where a redirect leads; the status must be 303.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(header::LOCATION.as_str())
    }
}

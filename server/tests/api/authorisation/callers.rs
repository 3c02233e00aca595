//! Those who call, and what they meet.

use super::world::{Target, World};
use super::{May, Row};
use crate::harness::Credential;
use Expected::{Entry, Nothing, Refusal};
use axum::http::StatusCode;
use http_body_util::BodyExt;
use model::accounts::Scope;
use server::router::Access;

/// What a caller meets.
#[derive(Clone, Copy)]
pub enum Expected {
    /// The answer of the row.
    Entry,
    /// Status and error code.
    Refusal(u16, &'static str),
    /// The same as for a thing that does not exist.
    Nothing,
}

const NOBODY: Expected = Refusal(401, "unauthenticated");
const ENDED: Expected = Refusal(401, "credential_expired");
const FORBIDDEN: Expected = Refusal(403, "forbidden");
const CROSS_SITE: Expected = Refusal(403, "cross_site");

/// Who calls, with what, and what they meet.
pub struct Caller<'a> {
    pub name: String,
    credential: &'a Credential,
    headers: Vec<(&'static str, &'a str)>,
    pub expected: Expected,
}

impl<'a> Caller<'a> {
    fn new(name: impl Into<String>, credential: &'a Credential, expected: Expected) -> Self {
        Caller { name: name.into(), credential, headers: Vec::new(), expected }
    }

    fn with(self, name: &'static str, value: &'a str) -> Self {
        let headers = self.headers.into_iter().chain([(name, value)]).collect();
        Caller { headers, ..self }
    }

    /// A browser that another site makes send the cookie of somebody who may: as `Sec-Fetch-Site` tells it, and as `Origin` does without it.
    fn from_other_sites(world: &'a World, may: May) -> impl Iterator<Item = Self> {
        let credential = if may == May::Admin { &world.admin } else { &world.owner };
        let foreign = [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")];
        foreign.into_iter().map(move |(name, value)| {
            Caller::new(format!("session with {name}: {value}"), credential, CROSS_SITE).with(name, value).with("host", "localhost")
        })
    }

    /// Status, error code and text.
    pub async fn call(&self, world: &World, target: &Target) -> (u16, String, String) {
        let mut call = target.request(&world.app).by(self.credential);
        for (name, value) in &self.headers {
            call = call.header(name, value);
        }
        let response = call.open().await;
        let status = response.status();
        // A stream does not end: only its head is looked at.
        if status == StatusCode::OK && target.path == "/events" {
            return (200, String::new(), String::new());
        }
        let text = String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let code = if status.is_success() { "" } else { json["code"].as_str().unwrap_or("no code") };
        (status.as_u16(), code.to_owned(), text)
    }
}

/// Server functions take a session's cookie and nothing else.
pub fn callers_of_function<'a>(world: &'a World, row: &Row) -> Vec<Caller<'a>> {
    let (owner, other, admin) = for_sessions(row.may);
    let mut callers = vec![
        Caller::new("anonymous", &Credential::None, NOBODY),
        Caller::new("expired session", &world.expired, NOBODY),
        Caller::new("administrator's key", &world.admin_key, NOBODY),
    ];
    callers.extend(world.keys.iter().map(|(scope, key)| Caller::new(format!("owner's key for {scope:?}"), key, NOBODY)));
    callers.extend(Caller::from_other_sites(world, row.may));
    callers.push(Caller::new("other user", &world.other, other).with("sec-fetch-site", "same-origin"));
    callers.push(Caller::new("administrator", &world.admin, admin).with("sec-fetch-site", "same-origin"));
    callers.push(Caller::new("owner", &world.owner, owner).with("sec-fetch-site", "same-origin"));
    callers
}

/// What the sessions of the owner, of another user and of an administrator meet.
fn for_sessions(may: May) -> (Expected, Expected, Expected) {
    match may {
        May::Session => (Entry, Entry, Entry),
        May::Owner | May::Each => (Entry, Nothing, Nothing),
        May::Admin => (FORBIDDEN, FORBIDDEN, Entry),
    }
}

/// REST takes a key as well, if it has the scope of the route.
pub fn callers_of_endpoint<'a>(world: &'a World, row: &Row, access: Access) -> Vec<Caller<'a>> {
    let (owner, other, admin) = for_sessions(row.may);
    let keyed = |scope: Scope, may: Expected| match access {
        Access::Caller => may,
        Access::Scope(wanted) if wanted == scope => may,
        Access::Admin if scope == Scope::Admin => may,
        _ => FORBIDDEN,
    };
    let in_scope = |may| if access == Access::Session { FORBIDDEN } else { may };
    let mut callers = vec![
        Caller::new("anonymous", &Credential::None, NOBODY),
        Caller::new("nonsense as a session", &world.nonsense.0, ENDED),
        Caller::new("nonsense as a key", &world.nonsense.1, NOBODY),
        // A wrong key is not made good by a session beside it.
        Caller::new("session and a wrong key", &world.owner, NOBODY).with("x-api-key", world.nonsense.1.secret()),
        Caller::new("expired session", &world.expired, ENDED),
    ];
    callers.extend(world.dead_keys.iter().map(|(name, key)| Caller::new(*name, key, ENDED)));
    if row.method != "GET" {
        callers.extend(Caller::from_other_sites(world, row.may));
    }
    callers.push(Caller::new("other user", &world.other, other));
    callers.push(Caller::new("other user's key", &world.other_key, in_scope(other)));
    callers.push(Caller::new("administrator", &world.admin, admin));
    callers.push(Caller::new("administrator's key for Admin", &world.admin_key, keyed(Scope::Admin, admin)));
    let lesser = if row.may == May::Admin { FORBIDDEN } else { in_scope(admin) };
    callers.push(Caller::new("administrator's key for the rest", &world.lesser_key, lesser));
    for (scope, key) in &world.keys {
        // A key is not sent by a browser on its own, so where the request comes from does not matter.
        let caller = Caller::new(format!("owner's key for {scope:?}"), key, keyed(*scope, owner));
        callers.push(caller.with("sec-fetch-site", "cross-site"));
    }
    callers.push(Caller::new("owner", &world.owner, owner).with("sec-fetch-site", "same-origin"));
    callers
}

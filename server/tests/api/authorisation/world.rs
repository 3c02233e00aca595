//! The people of the table, and the things that its rows are about.

use super::Row;
use crate::harness::{App, Call, Credential, client};
use model::accounts::{NewKey, Scope};
use model::all_tasks::Intervention;
use model::recharge::{CodeFilter, NewCodes};
use model::request_logs::RequestLogFilter;
use model::tasks::TaskFilter;
use model::time::Timestamp;
use model::users::NewInvitation;
use model::webhooks::{AdminDeliveryFilter, NewWebhook};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::actor::Actor;
use service::features::admin;
use service::request_logs::{Facts, Record};
use service::testing::{PASSWORD, TestService};
use service::{accounts, announcements, recharge, request_logs, tasks, webhooks};
use std::sync::atomic::{AtomicU32, Ordering};

/// What nothing has as its number.
const NOTHING: &str = "999999";
/// Under this path stand the records of requests that the table makes, apart from those of its own calls.
const RECORDED: &str = "/recorded";

/// A server with an owner, another user and an administrator.
pub struct World {
    pub app: App,
    /// The owner's session.
    pub owner: Credential,
    /// A session of theirs that has ended.
    pub expired: Credential,
    /// Keys of theirs, each with one scope.
    pub keys: Vec<(Scope, Credential)>,
    /// A key of theirs that was revoked, and one whose time is over.
    pub dead_keys: [(&'static str, Credential); 2],
    /// A session and a key that nobody has.
    pub nonsense: (Credential, Credential),
    /// Another user's session.
    pub other: Credential,
    /// A key of theirs with all scopes of users.
    pub other_key: Credential,
    /// The administrator's session.
    pub admin: Credential,
    /// A key of theirs with the scope `admin` only.
    pub admin_key: Credential,
    /// A key of theirs with all other scopes.
    pub lesser_key: Credential,
    person: Actor,
    root: Actor,
    made: AtomicU32,
}

/// A call that is ready to be sent by anybody.
pub struct Target {
    method: &'static str,
    pub path: String,
    body: String,
    /// The number of the thing that it is about.
    pub number: String,
}

impl Target {
    /// The request, without a credential.
    pub fn request<'a>(&self, app: &'a App) -> Call<'a> {
        let call = app.request(self.method, &self.path);
        match (self.body.starts_with('{'), self.path.starts_with("/_fn/")) {
            (true, _) => call.raw("application/json", self.body.clone()),
            (false, true) => call.form(&self.body),
            (false, false) => call,
        }
    }
}

impl World {
    pub async fn new(t: TestService) -> World {
        let app = App::new(t).await;
        let all = &Scope::ALL[..3];
        let (person, expired) = app.session("owner", 1_000_000).await;
        let soon = Some(Timestamp(app.service.clock.now().0 + 1000));
        let short = NewKey { name: "short".to_owned(), scopes: all.to_vec(), expires_at: soon, ..NewKey::default() };
        let short = Credential::Key(accounts::create_key(&app.service, &person, short).await.unwrap().secret);
        let revoked = app.key(&person, all).await;
        let id = accounts::keys(&app.service, &person).await.unwrap().iter().find(|key| key.name == "test").unwrap().id;
        accounts::revoke_key(&app.service, &person, id).await.unwrap();
        app.service.clock.advance(31 * 86_400_000);

        let mut keys = Vec::new();
        for scope in all {
            keys.push((*scope, app.key(&person, &[*scope]).await));
        }
        let (other, other_session) = app.session("other", 0).await;
        let root = app.service.admin("root").await;
        World {
            owner: Credential::Cookie(app.log_in("owner").await),
            expired,
            keys,
            dead_keys: [("revoked key", revoked), ("expired key", short)],
            nonsense: (Credential::Cookie("nonsense".to_owned()), Credential::Key("arw_00000000000000000000000000000000".to_owned())),
            other: other_session,
            other_key: app.key(&other, all).await,
            admin: Credential::Cookie(app.log_in("root").await),
            admin_key: app.key(&root, &[Scope::Admin]).await,
            lesser_key: app.key(&root, all).await,
            person,
            root,
            made: AtomicU32::new(0),
            app,
        }
    }

    /// The call of a row, about fresh things of the owner.
    pub async fn target(&self, row: &Row) -> Target {
        self.fill(row, false).await
    }

    /// The same call about a thing that does not exist.
    pub async fn missing(&self, row: &Row) -> Target {
        self.fill(row, true).await
    }

    async fn fill(&self, row: &Row, missing: bool) -> Target {
        let is_rest = row.path.starts_with('/');
        let mut target = Target {
            method: row.method,
            path: if is_rest { row.path.to_owned() } else { format!("/_fn/app/api/{}", row.path) },
            body: row.body.to_owned(),
            number: String::new(),
        };
        while let Some(word) = word(&target.path).or_else(|| word(&target.body)) {
            let found = if missing && is_number(&word) { NOTHING.to_owned() } else { self.make(&word).await };
            if is_number(&word) {
                target.number.clone_from(&found);
            }
            let mark = format!("${word}");
            target.path = target.path.replace(&mark, &found);
            target.body = target.body.replace(&mark, &found);
        }
        target
    }

    /// Makes the thing that a word of the table stands for; its number.
    async fn make(&self, word: &str) -> String {
        let (service, owner, root) = (&self.app.service, &self.person, &self.root);
        let name = format!("thing{}", self.made.fetch_add(1, Ordering::Relaxed));
        let id = match word {
            "name" => return name,
            "password" => return PASSWORD.to_owned(),
            "action" => return "music".to_owned(),
            "task_id" => return service.submit(owner, "song", "rain").await.task_id,
            "owner" => owner.user_id,
            "free" => service.feature("free"),
            "task" => service.submit(owner, "song", "rain").await.id,
            "failed" => {
                let task = service.submit(owner, "song", "rain").await.id;
                tasks::treat(service, root, Intervention::Fail, task, None).await.unwrap();
                task
            }
            "key" => {
                let new = NewKey { name, scopes: vec![Scope::TasksRead], ..NewKey::default() };
                accounts::create_key(service, owner, new).await.unwrap().key.id
            }
            "session" => {
                accounts::log_in(service, "owner", PASSWORD, &client()).await.unwrap();
                accounts::sessions(service, owner).await.unwrap().iter().map(|session| session.id).max().unwrap()
            }
            "webhook" => self.webhook(name).await,
            "delivery" => {
                let webhook = self.webhook(name).await;
                webhooks::test(service, owner, webhook).await.unwrap().delivery.id
            }
            "log" => {
                service.recorder.record(record(owner.user_id, service.clock.now()));
                service.recorder.flush().await;
                self.logs().await.first().unwrap().id
            }
            "user" => service.user(&name, 0).await.user_id,
            "announcement" => announcements::create(service, root, definition(json!({ "title": name }))).await.unwrap().id,
            "invitation" => accounts::create_invitation(service, root, NewInvitation::default()).await.unwrap().invitation.id,
            "code" | "code_id" | "batch" => {
                let new: NewCodes = definition(json!({"points": 1, "count": 1}));
                let made = recharge::create_codes(service, root, &new).await.unwrap();
                let filter = CodeFilter { batch: Some(made.batch.clone()), ..CodeFilter::default() };
                match word {
                    "code" => return made.codes[0].clone(),
                    "batch" => return made.batch,
                    _ => recharge::codes(service, root, &filter).await.unwrap().items[0].id,
                }
            }
            "feature" => {
                let new = json!({"key": name, "name": name, "platform": "stand-in", "rule": "r"});
                admin::create_feature(service, root, definition(new)).await.unwrap().id
            }
            "rule" => {
                let new = json!({"name": name, "request": {"url": "https://x.example"}});
                admin::create_rule(service, root, definition(new)).await.unwrap().id
            }
            "channel" => {
                let new = json!({"name": name, "platform": "x", "base_url": "http://localhost:1"});
                admin::create_channel(service, root, definition(new)).await.unwrap().id
            }
            "api" => {
                let new = json!({"key": name, "name": name, "path": format!("/api/{name}"), "platform": "stand-in", "rule": "r"});
                admin::create_custom_api(service, root, definition(new)).await.unwrap().id
            }
            "settings" => service::settings::view(service, root).unwrap().version,
            _ => panic!("nothing is called ${word}"),
        };
        id.to_string()
    }

    async fn webhook(&self, name: String) -> i64 {
        let new = NewWebhook { name, url: "http://localhost:1/hook".to_owned(), ..NewWebhook::default() };
        webhooks::create(&self.app.service, &self.person, new).await.unwrap().webhook.id
    }

    async fn logs(&self) -> Vec<model::request_logs::RequestLogView> {
        let filter = RequestLogFilter { path: Some(RECORDED.to_owned()), page_size: Some(100), ..RequestLogFilter::default() };
        request_logs::list(&self.app.service, &self.person, &filter).await.unwrap().items
    }

    /// Everything that the owner has, to see whether a stranger's call changed it.
    pub async fn owned(&self) -> String {
        let (service, owner) = (&self.app.service, &self.person);
        let filter = TaskFilter { page_size: Some(100), ..TaskFilter::default() };
        let tasks = tasks::list(service, owner, &filter).await.unwrap();
        let keys = accounts::keys(service, owner).await.unwrap();
        let keys: Vec<_> = keys.iter().map(|key| (key.id, &key.name, key.revoked_at)).collect();
        let sessions = accounts::sessions(service, owner).await.unwrap();
        let sessions: Vec<_> = sessions.iter().map(|session| session.id).collect();
        let webhooks = webhooks::list(service, owner).await.unwrap();
        let filter = AdminDeliveryFilter { user_id: Some(owner.user_id), page_size: Some(100), ..AdminDeliveryFilter::default() };
        let deliveries = webhooks::admin_deliveries(service, &self.root, &filter).await.unwrap();
        let (logs, me) = (self.logs().await, accounts::me(service, owner).await.unwrap());
        format!("{tasks:#?}\n{keys:?}\n{sessions:?}\n{webhooks:#?}\n{deliveries:#?}\n{logs:#?}\n{me:?}")
    }
}

/// The first word of the table in a text.
fn word(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('$')?;
    Some(rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect())
}

/// Whether a word stands for the number of a thing that is made for the call.
fn is_number(word: &str) -> bool {
    !["name", "password", "free", "code", "settings", "action"].contains(&word)
}

fn definition<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn record(user_id: i64, at: Timestamp) -> Record {
    Record {
        user_id,
        key_id: None,
        request_id: "test".to_owned(),
        at,
        duration: 0,
        method: "GET".to_owned(),
        path: RECORDED.to_owned(),
        query: String::new(),
        address: "127.0.0.1".to_owned(),
        status: 200,
        request: Default::default(),
        response: Default::default(),
        error: String::new(),
        facts: Facts::default(),
    }
}

//! Factories for tests, of this crate and of those above it: a service of its own for each test, on either engine, with a clock that stands still.

mod database;

pub use crate::db::Engine;

use crate::actor::Actor;
use crate::clock::Clock;
use crate::config::Config;
use crate::http_client::{HttpClient, OutboundPolicy};
use crate::service::Service;
use crate::{accounts, features, ledger};
use database::Scratch;
use model::accounts::Role;
use model::catalog::Catalog;
use model::tasks::{NewTask, TaskView};
use model::time::Timestamp;
use std::ops::Deref;

/// Where the clock of every test begins: 2026-01-01T00:00:00Z.
pub const START: Timestamp = Timestamp(1_767_225_600_000);

/// A service on a database of its own. Workers do not run by themselves: call [`TestService::drain`].
pub struct TestService {
    service: Service,
    _scratch: Scratch,
}

impl Deref for TestService {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// Writes a test once and runs it on both engines.
#[macro_export]
macro_rules! db_test {
    ($(async fn $name:ident($t:ident: TestService) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "one macro for all tests")]
            use super::*;

            async fn run($t: $crate::testing::TestService) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run($crate::testing::TestService::start($crate::testing::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run($crate::testing::TestService::start($crate::testing::Engine::Postgres).await).await;
            }
        }
    )*};
}

impl TestService {
    /// A fresh service with default settings.
    pub async fn start(engine: Engine) -> Self {
        TestService::with(engine, |_| {}).await
    }

    /// A fresh service whose settings were changed.
    pub async fn with(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        TestService::build(engine, Clock::manual(START), change).await
    }

    /// A fresh service on the system's clock, for tests of real loops.
    pub async fn on_system_clock(engine: Engine, change: impl FnOnce(&mut Config)) -> Self {
        TestService::build(engine, Clock::system(), change).await
    }

    async fn build(engine: Engine, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let scratch = Scratch::new(engine).await;
        let mut config = Config { database: scratch.url(), data_dir: scratch.folder(), ..Config::default() };
        // Random delays would make the times in tests unforeseeable.
        config.engine.retry_jitter_percent = 0;
        change(&mut config);
        let policy = OutboundPolicy::new(&["127.0.0.1/32:*".to_owned()], Vec::new()).expect("a valid policy");
        let service = Service::assemble(config, clock, HttpClient::new(policy)).await.expect("the service starts");
        TestService { service, _scratch: scratch }
    }

    /// A second service on the same database, as another node would be.
    pub async fn another_node(&self) -> Service {
        let policy = OutboundPolicy::new(&["127.0.0.1/32:*".to_owned()], Vec::new()).expect("a valid policy");
        let config = (*self.service.config).clone();
        Service::assemble(config, self.service.clock.clone(), HttpClient::new(policy)).await.expect("the node starts")
    }

    /// A user with points.
    pub async fn user(&self, name: &str, points: i64) -> Actor {
        self.person(name, Role::User, points).await
    }

    /// An administrator.
    pub async fn admin(&self, name: &str) -> Actor {
        self.person(name, Role::Admin, 0).await
    }

    async fn person(&self, name: &str, role: Role, points: i64) -> Actor {
        let system = Actor::system();
        let id = accounts::create_user(self, &system, name, PASSWORD, role).await.expect("the user is made");
        if points > 0 {
            ledger::recharge(self, &system, id, points, "test").await.expect("the points are added");
        }
        Actor { user_id: id, username: name.to_owned(), role, via: crate::actor::Via::Session { id: 0 }, address: None }
    }

    /// Applies a catalog of one platform, `stand-in`, whose channel is at `base_url`; `features` are (key, rule) pairs in YAML's own form.
    pub async fn catalog(&self, base_url: &str, rules_and_features: &str) {
        let text = format!(
            "channels:\n  - {{ name: main, platform: stand-in, base_url: '{base_url}', credential: secret, max_parallel: 64 }}\n{rules_and_features}"
        );
        let catalog: Catalog = features::catalog_parse(&text, false).expect("a valid catalog");
        features::catalog_apply(self, &Actor::system(), &catalog, false).await.expect("the catalog is applied");
    }

    /// The number of a feature, by its name.
    pub fn feature(&self, name: &str) -> i64 {
        let snapshot = features::snapshot(self);
        let found = snapshot.features.values().find(|row| row.feature.name == name || row.feature.key == name);
        found.map(|row| row.id).unwrap_or_else(|| panic!("no feature {name}"))
    }

    /// Submits a task with one parameter `prompt`.
    pub async fn submit(&self, actor: &Actor, feature: &str, prompt: &str) -> TaskView {
        let mut new = NewTask::default();
        new.params.insert("prompt".to_owned(), prompt.into());
        crate::tasks::submit(self, actor, self.feature(feature), new).await.expect("the task is accepted")
    }

    /// Runs everything that is due.
    pub async fn drain(&self) {
        self.engine.drain(self).await.expect("the queue drains");
    }

    /// Moves the clock and runs everything that is due then.
    pub async fn advance(&self, seconds: i64) {
        self.clock.advance(seconds * 1000);
        self.drain().await;
    }

    /// Panics with what `doctor` found, unless every check is good.
    pub async fn assert_healthy(&self) {
        let checks = crate::doctor::run(self).await.expect("doctor runs");
        let bad: Vec<_> = checks.iter().filter(|check| !check.ok).map(|check| format!("{}: {}", check.name, check.detail)).collect();
        assert!(bad.is_empty(), "doctor found: {bad:#?}");
    }
}

/// The password of every user that [`TestService::user`] makes.
pub const PASSWORD: &str = "correct horse 42";

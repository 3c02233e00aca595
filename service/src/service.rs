//! The running service: everything a door needs, put together once.

use crate::accounts;
use crate::clock::Clock;
use crate::config::Config;
use crate::custom_apis;
use crate::db::batch::{Batcher, Limits};
use crate::db::{Db, DbError, query};
use crate::engine::Engine;
use crate::events::EventBus;
use crate::features::CatalogCache;
use crate::http_client::{HttpClient, OutboundPolicy};
use crate::overview::History;
use crate::request_logs::Recorder;
use crate::settings::SettingsCache;
use crate::tasks::Submitter;
use crate::webhooks;
use model::Result;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The running service; cheap to clone.
#[derive(Clone)]
pub struct Service(Arc<Parts>);

/// What the service is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The database of the request logs.
    pub logs: Db,
    /// The time.
    pub clock: Clock,
    /// Settings, fixed for the life of the process.
    pub config: Arc<Config>,
    /// What changed, for open pages.
    pub events: EventBus,
    /// The one outbound door.
    pub http: HttpClient,
    /// Rules, channels and features in memory.
    pub catalog: CatalogCache,
    /// What an administrator changes while the server runs.
    pub settings: SettingsCache,
    /// Limits and caches of log-ins, sessions and keys.
    pub accounts: accounts::State,
    /// The task engine of this node.
    pub engine: Engine,
    /// Calls of custom APIs on this node.
    pub custom_apis: custom_apis::State,
    /// Takes the record of requests.
    pub recorder: Recorder,
    /// The deliveries to webhooks of this node.
    pub webhooks: webhooks::State,
    /// What happened lately, for the overview.
    pub history: History,
    pub(crate) submitter: Batcher<Submitter>,
    /// Cancelled when the server begins to stop: streams end, nothing new is claimed.
    pub stopping: CancellationToken,
}

/// Why the service could not start, in a sentence.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings do not make sense.
    #[error("{0}")]
    Config(String),
    /// The database could not be opened.
    #[error("The database could not be opened: {0}")]
    Database(#[from] DbError),
    /// Anything that the domain refused.
    #[error("{0}")]
    Domain(#[from] model::Error),
}

impl Deref for Service {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Service {
    /// Opens the database and starts the batches and, unless switched off, the workers.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let policy =
            OutboundPolicy::new(&config.outbound_allow, config.own_addresses()).map_err(|error| StartError::Config(error.to_string()))?;
        let service = Service::assemble(config, Clock::system(), HttpClient::new(policy)).await?;
        if service.config.engine.enabled {
            service.engine.start(&service).await?;
        }
        custom_apis::recover_after_restart(&service).await?;
        webhooks::start(&service).await?;
        // A node that runs no tasks still follows the catalog and looks after its database.
        crate::schedule::start(&service);
        Ok(service)
    }

    /// Everything but the running workers; the start of every test.
    pub async fn assemble(config: Config, clock: Clock, http: HttpClient) -> Result<Self, StartError> {
        config.validate().map_err(StartError::Config)?;
        std::fs::create_dir_all(&config.data_dir)
            .map_err(|error| StartError::Config(format!("The data folder {} cannot be made: {error}", config.data_dir.display())))?;
        let db = Db::connect(&config.database_url()).await?;
        let logs = Db::connect_logs(&config.logs_url()).await?;
        let batches = TaskTracker::new();
        let limits = Limits { commands: config.engine.claim_batch, bytes: 262_144, wait_for_database: false };
        let events = EventBus::new();
        let catalog = CatalogCache::load(&db).await?;
        let webhooks = webhooks::State::new(&db, &clock, &events, &batches);
        let engine = Engine::new(&db, &clock, &config, &events, &catalog, &webhooks, &batches);
        let history = History::starting(clock.now());
        let submitter =
            Submitter { db: db.clone(), clock: clock.clone(), events: events.clone(), catalog: catalog.clone(), engine: engine.clone() };
        let submitter = Batcher::spawn(submitter, limits, &batches);
        let settings = SettingsCache::load(&db).await?;
        let custom_apis = custom_apis::State::new(&db, &clock, &events, &batches);
        let recorder = Recorder::start(&logs);
        crate::settings::allow_outbound(&http, &settings.current());
        let service = Service(Arc::new(Parts {
            db,
            logs,
            clock,
            config: Arc::new(config),
            events,
            http,
            catalog,
            settings,
            accounts: accounts::State::default(),
            engine,
            custom_apis,
            recorder,
            webhooks,
            history,
            submitter,
            stopping: CancellationToken::new(),
        }));
        accounts::refresh_limits(&service).await?;
        service.engine.refresh_health(&service).await?;
        Ok(service)
    }

    /// Whether requests can be served: the database answers and the server is not stopping.
    pub async fn ready(&self) -> Result<()> {
        if self.stopping.is_cancelled() {
            return Err(model::Error::unavailable("The server is shutting down."));
        }
        let answer = tokio::time::timeout(Duration::from_secs(2), self.db.fetch_one(query("SELECT 1 AS one"))).await;
        answer.map_err(|_| model::Error::unavailable("The database does not answer."))??;
        Ok(())
    }

    /// Stops claiming, lets running calls end within the configured time, gives the rest back, and closes the database.
    pub async fn shutdown(&self) {
        self.stopping.cancel();
        self.engine.stop(self).await;
        self.webhooks.stop().await;
        self.custom_apis.stop(Duration::from_secs(self.config.engine.shutdown_seconds.max(0).unsigned_abs())).await;
        self.recorder.flush().await;
        self.logs.close().await;
        self.db.close().await;
    }
}

//! Submission: hold points, insert task, put it in the queue. Many submissions share one transaction.

mod insert;

use super::plan::{self, Fields, Plan};
use super::{random_id, run_reference};
use crate::accounts;
use crate::actor::Actor;
use crate::clock::Clock;
use crate::db::batch::Apply;
use crate::db::{Db, DbError, Sql, Tx, query};
use crate::engine::{Engine, Place, Submitted as Begun};
use crate::events::EventBus;
use crate::features::CatalogCache;
use crate::ledger::Book;
use crate::service::Service;
use insert::insert;
use model::accounts::Scope;
use model::events::Event;
use model::tasks::{NewTask, TaskStatus, TaskView};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Longest idempotency key, in bytes.
const MAX_KEY: usize = 255;
/// Bodies above this many bytes are bound singly: inside the JSON of a batch they cost several times as much.
pub(crate) const INLINE_BYTES: usize = 4096;

/// Submits a task to a feature.
///
/// Errors: `not_found`, `feature_disabled`, `missing_parameter`, `unknown_parameter`, `invalid`, `too_many_retries`, `interval_too_short`,
/// `insufficient_points`. After any of them nothing is written or held.
pub async fn submit(service: &Service, actor: &Actor, feature_id: i64, new: NewTask) -> Result<TaskView> {
    actor.require(Scope::TasksWrite)?;
    let plan = checked(service, actor, feature_id, new, Fields::Known).await?;
    Ok(send(service, actor, plan, None).await?.0)
}

/// Like [`submit`], once per idempotency key of the caller: the same key with the same request gets the first answer again (`true`).
///
/// Errors beside those of [`submit`]: `idempotency_mismatch` for the same key with another request.
pub async fn submit_idempotent(service: &Service, actor: &Actor, feature_id: i64, new: NewTask, key: &str) -> Result<(TaskView, bool)> {
    actor.require(Scope::TasksWrite)?;
    let once = Once::of(feature_id, &new, key)?;
    let plan = checked(service, actor, feature_id, new, Fields::Known).await?;
    send(service, actor, plan, Some(once)).await
}

/// Like both, with parameters that the feature's form does not have: they are kept and passed on.
pub(crate) async fn submit_open(
    service: &Service,
    actor: &Actor,
    feature_id: i64,
    new: NewTask,
    key: Option<&str>,
) -> Result<(TaskView, bool)> {
    actor.require(Scope::TasksWrite)?;
    let once = key.map(|key| Once::of(feature_id, &new, key)).transpose()?;
    let plan = checked(service, actor, feature_id, new, Fields::Any).await?;
    send(service, actor, plan, once).await
}

/// The plan of a submission. The database is asked only about webhooks, and only if some were chosen.
async fn checked(service: &Service, actor: &Actor, feature_id: i64, new: NewTask, fields: Fields<'_>) -> Result<Plan> {
    let mut plan = plan::plan(service, actor, feature_id, new, fields)?;
    if !plan.webhook_ids.is_empty() {
        plan.webhook_ids = crate::webhooks::require_choice(service, actor.user_id, &plan.webhook_ids).await?;
    }
    Ok(plan)
}

async fn send(service: &Service, actor: &Actor, plan: Plan, once: Option<Once>) -> Result<(TaskView, bool)> {
    let max_parallel = accounts::own_limits(service, actor.user_id).max_parallel.unwrap_or(service.max_parallel_per_user());
    let command = Submit { user_id: actor.user_id, max_parallel, public_id: format!("task_{}", random_id()), plan, once };
    match service.submitter.call(command).await?? {
        Submitted::New(task) => {
            metrics::counter!("apirequestweb_tasks_submitted_total").increment(1);
            Ok((*task, false))
        }
        Submitted::Replay(answer) => {
            let task = serde_json::from_str(&answer).map_err(|error| {
                tracing::error!(%error, "a stored answer cannot be read");
                Error::internal()
            })?;
            Ok((task, true))
        }
    }
}

/// Applies batches of submissions.
pub(crate) struct Submitter {
    pub db: Db,
    pub clock: Clock,
    pub events: EventBus,
    pub catalog: CatalogCache,
    pub engine: Engine,
}

/// One submission on its way into a batch.
pub(crate) struct Submit {
    user_id: i64,
    /// Calls of the user that may be under way; 0 for no limit.
    max_parallel: i64,
    public_id: String,
    plan: Plan,
    once: Option<Once>,
}

struct Once {
    key: String,
    fingerprint: String,
}

impl Once {
    fn of(feature_id: i64, new: &NewTask, key: &str) -> Result<Self> {
        if key.is_empty() || key.len() > MAX_KEY || key.contains(char::is_control) {
            return Err(Error::new(
                ErrorCode::BadRequest,
                format!("Idempotency-Key must have 1 to {MAX_KEY} bytes without control characters."),
            ));
        }
        let request = serde_json::to_vec(&(feature_id, new)).map_err(|_| Error::internal())?;
        Ok(Once { key: key.to_owned(), fingerprint: crate::accounts::hex(&Sha256::digest(&request)) })
    }
}

pub(crate) enum Submitted {
    New(Box<TaskView>),
    Replay(String),
}

#[derive(Serialize)]
struct OnceRow<'a> {
    user_id: i64,
    key: &'a str,
    fingerprint: &'a str,
    task_id: i64,
    response: String,
}

static ONCE: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "INSERT INTO idempotency (user_id, key, fingerprint, task_id, response, created_at)
         SELECT x.user_id, x.key, x.fingerprint, x.task_id, x.response, $2 FROM {rows}",
        "user_id bigint, key text, fingerprint text, task_id bigint, response text",
    )
});

static SEEN: LazyLock<Sql> = LazyLock::new(|| {
    Sql::batch(
        "SELECT i.user_id, i.key, i.fingerprint, i.response FROM {rows} JOIN idempotency i ON i.user_id = x.user_id AND i.key = x.key",
        "user_id bigint, key text",
    )
});

/// What is decided about a command before anything is written.
enum Decision {
    Insert {
        seq: i64,
    },
    Refused(Error),
    Replay(String),
    /// The same key came earlier in this very batch.
    SameAs(usize),
}

impl Apply for Submitter {
    type Command = Submit;
    type Outcome = Result<Submitted>;

    fn bytes(command: &Submit) -> usize {
        512 + command.plan.payload.len().min(INLINE_BYTES) + command.plan.headers.len()
    }

    async fn apply(&self, commands: &[Submit]) -> Result<Vec<Result<Submitted>>, DbError> {
        let now = self.clock.now();
        let mut tx = self.db.tx().await?;
        let users: Vec<i64> = commands.iter().map(|command| command.user_id).collect();
        let mut book = Book::open(&mut tx, &users).await?;
        let seen = seen(&mut tx, commands).await?;
        let decisions = decide(commands, &mut book, &seen);
        let mut places = self.places(commands, &decisions);
        let (ids, queue) = insert(&mut tx, &self.engine, commands, &decisions, &places, now).await?;
        let mut outcomes: Vec<Option<Result<Submitted>>> = Vec::with_capacity(commands.len());
        let mut once = Vec::new();
        for (command, decision) in commands.iter().zip(&decisions) {
            outcomes.push(Some(match decision {
                Decision::Insert { seq } => {
                    let id = *ids.get(command.public_id.as_str()).ok_or(DbError::NoRow)?;
                    let hold = book.hold(command.user_id, command.plan.points, &run_reference(id, 1));
                    hold.map_err(|error| DbError::Unusable(error.to_string()))?;
                    let task = Box::new(command.view(id, *seq, now));
                    if let Some(key) = &command.once {
                        let response = serde_json::to_string(&task).map_err(|error| DbError::Unusable(error.to_string()))?;
                        once.push(OnceRow {
                            user_id: command.user_id,
                            key: &key.key,
                            fingerprint: &key.fingerprint,
                            task_id: id,
                            response,
                        });
                    }
                    Ok(Submitted::New(task))
                }
                Decision::Refused(error) => Err(error.clone()),
                Decision::Replay(answer) => Ok(Submitted::Replay(answer.clone())),
                Decision::SameAs(first) => outcomes[*first].as_ref().map_or_else(|| Err(Error::internal()), replay_of),
            }));
        }
        let mut statements = Vec::from_iter(queue);
        if !once.is_empty() {
            statements.push(query(&*ONCE).rows(&once).bind(now));
        }
        let (balances, crossings): (Vec<_>, _) = (book.balances().collect(), book.crossings());
        book.commit_after(tx, now, statements).await?;
        for (command, place) in commands.iter().zip(&mut places) {
            if let Some(id) = ids.get(&command.public_id) {
                self.announce(command, *id, place.take(), now);
            }
        }
        for (user, balance) in balances {
            self.events.publish(user, Event::Balance { balance });
        }
        self.events.publish_crossings(crossings);
        Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(|| Err(Error::internal()))).collect())
    }
}

impl Submitter {
    /// A place for each task that can begin at once.
    fn places(&self, commands: &[Submit], decisions: &[Decision]) -> Vec<Option<Place>> {
        let snapshot = self.catalog.get();
        let place = |(command, decision): (&Submit, &Decision)| match decision {
            Decision::Insert { .. } => self.engine.reserve(&snapshot, (command.user_id, command.max_parallel), command.plan.feature_id),
            _ => None,
        };
        commands.iter().zip(decisions).map(place).collect()
    }

    /// What a durable submission leads to: its event, and either its begin or a claim by whoever has room.
    fn announce(&self, command: &Submit, id: i64, place: Option<Place>, now: Timestamp) {
        // Pages know a new task by this one, also if its call begins at once.
        let queued = Event::Task { id, status: TaskStatus::Queued, progress: 0, retry_count: 0, updated_at: now };
        self.events.publish(command.user_id, queued);
        let Some(place) = place else { return self.engine.wake() };
        let plan = &command.plan;
        let begun = Begun {
            id,
            user_id: command.user_id,
            lease_until: self.engine.lease_until(now.0),
            now: now.0,
            feature_id: plan.feature_id,
            rule_id: plan.rule_id,
            public_id: command.public_id.clone(),
            points: plan.points,
            price_kind: plan.price_kind,
            max_retries: plan.max_retries,
            interval_seconds: plan.interval_seconds,
            payload: plan.payload.clone(),
            headers: plan.headers.clone(),
        };
        self.engine.begin(begun, place);
    }
}

fn replay_of(first: &Result<Submitted>) -> Result<Submitted> {
    match first {
        Ok(Submitted::New(task)) => serde_json::to_string(task).map(Submitted::Replay).map_err(|_| Error::internal()),
        Ok(Submitted::Replay(answer)) => Ok(Submitted::Replay(answer.clone())),
        Err(error) => Err(error.clone()),
    }
}

type Seen = HashMap<(i64, String), (String, String)>;

/// First answers that are stored for the keys of this batch.
async fn seen(tx: &mut Tx, commands: &[Submit]) -> Result<Seen, DbError> {
    #[derive(Serialize)]
    struct Key<'a> {
        user_id: i64,
        key: &'a str,
    }
    let keys: Vec<_> = commands.iter().filter_map(|c| c.once.as_ref().map(|once| Key { user_id: c.user_id, key: &once.key })).collect();
    let mut seen = HashMap::new();
    if !keys.is_empty() {
        for row in tx.fetch_all(query(&*SEEN).rows(&keys)).await? {
            seen.insert((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?));
        }
    }
    Ok(seen)
}

/// Decides in the order of arrival: an account that can pay three of five tasks gets the first three.
fn decide(commands: &[Submit], book: &mut Book, seen: &Seen) -> Vec<Decision> {
    let mismatch =
        || Error::new(ErrorCode::IdempotencyMismatch, "This Idempotency-Key was used with another request.").at("Idempotency-Key");
    let mut reserved: HashMap<i64, i64> = HashMap::new();
    let mut here: HashMap<(i64, &str), (usize, &str)> = HashMap::new();
    let mut decisions = Vec::with_capacity(commands.len());
    for (index, command) in commands.iter().enumerate() {
        if let Some(once) = &command.once {
            if let Some((fingerprint, answer)) = seen.get(&(command.user_id, once.key.clone())) {
                let same = *fingerprint == once.fingerprint;
                decisions.push(if same { Decision::Replay(answer.clone()) } else { Decision::Refused(mismatch()) });
                continue;
            }
            if let Some((first, fingerprint)) = here.get(&(command.user_id, once.key.as_str())) {
                let same = *fingerprint == once.fingerprint;
                decisions.push(if same { Decision::SameAs(*first) } else { Decision::Refused(mismatch()) });
                continue;
            }
        }
        let spent = reserved.entry(command.user_id).or_default();
        match book.can_hold(command.user_id, *spent + command.plan.points) {
            Ok(()) => {
                *spent += command.plan.points;
                if let Some(once) = &command.once {
                    here.insert((command.user_id, &once.key), (index, &once.fingerprint));
                }
                book.count(command.user_id, |counters| counters.total += 1);
                book.usage(command.user_id, |usage| usage.run_begun(command.user_id, command.plan.feature_id));
                decisions.push(Decision::Insert { seq: book.next_task_seq(command.user_id) });
            }
            Err(_) => decisions.push(Decision::Refused(crate::ledger::insufficient(
                book.balance(command.user_id).available - *spent,
                command.plan.points,
            ))),
        }
    }
    decisions
}

impl Submit {
    fn view(&self, id: i64, seq: i64, now: Timestamp) -> TaskView {
        TaskView {
            id,
            task_id: self.public_id.clone(),
            seq,
            name: self.plan.name.clone(),
            category: self.plan.category.clone(),
            feature_id: self.plan.feature_id,
            feature_name: self.plan.feature_name.clone(),
            rule_id: self.plan.rule_id,
            status: TaskStatus::Queued,
            retry_count: 0,
            max_retries: self.plan.effective_retries,
            interval_seconds: self.plan.effective_interval,
            priority: self.plan.priority,
            progress: 0,
            points: self.plan.points,
            payload: None,
            headers: None,
            response: None,
            results: None,
            webhook_ids: None,
            error: String::new(),
            created_at: now,
            updated_at: now,
            started_at: None,
            finished_at: None,
            next_run_at: None,
        }
    }
}

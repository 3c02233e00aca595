//! Group commit: many callers, one transaction.
//!
//! Commands arrive on a bounded channel and are applied together, one statement per table. While one batch is being made durable the next
//! one collects, so the number of fsyncs does not grow with the number of callers; while many are at work it waits a moment
//! for more. Each caller is answered after the COMMIT with its own outcome.

use super::DbError;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

/// What a batcher does with the commands it collected.
pub trait Apply: Send + Sync + 'static {
    /// A command.
    type Command: Send + Sync + 'static;
    /// What its caller is told.
    type Outcome: Send + 'static;

    /// Applies all commands in one transaction, in their order; the outcomes come in the same order.
    /// An error means that nothing was applied.
    fn apply(&self, commands: &[Self::Command]) -> impl Future<Output = Result<Vec<Self::Outcome>, DbError>> + Send;

    /// Weight of a command, in bytes that it adds to a statement; a batch is closed at [`Limits::bytes`].
    fn bytes(_command: &Self::Command) -> usize {
        0
    }
}

/// When a batch is closed.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Most commands.
    pub commands: usize,
    /// Most bytes.
    pub bytes: usize,
    /// Whether an unavailable database and a full queue are waited for (outcomes that must not be lost) or told to the callers.
    pub wait_for_database: bool,
}

/// How long a batch waits for more commands while many callers are at work: a few more in each batch are worth more than the wait costs them.
const GATHER: Duration = Duration::from_millis(2);
/// A batch of this many commands tells that many callers are at work.
const CROWD: usize = 8;

type Answer<A> = oneshot::Sender<Result<<A as Apply>::Outcome, Arc<DbError>>>;
type Sender<A> = mpsc::Sender<(<A as Apply>::Command, Answer<A>)>;

/// The callers' end of a batcher; cheap to clone.
pub struct Batcher<A: Apply> {
    sender: Sender<A>,
    /// How long a caller waits for a place in the queue; without an end where nothing must be lost.
    patience: Option<Duration>,
}

impl<A: Apply> Clone for Batcher<A> {
    fn clone(&self) -> Self {
        Batcher { sender: self.sender.clone(), patience: self.patience }
    }
}

/// Why a command has no outcome.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BatchError {
    /// The server is shutting down.
    #[error("shutting down")]
    Closed,
    /// Too many commands are waiting.
    #[error("overloaded")]
    Overloaded,
    /// The database refused it.
    #[error("{0}")]
    Db(Arc<DbError>),
}

impl From<BatchError> for model::Error {
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Closed => model::Error::unavailable("The server is shutting down."),
            BatchError::Overloaded => model::Error::unavailable("The server is overloaded. Try again in a moment."),
            BatchError::Db(error) if error.is_unavailable() => {
                tracing::warn!(%error, "database unavailable");
                model::Error::unavailable("The database is busy or away. Try again in a moment.")
            }
            BatchError::Db(error) => {
                tracing::error!(%error, "a batched command failed");
                model::Error::internal()
            }
        }
    }
}

impl<A: Apply> Batcher<A> {
    /// Starts the batcher's task. It ends when every sender is gone and what they sent is applied.
    pub fn spawn(apply: A, limits: Limits, tracker: &TaskTracker) -> Self {
        let (sender, receiver) = mpsc::channel(limits.commands * 16);
        tracker.spawn(run(apply, limits, receiver));
        Batcher { sender, patience: (!limits.wait_for_database).then_some(Duration::from_secs(10)) }
    }

    /// Sends a command and waits until it is durable. A caller that goes away does not undo it.
    pub async fn call(&self, command: A::Command) -> Result<A::Outcome, BatchError> {
        let (answer, outcome) = oneshot::channel();
        let sending = self.sender.send((command, answer));
        let sent = match self.patience {
            Some(patience) => tokio::time::timeout(patience, sending).await.map_err(|_| BatchError::Overloaded)?,
            None => sending.await,
        };
        sent.map_err(|_| BatchError::Closed)?;
        outcome.await.map_err(|_| BatchError::Closed)?.map_err(BatchError::Db)
    }
}

async fn run<A: Apply>(apply: A, limits: Limits, mut receiver: mpsc::Receiver<(A::Command, Answer<A>)>) {
    let mut last = 0;
    while let Some(first) = receiver.recv().await {
        let mut bytes = A::bytes(&first.0);
        let mut commands = vec![first.0];
        let mut answers = vec![first.1];
        let gathered = tokio::time::Instant::now() + GATHER;
        while commands.len() < limits.commands && bytes < limits.bytes {
            let next = match receiver.try_recv() {
                Ok(next) => Some(next),
                Err(_) if last < CROWD => None,
                Err(_) => tokio::time::timeout_at(gathered, receiver.recv()).await.ok().flatten(),
            };
            let Some((command, answer)) = next else { break };
            bytes += A::bytes(&command);
            commands.push(command);
            answers.push(answer);
        }
        last = commands.len();
        metrics::histogram!("apirequestweb_batch_commands", "batch" => std::any::type_name::<A>()).record(commands.len() as f64);
        for (answer, outcome) in answers.into_iter().zip(apply_or_halve(&apply, limits, &commands).await) {
            let _ = answer.send(outcome);
        }
    }
}

/// Applies a batch; one that fails for its data is halved until the bad command is alone.
async fn apply_or_halve<A: Apply>(apply: &A, limits: Limits, commands: &[A::Command]) -> Vec<Result<A::Outcome, Arc<DbError>>> {
    let mut outcomes = Vec::with_capacity(commands.len());
    let mut parts = vec![commands];
    let mut pause = Duration::from_millis(20);
    while let Some(part) = parts.pop() {
        match apply.apply(part).await {
            Ok(done) => outcomes.extend(done.into_iter().map(Ok)),
            Err(error) if error.is_unavailable() && (limits.wait_for_database || matches!(error, DbError::Conflict(_))) => {
                tracing::warn!(%error, commands = part.len(), "batch waits for the database");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(2));
                parts.push(part);
            }
            Err(error) if part.len() > 1 && !error.is_unavailable() => {
                let (left, right) = part.split_at(part.len() / 2);
                parts.push(right);
                parts.push(left);
            }
            Err(error) => {
                let error = Arc::new(error);
                outcomes.extend(part.iter().map(|_| Err(error.clone())));
            }
        }
    }
    outcomes
}

//! The billed life of a task without any HTTP: the services called directly, and an outbound door that refuses.

use super::product::{REFUSED, USERS, user};
use crate::Outcome;
use model::accounts::Role;
use model::tasks::{NewTask, TaskFilter, TaskStatus};
use serde_json::{Map, json};
use service::Service;
use service::actor::{Actor, Via};
use service::config::{Config, EngineConfig};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Submissions at the same time: enough that every batch is full.
const SUBMITTERS: usize = 512;

/// Seconds for submitting tasks and seconds for running them afterwards, in a database that has users and a catalog and that nobody has open.
pub async fn one_after_the_other(url: &str, folder: &Path, tasks: usize) -> Outcome<(f64, f64)> {
    let begin = Instant::now();
    let (service, actors) = start(url, folder, false).await?;
    submit(&service, &actors, tasks).await?;
    service.shutdown().await;
    let submitting = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let (service, actors) = start(url, folder, true).await?;
    ended(&service, &actors, tasks).await?;
    service.shutdown().await;
    Ok((submitting, begin.elapsed().as_secs_f64()))
}

/// Seconds from the first submission to the end of the last task while the workers run, as they do in service.
pub async fn together(url: &str, folder: &Path, tasks: usize) -> Outcome<f64> {
    let begin = Instant::now();
    let (service, actors) = start(url, folder, true).await?;
    submit(&service, &actors, tasks).await?;
    ended(&service, &actors, tasks).await?;
    service.shutdown().await;
    Ok(begin.elapsed().as_secs_f64())
}

async fn start(url: &str, folder: &Path, enabled: bool) -> Outcome<(Service, Vec<Actor>)> {
    let config = Config {
        database: url.to_owned(),
        data_dir: folder.join("life"),
        // The channel fails every time, which is what is wanted of it here.
        engine: EngineConfig { enabled, channel_failures: 0, ..EngineConfig::default() },
        ..Config::default()
    };
    let service = Service::start(config).await.map_err(|error| error.to_string())?;
    let mut actors = Vec::new();
    for number in 0..USERS {
        let username = user(number);
        let user_id = service::accounts::user_id(&service, &username).await.map_err(|error| error.to_string())?;
        actors.push(Actor { user_id, username, role: Role::User, via: Via::System, address: None });
    }
    Ok((service, actors))
}

/// Waits until every task has ended: all of them fail, for the outbound door refuses their target.
async fn ended(service: &Service, actors: &[Actor], tasks: usize) -> Outcome {
    let since = Instant::now();
    let filter = TaskFilter { status: Some(TaskStatus::Failed), page_size: Some(1), ..TaskFilter::default() };
    for (number, actor) in actors.iter().enumerate() {
        let expected = (0..tasks).filter(|task| task % actors.len() == number).count();
        loop {
            let page = service::tasks::list(service, actor, &filter).await.map_err(|error| error.to_string())?;
            if page.total >= i64::try_from(expected).unwrap_or(i64::MAX) {
                break;
            }
            if since.elapsed() > Duration::from_secs(300) {
                return Err("the tasks did not end within five minutes".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Ok(())
}

async fn submit(service: &Service, actors: &[Actor], tasks: usize) -> Outcome {
    let next = Arc::new(AtomicUsize::new(0));
    let actors: Arc<[Actor]> = actors.into();
    let submitters = (0..SUBMITTERS).map(|_| {
        let (service, next, actors) = (service.clone(), next.clone(), actors.clone());
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= tasks {
                    return Ok::<_, String>(());
                }
                let params = Map::from_iter([("prompt".to_owned(), json!(format!("a song about rain, number {number}")))]);
                let new = NewTask { params, name: Some(format!("bench {number}")), ..NewTask::default() };
                let done = service::tasks::submit(&service, &actors[number % actors.len()], REFUSED, new).await;
                done.map_err(|error| format!("a submission was refused: {error}"))?;
            }
        })
    });
    for done in futures::future::join_all(submitters.collect::<Vec<_>>()).await {
        done.map_err(|error| error.to_string())??;
    }
    Ok(())
}

//! Platforms that the program ships, each against a stand-in that speaks as it does.

use super::*;
use crate::features;
use crate::task_centre;
use model::catalog::Catalog;
use model::task_centre::MediaTaskFilter;

/// Seconds between two questions about a job.
const INTERVAL: i64 = 15;

/// The shipped platforms at a stand-in.
async fn set_up(t: &TestService, retries: i64) -> (StandIn, Actor) {
    let upstream = StandIn::start().await;
    for (name, text) in features::PLATFORMS {
        let mut catalog: Catalog = features::catalog_parse(text, false).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        for channel in &mut catalog.channels {
            (channel.base_url, channel.credential) = (upstream.url.clone(), Some("access|secret".to_owned()));
        }
        for rule in &mut catalog.rules {
            rule.max_retries = retries;
        }
        features::catalog_apply(t, &Actor::system(), &catalog, false).await.unwrap();
    }
    (upstream, t.user("tester", 100_000).await)
}

fn asked(upstream: &StandIn, path: &str) -> usize {
    upstream.requests().iter().filter(|request| request.path.starts_with(path)).count()
}

/// Platform, the states on the way, the end of a job that does well, and the ends of others.
const STATES: [(&str, &str, &str, &str); 10] = [
    ("suno", "NOT_START,SUBMITTED,QUEUED,IN_PROGRESS,UNKNOWN", "SUCCESS", "FAILURE"),
    ("suno-lyrics", "NOT_START,SUBMITTED,QUEUED,IN_PROGRESS,UNKNOWN", "SUCCESS", "FAILURE"),
    ("kling", "submitted,processing", "succeed", "failed"),
    ("jimeng", "in_queue,generating", "done", "not_found,expired,refused"),
    ("vidu", "created,queueing,processing", "success", "failed"),
    ("doubao", "queued,running", "succeeded", "failed,cancelled,expired"),
    ("sora", "queued,in_progress", "completed", "failed"),
    ("ali", "PENDING,RUNNING,UNKNOWN", "SUCCEEDED", "FAILED,CANCELED"),
    ("veo", "open,open", "done", "error"),
    ("hailuo", "Preparing,Queueing,Processing", "Success", "Fail"),
];

db_test! {
    async fn every_state_of_every_platform_leads_to_its_end(t: TestService) {
        let (_upstream, user) = set_up(&t, 0).await;
        let mut walks = Vec::new();
        for (platform, way, good, bad) in STATES {
            for (end, status) in bad.split(',').map(|end| (end, TaskStatus::Failed)).chain([(good, TaskStatus::Succeeded)]) {
                let task = t.submit(&user, platform, &format!("a hill script={way},{end}")).await;
                walks.push((task, platform, end, status, way.split(',').count()));
            }
        }
        t.drain().await;
        for step in 0..=5 {
            for (task, platform, end, status, steps) in &walks {
                let now = look(&t, &user, task).await;
                let expected = if step > *steps { *status } else { TaskStatus::WaitingUpstream };
                assert_eq!(now.status, expected, "{platform} {end} after {step} questions: {}", now.error);
            }
            t.advance(INTERVAL).await;
        }
        for (task, platform, end, status, _) in &walks {
            let ended = look(&t, &user, task).await;
            assert_eq!(ended.status, *status, "{platform} {end}: {}", ended.error);
            if *status == TaskStatus::Succeeded {
                assert!(ended.results.unwrap()[0].value.as_ref().is_some_and(|value| !value.is_null()), "{platform} has a result");
            } else {
                assert!(!ended.error.is_empty(), "{platform} {end} says why");
            }
        }
        // Lyrics cost 10 points, everything else 100.
        let good = (STATES.len() as i64 - 1) * 100 + 10;
        assert_eq!(points(&t, &user).await, (100_000 - good, 0), "only what succeeded is paid");
        t.assert_healthy().await;
    }

    async fn many_jobs_are_asked_about_at_once_and_trouble_ends_none(t: TestService) {
        let (upstream, user) = set_up(&t, 0).await;
        for _ in 0..40 {
            t.submit(&user, "suno", "script=IN_PROGRESS").await;
        }
        let troubled = t.submit(&user, "suno", "script=missing,malformed,twice,huge,QUEUED,SUCCESS,FAILURE").await;
        let turned = t.submit(&user, "suno", "script=FAILURE,SUCCESS").await;
        t.drain().await;
        t.advance(INTERVAL).await;
        assert_eq!(asked(&upstream, "/suno/fetch"), 1);
        assert_eq!(upstream.requests().last().unwrap().body["ids"].as_array().unwrap().len(), 42);
        assert_eq!(look(&t, &user, &turned).await.status, TaskStatus::Failed);
        for _ in 0..4 {
            assert_eq!(look(&t, &user, &troubled).await.status, TaskStatus::WaitingUpstream);
            t.advance(INTERVAL).await;
        }
        assert_eq!(look(&t, &user, &troubled).await.progress, 30);
        t.advance(INTERVAL).await;
        t.advance(INTERVAL).await;
        let done = look(&t, &user, &troubled).await;
        assert_eq!((done.status, done.progress), (TaskStatus::Succeeded, 100));
        assert_eq!(done.results.unwrap()[0].value.as_ref().unwrap().as_array().unwrap().len(), 2, "two clips");
        assert_eq!(look(&t, &user, &turned).await.status, TaskStatus::Failed, "an end is an end");
        t.assert_healthy().await;
    }

    async fn a_bad_poll_is_asked_again_and_429_backs_off(t: TestService) {
        let (upstream, user) = set_up(&t, 0).await;
        let task = t.submit(&user, "sora", "script=http_500,http_404,malformed,huge,http_429,completed").await;
        t.drain().await;
        for _ in 0..5 {
            t.advance(INTERVAL).await;
            assert_eq!(look(&t, &user, &task).await.status, TaskStatus::WaitingUpstream);
        }
        t.advance(4 * INTERVAL - 1).await;
        assert_eq!(asked(&upstream, "/v1/videos/"), 5, "left alone after 429");
        t.advance(1).await;
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Succeeded);
    }

    async fn an_answer_that_nobody_understands_is_no_end(t: TestService) {
        let (_upstream, user) = set_up(&t, 0).await;
        let tasks = [t.submit(&user, "ali", "script=UNKNOWN,RUNNING,SUCCEEDED").await, t.submit(&user, "suno", "script=UNKNOWN,IN_PROGRESS,SUCCESS").await];
        t.drain().await;
        for expected in ["SUBMITTED", "UNKNOWN", "", "SUCCESS"] {
            for status in ["UNKNOWN", "SUCCESS", "SUBMITTED"] {
                let filter = MediaTaskFilter { status: Some(status.to_owned()), ..MediaTaskFilter::default() };
                let found = task_centre::own(&t, &user, &filter).await.unwrap().total;
                if !expected.is_empty() {
                    assert_eq!(found, if status == expected { tasks.len() as i64 } else { 0 }, "{status} while {expected}");
                } else if status == "UNKNOWN" {
                    assert_eq!(found, 0, "understood again");
                }
            }
            t.advance(INTERVAL).await;
        }
    }

    async fn a_failed_job_is_submitted_anew_and_a_cancelled_one_stopped(t: TestService) {
        let (upstream, user) = set_up(&t, 1).await;
        let task = t.submit(&user, "suno", "script=FAILURE").await;
        t.drain().await;
        for _ in 0..4 {
            t.advance(INTERVAL).await;
        }
        assert_eq!(look(&t, &user, &task).await.status, TaskStatus::Failed);
        let fetched = upstream.requests().into_iter().filter(|request| request.path == "/suno/fetch").map(|request| request.body["ids"][0].clone());
        let fetched: Vec<_> = fetched.collect();
        assert_eq!(fetched.len(), 2);
        assert_ne!(fetched[0], fetched[1], "another attempt is another job");
        let task = t.submit(&user, "doubao", "script=running").await;
        t.drain().await;
        tasks::cancel(&t, &user, task.id).await.unwrap();
        t.drain().await;
        let last = upstream.requests().pop().unwrap();
        assert_eq!((last.method.as_str(), last.path.starts_with("/api/v3/contents/generations/tasks/doubao-")), ("DELETE", true));
        t.assert_healthy().await;
    }

    async fn overlapping_pollers_give_points_back_once(t: TestService) {
        let (_upstream, user) = set_up(&t, 0).await;
        for _ in 0..60 {
            t.submit(&user, "suno", "script=FAILURE").await;
        }
        t.drain().await;
        assert_eq!(points(&t, &user).await, (94_000, 6_000));
        t.clock.advance(INTERVAL * 1000);
        let pollers = futures::future::join_all((0..8).map(|_| worker::poll_once(&t))).await;
        assert_eq!(pollers.into_iter().map(|claimed| claimed.unwrap()).sum::<usize>(), 60, "each was claimed once");
        t.drain().await;
        assert_eq!(points(&t, &user).await, (100_000, 0));
        t.assert_healthy().await;
    }
}

use super::export::write;
use crate::i18n::{Lang, Strings};
use crate::page::range::instant;
use crate::page::tasks::patch::patch;
use model::events::Event;
use model::tasks::{Priority, TaskStatus, TaskView};
use model::time::Timestamp;

fn task(status: TaskStatus) -> TaskView {
    TaskView {
        id: 7,
        task_id: "task_x".into(),
        seq: 3,
        name: "=1+1, \"a\"".into(),
        category: String::new(),
        feature_id: 1,
        feature_name: "Song".into(),
        rule_id: 1,
        status,
        retry_count: 0,
        max_retries: 3,
        interval_seconds: 5,
        priority: Priority::Normal,
        progress: 0,
        points: 10,
        payload: None,
        headers: None,
        response: None,
        results: None,
        webhook_ids: None,
        error: String::new(),
        created_at: Timestamp(1000),
        updated_at: Timestamp(2000),
        started_at: None,
        finished_at: None,
        next_run_at: None,
    }
}

fn news(status: TaskStatus, at: i64) -> Event {
    Event::Task { id: 7, status, progress: 40, retry_count: 1, updated_at: Timestamp(at) }
}

#[test]
fn news_bring_a_row_up_to_date() {
    let mut row = task(TaskStatus::Queued);
    assert!(patch(&mut row, &news(TaskStatus::Running, 3000)));
    assert_eq!((row.status, row.progress, row.started_at, row.finished_at), (TaskStatus::Running, 40, Some(Timestamp(3000)), None));
    assert!(patch(&mut row, &news(TaskStatus::Succeeded, 5000)));
    assert_eq!((row.started_at, row.finished_at), (Some(Timestamp(3000)), Some(Timestamp(5000))));
}

#[test]
fn late_news_and_news_of_others_change_nothing() {
    let mut row = task(TaskStatus::Succeeded);
    assert!(!patch(&mut row, &news(TaskStatus::Running, 1999)));
    assert!(!patch(&mut row, &Event::Task { id: 8, status: TaskStatus::Failed, progress: 0, retry_count: 0, updated_at: Timestamp(9000) }));
    assert!(!patch(&mut row, &Event::Resync));
    assert_eq!(row, task(TaskStatus::Succeeded));
}

#[test]
fn a_new_run_counts_its_time_anew() {
    let mut row =
        TaskView { started_at: Some(Timestamp(100)), finished_at: Some(Timestamp(200)), error: "x".into(), ..task(TaskStatus::Failed) };
    assert!(patch(&mut row, &news(TaskStatus::Queued, 3000)));
    assert_eq!((row.started_at, row.finished_at, row.error.as_str()), (None, None, ""));
}

#[test]
fn instants_in_the_address() {
    let expected = Timestamp::parse("2026-01-31T08:15:00Z");
    assert!(expected.is_some());
    assert_eq!(instant("2026-01-31T08:15"), expected);
    assert_eq!(instant("2026-01-31T16:15:00+08:00"), expected);
    assert_eq!(instant("yesterday"), None);
}

#[test]
fn spreadsheets_get_plain_texts() {
    let text = write(Strings::of(Lang::Zh), &[task(TaskStatus::Queued)]);
    assert!(text.starts_with('\u{feff}'));
    assert!(text.contains("\"'=1+1, \"\"a\"\"\""), "{text}");
    assert_eq!(text.lines().count(), 2);
}

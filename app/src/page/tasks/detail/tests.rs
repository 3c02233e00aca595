use super::results::{Media, media_of};
use super::timeline::{Ending, Entry, ending, entries};
use model::tasks::AttemptView;
use model::time::Timestamp;

fn attempt(no: i64, at: i64, duration: i64) -> AttemptView {
    AttemptView {
        attempt_no: no,
        created_at: Timestamp(at),
        status_code: 200,
        error: String::new(),
        response: None,
        duration,
        channel: None,
        tried: Vec::new(),
    }
}

#[test]
fn waits_stand_between_attempts() {
    let list = entries(&[attempt(3, 20_000, 10), attempt(2, 10_000, 9_500), attempt(1, 0, 4_000)]);
    let shape: Vec<_> = list
        .iter()
        .map(|entry| match entry {
            Entry::Attempt(attempt) => attempt.attempt_no,
            Entry::Wait { milliseconds, .. } => -milliseconds,
        })
        .collect();
    // Half a second is not a wait.
    assert_eq!(shape, [3, 2, -6_000, 1]);
}

#[test]
fn keys_change_with_their_attempt() {
    let (open, done) = (attempt(1, 0, 0), attempt(1, 0, 5));
    assert_ne!(Entry::Attempt(open).key(), Entry::Attempt(done).key());
}

#[test]
fn endings() {
    assert_eq!(ending(&attempt(1, 0, 5)), Ending::Good);
    assert_eq!(ending(&AttemptView { status_code: 500, ..attempt(1, 0, 5) }), Ending::Bad);
    assert_eq!(ending(&AttemptView { status_code: 0, ..attempt(1, 0, 5) }), Ending::Open);
    assert_eq!(ending(&AttemptView { status_code: 0, error: "timed out".into(), ..attempt(1, 0, 5) }), Ending::Bad);
}

#[test]
fn addresses_are_judged_by_their_ending() {
    assert_eq!(media_of("https://x.example/a/song.MP3?token=a.png#t"), Some(Media::Playable));
    assert_eq!(media_of("http://x.example/cover.webp"), Some(Media::Picture));
    assert_eq!(media_of("https://x.example"), Some(Media::Other));
    for text in ["javascript:alert(1)", "data:image/png;base64,AA", "https://", "see https://x.example", "ftp://x.example/a.mp3"] {
        assert_eq!(media_of(text), None, "{text}");
    }
}

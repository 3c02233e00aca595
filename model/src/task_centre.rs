//! Tasks as the task centre shows them, for programs that were written for that interface: document 001.

use crate::paging::{MAX_PAGE, MAX_PAGE_SIZE, Paging};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Bytes of a task's data that a list carries; longer data is fetched with its task.
pub const MAX_LISTED_DATA: usize = 64 * 1024;
/// Rows on a page unless asked otherwise (document 001, 获取我的任务).
pub const DEFAULT_PAGE_SIZE: i64 = 20;

/// Where a task is, in the words of document 001.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MediaStatus {
    /// Accepted, and not yet begun.
    NotStart,
    /// The upstream has it.
    Submitted,
    /// It waits for its turn, for the first time or again.
    Queued,
    /// It is worked on.
    InProgress,
    /// Ended without a result, or cancelled.
    Failure,
    /// Ended with a result.
    Success,
    /// The upstream says something that nobody understands; it is asked again. Not an end.
    Unknown,
}

impl MediaStatus {
    /// Every state, in the order of document 001.
    pub const ALL: [MediaStatus; 7] = [
        MediaStatus::NotStart,
        MediaStatus::Submitted,
        MediaStatus::Queued,
        MediaStatus::InProgress,
        MediaStatus::Failure,
        MediaStatus::Success,
        MediaStatus::Unknown,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            MediaStatus::NotStart => "NOT_START",
            MediaStatus::Submitted => "SUBMITTED",
            MediaStatus::Queued => "QUEUED",
            MediaStatus::InProgress => "IN_PROGRESS",
            MediaStatus::Failure => "FAILURE",
            MediaStatus::Success => "SUCCESS",
            MediaStatus::Unknown => "UNKNOWN",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether nothing more happens by itself.
    pub fn is_terminal(self) -> bool {
        matches!(self, MediaStatus::Failure | MediaStatus::Success)
    }
}

/// A task, field by field as document 001 prints it. Times are Unix seconds, 0 before they are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaTask {
    /// The task's number.
    pub id: i64,
    /// When it was submitted.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// The public id, `task_…`.
    pub task_id: String,
    /// The platform, such as `suno`; empty when its feature is gone.
    pub platform: String,
    /// The owner's number.
    pub user_id: i64,
    /// The owner's name; in lists of all users only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The channel's number for administrators; 0 for owners, and before one was chosen.
    pub channel_id: i64,
    /// Points that it costs: those that are held while it lives, and what was taken and not given back afterwards.
    pub quota: i64,
    /// What is done on the platform, in small letters, such as `song`.
    pub action: String,
    /// Where it is.
    pub status: MediaStatus,
    /// Why it came to nothing; empty otherwise.
    pub fail_reason: String,
    /// When it was submitted.
    pub submit_time: i64,
    /// When its first attempt began.
    pub start_time: i64,
    /// When it ended.
    pub finish_time: i64,
    /// Percent, such as `30%`; `100%` for every end.
    pub progress: String,
    /// What is known of it beside its data.
    pub properties: MediaProperties,
    /// The result, or the upstream's last answer; an empty object before there is one.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub data: Value,
    /// Whether `data` is left out because it is larger than 64 KiB: fetch the task by its id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub data_truncated: bool,
}

/// What is known of a task beside its data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MediaProperties {
    /// The prompt, where the feature has one.
    pub input: String,
}

/// What a list of the task centre is narrowed to; also its query string. Conditions are joined with "and"; 0 and empty mean none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct MediaTaskFilter {
    /// The page, from 1; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<i64>,
    /// Rows a page, 20 by default; more than 100 are 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_size: Option<i64>,
    /// An older name of `page_size`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ps: Option<i64>,
    /// A still older name of `page_size`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Only tasks of this platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Only the task with this id, with all of its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// Only tasks in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only tasks with this action, in small or large letters; `music` is `song`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Submitted at or after, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_timestamp: Option<i64>,
    /// Submitted at or before, in Unix seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_timestamp: Option<i64>,
    /// Only tasks of this channel. For administrators; owners do not know channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<i64>,
    /// Only tasks of this user. For administrators; an owner's list has only their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
}

impl MediaTaskFilter {
    /// The page that is asked for. Unlike our own lists it takes 0 for "not given" and clamps everything else, as callers of document 001 expect
    /// (`console-and-tasks.md`, decisions).
    pub fn paging(&self) -> Paging {
        let given = |number: Option<i64>| number.filter(|number| *number != 0);
        let size = given(self.page_size).or(given(self.ps)).or(given(self.size)).unwrap_or(DEFAULT_PAGE_SIZE);
        Paging { page: self.p.unwrap_or(1).clamp(1, MAX_PAGE), page_size: size.clamp(1, MAX_PAGE_SIZE) }
    }

    /// The state that is asked for.
    ///
    /// Errors: `invalid` at `status` for a word that is none.
    pub fn state(&self) -> Result<Option<MediaStatus>> {
        let Some(word) = self.status.as_deref().map(str::trim).filter(|word| !word.is_empty()) else { return Ok(None) };
        let known = || MediaStatus::ALL.map(MediaStatus::as_str).join(", ");
        MediaStatus::parse(word).map(Some).ok_or_else(|| Error::invalid("status", format!("`status` must be one of {}.", known())))
    }
}

/// The platform of the Suno surface.
pub const SUNO: &str = "suno";
/// Most ids of one fetch.
pub const MAX_FETCHED: usize = 100;

/// Which tasks are fetched: the body of `POST /suno/fetch`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SunoFetch {
    /// Ids of tasks, at most 100.
    #[serde(default)]
    pub ids: Vec<String>,
    /// Taken and ignored: an id says enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// An action as the Suno surface prints it: in capitals, and `song` is `MUSIC` (`decisions.md`, 001).
pub fn suno_action(action: &str) -> String {
    if action == "song" { "MUSIC".to_owned() } else { action.to_uppercase() }
}

/// An action as it is stored and compared: in small letters, and `music` is `song` (`decisions.md`, 001).
pub fn action_word(action: &str) -> String {
    let word = action.trim().to_lowercase();
    if word == "music" { "song".to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_read_as_callers_of_the_document_expect() {
        let paging = |p: Option<i64>, size: [Option<i64>; 3]| {
            let filter = MediaTaskFilter { p, page_size: size[0], ps: size[1], size: size[2], ..MediaTaskFilter::default() };
            let paging = filter.paging();
            (paging.page, paging.page_size)
        };
        assert_eq!(paging(None, [None; 3]), (1, 20));
        assert_eq!(paging(Some(0), [Some(0), Some(0), Some(7)]), (1, 7));
        assert_eq!(paging(Some(3), [Some(500), Some(5), None]), (3, 100));
        assert_eq!(paging(Some(2), [None, Some(5), Some(6)]), (2, 5));
        assert_eq!(paging(Some(-1), [None; 3]), (1, 20));
        assert_eq!(paging(None, [Some(-1), None, None]), (1, 1));
    }

    #[test]
    fn states_have_the_words_of_the_document() {
        for status in MediaStatus::ALL {
            assert_eq!(serde_json::to_value(status).ok(), Some(Value::from(status.as_str())));
            assert_eq!(MediaStatus::parse(&status.as_str().to_lowercase()), Some(status));
        }
        let filter = |word: &str| MediaTaskFilter { status: Some(word.to_owned()), ..MediaTaskFilter::default() };
        assert_eq!(filter(" ").state().ok(), Some(None));
        assert_eq!(filter("DONE").state().unwrap_err().field.as_deref(), Some("status"));
        assert_eq!((action_word("MUSIC"), action_word(" Lyrics ")), ("song".to_owned(), "lyrics".to_owned()));
    }
}

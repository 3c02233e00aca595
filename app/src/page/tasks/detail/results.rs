//! The result fields: what people came for.

use crate::i18n::use_strings;
use crate::ui::{Card, CopyButton, Icon, IconName, JsonTree};
use leptos::prelude::*;
use model::features::ResultValue;
use model::tasks::{TaskStatus, TaskView};
use serde_json::Value;

/// What an address leads to, judged by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// Something to hear or to watch.
    Playable,
    /// A picture.
    Picture,
    /// Anything else.
    Other,
}

/// Endings of files that can be played.
const PLAYABLE: [&str; 12] = ["mp3", "wav", "ogg", "flac", "m4a", "aac", "opus", "mp4", "webm", "mov", "mkv", "m3u8"];
/// Endings of pictures.
const PICTURES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "bmp"];

/// What an address leads to; `None` if it is not one.
pub fn media_of(text: &str) -> Option<Media> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    if rest.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit('/').next().and_then(|file| file.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    Some(match ending.as_deref() {
        Some(ending) if PLAYABLE.contains(&ending) => Media::Playable,
        Some(ending) if PICTURES.contains(&ending) => Media::Picture,
        _ => Media::Other,
    })
}

/// The results of a task.
#[component]
pub fn Results(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    let t = use_strings();
    let d = t.task_detail();
    let results = Memo::new(move |_| task.with(|task| task.results.clone().unwrap_or_default()));
    let succeeded = Memo::new(move |_| task.with(|task| task.status == TaskStatus::Succeeded));
    let content = move || {
        let results = results.get();
        if results.is_empty() {
            return view! { <p class="muted">{d.no_results}</p> }.into_any();
        }
        let missing = if succeeded.get() { d.no_value } else { d.results_pending };
        let foreign = results
            .iter()
            .any(|result| result.value.as_ref().and_then(Value::as_str).and_then(media_of).is_some_and(|media| media != Media::Other));
        let lines = results
            .into_iter()
            .map(|ResultValue { label, path, value }| {
                let label = if label.is_empty() { path.clone() } else { label };
                view! { <div class="result" data-testid="result"><dt title=path>{label}</dt><dd>{value_view(value, missing, d.open_link)}</dd></div> }
            })
            .collect_view();
        view! {
            <dl class="results">{lines}</dl>
            {foreign.then(|| view! { <p class="small muted result-note"><Icon name=IconName::Shield/>{d.media_note}</p> })}
        }
        .into_any()
    };
    view! { <Card title=d.results>{content}</Card> }.into_any()
}

/// One value: links open elsewhere and nothing is loaded from them here; the rest is text or a tree.
fn value_view(value: Option<Value>, missing: &'static str, open: &'static str) -> AnyView {
    match value {
        None | Some(Value::Null) => view! { <span class="muted">{missing}</span> }.into_any(),
        Some(Value::Array(items)) if !items.is_empty() && items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let items = items.into_iter().map(|item| view! { <li>{value_view(Some(item), missing, open)}</li> }).collect_view();
            view! { <ul class="result-list">{items}</ul> }.into_any()
        }
        Some(value @ (Value::Array(_) | Value::Object(_))) => view! { <JsonTree value open_depth=1/> }.into_any(),
        Some(Value::String(text)) => match media_of(&text) {
            Some(media) => {
                let icon = match media {
                    Media::Playable => IconName::Play,
                    Media::Picture => IconName::Eye,
                    Media::Other => IconName::External,
                };
                view! {
                    <span class="result-value">
                        <a class="result-link" href=text.clone() target="_blank" rel="noopener noreferrer" title=open>
                            <Icon name=icon/>
                            <span>{text.clone()}</span>
                        </a>
                        <CopyButton text/>
                    </span>
                }
                .into_any()
            }
            None => text_view(text),
        },
        Some(other) => text_view(other.to_string()),
    }
}

fn text_view(text: String) -> AnyView {
    view! { <span class="result-value"><span class="result-text">{text.clone()}</span><CopyButton text/></span> }.into_any()
}

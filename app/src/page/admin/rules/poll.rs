//! How a job is followed: what was typed, and its controls.

use super::request::{PairDraft, RequestDraft, RequestFields};
use crate::i18n::use_strings;
use crate::page::admin::mistakes::{Mistakes, Reader, given};
use crate::page::admin::rows::{Row, Rows};
use crate::ui::*;
use leptos::prelude::*;
use model::rules::{Method, PollRule, RequestTemplate, UpstreamStatus};

/// What a word can mean, with its word in the definition.
const MEANINGS: [(&str, UpstreamStatus); 4] = [
    ("queued", UpstreamStatus::Queued),
    ("in_progress", UpstreamStatus::InProgress),
    ("success", UpstreamStatus::Success),
    ("failure", UpstreamStatus::Failure),
];

/// What was typed.
#[derive(Clone, Copy)]
pub struct PollDraft {
    task_id_path: RwSignal<String>,
    request: RequestDraft,
    interval: RwSignal<String>,
    status_path: RwSignal<String>,
    words: Rows<PairDraft>,
    progress_path: RwSignal<String>,
    result_path: RwSignal<String>,
    failure_path: RwSignal<String>,
    cancels: RwSignal<bool>,
    cancel: RequestDraft,
    /// What the form does not show stays as it was.
    kept: StoredValue<PollRule>,
}

fn blank() -> PollRule {
    let of_job =
        |method| RequestTemplate { method, url: "{{ channel.base_url }}/{{ upstream_id }}".to_owned(), ..RequestTemplate::default() };
    PollRule {
        task_id_path: "$.id".to_owned(),
        request: of_job(Method::Get),
        interval_seconds: 5,
        status_path: "$.status".to_owned(),
        status_map: [("succeeded", UpstreamStatus::Success), ("failed", UpstreamStatus::Failure)]
            .map(|(word, means)| (word.to_owned(), means))
            .into(),
        progress_path: None,
        result_path: None,
        failure_path: None,
        cancel: None,
        batch: None,
        failure_when: None,
        result_request: None,
    }
}

impl PollDraft {
    /// From what is stored, or from what most upstreams have.
    pub fn new(poll: Option<PollRule>) -> Self {
        let poll = poll.unwrap_or_else(blank);
        let kept = StoredValue::new(poll.clone());
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        let meaning = |means: UpstreamStatus| MEANINGS.into_iter().find(|(_, known)| *known == means).map_or("queued", |(word, _)| word);
        let words = poll.status_map.into_iter().map(|(word, means)| (word, meaning(means).to_owned()));
        let stop = RequestTemplate { method: Method::Delete, ..blank().request };
        PollDraft {
            task_id_path: RwSignal::new(poll.task_id_path),
            request: RequestDraft::new(poll.request),
            interval: RwSignal::new(poll.interval_seconds.to_string()),
            status_path: RwSignal::new(poll.status_path),
            words: Rows::new(words, PairDraft::new),
            progress_path: text(poll.progress_path),
            result_path: text(poll.result_path),
            failure_path: text(poll.failure_path),
            cancels: RwSignal::new(poll.cancel.is_some()),
            cancel: RequestDraft::new(poll.cancel.unwrap_or(stop)),
            kept,
        }
    }

    /// The definition. Reactive.
    pub fn read(self, reader: Reader) -> PollRule {
        let text = |signal: RwSignal<String>| signal.get().trim().to_owned();
        let means = |word: &str| MEANINGS.into_iter().find(|(known, _)| *known == word).map_or(UpstreamStatus::Queued, |(_, means)| means);
        let words = self.words.get().into_iter().map(|row| (text(row.name), means(&row.value.get())));
        PollRule {
            task_id_path: text(self.task_id_path),
            request: self.request.read(reader, "poll.request"),
            interval_seconds: reader.needed("poll.interval_seconds", &self.interval.get()),
            status_path: text(self.status_path),
            status_map: words.filter(|(word, _)| !word.is_empty()).collect(),
            progress_path: given(&self.progress_path.get()),
            result_path: given(&self.result_path.get()),
            failure_path: given(&self.failure_path.get()),
            cancel: self.cancels.get().then(|| self.cancel.read(reader, "poll.cancel")),
            ..self.kept.get_value()
        }
    }
}

/// The controls.
#[component]
pub fn PollFields(
    /// What is typed.
    draft: PollDraft,
    /// What is wrong with the rule.
    mistakes: Mistakes,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let path = move |label: &'static str, place: &'static str, value: RwSignal<String>, required: bool, help: Option<&'static str>| {
        view! {
            <FormField label id=place.replace(['.', '_'], "-") error=mistakes.of(place) required optional=!required nostrip:help=help.map(str::to_owned)>
                <Input value mono=true placeholder="$.status" attr:autocomplete="off" attr:spellcheck="false"/>
            </FormField>
        }
    };
    let meanings = [c.means_queued, c.means_in_progress, c.means_success, c.means_failure];
    let meanings: Vec<_> = MEANINGS.iter().zip(meanings).map(|((word, _), text)| Choice::new(*word, text)).collect();
    let rows = draft.words;
    let line = move |row: PairDraft| {
        let id = row.id();
        let number = move || (rows.place(id) + 1).to_string();
        let named = move |what: &str| format!("{what} {}", number());
        view! {
            <div class="option-row">
                <Input value=row.name mono=true attr:aria-label=move || named(c.status_word) attr:autocomplete="off" attr:spellcheck="false"/>
                <Select options=meanings.clone() value=row.value attr:aria-label=move || named(c.status_meaning)/>
                {rows.tools(id, number, false)}
            </div>
        }
    };
    let add = move |_| {
        rows.add(|id| PairDraft::new(id, (String::new(), "in_progress".to_owned())));
    };
    let words_error = mistakes.of("poll.status_map");
    let cancel = move || draft.cancels.get().then(|| view! { <RequestFields draft=draft.cancel place="poll.cancel" mistakes/> });
    view! {
        <div class="form-fields">
            <div class="form-fields form-pair">
                {path(c.task_id_path, "poll.task_id_path", draft.task_id_path, true, None)}
                <FormField label=c.poll_interval id="poll-interval-seconds" error=mistakes.of("poll.interval_seconds") required=true>
                    <Input kind="number" value=draft.interval attr:min="1" attr:step="1"/>
                </FormField>
            </div>
            <h3 class="editor-subtitle">{c.poll_request}</h3>
            <RequestFields draft=draft.request place="poll.request" mistakes/>
            <div class="form-fields form-pair">
                {path(c.status_path, "poll.status_path", draft.status_path, true, None)}
                {path(c.progress_path, "poll.progress_path", draft.progress_path, false, None)}
                {path(c.rule_result_path, "poll.result_path", draft.result_path, false, Some(c.whole_answer))}
                {path(c.failure_path, "poll.failure_path", draft.failure_path, false, None)}
            </div>
            <fieldset class="field header-rows" class:has-error=move || words_error.get().is_some()>
                <legend class="field-label">{c.status_map}</legend>
                <div class="header-list"><For each=move || rows.get() key=|row| row.id() children=line.clone()/></div>
                <div><Button icon=IconName::Plus size=Size::Sm on_click=add>{c.add_status}</Button></div>
                <p class="field-help">{c.status_map_help}</p>
                <p class="field-error" role="alert">{move || words_error.get()}</p>
            </fieldset>
            <Switch label=c.cancel_on checked=draft.cancels/>
            {cancel}
        </div>
    }
    .into_any()
}

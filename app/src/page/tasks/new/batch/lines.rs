//! The lines of a batch in a table: before submission what is wrong with them, afterwards what became of them.

use super::check::{BatchState, CheckedLine};
use super::parse::Format;
use super::run::{Job, JobState, Run};
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::{Badge, TableWrap, Tone, error_sentence};
use leptos::prelude::*;

/// Lines shown; refused ones are shown in any case.
const FIRST_LINES: usize = 200;

/// What the pasted text means.
#[component]
pub fn PreviewTable(
    /// The tool.
    batch: BatchState,
) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let row = move |line: CheckedLine| {
        let (tone, text) = match line.task {
            Ok(_) => (Tone::Ok, b.ready.to_owned()),
            Err(sentence) => (Tone::Danger, sentence),
        };
        view! {
            <tr class:is-bad=tone == Tone::Danger>
                <td class="cell-num" data-label=b.column_line>{line.number}</td>
                <td class="batch-text" data-label=b.column_content>{line.text}</td>
                <td data-label=b.column_state><Badge tone>{text}</Badge></td>
            </tr>
        }
    };
    let table = move || {
        batch.checked.with(|checked| {
            if checked.lines.is_empty() {
                return ().into_any();
            }
            let (all, good) = (checked.lines.len(), checked.good());
            let format = match checked.format {
                Format::Lines => b.format_lines,
                Format::Table => b.format_table,
                Format::Json => b.format_json,
            };
            let counts = [("n", all.to_string()), ("ok", good.to_string()), ("bad", (all - good).to_string())];
            let summary = fill(b.summary, &counts.each_ref().map(|(name, value)| (*name, value.as_str())));
            let shown = checked.lines.iter().enumerate().filter(|(index, line)| *index < FIRST_LINES || line.task.is_err());
            let rows = shown.map(|(_, line)| row(line.clone())).collect_view();
            view! {
                <div class="batch-preview">
                    <div class="row-between">
                        <h3>{b.preview}</h3>
                        <Badge tone=Tone::Info>{format}</Badge>
                    </div>
                    <p class="small muted num" role="status">{summary}</p>
                    <TableWrap>
                        <table class="table batch-table">
                            <thead>
                                <tr>
                                    <th scope="col" class="cell-num">{b.column_line}</th>
                                    <th scope="col">{b.column_content}</th>
                                    <th scope="col">{b.column_state}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </TableWrap>
                    {(all > FIRST_LINES).then(|| view! { <p class="small muted">{fill(b.show_more, &[("n", &FIRST_LINES.to_string())])}</p> })}
                </div>
            }
            .into_any()
        })
    };
    view! { {table} }.into_any()
}

/// What became of each line.
#[component]
pub fn JobTable(
    /// The batch.
    run: Run,
) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let result = move |state: JobState| match state {
        JobState::Ready => view! { <Badge>{b.ready}</Badge> }.into_any(),
        JobState::Sending => view! { <Badge tone=Tone::Info dot=true>{b.sending}</Badge> }.into_any(),
        JobState::Done { id, .. } => {
            view! { <a class="batch-done" href=route::task(id)>{fill(b.done, &[("id", &format!("#{id}"))])}</a> }.into_any()
        }
        JobState::Failed(error) => {
            let sentence = error_sentence(t, &error);
            view! { <span class="batch-error" title=error.0.message.clone()><Badge tone=Tone::Danger>{sentence}</Badge></span> }.into_any()
        }
    };
    let row = move |job: Job| {
        let (state, failed) = (job.state.clone(), job.state.clone());
        view! {
            <tr class:is-bad=move || matches!(failed.get(), JobState::Failed(_))>
                <td class="cell-num" data-label=b.column_line>{job.number}</td>
                <td class="batch-text" data-label=b.column_content>{job.text}</td>
                <td data-label=b.column_state data-testid="batch-line">{move || result(state.get())}</td>
            </tr>
        }
    };
    let shown = move || {
        run.jobs.with(|jobs| {
            let failed = |job: &Job| job.state.with(|state| matches!(state, JobState::Failed(_)));
            let lines = jobs.iter().enumerate().filter(|(index, job)| *index < FIRST_LINES || failed(job));
            lines.map(|(_, job)| job.clone()).collect::<Vec<_>>()
        })
    };
    let cut = move || run.jobs.with(Vec::len) > FIRST_LINES;
    view! {
        <div class="batch-preview">
        <TableWrap>
            <table class="table batch-table">
                <thead>
                    <tr>
                        <th scope="col" class="cell-num">{b.column_line}</th>
                        <th scope="col">{b.column_content}</th>
                        <th scope="col">{b.column_state}</th>
                    </tr>
                </thead>
                <tbody><For each=shown key=|job| job.number children=row/></tbody>
            </table>
        </TableWrap>
        {move || cut().then(|| view! { <p class="small muted">{fill(b.show_more, &[("n", &FIRST_LINES.to_string())])}</p> })}
        </div>
    }
    .into_any()
}

//! Where lines are pasted or uploaded, and what they look like.

use super::cells::write_row;
use super::check::BatchState;
use super::lines::{JobTable, PreviewTable};
use super::upload::{MOST_BYTES, chosen, read};
use crate::i18n::{fill, use_strings};
use crate::page::tasks::form::values::text_of;
use crate::ui::{Card, Choice, FormField, Icon, IconName, Select, Textarea, use_toasts};
use leptos::prelude::*;
use model::form::FormField as Field;

/// The lines: first as text with a preview, then as what became of them.
#[component]
pub fn BatchInput(
    /// The tool.
    batch: BatchState,
) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let begun = Memo::new(move |_| batch.run.jobs.with(|jobs| !jobs.is_empty()));
    view! {
        <Card title=b.title>
            <p class="batch-lead muted">{b.lead}</p>
            <p class="notice tone-warn only-without-script"><Icon name=IconName::Alert/><span>{b.needs_script}</span></p>
            {move || if begun.get() { view! { <JobTable run=batch.run/> }.into_any() } else { view! { <Source batch/> }.into_any() }}
        </Card>
    }
    .into_any()
}

#[component]
fn Source(batch: BatchState) -> impl IntoView {
    let t = use_strings();
    let b = t.task_batch();
    let toasts = use_toasts();
    let (choices, placeholder, template) = batch.fields.with_value(|fields| {
        let choices: Vec<Choice> = fields.iter().enumerate().map(|(index, field)| Choice::new(index.to_string(), field.text())).collect();
        (choices, placeholder(fields, untrack(|| batch.main_index()).unwrap_or(0), b.placeholder_value), template(fields))
    });
    let upload = move |event| {
        let Some(file) = chosen(&event) else { return };
        if file.size() > MOST_BYTES {
            toasts.info(b.too_large);
            return;
        }
        read(file, move |text| {
            // The page may have been left while the file was read.
            let _ = batch.text.try_set(text);
        });
    };
    view! {
        <div class="stack needs-script">
            {(choices.len() > 1).then(|| view! {
                <FormField label=b.main_field id="batch-main">
                    <Select options=choices.clone() value=batch.main/>
                </FormField>
            })}
            <FormField label=b.source id="batch-text" help=b.formats>
                <Textarea value=batch.text rows=8 mono=true placeholder=placeholder.clone() attr:spellcheck="false" attr:wrap="off"/>
            </FormField>
            <div class="row">
                <label class="button button-secondary button-sm file-button">
                    <Icon name=IconName::Upload/>
                    <span class="button-text">{b.upload}</span>
                    <input type="file" class="visually-hidden" accept=".txt,.csv,.tsv,.json,.jsonl,.ndjson,text/*" on:change=upload/>
                </label>
                <a class="button button-ghost button-sm" download="tasks.csv" href=template>
                    <Icon name=IconName::Download/>
                    <span class="button-text">{b.template}</span>
                </a>
            </div>
            {move || batch.checked.with(|checked| checked.cut).then(|| view! {
                <p class="notice tone-warn" role="status">
                    <Icon name=IconName::Alert/>
                    <span>{fill(b.too_many, &[("n", &super::parse::MOST_LINES.to_string())])}</span>
                </p>
            })}
            <PreviewTable batch/>
        </div>
    }
    .into_any()
}

/// Three lines as they might be.
fn placeholder(fields: &[Field], main: usize, word: &str) -> String {
    let example = fields.get(main).and_then(|field| Some(text_of(field, field.example.as_ref()?)));
    let line = |n: i32| match &example {
        Some(example) if n == 1 => example.lines().next().unwrap_or_default().to_owned(),
        _ => fill(word, &[("n", &n.to_string())]),
    };
    (1..=3).map(line).collect::<Vec<_>>().join("\n")
}

/// A table with every field and one example, as an address to save.
fn template(fields: &[Field]) -> String {
    let header: Vec<String> = fields.iter().map(|field| field.key.clone()).chain(["name".to_owned(), "category".to_owned()]).collect();
    let example = |field: &Field| field.example.as_ref().or(field.default.as_ref()).map(|value| text_of(field, value)).unwrap_or_default();
    let row: Vec<String> = fields.iter().map(example).chain([String::new(), String::new()]).collect();
    // Spreadsheets take a file for UTF-8 only if it begins with this mark.
    let text = format!("\u{feff}{}{}", write_row(&header), write_row(&row));
    let escaped = text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    format!("data:text/csv;charset=utf-8,{}", escaped.collect::<String>())
}

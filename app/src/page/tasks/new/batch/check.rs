//! From a pasted text and the shared fields to one task per line.

use super::parse::{Format, Line, Parsed, Problem, parse};
use super::run::Run;
use crate::i18n::{Strings, fill};
use crate::page::tasks::form::{FormState, complaint};
use leptos::prelude::*;
use model::error::ErrorCode;
use model::features::FeatureView;
use model::form::{FormField, check_params};
use model::tasks::NewTask;

/// One line that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedLine {
    /// Its number in the text, from 1.
    pub number: usize,
    /// What it says.
    pub text: String,
    /// Its task, or what is wrong in the reader's language.
    pub task: Result<NewTask, String>,
}

/// A whole text that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// How the text is laid out.
    pub format: Format,
    /// Its lines.
    pub lines: Vec<CheckedLine>,
    /// Whether there were more than allowed.
    pub cut: bool,
}

impl Checked {
    /// Lines that can be submitted.
    pub fn good(&self) -> usize {
        self.lines.iter().filter(|line| line.task.is_ok()).count()
    }
}

/// The batch tool. A copy is the same tool.
#[derive(Clone, Copy)]
pub struct BatchState {
    /// What was pasted.
    pub text: RwSignal<String>,
    /// The number of the field that each line fills, as the text of a control.
    pub main: RwSignal<String>,
    /// What the text means.
    pub checked: Memo<Checked>,
    /// Submitting it.
    pub run: Run,
    pub(super) fields: StoredValue<Vec<FormField>>,
}

impl BatchState {
    /// The tool for a feature, with the shared fields of a form.
    pub fn new(t: &'static Strings, feature: &FeatureView, form: FormState) -> Self {
        let main = FormState::main_field(&feature.form_schema).unwrap_or(0);
        let (text, main) = (RwSignal::new(String::new()), RwSignal::new(main.to_string()));
        let fields = StoredValue::new(feature.form_schema.clone());
        let checked = Memo::new(move |_| {
            let (texts, index) = (form.texts(), main.get().parse().unwrap_or(0));
            fields.with_value(|fields| {
                let Parsed { format, lines, cut } = text.with(|text| parse(text, fields, index));
                // The main field is each line's own, and fields that a line gives need not be right in the form.
                let shared: Vec<FormField> =
                    fields.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, field)| field.clone()).collect();
                let shared = Shared { t, fields, shared: &shared, texts: &texts };
                Checked { format, lines: lines.into_iter().map(|line| shared.check(line)).collect(), cut }
            })
        });
        BatchState { text, main, checked, run: Run::new(feature.id), fields }
    }

    /// The number of the field that each line fills. Reactive.
    pub fn main_index(self) -> Option<usize> {
        self.main.get().parse().ok()
    }
}

/// What all lines have in common.
struct Shared<'a> {
    t: &'a Strings,
    fields: &'a [FormField],
    shared: &'a [FormField],
    texts: &'a crate::page::tasks::form::TaskTexts,
}

impl Shared<'_> {
    fn check(&self, line: Line) -> CheckedLine {
        let Line { number, text, values } = line;
        let task = values.map_err(|problem| self.sentence(&problem)).and_then(|values| {
            let mut params = values.params;
            for field in self.shared {
                if params.contains_key(&field.key) {
                    continue;
                }
                let typed = self.texts.params.get(&field.key).map_or("", String::as_str);
                let value =
                    crate::page::tasks::form::values::value_of(field, typed).map_err(|error| self.sentence(&Problem::Value(error)))?;
                params.extend(value.map(|value| (field.key.clone(), value)));
            }
            let params = check_params(self.fields, params).map_err(|error| self.sentence(&Problem::Value(error)))?;
            let common = self.texts.new_task(&[]).map_err(|error| self.sentence(&Problem::Value(error)))?;
            Ok(NewTask {
                params,
                name: values.name.or(common.name.clone()),
                category: values.category.or(common.category.clone()),
                ..common
            })
        });
        CheckedLine { number, text, task }
    }

    fn sentence(&self, problem: &Problem) -> String {
        let b = &self.t.task_batch();
        match problem {
            Problem::UnknownName(name) => fill(b.unknown_column, &[("name", name)]),
            Problem::TooManyCells => b.too_many_cells.to_owned(),
            Problem::NotAnObject => b.not_object.to_owned(),
            Problem::Value(error) => {
                let field = self.fields.iter().find(|field| Some(&field.key) == error.field.as_ref());
                match field {
                    Some(field) if error.code == ErrorCode::MissingParameter => complaint(self.t, field, error),
                    Some(field) => format!("{}: {}", field.text(), complaint(self.t, field, error)),
                    None => error.message.clone(),
                }
            }
        }
    }
}

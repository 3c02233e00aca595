//! What a pasted text means: one value per line, a table with a header, or JSON objects.

use super::cells::rows;
use crate::page::tasks::form::values::value_of;
use model::error::Error;
use model::form::FormField;
use serde_json::{Map, Value};

/// Most tasks of one batch.
pub const MOST_LINES: usize = 1000;

/// How a text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One value of the main field per line.
    Lines,
    /// Commas or tabs, the first line names the fields.
    Table,
    /// One JSON object per line, or an array of them.
    Json,
}

/// Why a line is not a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// A value is wrong; the error names its field.
    Value(Error),
    /// A name that the form does not have.
    UnknownName(String),
    /// More cells than the header names.
    TooManyCells,
    /// Not a JSON object.
    NotAnObject,
}

/// What one line gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineValues {
    /// Values of the form, by key.
    pub params: Map<String, Value>,
    /// The task's name, if the line has one.
    pub name: Option<String>,
    /// The task's category, if the line has one.
    pub category: Option<String>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number in the text, from 1.
    pub number: usize,
    /// What it says, to show.
    pub text: String,
    /// What it gives.
    pub values: Result<LineValues, Problem>,
}

/// A whole text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// How it is laid out.
    pub format: Format,
    /// Its lines, at most [`MOST_LINES`].
    pub lines: Vec<Line>,
    /// Whether there were more.
    pub cut: bool,
}

/// Reads a text for a form whose main field has that number.
pub fn parse(text: &str, fields: &[FormField], main: usize) -> Parsed {
    let text = text.trim_start_matches('\u{feff}');
    let (format, mut lines) =
        if text.trim_start().starts_with(['{', '[']) && fields.get(main).is_none_or(|field| !is_whole_value(text, field)) {
            (Format::Json, json(text, fields))
        } else if let Some(lines) = table(text, fields) {
            (Format::Table, lines)
        } else {
            (Format::Lines, values(text, fields, main))
        };
    let cut = lines.len() > MOST_LINES;
    lines.truncate(MOST_LINES);
    Parsed { format, lines, cut }
}

/// Whether lines of JSON are values of the main field itself, which then holds JSON and is not named in them.
fn is_whole_value(text: &str, main: &FormField) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    main.field_type == model::form::FieldType::Json && !first.contains(&format!("\"{}\"", main.key))
}

fn values(text: &str, fields: &[FormField], main: usize) -> Vec<Line> {
    let line = |(index, text): (usize, &str)| {
        let values = match fields.get(main) {
            Some(field) => value_of(field, text.trim()).map_err(Problem::Value).map(|value| LineValues {
                params: value.map(|value| (field.key.clone(), value)).into_iter().collect(),
                ..LineValues::default()
            }),
            None => Ok(LineValues::default()),
        };
        Line { number: index + 1, text: text.trim().to_owned(), values }
    };
    text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(line).collect()
}

/// Lines of a table; `None` if the first line is not a header.
fn table(text: &str, fields: &[FormField]) -> Option<Vec<Line>> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let separator = if first.contains('\t') { '\t' } else { ',' };
    let known = |name: &str| fields.iter().any(|field| field.key == name || field.label == name);
    let mut all = rows(text, separator).into_iter();
    let header: Vec<String> = all.next()?.1.iter().map(|cell| cell.trim().to_owned()).collect();
    if !header.iter().any(|name| known(name)) || (header.len() == 1 && text.trim().lines().count() == 1) {
        return None;
    }
    let line = |(number, cells): (usize, Vec<String>)| {
        let text = cells.iter().filter(|cell| !cell.trim().is_empty()).map(|cell| cell.trim()).collect::<Vec<_>>().join(" · ");
        let values = if cells.len() > header.len() && cells[header.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            Err(Problem::TooManyCells)
        } else {
            let named = header.iter().zip(cells).map(|(name, cell)| (name.clone(), Value::String(cell)));
            collect(named, fields)
        };
        Line { number, text, values }
    };
    Some(all.map(line).collect())
}

fn json(text: &str, fields: &[FormField]) -> Vec<Line> {
    let read = |number: usize, value: Option<Value>, text: String| {
        let values = match value {
            Some(Value::Object(map)) => collect(map.into_iter(), fields),
            _ => Err(Problem::NotAnObject),
        };
        Line { number, text, values }
    };
    if let Ok(Value::Array(items)) = serde_json::from_str(text) {
        return items.into_iter().enumerate().map(|(index, item)| read(index + 1, Some(item.clone()), item.to_string())).collect();
    }
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| read(index + 1, serde_json::from_str(line).ok(), line.trim().to_owned())).collect()
}

/// Named values of one line. Texts of cells become what the field holds; `name` and `category` are the task's own unless the form has such a field.
fn collect(named: impl Iterator<Item = (String, Value)>, fields: &[FormField]) -> Result<LineValues, Problem> {
    let mut line = LineValues::default();
    for (name, value) in named {
        let field = fields.iter().find(|field| field.key == name).or_else(|| fields.iter().find(|field| field.label == name));
        let text = value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match (field, name.as_str()) {
            (Some(field), _) => {
                let value = match &value {
                    Value::String(text) => value_of(field, text).map_err(Problem::Value)?,
                    Value::Null => None,
                    _ => Some(value),
                };
                line.params.extend(value.map(|value| (field.key.clone(), value)));
            }
            (None, "name") => line.name = text,
            (None, "category") => line.category = text,
            (None, "") if text.is_none() => {}
            (None, _) => return Err(Problem::UnknownName(name)),
        }
    }
    Ok(line)
}

//! JSON as a tree that folds.

use super::clipboard::CopyButton;
use crate::i18n::{Strings, fill, use_strings};
use leptos::prelude::*;
use serde_json::Value;

/// Entries of one array or object shown at first.
const FIRST_ENTRIES: usize = 200;
/// Values beyond which closed branches are built only when they are opened.
const EAGER_VALUES: usize = 2_000;
/// Levels shown as a tree; deeper ones as text, so that hostile nesting cannot exhaust the stack.
const DEEPEST: usize = 64;
/// Characters of one string shown.
const LONGEST_TEXT: usize = 5_000;

/// Any JSON value as a tree; branches fold without scripts.
#[component]
pub fn JsonTree(
    /// The value.
    value: Value,
    /// Levels that are open at first.
    #[prop(default = 2)]
    open_depth: usize,
) -> impl IntoView {
    let t = use_strings();
    let text = serde_json::to_string_pretty(&value).unwrap_or_default();
    let look = Look { t, open_depth, eager: count(&value, EAGER_VALUES) < EAGER_VALUES };
    view! {
        <div class="json">
            <div class="json-tools"><CopyButton text label=t.common().copy/></div>
            <div class="json-body" tabindex="0">{branch(None, value, 0, look)}</div>
        </div>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Look {
    t: &'static Strings,
    open_depth: usize,
    eager: bool,
}

/// Number of values, counted no further than `limit`.
pub(super) fn count(value: &Value, limit: usize) -> usize {
    let mut waiting = vec![value];
    let mut counted = 0;
    while let Some(value) = waiting.pop() {
        counted += 1;
        if counted >= limit {
            break;
        }
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(map) => waiting.extend(map.values()),
            _ => {}
        }
    }
    counted
}

/// One value with its key.
fn branch(key: Option<String>, value: Value, depth: usize, look: Look) -> AnyView {
    let key = move || key.clone().map(|key| view! { <span class="json-key">{key}</span><span class="json-mark">": "</span> });
    let (entries, open, close): (Vec<(Option<String>, Value)>, _, _) = match value {
        Value::Array(items) if !items.is_empty() && depth < DEEPEST => {
            (items.into_iter().enumerate().map(|(i, value)| (Some(i.to_string()), value)).collect(), "[", "]")
        }
        Value::Object(map) if !map.is_empty() && depth < DEEPEST => {
            (map.into_iter().map(|(k, value)| (Some(k), value)).collect(), "{", "}")
        }
        leaf => return view! { <div class="json-line">{key()}{leaf_view(leaf)}</div> }.into_any(),
    };
    let opened = depth < look.open_depth;
    let size = match entries.len() {
        1 => look.t.common().one_item.to_owned(),
        n => fill(look.t.common().items, &[("n", &n.to_string())]),
    };
    let built = RwSignal::new(opened || look.eager);
    let entries = StoredValue::new(entries);
    let inner = move || built.get().then(|| children(entries, depth + 1, look));
    view! {
        <details class="json-branch" open=opened on:toggle=move |_| built.set(true)>
            <summary>
                {key()}
                <span class="json-mark">{open}</span>
                <span class="json-size">{size}</span>
                <span class="json-mark json-close">{close}</span>
            </summary>
            <div class="json-children">{inner}</div>
        </details>
    }
    .into_any()
}

/// The entries of a branch: the first ones, then the others when asked for.
fn children(entries: StoredValue<Vec<(Option<String>, Value)>>, depth: usize, look: Look) -> AnyView {
    let shown = RwSignal::new(FIRST_ENTRIES);
    let shown_lines = move || {
        let (lines, total) = entries.with_value(|all| {
            let lines: Vec<_> = all.iter().take(shown.get()).cloned().collect();
            (lines, all.len())
        });
        let rest = total - lines.len();
        let more = (rest > 0).then(|| {
            let text = fill(look.t.common().show_more, &[("n", &rest.to_string())]);
            view! { <button type="button" class="button button-ghost button-sm" on:click=move |_| shown.update(|n| *n += 1000)>{text}</button> }
        });
        let lines: Vec<AnyView> = lines.into_iter().map(|(key, value)| branch(key, value, depth, look)).collect();
        view! { {lines}{more} }.into_any()
    };
    view! { {shown_lines} }.into_any()
}

/// A value without entries. Too deep ones come here as well and are shown as text.
fn leaf_view(value: Value) -> AnyView {
    let (class, text) = match value {
        Value::Null => ("json-null", "null".to_owned()),
        Value::Bool(yes) => ("json-bool", yes.to_string()),
        Value::Number(number) => ("json-number", number.to_string()),
        Value::String(text) if text.starts_with("https://") || text.starts_with("http://") => {
            return view! { <a class="json-string" href=text.clone() target="_blank" rel="noopener noreferrer">{format!("\"{text}\"")}</a> }.into_any();
        }
        Value::String(text) => ("json-string", format!("\"{}\"", shorten(&text))),
        other => ("json-text", shorten(&other.to_string())),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

/// The first characters of a long text.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

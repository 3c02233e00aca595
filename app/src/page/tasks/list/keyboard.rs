//! Keys of the list: `/` goes to the search, `j` and `k` from task to task, `x` chooses one.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Listens until the owner is gone. Browser only, hence in an effect.
pub fn follow_keys() {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, |event| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() || is_typing() {
                return;
            }
            let done = match event.key().as_str() {
                "/" => focus("[data-search]"),
                "j" => step(1),
                "k" => step(-1),
                "x" => choose(),
                _ => false,
            };
            if done {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Whether letters go into a control or a dialog now.
fn is_typing() -> bool {
    let open = document().query_selector("dialog[open]").ok().flatten().is_some();
    let active = document().active_element().map(|element| element.tag_name());
    open || matches!(active.as_deref(), Some("INPUT" | "TEXTAREA" | "SELECT")) && !on_checkbox()
}

fn on_checkbox() -> bool {
    document().active_element().is_some_and(|element| element.get_attribute("type").as_deref() == Some("checkbox"))
}

fn focus(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    found.is_some_and(|element| element.focus().is_ok())
}

/// The row that has the focus.
fn present_row() -> Option<Element> {
    document().active_element()?.closest("tr[data-id]").ok().flatten()
}

/// Moves the focus to the name of the next or the previous task.
fn step(by: i32) -> bool {
    let Ok(rows) = document().query_selector_all("tr[data-id]") else { return false };
    let present = present_row();
    let index = (0..rows.length()).find(|index| rows.get(*index).is_some_and(|row| Some(row.unchecked_ref()) == present.as_ref()));
    let next = match index {
        Some(index) => index.checked_add_signed(by),
        None => Some(0),
    };
    let row = next.and_then(|index| rows.get(index)).and_then(|row| row.dyn_into::<Element>().ok());
    let name = row.and_then(|row| row.query_selector(".task-name").ok().flatten()).and_then(|name| name.dyn_into::<HtmlElement>().ok());
    name.is_some_and(|name| name.focus().is_ok())
}

/// Ticks or unticks the task that has the focus.
fn choose() -> bool {
    let found = present_row().and_then(|row| row.query_selector(".cell-check input").ok().flatten());
    found.and_then(|element| element.dyn_into::<HtmlElement>().ok()).map(|input| input.click()).is_some()
}

//! Copying to the clipboard.

use super::icon::{Icon, IconName};
use super::toast::use_toasts;
use crate::i18n::use_strings;
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::prelude::*;

/// A button that copies a text and says so.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// The button's text; an icon alone unless given.
    #[prop(optional, into)]
    label: Option<String>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let done = RwSignal::new(false);
    let copy = move |_| {
        copy_text(&text.get_untracked(), move |copied| {
            if copied {
                done.set(true);
                set_timeout(
                    move || {
                        // The button may be gone by then.
                        let _ = done.try_set(false);
                    },
                    Duration::from_millis(1600),
                );
            } else {
                toasts.info(t.common().copy_failed);
            }
        });
    };
    let name = move || if done.get() { t.common().copied } else { t.common().copy };
    let plain = label.is_none();
    view! {
        <button
            type="button"
            class="button button-ghost button-sm copy needs-script"
            class:button-icon=plain
            class:is-done=done
            title=name
            aria-label=move || plain.then(name)
            on:click=copy
        >
            {move || view! { <Icon name=if done.get() { IconName::Check } else { IconName::Copy }/> }}
            {label.map(|label| view! { <span class="button-text">{move || if done.get() { t.common().copied.to_owned() } else { label.clone() }}</span> })}
        </button>
    }
    .into_any()
}

/// Copies a text and reports whether it worked.
fn copy_text(text: &str, done: impl Fn(bool) + Clone + 'static) {
    match write_text(text) {
        Some(promise) => {
            let (good, bad, text) = (done.clone(), done, text.to_owned());
            let written = Closure::once_into_js(move |_: JsValue| good(true));
            let refused = Closure::once_into_js(move |_: JsValue| bad(copy_by_selection(&text).is_some()));
            // `then` through Reflect: one of the two callbacks runs, and both free themselves only when they do.
            if let Ok(then) = Reflect::get(&promise, &"then".into()).and_then(|then| then.dyn_into::<Function>()) {
                let _ = then.call2(&promise, &written, &refused);
            }
        }
        None => done(copy_by_selection(text).is_some()),
    }
}

/// The clipboard API, which only secure origins have.
fn write_text(text: &str) -> Option<Promise> {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok().filter(|found| found.is_object())?;
    let write: Function = Reflect::get(&clipboard, &"writeText".into()).ok()?.dyn_into().ok()?;
    write.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
}

/// The old way, for plain http beyond loopback: select a hidden text and copy the selection.
fn copy_by_selection(text: &str) -> Option<()> {
    let document = document();
    let area: web_sys::HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_attribute("class", "visually-hidden").ok()?;
    // Inside an open dialog everything else is inert, so the text has to be in the dialog.
    let place = document.query_selector("dialog[open]").ok().flatten().or_else(|| document.body().map(Into::into))?;
    place.append_child(&area).ok()?;
    area.select();
    let command: Option<Function> = Reflect::get(&document, &"execCommand".into()).ok().and_then(|found| found.dyn_into().ok());
    let copied = command.and_then(|command| command.call1(&document, &"copy".into()).ok()).is_some_and(|answer| answer.is_truthy());
    area.remove();
    copied.then_some(())
}

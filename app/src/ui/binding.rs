//! Ties signals to form controls without losing what was typed before hydration.

use crate::live::use_live;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A control with a text value.
pub(super) trait TextControl {
    /// What is in it.
    fn text(&self) -> String;
    /// Replaces what is in it.
    fn set_text(&self, text: &str);
}

impl TextControl for web_sys::HtmlInputElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

impl TextControl for web_sys::HtmlTextAreaElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

impl TextControl for web_sys::HtmlSelectElement {
    fn text(&self) -> String {
        self.value()
    }
    fn set_text(&self, text: &str) {
        self.set_value(text);
    }
}

/// Keeps a control and a signal equal. `rendered` is what the page was built with: where the control shows something else when it
/// is hydrated, a person has typed already and the control wins.
pub(super) fn bind_text<E>(node: NodeRef<E>, value: RwSignal<String>, rendered: String)
where
    E: leptos::html::ElementType + 'static,
    E::Output: TextControl + JsCast + Clone + 'static,
{
    let hydrating = !use_live().ready.get_untracked();
    Effect::new(move |bound: Option<bool>| {
        let text = value.get();
        let Some(control) = node.get() else { return false };
        let shown = control.text();
        if hydrating && bound != Some(true) && shown != rendered {
            value.set(shown);
        } else if shown != text {
            control.set_text(&text);
        }
        true
    });
}

/// The same for the mark of a checkbox.
pub(super) fn bind_checked(node: NodeRef<leptos::html::Input>, checked: RwSignal<bool>, rendered: bool) {
    let hydrating = !use_live().ready.get_untracked();
    Effect::new(move |bound: Option<bool>| {
        let on = checked.get();
        let Some(control) = node.get() else { return false };
        if hydrating && bound != Some(true) && control.checked() != rendered {
            checked.set(control.checked());
        } else if control.checked() != on {
            control.set_checked(on);
        }
        true
    });
}

//! Saving what is in the browser already as a file.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, HtmlElement, Url};

/// Lets the browser save a text under a name; `None` if it cannot. Browser only.
pub fn save_text(name: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts).ok()?).ok()?;
    let link: HtmlElement = document().create_element("a").ok()?.dyn_into().ok()?;
    link.set_attribute("href", &address).ok()?;
    link.set_attribute("download", name).ok()?;
    link.click();
    Url::revoke_object_url(&address).ok()
}

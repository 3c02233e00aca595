//! What a panic in the browser shows: a sentence and a way to reload, made without Leptos, which may be broken by then.

use crate::i18n::Strings;
use crate::prefs::Prefs;
use leptos::prelude::document;

/// Shows the banner; a second panic does not add a second one.
pub fn show_banner() {
    let (document, texts) = (document(), Strings::of(Prefs::of_document().lang));
    let (Some(body), None) = (document.body(), document.get_element_by_id("crash")) else { return };
    let (Ok(banner), Ok(link)) = (document.create_element("div"), document.create_element("a")) else { return };
    // Nothing is left to do if the document refuses one of these, so results are dropped.
    let _ = banner.set_attribute("id", "crash");
    let _ = banner.set_attribute("class", "crash");
    let _ = banner.set_attribute("role", "alert");
    banner.set_text_content(Some(texts.shell().crash));
    let _ = link.set_attribute("href", "");
    let _ = link.set_attribute("class", "button button-sm");
    let _ = link.set_attribute("rel", "external");
    link.set_text_content(Some(texts.common().reload));
    let _ = banner.append_child(&link);
    let _ = body.append_child(&banner);
}

//! Files as text, in the browser.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{File, FileReader};

/// Largest file that is read, in bytes.
pub const MOST_BYTES: f64 = 5.0 * 1024.0 * 1024.0;

/// The file that was chosen in an `<input type="file">`; the input is emptied, so that the same file can be chosen again.
pub fn chosen(event: &leptos::ev::Event) -> Option<File> {
    let input: web_sys::HtmlInputElement = event_target(event);
    let file = input.files()?.get(0)?;
    input.set_value("");
    Some(file)
}

/// Reads a file and hands its text on. Spreadsheets in China save in GB 18030: what is not UTF-8 is read as that.
pub fn read(file: File, done: impl Fn(String) + 'static) {
    read_as(file, "utf-8", done);
}

fn read_as(file: File, encoding: &'static str, done: impl Fn(String) + 'static) {
    let Ok(reader) = FileReader::new() else { return };
    let (source, finished) = (file.clone(), reader.clone());
    let loaded = Closure::once_into_js(move || {
        let text = finished.result().ok().and_then(|result| result.as_string()).unwrap_or_default();
        if encoding == "utf-8" && text.contains('\u{fffd}') {
            read_as(source, "gb18030", done);
        } else {
            done(text);
        }
    });
    reader.set_onload(loaded.dyn_ref());
    // A file that cannot be read, because it was moved for example, changes nothing.
    let _ = reader.read_as_text_with_label(&file, encoding);
}

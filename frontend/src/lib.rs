//! The WASM entry: hydrates the app, nothing else.
#![recursion_limit = "256"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script in the page.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        app::crash::show_banner();
    }));
    // An error says only that there is one already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    leptos::task::spawn_local(app::hydrate());
}

//! A sample call to copy.

use super::clipboard::CopyButton;
use super::snippet_text::{Call, Language};
use crate::i18n::use_strings;
use crate::live::use_live;
use leptos::prelude::*;
use serde_json::Value;

/// A call of our own REST in five languages, with the reader's base URL filled in.
#[component]
pub fn Snippet(
    /// The method.
    #[prop(into)]
    method: String,
    /// The path, for example `/api/features/1/tasks`.
    #[prop(into)]
    path: String,
    /// The body, if there is one.
    #[prop(optional, into)]
    body: Option<Value>,
    /// The key; a placeholder unless given.
    #[prop(optional, into)]
    key: Option<String>,
) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let language = RwSignal::new(Language::Curl);
    let key = key.unwrap_or_else(|| t.common().your_key.to_owned());
    let call = StoredValue::new(Call { method, url: path, key, body });
    let text = Signal::derive(move || {
        let mut call = call.get_value();
        call.url = format!("{}{}", origin(live.ready.get()), call.url);
        call.write(language.get())
    });
    let choices = Language::ALL
        .into_iter()
        .map(|choice| {
            let pressed = move || if language.get() == choice { "true" } else { "false" };
            view! {
                <button type="button" class="snippet-choice" class:is-current=move || language.get() == choice aria-pressed=pressed on:click=move |_| language.set(choice)>
                    {choice.name()}
                </button>
            }
        })
        .collect_view();
    view! {
        <figure class="code snippet">
            <figcaption class="code-head">
                <div class="snippet-choices needs-script" role="group" aria-label=t.common().snippet>{choices}</div>
                <CopyButton text/>
            </figcaption>
            <pre class="code-body" tabindex="0"><code>{move || text.get()}</code></pre>
        </figure>
    }
    .into_any()
}

/// Where this console is: known in the browser only.
pub fn origin(ready: bool) -> String {
    let known = ready.then(|| window().location().origin().ok()).flatten();
    known.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned())
}

//! Text as it is.

use super::clipboard::CopyButton;
use leptos::prelude::*;

/// A block of code or other text in letters of one width, with a copy button.
#[component]
pub fn CodeBlock(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What it is.
    #[prop(optional, into)]
    title: Option<String>,
    /// Whether long lines wrap instead of scrolling.
    #[prop(optional)]
    wrap: bool,
) -> impl IntoView {
    view! {
        <figure class="code" class:code-wrap=wrap>
            <figcaption class="code-head">
                <span class="code-title">{title}</span>
                <CopyButton text/>
            </figcaption>
            <pre class="code-body" tabindex="0"><code>{move || text.get()}</code></pre>
        </figure>
    }
    .into_any()
}

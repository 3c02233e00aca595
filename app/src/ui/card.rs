//! Framed surfaces.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

/// A framed surface with an optional title and actions.
#[component]
pub fn Card(
    /// The title.
    #[prop(optional, into)]
    title: Option<String>,
    /// What stands at the right of the title.
    #[prop(optional, into)]
    actions: Option<ViewFn>,
    /// Whether content touches the frame, as tables do.
    #[prop(optional)]
    flush: bool,
    children: Children,
) -> impl IntoView {
    let head = (title.is_some() || actions.is_some()).then(|| {
        view! {
            <header class="card-head">
                {title.map(|title| view! { <h2 class="card-title">{title}</h2> })}
                {actions.map(|actions| view! { <div class="card-actions">{actions.run()}</div> })}
            </header>
        }
    });
    view! {
        <section class="card" class:card-flush=flush>
            {head}
            <div class="card-body">{children()}</div>
        </section>
    }
    .into_any()
}

/// One figure with its name.
#[component]
pub fn StatTile(
    /// What it is.
    #[prop(into)]
    label: String,
    /// The figure.
    #[prop(into)]
    value: Signal<String>,
    /// A few words below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Shown beside the name.
    #[prop(optional)]
    icon: Option<IconName>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <div class="stat-label">{icon.map(|name| view! { <Icon name/> })}{label}</div>
            <div class="stat-value num">{move || value.get()}</div>
            {hint.map(|hint| view! { <div class="stat-hint">{hint}</div> })}
        </div>
    }
    .into_any()
}

//! The head of a page: where it is, what it is, what can be done.

use super::icon::{Icon, IconName};
use crate::i18n::use_strings;
use leptos::prelude::*;
use leptos_meta::Title;

/// One step of the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    label: String,
    href: String,
}

impl Crumb {
    /// A page above this one.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Crumb { label: label.into(), href: href.into() }
    }
}

/// Title, way and actions of a page. Also sets the title of the document.
#[component]
pub fn PageHead(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// Pages above it.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// A sentence below the title.
    #[prop(optional, into)]
    description: Option<String>,
    /// Actions, at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let t = use_strings();
    // On the server the document's title is put in when the page, and with it this signal, may be gone.
    let first = title.get_untracked();
    let crumbs = (!crumbs.is_empty()).then(|| {
        let steps = crumbs
            .into_iter()
            .map(|Crumb { label, href }| view! { <li><a href=href>{label}</a><Icon name=IconName::ChevronRight/></li> })
            .collect_view();
        view! { <nav class="crumbs" aria-label=t.common().breadcrumb><ol>{steps}<li aria-current="page">{move || title.get()}</li></ol></nav> }
    });
    view! {
        <header class="page-head">
            <Title text=move || title.try_get().unwrap_or_else(|| first.clone())/>
            {crumbs}
            <div class="page-head-row">
                <div class="page-head-text">
                    <h1>{move || title.get()}</h1>
                    {description.map(|text| view! { <p class="page-head-lead">{text}</p> })}
                </div>
                {children.map(|children| view! { <div class="page-head-actions">{children()}</div> })}
            </div>
        </header>
    }
    .into_any()
}

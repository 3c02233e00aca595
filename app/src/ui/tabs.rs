//! Tabs: real links, so they can be bookmarked and work without scripts.

use super::icon::{Icon, IconName};
use super::link::use_link;
use leptos::prelude::*;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabItem {
    slug: &'static str,
    label: String,
    icon: Option<IconName>,
    count: Option<i64>,
}

impl TabItem {
    /// A tab with its word in the URL and its text.
    pub fn new(slug: &'static str, label: impl Into<String>) -> Self {
        TabItem { slug, label: label.into(), icon: None, count: None }
    }

    /// With an icon before the text.
    pub fn icon(mut self, icon: IconName) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With a number after the text.
    pub fn count(mut self, count: i64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A row of tabs.
#[component]
pub fn Tabs(
    /// The tabs, in order.
    items: Vec<TabItem>,
    /// The word of the tab that is shown.
    #[prop(into)]
    current: Signal<String>,
    /// The name of the parameter in the URL.
    #[prop(default = "tab")]
    param: &'static str,
) -> impl IntoView {
    let link = use_link();
    let items = items
        .into_iter()
        .map(|TabItem { slug, label, icon, count }| {
            let here = move || current.with(|current| current == slug);
            view! {
                <a class="tab" class:is-current=here href=move || link.only(&[(param, slug)]) aria-current=move || here().then_some("page")>
                    {icon.map(|name| view! { <Icon name/> })}
                    <span>{label}</span>
                    {count.map(|count| view! { <span class="tab-count num">{count.to_string()}</span> })}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs">{items}</nav> }.into_any()
}

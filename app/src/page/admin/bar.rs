//! The search above a list of the catalog, as a plain form, and the filter that the address holds.

use crate::i18n::use_strings;
use crate::ui::{Button, Icon, IconName, Input, LinkBuilder, use_link};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::catalog::EntryFilter;

/// What the list shows, from the present address. Reactive.
pub fn filter_of(link: LinkBuilder) -> EntryFilter {
    let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
    EntryFilter { page: number("page"), page_size: number("page_size"), q: link.get("q") }
}

/// A search by name.
#[component]
pub fn SearchBar(
    /// The path of the list.
    path: &'static str,
) -> impl IntoView {
    let t = use_strings();
    let (link, navigate) = (use_link(), use_navigate());
    let words = RwSignal::new(link.peek("q").unwrap_or_default());
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = words.get_untracked();
        let address = untrack(|| if text.trim().is_empty() { link.only(&[]) } else { link.only(&[("q", text.trim())]) });
        navigate(&address, Default::default());
    };
    let clear = move || {
        link.get("q").map(|_| {
            view! {
                <a class="button button-ghost" href=path on:click=move |_| words.set(String::new())>
                    <Icon name=IconName::Close/>
                    <span class="button-text">{t.catalog().clear}</span>
                </a>
            }
        })
    };
    view! {
        <form method="get" action=path class="catalog-bar" role="search" on:submit=search>
            <div class="feature-search">
                <Icon name=IconName::Search/>
                <Input kind="search" name="q" value=words placeholder=t.catalog().search attr:aria-label=t.catalog().search attr:data-search="1"/>
            </div>
            <Button kind="submit" icon=IconName::Filter>{t.common().search}</Button>
            {clear}
        </form>
    }
    .into_any()
}

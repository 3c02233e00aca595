//! The lists to choose from, with a search.

use super::Api;
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::{Icon, IconName, Input};
use leptos::prelude::*;

/// Features, then custom APIs.
#[component]
pub fn ApiList(
    /// Everything that can be called.
    all: StoredValue<Vec<Api>>,
    /// The one that is shown.
    wanted: Memo<Option<(&'static str, i64)>>,
) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    let search = RwSignal::new(String::new());
    let group = move |custom: bool, title: &'static str, none: &'static str| {
        let count = all.with_value(|all| all.iter().filter(|api| matches!(api, Api::Custom(_)) == custom).count());
        let found = Memo::new(move |_| {
            let words = search.get().to_lowercase();
            let shown = |api: &Api| matches!(api, Api::Custom(_)) == custom && matches(api, &words);
            all.with_value(|all| all.iter().enumerate().filter(|(_, api)| shown(api)).map(|(index, _)| index).collect::<Vec<_>>())
        });
        let item = move |index: usize| {
            let api = all.with_value(|all| all[index].clone());
            let choice = api.choice();
            let here = move || wanted.get() == Some(choice);
            let address = format!("{}?{}={}", route::APIS, choice.0, choice.1);
            let path = format!("{} {}", api.method(), api.path());
            view! {
                <li>
                    <a class="api-item" class:is-current=here href=address aria-current=move || here().then_some("page")>
                        <span class="api-item-name">{api.name().to_owned()}</span>
                        <span class="api-item-path mono">{path}</span>
                    </a>
                </li>
            }
        };
        let empty = move || {
            found
                .with(Vec::is_empty)
                .then_some(if count == 0 { none } else { a.no_match })
                .map(|text| view! { <p class="api-none muted">{text}</p> })
        };
        view! {
            <section class="api-group">
                <h2>{fill(title, &[("n", &count.to_string())])}</h2>
                <ul><For each=move || found.get() key=|index| *index children=item/></ul>
                {empty}
            </section>
        }
    };
    view! {
        <nav class="card api-list" aria-label=a.list>
            <div class="task-search needs-script">
                <Icon name=IconName::Search/>
                <Input kind="search" value=search placeholder=a.search attr:aria-label=a.search attr:data-search="1"/>
            </div>
            {group(false, a.features, a.no_features)}
            {group(true, a.custom, a.no_custom)}
        </nav>
    }
    .into_any()
}

/// Whether an API has these letters in its name, path or description.
fn matches(api: &Api, words: &str) -> bool {
    let text = format!("{} {} {}", api.name(), api.path(), api.description()).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

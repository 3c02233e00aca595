//! Filters of a list: a plain GET form, which with scripts changes the address without loading the page anew.

use crate::i18n::use_strings;
use crate::ui::{Button, EmptyState, Icon, IconName, from_control, use_link};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsCast;

/// The form around the controls. Choosing in a list is enough; typing is ended by Enter.
#[component]
pub fn FilterForm(
    /// Where the list is.
    #[prop(into)]
    action: String,
    /// Names of its filters: whether any is set decides whether they can be cleared.
    names: &'static [&'static str],
    /// Parameters that are kept: order and size of a page, the tab.
    #[prop(optional)]
    kept: &'static [&'static str],
    children: Children,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let navigate = use_navigate();
    let here = use_location().pathname;
    let node = NodeRef::<html::Form>::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(form) = node.get_untracked() else { return };
        let address = format!("{}{}", here.get_untracked(), query_of(&form));
        navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
    };
    let chosen = move |event: leptos::ev::Event| {
        let is_choice = event.target().is_some_and(|target| target.dyn_ref::<web_sys::HtmlSelectElement>().is_some());
        if let (true, Some(form)) = (is_choice, node.get_untracked()) {
            // Fails only for a form that is not in the document.
            let _ = form.request_submit();
        }
    };
    let narrowed = move || names.iter().any(|name| link.get(name).is_some());
    let hidden = move || {
        let those = kept.iter().filter_map(|name| link.get(name).map(|value| (*name, value)));
        those.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    };
    // The document is loaded anew, so that the controls are empty again.
    let cleared = move || link.only(&[]);
    view! {
        <form node_ref=node method="get" action=action class="filters" role="search" aria-label=t.tasks().filters on:submit=submit on:change=chosen>
            {hidden}
            {children()}
            <Button kind="submit" icon=IconName::Filter>{t.admin().apply}</Button>
            {move || narrowed().then(|| view! {
                <a class="button button-ghost button-sm" href=cleared rel="external"><Icon name=IconName::Close/><span class="button-text">{t.admin().clear}</span></a>
            })}
        </form>
    }
    .into_any()
}

/// What a form would send, with instants in UTC and without what is empty. Browser only.
fn query_of(form: &web_sys::HtmlFormElement) -> String {
    let mut query = String::new();
    let pairs = web_sys::FormData::new_with_form(form).ok().and_then(|data| js_sys::try_iter(&data).ok().flatten());
    for pair in pairs.into_iter().flatten().flatten() {
        let pair: js_sys::Array = pair.unchecked_into();
        let (Some(name), Some(mut value)) = (pair.get(0).as_string(), pair.get(1).as_string()) else { continue };
        if matches!(name.as_str(), "start" | "end") {
            value = from_control(&value).map(model::time::Timestamp::rfc3339).unwrap_or_default();
        }
        if value.trim().is_empty() {
            continue;
        }
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(&format!("{}={}", js_sys::encode_uri_component(&name), js_sys::encode_uri_component(value.trim())));
    }
    query
}

/// Says that the filters leave nothing.
#[component]
pub fn NoMatch() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    view! {
        <EmptyState icon=IconName::Search title=t.admin().no_match text=t.admin().no_match_text>
            <a class="button button-secondary" href=move || link.only(&[]) rel="external"><span class="button-text">{t.admin().clear}</span></a>
        </EmptyState>
    }
    .into_any()
}

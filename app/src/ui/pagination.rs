//! The foot of a list: how many, how many a page, which page.

use super::icon::{Icon, IconName};
use super::link::use_link;
use crate::i18n::{fill, use_strings};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Sizes offered; the present one is added if it is another.
const SIZES: [i64; 4] = [10, 20, 50, 100];

/// Paging in the URL: links keep every other parameter. Works without scripts.
#[component]
pub fn Pagination(
    /// This page's number, from 1.
    page: i64,
    /// Rows a page.
    page_size: i64,
    /// Rows of the whole list.
    total: i64,
    /// Whether there are at least so many rows, and perhaps more.
    #[prop(default = false)]
    total_is_limited: bool,
    /// Name of the parameter for the page.
    #[prop(default = "page")]
    page_param: &'static str,
    /// Name of the parameter for the size.
    #[prop(default = "page_size")]
    size_param: &'static str,
    /// How many and which page, in one line; made from the numbers unless given.
    #[prop(optional, into)]
    summary: Option<String>,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let navigate = use_navigate();
    let known = ((total + page_size - 1) / page_size.max(1)).max(1);
    // Behind a total that is not exact there may be another page.
    let pages = if total_is_limited { known.max(page + 1) } else { known };
    let more = if total_is_limited { "+" } else { "" };
    let step = move |to: i64, icon: IconName, name: &'static str, relation: &'static str| {
        let inside = (1..=pages).contains(&to);
        view! {
            <a
                class="button button-secondary button-sm button-icon"
                class:is-disabled=!inside
                href=move || inside.then(|| link.with(&[(page_param, Some(&to.to_string()))]))
                role=(!inside).then_some("link")
                aria-disabled=(!inside).then_some("true")
                rel=relation
                aria-label=name
                title=name
            >
                <Icon name=icon/>
            </a>
        }
    };
    let mut sizes = SIZES.to_vec();
    if !sizes.contains(&page_size) {
        sizes.push(page_size);
        sizes.sort_unstable();
    }
    let sizes = sizes
        .into_iter()
        .map(|size| view! { <option value=size.to_string() selected=size == page_size>{size.to_string()}</option> })
        .collect_view();
    let hidden = move || {
        link.others(&[page_param, size_param])
            .into_iter()
            .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
            .collect_view()
    };
    let resize = move |event| {
        let size = event_target_value(&event);
        let address = untrack(|| link.with(&[(page_param, None), (size_param, Some(&size))]));
        navigate(&address, NavigateOptions { scroll: false, ..Default::default() });
    };
    let whole = summary.is_some();
    let summary = summary.unwrap_or_else(|| fill(t.common().total, &[("n", &total.to_string())]));
    view! {
        <nav class="pager" aria-label=t.common().pagination>
            <span class="pager-total num">{summary}</span>
            <form class="pager-size" method="get">
                {hidden}
                <label>
                    <span>{t.common().per_page}</span>
                    <select class="input select input-sm num" name=size_param on:change=resize>{sizes}</select>
                </label>
                <button class="button button-sm no-script" type="submit">{t.common().confirm}</button>
            </form>
            <div class="pager-pages">
                {step(page - 1, IconName::ChevronLeft, t.common().previous_page, "prev")}
                {(!whole).then(|| {
                    view! { <span class="pager-page num">{fill(t.common().page_of, &[("x", &page.to_string()), ("y", &format!("{pages}{more}"))])}</span> }
                })}
                {step(page + 1, IconName::ChevronRight, t.common().next_page, "next")}
            </div>
        </nav>
    }
    .into_any()
}

//! Parts of tables. Cells carry `data-label`, so that rows become cards on a phone.

use super::icon::{Icon, IconName};
use super::link::use_link;
use crate::i18n::{fill, use_strings};
use leptos::prelude::*;
use model::tasks::Order;

/// The box around a `<table class="table">`: it scrolls, the page does not.
#[component]
pub fn TableWrap(children: Children) -> impl IntoView {
    view! { <div class="table-wrap">{children()}</div> }.into_any()
}

/// The head of a column that the list can be sorted by. Pressing it again turns the order round.
#[component]
pub fn SortHeader(
    /// The column's name.
    #[prop(into)]
    label: String,
    /// The column's word in `?sort=`.
    column: &'static str,
    /// The column that the list is sorted by.
    #[prop(into)]
    current: Signal<Option<String>>,
    /// The direction that it is sorted in.
    #[prop(into)]
    order: Signal<Order>,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let sorted = Memo::new(move |_| (current.get().as_deref() == Some(column)).then(|| order.get()));
    let href = move || {
        let next = if sorted.get() == Some(Order::Desc) { "asc" } else { "desc" };
        link.with(&[("sort", Some(column)), ("order", Some(next)), ("page", None)])
    };
    let direction = move || match sorted.get() {
        Some(Order::Asc) => "ascending",
        Some(Order::Desc) => "descending",
        None => "none",
    };
    let arrow = move || match sorted.get() {
        Some(Order::Asc) => IconName::ArrowUp,
        Some(Order::Desc) => IconName::ArrowDown,
        None => IconName::ArrowUpDown,
    };
    let title = fill(t.common().sort_by, &[("name", &label)]);
    view! {
        <th scope="col" class="sortable" class:is-sorted=move || sorted.get().is_some() aria-sort=direction>
            <a href=href title=title>
                <span>{label}</span>
                {move || view! { <Icon name=arrow()/> }}
            </a>
        </th>
    }
    .into_any()
}

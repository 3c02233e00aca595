//! Above the rows: how many are chosen, what can be done with them, news, columns.

use super::columns::{ColumnChoice, ColumnMenu};
use super::rows::Rows;
use crate::i18n::{fill, use_strings};
use crate::page::tasks::actions::{TaskActions, allowed};
use crate::ui::{Button, IconButton, IconName, Size, Variant};
use leptos::prelude::*;
use model::tasks::BatchAction;

/// The bar above the rows.
#[component]
pub fn ListBar(
    /// The rows.
    rows: Rows,
    /// The chosen columns.
    columns: ColumnChoice,
    /// What can be done.
    actions: TaskActions,
) -> impl IntoView {
    let t = use_strings();
    let chosen = Memo::new(move |_| rows.chosen());
    let none = Signal::derive(move || chosen.with(Vec::is_empty));
    let button = move |action: BatchAction, icon: IconName, text: &'static str| {
        let useless = Signal::derive(move || !chosen.with(|chosen| chosen.iter().any(|(_, status)| allowed(action, *status))));
        let ask = move |_| chosen.with_untracked(|chosen| actions.ask(action, chosen));
        view! { <Button size=Size::Sm icon disabled=useless on_click=ask>{text}</Button> }
    };
    let fresh = move || {
        let count = rows.fresh.with(std::collections::BTreeSet::len);
        (count > 0).then(|| {
            view! {
                <button type="button" class="fresh-hint" on:click=move |_| rows.refresh()>
                    {fill(t.tasks().fresh, &[("n", &count.to_string())])}
                </button>
            }
        })
    };
    view! {
        <div class="task-bar">
            <span class="task-selected num" role="status">
                {move || fill(t.tasks().selected, &[("n", &chosen.with(Vec::len).to_string())])}
            </span>
            <div class="task-bar-actions" class:is-hidden=none>
                {button(BatchAction::Cancel, IconName::Stop, t.tasks().cancel)}
                {button(BatchAction::Retry, IconName::Retry, t.tasks().retry)}
                {button(BatchAction::Delete, IconName::Trash, t.tasks().delete)}
                <Button size=Size::Sm variant=Variant::Ghost on_click=move |_| rows.selected.update(|selected| selected.clear())>
                    {t.tasks().clear_selection}
                </Button>
            </div>
            <span class="spacer"></span>
            <div role="status">{fresh}</div>
            <div class="row task-bar-tools">
                <span class="needs-script"><IconButton icon=IconName::Refresh label=t.common().refresh size=Size::Sm on_click=move |_| rows.refresh()/></span>
                <ColumnMenu choice=columns/>
            </div>
        </div>
    }
    .into_any()
}

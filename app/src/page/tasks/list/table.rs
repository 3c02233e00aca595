//! The table of tasks.

use super::columns::{COLUMNS, ColumnChoice};
use super::query::ListQuery;
use super::row::TaskRow;
use super::rows::Rows;
use crate::i18n::use_strings;
use crate::page::tasks::actions::TaskActions;
use crate::ui::{SortHeader, TableWrap};
use leptos::prelude::*;

/// The rows under their heads.
#[component]
pub fn TaskTable(
    /// The rows.
    rows: Rows,
    /// The chosen columns.
    columns: ColumnChoice,
    /// What can be done.
    actions: TaskActions,
    /// What is shown, in which order.
    query: Memo<ListQuery>,
) -> impl IntoView {
    let t = use_strings();
    let current = Signal::derive(move || Some(query.with(|query| query.filter.sort.unwrap_or_default()).as_str().to_owned()));
    let order = Signal::derive(move || query.with(|query| query.filter.order.unwrap_or_default()));
    let heads = COLUMNS
        .iter()
        .map(|column| match column.sort {
            Some(sort) => {
                view! { <SortHeader label=column.label(t) column=sort.as_str() current order attr:data-col=column.key/> }.into_any()
            }
            None => view! { <th scope="col" data-col=column.key>{column.label(t)}</th> }.into_any(),
        })
        .collect_view();
    let all = Memo::new(move |_| {
        let (count, chosen) = (rows.list.with(Vec::len), rows.selected.with(|selected| selected.len()));
        (chosen > 0 && chosen == count, chosen > 0 && chosen < count)
    });
    let choose_all = move |event| {
        let on = event_target_checked(&event);
        let ids = rows.list.with_untracked(|list| list.iter().map(|row| row.id).collect());
        rows.selected.set(if on { ids } else { Default::default() });
    };
    view! {
        <TableWrap>
            <table class="table task-table" data-hide=move || columns.hidden()>
                <thead>
                    <tr>
                        <th scope="col" class="cell-check">
                            <label class="check">
                                <input
                                    type="checkbox"
                                    aria-label=t.tasks().select_all
                                    prop:checked=move || all.get().0
                                    prop:indeterminate=move || all.get().1
                                    on:change=choose_all
                                />
                            </label>
                        </th>
                        {heads}
                        <th scope="col" class="cell-actions">{t.common().actions}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.list.get() key=|row| row.id children=move |row| view! { <TaskRow row rows actions/> }/>
                </tbody>
            </table>
        </TableWrap>
    }
    .into_any()
}

//! The table of records.

use super::{or_dash, tone_of_status};
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::{Badge, Icon, IconButton, IconName, Size, TableWrap, Time, grouped};
use leptos::prelude::*;
use model::request_logs::RequestLogView;
use model::time::format_duration;
use std::collections::BTreeSet;

/// The rows under their heads.
#[component]
pub fn LogTable(
    /// The rows.
    logs: Vec<RequestLogView>,
    /// Numbers of the chosen ones.
    selected: RwSignal<BTreeSet<i64>>,
    /// Asks whether some are to be deleted.
    ask: Callback<Vec<i64>>,
) -> impl IntoView {
    let t = use_strings();
    let r = t.request_logs();
    let ids: Vec<i64> = logs.iter().map(|log| log.id).collect();
    let count = ids.len();
    let all = Memo::new(move |_| {
        let chosen = selected.with(BTreeSet::len);
        (chosen == count, chosen > 0 && chosen < count)
    });
    let choose_all = move |event| {
        let on = event_target_checked(&event);
        selected.set(if on { ids.iter().copied().collect() } else { BTreeSet::new() });
    };
    let rows = logs.into_iter().map(|log| view! { <LogRow log selected ask/> }).collect_view();
    view! {
        <TableWrap>
            <table class="table log-table">
                <thead>
                    <tr>
                        <th scope="col" class="cell-check">
                            <label class="check">
                                <input
                                    type="checkbox"
                                    aria-label=r.select_all
                                    prop:checked=move || all.get().0
                                    prop:indeterminate=move || all.get().1
                                    on:change=choose_all
                                />
                            </label>
                        </th>
                        <th scope="col">{r.column_time}</th>
                        <th scope="col">{r.column_rule}</th>
                        <th scope="col">{r.column_request}</th>
                        <th scope="col" class="cell-num">{r.column_points}</th>
                        <th scope="col">{r.column_status}</th>
                        <th scope="col" class="cell-num">{r.column_duration}</th>
                        <th scope="col">{r.column_address}</th>
                        <th scope="col" class="cell-actions">{t.common().actions}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableWrap>
    }
    .into_any()
}

/// One record of the list.
#[component]
fn LogRow(log: RequestLogView, selected: RwSignal<BTreeSet<i64>>, ask: Callback<Vec<i64>>) -> impl IntoView {
    let t = use_strings();
    let r = t.request_logs();
    let RequestLogView { id, created_at, rule_name, method, path, consume_points, status_code, duration, remote_addr, .. } = log;
    let chosen = Memo::new(move |_| selected.with(|selected| selected.contains(&id)));
    let choose = move |event| {
        let on = event_target_checked(&event);
        selected.update(|selected| {
            if on {
                selected.insert(id)
            } else {
                selected.remove(&id)
            };
        });
    };
    let number = id.to_string();
    view! {
        <tr class:is-selected=chosen data-testid="log-row" data-id=id>
            <td class="cell-check">
                <label class="check">
                    <input type="checkbox" aria-label=fill(r.select_one, &[("id", &number)]) prop:checked=chosen on:change=choose/>
                </label>
            </td>
            <td class="log-time" data-label=r.column_time><Time at=created_at/></td>
            <td data-label=r.column_rule class="log-rule">{or_dash(&rule_name)}</td>
            <td class="cell-title log-request" data-label=r.column_request>
                <a href=route::log(id)><span class="log-method">{method.to_uppercase()}</span>" "<span class="mono">{or_dash(&path)}</span></a>
            </td>
            <td class="cell-num" data-label=r.column_points>{grouped(consume_points)}</td>
            <td data-label=r.column_status><Badge tone=tone_of_status(status_code)><span class="num">{status_code.to_string()}</span></Badge></td>
            <td class="cell-num nowrap" data-label=r.column_duration>{format_duration(duration)}</td>
            <td data-label=r.column_address><span class="mono">{or_dash(&remote_addr)}</span></td>
            <td class="cell-actions">
                <div class="row-actions">
                    <a
                        class="button button-ghost button-sm button-icon"
                        href=route::log(id)
                        aria-label=fill(r.detail_of, &[("id", &number)])
                        title=r.detail
                    >
                        <Icon name=IconName::Eye/>
                    </a>
                    <span class="needs-script">
                        <IconButton
                            icon=IconName::Trash
                            label=fill(r.delete_of, &[("id", &number)])
                            size=Size::Sm
                            on_click=move |_| ask.run(vec![id])
                        />
                    </span>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

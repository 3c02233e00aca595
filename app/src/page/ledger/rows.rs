//! The entries of the ledger.

use crate::i18n::{fill, use_strings};
use crate::page::recharge::Change;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::ledger::{EntryKind, EntryTarget, EntryView};

/// A table of entries.
#[component]
pub fn Rows(
    /// The entries.
    entries: Vec<EntryView>,
) -> impl IntoView {
    let t = use_strings();
    let rows = entries.into_iter().map(|entry| view! { <Row entry/> }).collect_view();
    view! {
        <TableWrap>
            <table class="table ledger-table">
                <thead>
                    <tr>
                        <th scope="col">{t.ledger().time}</th>
                        <th scope="col">{t.ledger().kind}</th>
                        <th scope="col" class="cell-num">{t.ledger().points}</th>
                        <th scope="col" class="cell-num">{t.ledger().available_after}</th>
                        <th scope="col" class="cell-num">{t.ledger().held_after}</th>
                        <th scope="col">{t.ledger().reference}</th>
                        <th scope="col">{t.ledger().note}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </TableWrap>
    }
    .into_any()
}

fn tone(kind: EntryKind) -> Tone {
    match kind {
        EntryKind::Hold | EntryKind::Release => Tone::Neutral,
        EntryKind::Capture => Tone::Info,
        EntryKind::Refund | EntryKind::Recharge => Tone::Ok,
        EntryKind::ReverseRecharge => Tone::Warn,
    }
}

/// One entry.
#[component]
fn Row(entry: EntryView) -> impl IntoView {
    let t = use_strings();
    let EntryView { id, kind, points, available_after, held_after, reference, target, note, created_at } = entry;
    let (available, _, _) = kind.deltas(points);
    // A capture takes points that were set aside before: nothing that can be spent changes.
    let change = if available == 0 { -points } else { available };
    let target = match target {
        Some(EntryTarget::Task { id, run: 1 }) => {
            view! { <a href=route::task(id)>{fill(t.ledger().task, &[("id", &id.to_string())])}</a> }.into_any()
        }
        Some(EntryTarget::Task { id, run }) => {
            let text = fill(t.ledger().task_run, &[("id", &id.to_string()), ("run", &run.to_string())]);
            view! { <a href=route::task(id)>{text}</a> }.into_any()
        }
        Some(EntryTarget::Call { id }) => {
            view! { <a href=format!("{}?call_id={}", route::LOGS, escape(&id))>{t.ledger().call}</a> }.into_any()
        }
        Some(EntryTarget::Recharge) => view! { <a href=route::RECHARGE>{t.ledger().recharge}</a> }.into_any(),
        None => "-".into_any(),
    };
    view! {
        <tr data-entry=id>
            <td data-label=t.ledger().time><Time at=created_at/></td>
            <td data-label=t.ledger().kind><Badge tone=tone(kind)>{t.ledger().kind_of(kind)}</Badge></td>
            <td class="cell-num" data-label=t.ledger().points>
                {if kind == EntryKind::Capture { view! { <span class="num change">{grouped(points)}</span> }.into_any() } else { view! { <Change points=change/> }.into_any() }}
            </td>
            <td class="cell-num" data-label=t.ledger().available_after>{grouped(available_after)}</td>
            <td class="cell-num" data-label=t.ledger().held_after>{grouped(held_after)}</td>
            <td data-label=t.ledger().reference><span class="cell-stack" title=reference>{target}</span></td>
            <td class="cell-note" data-label=t.ledger().note>{if note.is_empty() { "-".to_owned() } else { note }}</td>
        </tr>
    }
    .into_any()
}

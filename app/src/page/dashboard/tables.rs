//! The tables of the dashboard.

use crate::i18n::use_strings;
use crate::page::recharge::RecordRow;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::dashboard::{ApiRank, Dashboard, FeatureRank};

type Found = RwSignal<Dashboard>;

/// A row that says that there is none.
#[component]
fn NoRow(columns: u32) -> impl IntoView {
    let t = use_strings();
    view! { <tr class="row-none"><td colspan=columns.to_string()>{t.common().no_data}</td></tr> }
}

/// Features by number of uses.
#[component]
pub fn FeatureRanking(found: Found) -> impl IntoView {
    let t = use_strings();
    let row = move |FeatureRank { feature_id, feature_name, consume_count, success_rate, .. }: FeatureRank| {
        let name = feature_name.unwrap_or_else(|| format!("ID:{feature_id}"));
        view! {
            <tr>
                <td class="cell-title"><a class="cell-main" href=format!("{}?feature_id={feature_id}", route::TASKS)>{name}</a></td>
                <td class="cell-num" data-label=t.dashboard().feature_count>{grouped(consume_count)}</td>
                <td class="cell-num" data-label=t.dashboard().success_rate>{format!("{success_rate:.1}%")}</td>
            </tr>
        }
    };
    let rows = move || {
        let rows = found.with(|found| found.feature_ranking.clone());
        if rows.is_empty() { view! { <NoRow columns=3/> }.into_any() } else { rows.into_iter().map(row).collect_view().into_any() }
    };
    view! {
        <Card flush=true title=t.dashboard().feature_ranking>
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.dashboard().feature}</th>
                            <th scope="col" class="cell-num">{t.dashboard().feature_count}</th>
                            <th scope="col" class="cell-num">{t.dashboard().success_rate}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        </Card>
    }
    .into_any()
}

/// Custom APIs by number of calls.
#[component]
pub fn ApiRanking(found: Found) -> impl IntoView {
    let t = use_strings();
    let row = move |ApiRank { api_name, consume_count, consumed_points, success_rate, .. }: ApiRank| {
        view! {
            <tr>
                <td class="cell-title"><span class="cell-main">{api_name.unwrap_or_else(|| "-".to_owned())}</span></td>
                <td class="cell-num" data-label=t.dashboard().api_count>{grouped(consume_count)}</td>
                <td class="cell-num" data-label=t.dashboard().api_points>{grouped(consumed_points)}</td>
                <td class="cell-num" data-label=t.dashboard().success_rate>{format!("{success_rate:.1}%")}</td>
            </tr>
        }
    };
    let rows = move || {
        let rows = found.with(|found| found.api_ranking.clone());
        if rows.is_empty() { view! { <NoRow columns=4/> }.into_any() } else { rows.into_iter().map(row).collect_view().into_any() }
    };
    view! {
        <Card flush=true title=t.dashboard().api_ranking>
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.dashboard().api}</th>
                            <th scope="col" class="cell-num">{t.dashboard().api_count}</th>
                            <th scope="col" class="cell-num">{t.dashboard().api_points}</th>
                            <th scope="col" class="cell-num">{t.dashboard().success_rate}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        </Card>
    }
    .into_any()
}

/// The newest recharges of the range.
#[component]
pub fn Records(found: Found) -> impl IntoView {
    let t = use_strings();
    let rows = move || {
        let rows = found.with(|found| found.recharge_records.clone());
        if rows.is_empty() {
            return view! { <NoRow columns=4/> }.into_any();
        }
        rows.into_iter().map(|record| view! { <RecordRow record/> }).collect_view().into_any()
    };
    let all =
        move || view! { <ButtonLink href=route::RECHARGE size=Size::Sm variant=Variant::Ghost>{t.dashboard().all_records}</ButtonLink> };
    view! {
        <Card flush=true title=t.dashboard().records actions=all>
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{t.recharge().time}</th>
                            <th scope="col" class="cell-num">{t.recharge().points}</th>
                            <th scope="col">{t.recharge().kind}</th>
                            <th scope="col">{t.recharge().note}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        </Card>
    }
    .into_any()
}

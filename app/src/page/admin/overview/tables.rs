//! Channels, nodes, size, and what there is in all.

use super::{count, time};
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::{Badge, Card, EmptyState, IconName, ProgressBar, TableWrap, Tone};
use leptos::prelude::*;
use model::overview::{ChannelLoad, NodeLoad, Overview};
use model::tasks::TaskStatus;

/// Channels with what they have to do.
#[component]
pub fn Channels(
    /// The overview.
    seen: RwSignal<Overview>,
) -> impl IntoView {
    let t = use_strings();
    let o = t.overview();
    let channels = Memo::new(move |_| seen.with(|seen| seen.channels.clone()));
    let row = move |channel: ChannelLoad| {
        let ChannelLoad { id, name, platform, enabled, working, running, max_parallel, waiting_upstream } = channel;
        let percent = (running * 100 / max_parallel.max(1)).clamp(0, 100);
        view! {
            <tr class:is-off=!enabled data-channel=id>
                <td class="cell-title" data-label=o.channel>
                    <a class="cell-main" href=format!("{}?channel_id={id}", route::ADMIN_TASKS)>{name}</a>
                    {(!enabled).then(|| view! { <Badge>{t.common().disabled}</Badge> })}
                    {(!working).then(|| view! { <Badge tone=Tone::Danger>{o.channel_off}</Badge> })}
                </td>
                <td data-label=o.platform><span class="mono">{platform}</span></td>
                <td data-label=o.load>
                    <span class="load"><ProgressBar value=percent label=o.load/><span class="num nowrap">{format!("{running} / {max_parallel}")}</span></span>
                </td>
                <td class="cell-num" data-label=o.accepted>{count(t, waiting_upstream)}</td>
            </tr>
        }
    };
    let content = move || {
        if channels.with(Vec::is_empty) {
            return view! { <EmptyState icon=IconName::Layers title=o.channels_empty/> }.into_any();
        }
        // Read here and not among the children, which are not tracked.
        let rows = channels.get().into_iter().map(row).collect_view();
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{o.channel}</th>
                            <th scope="col">{o.platform}</th>
                            <th scope="col">{o.load}</th>
                            <th scope="col" class="cell-num">{o.accepted}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <p class="card-note small muted">{o.channels_hint}</p>
        }
        .into_any()
    };
    view! { <Card title=o.channels flush=true>{content}</Card> }.into_any()
}

/// Nodes that hold leases.
#[component]
pub fn Nodes(
    /// The overview.
    seen: RwSignal<Overview>,
) -> impl IntoView {
    let t = use_strings();
    let o = t.overview();
    let nodes = Memo::new(move |_| seen.with(|seen| seen.nodes.clone()));
    let row = move |node: NodeLoad| {
        let short: String = node.node.chars().take(13).collect();
        view! {
            <div>
                <dt class="mono truncate" title=node.node>
                    {short}"…"
                    {node.answering.then(|| view! { " " <Badge tone=Tone::Info>{o.this_node}</Badge> })}
                </dt>
                <dd class="num">{format!("{} {}", node.leases, o.leases)}</dd>
            </div>
        }
    };
    let content = move || {
        if nodes.with(Vec::is_empty) {
            return view! { <p class="muted small">{o.nodes_empty}</p> }.into_any();
        }
        view! { <dl class="facts">{nodes.get().into_iter().map(row).collect_view()}</dl> }.into_any()
    };
    view! { <Card title=o.nodes>{content}</Card> }.into_any()
}

/// `12.3 MB`.
fn bytes(n: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a size for people")]
    let size = n as f64;
    match n {
        ..1_000 => format!("{n} B"),
        1_000..1_000_000 => format!("{:.1} kB", size / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", size / 1e6),
        _ => format!("{:.2} GB", size / 1e9),
    }
}

/// How large the database is.
#[component]
pub fn Database(
    /// The overview.
    seen: RwSignal<Overview>,
) -> impl IntoView {
    let t = use_strings();
    let database = Memo::new(move |_| seen.with(|seen| seen.database.clone()));
    let parts = move || {
        let parts = database.get().parts;
        parts
            .into_iter()
            .map(|part| view! { <div><dt class="mono truncate">{part.name}</dt><dd class="num">{bytes(part.bytes)}</dd></div> })
            .collect_view()
    };
    let total = move || fill(t.overview().database_total, &[("size", &bytes(database.with(|database| database.bytes)))]);
    view! {
        <Card title=t.overview().database>
            <dl class="facts">{parts}</dl>
            <p class="small muted num">{move || database.with(|database| database.engine.clone())}" · "{total}</p>
        </Card>
    }
    .into_any()
}

/// The program, its users and all its tasks.
#[component]
pub fn Facts(
    /// The overview.
    seen: RwSignal<Overview>,
) -> impl IntoView {
    let t = use_strings();
    let o = t.overview();
    let number = move |name: &'static str, status: Option<TaskStatus>, pick: fn(&Overview) -> i64| {
        let href = status.map_or(route::ADMIN_TASKS.to_owned(), |status| format!("{}?status={}", route::ADMIN_TASKS, status.as_str()));
        view! { <div><dt>{name}</dt><dd class="num"><a href=href>{move || seen.with(pick)}</a></dd></div> }
    };
    let users = move || {
        let users = seen.with(|seen| seen.users);
        fill(o.users_enabled, &[("n", &users.total.to_string()), ("m", &users.enabled.to_string())])
    };
    let runs = move || if seen.with(|seen| seen.runs_tasks) { t.common().yes } else { t.common().no };
    view! {
        <Card title=o.facts>
            <dl class="facts">
                <div><dt>{o.version}</dt><dd class="mono">{move || seen.with(|seen| seen.version.clone())}</dd></div>
                <div><dt>{o.started}</dt><dd>{time(move || Some(seen.with(|seen| seen.started_at)))}</dd></div>
                <div><dt>{o.runs_tasks}</dt><dd>{runs}</dd></div>
                <div><dt>{o.users}</dt><dd><a href=route::ADMIN_USERS>{users}</a></dd></div>
                {number(o.all_tasks, None, |seen| seen.tasks.total)}
                {number(o.succeeded, Some(TaskStatus::Succeeded), |seen| seen.tasks.succeeded)}
                {number(o.failed, Some(TaskStatus::Failed), |seen| seen.tasks.failed)}
                {number(o.cancelled, Some(TaskStatus::Cancelled), |seen| seen.tasks.cancelled)}
                <div><dt>{o.living}</dt><dd class="num">{move || seen.with(|seen| seen.tasks.living())}</dd></div>
            </dl>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_short() {
        let shown = [0, 999, 1_000, 12_345_678, 3_210_000_000].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "12.3 MB", "3.21 GB"]);
    }
}

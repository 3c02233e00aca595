//! The list of all tasks.

use super::interventions::{InterventionButtons, Interventions};
use crate::api::admin::all_tasks::AllTasksData;
use crate::api::tasks::FeatureName;
use crate::i18n::{fill, use_strings};
use crate::page::admin::filters::{FilterForm, NoMatch};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::all_tasks::{AllTasksFilter, OwnedTask};
use model::tasks::{Order, TaskStatus};
use std::collections::BTreeSet;

/// Filters and one page of tasks.
#[component]
pub fn AllTasks(
    /// The page, as loaded.
    data: AllTasksData,
    /// What it is narrowed to.
    filter: Memo<AllTasksFilter>,
    /// What can be done.
    interventions: Interventions,
    /// Loads it anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let AllTasksData { tasks, features, channels } = data;
    let Page { items, total, total_is_limited, page, page_size } = tasks;
    let selected = RwSignal::new(BTreeSet::<i64>::new());
    let all: StoredValue<Vec<(i64, TaskStatus)>> = StoredValue::new(items.iter().map(|one| (one.task.id, one.task.status)).collect());
    let chosen = Signal::derive(move || {
        let selected = selected.get();
        all.with_value(|all| all.iter().filter(|(id, _)| selected.contains(id)).copied().collect::<Vec<_>>())
    });
    let narrowed = filter.with_untracked(|filter| {
        let AllTasksFilter { page: _, page_size: _, order: _, status, user, feature_id, channel_id, q, start, end } = filter;
        status.is_some()
            || feature_id.is_some()
            || channel_id.is_some()
            || user.is_some()
            || q.is_some()
            || start.is_some()
            || end.is_some()
    });
    let content = if items.is_empty() && narrowed {
        view! { <NoMatch/> }.into_any()
    } else if items.is_empty() {
        view! { <EmptyState icon=IconName::Inbox title=t.all_tasks().empty text=t.all_tasks().empty_text/> }.into_any()
    } else {
        let rows = items.into_iter().map(|one| view! { <Row one selected/> }).collect_view();
        view! {
            <div class="task-bar">
                <span class="task-selected num" role="status">{move || fill(t.tasks().selected, &[("n", &chosen.with(Vec::len).to_string())])}</span>
                <div class="task-bar-actions needs-script" role="group" aria-label=t.all_tasks().selected_actions>
                    <InterventionButtons interventions tasks=chosen/>
                </div>
                <span class="spacer"></span>
                <span class="needs-script"><IconButton icon=IconName::Refresh label=t.common().refresh size=Size::Sm on_click=move |_| reload.run(())/></span>
            </div>
            <Table all selected filter>{rows}</Table>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! {
        <Filters filter=filter.get_untracked() features channels/>
        <section class="card card-flush task-list">{content}</section>
    }
    .into_any()
}

/// The filter bar.
#[component]
fn Filters(filter: AllTasksFilter, features: Vec<FeatureName>, channels: Vec<FeatureName>) -> impl IntoView {
    let t = use_strings();
    let any = |text: &str, more: Vec<Choice>| std::iter::once(Choice::new("", text)).chain(more).collect::<Vec<_>>();
    let named = |names: Vec<FeatureName>| names.into_iter().map(|one| Choice::new(one.id.to_string(), one.name)).collect::<Vec<_>>();
    let statuses = TaskStatus::ALL.into_iter().map(|status| Choice::new(status.as_str(), t.status(status))).collect();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    let AllTasksFilter { status, user, feature_id, channel_id, q, start, end, .. } = filter;
    let names: &'static [&'static str] = &["q", "user", "status", "feature_id", "channel_id", "start", "end"];
    view! {
        <FilterForm action=route::ADMIN_TASKS names kept=&["order", "page_size"]>
            <div class="filter-search">
                <Input kind="search" name="q" initial=q.unwrap_or_default() placeholder=t.tasks().search attr:aria-label=t.tasks().search/>
            </div>
            <Input name="user" initial=user.unwrap_or_default() placeholder=t.all_tasks().user_help attr:aria-label=t.all_tasks().user attr:autocapitalize="none"/>
            <Select options=any(t.tasks().any_status, statuses) name="status" initial=status.map(TaskStatus::as_str).unwrap_or_default() attr:aria-label=t.common().status/>
            <Select options=any(t.tasks().any_feature, named(features)) name="feature_id" initial=number(feature_id) attr:aria-label=t.tasks().column_feature/>
            <Select options=any(t.all_tasks().any_channel, named(channels)) name="channel_id" initial=number(channel_id) attr:aria-label=t.all_tasks().channel/>
            <InstantInput name="start" initial=start.map(|at| at.rfc3339()) label=t.admin().from/>
            <InstantInput name="end" initial=end.map(|at| at.rfc3339()) label=t.admin().until/>
        </FilterForm>
    }
    .into_any()
}

/// The rows under their heads.
#[component]
fn Table(
    all: StoredValue<Vec<(i64, TaskStatus)>>,
    selected: RwSignal<BTreeSet<i64>>,
    filter: Memo<AllTasksFilter>,
    children: Children,
) -> impl IntoView {
    let t = use_strings();
    let order = Signal::derive(move || filter.with(|filter| filter.order.unwrap_or(Order::Desc)));
    let current = Signal::derive(|| Some("created_at".to_owned()));
    let count = all.with_value(Vec::len);
    let every = Memo::new(move |_| {
        let chosen = selected.with(BTreeSet::len);
        (chosen == count, chosen > 0 && chosen < count)
    });
    let choose_all = move |event| {
        let on = event_target_checked(&event);
        selected.set(if on { all.with_value(|all| all.iter().map(|(id, _)| *id).collect()) } else { BTreeSet::new() });
    };
    view! {
        <TableWrap>
            <table class="table all-tasks">
                <thead>
                    <tr>
                        <th scope="col" class="cell-check">
                            <label class="check">
                                <input
                                    type="checkbox"
                                    aria-label=t.tasks().select_all
                                    prop:checked=move || every.get().0
                                    prop:indeterminate=move || every.get().1
                                    on:change=choose_all
                                />
                            </label>
                        </th>
                        <th scope="col">{t.tasks().column_name}</th>
                        <th scope="col">{t.all_tasks().user}</th>
                        <th scope="col">{t.tasks().column_feature}</th>
                        <th scope="col">{t.all_tasks().channel}</th>
                        <th scope="col">{t.tasks().column_status}</th>
                        <th scope="col" class="cell-num">{t.tasks().column_retries}</th>
                        <th scope="col" class="cell-num">{t.tasks().column_points}</th>
                        <SortHeader label=t.common().created_at column="created_at" current order/>
                        <th scope="col">{t.common().updated_at}</th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </TableWrap>
    }
    .into_any()
}

/// One task.
#[component]
fn Row(one: OwnedTask, selected: RwSignal<BTreeSet<i64>>) -> impl IntoView {
    let t = use_strings();
    let OwnedTask { task, user_id, username, channel, channel_id } = one;
    let id = task.id;
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
    let name = if task.name.is_empty() { task.feature_name.clone() } else { task.name.clone() };
    let channel = channel.or_else(|| channel_id.map(|id| format!("#{id}"))).unwrap_or_else(|| "-".to_owned());
    let error = (!task.error.is_empty())
        .then(|| view! { <span class="cell-sub cell-error" title=task.error.clone()>{t.sentence(&task.error)}</span> });
    view! {
        <tr class:is-selected=chosen data-testid="task-row" data-id=id data-status=task.status.as_str()>
            <td class="cell-check">
                <label class="check">
                    <input type="checkbox" aria-label=fill(t.tasks().select_one, &[("id", &id.to_string())]) prop:checked=chosen on:change=choose/>
                </label>
            </td>
            <td class="cell-title" data-label=t.tasks().column_name>
                <a class="cell-main" href=route::admin_task(id)>{name}</a>
                <span class="cell-sub num">{format!("#{id}")}</span>
                {error}
            </td>
            <td data-label=t.all_tasks().user><a href=route::admin_user(user_id)>{username}</a></td>
            <td data-label=t.tasks().column_feature>{task.feature_name}</td>
            <td data-label=t.all_tasks().channel><span class="mono">{channel}</span></td>
            <td data-label=t.tasks().column_status><StatusBadge status=task.status/></td>
            <td class="cell-num" data-label=t.tasks().column_retries>{task.retry_count}</td>
            <td class="cell-num" data-label=t.tasks().column_points>{grouped(task.points)}</td>
            <td data-label=t.common().created_at><Time at=task.created_at/></td>
            <td data-label=t.common().updated_at><Time at=task.updated_at/></td>
        </tr>
    }
    .into_any()
}

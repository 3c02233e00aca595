//! One row of the list.

use super::rows::{Row, Rows};
use crate::i18n::{fill, use_strings};
use crate::page::tasks::actions::{TaskActions, allowed};
use crate::route;
use crate::ui::{
    Badge, CopyButton, Duration, Icon, IconButton, IconName, Menu, MenuItem, MenuLink, ProgressBar, Size, StatusBadge, Time, Tone, Variant,
    grouped,
};
use leptos::prelude::*;
use model::tasks::{BatchAction, Priority, TaskStatus, TaskView};

/// One task of the list.
#[component]
pub fn TaskRow(
    /// The row.
    row: Row,
    /// All rows, for choosing.
    rows: Rows,
    /// What can be done.
    actions: TaskActions,
) -> impl IntoView {
    let t = use_strings();
    let id = row.id;
    let task = RwSignal::from(row.task);
    let chosen = Memo::new(move |_| rows.selected.with(|selected| selected.contains(&id)));
    let choose = move |event| {
        let on = event_target_checked(&event);
        rows.selected.update(|selected| {
            if on {
                selected.insert(id)
            } else {
                selected.remove(&id)
            };
        });
    };
    let text = move |pick: fn(&TaskView) -> &String| {
        move || task.with(|task| Some(pick(task)).filter(|text| !text.is_empty()).map_or_else(|| "-".to_owned(), Clone::clone))
    };
    let status = Memo::new(move |_| task.with(|task| task.status));
    let progress = Memo::new(move |_| task.with(|task| task.progress));
    let moving = Memo::new(move |_| matches!(status.get(), TaskStatus::Running | TaskStatus::WaitingUpstream) && progress.get() > 0);
    let retries = move || task.with(|task| task.retry_count.to_string());
    let urgent = Memo::new(move |_| task.with(|task| task.priority == Priority::Urgent));
    let time = move |pick: fn(&TaskView) -> Option<model::time::Timestamp>| Signal::derive(move || task.with(pick));
    view! {
        <tr class:is-selected=chosen data-testid="task-row" data-id=id data-status=move || status.get().as_str()>
            <td class="cell-check">
                <label class="check">
                    <input
                        type="checkbox"
                        aria-label=fill(t.tasks().select_one, &[("id", &id.to_string())])
                        prop:checked=chosen
                        on:change=choose
                    />
                </label>
            </td>
            <td class="cell-num" data-col="seq" data-label=t.tasks().column_seq>{move || task.with(|task| task.seq)}</td>
            <td data-col="id" data-label=t.tasks().column_id>
                <span class="task-id">
                    <a class="mono" href=route::task(id) title=move || task.with(|task| task.task_id.clone())>{id}</a>
                    <CopyButton text=Signal::derive(move || task.with(|task| task.task_id.clone()))/>
                </span>
            </td>
            <td class="cell-title" data-col="name" data-label=t.tasks().column_name>
                <a class="task-name" class:is-empty=move || task.with(|task| task.name.is_empty()) href=route::task(id)>{text(|task| &task.name)}</a>
            </td>
            <td data-col="category" data-label=t.tasks().column_category>{text(|task| &task.category)}</td>
            <td data-col="feature" data-label=t.tasks().column_feature>{text(|task| &task.feature_name)}</td>
            <td data-col="status" data-label=t.tasks().column_status>
                <div class="task-status">
                    <StatusBadge status=Signal::from(status)/>
                    {move || moving.get().then(|| view! {
                        <div class="task-progress" data-testid="progress">
                            <ProgressBar value=Signal::from(progress) label=t.tasks().progress tone=Tone::Info/>
                            <span class="num">{move || format!("{}%", progress.get())}</span>
                        </div>
                    })}
                </div>
            </td>
            <td class="cell-num" data-col="retries" data-label=t.tasks().column_retries>{retries}</td>
            <td class="cell-num" data-col="duration" data-label=t.tasks().column_duration>
                <Duration start=time(|task| task.started_at) end=time(|task| task.finished_at)/>
            </td>
            <td class="cell-num" data-col="points" data-label=t.tasks().column_points>{move || grouped(task.with(|task| task.points))}</td>
            <td data-col="priority" data-label=t.tasks().column_priority>
                {move || if urgent.get() {
                    view! { <Badge tone=Tone::Warn><Icon name=IconName::Bolt/>{t.tasks().urgent}</Badge> }.into_any()
                } else {
                    view! { <span class="muted">{t.tasks().normal}</span> }.into_any()
                }}
            </td>
            <td data-col="created" data-label=t.common().created_at><Time at=time(|task| Some(task.created_at)) relative=true/></td>
            <td data-col="updated" data-label=t.common().updated_at><Time at=time(|task| Some(task.updated_at)) relative=true/></td>
            <td class="cell-actions"><RowActions id task actions/></td>
        </tr>
    }
    .into_any()
}

/// What can be done with one task: the likely action as a button, all of them in a menu.
#[component]
fn RowActions(id: i64, task: RwSignal<TaskView>, actions: TaskActions) -> impl IntoView {
    let t = use_strings();
    let status = Memo::new(move |_| task.with(|task| task.status));
    let ask = move |action| move |_| actions.ask(action, &[(id, status.get_untracked())]);
    let item = move |action: BatchAction, icon: IconName, text: &'static str| {
        let off = Signal::derive(move || !allowed(action, status.get()));
        view! { <MenuItem icon danger=action != BatchAction::Retry disabled=off on_click=ask(action)>{text}</MenuItem> }
    };
    // One closure for each, so that a button is never turned into another: see `anew`.
    let likely = move |action: BatchAction, icon: IconName, label: &'static str| {
        let shown = Memo::new(move |_| allowed(action, status.get()));
        move || shown.get().then(|| view! { <IconButton icon label size=Size::Sm on_click=ask(action)/> })
    };
    let editable = Memo::new(move |_| status.get().is_editable());
    let feature = task.with_untracked(|task| task.feature_id);
    view! {
        <div class="row-actions">
            <span class="needs-script">
                {likely(BatchAction::Cancel, IconName::Stop, t.tasks().cancel)}
                {likely(BatchAction::Retry, IconName::Retry, t.tasks().retry)}
            </span>
            <Menu
                label=fill(t.tasks().row_menu, &[("id", &id.to_string())])
                id=format!("task-menu-{id}")
                icon=IconName::More
                icon_only=true
                variant=Variant::Ghost
                size=Size::Sm
            >
                <MenuLink href=route::task(id) icon=IconName::Eye>{t.tasks().detail}</MenuLink>
                {move || editable.get().then(|| view! { <MenuLink href=route::edit_task(id) icon=IconName::Pencil>{t.common().edit}</MenuLink> })}
                <MenuLink href=format!("{}&from={id}", route::new_task(feature)) icon=IconName::Copy>{t.tasks().duplicate}</MenuLink>
                {item(BatchAction::Retry, IconName::Retry, t.tasks().retry)}
                {item(BatchAction::Cancel, IconName::Stop, t.tasks().cancel)}
                {item(BatchAction::Delete, IconName::Trash, t.tasks().delete)}
            </Menu>
        </div>
    }
    .into_any()
}

//! The list of tasks: filters, sort and page in the address, rows that change as the tasks do.

mod bar;
mod columns;
mod empty;
mod export;
mod filters;
mod keyboard;
mod query;
mod row;
mod rows;
mod table;

#[cfg(test)]
mod tests;

use crate::api;
use crate::api::tasks::TaskListData;
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::page::tasks::actions::{ActionDialogs, TaskActions};
use crate::route;
use crate::ui::{ButtonLink, ErrorBox, IconName, PageHead, Pagination, SkeletonTable, Variant, use_link};
use bar::ListBar;
use columns::ColumnChoice;
use empty::EmptyList;
use export::ExportButton;
use filters::{FilterState, Filters};
use leptos::prelude::*;
use query::ListQuery;
use rows::Rows;
use table::TaskTable;

/// The page that people land on.
#[component]
pub fn TaskListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let query = Memo::new(move |_| ListQuery::read(link));
    let data = Resource::new(move || query.get(), |query| api::tasks::list(query.filter.clone(), query.within()));
    let filters = FilterState::new(link);
    let columns = ColumnChoice::new();
    keyboard::follow_keys();
    view! {
        <div class="page task-list-page">
            <PageHead title=t.tasks.list_title description=t.tasks.list_lead>
                <ExportButton query/>
                <ButtonLink href=route::NEW_TASK variant=Variant::Primary icon=IconName::Plus>{t.task_form.create_title}</ButtonLink>
            </PageHead>
            <Transition fallback=|| view! { <SkeletonTable rows=10 columns=8/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => view! { <Loaded data query=query.get_untracked() filters columns/> }.into_any(),
                        Err(error) => view! { <ErrorBox error retry=Callback::new(move |()| data.refetch())/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// Filters and rows of a loaded page.
#[component]
fn Loaded(data: TaskListData, query: ListQuery, filters: FilterState, columns: ColumnChoice) -> impl IntoView {
    let live = use_live();
    let actions = TaskActions::new();
    let TaskListData { tasks, features, categories, first } = data;
    let (page, page_size, total, narrowed) = (tasks.page, tasks.page_size, tasks.total, query.is_narrowed());
    let (sort, order) = (query.filter.sort.unwrap_or_default(), query.filter.order.unwrap_or_default());
    let rows = Rows::new(tasks, query.clone());
    rows.follow(live, query);
    let is_empty = Memo::new(move |_| rows.list.with(Vec::is_empty));
    let content = move || {
        if is_empty.get() && rows.total.get() == 0 {
            view! { <EmptyList narrowed first=first.clone()/> }.into_any()
        } else {
            view! {
                <ListBar rows columns actions/>
                <TaskTable rows columns actions sort order/>
                {move || view! { <Pagination page page_size total=rows.total.get()/> }}
            }
            .into_any()
        }
    };
    view! {
        {(total > 0 || narrowed).then(|| view! { <Filters state=filters features categories narrowed/> })}
        <section class="card card-flush task-list" aria-live="off">{content}</section>
        <ActionDialogs actions on_done=Callback::new(move |_| rows.refresh())/>
    }
    .into_any()
}

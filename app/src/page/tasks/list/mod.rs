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
use crate::page::tasks::anew;
use crate::route;
use crate::ui::{ButtonLink, ErrorBox, IconName, PageHead, Pagination, SkeletonTable, Variant, use_link};
use bar::ListBar;
use columns::ColumnChoice;
use empty::{NoMatch, NoTask};
use export::ExportButton;
use filters::{FilterState, Filters};
use leptos::prelude::*;
use query::ListQuery;
use rows::{Place, Rows};
use table::TaskTable;

/// The page that people land on.
#[component]
pub fn TaskListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let query = Memo::new(move |_| ListQuery::read(link));
    // Only the first rows come this way. Afterwards they follow the address by themselves, so that nothing is built twice.
    let asked = StoredValue::new(query.get_untracked());
    let data = Resource::new(
        || (),
        move |()| {
            let query = query.get_untracked();
            asked.set_value(query.clone());
            api::tasks::list(query.filter.clone(), query.within())
        },
    );
    let retry = Callback::new(move |()| data.refetch());
    let filters = FilterState::new(link);
    let columns = ColumnChoice::new();
    keyboard::follow_keys();
    view! {
        <div class="page task-list-page">
            <PageHead title=t.tasks().list_title description=t.tasks().list_lead>
                <ExportButton query/>
                <ButtonLink href=route::NEW_TASK variant=Variant::Primary icon=IconName::Plus>{t.task_form().create_title}</ButtonLink>
            </PageHead>
            <Transition fallback=|| view! { <SkeletonTable rows=10 columns=8/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Loaded data=data.clone() asked=asked.get_value() query filters columns/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// What stands below the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Rows,
    NoTask,
    NoMatch,
}

/// Filters and rows.
#[component]
fn Loaded(data: TaskListData, asked: ListQuery, query: Memo<ListQuery>, filters: FilterState, columns: ColumnChoice) -> impl IntoView {
    let live = use_live();
    let actions = TaskActions::new();
    let TaskListData { tasks, features, categories, first } = data;
    let rows = Rows::new(tasks, asked, query);
    rows.follow(live);
    let narrowed = Memo::new(move |_| query.with(ListQuery::is_narrowed));
    let kind = Memo::new(move |_| match (rows.place.get().total, narrowed.get()) {
        (0, true) => Content::NoMatch,
        (0, false) => Content::NoTask,
        _ => Content::Rows,
    });
    let content = move || match kind.get() {
        Content::NoMatch => view! { <NoMatch/> }.into_any(),
        Content::NoTask => view! { <NoTask first=first.clone()/> }.into_any(),
        Content::Rows => view! {
            <ListBar rows columns actions/>
            <TaskTable rows columns actions query/>
            {move || {
                let Place { page, page_size, total, total_is_limited } = rows.place.get();
                view! { <Pagination page page_size total total_is_limited/> }
            }}
        }
        .into_any(),
    };
    view! {
        <div class:is-hidden=move || kind.get() == Content::NoTask>
            <Filters state=filters features categories narrowed/>
        </div>
        {move || rows.error.get().map(|error| anew(move || view! { <ErrorBox error=error.clone()/> }))}
        <section class="card card-flush task-list" aria-busy=move || rows.turning.get().then_some("true")>{content}</section>
        <ActionDialogs actions on_done=Callback::new(move |_| rows.refresh())/>
    }
    .into_any()
}

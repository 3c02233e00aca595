//! One task: what it is, what came out, what was tried. Everything on it follows the news without reloading.

mod attempts;
mod facts;
mod head;
mod results;
mod sections;
mod state;
mod timeline;

#[cfg(test)]
mod tests;

use crate::api;
use crate::api::tasks::TaskDetailData;
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::page::tasks::actions::{ActionDialogs, TaskActions};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::{Crumb, ErrorBox, PageHead, Skeleton, SkeletonCards, use_link, use_toasts};
use attempts::Attempts;
pub use attempts::TriedLine;
use facts::Facts;
pub use head::Headline;
use head::TaskButtons;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::tasks::BatchAction;
pub use results::Results;
pub use sections::{ErrorSection, HeadersSection, PayloadSection, ResponseSection};
use state::{DetailState, paging_of};

/// The page of one task.
#[component]
pub fn TaskDetailPage() -> impl IntoView {
    let t = use_strings();
    let (params, link) = (use_params_map(), use_link());
    // An address without a number is that of no task.
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0));
    let data =
        Resource::new(move || (id.get(), untrack(|| paging_of(link))), |(id, paging)| api::tasks::detail(id, paging.page, paging.size));
    let retry = Callback::new(move |()| data.refetch());
    view! {
        <div class="page task-detail-page">
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=4/><Skeleton lines=8/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Loaded data=data.clone()/> }),
                        Err(error) => anew(move || view! {
                            <PageHead title=t.task_detail().title crumbs=vec![Crumb::new(t.tasks().list_title, route::TASKS)]/>
                            <ErrorBox error=error.clone() retry/>
                        }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// A loaded task.
#[component]
fn Loaded(data: TaskDetailData) -> impl IntoView {
    let t = use_strings();
    let (live, link, navigate) = (use_live(), use_link(), use_navigate());
    let actions = TaskActions::new();
    let state = DetailState::new(data, untrack(|| paging_of(link)));
    let task = state.task;
    let toasts = use_toasts();
    let away = Callback::new(move |()| navigate(route::TASKS, Default::default()));
    // The news may be here before the answer; whoever is first says so and leaves the page.
    let deleted = Callback::new(move |()| {
        toasts.ok(t.tasks().done_delete);
        away.run(());
    });
    state.follow(live, deleted);
    let done = Callback::new(move |(action, ids): (BatchAction, Vec<i64>)| match action {
        BatchAction::Delete if !ids.is_empty() => away.run(()),
        _ => state.refresh(),
    });
    view! {
        <PageHead title=t.task_detail().title crumbs=vec![Crumb::new(t.tasks().list_title, route::TASKS)]>
            <TaskButtons task actions/>
        </PageHead>
        <Headline task/>
        <div class="task-detail">
            <div class="task-detail-main">
                <Results task/>
                <ErrorSection task/>
                <Attempts state/>
                <ResponseSection task/>
                <PayloadSection task/>
                <HeadersSection task/>
            </div>
            <aside class="task-detail-side" aria-label=t.task_detail().facts><Facts task/></aside>
        </div>
        <ActionDialogs actions on_done=done/>
    }
    .into_any()
}

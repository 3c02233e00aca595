//! The list of records.

use super::filters::{FilterState, Filters};
use super::query::{LogQuery, export_address};
use super::table::LogTable;
use crate::api::request_logs::{RequestLogData, delete_logs, logs};
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Rows that pages reach; the server refuses more.
const REACH: i64 = 10_000;

/// The page of all records.
#[component]
pub fn RequestLogListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let query = Memo::new(move |_| LogQuery::read(link));
    let data = Resource::new(move || query.get(), |query| logs(query.filter, query.range.map(|range| range.seconds())));
    let reload = Callback::new(move |()| data.refetch());
    let filters = FilterState::new(link);
    let narrowed = Memo::new(move |_| query.with(LogQuery::is_narrowed));
    view! {
        <div class="page log-list-page">
            <PageHead title=t.request_logs().title description=t.request_logs().lead/>
            <Transition fallback=|| view! { <SkeletonTable rows=10 columns=7/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Loaded data=data.clone() filters narrowed reload/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// Filters, rows, and what can be done with those that are chosen.
#[component]
fn Loaded(data: RequestLogData, filters: FilterState, narrowed: Memo<bool>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let r = t.request_logs();
    let toasts = use_toasts();
    let RequestLogData { logs, filter, rules, keys } = data;
    let selected = RwSignal::new(BTreeSet::<i64>::new());
    let doomed = RwSignal::new(Vec::<i64>::new());
    let asking = RwSignal::new(false);
    let delete = Action::new(move |ids: &Vec<i64>| {
        let ids = ids.clone();
        async move {
            let answer = delete_logs(ids).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(delete.value(), move |count| fill(r.deleted, &[("n", &count.to_string())]));
    let ask = Callback::new(move |ids: Vec<i64>| {
        doomed.set(ids);
        asking.set(true);
    });
    let none = Signal::derive(move || selected.with(BTreeSet::is_empty));
    let export = export_address(&filter, escape);
    let (empty, searched) = (logs.items.is_empty(), filter.is_searched());
    let (page, page_size, total) = (logs.page, logs.page_size, logs.total);
    let pages = ((total.min(REACH) + page_size - 1) / page_size.max(1)).max(1);
    let more = if logs.total_is_limited { "+" } else { "" };
    let summary = fill(r.total, &[("n", &format!("{total}{more}")), ("x", &page.to_string()), ("y", &pages.to_string())]);
    let content = if empty {
        let narrowed = narrowed.get_untracked();
        if narrowed || total > 0 { view! { <NoMatch/> }.into_any() } else { view! { <NoLog/> }.into_any() }
    } else {
        view! {
            <div class="task-bar">
                <span class="task-selected num" role="status">
                    {move || fill(r.selected, &[("n", &selected.with(BTreeSet::len).to_string())])}
                </span>
                <div class="task-bar-actions" class:is-hidden=none>
                    <Button
                        size=Size::Sm
                        icon=IconName::Trash
                        on_click=move |_| ask.run(selected.with_untracked(|ids| ids.iter().copied().collect()))
                    >
                        {r.delete}
                    </Button>
                    <Button size=Size::Sm variant=Variant::Ghost on_click=move |_| selected.update(BTreeSet::clear)>{r.clear_selection}</Button>
                </div>
                <span class="spacer"></span>
                <div class="row task-bar-tools">
                    <a class="button button-secondary button-sm" href=export download="" rel="external">
                        <Icon name=IconName::Download/><span class="button-text">{r.export}</span>
                    </a>
                    <span class="needs-script"><IconButton icon=IconName::Refresh label=t.common().refresh size=Size::Sm on_click=move |_| reload.run(())/></span>
                </div>
            </div>
            <LogTable logs=logs.items selected ask/>
            <Pagination page page_size total=total.min(REACH) summary/>
        }
        .into_any()
    };
    view! {
        <div class:is-hidden=move || empty && !narrowed.get()>
            <Filters state=filters rules keys narrowed/>
            {searched.then(|| view! { <p class="log-searched small muted">{r.searched}</p> })}
        </div>
        <section class="card card-flush task-list log-list">{content}</section>
        <ConfirmDialog
            open=asking
            title=r.delete_title
            body=Signal::derive(move || fill(r.ask_delete, &[("n", &doomed.with(Vec::len).to_string())]))
            confirm=r.delete
            danger=true
            busy=delete.pending()
            on_confirm=Callback::new(move |()| {
                delete.dispatch(doomed.get_untracked());
            })
        />
    }
    .into_any()
}

/// Says that the filters leave nothing.
#[component]
fn NoMatch() -> impl IntoView {
    let t = use_strings();
    view! {
        <EmptyState icon=IconName::Search title=t.request_logs().empty_filtered text=t.request_logs().empty_filtered_text>
            <ButtonLink href=route::LOGS>{t.request_logs().clear_filters}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// Says how the first record comes to be.
#[component]
fn NoLog() -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let command =
        Signal::derive(move || format!("curl '{}/api/tasks' \\\n  -H 'X-API-Key: {}'", origin(live.ready.get()), t.common().your_key));
    view! {
        <EmptyState icon=IconName::File title=t.common().no_records text=t.request_logs().empty_text command>
            <ButtonLink href=route::APIS variant=Variant::Primary icon=IconName::Code>{t.apis().title}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

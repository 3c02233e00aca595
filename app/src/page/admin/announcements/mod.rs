//! Announcements: what is told to everybody, and until when.

mod editor;

use crate::api::admin::announcements::{delete, list};
use crate::i18n::{Strings, use_strings};
use crate::live::use_live;
use crate::page::tasks::anew;
use crate::ui::*;
use editor::{Editor, EditorDialog};
use leptos::prelude::*;
use model::Page;
use model::announcements::{Announcement, Level};

/// What people read for a level.
fn level_text(t: &Strings, level: Level) -> &'static str {
    let a = t.announcements();
    match level {
        Level::Info => a.level_info,
        Level::Success => a.level_success,
        Level::Warning => a.level_warning,
        Level::Critical => a.level_critical,
    }
}

/// The colour of a level.
pub fn level_tone(level: Level) -> Tone {
    match level {
        Level::Info => Tone::Info,
        Level::Success => Tone::Ok,
        Level::Warning => Tone::Warn,
        Level::Critical => Tone::Danger,
    }
}

/// The page of announcements.
#[component]
pub fn AnnouncementsPage() -> impl IntoView {
    let t = use_strings();
    let a = t.announcements();
    let link = use_link();
    let toasts = use_toasts();
    let number = move |name: &str| link.get(name).and_then(|text| text.parse::<i64>().ok());
    let paging = Memo::new(move |_| (number("page"), number("page_size")));
    let data = Resource::new(move || paging.get(), |(page, page_size)| list(page, page_size));
    let reload = Callback::new(move |()| data.refetch());
    let editor = Editor::new();
    let doomed = Question::new();
    let remove = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = delete(id).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(remove.value(), move |()| a.deleted.to_owned());
    let ask = doomed.ask();
    let question = doomed.text(a.delete_text, "title");
    view! {
        <PageHead title=t.shell().admin_announcements description=a.lead>
            <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| editor.begin(None)>{a.new}</Button>
        </PageHead>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=5 columns=6/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(page) => anew(move || view! { <List page=page.clone() editor ask/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
        <EditorDialog editor reload/>
        <ConfirmDialog
            open=doomed.open
            title=a.delete_title
            body=question
            confirm=t.common().delete
            danger=true
            busy=remove.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(id) = doomed.id() {
                    remove.dispatch(id);
                }
            })
        />
    }
    .into_any()
}

/// One page of announcements.
#[component]
fn List(page: Page<Announcement>, editor: Editor, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let a = t.announcements();
    let Page { items, total, total_is_limited, page, page_size } = page;
    let content = if items.is_empty() {
        view! {
            <EmptyState icon=IconName::Info title=a.empty text=a.empty_text>
                <Button icon=IconName::Plus on_click=move |_| editor.begin(None)>{a.new}</Button>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = items.into_iter().map(|announcement| view! { <Row announcement editor ask/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table announcements">
                    <thead>
                        <tr>
                            <th scope="col">{a.title}</th>
                            <th scope="col">{a.level}</th>
                            <th scope="col">{a.state}</th>
                            <th scope="col">{a.period}</th>
                            <th scope="col" class="cell-num">{a.dismissals}</th>
                            <th scope="col">{t.common().updated_at}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! { <Card flush=true>{content}</Card> }.into_any()
}

/// One announcement.
#[component]
fn Row(announcement: Announcement, editor: Editor, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let a = t.announcements();
    let live = use_live();
    let Announcement { id, title, body, level, starts_at, ends_at, dismissible, dismissals, updated_at, .. } = announcement.clone();
    // Whether it is shown depends on the clock, which the server and the browser need not agree on: known after hydration.
    let state = move || {
        let (ready, now) = (live.ready.get(), live.now.get());
        if ready && ends_at.is_some_and(|end| end.0 <= now) {
            view! { <Badge>{a.over}</Badge> }
        } else if ready && starts_at.is_some_and(|start| start.0 > now) {
            view! { <Badge tone=Tone::Info>{a.planned}</Badge> }
        } else {
            view! { <Badge tone=Tone::Ok dot=true>{a.showing}</Badge> }
        }
    };
    let end = |at: Option<model::time::Timestamp>| at.map(|at| view! { <Time at=at/> });
    let period = match (starts_at, ends_at) {
        (None, None) => view! { <span class="muted">"-"</span> }.into_any(),
        (start, stop) => view! { <span class="cell-stack">{end(start)}<span>"→ "{end(stop)}</span></span> }.into_any(),
    };
    let dismissals = if dismissible { dismissals.to_string() } else { "-".to_owned() };
    let (edit_label, delete_label) = (format!("{} {title}", t.common().edit), format!("{} {title}", t.common().delete));
    let (edited, doomed) = (announcement, title.clone());
    view! {
        <tr data-announcement=id>
            <td class="cell-title" data-label=a.title>
                <span class="cell-main">{title}</span>
                <span class="cell-sub announcement-body">{body}</span>
            </td>
            <td data-label=a.level><Badge tone=level_tone(level)>{level_text(t, level)}</Badge></td>
            <td data-label=a.state>{state}</td>
            <td data-label=a.period>{period}</td>
            <td class="cell-num" data-label=a.dismissals>{dismissals}</td>
            <td data-label=t.common().updated_at><Time at=updated_at/></td>
            <td class="cell-actions">
                <span class="row-actions needs-script">
                    <IconButton icon=IconName::Pencil label=edit_label size=Size::Sm on_click=move |_| editor.begin(Some(edited.clone()))/>
                    <IconButton icon=IconName::Trash label=delete_label size=Size::Sm on_click=move |_| ask.run((id, doomed.clone()))/>
                </span>
            </td>
        </tr>
    }
    .into_any()
}

//! Announcements at the top of every page, put away one by one.

use crate::api::announcements::{DismissNotice, notices};
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::ui::{Icon, IconName, Tone, use_toasts};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::announcements::{Level, Notice};
use std::collections::BTreeSet;

/// The announcements that the caller has not put away. Nothing while there are none.
#[component]
pub fn Notices() -> impl IntoView {
    let live = use_live();
    // Once per page load, and after a gap in the news.
    let data = Resource::new(move || live.resync.get(), |_| notices());
    let gone = RwSignal::new(BTreeSet::<i64>::new());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                // Without them the page is complete; why they could not be loaded is no news to anybody.
                data.await.ok().filter(|notices| !notices.is_empty()).map(|notices| view! { <List notices gone/> })
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn List(notices: Vec<Notice>, gone: RwSignal<BTreeSet<i64>>) -> impl IntoView {
    let t = use_strings();
    let lines = notices.into_iter().map(|notice| view! { <Line notice gone/> }).collect_view();
    view! { <section class="notices" aria-label=t.shell().notices>{lines}</section> }.into_any()
}

/// One announcement. The cross is a plain form, so that it works before the page is hydrated.
#[component]
fn Line(notice: Notice, gone: RwSignal<BTreeSet<i64>>) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let Notice { id, title, body, level, dismissible, .. } = notice;
    let dismiss = ServerAction::<DismissNotice>::new();
    Effect::new(move |_| {
        if let Some(Err(error)) = dismiss.value().get() {
            gone.update(|gone| {
                gone.remove(&id);
            });
            toasts.error(&error);
        }
    });
    let (tone, icon) = match level {
        Level::Info => (Tone::Info, IconName::Info),
        Level::Success => (Tone::Ok, IconName::CircleCheck),
        Level::Warning => (Tone::Warn, IconName::Alert),
        Level::Critical => (Tone::Danger, IconName::Alert),
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        gone.update(|gone| {
            gone.insert(id);
        });
        dismiss.dispatch(DismissNotice { id });
    };
    let label = fill(t.shell().dismiss_notice, &[("title", &title)]);
    let cross = dismissible.then(|| {
        view! {
            <form method="post" action=DismissNotice::PATH on:submit=submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <button type="submit" class="button button-ghost button-sm button-icon" aria-label=label.clone() title=label><Icon name=IconName::Close/></button>
            </form>
        }
    });
    view! {
        <div class=format!("announcement notice {}", tone.class()) class:is-hidden=move || gone.with(|gone| gone.contains(&id)) data-announcement=id>
            <Icon name=icon/>
            <div class="announcement-text">
                <p class="announcement-title">{title}</p>
                {(!body.is_empty()).then(|| view! { <p class="announcement-body">{body}</p> })}
            </div>
            {cross}
        </div>
    }
    .into_any()
}

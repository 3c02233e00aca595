//! The list while nothing is in it.

use crate::i18n::use_strings;
use crate::live::use_live;
use crate::route;
use crate::ui::{ButtonLink, EmptyState, IconName, Variant};
use leptos::prelude::*;

/// Says how the first task comes to be, or that the filters leave none.
#[component]
pub fn EmptyList(
    /// Whether any filter is set.
    narrowed: bool,
    /// A feature for the first command.
    first_feature: Option<i64>,
) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    if narrowed {
        return view! {
            <EmptyState icon=IconName::Search title=t.tasks.empty_filtered text=t.tasks.empty_filtered_text>
                <ButtonLink href=route::TASKS>{t.tasks.clear_filters}</ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    let feature = first_feature.unwrap_or(1);
    let command = Signal::derive(move || {
        // Where the console is, only the browser knows.
        let origin = live.ready.get().then(|| window().location().origin().ok()).flatten();
        let origin = origin.unwrap_or_else(|| "http://127.0.0.1:3000".to_owned());
        format!("curl -X POST '{origin}/api/features/{feature}/tasks' \\\n  -H 'X-API-Key: {}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{{\"params\":{{}}}}'", t.common.your_key)
    });
    view! {
        <EmptyState icon=IconName::Inbox title=t.tasks.empty text=t.tasks.empty_text command>
            <ButtonLink href=route::NEW_TASK variant=Variant::Primary icon=IconName::Plus>{t.task_form.create_title}</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

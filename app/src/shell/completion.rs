//! Tells people that tasks ended, wherever they are; many at once as one message.

use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::ui::use_toasts;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::events::Event;
use model::tasks::TaskStatus;
use std::time::Duration;

/// More than so many at once are told as a number.
const FEW: usize = 2;
/// How long ends are gathered before they are told.
const SOON: Duration = Duration::from_millis(1200);
/// The same while many tasks end one after the other.
const LATER: Duration = Duration::from_secs(10);

/// Listens for as long as the page is open. Shows nothing itself.
#[component]
pub fn Completion() -> impl IntoView {
    let t = use_strings();
    let (live, toasts) = (use_live(), use_toasts());
    let address = use_location().pathname;
    let ended = StoredValue::new(Vec::<(i64, bool)>::new());
    let many = StoredValue::new(false);
    let tell = move || {
        let Some(all) = ended.try_update_value(std::mem::take) else { return };
        let count = all.len();
        many.set_value(count > FEW);
        if count > FEW {
            let ok = all.iter().filter(|(_, succeeded)| *succeeded).count();
            let numbers = [("n", &*count.to_string()), ("ok", &*ok.to_string()), ("bad", &*(count - ok).to_string())];
            toasts.info(fill(t.shell().tasks_ended, &numbers));
            return;
        }
        let here = address.get_untracked();
        for (id, succeeded) in all {
            // Whoever looks at the task sees it end.
            if here == crate::route::task(id) {
                continue;
            }
            let id = id.to_string();
            match succeeded {
                true => toasts.ok(fill(t.shell().task_succeeded, &[("id", &id)])),
                false => toasts.info(fill(t.shell().task_failed, &[("id", &id)])),
            }
        }
    };
    live.listen(move |event| {
        let end = match event {
            Event::Task { id, status: TaskStatus::Succeeded, .. } => (*id, true),
            Event::Task { id, status: TaskStatus::Failed, .. } => (*id, false),
            Event::WebhookDisabled { name, .. } => {
                toasts.info(fill(t.shell().webhook_disabled, &[("name", name)]));
                return;
            }
            _ => return,
        };
        let first = ended.with_value(Vec::is_empty);
        ended.update_value(|ended| ended.push(end));
        if first {
            set_timeout(tell, if many.get_value() { LATER } else { SOON });
        }
    });
}

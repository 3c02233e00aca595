//! Tasks of all users: the list, and one of them.

mod detail;
mod interventions;
mod list;

use crate::api::admin::all_tasks;
use crate::i18n::use_strings;
use crate::page::tasks::anew;
use crate::ui::{Card, ErrorBox, LinkBuilder, PageHead, SkeletonTable, parse_instant, use_link};
pub use detail::AnyTaskPage;
use interventions::{InterventionDialogs, Interventions};
use leptos::prelude::*;
use list::AllTasks;
use model::all_tasks::AllTasksFilter;
use model::tasks::{Order, TaskStatus};

/// What the address asks for; what cannot be read is left out. Reactive.
fn read(link: LinkBuilder) -> AllTasksFilter {
    let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
    let text = |name: &str| link.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    AllTasksFilter {
        page: number("page"),
        page_size: number("page_size"),
        order: link.get("order").map(|word| if word == "asc" { Order::Asc } else { Order::Desc }),
        status: link.get("status").and_then(|word| TaskStatus::parse(&word)),
        user: text("user"),
        feature_id: number("feature_id"),
        channel_id: number("channel_id"),
        q: text("q"),
        start: link.get("start").and_then(|text| parse_instant(&text)),
        end: link.get("end").and_then(|text| parse_instant(&text)),
    }
}

/// Everybody's tasks.
#[component]
pub fn AllTasksPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let filter = Memo::new(move |_| read(link));
    let data = Resource::new(move || filter.get(), all_tasks::list);
    let reload = Callback::new(move |()| data.refetch());
    let interventions = Interventions::new();
    view! {
        <PageHead title=t.shell().admin_tasks description=t.all_tasks().lead/>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=10 columns=8/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => anew(move || view! { <AllTasks data=data.clone() filter interventions reload/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
        <InterventionDialogs interventions on_done=reload/>
    }
    .into_any()
}

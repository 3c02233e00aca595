//! Users: the list, invitations, and one user.

mod detail;
mod invitations;
mod list;
mod new_user;

use crate::api::admin::users::{self, UsersData};
use crate::i18n::{Strings, use_strings};
use crate::page::tasks::anew;
use crate::ui::{Card, ErrorBox, IconName, LinkBuilder, PageHead, SkeletonTable, TabItem, Tabs, use_link};
pub use detail::UserPage;
use invitations::Invitations;
use leptos::prelude::*;
use list::Users;
use model::accounts::Role;
use model::tasks::Order;
use model::users::{UserFilter, UserSort};

/// What people read for a role.
fn role_text(t: &Strings, role: Role) -> &'static str {
    match role {
        Role::User => t.users().role_user,
        Role::Admin => t.users().role_admin,
    }
}

/// What the address asks for; what cannot be read is left out. Reactive.
fn read(link: LinkBuilder) -> UserFilter {
    let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
    UserFilter {
        page: number("page"),
        page_size: number("page_size"),
        sort: link.get("sort").and_then(|word| UserSort::parse(&word)),
        order: link.get("order").map(|word| if word == "asc" { Order::Asc } else { Order::Desc }),
        q: link.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
        role: link.get("role").and_then(|word| Role::parse(&word)),
        enabled: link.get("enabled").and_then(|word| word.parse().ok()),
    }
}

/// Users and invitations. `?tab=` is `users` or `invitations`.
#[component]
pub fn UsersPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let tab = Memo::new(move |_| if link.get("tab").as_deref() == Some("invitations") { "invitations" } else { "users" });
    let filter = Memo::new(move |_| read(link));
    let data = Resource::new(move || (tab.get(), filter.get()), |(tab, filter)| users::list(tab.to_owned(), filter));
    let reload = Callback::new(move |()| data.refetch());
    let tabs = vec![
        TabItem::new("users", t.users().tab_users).icon(IconName::User),
        TabItem::new("invitations", t.users().tab_invitations).icon(IconName::Key),
    ];
    view! {
        <PageHead title=t.shell().admin_users description=t.users().lead/>
        <Tabs items=tabs current=Signal::derive(move || tab.get().to_owned())/>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=8 columns=7/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(UsersData::Users(page)) => anew(move || view! { <Users page=page.clone() filter reload/> }),
                    Ok(UsersData::Invitations(page)) => anew(move || view! { <Invitations page=page.clone() reload/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

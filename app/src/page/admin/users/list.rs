//! The list of users.

use super::new_user::NewUserDialog;
use super::role_text;
use crate::i18n::{fill, use_strings};
use crate::page::admin::filters::{FilterForm, NoMatch};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::accounts::Role;
use model::users::{UserFilter, UserSort, UserView};

/// Filters and one page of users.
#[component]
pub fn Users(
    /// The page, as loaded.
    page: Page<UserView>,
    /// What it is narrowed to.
    filter: Memo<UserFilter>,
    /// Loads it anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let creating = RwSignal::new(false);
    let first = filter.get_untracked();
    let choices = |any: &str, more: [(&str, &str); 2]| {
        std::iter::once(Choice::new("", any)).chain(more.map(|(value, label)| Choice::new(value, label))).collect::<Vec<_>>()
    };
    let roles = choices(u.any_role, [(Role::User.as_str(), u.role_user), (Role::Admin.as_str(), u.role_admin)]);
    let states = choices(u.any_state, [("true", u.enabled), ("false", u.disabled)]);
    let current = Signal::derive(move || Some(filter.with(|filter| filter.sort.unwrap_or_default()).as_str().to_owned()));
    let order = Signal::derive(move || filter.with(|filter| filter.order.unwrap_or_default()));
    let head = move |label: &'static str, sort: UserSort| view! { <SortHeader label column=sort.as_str() current order/> };
    let Page { items, total, total_is_limited, page, page_size } = page;
    let content = if items.is_empty() {
        view! { <NoMatch/> }.into_any()
    } else {
        let rows = items.into_iter().map(|user| view! { <UserRow user/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table users">
                    <thead>
                        <tr>
                            {head(t.account().username, UserSort::Username)}
                            <th scope="col">{u.role}</th>
                            <th scope="col">{u.state}</th>
                            {head(u.balance, UserSort::Available)}
                            <th scope="col" class="cell-num">{u.held}</th>
                            {head(u.tasks, UserSort::Tasks)}
                            <th scope="col">{u.limits}</th>
                            {head(t.common().created_at, UserSort::CreatedAt)}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <div class="section-head">
                <FilterForm action=route::ADMIN_USERS names=&["q", "role", "enabled"] kept=&["sort", "order", "page_size"]>
                    <div class="filter-search">
                        <Input kind="search" name="q" initial=first.q.unwrap_or_default() placeholder=u.search attr:aria-label=u.search/>
                    </div>
                    <Select options=roles name="role" initial=first.role.map(Role::as_str).unwrap_or_default() attr:aria-label=u.role/>
                    <Select options=states name="enabled" initial=first.enabled.map(|on| on.to_string()).unwrap_or_default() attr:aria-label=u.state/>
                </FilterForm>
                <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{u.new}</Button>
            </div>
            <Card flush=true>{content}</Card>
        </section>
        <NewUserDialog open=creating reload/>
    }
    .into_any()
}

/// One user.
#[component]
fn UserRow(user: UserView) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let UserView { id, username, role, enabled, balance, limits, tasks, created_at } = user;
    let limits = [
        limits.max_parallel.map(|n| fill(u.parallel_short, &[("n", &n.to_string())])),
        limits.requests_per_minute.map(|n| fill(u.rate_short, &[("n", &n.to_string())])),
    ];
    let limits: Vec<String> = limits.into_iter().flatten().collect();
    let limits =
        if limits.is_empty() { view! { <span class="muted">{u.no_limits}</span> }.into_any() } else { limits.join(" · ").into_any() };
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{u.enabled}</Badge> }
    } else {
        view! { <Badge tone=Tone::Danger>{u.disabled}</Badge> }
    };
    view! {
        <tr class:is-off=!enabled data-user=id>
            <td class="cell-title" data-label=t.account().username>
                <a class="cell-main" href=route::admin_user(id)>{username}</a>
                <span class="cell-sub num">{format!("#{id}")}</span>
            </td>
            <td data-label=u.role>
                <Badge tone=if role == Role::Admin { Tone::Info } else { Tone::Neutral }>{role_text(t, role)}</Badge>
            </td>
            <td data-label=u.state>{state}</td>
            <td class="num" data-label=u.balance>{grouped(balance.available)}</td>
            <td class="cell-num" data-label=u.held>{grouped(balance.held)}</td>
            <td class="num" data-label=u.tasks><a href=format!("{}?user={id}", route::ADMIN_TASKS)>{grouped(tasks.total)}</a></td>
            <td data-label=u.limits>{limits}</td>
            <td data-label=t.common().created_at><Time at=created_at/></td>
        </tr>
    }
    .into_any()
}

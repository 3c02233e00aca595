//! One user: who it is, what it may, what it logs in with.

mod acts;
mod credentials;
mod limits;

use super::role_text;
use crate::api::admin::users;
use crate::i18n::use_strings;
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use acts::{Act, ActButton, ActDialog, Acts};
use credentials::{Keys, Sessions};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use limits::LimitsForm;
use model::accounts::Role;
use model::tasks::TaskStatus;
use model::users::{UserDetail, UserView};

/// The page of one user.
#[component]
pub fn UserPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0));
    let data = Resource::new(move || id.get(), users::detail);
    let reload = Callback::new(move |()| data.refetch());
    let acts = Acts::new(reload);
    view! {
        <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=4/><Skeleton lines=8/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(detail) => anew(move || view! { <Loaded detail=detail.clone() acts reload/> }),
                    Err(error) => anew(move || view! {
                        <PageHead title=t.shell().admin_users crumbs=vec![Crumb::new(t.shell().admin_users, route::ADMIN_USERS)]/>
                        <ErrorBox error=error.clone() retry=reload/>
                    }),
                }
            })}
        </Transition>
        <ActDialog acts/>
    }
    .into_any()
}

/// A loaded user.
#[component]
fn Loaded(detail: UserDetail, acts: Acts, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let UserDetail { user, sessions, keys, two_step } = detail;
    let UserView { id, username, role, enabled, limits, .. } = user.clone();
    let name = StoredValue::new(username.clone());
    let recharge = format!("{}?user={}", route::ADMIN_RECHARGE, escape(&username));
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{u.enabled}</Badge> }
    } else {
        view! { <Badge tone=Tone::Danger>{u.disabled}</Badge> }
    };
    let button = move |act: Act| view! { <ActButton act acts id name=name.get_value()/> };
    view! {
        <PageHead title=username crumbs=vec![Crumb::new(t.shell().admin_users, route::ADMIN_USERS)]>
            <ButtonLink href=format!("{}?user={id}", route::ADMIN_TASKS) icon=IconName::Tasks>{u.see_tasks}</ButtonLink>
            <ButtonLink href=recharge icon=IconName::Wallet>{t.shell().admin_recharge}</ButtonLink>
            <ButtonLink href=format!("{}?target=user%3A{id}", route::ADMIN_AUDIT) icon=IconName::Shield>{u.see_audit}</ButtonLink>
        </PageHead>
        <div class="user-head">
            <Badge tone=if role == Role::Admin { Tone::Info } else { Tone::Neutral }>{role_text(t, role)}</Badge>
            {state}
            <span class="spacer"></span>
            {button(Act::Reset)}
            {two_step.then(|| button(Act::ResetTotp))}
            {button(if role == Role::Admin { Act::Demote } else { Act::Promote })}
            {button(if enabled { Act::Disable } else { Act::Enable })}
        </div>
        <div class="user-columns">
            <div class="stack">
                <Sessions sessions><span>{button(Act::EndSessions)}</span></Sessions>
                <Keys keys><span>{button(Act::RevokeKeys)}</span></Keys>
            </div>
            <div class="stack">
                <Facts user/>
                <LimitsForm id limits reload/>
            </div>
        </div>
    }
    .into_any()
}

/// Numbers of a user.
#[component]
fn Facts(user: UserView) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let UserView { id, balance, tasks, created_at, .. } = user;
    let tasks_link = move |name: &'static str, status: Option<TaskStatus>, n: i64| {
        let status = status.map(|status| format!("&status={}", status.as_str())).unwrap_or_default();
        view! { <div><dt>{name}</dt><dd class="num"><a href=format!("{}?user={id}{status}", route::ADMIN_TASKS)>{grouped(n)}</a></dd></div> }
    };
    view! {
        <Card title=u.account>
            <dl class="facts">
                <div><dt>{u.id}</dt><dd class="num">{id}</dd></div>
                <div><dt>{t.common().created_at}</dt><dd><Time at=created_at/></dd></div>
                <div><dt>{u.balance}</dt><dd class="num" data-available=balance.available>{grouped(balance.available)}</dd></div>
                <div><dt>{u.held}</dt><dd class="num">{grouped(balance.held)}</dd></div>
                {tasks_link(u.tasks, None, tasks.total)}
                {tasks_link(t.overview().succeeded, Some(TaskStatus::Succeeded), tasks.succeeded)}
                {tasks_link(t.overview().failed, Some(TaskStatus::Failed), tasks.failed)}
                {tasks_link(t.overview().cancelled, Some(TaskStatus::Cancelled), tasks.cancelled)}
                <div><dt>{t.overview().living}</dt><dd class="num">{grouped(tasks.living())}</dd></div>
            </dl>
        </Card>
    }
    .into_any()
}

//! Every page: its path and its view. A new page is one line in [`Pages`], and one in `shell/navigation.rs` if it is in the navigation.

use crate::page::admin::recharge::AdminRechargePage;
use crate::page::admin::redemption_codes::RedemptionCodesPage;
use crate::page::dashboard::DashboardPage;
use crate::page::ledger::LedgerPage;
use crate::page::login::LoginPage;
use crate::page::not_found::NotFoundPage;
use crate::page::profile::ProfilePage;
use crate::page::recharge::RechargePage;
use crate::page::setup::SetupPage;
use crate::page::tasks::{TaskCreatePage, TaskDetailPage, TaskEditPage, TaskListPage};
use crate::shell::Frame;
use leptos::prelude::*;
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::path;

/// The log-in page.
pub const LOGIN: &str = "/login";
/// The first-run page.
pub const SETUP: &str = "/setup";
/// The dashboard, where people land.
pub const DASHBOARD: &str = "/dashboard";
/// How to recharge, and one's own recharges.
pub const RECHARGE: &str = "/recharge";
/// The movements of points.
pub const LEDGER: &str = "/ledger";
/// Recharges of all users.
pub const ADMIN_RECHARGE: &str = "/admin/recharge";
/// Redemption codes.
pub const ADMIN_CODES: &str = "/admin/redemption-codes";
/// The list of tasks.
pub const TASKS: &str = "/tasks";
/// The form of a new task.
pub const NEW_TASK: &str = "/tasks/new";
/// The personal centre.
pub const PROFILE: &str = "/profile";

/// One task.
pub fn task(id: i64) -> String {
    format!("/tasks/{id}")
}

/// The form that edits a task.
pub fn edit_task(id: i64) -> String {
    format!("/tasks/{id}/edit")
}

/// The form of a new task of a feature.
pub fn new_task(feature_id: i64) -> String {
    format!("/tasks/new?feature={feature_id}")
}

/// All pages. `Async`: the HTML is complete without scripts, and the status of an error still reaches the response.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/tasks") view=TaskListPage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/new") view=TaskCreatePage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id") view=TaskDetailPage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id/edit") view=TaskEditPage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/recharge") view=RechargePage ssr=SsrMode::Async/>
                <Route path=path!("/ledger") view=LedgerPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/recharge") view=AdminRechargePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/redemption-codes") view=RedemptionCodesPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

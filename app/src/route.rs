//! Every page: its path and its view. A new page is one line in [`Pages`], and one in `shell/navigation.rs` if it is in the navigation.

use crate::page::admin::webhooks::AdminDeliveriesPage;
use crate::page::login::{LoginCodePage, LoginPage};
use crate::page::not_found::NotFoundPage;
use crate::page::profile::ProfilePage;
use crate::page::setup::SetupPage;
use crate::page::tasks::{TaskCreatePage, TaskDetailPage, TaskEditPage, TaskListPage};
use crate::page::webhooks::WebhookPage;
use crate::shell::Frame;
use leptos::prelude::*;
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::path;

/// The log-in page.
pub const LOGIN: &str = "/login";
/// The first-run page.
pub const SETUP: &str = "/setup";
/// The list of tasks, where people land.
pub const TASKS: &str = "/tasks";
/// The form of a new task.
pub const NEW_TASK: &str = "/tasks/new";
/// The personal centre.
pub const PROFILE: &str = "/profile";
/// The webhooks in the personal centre.
pub const PROFILE_WEBHOOKS: &str = "/profile?tab=webhooks";

/// The administration's list of deliveries.
pub const ADMIN_DELIVERIES: &str = "/admin/webhook-deliveries";

/// One webhook with its deliveries.
pub fn webhook(id: i64) -> String {
    format!("/webhooks/{id}")
}

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
            <Route path=path!("/login/code") view=LoginCodePage ssr=SsrMode::Async/>
            <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/tasks") view=TaskListPage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/new") view=TaskCreatePage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id") view=TaskDetailPage ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id/edit") view=TaskEditPage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/webhooks/:id") view=WebhookPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhook-deliveries") view=AdminDeliveriesPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

//! Every page: its path and its view. A new page is one line in [`Pages`], and one in `shell/navigation.rs` if it is in the navigation.

use crate::page::admin::custom_apis::{CustomApiEditPage, CustomApiListPage};
use crate::page::apis::ApisPage;
use crate::page::login::LoginPage;
use crate::page::not_found::NotFoundPage;
use crate::page::profile::ProfilePage;
use crate::page::request_logs::{RequestLogListPage, RequestLogPage};
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
/// The list of tasks, where people land.
pub const TASKS: &str = "/tasks";
/// The form of a new task.
pub const NEW_TASK: &str = "/tasks/new";
/// What programs can call.
pub const APIS: &str = "/apis";
/// The record of requests.
pub const LOGS: &str = "/logs";
/// The custom APIs, for administrators.
pub const ADMIN_CUSTOM_APIS: &str = "/admin/custom-apis";
/// The form of a new custom API.
pub const ADMIN_NEW_CUSTOM_API: &str = "/admin/custom-apis/new";
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

/// One record of a request.
pub fn log(id: i64) -> String {
    format!("/logs/{id}")
}

/// The form of one custom API.
pub fn admin_custom_api(id: i64) -> String {
    format!("/admin/custom-apis/{id}")
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
                <Route path=path!("/apis") view=ApisPage ssr=SsrMode::Async/>
                <Route path=path!("/logs") view=RequestLogListPage ssr=SsrMode::Async/>
                <Route path=path!("/logs/:id") view=RequestLogPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis") view=CustomApiListPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis/new") view=CustomApiEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis/:id") view=CustomApiEditPage ssr=SsrMode::Async/>
                <Route path=path!("/profile") view=ProfilePage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

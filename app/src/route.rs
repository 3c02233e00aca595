//! Every page: its path and its view. A new page is one line in [`Pages`], and one in `shell/navigation.rs` if it is in the navigation.

use crate::page::admin::channels::{ChannelEditPage, ChannelListPage};
use crate::page::admin::custom_apis::{CustomApiEditPage, CustomApiListPage};
use crate::page::admin::features::{FeatureEditPage, FeatureListPage};
use crate::page::admin::recharge::AdminRechargePage;
use crate::page::admin::redemption_codes::RedemptionCodesPage;
use crate::page::admin::rules::{RuleEditPage, RuleListPage};
use crate::page::admin::webhooks::AdminDeliveriesPage;
use crate::page::admin::{AllTasksPage, AnnouncementsPage, AnyTaskPage, AuditPage, OverviewPage, SettingsPage, UserPage, UsersPage};
use crate::page::apis::ApisPage;
use crate::page::dashboard::DashboardPage;
use crate::page::ledger::LedgerPage;
use crate::page::login::{LoginCodePage, LoginPage};
use crate::page::not_found::NotFoundPage;
use crate::page::profile::ProfilePage;
use crate::page::recharge::RechargePage;
use crate::page::register::RegisterPage;
use crate::page::request_logs::{RequestLogListPage, RequestLogPage};
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
/// The registration page.
pub const REGISTER: &str = "/register";
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
/// The webhooks in the personal centre.
pub const PROFILE_WEBHOOKS: &str = "/profile?tab=webhooks";

/// The administration's list of deliveries.
pub const ADMIN_DELIVERIES: &str = "/admin/webhook-deliveries";

/// One webhook with its deliveries.
pub fn webhook(id: i64) -> String {
    format!("/webhooks/{id}")
}

/// The overview of the administration.
pub const ADMIN: &str = "/admin";
/// Users and invitations.
pub const ADMIN_USERS: &str = "/admin/users";
/// Everybody's tasks.
pub const ADMIN_TASKS: &str = "/admin/tasks";
/// System settings.
pub const ADMIN_SETTINGS: &str = "/admin/settings";
/// The audit log.
pub const ADMIN_AUDIT: &str = "/admin/audit";
/// What is told to everybody.
pub const ADMIN_ANNOUNCEMENTS: &str = "/admin/announcements";

/// Administration: features.
pub const FEATURES: &str = "/admin/features";
/// Administration: a new feature.
pub const NEW_FEATURE: &str = "/admin/features/new";
/// Administration: rules.
pub const RULES: &str = "/admin/rules";
/// Administration: a new rule.
pub const NEW_RULE: &str = "/admin/rules/new";
/// Administration: channels.
pub const CHANNELS: &str = "/admin/channels";
/// Administration: a new channel.
pub const NEW_CHANNEL: &str = "/admin/channels/new";

/// One feature, as administrators define it.
pub fn feature(id: i64) -> String {
    format!("/admin/features/{id}")
}

/// One rule.
pub fn rule(id: i64) -> String {
    format!("/admin/rules/{id}")
}

/// One channel.
pub fn channel(id: i64) -> String {
    format!("/admin/channels/{id}")
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

/// One record of a request.
pub fn log(id: i64) -> String {
    format!("/logs/{id}")
}

/// The form of one custom API.
pub fn admin_custom_api(id: i64) -> String {
    format!("/admin/custom-apis/{id}")
}

/// One user, for administrators.
pub fn admin_user(id: i64) -> String {
    format!("/admin/users/{id}")
}

/// Anybody's task, for administrators.
pub fn admin_task(id: i64) -> String {
    format!("/admin/tasks/{id}")
}

/// All pages. `Async`: the HTML is complete without scripts, and the status of an error still reaches the response.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/login/code") view=LoginCodePage ssr=SsrMode::Async/>
            <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async/>
            <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
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
                <Route path=path!("/webhooks/:id") view=WebhookPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhook-deliveries") view=AdminDeliveriesPage ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/recharge") view=RechargePage ssr=SsrMode::Async/>
                <Route path=path!("/ledger") view=LedgerPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/recharge") view=AdminRechargePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/redemption-codes") view=RedemptionCodesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=OverviewPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=UsersPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=UserPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tasks") view=AllTasksPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/tasks/:id") view=AnyTaskPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view=SettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/announcements") view=AnnouncementsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/features") view=FeatureListPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/features/new") view=FeatureEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/features/:id") view=FeatureEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules") view=RuleListPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules/new") view=RuleEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules/:id") view=RuleEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels") view=ChannelListPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels/new") view=ChannelEditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels/:id") view=ChannelEditPage ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

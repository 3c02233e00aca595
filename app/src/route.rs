//! Every page: its path and its view. A new page is one line in [`Pages`], one in the group it is loaded with, and one in `shell/navigation.rs` if it is
//! in the navigation.

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
use leptos::lazy;
use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::{Lazy, LazyRoute, SsrMode, path};

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

/// Pages whose code is loaded when one of them is first shown. What people see first is loaded at once: the log-in and the frame around pages.
///
/// Pages that are used together are one piece: what several pieces share is cut into as many more as there are combinations.
macro_rules! lazy_pages {
    ($($pages:ident $load:ident $preload:ident { $($name:ident = $page:ident,)* })*) => {$(
        #[allow(clippy::enum_variant_names, reason = "they are named like their pages")]
        enum $pages {
            $($name,)*
        }

        #[lazy]
        fn $load(page: $pages) -> AnyView {
            match page {
                $($pages::$name => $page().into_any(),)*
            }
        }

        $(struct $name;

        impl LazyRoute for $name {
            fn data() -> Self {
                $name
            }

            async fn view(_this: Self) -> AnyView {
                $load($pages::$name).await
            }

            async fn preload() {
                #[cfg(feature = "hydrate")]
                $preload().await;
            }
        })*
    )*};
}

lazy_pages! {
    EntryPages entry_pages __preload_entry_pages {
        LoginCode = LoginCodePage,
        Setup = SetupPage,
        Register = RegisterPage,
    }
    DashboardPages dashboard_pages __preload_dashboard_pages {
        Dashboard = DashboardPage,
        Recharge = RechargePage,
        Ledger = LedgerPage,
    }
    TaskPages task_pages __preload_task_pages {
        TaskList = TaskListPage,
        TaskCreate = TaskCreatePage,
        TaskDetail = TaskDetailPage,
        TaskEdit = TaskEditPage,
    }
    ProgramPages program_pages __preload_program_pages {
        Apis = ApisPage,
        RequestLogList = RequestLogListPage,
        RequestLog = RequestLogPage,
        Profile = ProfilePage,
        Webhook = WebhookPage,
    }
    AdminPages admin_pages __preload_admin_pages {
        Overview = OverviewPage,
        Users = UsersPage,
        User = UserPage,
        AllTasks = AllTasksPage,
        AnyTask = AnyTaskPage,
        Settings = SettingsPage,
        Audit = AuditPage,
        Announcements = AnnouncementsPage,
        AdminRecharge = AdminRechargePage,
        RedemptionCodes = RedemptionCodesPage,
        AdminDeliveries = AdminDeliveriesPage,
    }
    CatalogPages catalog_pages __preload_catalog_pages {
        FeatureList = FeatureListPage,
        FeatureEdit = FeatureEditPage,
        RuleList = RuleListPage,
        RuleEdit = RuleEditPage,
        ChannelList = ChannelListPage,
        ChannelEdit = ChannelEditPage,
        CustomApiList = CustomApiListPage,
        CustomApiEdit = CustomApiEditPage,
    }
}

/// All pages. `Async`: the HTML is complete without scripts, and the status of an error still reaches the response.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
            <Route path=path!("/login/code") view={Lazy::<LoginCode>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/setup") view={Lazy::<Setup>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/register") view={Lazy::<Register>::new()} ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/tasks") view={Lazy::<TaskList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/tasks/new") view={Lazy::<TaskCreate>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id") view={Lazy::<TaskDetail>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id/edit") view={Lazy::<TaskEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/apis") view={Lazy::<Apis>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/logs") view={Lazy::<RequestLogList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/logs/:id") view={Lazy::<RequestLog>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis") view={Lazy::<CustomApiList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis/new") view={Lazy::<CustomApiEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/custom-apis/:id") view={Lazy::<CustomApiEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/profile") view={Lazy::<Profile>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/webhooks/:id") view={Lazy::<Webhook>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/webhook-deliveries") view={Lazy::<AdminDeliveries>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/dashboard") view={Lazy::<Dashboard>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/recharge") view={Lazy::<Recharge>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/ledger") view={Lazy::<Ledger>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/recharge") view={Lazy::<AdminRecharge>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/redemption-codes") view={Lazy::<RedemptionCodes>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin") view={Lazy::<Overview>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view={Lazy::<Users>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view={Lazy::<User>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/tasks") view={Lazy::<AllTasks>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/tasks/:id") view={Lazy::<AnyTask>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view={Lazy::<Settings>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view={Lazy::<Audit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/announcements") view={Lazy::<Announcements>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/features") view={Lazy::<FeatureList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/features/new") view={Lazy::<FeatureEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/features/:id") view={Lazy::<FeatureEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules") view={Lazy::<RuleList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules/new") view={Lazy::<RuleEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/rules/:id") view={Lazy::<RuleEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels") view={Lazy::<ChannelList>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels/new") view={Lazy::<ChannelEdit>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/admin/channels/:id") view={Lazy::<ChannelEdit>::new()} ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
    .into_any()
}

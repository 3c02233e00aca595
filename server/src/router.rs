//! Every URL. REST paths stand at their handlers, for the OpenAPI document; [`ROUTES`] lists all of them with what they ask for, and a test
//! compares that list with the router and with what the server really does.

use crate::api::{
    accounts, admin, all_tasks, announcements, audit, custom_apis, dashboard, events, features, health, keys, ledger, overview, recharge,
    request_logs, settings, suno, task_centre, tasks, totp, users, webhooks,
};
use crate::docs;
use crate::door::Door;
use crate::envelope;
use crate::middleware::authenticate::authenticate;
use crate::middleware::page_guard::page_guard;
use crate::middleware::record::record;
use crate::openapi;
use crate::pages;
use crate::state::AppState;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use model::accounts::Scope;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a route asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Open,
    /// The token of the configuration; nothing is there without one.
    Operator,
    /// A session, or any key.
    Caller,
    /// A session, or a key with this scope.
    Scope(Scope),
    /// A session, not a key.
    Session,
    /// An administrator's session, or an administrator's key with the scope `admin`.
    Admin,
    /// A page for people who are logged in. Others are sent to the log-in page.
    Page,
    /// A page for administrators. Others are sent to their own keys.
    AdminPage,
}

/// One URL.
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, with `{…}` for its variable parts.
    pub path: &'static str,
    /// What it asks for.
    pub access: Access,
}

const fn row(method: &'static str, path: &'static str, access: Access) -> Route {
    Route { method, path, access }
}

const READ: Access = Access::Scope(Scope::TasksRead);
const WRITE: Access = Access::Scope(Scope::TasksWrite);
const ACCOUNT: Access = Access::Scope(Scope::Account);

/// Every URL and what it asks for. Server functions (`POST /_fn/…`) are listed in `app/src/api`; they ask for a session. Whose things each
/// of both is about stands in `server/tests/api/authorisation/table.rs`, and a test calls them as everybody.
pub const ROUTES: &[Route] = &[
    // REST of document 000.
    row("GET", "/api/features", READ),
    row("GET", "/api/features/{id}", READ),
    row("POST", "/api/features/{id}/tasks", WRITE),
    row("GET", "/api/tasks", READ),
    row("POST", "/api/tasks/batch", WRITE),
    row("GET", "/api/tasks/{id}", READ),
    row("PATCH", "/api/tasks/{id}", WRITE),
    row("DELETE", "/api/tasks/{id}", WRITE),
    row("POST", "/api/tasks/{id}/cancel", WRITE),
    row("POST", "/api/tasks/{id}/retry", WRITE),
    row("GET", "/api/tasks/{id}/attempts", READ),
    // Custom APIs themselves are looked up by the fallback; each asks for the scope `tasks:write`.
    row("GET", "/api/task/self", READ),
    row("GET", "/api/task/self/", READ),
    row("GET", "/api/task/", Access::Admin),
    row("GET", "/api/task", Access::Admin),
    row("POST", "/suno/submit/{action}", WRITE),
    row("POST", "/suno/fetch", READ),
    row("GET", "/suno/fetch/{id}", READ),
    row("GET", "/api/custom-apis", READ),
    row("GET", "/api/logs", READ),
    row("GET", "/api/logs/{id}", READ),
    row("POST", "/api/logs/batch-delete", WRITE),
    row("GET", "/api/logs/export.csv", READ),
    row("GET", "/api/me", Access::Caller),
    row("POST", "/api/me/password", Access::Session),
    row("GET", "/api/dashboard", READ),
    row("GET", "/api/ledger", READ),
    row("GET", "/api/ledger/export.csv", READ),
    row("GET", "/api/recharge/info", READ),
    row("GET", "/api/recharge/records", READ),
    row("POST", "/api/recharge/redeem", ACCOUNT),
    row("PUT", "/api/recharge/low-balance", ACCOUNT),
    row("GET", "/api/keys", ACCOUNT),
    row("POST", "/api/keys", ACCOUNT),
    row("DELETE", "/api/keys/{id}", ACCOUNT),
    row("GET", "/api/sessions", ACCOUNT),
    row("DELETE", "/api/sessions/{id}", ACCOUNT),
    row("GET", "/api/me/totp", Access::Session),
    row("POST", "/api/me/totp", Access::Session),
    row("POST", "/api/me/totp/confirm", Access::Session),
    row("POST", "/api/me/totp/recovery-codes", Access::Session),
    row("POST", "/api/me/totp/disable", Access::Session),
    row("GET", "/api/webhooks", ACCOUNT),
    row("POST", "/api/webhooks", ACCOUNT),
    row("GET", "/api/webhooks/{id}", ACCOUNT),
    row("PATCH", "/api/webhooks/{id}", ACCOUNT),
    row("DELETE", "/api/webhooks/{id}", ACCOUNT),
    row("POST", "/api/webhooks/{id}/rotate-secret", ACCOUNT),
    row("POST", "/api/webhooks/{id}/test", ACCOUNT),
    row("GET", "/api/webhooks/{id}/deliveries", ACCOUNT),
    row("GET", "/api/webhooks/deliveries/{id}", ACCOUNT),
    row("POST", "/api/webhooks/deliveries/{id}/resend", ACCOUNT),
    row("GET", "/api/announcements", Access::Caller),
    row("POST", "/api/announcements/{id}/dismiss", ACCOUNT),
    row("GET", "/events", READ),
    // Administration.
    row("GET", "/api/admin/custom-apis", Access::Admin),
    row("POST", "/api/admin/custom-apis", Access::Admin),
    row("GET", "/api/admin/custom-apis/{id}", Access::Admin),
    row("PUT", "/api/admin/custom-apis/{id}", Access::Admin),
    row("PATCH", "/api/admin/custom-apis/{id}", Access::Admin),
    row("DELETE", "/api/admin/custom-apis/{id}", Access::Admin),
    row("GET", "/api/admin/logs", Access::Admin),
    row("GET", "/api/admin/logs/{id}", Access::Admin),
    row("POST", "/api/admin/users/{id}/recharge", Access::Admin),
    row("POST", "/api/admin/users/{id}/reverse-recharge", Access::Admin),
    row("GET", "/api/admin/recharge/records", Access::Admin),
    row("GET", "/api/admin/redemption-codes", Access::Admin),
    row("POST", "/api/admin/redemption-codes", Access::Admin),
    row("POST", "/api/admin/redemption-codes/{id}/disable", Access::Admin),
    row("POST", "/api/admin/redemption-batches/{batch}/disable", Access::Admin),
    row("GET", "/api/admin/overview", Access::Admin),
    row("GET", "/api/admin/users", Access::Admin),
    row("POST", "/api/admin/users", Access::Admin),
    row("GET", "/api/admin/users/{id}", Access::Admin),
    row("PATCH", "/api/admin/users/{id}", Access::Admin),
    row("POST", "/api/admin/users/{id}/password", Access::Admin),
    row("DELETE", "/api/admin/users/{id}/sessions", Access::Admin),
    row("DELETE", "/api/admin/users/{id}/keys", Access::Admin),
    row("GET", "/api/admin/invitations", Access::Admin),
    row("POST", "/api/admin/invitations", Access::Admin),
    row("DELETE", "/api/admin/invitations/{id}", Access::Admin),
    row("GET", "/api/admin/tasks", Access::Admin),
    row("POST", "/api/admin/tasks/batch", Access::Admin),
    row("GET", "/api/admin/tasks/{id}", Access::Admin),
    row("GET", "/api/admin/tasks/{id}/attempts", Access::Admin),
    row("POST", "/api/admin/tasks/{id}/requeue", Access::Admin),
    row("POST", "/api/admin/tasks/{id}/fail", Access::Admin),
    row("POST", "/api/admin/tasks/{id}/cancel", Access::Admin),
    row("GET", "/api/admin/settings", Access::Admin),
    row("PUT", "/api/admin/settings", Access::Admin),
    row("PATCH", "/api/admin/settings", Access::Admin),
    row("GET", "/api/admin/audit", Access::Admin),
    row("GET", "/api/admin/audit/export.csv", Access::Admin),
    row("GET", "/api/admin/announcements", Access::Admin),
    row("POST", "/api/admin/announcements", Access::Admin),
    row("GET", "/api/admin/announcements/{id}", Access::Admin),
    row("PUT", "/api/admin/announcements/{id}", Access::Admin),
    row("DELETE", "/api/admin/announcements/{id}", Access::Admin),
    row("GET", "/api/admin/features", Access::Admin),
    row("POST", "/api/admin/features", Access::Admin),
    row("GET", "/api/admin/features/{id}", Access::Admin),
    row("PUT", "/api/admin/features/{id}", Access::Admin),
    row("PATCH", "/api/admin/features/{id}", Access::Admin),
    row("DELETE", "/api/admin/features/{id}", Access::Admin),
    row("POST", "/api/admin/features/{id}/duplicate", Access::Admin),
    row("POST", "/api/admin/features/{id}/move", Access::Admin),
    row("GET", "/api/admin/rules", Access::Admin),
    row("POST", "/api/admin/rules", Access::Admin),
    row("POST", "/api/admin/rules/dry-run", Access::Admin),
    row("GET", "/api/admin/rules/{id}", Access::Admin),
    row("PUT", "/api/admin/rules/{id}", Access::Admin),
    row("DELETE", "/api/admin/rules/{id}", Access::Admin),
    row("POST", "/api/admin/rules/{id}/duplicate", Access::Admin),
    row("GET", "/api/admin/channels", Access::Admin),
    row("POST", "/api/admin/channels", Access::Admin),
    row("GET", "/api/admin/channels/{id}", Access::Admin),
    row("PUT", "/api/admin/channels/{id}", Access::Admin),
    row("PATCH", "/api/admin/channels/{id}", Access::Admin),
    row("DELETE", "/api/admin/channels/{id}", Access::Admin),
    row("POST", "/api/admin/channels/{id}/recover", Access::Admin),
    row("POST", "/api/admin/channels/{id}/test", Access::Admin),
    row("GET", "/api/admin/webhook-deliveries", Access::Admin),
    row("POST", "/api/admin/users/{id}/reset-totp", Access::Admin),
    // For machines.
    row("GET", "/healthz", Access::Open),
    row("GET", "/readyz", Access::Open),
    row("GET", "/metrics", Access::Operator),
    row("GET", "/openapi.json", Access::Open),
    // The same for people.
    row("GET", "/docs", Access::Open),
    row("GET", "/docs/{file}", Access::Open),
    row("GET", "/redoc", Access::Open),
    // Forms of the console.
    row("GET", "/", Access::Open),
    row("POST", "/login", Access::Open),
    row("POST", "/login/code", Access::Open),
    row("POST", "/logout", Access::Open),
    row("POST", "/setup", Access::Open),
    row("POST", "/register", Access::Open),
    row("POST", "/preferences", Access::Open),
    // Pages of the console.
    row("GET", "/login", Access::Open),
    row("GET", "/login/code", Access::Open),
    row("GET", "/setup", Access::Open),
    row("GET", "/register", Access::Open),
    row("GET", "/tasks", Access::Page),
    row("GET", "/tasks/new", Access::Page),
    row("GET", "/tasks/{id}", Access::Page),
    row("GET", "/tasks/{id}/edit", Access::Page),
    row("GET", "/apis", Access::Page),
    row("GET", "/logs", Access::Page),
    row("GET", "/logs/{id}", Access::Page),
    row("GET", "/profile", Access::Page),
    row("GET", "/webhooks/{id}", Access::Page),
    row("GET", "/admin/webhook-deliveries", Access::AdminPage),
    row("GET", "/admin/custom-apis", Access::AdminPage),
    row("GET", "/admin/custom-apis/new", Access::AdminPage),
    row("GET", "/admin/custom-apis/{id}", Access::AdminPage),
    row("GET", "/dashboard", Access::Page),
    row("GET", "/recharge", Access::Page),
    row("GET", "/ledger", Access::Page),
    row("GET", "/admin/recharge", Access::AdminPage),
    row("GET", "/admin/redemption-codes", Access::AdminPage),
    row("GET", "/admin", Access::AdminPage),
    row("GET", "/admin/users", Access::AdminPage),
    row("GET", "/admin/users/{id}", Access::AdminPage),
    row("GET", "/admin/tasks", Access::AdminPage),
    row("GET", "/admin/tasks/{id}", Access::AdminPage),
    row("GET", "/admin/settings", Access::AdminPage),
    row("GET", "/admin/audit", Access::AdminPage),
    row("GET", "/admin/announcements", Access::AdminPage),
    // Pages of the administration.
    row("GET", "/admin/features", Access::AdminPage),
    row("GET", "/admin/features/new", Access::AdminPage),
    row("GET", "/admin/features/{id}", Access::AdminPage),
    row("GET", "/admin/rules", Access::AdminPage),
    row("GET", "/admin/rules/new", Access::AdminPage),
    row("GET", "/admin/rules/{id}", Access::AdminPage),
    row("GET", "/admin/channels", Access::AdminPage),
    row("GET", "/admin/channels/new", Access::AdminPage),
    row("GET", "/admin/channels/{id}", Access::AdminPage),
];

/// REST with its description.
pub fn rest() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::head())
        .routes(routes!(features::list))
        .routes(routes!(features::get))
        .routes(routes!(features::submit))
        .routes(routes!(tasks::list))
        .routes(routes!(tasks::batch))
        .routes(routes!(tasks::get, tasks::update, tasks::delete))
        .routes(routes!(tasks::cancel))
        .routes(routes!(tasks::retry))
        .routes(routes!(tasks::attempts))
        .routes(routes!(task_centre::own))
        .routes(routes!(task_centre::own_slash))
        .routes(routes!(task_centre::all))
        .routes(routes!(task_centre::all_bare))
        .routes(routes!(suno::submit))
        .routes(routes!(suno::fetch))
        .routes(routes!(suno::fetch_one))
        .routes(routes!(custom_apis::list))
        .routes(routes!(admin::custom_apis::list, admin::custom_apis::create))
        .routes(routes!(admin::custom_apis::get, admin::custom_apis::update, admin::custom_apis::switch, admin::custom_apis::delete))
        .routes(routes!(request_logs::list))
        .routes(routes!(request_logs::get))
        .routes(routes!(request_logs::delete))
        .routes(routes!(request_logs::export))
        .routes(routes!(request_logs::admin_list))
        .routes(routes!(request_logs::admin_get))
        .routes(routes!(accounts::me))
        .routes(routes!(accounts::change_password))
        .routes(routes!(dashboard::dashboard))
        .routes(routes!(ledger::list))
        .routes(routes!(ledger::export))
        .routes(routes!(recharge::info))
        .routes(routes!(recharge::records))
        .routes(routes!(recharge::redeem))
        .routes(routes!(recharge::low_balance))
        .routes(routes!(admin::recharge::recharge))
        .routes(routes!(admin::recharge::reverse_recharge))
        .routes(routes!(admin::recharge::records))
        .routes(routes!(admin::redemption_codes::list, admin::redemption_codes::create))
        .routes(routes!(admin::redemption_codes::disable))
        .routes(routes!(admin::redemption_codes::disable_batch))
        .routes(routes!(accounts::sessions))
        .routes(routes!(accounts::revoke_session))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::revoke))
        .routes(routes!(totp::status, totp::begin))
        .routes(routes!(totp::confirm))
        .routes(routes!(totp::recovery_codes))
        .routes(routes!(totp::disable))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::get, webhooks::update, webhooks::delete))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::test))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(webhooks::delivery))
        .routes(routes!(webhooks::resend))
        .routes(routes!(events::events))
        .routes(routes!(announcements::notices))
        .routes(routes!(announcements::dismiss))
        .routes(routes!(announcements::list, announcements::create))
        .routes(routes!(announcements::get, announcements::update, announcements::delete))
        .routes(routes!(overview::overview))
        .routes(routes!(users::list, users::create))
        .routes(routes!(users::get, users::update))
        .routes(routes!(users::reset_password))
        .routes(routes!(users::end_sessions))
        .routes(routes!(users::revoke_keys))
        .routes(routes!(users::invitations, users::invite))
        .routes(routes!(users::revoke_invitation))
        .routes(routes!(all_tasks::list))
        .routes(routes!(all_tasks::batch))
        .routes(routes!(all_tasks::get))
        .routes(routes!(all_tasks::attempts))
        .routes(routes!(all_tasks::requeue))
        .routes(routes!(all_tasks::fail))
        .routes(routes!(all_tasks::cancel))
        .routes(routes!(settings::get, settings::replace, settings::update))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
        .routes(routes!(admin::features::list, admin::features::create))
        .routes(routes!(admin::features::get, admin::features::update, admin::features::switch, admin::features::delete))
        .routes(routes!(admin::features::duplicate))
        .routes(routes!(admin::features::move_to))
        .routes(routes!(admin::rules::list, admin::rules::create))
        .routes(routes!(admin::rules::dry_run))
        .routes(routes!(admin::rules::get, admin::rules::update, admin::rules::delete))
        .routes(routes!(admin::rules::duplicate))
        .routes(routes!(admin::channels::list, admin::channels::create))
        .routes(routes!(admin::channels::get, admin::channels::update, admin::channels::switch, admin::channels::delete))
        .routes(routes!(admin::channels::recover))
        .routes(routes!(admin::channels::test))
        .routes(routes!(webhooks::admin_deliveries))
        .routes(routes!(totp::reset))
}

/// What needs no caller but is part of the description.
pub fn open() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        .routes(routes!(openapi::document))
}

/// The pages of the console, as `app/src/route.rs` defines them. Leptos may be asked once only, before the server listens.
pub fn page_list() -> Vec<AxumRouteListing> {
    generate_route_list(app::App)
}

/// The whole server.
pub fn build(state: AppState, page_list: Vec<AxumRouteListing>) -> Door {
    let rest = Router::from(rest())
        .route_layer(from_fn_with_state(state.clone(), record))
        .route_layer(from_fn_with_state(state.clone(), authenticate));
    let options = state.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&state, page_list, pages::context_of(&state), move || app::shell(options.clone()))
        .route_layer(from_fn_with_state(state.clone(), page_guard))
        .layer(CompressionLayer::new());
    let forms = Router::new()
        .route("/", get(pages::home))
        .route("/login", post(pages::log_in))
        .route("/login/code", post(pages::log_in_code))
        .route("/logout", post(pages::log_out))
        .route("/setup", post(pages::set_up))
        .route("/register", post(pages::register))
        .route("/preferences", post(pages::preferences));
    let docs = Router::new().route("/docs", get(docs::swagger_ui)).route("/docs/{file}", get(docs::file)).route("/redoc", get(docs::redoc));
    let router = Router::new()
        .merge(rest)
        .merge(docs)
        .merge(Router::from(open()).layer(CompressionLayer::new()))
        .merge(pages)
        .merge(forms)
        .fallback(pages::fallback)
        .method_not_allowed_fallback(envelope::method_not_allowed)
        .with_state(state.clone());
    Door::new(state, router)
}

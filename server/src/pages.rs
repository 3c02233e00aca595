//! The console: its pages, its server functions, and the plain forms that work before hydration.

pub mod cookies;
#[cfg(test)]
mod tests;

use crate::api::suno;
use crate::assets;
use crate::envelope::{self, Failure};
use crate::extract::{Client, credential};
use crate::form::Form;
use crate::middleware::page_guard::{Visitor, visitor};
use crate::middleware::security_headers;
use crate::state::AppState;
use app::prefs::Prefs;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use leptos::prelude::{use_context, use_nonce};
use leptos_axum::ResponseOptions;
use model::{Error, ErrorCode};
use serde::Deserialize;
use service::accounts::{self, LogIn, NewSession};
use url::form_urlencoded;

/// Where people land.
pub const HOME: &str = app::route::DASHBOARD;

/// A 303 answer: look there, with GET.
pub fn redirect(to: &str) -> Response {
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static(HOME));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Where to go after log-in: a path of ours, never another site.
pub fn safe_next(next: Option<&str>) -> String {
    let is_ours = |next: &&str| {
        let bytes = next.as_bytes();
        // `//host` and `/\host` are other hosts to a browser.
        bytes.first() == Some(&b'/')
            && !matches!(bytes.get(1), Some(b'/' | b'\\'))
            && bytes.len() <= 2000
            && bytes.iter().all(|byte| (0x21..0x7f).contains(byte) && *byte != b'\\')
            && !["/login", "/login/code", "/logout", "/setup", "/register"].iter().any(|path| next.split(['?', '#']).next() == Some(path))
    };
    next.filter(is_ours).unwrap_or(HOME).to_owned()
}

/// `GET /`
pub async fn home() -> Response {
    redirect(HOME)
}

/// What `app` must know about a request, given to Leptos before it renders a page or runs a server function.
pub fn leptos_context(state: &AppState) {
    let parts = use_context::<Parts>();
    let headers = parts.as_ref().map(|parts| &parts.headers);
    let text = |name: header::HeaderName| headers.and_then(|headers| headers.get(name)?.to_str().ok());
    let prefs = Prefs::read(text(header::COOKIE), text(header::ACCEPT_LANGUAGE));
    let actor = parts.as_ref().and_then(|parts| parts.extensions.get::<Visitor>()?.0.clone());
    app::ssr::provide(state.service.clone(), actor, prefs);
    if let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) {
        if let Some(policy) = security_headers::page(&nonce, live_reload(state).as_deref()) {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        for (name, value) in security_headers::page_extras() {
            options.insert_header(name, value);
        }
    }
}

/// The socket through which `cargo leptos watch` tells the browser to load anew.
fn live_reload(state: &AppState) -> Option<String> {
    let watched = cfg!(debug_assertions) && std::env::var_os("LEPTOS_WATCH").is_some();
    watched.then(|| format!("ws://{}:{} ws://localhost:{1}", state.leptos.site_addr.ip(), state.leptos.reload_port))
}

/// Everything that is no route: a custom API, a file of the site, or nothing.
pub async fn fallback(State(state): State<AppState>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return crate::api::custom_apis::call(state, request).await;
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if path.starts_with("/_fn/") || path == "/api" || suno::is_path(path) {
        return envelope::not_found().into_response();
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Failure(envelope::method_not_allowed_error()).into_response();
    }
    if let Some(file) = assets::find(path, &parts.headers) {
        return file;
    }
    // A file of an older build, asked for by a page that is still open: nobody would see a rendered page there.
    if path.starts_with("/pkg/") {
        return envelope::not_found().into_response();
    }
    not_found(state, parts, body).await
}

/// The page that says that there is no such page.
async fn not_found(state: AppState, mut parts: Parts, body: Body) -> Response {
    match visitor(&state, &parts).await {
        Ok(actor) => parts.extensions.insert(Visitor(actor)),
        Err(error) => return Failure(error).into_response(),
    };
    let (context, options) = (state.clone(), state.leptos.clone());
    let render = leptos_axum::render_app_async_with_context(move || leptos_context(&context), move || app::shell(options.clone()));
    let mut response = render(Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// The form of the log-in page.
#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// `POST /login`
pub async fn log_in(State(state): State<AppState>, Client(client): Client, Form(form): Form<Credentials>) -> Response {
    let (result, next) = match form {
        Ok(form) => {
            let next = safe_next(form.next.as_deref());
            (accounts::log_in(&state.service, &form.username, &form.password, &client).await, next)
        }
        Err(error) => (Err(error), HOME.to_owned()),
    };
    first_step(&state, result, &next)
}

/// What follows a right or wrong password.
fn first_step(state: &AppState, result: model::Result<LogIn>, next: &str) -> Response {
    match result {
        Ok(LogIn::Session(session)) => logged_in(state, &session, next),
        Ok(LogIn::SecondFactor(challenge)) => {
            let cookie = AppendHeaders([(header::SET_COOKIE, cookies::remember_challenge(state, &challenge))]);
            (cookie, redirect(&address("/login/code", &[("next", next)]))).into_response()
        }
        Err(error) => back("/login", &error, &[("next", next)]),
    }
}

/// The form of the second step.
#[derive(Deserialize)]
pub struct SecondStep {
    #[serde(default)]
    code: String,
    next: Option<String>,
}

/// `POST /login/code`
pub async fn log_in_code(
    State(state): State<AppState>,
    headers: HeaderMap,
    Client(client): Client,
    Form(form): Form<SecondStep>,
) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return back("/login/code", &error, &[]),
    };
    let next = safe_next(form.next.as_deref());
    let challenge = credential::cookie(&headers, state.challenge_cookie).unwrap_or_default();
    match accounts::log_in_code(&state.service, challenge, &form.code, &client).await {
        Ok(session) => {
            let mut response = logged_in(&state, &session, &next);
            response.headers_mut().append(header::SET_COOKIE, cookies::forget_challenge(&state));
            response
        }
        // Whoever has to begin anew does so at the first step.
        Err(error) if error.code != ErrorCode::WrongCredentials && error.code != ErrorCode::RateLimited => {
            back("/login", &error, &[("next", &next)])
        }
        Err(error) => back("/login/code", &error, &[("next", &next)]),
    }
}

fn logged_in(state: &AppState, session: &NewSession, next: &str) -> Response {
    let cookie = AppendHeaders([(header::SET_COOKIE, cookies::remember_session(state, session))]);
    (cookie, redirect(next)).into_response()
}

/// Back to the form, which finds the sentence for the code in its language.
fn back(form: &str, error: &Error, fields: &[(&str, &str)]) -> Response {
    let seconds = error.retry_after.map(|seconds| seconds.to_string()).unwrap_or_default();
    let all: Vec<_> = [("error", error.code.as_str()), ("retry_after", &seconds)].into_iter().chain(fields.iter().copied()).collect();
    redirect(&address(form, &all))
}

/// A path with those fields that have a value.
fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
    format!("{path}?{}", query.finish())
}

/// `POST /logout`
pub async fn log_out(State(state): State<AppState>, headers: HeaderMap) -> Response {
    if let Some(token) = credential::session(&headers, state.cookie)
        && let Err(error) = accounts::log_out(&state.service, token).await
    {
        // The cookie stays: without the server's half done, the person must see that it did not work.
        return Failure(error).into_response();
    }
    (AppendHeaders([(header::SET_COOKIE, cookies::forget_session(&state))]), redirect("/login")).into_response()
}

/// The form of the first-run page.
#[derive(Deserialize)]
pub struct SetUp {
    #[serde(default)]
    token: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// `POST /setup`
pub async fn set_up(State(state): State<AppState>, Client(client): Client, Form(form): Form<SetUp>) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return back("/setup", &error, &[]),
    };
    if let Err(error) = accounts::set_up(&state.service, &form.token, &form.username, &form.password).await {
        return back("/setup", &error, &[("token", &form.token), ("username", &form.username)]);
    }
    first_step(&state, accounts::log_in(&state.service, &form.username, &form.password, &client).await, HOME)
}

/// The form of the registration page.
#[derive(Deserialize)]
pub struct Register {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// `POST /register`
pub async fn register(State(state): State<AppState>, Client(client): Client, Form(form): Form<Register>) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return back("/register", &error, &[]),
    };
    if let Err(error) = accounts::register(&state.service, &form.username, &form.password, &form.code, &client).await {
        let field = error.field.clone().unwrap_or_default();
        return back("/register", &error, &[("field", &field), ("username", &form.username), ("code", &form.code)]);
    }
    first_step(&state, accounts::log_in(&state.service, &form.username, &form.password, &client).await, HOME)
}

/// The switches of language and theme.
#[derive(Deserialize)]
pub struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    next: Option<String>,
}

/// `POST /preferences`
pub async fn preferences(State(state): State<AppState>, Form(form): Form<Preferences>) -> Response {
    let form = match form {
        Ok(form) => form,
        Err(error) => return Failure(error).into_response(),
    };
    let lang = form.lang.as_deref().and_then(app::i18n::Lang::parse).map(|lang| ("lang", lang.as_str()));
    let theme = form.theme.as_deref().and_then(app::prefs::Theme::parse).map(|theme| ("theme", theme.as_str()));
    let mut response = redirect(&preference_next(form.next.as_deref()));
    for (name, value) in [lang, theme].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookies::preference(&state, name, value));
    }
    response
}

/// Back to where the switch was, the log-in and first-run pages included.
fn preference_next(next: Option<&str>) -> String {
    match next {
        Some(page)
            if ["/login", "/login/code", "/setup", "/register"].contains(&page.split('?').next().unwrap_or_default())
                && page.is_ascii() =>
        {
            page.to_owned()
        }
        next => safe_next(next),
    }
}

/// Renders pages and runs server functions: the closure that Leptos calls for each request.
pub fn context_of(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || leptos_context(&state)
}

//! Stands before the pages of the console and its server functions: finds the visitor, and sends people who are not logged in to the log-in
//! page with the way back.

use crate::extract::actor::unauthenticated;
use crate::extract::{client, credential};
use crate::pages::{HOME, cookies, redirect};
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::accounts::Role;
use model::settings::Registration;
use service::accounts;
use service::actor::Actor;
use url::form_urlencoded;

/// Who looks at a page; `None` before log-in.
#[derive(Clone)]
pub struct Visitor(pub Option<Actor>);

/// The layer.
pub async fn page_guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = match visitor(&state, &parts).await {
        Ok(visitor) => visitor,
        Err(error) => return crate::envelope::Failure(error).into_response(),
    };
    let is_page = matches!(parts.method, Method::GET | Method::HEAD) && !parts.uri.path().starts_with("/_fn/");
    if is_page {
        match elsewhere(&state, &parts.uri, visitor.as_ref()).await {
            Ok(None) => {}
            Ok(Some(mut response)) => {
                // A cookie that is no longer good would only be sent in vain.
                if visitor.is_none() && credential::session(&parts.headers, state.cookie).is_some() {
                    response.headers_mut().append(header::SET_COOKIE, cookies::forget_session(&state));
                }
                return response;
            }
            Err(error) => return crate::envelope::Failure(error).into_response(),
        }
    }
    // Every server function needs a caller, so it is refused here, whatever it may forget. A form that was sent without scripts gets a page.
    if visitor.is_none() && parts.uri.path().starts_with("/_fn/") {
        let wants_page =
            parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"));
        return if wants_page { redirect("/login") } else { unauthenticated().into_response() };
    }
    parts.extensions.insert(Visitor(visitor));
    next.run(Request::from_parts(parts, body)).await
}

/// Who holds the session's cookie. Pages read no API keys.
pub async fn visitor(state: &AppState, parts: &Parts) -> model::Result<Option<Actor>> {
    match credential::session(&parts.headers, state.cookie) {
        Some(token) => accounts::actor_of_session(&state.service, token, &client::info(&parts.headers, &parts.extensions)).await,
        None => Ok(None),
    }
}

/// Where the visitor is sent instead of the page, if anywhere.
async fn elsewhere(state: &AppState, uri: &Uri, visitor: Option<&Actor>) -> model::Result<Option<Response>> {
    let path = uri.path();
    let logged_in = visitor.is_some();
    let is_administration = path == "/admin" || path.starts_with("/admin/");
    Ok(match (path, logged_in) {
        ("/login" | "/login/code", true) => Some(redirect(&next_of(uri))),
        ("/login", false) if accounts::setup_needed(&state.service).await? => Some(redirect("/setup")),
        ("/setup", _) if !accounts::setup_needed(&state.service).await? => Some(redirect(if logged_in { HOME } else { "/login" })),
        ("/register", true) => Some(redirect(&next_of(uri))),
        ("/register", false) if accounts::setup_needed(&state.service).await? => Some(redirect("/setup")),
        ("/register", false) if state.service.settings.current().registration == Registration::Closed => Some(redirect("/login")),
        // Document 003: whoever is no administrator manages their own keys at this address, and sees nothing else.
        (_, true) if is_administration && visitor.is_some_and(|visitor| visitor.role != Role::Admin) => Some(redirect("/profile?tab=keys")),
        ("/login" | "/login/code" | "/setup" | "/register", _) | (_, true) => None,
        (_, false) => {
            let here = uri.path_and_query().map_or("/", |here| here.as_str());
            let next: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
            Some(redirect(&if path == "/" { "/login".to_owned() } else { format!("/login?next={next}") }))
        }
    })
}

fn next_of(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let next = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "next").map(|(_, value)| value.into_owned());
    crate::pages::safe_next(next.as_deref())
}

//! The only reader of Leptos context on the server: who asks, what they prefer, and the way to set a status.

use crate::error::UiError;
pub use crate::prefs::Prefs;
use crate::site::Site;
use axum::http::header::{ACCEPT, COOKIE};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use model::{Error, ErrorCode};
use service::Service;
use service::actor::Actor;

/// What the door knows about a request.
#[derive(Clone)]
struct Request {
    service: Service,
    actor: Option<Actor>,
    prefs: Prefs,
}

/// Called by the door in the context closure of pages and of server functions alike.
pub fn provide(service: Service, actor: Option<Actor>, prefs: Prefs) {
    provide_context(Request { service, actor, prefs });
}

/// The service and the caller; an error without a caller. First line of every server function.
pub fn context() -> Result<(Service, Actor), UiError> {
    let Some(request) = use_context::<Request>() else {
        return Err(Error::internal().into());
    };
    match request.actor {
        Some(actor) => Ok((request.service, actor)),
        None => Err(Error::new(ErrorCode::Unauthenticated, "Please log in first.").into()),
    }
}

/// Language and theme; the defaults while routes are being listed, when there is no request.
pub fn prefs() -> Prefs {
    use_context::<Request>().map_or_else(Prefs::default, |request| request.prefs)
}

/// The time zone that the browser told by its cookie.
pub fn time_zone() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get(COOKIE)?.to_str().ok()?;
    let (_, zone) = cookies.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == crate::zone::COOKIE)?;
    crate::zone::is_plausible(zone).then(|| zone.to_owned())
}

/// What the settings say about the site; the defaults while routes are being listed.
pub fn site() -> Site {
    use_context::<Request>().map_or_else(Site::default, |request| {
        let settings = request.service.settings.current();
        Site { name: settings.site_name.clone(), registration: settings.registration }
    })
}

/// The id of the request, which the door puts into its headers.
pub fn request_id() -> Option<String> {
    let parts = use_context::<Parts>()?;
    Some(parts.headers.get("x-request-id")?.to_str().ok()?.to_owned())
}

/// Sets the HTTP status of the page or of the server function. A plain form, sent without scripts, is answered with a redirect
/// that carries the error, and a status would take the redirect away.
pub fn set_status(status: u16) {
    if use_context::<Parts>().is_some_and(|parts| is_plain_form(&parts)) {
        return;
    }
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

fn is_plain_form(parts: &Parts) -> bool {
    let accept = parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    parts.method == Method::POST && accept.contains("text/html")
}

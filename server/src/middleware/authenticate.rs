//! Stands before every REST handler that needs a caller: finds the credential, asks `service` who it is, counts the request.

use crate::envelope::Failure;
use crate::extract::actor::unauthenticated;
use crate::extract::client;
use crate::extract::credential::{self, Credential, QueryKey};
use crate::middleware::cross_site;
use crate::middleware::rate_limit::{Allowance, CountedBy};
use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::{Error, ErrorCode};
use service::accounts;
use service::actor::Actor;

/// From which sites a session's requests may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sites {
    /// From any if they only read.
    ToRead,
    /// From our own pages alone, whatever the method: what costs points is never only read.
    Own,
}

/// The layer.
pub async fn authenticate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (found, allowance) = admit(&state, &parts, Sites::ToRead).await;
    let mut response = match found {
        Err(error) => Failure(error).into_response(),
        Ok(actor) => {
            parts.extensions.insert(actor);
            next.run(Request::from_parts(parts, body)).await
        }
    };
    if let Some(allowance) = allowance {
        allowance.write(response.headers_mut());
    }
    response
}

/// Who sent a request that may go on, and what is left of the sender's quota.
pub async fn admit(state: &AppState, parts: &Parts, sites: Sites) -> (Result<Actor, Error>, Option<Allowance>) {
    let found = actor(state, parts, sites).await;
    let everybody = state.service.request_limit_per_minute();
    let (by, limit) = match &found {
        Ok(actor) => match accounts::own_limits(&state.service, actor.user_id).requests_per_minute {
            Some(own) => (CountedBy::User(actor.user_id), u32::try_from(own).unwrap_or(u32::MAX)),
            None => (CountedBy::actor(actor), everybody),
        },
        Err(_) => (CountedBy::address(client::address(&parts.extensions)), everybody),
    };
    match state.rate_limit.count(by, limit) {
        Err((error, allowance)) => (Err(error), Some(allowance)),
        Ok(allowance) => (found, allowance),
    }
}

/// Who sent the request. A wrong credential is an error: nothing else that the request may carry is tried after it.
async fn actor(state: &AppState, parts: &Parts, sites: Sites) -> Result<Actor, Error> {
    let (headers, extensions) = (&parts.headers, &parts.extensions);
    let query = extensions.get::<QueryKey>();
    match credential::find(headers, query, state.cookie)? {
        Credential::Nothing => Err(unauthenticated().0),
        Credential::Key { key, from_query } => {
            accounts::actor_of_key(&state.service, key, from_query, &client::info(headers, extensions)).await
        }
        Credential::Session(token) => {
            // Before the session is looked at, so that a foreign page cannot even keep it alive.
            if sites == Sites::Own || cross_site::is_write(&parts.method) {
                cross_site::check(headers, state.public_origin.as_deref())?;
            }
            let found = accounts::actor_of_session(&state.service, token, &client::info(headers, extensions)).await?;
            found.ok_or_else(|| Error::new(ErrorCode::CredentialExpired, "The session has ended. Log in again."))
        }
    }
}

//! What every request passes, whatever it asks for: request id, key out of the address, client's address, cross-origin rules, limits of the
//! body, panics, cross-site check, security headers, access log. One service around the router, because layers inside it would be cloned and
//! boxed for each request and each part.

use crate::envelope::{self, Failure};
use crate::extract::client::{self, Address};
use crate::extract::json::too_large;
use crate::middleware::access_log::{self, Line};
use crate::middleware::body::{self, BODY_TIME, MAX_BODY};
use crate::middleware::cors::{self, Cors};
use crate::middleware::request_id::{self, RequestId};
use crate::middleware::{cross_site, security_headers, strip_api_key};
use crate::state::AppState;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use model::Error;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::task::{Context, Poll};
use std::time::Instant;
use tower::Service;
use tracing::Instrument;

/// The router with everything around it. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    state: AppState,
    router: Router,
}

impl Door {
    /// Puts the door around a finished router.
    pub fn new(state: AppState, router: Router) -> Self {
        Door { state, router }
    }

    /// Answers one request.
    pub async fn answer(self, mut request: Request<Body>) -> Response {
        let begun = Instant::now();
        let id = RequestId::of(request.headers());
        strip_api_key::strip(&mut request);
        let address = client::find(request.headers(), request.extensions(), self.state.service.config.trusted_proxies);
        request.extensions_mut().insert(Address(address));
        // Server functions read it there: they see headers, not the extensions of this crate.
        request.headers_mut().insert(request_id::HEADER, id.value());
        let allowed = self.state.cors.allowed(request.headers(), request.uri().path());
        let (method, uri) = (request.method().clone(), request.uri().clone());
        // Named by the id that the caller is told, so that a report leads to the log lines of the services.
        let span = tracing::error_span!("request", id = id.as_str());

        let mut response = if allowed.is_some() && cors::is_preflight(&request) {
            cors::preflight()
        } else {
            self.guarded(request).instrument(span.clone()).await
        };
        envelope::render(&mut response, uri.path(), id.as_str());
        let headers = response.headers_mut();
        if let Some(allowed) = allowed {
            Cors::add(allowed, headers);
        }
        security_headers::add(headers, self.state.https);
        headers.insert(request_id::HEADER, id.value());
        let (status, time) = (response.status(), begun.elapsed());
        self.state.meters.count(status, time);
        span.in_scope(|| access_log::write(&Line { method: &method, path: uri.path(), status, address, time }));
        response
    }

    /// The router's answer to a request that may reach it.
    async fn guarded(&self, request: Request<Body>) -> Response {
        if let Err(error) = self.check_site(&request) {
            return Failure(error).into_response();
        }
        let Ok(request) = body::limit(request, MAX_BODY, BODY_TIME) else {
            return Failure(too_large(MAX_BODY)).into_response();
        };
        let mut router = self.router.clone();
        match AssertUnwindSafe(router.call(request)).catch_unwind().await {
            Ok(Ok(response)) => response,
            // The hook of the process has printed the place and the reason.
            Err(_) => Failure(Error::internal()).into_response(),
        }
    }

    /// Everything outside REST is written to with a cookie at most, so foreign pages are refused there. REST decides when it knows the
    /// credential: a key is not sent by a browser on its own.
    fn check_site(&self, request: &Request<Body>) -> Result<(), Error> {
        if cross_site::is_write(request.method()) && !envelope::is_rest(request.uri().path()) {
            cross_site::check(request.headers(), self.state.public_origin.as_deref())?;
        }
        // A method without a meaning here would otherwise be answered by the pages.
        if *request.method() == Method::CONNECT || *request.method() == Method::TRACE {
            return Err(envelope::method_not_allowed_error());
        }
        Ok(())
    }
}

impl Service<Request<Body>> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let door = self.clone();
        Box::pin(async move { Ok(door.answer(request).await) })
    }
}

//! Custom APIs: the list of them, and calling them.

use crate::envelope::{self, Answer, Failure, Success};
use crate::extract::Caller;
use crate::extract::json::{check_type, read};
use crate::middleware::authenticate::{Sites, admit};
use crate::middleware::record::{Open, Seen};
use crate::state::AppState;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::custom_apis::CustomApiView;
use model::{Error, Result};
use serde_json::{Map, Value};
use service::custom_apis::{self, Called, Found, Given, Matched};
use service::reading;

/// Points that a call cost.
const POINTS: HeaderName = HeaderName::from_static("x-points-charged");
/// The id of the call, which its movements of points are named after.
const CALL: HeaderName = HeaderName::from_static("x-call-id");
/// What an upstream sends is shown under our own name: a page from there must not run with the rights of ours.
const FOREIGN: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'");

/// All custom APIs.
///
/// What can be called under `/api/` beside what this document lists: methods, paths, parameters and prices.
#[utoipa::path(get, path = "/api/custom-apis", tag = "custom APIs", operation_id = "list_custom_apis",
    responses((status = 200, description = "The custom APIs.", body = Success<Vec<CustomApiView>>,
        example = json!({"success": true, "message": "", "data": [{
            "id": 3, "name": "Weather", "description": "The weather of a city.", "method": "GET", "path": "/api/weather/{city}", "points_cost": 2,
            "form_schema": [{"key": "city", "label": "City", "type": "text", "required": true, "example": "Shanghai"}]
        }]}))))]
pub async fn list(State(state): State<AppState>, Caller(actor): Caller) -> Answer<Vec<CustomApiView>> {
    Ok(Success::new(custom_apis::list(&state.service, &actor).await?))
}

/// A request under `/api/` that no route took: a custom API, or nothing.
pub async fn call(state: AppState, request: Request) -> Response {
    let api = match custom_apis::find(&state.service, request.method().as_str(), request.uri().path()) {
        Found::Api(api) => api,
        Found::OtherMethod => return Failure(envelope::method_not_allowed_error()).into_response(),
        Found::Nothing => return envelope::not_found().into_response(),
    };
    let (parts, body) = request.into_parts();
    // Also a GET costs points here, so no foreign page may send one with a session.
    let (found, allowance) = admit(&state, &parts, Sites::Own).await;
    let mut response = match found {
        Err(error) => Failure(error).into_response(),
        Ok(actor) => {
            let open = Open::new(&state, &parts, &actor);
            let (given, seen) = given(&parts, &api, body, open.most).await;
            let response = match given {
                Ok(given) => {
                    let request = custom_apis::Request { api, given, at: open.at() };
                    respond(custom_apis::call(&state.service, &actor, request).await)
                }
                Err(error) => Failure(error).into_response(),
            };
            open.close(&state, seen, response).await
        }
    };
    if let Some(allowance) = allowance {
        allowance.write(response.headers_mut());
    }
    response
}

/// The parameters of a call, and what the record keeps of the body.
async fn given(parts: &axum::http::request::Parts, api: &Matched, body: Body, most: usize) -> (Result<Given, Error>, Seen) {
    if api.takes_query() {
        return (Ok(Given::Query(parts.uri.query().unwrap_or_default().to_owned())), Seen::default());
    }
    let bytes = match read(body).await {
        Ok(bytes) => bytes,
        Err(error) => return (Err(error), Seen::default()),
    };
    let seen = Seen::whole(&bytes, most);
    (body_params(parts, &bytes).map(Given::Body), seen)
}

/// A JSON object; nothing at all is an empty one.
fn body_params(parts: &axum::http::request::Parts, bytes: &Bytes) -> Result<Map<String, Value>> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    check_type(&parts.headers)?;
    reading::json(bytes)
}

fn respond(Called { answer, facts }: Called) -> Response {
    let call_id = HeaderValue::from_str(&facts.call_id).ok();
    let mut response = match answer {
        Err(error) => Failure(error).into_response(),
        Ok(answer) => {
            let mut response = Response::new(Body::from(answer.body));
            *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
            *response.headers_mut() = answer.headers;
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, FOREIGN);
            response
        }
    };
    response.headers_mut().insert(POINTS, HeaderValue::from(facts.points));
    if let Some(call_id) = call_id {
        response.headers_mut().insert(CALL, call_id);
    }
    response.extensions_mut().insert(facts);
    response
}

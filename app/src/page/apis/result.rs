//! What a call came to.

use super::send::Reply;
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::time::format_duration;
use serde_json::Value;

/// Status, time, points, headers and body of an answer.
#[component]
pub fn ResultView(
    /// The answer.
    reply: Reply,
    /// Whether a task was submitted.
    is_feature: bool,
) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    let json = serde_json::from_str::<Value>(&reply.body).ok();
    let task = json.as_ref().filter(|_| is_feature && reply.status == 201).map(|json| &json["data"]);
    let number = |key: &str| task.and_then(|task| task[key].as_i64());
    let points = number("points").or_else(|| reply.header("x-points-charged")?.parse().ok());
    let points = grouped(points.unwrap_or(0));
    let next = match (number("id"), reply.header("x-call-id")) {
        (Some(id), _) => Some((route::task(id), fill(a.open_task, &[("id", &id.to_string())]))),
        (None, Some(call)) => Some((format!("{}?call_id={}", route::LOGS, escape(call)), a.open_log.to_owned())),
        (None, None) => None,
    };
    let tone = match reply.status {
        200..=299 => Tone::Ok,
        300..=499 => Tone::Warn,
        _ => Tone::Danger,
    };
    let body = json.and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| reply.body.clone());
    let headers = reply.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n");
    view! {
        <section class="card api-result" data-testid="api-result">
            <header class="card-head">
                <h4 class="card-title">{a.result}</h4>
                {next.map(|(href, text)| view! { <a class="small" href=href>{text}</a> })}
            </header>
            <div class="card-body stack">
                <dl class="api-result-facts">
                    <div><dt>{a.result_status}</dt><dd><Badge tone><span class="num">{reply.status.to_string()}</span></Badge></dd></div>
                    <div><dt>{a.result_time}</dt><dd class="num">{format_duration(reply.duration)}</dd></div>
                    <div><dt>{a.result_points}</dt><dd class="num">{points}</dd></div>
                </dl>
                {if body.is_empty() {
                    view! { <p class="muted">{a.result_empty}</p> }.into_any()
                } else {
                    view! { <CodeBlock text=body title=a.result_body wrap=true/> }.into_any()
                }}
                <details class="api-headers"><summary>{a.result_headers}</summary><CodeBlock text=headers title=a.result_headers wrap=true/></details>
            </div>
        </section>
    }
    .into_any()
}

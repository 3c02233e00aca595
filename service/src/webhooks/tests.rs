mod configuring;
mod messages;
mod sending;
mod telling;

use super::*;
use crate::actor::Actor;
use crate::db::query;
use crate::testing::TestService;
use model::webhooks::{NewWebhook, WebhookEvent, WebhookKind};
use stand_in::StandIn;

/// Features that succeed, fail for good, and never end.
const CATALOG: &str = r#"
rules:
  - { name: good, request: { url: '{{ channel.base_url }}/v1/generate', body: { kind: text, prompt: '{{ params.prompt }}' } }, result_path: $.result }
  - { name: refused, request: { url: '{{ channel.base_url }}/v1/generate?status=400', body: {} }, max_retries: 0 }
features:
  - { key: good, name: 好, category: c, platform: stand-in, rule: good, points: 1, form_schema: [{ key: prompt, type: text }], result_fields: [{ label: 文本, path: $.text }] }
  - { key: refused, name: 坏, platform: stand-in, rule: refused, points: 1, form_schema: [{ key: prompt, type: text }] }
"#;

/// A user with points, an upstream that receives webhooks too.
async fn set_up(t: &TestService) -> (StandIn, Actor) {
    let upstream = StandIn::start().await;
    t.catalog(&upstream.url, CATALOG).await;
    (upstream, t.user("alice", 100).await)
}

fn new(name: &str, url: String) -> NewWebhook {
    NewWebhook { name: name.to_owned(), url, all_tasks: true, ..NewWebhook::default() }
}

/// A webhook that is told about every task; its number and its secret.
async fn webhook(t: &TestService, user: &Actor, url: String) -> (i64, String) {
    let made = create(t, user, new("hook", url)).await.unwrap();
    (made.webhook.id, made.secret.unwrap())
}

/// Requests to `/hooks/…`, oldest first.
fn received(receiver: &StandIn) -> Vec<stand_in::Received> {
    receiver.requests().into_iter().filter(|request| request.path.starts_with("/hooks/")).collect()
}

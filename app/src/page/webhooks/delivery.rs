//! One delivery in full: its body, its attempts with their answers, sending it again.

use super::deliveries::delivery_badge;
use crate::api;
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::time::format_duration;
use model::webhooks::{DeliveryAttemptView, DeliveryDetail, DeliveryStatus, DeliveryView};

/// The delivery.
#[component]
pub fn DeliveryCard(
    /// The delivery.
    detail: DeliveryDetail,
    /// Whether its webhook is switched on.
    enabled: bool,
    /// Loads the page anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let link = use_link();
    let DeliveryDetail { delivery, body, attempts } = detail;
    let DeliveryView { id, message_id, event, task_id, status, created_at, next_attempt_at, .. } = delivery;
    let resend = Action::new(move |(): &()| async move {
        match api::webhooks::resend(id).await {
            Ok(_) => toasts.ok(t.webhooks().resent),
            Err(error) => toasts.error(&error),
        }
        reload.run(());
    });
    let actions = move || {
        view! {
            <span class="row">
                <span class="needs-script">
                    <Button size=Size::Sm icon=IconName::Retry loading=resend.pending() disabled=!enabled || status == DeliveryStatus::Sending on_click=move |_| {
                        resend.dispatch(());
                    }>{t.webhooks().resend}</Button>
                </span>
                <a class="button button-ghost button-sm button-icon" href=move || link.with(&[("delivery", None)]) aria-label=t.common().close title=t.common().close data-noscroll=""><Icon name=IconName::Close/></a>
            </span>
        }
    };
    let task = task_id
        .map(|id| view! { <dt>{t.webhooks().delivery_task}</dt><dd><a class="num" href=route::task(id)>{format!("#{id}")}</a></dd> });
    let next = next_attempt_at.map(|at| view! { <dt>{t.webhooks().delivery_next}</dt><dd><Time at relative=true/></dd> });
    view! {
        <section class="card delivery" data-testid="delivery">
            <header class="card-head">
                <h2 class="card-title">{t.webhooks().delivery}</h2>
                <div class="card-actions">{actions()}</div>
            </header>
            <div class="card-body stack">
                <dl class="desc-list">
                    <dt>{t.webhooks().delivery_event}</dt>
                    <dd>{t.webhook_event(event)}" "<code class="muted">{event.as_str()}</code></dd>
                    <dt>{t.webhooks().state}</dt>
                    <dd>{delivery_badge(t, status)}</dd>
                    {task}
                    <dt>{t.webhooks().delivery_message}</dt>
                    <dd><code class="break">{message_id}</code></dd>
                    <dt>{t.webhooks().delivery_time}</dt>
                    <dd><Time at=created_at/></dd>
                    {next}
                </dl>
                <ol class="timeline">{attempts.into_iter().map(|attempt| view! { <AttemptLine attempt/> }).collect_view()}</ol>
                <details class="attempt-response">
                    <summary>{t.webhooks().delivery_body}</summary>
                    <JsonTree value=body/>
                </details>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn AttemptLine(attempt: DeliveryAttemptView) -> impl IntoView {
    let t = use_strings();
    let DeliveryAttemptView { attempt_no, created_at, duration, status_code, error, response } = attempt;
    let tone = if error.is_empty() { Tone::Ok } else { Tone::Danger };
    view! {
        <li class=format!("tl tl-attempt {}", tone.class()) data-testid="delivery-attempt">
            <span class="tl-dot"></span>
            <div class="attempt">
                <div class="attempt-head">
                    <span class="attempt-no">{fill(t.webhooks().attempt, &[("n", &attempt_no.to_string())])}" · "<Time at=created_at/></span>
                    <code class="attempt-status">{format!("status={status_code}")}</code>
                    <span class="small muted num">{fill(t.webhooks().took, &[("t", &format_duration(duration))])}</span>
                </div>
                {(!error.is_empty()).then(|| view! { <p class="attempt-error">{t.sentence(&error)}</p> })}
                <details class="attempt-response">
                    <summary>{t.webhooks().delivery_response}</summary>
                    <pre class="delivery-answer" tabindex="0">{if response.is_empty() { t.webhooks().answer_empty.to_owned() } else { response }}</pre>
                </details>
            </div>
        </li>
    }
    .into_any()
}

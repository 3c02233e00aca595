//! One record.

use super::{or_dash, tone_of_status};
use crate::api::request_logs::{RequestLogDetail, delete_logs, log};
use crate::i18n::{fill, use_strings};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::request_logs::RequestLogView;
use model::time::format_duration;

/// The page of one record.
#[component]
pub fn RequestLogPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    // An address without a number is that of no record.
    let id = Memo::new(move |_| params.with(|params| params.get("id")).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0));
    let data = Resource::new(move || id.get(), log);
    let retry = Callback::new(move |()| data.refetch());
    let crumbs = || vec![Crumb::new(t.request_logs().title, route::LOGS)];
    view! {
        <div class="page log-detail-page">
            <Transition fallback=|| view! { <Skeleton lines=2/><Skeleton lines=8/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(detail) => anew(move || view! { <Loaded detail=detail.clone()/> }),
                        Err(error) => anew(move || view! {
                            <PageHead title=t.request_logs().detail_title crumbs=crumbs()/>
                            <ErrorBox error=error.clone() retry/>
                        }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Loaded(detail: RequestLogDetail) -> impl IntoView {
    let t = use_strings();
    let r = t.request_logs();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let asking = RwSignal::new(false);
    let RequestLogDetail { log, key } = detail;
    // What went wrong is what people look for first.
    let failed = !log.error.is_empty();
    let id = log.id;
    let delete = Action::new(move |()| delete_logs(vec![id]));
    toasts.follow(delete.value(), move |count| fill(r.deleted, &[("n", &count.to_string())]));
    Effect::new(move |_| {
        if delete.value().with(|answer| matches!(answer, Some(Ok(_)))) {
            navigate(route::LOGS, Default::default());
        }
    });
    let RequestLogView { key_id, created_at, rule_name, method, path, consume_points, status_code, duration, remote_addr, .. } =
        log.clone();
    let key = match (key_id, key) {
        (None, _) => r.session.into_any(),
        (Some(_), Some((name, prefix))) => view! { {name}" "<span class="mono muted">{format!("{prefix}…")}</span> }.into_any(),
        (Some(id), None) => fill(r.key_number, &[("id", &id.to_string())]).into_any(),
    };
    let fact = |label: &'static str, value: AnyView| view! { <div class="log-fact"><dt>{label}</dt><dd>{value}</dd></div> };
    let call = (!log.call_id.is_empty()).then(|| fact(r.label_call, view! { <span class="mono">{log.call_id.clone()}</span> }.into_any()));
    let request = (!log.request_id.is_empty()).then(|| {
        fact(r.label_request_id, view! { <span class="mono" data-testid="request-id">{log.request_id.clone()}</span> }.into_any())
    });
    view! {
        <PageHead title=r.detail_title crumbs=vec![Crumb::new(r.title, route::LOGS)]>
            <span class="needs-script"><Button icon=IconName::Trash on_click=move |_| asking.set(true)>{r.delete}</Button></span>
        </PageHead>
        <section class="card log-facts">
            <dl>
                {fact(r.label_time, view! { <Time at=created_at/> }.into_any())}
                {fact(r.label_rule, or_dash(&rule_name).into_any())}
                {fact(r.label_points, grouped(consume_points).into_any())}
                {fact(
                    r.label_request,
                    view! { <span class="log-method">{method.to_uppercase()}</span>" "<span class="mono log-path">{or_dash(&path)}</span> }.into_any(),
                )}
                {fact(r.label_status, view! { <Badge tone=tone_of_status(status_code)><span class="num">{status_code.to_string()}</span></Badge> }.into_any())}
                {fact(r.label_duration, format_duration(duration).into_any())}
                {fact(r.label_address, view! { <span class="mono">{or_dash(&remote_addr)}</span> }.into_any())}
                {fact(r.label_key, key)}
                {request}
                {call}
            </dl>
        </section>
        <div class="log-parts">
            {failed.then(|| view! { <Part title=r.error text=t.sentence(&log.error)/> })}
            <Part title=r.query text=log.raw_query.clone().unwrap_or_default()/>
            <Part title=r.request_body text=log.request_body.clone().unwrap_or_default()/>
            <Part title=r.response_body text=log.response_body.clone().unwrap_or_default()/>
            {(!failed).then(|| view! { <Part title=r.error text=String::new()/> })}
            <p class="small muted">{r.masked_note}</p>
        </div>
        <ConfirmDialog
            open=asking
            title=r.delete_title
            body=fill(r.ask_delete, &[("n", "1")])
            confirm=r.delete
            danger=true
            busy=delete.pending()
            on_confirm=Callback::new(move |()| {
                delete.dispatch(());
            })
        />
    }
    .into_any()
}

/// A text of the record: JSON set out in lines, else as it is; a dash if there is none.
#[component]
fn Part(title: &'static str, text: String) -> impl IntoView {
    let content = if text.is_empty() {
        view! { <p class="muted">"-"</p> }.into_any()
    } else {
        let json = serde_json::from_str::<serde_json::Value>(&text).ok().filter(|value| value.is_object() || value.is_array());
        let (kind, text) = match json.and_then(|value| serde_json::to_string_pretty(&value).ok()) {
            Some(pretty) => ("JSON", pretty),
            None => ("", text),
        };
        view! { <CodeBlock text=text title=kind wrap=true/> }.into_any()
    };
    view! { <section class="log-part"><h2>{title}</h2>{content}</section> }.into_any()
}

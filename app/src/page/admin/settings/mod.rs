//! System settings, in groups, saved as a whole.

mod form;

use crate::api::admin::settings::{load, save};
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::page::tasks::anew;
use crate::ui::*;
use form::Form;
use leptos::prelude::*;
use model::ErrorCode;
use model::settings::{Registration, SettingsDefaults, SettingsView};

/// The page of the system settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let t = use_strings();
    let data = Resource::new(|| (), |()| load());
    let reload = Callback::new(move |()| data.refetch());
    view! {
        <PageHead title=t.shell().admin_settings description=t.settings().lead/>
        <Transition fallback=|| view! { <Skeleton lines=12/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(view) => anew(move || view! { <SettingsForm view=view.clone() reload/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// A field with the error that is about it.
fn error_at(t: &'static Strings, failure: Signal<Option<UiError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        let error = failure.get().filter(|error| error.0.field.as_deref() == Some(field))?;
        Some(t.sentence(&error.0.message))
    })
}

/// The form.
#[component]
fn SettingsForm(view: SettingsView, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let SettingsView { version, settings, defaults } = view;
    let version = RwSignal::new(version);
    let form = Form::new(&settings);
    let stored = RwSignal::new(settings);
    let keep = Action::new(move |(): &()| save(version.get_untracked(), form.read(&stored.get_untracked())));
    Effect::new(move |_| {
        if let Some(Ok(fresh)) = keep.value().get() {
            version.set(fresh.version);
            stored.set(fresh.settings);
            toasts.ok(t.settings().saved);
        }
    });
    let failure = Signal::derive(move || keep.value().get().and_then(Result::err));
    let conflict = move || failure.get().is_some_and(|error| error.code() == ErrorCode::Conflict);
    let other_failure = move || failure.get().filter(|error| error.0.field.is_none() && error.code() != ErrorCode::Conflict);
    let changed = Memo::new(move |_| stored.with(|stored| form.differs(stored)));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        keep.dispatch(());
    };
    view! {
        <form class="stack settings" on:submit=submit>
            <Site form failure/>
            <Registering form/>
            <AccessGroup form failure defaults=defaults.clone()/>
            <Retries form failure defaults=defaults.clone()/>
            <Retention form failure/>
            <Outbound form failure defaults/>
            {move || conflict().then(|| view! {
                <p class="notice tone-warn" role="alert">
                    <Icon name=IconName::Alert/>
                    <span>{t.settings().changed_elsewhere}</span>
                    <Button size=Size::Sm icon=IconName::Refresh on_click=move |_| reload.run(())>{t.common().reload}</Button>
                </p>
            })}
            {move || other_failure().map(|error| view! { <ErrorBox error/> })}
            <div class="settings-foot">
                <span class="small muted" role="status">{move || changed.get().then_some(t.settings().unsaved)}</span>
                <Button variant=Variant::Primary kind="submit" loading=keep.pending() disabled=Signal::derive(move || !changed.get())>{t.settings().save}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Name and texts.
#[component]
fn Site(form: Form, failure: Signal<Option<UiError>>) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    view! {
        <Card title=s.group_site>
            <div class="stack">
                <FormField label=s.site_name id="site-name" help=s.site_name_help error=error_at(t, failure, "site_name")>
                    <Input value=form.site_name placeholder=t.shell().product attr:maxlength="40" attr:autocomplete="off"/>
                </FormField>
                <FormField label=s.recharge_content id="recharge-content" help=s.recharge_content_help error=error_at(t, failure, "recharge_content")>
                    <Textarea value=form.recharge_content rows=6/>
                </FormField>
                <Number
                    value=form.low_balance_default
                    label=s.low_balance_default
                    help=s.low_balance_default_help
                    field="low_balance_default"
                    range=(0, 1_000_000_000_000)
                    default=String::new()
                    failure
                />
            </div>
        </Card>
    }
    .into_any()
}

/// Who may register.
#[component]
fn Registering(form: Form) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    let text = |one: Registration| match one {
        Registration::Closed => s.registration_closed,
        Registration::Invitation => s.registration_invitation,
        Registration::Open => s.registration_open,
    };
    let choices = Registration::ALL.map(|one| Choice::new(one.as_str(), text(one))).to_vec();
    view! {
        <Card title=s.group_registration>
            <FormField label=s.registration id="registration" help=s.registration_help>
                <Select value=form.registration options=choices.clone()/>
            </FormField>
        </Card>
    }
    .into_any()
}

/// Keys in addresses, and how much a caller may.
#[component]
fn AccessGroup(form: Form, failure: Signal<Option<UiError>>, defaults: SettingsDefaults) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    let word = |on: bool| if on { s.on } else { s.off };
    let choices = vec![
        Choice::new("", fill(s.as_configured, &[("value", word(defaults.api_key_in_query))])),
        Choice::new("true", s.on),
        Choice::new("false", s.off),
    ];
    view! {
        <Card title=s.group_access>
            <div class="grid-3">
                <FormField label=s.api_key_in_query id="api-key-in-query" help=s.api_key_in_query_help>
                    <Select value=form.api_key_in_query options=choices.clone()/>
                </FormField>
                <Number
                    value=form.request_limit_per_minute
                    label=s.request_limit_per_minute
                    help=s.request_limit_per_minute_help
                    field="request_limit_per_minute"
                    range=(0, 1_000_000)
                    default=limit(t, defaults.request_limit_per_minute)
                    failure
                />
                <Number
                    value=form.max_parallel_per_user
                    label=s.max_parallel_per_user
                    help=s.max_parallel_per_user_help
                    field="max_parallel_per_user"
                    range=(0, 10_000)
                    default=limit(t, defaults.max_parallel_per_user)
                    failure
                />
            </div>
        </Card>
    }
    .into_any()
}

fn limit(t: &Strings, n: i64) -> String {
    if n == 0 { t.settings().unlimited.to_owned() } else { n.to_string() }
}

/// Intervals between attempts.
#[component]
fn Retries(form: Form, failure: Signal<Option<UiError>>, defaults: SettingsDefaults) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    view! {
        <Card title=s.group_tasks>
            <div class="grid-3">
                <Number
                    value=form.default_interval_seconds
                    label=s.default_interval_seconds
                    help=s.default_interval_seconds_help
                    field="default_interval_seconds"
                    range=(1, 86_400)
                    default=defaults.default_interval_seconds.to_string()
                    failure
                />
                <Number
                    value=form.min_interval_seconds
                    label=s.min_interval_seconds
                    help=s.min_interval_seconds_help
                    field="min_interval_seconds"
                    range=(1, 86_400)
                    default=defaults.min_interval_seconds.to_string()
                    failure
                />
            </div>
        </Card>
    }
    .into_any()
}

/// How long things are kept.
#[component]
fn Retention(form: Form, failure: Signal<Option<UiError>>) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    let days = move |value: RwSignal<String>, label: &'static str, help: &'static str, field: &'static str, default: &str| {
        view! { <Number value label help field range=(1, 36_500) default=default.to_owned() failure/> }
    };
    let logs = move |value: RwSignal<String>, label: &'static str, field: &'static str, most: i64, default: &'static str| {
        view! { <Number value label help=s.request_log_help field range=(0, most) default=default.to_owned() failure/> }
    };
    view! {
        <Card title=s.group_retention>
            <div class="grid-3">
                {days(form.task_retention_days, s.task_retention_days, s.retention_help, "task_retention_days", "")}
                {days(form.attempt_retention_days, s.attempt_retention_days, s.retention_help, "attempt_retention_days", "")}
                {days(form.webhook_retention_days, s.webhook_retention_days, s.webhook_retention_help, "webhook_retention_days", "30")}
                {logs(form.request_log_days, s.request_log_days, "request_log_days", 36_500, "30")}
                {logs(form.request_log_megabytes, s.request_log_megabytes, "request_log_megabytes", 10_000_000, "4096")}
                {logs(form.request_log_body_bytes, s.request_log_body_bytes, "request_log_body_bytes", 1 << 20, "16384")}
            </div>
        </Card>
    }
    .into_any()
}

/// What outbound calls may reach.
#[component]
fn Outbound(form: Form, failure: Signal<Option<UiError>>, defaults: SettingsDefaults) -> impl IntoView {
    let t = use_strings();
    let s = t.settings();
    let configured = (!defaults.outbound_allow.is_empty()).then(|| {
        view! { <p class="small muted">{fill(s.outbound_configured, &[("value", &defaults.outbound_allow.join(", "))])}</p> }
    });
    view! {
        <Card title=s.group_outbound>
            <div class="stack">
                <FormField label=s.outbound_allow id="outbound-allow" help=s.outbound_allow_help error=error_at(t, failure, "outbound_allow")>
                    <Textarea value=form.outbound_allow rows=4 mono=true placeholder="10.0.0.0/8:*"/>
                </FormField>
                {configured}
            </div>
        </Card>
    }
    .into_any()
}

/// A number that may be empty, with what counts then.
#[component]
fn Number(
    value: RwSignal<String>,
    label: &'static str,
    help: &'static str,
    field: &'static str,
    range: (i64, i64),
    default: String,
    failure: Signal<Option<UiError>>,
) -> impl IntoView {
    let t = use_strings();
    let help =
        if default.is_empty() { help.to_owned() } else { format!("{help} {}", fill(t.settings().default_is, &[("value", &default)])) };
    let (least, most) = range;
    view! {
        <FormField label id=field.replace('_', "-") help error=error_at(t, failure, field)>
            <Input kind="number" value placeholder=default.clone() attr:min=least.to_string() attr:max=most.to_string() attr:step="1"/>
        </FormField>
    }
    .into_any()
}

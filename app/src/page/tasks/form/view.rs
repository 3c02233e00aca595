//! The sections of the form of a task.

use super::field::FieldControl;
use super::headers::HeaderRows;
use super::segmented::Segmented;
use super::state::{FormState, RunLimits};
use crate::i18n::{fill, use_strings};
use crate::route;
use crate::ui::{Card, Checkbox, Choice, FormField, Input};
use leptos::prelude::*;
use model::rules::UNLIMITED;
use model::webhooks::WebhookView;

/// The feature's own fields. In a batch the field that each line fills is left out.
#[component]
pub fn ParamsSection(
    /// The form.
    form: FormState,
    /// A field that is not shown: in a batch each line has its own.
    #[prop(optional, into)]
    without: Signal<Option<usize>>,
) -> impl IntoView {
    let t = use_strings();
    let count = form.fields.with_value(Vec::len);
    let shown = Memo::new(move |_| (0..count).filter(|index| without.get() != Some(*index)).collect::<Vec<_>>());
    let is_shared = Memo::new(move |_| without.get().is_some());
    let title = move || if is_shared.get() { t.task_batch().shared } else { t.task_form().params };
    let note = move || is_shared.get().then(|| view! { <p class="small muted">{t.task_batch().shared_note}</p> });
    let needless = move || is_shared.get() && shown.with(Vec::is_empty);
    view! {
        <section class="card" class:is-hidden=needless>
            <header class="card-head">
                <h2 class="card-title">{title}</h2>
                {note}
            </header>
            <div class="card-body form-fields">
                <For each=move || shown.get() key=|index| *index children=move |index| view! { <FieldControl form index/> }/>
                {(count == 0).then(|| view! { <p class="muted">{t.task_form().no_params}</p> })}
            </div>
        </section>
    }
    .into_any()
}

/// Name and category.
#[component]
pub fn AboutSection(
    /// The form.
    form: FormState,
    /// Categories in use.
    categories: Vec<String>,
    /// The category of the feature, taken if none is given.
    #[prop(into)]
    default_category: String,
) -> impl IntoView {
    let t = use_strings();
    let hint =
        if default_category.is_empty() { String::new() } else { fill(t.task_form().category_hint, &[("category", &default_category)]) };
    let known = categories.into_iter().filter(|category| !category.is_empty()).map(|category| view! { <option value=category></option> });
    view! {
        <Card title=t.task_form().about>
            <div class="form-fields form-pair">
                <FormField label=t.task_form().name id="task-name" error=form.error("name") optional=true>
                    <Input name="texts[name]" value=form.name placeholder=t.task_form().name_hint attr:autocomplete="off"/>
                </FormField>
                <FormField label=t.task_form().category id="task-category" error=form.error("category") optional=true>
                    <Input name="texts[category]" value=form.category placeholder=hint.clone() attr:list="task-categories" attr:autocomplete="off"/>
                </FormField>
                <datalist id="task-categories">{known.collect_view()}</datalist>
            </div>
        </Card>
    }
    .into_any()
}

/// Retries, interval, priority and headers.
#[component]
pub fn SettingsSection(
    /// The form.
    form: FormState,
    /// What the rule allows; `None` if it is not known.
    limits: Option<RunLimits>,
) -> impl IntoView {
    let t = use_strings();
    let f = t.task_form();
    let limit_note = limits.map(|limits| match limits.retries {
        UNLIMITED => f.retry_unlimited.to_owned(),
        most => fill(f.retry_limit, &[("n", &most.to_string())]),
    });
    let default = move |pick: fn(RunLimits) -> i64| {
        let show = |limits: RunLimits| match pick(limits) {
            UNLIMITED => fill(f.default_value, &[("n", t.tasks().unlimited)]),
            n => fill(f.default_value, &[("n", &n.to_string())]),
        };
        limits.map(show).unwrap_or_default()
    };
    let left = move |_| {
        if let Some(limits) = limits {
            form.check_settings(t, limits);
        }
    };
    let most = limits.filter(|limits| limits.retries >= 0).map(|limits| limits.retries.to_string());
    let priorities = vec![Choice::new("normal", t.tasks().normal), Choice::new("urgent", t.tasks().urgent)];
    view! {
        <Card title=f.settings>
            <div class="form-fields form-pair">
                <FormField label=f.max_retries id="task-retries" nostrip:help=limit_note error=form.error("max_retries") optional=true>
                    <Input
                        kind="number"
                        name="texts[max_retries]"
                        value=form.max_retries
                        placeholder=default(|limits| limits.default_retries)
                        attr:min=if limits.is_some_and(|limits| limits.retries < 0) { "-1" } else { "0" }
                        attr:max=most.clone()
                        attr:step="1"
                        on_blur=left
                    />
                </FormField>
                <FormField label=f.interval id="task-interval" help=f.interval_note error=form.error("interval_seconds") optional=true>
                    <Input
                        kind="number"
                        name="texts[interval_seconds]"
                        value=form.interval
                        placeholder=default(|limits| limits.default_interval)
                        attr:min=limits.map(|limits| limits.smallest_interval.to_string())
                        attr:step="1"
                        on_blur=left
                    />
                </FormField>
                <div class="form-wide">
                    <Segmented
                        label=f.priority
                        name="texts[priority]"
                        options=priorities
                        value=form.priority
                        help=Some(f.priority_note.to_owned())
                    />
                </div>
                <div class="form-wide"><HeaderRows form/></div>
            </div>
        </Card>
    }
    .into_any()
}

/// Where its end is announced: the webhooks to choose from.
#[component]
pub fn WebhookSection(
    /// The form.
    form: FormState,
    /// The caller's webhooks.
    webhooks: Vec<WebhookView>,
) -> impl IntoView {
    let t = use_strings();
    // One that is off can be taken away from a task, but not be chosen.
    let offered: Vec<_> = webhooks
        .into_iter()
        .filter(|webhook| webhook.enabled || form.webhooks.with_untracked(|chosen| chosen.contains(&webhook.id)))
        .collect();
    // A task that is used as a pattern may have chosen what is gone since.
    form.webhooks.update_untracked(|chosen| chosen.retain(|id| offered.iter().any(|webhook| webhook.id == *id)));
    let error = form.error("webhook_ids");
    let content = if offered.is_empty() {
        view! {
            <p class="webhook-none">
                <a href=route::PROFILE_WEBHOOKS>{t.task_form().no_webhooks}</a>
            </p>
        }
        .into_any()
    } else {
        let choice = |(index, webhook): (usize, WebhookView)| {
            let WebhookView { id, name, kind, enabled, all_tasks, .. } = webhook;
            let checked = RwSignal::new(form.webhooks.with_untracked(|chosen| chosen.contains(&id)));
            let changed = move |_| {
                form.webhooks.update(|chosen| match checked.get_untracked() {
                    true => drop(chosen.insert(id)),
                    false => drop(chosen.remove(&id)),
                })
            };
            let note = match (enabled, all_tasks) {
                (false, _) => Some(t.common().disabled),
                (_, true) => Some(t.webhooks().scope_all),
                _ => None,
            };
            view! {
                <Checkbox checked name=format!("texts[webhook_ids][{index}]") value=id.to_string() on_change=changed>
                    <span>{name}</span>
                    <span class="tag">{t.webhook_kind(kind)}</span>
                    {note.map(|note| view! { <span class="tag">{note}</span> })}
                </Checkbox>
            }
        };
        view! {
            <div class="webhook-choices">{offered.into_iter().enumerate().map(choice).collect_view()}</div>
            <p class="field-error" role="alert">{move || error.get()}</p>
        }
        .into_any()
    };
    view! {
        <Card title=t.task_form().webhooks>
            <p class="small muted">{t.task_form().webhooks_note}</p>
            {content}
        </Card>
    }
    .into_any()
}

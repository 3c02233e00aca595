//! The form of a webhook, for making and for changing one.

use super::fields::WebhookFields;
use crate::error::UiError;
use crate::i18n::use_strings;
use crate::ui::*;
use leptos::prelude::*;
use model::webhooks::{MessageLanguage, WebhookEvent, WebhookKind};

/// What the address of each kind looks like.
fn example(kind: WebhookKind) -> &'static str {
    match kind {
        WebhookKind::Standard => "https://example.com/webhooks",
        WebhookKind::Wecom => "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
        WebhookKind::Dingtalk => "https://oapi.dingtalk.com/robot/send?access_token=…",
        WebhookKind::Feishu => "https://open.feishu.cn/open-apis/bot/v2/hook/…",
        WebhookKind::Bark => "https://api.day.app/…",
    }
}

/// All fields, with what is wrong with each.
#[component]
pub fn WebhookForm(
    /// The form.
    fields: WebhookFields,
    /// Why the last try was refused.
    #[prop(into)]
    failure: Signal<Option<UiError>>,
) -> impl IntoView {
    let t = use_strings();
    let w = t.webhooks();
    const FIELDS: [&str; 5] = ["name", "url", "signing_secret", "events", "headers"];
    let at = move |field: &'static str| {
        Signal::derive(move || {
            let error = failure.get().filter(|error| error.0.field.as_deref() == Some(field))?;
            Some(if field == "headers" && error.0.request_id.is_none() {
                t.webhooks().headers_bad.to_owned()
            } else {
                t.sentence(&error.0.message)
            })
        })
    };
    let rest = move || failure.get().filter(|error| !error.0.field.as_deref().is_some_and(|field| FIELDS.contains(&field)));
    let kinds = WebhookKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), t.webhook_kind(*kind))).collect::<Vec<_>>();
    let languages = vec![Choice::new(MessageLanguage::Zh.as_str(), w.message_zh), Choice::new(MessageLanguage::En.as_str(), w.message_en)];
    let choice = move |(event, on): (WebhookEvent, RwSignal<bool>)| {
        view! {
            <Checkbox checked=on value=event.as_str()>
                <span>{t.webhook_event(event)}</span>
                <span class="check-help mono">{event.as_str()}</span>
            </Checkbox>
        }
    };
    let events = fields.events.get_value().into_iter().map(choice).collect_view();
    let kind = Memo::new(move |_| fields.chosen_kind());
    let secret = move || {
        kind.get().takes_secret().then(|| {
            let help = if fields.is_signed {
                format!("{} {}", t.webhooks().signing_secret_help, t.webhooks().signing_secret_kept)
            } else {
                t.webhooks().signing_secret_help.to_owned()
            };
            view! {
                <FormField label=t.webhooks().signing_secret id="webhook-secret" help=help error=at("signing_secret") optional=true>
                    <Input value=fields.signing_secret mono=true attr:autocomplete="off" attr:spellcheck="false"/>
                </FormField>
                {fields.is_signed.then(|| view! { <Checkbox checked=fields.remove_secret>{t.webhooks().signing_secret_remove}</Checkbox> })}
            }
        })
    };
    let language = move || {
        (kind.get() != WebhookKind::Standard).then(|| {
            let languages = languages.clone();
            view! {
                <FormField label=t.webhooks().language id="webhook-language">
                    <Select value=fields.language options=languages.clone()/>
                </FormField>
            }
        })
    };
    let url = move || {
        let placeholder = example(kind.get());
        view! {
            <FormField label=t.webhooks().url id="webhook-url" help=t.webhooks().url_help error=at("url") required=true>
                <Input kind="url".to_owned() value=fields.url placeholder=placeholder required=true mono=true attr:autocomplete="off" attr:spellcheck="false"/>
            </FormField>
        }
    };
    view! {
        <FormField label=w.name id="webhook-name" help=w.name_help error=at("name") required=true>
            <Input value=fields.name required=true attr:maxlength="100" attr:autocomplete="off"/>
        </FormField>
        {(!fields.is_stored).then(|| view! {
            <FormField label=w.kind id="webhook-kind">
                <Select value=fields.kind options=kinds.clone()/>
            </FormField>
        })}
        {url}
        {secret}
        {language}
        <fieldset class="fieldset">
            <legend class="field-label">{w.events}</legend>
            {events}
            <p class="field-help">{w.events_help}</p>
            <p class="field-error" role="alert">{at("events")}</p>
        </fieldset>
        <Switch label=w.all_tasks checked=fields.all_tasks help=w.all_tasks_help/>
        <FormField label=w.headers id="webhook-headers" help=w.headers_help error=at("headers") optional=true>
            <Textarea value=fields.headers rows=2 mono=true attr:spellcheck="false"/>
        </FormField>
        {move || rest().map(|error| view! { <ErrorBox error/> })}
    }
    .into_any()
}

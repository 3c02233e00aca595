//! The form of one custom API.

use crate::api::admin::custom_apis::{CustomApiForm, create_custom_api, edit_custom_api, update_custom_api};
use crate::i18n::{Strings, fill, use_strings};
use crate::page::apis::ParamTable;
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::catalog::Revision;
use model::custom_apis::{CustomApi, CustomApiChoices, CustomApiEntry};
use model::form::FormField as Field;
use model::rules::Method;

/// Every method that can be chosen.
const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
/// Fields of the definition that have a place in the form.
const PLACES: [&str; 8] = ["key", "name", "description", "path", "platform", "rule", "points_cost", "form_schema"];

/// The page: a new custom API, or one of a number.
#[component]
pub fn CustomApiEditPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).map(|text| text.parse::<i64>().unwrap_or(0)));
    let data = Resource::new(move || id.get(), edit_custom_api);
    let retry = Callback::new(move |()| data.refetch());
    let title = Signal::derive(move || if id.get().is_some() { t.admin_custom_apis().edit } else { t.admin_custom_apis().new }.to_owned());
    view! {
        <div class="page">
            <PageHead title crumbs=vec![Crumb::new(t.admin_custom_apis().title, route::ADMIN_CUSTOM_APIS)]/>
            <Transition fallback=|| view! { <Skeleton lines=10/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Form data=data.clone()/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// What is in the form.
#[derive(Clone, Copy)]
struct State {
    key: RwSignal<String>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    method: RwSignal<String>,
    path: RwSignal<String>,
    platform: RwSignal<String>,
    rule: RwSignal<String>,
    points: RwSignal<String>,
    order: RwSignal<String>,
    schema: RwSignal<String>,
    visible: RwSignal<bool>,
    enabled: RwSignal<bool>,
}

impl State {
    fn new(entry: Option<&CustomApiEntry>, choices: &CustomApiChoices) -> Self {
        let api = entry.map(|entry| &entry.definition);
        let text = |pick: fn(&CustomApi) -> String, first: &str| RwSignal::new(api.map_or_else(|| first.to_owned(), pick));
        let only = |list: &[String]| if let [one] = list { one.clone() } else { String::new() };
        State {
            key: text(|api| api.key.clone(), ""),
            name: text(|api| api.name.clone(), ""),
            description: text(|api| api.description.clone(), ""),
            method: text(|api| api.method.as_str().to_owned(), "POST"),
            path: text(|api| api.path.clone(), "/api/"),
            platform: text(|api| api.platform.clone(), &only(&choices.platforms)),
            rule: text(|api| api.rule.clone(), &only(&choices.rules)),
            points: text(|api| api.points_cost.to_string(), "0"),
            order: text(|api| api.sort_order.to_string(), "0"),
            schema: text(|api| serde_json::to_string_pretty(&api.form_schema).unwrap_or_default(), "[]"),
            visible: RwSignal::new(api.is_none_or(|api| api.visible)),
            enabled: RwSignal::new(api.is_none_or(|api| api.enabled)),
        }
    }

    /// The fields, or what is wrong with their text. Reactive.
    fn fields(self) -> Result<Vec<Field>, String> {
        self.schema.with(|text| serde_json::from_str(if text.trim().is_empty() { "[]" } else { text }).map_err(|error| error.to_string()))
    }

    fn read(self, fields: Vec<Field>) -> CustomApi {
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let method = text(self.method);
        CustomApi {
            key: text(self.key),
            name: text(self.name),
            description: text(self.description),
            method: METHODS.into_iter().find(|known| known.as_str() == method).unwrap_or_default(),
            path: text(self.path),
            platform: text(self.platform),
            rule: text(self.rule),
            form_schema: fields,
            // What is no number is refused by the server as being below its limit.
            points_cost: text(self.points).parse().unwrap_or(-1),
            sort_order: text(self.order).parse().unwrap_or(0),
            visible: self.visible.get_untracked(),
            enabled: self.enabled.get_untracked(),
        }
    }
}

/// The place in the form that an error of the server is about.
fn place_of(field: &str) -> Option<&'static str> {
    let first = field.split(['.', '[']).next().unwrap_or_default();
    PLACES.into_iter().find(|place| *place == first)
}

#[component]
fn Form(data: CustomApiForm) -> impl IntoView {
    let t = use_strings();
    let a = t.admin_custom_apis();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let CustomApiForm { entry, choices } = data;
    let state = State::new(entry.as_ref(), &choices);
    let present = entry.as_ref().map(|entry| (entry.id, entry.version));
    let save = Action::new(move |api: &CustomApi| {
        let api = api.clone();
        async move {
            match present {
                Some((id, version)) => update_custom_api(id, Revision { version, definition: api }).await,
                None => create_custom_api(api).await,
            }
        }
    });
    Effect::new(move |_| {
        if save.value().with(|answer| matches!(answer, Some(Ok(_)))) {
            toasts.ok(a.saved);
            navigate(route::ADMIN_CUSTOM_APIS, Default::default());
        }
    });
    let failure = move || save.value().get().and_then(Result::err);
    let at = move |place: &'static str| {
        Signal::derive(move || {
            let error = failure()?;
            let field = error.0.field.as_deref().filter(|field| place_of(field) == Some(place))?;
            let sentence = t.sentence(&error.0.message);
            Some(if field == place { sentence } else { format!("{field}: {sentence}") })
        })
    };
    let schema_error = Signal::derive(move || match state.fields() {
        Err(detail) => Some(fill(a.bad_schema, &[("detail", &detail)])),
        Ok(_) => at("form_schema").get(),
    });
    let other = move || failure().filter(|error| error.0.field.as_deref().and_then(place_of).is_none());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if let Ok(fields) = untrack(|| state.fields()) {
            save.dispatch(state.read(fields));
        }
    };
    let preview = move || match state.fields() {
        Ok(fields) => anew(move || view! { <ParamTable fields=fields.clone() none=t.apis().no_custom_params/> }),
        Err(_) => ().into_any(),
    };
    let missing = choices.rules.is_empty() || choices.platforms.is_empty();
    view! {
        <form class="stack admin-form" on:submit=submit>
            {missing.then(|| view! { <p class="notice tone-warn" role="status"><Icon name=IconName::Alert/><span>{a.no_rules}</span></p> })}
            <Card title=a.basics>
                <div class="form-fields form-pair">
                    <FormField label=a.name id="api-name" error=at("name") required=true><Input value=state.name required=true attr:autocomplete="off"/></FormField>
                    <FormField label=a.key id="api-key" help=a.key_help error=at("key") required=true>
                        <Input value=state.key required=true mono=true attr:autocomplete="off"/>
                    </FormField>
                    <FormField label=a.method id="api-method" help=a.method_help><Select options=methods() value=state.method/></FormField>
                    <FormField label=a.path id="api-path" help=a.path_help error=at("path") required=true>
                        <Input value=state.path required=true mono=true attr:autocomplete="off"/>
                    </FormField>
                    <div class="form-wide">
                        <FormField label=a.description id="api-description" error=at("description") optional=true><Textarea value=state.description rows=3/></FormField>
                    </div>
                    <FormField label=a.points id="api-points" error=at("points_cost") required=true>
                        <Input kind="number" value=state.points required=true attr:min="0" attr:step="1"/>
                    </FormField>
                    <FormField label=a.order id="api-order" help=a.order_help><Input kind="number" value=state.order attr:step="1"/></FormField>
                    <Switch label=a.visible checked=state.visible help=a.visible_help/>
                    <Switch label=a.enabled checked=state.enabled help=a.enabled_help/>
                </div>
            </Card>
            <Card title=a.upstream>
                <div class="form-fields form-pair">
                    <FormField label=a.platform id="api-platform" error=at("platform") required=true>
                        <Select options=some(t, choices.platforms.clone()) value=state.platform required=true/>
                    </FormField>
                    <FormField label=a.rule id="api-rule" help=a.rule_help error=at("rule") required=true>
                        <Select options=some(t, choices.rules.clone()) value=state.rule required=true/>
                    </FormField>
                </div>
            </Card>
            <Card title=a.form_schema>
                <div class="stack">
                    <FormField label=a.form_schema id="api-schema" help=a.form_schema_help error=schema_error>
                        <Textarea value=state.schema rows=12 mono=true attr:spellcheck="false"/>
                    </FormField>
                    <div><h3 class="form-label">{a.preview}</h3>{preview}</div>
                </div>
            </Card>
            {move || other().map(|error| view! { <ErrorBox error/> })}
            <div class="row">
                <Button variant=Variant::Primary kind="submit" loading=save.pending()>{t.common().save}</Button>
                <ButtonLink href=route::ADMIN_CUSTOM_APIS>{t.common().cancel}</ButtonLink>
            </div>
        </form>
    }
    .into_any()
}

fn methods() -> Vec<Choice> {
    METHODS.into_iter().map(|method| Choice::new(method.as_str(), method.as_str())).collect()
}

/// A choice that must be made.
fn some(t: &Strings, names: Vec<String>) -> Vec<Choice> {
    std::iter::once(Choice::new("", t.admin_custom_apis().choose))
        .chain(names.into_iter().map(|name| Choice::new(name.clone(), name)))
        .collect()
}

//! The page that defines a channel.

use super::health::HealthPanel;
use super::test_panel::{Refused, TestPanel};
use crate::api::admin::channels::{ChannelData, channel, save};
use crate::i18n::{Strings, fill, use_strings};
use crate::page::admin::mistakes::{Mistakes, Reader};
use crate::page::tasks::anew;
use crate::page::tasks::form::focus_first_error;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::catalog::ChannelHealth;
use model::rules::Channel;

/// The pages `/admin/channels/new` and `/admin/channels/{id}`.
#[component]
pub fn ChannelEditPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).map(|text| text.parse::<i64>().unwrap_or(0)));
    let data = Resource::new(move || id.get(), channel);
    let retry = Callback::new(move |()| data.refetch());
    // The name of what is stored, once it is known.
    let name = RwSignal::new(None::<String>);
    let title = Signal::derive(move || match id.get() {
        Some(_) => name.get().unwrap_or_else(|| t.catalog().channel.to_owned()),
        None => t.catalog().new_channel.to_owned(),
    });
    view! {
        <div class="page catalog-edit">
            <PageHead title crumbs=vec![Crumb::new(t.shell().channels, route::CHANNELS)]/>
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=2/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(data) => anew(move || view! { <Editor data=data.clone() name reload=retry/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
        </div>
    }
    .into_any()
}

/// What was typed. A copy is the same form.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    platform: RwSignal<String>,
    base_url: RwSignal<String>,
    credential: RwSignal<String>,
    remove_credential: RwSignal<bool>,
    more_credentials: RwSignal<String>,
    remove_more: RwSignal<bool>,
    priority: RwSignal<String>,
    weight: RwSignal<String>,
    max_parallel: RwSignal<String>,
    max_per_minute: RwSignal<String>,
    enabled: RwSignal<bool>,
    mistakes: Mistakes,
}

impl Draft {
    fn new(channel: Option<Channel>) -> Self {
        let text = |pick: fn(&Channel) -> String| RwSignal::new(channel.as_ref().map(pick).unwrap_or_default());
        let number = |pick: fn(&Channel) -> i64, blank: i64| RwSignal::new(channel.as_ref().map_or(blank, pick).to_string());
        Draft {
            name: text(|channel| channel.name.clone()),
            platform: text(|channel| channel.platform.clone()),
            base_url: text(|channel| channel.base_url.clone()),
            credential: RwSignal::new(String::new()),
            remove_credential: RwSignal::new(false),
            more_credentials: RwSignal::new(String::new()),
            remove_more: RwSignal::new(false),
            priority: number(|channel| channel.priority, 0),
            weight: number(|channel| channel.weight, 1),
            max_parallel: number(|channel| channel.max_parallel, 64),
            max_per_minute: number(|channel| channel.max_per_minute, 0),
            enabled: RwSignal::new(channel.as_ref().is_none_or(|channel| channel.enabled)),
            mistakes: Mistakes::new(),
        }
    }

    fn read(self, t: &'static Strings) -> Channel {
        let reader = Reader { t, mistakes: Some(self.mistakes) };
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let typed = text(self.credential);
        let more = self.more_credentials.get_untracked();
        let more: Vec<String> = more.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        Channel {
            name: text(self.name),
            platform: text(self.platform),
            base_url: text(self.base_url),
            credential: match (typed.is_empty(), self.remove_credential.get_untracked()) {
                (false, _) => Some(typed),
                (true, true) => Some(String::new()),
                (true, false) => None,
            },
            more_credentials: (!more.is_empty() || self.remove_more.get_untracked()).then_some(more),
            priority: reader.needed("priority", &self.priority.get_untracked()),
            weight: reader.needed("weight", &self.weight.get_untracked()),
            max_parallel: reader.needed("max_parallel", &self.max_parallel.get_untracked()),
            max_per_minute: reader.needed("max_per_minute", &self.max_per_minute.get_untracked()),
            enabled: self.enabled.get_untracked(),
        }
    }
}

#[component]
fn Editor(data: ChannelData, name: RwSignal<Option<String>>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let ChannelData { entry, rules, platforms } = data;
    let id = entry.as_ref().map(|entry| entry.id);
    let stored_name = entry.as_ref().map(|entry| entry.definition.name.clone());
    Effect::new(move |_| name.set(stored_name.clone()));
    let known = RwSignal::new(entry.as_ref().map(|entry| (entry.id, entry.version)));
    let stored = RwSignal::new(entry.as_ref().is_some_and(|entry| entry.has_credential));
    let warning = RwSignal::new(entry.as_ref().and_then(|entry| entry.warning.clone()));
    let health = RwSignal::new(entry.as_ref().map(|entry| entry.health.clone()).unwrap_or_default());
    let draft = Draft::new(entry.map(|entry| entry.definition));
    let saving = Action::new(move |definition: &Channel| save(known.get_untracked(), definition.clone()));
    let refused = RwSignal::new(None);
    Effect::new(move |_| match saving.value().get() {
        Some(Ok(entry)) => {
            let is_new = known.get_untracked().is_none();
            known.set(Some((entry.id, entry.version)));
            name.set(Some(entry.definition.name.clone()));
            stored.set(entry.has_credential);
            warning.set(entry.warning);
            health.set(entry.health);
            draft.credential.set(String::new());
            draft.remove_credential.set(false);
            draft.more_credentials.set(String::new());
            draft.remove_more.set(false);
            toasts.ok(if is_new { t.common().created } else { t.common().saved });
            if is_new {
                navigate(&route::channel(entry.id), Default::default());
            }
        }
        Some(Err(error)) => {
            draft.mistakes.take(t, &error);
            refused.set(Some(error));
            focus_first_error();
        }
        None => {}
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if saving.pending().get_untracked() {
            return;
        }
        refused.set(None);
        draft.mistakes.clear();
        let definition = draft.read(t);
        if draft.mistakes.is_empty() {
            saving.dispatch(definition);
        } else {
            toasts.info(t.catalog().fix_errors);
            focus_first_error();
        }
    };
    let version = move || {
        known
            .get()
            .map(|(_, version)| view! { <span class="muted small">{fill(t.catalog().version, &[("n", &version.to_string())])}</span> })
    };
    let save_text = move || if known.get().is_some() { t.catalog().save } else { t.catalog().create };
    view! {
        <div class="editor editor-even">
            <form class="editor-main" novalidate=true on:submit=send>
                <noscript><p class="notice tone-warn">{t.catalog().needs_script}</p></noscript>
                <Fields draft stored warning health platforms/>
                {move || refused.get().map(|error| anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }))}
                <div class="task-form-foot">
                    <Button kind="submit" variant=Variant::Primary icon=IconName::Check loading=saving.pending()>{save_text}</Button>
                    <ButtonLink href=route::CHANNELS>{t.common().cancel}</ButtonLink>
                    {version}
                </div>
            </form>
            {id.map(|id| view! { <aside class="editor-side" aria-label=t.catalog().health><HealthPanel id health/><TestPanel id rules warning/></aside> })}
        </div>
    }
    .into_any()
}

#[component]
fn Fields(
    draft: Draft,
    stored: RwSignal<bool>,
    warning: RwSignal<Option<String>>,
    health: RwSignal<ChannelHealth>,
    platforms: Vec<String>,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let m = draft.mistakes;
    let known = platforms.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let number = move |label: &'static str, id: &'static str, place: &'static str, value: RwSignal<String>, help: Option<&'static str>| {
        view! {
            <FormField label id nostrip:help=help.map(str::to_owned) error=m.of(place) required=true>
                <Input kind="number" value attr:step="1"/>
            </FormField>
        }
    };
    let state = move || if stored.get() { c.credential_stored } else { c.credential_none };
    let remove = move || stored.get().then(|| view! { <Checkbox checked=draft.remove_credential>{c.credential_remove}</Checkbox> });
    // Those beside the first.
    let more = move || health.with(|health| health.keys.len().saturating_sub(usize::from(stored.get())));
    let more_state = move || fill(c.keys_stored, &[("n", &more().to_string())]);
    let remove_more = move || (more() > 0).then(|| view! { <Checkbox checked=draft.remove_more>{c.more_credentials_remove}</Checkbox> });
    view! {
        <Card title=c.basics>
            <div class="form-fields form-pair">
                <FormField label=t.common().name id="channel-name" error=m.of("name") required=true>
                    <Input value=draft.name required=true attr:maxlength="200" attr:autocomplete="off"/>
                </FormField>
                <FormField label=c.platform id="channel-platform" error=m.of("platform") required=true>
                    <Input value=draft.platform required=true attr:list="channel-platforms" attr:autocomplete="off"/>
                </FormField>
                <datalist id="channel-platforms">{known}</datalist>
                <div class="form-wide">
                    <FormField label=c.base_url id="channel-base-url" help=c.base_url_help error=m.of("base_url") required=true>
                        <Input kind="url" value=draft.base_url required=true mono=true placeholder="https://api.example.com" attr:autocomplete="off" attr:spellcheck="false"/>
                    </FormField>
                    <Refused warning/>
                </div>
                <div class="form-wide field">
                    <FormField label=c.credential id="channel-credential" help=c.credential_help error=m.of("credential") optional=true>
                        <Input kind="password" value=draft.credential mono=true attr:autocomplete="new-password" attr:spellcheck="false"/>
                    </FormField>
                    <p class="small muted credential-state">{state}</p>
                    {remove}
                </div>
                <div class="form-wide field">
                    <FormField label=c.more_credentials id="channel-more-credentials" help=c.more_credentials_help error=m.of("more_credentials") optional=true>
                        <Textarea value=draft.more_credentials rows=2 mono=true attr:autocomplete="off" attr:spellcheck="false"/>
                    </FormField>
                    <p class="small muted credential-state">{more_state}</p>
                    {remove_more}
                </div>
                {number(c.priority, "channel-priority", "priority", draft.priority, Some(c.priority_help))}
                {number(c.weight, "channel-weight", "weight", draft.weight, Some(c.weight_help))}
                {number(c.max_parallel, "channel-parallel", "max_parallel", draft.max_parallel, None)}
                {number(c.max_per_minute, "channel-per-minute", "max_per_minute", draft.max_per_minute, Some(c.max_per_minute_help))}
                <div class="form-wide"><Switch label=c.enabled checked=draft.enabled help=c.channel_enabled_help/></div>
            </div>
        </Card>
    }
    .into_any()
}

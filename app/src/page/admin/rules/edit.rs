//! The page that defines a rule: in sections or as JSON, with a dry run beside it.

use super::draft::{Draft, blank};
use super::dry_run::DryRunPanel;
use super::sections::Sections;
use crate::api::admin::rules::{RuleData, rule, save};
use crate::i18n::{fill, use_strings};
use crate::page::admin::mistakes::Mistakes;
use crate::page::tasks::anew;
use crate::page::tasks::form::focus_first_error;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use model::rules::Rule;

/// The pages `/admin/rules/new` and `/admin/rules/{id}`.
#[component]
pub fn RuleEditPage() -> impl IntoView {
    let t = use_strings();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).map(|text| text.parse::<i64>().unwrap_or(0)));
    let data = Resource::new(move || id.get(), rule);
    let retry = Callback::new(move |()| data.refetch());
    // The name of what is stored, once it is known.
    let name = RwSignal::new(None::<String>);
    let title = Signal::derive(move || match id.get() {
        Some(_) => name.get().unwrap_or_else(|| t.catalog().rule.to_owned()),
        None => t.catalog().new_rule.to_owned(),
    });
    view! {
        <div class="page catalog-edit">
            <PageHead title crumbs=vec![Crumb::new(t.shell().rules, route::RULES)]/>
            <Transition fallback=|| view! { <Skeleton lines=2/><SkeletonCards count=4/> }>
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

/// The rule as a form or as JSON; one of them counts at a time.
#[derive(Clone, Copy)]
struct Views {
    draft: RwSignal<Draft>,
    /// The definition as text, while that is shown.
    json: RwSignal<String>,
    is_json: RwSignal<bool>,
    mistakes: Mistakes,
}

impl Views {
    /// The definition as it stands; nothing while it has mistakes.
    fn read(self, t: &'static crate::i18n::Strings) -> Option<Rule> {
        self.mistakes.clear();
        if self.is_json.get_untracked() {
            return match serde_json::from_str(&self.json.get_untracked()) {
                Ok(rule) => Some(rule),
                Err(error) => {
                    self.mistakes.add("json", fill(t.catalog().need_json, &[("detail", &error.to_string())]));
                    None
                }
            };
        }
        let rule = untrack(|| self.draft.get().read(t));
        self.mistakes.is_empty().then_some(rule)
    }

    /// Changes to the other view; stays where it is while there are mistakes.
    fn turn(self, t: &'static crate::i18n::Strings, to_json: bool) {
        if self.is_json.get_untracked() == to_json {
            return;
        }
        let Some(rule) = self.read(t) else { return };
        if to_json {
            self.json.set(serde_json::to_string_pretty(&rule).unwrap_or_default());
        } else {
            self.draft.set(Draft::new(rule, self.mistakes));
        }
        self.is_json.set(to_json);
    }
}

#[component]
fn Editor(data: RuleData, name: RwSignal<Option<String>>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let RuleData { entry, channels, channel } = data;
    let stored_name = entry.as_ref().map(|entry| entry.definition.name.clone());
    Effect::new(move |_| name.set(stored_name.clone()));
    let known = RwSignal::new(entry.as_ref().map(|entry| (entry.id, entry.version)));
    let used_by = entry.as_ref().map(|entry| entry.used_by.join(", ")).filter(|names| !names.is_empty());
    let mistakes = Mistakes::new();
    let views = Views {
        draft: RwSignal::new(Draft::new(entry.map_or_else(blank, |entry| entry.definition), mistakes)),
        json: RwSignal::new(String::new()),
        is_json: RwSignal::new(false),
        mistakes,
    };
    let saving = Action::new(move |definition: &Rule| save(known.get_untracked(), definition.clone()));
    let refused = RwSignal::new(None);
    Effect::new(move |_| match saving.value().get() {
        Some(Ok(entry)) => {
            let is_new = known.get_untracked().is_none();
            known.set(Some((entry.id, entry.version)));
            name.set(Some(entry.definition.name.clone()));
            toasts.ok(if is_new { t.common().created } else { t.common().saved });
            if is_new {
                navigate(&route::rule(entry.id), Default::default());
            }
        }
        Some(Err(error)) => {
            mistakes.take(t, &error);
            refused.set(Some(error));
            focus_first_error();
        }
        None => {}
    });
    let complain = move || {
        toasts.info(t.catalog().fix_errors);
        focus_first_error();
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if saving.pending().get_untracked() {
            return;
        }
        refused.set(None);
        match views.read(t) {
            Some(rule) => drop(saving.dispatch(rule)),
            None => complain(),
        }
    };
    let read = Callback::new(move |()| {
        let rule = views.read(t);
        if rule.is_none() {
            complain();
        }
        rule
    });
    let tab = move |to_json: bool, text: &'static str| {
        let here = move || views.is_json.get() == to_json;
        let pressed = move || if here() { "true" } else { "false" };
        view! { <button type="button" class="snippet-choice" class:is-current=here aria-pressed=pressed on:click=move |_| views.turn(t, to_json)>{text}</button> }
    };
    let content = move || {
        if views.is_json.get() {
            anew(move || {
                view! {
                    <Card title=c.json_view>
                        <FormField label=c.json_view id="rule-json" help=c.json_help error=mistakes.of("json")>
                            <Textarea value=views.json rows=28 mono=true attr:spellcheck="false"/>
                        </FormField>
                    </Card>
                }
            })
        } else {
            let draft = views.draft.get();
            anew(move || view! { <Sections draft/> })
        }
    };
    let version = move || {
        known.get().map(|(_, version)| view! { <span class="muted small">{fill(c.version, &[("n", &version.to_string())])}</span> })
    };
    let save_text = move || if known.get().is_some() { c.save } else { c.create };
    view! {
        <div class="editor editor-even">
            <form class="editor-main" novalidate=true on:submit=send>
                <noscript><p class="notice tone-warn">{c.needs_script}</p></noscript>
                <div class="row-between">
                    <div class="choice-row" role="group" aria-label=c.rule>{tab(false, c.form_view)}{tab(true, c.json_view)}</div>
                    {used_by.map(|names| view! { <span class="muted small">{c.used_by}" · "{names}</span> })}
                </div>
                {content}
                {move || refused.get().map(|error| anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }))}
                <div class="task-form-foot">
                    <Button kind="submit" variant=Variant::Primary icon=IconName::Check loading=saving.pending()>{save_text}</Button>
                    <ButtonLink href=route::RULES>{t.common().cancel}</ButtonLink>
                    {version}
                </div>
            </form>
            <aside class="editor-side" aria-label=c.dry_run><DryRunPanel read channels channel/></aside>
        </div>
    }
    .into_any()
}

//! The filters: a plain GET form, which without scripts does the same by loading the page anew.

use super::query::METHODS;
use crate::i18n::{Strings, use_strings};
use crate::page::range::{CUSTOM, Range, from_local, instant, local_control, utc_control};
use crate::route;
use crate::ui::{Button, Choice, Icon, IconName, Input, LinkBuilder, Select, use_link};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::accounts::KeyView;
use model::request_logs::{LoggedRule, StatusClass};
use model::time::Timestamp;

/// Parameters whose controls hold what is in the address.
const PLAIN: [&str; 6] = ["path", "rule_id", "status", "method", "key_id", "remote_addr"];

/// What stands in the controls. It follows the address.
#[derive(Clone, Copy)]
pub struct FilterState {
    plain: [RwSignal<String>; 6],
    range: RwSignal<String>,
    start: RwSignal<String>,
    end: RwSignal<String>,
}

impl FilterState {
    /// Take it at the top of the page, above whatever is loaded.
    pub fn new(link: LinkBuilder) -> Self {
        let time =
            |name: &str| RwSignal::new(untrack(|| link.get(name)).and_then(|text| instant(&text)).map(utc_control).unwrap_or_default());
        let custom = untrack(|| link.get("start").or(link.get("end"))).is_some();
        let range = if custom { CUSTOM.to_owned() } else { link.peek("range").unwrap_or_default() };
        let state = FilterState {
            plain: PLAIN.map(|name| RwSignal::new(untrack(|| given(link, name)))),
            range: RwSignal::new(range),
            start: time("start"),
            end: time("end"),
        };
        Effect::new(move |_| state.follow(link));
        state
    }

    /// Takes over what is in the address; instants in the reader's zone, which only the browser knows.
    fn follow(self, link: LinkBuilder) {
        let set = |signal: RwSignal<String>, value: String| {
            if signal.get_untracked() != value {
                signal.set(value);
            }
        };
        for (signal, name) in self.plain.into_iter().zip(PLAIN) {
            set(signal, given(link, name));
        }
        let (start, end) = (link.get("start").and_then(|text| instant(&text)), link.get("end").and_then(|text| instant(&text)));
        set(self.start, start.map(local_control).unwrap_or_default());
        set(self.end, end.map(local_control).unwrap_or_default());
        let custom = start.is_some() || end.is_some();
        set(self.range, link.get("range").unwrap_or_else(|| if custom { CUSTOM.to_owned() } else { String::new() }));
    }

    /// The address that these filters make.
    fn address(self, link: LinkBuilder) -> String {
        let custom = self.range.get() == CUSTOM;
        let time = |signal: RwSignal<String>| custom.then(|| from_local(&signal.get())).flatten().map(Timestamp::rfc3339);
        let text = |signal: RwSignal<String>| Some(signal.get().trim().to_owned()).filter(|text| !text.is_empty());
        let (start, end) = (time(self.start), time(self.end));
        let range = text(self.range).filter(|range| range != CUSTOM || (start.is_none() && end.is_none()));
        let plain = self.plain.map(text);
        let mut changes: Vec<(&'static str, Option<&str>)> = PLAIN.into_iter().zip(plain.iter().map(Option::as_deref)).collect();
        changes.extend([
            ("range", range.as_deref()),
            ("start", start.as_deref()),
            ("end", end.as_deref()),
            ("page", None),
            ("call_id", None),
            ("request_id", None),
        ]);
        link.with(&changes)
    }
}

/// What the address gives a control. The box for paths also takes the id of a request.
fn given(link: LinkBuilder, name: &str) -> String {
    let other = || (name == "path").then(|| link.get("request_id")).flatten();
    link.get(name).or_else(other).unwrap_or_default()
}

fn status_text(t: &Strings, status: StatusClass) -> &'static str {
    match status {
        StatusClass::Success => t.request_logs().status_2xx,
        StatusClass::Redirection => t.request_logs().status_3xx,
        StatusClass::ClientError => t.request_logs().status_4xx,
        StatusClass::ServerError => t.request_logs().status_5xx,
    }
}

/// The filter bar.
#[component]
pub fn Filters(
    /// What stands in it.
    state: FilterState,
    /// Rules to choose from.
    rules: Vec<LoggedRule>,
    /// Keys to choose from.
    keys: Vec<KeyView>,
    /// Whether any filter is set.
    narrowed: Memo<bool>,
) -> impl IntoView {
    let t = use_strings();
    let r = t.request_logs();
    let link = use_link();
    let navigate = use_navigate();
    let node = NodeRef::<html::Form>::new();
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        navigate(&untrack(|| state.address(link)), NavigateOptions { scroll: false, ..Default::default() });
    };
    // Choosing is enough; typing is ended by Enter.
    let submit = move || {
        if let Some(form) = node.get_untracked() {
            // Fails only for a form that is not in the document.
            let _ = form.request_submit();
        }
    };
    let chosen = move |_| submit();
    let range_chosen = move |_| {
        if state.range.get_untracked() != CUSTOM {
            submit();
        }
    };
    let any = |text: &str, more: Vec<Choice>| std::iter::once(Choice::new("", text)).chain(more).collect::<Vec<_>>();
    let rules = rules.into_iter().map(|rule| Choice::new(rule.id.to_string(), rule.name)).collect();
    let statuses = StatusClass::ALL.into_iter().map(|status| Choice::new(status.as_str(), status_text(t, status))).collect();
    let methods = METHODS.into_iter().map(|method| Choice::new(method.as_str(), method.as_str())).collect();
    let keys = keys.into_iter().map(|key| Choice::new(key.id.to_string(), key.name)).collect();
    let names = [t.tasks().last_hour, t.tasks().last_day, t.tasks().last_week, t.tasks().last_month];
    let ranges = Range::ALL
        .into_iter()
        .zip(names)
        .map(|(range, name)| Choice::new(range.as_str(), name))
        .chain([Choice::new(CUSTOM, t.tasks().custom_time)])
        .collect();
    let hidden = move || link.get("page_size").map(|size| view! { <input type="hidden" name="page_size" value=size/> });
    let custom = move || state.range.with(|range| range == CUSTOM);
    let [path, rule, status, method, key, address] = state.plain;
    view! {
        <form node_ref=node method="get" action=route::LOGS class="task-filters log-filters" role="search" aria-label=r.filters on:submit=apply>
            {hidden}
            <div class="task-search">
                <Icon name=IconName::Search/>
                <Input kind="search" name="path" value=path placeholder=r.path attr:aria-label=r.path_label attr:data-search="1" mono=true/>
            </div>
            <Select options=any(r.any_rule, rules) name="rule_id" value=rule attr:aria-label=r.column_rule on_change=chosen/>
            <Select options=any(r.any_status, statuses) name="status" value=status attr:aria-label=r.column_status on_change=chosen/>
            <Select options=any(r.any_method, methods) name="method" value=method attr:aria-label=r.method on_change=chosen/>
            <Select options=any(r.any_key, keys) name="key_id" value=key attr:aria-label=r.key on_change=chosen/>
            <div class="log-address"><Input name="remote_addr" value=address placeholder=r.address attr:aria-label=r.address mono=true/></div>
            <Select options=any(t.tasks().any_time, ranges) name="range" value=state.range attr:aria-label=t.tasks().time on_change=range_chosen/>
            <div class="task-range" class:is-hidden=move || !custom()>
                <Input kind="datetime-local" name="start" value=state.start attr:aria-label=t.tasks().time_start/>
                <span aria-hidden="true">"–"</span>
                <Input kind="datetime-local" name="end" value=state.end attr:aria-label=t.tasks().time_end/>
            </div>
            <Button kind="submit" icon=IconName::Filter>{t.common().filter}</Button>
            {move || narrowed.get().then(|| view! {
                <a class="button button-ghost button-sm" href=route::LOGS><Icon name=IconName::Close/><span class="button-text">{r.clear_filters}</span></a>
            })}
        </form>
    }
    .into_any()
}

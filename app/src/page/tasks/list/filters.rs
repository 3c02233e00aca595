//! The filters: a plain GET form, which without scripts does the same by loading the page anew.

use crate::api::tasks::FeatureName;
use crate::i18n::use_strings;
use crate::page::range::{CUSTOM, Range, from_local, instant, local_control, utc_control};
use crate::route;
use crate::ui::{Button, Choice, Icon, IconName, Input, LinkBuilder, Select, use_link};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::tasks::TaskStatus;
use model::time::Timestamp;

/// What stands in the controls. It follows the address.
#[derive(Clone, Copy)]
pub struct FilterState {
    words: RwSignal<String>,
    status: RwSignal<String>,
    feature: RwSignal<String>,
    category: RwSignal<String>,
    range: RwSignal<String>,
    start: RwSignal<String>,
    end: RwSignal<String>,
}

impl FilterState {
    /// Take it at the top of the page, above whatever is loaded.
    pub fn new(link: LinkBuilder) -> Self {
        let text = |name: &str| RwSignal::new(untrack(|| link.get(name)).unwrap_or_default());
        let time =
            |name: &str| RwSignal::new(untrack(|| link.get(name)).and_then(|text| instant(&text)).map(utc_control).unwrap_or_default());
        let state = FilterState {
            words: text("q"),
            status: text("status"),
            feature: text("feature_id"),
            category: text("category"),
            range: text("range"),
            start: time("start"),
            end: time("end"),
        };
        if untrack(|| link.get("start").or(link.get("end"))).is_some() {
            state.range.set(CUSTOM.to_owned());
        }
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
        for (signal, name) in [(self.words, "q"), (self.status, "status"), (self.feature, "feature_id"), (self.category, "category")] {
            set(signal, link.get(name).unwrap_or_default());
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
        let (start, end, words) = (time(self.start), time(self.end), text(self.words));
        let (status, feature, category) = (text(self.status), text(self.feature), text(self.category));
        let range = text(self.range).filter(|range| range != CUSTOM || (start.is_none() && end.is_none()));
        link.with(&[
            ("q", words.as_deref()),
            ("status", status.as_deref()),
            ("feature_id", feature.as_deref()),
            ("category", category.as_deref()),
            ("range", range.as_deref()),
            ("start", start.as_deref()),
            ("end", end.as_deref()),
            ("page", None),
        ])
    }
}

/// The filter bar.
#[component]
pub fn Filters(
    /// What stands in it.
    state: FilterState,
    /// Features to choose from.
    features: Vec<FeatureName>,
    /// Categories to choose from.
    categories: Vec<String>,
    /// Whether any filter is set.
    narrowed: Memo<bool>,
) -> impl IntoView {
    let t = use_strings();
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
    // The cross in a search field empties it without any other event.
    let emptied = move |event| {
        if event_target_value(&event).is_empty() && untrack(|| link.get("q")).is_some() {
            state.words.set(String::new());
            submit();
        }
    };
    let any = |text: &str, more: Vec<Choice>| std::iter::once(Choice::new("", text)).chain(more).collect::<Vec<_>>();
    let statuses = TaskStatus::ALL.into_iter().map(|status| Choice::new(status.as_str(), t.status(status))).collect();
    let features = features.into_iter().map(|feature| Choice::new(feature.id.to_string(), feature.name)).collect();
    let categories =
        categories.into_iter().filter(|category| !category.is_empty()).map(|category| Choice::new(category.clone(), category)).collect();
    let names = [t.tasks().last_hour, t.tasks().last_day, t.tasks().last_week, t.tasks().last_month];
    let ranges = Range::ALL
        .into_iter()
        .zip(names)
        .map(|(range, name)| Choice::new(range.as_str(), name))
        .chain([Choice::new(CUSTOM, t.tasks().custom_time)])
        .collect();
    let hidden = move || {
        let kept = [("sort", link.get("sort")), ("order", link.get("order")), ("page_size", link.get("page_size"))];
        kept.into_iter()
            .filter_map(|(name, value)| value.map(|value| view! { <input type="hidden" name=name value=value/> }))
            .collect_view()
    };
    let custom = move || state.range.with(|range| range == CUSTOM);
    view! {
        <form node_ref=node method="get" action=route::TASKS class="task-filters" role="search" aria-label=t.tasks().filters on:submit=apply>
            {hidden}
            <div class="task-search">
                <Icon name=IconName::Search/>
                <Input
                    kind="search"
                    name="q"
                    value=state.words
                    placeholder=t.tasks().search
                    attr:aria-label=t.tasks().search
                    attr:title=t.tasks().search_hint
                    attr:data-search="1"
                    attr:aria-keyshortcuts="/"
                    on_input=emptied
                />
                <kbd class="no-phone" aria-hidden="true">"/"</kbd>
            </div>
            <Select options=any(t.tasks().any_status, statuses) name="status" value=state.status attr:aria-label=t.common().status on_change=chosen/>
            <Select options=any(t.tasks().any_feature, features) name="feature_id" value=state.feature attr:aria-label=t.tasks().column_feature on_change=chosen/>
            <Select options=any(t.tasks().any_category, categories) name="category" value=state.category attr:aria-label=t.tasks().column_category on_change=chosen/>
            <Select options=any(t.tasks().any_time, ranges) name="range" value=state.range attr:aria-label=t.tasks().time on_change=range_chosen/>
            <div class="task-range" class:is-hidden=move || !custom()>
                <Input kind="datetime-local" name="start" value=state.start attr:aria-label=t.tasks().time_start/>
                <span aria-hidden="true">"–"</span>
                <Input kind="datetime-local" name="end" value=state.end attr:aria-label=t.tasks().time_end/>
            </div>
            <Button kind="submit" icon=IconName::Filter>{t.common().filter}</Button>
            {move || narrowed.get().then(|| view! {
                <a class="button button-ghost button-sm" href=route::TASKS><Icon name=IconName::Close/><span class="button-text">{t.common().clear_filters}</span></a>
            })}
        </form>
    }
    .into_any()
}

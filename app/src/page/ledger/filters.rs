//! The filters of the ledger: a plain GET form, which without scripts does the same by loading the page anew.

use crate::i18n::use_strings;
use crate::route;
use crate::ui::{Button, ButtonLink, Choice, Icon, IconName, Input, Select, Variant, use_link};
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::ledger::EntryKind;

/// Kind, days, reference.
#[component]
pub fn Filters(
    /// Whether any filter is set.
    narrowed: Memo<bool>,
) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let navigate = use_navigate();
    let node = NodeRef::<html::Form>::new();
    let text = |name: &str| RwSignal::new(link.peek(name).unwrap_or_default());
    let fields = [("q", text("q")), ("kind", text("kind")), ("start", text("start")), ("end", text("end"))];
    Effect::new(move |_| {
        for (name, signal) in fields {
            signal.set(link.get(name).unwrap_or_default());
        }
    });
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let values = fields.map(|(name, signal)| (name, Some(signal.get_untracked().trim().to_owned()).filter(|text| !text.is_empty())));
        let mut changes: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_deref())).collect();
        changes.push(("page", None));
        navigate(&untrack(|| link.with(&changes)), NavigateOptions { scroll: false, ..Default::default() });
    };
    // Choosing is enough; typing is ended by Enter.
    let submit = move |_| {
        if let Some(form) = node.get_untracked() {
            // Fails only for a form that is not in the document.
            let _ = form.request_submit();
        }
    };
    let [(_, words), (_, kind), (_, first), (_, last)] = fields;
    let all = Choice::new("", t.ledger().kind_all);
    let kinds = EntryKind::ALL.into_iter().map(|kind| Choice::new(kind.as_str(), t.ledger().kind_of(kind)));
    view! {
        <form node_ref=node method="get" action=route::LEDGER class="task-filters" role="search" aria-label=t.ledger().filters on:submit=apply>
            <div class="task-search">
                <Icon name=IconName::Search/>
                <Input kind="search" name="q" value=words placeholder=t.ledger().search attr:aria-label=t.ledger().search_label attr:maxlength="200"/>
            </div>
            <Select name="kind" value=kind options=std::iter::once(all).chain(kinds).collect() on_change=submit attr:aria-label=t.ledger().kind/>
            <div class="task-range">
                <Input kind="date" name="start" value=first on_change=submit attr:aria-label=t.dashboard().first_day/>
                <span aria-hidden="true">"–"</span>
                <Input kind="date" name="end" value=last on_change=submit attr:aria-label=t.dashboard().last_day/>
            </div>
            <Button kind="submit">{t.common().filter}</Button>
            {move || narrowed.get().then(|| view! { <ButtonLink href=route::LEDGER variant=Variant::Ghost>{t.ledger().clear}</ButtonLink> })}
        </form>
    }
    .into_any()
}

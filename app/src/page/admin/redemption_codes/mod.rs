//! Redemption codes: batches are made, seen and switched off.

mod made;
mod new;
mod rows;

use crate::api::admin::redemption_codes::{codes, disable_batch, disable_code};
use crate::i18n::{fill, use_strings};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::recharge::{CodeFilter, CodeState, CodeView};
use new::NewCodesDialog;
use rows::Rows;

/// What is asked about before it is switched off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doomed {
    /// A code, with its readable beginning.
    Code(i64, String),
    /// A whole batch.
    Batch(String),
}

/// The page. `?batch=` and `?state=` narrow the list.
#[component]
pub fn RedemptionCodesPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let toasts = use_toasts();
    let number = move |name: &str| link.get(name).and_then(|text| text.parse().ok());
    let filter = Memo::new(move |_| CodeFilter {
        page: number("page"),
        page_size: number("page_size"),
        batch: link.get("batch"),
        state: link.get("state").and_then(|word| CodeState::parse(&word)),
    });
    let data = Resource::new(move || filter.get(), codes);
    let reload = Callback::new(move |()| data.refetch());
    let creating = RwSignal::new(false);
    let doomed = RwSignal::new(None::<Doomed>);
    let asking = RwSignal::new(false);
    let disable = Action::new(move |doomed: &Doomed| {
        let doomed = doomed.clone();
        async move {
            let answer = match doomed {
                Doomed::Code(id, _) => disable_code(id).await,
                Doomed::Batch(batch) => disable_batch(batch).await,
            };
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(disable.value(), move |done| fill(t.recharge().disabled, &[("n", &done.disabled.to_string())]));
    let ask = Callback::new(move |one: Doomed| {
        doomed.set(Some(one));
        asking.set(true);
    });
    let question = Signal::derive(move || match doomed.get() {
        Some(Doomed::Code(_, prefix)) => fill(t.recharge().disable_text, &[("prefix", &prefix)]),
        Some(Doomed::Batch(batch)) => fill(t.recharge().disable_batch_text, &[("batch", &batch)]),
        None => String::new(),
    });
    view! {
        <PageHead title=t.shell().admin_codes description=t.recharge().codes_lead>
            <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{t.recharge().codes_new}</Button>
        </PageHead>
        <StateTabs/>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=8 columns=8/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(page) => anew(move || view! { <Loaded page=page.clone() filter ask creating/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
        <NewCodesDialog open=creating reload/>
        <ConfirmDialog
            open=asking
            title=t.recharge().disable
            body=question
            confirm=t.recharge().disable
            danger=true
            busy=disable.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(doomed) = doomed.get_untracked() {
                    disable.dispatch(doomed);
                }
            })
        />
    }
    .into_any()
}

/// States to narrow the list to.
#[component]
fn StateTabs() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let tab = move |state: Option<CodeState>, text: &'static str| {
        let word = state.map(CodeState::as_str);
        let here = move || link.get("state").as_deref() == word;
        view! {
            <a class="tab" class:is-current=here href=move || link.with(&[("state", word), ("page", None)]) aria-current=move || here().then_some("page")>
                <span>{text}</span>
            </a>
        }
    };
    let states = CodeState::ALL.map(|state| tab(Some(state), t.recharge().state_of(state)));
    view! { <nav class="tabs" aria-label=t.recharge().filters>{tab(None, t.recharge().state_all)}{states.into_iter().collect_view()}</nav> }
        .into_any()
}

/// The codes of one page, or why there are none.
#[component]
fn Loaded(page: Page<CodeView>, filter: Memo<CodeFilter>, ask: Callback<Doomed>, creating: RwSignal<bool>) -> impl IntoView {
    let t = use_strings();
    let CodeFilter { batch, state, .. } = filter.get_untracked();
    let head = batch.clone().map(|batch| {
        let doomed = Doomed::Batch(batch.clone());
        view! {
            <div class="section-head codes-batch">
                <p>{t.recharge().column_batch}" "<span class="mono">{batch}</span></p>
                <div class="row">
                    <ButtonLink href=route::ADMIN_CODES size=Size::Sm>{t.recharge().batch_all}</ButtonLink>
                    <Button size=Size::Sm variant=Variant::Danger on_click=move |_| ask.run(doomed.clone())>{t.recharge().disable_batch}</Button>
                </div>
            </div>
        }
    });
    let Page { items, total, page, page_size, .. } = page;
    let content = match (items.is_empty(), batch.is_some() || state.is_some()) {
        (false, _) => view! { <Rows codes=items ask/><Pagination page page_size total/> }.into_any(),
        (true, true) => view! {
            <EmptyState icon=IconName::Search title=t.recharge().codes_no_match>
                <ButtonLink href=route::ADMIN_CODES>{t.recharge().batch_all}</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        (true, false) => view! {
            <EmptyState icon=IconName::Ticket title=t.recharge().codes_empty text=t.recharge().codes_empty_text>
                <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{t.recharge().codes_new}</Button>
            </EmptyState>
        }
        .into_any(),
    };
    view! { {head}<Card flush=true>{content}</Card> }.into_any()
}

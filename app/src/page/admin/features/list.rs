//! The list of features, in their order.

use super::row::FeatureRow;
use crate::api::admin::features::{delete, duplicate, features, move_to, switch};
use crate::i18n::use_strings;
use crate::page::admin::bar::{SearchBar, filter_of};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::Page;
use model::catalog::FeatureEntry;

/// What is done with a feature of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Puts it at a place.
    Move(i64),
    /// Switches it on or off.
    Switch(bool),
    /// Copies it.
    Duplicate,
    /// Deletes it.
    Delete,
}

/// The page `/admin/features`.
#[component]
pub fn FeatureListPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let data = Resource::new(move || filter_of(link), features);
    let retry = Callback::new(move |()| data.refetch());
    let doing = use_deeds(retry);
    let doomed = Question::new();
    let ask = doomed.ask();
    let question = doomed.text(t.catalog().delete_title, "name");
    view! {
        <div class="page catalog-list">
            <PageHead title=t.shell().features description=t.catalog().features_lead>
                <ButtonLink href=route::NEW_FEATURE variant=Variant::Primary icon=IconName::Plus>{t.catalog().new_feature}</ButtonLink>
            </PageHead>
            <SearchBar path=route::FEATURES/>
            <Transition fallback=|| view! { <SkeletonTable rows=8 columns=7/> }>
                {move || Suspend::new(async move {
                    match data.await {
                        Ok(page) => anew(move || view! { <Features page=page.clone() doing ask/> }),
                        Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry/> }),
                    }
                })}
            </Transition>
            <ConfirmDialog
                open=doomed.open
                title=question
                body=t.catalog().delete_text
                confirm=t.common().delete
                danger=true
                busy=doing.pending()
                on_confirm=Callback::new(move |()| {
                    if let Some(id) = doomed.id() {
                        doing.dispatch((id, Deed::Delete));
                    }
                })
            />
        </div>
    }
    .into_any()
}

/// What an action of the list answers.
type Done = Result<(Deed, Option<i64>), crate::error::UiError>;

/// The action behind all buttons of the list; says what became of it and loads the list anew.
fn use_deeds(reload: Callback<()>) -> Action<(i64, Deed), Done> {
    let t = use_strings();
    let (toasts, navigate) = (use_toasts(), use_navigate());
    let action = Action::new(move |(id, deed): &(i64, Deed)| {
        let (id, deed) = (*id, *deed);
        async move {
            let made = match deed {
                Deed::Move(position) => move_to(id, position).await.map(|_| None),
                Deed::Switch(enabled) => switch(id, enabled).await.map(|_| None),
                Deed::Duplicate => duplicate(id).await.map(|copy| Some(copy.id)),
                Deed::Delete => delete(id).await.map(|()| None),
            };
            made.map(|copy| (deed, copy))
        }
    });
    Effect::new(move |_| match action.value().get() {
        Some(Ok((deed, copy))) => {
            toasts.ok(match deed {
                Deed::Move(_) => t.catalog().moved,
                Deed::Switch(true) => t.common().enabled,
                Deed::Switch(false) => t.common().disabled,
                Deed::Duplicate => t.catalog().duplicated,
                Deed::Delete => t.common().deleted,
            });
            match copy {
                Some(id) => navigate(&route::feature(id), Default::default()),
                None => reload.run(()),
            }
        }
        Some(Err(error)) => toasts.error(&error),
        None => {}
    });
    action
}

#[component]
fn Features(page: Page<FeatureEntry>, doing: Action<(i64, Deed), Done>, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let Page { items, total, total_is_limited, page, page_size } = page;
    if total == 0 && link.peek("q").is_some() {
        return view! { <Card flush=true><EmptyState icon=IconName::Search title=t.catalog().no_match/></Card> }.into_any();
    }
    if total == 0 {
        return view! {
            <Card flush=true>
                <EmptyState icon=IconName::Layers title=t.catalog().features_empty text=t.catalog().features_empty_text command="apirequestweb catalog apply catalog.yaml".to_owned()>
                    <ButtonLink href=route::NEW_FEATURE icon=IconName::Plus>{t.catalog().new_feature}</ButtonLink>
                </EmptyState>
            </Card>
        }
        .into_any();
    }
    let busy = Signal::derive(move || doing.pending().get());
    let act = Callback::new(move |deed: (i64, Deed)| {
        doing.dispatch(deed);
    });
    let rows = items.into_iter().map(|entry| view! { <FeatureRow entry busy act ask/> }).collect_view();
    view! {
        <section class="card card-flush">
            <TableWrap>
                <table class="table catalog-table">
                    <thead>
                        <tr>
                            <th scope="col">{t.catalog().order}</th>
                            <th scope="col">{t.catalog().feature}</th>
                            <th scope="col">{t.catalog().category}</th>
                            <th scope="col">{t.catalog().rule}</th>
                            <th scope="col">{t.catalog().price}</th>
                            <th scope="col">{t.catalog().visible}</th>
                            <th scope="col">{t.common().status}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        </section>
    }
    .into_any()
}

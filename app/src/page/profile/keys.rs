//! The list of API keys.

use super::new_key::NewKeyDialog;
use crate::api::accounts::revoke_key;
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::KeyView;

/// All keys of the caller, and the way to a new one.
#[component]
pub fn Keys(
    /// The keys, as loaded.
    keys: Vec<KeyView>,
    /// Whether a new one may be for the administration.
    is_admin: bool,
    /// Loads them anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let creating = RwSignal::new(false);
    let doomed = Question::new();
    let revoke = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = revoke_key(id).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    toasts.follow(revoke.value(), move |()| t.profile().key_revoked_done.to_owned());
    let ask = doomed.ask();
    let new_key = move || view! { <Button variant=Variant::Primary icon=IconName::Plus on_click=move |_| creating.set(true)>{t.profile().new_key}</Button> };
    let question = doomed.text(t.profile().key_revoke_text, "name");
    let list = if keys.is_empty() {
        view! { <EmptyState icon=IconName::Key title=t.profile().keys_empty text=t.profile().keys_empty_text>{new_key()}</EmptyState> }
            .into_any()
    } else {
        let rows = keys.into_iter().map(|key| view! { <KeyRow key ask/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table keys">
                    <thead>
                        <tr>
                            <th scope="col">{t.profile().key_name}</th>
                            <th scope="col">{t.profile().key_prefix}</th>
                            <th scope="col">{t.profile().key_scopes}</th>
                            <th scope="col">{t.common().status}</th>
                            <th scope="col">{t.profile().key_last_used}</th>
                            <th scope="col">{t.profile().key_expires}</th>
                            <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <div class="section-head">
                <p class="muted">{t.profile().keys_lead}</p>
                {new_key()}
            </div>
            <Card flush=true>{list}</Card>
        </section>
        <NewKeyDialog open=creating is_admin reload/>
        <ConfirmDialog
            open=doomed.open
            title=t.profile().key_revoke_title
            body=question
            confirm=t.profile().key_revoke
            danger=true
            busy=revoke.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(id) = doomed.id() {
                    revoke.dispatch(id);
                }
            })
        />
    }
    .into_any()
}

/// One key.
#[component]
fn KeyRow(key: KeyView, ask: Callback<(i64, String)>) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let KeyView { id, name, prefix, scopes, allowed_addresses, allow_query, created_at, expires_at, last_used_at, revoked_at } = key;
    let revoked = revoked_at.is_some();
    // Whether it has expired depends on the clock, which the server and the browser need not agree on: known after hydration.
    let expired = move || expires_at.is_some_and(|end| live.ready.get() && end.0 <= live.now.get());
    let state = move || match (revoked, expired()) {
        (true, _) => view! { <Badge tone=Tone::Neutral>{t.profile().key_revoked}</Badge> },
        (_, true) => view! { <Badge tone=Tone::Warn>{t.profile().key_expired}</Badge> },
        _ => view! { <Badge tone=Tone::Ok dot=true>{t.profile().key_active}</Badge> },
    };
    let scopes = scopes.into_iter().map(|scope| view! { <span class="tag mono">{scope.as_str()}</span> }).collect_view();
    let addresses = if allowed_addresses.is_empty() { t.profile().key_any_address.to_owned() } else { allowed_addresses.join(", ") };
    let facts = format!("{}: {addresses}{}", t.profile().key_addresses, if allow_query { " · ?api_key=" } else { "" });
    let label = format!("{} {name}", t.profile().key_revoke);
    let button = (!revoked).then(|| {
        let name = name.clone();
        view! {
            <Button size=Size::Sm variant=Variant::Ghost class="is-danger" attr:aria-label=label on_click=move |_| ask.run((id, name.clone()))>
                {t.profile().key_revoke}
            </Button>
        }
    });
    let used = match last_used_at {
        Some(at) => view! { <Time at=at relative=true/> }.into_any(),
        None => view! { <span class="muted">{t.profile().key_never_used}</span> }.into_any(),
    };
    let expires = match expires_at {
        Some(at) => view! { <Time at=at/> }.into_any(),
        None => view! { <span class="muted">{t.profile().expiry_never}</span> }.into_any(),
    };
    view! {
        <tr class:is-off=revoked data-key=id>
            <td class="cell-title" data-label=t.profile().key_name>
                <span class="cell-main">{name}</span>
                <span class="cell-sub">{facts}</span>
            </td>
            <td data-label=t.profile().key_prefix><span class="mono nowrap">{format!("{prefix}…")}</span></td>
            <td data-label=t.profile().key_scopes><span class="tags">{scopes}</span></td>
            <td data-label=t.common().status>{state}</td>
            <td data-label=t.profile().key_last_used>{used}</td>
            <td data-label=t.profile().key_expires><span class="cell-stack">{expires}<span class="cell-sub">{t.common().created_at}" "<Time at=created_at/></span></span></td>
            <td class="cell-actions">{button}</td>
        </tr>
    }
    .into_any()
}

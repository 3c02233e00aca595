//! What a user logs in with: sessions and keys, to look at.

use crate::i18n::use_strings;
use crate::live::use_live;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::{KeyView, SessionView};

/// Sessions that have not ended.
#[component]
pub fn Sessions(
    /// The sessions.
    sessions: Vec<SessionView>,
    /// The button that ends them.
    children: ChildrenFn,
) -> impl IntoView {
    let t = use_strings();
    let p = t.profile();
    let none = sessions.is_empty();
    let row = move |session: SessionView| {
        let SessionView { id, address, user_agent, created_at, last_used_at, .. } = session;
        let name = browser_name(&user_agent).unwrap_or_else(|| p.unknown_browser.to_owned());
        view! {
            <tr data-session=id>
                <td class="cell-title" data-label=p.session_browser><span class="cell-main" title=user_agent>{name}</span></td>
                <td data-label=p.session_address><span class="mono">{address}</span></td>
                <td data-label=p.session_last_used><Time at=last_used_at relative=true/></td>
                <td data-label=p.session_created><Time at=created_at/></td>
            </tr>
        }
    };
    let content = if none {
        view! { <EmptyState icon=IconName::Monitor title=t.users().sessions_empty/> }.into_any()
    } else {
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{p.session_browser}</th>
                            <th scope="col">{p.session_address}</th>
                            <th scope="col">{p.session_last_used}</th>
                            <th scope="col">{p.session_created}</th>
                        </tr>
                    </thead>
                    <tbody>{sessions.into_iter().map(row).collect_view()}</tbody>
                </table>
            </TableWrap>
        }
        .into_any()
    };
    let actions = ViewFn::from(move || (!none).then(|| children()));
    view! { <Card title=t.users().sessions actions flush=true>{content}</Card> }.into_any()
}

/// Keys, revoked ones included.
#[component]
pub fn Keys(
    /// The keys.
    keys: Vec<KeyView>,
    /// The button that revokes them.
    children: ChildrenFn,
) -> impl IntoView {
    let t = use_strings();
    let p = t.profile();
    let none = keys.is_empty();
    let usable = keys.iter().any(|key| key.revoked_at.is_none());
    let rows = keys.into_iter().map(|key| view! { <KeyRow key/> }).collect_view();
    let content = if none {
        view! { <EmptyState icon=IconName::Key title=t.users().keys_empty/> }.into_any()
    } else {
        view! {
            <TableWrap>
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">{p.key_name}</th>
                            <th scope="col">{p.key_prefix}</th>
                            <th scope="col">{p.key_scopes}</th>
                            <th scope="col">{t.common().status}</th>
                            <th scope="col">{p.key_last_used}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        }
        .into_any()
    };
    let actions = ViewFn::from(move || usable.then(|| children()));
    view! { <Card title=t.users().keys actions flush=true>{content}</Card> }.into_any()
}

#[component]
fn KeyRow(key: KeyView) -> impl IntoView {
    let t = use_strings();
    let p = t.profile();
    let live = use_live();
    let KeyView { id, name, prefix, scopes, expires_at, last_used_at, revoked_at, .. } = key;
    let revoked = revoked_at.is_some();
    let expired = move || expires_at.is_some_and(|end| live.ready.get() && end.0 <= live.now.get());
    let state = move || match (revoked, expired()) {
        (true, _) => view! { <Badge tone=Tone::Neutral>{p.key_revoked}</Badge> },
        (_, true) => view! { <Badge tone=Tone::Warn>{p.key_expired}</Badge> },
        _ => view! { <Badge tone=Tone::Ok dot=true>{p.key_active}</Badge> },
    };
    let scopes = scopes.into_iter().map(|scope| view! { <span class="tag mono">{scope.as_str()}</span> }).collect_view();
    let used = match last_used_at {
        Some(at) => view! { <Time at=at relative=true/> }.into_any(),
        None => view! { <span class="muted">{p.key_never_used}</span> }.into_any(),
    };
    view! {
        <tr class:is-off=revoked data-key=id>
            <td class="cell-title" data-label=p.key_name><span class="cell-main">{name}</span></td>
            <td data-label=p.key_prefix><span class="mono nowrap">{format!("{prefix}…")}</span></td>
            <td data-label=p.key_scopes><span class="tags">{scopes}</span></td>
            <td data-label=t.common().status>{state}</td>
            <td data-label=p.key_last_used>{used}</td>
        </tr>
    }
    .into_any()
}

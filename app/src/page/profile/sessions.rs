//! The list of browsers that are logged in.

use crate::api::accounts::{revoke_other_sessions, revoke_session};
use crate::i18n::{fill, use_strings};
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::SessionView;

/// All sessions of the caller.
#[component]
pub fn Sessions(
    /// The sessions, as loaded.
    sessions: Vec<SessionView>,
    /// Loads them anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let doomed = RwSignal::new(None::<i64>);
    let asking = RwSignal::new(false);
    let asking_all = RwSignal::new(false);
    let revoke = Action::new(move |id: &i64| {
        let id = *id;
        async move {
            let answer = revoke_session(id).await;
            if answer.is_ok() {
                reload.run(());
            }
            answer
        }
    });
    let revoke_all = Action::new(move |(): &()| async move {
        let answer = revoke_other_sessions().await;
        if answer.is_ok() {
            reload.run(());
        }
        answer
    });
    toasts.follow(revoke.value(), move |()| t.profile().session_revoked_done.to_owned());
    toasts.follow(revoke_all.value(), move |count| fill(t.profile().revoke_others_done, &[("n", &count.to_string())]));
    let alone = sessions.len() < 2;
    let ask = move |id: i64| {
        doomed.set(Some(id));
        asking.set(true);
    };
    let rows = sessions.into_iter().map(|session| view! { <SessionRow session ask=Callback::new(ask)/> }).collect_view();
    view! {
        <section class="section">
            <div class="section-head">
                <p class="muted">{t.profile().sessions_lead}</p>
                <Button disabled=alone on_click=move |_| asking_all.set(true)>{t.profile().revoke_others}</Button>
            </div>
            <Card flush=true>
                <TableWrap>
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{t.profile().session_browser}</th>
                                <th scope="col">{t.profile().session_address}</th>
                                <th scope="col">{t.profile().session_last_used}</th>
                                <th scope="col">{t.profile().session_created}</th>
                                <th scope="col">{t.profile().session_expires}</th>
                                <th scope="col" class="cell-actions"><span class="visually-hidden">{t.common().actions}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </TableWrap>
            </Card>
        </section>
        <ConfirmDialog
            open=asking
            title=t.profile().session_revoke_title
            body=t.profile().session_revoke_text
            confirm=t.profile().session_revoke
            danger=true
            busy=revoke.pending()
            on_confirm=Callback::new(move |()| {
                if let Some(id) = doomed.get_untracked() {
                    revoke.dispatch(id);
                }
            })
        />
        <ConfirmDialog
            open=asking_all
            title=t.profile().revoke_others
            body=t.profile().revoke_others_text
            confirm=t.profile().session_revoke
            danger=true
            busy=revoke_all.pending()
            on_confirm=Callback::new(move |()| {
                revoke_all.dispatch(());
            })
        />
    }
    .into_any()
}

/// One session.
#[component]
fn SessionRow(session: SessionView, ask: Callback<i64>) -> impl IntoView {
    let t = use_strings();
    let SessionView { id, address, user_agent, created_at, last_used_at, expires_at, current } = session;
    let name = browser_name(&user_agent).unwrap_or_else(|| t.profile().unknown_browser.to_owned());
    let label = format!("{} {name}", t.profile().session_revoke);
    let mark = if current {
        view! { <Badge tone=Tone::Ok dot=true>{t.profile().session_current}</Badge> }.into_any()
    } else {
        view! {
            <Button size=Size::Sm variant=Variant::Ghost class="is-danger" attr:aria-label=label on_click=move |_| ask.run(id)>
                {t.profile().session_revoke}
            </Button>
        }
        .into_any()
    };
    view! {
        <tr data-session=id>
            <td class="cell-title" data-label=t.profile().session_browser>
                <span class="cell-main" title=user_agent>{name}</span>
            </td>
            <td data-label=t.profile().session_address><span class="mono">{address}</span></td>
            <td data-label=t.profile().session_last_used><Time at=last_used_at relative=true/></td>
            <td data-label=t.profile().session_created><Time at=created_at/></td>
            <td data-label=t.profile().session_expires><Time at=expires_at/></td>
            <td class="cell-actions">{mark}</td>
        </tr>
    }
    .into_any()
}

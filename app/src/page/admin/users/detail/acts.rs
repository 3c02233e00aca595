//! What can be done to a user: asked about, done, reported.

use crate::api::admin::users;
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::page::admin::secret::{SecretDialog, Shown};
use crate::ui::{Button, ConfirmDialog, IconName, Size, use_toasts};
use leptos::prelude::*;
use model::accounts::Role;
use model::users::UserPatch;

/// One thing that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Keeps it out.
    Disable,
    /// Lets it in.
    Enable,
    /// Makes it an administrator.
    Promote,
    /// Takes that back.
    Demote,
    /// A new password.
    Reset,
    /// Logs it out everywhere.
    EndSessions,
    /// Takes its keys away.
    RevokeKeys,
    /// Lets it log in with the password alone.
    ResetTotp,
}

/// Title, question, and the word on the button.
fn words(t: &Strings, act: Act) -> (&'static str, &'static str, &'static str) {
    let u = t.users();
    match act {
        Act::Disable => (u.disable_title, u.disable_text, u.disable),
        Act::Enable => (u.enable, "", u.enable),
        Act::Promote => (u.promote_title, u.promote_text, u.promote),
        Act::Demote => (u.demote_title, u.demote_text, u.demote),
        Act::Reset => (u.reset_title, u.reset_text, u.reset),
        Act::EndSessions => (u.end_sessions, u.end_sessions_text, u.end_sessions),
        Act::RevokeKeys => (u.revoke_keys, u.revoke_keys_text, u.revoke_keys),
        Act::ResetTotp => (u.reset_totp, u.reset_totp_text, u.reset_totp),
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
enum Done {
    Said(String),
    Password(String),
}

async fn run(t: &'static Strings, act: Act, id: i64) -> Result<Done, UiError> {
    let u = t.users();
    let enabled = |enabled: bool| UserPatch { enabled: Some(enabled), ..UserPatch::default() };
    let role = |role: Role| UserPatch { role: Some(role), ..UserPatch::default() };
    let said = |text: &str| Done::Said(text.to_owned());
    Ok(match act {
        Act::Disable => users::update(id, enabled(false)).await.map(|_| said(u.disabled_done))?,
        Act::Enable => users::update(id, enabled(true)).await.map(|_| said(u.enabled_done))?,
        Act::Promote => users::update(id, role(Role::Admin)).await.map(|_| said(u.role_done))?,
        Act::Demote => users::update(id, role(Role::User)).await.map(|_| said(u.role_done))?,
        Act::Reset => Done::Password(users::reset_password(id).await?.password.unwrap_or_default()),
        Act::EndSessions => Done::Said(fill(u.sessions_ended, &[("n", &users::end_sessions(id).await?.to_string())])),
        Act::ResetTotp => users::reset_totp(id).await.map(|()| said(u.totp_reset))?,
        Act::RevokeKeys => Done::Said(fill(u.keys_revoked, &[("n", &users::revoke_keys(id).await?.to_string())])),
    })
}

/// What is about to be done, to whom.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    act: Act,
    id: i64,
    name: String,
}

/// Asks and does. A copy is the same one. Needs [`ActDialog`] on the page.
#[derive(Clone, Copy)]
pub struct Acts {
    question: RwSignal<Option<Question>>,
    open: RwSignal<bool>,
    run: Action<(Act, i64), Result<Done, UiError>>,
    reload: Callback<()>,
}

impl Acts {
    /// Take it at the top of the page.
    pub fn new(reload: Callback<()>) -> Self {
        let t = use_strings();
        Acts {
            question: RwSignal::new(None),
            open: RwSignal::new(false),
            run: Action::new(move |(act, id): &(Act, i64)| run(t, *act, *id)),
            reload,
        }
    }

    fn ask(self, act: Act, id: i64, name: String) {
        // Letting somebody in does no harm.
        if act == Act::Enable {
            self.run.dispatch((act, id));
            return;
        }
        self.question.set(Some(Question { act, id, name }));
        self.open.set(true);
    }
}

/// The button of one thing.
#[component]
pub fn ActButton(
    /// Which thing.
    act: Act,
    /// The page's acts.
    acts: Acts,
    /// The user's number.
    id: i64,
    /// The user's name.
    name: String,
) -> impl IntoView {
    let t = use_strings();
    let (_, _, word) = words(t, act);
    let icon = match act {
        Act::Disable | Act::EndSessions | Act::RevokeKeys => IconName::Stop,
        Act::Enable => IconName::CircleCheck,
        Act::Promote | Act::Demote | Act::ResetTotp => IconName::Shield,
        Act::Reset => IconName::Lock,
    };
    let class = if act == Act::Disable { "is-danger" } else { "" };
    view! { <Button size=Size::Sm icon class on_click=move |_| acts.ask(act, id, name.clone())>{word}</Button> }.into_any()
}

/// The questions before and the report after; once on a page.
#[component]
pub fn ActDialog(
    /// The page's acts.
    acts: Acts,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let Acts { question, open, run, reload } = acts;
    let shown = RwSignal::new(Vec::<Shown>::new());
    Effect::new(move |_| {
        match run.value().get() {
            Some(Ok(Done::Said(text))) => toasts.ok(text),
            Some(Ok(Done::Password(secret))) => {
                let name = question.with_untracked(|question| question.as_ref().map(|question| question.name.clone()).unwrap_or_default());
                shown.set(vec![Shown { label: fill(t.users().temporary_for, &[("name", &name)]), secret }]);
            }
            Some(Err(error)) => return toasts.error(&error),
            None => return,
        }
        reload.run(());
    });
    let with = move |pick: fn((&'static str, &'static str, &'static str)) -> &'static str| {
        Signal::derive(move || {
            question.with(|question| question.as_ref().map(|one| fill(pick(words(t, one.act)), &[("name", &one.name)])).unwrap_or_default())
        })
    };
    let confirmed = Callback::new(move |()| {
        if let Some(Question { act, id, .. }) = question.get_untracked() {
            run.dispatch((act, id));
        }
    });
    view! {
        <ConfirmDialog
            open
            title=with(|(title, _, _)| title)
            body=with(|(_, body, _)| body)
            confirm=with(|(_, _, word)| word)
            danger=true
            busy=run.pending()
            on_confirm=confirmed
        />
        <SecretDialog shown title=t.users().temporary_title/>
    }
    .into_any()
}

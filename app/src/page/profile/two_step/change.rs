//! New recovery codes, and switching it off: both ask for the password and a code.

use super::codes::Codes;
use super::split;
use crate::api::accounts::{renew_recovery_codes, totp_disable};
use crate::i18n::use_strings;
use crate::page::login::PasswordInput;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::RecoveryCodes;

/// The two fields that prove who somebody is.
#[component]
fn Proof(
    /// Two-way.
    password: RwSignal<String>,
    /// Two-way.
    code: RwSignal<String>,
    /// What is wrong with the password.
    #[prop(into)]
    password_error: Signal<Option<String>>,
    /// What is wrong with the code.
    #[prop(into)]
    code_error: Signal<Option<String>>,
    /// Tells the ids of one form from those of another.
    prefix: &'static str,
) -> impl IntoView {
    let t = use_strings();
    view! {
        <FormField label=t.profile().two_step_password id=format!("{prefix}-password") error=password_error>
            <PasswordInput value=password autocomplete="current-password"/>
        </FormField>
        <FormField label=t.profile().two_step_code id=format!("{prefix}-code") error=code_error>
            <Input value=code required=true mono=true attr:autocomplete="one-time-code" attr:autocapitalize="none" attr:maxlength="40"/>
        </FormField>
    }
    .into_any()
}

/// Makes new recovery codes.
#[component]
pub fn RenewDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Loads the state anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let made = RwSignal::new(None::<RecoveryCodes>);
    let renew = Action::new(move |(): &()| async move {
        let answer = renew_recovery_codes(password.get_untracked(), code.get_untracked()).await;
        if let Ok(codes) = &answer {
            made.set(Some(codes.clone()));
        }
        answer
    });
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            password.set(String::new());
            code.set(String::new());
            if made.get_untracked().is_some() {
                made.set(None);
                reload.run(());
            }
        }
        is
    });
    let (at, rest) = split(t, renew.value());
    let ask = move || {
        view! {
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    renew.dispatch(());
                }
            >
                <p class="muted">{t.profile().two_step_renew_text}</p>
                <Proof password code password_error=at("password") code_error=at("code") prefix="renew"/>
                {move || rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=renew.pending()>{t.profile().two_step_renew}</Button>
                </DialogFooter>
            </form>
        }
        .into_any()
    };
    let content = move || match made.get() {
        Some(codes) => view! { <Codes codes open/> }.into_any(),
        None => ask(),
    };
    view! { <Dialog open title=t.profile().two_step_renew>{content}</Dialog> }.into_any()
}

/// Switches it off.
#[component]
pub fn EndDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Loads the state anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let end = Action::new(move |(): &()| async move {
        let answer = totp_disable(password.get_untracked(), code.get_untracked()).await;
        if answer.is_ok() {
            toasts.ok(t.profile().two_step_off_done);
            open.set(false);
            reload.run(());
        }
        answer
    });
    let (at, rest) = split(t, end.value());
    view! {
        <Dialog open title=t.profile().two_step_end>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    end.dispatch(());
                }
            >
                <p class="muted">{t.profile().two_step_end_text}</p>
                <Proof password code password_error=at("password") code_error=at("code") prefix="end"/>
                {move || rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Danger kind="submit" loading=end.pending()>{t.profile().two_step_end}</Button>
                </DialogFooter>
            </form>
        </Dialog>
    }
    .into_any()
}

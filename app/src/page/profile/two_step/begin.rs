//! Switching it on.

use super::codes::Codes;
use super::split;
use crate::api::accounts::{totp_begin, totp_confirm};
use crate::i18n::use_strings;
use crate::page::login::PasswordInput;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::{RecoveryCodes, TotpSetup};

/// Password, then the QR code and a first code, then the recovery codes.
#[component]
pub fn BeginDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Loads the state anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let setup = RwSignal::new(None::<TotpSetup>);
    let made = RwSignal::new(None::<RecoveryCodes>);
    let begin = Action::new(move |password: &String| {
        let password = password.clone();
        async move {
            let answer = totp_begin(password).await;
            if let Ok(begun) = &answer {
                setup.set(Some(begun.clone()));
            }
            answer
        }
    });
    let confirm = Action::new(move |code: &String| {
        let code = code.clone();
        async move {
            let answer = totp_confirm(code).await;
            if let Ok(codes) = &answer {
                made.set(Some(codes.clone()));
            }
            answer
        }
    });
    // Closed: whatever was shown is gone, and what was done is loaded anew.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            let done = made.get_untracked().is_some();
            made.set(None);
            setup.set(None);
            password.set(String::new());
            code.set(String::new());
            if done {
                reload.run(());
            }
        }
        is
    });
    let (begin_at, begin_rest) = split(t, begin.value());
    let (confirm_at, confirm_rest) = split(t, confirm.value());
    let ask_password = move || {
        view! {
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    begin.dispatch(password.get_untracked());
                }
            >
                <FormField label=t.profile().two_step_password id="two-step-password" error=begin_at("password")>
                    <PasswordInput value=password autocomplete="current-password"/>
                </FormField>
                {move || begin_rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=begin.pending()>{t.profile().two_step_next}</Button>
                </DialogFooter>
            </form>
        }
        .into_any()
    };
    let ask_code = move |TotpSetup { secret, qr_svg, .. }: TotpSetup| {
        view! {
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    confirm.dispatch(code.get_untracked());
                }
            >
                <p class="muted">{t.profile().two_step_scan}</p>
                <div class="qr" role="img" aria-label=t.profile().two_step_qr inner_html=qr_svg></div>
                <div class="secret-box">
                    <code class="secret-text" data-secret="" aria-label=t.profile().two_step_secret>{secret.clone()}</code>
                    <CopyButton text=secret label=t.common().copy/>
                </div>
                <FormField label=t.profile().two_step_first_code id="two-step-code" error=confirm_at("code")>
                    <Input value=code required=true mono=true attr:inputmode="numeric" attr:autocomplete="one-time-code" attr:maxlength="10" attr:autofocus=true/>
                </FormField>
                {move || confirm_rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=confirm.pending()>{t.profile().two_step_confirm}</Button>
                </DialogFooter>
            </form>
        }
        .into_any()
    };
    let content = move || match (made.get(), setup.get()) {
        (Some(codes), _) => view! { <Codes codes open/> }.into_any(),
        (None, Some(begun)) => ask_code(begun),
        (None, None) => ask_password(),
    };
    let title = move || if made.get().is_some() { t.profile().two_step_codes } else { t.profile().two_step_begin }.to_owned();
    view! { <Dialog open title=Signal::derive(title)>{content}</Dialog> }.into_any()
}

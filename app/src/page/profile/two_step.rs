//! Two-step verification: switched on with a first code, off with the password and a code.

use crate::api::accounts::{renew_recovery_codes, totp_begin, totp_confirm, totp_disable};
use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::page::login::PasswordInput;
use crate::ui::*;
use leptos::prelude::*;
use model::ErrorCode;
use model::accounts::{RecoveryCodes, TotpSetup, TotpStatus};

/// Fewer recovery codes than this are few.
const FEW: i64 = 4;

/// Whether it is on, and the way to the other state.
#[component]
pub fn TwoStep(
    /// Whether it is on.
    status: TotpStatus,
    /// Loads it anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let (beginning, renewing, ending) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let TotpStatus { enabled, recovery_codes_left } = status;
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{t.profile.two_step_on}</Badge> }
    } else {
        view! { <Badge>{t.profile.two_step_off}</Badge> }
    };
    let actions = if enabled {
        view! {
            <Button on_click=move |_| renewing.set(true)>{t.profile.two_step_renew}</Button>
            <Button class="is-danger" on_click=move |_| ending.set(true)>{t.profile.two_step_end}</Button>
        }
        .into_any()
    } else {
        view! { <Button variant=Variant::Primary icon=IconName::Shield on_click=move |_| beginning.set(true)>{t.profile.two_step_begin}</Button> }.into_any()
    };
    let left = enabled.then(|| {
        let few = (recovery_codes_left < FEW)
            .then(|| view! { <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.profile.two_step_few}</span></p> });
        view! { <p class="muted num">{fill(t.profile.two_step_left, &[("n", &recovery_codes_left.to_string())])}</p>{few} }
    });
    view! {
        <section class="section">
            <Card title=t.profile.tab_two_step>
                <div class="stack">
                    <div class="row">{state}<span class="muted">{t.profile.two_step_lead}</span></div>
                    {left}
                    <div class="row needs-script">{actions}</div>
                </div>
            </Card>
        </section>
        <BeginDialog open=beginning reload/>
        <RenewDialog open=renewing reload/>
        <EndDialog open=ending reload/>
    }
    .into_any()
}

/// What is wrong with a field of these forms.
fn complaint(t: &'static Strings, error: UiError) -> String {
    match (error.0.field.as_deref(), error.code()) {
        (Some("password"), ErrorCode::WrongCredentials) => t.profile.two_step_wrong_password.to_owned(),
        (Some("code"), ErrorCode::WrongCredentials) => t.profile.two_step_wrong_code.to_owned(),
        _ => error_sentence(t, &error),
    }
}

/// The error of an action at one of its fields, and what is left of it beside them.
fn split<T>(
    t: &'static Strings,
    value: impl Into<Signal<Option<Result<T, UiError>>>>,
) -> (impl Fn(&'static str) -> Signal<Option<String>> + Copy, Signal<Option<UiError>>)
where
    T: Clone + Send + Sync + 'static,
{
    let value = value.into();
    let failure = move || value.get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| complaint(t, error)))
    };
    let rest = Signal::derive(move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("password" | "code"))));
    (at, rest)
}

/// Password, then the QR code and a first code, then the recovery codes.
#[component]
fn BeginDialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
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
                <FormField label=t.profile.two_step_password id="two-step-password" error=begin_at("password")>
                    <PasswordInput value=password autocomplete="current-password"/>
                </FormField>
                {move || begin_rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common.cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=begin.pending()>{t.profile.two_step_next}</Button>
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
                <p class="muted">{t.profile.two_step_scan}</p>
                <div class="qr" role="img" aria-label=t.profile.two_step_qr inner_html=qr_svg></div>
                <div class="secret-box">
                    <code class="secret-text" data-secret="" aria-label=t.profile.two_step_secret>{secret.clone()}</code>
                    <CopyButton text=secret label=t.common.copy/>
                </div>
                <FormField label=t.profile.two_step_first_code id="two-step-code" error=confirm_at("code")>
                    <Input value=code required=true mono=true attr:inputmode="numeric" attr:autocomplete="one-time-code" attr:maxlength="10" attr:autofocus=true/>
                </FormField>
                {move || confirm_rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common.cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=confirm.pending()>{t.profile.two_step_confirm}</Button>
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
    let title = move || if made.get().is_some() { t.profile.two_step_codes } else { t.profile.two_step_begin }.to_owned();
    view! { <Dialog open title=Signal::derive(title)>{content}</Dialog> }.into_any()
}

/// The recovery codes, once.
#[component]
fn Codes(codes: RecoveryCodes, open: RwSignal<bool>) -> impl IntoView {
    let t = use_strings();
    let all = codes.codes.join("\n");
    view! {
        <div class="stack">
            <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.profile.two_step_codes_text}</span></p>
            <ol class="recovery-codes mono">{codes.codes.into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ol>
            <DialogFooter>
                <CopyButton text=all label=t.common.copy_all/>
                <Button variant=Variant::Primary on_click=move |_| open.set(false)>{t.profile.secret_done}</Button>
            </DialogFooter>
        </div>
    }
    .into_any()
}

/// The two fields that prove who somebody is.
#[component]
fn Proof(
    password: RwSignal<String>,
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
        <FormField label=t.profile.two_step_password id=format!("{prefix}-password") error=password_error>
            <PasswordInput value=password autocomplete="current-password"/>
        </FormField>
        <FormField label=t.profile.two_step_code id=format!("{prefix}-code") error=code_error>
            <Input value=code required=true mono=true attr:autocomplete="one-time-code" attr:autocapitalize="none" attr:maxlength="40"/>
        </FormField>
    }
    .into_any()
}

#[component]
fn RenewDialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
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
                <p class="muted">{t.profile.two_step_renew_text}</p>
                <Proof password code password_error=at("password") code_error=at("code") prefix="renew"/>
                {move || rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common.cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=renew.pending()>{t.profile.two_step_renew}</Button>
                </DialogFooter>
            </form>
        }
        .into_any()
    };
    let content = move || match made.get() {
        Some(codes) => view! { <Codes codes open/> }.into_any(),
        None => ask(),
    };
    view! { <Dialog open title=t.profile.two_step_renew>{content}</Dialog> }.into_any()
}

#[component]
fn EndDialog(open: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let end = Action::new(move |(): &()| async move {
        let answer = totp_disable(password.get_untracked(), code.get_untracked()).await;
        if answer.is_ok() {
            toasts.ok(t.profile.two_step_off_done);
            open.set(false);
            reload.run(());
        }
        answer
    });
    let (at, rest) = split(t, end.value());
    view! {
        <Dialog open title=t.profile.two_step_end>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    end.dispatch(());
                }
            >
                <p class="muted">{t.profile.two_step_end_text}</p>
                <Proof password code password_error=at("password") code_error=at("code") prefix="end"/>
                {move || rest.get().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common.cancel}</Button>
                    <Button variant=Variant::Danger kind="submit" loading=end.pending()>{t.profile.two_step_end}</Button>
                </DialogFooter>
            </form>
        </Dialog>
    }
    .into_any()
}

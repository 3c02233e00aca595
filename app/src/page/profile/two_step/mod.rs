//! Two-step verification: switched on with a first code, off with the password and a code.

mod begin;
mod change;
mod codes;

use crate::error::UiError;
use crate::i18n::{Strings, fill, use_strings};
use crate::ui::*;
use begin::BeginDialog;
use change::{EndDialog, RenewDialog};
use leptos::prelude::*;
use model::ErrorCode;
use model::accounts::TotpStatus;

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
        view! { <Badge tone=Tone::Ok dot=true>{t.profile().two_step_on}</Badge> }
    } else {
        view! { <Badge>{t.profile().two_step_off}</Badge> }
    };
    let actions = if enabled {
        view! {
            <Button on_click=move |_| renewing.set(true)>{t.profile().two_step_renew}</Button>
            <Button class="is-danger" on_click=move |_| ending.set(true)>{t.profile().two_step_end}</Button>
        }
        .into_any()
    } else {
        view! { <Button variant=Variant::Primary icon=IconName::Shield on_click=move |_| beginning.set(true)>{t.profile().two_step_begin}</Button> }.into_any()
    };
    let left = enabled.then(|| {
        let few = (recovery_codes_left < FEW)
            .then(|| view! { <p class="notice tone-warn"><Icon name=IconName::Alert/><span>{t.profile().two_step_few}</span></p> });
        view! { <p class="muted num">{fill(t.profile().two_step_left, &[("n", &recovery_codes_left.to_string())])}</p>{few} }
    });
    view! {
        <section class="section">
            <Card title=t.profile().tab_two_step>
                <div class="stack">
                    <div class="row">{state}<span class="muted">{t.profile().two_step_lead}</span></div>
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
        (Some("password"), ErrorCode::WrongCredentials) => t.profile().two_step_wrong_password.to_owned(),
        (Some("code"), ErrorCode::WrongCredentials) => t.profile().two_step_wrong_code.to_owned(),
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

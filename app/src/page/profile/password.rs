//! The form that changes the password. Without scripts it posts to the server function as a plain form.

use crate::api::accounts::ChangePassword;
use crate::i18n::use_strings;
use crate::page::login::PasswordInput;
use crate::ui::*;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::ErrorCode;
use wasm_bindgen::JsCast;

/// Old password once, new one twice.
#[component]
pub fn ChangePasswordForm() -> impl IntoView {
    let t = use_strings();
    let toasts = use_toasts();
    let (old, new, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let differ = RwSignal::new(false);
    let change = ServerAction::<ChangePassword>::new();
    Effect::new(move |_| {
        // Failures are shown at their fields.
        if let Some(Ok(())) = change.value().get() {
            toasts.ok(t.profile().password_changed);
            for field in [old, new, again] {
                field.set(String::new());
            }
        }
    });
    let failure = move || change.value().get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || {
            let error = failure().filter(|error| error.0.field.as_deref() == Some(field))?;
            Some(match error.code() {
                ErrorCode::WrongCredentials => t.profile().password_old_wrong.to_owned(),
                _ => error_sentence(t, &error),
            })
        })
    };
    let other_failure = move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("old_password" | "password")));
    let mismatch = Signal::derive(move || (differ.get() && new.get() != again.get()).then(|| t.profile().password_mismatch.to_owned()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        differ.set(true);
        if mismatch.get_untracked().is_none() {
            change.dispatch(ChangePassword { old: old.get_untracked(), new: new.get_untracked() });
        } else if let Some(form) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            // The field to be mended gets the focus.
            if let Some(field) =
                form.query_selector("#password-again").ok().flatten().and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
            {
                let _ = field.focus();
            }
        }
    };
    view! {
        <section class="section">
            <Card title=t.profile().password_title>
                <form class="stack narrow" method="post" action=ChangePassword::PATH on:submit=submit>
                    <p class="muted">{t.profile().password_lead}</p>
                    <FormField label=t.profile().password_old id="password-old" error=at("old_password")>
                        <PasswordInput name="old" value=old autocomplete="current-password"/>
                    </FormField>
                    <FormField label=t.profile().password_new id="password-new" help=t.account().password_rules error=at("password")>
                        <PasswordInput name="new" value=new autocomplete="new-password"/>
                    </FormField>
                    <FormField label=t.profile().password_repeat id="password-again" error=mismatch>
                        <PasswordInput value=again autocomplete="new-password"/>
                    </FormField>
                    {move || other_failure().map(|error| view! { <ErrorBox error/> })}
                    <div class="row">
                        <Button variant=Variant::Primary kind="submit" loading=change.pending()>{t.profile().password_change}</Button>
                    </div>
                </form>
            </Card>
        </section>
    }
    .into_any()
}

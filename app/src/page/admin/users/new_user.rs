//! The dialog that makes a user.

use super::role_text;
use crate::api::admin::users::create;
use crate::i18n::{fill, use_strings};
use crate::page::admin::secret::{SecretDialog, Shown};
use crate::page::login::PasswordInput;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::Role;
use model::users::NewUser;

/// Asks who it is, makes the account, and shows its password once if it was made here.
#[component]
pub fn NewUserDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Loads the list anew.
    reload: Callback<()>,
) -> impl IntoView {
    let t = use_strings();
    let u = t.users();
    let toasts = use_toasts();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let role = RwSignal::new(Role::User.as_str().to_owned());
    let shown = RwSignal::new(Vec::<Shown>::new());
    let make = Action::new(move |user: &NewUser| create(user.clone()));
    Effect::new(move |_| {
        let Some(Ok(made)) = make.value().get() else { return };
        open.set(false);
        for field in [username, password] {
            field.set(String::new());
        }
        match made.password {
            Some(secret) => shown.set(vec![Shown { label: fill(u.temporary_for, &[("name", &made.user.username)]), secret }]),
            None => {
                toasts.ok(u.created);
                reload.run(());
            }
        }
    });
    // The list is loaded anew when the password was read, since that would take the dialog with it.
    Effect::new(move |was: Option<bool>| {
        let is = shown.with(|shown| !shown.is_empty());
        if was == Some(true) && !is {
            reload.run(());
        }
        is
    });
    let failure = move || make.value().get().and_then(Result::err);
    let at = move |field: &'static str| {
        Signal::derive(move || failure().filter(|error| error.0.field.as_deref() == Some(field)).map(|error| error_sentence(t, &error)))
    };
    let other_failure = move || failure().filter(|error| !matches!(error.0.field.as_deref(), Some("username" | "password")));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        make.dispatch(NewUser {
            username: username.get_untracked(),
            password: Some(password.get_untracked()).filter(|password| !password.is_empty()),
            role: Role::parse(&role.get_untracked()).unwrap_or_default(),
        });
    };
    let roles = [Role::User, Role::Admin].map(|role| Choice::new(role.as_str(), role_text(t, role))).to_vec();
    view! {
        <Dialog open title=u.new>
            <form class="stack" on:submit=submit>
                <FormField label=t.account().username id="new-username" help=t.account().username_rules error=at("username") required=true>
                    <Input value=username required=true attr:autofocus=true attr:autocomplete="off" attr:autocapitalize="none" attr:spellcheck="false"/>
                </FormField>
                <FormField label=u.role id="new-role">
                    <Select value=role options=roles.clone()/>
                </FormField>
                <FormField label=u.password id="new-password" help=u.password_help error=at("password") optional=true>
                    <PasswordInput value=password autocomplete="new-password" required=false/>
                </FormField>
                {move || other_failure().map(|error| view! { <ErrorBox error/> })}
                <DialogFooter>
                    <Button on_click=move |_| open.set(false)>{t.common().cancel}</Button>
                    <Button variant=Variant::Primary kind="submit" loading=make.pending()>{t.common().create}</Button>
                </DialogFooter>
            </form>
        </Dialog>
        <SecretDialog shown title=u.temporary_title/>
    }
    .into_any()
}

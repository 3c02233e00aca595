//! The registration page: a plain form to `POST /register`, which answers with a redirect.

use crate::i18n::use_strings;
use crate::page::login::{Entrance, FormError, PasswordInput};
use crate::route;
use crate::site::use_site;
use crate::ui::*;
use leptos::prelude::*;
use leptos_meta::Title;
use model::settings::Registration;

/// The registration page. `?code=` is an invitation, `?error=` what the last try was refused for.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let t = use_strings();
    let r = t.registration();
    let link = use_link();
    let by_invitation = use_site().registration == Registration::Invitation;
    let (username, code) = (RwSignal::new(link.peek("username").unwrap_or_default()), RwSignal::new(link.peek("code").unwrap_or_default()));
    let wrong_code = link.peek("field").as_deref() == Some("code");
    let problem = if wrong_code {
        view! { <p class="notice tone-danger" role="alert"><Icon name=IconName::Alert/><span>{r.code_wrong}</span></p> }.into_any()
    } else {
        view! { <FormError/> }.into_any()
    };
    view! {
        <Title text=t.account().register/>
        <Entrance title=t.account().register lead=r.lead>
            {problem}
            <form class="stack" method="post" action=route::REGISTER>
                {by_invitation.then(|| view! {
                    <FormField label=r.code id="code" help=r.code_help>
                        <Input name="code" value=code required=true mono=true attr:autocomplete="off" attr:spellcheck="false"/>
                    </FormField>
                })}
                <FormField label=t.account().username id="username" help=t.account().username_rules>
                    <Input name="username" value=username required=true attr:autocomplete="username" attr:autocapitalize="none" attr:spellcheck="false"/>
                </FormField>
                <FormField label=t.account().password id="password" help=t.account().password_rules>
                    <PasswordInput name="password" autocomplete="new-password"/>
                </FormField>
                <Button variant=Variant::Primary kind="submit" class="button-wide">{r.submit}</Button>
            </form>
            <p class="entrance-note">{r.have_account}" "<a href=route::LOGIN>{t.account().log_in}</a></p>
        </Entrance>
    }
    .into_any()
}

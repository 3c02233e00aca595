//! The first-run page: a plain form to `POST /setup`, opened by the link that the server printed.

use crate::i18n::use_strings;
use crate::page::login::{Entrance, FormError, PasswordInput};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_meta::Title;
use std::collections::HashSet;

/// Fewest characters of a password; the server's check decides.
const SHORTEST_PASSWORD: usize = 8;

/// Creates the first administrator.
#[component]
pub fn SetupPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let token = link.peek("token").unwrap_or_default();
    let username = RwSignal::new(link.peek("username").unwrap_or_default());
    let password = RwSignal::new(String::new());
    let long = move || password.with(|p| p.chars().count() >= SHORTEST_PASSWORD);
    let not_name = move || password.with(|p| username.with(|u| !p.is_empty() && p.to_lowercase() != u.trim().to_lowercase()));
    let varied = move || password.with(|p| p.to_lowercase().chars().collect::<HashSet<_>>().len() >= 3);
    let has_token = !token.is_empty();
    view! {
        <Title text=t.account().set_up_title/>
        <Entrance title=t.account().set_up_title lead=t.account().set_up_lead>
            <ol class="entrance-steps">
                <li class="is-current">{t.account().set_up_steps_1}</li>
                <li>{t.account().set_up_steps_2}</li>
                <li>{t.account().set_up_steps_3}</li>
            </ol>
            <FormError/>
            {(!has_token).then(|| view! { <p class="notice tone-warn"><Icon name=IconName::Info/><span>{t.account().set_up_no_token}</span></p> })}
            <form class="stack" method="post" action="/setup">
                {if has_token {
                    view! { <input type="hidden" name="token" value=token/> }.into_any()
                } else {
                    view! {
                        <FormField label=t.account().set_up_token id="token" help=t.account().set_up_token_help>
                            <Input name="token" required=true mono=true attr:autocomplete="off" attr:spellcheck="false"/>
                        </FormField>
                    }
                    .into_any()
                }}
                <FormField label=t.account().username id="username" help=t.account().username_rules>
                    <Input name="username" value=username required=true attr:autocomplete="username" attr:autocapitalize="none" attr:spellcheck="false"/>
                </FormField>
                <FormField label=t.account().password id="password" help=t.account().password_rules>
                    <PasswordInput name="password" value=password autocomplete="new-password"/>
                </FormField>
                <ul class="rules needs-script">
                    <Rule met=Signal::derive(long) text=t.account().password_length/>
                    <Rule met=Signal::derive(varied) text=t.account().password_varied/>
                    <Rule met=Signal::derive(not_name) text=t.account().password_not_name/>
                </ul>
                <Button variant=Variant::Primary kind="submit" class="button-wide">{t.account().set_up}</Button>
            </form>
            <p class="entrance-note">{t.account().already_done}" "<a href=route::LOGIN>{t.account().log_in}</a></p>
        </Entrance>
    }
    .into_any()
}

/// One rule, ticked when it is met.
#[component]
fn Rule(met: Signal<bool>, text: &'static str) -> impl IntoView {
    view! {
        <li class="rule" class:is-met=met>
            {move || view! { <Icon name=if met.get() { IconName::CircleCheck } else { IconName::Dot }/> }}
            <span>{text}</span>
        </li>
    }
    .into_any()
}

//! The log-in page: a plain form to `POST /login`, which answers with a redirect.

mod code;
mod password;

use crate::i18n::{Strings, fill, use_strings};
use crate::route;
use crate::shell::{BrandMark, LanguageSwitch, ThemeSwitch};
use crate::site::use_site;
use crate::ui::*;
pub use code::LoginCodePage;
use leptos::prelude::*;
use leptos_meta::Title;
use model::ErrorCode;
use model::settings::Registration;
pub use password::PasswordInput;

/// The log-in page. `?next=` is where to go afterwards, `?error=` what the last try was refused for.
#[component]
pub fn LoginPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let registration = use_site().registration;
    view! {
        <Title text=t.account().log_in_title/>
        <Entrance title=t.account().log_in_title lead=t.account().log_in_lead>
            <FormError/>
            <form class="stack" method="post" action="/login">
                <input type="hidden" name="next" value=move || link.get("next").unwrap_or_default()/>
                <FormField label=t.account().username id="username">
                    <Input name="username" required=true attr:autocomplete="username" attr:autocapitalize="none" attr:spellcheck="false" attr:autofocus=true/>
                </FormField>
                <FormField label=t.account().password id="password">
                    <PasswordInput name="password" autocomplete="current-password"/>
                </FormField>
                <Button variant=Variant::Primary kind="submit" class="button-wide">{t.account().log_in}</Button>
            </form>
            {if registration == Registration::Closed {
                view! { <p class="entrance-note">{t.account().no_account}</p> }.into_any()
            } else {
                view! { <p class="entrance-note">{t.account().without_account}" "<a href=route::REGISTER>{t.account().register}</a></p> }.into_any()
            }}
        </Entrance>
    }
    .into_any()
}

/// The frame of pages for people who are not logged in: a brand, a box, language and theme.
#[component]
pub fn Entrance(
    /// What the page is for.
    #[prop(into)]
    title: String,
    /// A sentence below it.
    #[prop(into)]
    lead: String,
    children: Children,
) -> impl IntoView {
    let t = use_strings();
    let site = use_site();
    view! {
        <div class="entrance">
            <header class="entrance-top">
                <span class="brand">
                    <BrandMark/>
                    <span class="brand-text">
                        <span class="brand-name">{site.name_or(t.shell().product).to_owned()}</span>
                        <span class="brand-lead">{t.shell().subtitle}</span>
                    </span>
                </span>
                <span class="row"><LanguageSwitch/><ThemeSwitch/></span>
            </header>
            <main class="entrance-main" id="main">
                <div class="entrance-box">
                    <h1 class="entrance-title">{title}</h1>
                    <p class="entrance-lead">{lead}</p>
                    {children()}
                </div>
            </main>
        </div>
    }
    .into_any()
}

/// What `?error=` in the address stands for.
#[component]
pub fn FormError() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let text = move |code: String| match link.get("retry_after").filter(|seconds| seconds.bytes().all(|b| b.is_ascii_digit())) {
        Some(seconds) => format!("{} {}", sentence(t, &code), fill(t.common().retry_after, &[("n", &seconds)])),
        None => sentence(t, &code).to_owned(),
    };
    let notice = move || {
        link.get("error")
            .map(|code| view! { <p class="notice tone-danger" role="alert"><Icon name=IconName::Alert/><span>{text(code)}</span></p> })
    };
    view! { {notice} }.into_any()
}

/// The sentence of a code in an address, which anybody may have written: unknown ones read as a general error.
fn sentence(t: &'static Strings, code: &str) -> &'static str {
    let known = ErrorCode::ALL.iter().find(|known| known.as_str() == code);
    t.error(*known.unwrap_or(&ErrorCode::BadRequest))
}

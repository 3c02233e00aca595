//! The second step of a log-in: a plain form to `POST /login/code`, which answers with a redirect.

use super::{Entrance, FormError};
use crate::i18n::use_strings;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use leptos_meta::Title;
use model::ErrorCode;

/// The page that asks for the code. `?next=` is where to go afterwards, `?error=` what the last try was refused for.
#[component]
pub fn LoginCodePage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    // A wrong code reads as one; anything else as what it is.
    let wrong = move || link.get("error").as_deref() == Some(ErrorCode::WrongCredentials.as_str());
    let notice = move || {
        match wrong() {
        true => {
            view! { <p class="notice tone-danger" role="alert"><Icon name=IconName::Alert/><span>{t.account().second_step_wrong}</span></p> }
                .into_any()
        }
        false => view! { <FormError/> }.into_any(),
    }
    };
    view! {
        <Title text=t.account().second_step_title/>
        <Entrance title=t.account().second_step_title lead=t.account().second_step_lead>
            {notice}
            <form class="stack" method="post" action="/login/code">
                <input type="hidden" name="next" value=move || link.get("next").unwrap_or_default()/>
                <FormField label=t.account().second_step_code id="code" help=t.account().second_step_help>
                    <Input
                        name="code"
                        required=true
                        mono=true
                        attr:autocomplete="one-time-code"
                        attr:autocapitalize="none"
                        attr:spellcheck="false"
                        attr:maxlength="40"
                        attr:autofocus=true
                    />
                </FormField>
                <Button variant=Variant::Primary kind="submit" class="button-wide">{t.account().second_step}</Button>
            </form>
            <p class="entrance-note"><a href=route::LOGIN>{t.account().start_again}</a></p>
        </Entrance>
    }
    .into_any()
}

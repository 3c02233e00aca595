//! How an error is shown: what happened, what to do, and what to quote.

use super::button::{Button, ButtonLink, Size};
use super::clipboard::CopyButton;
use super::icon::{Icon, IconName};
use super::link::{escape, use_link};
use crate::error::UiError;
use crate::i18n::{Lang, Strings, fill, use_strings};
use crate::route;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::ErrorCode;

/// The one sentence that people read for an error.
pub fn error_sentence(t: &Strings, error: &UiError) -> String {
    let sentence = match error.code() {
        _ if error.is_offline() => t.common().offline.to_owned(),
        _ if error.is_stale() => t.common().stale_page.to_owned(),
        // What is wrong with the value says more than that it is wrong.
        ErrorCode::Invalid => {
            let sentence = t.sentence(&error.0.message);
            if t.lang == Lang::Zh && sentence == error.0.message { t.error(ErrorCode::Invalid).to_owned() } else { sentence }
        }
        code => t.error(code).to_owned(),
    };
    match error.0.retry_after {
        Some(seconds) if seconds > 0 => format!("{sentence} {}", fill(t.common().retry_after, &[("n", &seconds.to_string())])),
        _ => sentence,
    }
}

/// An error with its code, sentence and request id, to be copied as a whole.
#[component]
pub fn ErrorBox(
    /// What went wrong.
    error: UiError,
    /// Tries again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let t = use_strings();
    let sentence = error_sentence(t, &error);
    let code = error.code().as_str();
    let model::Error { message, field, request_id, .. } = error.0.clone();
    let detail = (!error.is_offline() && !error.is_stale() && message != sentence).then_some(message.clone());
    let all = [
        Some(format!("{code}: {message}")),
        field.as_ref().map(|f| format!("field: {f}")),
        request_id.as_ref().map(|id| format!("request_id: {id}")),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join("\n");
    let fact = |name: &'static str, value: String| view! { <div class="error-fact"><dt>{name}</dt><dd class="mono">{value}</dd></div> };
    let log_in = matches!(error.code(), ErrorCode::Unauthenticated | ErrorCode::CredentialExpired).then(|| {
        let here = use_location();
        let href = Signal::derive(move || {
            let next = format!("{}?{}", here.pathname.get(), here.search.get());
            format!("{}?next={}", route::LOGIN, escape(next.trim_end_matches('?')))
        });
        // Log-in is a page of its own: the document has to be loaded anew for the new user.
        view! { <ButtonLink href size=Size::Sm attr:rel="external">{t.account().log_in}</ButtonLink> }
    });
    // Filters that cannot be are often shown only with what they find.
    let clear = field.as_ref().filter(|_| error.code() == ErrorCode::Invalid).and_then(|field| {
        let link = use_link();
        link.peek(field).map(|_| view! { <ButtonLink href=Signal::derive(move || link.only(&[])) size=Size::Sm attr:rel="external">{t.common().clear_filters}</ButtonLink> })
    });
    view! {
        <div class="error-box" role="alert">
            <div class="error-icon"><Icon name=IconName::Alert/></div>
            <div class="error-main">
                <p class="error-sentence">{sentence}</p>
                {detail.map(|detail| view! { <p class="error-detail" lang="en">{detail}</p> })}
                <dl class="error-facts">
                    {fact(t.common().error_code, code.to_owned())}
                    {field.map(|field| fact(t.common().error_field, field))}
                    {request_id.map(|id| fact(t.common().request_id, id))}
                </dl>
                <div class="error-actions">
                    {log_in}
                    {clear}
                    {error.is_stale().then(|| view! { <ButtonLink href="" size=Size::Sm icon=IconName::Refresh attr:rel="external">{t.common().reload}</ButtonLink> })}
                    {retry.map(|retry| view! { <Button size=Size::Sm icon=IconName::Refresh on_click=move |_| retry.run(())>{t.common().retry}</Button> })}
                    <CopyButton text=all label=t.common().copy_all/>
                </div>
            </div>
        </div>
    }
    .into_any()
}

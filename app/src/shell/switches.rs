//! Language and theme: plain forms, so they work without scripts.

use crate::i18n::{Lang, use_strings};
use crate::prefs::{Prefs, Theme};
use crate::ui::{Icon, IconName};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The address that a form comes back to.
fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let search = location.search.get();
        let search = search.trim_start_matches('?');
        if search.is_empty() { location.pathname.get() } else { format!("{}?{search}", location.pathname.get()) }
    })
}

/// A button with the name of the other language.
#[component]
pub fn LanguageSwitch() -> impl IntoView {
    let t = use_strings();
    let next = here();
    let other = match t.lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    };
    view! {
        <form class="switch-form" method="post" action="/preferences">
            <input type="hidden" name="next" value=move || next.get()/>
            <button type="submit" name="lang" value=other.as_str() class="button button-ghost button-sm" lang=other.tag() title=t.shell().language>
                <Icon name=IconName::Language/>
                <span class="button-text">{t.shell().switch_language}</span>
            </button>
        </form>
    }
    .into_any()
}

/// Three buttons: light, dark, as the system is set. With scripts the colours change at once and the cookie follows.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let t = use_strings();
    let next = here();
    let theme = RwSignal::new(use_context::<Prefs>().unwrap_or_default().theme);
    let choose = move |choice: Theme, event: leptos::ev::MouseEvent| {
        event.prevent_default();
        theme.set(choice);
        #[cfg(feature = "hydrate")]
        apply(choice);
    };
    let choice = move |choice: Theme| {
        let (icon, name) = match choice {
            Theme::Light => (IconName::Sun, t.shell().theme_light),
            Theme::Dark => (IconName::Moon, t.shell().theme_dark),
            Theme::Auto => (IconName::Monitor, t.shell().theme_auto),
        };
        let pressed = move || if theme.get() == choice { "true" } else { "false" };
        view! {
            <button
                type="submit"
                name="theme"
                value=choice.as_str()
                class="segment"
                class:is-current=move || theme.get() == choice
                aria-pressed=pressed
                aria-label=name
                title=name
                on:click=move |event| choose(choice, event)
            >
                <Icon name=icon/>
            </button>
        }
    };
    view! {
        <form class="switch-form" method="post" action="/preferences">
            <input type="hidden" name="next" value=move || next.get()/>
            <div class="segments" role="group" aria-label=t.shell().theme>{Theme::ALL.map(choice).collect_view()}</div>
        </form>
    }
    .into_any()
}

/// Shows a theme and asks the server to set its cookie.
#[cfg(feature = "hydrate")]
fn apply(theme: Theme) {
    let document = document();
    // Without these attributes the old colours stay until the next page, which the cookie decides.
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("data-theme", theme.as_str());
    }
    if let Ok(Some(meta)) = document.query_selector("meta[name=color-scheme]") {
        let _ = meta.set_attribute("content", theme.color_scheme());
    }
    leptos::task::spawn_local(async move {
        let form = format!("theme={}&next=/healthz", theme.as_str());
        let request = gloo_net::http::Request::post("/preferences").header("content-type", "application/x-www-form-urlencoded").body(form);
        if let Ok(request) = request {
            // A cookie that could not be set costs a click on the next page, nothing more.
            let _ = request.send().await;
        }
    });
}

//! What people see: pages, widgets and server functions. Compiled twice: for the server (`ssr`) and for the browser (`hydrate`).
#![recursion_limit = "256"]

pub mod api;
#[cfg(feature = "hydrate")]
pub mod crash;
pub mod error;
pub mod i18n;
pub mod live;
pub mod page;
pub mod prefs;
pub mod route;
pub mod shell;
pub mod site;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod ui;
pub mod zone;

use crate::live::Live;
use crate::prefs::Prefs;
use crate::site::Site;
use crate::ui::{ToastRegion, Toasts};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

/// The document around [`App`], rendered by the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos_meta::{HashedStylesheet, MetaTags};

    let prefs = ssr::prefs();
    let site = ssr::site();
    view! {
        <!DOCTYPE html>
        <html lang=prefs.lang.tag() data-theme=prefs.theme.as_str() translate="no">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=prefs.theme.color_scheme()/>
                <meta name="robots" content="noindex"/>
                <meta name=site::NAME content=site.name/>
                <meta name=site::REGISTRATION content=site.registration.as_str()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="style"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

#[cfg(feature = "hydrate")]
thread_local! {
    static LIVE: std::cell::Cell<Option<Live>> = const { std::cell::Cell::new(None) };
}

/// Makes the document that the server rendered answer to clicks. The page's own code comes after that of the frame around it, so only when all
/// of it is there may times be shown in the reader's zone, and may tests begin.
#[cfg(feature = "hydrate")]
pub async fn hydrate() {
    use leptos::mount::hydrate_from_async;
    hydrate_from_async(document().body().unwrap_or_else(|| unreachable!("scripts run in <body>")), App).await.forget();
    if let Some(live) = LIVE.get() {
        live.begin();
    }
}

/// Everything inside `<body>`: contexts, routes, messages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let prefs = current_prefs();
    provide_context(prefs);
    provide_context(prefs.lang);
    let site = current_site();
    provide_context(site.clone());
    let name = site.name_or("APIRequestWeb").to_owned();
    let live = Live::new();
    provide_context(live);
    provide_context(Toasts::new());
    #[cfg(feature = "hydrate")]
    LIVE.set(Some(live));

    view! {
        <Title formatter=move |text: String| if text.is_empty() { name.clone() } else { format!("{text} · {name}") }/>
        <Router>
            <route::Pages/>
        </Router>
        <ToastRegion/>
    }
    .into_any()
}

/// Language and theme: from the request on the server, from the document that it rendered in the browser.
fn current_prefs() -> Prefs {
    #[cfg(feature = "ssr")]
    return ssr::prefs();
    #[cfg(not(feature = "ssr"))]
    Prefs::of_document()
}

/// What the settings say about the site: on the server from them, in the browser from the document.
fn current_site() -> Site {
    #[cfg(feature = "ssr")]
    return ssr::site();
    #[cfg(not(feature = "ssr"))]
    Site::of_document()
}

//! What surrounds every page once somebody is logged in: header, navigation, live connection.

mod completion;
mod header;
mod live_dot;
mod low_balance;
mod navigation;
mod notices;
mod switches;

use crate::api::accounts::me;
use crate::i18n::use_strings;
use crate::live::use_live;
use crate::site::use_site;
use completion::Completion;
use header::Header;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use live_dot::LiveDot;
use low_balance::LowBalanceNotice;
use navigation::Navigation;
use notices::Notices;
pub use switches::{LanguageSwitch, ThemeSwitch};

/// Header, navigation and the place where pages appear.
#[component]
pub fn Frame() -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    // Once per page load; changes arrive as events, and only after a gap in those is it asked again.
    let caller = Resource::new(move || live.resync.get(), |_| me());
    let main = NodeRef::<html::Main>::new();
    let address = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = address.get();
        // Another page, not only another query: keyboards and screen readers begin at its top, as after a page load.
        if let (true, Some(main)) = (before.is_some_and(|before| before != now), main.get_untracked()) {
            // Without focus the page is the same.
            let _ = main.focus();
        }
        now
    });
    view! {
        <Completion/>
        <a class="skip" href="#main">{t.shell().skip}</a>
        <div class="frame">
            <aside class="side no-phone" aria-label=t.shell().product>
                <Brand/>
                <Navigation caller/>
                <div class="side-foot"><LiveDot/></div>
            </aside>
            <Header caller/>
            <main node_ref=main class="main" id="main" tabindex="-1">
                <Notices/>
                <div class="page"><LowBalanceNotice/><Outlet/></div>
            </main>
        </div>
    }
    .into_any()
}

/// Name and purpose of the console.
#[component]
pub fn Brand() -> impl IntoView {
    let t = use_strings();
    let site = use_site();
    view! {
        <a class="brand" href=crate::route::DASHBOARD>
            <BrandMark/>
            <span class="brand-text">
                <span class="brand-name">{site.name_or(t.shell().product).to_owned()}</span>
                <span class="brand-lead">{t.shell().subtitle}</span>
            </span>
        </a>
    }
    .into_any()
}

/// The sign of the product.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="brand-mark-ground" width="32" height="32" rx="8"></rect>
            <path class="brand-mark-line" d="M8 11.5h10.5M15 7.5l4 4l-4 4M24 20.5H13.5M17 16.5l-4 4l4 4"></path>
        </svg>
    }
    .into_any()
}

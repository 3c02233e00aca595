//! The bar at the top: who, how many points, language, theme, log-out. On a phone also the navigation.

use super::live_dot::LiveDot;
use super::navigation::Navigation;
use super::switches::{LanguageSwitch, ThemeSwitch};
use super::{Brand, BrandMark};
use crate::error::UiError;
use crate::i18n::{fill, use_strings};
use crate::live::use_live;
use crate::site::use_site;
use crate::ui::{Icon, IconName, grouped};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::accounts::{Me, Role};
use model::ledger::Balance;

/// The bar at the top.
#[component]
pub fn Header(
    /// Who is logged in.
    caller: Resource<Result<Me, UiError>>,
) -> impl IntoView {
    let t = use_strings();
    let site = use_site();
    view! {
        <header class="top">
            <PhoneNavigation caller/>
            <a class="top-brand only-phone" href=crate::route::DASHBOARD aria-label=site.name_or(t.shell().product).to_owned()><BrandMark/><span>{site.name_or(t.shell().product_short).to_owned()}</span></a>
            <Transition fallback=|| view! { <span class="top-user skeleton"><span class="skeleton-line"></span></span> }>
                {move || Suspend::new(async move {
                    // Without a caller the page below says why; the header has nothing to add.
                    caller.await.ok().map(|me| view! { <Caller me/> })
                })}
            </Transition>
            <div class="top-tools no-phone">
                <LanguageSwitch/>
                <ThemeSwitch/>
                <LogOut/>
            </div>
        </header>
    }
    .into_any()
}

/// Greeting and balance.
#[component]
fn Caller(me: Me) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let Me { id, username, role, balance: first, low_balance, .. } = me;
    Effect::new(move |_| {
        live.balance.set(Some(first));
        live.low_balance.set(low_balance);
        live.connect(id);
    });
    let balance = Memo::new(move |_| live.balance.get().unwrap_or(first));
    let title = move || {
        let Balance { available, held } = balance.get();
        fill(t.shell().balance_title, &[("available", &grouped(available)), ("held", &grouped(held))])
    };
    let held = move || fill(t.shell().held, &[("n", &grouped(balance.get().held))]);
    view! {
        <div class="top-user">
            <span class="top-welcome">{fill(t.shell().welcome, &[("username", &username)])}</span>
            {(role == Role::Admin).then(|| view! { <span class="badge tone-info no-phone">{t.shell().role_admin}</span> })}
        </div>
        <div class="balance" title=title data-available=move || balance.get().available data-held=move || balance.get().held>
            <Icon name=IconName::Coins/>
            <span class="balance-label no-phone">{t.shell().available}</span>
            <span class="balance-value num">{move || grouped(balance.get().available)}</span>
            <span class="balance-held num" class:is-none=move || balance.get().held == 0>{held}</span>
        </div>
    }
    .into_any()
}

/// A plain form: it works before the page is hydrated, and the document is loaded anew for the next user.
#[component]
fn LogOut() -> impl IntoView {
    let t = use_strings();
    view! {
        <form class="switch-form" method="post" action="/logout">
            <button type="submit" class="button button-ghost button-sm" title=t.shell().log_out>
                <Icon name=IconName::LogOut/>
                <span class="button-text">{t.shell().log_out}</span>
            </button>
        </form>
    }
    .into_any()
}

/// The navigation behind a button, with `<details>`, so it opens without scripts. Going to a page closes it.
#[component]
fn PhoneNavigation(
    /// Who is logged in.
    caller: Resource<Result<Me, UiError>>,
) -> impl IntoView {
    let t = use_strings();
    let node = NodeRef::<html::Details>::new();
    let address = use_location().pathname;
    Effect::new(move |_| {
        address.track();
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    });
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if let (true, Some(details)) = (event.key() == "Escape", node.get_untracked()) {
            details.set_open(false);
        }
    };
    let close = move |_| {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    view! {
        <details node_ref=node class="drawer only-phone" on:keydown=escape>
            <summary class="button button-ghost button-icon" aria-label=t.shell().open_navigation><Icon name=IconName::Menu/></summary>
            <div class="drawer-backdrop" on:click=close></div>
            <div class="drawer-panel">
                <Brand/>
                <Navigation caller/>
                <div class="drawer-foot">
                    <div class="row-between"><LiveDot/><ThemeSwitch/></div>
                    <div class="row-between"><LanguageSwitch/><LogOut/></div>
                </div>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_grouped() {
        let shown: Vec<_> = [0, 999, 1000, -12_345, 1_234_567, i64::MIN].map(grouped).into();
        assert_eq!(shown, ["0", "999", "1,000", "-12,345", "1,234,567", "-9,223,372,036,854,775,808"]);
    }
}

//! The personal centre: account, password, two-step verification, sessions, keys, webhooks.

mod account;
mod keys;
mod new_key;
mod password;
mod secret;
mod sessions;
mod two_step;
mod webhooks;

use crate::api::accounts::{ProfileData, profile};
use crate::i18n::use_strings;
use crate::ui::*;
use account::AccountFacts;
use keys::Keys;
use leptos::prelude::*;
use password::ChangePasswordForm;
use sessions::Sessions;
use two_step::TwoStep;
use webhooks::Webhooks;

/// The personal centre. `?tab=` is `password`, `two-step`, `sessions`, `keys` or `webhooks`; without it, the account.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let tab = Memo::new(move |_| match link.get("tab").as_deref() {
        Some("sessions") => "sessions",
        Some("password") => "password",
        Some("two-step") => "two-step",
        Some("keys") => "keys",
        Some("webhooks") => "webhooks",
        _ => "account",
    });
    let data = Resource::new(move || tab.get(), |tab| profile(tab.to_owned()));
    let reload = Callback::new(move |()| data.refetch());
    let tabs = vec![
        TabItem::new("account", t.profile().tab_account).icon(IconName::User),
        TabItem::new("password", t.profile().tab_password).icon(IconName::Lock),
        TabItem::new("two-step", t.profile().tab_two_step).icon(IconName::Shield),
        TabItem::new("sessions", t.profile().tab_sessions).icon(IconName::Monitor),
        TabItem::new("keys", t.profile().tab_keys).icon(IconName::Key),
        TabItem::new("webhooks", t.profile().tab_webhooks).icon(IconName::Link),
    ];
    view! {
        <PageHead title=t.profile().title description=t.profile().lead/>
        <Tabs items=tabs current=Signal::derive(move || tab.get().to_owned())/>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=4 columns=5/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(ProfileData::Keys { keys, is_admin }) => view! { <Keys keys is_admin reload/> }.into_any(),
                    Ok(ProfileData::Sessions(sessions)) => view! { <Sessions sessions reload/> }.into_any(),
                    Ok(ProfileData::Account(me)) => view! { <AccountFacts me/> }.into_any(),
                    Ok(ProfileData::TwoStep(status)) => view! { <TwoStep status reload/> }.into_any(),
                    Ok(ProfileData::Webhooks(webhooks)) => view! { <Webhooks webhooks reload/> }.into_any(),
                    Ok(ProfileData::Password) => view! { <ChangePasswordForm/> }.into_any(),
                    Err(error) => view! { <ErrorBox error retry=reload/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

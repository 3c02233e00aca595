//! Who the caller is.

use crate::i18n::use_strings;
use crate::live::use_live;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::{Me, Role};

/// Name, role and points.
#[component]
pub fn AccountFacts(
    /// The caller.
    me: Me,
) -> impl IntoView {
    let t = use_strings();
    let live = use_live();
    let Me { id, username, role, balance, created_at, .. } = me;
    let balance = move || live.balance.get().unwrap_or(balance);
    let role = match role {
        Role::Admin => view! { <Badge tone=Tone::Info>{t.profile().role_admin}</Badge> },
        Role::User => view! { <Badge>{t.profile().role_user}</Badge> },
    };
    view! {
        <section class="section">
            <div class="grid-3">
                <StatTile label=t.profile().available value=Signal::derive(move || grouped(balance().available)) icon=IconName::Coins/>
                <StatTile label=t.profile().held value=Signal::derive(move || grouped(balance().held)) icon=IconName::Hourglass/>
            </div>
            <Card title=t.profile().tab_account>
                <dl class="desc-list">
                    <dt>{t.account().username}</dt>
                    <dd>{username}</dd>
                    <dt>{t.profile().user_id}</dt>
                    <dd class="num">{id.to_string()}</dd>
                    <dt>{t.profile().role}</dt>
                    <dd>{role}</dd>
                    <dt>{t.profile().registered}</dt>
                    <dd><Time at=created_at/></dd>
                </dl>
            </Card>
        </section>
    }
    .into_any()
}

//! The navigation, from one table.

use crate::error::UiError;
use crate::i18n::{Strings, use_strings};
use crate::route;
use crate::ui::{Icon, IconName};
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::accounts::{Me, Role};

/// One destination.
struct Item {
    /// Its path.
    path: &'static str,
    /// Its picture.
    icon: IconName,
    /// Its text.
    text: fn(&Strings) -> &'static str,
}

/// Destinations that belong together.
struct Group {
    /// Whether only administrators see it.
    is_administration: bool,
    /// What they have in common.
    text: fn(&Strings) -> &'static str,
    /// The destinations, in order.
    items: &'static [Item],
}

/// Everything in the navigation. A new page is one line here.
const GROUPS: &[Group] = &[
    Group {
        is_administration: false,
        text: |t| t.shell().group_tasks,
        items: &[
            Item { path: route::DASHBOARD, icon: IconName::Chart, text: |t| t.shell().dashboard },
            Item { path: route::TASKS, icon: IconName::Tasks, text: |t| t.shell().tasks },
            Item { path: route::NEW_TASK, icon: IconName::Plus, text: |t| t.shell().new_task },
        ],
    },
    Group {
        is_administration: false,
        text: |t| t.shell().group_api,
        items: &[
            Item { path: route::APIS, icon: IconName::Code, text: |t| t.shell().apis },
            Item { path: route::LOGS, icon: IconName::File, text: |t| t.shell().logs },
        ],
    },
    Group {
        is_administration: false,
        text: |t| t.shell().group_account,
        items: &[
            Item { path: route::RECHARGE, icon: IconName::Wallet, text: |t| t.shell().recharge },
            Item { path: route::LEDGER, icon: IconName::Receipt, text: |t| t.shell().ledger },
            Item { path: route::PROFILE, icon: IconName::User, text: |t| t.shell().profile },
        ],
    },
    Group {
        is_administration: true,
        text: |t| t.shell().group_administration,
        items: &[
            Item { path: route::ADMIN, icon: IconName::Bolt, text: |t| t.shell().admin_overview },
            Item { path: route::ADMIN_USERS, icon: IconName::User, text: |t| t.shell().admin_users },
            Item { path: route::ADMIN_TASKS, icon: IconName::Tasks, text: |t| t.shell().admin_tasks },
            Item { path: route::ADMIN_RECHARGE, icon: IconName::Wallet, text: |t| t.shell().admin_recharge },
            Item { path: route::ADMIN_CODES, icon: IconName::Ticket, text: |t| t.shell().admin_codes },
            Item { path: route::ADMIN_ANNOUNCEMENTS, icon: IconName::Info, text: |t| t.shell().admin_announcements },
            Item { path: route::ADMIN_SETTINGS, icon: IconName::Filter, text: |t| t.shell().admin_settings },
            Item { path: route::ADMIN_AUDIT, icon: IconName::Shield, text: |t| t.shell().admin_audit },
            Item { path: route::FEATURES, icon: IconName::Layers, text: |t| t.shell().features },
            Item { path: route::RULES, icon: IconName::Code, text: |t| t.shell().rules },
            Item { path: route::CHANNELS, icon: IconName::Link, text: |t| t.shell().channels },
            Item { path: route::ADMIN_CUSTOM_APIS, icon: IconName::Terminal, text: |t| t.shell().admin_custom_apis },
            Item { path: route::ADMIN_DELIVERIES, icon: IconName::Inbox, text: |t| t.shell().admin_deliveries },
        ],
    },
];

/// The path in the table that an address belongs to: the longest one that it begins with. A webhook belongs to the personal centre.
fn current(address: &str) -> Option<&'static str> {
    let address = if address.starts_with("/webhooks/") { route::PROFILE } else { address };
    let begins = |path: &str| address.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    GROUPS.iter().flat_map(|group| group.items).map(|item| item.path).filter(|path| begins(path)).max_by_key(|path| path.len())
}

/// Links to the pages, the present one marked.
#[component]
pub fn Navigation(
    /// Who is logged in: administrators see more.
    caller: Resource<Result<Me, UiError>>,
) -> impl IntoView {
    let t = use_strings();
    let address = use_location().pathname;
    let here = Memo::new(move |_| address.with(|address| current(address)));
    let nav = NodeRef::<html::Nav>::new();
    let item = move |item: &'static Item| {
        let is_here = move || here.get() == Some(item.path);
        view! {
            <li>
                <a class="nav-item" class:is-current=is_here href=item.path aria-current=move || is_here().then_some("page")>
                    <Icon name=item.icon/>
                    <span>{(item.text)(t)}</span>
                </a>
            </li>
        }
    };
    let groups = move |is_administration: bool| {
        let those = GROUPS.iter().filter(move |group| group.is_administration == is_administration && !group.items.is_empty());
        let view = move |group: &'static Group| {
            view! {
                <p class="nav-group">{(group.text)(t)}</p>
                <ul class="nav-list">{group.items.iter().map(item).collect_view()}</ul>
            }
        };
        those.map(view).collect_view()
    };
    view! {
        <nav node_ref=nav class="nav" aria-label=t.shell().navigation>
            {groups(false)}
            <KeepInSight nav here/>
            <Transition>
                {move || Suspend::new(async move {
                    let is_administrator = caller.await.is_ok_and(|me| me.role == Role::Admin);
                    is_administrator.then(|| view! { {groups(true)}<KeepInSight nav here/> })
                })}
            </Transition>
        </nav>
    }
    .into_any()
}

/// Scrolls the navigation so that the present page is in sight, when it appears and whenever another page is opened.
#[component]
fn KeepInSight(nav: NodeRef<html::Nav>, here: Memo<Option<&'static str>>) -> impl IntoView {
    Effect::new(move |_| {
        here.track();
        // After the mark has moved.
        request_animation_frame(move || {
            if let Some(nav) = nav.get_untracked() {
                reveal(&nav);
            }
        });
    });
}

/// Moves what scrolls around the navigation, and nothing else: `scrollIntoView` would move the page as well.
fn reveal(nav: &web_sys::Element) -> Option<()> {
    let current = nav.query_selector(".nav-item.is-current").ok()??;
    let scroller = nav.parent_element()?;
    let (item, frame) = (current.get_bounding_client_rect(), scroller.get_bounding_client_rect());
    // Some room, so that it is seen that there is more.
    let room = item.height();
    let above = frame.top() + room - item.top();
    let below = item.bottom() + room - frame.bottom();
    let by = if above > 0.0 { -above } else { below.max(0.0) };
    // What is not shown, as on a phone, has no height.
    if frame.height() > 0.0 && by != 0.0 {
        #[expect(clippy::cast_possible_truncation, reason = "pixels of a screen")]
        scroller.set_scroll_top(scroller.scroll_top() + by.round() as i32);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::current;

    #[test]
    fn the_longest_path_wins() {
        assert_eq!(current("/tasks"), Some("/tasks"));
        assert_eq!(current("/tasks/7/edit"), Some("/tasks"));
        assert_eq!(current("/tasks/new"), Some("/tasks/new"));
        assert_eq!(current("/tasksx"), None);
    }
}

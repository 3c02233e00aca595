//! One feature of the list.

use super::list::Deed;
use crate::i18n::{Strings, fill, use_strings};
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::catalog::FeatureEntry;
use model::features::{Feature, Visibility};

/// Who can see a feature, in words.
pub fn visibility_text(t: &Strings, visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Everyone => t.catalog().visible_everyone,
        Visibility::Users => t.catalog().visible_users,
        Visibility::Hidden => t.catalog().visible_hidden,
    }
}

/// One row.
#[component]
pub fn FeatureRow(
    /// The feature.
    entry: FeatureEntry,
    /// Whether something is being done.
    busy: Signal<bool>,
    /// Does something with it.
    act: Callback<(i64, Deed)>,
    /// Asks before it is deleted.
    ask: Callback<(i64, String)>,
) -> impl IntoView {
    let t = use_strings();
    let FeatureEntry { id, position, definition, .. } = entry;
    let Feature { key, name, category, platform, action, rule, points, enabled, visibility, visible_to, .. } = definition;
    let doomed = (id, name.clone());
    let target = if action.is_empty() { platform } else { format!("{platform} · {action}") };
    let seen_by = if visibility == Visibility::Users { visible_to.join(", ") } else { String::new() };
    let switch = if enabled { t.catalog().disable } else { t.catalog().enable };
    let state = if enabled {
        view! { <Badge tone=Tone::Ok dot=true>{t.common().enabled}</Badge> }
    } else {
        view! { <Badge>{t.common().disabled}</Badge> }
    };
    let label = |what: &str| format!("{what} {name}");
    let (up, down, more) = (label(t.catalog().move_up), label(t.catalog().move_down), label(t.common().more));
    let price = fill(t.catalog().price_points, &[("n", &grouped(points))]);
    let first = Signal::derive(move || position <= 1 || busy.get());
    view! {
        <tr class:is-off=!enabled data-feature=id>
            <td data-label=t.catalog().order>
                <span class="row-tools">
                    <span class="num order-number">{position}</span>
                    <IconButton icon=IconName::ArrowUp size=Size::Sm label=up disabled=first on_click=move |_| act.run((id, Deed::Move(position - 1)))/>
                    <IconButton icon=IconName::ArrowDown size=Size::Sm label=down disabled=busy on_click=move |_| act.run((id, Deed::Move(position + 1)))/>
                </span>
            </td>
            <td class="cell-title" data-label=t.catalog().feature>
                <a class="cell-main" href=route::feature(id)>{name.clone()}</a>
                <span class="cell-sub mono">{key}</span>
            </td>
            <td data-label=t.catalog().category>{category}</td>
            <td data-label=t.catalog().rule>
                <span class="cell-stack"><a href=route::rule(entry.rule_id)>{rule}</a><span class="cell-sub">{target}</span></span>
            </td>
            <td data-label=t.catalog().price><span class="num nowrap">{price}</span></td>
            <td data-label=t.catalog().visible>
                <span class="cell-stack">{visibility_text(t, visibility)}<span class="cell-sub">{seen_by}</span></span>
            </td>
            <td data-label=t.common().status>{state}</td>
            <td class="cell-actions">
                <Menu label=more id=format!("feature-menu-{id}") icon=IconName::More icon_only=true variant=Variant::Ghost size=Size::Sm>
                    <MenuLink href=route::feature(id) icon=IconName::Pencil>{t.catalog().edit}</MenuLink>
                    <MenuItem icon=IconName::Stop on_click=move |_| act.run((id, Deed::Switch(!enabled)))>{switch}</MenuItem>
                    <MenuItem icon=IconName::Copy on_click=move |_| act.run((id, Deed::Duplicate))>{t.catalog().duplicate}</MenuItem>
                    <MenuItem icon=IconName::Trash danger=true on_click=move |_| ask.run(doomed.clone())>{t.common().delete}</MenuItem>
                </Menu>
            </td>
        </tr>
    }
    .into_any()
}

//! The audit log: who changed what, when, from where, and what it was before.

use crate::api::admin::audit;
use crate::i18n::{Strings, fill, use_strings};
use crate::page::admin::filters::{FilterForm, NoMatch};
use crate::page::tasks::anew;
use crate::route;
use crate::ui::*;
use leptos::prelude::*;
use model::Page;
use model::audit::{AuditEntry, AuditFilter, Difference, differences};
use serde_json::Value;

/// What the address asks for; what cannot be read is left out. Reactive.
fn read(link: LinkBuilder) -> AuditFilter {
    let number = |name: &str| link.get(name).and_then(|text| text.parse().ok());
    let text = |name: &str| link.get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    AuditFilter {
        page: number("page"),
        page_size: number("page_size"),
        actor: text("actor"),
        action: text("action"),
        target: text("target"),
        start: link.get("start").and_then(|text| parse_instant(&text)),
        end: link.get("end").and_then(|text| parse_instant(&text)),
    }
}

/// Things that are changed, with their words.
fn things(t: &Strings) -> [(&'static str, &'static str); 12] {
    let a = t.audit();
    [
        ("user", a.thing_user),
        ("task", a.thing_task),
        ("settings", a.thing_settings),
        ("announcement", a.thing_announcement),
        ("invitation", a.thing_invitation),
        ("feature", a.thing_feature),
        ("rule", a.thing_rule),
        ("channel", a.thing_channel),
        ("custom_api", t.shell().admin_custom_apis),
        ("catalog", a.thing_catalog),
        ("points", a.thing_points),
        ("redemption_codes", t.shell().admin_codes),
    ]
}

/// The page of the audit log.
#[component]
pub fn AuditPage() -> impl IntoView {
    let t = use_strings();
    let link = use_link();
    let filter = Memo::new(move |_| read(link));
    let data = Resource::new(move || filter.get(), audit::list);
    let reload = Callback::new(move |()| data.refetch());
    let first = filter.get_untracked();
    let choices = std::iter::once(Choice::new("", t.audit().any_action))
        .chain(things(t).map(|(word, text)| Choice::new(word, text)))
        .collect::<Vec<_>>();
    let chosen = first.action.as_deref().and_then(|action| action.split('.').next()).unwrap_or_default().to_owned();
    let names: &'static [&'static str] = &["actor", "action", "target", "start", "end"];
    let export = move || {
        let address = link.with(&[("page", None), ("page_size", None)]);
        let query = address.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        format!("/api/admin/audit/export.csv{query}")
    };
    view! {
        <PageHead title=t.shell().admin_audit description=t.audit().lead>
            <a class="button button-secondary" href=export rel="external" download="audit.csv">
                <Icon name=IconName::Download/><span class="button-text">{t.admin().export}</span>
            </a>
        </PageHead>
        <FilterForm action=route::ADMIN_AUDIT names kept=&["page_size"]>
            <Input name="actor" initial=first.actor.unwrap_or_default() placeholder=t.audit().actor_help attr:aria-label=t.audit().actor attr:autocapitalize="none"/>
            <Select options=choices name="action" initial=chosen attr:aria-label=t.audit().action/>
            <Input name="target" initial=first.target.unwrap_or_default() placeholder=t.audit().target_help attr:aria-label=t.audit().target/>
            <InstantInput name="start" initial=first.start.map(|at| at.rfc3339()) label=t.admin().from/>
            <InstantInput name="end" initial=first.end.map(|at| at.rfc3339()) label=t.admin().until/>
        </FilterForm>
        <Transition fallback=|| view! { <Card flush=true><SkeletonTable rows=10 columns=6/></Card> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(page) => anew(move || view! { <Entries page=page.clone() filter/> }),
                    Err(error) => anew(move || view! { <ErrorBox error=error.clone() retry=reload/> }),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// One page of entries.
#[component]
fn Entries(page: Page<AuditEntry>, filter: Memo<AuditFilter>) -> impl IntoView {
    let t = use_strings();
    let Page { items, total, total_is_limited, page, page_size } = page;
    let narrowed = filter.with_untracked(|filter| {
        let AuditFilter { page: _, page_size: _, actor, action, target, start, end } = filter;
        actor.is_some() || action.is_some() || target.is_some() || start.is_some() || end.is_some()
    });
    let content = if items.is_empty() && narrowed {
        view! { <NoMatch/> }.into_any()
    } else if items.is_empty() {
        view! { <EmptyState icon=IconName::Shield title=t.audit().empty text=t.audit().empty_text/> }.into_any()
    } else {
        let rows = items.into_iter().map(|entry| view! { <EntryRow entry/> }).collect_view();
        view! {
            <TableWrap>
                <table class="table audit">
                    <thead>
                        <tr>
                            <th scope="col">{t.audit().time}</th>
                            <th scope="col">{t.audit().actor}</th>
                            <th scope="col">{t.audit().address}</th>
                            <th scope="col">{t.audit().action}</th>
                            <th scope="col">{t.audit().target}</th>
                            <th scope="col">{t.audit().changes}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
            <Pagination page page_size total total_is_limited/>
        }
        .into_any()
    };
    view! { <Card flush=true>{content}</Card> }.into_any()
}

/// Where the page of a changed thing is, if it has one here.
fn page_of(target: &str) -> Option<String> {
    let (thing, id) = target.split_once(':').unwrap_or((target, ""));
    let id = id.parse::<i64>().ok();
    match (thing, id) {
        ("user", Some(id)) => Some(route::admin_user(id)),
        ("task", Some(id)) => Some(route::admin_task(id)),
        ("feature", Some(id)) => Some(route::feature(id)),
        ("rule", Some(id)) => Some(route::rule(id)),
        ("channel", Some(id)) => Some(route::channel(id)),
        ("custom_api", Some(id)) => Some(route::admin_custom_api(id)),
        ("redemption_batch" | "redemption_code", _) => Some(route::ADMIN_CODES.to_owned()),
        ("settings", _) => Some(route::ADMIN_SETTINGS.to_owned()),
        ("announcement", _) => Some(route::ADMIN_ANNOUNCEMENTS.to_owned()),
        ("invitation", _) => Some(format!("{}?tab=invitations", route::ADMIN_USERS)),
        _ => None,
    }
}

/// One change.
#[component]
fn EntryRow(entry: AuditEntry) -> impl IntoView {
    let t = use_strings();
    let a = t.audit();
    let AuditEntry { id, created_at, actor_id, actor_name, address, action, target, before, after } = entry;
    let label = t.audit_action(&action).to_owned();
    let found = differences(before.as_ref(), after.as_ref());
    let who = if actor_id == 0 {
        view! { <span class="muted">{t.admin().system}</span> }.into_any()
    } else {
        view! { <a href=route::admin_user(actor_id)>{actor_name}</a> }.into_any()
    };
    let what = match page_of(&target) {
        Some(href) => view! { <a class="mono" href=href>{target}</a> }.into_any(),
        None => view! { <span class="mono">{target}</span> }.into_any(),
    };
    let changes = match found.len() {
        0 => view! { <span class="muted small">{a.no_changes}</span> }.into_any(),
        n => {
            let title = if n == 1 { a.one_field.to_owned() } else { fill(a.changed_fields, &[("n", &n.to_string())]) };
            view! { <details class="diff"><summary>{title}</summary><dl class="diff-list">{found.into_iter().map(line).collect_view()}</dl></details> }.into_any()
        }
    };
    view! {
        <tr data-entry=id>
            <td data-label=a.time><Time at=created_at/></td>
            <td data-label=a.actor>{who}</td>
            <td data-label=a.address><span class="mono">{if address.is_empty() { "-".to_owned() } else { address }}</span></td>
            <td data-label=a.action><span class="tag" title=action.clone() data-action=action>{label}</span></td>
            <td data-label=a.target>{what}</td>
            <td data-label=a.changes>{changes}</td>
        </tr>
    }
    .into_any()
}

/// A value in few characters.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        other => other.to_string(),
    }
}

/// One field: what it was, what it is.
fn line(one: Difference) -> impl IntoView {
    let Difference { path, before, after } = one;
    view! {
        <div>
            <dt class="mono">{path}</dt>
            <dd>
                {before.map(|value| view! { <del>{short(&value)}</del> })}
                {after.map(|value| view! { <ins>{short(&value)}</ins> })}
            </dd>
        </div>
    }
}

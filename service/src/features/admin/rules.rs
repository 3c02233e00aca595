//! Administration of rules.

use super::super::catalog::{nul, place};
use super::super::check::check_rule;
use super::super::snapshot::snapshot;
use super::super::store::{self, Kind};
use super::change::{Change, New, Numbered, change, find, free, same_version};
use super::{UNREADABLE, copy_mark, free_name, page, readable};
use crate::actor::Actor;
use crate::db::{Tx, TxError, transact};
use crate::engine;
use crate::service::Service;
use model::catalog::{DryRun, DryRunReport, EntryFilter, Problem, Revision, RuleEntry, Step};
use model::custom_apis::CustomApi;
use model::features::Feature;
use model::paging::Page;
use model::rules::Rule;
use model::{Error, Result};
use serde_json::json;

const KIND: Kind = Kind::Rule;

/// Rules, newest last.
pub async fn rules(service: &Service, actor: &Actor, filter: &EntryFilter) -> Result<Page<RuleEntry>> {
    actor.require_admin()?;
    page(filter, entries(service).await?, |entry| {
        format!("{}\n{}\n{}", entry.definition.name, entry.definition.request.url, entry.used_by.join("\n"))
    })
}

/// One rule.
pub async fn rule(service: &Service, actor: &Actor, id: i64) -> Result<RuleEntry> {
    actor.require_admin()?;
    entries(service).await?.into_iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found(KIND.word()))
}

async fn entries(service: &Service) -> Result<Vec<RuleEntry>> {
    let features = store::features(&service.db).await?;
    let custom_apis = store::custom_apis(&service.db).await?;
    let used_by = |id: i64| {
        let features = features.iter().filter(|feature| feature.rule_id == id);
        let features = features.map(|feature| feature.definition.as_ref().map_or(&feature.name, |feature| &feature.name));
        let apis = custom_apis.iter().filter(|api| api.rule_id == id);
        let apis = apis.map(|api| api.definition.as_ref().map_or(&api.name, |api| &api.name));
        features.chain(apis).cloned().collect()
    };
    let found = store::rules(&service.db).await?.into_iter().filter_map(|entry| readable(KIND, entry));
    let entry = |(stored, definition): (store::Stored<()>, Rule)| RuleEntry {
        id: stored.id,
        version: stored.version,
        used_by: used_by(stored.id),
        definition,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
    };
    Ok(found.map(entry).collect())
}

/// Makes a rule.
///
/// Errors: `invalid` at the field with the mistake, `name_taken`.
pub async fn create_rule(service: &Service, actor: &Actor, definition: Rule) -> Result<RuleEntry> {
    let id = change!(service, actor, |change| {
        free(KIND, &change.stored.rules, None, &definition.name)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, None, &New::Rule(&definition))?;
        insert(&mut change, "rule.create", &definition).await?
    });
    rule(service, actor, id).await
}

async fn insert(change: &mut Change<'_>, action: &'static str, definition: &Rule) -> Result<i64, TxError> {
    let id = store::put_rule(change.tx, definition, change.now).await?;
    change.note(action, (KIND, id), None, Some(json!(definition))).await?;
    Ok(id)
}

/// Changes a rule as a whole. Features and custom APIs follow a rule that gets another name.
///
/// Errors: `not_found`, `conflict` if it was changed since that version or a feature needs it as it is, and those of [`create_rule`].
pub async fn update_rule(service: &Service, actor: &Actor, id: i64, revision: Revision<Rule>) -> Result<RuleEntry> {
    let Revision { version, definition } = revision;
    change!(service, actor, |change| {
        let old = find(KIND, &change.stored.rules, id)?;
        same_version(old, version)?;
        free(KIND, &change.stored.rules, Some(id), &definition.name)?;
        Numbered::of(&change.stored).refuse_mistakes(KIND, Some(id), &New::Rule(&definition))?;
        let before = old.definition.as_ref().ok().map(|old| json!(old));
        let renamed = old.name != definition.name;
        store::update_rule(change.tx, id, &definition, change.now).await?;
        change.note("rule.update", (KIND, id), before, Some(json!(definition))).await?;
        if renamed {
            for feature in change.stored.features.iter().filter(|feature| feature.rule_id == id) {
                if let Ok(known) = &feature.definition {
                    let follows = Feature { rule: definition.name.clone(), ..known.clone() };
                    store::update_feature(change.tx, feature.id, &follows, id, change.now).await?;
                }
            }
            for api in change.stored.custom_apis.iter().filter(|api| api.rule_id == id) {
                if let Ok(known) = &api.definition {
                    let follows = CustomApi { rule: definition.name.clone(), ..known.clone() };
                    store::update_custom_api(change.tx, api.id, &follows, id, change.now).await?;
                }
            }
        }
    });
    rule(service, actor, id).await
}

/// Makes a copy of a rule under a free name.
pub async fn duplicate_rule(service: &Service, actor: &Actor, id: i64) -> Result<RuleEntry> {
    let copy = change!(service, actor, |change| {
        let original = find(KIND, &change.stored.rules, id)?.definition.clone();
        let original = original.map_err(|_| Error::conflict(UNREADABLE))?;
        let taken = |name: &str| change.stored.rules.iter().any(|entry| entry.name == name);
        let copy = Rule { name: free_name(&original.name, 200, copy_mark, taken), ..original };
        insert(&mut change, "rule.duplicate", &copy).await?
    });
    rule(service, actor, copy).await
}

/// Deletes a rule.
///
/// Errors: `not_found`, `conflict` while a feature or a custom API names it or a task that it runs has not ended.
pub async fn delete_rule(service: &Service, actor: &Actor, id: i64) -> Result<()> {
    change!(service, actor, |change| {
        let before = find(KIND, &change.stored.rules, id)?.definition.as_ref().ok().map(|old| json!(old));
        let users: Vec<_> = change.stored.features.iter().filter(|feature| feature.rule_id == id).map(|feature| &feature.name).collect();
        if let [first, rest @ ..] = users.as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
            return Err(TxError::from(Error::conflict(format!("The feature `{first}`{more} uses it."))));
        }
        if let Some(api) = change.stored.custom_apis.iter().find(|api| api.rule_id == id) {
            return Err(TxError::from(Error::conflict(format!("The custom API `{}` uses it.", api.name))));
        }
        change.refuse_while_in_use(KIND, id).await?;
        store::delete(change.tx, KIND, id).await?;
        change.note("rule.delete", (KIND, id), before, None).await?;
    });
    Ok(())
}

/// Fills the templates of a rule and reads a sample answer as the engine would. Nothing is sent or stored. Administrators only.
///
/// Errors: `not_found` for the channel, `invalid` for the sample answer.
pub async fn dry_run(service: &Service, actor: &Actor, run: &DryRun) -> Result<DryRunReport> {
    actor.require_admin()?;
    let catalog = snapshot(service);
    let channel = match run.channel_id {
        Some(id) => Some(catalog.channels.get(&id).ok_or_else(|| Error::not_found("channel"))?),
        None => None,
    };
    if let Some(answer) = &run.answer {
        if !(100..=599).contains(&answer.status) {
            return Err(Error::invalid("answer.status", "A status must be 100 to 599."));
        }
        let reads = match answer.step {
            Step::Submit => true,
            Step::Poll => run.rule.poll.is_some(),
            Step::Result => run.rule.poll.as_ref().is_some_and(|poll| poll.result_request.is_some()),
            Step::Cancel => false,
        };
        if !reads {
            return Err(Error::invalid("answer.step", "This rule does not read the answer to that request."));
        }
    }
    for (index, field) in run.result_fields.iter().enumerate() {
        if let Err(error) = serde_json_path::JsonPath::parse(&field.path) {
            return Err(Error::invalid(format!("result_fields[{index}].path"), format!("This is not a JSONPath of RFC 9535: {error}.")));
        }
    }
    let mut found = Vec::new();
    nul(&json!(run.rule), &mut Vec::new(), &mut found);
    found.extend(check_rule(&run.rule));
    let problem = |found: super::super::check::Found| Problem {
        field: place(&found.path),
        message: found.message,
        position: found.position.and_then(|position| i64::try_from(position).ok()),
    };
    let mut problems: Vec<Problem> = found.into_iter().map(problem).collect();
    let concerns =
        |place: &str| problems.iter().any(|problem| problem.field.strip_prefix(place).is_some_and(|rest| !rest.starts_with('_')));
    let (bad_submit, bad_poll, bad_cancel) = (concerns("request"), concerns("poll.request"), concerns("poll.cancel"));
    let bad_result = concerns("poll.result_request");
    let report = engine::dry_run(service, run, channel.map(|row| &**row), |step| match step {
        Step::Submit => !bad_submit,
        Step::Poll => !bad_poll,
        Step::Result => !bad_result,
        Step::Cancel => !bad_cancel,
    });
    problems.extend(report.problems);
    Ok(DryRunReport { problems, ..report })
}

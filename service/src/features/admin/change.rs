//! What every change of an entry has in common: the checks, the version, the audit log, and telling the nodes.

use super::super::catalog::{nul, place};
use super::super::check::{Found, check};
use super::super::locate::Step;
use super::super::store::{self, Everything, Kind, Stored};
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::db::{Tx, TxError};
use model::catalog::Catalog;
use model::custom_apis::CustomApi;
use model::features::Feature;
use model::rules::{Channel, Rule};
use model::time::Timestamp;
use model::{Error, ErrorCode, Result};
use serde_json::{Value, json};

/// A change under way: the transaction, and the catalog as it is before the change.
pub(super) struct Change<'a> {
    pub tx: &'a mut Tx,
    pub actor: &'a Actor,
    pub now: Timestamp,
    pub stored: Everything,
}

/// Runs a change in one transaction, and loads the catalog anew afterwards. Administrators only. A macro for the reason that `transact` is one.
macro_rules! change {
    ($service:expr, $actor:expr, |$change:ident| $block:block) => {{
        let (service, actor): (&Service, &Actor) = ($service, $actor);
        actor.require_admin()?;
        let now = service.clock.now();
        let body = async |tx: &mut Tx| {
            let stored = store::lock(tx, now).await?;
            let mut $change = Change { tx, actor, now, stored };
            let answer = $block;
            store::next_version($change.tx, now).await?;
            Ok::<_, TxError>(answer)
        };
        let answer = transact!(service.db, body)?;
        service.catalog.reload(&service.db).await?;
        answer
    }};
}
pub(super) use change;

impl Change<'_> {
    /// Notes the change of an entry in the audit log.
    pub async fn note(
        &mut self,
        action: &'static str,
        (kind, id): (Kind, i64),
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), TxError> {
        let entry = Entry { action, target: format!("{}:{id}", kind.stem()), before, after };
        Ok(audit::record(self.tx, self.actor, entry, self.now).await?)
    }

    /// Refuses to delete something that living tasks need.
    pub async fn refuse_while_in_use(&mut self, kind: Kind, id: i64) -> Result<(), TxError> {
        match store::living_tasks(self.tx, kind, id).await? {
            0 => Ok(()),
            1 => Err(Error::conflict("One task that has not ended needs it.").into()),
            count => Err(Error::conflict(format!("{count} tasks that have not ended need it.")).into()),
        }
    }
}

/// The entry of a number.
pub(super) fn find<T>(kind: Kind, entries: &[Stored<T>], id: i64) -> Result<&Stored<T>> {
    entries.iter().find(|entry| entry.id == id).ok_or_else(|| Error::not_found(kind.word()))
}

/// Refuses a change that was made from another version than the present one.
pub(super) fn same_version<T>(stored: &Stored<T>, version: i64) -> Result<()> {
    if stored.version == version {
        return Ok(());
    }
    Err(Error::conflict(format!("It was changed in the meantime: this is version {}, not {version}.", stored.version)).at("version"))
}

/// Refuses a name that another entry has.
pub(super) fn free<T>(kind: Kind, entries: &[Stored<T>], id: Option<i64>, name: &str) -> Result<()> {
    if !entries.iter().any(|entry| entry.name == name && Some(entry.id) != id) {
        return Ok(());
    }
    let message = format!("There is a {} of this name already.", kind.word());
    Err(Error::new(ErrorCode::NameTaken, message).at(kind.name_field()))
}

/// The entries that can be read, with their numbers, in the order of the tables.
pub(super) struct Numbered {
    rules: Vec<(i64, Rule)>,
    channels: Vec<(i64, Channel)>,
    features: Vec<(i64, Feature)>,
    custom_apis: Vec<(i64, CustomApi)>,
}

/// An entry that takes the place of the one with its number, or is added.
pub(super) enum New<'a> {
    Rule(&'a Rule),
    Channel(&'a Channel),
    Feature(&'a Feature),
    CustomApi(&'a CustomApi),
}

impl Numbered {
    /// Of what is stored.
    pub fn of(stored: &Everything) -> Self {
        fn readable<T: Clone>(entries: &[Stored<T>]) -> Vec<(i64, T)> {
            entries.iter().filter_map(|entry| Some((entry.id, entry.definition.clone().ok()?))).collect()
        }
        Numbered {
            rules: readable(&stored.rules),
            channels: readable(&stored.channels),
            features: readable(&stored.features),
            custom_apis: readable(&stored.custom_apis),
        }
    }

    fn catalog(&self) -> Catalog {
        fn bare<T: Clone>(entries: &[(i64, T)]) -> Vec<T> {
            entries.iter().map(|(_, definition)| definition.clone()).collect()
        }
        Catalog {
            version: 1,
            rules: bare(&self.rules),
            channels: bare(&self.channels),
            features: bare(&self.features),
            custom_apis: bare(&self.custom_apis),
        }
    }

    /// The catalog as it would be without an entry.
    fn without(&self, kind: Kind, id: i64) -> Catalog {
        let mut catalog = self.catalog();
        let at = |ids: Vec<i64>| ids.into_iter().position(|other| other == id);
        match kind {
            Kind::Rule => drop(at(self.rules.iter().map(|(id, _)| *id).collect()).map(|at| catalog.rules.remove(at))),
            Kind::Channel => drop(at(self.channels.iter().map(|(id, _)| *id).collect()).map(|at| catalog.channels.remove(at))),
            Kind::Feature => drop(at(self.features.iter().map(|(id, _)| *id).collect()).map(|at| catalog.features.remove(at))),
            Kind::CustomApi => drop(at(self.custom_apis.iter().map(|(id, _)| *id).collect()).map(|at| catalog.custom_apis.remove(at))),
        }
        catalog
    }

    /// The catalog as it would be with a new or changed entry, and the place of that entry in its list.
    fn with(&self, id: Option<i64>, new: &New) -> (Catalog, usize) {
        fn put<T: Clone>(list: &mut Vec<T>, ids: impl Iterator<Item = i64>, id: Option<i64>, new: &T) -> usize {
            let at = ids.enumerate().find(|(_, other)| Some(*other) == id).map_or(list.len(), |(at, _)| at);
            if at < list.len() {
                list[at] = new.clone();
            } else {
                list.push(new.clone());
            }
            at
        }
        let mut catalog = self.catalog();
        let old_name = self.rules.iter().find(|(other, _)| Some(*other) == id).map(|(_, rule)| rule.name.clone());
        let at = match new {
            New::Rule(rule) => put(&mut catalog.rules, self.rules.iter().map(|(id, _)| *id), id, rule),
            New::Channel(channel) => put(&mut catalog.channels, self.channels.iter().map(|(id, _)| *id), id, channel),
            New::Feature(feature) => put(&mut catalog.features, self.features.iter().map(|(id, _)| *id), id, feature),
            New::CustomApi(api) => put(&mut catalog.custom_apis, self.custom_apis.iter().map(|(id, _)| *id), id, api),
        };
        // Features and custom APIs follow a rule that gets another name.
        if let (New::Rule(rule), Some(old)) = (new, old_name) {
            for feature in catalog.features.iter_mut().filter(|feature| feature.rule == old) {
                feature.rule.clone_from(&rule.name);
            }
            for api in catalog.custom_apis.iter_mut().filter(|api| api.rule == old) {
                api.rule.clone_from(&rule.name);
            }
        }
        (catalog, at)
    }

    /// Refuses an entry with a mistake, at the field that has it; and one that would make a mistake of another entry.
    pub fn refuse_mistakes(&self, kind: Kind, id: Option<i64>, new: &New) -> Result<()> {
        let definition = match new {
            New::Rule(rule) => json!(rule),
            New::Channel(channel) => json!(channel),
            New::Feature(feature) => json!(feature),
            New::CustomApi(api) => json!(api),
        };
        let mut found = Vec::new();
        nul(&definition, &mut Vec::new(), &mut found);
        let (after, at) = self.with(id, new);
        let here = [Step::from(kind.list()), Step::Index(at)];
        let (own, others): (Vec<Found>, Vec<Found>) = check(&after).into_iter().partition(|found| found.path.starts_with(&here));
        found.extend(own.into_iter().map(|found| Found { path: found.path[here.len()..].to_vec(), ..found }));
        if let Some(first) = found.first() {
            let more = if found.len() > 1 { format!(" ({} more)", found.len() - 1) } else { String::new() };
            return Err(Error::invalid(place(&first.path), format!("{}{more}", first.sentence())));
        }
        let before = check(&self.catalog());
        refuse_new(&after, others.iter().filter(|found| !before.contains(found)))
    }

    /// Refuses to take away what another entry needs.
    pub fn refuse_needed(&self, kind: Kind, id: i64) -> Result<()> {
        let after = self.without(kind, id);
        // Only features and custom APIs need anything, and taking one away moves the others: nothing to look for then.
        if matches!(kind, Kind::Feature | Kind::CustomApi) {
            return Ok(());
        }
        let before = check(&self.catalog());
        let needing = [Some(Step::from("features")), Some(Step::from("custom_apis"))];
        let needed = |found: &&Found| needing.contains(&found.path.first().cloned()) && !before.contains(found);
        refuse_new(&after, check(&after).iter().filter(needed))
    }
}

fn refuse_new<'a>(catalog: &Catalog, mut found: impl Iterator<Item = &'a Found>) -> Result<()> {
    let Some(first) = found.next() else { return Ok(()) };
    let (list, index) = match first.path.as_slice() {
        [Step::Key(list), Step::Index(index), ..] => (list.as_str(), *index),
        _ => return Ok(()),
    };
    let name = match list {
        "features" => catalog.features.get(index).map(|feature| format!("feature `{}`", feature.key)),
        "custom_apis" => catalog.custom_apis.get(index).map(|api| format!("custom API `{}`", api.key)),
        "rules" => catalog.rules.get(index).map(|rule| format!("rule `{}`", rule.name)),
        _ => catalog.channels.get(index).map(|channel| format!("channel `{}`", channel.name)),
    };
    Err(Error::conflict(format!("The {} needs it as it is: {}", name.unwrap_or_default(), first.sentence())))
}

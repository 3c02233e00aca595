//! Which channel and which of its credentials take a call, and how many each may take.
//!
//! The highest tier that can take one goes first, by weight within it. A channel that is switched off, out of use or at one of its limits
//! takes none; then the next tier does, or the task waits.

use super::health::{HealthMap, WHOLE};
use crate::features::{ChannelRow, Snapshot, with_each_key};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// The time that a limit of submissions looks back, in milliseconds.
const MINUTE: i64 = 60_000;

/// What a choice is made from.
pub(super) struct Supply<'a> {
    /// The catalog.
    pub snapshot: &'a Snapshot,
    /// What is out of use.
    pub health: &'a HealthMap,
    /// Now, in milliseconds.
    pub now: i64,
}

/// A channel with one of its credentials, taken for a call.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The channel with that credential.
    pub channel: Arc<ChannelRow>,
    /// Whether it is out of use, and this call was let through to see whether it works again.
    pub probe: bool,
}

/// What is not chosen again in an attempt: a channel, or a channel with one credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excluded {
    pub channel_id: i64,
    /// All of them if absent.
    pub key: Option<String>,
}

impl Excluded {
    fn covers(&self, row: &ChannelRow) -> bool {
        self.channel_id == row.id && self.key.as_ref().is_none_or(|key| *key == row.key)
    }
}

/// Calls under way on this node, and what limits the next ones.
#[derive(Default)]
pub(super) struct Capacity {
    by_channel: HashMap<i64, i64>,
    by_user: HashMap<i64, i64>,
    by_user_and_feature: HashMap<(i64, i64), i64>,
    total: usize,
    /// When the last submissions through channels with a limit of them were, oldest first.
    recent: HashMap<i64, VecDeque<i64>>,
    /// Calls that may go through what is out of use.
    permits: HashSet<(i64, String)>,
    /// How often a credential of a channel was chosen.
    turns: HashMap<i64, usize>,
}

impl Capacity {
    /// Calls under way in all.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Calls under way by channel; none where there are none.
    pub fn by_channel(&self) -> &HashMap<i64, i64> {
        &self.by_channel
    }

    /// Calls under way for a user, and for a user in one feature.
    pub fn of_user(&self, user_id: i64, feature_id: i64) -> (i64, i64) {
        let all = self.by_user.get(&user_id).copied().unwrap_or(0);
        (all, self.by_user_and_feature.get(&(user_id, feature_id)).copied().unwrap_or(0))
    }

    /// Calls that the channels of a platform can still take.
    pub fn free_of_platform(&self, supply: &Supply, platform: &str) -> i64 {
        supply.of(platform).map(|channel| self.free(supply, channel, &[])).sum()
    }

    /// Lets one call through.
    pub fn permit(&mut self, channel_id: i64, key: &str) {
        self.permits.insert((channel_id, key.to_owned()));
    }

    /// Forgets permits for what is in use again.
    pub fn keep_permits(&mut self, health: &HealthMap) {
        self.permits.retain(|(id, key)| health.is_off(*id, key));
    }

    fn has_permit(&self, channel_id: i64, key: &str) -> bool {
        !self.permits.is_empty() && self.permits.contains(&(channel_id, key.to_owned()))
    }

    /// Calls that a channel can still take.
    fn free(&self, supply: &Supply, channel: &Arc<ChannelRow>, excluded: &[Excluded]) -> i64 {
        let (id, limits) = (channel.id, &channel.channel);
        let mut free = limits.max_parallel - self.by_channel.get(&id).copied().unwrap_or(0);
        if limits.max_per_minute > 0 {
            let since = |recent: &VecDeque<i64>| recent.len() - recent.partition_point(|at| *at <= supply.now - MINUTE);
            let used = self.recent.get(&id).map_or(0, since);
            free = free.min(limits.max_per_minute - i64::try_from(used).unwrap_or(i64::MAX));
        }
        let is_off = supply.health.is_off(id, WHOLE);
        if is_off && !self.has_permit(id, WHOLE) {
            return 0;
        }
        let mut keys = with_each_key(channel).filter(|keyed| !excluded.iter().any(|excluded| excluded.covers(keyed)));
        let in_use = keys.clone().any(|keyed| !supply.health.is_off(id, &keyed.key));
        let most = match () {
            () if in_use && !is_off => i64::MAX,
            () if in_use || keys.any(|keyed| self.has_permit(id, &keyed.key)) => 1,
            () => 0,
        };
        free.min(most).max(0)
    }

    /// Takes a place for a user's task. `None` if no channel can take it.
    pub fn take(&mut self, supply: &Supply, platform: &str, user_id: i64, feature_id: i64) -> Option<Taken> {
        let chosen = self.take_for_call(supply, platform, &[])?;
        *self.by_user.entry(user_id).or_default() += 1;
        *self.by_user_and_feature.entry((user_id, feature_id)).or_default() += 1;
        self.total += 1;
        Some(chosen)
    }

    /// Takes a place for a call outside of any task, which counts for the channel only; nothing that is excluded.
    pub fn take_for_call(&mut self, supply: &Supply, platform: &str, excluded: &[Excluded]) -> Option<Taken> {
        let free: Vec<_> = supply.of(platform).filter(|channel| self.free(supply, channel, excluded) > 0).collect();
        let tier = free.iter().map(|channel| channel.channel.priority).max()?;
        let tier: Vec<_> = free.into_iter().filter(|channel| channel.channel.priority == tier).collect();
        let weights: i64 = tier.iter().map(|channel| channel.channel.weight.max(1)).sum();
        let mut ticket = fastrand::i64(0..weights);
        let chosen = tier.into_iter().find(|channel| {
            ticket -= channel.channel.weight.max(1);
            ticket < 0
        })?;
        let taken = self.with_key(supply, chosen, excluded)?;
        *self.by_channel.entry(chosen.id).or_default() += 1;
        if chosen.channel.max_per_minute > 0 {
            let recent = self.recent.entry(chosen.id).or_default();
            recent.drain(..recent.partition_point(|at| *at <= supply.now - MINUTE));
            recent.push_back(supply.now);
        }
        Some(taken)
    }

    /// A credential of a channel: one that is to be tried again, else those in use by turns.
    fn with_key(&mut self, supply: &Supply, channel: &Arc<ChannelRow>, excluded: &[Excluded]) -> Option<Taken> {
        let id = channel.id;
        let mut probe = supply.health.is_off(id, WHOLE);
        let keys: Vec<_> = with_each_key(channel).filter(|keyed| !excluded.iter().any(|excluded| excluded.covers(keyed))).collect();
        let again = keys.iter().find(|keyed| supply.health.is_off(id, &keyed.key) && self.has_permit(id, &keyed.key)).copied();
        let in_use: Vec<_> = keys.iter().filter(|keyed| keyed.key == WHOLE || !supply.health.is_off(id, &keyed.key)).collect();
        let chosen = match (again, in_use.as_slice()) {
            (Some(keyed), _) => {
                self.permits.remove(&(id, keyed.key.clone()));
                probe = true;
                keyed
            }
            (None, []) => return None,
            (None, [only]) => only,
            (None, several) => {
                let turn = self.turns.entry(id).or_default();
                *turn = turn.wrapping_add(1);
                several[*turn % several.len()]
            }
        };
        if probe {
            self.permits.remove(&(id, WHOLE.to_owned()));
        }
        Some(Taken { channel: chosen.clone(), probe })
    }

    /// Gives the place of a call back; whether the channel was full. One that was never used does not count as a submission, nor as a probe.
    pub fn give_back_call(&mut self, taken: &Taken, was_used: bool) -> bool {
        let (id, limits) = (taken.channel.id, &taken.channel.channel);
        let was_full = self.by_channel.get(&id).copied().unwrap_or(0) >= limits.max_parallel;
        release(&mut self.by_channel, id);
        if !was_used {
            if let Some(recent) = self.recent.get_mut(&id) {
                recent.pop_back();
            }
            if taken.probe {
                // Whichever of the two it was: the other one is forgotten when it is not out of use.
                self.permits.extend([(id, WHOLE.to_owned()), (id, taken.channel.key.clone())]);
            }
        }
        was_full
    }

    /// Gives the place of a user's task back.
    pub fn give_back_user(&mut self, user_id: i64, feature_id: i64) {
        release(&mut self.by_user, user_id);
        release(&mut self.by_user_and_feature, (user_id, feature_id));
        self.total = self.total.saturating_sub(1);
    }

    /// Takes a place of another channel for a call that has one; the old one is kept if there is no other.
    pub fn exchange(&mut self, supply: &Supply, platform: &str, taken: &Taken, excluded: &[Excluded]) -> Option<Taken> {
        // First, so that another credential of the same channel finds it free.
        self.give_back_call(taken, true);
        let other = self.take_for_call(supply, platform, excluded);
        if other.is_none() {
            *self.by_channel.entry(taken.channel.id).or_default() += 1;
        }
        other
    }
}

impl<'a> Supply<'a> {
    fn of(&self, platform: &str) -> impl Iterator<Item = &'a Arc<ChannelRow>> + use<'a> {
        let snapshot: &'a Snapshot = self.snapshot;
        snapshot.platforms.get(platform).into_iter().flatten()
    }
}

fn release<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, i64>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() <= 0 {
            count.remove();
        }
    }
}

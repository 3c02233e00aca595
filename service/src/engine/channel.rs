//! Which channel takes a task, and how much each may take at a time.

use crate::features::{ChannelRow, Snapshot};
use std::collections::HashMap;
use std::sync::Arc;

/// Calls under way on this node.
#[derive(Default)]
pub(super) struct Capacity {
    by_channel: HashMap<i64, i64>,
    by_user: HashMap<i64, i64>,
    by_user_and_feature: HashMap<(i64, i64), i64>,
    total: usize,
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
    pub fn free_of_platform(&self, snapshot: &Snapshot, platform: &str) -> i64 {
        usable(snapshot, platform).map(|channel| self.free(channel)).sum()
    }

    fn free(&self, channel: &ChannelRow) -> i64 {
        (channel.channel.max_parallel - self.by_channel.get(&channel.id).copied().unwrap_or(0)).max(0)
    }

    /// Takes a place: the highest tier with a free channel, by weight within it. `None` if all are full.
    pub fn take(&mut self, snapshot: &Snapshot, platform: &str, user_id: i64, feature_id: i64) -> Option<Arc<ChannelRow>> {
        let chosen = self.take_for_call(snapshot, platform)?;
        *self.by_user.entry(user_id).or_default() += 1;
        *self.by_user_and_feature.entry((user_id, feature_id)).or_default() += 1;
        self.total += 1;
        Some(chosen)
    }

    /// Takes a place for a call outside of any task, which counts for the channel only.
    pub fn take_for_call(&mut self, snapshot: &Snapshot, platform: &str) -> Option<Arc<ChannelRow>> {
        let free: Vec<_> = usable(snapshot, platform).filter(|channel| self.free(channel) > 0).collect();
        let tier = free.iter().map(|channel| channel.channel.priority).max()?;
        let tier: Vec<_> = free.into_iter().filter(|channel| channel.channel.priority == tier).collect();
        let weights: i64 = tier.iter().map(|channel| channel.channel.weight.max(1)).sum();
        let mut ticket = fastrand::i64(0..weights);
        let chosen = tier.into_iter().find(|channel| {
            ticket -= channel.channel.weight.max(1);
            ticket < 0
        })?;
        *self.by_channel.entry(chosen.id).or_default() += 1;
        Some(chosen.clone())
    }

    /// Gives the place of a call back; whether the channel was full.
    pub fn give_back_call(&mut self, channel: &ChannelRow) -> bool {
        let was_full = self.free(channel) == 0;
        release(&mut self.by_channel, channel.id);
        was_full
    }

    /// Gives a place back.
    pub fn give_back(&mut self, channel_id: i64, user_id: i64, feature_id: i64) {
        release(&mut self.by_channel, channel_id);
        release(&mut self.by_user, user_id);
        release(&mut self.by_user_and_feature, (user_id, feature_id));
        self.total = self.total.saturating_sub(1);
    }
}

fn usable<'a>(snapshot: &'a Snapshot, platform: &'a str) -> impl Iterator<Item = &'a Arc<ChannelRow>> {
    snapshot.channels.values().filter(move |channel| channel.channel.enabled && channel.channel.platform == platform)
}

fn release<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, i64>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut count) = counts.entry(key) {
        *count.get_mut() -= 1;
        if *count.get() <= 0 {
            count.remove();
        }
    }
}

//! What changed, told to open pages: a ring in memory per node, with ids `epoch:sequence`.

use crate::ledger::Crossing;
use model::events::Event;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// Events that a page that was away for a moment can catch up with.
const RING: usize = 4096;

/// The bus; cheap to clone.
#[derive(Clone)]
pub struct EventBus(Arc<Bus>);

struct Bus {
    epoch: u64,
    ring: Mutex<Ring>,
    sender: broadcast::Sender<Arc<Published>>,
}

#[derive(Default)]
struct Ring {
    next: u64,
    events: VecDeque<Arc<Published>>,
}

struct Published {
    sequence: u64,
    user_id: i64,
    event: Event,
}

/// One user's events, in order.
pub struct Subscription {
    bus: EventBus,
    user_id: i64,
    backlog: VecDeque<(String, Event)>,
    receiver: broadcast::Receiver<Arc<Published>>,
}

impl EventBus {
    /// A new bus with an epoch of its own, so that ids of an earlier process are not mistaken for ours.
    pub fn new() -> Self {
        let (sender, _) = broadcast::channel(RING);
        EventBus(Arc::new(Bus { epoch: fastrand::u64(..) >> 16, ring: Mutex::default(), sender }))
    }

    /// Tells one user's pages what changed.
    pub fn publish(&self, user_id: i64, event: Event) {
        let mut ring = self.0.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let published = Arc::new(Published { sequence: ring.next, user_id, event });
        ring.next += 1;
        if ring.events.len() == RING {
            ring.events.pop_front();
        }
        ring.events.push_back(published.clone());
        // Sent under the lock, so that the order of the channel is the order of the ring.
        let _ = self.0.sender.send(published);
    }

    /// Tells owners that their points fell below what they want to be told about.
    pub fn publish_crossings(&self, crossings: Vec<Crossing>) {
        for Crossing { user_id, available, threshold } in crossings {
            self.publish(user_id, Event::LowBalance { available, threshold });
        }
    }

    /// A user's events from now on, or after `last_event_id`. An id that is unknown or too old gets [`Event::Resync`] first.
    pub fn subscribe(&self, user_id: i64, last_event_id: Option<&str>) -> Subscription {
        let ring = self.0.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.0.sender.subscribe();
        let mut backlog = VecDeque::new();
        if let Some(id) = last_event_id {
            let oldest = ring.next - ring.events.len() as u64;
            match self.sequence(id) {
                Some(last) if last < ring.next && last + 1 >= oldest => {
                    let missed = ring.events.iter().filter(|p| p.sequence > last && p.user_id == user_id);
                    backlog.extend(missed.map(|p| (self.id(p.sequence), p.event.clone())));
                }
                _ => backlog.push_back((self.id(ring.next.saturating_sub(1)), Event::Resync)),
            }
        }
        Subscription { bus: self.clone(), user_id, backlog, receiver }
    }

    fn id(&self, sequence: u64) -> String {
        format!("{:x}:{sequence}", self.0.epoch)
    }

    fn sequence(&self, id: &str) -> Option<u64> {
        let (epoch, sequence) = id.split_once(':')?;
        (u64::from_str_radix(epoch, 16).ok()? == self.0.epoch).then(|| sequence.parse().ok())?
    }
}

impl Default for EventBus {
    fn default() -> Self {
        EventBus::new()
    }
}

impl Subscription {
    /// The next event and its id; `None` when the bus is gone. A reader that is too slow gets [`Event::Resync`] in place of what it missed.
    pub async fn next(&mut self) -> Option<(String, Event)> {
        if let Some(missed) = self.backlog.pop_front() {
            return Some(missed);
        }
        loop {
            match self.receiver.recv().await {
                Ok(published) if published.user_id == self.user_id => {
                    return Some((self.bus.id(published.sequence), published.event.clone()));
                }
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let ring = self.bus.0.ring.lock().unwrap_or_else(PoisonError::into_inner);
                    let last = ring.next.saturating_sub(1);
                    self.receiver = self.bus.0.sender.subscribe();
                    return Some((self.bus.id(last), Event::Resync));
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deleted(id: i64) -> Event {
        Event::TaskDeleted { id }
    }

    #[tokio::test]
    async fn own_events_in_order_and_resumed() {
        let bus = EventBus::new();
        let mut page = bus.subscribe(1, None);
        for (user, id) in [(1, 10), (2, 20), (1, 11)] {
            bus.publish(user, deleted(id));
        }
        let (first, event) = page.next().await.unwrap();
        assert_eq!(event, deleted(10));
        let mut resumed = bus.subscribe(1, Some(&first));
        assert_eq!(resumed.next().await.unwrap().1, deleted(11));
        assert_eq!(page.next().await.unwrap().1, deleted(11));
    }

    #[tokio::test]
    async fn unknown_old_and_slow_get_resync() {
        let bus = EventBus::new();
        for id in ["", "x:1", "0:0", "0:99"] {
            assert_eq!(bus.subscribe(1, Some(id)).next().await.unwrap().1, Event::Resync, "{id}");
        }
        bus.publish(1, deleted(1));
        let first = bus.id(0);
        let mut slow = bus.subscribe(1, None);
        for id in 0..=(RING as i64) {
            bus.publish(1, deleted(id));
        }
        assert_eq!(bus.subscribe(1, Some(&first)).next().await.unwrap().1, Event::Resync);
        assert_eq!(slow.next().await.unwrap().1, Event::Resync);
    }
}

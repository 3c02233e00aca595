//! Administration of the catalog, entry by entry: what `catalog apply` does with a file, with the very same checks.

mod change;
mod channels;
mod choices;
mod custom_apis;
mod features;
mod rules;
#[cfg(test)]
mod tests;

pub use channels::{channel, channels, create_channel, delete_channel, recover_channel, switch_channel, test_channel, update_channel};
pub use choices::{Choices, channel_for, choices};
pub(in crate::features) use custom_apis::refuse_taken_paths;
pub use custom_apis::{
    create_custom_api, custom_api, custom_api_choices, custom_apis, delete_custom_api, switch_custom_api, update_custom_api,
};
pub use features::{create_feature, delete_feature, duplicate_feature, feature, features, move_feature, switch_feature, update_feature};
pub use rules::{create_rule, delete_rule, dry_run, duplicate_rule, rule, rules, update_rule};

use super::store::{Kind, Stored};
use model::catalog::EntryFilter;
use model::paging::{Page, Paging};
use model::{Error, Result};

/// What is said of an entry that another version of the program wrote.
const UNREADABLE: &str = "Its definition cannot be read by this version of the program.";

/// The definition of a stored entry; one that this version cannot read is not there for administrators either, and `doctor` tells it.
fn readable<T>(kind: Kind, stored: Stored<T>) -> Option<(Stored<()>, T)> {
    let Stored { id, name, version, created_at, updated_at, definition, credential, more_credentials, rule_id } = stored;
    let definition =
        definition.map_err(|error| tracing::error!(kind = kind.word(), id, error, "a stored definition cannot be read")).ok()?;
    Some((Stored { id, name, version, created_at, updated_at, definition: Ok(()), credential, more_credentials, rule_id }, definition))
}

/// One page of entries whose text has the words that are searched for.
fn page<T>(filter: &EntryFilter, entries: Vec<T>, text: impl Fn(&T) -> String) -> Result<Page<T>> {
    let words = filter.q.as_deref().unwrap_or_default().trim().to_lowercase();
    if words.chars().count() > 100 {
        return Err(Error::invalid("q", "Search for at most 100 characters."));
    }
    let paging = Paging::new(filter.page, filter.page_size);
    let found: Vec<T> = entries.into_iter().filter(|entry| words.is_empty() || text(entry).to_lowercase().contains(&words)).collect();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let (skip, take) = (usize::try_from(paging.offset()).unwrap_or(usize::MAX), usize::try_from(paging.page_size).unwrap_or(0));
    Ok(paging.page(found.into_iter().skip(skip).take(take).collect(), total))
}

/// A name for a copy that nothing has yet: `x` with the mark, then with the mark and a number.
fn free_name(base: &str, longest: usize, mark: impl Fn(usize) -> String, taken: impl Fn(&str) -> bool) -> String {
    let candidate = |number: usize| {
        let mark = mark(number);
        let room = longest.saturating_sub(mark.chars().count());
        format!("{}{mark}", base.chars().take(room).collect::<String>().trim_end())
    };
    (1..).map(candidate).find(|name| !taken(name)).unwrap_or_default()
}

/// `（副本）`, then `（副本 2）`: how copies of things with names for people are marked everywhere.
fn copy_mark(number: usize) -> String {
    if number == 1 { "（副本）".to_owned() } else { format!("（副本 {number}）") }
}

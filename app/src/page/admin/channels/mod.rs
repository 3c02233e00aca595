//! Channels: the list, and the page that defines one, with a test beside it.

mod edit;
mod health;
mod list;
mod test_panel;

pub use edit::ChannelEditPage;
pub use list::ChannelListPage;

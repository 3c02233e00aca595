//! Tasks: the list, a new one, one in detail, editing. One folder for each page; `form` and `actions` are shared.

mod actions;
mod anew;
pub mod detail;
mod edit;
pub mod form;
mod list;
mod new;
mod patch;
mod refresh;

pub use anew::anew;
pub use detail::TaskDetailPage;
pub use edit::TaskEditPage;
pub use list::TaskListPage;
pub use new::{TaskCreatePage, price_of};
pub use refresh::Refresher;

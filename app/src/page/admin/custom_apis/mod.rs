//! Administration of custom APIs: the list, and the form of one.

mod form;
mod list;

pub use form::CustomApiEditPage;
pub use list::CustomApiListPage;

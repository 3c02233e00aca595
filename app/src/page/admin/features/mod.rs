//! Features: the list, and the page that defines one.

mod builder;
mod draft;
mod edit;
mod field_draft;
mod list;
mod results;
mod row;
mod sections;
#[cfg(test)]
mod tests;

pub use edit::FeatureEditPage;
pub use list::FeatureListPage;

//! Rules: the list, and the page that defines one, with a dry run beside it.

mod draft;
mod dry_run;
mod edit;
mod list;
mod poll;
mod report;
mod request;
mod sections;
#[cfg(test)]
mod tests;

pub use edit::RuleEditPage;
pub use list::RuleListPage;
pub use report::SampleRequestView;

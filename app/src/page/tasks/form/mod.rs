//! The form of a task, shared by the pages that create and edit one.
//!
//! `values` and `texts` turn what was typed into a task, on both sides; `state` holds it while people type; `field`, `headers` and
//! `view` show it; `limits` says what is wrong in the reader's language; `plain` is the way without scripts.

mod field;
mod headers;
mod limits;
pub mod plain;
mod segmented;
mod state;
mod texts;
pub mod values;
mod view;

#[cfg(test)]
mod tests;

pub use limits::complaint;
pub use state::{FormState, RunLimits, focus_first_error};
pub use texts::{HeaderText, TaskTexts};
pub use view::{AboutSection, ParamsSection, SettingsSection, WebhookSection};

//! Administration. One folder for each area; `mistakes`, `rows` and `bar` are shared by those that edit the catalog.

mod bar;
pub mod channels;
pub mod features;
mod mistakes;
mod rows;
pub mod rules;

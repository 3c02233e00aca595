//! Many tasks of one feature at once: paste or upload, look at the preview, submit, see what became of each line.
//!
//! `parse` reads the text, `cells` its tables; `check` makes a task of each line; `run` submits them; the others show it.

mod cells;
mod check;
mod controls;
mod input;
mod lines;
mod parse;
mod run;
mod upload;

#[cfg(test)]
mod tests;

pub use check::BatchState;
pub use controls::BatchControls;
pub use input::BatchInput;

//! What the kill test and the bench share: a real server as a child process, a client of its public REST surface, figures.
#![recursion_limit = "256"]

pub mod bench;
pub mod client;
pub mod figures;
pub mod node;

/// Ends a trial with a sentence.
pub type Outcome<T = ()> = Result<T, String>;

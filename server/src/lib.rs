//! The HTTP door and the command line.
//!
//! [`router`] names every URL; [`door`] is what every request passes first; [`envelope`] makes HTTP of results and errors. Handlers only
//! translate between HTTP and `service`, which decides everything.
#![recursion_limit = "256"]

pub mod api;
pub mod assets;
pub mod cli;
pub mod config;
pub mod docs;
pub mod door;
pub mod envelope;
pub mod extract;
pub mod form;
pub mod listen;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod router;
pub mod state;

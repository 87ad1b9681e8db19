//! Many documents: which files, in what order, on how many threads, and what came of each.
//!
//! Memory does not grow with the number of files: a record is handed over, in input order, as soon as those before it
//! are, and readers wait when they get too far ahead ([`pool`]).
//!
//! Documents that readers may fail on are read in child processes of the same program: [`Reader`] decides which,
//! [`workers`] is the parent's side, [`worker`] the child's.

pub mod archive;
pub mod convert;
mod frame;
pub mod isolate;
pub mod manifest;
pub mod outputs;
pub mod own;
pub mod plan;
pub mod pool;
pub mod publish;
pub mod reader;
pub mod records;
pub mod store;
pub mod summary;
pub mod walk;
pub mod worker;
pub mod workers;

pub use convert::Converter;
pub use pool::ordered;
pub use reader::{Isolation, Outcome, Reader, process};
pub use summary::Summary;
pub use walk::{Input, Inputs, Problem, collect};
pub use workers::WorkerCommand;

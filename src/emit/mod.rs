//! Records as files and as text: one file an output.

pub mod audit;
pub mod csv;
pub mod database;
pub mod flat;
pub mod folder;
pub mod json;
pub mod manifest;
pub mod parquet;
pub mod schema;
pub mod show;
pub mod width;
pub mod word;
pub mod workbook;

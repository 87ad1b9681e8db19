//! Integration tests, in one binary.

mod architecture;
mod check;
mod cli;
mod corpus;
mod docx;
mod pdf;
mod recognize;
mod txt;
mod value;

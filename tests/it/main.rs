//! Integration tests, in one binary.

// Helpers of tests may fail by panic, as tests do.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod architecture;
mod archive;
mod batch;
mod broken;
mod cases;
mod check;
mod cli;
mod corpus;
mod docx;
mod fate;
mod fuzz;
mod html;
mod isolation;
mod legacy;
mod limits;
mod load;
mod metamorphic;
mod mutate;
mod mutation;
mod patterns;
mod pdf;
mod poison;
mod recognize;
mod rtf;
mod tables;
mod txt;
mod value;
mod word;
mod workbook;

//! The ground floor: what a text says, one function a question. No state, no words of one document or one form.

pub mod chinese;
pub mod date;
pub mod fold;
pub mod lines;
pub mod mark;
pub mod note;
pub mod number;
pub mod numbering;
pub mod outline;
pub mod page;
pub mod pieces;
pub mod radical;
pub mod sentence;
pub mod shape;
pub mod unit;

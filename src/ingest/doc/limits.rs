//! Limits against hostile files. A genuine report never meets them.

/// Characters of all stories together.
pub(super) const CHARACTERS: usize = 16 << 20;
/// Bytes of one stream.
pub(super) const STREAM: u64 = 192 << 20;
/// Styles based on styles.
pub(super) const CHAIN: usize = 32;
/// Tables inside tables.
pub(super) const DEPTH: usize = 64;
/// Levels of lists in all.
pub(super) const LIST_LEVELS: usize = 100_000;

//! Entries of the ledger of examined relations.

use super::exact::Exact;
use super::report::Source;
use super::vocabulary::{CheckStatus, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One relation that was examined. It never says which side is wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// `c1`, `c2` … in order.
    pub id: String,
    /// Rule, as `heshu rules` lists it (TBL-01).
    pub rule: String,
    /// Name of the rule, in Chinese.
    pub name: String,
    /// Outcome.
    pub status: CheckStatus,
    /// How much a failure matters.
    pub severity: Severity,
    /// For the reader, in Chinese; names both places.
    pub message: String,
    /// What the report states: a plain decimal, or words for relations of words.
    pub stated: Option<String>,
    /// What follows from the operands.
    pub computed: Option<String>,
    /// Stated less computed.
    pub difference: Option<Exact>,
    /// Largest difference that rounding of the stated decimals allows.
    pub tolerance: Option<Exact>,
    /// Unit of the figures.
    pub unit: Option<String>,
    /// Every figure that took part, the stated one first.
    pub operands: Vec<Source>,
}

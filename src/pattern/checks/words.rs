//! Words that the checks match in reports, family by family. `patterns/checks.toml` says what each list is for.

use super::super::words::{Letters, WordList};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Tables of money: `[words.tables]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct TableWords {
    pub rates: WordList,
    pub no_sums: WordList,
    pub ratios: WordList,
    pub ratio_starts: WordList,
    pub ratio_ends: WordList,
    pub amount_ends: WordList,
    pub means: WordList,
    pub money: WordList,
    pub running: WordList,
    pub sums: WordList,
    pub column_signs: Letters,
    pub grand: WordList,
    pub this_year: WordList,
    pub quantities: WordList,
    pub closing: WordList,
    pub left_over: WordList,
    pub beside_three_public: WordList,
    pub money_units: Letters,
    pub count_units: WordList,
    pub count_ends: WordList,
}

/// Rows of the 三公经费: `[words.three_public]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct ThreePublicWords {
    pub abroad: WordList,
    pub guests: WordList,
    pub vehicles: WordList,
    pub bought: WordList,
    pub kept: WordList,
    pub subtotal: WordList,
    pub offices: WordList,
}

/// Funding blocks: `[words.funds]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct FundWords {
    pub budgets_aside: WordList,
    pub basic: WordList,
    pub project: WordList,
    pub the_rest: WordList,
}

/// Points and grades: `[words.points]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct PointWords {
    pub unit: WordList,
    pub weights: WordList,
    pub weighted: WordList,
    pub on_top: WordList,
    pub on_top_names: WordList,
    pub full: WordList,
    pub band_is: WordList,
    pub band_ends: Letters,
    pub band_below: WordList,
    pub lost: WordList,
    pub lost_ends: WordList,
    pub got: WordList,
    pub got_ends: WordList,
    pub full_in_prose: WordList,
}

/// Indicators: `[words.indicators]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct IndicatorWords {
    pub degrees: Vec<WordList>,
    pub things: WordList,
    pub scales: Letters,
    pub bounded: WordList,
    pub satisfaction: WordList,
    pub outputs: WordList,
    pub benefits: WordList,
    pub quantities: WordList,
}

/// Running text: `[words.prose]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct ProseWords {
    pub count_fillers: Letters,
    pub levels: WordList,
    pub undone: WordList,
    pub indicator_units: WordList,
    pub of_the_form: WordList,
    pub counts_all: WordList,
    pub counts_all_ends: WordList,
    pub list_closers: Letters,
    pub joiners: WordList,
    pub list_openers: WordList,
    pub list_starts: Letters,
    pub changes: WordList,
    pub after_list: WordList,
    pub about: Letters,
    pub code_units: WordList,
    pub mainly: WordList,
    pub means: WordList,
    pub not_and_so_on: WordList,
    pub first_of_list: WordList,
    pub opens: Letters,
    pub opens_closed: Letters,
    pub closes: WordList,
    pub within: Letters,
    pub of: WordList,
    pub from: WordList,
    pub to: WordList,
    pub attains: WordList,
    pub arrives: WordList,
    pub share: WordList,
    pub respectively: WordList,
    pub share_fillers: Letters,
    pub share_starts: Letters,
    pub part_of_year: WordList,
    pub year_on_year: WordList,
    pub elsewhere: WordList,
    pub all_done: WordList,
    pub goals: WordList,
    pub before_figure: Letters,
    pub ordinal: Letters,
    pub conjunctions: Letters,
    pub common: Letters,
    pub unit_ends: Letters,
    pub unit_for: BTreeMap<String, WordList>,
    pub year_marks: Letters,
    pub wholes: WordList,
    pub fund_ends: WordList,
    pub office_ends: WordList,
    pub parts: WordList,
    pub left: WordList,
    pub saved: WordList,
    pub first: WordList,
    pub planned: WordList,
    pub sides: WordList,
    pub before_formal: Letters,
}

//! Words around a figure of running text that say which way a change goes, and from what it is counted.

use super::lexicon::Words;
use super::words::Letters;
use serde::Deserialize;

/// The table `change` of `patterns/values.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeWords {
    /// 增长; with those of `direction`.
    pub up: Words,
    /// 下降; with those of `direction`.
    pub down: Words,
    /// Which of both must stand straight before the figure.
    pub close: Words,
    /// Which of both are nouns: 增幅.
    pub nouns: Words,
    /// 多, of a comparison only.
    pub more: Words,
    /// 少, of a comparison only.
    pub less: Words,
    /// 高于.
    pub above: Words,
    /// 低于.
    pub below: Words,
    /// Behind a word of change: it is part of a name.
    pub named: Words,
    /// Behind a word of change: the figure is a level.
    pub levels: Words,
    /// Before a word of change: it says nothing.
    pub negations: Words,
    /// Between a word of change and its figure.
    pub fillers: Words,
    /// 较, 比.
    pub openers: Words,
    /// 相比.
    pub closers: Words,
    /// 上年.
    pub prior_year: Words,
    /// 预算.
    pub budget: Words,
    /// 年初预算.
    pub initial_budget: Words,
    /// 同比.
    pub year_on_year: Words,
    /// 持平.
    pub flat: Words,
    /// 占.
    pub share: Words,
    /// Before 占: it is another word.
    pub not_share: Words,
    /// Behind the whole of a share.
    pub share_ends: Words,
    /// Ends the noun between a word of change and its figure.
    pub breaks: Letters,
    /// Behind 占 where the whole is not named.
    pub no_whole: Letters,
}

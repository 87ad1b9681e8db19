//! Words of running text: verbs, predicates and fillers around the noun that a figure belongs to.

use super::file::PatternFile;
use super::words::{Letters, WordList};
use crate::error::Result;
use crate::text::fold::bare;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    leading: Vec<String>,
    leading_kept_before: Vec<String>,
    trailing: Vec<String>,
    predicates: Vec<String>,
    verbs: Vec<String>,
    verb_heads: Vec<String>,
    nominal: Vec<String>,
    heads: Vec<String>,
    agents: Vec<String>,
    sums: Vec<String>,
    closing: Vec<String>,
    money_subjects: Vec<String>,
    predicate_heads: Letters,
    of: Letters,
    hours: Letters,
    stated: StatedWords,
    ordinal: OrdinalFile,
    chinese: ChineseFile,
}

/// Indicators and funds that running text states in the words of a form: `[stated]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct StatedWords {
    pub says: Letters,
    pub name_ends: Letters,
    pub flattened: WordList,
    pub done: WordList,
    pub spent: WordList,
    pub rate: WordList,
    pub verbs: WordList,
    pub name_closes: Letters,
    pub name_opens: Letters,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrdinalFile {
    always: Vec<String>,
    before_units: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChineseFile {
    least: u32,
    units: Vec<String>,
}

/// A set of words, found by their first or last character.
#[derive(Debug, Clone, Default)]
pub struct Words {
    by_first: HashMap<char, Vec<Vec<char>>>,
    by_last: HashMap<char, Vec<Vec<char>>>,
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        Vec::<String>::deserialize(from).map(|words| Words::new(&words))
    }
}

impl Words {
    pub(super) fn new(words: &[String]) -> Self {
        let mut set = Words::default();
        let mut words: Vec<Vec<char>> = words.iter().map(|w| bare(w).chars().collect()).collect();
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        for word in words {
            if let (Some(first), Some(last)) = (word.first(), word.last()) {
                set.by_first.entry(*first).or_default().push(word.clone());
                set.by_last.entry(*last).or_default().push(word);
            }
        }
        set
    }

    /// Adds further words.
    pub(super) fn add(&mut self, words: &[String]) {
        let known = self.by_first.values().flatten().map(|word| word.iter().collect());
        let all: Vec<String> = known.chain(words.iter().cloned()).collect();
        *self = Words::new(&all);
    }

    /// Length of the longest word at the start of a text; 0 when there is none.
    pub fn at_start(&self, chars: &[char]) -> usize {
        let list = chars.first().and_then(|c| self.by_first.get(c));
        list.and_then(|l| l.iter().find(|w| chars.starts_with(w)))
            .map_or(0, Vec::len)
    }

    /// Length of the longest word at the end of a text; 0 when there is none.
    pub fn at_end(&self, chars: &[char]) -> usize {
        let list = chars.last().and_then(|c| self.by_last.get(c));
        list.and_then(|l| l.iter().find(|w| chars.ends_with(w)))
            .map_or(0, Vec::len)
    }

    /// Whether a word stands anywhere in a text.
    pub fn within(&self, chars: &[char]) -> bool {
        (0..chars.len()).any(|i| self.at_start(&chars[i..]) > 0)
    }
}

/// Words of running text.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// Openers of a clause.
    pub leading: Words,
    /// Nouns before which an opener stays (全年预算).
    pub leading_kept_before: Words,
    /// Closers of the text before a figure.
    pub trailing: Words,
    /// Predicates of rates and changes.
    pub predicates: Words,
    /// Verbs.
    pub verbs: Words,
    /// Endings that keep such a verb inside the noun.
    pub verb_heads: Words,
    /// Verbs that often are nouns.
    pub nominal: Words,
    /// Endings that keep such a verb inside the noun.
    pub heads: Words,
    /// Who acts, and adverbs: after them such a verb is a verb.
    pub agents: Words,
    /// Words for the sum of what was told before.
    pub sums: Words,
    /// Words that end the noun after a counted figure.
    pub closing: Words,
    /// Nouns of money.
    pub money_subjects: Words,
    /// Ends of nouns that begin with a predicate: 增长率.
    pub predicate_heads: Letters,
    /// What joins a noun to what is said of it.
    pub of: Letters,
    /// What closes the hour before minutes.
    pub hours: Letters,
    /// Indicators and funds told in the words of a form.
    pub stated: StatedWords,
    ordinal_always: Words,
    ordinal_before_units: Vec<(Vec<char>, Vec<String>)>,
    chinese_least: u32,
    chinese_units: Vec<String>,
}

impl Lexicon {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let parsed: LexiconFile = file.parse()?;
        Ok(Lexicon {
            leading: Words::new(&parsed.leading),
            leading_kept_before: Words::new(&parsed.leading_kept_before),
            trailing: Words::new(&parsed.trailing),
            predicates: Words::new(&parsed.predicates),
            verbs: Words::new(&parsed.verbs),
            verb_heads: Words::new(&parsed.verb_heads),
            nominal: Words::new(&parsed.nominal),
            heads: Words::new(&parsed.heads),
            agents: Words::new(&parsed.agents),
            sums: Words::new(&parsed.sums),
            closing: Words::new(&parsed.closing),
            money_subjects: Words::new(&parsed.money_subjects),
            predicate_heads: parsed.predicate_heads,
            of: parsed.of,
            hours: parsed.hours,
            stated: parsed.stated,
            ordinal_always: Words::new(&parsed.ordinal.always),
            ordinal_before_units: parsed
                .ordinal
                .before_units
                .into_iter()
                .map(|(word, units)| (word.chars().collect(), units))
                .collect(),
            chinese_least: parsed.chinese.least,
            chinese_units: parsed.chinese.units,
        })
    }

    /// Whether the text before a figure makes it an ordinal: 第3名, 前5位.
    pub fn is_ordinal(&self, before: &[char], unit: &str) -> bool {
        self.ordinal_always.at_end(before) > 0
            || self
                .ordinal_before_units
                .iter()
                .any(|(w, units)| before.ends_with(w) && units.iter().any(|u| u == unit))
    }

    /// Whether a Chinese numeral with a unit counts things.
    pub fn chinese_counts(&self, number: &rust_decimal::Decimal, unit: &str) -> bool {
        *number >= rust_decimal::Decimal::from(self.chinese_least) && self.chinese_units.iter().any(|u| u == unit)
    }
}

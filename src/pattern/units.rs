//! Units: what they measure, and how many of the base unit one of them is.

use super::file::PatternFile;
use super::lexicon::Words;
use super::words::WordList;
use crate::error::Result;
use crate::text::fold::fold_char;
use crate::text::unit::is_each;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 元 and its multiples.
    Money,
    /// Money of other countries: an amount without a value in 元.
    Foreign,
    /// Shares and multiples: %, 个百分点, 倍.
    Rate,
    /// Points: 分.
    Score,
    /// Things counted.
    Count,
    /// Length, area, weight, energy.
    Measure,
    /// Spans of time.
    Time,
    /// 万 or 亿 with nothing after it.
    Scale,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitFile {
    scale: BTreeMap<String, String>,
    base: BTreeMap<UnitKind, Vec<String>>,
    factor: BTreeMap<String, Factor>,
    same: Vec<Vec<String>>,
    not_before: BTreeMap<String, Vec<String>>,
    currency: BTreeMap<String, String>,
    labels: Words,
    amounts: WordList,
    currency_names: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Factor {
    of: String,
    is: String,
}

#[derive(Debug, Clone)]
struct BaseUnit {
    chars: Vec<char>,
    kind: UnitKind,
    base: String,
    factor: Decimal,
    not_before: Vec<Vec<char>>,
}

#[derive(Debug, Clone)]
struct ScaleWord {
    chars: Vec<char>,
    factor: Decimal,
}

/// A unit found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitMatch {
    /// Characters it takes.
    pub len: usize,
    /// The unit without white space (万元).
    pub text: String,
    /// What it measures.
    pub kind: UnitKind,
    /// The unit that `factor` counts (元, 平方米).
    pub base: String,
    /// How many of the base one of this unit is.
    pub factor: Decimal,
}

/// Every unit that the program knows.
#[derive(Debug, Clone)]
pub struct UnitPatterns {
    bases: HashMap<char, Vec<BaseUnit>>,
    scales: Vec<ScaleWord>,
    same: Vec<Vec<String>>,
    /// Signs of currencies, the longest first, and the units that they stand for.
    currencies: Vec<(Vec<char>, String)>,
    labels: Words,
    amounts: WordList,
    currency_names: Words,
}

impl UnitPatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let parsed: UnitFile = file.parse()?;
        let decimal = |text: &str| {
            Decimal::from_str_exact(text).map_err(|_| file.error_about(&format!("“{text}” is no plain decimal"), text))
        };
        let fold = |text: &str| -> Vec<char> { text.chars().map(fold_char).collect() };
        let mut bases: HashMap<char, Vec<BaseUnit>> = HashMap::new();
        for (kind, names) in &parsed.base {
            for name in names {
                let chars = fold(name);
                let Some(first) = chars.first().copied() else {
                    return Err(file.error_about("an empty unit", "\"\""));
                };
                let (base, factor) = match parsed.factor.get(name) {
                    Some(f) => (f.of.clone(), decimal(&f.is)?),
                    None => (name.clone(), Decimal::ONE),
                };
                let not_before = parsed
                    .not_before
                    .get(name)
                    .into_iter()
                    .flatten()
                    .map(|w| fold(w))
                    .collect();
                bases.entry(first).or_default().push(BaseUnit {
                    chars,
                    kind: *kind,
                    base,
                    factor,
                    not_before,
                });
            }
        }
        let known = |name: &String| parsed.base.values().any(|names| names.contains(name));
        let named = parsed
            .factor
            .keys()
            .chain(parsed.not_before.keys())
            .chain(parsed.same.iter().flatten())
            .chain(parsed.currency.values());
        if let Some(name) = named.into_iter().find(|name| !known(name)) {
            return Err(file.error_about(&format!("“{name}” stands under no kind of [base]"), name));
        }
        for list in bases.values_mut() {
            list.sort_by(|a, b| b.chars.len().cmp(&a.chars.len()).then_with(|| a.chars.cmp(&b.chars)));
        }
        let mut scales = Vec::new();
        for (word, factor) in &parsed.scale {
            scales.push(ScaleWord {
                chars: fold(word),
                factor: decimal(factor)?,
            });
        }
        scales.sort_by(|a, b| b.chars.len().cmp(&a.chars.len()).then_with(|| a.chars.cmp(&b.chars)));
        let mut currencies: Vec<(Vec<char>, String)> = parsed
            .currency
            .iter()
            .map(|(sign, unit)| (fold(sign), unit.clone()))
            .collect();
        currencies.sort_by_key(|(sign, _)| std::cmp::Reverse(sign.len()));
        Ok(UnitPatterns {
            bases,
            scales,
            same: parsed.same,
            currencies,
            labels: parsed.labels,
            amounts: parsed.amounts,
            currency_names: parsed.currency_names,
        })
    }

    /// The longest unit that starts at `at` (no white space is skipped before it). `chars` are folded.
    pub fn longest(&self, chars: &[char], at: usize) -> Option<UnitMatch> {
        let mut best = self.base_at(chars, at).map(|(len, unit)| UnitMatch {
            len,
            text: unit.chars.iter().collect(),
            kind: unit.kind,
            base: unit.base.clone(),
            factor: unit.factor,
        });
        for scale in &self.scales {
            if !chars[at.min(chars.len())..].starts_with(&scale.chars) {
                continue;
            }
            let after = at + scale.chars.len();
            let found = match self.base_at(chars, after) {
                // 万% and the like do not exist.
                Some((len, unit)) if unit.kind != UnitKind::Rate && unit.kind != UnitKind::Score => {
                    let Some(factor) = unit.factor.checked_mul(scale.factor) else {
                        continue;
                    };
                    UnitMatch {
                        len: scale.chars.len() + len,
                        text: scale.chars.iter().chain(&unit.chars).collect(),
                        kind: unit.kind,
                        base: unit.base.clone(),
                        factor,
                    }
                }
                _ => UnitMatch {
                    len: scale.chars.len(),
                    text: scale.chars.iter().collect(),
                    kind: UnitKind::Scale,
                    base: String::new(),
                    factor: scale.factor,
                },
            };
            if best.as_ref().is_none_or(|b| found.len > b.len) {
                best = Some(found);
            }
        }
        best
    }

    /// Length of the label of a unit at the start of a folded text: 单位, 金额单位.
    pub fn label_at(&self, chars: &[char]) -> usize {
        self.labels.at_start(chars)
    }

    /// Length of the name of the currency at the start of a folded text: 人民币万元.
    pub fn currency_name_at(&self, chars: &[char]) -> usize {
        self.currency_names.at_start(chars)
    }

    /// What a folded text in brackets names behind 金额, 单位 and a colon: 万元 of 金额单位：万元.
    pub fn without_label<'t>(&self, folded: &'t str) -> &'t str {
        let bare = self.amounts.strip_start(folded).unwrap_or(folded);
        let Some((label, unit)) = bare.split_once(':') else {
            return bare;
        };
        let label: Vec<char> = label.chars().collect();
        if !label.is_empty() && self.labels.at_start(&label) == label.len() {
            unit
        } else {
            bare
        }
    }

    /// The currency sign that ends at `end` (exclusive): its length, and the unit that it stands for.
    pub fn currency_before(&self, chars: &[char], end: usize) -> Option<(usize, &str)> {
        let head = &chars[..end];
        let (sign, unit) = self.currencies.iter().find(|(sign, _)| {
            let word = sign.first().is_some_and(char::is_ascii_alphabetic);
            head.strip_suffix(&sign[..])
                .is_some_and(|rest| !word || !rest.last().is_some_and(char::is_ascii_alphanumeric))
        })?;
        Some((sign.len(), unit))
    }

    /// The unit that a whole text is.
    pub fn whole(&self, text: &str) -> Option<UnitMatch> {
        let chars: Vec<char> = text.chars().map(fold_char).filter(|c| !c.is_whitespace()).collect();
        self.longest(&chars, 0).filter(|unit| unit.len == chars.len())
    }

    /// Whether a folded text is a price: a unit of money for each of something (元/人·天, 元每亩).
    pub fn is_price(&self, folded: &str) -> bool {
        let Some(at) = folded.find(is_each) else {
            return false;
        };
        let (money, each) = folded.split_at(at);
        let each = each.trim_start_matches(|c| c == '(' || is_each(c));
        let is_money = |text: &str| self.whole(text).is_some_and(|u| u.kind == UnitKind::Money);
        let other = |text: &str| self.whole(text).is_some_and(|u| u.kind == UnitKind::Rate);
        is_money(money) && !each.is_empty() && each.chars().count() <= 8 && !is_money(each) && !other(each)
    }

    /// Whether two base units count the same things (人, 人次, 名).
    pub fn comparable(&self, a: &str, b: &str) -> bool {
        a == b
            || self
                .same
                .iter()
                .any(|set| set.iter().any(|u| u == a) && set.iter().any(|u| u == b))
    }

    fn base_at(&self, chars: &[char], at: usize) -> Option<(usize, &BaseUnit)> {
        let list = self.bases.get(chars.get(at)?)?;
        let rest = &chars[at..];
        let unit = list.iter().find(|u| rest.starts_with(&u.chars) && ends_well(u, rest))?;
        Some((unit.chars.len(), unit))
    }
}

/// A Latin unit must not be the start of a longer word, and some units not the start of a Chinese one (分 in 分别).
fn ends_well(unit: &BaseUnit, rest: &[char]) -> bool {
    let after = &rest[unit.chars.len()..];
    let latin = unit.chars.last().is_some_and(char::is_ascii_alphabetic);
    let longer_word = latin && after.first().is_some_and(char::is_ascii_alphanumeric);
    let other_word = unit.not_before.iter().any(|word| after.starts_with(word));
    !longer_word && !other_word
}

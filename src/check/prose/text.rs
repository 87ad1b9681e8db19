//! Prose as the record has it: paragraphs of sentences with figures, and the words around each figure.

use crate::check::figure::{half, sane};
use crate::model::{Direction, Report, Statement, StatementKind, ValueKind};
use crate::pattern::words::Letters;
use crate::text::chinese::scale_of_unit;
use crate::text::fold::fold_char;
use crate::text::mark::is_range;
use crate::text::sentence::open_clause;
use crate::text::unit::counts_points;
use rust_decimal::Decimal;
use std::ops::Range;

/// A figure in prose.
#[derive(Debug, Clone, Copy)]
pub struct Fig<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Its number.
    pub value: Decimal,
    /// Ordinal of the sentence in its paragraph.
    pub sentence: usize,
    /// Text of the sentence.
    pub text: &'a str,
    /// First byte of the figure in the sentence.
    pub start: usize,
    /// One past its last byte, unit included.
    pub end: usize,
    /// One past the last byte of the figure before in the sentence, else 0.
    pub previous: usize,
    /// First byte of the next figure in the sentence, else the sentence's length.
    pub next: usize,
}

/// What a figure measures, as far as adding and comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension<'a> {
    /// Money, in 元.
    Money,
    /// Per cent.
    Percent,
    /// Percentage points.
    Points,
    /// 分.
    Score,
    /// Things, by their unit.
    Things(&'a str),
}

impl<'a> Fig<'a> {
    /// What the figure measures; `None` for a range or a figure without a number.
    pub fn dimension(&self) -> Option<Dimension<'a>> {
        let unit = self.statement.unit.as_deref().unwrap_or("");
        match self.statement.kind {
            StatementKind::Amount => self.statement.yuan.and_then(|y| sane(y.0)).map(|_| Dimension::Money),
            StatementKind::Score => Some(Dimension::Score),
            StatementKind::Rate if counts_points(unit) => Some(Dimension::Points),
            StatementKind::Rate if matches!(unit, "%" | "％") => Some(Dimension::Percent),
            StatementKind::Rate => None,
            StatementKind::Count => Some(Dimension::Things(unit)),
        }
    }

    /// 元 for one of the stated unit.
    fn factor(&self) -> Decimal {
        let unit = self.statement.unit.as_deref().unwrap_or("");
        match self.statement.yuan {
            Some(yuan) if !self.value.is_zero() => yuan.0.checked_div(self.value).unwrap_or(Decimal::ONE),
            _ => Decimal::from(scale_of_unit(unit)),
        }
    }

    /// Value and half step in the unit of `other`, which has the same dimension. `decimals` is at least those of the figure.
    pub fn in_unit_of(&self, other: &Fig<'_>, decimals: u32) -> Option<(Decimal, Decimal)> {
        let exact = matches!(self.dimension()?, Dimension::Things(_) | Dimension::Score);
        let own_half = if exact {
            Decimal::ZERO
        } else {
            half(decimals.max(self.value.scale()))
        };
        if self.statement.unit == other.statement.unit || self.dimension()? != Dimension::Money {
            return Some((self.value, own_half));
        }
        let (own, wanted) = (self.factor(), other.factor());
        let value = self.value.checked_mul(own)?.checked_div(wanted)?;
        let half = half(self.value.scale()).checked_mul(own)?.checked_div(wanted)?;
        Some((value.normalize(), half.normalize()))
    }

    /// Whether the figure is qualified (约, 以上): never the ground of an error.
    pub fn qualified(&self) -> bool {
        self.statement.qualifier != ValueKind::Exact
    }

    /// Whether the figure tells of growth (true) or decline (false), by what its statement says. 下降至4% tells of neither.
    pub fn grows(&self) -> Option<bool> {
        match self.statement.direction? {
            Direction::Up => Some(true),
            Direction::Down => Some(false),
            // 支出12万元，与上年持平 is a level; of 增长0% both are true.
            Direction::Flat => None,
        }
    }

    /// The change with its sign: -6 of 下降6%, -6 of 增长-6%.
    pub fn change(&self) -> Option<Decimal> {
        let up = self.grows()?;
        Some(if up { self.value.abs() } else { -self.value.abs() })
    }

    /// From the figure before, else the sentence's start, to this figure.
    pub fn lead(&self) -> &'a str {
        self.text.get(self.previous..self.start).unwrap_or("")
    }

    /// From this figure to the next, else to the sentence's end.
    pub fn tail(&self) -> &'a str {
        self.text.get(self.end..self.next).unwrap_or("")
    }

    /// The clause before the figure: from the last pause (figures in between included) to the figure.
    pub fn clause(&self) -> &'a str {
        open_clause(self.text.get(..self.start).unwrap_or(""))
    }

    /// For messages: the clause and the figure.
    pub fn quoted(&self) -> String {
        let figure = self.text.get(self.start..self.end).unwrap_or("");
        let clause: String = self.clause().split_whitespace().collect();
        let skipped = clause.chars().count().saturating_sub(24);
        let kept: String = clause.chars().skip(skipped).collect();
        let figure: String = figure.split_whitespace().collect();
        format!("“{}{kept}{figure}”", if skipped > 0 { "…" } else { "" })
    }

    /// Unit, for messages.
    pub fn unit(&self) -> &'a str {
        self.statement.unit.as_deref().unwrap_or("")
    }
}

/// A paragraph's figures in order.
#[derive(Debug, Clone)]
pub struct Paragraph<'a> {
    /// Ordinal of the block.
    pub block: usize,
    /// Figures in order.
    pub figs: Vec<Fig<'a>>,
}

impl<'a> Paragraph<'a> {
    /// Figures of one sentence.
    pub fn sentence(&self, sentence: usize) -> &[Fig<'a>] {
        &self.figs[self.places_of(sentence)]
    }

    /// Places of the figures of one sentence.
    pub fn places_of(&self, sentence: usize) -> Range<usize> {
        let start = self.figs.partition_point(|f| f.sentence < sentence);
        start..self.figs.partition_point(|f| f.sentence <= sentence)
    }

    /// The sentences that hold figures, each once, in order.
    pub fn texts(&self) -> Vec<&'a str> {
        let mut out = Vec::new();
        let mut last = None;
        for fig in &self.figs {
            if last != Some(fig.sentence) {
                out.push(fig.text);
                last = Some(fig.sentence);
            }
        }
        out
    }
}

/// The paragraphs of a report that hold figures, in order.
pub fn paragraphs(report: &Report) -> Vec<Paragraph<'_>> {
    let mut out: Vec<Paragraph<'_>> = Vec::new();
    let mut bytes: Vec<usize> = Vec::new();
    let mut last: Option<(&str, usize)> = None; // text of the sentence and where its last figure started
    let mut sentence = 0;
    for statement in &report.statements {
        let (Some(block), Some(text)) = (statement.source.block, statement.source.text.as_deref()) else {
            continue;
        };
        if out.last().is_none_or(|p| p.block != block) {
            out.push(Paragraph {
                block,
                figs: Vec::new(),
            });
            (last, sentence) = (None, 0);
        }
        let same = last.is_some_and(|(t, start)| t == text && start < statement.start);
        if !same {
            sentence += usize::from(last.is_some());
            bytes = text.char_indices().map(|(i, _)| i).chain([text.len()]).collect();
        }
        last = Some((text, statement.start));
        let Some(value) = statement.value.and_then(|v| sane(v.0)) else {
            continue;
        };
        let (Some(start), Some(end)) = (bytes.get(statement.start), bytes.get(statement.end)) else {
            continue; // offsets outside of the sentence: nothing can be said of its words
        };
        // 增长-3.2%: a dash right after a word is a sign.
        let mut before = text[..*start].chars().rev();
        let dash = matches!(before.next(), Some('-' | '－' | '−'));
        let signed = dash && before.next().is_some_and(|c| !c.is_ascii() && !is_range(fold_char(c)));
        let value = if signed && value.is_sign_positive() {
            -value
        } else {
            value
        };
        let Some(paragraph) = out.last_mut() else {
            continue;
        };
        let before = paragraph.figs.last_mut().filter(|f| f.sentence == sentence);
        let previous = before.map_or(0, |f| {
            f.next = *start;
            f.end
        });
        paragraph.figs.push(Fig {
            statement,
            value,
            sentence,
            text,
            start: *start,
            end: *end,
            previous,
            next: text.len(),
        });
    }
    out.retain(|p| !p.figs.is_empty());
    out
}

/// Whether a text holds one of the words.
pub fn has(text: &str, words: &[String]) -> bool {
    words.iter().any(|w| text.contains(w.as_str()))
}

/// The word that ends last in a text, the longest of those; with its end.
pub fn last_word<'w>(text: &str, words: &'w [String]) -> Option<(usize, &'w str)> {
    let ends = words
        .iter()
        .filter_map(|w| text.rfind(w.as_str()).map(|at| (at + w.len(), w.as_str())));
    ends.max_by_key(|(end, w)| (*end, w.len()))
}

/// Whether a text ends with one of the words, leaving out fillers (了, 约, 达, 为, blanks, brackets).
pub fn ends_with<'w>(text: &str, words: &'w [String], fillers: &Letters) -> Option<&'w str> {
    let text = text.trim_end_matches(['-', '－', '−']);
    let filler = |c: char| c.is_whitespace() || matches!(c, '（' | '(' | '：' | ':') || fillers.has(c);
    let bare = text.trim_end_matches(filler);
    let fits = |t: &str| {
        words
            .iter()
            .filter(|w| t.ends_with(w.as_str()))
            .max_by_key(|w| w.len())
            .map(String::as_str)
    };
    fits(text.trim_end()).or_else(|| fits(bare))
}

/// Text without blanks, quotation marks and brackets with what they hold; for comparing names.
pub fn bare_name(text: &str) -> String {
    let folded = crate::pattern::headers::strip_notes(&crate::pattern::headers::fold(text));
    folded.chars().filter(|c| !"“”\"‘’'《》〈〉·.。".contains(*c)).collect()
}

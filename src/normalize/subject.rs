//! The noun that a figure of running text belongs to, and the clause that holds the figure.
//!
//! A scan for words of `patterns/lexicon.toml` around the figure, from the figure outwards; no text longer than a few dozen
//! characters is looked at, so that a page without punctuation stays linear.

use super::figure::Figure;
use crate::pattern::Patterns;
use crate::pattern::lexicon::Lexicon;
use crate::pattern::units::UnitKind;
use crate::text::date::{YEAR, behind_year_in, closes_part};
use crate::text::fold::is_blank;
use crate::text::sentence::pauses_at;
use std::ops::Range;

/// Farthest that a clause or noun is looked for, in characters.
const REACH: usize = 80;

/// A sentence with its figures.
pub struct Sentence<'a> {
    chars: &'a [char],
    figures: &'a [Figure],
    /// For each bracket its partner.
    partner: Vec<Option<usize>>,
}

impl<'a> Sentence<'a> {
    /// Matches the brackets. `chars` are folded.
    pub fn new(chars: &'a [char], figures: &'a [Figure]) -> Self {
        let mut partner = vec![None; chars.len()];
        let mut open = Vec::new();
        for (i, c) in chars.iter().enumerate() {
            match c {
                '(' | '〔' | '【' | '[' => open.push(i),
                ')' | '〕' | '】' | ']' => {
                    if let Some(start) = open.pop() {
                        partner[i] = Some(start);
                        partner[start] = Some(i);
                    }
                }
                _ => {}
            }
        }
        Sentence {
            chars,
            figures,
            partner,
        }
    }

    fn pause(&self, i: usize) -> bool {
        pauses_at(self.chars, i)
    }

    /// The clause around a figure: between commas, semicolons and colons, inside its own brackets; the items of a list of
    /// figures (高新区180万元、赫山区234万元) are clauses of their own.
    pub fn clause(&self, i: usize) -> Range<usize> {
        let outer = &self.figures[i].outer;
        let start = self.clause_start(i);
        let mut end = outer.end;
        while end < self.chars.len() && end < outer.end + REACH {
            if self.pause(end)
                || self.chars[end] == '、'
                || (self.chars[end] == ')' && self.partner[end].is_none_or(|p| p < start))
            {
                break;
            }
            end = match self.partner[end].filter(|p| *p > end) {
                Some(close) if close < outer.end + REACH => close + 1,
                _ => end + 1,
            };
        }
        start..end
    }

    fn clause_start(&self, i: usize) -> usize {
        let outer = &self.figures[i].outer;
        let mut earlier = i;
        let floor = outer.start.saturating_sub(REACH);
        let mut start = outer.start;
        while start > floor {
            let at = start - 1;
            let c = self.chars[at];
            while earlier > 0 && self.figures[earlier - 1].outer.end > at {
                earlier -= 1;
            }
            let previous = earlier.checked_sub(1).map(|p| self.figures[p].outer.end);
            let list = c == '、' && previous.is_some_and(|end| self.same_clause(end, at));
            if self.pause(at)
                || list
                || (matches!(c, '(' | '〔' | '【' | '[') && self.partner[at].is_none_or(|p| p >= outer.end))
            {
                break;
            }
            start = match self.partner[at].filter(|p| *p < at) {
                Some(open) if open >= floor => open,
                _ => at,
            };
        }
        start
    }

    /// Whether no pause stands between two places.
    fn same_clause(&self, from: usize, to: usize) -> bool {
        to - from <= REACH && !(from..to).any(|i| self.pause(i))
    }

    /// The noun of a figure; `carried` is that of the figure before, for clauses that are predicates only (同比增长3.1%).
    pub fn subject(&self, i: usize, unit: UnitKind, carried: Option<&str>, patterns: &Patterns) -> Option<String> {
        let lexicon = &patterns.lexicon;
        let figure = &self.figures[i];
        let start = self.clause_start(i);
        let from = match i.checked_sub(1).map(|p| self.figures[p].outer.end) {
            Some(end) if end > start => end,
            _ => start,
        };
        let before = self.plain(from..figure.outer.start.max(from));
        let rate = unit == UnitKind::Rate;
        let shortened = strip(&before, lexicon);
        if rate && is_predicate(&shortened, lexicon) {
            // 税收增长5%: the noun before the predicate, else the one spoken of before.
            let noun = noun_before_predicate(&shortened, lexicon);
            return noun.or_else(|| carried.map(str::to_owned)).or_else(|| text(&shortened));
        }
        let sum = lexicon.sums.at_start(&before);
        if sum > 0 && only_verbs(&before[sum..], lexicon) {
            return text(&self.plain(from..figure.span.start));
        }
        let noun = after_last_verb(&shortened, lexicon);
        let counted = matches!(
            unit,
            UnitKind::Count | UnitKind::Measure | UnitKind::Scale | UnitKind::Time
        );
        if counted && let Some(after) = self.noun_after(i, lexicon) {
            return Some(after);
        }
        if let Some(noun) = noun {
            return Some(noun);
        }
        if let Some(after) = self.noun_after(i, lexicon).filter(|_| !rate) {
            return Some(after);
        }
        // （2.33 亿元） and 已办结7207宗 speak of the noun before.
        carried.map(str::to_owned).or_else(|| text(&shortened))
    }

    /// Text without brackets' contents, blanks, quotation marks and numbering.
    fn plain(&self, range: Range<usize>) -> Vec<char> {
        let mut out = Vec::new();
        let mut i = range.start;
        while i < range.end {
            if let Some(close) = self.partner[i].filter(|p| *p > i && *p < range.end) {
                i = close + 1;
                continue;
            }
            let c = self.chars[i];
            if !is_blank(c) && !matches!(c, ')' | '(' | '①'..='⑳' | '●' | '•' | '◆' | '■' | '★') {
                out.push(c);
            }
            i += 1;
        }
        out
    }

    /// The noun after a counted figure: 11家|企业, 28个|省重大项目.
    fn noun_after(&self, i: usize, lexicon: &Lexicon) -> Option<String> {
        let start = self.figures[i].outer.end;
        let next = self.figures.get(i + 1).map_or(self.chars.len(), |f| f.outer.start);
        let mut out: Vec<char> = Vec::new();
        let mut at = start;
        while at < next && out.len() < 24 {
            let c = self.chars[at];
            if is_blank(c) || matches!(c, '“' | '”' | '"') {
                at += 1;
                continue;
            }
            if self.pause(at) || matches!(c, '、' | '(' | ')' | '/' | '。') || c.is_ascii_digit() {
                break;
            }
            if lexicon.of.has(c) {
                if out.len() > 3 {
                    break; // 20个产业集群|的工作部署
                }
                out.clear(); // 11个新谋划的|特色产业园
                at += 1;
                continue;
            }
            let rest = &self.chars[at..next];
            if lexicon.closing.at_start(rest) > 0 || lexicon.predicates.at_start(rest) > 0 {
                break;
            }
            let verb = lexicon.verbs.at_start(rest);
            if verb > 0 && lexicon.verb_heads.at_start(&rest[verb..]) == 0 {
                break;
            }
            out.push(c);
            at += 1;
        }
        if out.len() < 2 {
            None
        } else {
            Some(out.into_iter().collect())
        }
    }
}

fn text(chars: &[char]) -> Option<String> {
    let text: String = chars.iter().filter(|c| !matches!(c, '、' | '“' | '”' | '"')).collect();
    (text.chars().count() >= 2).then_some(text)
}

/// Cuts openers, dates, numbering and closers.
fn strip(chars: &[char], lexicon: &Lexicon) -> Vec<char> {
    let mut text = after_year(chars);
    loop {
        let before = text.len();
        while let [first, rest @ ..] = text
            && (matches!(first, '、' | '.' | '-' | '—' | '·') || first.is_ascii_digit())
            && !names_a_thing(text)
        {
            text = rest;
        }
        // 12月, 31日 at the start.
        while let [first, rest @ ..] = text
            && closes_part(*first)
            && chars.len() > text.len()
        {
            text = rest;
        }
        let word = lexicon.leading.at_start(text);
        if word > 0 && word < text.len() && lexicon.leading_kept_before.at_start(&text[word..]) == 0 {
            text = &text[word..];
        }
        if text.len() == before {
            break;
        }
    }
    loop {
        let before = text.len();
        let word = lexicon.trailing.at_end(text);
        text = &text[..text.len() - word];
        while let [rest @ .., last] = text
            && matches!(last, '、' | '-' | '—' | '=' | '“' | '"')
        {
            text = rest;
        }
        if text.len() == before {
            break;
        }
    }
    text.to_vec()
}

/// The text after the last 2021年 or 2021年度.
fn after_year(chars: &[char]) -> &[char] {
    let year = |i: usize| chars[i] == YEAR && i >= 4 && chars[i - 4..i].iter().all(char::is_ascii_digit);
    let Some(at) = (0..chars.len()).rev().find(|i| year(*i)) else {
        return chars;
    };
    let rest = behind_year_in(&chars[at..]).unwrap_or(&[]);
    if rest.len() < 2 { chars } else { rest }
}

/// 5G基站, 135工程: digits that belong to a name.
fn names_a_thing(chars: &[char]) -> bool {
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    digits > 0
        && chars
            .get(digits)
            .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '”' | '+'))
}

fn is_predicate(chars: &[char], lexicon: &Lexicon) -> bool {
    (0..chars.len()).any(|i| lexicon.predicates.at_start(&chars[i..]) > 0 && !is_headed(chars, i, lexicon))
}

/// 增长率, 增幅: the predicate is part of a noun.
fn is_headed(chars: &[char], at: usize, lexicon: &Lexicon) -> bool {
    let word = lexicon.predicates.at_start(&chars[at..]);
    chars.get(at + word).is_some_and(|c| lexicon.predicate_heads.has(*c))
}

/// The noun before the first predicate: 工业投资|同比增长.
fn noun_before_predicate(chars: &[char], lexicon: &Lexicon) -> Option<String> {
    let at =
        (0..chars.len()).find(|i| lexicon.predicates.at_start(&chars[*i..]) > 0 && !is_headed(chars, *i, lexicon))?;
    after_last_verb(&strip(&chars[..at], lexicon), lexicon)
}

/// The text after the last verb that is no part of a noun; of a text that ends in a verb, the noun before it. `None` where
/// nothing but verbs is left.
fn after_last_verb(chars: &[char], lexicon: &Lexicon) -> Option<String> {
    let (mut start, mut at) = (0, 0);
    let mut noun_end = chars.len();
    while at < chars.len() {
        let rest = &chars[at..];
        let verb = lexicon.verbs.at_start(rest);
        let nominal = lexicon.nominal.at_start(rest);
        let is_nominal = nominal > verb;
        let (word, heads) = if is_nominal {
            (nominal, &lexicon.heads)
        } else {
            (verb, &lexicon.verb_heads)
        };
        if word == 0 {
            at += 1;
            continue;
        }
        let rest = &rest[word..];
        let acted = lexicon.agents.at_end(&chars[start..at]) > 0;
        if is_nominal && !acted && (at > start || rest.is_empty()) {
            at += word; // 工业扶持专项资金, 考核奖励, 支出
        } else if only_verbs(rest, lexicon) {
            noun_end = at; // 项目预算|批复
            break;
        } else {
            at += word;
            if heads.at_start(rest) == 0 {
                start = at;
            }
        }
    }
    text(&strip(&chars[start..noun_end.max(start)], lexicon))
}

/// Whether a text is nothing but verbs (调剂追加), or empty.
fn only_verbs(chars: &[char], lexicon: &Lexicon) -> bool {
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let word = lexicon
            .verbs
            .at_start(rest)
            .max(lexicon.nominal.at_start(rest))
            .max(lexicon.trailing.at_start(rest));
        if word == 0 {
            return false;
        }
        at += word;
    }
    true
}

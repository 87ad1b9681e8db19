//! Which way a figure of running text says that something changed, from what the change is counted, and what a share is of.
//!
//! The words before the figure decide (`change` of `patterns/values.toml`); what they do not tell stays open. 下降6% is a change
//! of 6 downwards, 下降至6% is a level; 增速回落2个百分点 goes down, 降幅收窄2个百分点 goes nowhere that one word could say.

use super::direction::Way;
use super::figure::Figure;
use crate::model::{ComparedWith, Direction};
use crate::pattern::Patterns;
use crate::pattern::units::UnitKind;
use crate::text::date::behind_year_in;
use crate::text::fold::is_blank;
use crate::text::mark::is_minus;
use crate::text::sentence::is_pause;
use crate::text::unit::counts_points;
use rust_decimal::Decimal;
use std::ops::Range;

/// What the words around a figure tell of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Which way the change goes.
    pub direction: Option<Direction>,
    /// What it is counted from.
    pub compared_with: Option<ComparedWith>,
    /// The whole of a share.
    pub share_of: Option<String>,
}

/// Reads the figures of one sentence from left to right: 较上年减少12万元，下降6% says once what it compares with.
pub struct Reader<'a> {
    chars: &'a [char],
    patterns: &'a Patterns,
    /// The year that the report is of: 2021年 is the year before in one of 2022.
    year: Option<u16>,
    /// End of the figure before.
    from: usize,
    compared: Option<ComparedWith>,
}

/// Longest noun between a word of change and its figure: 减少财政支出|12万元.
const LONGEST_NOUN: usize = 10;
/// Farthest that what a figure is compared with is looked for.
const REACH: usize = 24;

impl<'a> Reader<'a> {
    /// Begins a sentence of folded characters.
    pub fn new(chars: &'a [char], year: Option<u16>, patterns: &'a Patterns) -> Self {
        Reader {
            chars,
            patterns,
            year,
            from: 0,
            compared: None,
        }
    }

    /// What the next figure is told to be. `clause` is the one that it stands in, `next` the start of the figure behind it.
    pub fn next(&mut self, figure: &Figure, clause: Range<usize>, next: usize) -> Told {
        let until = figure.span.start;
        let start = self.opened(clause.start.min(until));
        let said = plain(&self.chars[start..until]);
        let lead = plain(&self.chars[self.from.max(start).min(until)..until]);
        let own = self.compares(&said).or_else(|| self.compared_before(start));
        self.from = figure.span.end;
        let signed = self.sign(figure);
        let way = self.way(&lead, figure, own.is_some());
        // 降幅较上年（5%）收窄2个百分点: no one word tells which way that is.
        let fall = |at: usize| {
            self.patterns.values.change.nouns.at_start(&said[at..]) > 0
                && word_at(&said[at..], self.patterns).is_some_and(|(_, way)| way == Way::Down)
        };
        let points = figure.unit.as_ref().is_some_and(|u| counts_points(&u.text));
        let way = way.filter(|_| !points || !(0..said.len()).any(fall));
        let bare = self.is_bare(&lead);
        let compared = own.or(self.compared.filter(|_| bare));
        self.compared = compared;
        let direction = match way {
            Some(way) => self.turned(way, figure),
            None => signed.filter(|_| compared.is_some()),
        };
        if direction.is_some() {
            return Told {
                direction,
                compared_with: compared,
                share_of: None,
            };
        }
        if let Some(compared) = self.is_flat(figure.span.end..next) {
            return Told {
                direction: Some(Direction::Flat),
                compared_with: Some(compared),
                share_of: None,
            };
        }
        Told {
            share_of: self.whole(&said, figure),
            ..Told::default()
        }
    }

    /// Where the words of a figure begin that stands alone in brackets: 较上年减少（12万元）.
    fn opened(&self, start: usize) -> usize {
        let before = &self.chars[self.from.min(start)..start];
        let Some((_, words)) = before.split_last().filter(|(last, _)| **last == '(') else {
            return start;
        };
        let from = words.iter().rposition(|c| is_pause(*c)).map_or(0, |at| at + 1);
        start - before.len() + from
    }

    /// 与上年相比，|收入增加12万元: the clause before compares, and holds no figure.
    fn compared_before(&self, start: usize) -> Option<ComparedWith> {
        let before = plain(&self.chars[self.from.min(start).max(start.saturating_sub(REACH))..start]);
        let clause = before.strip_suffix(&['，'][..]).or(before.strip_suffix(&[','][..]))?;
        let closed = self.patterns.values.change.closers.at_end(clause) > 0;
        closed.then(|| self.compares(clause)).flatten()
    }

    /// A year that a text names at its start, whatever follows it: the year before, or another budget than this year's.
    fn named_year(&self, text: &[char]) -> Option<Option<ComparedWith>> {
        let digits: String = text.iter().take(4).filter(|c| c.is_ascii_digit()).collect();
        let year: u16 = digits.parse().ok().filter(|_| digits.len() == 4)?;
        let behind = behind_year_in(&text[4..])?;
        let words = &self.patterns.values.change;
        Some(match self.year {
            Some(own) if own == year + 1 => Some(ComparedWith::PriorYear),
            Some(own) if own == year && words.initial_budget.at_start(behind) > 0 => Some(ComparedWith::InitialBudget),
            Some(own) if own == year && words.budget.at_start(behind) > 0 => Some(ComparedWith::Budget),
            _ => None,
        })
    }

    /// The period or the budget that a text compares with: 较上年, 与年初预算相比, 同比.
    fn compares(&self, text: &[char]) -> Option<ComparedWith> {
        let words = &self.patterns.values.change;
        let from = text.len().saturating_sub(REACH);
        let base = |at: usize| {
            if let Some(named) = self.named_year(&text[at..]) {
                return Some(named);
            }
            [
                (words.initial_budget.at_start(&text[at..]), ComparedWith::InitialBudget),
                (words.prior_year.at_start(&text[at..]), ComparedWith::PriorYear),
                (words.budget.at_start(&text[at..]), ComparedWith::Budget),
            ]
            .into_iter()
            .filter(|(len, _)| *len > 0)
            .max_by_key(|(len, _)| *len)
            .map(|(_, base)| Some(base))
        };
        for at in (from..text.len()).rev() {
            if words.year_on_year.at_start(&text[at..]) > 0 {
                return Some(ComparedWith::PriorYear);
            }
            let opens = [&words.openers, &words.above, &words.below];
            let word = opens.iter().map(|w| w.at_start(&text[at..])).max().unwrap_or(0);
            if word == 0 {
                continue;
            }
            // 与我市上年相比: a few characters may stand before the base.
            let found = (at + word..text.len().min(at + word + 6)).find_map(base);
            if let Some(found) = found {
                return found;
            }
        }
        None
    }

    /// Whether a clause says nothing but which way its figure goes: it speaks of what the clause before spoke of.
    fn is_bare(&self, lead: &[char]) -> bool {
        let words = &self.patterns.values.change;
        let mut at = 0;
        while at < lead.len() {
            let rest = &lead[at..];
            let sets = [&words.up, &words.down, &words.more, &words.less, &words.fillers];
            let word = sets.iter().map(|w| w.at_start(rest)).max().unwrap_or(0);
            let mark = !rest[0].is_alphanumeric();
            if word == 0 && !mark {
                return false;
            }
            at += word.max(1);
        }
        true
    }

    fn way(&self, lead: &[char], figure: &Figure, compared: bool) -> Option<Way> {
        let words = &self.patterns.values.change;
        let mut rest = lead;
        loop {
            let level = words.levels.at_end(rest);
            if level > 0 {
                let before = &rest[..rest.len() - level];
                let verb = word_at_end(before, self.patterns).is_some() && words.nouns.at_end(before) == 0;
                if verb {
                    return None; // 下降至4%
                }
            }
            match words.fillers.at_end(rest) {
                1.. if words.nouns.at_end(rest) > 0 => break, // 速 of 增速
                // 约 of 节约, but 了 of 减少了.
                filler @ 1.. if words.less.at_end(rest) > filler => {
                    let shorter = &rest[..rest.len() - filler];
                    if word_at_end(shorter, self.patterns).is_none() {
                        break;
                    }
                    rest = shorter;
                }
                0 => break,
                filler => rest = &rest[..rest.len() - filler],
            }
        }
        self.adjacent(rest)
            .or_else(|| self.transitive(rest, figure))
            .or_else(|| self.of_comparison(rest, compared))
    }

    /// 同比下降|6%.
    fn adjacent(&self, rest: &[char]) -> Option<Way> {
        let words = &self.patterns.values.change;
        let (len, way) = word_at_end(rest, self.patterns)?;
        let before = &rest[..rest.len() - len];
        if words.negations.at_end(before) > 0 {
            return None;
        }
        // 高于全市平均增速2个百分点: the noun is that of another.
        let ranked = |at: usize| {
            words
                .above
                .at_start(&before[at..])
                .max(words.below.at_start(&before[at..]))
                > 0
        };
        if words.nouns.at_end(rest) > 0 && (0..before.len()).any(ranked) {
            return None;
        }
        let mut before = before;
        while let (None, filler @ 1..) = (word_at_end(before, self.patterns), words.fillers.at_end(before)) {
            before = &before[..before.len() - filler];
        }
        // 增速回落2个百分点: the verb tells. 降幅收窄, 收入增长下降: no one word does.
        match word_at_end(before, self.patterns) {
            None => Some(way),
            Some((_, Way::Up)) => (way == Way::Up || words.nouns.at_end(before) > 0).then_some(way),
            Some((_, Way::Down)) => None,
        }
    }

    /// 减少财政支出|12万元: the noun stands between. Of a rate such a word tells nothing: 降低成本，完成率|95%.
    fn transitive(&self, rest: &[char], figure: &Figure) -> Option<Way> {
        let words = &self.patterns.values.change;
        let kind = figure.unit.as_ref().map(|u| u.kind)?;
        if matches!(kind, UnitKind::Rate | UnitKind::Score | UnitKind::Time) {
            return None;
        }
        let (mut at, mut found) = (rest.len().saturating_sub(LONGEST_NOUN + 4), None);
        while at < rest.len() {
            let word = word_at(&rest[at..], self.patterns);
            found = word.map(|(len, way)| (at, len, way)).or(found);
            at += word.map_or(1, |(len, _)| len);
        }
        let (at, len, way) = found?;
        let noun = &rest[at + len..];
        let lexicon = &self.patterns.lexicon;
        let breaks = |i: usize| {
            let text = &noun[i..];
            lexicon.verbs.at_start(text) > 0
                || words.openers.at_start(text) > 0
                || words.levels.at_start(text) > 0
                || words.breaks.has(text[0])
                || !text[0].is_alphanumeric()
        };
        let spoken = (1..=LONGEST_NOUN).contains(&noun.len())
            && words.close.at_start(&rest[at..]) < len
            && words.named.at_start(noun) == 0
            && words.negations.at_end(&rest[..at]) == 0
            && word_at_end(&rest[..at], self.patterns).is_none()
            && !(0..noun.len()).any(breaks);
        spoken.then_some(way)
    }

    /// 较上年多|12万元, 比预算少支出|3万元, 高于上年|2个百分点.
    fn of_comparison(&self, rest: &[char], compared: bool) -> Option<Way> {
        let words = &self.patterns.values.change;
        compared.then_some(())?;
        let verb = self.patterns.lexicon.nominal.at_end(rest);
        for text in [rest, &rest[..rest.len() - verb]] {
            let (more, less) = (words.more.at_end(text), words.less.at_end(text));
            if more.max(less) > 0 {
                let before = &text[..text.len() - more.max(less)];
                let said = words.negations.at_end(before) == 0;
                return said.then_some(if more > less { Way::Up } else { Way::Down });
            }
        }
        let base = [&words.initial_budget, &words.budget, &words.prior_year];
        let base = base.iter().map(|w| w.at_end(rest)).max().unwrap_or(0);
        let before = &rest[..rest.len() - base];
        let (above, below) = (words.above.at_end(before), words.below.at_end(before));
        (base > 0 && above.max(below) > 0).then_some(if above > below { Way::Up } else { Way::Down })
    }

    /// 增长-3% goes down, 负增长3% too; what 下降-3% means nobody knows.
    fn turned(&self, way: Way, figure: &Figure) -> Option<Direction> {
        let negative = figure.low.0 < Decimal::ZERO;
        let signed = self.chars.get(figure.span.start).is_some_and(|c| !c.is_ascii_digit());
        match way {
            _ if figure.low.0.is_zero() => Some(Direction::Flat),
            Way::Up if negative => Some(Direction::Down),
            Way::Up => Some(Direction::Up),
            Way::Down if negative && signed => None,
            Way::Down => Some(Direction::Down),
        }
    }

    /// The way that a written sign tells: 同比-6%, 同比+6%; 负增长6%.
    fn sign(&self, figure: &Figure) -> Option<Direction> {
        let first = *self.chars.get(figure.span.start)?;
        let arrow = self.chars.get(figure.span.end);
        let plus = first == '+' || figure.span.start > 0 && self.chars[figure.span.start - 1] == '+';
        match first {
            _ if plus => Some(Direction::Up),
            _ if is_minus(first) || figure.low.0 < Decimal::ZERO => Some(Direction::Down),
            _ if arrow == Some(&'↑') => Some(Direction::Up),
            _ if matches!(arrow, Some('↓' | '▼')) => Some(Direction::Down),
            _ => None,
        }
    }

    /// 支出12万元，与上年持平: what the figure is compared with.
    fn is_flat(&self, behind: Range<usize>) -> Option<ComparedWith> {
        let words = &self.patterns.values.change;
        let end = behind.end.min(behind.start + REACH);
        let text = plain(self.chars.get(behind.start..end)?);
        let text = text.strip_prefix(&['，'][..]).unwrap_or(&text);
        let clause = &text[..text.iter().position(|c| is_pause(*c)).unwrap_or(text.len())];
        let opens = words.openers.at_start(clause).max(words.year_on_year.at_start(clause));
        let flat = (0..clause.len()).any(|i| words.flat.at_start(&clause[i..]) > 0);
        (opens > 0 && flat).then(|| self.compares(clause)).flatten()
    }

    /// 总支出 of 占总支出的35%.
    fn whole(&self, said: &[char], figure: &Figure) -> Option<String> {
        let words = &self.patterns.values.change;
        let unit = figure.unit.as_ref().filter(|u| u.kind == UnitKind::Rate)?;
        if counts_points(&unit.text) {
            return None;
        }
        let from = said.len().saturating_sub(REACH + 8);
        let at = (from..said.len())
            .rev()
            .find(|at| words.share.at_start(&said[*at..]) > 0 && words.not_share.at_end(&said[..*at]) == 0)?;
        let mut whole = &said[at + 1..];
        loop {
            match words.share_ends.at_end(whole) {
                0 => break,
                end => whole = &whole[..whole.len() - end],
            }
        }
        let named =
            (2..=REACH).contains(&whole.len()) && whole.iter().all(|c| c.is_alphanumeric() || "()“”".contains(*c));
        // 占比35%: of what is not said.
        (named && !words.no_whole.has(whole[0])).then(|| whole.iter().collect())
    }
}

fn plain(chars: &[char]) -> Vec<char> {
    chars.iter().copied().filter(|c| !is_blank(*c)).collect()
}

/// The word of change that a text ends with, its length and way. 负增长 before 增长.
fn word_at_end(text: &[char], patterns: &Patterns) -> Option<(usize, Way)> {
    let words = &patterns.values.change;
    longer(words.up.at_end(text), words.down.at_end(text))
}

/// The word of change that a text begins with.
fn word_at(text: &[char], patterns: &Patterns) -> Option<(usize, Way)> {
    let words = &patterns.values.change;
    longer(words.up.at_start(text), words.down.at_start(text))
}

fn longer(up: usize, down: usize) -> Option<(usize, Way)> {
    match up.max(down) {
        0 => None,
        len if up > down => Some((len, Way::Up)),
        len => Some((len, Way::Down)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each figure of a text: value, direction, what it is compared with.
    fn told(text: &str) -> String {
        let patterns = Patterns::builtin().unwrap();
        let report = crate::extract(text.as_bytes(), "a.txt", &patterns).unwrap();
        let name = |s: &crate::model::Statement| {
            let value = s.value.map(|v| v.to_string()).unwrap_or_default();
            let way = s.direction.map_or("", Direction::name);
            let base = s.compared_with.map_or("", ComparedWith::name);
            let share = s.share_of.as_deref().unwrap_or("");
            let parts = [value.as_str(), way, base, share];
            parts
                .into_iter()
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        report.statements.iter().map(name).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn changes_have_a_direction() {
        for (text, expected) in [
            ("税收收入同比下降6%。", "6 down prior_year"),
            (
                "公务接待费较上年减少12万元，下降6%。",
                "12 down prior_year; 6 down prior_year",
            ),
            ("工业投资负增长3.2%。", "-3.2 down"),
            ("工业投资同比负增长3.2%。", "-3.2 down prior_year"),
            ("税收收入同比-6%。", "-6 down prior_year"),
            ("税收收入同比+6%。", "6 up prior_year"),
            ("税收收入同比增长-6%。", "-6 down prior_year"),
            ("税收收入同比下降-6%。", "-6"),
            ("较上年压减一般性支出12万元。", "12 down prior_year"),
            ("压减支出12万元。", "12 down"),
            ("失业率下降至4%。", "4"),
            ("失业率由5%下降到4%。", "5; 4"),
            ("失业率降到约4%。", "4"),
            ("机构减少为4家。", "4"),
            ("降幅为5.2%。", "5.2 down"),
            ("增长率为5.2%。", "5.2 up"),
            ("增速-3.2%。", "-3.2 down"),
            ("同比增幅约5%。", "5 up prior_year"),
            ("增速较上年回落2.1个百分点。", "2.1 down prior_year"),
            ("增速回落2.1个百分点。", "2.1 down"),
            ("降幅收窄2.1个百分点。", "2.1"),
            ("收入增长0%。", "0 flat"),
            ("减少了12万元。", "12 down"),
            ("比预算节约12万元。", "12 down budget"),
            ("比预算少了12万元。", "12 down budget"),
            ("净增企业12家。", "12 up"),
            ("规上工业增加值12亿元，增长5%。", "12; 5 up"),
            ("新增就业500人。", "500"),
            ("增加就业岗位500个。", "500 up"),
            ("支出减少的单位有5家。", "5"),
            ("降低成本后完成率95%。", "95"),
            ("比上年多12万元。", "12 up prior_year"),
            ("比年初预算少支出12万元。", "12 down initial_budget"),
            ("支出至多12万元。", "12"),
            ("与预算相比减少12万元，下降6%。", "12 down budget; 6 down budget"),
            ("较2022年预算增加12万元。", "12 up budget"),
            ("高于上年2个百分点。", "2 up prior_year"),
            ("增长3.1%，高于全省1.5个百分点。", "3.1 up; 1.5"),
            ("实际支出低于预算12万元。", "12 down budget"),
            ("支出12万元，与上年持平。", "12 flat prior_year"),
            (
                "支出12万元，较上年（10万元）增加2万元，增长20%。",
                "12; 10; 2 up prior_year; 20 up prior_year",
            ),
            ("不减少12万元。", "12"),
            ("零增长0%。", "0"),
            ("占总支出的35%。", "35 总支出"),
            ("占比35%。", "35"),
            ("基本支出12万元，占总支出比重为35%。", "12; 35 总支出"),
            (
                "项目支出12万元，占35.2%，较上年提高2个百分点。",
                "12; 35.2; 2 up prior_year",
            ),
            ("结余-5万元。", "-5"),
            ("满意度提升至95%。", "95"),
            ("提升改造道路5公里。", "5"),
            ("培训费增加主要是培训5次。", "5"),
            ("较上年下降6%，主要是压减会议3次。", "6 down prior_year; 3 down"),
            ("环比下降6%。", "6 down"),
            ("减税降费12亿元。", "12"),
            ("助农增收1200元。", "1200 up"),
            ("增加值增速为6.5%。", "6.5 up"),
            ("收入同比增收12万元。", "12 up prior_year"),
            ("三公经费同比减少（12万元）。", "12 down prior_year"),
            ("年初预算12万元，追加3万元，调减1万元。", "12; 3 up; 1 down"),
            ("成本降低率6%。", "6 down"),
            ("增长约5%。", "5 up"),
            (
                "与上年相比，收入增加12万元，增长6%。",
                "12 up prior_year; 6 up prior_year",
            ),
            ("较上年倍增的37家企业。", "37"),
            ("增长3.8%，高于全市平均增速0.7个百分点。", "3.8 up; 0.7"),
            ("下降幅度收窄2.1个百分点。", "2.1"),
            ("降幅较上年（5%）收窄2个百分点。", "5; 2"),
            ("较上年（100万元）-10%。", "100; -10 down prior_year"),
            ("同比增5.3%。", "5.3 up prior_year"),
            ("比去年同期提高了5.2个百分点。", "5.2 up prior_year"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}

//! TXT-04 and TXT-09: growth, and words of direction.

use super::differences::{change, points};
use super::rates::stated;
use super::sums::depth;
use super::text::{Dimension, Fig, Paragraph, ends_with, has};
use super::{TXT_04, TXT_09};
use crate::check::figure::{Outcome, compare_interval};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Direction, Severity};
use crate::pattern::checks::Words;
use crate::text::date::before_year;
use rust_decimal::Decimal;

/// Examines every sentence.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for paragraph in paragraphs {
        for fig in &paragraph.figs {
            let told = paragraph.sentence(fig.sentence);
            let sentence: Vec<&Fig<'_>> = told
                .iter()
                .filter(|f| f.start <= fig.start && !is_aside(told, f, fig))
                .collect();
            let before = &sentence[..sentence.len() - 1];
            match fig.dimension() {
                Some(Dimension::Percent) => {
                    direction(fig, words, ledger);
                    growth(before, fig, words, ledger);
                }
                Some(Dimension::Points) => points(before, fig, words, ledger),
                Some(Dimension::Money | Dimension::Things(_)) => change(before, fig, words, ledger),
                _ => {}
            }
        }
    }
}

/// Whether a figure is told in brackets behind another amount, of which it explains a part: 2890.34万元(不含某支队2643.57万元)
/// takes no part in what is told after the brackets.
fn is_aside(sentence: &[Fig<'_>], fig: &Fig<'_>, later: &Fig<'_>) -> bool {
    if fig.start >= later.start || depth(fig.text.get(fig.end..later.start).unwrap_or("")) >= 0 {
        return false;
    }
    let before = fig.text.get(..fig.start).unwrap_or("");
    let Some(open) = before.rfind(['（', '(']) else {
        return false;
    };
    let head = before[..open].trim_end();
    let amount = |f: &Fig<'_>| matches!(f.dimension(), Some(Dimension::Money | Dimension::Things(_)));
    // 2890.34(不含某支队2643.57万元): the amount before may lack its unit; 较2021（2.33亿元） names a year.
    let digits = head.len()
        - head
            .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))
            .len();
    let year =
        digits == 4 && (head.ends_with(|c: char| c.is_ascii_digit())) && head[head.len() - 4..].starts_with(['1', '2']);
    let bare = digits > 0 && !year;
    bare || sentence.iter().any(|f| f.end == head.len() && amount(f))
}

/// Whether the words before a figure tell of growth (true) or decline (false).
pub(super) fn grows(lead: &str, words: &Words) -> Option<bool> {
    let up = ends_with(lead, &words.growth, &words.prose.before_figure);
    let down = ends_with(lead, &words.decline, &words.prose.before_figure);
    match (up, down) {
        (Some(u), Some(d)) => Some(u.len() > d.len()),
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}

/// TXT-09.
fn direction(rate: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    // 负增长3.5% says its sign in words: there the direction is clear.
    let written = rate.text.get(rate.start..).and_then(|t| t.chars().next());
    let signed = rate.value < Decimal::ZERO && written.is_some_and(|c| !c.is_alphanumeric());
    let Some(up) = grows(rate.lead(), words).filter(|_| signed) else {
        return;
    };
    let word = if up { "增长" } else { "下降" };
    let message = format!(
        "{}{}：“{word}”之后写负数，方向不明",
        place(&rate.statement.source),
        rate.quoted()
    );
    ledger.add(
        Entry::new(&TXT_09, CheckStatus::Fail)
            .message(message)
            .words(rate.value.to_string(), word)
            .operands([&rate.statement.source]),
    );
}

/// Whether a text opens a comparison with another period.
pub(super) fn compares(text: &str, words: &Words) -> bool {
    has(text, &words.compared)
}

/// Whether a text names the period before.
fn past(text: &str, words: &Words) -> bool {
    has(text, &words.past)
}

/// Whether a figure is the base of a comparison that its own clause opens: 与上年1000万元相比, 较2022年500万元, 比上年的800万元.
/// 较上年增加500万元 is none: there the figure is the change.
fn is_base(f: &Fig<'_>, after: &str, words: &Words) -> bool {
    let (clause, prose) = (f.clause(), &words.prose);
    let opens = |c: char| prose.opens.has(c) || prose.opens_closed.has(c);
    let Some((at, opener)) = clause.char_indices().rev().find(|(_, c)| opens(*c)) else {
        return false;
    };
    let named = &clause[at + opener.len_utf8()..];
    let quiet = !named.contains(['（', '(']) && !prose.of.within(named);
    let short = named.chars().count() <= 14 && quiet || prose.of.end(named);
    let closed = prose.opens.has(opener) || prose.closes.start(after.trim_start());
    // 占比, 同比 and 环比 name rates, 相比 ends a comparison that has been made.
    let whole = clause[..at].ends_with(|c| prose.within.has(c));
    short && closed && !whole && grows(clause, words).is_none()
}

/// Whether the clause of a figure names the period before and compares nothing: 上年为|2198.13万元，同比上升267.31万元.
fn names_base(f: &Fig<'_>, words: &Words) -> bool {
    // 由上年的417.00万元增至|633.75万元: the clause may have named it with the figure before.
    let clause = f.clause();
    let clause = if clause.len() > f.lead().len() {
        f.lead()
    } else {
        clause
    };
    let opens = clause.chars().any(|c| words.prose.opens.has(c));
    past(clause, words) && !opens && grows(clause, words).is_none()
}

/// Whether the last two amounts are the base and the change of the one before them: 2465.44, 2021年为2198.13, 上升267.31.
fn leaves(amounts: &[&Fig<'_>], up: bool) -> bool {
    let [.., now, then, delta] = amounts else {
        return false;
    };
    let dimension = then.dimension();
    if now.dimension() != dimension || delta.dimension() != dimension {
        return false;
    }
    let value = |f: &Fig<'_>| around(f, then).map(|(value, _)| value);
    let (Some(now), Some(base), Some(change)) = (value(now), value(then), value(delta)) else {
        return false;
    };
    let found = if up { now.minus(base) } else { base.minus(now) };
    found == Some(change)
}

/// 由…, 从….
pub(super) fn from(clause: &str, words: &Words) -> bool {
    words.prose.from.within(clause)
}

/// …到, …至, …为.
fn arrives(between: &str, words: &Words) -> bool {
    words.prose.arrives.end(between.trim_end())
}

/// This period, the period before, and the change: two of the three are told.
type Sides<'p, 'a> = (Option<&'p Fig<'a>>, Option<&'p Fig<'a>>, Option<&'p Fig<'a>>);

/// Which of the last two amounts before a rate of growth is this period's, which that of the period before, and which the
/// change.
fn sides<'p, 'a>(before: &[&'p Fig<'a>], rate: &Fig<'_>, up: bool, words: &Words) -> Option<Sides<'p, 'a>> {
    let [.., a, b] = *before else {
        return None;
    };
    let between = a.text.get(a.end..b.start)?;
    let lead_of_a = a.clause();
    let changed = grows(between, words);
    let moved = from(lead_of_a, words);
    let based = || is_base(a, between, words) || names_base(a, words);
    // 增加到, 降至: what follows is where the change led, and no change.
    if reaches(between, words) {
        let told = moved && rate.lead().chars().count() <= 8 || past(lead_of_a, words) || based();
        return told.then_some((Some(b), Some(a), None)); // 由2.33亿元增加到7.21亿元，增长…; 上年2.33亿元，今年增加到…
    }
    if changed == Some(up) && (based() || leaves(before, up)) {
        Some((None, Some(a), Some(b))) // 与上年2.33亿元相比，增加4.88亿元，增长209.44%
    } else if compares(between, words) && changed.is_none() && !has(between, &words.ranked) {
        Some((Some(a), Some(b), None)) // 7.21亿元，较2021年（2.33亿元）增长209.44%
    } else if compares(between, words) && changed == Some(up) {
        Some((Some(a), None, Some(b))) // 7.21亿元，较上年增加4.88亿元，增长209.44%
    } else if (past(lead_of_a, words) && !past(between, words) && has(between, &words.present))
        || (moved && arrives(between, words) && rate.lead().chars().count() <= 8)
    {
        Some((Some(b), Some(a), None)) // 上年2.33亿元，今年7.21亿元，增长…; 由2.33亿元变为7.21亿元，增长…
    } else {
        None
    }
}

/// Whether a text ends with a word that leads to a level: 增加到, 提高至约, 降至2022年的. 同比增加达到 may tell of the change too.
fn reaches(between: &str, words: &Words) -> bool {
    let mut text = between.trim_end();
    loop {
        if words.prose.attains.end(text) {
            return false;
        }
        if words.prose.to.end(text) {
            return true;
        }
        let dated = before_year(text).map(|t| t.trim_end_matches(|c: char| c.is_ascii_digit()));
        let named = || words.present.iter().find_map(|w| text.strip_suffix(w.as_str()));
        let filled = || text.strip_suffix(|c: char| c.is_whitespace() || words.prose.before_figure.has(c));
        match dated.or_else(named).or_else(filled) {
            Some(shorter) => text = shorter,
            None => return false,
        }
    }
}

/// The amounts that a rate of growth is told after, without the change of an amount that has been told from where to where:
/// 由417.00万元增加到633.75万元，增加216.75万元，增长51.98%.
fn ends_of_move<'p, 'a>(before: &'p [&'p Fig<'a>], up: bool, words: &Words) -> &'p [&'p Fig<'a>] {
    if let [shorter @ .., delta] = before
        && let [.., then, now] = shorter
        && delta.grows() == Some(up)
        && [then, delta].iter().all(|f| f.dimension() == now.dimension())
        && let Some(between) = then.text.get(then.end..now.start)
        && (from(then.clause(), words) && arrives(between, words) || reaches(between, words))
    {
        return shorter;
    }
    before
}

/// TXT-04: a rate of growth after two amounts of one sentence.
fn growth(before: &[&Fig<'_>], rate: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    // 负增长10% and 增长-10% state the change with its sign.
    let signed_rate = rate.value < Decimal::ZERO && rate.grows().is_some();
    let still = (rate.statement.direction == Some(Direction::Flat) && rate.value.is_zero()).then_some(true);
    let Some(up) = rate.grows().map(|up| up || signed_rate).or(still) else {
        return;
    };
    let before = ends_of_move(before, up, words);
    let [.., a, b] = before else {
        return;
    };
    let adds_up = |f: &Fig<'_>| matches!(f.dimension(), Some(Dimension::Money | Dimension::Things(_)));
    if !adds_up(a) || a.dimension() != b.dimension() {
        return;
    }
    let between = a.text.get(a.end..b.start).unwrap_or("");
    let quiet = |text: &str| !text.contains(['。', '；', ';', '、']);
    if !quiet(between) || !quiet(rate.lead()) {
        return;
    }
    let Some((now, then, delta)) = sides(before, rate, up, words) else {
        return;
    };
    let looked = if let (Some(now), Some(then)) = (now, then) {
        from_two(rate, now, then, up)
    } else if signed_rate {
        None
    } else if let (Some(now), Some(delta)) = (now, delta) {
        from_change(rate, now, delta, up)
    } else if let (Some(then), Some(delta)) = (then, delta) {
        share_of_base(rate, then, delta)
    } else {
        None
    };
    let open = now.is_some() && then.is_some() && compares(between, words) && !between.contains(['（', '(']);
    let failed = looked.as_ref().is_some_and(|o| o.status == CheckStatus::Fail);
    let looked = match open && failed {
        true => by_change(rate, a, b, up, words).or(looked),
        false => looked,
    };
    let Some(outcome) = looked else {
        return;
    };
    let vague = [a, b].iter().any(|f| f.qualified()) || rate.qualified();
    let status = match outcome.status {
        CheckStatus::Fail if vague => CheckStatus::Insufficient,
        status => status,
    };
    let message = format!(
        "{}{}，由{}与{}计算为{}%，{}",
        place(&rate.statement.source),
        rate.quoted(),
        a.quoted(),
        b.quoted(),
        outcome.computed,
        verdict(status, outcome.difference, outcome.tolerance, "个百分点")
    );
    // 可比价 growth of an output differs from that of the nominal amounts.
    let things = a.dimension() != Some(Dimension::Money);
    let nominal = things || a.dimension() == Some(Dimension::Money) && has(rate.text, &words.outputs);
    ledger.add(
        Entry::new(&TXT_04, status)
            .severity(if nominal { Severity::Warning } else { Severity::Error })
            .message(message)
            .numbers(rate.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(Some("%"))
            .operands([rate, a, b].map(|f| &f.statement.source)),
    );
}

/// 比2016年减支590.65万元，下降28.57%: where the words leave open whether an amount is the base or the change, the reading that
/// holds is the one.
fn by_change(rate: &Fig<'_>, a: &Fig<'_>, b: &Fig<'_>, up: bool, words: &Words) -> Option<Outcome> {
    let held = |o: &Outcome| o.status != CheckStatus::Fail;
    // 年节约20万元，较实施前的100万元下降20%: the first amount is the change.
    let first_changes = [&words.growth, &words.decline].into_iter().any(|list| {
        let told = |w: &&String| w.chars().count() > 1 && a.clause().contains(w.as_str());
        list.iter().any(|w| told(&w))
    });
    let second = from_change(rate, a, b, up).filter(held);
    second.or_else(|| share_of_base(rate, b, a).filter(|o| first_changes && held(o)))
}

fn around(f: &Fig<'_>, unit: &Fig<'_>) -> Option<(Rational, Interval)> {
    let (value, half) = f.in_unit_of(unit, f.value.scale())?;
    Some((value.into(), Interval::around(value.into(), half.into())?))
}

fn signed(up: bool, value: Rational) -> Rational {
    if up { value } else { value.negated() }
}

fn turned(up: bool, span: Interval) -> Interval {
    if up {
        span
    } else {
        Interval {
            low: span.high.negated(),
            high: span.low.negated(),
        }
    }
}

fn from_two(rate: &Fig<'_>, now: &Fig<'_>, then: &Fig<'_>, up: bool) -> Option<Outcome> {
    let ((now, now_span), (then, then_span)) = (around(now, then)?, around(then, then)?);
    if then <= Rational::ZERO {
        return None;
    }
    let exact = Interval::point(now).growth(Interval::point(then))?.low;
    compare_interval(
        &stated(rate),
        signed(up, exact),
        turned(up, now_span.growth(then_span)?),
    )
}

fn from_change(rate: &Fig<'_>, now: &Fig<'_>, delta: &Fig<'_>, up: bool) -> Option<Outcome> {
    let ((now_value, now_span), (d, d_span)) = (around(now, now)?, around(delta, now)?);
    let then = if up { now_value.minus(d)? } else { now_value.plus(d)? };
    let then_span = if up {
        now_span.minus(d_span)?
    } else {
        now_span.plus(d_span)?
    };
    if then <= Rational::ZERO {
        return None;
    }
    let exact = Interval::point(d).share(Interval::point(then))?.low;
    compare_interval(&stated(rate), exact, d_span.share(then_span)?)
}

fn share_of_base(rate: &Fig<'_>, then: &Fig<'_>, delta: &Fig<'_>) -> Option<Outcome> {
    let ((then, then_span), (d, d_span)) = (around(then, then)?, around(delta, then)?);
    if then <= Rational::ZERO {
        return None;
    }
    let exact = Interval::point(d).share(Interval::point(then))?.low;
    compare_interval(&stated(rate), exact, d_span.share(then_span)?)
}

//! TXT-04, TXT-05, TXT-09: growth, differences of rates, and words of direction.

use super::rates::stated;
use super::text::{Dimension, Fig, Paragraph, ends_with, has};
use super::{TXT_04, TXT_05, TXT_09};
use crate::check::figure::{Outcome, compare, compare_interval, half};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Direction, Severity};
use crate::pattern::checks::Words;
use rust_decimal::Decimal;

/// Examines every sentence.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for paragraph in paragraphs {
        for (i, fig) in paragraph.figs.iter().enumerate() {
            let sentence: Vec<&Fig<'_>> = paragraph.figs[..=i]
                .iter()
                .filter(|f| f.sentence == fig.sentence)
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

/// Whether the words before a figure tell of growth (true) or decline (false).
fn grows(lead: &str, words: &Words) -> Option<bool> {
    let up = ends_with(lead, &words.growth);
    let down = ends_with(lead, &words.decline);
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
fn compares(text: &str, words: &Words) -> bool {
    has(text, &words.compared)
}

/// Whether a text names the period before.
fn past(text: &str, words: &Words) -> bool {
    has(text, &words.past)
}

/// Whether a figure is the base of a comparison that its own clause opens: 与上年1000万元相比, 较2022年500万元, 比上年的800万元.
/// 较上年增加500万元 is none: there the figure is the change.
fn is_base(f: &Fig<'_>, after: &str, words: &Words) -> bool {
    let clause = f.clause();
    let Some((at, opener)) = clause.char_indices().rev().find(|(_, c)| "较比与同".contains(*c)) else {
        return false;
    };
    let named = &clause[at + opener.len_utf8()..];
    let short = named.chars().count() <= 14 && !named.contains(['（', '(', '的']) || named.ends_with('的');
    let closed =
        "较比".contains(opener) || after.trim_start().starts_with("相比") || after.trim_start().starts_with('比');
    // 占比, 同比 and 环比 name rates, 相比 ends a comparison that has been made.
    let whole = clause[..at].ends_with(['占', '同', '环', '相', '对', '可']);
    short && closed && !whole && grows(clause, words).is_none()
}

/// 由…, 从….
fn from(clause: &str) -> bool {
    clause.contains('由') || clause.contains('从')
}

/// …到, …至, …为.
fn arrives(between: &str) -> bool {
    ["到", "至", "为"].iter().any(|w| between.trim_end().ends_with(w))
}

/// TXT-04: a rate of growth after two amounts of one sentence.
fn growth(before: &[&Fig<'_>], rate: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let [.., a, b] = before else {
        return;
    };
    // 负增长10% and 增长-10% state the change with its sign.
    let signed_rate = rate.value < Decimal::ZERO && rate.grows().is_some();
    let still = (rate.statement.direction == Some(Direction::Flat) && rate.value.is_zero()).then_some(true);
    let Some(up) = rate.grows().map(|up| up || signed_rate).or(still) else {
        return;
    };
    let adds_up = |f: &Fig<'_>| matches!(f.dimension(), Some(Dimension::Money | Dimension::Things(_)));
    if !adds_up(a) || a.dimension() != b.dimension() {
        return;
    }
    let between = a.text.get(a.end..b.start).unwrap_or("");
    let lead_of_a = a.clause();
    let quiet = |text: &str| !text.contains(['。', '；', ';', '、']);
    if !quiet(between) || !quiet(rate.lead()) {
        return;
    }
    // Which of the two is this period, which the one before, and which the change?
    let changed = grows(between, words);
    let (now, then, delta) = if changed == Some(up) && is_base(a, between, words) {
        (None, Some(a), Some(b)) // 与上年2.33亿元相比，增加4.88亿元，增长209.44%
    } else if compares(between, words) && changed.is_none() && !has(between, &words.ranked) {
        (Some(a), Some(b), None) // 7.21亿元，较2021年（2.33亿元）增长209.44%
    } else if compares(between, words) && changed == Some(up) {
        (Some(a), None, Some(b)) // 7.21亿元，较上年增加4.88亿元，增长209.44%
    } else if (past(lead_of_a, words) && !past(between, words) && has(between, &words.present))
        || (from(lead_of_a) && arrives(between) && rate.lead().chars().count() <= 8)
    {
        (Some(b), Some(a), None) // 上年2.33亿元，今年7.21亿元，增长…; 由2.33亿元增加到7.21亿元，增长…
    } else {
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

/// TXT-04: 由A增加到B，增加D; A，较上年（B）增加D.
fn change(before: &[&Fig<'_>], delta: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let [.., a, b] = before else {
        return;
    };
    if a.dimension() != delta.dimension() || b.dimension() != delta.dimension() {
        return;
    }
    let Some(up) = delta.grows() else {
        return;
    };
    let between = a.text.get(a.end..b.start).unwrap_or("");
    let quiet = |text: &str| !text.contains(['。', '；', ';', '、']) && text.chars().count() <= 24;
    if !quiet(between) || !quiet(delta.lead()) {
        return;
    }
    let a_clause = a.clause();
    let (now, then) = if compares(between, words) && grows(between, words).is_none() {
        (a, b)
    } else if (a_clause.contains('由') || a_clause.contains('从'))
        && ["到", "至"].iter().any(|w| between.trim_end().ends_with(w))
    {
        (b, a)
    } else {
        return;
    };
    let widest = [a, b, &delta].iter().map(|f| f.value.scale()).max().unwrap_or(0);
    let look = || {
        let (now, h1) = now.in_unit_of(delta, widest)?;
        let (then, h2) = then.in_unit_of(delta, widest)?;
        let (stated, h3) = delta.in_unit_of(delta, widest)?;
        let computed = if up {
            now.checked_sub(then)?
        } else {
            then.checked_sub(now)?
        };
        compare(stated, computed, h1 + h2 + h3)
    };
    let Some(outcome) = look() else {
        return;
    };
    let vague = [a, b, &delta].iter().any(|f| f.qualified());
    let status = match outcome.status {
        CheckStatus::Fail if vague => CheckStatus::Insufficient,
        status => status,
    };
    let message = format!(
        "{}{}，由{}与{}计算为{}{}，{}",
        place(&delta.statement.source),
        delta.quoted(),
        a.quoted(),
        b.quoted(),
        outcome.computed,
        delta.unit(),
        verdict(status, outcome.difference, outcome.tolerance, delta.unit())
    );
    ledger.add(
        Entry::new(&TXT_04, status)
            .message(message)
            .numbers(delta.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(delta.statement.unit.as_deref())
            .operands([delta, a, b].map(|f| &f.statement.source)),
    );
}

/// TXT-05: 增长3.1%，高于全省（1.6%）1.5个百分点.
fn points(before: &[&Fig<'_>], diff: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    let [.., own, base] = before else {
        return;
    };
    if own.dimension() != Some(Dimension::Percent) || base.dimension() != Some(Dimension::Percent) {
        return;
    }
    let between = own.text.get(own.end..base.start).unwrap_or("");
    let lead = diff.lead();
    let closed = lead.trim_start().starts_with([')', '）']);
    let rest = lead
        .trim_start_matches(|c: char| c.is_whitespace() || "）),，".contains(c))
        .trim();
    let word = |text: &str| {
        let (up, down) = (has(text, &words.above), has(text, &words.below));
        (up != down).then_some(up)
    };
    let open = between.contains(['(', '（']);
    let above = if closed && open && rest.is_empty() {
        word(between) // 高于全省（1.6%）1.5个百分点
    } else if closed && open && rest.chars().count() <= 4 {
        word(rest).or_else(|| word(between)) // 比全省（1.6%）高1.5个百分点
    } else if compares(between, words) && !rest.is_empty() && rest.chars().count() <= 4 {
        ends_with(rest, &words.above)
            .map(|_| true)
            .or(ends_with(rest, &words.below).map(|_| false)) // 比全省平均1.6%高1.5个百分点
    } else {
        None
    };
    // 由1.6%提高到3.1%，提高1.5个百分点
    let from_to = || {
        let clause = own.clause();
        let moves = (clause.contains('由') || clause.contains('从'))
            && ["到", "至"].iter().any(|w| between.trim_end().ends_with(w));
        moves.then(|| diff.grows()).flatten()
    };
    let (minuend, subtrahend, up) = match (above, from_to()) {
        (Some(up), _) => (own, base, up),
        (None, Some(up)) => (base, own, up),
        _ => return,
    };
    if between.contains(['。', '；', ';']) {
        return;
    }
    // 同比下降2.3%，低于全省…: a decline is a negative rate.
    let value = |f: &Fig<'_>| f.change().unwrap_or(f.value);
    let difference = value(minuend) - value(subtrahend);
    let computed = if up { difference } else { -difference };
    let slack = half(own.value.scale()) + half(base.value.scale()) + half(diff.value.scale());
    let Some(outcome) = compare(diff.value, computed, slack) else {
        return;
    };
    let vague = [own, base, &diff].iter().any(|f| f.qualified());
    let status = match outcome.status {
        CheckStatus::Fail if vague => CheckStatus::Insufficient,
        status => status,
    };
    let message = format!(
        "{}{}，由{}与{}计算为{computed}个百分点，{}",
        place(&diff.statement.source),
        diff.quoted(),
        own.quoted(),
        base.quoted(),
        verdict(status, outcome.difference, outcome.tolerance, "个百分点")
    );
    ledger.add(
        Entry::new(&TXT_05, status)
            .message(message)
            .numbers(diff.value, computed)
            .tolerance(outcome.tolerance)
            .unit(Some("个百分点"))
            .operands([diff, own, base].map(|f| &f.statement.source)),
    );
}

//! Differences in prose: an amount less another (TXT-04), a rate less another in points (TXT-05).

use super::growth::{compares, from, grows};
use super::text::{Dimension, Fig, ends_with, has};
use super::{TXT_04, TXT_05};
use crate::check::figure::{compare, half};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::CheckStatus;
use crate::pattern::checks::Words;

/// TXT-04: 由A增加到B，增加D; A，较上年（B）增加D.
pub(super) fn change(before: &[&Fig<'_>], delta: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
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
    } else if from(a_clause, words) && words.prose.to.end(between.trim_end()) {
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
pub(super) fn points(before: &[&Fig<'_>], diff: &Fig<'_>, words: &Words, ledger: &mut Ledger<'_>) {
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
    let fillers = &words.prose.before_figure;
    let open = between.contains(['(', '（']);
    let above = if closed && open && rest.is_empty() {
        word(between) // 高于全省（1.6%）1.5个百分点
    } else if closed && open && rest.chars().count() <= 4 {
        word(rest).or_else(|| word(between)) // 比全省（1.6%）高1.5个百分点
    } else if compares(between, words) && !rest.is_empty() && rest.chars().count() <= 4 {
        ends_with(rest, &words.above, fillers)
            .map(|_| true)
            .or(ends_with(rest, &words.below, fillers).map(|_| false)) // 比全省平均1.6%高1.5个百分点
    } else {
        None
    };
    // 由1.6%提高到3.1%，提高1.5个百分点
    let from_to = || {
        let moves = from(own.clause(), words) && words.prose.to.end(between.trim_end());
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

//! FND-03 and FND-11 in prose: 支出率, 执行率, 到位率; TXT-03: 占比.

use super::TXT_03;
use super::roles::{Role, role};
use super::sums::depth;
use super::text::{Dimension, Fig, Paragraph, bare_name, has, last_word};
use crate::check::catalogue::Rule;
use crate::check::figure::{Figure, Outcome, compare_interval};
use crate::check::fund::{FND_03, FND_11};
use crate::check::interval::{Interval, Rational};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Severity};
use crate::pattern::checks::{ProseWords, Words};
use crate::text::sentence::is_pause;
use rust_decimal::Decimal;
use std::ops::Range;

/// Examines every rate.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for (p, paragraph) in paragraphs.iter().enumerate() {
        let mut roles = None;
        let mut funds = |i: usize, of: &RateOf, ledger: &mut Ledger<'_>| {
            let each = || paragraph.figs.iter().map(|f| role(f, words)).collect::<Vec<_>>();
            of_funds(paragraph, roles.get_or_insert_with(each), i, of, ledger);
        };
        for (i, fig) in paragraph.figs.iter().enumerate() {
            if fig.dimension() != Some(Dimension::Percent) {
                continue;
            }
            let clause: String = fig.clause().chars().filter(|c| !c.is_whitespace()).collect();
            if has(&clause, &words.allocation_rate) {
                funds(i, &ALLOCATION, ledger);
            } else if has(&clause, &words.execution_rate) {
                funds(i, &EXECUTION, ledger);
            } else if words.prose.share.within(&clause) {
                share(paragraphs, p, i, &words.prose, ledger);
            }
        }
    }
}

/// `rate` against `part / whole`, in per cent.
pub fn quotient(rate: &Fig<'_>, part: &Fig<'_>, whole: &Fig<'_>) -> Option<Outcome> {
    let widest = part.value.scale().max(whole.value.scale());
    let (a, ha) = part.in_unit_of(whole, widest)?;
    let (b, hb) = whole.in_unit_of(whole, widest)?;
    if b <= Decimal::ZERO {
        return None;
    }
    let around = |v: Decimal, h: Decimal| Interval::around(v.into(), h.into());
    let span = around(a, ha)?.share(around(b, hb)?)?;
    let exact = Rational::from(a).over(b.into())?.times(Rational::whole(100))?;
    compare_interval(&stated(rate), exact, span)
}

/// Whether the rate was cut off and not rounded: many offices do, and it is no contradiction.
fn truncated(rate: &Fig<'_>, part: &Fig<'_>, whole: &Fig<'_>) -> bool {
    let exact = || {
        let (a, _) = part.in_unit_of(whole, 0)?;
        Rational::from(a).over(whole.value.into())?.times(Rational::whole(100))
    };
    exact().is_some_and(|e| cut_off(rate.value, e))
}

/// Whether a number is another without its further decimals.
pub fn cut_off(stated: Decimal, exact: Rational) -> bool {
    let step = Rational::from(Decimal::new(1, stated.scale()));
    Rational::from(stated) <= exact && Rational::from(stated).plus(step).is_some_and(|end| exact < end)
}

/// A rate as a figure of its own decimals.
pub fn stated<'a>(rate: &Fig<'a>) -> Figure<'a> {
    Figure::rounded(rate.value, rate.value.scale(), &rate.statement.source)
}

/// A rate of funds: its part, and the wholes that it may be of, the likeliest first.
struct RateOf {
    rule: &'static Rule,
    parts: &'static [Role],
    wholes: &'static [Role],
}

const ALLOCATION: RateOf = RateOf {
    rule: &FND_11,
    parts: &[Role::Allocated],
    wholes: &[Role::Adjusted, Role::Budget, Role::Initial],
};
const EXECUTION: RateOf = RateOf {
    rule: &FND_03,
    parts: &[Role::Actual],
    wholes: &[Role::Allocated, Role::Adjusted, Role::Budget, Role::Initial],
};

/// A figure with its role.
type Told<'p, 'a> = (&'p Fig<'a>, Option<Role>);

/// Figures of some roles among others, the nearest to a rate first, and what stands before it before what stands after.
fn nearest<'p, 'a>(rate: &Fig<'a>, pool: &[Told<'p, 'a>], roles: &[Role]) -> Vec<&'p Fig<'a>> {
    let fits = |(_, role): &&Told<'_, '_>| role.is_some_and(|r| roles.contains(&r));
    let mut found: Vec<&Fig<'_>> = pool.iter().filter(fits).map(|(f, _)| *f).collect();
    found.sort_by_key(|f| {
        let after = f.sentence == rate.sentence && f.start > rate.start;
        (
            after,
            rate.sentence - f.sentence.min(rate.sentence),
            rate.start.abs_diff(f.start),
        )
    });
    found.truncate(4);
    found
}

/// Farthest that a paragraph is looked back in, in figures: one without end stays linear.
const FIGURES_BACK: usize = 200;

fn of_funds(paragraph: &Paragraph<'_>, roles: &[Option<Role>], i: usize, of: &RateOf, ledger: &mut Ledger<'_>) {
    let rate = &paragraph.figs[i];
    let told = |range: Range<usize>| -> Vec<Told<'_, '_>> {
        let figs = &paragraph.figs[range.clone()];
        figs.iter().zip(roles[range].iter().copied()).collect()
    };
    let same_sentence = told(paragraph.places_of(rate.sentence));
    let before = told(i.saturating_sub(FIGURES_BACK)..i);
    let held = |o: &Outcome| o.status != CheckStatus::Fail;
    // The sentence first; where it does not tell both figures, what the paragraph told before.
    let pools = [(&same_sentence, true), (&before, false)].map(|(pool, near)| {
        let numerators = nearest(rate, pool, of.parts);
        let denominators: Vec<&Fig<'_>> = of
            .wholes
            .iter()
            .flat_map(|whole| nearest(rate, pool, &[*whole]))
            .collect();
        (numerators, denominators, near)
    });
    let quotients = |numerators: &[&Fig<'_>], denominators: &[&Fig<'_>]| -> Vec<(usize, usize, Outcome)> {
        let all = (0..numerators.len()).flat_map(|a| (0..denominators.len()).map(move |b| (a, b)));
        all.filter_map(|(a, b)| Some((a, b, quotient(rate, numerators[a], denominators[b])?)))
            .collect()
    };
    for (numerators, denominators, near) in &pools {
        let looked = quotients(numerators, denominators);
        let Some((a, b, outcome)) = looked.iter().find(|(.., o)| held(o)).or(looked.first()) else {
            continue;
        };
        let (part, whole) = (numerators[*a], denominators[*b]);
        // 预算500万元。到位480万元，支出460万元，预算执行率92%: of the budget that the sentence before told.
        let (_, wider, _) = &pools[1];
        let farther = quotients(numerators, wider);
        if !held(outcome)
            && *near
            && let Some((a, b, outcome)) = farther.iter().find(|(.., o)| held(o))
        {
            let (part, whole) = (numerators[*a], wider[*b]);
            return enter(
                of.rule,
                [rate, part, whole],
                outcome,
                outcome.status,
                Severity::Warning,
                ledger,
            );
        }
        // A rate above 100 % of what is not its base says nothing; only one possible pair in one sentence is certain.
        let certain = *near && numerators.len() == 1 && denominators.len() == 1;
        let severity = match (certain && !rate.qualified(), truncated(rate, part, whole)) {
            (_, true) => Severity::Info,
            (true, _) => Severity::Error,
            _ => Severity::Warning,
        };
        let status = match outcome.status {
            CheckStatus::Fail if rate.qualified() || (!near && looked.len() > 1) => CheckStatus::Insufficient,
            status => status,
        };
        return enter(of.rule, [rate, part, whole], outcome, status, severity, ledger);
    }
}

fn enter(
    rule: &'static Rule,
    [rate, part, whole]: [&Fig<'_>; 3],
    outcome: &Outcome,
    status: CheckStatus,
    severity: Severity,
    ledger: &mut Ledger<'_>,
) {
    let words = if status == CheckStatus::Rounding && outcome.difference.abs() > outcome.tolerance {
        "为约数，相近".to_owned()
    } else {
        verdict(status, outcome.difference, outcome.tolerance, "个百分点")
    };
    let message = format!(
        "{}{}，{}{}÷{}{}为{}%，{}",
        place(&rate.statement.source),
        rate.quoted(),
        place(&part.statement.source),
        part.quoted(),
        place(&whole.statement.source),
        whole.quoted(),
        outcome.computed,
        words
    );
    ledger.add(
        Entry::new(rule, status)
            .severity(severity)
            .message(message)
            .numbers(rate.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(Some("%"))
            .operands([rate, part, whole].map(|f| &f.statement.source)),
    );
}

/// Paragraphs before, in which a whole is looked for.
const LOOK_BACK: usize = 8;

/// TXT-03.
fn share<'a>(paragraphs: &[Paragraph<'a>], p: usize, i: usize, words: &ProseWords, ledger: &mut Ledger<'_>) {
    let paragraph = &paragraphs[p];
    let rate = &paragraph.figs[i];
    let sentence = paragraph.sentence(rate.sentence);
    // 650.3万元（人员经费550.3万元），占68.43%: what stands in brackets is no part of its own.
    let open = |f: &&Fig<'a>| f.start < rate.start && depth(f.text.get(f.end..rate.start).unwrap_or("")) >= 0;
    let before: Vec<&Fig<'_>> = sentence.iter().filter(open).collect();
    let Some(previous) = before.last() else {
        return;
    };
    let adds_up = |f: &Fig<'_>| matches!(f.dimension(), Some(Dimension::Money | Dimension::Things(_)));
    // 占全省3500亩总数比重约70%: the whole stands between 占 and the rate.
    let between = |f: &Fig<'a>| f.text.get(f.end..rate.start).unwrap_or("");
    let has_share = |text: &str| words.share.within(text);
    if !has_share(between(previous)) {
        let Some(part) = before
            .iter()
            .rev()
            .nth(1)
            .filter(|f| has_share(f.text.get(f.end..previous.start).unwrap_or("")))
        else {
            return;
        };
        if adds_up(part) && part.dimension() == previous.dimension() {
            decide(rate, part, previous, Severity::Error, ledger);
        }
        return;
    }
    let Some(part) = respective(paragraph, i, &before, words) else {
        return;
    };
    if !adds_up(part) || part.value.is_zero() {
        return; // nothing is no share of anything
    }
    let named = {
        let text = between(previous);
        let after = &text[last_word(text, &words.share).map_or(0, |(end, _)| end)..];
        let name = bare_name(after);
        words
            .share_starts
            .trim_start(words.share_fillers.trim_end(&name))
            .to_owned()
    };
    let mut candidates: Vec<&Fig<'_>> = Vec::new();
    let figs_before = paragraph.figs[..i].iter().rev();
    let above = paragraphs[p.saturating_sub(LOOK_BACK)..p].iter().rev();
    for f in figs_before
        .chain(above.flat_map(|q| q.figs.iter().rev()))
        .take(FIGURES_BACK)
    {
        let no_less = f.in_unit_of(part, 0).is_some_and(|(v, _)| v >= part.value) && !std::ptr::eq(f, part);
        if f.dimension() == part.dimension() && no_less {
            candidates.push(f);
        }
    }
    candidates.truncate(60);
    let holds = |w: &&&Fig<'_>| quotient(rate, part, w).is_some_and(|o| o.status != CheckStatus::Fail);
    let names = |w: &&&Fig<'_>| {
        let clause = bare_name(w.clause());
        named.chars().count() >= 3
            && (clause.contains(&named)
                || w.statement
                    .subject
                    .as_deref()
                    .is_some_and(|s| bare_name(s).contains(&named)))
    };
    // The whole that the words name; then any that the figures bear out, for a share that holds is no accident twice.
    let by_name: Vec<&Fig<'_>> = candidates.iter().filter(names).copied().collect();
    let same_value = by_name
        .windows(2)
        .all(|w| w[0].value == w[1].value && w[0].statement.unit == w[1].statement.unit);
    match (
        by_name.iter().find(holds),
        candidates.iter().find(holds),
        by_name.first(),
    ) {
        (Some(whole), ..) | (None, Some(whole), _) => decide(rate, part, whole, Severity::Warning, ledger),
        (None, None, Some(whole)) if same_value => decide(rate, part, whole, Severity::Warning, ledger),
        _ => match siblings_whole(paragraphs, p, i, words) {
            Some(whole) if whole.dimension() == part.dimension() => {
                decide(rate, part, whole, Severity::Warning, ledger)
            }
            _ => unknown(rate, part, ledger),
        },
    }
}

/// The amount that a share is told of: the one before it, or for the first of several (分别占50%、30%、20%) the first of as many
/// amounts. `None` where there are not as many, or they are of several kinds.
fn respective<'s, 'a>(
    paragraph: &'s Paragraph<'a>,
    i: usize,
    before: &[&'s Fig<'a>],
    words: &ProseWords,
) -> Option<&'s Fig<'a>> {
    let rate = &paragraph.figs[i];
    if !words.respectively.within(rate.clause()) {
        return before.last().copied();
    }
    let next = |f: &&Fig<'a>| f.sentence == rate.sentence && f.dimension() == Some(Dimension::Percent);
    let joined = |f: &&Fig<'a>| f.start == rate.start || !f.lead().contains(is_pause);
    let shares = paragraph.figs[i..].iter().take_while(next).take_while(joined).count();
    let amounts = before.get(before.len().checked_sub(shares)?..)?;
    let alike = amounts.windows(2).all(|w| w[0].dimension() == w[1].dimension());
    amounts.first().copied().filter(|_| alike)
}

/// The whole that the shares of the neighbouring paragraphs, told in the same way, are shares of.
fn siblings_whole<'s, 'a>(
    paragraphs: &'s [Paragraph<'a>],
    p: usize,
    i: usize,
    words: &ProseWords,
) -> Option<&'s Fig<'a>> {
    let own = &paragraphs[p].figs[i];
    let mut found: Option<&Fig<'a>> = None;
    let mut tried = 0;
    for q in p.saturating_sub(3)..paragraphs.len().min(p + 4) {
        // Of a page of figures those around this one.
        let from = if q == p { i.saturating_sub(FIGURES_BACK) } else { 0 };
        let rates = paragraphs[q].figs.iter().enumerate().skip(from.max(1));
        for (k, rate) in rates.take(2 * FIGURES_BACK) {
            let part = &paragraphs[q].figs[k - 1];
            let told = rate.dimension() == Some(Dimension::Percent)
                && words.share.within(rate.clause())
                && rate.sentence == part.sentence;
            if (q == p && k == i) || !told || std::ptr::eq(rate, own) {
                continue;
            }
            tried += 1;
            if tried > 8 {
                return found; // a page of shares: those next to this one have told what there is to tell
            }
            let back = &paragraphs[q.saturating_sub(LOOK_BACK)..=q];
            let wholes = back.iter().rev().flat_map(|b| b.figs.iter().rev()).take(60);
            let holds = |w: &&Fig<'a>| {
                w.dimension() == part.dimension()
                    && w.in_unit_of(part, 0).is_some_and(|(v, _)| v > part.value)
                    && quotient(rate, part, w).is_some_and(|o| o.status != CheckStatus::Fail)
            };
            if let Some(whole) = wholes.into_iter().find(holds) {
                match found {
                    Some(f) if f.value != whole.value => return None,
                    _ => found = Some(whole),
                }
            }
        }
    }
    found
}

fn decide(rate: &Fig<'_>, part: &Fig<'_>, whole: &Fig<'_>, severity: Severity, ledger: &mut Ledger<'_>) {
    let Some(outcome) = quotient(rate, part, whole) else {
        return;
    };
    let vague = rate.qualified() || part.qualified() || whole.qualified();
    // 约70% of 67.9 %: what is told as about right is right within its own leading digits.
    let severity = if truncated(rate, part, whole) {
        Severity::Info
    } else {
        severity
    };
    let status = match outcome.status {
        CheckStatus::Fail if vague && outcome.difference.abs() <= Decimal::from(5) => CheckStatus::Rounding,
        CheckStatus::Fail if vague => CheckStatus::Insufficient,
        status => status,
    };
    enter(&TXT_03, [rate, part, whole], &outcome, status, severity, ledger);
}

fn unknown(rate: &Fig<'_>, part: &Fig<'_>, ledger: &mut Ledger<'_>) {
    let message = format!(
        "{}{}：占比的总体在文中不能确定，无法核对",
        place(&rate.statement.source),
        rate.quoted()
    );
    ledger.add(
        Entry::new(&TXT_03, CheckStatus::Insufficient)
            .message(message)
            .stated(rate.value)
            .unit(Some("%"))
            .operands([rate, part].map(|f| &f.statement.source)),
    );
}

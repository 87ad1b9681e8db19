//! TXT-02: amounts and the lists of their parts; 以上共计; parts told paragraph by paragraph.

mod list;
mod parts;

use super::TXT_02;
use super::text::{Dimension, Fig, Paragraph, has};
use crate::check::figure::{Figure, Outcome, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Severity};
use crate::pattern::checks::Words;
pub use list::depth;
use list::{Kind, List, list_after};
use parts::{categories, counts, enumerated};

/// Examines every paragraph.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    let mut nested: Vec<Vec<bool>> = Vec::with_capacity(paragraphs.len());
    for (p, paragraph) in paragraphs.iter().enumerate() {
        let lists: Vec<List> = (0..paragraph.figs.len())
            .filter_map(|whole| list_after(paragraph, whole, words))
            .collect();
        let around = if lists.is_empty() {
            Vec::new()
        } else {
            neighbours(paragraphs, p)
        };
        let mut inside = vec![false; paragraph.figs.len()];
        for list in &lists {
            inside[list.whole + 1..list.end].fill(true);
            one_list(paragraph, list, &around, words, ledger);
        }
        nested.push(inside);
        above_in_all(&paragraphs[..=p], &nested, words, ledger);
        enumerated(paragraphs, p, words, ledger);
        categories(paragraph, words, ledger);
    }
}

/// The texts of a paragraph and the next two, for corroborating counts.
fn neighbours<'a>(paragraphs: &[Paragraph<'a>], p: usize) -> Vec<&'a str> {
    let near = paragraphs[p..paragraphs.len().min(p + 3)]
        .iter()
        .filter(|q| q.block <= paragraphs[p].block + 2);
    near.flat_map(Paragraph::texts).take(40).collect()
}

/// Figures in the unit of the whole, with the decimals that the widest of the same unit has.
fn in_one_unit<'a>(whole: &Fig<'a>, parts: &[&Fig<'a>], own: bool) -> Option<(Figure<'a>, Vec<Figure<'a>>)> {
    let same = |f: &&&Fig<'_>| f.statement.unit == whole.statement.unit;
    let widest = parts
        .iter()
        .filter(same)
        .map(|f| f.value.scale())
        .chain([whole.value.scale()])
        .max()
        .unwrap_or(0);
    let figure = |f: &Fig<'a>| {
        let decimals = if own { f.value.scale() } else { widest };
        let (value, half) = f.in_unit_of(whole, decimals)?;
        Some(Figure {
            value,
            half,
            source: &f.statement.source,
        })
    };
    let items = parts.iter().map(|f| figure(f)).collect::<Option<Vec<_>>>()?;
    Some((figure(whole)?, items))
}

fn compared<'a>(whole: &Fig<'a>, parts: &[&Fig<'a>]) -> Option<(Figure<'a>, Vec<Figure<'a>>, Outcome, bool)> {
    let (total, items) = in_one_unit(whole, parts, false)?;
    let outcome = compare_sum(&total, &items)?;
    let weak = outcome.status == CheckStatus::Fail
        && in_one_unit(whole, parts, true)
            .and_then(|(t, i)| compare_sum(&t, &i))
            .is_some_and(|o| o.status != CheckStatus::Fail);
    Some((total, items, outcome, weak))
}

fn one_list(paragraph: &Paragraph<'_>, list: &List, around: &[&str], words: &Words, ledger: &mut Ledger<'_>) {
    let whole = &paragraph.figs[list.whole];
    let parts: Vec<&Fig<'_>> = list.parts.iter().map(|i| &paragraph.figs[*i]).collect();
    let Some((_, _, outcome, _)) = compared(whole, &parts) else {
        return;
    };
    let short = outcome.difference.is_sign_positive() && outcome.status == CheckStatus::Fail;
    let counted = around
        .iter()
        .any(|text| counts(text, parts.len(), &words.counted_things, words));
    let severity = match list.kind {
        _ if list.cut && outcome.status == CheckStatus::Fail => {
            return cut(whole, &parts, ledger);
        }
        Kind::All if list.clean && whole.dimension() == Some(Dimension::Money) => Severity::Error,
        Kind::All => Severity::Warning,
        Kind::Some if !short && list.clean && whole.dimension() == Some(Dimension::Money) => Severity::Error,
        Kind::Some if !short => Severity::Warning,
        // 其中 need not be all; where a count says that it is, a gap is worth asking about.
        Kind::Some if counted && list.clean => Severity::Warning,
        Kind::Some => {
            enter(whole, &parts, Some("只列出部分，未超过总数"), Severity::Info, ledger);
            return;
        }
    };
    enter(whole, &parts, None, severity, ledger);
}

/// A list of which a part stands elsewhere: no verdict.
fn cut(whole: &Fig<'_>, parts: &[&Fig<'_>], ledger: &mut Ledger<'_>) {
    let message = format!(
        "{}{}：所列各项未完即断，无法核对",
        place(&whole.statement.source),
        whole.quoted()
    );
    let figs = [whole].into_iter().chain(parts.iter().copied());
    ledger.add(
        Entry::new(&TXT_02, CheckStatus::Insufficient)
            .message(message)
            .stated(whole.value)
            .unit(whole.statement.unit.as_deref())
            .operands(figs.map(|f| &f.statement.source)),
    );
}

/// Enters a sum; `holds` says why a difference is none.
fn enter(whole: &Fig<'_>, parts: &[&Fig<'_>], holds: Option<&str>, severity: Severity, ledger: &mut Ledger<'_>) {
    let Some((total, items, outcome, weak)) = compared(whole, parts) else {
        return;
    };
    let qualified = whole.qualified() || parts.iter().any(|p| p.qualified());
    let status = match outcome.status {
        CheckStatus::Fail if holds.is_some() => CheckStatus::Pass,
        CheckStatus::Fail if qualified => CheckStatus::Insufficient,
        status => status,
    };
    let words = match (holds, outcome.status) {
        (Some(words), CheckStatus::Fail) => words.to_owned(),
        _ if qualified && status == CheckStatus::Insufficient => "其中有约数，不作判断".to_owned(),
        _ => verdict(status, outcome.difference, outcome.tolerance, whole.unit()),
    };
    let told: Vec<String> = items.iter().take(12).map(|f| f.value.to_string()).collect();
    let more = if items.len() > 12 { "+…" } else { "" };
    let message = format!(
        "{}{}：所列{}项{}{more}={}{}，{words}",
        place(total.source),
        whole.quoted(),
        items.len(),
        told.join("+"),
        outcome.computed,
        whole.unit()
    );
    ledger.add(
        Entry::new(&TXT_02, status)
            .severity(if weak { Severity::Warning } else { severity })
            .message(message)
            .numbers(total.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(whole.statement.unit.as_deref())
            .operands([&total].into_iter().chain(&items).map(|f| f.source)),
    );
}

/// Most paragraphs that 以上共计 may look back to.
const FAR: usize = 8;
/// Most figures of its own paragraph: one without end stays linear.
const MANY: usize = 200;

/// Whether a paragraph ends within its sentence, as one that a page cuts in two does: a list without a mark at its end.
fn is_cut(paragraph: &Paragraph<'_>) -> bool {
    let text = paragraph.figs.last().map_or("", |f| f.text.trim_end());
    let open = text
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || matches!(c, '、' | '，' | ','));
    open && text.contains(['、', '，', ','])
}

/// 以上共计: the sum of what the paragraph told before, without the parts of parts; or with the paragraphs before it, where
/// their amounts make it the sum.
fn above_in_all(paragraphs: &[Paragraph<'_>], nested: &[Vec<bool>], words: &Words, ledger: &mut Ledger<'_>) {
    let (Some((paragraph, before)), Some((inside, inside_before))) = (paragraphs.split_last(), nested.split_last())
    else {
        return;
    };
    let money = |f: &Fig<'_>| f.dimension() == Some(Dimension::Money);
    for (i, fig) in paragraph.figs.iter().enumerate() {
        if !money(fig) || !has(fig.clause(), &words.above_in_all) {
            continue;
        }
        let own = || {
            let told = paragraph.figs[..i].iter().enumerate();
            told.skip(i.saturating_sub(MANY)).filter(|(_, f)| money(f))
        };
        let tops: Vec<&Fig<'_>> = own().filter(|(k, _)| !inside[*k]).map(|(_, f)| f).collect();
        let leaves: Vec<&Fig<'_>> = own()
            .filter(|(k, _)| inside[*k] || !inside.get(k + 1).copied().unwrap_or(false))
            .map(|(_, f)| f)
            .collect();
        let every: Vec<&Fig<'_>> = own().map(|(_, f)| f).collect();
        let holds =
            |parts: &&Vec<&Fig<'_>>| compared(fig, parts).is_some_and(|(.., o, _)| o.status != CheckStatus::Fail);
        // The paragraphs before, one more at a time, as long as nothing else stands between.
        let mut further: Vec<Vec<&Fig<'_>>> = Vec::new();
        let (mut sum, mut below) = (tops.clone(), paragraph.block);
        for (earlier, inside) in before.iter().zip(inside_before).rev().take(FAR) {
            if earlier.block + 1 != below {
                break;
            }
            below = earlier.block;
            if sum.len() + earlier.figs.len() > 4 * MANY {
                break;
            }
            let told = earlier
                .figs
                .iter()
                .zip(inside)
                .filter(|(f, inside)| money(f) && !**inside);
            sum.splice(0..0, told.map(|(f, _)| f));
            further.push(sum.clone());
        }
        let readings = [tops, leaves, every];
        let kept = readings.iter().find(holds).or(further.iter().find(holds));
        let Some(kept) = kept.or(readings.iter().find(|r| r.len() >= 2)) else {
            continue;
        };
        let short = compared(fig, kept).is_some_and(|(.., o, _)| o.difference.is_sign_positive());
        if !holds(&kept)
            && short
            && before
                .last()
                .is_some_and(|p| p.block + 1 == paragraph.block && is_cut(p))
        {
            cut(fig, kept, ledger);
            continue;
        }
        let sure = inside.iter().any(|n| *n) && kept.len() >= 2;
        let severity = if sure { Severity::Error } else { Severity::Warning };
        enter(fig, kept, None, severity, ledger);
    }
}

//! Parts that are told one after the other: paragraph by paragraph, or ①, ②, ③ within a sentence.

use super::{compared, enter};
use crate::check::ledger::Ledger;
use crate::check::prose::text::{Dimension, Fig, Paragraph, bare_name};
use crate::model::{CheckStatus, Severity};
use crate::pattern::checks::Words;
use crate::text::chinese;

/// Whether a text counts `n` of the things that `counted` names: 8个, 三大类, 五类; not 204类, a code.
pub(super) fn counts(text: &str, n: usize, counted: &[String], words: &Words) -> bool {
    let mut numerals = vec![n.to_string()];
    numerals.extend(
        u32::try_from(n)
            .ok()
            .and_then(chinese::outline_numeral)
            .map(String::from),
    );
    numerals.iter().any(|numeral| {
        text.match_indices(numeral.as_str()).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let alone = !before.is_some_and(|c| {
                c.is_ascii_digit() || c == '.' || words.prose.ordinal.has(c) || chinese::is_outline_numeral(c)
            });
            let after = text[at + numeral.len()..].trim_start();
            alone && counted.iter().any(|t| after.starts_with(t.as_str()))
        })
    })
}

/// The last two characters before a figure: what a figure of a list is told to be.
fn label(fig: &Fig<'_>) -> String {
    let bare = bare_name(fig.clause());
    let skip = bare.chars().count().saturating_sub(2);
    bare.chars().skip(skip).collect()
}

/// A paragraph that counts its parts (三大类), and that many paragraphs after it with one figure of the same label each.
pub(super) fn enumerated(paragraphs: &[Paragraph<'_>], p: usize, words: &Words, ledger: &mut Ledger<'_>) {
    let head = &paragraphs[p];
    let following = || {
        paragraphs[p + 1..]
            .iter()
            .enumerate()
            .take_while(|(k, q)| q.block == head.block + k + 1)
    };
    let reach = following().take(10).count();
    let Some(n) = (2..=reach).rev().find(|n| {
        head.texts()
            .iter()
            .any(|text| counts(text, *n, &words.counted_kinds, words))
    }) else {
        return;
    };
    let children = &paragraphs[p + 1..p + 1 + n];
    let mut seen: Vec<Dimension<'_>> = Vec::new();
    for whole in head.figs.iter().rev() {
        let Some(dimension) = whole.dimension() else {
            continue;
        };
        if seen.contains(&dimension) || matches!(dimension, Dimension::Percent | Dimension::Points | Dimension::Score) {
            continue;
        }
        seen.push(dimension);
        let firsts: Option<Vec<&Fig<'_>>> = children
            .iter()
            .map(|c| c.figs.iter().find(|f| f.dimension() == Some(dimension)))
            .collect();
        let Some(firsts) = firsts else {
            continue;
        };
        // 支持, 支持, 支持: the same thing is told of each part.
        let same = firsts.windows(2).all(|pair| label(pair[0]) == label(pair[1]));
        if same {
            // The amount that the sum explains, among those that the head tells.
            let holds = |w: &&Fig<'_>| {
                w.dimension() == Some(dimension)
                    && compared(w, &firsts).is_some_and(|(.., o, _)| o.status != CheckStatus::Fail)
            };
            let kept = head.figs.iter().find(holds).unwrap_or(whole);
            enter(kept, &firsts, None, Severity::Warning, ledger);
        }
    }
}

/// 涉及五类 … 其中①…；②…: the parts stand in the next sentence, each with the same figures.
pub(super) fn categories(paragraph: &Paragraph<'_>, words: &Words, ledger: &mut Ledger<'_>) {
    for sentence in 1..=paragraph.figs.last().map_or(0, |f| f.sentence) {
        let figs = paragraph.sentence(sentence);
        let Some(first) = figs
            .first()
            .filter(|f| f.text.contains('①') || words.prose.first_of_list.within(f.text))
        else {
            continue;
        };
        let pieces: Vec<(usize, usize)> = pieces(first.text);
        let above = paragraph.sentence(sentence - 1);
        let told = above.first().map_or("", |f| f.text);
        let sure = counts(told, pieces.len(), &words.counted_kinds, words);
        if pieces.len() < 2 {
            continue;
        }
        let mut seen: Vec<Dimension<'_>> = Vec::new();
        for whole in above.iter().rev() {
            let Some(dimension) = whole.dimension().filter(|d| !seen.contains(d)) else {
                continue;
            };
            seen.push(dimension);
            if matches!(dimension, Dimension::Percent | Dimension::Points | Dimension::Score) {
                continue;
            }
            let within = |(a, b): &(usize, usize)| {
                let mut inside = figs
                    .iter()
                    .filter(|f| f.start >= *a && f.start < *b && f.dimension() == Some(dimension));
                inside.next().filter(|_| inside.next().is_none())
            };
            let Some(parts) = pieces.iter().map(within).collect::<Option<Vec<_>>>() else {
                continue;
            };
            if !parts.windows(2).all(|pair| label(pair[0]) == label(pair[1])) {
                continue;
            }
            let holds = if sure {
                None
            } else {
                Some("只列出部分，未超过总数")
            };
            enter(whole, &parts, holds, Severity::Warning, ledger);
        }
    }
}

/// Byte ranges of the pieces that ①②… open.
fn pieces(text: &str) -> Vec<(usize, usize)> {
    let marks: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| ('①'..='⑳').contains(c))
        .map(|(i, _)| i)
        .collect();
    let ends = marks.iter().skip(1).copied().chain([text.len()]);
    marks.iter().copied().zip(ends).collect()
}

//! TXT-02: amounts and the lists of their parts; 以上共计; parts told paragraph by paragraph.

use super::TXT_02;
use super::text::{Dimension, Fig, Paragraph, bare_name, has};
use crate::check::figure::{Figure, Outcome, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Severity};
use crate::pattern::checks::{ProseWords, Words};
use crate::text::chinese;

/// Longest text between an amount and the word that opens its list, in characters.
const REACH: usize = 16;

/// How a list of parts relates to the amount before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All parts are told.
    All,
    /// Some parts are told (其中, 等).
    Some,
}

/// A list of parts: positions in the paragraph's figures.
struct List {
    whole: usize,
    parts: Vec<usize>,
    kind: Kind,
    /// Whether the list is marked off by 、 or ；, and not by commas.
    clean: bool,
    /// One past the last figure that belongs to the list.
    end: usize,
    /// Whether the text ends within the list: a paragraph that a page cuts.
    cut: bool,
}

/// Examines every paragraph.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for (p, paragraph) in paragraphs.iter().enumerate() {
        let mut nested = vec![false; paragraph.figs.len()];
        let mut lists = Vec::new();
        for whole in 0..paragraph.figs.len() {
            if let Some(list) = list_after(paragraph, whole, words) {
                lists.push(list);
            }
        }
        for list in &lists {
            nested[list.whole + 1..list.end].fill(true);
            let around = neighbours(paragraphs, p);
            one_list(paragraph, list, &around, words, ledger);
        }
        above_in_all(paragraph, &nested, words, ledger);
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

/// Strength of the strongest mark between two figures: 、 1, ， 2, ； 3, 。 4.
fn mark(text: &str) -> u8 {
    let strength = |c: char| match c {
        '。' | '！' | '？' => 4,
        '；' | ';' => 3,
        '，' | ',' => 2,
        '、' | '及' | '和' => 1,
        _ => 0,
    };
    text.chars().map(strength).max().unwrap_or(0)
}

/// How many brackets a text opens and leaves open.
pub fn depth(text: &str) -> i32 {
    text.chars().fold(0, |depth, c| match c {
        '（' | '(' => depth + 1,
        '）' | ')' => depth - 1,
        _ => depth,
    })
}

/// Text without what stands in brackets.
fn outside(text: &str) -> String {
    let mut inside = 0i32;
    let keep = |c: &char| {
        match c {
            '（' | '(' => inside += 1,
            '）' | ')' => inside -= 1,
            _ => return inside <= 0,
        }
        false
    };
    text.chars().filter(keep).collect()
}

/// Words that begin or end a clause which is no further part: it compares, or sums up.
fn leaves_list(text: &str, words: &ProseWords) -> bool {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || words.about.has(c));
    if words.changes.end(bare) {
        return true;
    }
    let after = text.trim_start_matches(|c: char| c.is_whitespace() || "，,；;）)、".contains(c));
    let folded: String = after.chars().take(8).collect();
    words.after_list.start(&folded)
}

fn list_after(paragraph: &Paragraph<'_>, whole: usize, words: &Words) -> Option<List> {
    let figs = &paragraph.figs;
    let (a, first) = (figs.get(whole)?, figs.get(whole + 1)?);
    let dimension = a.dimension()?;
    // 204类05款01项 are codes, and no counts.
    let codes = matches!(dimension, Dimension::Things(unit) if words.prose.code_units.is(unit));
    if codes || matches!(dimension, Dimension::Percent | Dimension::Points | Dimension::Score) {
        return None;
    }
    let (opening, name) = if a.sentence == first.sentence {
        split_at_opening(a.tail(), words)?
    } else {
        // 809万元。其中：高新区180万元 …
        let quiet = a
            .tail()
            .trim_matches(|c: char| c.is_whitespace() || "。！）)：:".contains(c))
            .is_empty();
        let lead = first.lead().trim_start();
        let word = words
            .of_which
            .iter()
            .chain(&words.includes)
            .find(|w| lead.starts_with(w.as_str()))?;
        let name = &lead[word.len()..];
        (first.sentence == a.sentence + 1 && quiet).then_some((word.as_str(), name))?
    };
    if mark(name) >= 3 {
        return None;
    }
    let mainly = a
        .tail()
        .split(opening)
        .next()
        .is_some_and(|t| words.prose.mainly.end(t.trim_end()));
    let some = mainly || words.of_which.iter().any(|w| w == opening);
    // （其中：a、b）: the list ends with its bracket.
    let bracketed = first.lead().contains(['（', '('])
        && !first.lead().contains(['）', ')'])
        && first.lead().find(['（', '(']) < first.lead().find(opening);
    let mut parts = Vec::new();
    let mut strength = 0;
    let mut end = whole + 1;
    for (i, fig) in figs.iter().enumerate().skip(whole + 1) {
        if fig.sentence != first.sentence {
            break;
        }
        let Some(last) = parts.last().map(|l: &usize| &figs[*l]) else {
            if i > whole + 1 {
                return None; // the list opens with figures of another kind
            }
            if fig.dimension() != Some(dimension) {
                return None;
            }
            parts.push(i);
            end = i + 1;
            continue;
        };
        let between = fig.text.get(last.end..fig.start).unwrap_or("");
        if depth(between) > 0 {
            continue; // 一期2000万元（其中中央资金1000万元）: inside the brackets of the part before
        }
        let plain = outside(between);
        let here = mark(&plain);
        if fig.dimension() != Some(dimension) {
            // A part may tell more than its amount (11家企业, 占9.9%).
            if here >= 4 || (strength > 0 && here > strength) {
                break;
            }
            continue;
        }
        if here == 0 {
            return None; // two amounts without a mark between them: no list
        }
        if strength == 0 {
            strength = here;
        }
        if here > strength
            || leaves_list(&plain, &words.prose)
            || has(&plain, &words.includes)
            || has(&plain, &words.of_which)
            || (bracketed && between.contains(['）', ')']))
        {
            break;
        }
        parts.push(i);
        end = i + 1;
    }
    let last = &figs[*parts.last()?];
    let after: String = last.tail().trim_start().chars().take(2).collect();
    let open_end = has(&after, &words.and_so_on) && !words.prose.not_and_so_on.start(&after);
    if parts.len() < 2 {
        return None;
    }
    let closed = last.tail().contains(['。', '；', ';', '！', '，', ',', '）', ')'])
        || end < figs.len() && figs[end].sentence == last.sentence;
    let told: String = parts.iter().map(|i| bare_name(figs[*i].clause())).collect();
    let partition = words.funds.basic.within(&told) && words.funds.project.within(&told) && parts.len() == 2;
    let some = some && !partition;
    Some(List {
        whole,
        parts,
        kind: if some || open_end || a.qualified() {
            Kind::Some
        } else {
            Kind::All
        },
        clean: strength != 2,
        end,
        cut: !closed,
    })
}

/// Splits the text after an amount at the word that opens a list: the word, and the name of the first part.
fn split_at_opening<'t>(tail: &'t str, words: &'t Words) -> Option<(&'t str, &'t str)> {
    let all = words.includes.iter().chain(&words.of_which);
    let (at, word) = all
        .filter_map(|w| tail.find(w.as_str()).map(|at| (at, w.as_str())))
        .min_by_key(|(at, w)| (*at, usize::MAX - w.len()))?;
    let before = &tail[..at];
    let quiet = before.chars().count() <= REACH && mark(before.trim_end_matches(['，', ','])) < 3;
    quiet.then(|| (word, &tail[at + word.len()..]))
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
        .any(|text| counts(text, parts.len(), &words.counted_things));
    let severity = match list.kind {
        _ if list.cut && outcome.status == CheckStatus::Fail => {
            let message = format!(
                "{}{}：所列各项未完即断，无法核对",
                place(&whole.statement.source),
                whole.quoted()
            );
            ledger.add(
                Entry::new(&TXT_02, CheckStatus::Insufficient)
                    .message(message)
                    .stated(whole.value)
                    .unit(whole.statement.unit.as_deref())
                    .operands(
                        [whole]
                            .into_iter()
                            .chain(parts.iter().copied())
                            .map(|f| &f.statement.source),
                    ),
            );
            return;
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

/// Whether a text counts `n` of the things that `counted` names: 8个, 三大类, 五类; not 204类, a code.
fn counts(text: &str, n: usize, counted: &[String]) -> bool {
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
            let alone = !before
                .is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | '第') || chinese::is_outline_numeral(c));
            let after = text[at + numeral.len()..].trim_start();
            alone && counted.iter().any(|t| after.starts_with(t.as_str()))
        })
    })
}

/// 以上共计: the sum of what the paragraph told on its own level.
fn above_in_all(paragraph: &Paragraph<'_>, nested: &[bool], words: &Words, ledger: &mut Ledger<'_>) {
    for (i, fig) in paragraph.figs.iter().enumerate() {
        if fig.dimension() != Some(Dimension::Money) || !has(fig.clause(), &words.above_in_all) {
            continue;
        }
        let before = || {
            paragraph.figs[..i]
                .iter()
                .enumerate()
                .filter(|(_, f)| f.dimension() == Some(Dimension::Money))
        };
        let tops: Vec<&Fig<'_>> = before().filter(|(k, _)| !nested[*k]).map(|(_, f)| f).collect();
        let leaves: Vec<&Fig<'_>> = before()
            .filter(|(k, _)| nested[*k] || !nested.get(k + 1).copied().unwrap_or(false))
            .map(|(_, f)| f)
            .collect();
        let every: Vec<&Fig<'_>> = before().map(|(_, f)| f).collect();
        let holds =
            |parts: &&Vec<&Fig<'_>>| compared(fig, parts).is_some_and(|(.., o, _)| o.status != CheckStatus::Fail);
        let readings = [tops, leaves, every];
        let Some(kept) = readings.iter().find(holds).or(readings.iter().find(|r| r.len() >= 2)) else {
            continue;
        };
        let sure = nested.iter().any(|n| *n) && kept.len() >= 2;
        let severity = if sure { Severity::Error } else { Severity::Warning };
        enter(fig, kept, None, severity, ledger);
    }
}

/// The last two characters before a figure: what a figure of a list is told to be.
fn label(fig: &Fig<'_>) -> String {
    let bare = bare_name(fig.clause());
    let skip = bare.chars().count().saturating_sub(2);
    bare.chars().skip(skip).collect()
}

/// A paragraph that counts its parts (三大类), and that many paragraphs after it with one figure of the same label each.
fn enumerated(paragraphs: &[Paragraph<'_>], p: usize, words: &Words, ledger: &mut Ledger<'_>) {
    let head = &paragraphs[p];
    let following = || {
        paragraphs[p + 1..]
            .iter()
            .enumerate()
            .take_while(|(k, q)| q.block == head.block + k + 1)
    };
    let reach = following().take(10).count();
    let Some(n) = (2..=reach)
        .rev()
        .find(|n| head.texts().iter().any(|text| counts(text, *n, &words.counted_kinds)))
    else {
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
fn categories(paragraph: &Paragraph<'_>, words: &Words, ledger: &mut Ledger<'_>) {
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
        let sure = counts(told, pieces.len(), &words.counted_kinds);
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

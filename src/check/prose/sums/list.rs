//! Lists of amounts in running text: where one opens, and where it ends.

use crate::check::prose::text::{Dimension, Fig, Paragraph, bare_name, has};
use crate::pattern::checks::{ProseWords, Words};

/// Longest text between an amount and the word that opens its list, in characters.
const REACH: usize = 16;

/// How a list of parts relates to the amount before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// All parts are told.
    All,
    /// Some parts are told (其中, 等).
    Some,
}

/// A list of parts: positions in the paragraph's figures.
pub(super) struct List {
    pub(super) whole: usize,
    pub(super) parts: Vec<usize>,
    pub(super) kind: Kind,
    /// Whether the list is marked off by 、 or ；, and not by commas.
    pub(super) clean: bool,
    /// One past the last figure that belongs to the list.
    pub(super) end: usize,
    /// Whether the text ends within the list: a paragraph that a page cuts.
    pub(super) cut: bool,
}

/// Strength of the strongest mark between two figures: 、 1, ， 2, ； 3, 。 4.
fn mark(text: &str, words: &Words) -> u8 {
    let strength = |c: char| match c {
        '。' | '！' | '？' => 4,
        '；' | ';' => 3,
        '，' | ',' => 2,
        '、' => 1,
        c if words.prose.conjunctions.has(c) => 1,
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

pub(super) fn list_after(paragraph: &Paragraph<'_>, whole: usize, words: &Words) -> Option<List> {
    let figs = &paragraph.figs;
    let (a, first) = (figs.get(whole)?, figs.get(whole + 1)?);
    let dimension = a.dimension()?;
    // 204类05款01项 are codes, and no counts.
    let codes = matches!(dimension, Dimension::Things(unit) if words.prose.code_units.is(unit));
    if codes || matches!(dimension, Dimension::Percent | Dimension::Points | Dimension::Score) {
        return None;
    }
    // 平均每辆2.5万元，其中 …: the parts are those of what was told before.
    if words.prose.means.within(a.clause()) {
        return None;
    }
    let (opening, name) = opening_between(a, first, words)?;
    if mark(name, words) >= 3 {
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
    let (parts, strength, end) = parts_after(figs, whole, bracketed, words)?;
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
    let quiet = before.chars().count() <= REACH && mark(before.trim_end_matches(['，', ',']), words) < 3;
    quiet.then(|| (word, &tail[at + word.len()..]))
}

/// The word between a figure and the next that opens a list of its parts, and the name of the first part after it.
fn opening_between<'t>(a: &Fig<'t>, first: &Fig<'t>, words: &'t Words) -> Option<(&'t str, &'t str)> {
    if a.sentence == first.sentence {
        return split_at_opening(a.tail(), words);
    }
    // 809万元。其中：高新区180万元 …
    let end = |c: char| c.is_whitespace() || "。！）)：:".contains(c);
    let quiet = a.tail().trim_matches(end).is_empty();
    let lead = first.lead().trim_start();
    let mut openings = words.of_which.iter().chain(&words.includes);
    let word = openings.find(|w| lead.starts_with(w.as_str()))?;
    (first.sentence == a.sentence + 1 && quiet).then_some((word.as_str(), &lead[word.len()..]))
}

/// The parts of a list that opens behind a figure, the strength of the marks between them, and where it ends.
fn parts_after(figs: &[Fig<'_>], whole: usize, bracketed: bool, words: &Words) -> Option<(Vec<usize>, u8, usize)> {
    let mut parts = Vec::new();
    let mut strength = 0;
    let mut end = whole + 1;
    let (first, dimension) = (figs.get(whole + 1)?, figs.get(whole)?.dimension()?);
    for (i, fig) in figs.iter().enumerate().skip(whole + 1) {
        if fig.sentence != first.sentence {
            break;
        }
        let Some(last) = parts.last().map(|l: &usize| &figs[*l]) else {
            if i > whole + 1 {
                return None; // the list opens with figures of another kind
            }
            if fig.dimension() != Some(dimension) || words.prose.means.within(fig.clause()) {
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
        let here = mark(&plain, words);
        let mean = words.prose.means.within(fig.clause());
        if mean || fig.dimension() != Some(dimension) {
            // A part may tell more than its amount (11家企业, 占9.9%, 人均100元).
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
    Some((parts, strength, end))
}

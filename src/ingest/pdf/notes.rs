//! Marks of notes: characters smaller than the text and raised above its line. `810.50` with a raised `1` is not 810.501.

use super::ink::Glyph;

/// A mark is at most this part of the size of the text that it stands at.
const SMALLER: f64 = 0.82;
/// A raised mark stands at least this far over the baseline, in parts of the size of the text.
const RAISED: f64 = 0.14;
/// A lowered one at least this far below it.
const LOWERED: f64 = 0.08;
/// Gap, in parts of the size of the text, over which a mark still belongs to it.
const NEAR: f64 = 0.6;

/// Most digits of a mark.
const MAX_DIGITS: usize = 3;

/// Sets a line's marks apart: what is raised after a figure or a name falls away; an exponent of a unit or of a power, and
/// what is lowered, becomes the small character that it looks like.
pub fn settle(line: &mut Vec<Glyph>) {
    let sizes = line.iter().map(|g| g.size);
    let (least, most) = (sizes.clone().fold(f64::INFINITY, f64::min), sizes.fold(0.0, f64::max));
    if line.len() < 2 || least > SMALLER * most {
        return;
    }
    let mut kept: Vec<Glyph> = Vec::with_capacity(line.len());
    let mut start = 0;
    while start < line.len() {
        let end = run_end(line, start);
        let run = &line[start..end];
        match stand(&kept, run, line.get(end)) {
            // What follows the mark follows its text.
            Some(Stand::Note) => {
                if let (Some(host), Some(mark)) = (kept.last_mut(), run.last()) {
                    host.x1 = host.x1.max(mark.x1);
                }
            }
            Some(Stand::Exponent) => kept.extend(run.iter().map(|g| changed(g, superscript))),
            Some(Stand::Below) => kept.extend(run.iter().map(|g| changed(g, subscript))),
            None => kept.extend_from_slice(run),
        }
        start = end;
    }
    *line = kept;
}

/// What a run of small characters is.
enum Stand {
    Note,
    Exponent,
    Below,
}

/// One past the last character of the same size and baseline.
fn run_end(line: &[Glyph], start: usize) -> usize {
    let first = &line[start];
    let same = |g: &Glyph| {
        (g.size - first.size).abs() < 0.05 * first.size && (g.base - first.base).abs() < 0.05 * first.size.max(1.0)
    };
    start + line[start..].iter().take_while(|g| same(g)).count()
}

/// What a run is, by the text before it and after it. `None` for text.
fn stand(before: &[Glyph], run: &[Glyph], after: Option<&Glyph>) -> Option<Stand> {
    let small = run.first()?;
    let host = before.iter().rev().find(|g| !g.ch.is_whitespace());
    let text = host.or(after)?;
    // A mark has a few digits, and what it stands at is a figure or a word.
    let few = run.iter().filter(|g| g.ch.is_ascii_digit()).count() <= MAX_DIGITS;
    let at_text =
        |g: &Glyph| g.ch.is_alphanumeric() || matches!(g.ch, '%' | '％' | ')' | '）' | '》' | '”' | '。' | '₂');
    if !few || !at_text(text) {
        return None;
    }
    let rise = (text.base - small.base) / text.size;
    let gap = host.map_or_else(|| text.x0 - run[run.len() - 1].x1, |h| small.x0 - h.x1);
    if small.field
        || text.field
        || small.size > SMALLER * text.size
        || gap > NEAR * text.size
        || !run.iter().all(|g| is_mark(g.ch))
    {
        return None;
    }
    if rise <= -LOWERED {
        // CO₂ and PM₂.₅: at a letter it is part of a name. At a figure it is a note.
        let at_letter = host.is_none_or(|h| h.ch.is_ascii_alphabetic());
        let digits = run.iter().all(|g| subscript(g.ch) != g.ch);
        return match (at_letter, digits) {
            (true, _) => None,
            (false, true) => Some(Stand::Below),
            (false, false) => Some(Stand::Note),
        };
    }
    if rise < RAISED {
        return None;
    }
    // 3 ¹/₂: a fraction, and no note at the 3.
    if after.is_some_and(|g| matches!(g.ch, '/' | '⁄' | '∕')) || run.iter().any(|g| matches!(g.ch, '/' | '⁄' | '∕'))
    {
        return Some(Stand::Exponent);
    }
    let Some(host) = host else { return Some(Stand::Note) };
    let digits = run.iter().all(|g| g.ch.is_ascii_digit() || matches!(g.ch, '-' | '+'));
    let at_unit = host.ch.is_ascii_alphabetic() || matches!(host.ch, '米' | ')' | '）' | '℃' | 'μ');
    let metres = run.len() == 1 && matches!(small.ch, '2' | '3');
    let power = ends_with_ten(before);
    if digits && ((at_unit && (metres || host.ch.is_ascii_alphabetic()) && host.ch != ')' && host.ch != '）') || power)
    {
        return Some(Stand::Exponent);
    }
    Some(Stand::Note)
}

/// Whether a text ends with the base of a power: a 10 of its own (`×10`).
fn ends_with_ten(before: &[Glyph]) -> bool {
    let mut chars = before.iter().rev().map(|g| g.ch).filter(|c| !c.is_whitespace());
    chars.next() == Some('0')
        && chars.next() == Some('1')
        && chars.next().is_some_and(|c| matches!(c, '×' | 'x' | 'X' | '*'))
}

/// Characters that marks of notes are made of.
fn is_mark(ch: char) -> bool {
    ch.is_ascii_digit()
        || matches!(ch, '①'..='⓿' | '❶'..='➓' | '*' | '＊' | '※' | '†' | '‡' | '#' | '注' | '§')
        || matches!(
            ch,
            '[' | ']' | '(' | ')' | '（' | '）' | '〔' | '〕' | '［' | '］' | '【' | '】'
        )
        || matches!(ch, ',' | '，' | '、' | '-' | '+' | '/' | '⁄' | ' ')
        || ch.is_ascii_lowercase()
        || "⁰¹²³⁴⁵⁶⁷⁸⁹".contains(ch)
}

fn changed(glyph: &Glyph, form: impl Fn(char) -> char) -> Glyph {
    Glyph {
        ch: form(glyph.ch),
        ..*glyph
    }
}

fn superscript(ch: char) -> char {
    match ch {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' | '4'..='9' => char::from_u32(0x2070 + ch as u32 - '0' as u32).unwrap_or(ch),
        '-' => '⁻',
        '+' => '⁺',
        ch => ch,
    }
}

fn subscript(ch: char) -> char {
    match ch {
        '0'..='9' => char::from_u32(0x2080 + ch as u32 - '0' as u32).unwrap_or(ch),
        ch => ch,
    }
}

//! Glyphs to pieces, lines and texts. Chinese is written without spaces, so none is invented between its characters.

use super::ink::Glyph;
use super::notes;

/// Glyphs of one drawing operation that touch each other: what never belongs to two cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// First glyph, by drawing order.
    pub from: usize,
    /// One past the last glyph.
    pub to: usize,
}

/// Gap, in parts of the font size, that ends a piece.
const PIECE_GAP: f64 = 0.25;
/// Gap between two letters or digits that a space stands for.
const WORD_GAP: f64 = 0.3;
/// Gap between any two characters that separates columns or labels on one line.
pub const COLUMN_GAP: f64 = 2.2;

/// Splits glyphs in drawing order into pieces.
pub fn pieces(glyphs: &[Glyph]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        let joined = index > 0 && {
            let before = &glyphs[index - 1];
            before.run == glyph.run
                && (before.base - glyph.base).abs() < 0.1 * glyph.size
                && (glyph.x0 - before.x1).abs() < PIECE_GAP * glyph.size
                && !before.ch.is_whitespace()
                && !glyph.ch.is_whitespace()
        };
        match pieces.last_mut() {
            Some(last) if joined => last.to = index + 1,
            _ => pieces.push(Piece {
                from: index,
                to: index + 1,
            }),
        }
    }
    pieces
}

/// Groups glyphs into visual lines, from top to bottom, each from left to right. Drawing order does not matter:
/// LibreOffice draws characters of a fallback font apart from their line.
pub fn lines(mut glyphs: Vec<Glyph>) -> Vec<Vec<Glyph>> {
    glyphs.sort_by(|a, b| a.base.total_cmp(&b.base));
    let mut lines: Vec<Vec<Glyph>> = Vec::new();
    let mut size: f64 = 0.0;
    for glyph in glyphs {
        match lines.last_mut() {
            // A raised character starts its line up to 0.4 of the size above the others.
            Some(line) if glyph.base - line[0].base <= 0.55 * size.max(glyph.size).min(2.0 * size.min(glyph.size)) => {
                size = size.max(glyph.size);
                line.push(glyph);
            }
            _ => {
                size = glyph.size;
                lines.push(vec![glyph]);
            }
        }
    }
    for line in &mut lines {
        // What stands in one place was drawn one after the other: some printers set labels so.
        let at = |g: &Glyph| (g.x0 * 20.0).round();
        line.sort_by(|a, b| {
            at(a)
                .total_cmp(&at(b))
                .then(a.run.cmp(&b.run))
                .then(a.x0.total_cmp(&b.x0))
        });
        drop_doubles(line);
        notes::settle(line);
        while line.first().is_some_and(|g| g.ch.is_whitespace()) {
            line.remove(0);
        }
        while line.last().is_some_and(|g| g.ch.is_whitespace()) {
            line.pop();
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// A character drawn twice at one place (a way to fake bold or shadow) is one character.
fn drop_doubles(line: &mut Vec<Glyph>) {
    let mut kept: Vec<Glyph> = Vec::with_capacity(line.len());
    for glyph in line.drain(..) {
        let double = kept.iter_mut().rev().take(3).find(|k| {
            k.ch == glyph.ch
                && (k.x0 - glyph.x0).abs() < 0.12 * glyph.size
                && (k.base - glyph.base).abs() < 0.12 * glyph.size
                && k.run != glyph.run
        });
        match double {
            Some(kept) => kept.bold |= glyph.visible && kept.visible,
            None => kept.push(glyph),
        }
    }
    *line = kept;
}

/// Calls `put` for each character of a line with the glyph it comes from, `None` for a space that a gap stands for.
pub fn spell(line: &[Glyph], mut put: impl FnMut(char, Option<&Glyph>)) {
    let spread = usual_gap(line);
    let mut before: Option<&Glyph> = None;
    for (index, glyph) in line.iter().enumerate() {
        if glyph.ch.is_whitespace() {
            let next = line[index + 1..].iter().find(|g| !g.ch.is_whitespace());
            let covered = before.zip(next).is_some_and(|(b, n)| n.x0 - b.x1 < 0.05 * n.size);
            let repeated = index > 0 && line[index - 1].ch.is_whitespace();
            // A space that other text is drawn over is not seen; of several only one counts.
            if !covered && !repeated {
                put(if glyph.ch == '\u{a0}' { ' ' } else { glyph.ch }, Some(glyph));
            }
            continue;
        }
        if let Some(b) = before.filter(|_| !line[index - 1].ch.is_whitespace()) {
            let gap = glyph.x0 - b.x1 - spread;
            let size = glyph.size.max(b.size);
            if gap > COLUMN_GAP * size || (gap > WORD_GAP * size && is_word(b.ch) && is_word(glyph.ch)) {
                put(' ', None);
            }
        }
        put(glyph.ch, Some(glyph));
        before = Some(glyph);
    }
}

/// The gap that justification or letter spacing puts between all characters of a line.
pub fn usual_gap(line: &[Glyph]) -> f64 {
    let mut gaps: Vec<f64> = line.windows(2).map(|w| w[1].x0 - w[0].x1).collect();
    if gaps.len() < 4 {
        return 0.0;
    }
    gaps.sort_by(f64::total_cmp);
    gaps[gaps.len() / 2].clamp(0.0, 0.5 * line[0].size)
}

/// Letters and digits of scripts that separate words by spaces.
pub fn is_word(ch: char) -> bool {
    ch.is_ascii_alphanumeric() || matches!(ch, '.' | ',' | '%' | '-' | '+' | '(' | ')')
}

/// The text of a line.
pub fn line_text(line: &[Glyph]) -> String {
    let mut text = String::new();
    spell(line, |ch, _| text.push(ch));
    text
}

/// What stands between two lines of one paragraph.
pub fn seam(before: &str, after: &str) -> &'static str {
    let (Some(last), Some(first)) = (before.chars().last(), after.chars().next()) else {
        return "";
    };
    if last.is_ascii_alphabetic() && first.is_ascii_alphabetic() {
        " "
    } else {
        ""
    }
}

/// Whether a line of a column from `left` to `right` has no room for what begins the next line, so that the break
/// between them is the printer's and not the author's.
pub fn is_full(line: &[Glyph], next: &[Glyph], left: f64, right: f64) -> bool {
    let size = line.last().map_or(0.0, |g| g.size);
    room(line, left, right) < unbreakable(next) + 0.35 * size
}

/// Points that a line of a column leaves free.
pub fn room(line: &[Glyph], left: f64, right: f64) -> f64 {
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return f64::INFINITY;
    };
    let width = right - left;
    // Text keeps a margin on both sides of its column; what the line leaves free on the left, it may leave on the right.
    let margin = (first.x0 - left).clamp(0.0, 0.12 * width + 2.0).min(8.0);
    width - 2.0 * margin - (last.x1 - first.x0)
}

/// Points that a line of a column leaves free after one more character as wide as its widest.
///
/// Unlike [`room`] it takes no more for margins than a printer leaves: figures stand at the right or in the middle.
pub fn spare(line: &[Glyph], left: f64, right: f64) -> f64 {
    /// Space that Word and its kin leave beside the text of a cell.
    const MARGIN: f64 = 5.7;
    let (Some(first), Some(last)) = (line.first(), line.last()) else {
        return f64::INFINITY;
    };
    let margin = (first.x0 - left).min(right - last.x1).clamp(0.0, MARGIN);
    let widest = line.iter().map(|g| g.x1 - g.x0).fold(0.0, f64::max);
    // Lines that are set a trifle wider or narrower than their column are common.
    (right - left) - 2.0 * margin - (last.x1 - first.x0) - 1.1 * widest
}

/// Width of the first stretch of a line that a printer does not break: a word or number, or one Chinese character,
/// with the punctuation that must not start a line.
pub fn unbreakable(line: &[Glyph]) -> f64 {
    let Some(first) = line.first() else { return 0.0 };
    let mut end = first.x1;
    for pair in line.windows(2) {
        let together = (is_word(pair[0].ch) && is_word(pair[1].ch)) || closes(pair[1].ch) || opens(pair[0].ch);
        if !together {
            break;
        }
        end = pair[1].x1;
    }
    end - first.x0
}

fn closes(ch: char) -> bool {
    matches!(
        ch,
        '，' | '．'
            | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '”'
            | '’'
            | '〉'
            | '】'
            | '〕'
            | '％'
            | '%'
            | ')'
            | ','
            | '.'
            | ';'
            | ':'
    )
}

fn opens(ch: char) -> bool {
    matches!(
        ch,
        '（' | '《' | '“' | '‘' | '〈' | '【' | '〔' | '(' | '≥' | '≤' | '＞' | '＜' | '>' | '<' | '≧' | '≦'
    )
}

/// The text of a line of a cell. A figure may fill its cell: its sign, bracket or currency stands at the left edge and its
/// digits at the right one, or all of its characters stand evenly apart.
fn cell_line(line: &[Glyph]) -> String {
    let text = line_text(line);
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.len() == text.len() || !bare.chars().any(|c| c.is_ascii_digit()) {
        return text;
    }
    let body = bare.trim_start_matches(leads).trim_end_matches(trails);
    let figure = body.starts_with(|c: char| c.is_ascii_digit())
        && body
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '，'));
    let whole = text.contains(body);
    // 1 2 3 may be three figures; 1 2 . 3 is one.
    let spread = body.contains('.') && evenly_apart(line);
    if figure && (whole || spread) { bare } else { text }
}

/// What stands before the digits of a figure.
pub fn leads(c: char) -> bool {
    matches!(
        c,
        '-' | '－' | '–' | '—' | '−' | '+' | '＋' | '(' | '（' | '¥' | '￥' | '$'
    )
}

/// What stands behind them.
pub fn trails(c: char) -> bool {
    matches!(c, ')' | '）' | '%' | '％')
}

/// Whether the characters of a line stand at one distance from each other, or from start to start.
fn evenly_apart(line: &[Glyph]) -> bool {
    let ink: Vec<&Glyph> = line.iter().filter(|g| !g.ch.is_whitespace()).collect();
    let size = ink.iter().map(|g| g.size).fold(0.0, f64::max);
    let even = |distance: fn(&Glyph, &Glyph) -> f64| {
        let all = ink.windows(2).map(|w| distance(w[0], w[1]));
        let (least, most) = all.fold((f64::INFINITY, 0.0f64), |(l, m), d| (l.min(d), m.max(d)));
        most - least <= 0.25 * size && most < COLUMN_GAP * size
    };
    even(|a, b| b.x0 - a.x1) || even(|a, b| b.x0 - a.x0)
}

/// The text of a cell or frame between two x positions: lines that the printer broke are joined, the others are
/// separated by `\n`.
pub fn block_text(lines: &[Vec<Glyph>], left: f64, right: f64) -> String {
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        let own = cell_line(line);
        if index > 0 {
            let before = &lines[index - 1];
            if is_full(before, line, left, right) {
                text.push_str(seam(&text, &own));
            } else {
                text.push('\n');
            }
        }
        text.push_str(&own);
    }
    text
}

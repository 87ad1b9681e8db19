//! The text as lines: every kind of line end, page breaks, and the residue of other programs removed.

use super::number::is_plain_digit;
pub use crate::model::loose::Line;
pub use crate::text::mark::is_space;
use std::borrow::Cow;

/// Splits at LF, CRLF, CR, VT, FF, NEL, LS and PS. A form feed also marks the next line as a page's first.
pub fn split(text: &str) -> Vec<Line<'_>> {
    let bytes = text.as_bytes();
    let mut lines = Vec::with_capacity(text.len() / 40 + 1);
    let (mut start, mut at, mut page_top) = (0, 0, false);
    while at < bytes.len() {
        let (end, next_page_top) = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => (2, false),
            b'\n' | b'\r' | 0x0B => (1, false),
            0x0C => (1, true),
            0xC2 if bytes.get(at + 1) == Some(&0x85) => (2, false),
            0xE2 if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) => (3, false),
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(line(&text[start..at], page_top));
        page_top = next_page_top;
        at += end;
        start = at;
    }
    lines.push(line(&text[start..], page_top));
    lines
}

fn line(text: &str, page_top: bool) -> Line<'_> {
    let text = without_residue(text);
    let blank = text.chars().all(is_space);
    Line {
        text,
        page_top,
        blank,
        part: false,
        cell: false,
    }
}

/// Removes what Word-to-text programs write for bookmarks: `[bookmark: _GoBack]`.
fn without_residue(line: &str) -> Cow<'_, str> {
    const OPEN: &str = "[bookmark:";
    /// Word limits a bookmark's name to 40 characters; more is text.
    const LONGEST: usize = 200;
    if !line.as_bytes().contains(&b'[') || !line.contains(OPEN) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(OPEN) {
        out.push_str(&rest[..at]);
        let inner = &rest[at + OPEN.len()..];
        match inner.bytes().take(LONGEST).position(|b| b == b']') {
            Some(end) => rest = &inner[end + 1..],
            None => {
                out.push_str(OPEN);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a line opens a part of the report, so that the table above has ended.
pub fn is_heading(line: &str) -> bool {
    let line = line.trim_start_matches(['\u{3000}', '\u{a0}', ' ']);
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    let numeral = |c: char| "一二三四五六七八九十".contains(c);
    if numeral(first) {
        return chars.find(|c| !numeral(*c)) == Some('、');
    }
    if matches!(first, '（' | '(') {
        let mut rest = chars.skip_while(|c| numeral(*c));
        return line.chars().nth(1).is_some_and(numeral) && matches!(rest.next(), Some('）' | ')'));
    }
    let number = line.strip_prefix('表').and_then(|rest| rest.chars().next());
    if number.is_some_and(|c| c.is_numeric() || numeral(c) || c == ' ') {
        return true;
    }
    line.starts_with("附件") || line.starts_with("附表") || line.starts_with("单位：")
}

/// Whether a cell of a text holds a figure alone, by its first and last characters.
pub fn is_plain_figure(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '+', '－', '¥', '￥']);
    let number = text.trim_end_matches(['%', '％', '元', '万', '亿', '分']);
    number.starts_with(is_plain_digit)
        && number
            .chars()
            .all(|c| is_plain_digit(c) || matches!(c, '.' | ',' | '，' | '．' | ' '))
}

/// Whether a cell of a text holds dashes alone, or the word for them.
pub fn is_dashes(text: &str) -> bool {
    text.chars()
        .all(|c| matches!(c, '-' | '—' | '–' | '/' | '－' | '―' | '─'))
        || text == "无"
}

/// Whether a line is the row of dashes below the headings of a Markdown table.
pub fn is_separator(line: &str) -> bool {
    let inner = line.trim_matches('|');
    line.contains('-')
        && inner.split('|').all(|cell| {
            let cell = cell.trim();
            let dashes = cell.trim_start_matches(':').trim_end_matches(':');
            !dashes.is_empty() && dashes.bytes().all(|b| b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_every_kind() {
        let lines = split("a\r\nb\rc\u{2028}d\u{b}e\u{c}f\u{85}g\u{2029}“h”\n");
        let texts: Vec<&str> = lines.iter().map(|l| l.text.as_ref()).collect();
        assert_eq!(texts, ["a", "b", "c", "d", "e", "f", "g", "“h”", ""]);
        assert_eq!(lines.iter().position(|l| l.page_top), Some(5));
    }

    #[test]
    fn bookmarks_vanish_and_other_brackets_stay() {
        for (text, expected) in [
            ("[bookmark: _GoBack]一、概况", "一、概况"),
            ("\t[bookmark: a][bookmark: b]10[bookmark: c]0", "\t100"),
            ("[bookmark: 没有结尾", "[bookmark: 没有结尾"),
            ("文号［2016］384[注]", "文号［2016］384[注]"),
        ] {
            assert_eq!(without_residue(text), expected);
        }
    }
}

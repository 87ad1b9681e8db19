//! Folding: texts that mean the same made the same. [`fold_char`] goes one character to one, so that offsets in the folded
//! text are offsets in the report's text; [`fold`] is for comparing headings and labels.

use super::radical::radical;
use unicode_normalization::UnicodeNormalization;

/// The plain form of a character: full-width ASCII, odd minus signs and spaces, `≧`, `≦` and `﹦`.
///
/// The full-width comma stays: between figures of running text it separates, it does not group digits.
pub fn fold_char(c: char) -> char {
    match c {
        '，' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\t' | '\r' => ' ',
        // ≮ and ≯ say the same from the other side.
        '≧' | '⩾' | '≮' | '≥' => '≥',
        '≦' | '⩽' | '≯' | '≤' => '≤',
        '−' | '﹣' | '‐' | '‑' => '-',
        '﹦' => '=',
        '﹤' => '<',
        '﹥' => '>',
        '〜' | '∼' | '∽' => '~',
        '﹪' | '٪' => '%',
        '︰' | '∶' => ':',
        '═' => '=',
        // The plain form of ⼾, as fonts of simplified characters draw it.
        '⼾' | '戶' | '戸' => '户',
        '\u{2e80}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' => radical(c),
        // Signs of the Symbol font that a text without fonts keeps at their places of the private area.
        '\u{f0b3}' => '≥',
        '\u{f0a3}' => '≤',
        '\u{f03c}' => '<',
        '\u{f03d}' => '=',
        '\u{f03e}' => '>',
        '\u{f02b}' => '+',
        '\u{f02d}' => '-',
        '\u{f0b1}' => '±',
        '\u{f0b4}' => '×',
        '\u{f0b8}' => '÷',
        '\u{f0bb}' => '≈',
        '\u{f025}' => '%',
        _ => c,
    }
}

/// Each character of a text folded.
pub fn fold_chars(text: &str) -> Vec<char> {
    text.chars().map(fold_char).collect()
}

/// White space as reports have it, zero-width characters included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

/// The first place from `at` on that holds no white space.
pub fn skip_blanks(chars: &[char], at: usize) -> usize {
    let rest = &chars[at.min(chars.len())..];
    at + rest.iter().take_while(|c| is_blank(**c)).count()
}

/// A text folded and without white space.
pub fn bare(text: &str) -> String {
    text.chars().map(fold_char).filter(|c| !is_blank(*c)).collect()
}

/// Width-folded text without white space: how headings and labels are compared.
///
/// Raised and lowered digits are marks of footnotes, not digits of the figure before them: they are dropped. Circled
/// numbers stay what they are: ① is an ordinal, not a 1.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{200b}' | '\u{feff}' | '¹' | '²' | '³' | '\u{2070}'..='\u{209c}' => {}
            c if c.is_whitespace() => {}
            // The common case needs no tables.
            '!'..='~' | '\u{4e00}'..='\u{9fff}' | '①'..='\u{24ff}' => out.push(c),
            '\u{2e80}'..='\u{2fd5}' => out.push(radical(c)),
            c => out.extend(std::iter::once(c).nfkc().filter(|c| !c.is_whitespace())),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_fold_one_to_one() {
        for (text, expected) in [
            ("１，０２０．１６％", "1，020.16%"),
            ("≧⩾≥ ≦⩽≤", "≥≥≥ ≤≤≤"),
            ("− ﹣ ‑", "- - -"),
            ("⼤于⻓⼾", "大于长户"),
            ("\u{f0b3}\u{f0a3}═", "≥≤="),
            ("（一）", "(一)"),
        ] {
            let folded: String = fold_chars(text).into_iter().collect();
            assert_eq!(folded, expected, "{text}");
        }
    }

    #[test]
    fn headings_fold_without_white_space() {
        assert_eq!(fold(" 实 际\u{3000}⻓度（⽶）"), "实际长度(米)");
        assert_eq!(bare("　10 %\u{200b}"), "10%");
    }
}

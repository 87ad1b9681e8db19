//! Width folding, one character to one, so that offsets in the folded text are offsets in the report's text.

/// The plain form of a character: full-width ASCII, odd minus signs and spaces, `≧`, `≦` and `﹦`.
///
/// The full-width comma stays: between figures of running text it separates, it does not group digits.
pub fn fold_char(c: char) -> char {
    match c {
        '，' => c,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\t' | '\r' => ' ',
        '≧' | '⩾' | '≥' => '≥',
        '≦' | '⩽' | '≤' => '≤',
        '−' | '﹣' | '‐' | '‑' => '-',
        '﹦' => '=',
        '﹤' => '<',
        '﹥' => '>',
        '〜' | '∼' | '∽' => '~',
        '﹪' | '٪' => '%',
        '︰' | '∶' => ':',
        _ => c,
    }
}

/// Each character of a text folded.
pub fn fold_chars(text: &str) -> Vec<char> {
    text.chars().map(fold_char).collect()
}

/// The number in a circle: 3 of ③; to 20.
pub fn circled(c: char) -> Option<u32> {
    ('①'..='⑳').contains(&c).then(|| u32::from(c) - u32::from('①') + 1)
}

/// White space as reports have it, zero-width characters included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')
}

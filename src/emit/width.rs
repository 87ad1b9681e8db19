//! Columns that text takes in a terminal. Chinese takes two for each character.

/// Columns of a character (Unicode Standard Annex #11: wide and full-width are 2; what is ambiguous is 1).
pub fn of_char(c: char) -> usize {
    match c {
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => 0,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Columns of a text.
pub fn of(text: &str) -> usize {
    text.chars().map(of_char).sum()
}

/// Lines of at most `columns` columns (at least 2); line breaks of the text are kept.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for c in part.chars() {
            // A tab or another control character would break the drawing.
            let c = if c.is_control() { ' ' } else { c };
            let width = of_char(c);
            if used + width > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += width;
        }
        lines.push(line);
    }
    lines
}

/// The text on one line, cut to `columns` with `…`.
pub fn ellipsis(text: &str, columns: usize) -> String {
    let one_line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if of(&one_line) <= columns {
        return one_line;
    }
    let mut out = String::new();
    let mut used = 1;
    for c in one_line.chars() {
        used += of_char(c);
        if used > columns {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_two_columns_wide() {
        assert_eq!(of("预算100"), 7);
        assert_eq!(wrap("预算数（万元）", 6), ["预算数", "（万元", "）"]);
        assert_eq!(wrap("a\nb", 6), ["a", "b"]);
        assert_eq!(ellipsis("年度资金总额", 8), "年度资…");
    }
}

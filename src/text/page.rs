//! Lines that are no row of a table: numbers of pages, titles, captions.

use super::number::is_plain_digit;

/// Longest such line, in bytes.
const LONGEST: usize = 60;

/// The number of a page number: `- 3 -`, `3`, `第 3 页`, `第3页 共11页`, `3/11`, `— 3 —`, `第 3 页（共 11 页）`, `Page 3 of 11`.
pub fn page_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text
        .strip_prefix("Page")
        .or_else(|| text.strip_prefix("page"))
        .unwrap_or(text);
    let text = text.replace("of", "/");
    let around = |c: char| c.is_whitespace() || "-—–－―·•~～.．/第页共,，|()（）[]【】".contains(c);
    let digits = text.chars().filter(|c| is_plain_digit(*c)).count();
    // 1,200.50 at the foot of a page is a figure.
    let chars: Vec<char> = text.chars().collect();
    let figure = |w: &[char]| is_plain_digit(w[0]) && ".．,，".contains(w[1]) && is_plain_digit(w[2]);
    if chars.windows(3).any(figure)
        || digits == 0
        || digits > 6
        || !text.chars().all(|c| is_plain_digit(c) || around(c))
    {
        return None;
    }
    let first: String = text
        .chars()
        .skip_while(|c| !is_plain_digit(*c))
        .take_while(|c| is_plain_digit(*c))
        .map(|c| char::from_u32(c as u32 - if c < '０' { 0 } else { '０' as u32 - '0' as u32 }).unwrap_or(c))
        .collect();
    first.parse().ok()
}

/// Whether a line numbers a page by more than its digits: `第 3 页 共 9 页`, `- 3 -`. A figure alone may be a cell.
pub fn is_page_line(text: &str) -> bool {
    let marks = |c: char| matches!(c, '页' | '-' | '—' | '–');
    let text = text.trim();
    text.starts_with(|c: char| !c.is_ascii_digit() && c != '|')
        && text.ends_with(marks)
        && text.len() <= LONGEST
        && page_number(text).is_some()
}

/// Whether a text says the unit of a table.
pub fn is_caption(text: &str) -> bool {
    text.contains("单位：") || text.contains("单位:")
}

/// Whether a text says that the table above goes on: 续表, （续表）, 续上表, 续表1.
pub fn is_continued(text: &str) -> bool {
    text.trim_matches(['（', '）', '(', ')']).starts_with("续")
}

/// Whether a text is a title or a caption: ……表, 单位：万元, （续表）.
pub fn is_title(text: &str) -> bool {
    let bare = text.trim_matches(['（', '）', '(', ')']);
    is_caption(text)
        || is_continued(text)
        || text.ends_with('表') && text.chars().count() > 4
        || bare.ends_with("续表")
        || bare.starts_with("附件")
        || bare.starts_with("附表")
}

#[cfg(test)]
mod tests {
    use super::page_number;

    #[test]
    fn page_numbers() {
        for text in [
            "- 3 -",
            "3",
            "第 3 页",
            "第3页 共11页",
            "3/11",
            "— ３ —",
            "第3页（共11页）",
            "Page 3 of 11",
            "·3·",
        ] {
            assert_eq!(page_number(text), Some(3), "{text}");
        }
        for text in ["", "-", "1200.50万元", "三、", "20230401", "第3号", "12.50", "1,200"] {
            assert_eq!(page_number(text), None, "{text}");
        }
    }
}

//! Sentences and clauses of running text: where they end, one function a question.

use std::ops::Range;

/// Whether a character ends a sentence: 。！？ and line breaks. A full stop of Latin letters ends none: 3.5, No.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n' | '\u{2028}' | '\u{2029}')
}

/// Whether a character parts clauses, wherever it stands; of `,` ask [`pauses_at`] too.
pub fn is_pause(c: char) -> bool {
    matches!(c, '，' | ',' | '；' | ';' | '：' | ':' | '。' | '！' | '？' | '!' | '?')
}

/// Whether a clause ends at a place: 1,020 groups digits, and a colon may be wide or not.
pub fn pauses_at(chars: &[char], at: usize) -> bool {
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let grouped = || digit(at.checked_sub(1).and_then(|before| chars.get(before))) && digit(chars.get(at + 1));
    chars.get(at).is_some_and(|c| is_pause(*c) && (*c != ',' || !grouped()))
}

/// The part of a text behind its last pause: the clause that is not over yet.
pub fn open_clause(text: &str) -> &str {
    let parts = |(at, c): (usize, char)| {
        // 7,013.09 holds no pause.
        let grouped = c == ',' && text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        (is_pause(c) && !grouped).then_some(at + c.len_utf8())
    };
    &text[text.char_indices().rev().find_map(parts).unwrap_or(0)..]
}

/// The part of a text before its first pause.
pub fn first_clause(text: &str) -> &str {
    let mut digit = false;
    for (at, c) in text.char_indices() {
        let grouped = c == ',' && digit && text[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        if is_pause(c) && !grouped {
            return &text[..at];
        }
        digit = c.is_ascii_digit();
    }
    text
}

/// Bytes of the sentence that starts at `start`, its closing mark included. One longer than `limit` characters is cut behind its
/// last semicolon or comma.
pub fn sentence_at(text: &str, start: usize, limit: usize) -> Range<usize> {
    let mut last_pause = None;
    for (count, (at, c)) in text[start..].char_indices().enumerate() {
        let end = start + at + c.len_utf8();
        if ends_sentence(c) {
            return start..end;
        }
        if matches!(c, '；' | ';' | '，') {
            last_pause = Some(end);
        }
        if count + 1 >= limit {
            return start..last_pause.unwrap_or(end);
        }
    }
    start..text.len()
}

/// Whether a character ends a statement that forms write out: 。 and semicolons, which stand between indicators there.
pub fn ends_statement(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '\n')
}

/// Statements of a text with their first bytes, each with the mark that ends it.
pub fn statements(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(ends_statement).map(move |piece| {
        let at = start;
        start += piece.len();
        (at, piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end() {
        for (text, limit, expected) in [
            ("支出3.5万元。结余2万元。", 100, "支出3.5万元。"),
            ("支出3.5万元；结余2万元", 100, "支出3.5万元；结余2万元"),
            ("第一行\n第二行", 100, "第一行\n"),
            ("真的吗？是的", 100, "真的吗？"),
            ("一二三，四五六七八", 6, "一二三，"),
            ("一二三四五六七八", 6, "一二三四五六"),
            ("", 6, ""),
        ] {
            assert_eq!(&text[sentence_at(text, 0, limit)], expected, "{text}");
        }
        let parts: Vec<(usize, &str)> = statements("甲：1家；乙：2家。\n丙").collect();
        assert_eq!(parts, [(0, "甲：1家；"), (13, "乙：2家。"), (26, "\n"), (27, "丙")]);
    }

    #[test]
    fn clauses_end() {
        for (text, open, first) in [
            ("预算1,020万元，支出800万元", "支出800万元", "预算1,020万元"),
            ("支出7,013.09万元", "支出7,013.09万元", "支出7,013.09万元"),
            ("其中：支出", "支出", "其中"),
            ("支出", "支出", "支出"),
            ("支出，", "", "支出"),
        ] {
            assert_eq!(open_clause(text), open, "{text}");
            assert_eq!(first_clause(text), first, "{text}");
        }
        let chars: Vec<char> = "1,020,甲".chars().collect();
        assert!(!pauses_at(&chars, 1) && pauses_at(&chars, 5) && !pauses_at(&chars, 9));
    }
}

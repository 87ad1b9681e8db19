//! Marks that send the reader to a note, typed as plain characters beside a figure: 371.20①, 300.00*, 300.00\[2\], 285.00（注3）,
//! ①371.20. They are no part of the figure.
//!
//! A circled number and a number in square brackets can be no part of a figure; a star can (5* is a hotel), so that it is a
//! mark only where the figure is long enough to be one by itself.

use super::fold::is_blank;

/// Most marks of one figure.
const MOST: usize = 3;
/// The word for a note.
const NOTE: char = '注';

/// Whether a character is that of a note mark: a digit, a number in a circle, a star, 注.
pub fn is_sign(c: char) -> bool {
    c.is_ascii_digit() || is_numbered(c) || is_symbol(c) || c == NOTE
}

/// ①, ⑴, ❶, ㈠.
fn is_numbered(c: char) -> bool {
    matches!(c, '①'..='⒛' | '⓪' | '⓵'..='⓾' | '㉑'..='㊿' | '❶'..='❿' | '➀'..='➓' | '㈠'..='㈩')
}

fn is_symbol(c: char) -> bool {
    matches!(c, '*' | '＊' | '∗' | '※' | '†' | '‡' | '§' | '#' | '＃')
}

fn is_raised(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// A text without the marks before and behind it, where a figure is left.
pub fn without_marks(text: &str) -> &str {
    let mut core = text.trim_matches(is_blank);
    for _ in 0..MOST {
        let Some(next) = cut_behind(core).or_else(|| cut_before(core)) else {
            break;
        };
        core = next.trim_matches(is_blank);
    }
    if core.contains(super::number::is_plain_digit) {
        core
    } else {
        text
    }
}

/// The same where nothing but a figure can stand: of money, rates and points a star behind two digits is a mark too.
pub fn without_stars(text: &str) -> &str {
    let core = without_marks(text);
    let bare = core.trim_end_matches(is_symbol);
    if bare.ends_with(ends_a_number) { bare } else { core }
}

/// Characters of a mark that stands between a number and its unit: 371.20①万元.
pub fn mark_at(chars: &[char], at: usize) -> usize {
    match chars.get(at) {
        Some(c) if is_numbered(*c) => 1,
        Some('[' | '【' | '〔') => {
            let inner = chars[at + 1..].iter().take(4);
            let inner: String = inner.take_while(|c| !is_closing(**c)).collect();
            let closes = chars
                .get(at + 1 + inner.chars().count())
                .is_some_and(|c| is_closing(*c));
            if closes && is_reference(&inner, true) {
                inner.chars().count() + 2
            } else {
                0
            }
        }
        _ => 0,
    }
}

fn is_closing(c: char) -> bool {
    matches!(c, ']' | '】' | '〕' | '］')
}

/// What stands in the brackets of a mark: 1, 注3, ①, *. In round brackets a number alone is rather one of the report's own.
fn is_reference(inner: &str, square: bool) -> bool {
    let inner = inner.trim_matches(is_blank);
    let mut chars = inner.chars();
    match (chars.next(), chars.next()) {
        (None, _) => false,
        (Some(c), None) if is_numbered(c) || is_symbol(c) || c == NOTE => true,
        (Some('a'..='d'), None) => square,
        _ => {
            let number = inner.strip_prefix(NOTE);
            let digits = number.unwrap_or(inner).trim_start_matches(is_blank);
            let told = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            let circled = number.is_some() && digits.chars().all(is_numbered) && digits.chars().count() == 1;
            circled || told && (square || number.is_some())
        }
    }
}

fn cut_behind(text: &str) -> Option<&str> {
    let last = text.chars().next_back()?;
    let rest = &text[..text.len() - last.len_utf8()];
    if is_numbered(last) {
        return Some(rest.strip_suffix(NOTE).unwrap_or(rest));
    }
    if is_symbol(last) {
        let bare = rest.trim_end_matches(is_symbol);
        return is_long(bare.trim_end_matches(is_numbered)).then_some(bare);
    }
    if is_raised(last) {
        let bare = rest.trim_end_matches(is_raised);
        return (is_long(bare) && bare.ends_with(ends_a_number)).then_some(bare);
    }
    for (open, close, square) in BRACKETS {
        if last == close {
            let at = rest.rfind(open)?;
            let inner = &rest[at + open.len_utf8()..];
            return is_reference(inner, square).then_some(&rest[..at]);
        }
    }
    // 371.20注1
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - bare.len();
    // … and 371.20 注1.
    bare.strip_suffix(NOTE)
        .filter(|b| digits <= 2 && b.trim_end_matches(is_blank).ends_with(ends_a_number))
}

fn cut_before(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    // ①3家；②5家 numbers its parts.
    if is_numbered(first) {
        return (!rest.contains(is_numbered)).then_some(rest);
    }
    if is_symbol(first) && first != '#' && first != '＃' {
        return (is_long(rest) && rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest);
    }
    let (_, close, _) = BRACKETS
        .into_iter()
        .find(|(open, _, square)| *open == first && *square)?;
    let (inner, rest) = rest.split_once(close)?;
    is_reference(inner, true).then_some(rest)
}

const BRACKETS: [(char, char, bool); 6] = [
    ('[', ']', true),
    ('［', '］', true),
    ('【', '】', true),
    ('〔', '〕', true),
    ('(', ')', false),
    ('（', '）', false),
];

fn ends_a_number(c: char) -> bool {
    super::number::is_plain_digit(c) || matches!(c, '%' | '％' | '‰')
}

/// Whether a figure is one for sure: it has decimals, groups, a sign of per cent or three digits. 5* and 95* may be names.
fn is_long(text: &str) -> bool {
    let digits = text.chars().filter(|c| super::number::is_plain_digit(*c)).count();
    let parted = text.contains(['.', '．', ',']) && digits > 1;
    text.ends_with(ends_a_number) && (digits > 2 || parted || digits > 0 && text.ends_with(['%', '％', '‰']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_part_of_a_figure() {
        for (text, core) in [
            ("371.20①", "371.20"),
            ("371.20 ①", "371.20"),
            ("371.20 注1", "371.20"),
            ("371.20　注", "371.20"),
            ("①371.20", "371.20"),
            ("3①", "3"),
            ("300.00*", "300.00"),
            ("300.00**", "300.00"),
            ("*300.00", "300.00"),
            ("300.00[2]", "300.00"),
            ("[2]300.00", "300.00"),
            ("300.00【注2】", "300.00"),
            ("285.00（注3）", "285.00"),
            ("285.00(*)", "285.00"),
            ("285.00(①)", "285.00"),
            ("285.00注3", "285.00"),
            ("285.00注①", "285.00"),
            ("371.20①②", "371.20"),
            ("371.20①*", "371.20"),
            ("371.20¹", "371.20"),
            ("95%*", "95%"),
            ("1,200#", "1,200"),
            ("380万元①", "380万元"),
            ("≥95%①", "≥95%"),
            // What may be part of a name, a rating, a unit, a power or a list stays.
            ("5*", "5*"),
            ("95*", "95*"),
            ("*5", "*5"),
            ("#3", "#3"),
            ("10²", "10²"),
            ("5000m²", "5000m²"),
            ("①3家；②5家", "①3家；②5家"),
            ("①", "①"),
            ("[1]", "[1]"),
            ("**", "**"),
            ("371.20(1)", "371.20(1)"),
            ("(1)371.20", "(1)371.20"),
            ("2451（不含预留部分）", "2451（不含预留部分）"),
            ("备注", "备注"),
            ("3", "3"),
            ("", ""),
        ] {
            assert_eq!(without_marks(text), core, "{text}");
        }
    }
}

//! Marks that stand for something else than themselves: for nothing, for a sign, for a comparison.

/// The word for “nothing” that every column knows. Values of indicators know more: `blank` of `patterns/values.toml`.
const NOTHING: &str = "无";
/// Words that say why a cell holds no figure.
const NOT_APPLICABLE: [&str; 3] = ["不适用", "不涉及", "N/A"];

/// Whether a character is a dash of whatever width.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '—' | '–' | '―' | '─' | '－' | '−' | '‐' | '‑')
}

/// Whether a folded text says nothing: empty, marks alone (`-`, `——`, `/`, `…`), or one of the words for it.
pub fn is_nothing(folded: &str) -> bool {
    folded
        .chars()
        .all(|c| is_dash(c) || matches!(c, '/' | '\\' | '*' | '…' | '_' | '.'))
        || folded == NOTHING
}

/// Whether a folded text says that no figure belongs here: nothing, or 不适用. Points that do not apply change a total, so
/// that they are no mere nothing.
pub fn holds_no_figure(folded: &str) -> bool {
    is_nothing(folded) || NOT_APPLICABLE.contains(&folded)
}

/// Whether a folded character compares: ≥, ≤, <, >, =.
pub fn is_comparator(c: char) -> bool {
    matches!(c, '≥' | '≤' | '<' | '>' | '=')
}

/// Whether a folded character beside a number makes it part of an expression: 5×10^4, 5±1, ∛8. What it is worth the
/// number alone does not say.
pub fn is_operator(c: char) -> bool {
    let known = matches!(c, '≥' | '≤' | '≈' | '√' | '∙' | '⋅') || is_minus(c);
    matches!(c, '×' | '÷' | '^' | '±' | '\u{2200}'..='\u{22ff}' | '\u{2a00}'..='\u{2aff}') && !known
}

/// Whether a character hides another: the replacement character, or one of the private area that no font explains.
pub fn is_unknown(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')
}

/// Whether a folded character right before a number makes it negative. Statements of accounts mark a loss or a decrease
/// with △ or ▲; ▼ and ↓ point down. An em dash and brackets do so only where a decrease may stand.
pub fn is_minus(c: char) -> bool {
    matches!(c, '-' | '–' | '△' | '▲' | '▼' | '↓' | '∆' | 'Δ' | '▽')
}

/// Whether a folded character stands between the ends of a range or a period: 3-5, 3至5, 2022.1—2022.12.
pub fn is_range(c: char) -> bool {
    matches!(c, '-' | '~' | '—' | '–' | '―') || reaches(c)
}

/// Whether a character says up to where: 3至5, 下降到4%.
pub fn reaches(c: char) -> bool {
    matches!(c, '至' | '到')
}

/// The number in a circle: 3 of ③; to 20.
pub fn circled(c: char) -> Option<u32> {
    ('①'..='⑳').contains(&c).then(|| u32::from(c) - u32::from('①') + 1)
}

/// White space, and the invisible characters that programs leave behind.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{1a}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing() {
        for text in ["", "-", "——", "/", "－", "……", "*", "无", "--", "―", "_"] {
            assert!(is_nothing(text), "{text}");
        }
        for text in ["0", "0.00", "-1", "无重大事故", "一", "空调", "〇"] {
            assert!(!is_nothing(text), "{text}");
        }
    }

    #[test]
    fn circles() {
        assert_eq!((circled('①'), circled('⑳'), circled('1')), (Some(1), Some(20), None));
    }
}

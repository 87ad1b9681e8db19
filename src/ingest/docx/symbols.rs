//! Characters of symbol fonts: check boxes above all, and the comparison signs of the Symbol font.

/// Fonts whose characters do not mean what their code points say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::ingest) enum Font {
    /// Any font with ordinary characters.
    #[default]
    Text,
    Symbol,
    Wingdings,
    Wingdings2,
    /// Wingdings 3, Webdings: no character of theirs is mapped.
    OtherSymbols,
}

impl Font {
    pub(in crate::ingest) fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "symbol" => Font::Symbol,
            "wingdings" => Font::Wingdings,
            "wingdings 2" => Font::Wingdings2,
            "wingdings 3" | "webdings" => Font::OtherSymbols,
            _ => Font::Text,
        }
    }

    /// The Unicode character that a code of this font shows; `None` where it is not known.
    ///
    /// Symbol fonts are addressed by 0x20..=0xFF or the same moved to U+F020..=U+F0FF.
    pub(in crate::ingest) fn map(self, code: u32) -> Option<char> {
        let low = match code {
            0x20..=0xFF => code,
            0xF020..=0xF0FF => code - 0xF000,
            _ => return char::from_u32(code),
        };
        if low == 0x20 {
            return Some(' ');
        }
        match self {
            Font::Text if code <= 0xFF => char::from_u32(code),
            // Without a font name the check boxes of Wingdings are what the private area is used for.
            Font::Text | Font::Wingdings => Some(match low {
                0xFE | 0xFD => '☑',
                0xA8 | 0x6F | 0x70 | 0x71 | 0x72 => '☐',
                0xFC => '✓',
                0xFB => '✗',
                0x6C => '●',
                0xA1 => '○',
                0x6E => '■',
                0x75 => '◆',
                0xD8 => '➢',
                0xE0 => '→',
                0x81..=0x8A => return char::from_u32(0x2460 + low - 0x81),
                0x8C..=0x95 => return char::from_u32(0x2776 + low - 0x8C),
                _ => return None,
            }),
            Font::Wingdings2 => Some(match low {
                0x51..=0x54 => '☑',
                0xA3 | 0x2A | 0x30 => '☐',
                0x50 => '✓',
                0x4F => '✗',
                _ => return None,
            }),
            Font::Symbol => Some(match low {
                0xA3 => '≤',
                0xB3 => '≥',
                0xB1 => '±',
                0xB4 => '×',
                0xB8 => '÷',
                0xB9 => '≠',
                0xBB => '≈',
                0xA5 => '∞',
                0xB0 => '°',
                0xB7 => '•',
                0x2D => '−',
                0x6D => 'μ',
                0x53 => 'Σ',
                0x44 => 'Δ',
                // Digits and most punctuation stand where they stand in ASCII.
                0x21
                | 0x23
                | 0x25
                | 0x26
                | 0x28
                | 0x29
                | 0x2B
                | 0x2C
                | 0x2E..=0x3F
                | 0x5B
                | 0x5D
                | 0x5F
                | 0x7B..=0x7D => {
                    return char::from_u32(low);
                }
                _ => return None,
            }),
            Font::OtherSymbols => None,
        }
    }
}

/// A ticked or an empty box.
pub(in crate::ingest) fn check_box(ticked: bool) -> char {
    if ticked { '☑' } else { '☐' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_means_different_signs_in_different_fonts() {
        assert_eq!(Font::of("Symbol").map(0xF0A3), Some('≤'));
        assert_eq!(Font::of("Wingdings 2").map(0xF0A3), Some('☐'));
        assert_eq!(Font::of("Wingdings 2").map(0x52), Some('☑'));
        assert_eq!(Font::of("Wingdings").map(0xF0FE), Some('☑'));
        assert_eq!(Font::of("宋体").map(0xF0A8), Some('☐'));
        assert_eq!(Font::of("宋体").map(0x52), Some('R'));
        assert_eq!(Font::of("Symbol").map(0x35), Some('5'));
        assert_eq!(Font::of("Webdings").map(0x61), None);
        assert_eq!(Font::of("Wingdings 2").map(0x2611), Some('☑'));
    }
}

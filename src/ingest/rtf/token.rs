//! Bytes to tokens; nothing is copied.

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// `\word` with its number.
    Control(&'a str, Option<i32>),
    /// `\` and one character that is no letter.
    Symbol(u8),
    /// `\'hh`.
    Hex(u8),
    /// Text; line ends are no part of it.
    Bytes(&'a [u8]),
}

/// The tokens of a document. Binary data (`\bin`) is passed over.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        Tokens { bytes, at: 0 }
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let rest = &self.bytes[self.at..];
        let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).take(64).count();
        if letters == 0 {
            let symbol = *rest.first()?;
            self.at += 1;
            if symbol != b'\'' {
                return Some(Token::Symbol(symbol));
            }
            let digit = |at: usize| rest.get(at).and_then(|b| char::from(*b).to_digit(16));
            let (Some(high), Some(low)) = (digit(1), digit(2)) else {
                return Some(Token::Symbol(symbol));
            };
            self.at += 2;
            return u8::try_from(high * 16 + low).ok().map(Token::Hex);
        }
        let word = std::str::from_utf8(&rest[..letters]).unwrap_or_default();
        self.at += letters;
        let rest = &rest[letters..];
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[sign..].iter().take_while(|b| b.is_ascii_digit()).take(10).count();
        let mut number = None;
        if digits > 0 {
            let text = std::str::from_utf8(&rest[..sign + digits]).unwrap_or_default();
            number = Some(text.parse().unwrap_or(if sign > 0 { i32::MIN } else { i32::MAX }));
            self.at += sign + digits;
        }
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        if word == "bin" {
            let length = number.and_then(|n: i32| usize::try_from(n).ok()).unwrap_or(0);
            self.at = self.at.saturating_add(length).min(self.bytes.len());
        }
        Some(Token::Control(word, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let first = *self.bytes.get(self.at)?;
            self.at += 1;
            match first {
                b'{' => return Some(Token::Open),
                b'}' => return Some(Token::Close),
                b'\r' | b'\n' | 0 => {}
                b'\\' => return self.control(),
                _ => {
                    let start = self.at - 1;
                    let rest = &self.bytes[self.at..];
                    let end = rest
                        .iter()
                        .position(|b| matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0));
                    self.at += end.unwrap_or(rest.len());
                    return Some(Token::Bytes(&self.bytes[start..self.at]));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_symbols_and_text() {
        let tokens: Vec<Token> = Tokens::new(b"{\\b0 a\\par\r\nb\\u-10179?\\'d6\\*\\bin3 }}}\\'zz\\").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Control("b", Some(0)),
                Token::Bytes(b"a"),
                Token::Control("par", None),
                Token::Bytes(b"b"),
                Token::Control("u", Some(-10179)),
                Token::Bytes(b"?"),
                Token::Hex(0xD6),
                Token::Symbol(b'*'),
                Token::Control("bin", Some(3)),
                Token::Symbol(b'\''),
                Token::Bytes(b"zz"),
            ]
        );
    }
}

//! The code of a number format: its sections and what each of them is made of.

use super::{Digits, Look, Part, Section};
use crate::ingest::sheet::number::Decimal;
use std::cmp::Ordering;

/// A piece of a code: a character that means something, or text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Sign(char),
    Text(String),
    /// What stands in brackets.
    Bracket(String),
}

/// The pieces of a code; gaps (`_x`) and fillings (`*x`) are none.
fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => tokens.push(Token::Text(chars.by_ref().take_while(|c| *c != '"').collect())),
            '[' => tokens.push(Token::Bracket(chars.by_ref().take_while(|c| *c != ']').collect())),
            '\\' | '!' => tokens.extend(chars.next().map(|c| Token::Text(c.to_string()))),
            '_' | '*' => {
                chars.next();
            }
            c => tokens.push(Token::Sign(c)),
        }
    }
    tokens
}

/// A code cut at its semicolons.
pub(super) fn sections(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let (mut from, mut closes, mut escaped) = (0, None, false);
    for (at, c) in code.char_indices() {
        match (c, closes) {
            _ if std::mem::take(&mut escaped) => {}
            (c, Some(end)) => closes = Some(end).filter(|end| c != *end),
            ('"', None) => closes = Some('"'),
            ('[', None) => closes = Some(']'),
            ('\\' | '!' | '_' | '*', None) => escaped = true,
            (';', None) => {
                sections.push(&code[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&code[from..]);
    sections
}

pub(super) fn section(code: &str) -> Section {
    let tokens = tokens(code);
    let condition = tokens.iter().find_map(|token| match token {
        Token::Bracket(inside) => condition(inside),
        _ => None,
    });
    Section {
        condition,
        look: look(code, &tokens),
    }
}

fn condition(inside: &str) -> Option<(Vec<Ordering>, Decimal)> {
    let end = inside.find(|c| !matches!(c, '<' | '>' | '='))?;
    let orders = match &inside[..end] {
        "<" => vec![Ordering::Less],
        "<=" => vec![Ordering::Less, Ordering::Equal],
        "=" => vec![Ordering::Equal],
        ">=" => vec![Ordering::Greater, Ordering::Equal],
        ">" => vec![Ordering::Greater],
        "<>" => vec![Ordering::Less, Ordering::Greater],
        _ => return None,
    };
    Some((orders, Decimal::parse(&inside[end..])?))
}

fn look(code: &str, tokens: &[Token]) -> Look {
    let signs = || {
        tokens.iter().filter_map(|token| match token {
            Token::Sign(c) => Some(*c),
            _ => None,
        })
    };
    let bare: String = signs().collect();
    let lower = bare.to_ascii_lowercase();
    for general in ["general", "g/通用格式", "standard"] {
        if lower.contains(general) {
            let (before, after) = around(tokens, general);
            return Look::General(before, after);
        }
    }
    if signs().any(|c| c == '@') {
        let (before, after) = around(tokens, "@");
        return Look::Text(before, after);
    }
    let elapsed = |token: &Token| matches!(token, Token::Bracket(b) if matches!(b.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss"));
    if tokens.iter().any(elapsed) || lower.contains(['y', 'm', 'd', 'h', 's', 'a']) {
        return Look::Date(code.to_owned());
    }
    if !signs().any(|c| matches!(c, '0' | '#' | '?')) {
        let words = literals(tokens);
        return if words.is_empty() {
            Look::Nothing
        } else {
            Look::Words(words)
        };
    }
    if signs().any(|c| matches!(c, 'E' | 'e' | '/')) {
        return Look::General(String::new(), String::new());
    }
    Look::Digits(digits(tokens))
}

/// The texts before and behind a word of a section.
fn around(tokens: &[Token], word: &str) -> (String, String) {
    let width = word.chars().count();
    let starts = |at: &usize| {
        let ahead = tokens[*at..].iter().take(width).filter_map(|token| match token {
            Token::Sign(c) => Some(c.to_ascii_lowercase()),
            _ => None,
        });
        ahead.eq(word.chars())
    };
    let at = (0..tokens.len()).find(starts).unwrap_or(0);
    let end = (at + width).min(tokens.len());
    (literals(&tokens[..at]), literals(&tokens[end..]))
}

/// Text that a code puts around digits: `"万元"`, `\元`. Signs, conditions, colours and currencies are no text.
fn literals(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Text(literal) => text.push_str(literal),
            Token::Sign(c) if !is_silent(*c) => text.push(*c),
            _ => {}
        }
    }
    let text = text.trim().trim_matches(['¥', '￥', '$', '-', '(', ')']);
    text.trim().to_owned()
}

/// Signs that stand around a figure and say nothing that the record does not say otherwise.
fn is_silent(c: char) -> bool {
    matches!(
        c,
        '%' | '-' | '+' | '(' | ')' | ',' | '.' | '¥' | '￥' | '$' | '0' | '#' | '?'
    )
}

fn digits(tokens: &[Token]) -> Digits {
    let is_place = |token: &Token| matches!(token, Token::Sign('0' | '#' | '?'));
    let first = tokens.iter().position(is_place).unwrap_or(0);
    let last = tokens.iter().rposition(is_place).unwrap_or(0);
    let mut found = Digits::default();
    let point = tokens.iter().position(|token| *token == Token::Sign('.'));
    // A point of the code behind which no digit comes is the end of a sentence: 0.
    let point = point.filter(|at| (first.saturating_sub(1)..=last + 1).contains(at));
    let literal = |found: &mut Digits, text: String| {
        if !text.is_empty() {
            found.parts.push(Part::Literal(text));
        }
    };
    literal(&mut found, literals(&tokens[..first.min(point.unwrap_or(first))]));
    let whole_end = point.unwrap_or(tokens.len());
    for (at, token) in tokens.iter().enumerate().skip(first.min(point.unwrap_or(first))) {
        match token {
            Token::Sign('.') if Some(at) == point => found.parts.push(Part::Point),
            Token::Sign(c) if is_place(token) => {
                found.decimals += usize::from(at > whole_end);
                found.parts.push(Part::Digit(*c));
            }
            // Between places it groups; behind the last place of the whole part or of all it divides.
            Token::Sign(',') if tokens[at..whole_end.max(at)].iter().any(is_place) => found.grouped = true,
            Token::Sign(',') if at < whole_end || at > last => found.thousands += i64::from(scales(tokens, at)),
            Token::Sign('%') => {
                found.percent = true;
                found.parts.push(Part::Percent);
            }
            Token::Text(text) if at < last => found.parts.push(Part::Literal(text.clone())),
            Token::Text(_) | Token::Sign(_) if at > last => literal(&mut found, literals(&tokens[at..=at])),
            _ => {}
        }
    }
    let before = tokens[..first].contains(&Token::Sign('%'));
    found.percent |= before;
    found
}

/// Whether a comma stands behind places with nothing but commas between: `0.00,,`.
fn scales(tokens: &[Token], at: usize) -> bool {
    let before = tokens[..at].iter().rev().find(|token| **token != Token::Sign(','));
    before.is_some_and(|token| matches!(token, Token::Sign('0' | '#' | '?' | '.')))
}

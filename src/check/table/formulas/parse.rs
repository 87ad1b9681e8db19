//! Formulas as headings print them: labels of columns, and what is computed from them.

use crate::pattern::words::Letters;
use crate::text::mark::circled;
use std::collections::HashMap;

/// Longest formula in characters, and deepest nesting of its brackets: a form prints far less.
const LONGEST: usize = 64;

const DEEPEST: usize = 8;

/// A step of a formula, operands before their operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The figure in the column of the sequence.
    Column(usize),
    /// ×100%: says how the result is written, and changes nothing.
    One,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The label that numbers a column: 3, (3), A, and ④ also behind the words of a heading (小计④).
pub(super) fn label(own: &str, signs: &Letters) -> Option<String> {
    if let Some(last) = own.chars().last().filter(|c| circled(*c).is_some()) {
        return circled(last).map(|number| number.to_string());
    }
    match tokens(own.trim_matches(['(', ')']), signs).as_deref() {
        Some([Token::Word(label)]) => Some(label.clone()),
        _ => None,
    }
}

/// The part of a heading that numbers its column, where no row of its own does: ③＝①＋② of 补助合计/③＝①＋②, A of 预算数（A）.
pub(super) fn numbered(header: &str) -> &str {
    let opens = |text: &str| {
        text.rfind(['/', '(', '（'])
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8))
    };
    match header.find(['=', '＝']) {
        Some(equals) => &header[opens(&header[..equals])..],
        None => header[opens(header)..].trim_end_matches([')', '）']),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// The label of a column, or a number.
    Word(String),
    /// An operator or a bracket.
    Sign(char),
}

/// The words and signs of a formula; `None` for what is none.
pub(super) fn tokens(text: &str, signs: &Letters) -> Option<Vec<Token>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let mut out: Vec<Token> = Vec::new();
    let mut fresh = true;
    for c in text.chars() {
        if let Some(number) = circled(c) {
            out.push(Token::Word(number.to_string()));
            fresh = true;
            continue;
        }
        let sign = match c {
            '+' | '-' | '*' | '/' | '(' | ')' => c,
            '×' => '*',
            '÷' => '/',
            '−' | '–' | '—' => '-',
            // 第3栏 is column 3.
            c if signs.has(c) => {
                fresh = true;
                continue;
            }
            c if c.is_whitespace() => continue,
            c if c.is_ascii_alphanumeric() || c == '%' => {
                match out.last_mut() {
                    Some(Token::Word(word)) if !fresh => word.push(c.to_ascii_uppercase()),
                    _ => out.push(Token::Word(c.to_ascii_uppercase().to_string())),
                }
                fresh = false;
                continue;
            }
            _ => return None,
        };
        out.push(Token::Sign(sign));
        fresh = true;
    }
    Some(out)
}

/// The steps of a formula whose words are labels of columns; `None` where one is none, or the signs do not fit.
pub(super) fn parse(tokens: &[Token], labels: &HashMap<String, usize>) -> Option<Vec<Step>> {
    let mut parser = Parser {
        tokens,
        at: 0,
        labels,
        steps: Vec::new(),
    };
    parser.sum(0)?;
    // A bracket too many or too few at the end is the form's slip.
    let whole = parser.tokens[parser.at..].iter().all(|t| *t == Token::Sign(')'));
    whole.then_some(parser.steps)
}

struct Parser<'p> {
    tokens: &'p [Token],
    at: usize,
    labels: &'p HashMap<String, usize>,
    steps: Vec<Step>,
}

impl Parser<'_> {
    fn sign(&mut self, wanted: &[char]) -> Option<char> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) if wanted.contains(sign) => {
                self.at += 1;
                Some(*sign)
            }
            _ => None,
        }
    }

    fn sum(&mut self, depth: usize) -> Option<()> {
        self.product(depth)?;
        while let Some(sign) = self.sign(&['+', '-']) {
            self.product(depth)?;
            self.steps.push(if sign == '+' { Step::Add } else { Step::Subtract });
        }
        Some(())
    }

    fn product(&mut self, depth: usize) -> Option<()> {
        self.factor(depth)?;
        while let Some(sign) = self.sign(&['*', '/']) {
            self.factor(depth)?;
            self.steps.push(if sign == '*' { Step::Multiply } else { Step::Divide });
        }
        Some(())
    }

    fn factor(&mut self, depth: usize) -> Option<()> {
        if self.sign(&['(']).is_some() {
            if depth >= DEEPEST {
                return None;
            }
            self.sum(depth + 1)?;
            // A bracket that is not closed ends with the formula.
            return (self.sign(&[')']).is_some() || self.at == self.tokens.len()).then_some(());
        }
        let Some(Token::Word(word)) = self.tokens.get(self.at) else {
            return None;
        };
        self.at += 1;
        let step = match self.labels.get(word) {
            Some(column) => Step::Column(*column),
            None if matches!(word.as_str(), "100%" | "100") => Step::One,
            None => return None,
        };
        self.steps.push(step);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(formula: &str) -> Option<Vec<Step>> {
        let patterns = crate::pattern::Patterns::builtin().unwrap();
        let tokens = tokens(formula, &patterns.checks.words.tables.column_signs)?;
        let labels = [("1", 1), ("2", 2), ("3", 3), ("A", 8)].map(|(k, v)| (k.to_owned(), v));
        let labels = HashMap::from(labels);
        parse(&tokens, &labels)
    }

    #[test]
    fn numbers_in_headings() {
        for (header, wanted) in [
            ("补助合计/③＝①＋②", "③＝①＋②"),
            ("占比/④=②/①", "④=②/①"),
            ("全年预算数（A）", "A"),
            ("结余（C=A-B）", "C=A-B）"),
            ("省级补助", "省级补助"),
        ] {
            assert_eq!(numbered(header), wanted, "{header}");
        }
    }

    #[test]
    fn formulas_of_headings() {
        use Step::{Add, Column as C, Divide, Multiply, One, Subtract};
        for (text, wanted) in [
            ("1+2", Some(vec![C(1), C(2), Add])),
            ("(1)-(2", Some(vec![C(1), C(2), Subtract])),
            ("第3栏÷第2栏×100%", Some(vec![C(3), C(2), Divide, One, Multiply])),
            ("①+②", Some(vec![C(1), C(2), Add])),
            ("(1-2)/a", Some(vec![C(1), C(2), Subtract, C(8), Divide])),
            ("1+9", None),
            ("1+…+3", None),
        ] {
            assert_eq!(steps(text), wanted, "{text}");
        }
        assert_eq!(steps(&"(".repeat(60)), None);
    }
}

//! A formula from its text to its value, in one pass.

use super::{DEPTH, Held, Place, Solver, exact};
use crate::ingest::sheet::xlsx::place;
use rust_decimal::{Decimal, RoundingStrategy};

/// A rectangle of a sheet.
struct Area {
    sheet: usize,
    from: Place,
    to: Place,
}

/// Reads a formula from left to right and computes as it goes. `None` is whatever it does not know.
pub(super) struct Parser<'s, 'f> {
    pub(super) solver: &'s mut Solver<'f>,
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) sheet: usize,
    pub(super) moved: (i64, i64),
}

impl Parser<'_, '_> {
    pub(super) fn whole(&mut self) -> Option<Decimal> {
        let value = self.sum()?;
        self.blanks();
        (self.at == self.chars.len()).then_some(value)
    }

    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        self.blanks();
        let found = self.chars.get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Option<Decimal> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value = value.checked_add(self.product()?)?;
            } else if self.take('-') {
                value = value.checked_sub(self.product()?)?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<Decimal> {
        let mut value = self.power()?;
        loop {
            if self.take('*') {
                value = value.checked_mul(self.power()?)?;
            } else if self.take('/') {
                value = value.checked_div(self.power()?)?;
            } else {
                return Some(value);
            }
        }
    }

    fn power(&mut self) -> Option<Decimal> {
        let mut value = self.signed()?;
        while self.take('^') {
            let exponent = self.signed()?;
            let times = u8::try_from(exponent)
                .ok()
                .filter(|n| *n <= 30 && Decimal::from(*n) == exponent)?;
            let base = value;
            value = Decimal::ONE;
            for _ in 0..times {
                value = value.checked_mul(base)?;
            }
        }
        Some(value)
    }

    fn signed(&mut self) -> Option<Decimal> {
        let mut negative = false;
        loop {
            if self.take('-') {
                negative = !negative;
            } else if !self.take('+') {
                break;
            }
        }
        let mut value = self.atom()?;
        while self.take('%') {
            value = value.checked_div(Decimal::ONE_HUNDRED)?;
        }
        Some(if negative { -value } else { value })
    }

    fn atom(&mut self) -> Option<Decimal> {
        if self.take('(') {
            return self.nested(|parser| {
                let value = parser.sum()?;
                parser.take(')').then_some(value)
            });
        }
        if self.chars.get(self.at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
            return self.number();
        }
        if let Some(area) = self.area() {
            let one = area.from == area.to;
            let formulas = self.solver.formulas;
            let held = formulas.sheets.get(area.sheet)?.1.get(&area.from);
            if !one || matches!(held, Some(Held::Words)) {
                return None;
            }
            return self.solver.held(held, self.depth).map(Option::unwrap_or_default);
        }
        let from = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_ascii_alphabetic()) {
            self.at += 1;
        }
        let name: String = self.chars[from..self.at]
            .iter()
            .collect::<String>()
            .to_ascii_uppercase();
        self.take('(').then_some(())?;
        self.nested(|parser| parser.function(&name))
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Option<Decimal>) -> Option<Decimal> {
        self.depth += 1;
        let value = if self.depth > DEPTH { None } else { read(self) };
        self.depth -= 1;
        value
    }

    fn number(&mut self) -> Option<Decimal> {
        let from = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
            self.at += 1;
        }
        let text: String = self.chars[from..self.at].iter().collect();
        let follows = self
            .chars
            .get(self.at)
            .is_some_and(|c| c.is_alphabetic() || matches!(c, '!' | ':'));
        if follows { None } else { exact(&text) }
    }

    /// A function, from behind its bracket on.
    fn function(&mut self, name: &str) -> Option<Decimal> {
        let mut lists: Vec<Vec<Decimal>> = Vec::new();
        loop {
            lists.push(self.argument()?);
            if self.take(')') {
                break;
            }
            self.take(',').then_some(())?;
        }
        let all = || lists.iter().flatten().copied();
        let count = all().count();
        let one = |index: usize| match lists.get(index).map(Vec::as_slice) {
            Some([value]) => Some(*value),
            _ => None,
        };
        let add = || all().try_fold(Decimal::ZERO, Decimal::checked_add);
        match name {
            "SUM" => add(),
            "PRODUCT" if count > 0 => all().try_fold(Decimal::ONE, Decimal::checked_mul),
            "AVERAGE" => add()?.checked_div(Decimal::from(count)),
            "MAX" => all().max(),
            "MIN" => all().min(),
            "ABS" if lists.len() == 1 => one(0).map(|value| value.abs()),
            "ROUND" | "ROUNDUP" | "ROUNDDOWN" if lists.len() == 2 => {
                let how = match name {
                    "ROUND" => RoundingStrategy::MidpointAwayFromZero,
                    "ROUNDUP" => RoundingStrategy::AwayFromZero,
                    _ => RoundingStrategy::ToZero,
                };
                round(one(0)?, one(1)?, how)
            }
            _ => None,
        }
    }

    /// The numbers of an argument: of all cells of an area, or of an expression.
    fn argument(&mut self) -> Option<Vec<Decimal>> {
        let from = self.at;
        if let Some(area) = self.area() {
            self.blanks();
            if matches!(self.chars.get(self.at), Some(',' | ')')) {
                return self.numbers(&area);
            }
        }
        self.at = from;
        self.sum().map(|value| vec![value])
    }

    fn numbers(&mut self, area: &Area) -> Option<Vec<Decimal>> {
        let formulas = self.solver.formulas;
        let cells = &formulas.sheets.get(area.sheet)?.1;
        let mut numbers = Vec::new();
        for (at, held) in cells.range((area.from.0, 0)..=(area.to.0, u32::MAX)) {
            self.solver.looks += 1;
            if (area.from.1..=area.to.1).contains(&at.1) {
                numbers.extend(self.solver.held(Some(held), self.depth)?);
            }
        }
        Some(numbers)
    }

    /// `A1`, `$A$1:B7`, `表2!C3`, `'年 度'!C3`; the place stays where it was when there is none.
    fn area(&mut self) -> Option<Area> {
        self.blanks();
        let start = self.at;
        let found = self.sheet_name().and_then(|sheet| {
            let from = self.reference()?;
            let to = if self.take(':') { self.reference()? } else { from };
            Some(Area {
                sheet,
                from: (from.0.min(to.0), from.1.min(to.1)),
                to: (from.0.max(to.0), from.1.max(to.1)),
            })
        });
        if found.is_none() {
            self.at = start;
        }
        found
    }

    /// The sheet named before `!`, else the formula's own.
    fn sheet_name(&mut self) -> Option<usize> {
        let rest = &self.chars[self.at..];
        let (name, length): (String, usize) = if rest.first() == Some(&'\'') {
            let end = rest.iter().skip(1).position(|c| *c == '\'')? + 1;
            (rest[1..end].iter().collect(), end + 1)
        } else {
            let end = rest
                .iter()
                .position(|c| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                .unwrap_or(rest.len());
            (rest[..end].iter().collect(), end)
        };
        if rest.get(length) != Some(&'!') {
            return (rest.first() != Some(&'\'')).then_some(self.sheet);
        }
        self.at += length + 1;
        self.solver.formulas.sheets.iter().position(|(known, _)| *known == name)
    }

    fn reference(&mut self) -> Option<Place> {
        let column_fixed = self.take('$');
        let mut name = String::new();
        while let Some(c) = self.chars.get(self.at).filter(|c| c.is_ascii_alphabetic()) {
            name.push(*c);
            self.at += 1;
        }
        let row_fixed = self.chars.get(self.at) == Some(&'$');
        self.at += usize::from(row_fixed);
        while let Some(c) = self.chars.get(self.at).filter(|c| c.is_ascii_digit()) {
            name.push(*c);
            self.at += 1;
        }
        let ends = !self
            .chars
            .get(self.at)
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '(' | '!' | '.'));
        let at = place(&name).filter(|_| ends)?;
        let moved = |index: u32, by: i64, fixed: bool| {
            if fixed {
                Some(index)
            } else {
                u32::try_from(i64::from(index) + by).ok()
            }
        };
        Some((
            moved(at.0, self.moved.0, row_fixed)?,
            moved(at.1, self.moved.1, column_fixed)?,
        ))
    }
}

fn round(value: Decimal, digits: Decimal, how: RoundingStrategy) -> Option<Decimal> {
    let digits = i8::try_from(digits).ok().filter(|n| Decimal::from(*n) == digits)?;
    match u32::try_from(digits) {
        Ok(digits) => Some(value.round_dp_with_strategy(digits.min(28), how)),
        Err(_) => {
            let unit = (0..digits.unsigned_abs()).try_fold(Decimal::ONE, |unit, _| unit.checked_mul(Decimal::TEN))?;
            value
                .checked_div(unit)?
                .round_dp_with_strategy(0, how)
                .checked_mul(unit)
        }
    }
}

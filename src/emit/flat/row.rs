//! A row under construction: fields are pushed in the order of the columns.

use super::{FIGURE, Field, MONEY};
use crate::model::{BBox, Exact, PagePlace, Source, Value};
use rust_decimal::Decimal;
use serde::Serialize;
use std::borrow::Cow;

/// Fields of one row.
pub(super) struct Row<'a>(pub Vec<Field<'a>>);

impl<'a> Row<'a> {
    pub fn text(&mut self, text: &'a str) -> &mut Self {
        self.0.push(Field::Text(Cow::Borrowed(text)));
        self
    }

    pub fn opt(&mut self, text: Option<&'a str>) -> &mut Self {
        self.0
            .push(text.map_or(Field::Null, |text| Field::Text(Cow::Borrowed(text))));
        self
    }

    pub fn owned(&mut self, text: String) -> &mut Self {
        self.0.push(Field::Text(Cow::Owned(text)));
        self
    }

    pub fn integer(&mut self, number: i64) -> &mut Self {
        self.0.push(Field::Integer(number));
        self
    }

    pub fn count(&mut self, number: usize) -> &mut Self {
        // Counts of one record are far below i64::MAX.
        self.integer(i64::try_from(number).unwrap_or(i64::MAX))
    }

    pub fn opt_count(&mut self, number: Option<usize>) -> &mut Self {
        match number {
            Some(number) => self.count(number),
            None => self.null(1),
        }
    }

    pub fn boolean(&mut self, flag: Option<bool>) -> &mut Self {
        self.0.push(flag.map_or(Field::Null, Field::Boolean));
        self
    }

    pub fn null(&mut self, times: usize) -> &mut Self {
        self.0.extend(std::iter::repeat_n(Field::Null, times));
        self
    }

    /// A figure in two columns: typed, and as the record writes it.
    pub fn figure(&mut self, number: Option<Exact>) -> &mut Self {
        self.number(number, fits_decimal)
    }

    /// An amount in 元 in two columns: typed, and as the record writes it.
    pub fn money(&mut self, yuan: Option<Exact>) -> &mut Self {
        self.number(yuan, fits_money)
    }

    fn number(&mut self, number: Option<Exact>, fits: fn(Decimal) -> bool) -> &mut Self {
        let typed = number.filter(|number| fits(number.0));
        self.0
            .push(typed.map_or(Field::Null, |number| Field::Decimal(number.0)));
        self.0
            .push(number.map_or(Field::Null, |number| Field::Text(Cow::Owned(number.to_string()))));
        self
    }

    /// A list as JSON text; null when it is empty.
    pub fn json(&mut self, list: &[impl Serialize]) -> &mut Self {
        let text = (!list.is_empty()).then(|| serde_json::to_string(list).ok()).flatten();
        self.0
            .push(text.map_or(Field::Null, |text| Field::Text(Cow::Owned(text))));
        self
    }

    /// Page and box.
    pub fn place(&mut self, page: Option<u32>, bbox: Option<BBox>, continued: &[PagePlace]) -> &mut Self {
        match page {
            Some(page) => self.integer(i64::from(page)),
            None => self.null(1),
        };
        match bbox {
            Some(bbox) => {
                let edges = [bbox.x0, bbox.y0, bbox.x1, bbox.y1];
                self.0.extend(edges.map(|edge| Field::Coordinate(round(edge))));
            }
            None => {
                self.null(4);
            }
        }
        self.json(continued)
    }

    /// The eleven columns of provenance.
    pub fn source(&mut self, source: &'a Source) -> &mut Self {
        self.place(source.page, source.bbox, &source.continued)
            .opt_count(source.block)
            .opt(source.table.as_deref())
            .opt_count(source.row)
            .opt_count(source.col)
            .opt(source.text.as_deref())
    }

    /// A target or an actual: raw, kind, three figures of two columns each, unit, date, parts, table cell.
    pub fn value(&mut self, value: Option<&'a Value>) -> &mut Self {
        let Some(value) = value else {
            return self.null(VALUE_COLUMNS);
        };
        self.text(&value.raw)
            .text(value.kind.name())
            .figure(value.value)
            .figure(value.low)
            .figure(value.high)
            .opt(value.unit.as_deref())
            .opt(value.date.as_deref())
            .json(&value.parts);
        let source = value.source.as_ref();
        match source.and_then(|source| source.page) {
            Some(page) => self.integer(i64::from(page)),
            None => self.null(1),
        };
        self.opt_count(source.and_then(|source| source.row))
            .opt_count(source.and_then(|source| source.col))
    }
}

/// Columns of a target or an actual.
pub(super) const VALUE_COLUMNS: usize = 14;

/// As records round page geometry.
fn round(edge: f64) -> f64 {
    let rounded = (edge * 100.0).round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Whether a figure fits a [`super::ColumnType::Decimal`] column exactly.
pub fn fits_decimal(number: Decimal) -> bool {
    fits(number, FIGURE)
}

/// Whether an amount in 元 fits a [`super::ColumnType::Money`] column exactly.
pub fn fits_money(number: Decimal) -> bool {
    fits(number, MONEY)
}

fn fits(number: Decimal, (digits, scale): (u8, i8)) -> bool {
    let number = number.normalize();
    let whole = number.trunc().abs().mantissa();
    let room = u32::from(digits) - u32::from(scale.unsigned_abs());
    number.scale() <= u32::from(scale.unsigned_abs()) && whole < 10i128.pow(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_fits_or_is_left_to_its_text() {
        let fits = |text: &str| {
            let number: Exact = text.parse().unwrap();
            (fits_money(number.0), fits_decimal(number.0))
        };
        assert_eq!(fits("1.230"), (true, true));
        assert_eq!(fits("1.234"), (false, true));
        assert_eq!(fits("-999999999999999999.99"), (true, true));
        assert_eq!(fits("1000000000000000000"), (false, true));
        assert_eq!(fits("0.123456789012"), (false, true));
        assert_eq!(fits("0.1234567890123"), (false, false));
        assert_eq!(fits("0.10000000000000000"), (true, true));
        assert_eq!(fits("99999999999999999999999999"), (false, true));
        assert_eq!(fits("100000000000000000000000000"), (false, false));
    }
}

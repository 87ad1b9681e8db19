//! Simple readings of values until the full grammar stands in their place.

#![allow(missing_docs)]

pub mod value {
    use crate::model::{Value, ValueKind};
    use crate::pattern::Patterns;

    pub fn read(raw: &str, _: Option<&str>, _: Option<&str>, _: &Patterns) -> Value {
        Value {
            raw: raw.to_owned(),
            kind: ValueKind::Qualitative,
            value: None,
            low: None,
            high: None,
            unit: None,
            date: None,
            parts: vec![],
            source: None,
        }
    }
}

pub mod met {
    use crate::model::Value;
    use crate::pattern::Patterns;

    pub fn judge(_: &Value, _: &Value, _: &str, _: &Patterns) -> Option<bool> {
        None
    }
}

pub mod unit {
    use crate::model::Exact;
    use crate::normalize::cells::{is_blank, plain};
    use crate::pattern::Patterns;
    use crate::pattern::headers::fold;

    pub struct Units<'a> {
        pub header: Option<&'a str>,
        pub section: Option<&'a str>,
        pub caption: Option<&'a str>,
        pub title: Option<&'a str>,
        pub money: bool,
    }

    pub struct Reading {
        pub value: Option<Exact>,
        pub unit: Option<String>,
        pub yuan: Option<Exact>,
        pub blank: bool,
    }

    pub fn amount(raw: &str, units: &Units<'_>, _: &Patterns) -> Reading {
        let folded = fold(raw);
        let unit = units.header.or(units.section).or(units.caption).or(units.title);
        let unit = unit.filter(|_| units.money).map(str::to_owned);
        let percent = folded.ends_with('%').then(|| "%".to_owned());
        Reading {
            value: plain(folded.trim_end_matches('%')),
            unit: percent.or(unit),
            yuan: None,
            blank: is_blank(&folded),
        }
    }

    pub fn find_in(_: &str, _: &Patterns) -> Option<String> {
        None
    }
}

pub mod date {
    pub fn whole(_: &str) -> Option<String> {
        None
    }
}

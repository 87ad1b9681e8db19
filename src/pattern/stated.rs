//! The units that a heading, a caption or a label states for the figures below or beside it.

use super::Patterns;
use super::units::{UnitKind, UnitMatch};
use crate::text::fold::{fold_chars, skip_blanks};

impl Patterns {
    /// The money unit that a heading or caption states: 单位：万元, 金额（万元）, 单位:人民币万元, 单位：元  %.
    pub fn stated_money(&self, text: &str) -> Option<String> {
        let mut units = self.stated_units(text);
        units.retain(|u| u.kind == UnitKind::Money);
        one_unit(units).map(|u| u.text)
    }

    /// Units that a text states as such: after 单位, in brackets, or the whole text.
    pub fn stated_units(&self, text: &str) -> Vec<UnitMatch> {
        if let Some(unit) = self.units.whole(text) {
            return vec![unit];
        }
        let chars = fold_chars(text);
        let mut found = Vec::new();
        let mut i = 0;
        while i < chars.len() {
            let start = match chars[i] {
                '(' | '[' | '【' | '〔' => i + 1,
                _ if self.units.label_at(&chars[i..]) > 0 => {
                    let at = skip_blanks(&chars, i + self.units.label_at(&chars[i..]));
                    if chars.get(at) == Some(&':') { at + 1 } else { at }
                }
                _ => {
                    i += 1;
                    continue;
                }
            };
            i = start;
            // 人民币万元, 元 %, 万元、%
            loop {
                i = skip_blanks(&chars, i);
                let name = self.units.currency_name_at(&chars[i..]);
                i = skip_blanks(&chars, i + name);
                // 人民币，元
                if name > 0 && matches!(chars.get(i), Some(',' | '，')) {
                    i = skip_blanks(&chars, i + 1);
                }
                let labelled = self.units.label_at(&chars[i..]) > 0;
                let Some(unit) = self.units.longest(&chars, i).filter(|_| !labelled) else {
                    break;
                };
                let end = skip_blanks(&chars, i + unit.len);
                // 元/人·年 is a price: what stands below is no amount of 元.
                let priced = chars.get(end) == Some(&'/') && chars.get(end + 1).is_some_and(|c| c.is_alphanumeric());
                if priced && unit.kind == UnitKind::Money {
                    break;
                }
                let closed = chars.get(end).is_none_or(|c| !c.is_alphanumeric()) || end > i + unit.len;
                if !closed {
                    break;
                }
                i = end;
                found.push(unit);
                if chars
                    .get(i)
                    .is_some_and(|c| matches!(c, '、' | ',' | '，' | '/' | ';' | '；'))
                {
                    i += 1;
                }
            }
        }
        // 预算数万元, 预算金额:万元: the heading ends in a money unit of its own.
        if found.is_empty() && chars.len() <= 12 {
            let tail = (1..chars.len()).find_map(|at| {
                self.units.longest(&chars, at).filter(|u| {
                    at + u.len == chars.len()
                        && u.kind == UnitKind::Money
                        && (u.len > 1 || !chars[at - 1].is_alphabetic())
                })
            });
            found.extend(tail);
        }
        found
    }
}

/// The first unit, unless two units of money are stated: 万元、元 tells of no figure which of them it has.
pub fn one_unit(units: Vec<UnitMatch>) -> Option<UnitMatch> {
    let mut money = units.iter().filter(|u| u.kind == UnitKind::Money);
    let two = money.next().is_some_and(|first| money.any(|u| u.text != first.text));
    units.into_iter().next().filter(|_| !two)
}

//! Changes of the texts in cells: breaks, marks, ways to write a figure.

use super::sheet::{Column, Kind, Role, Sheet};
use crate::mutate::Random;

/// Breaks within names, and within some headings.
pub fn line_breaks(sheet: &mut Sheet, random: &mut Random) {
    for column in &mut sheet.columns {
        if let Some(heading) = column.head.last_mut()
            && random.below(2) == 0
        {
            broken(heading, random);
        }
        let name = column.role == Role::Name;
        for cell in column.cells.iter_mut().filter(|_| name) {
            broken(&mut cell.text, random);
        }
    }
}

fn broken(text: &mut String, random: &mut Random) {
    let length = text.chars().count();
    // Not within digits: a person would read two numbers.
    let at = 2 + random.below(length.max(4) - 3);
    let digit = |n: usize| text.chars().nth(n).is_none_or(|c| c.is_ascii_alphanumeric());
    if length > 4 && at < length && !text.contains('\n') && !(digit(at) || digit(at - 1)) {
        *text = text
            .chars()
            .take(at)
            .chain(['\n'])
            .chain(text.chars().skip(at))
            .collect();
    }
}

/// Short headings and the total's word drawn out, as people do to fill a cell.
pub fn spaced(sheet: &mut Sheet, space: &str) {
    let drawn = |text: &mut String| {
        let short = (2..=4).contains(&text.chars().count());
        if short && text.chars().all(|c| !c.is_ascii()) {
            let letters: Vec<String> = text.chars().map(String::from).collect();
            *text = letters.join(space);
        }
    };
    for column in &mut sheet.columns {
        column.head.iter_mut().for_each(drawn);
        let name = column.role == Role::Name;
        let totals = column
            .cells
            .iter_mut()
            .zip(&sheet.kinds)
            .filter(|(_, k)| name && **k == Kind::Total);
        totals.for_each(|(cell, _)| drawn(&mut cell.text));
    }
}

pub fn blank_marks(sheet: &mut Sheet, mark: &str) {
    let plain = |c: &&mut Column| !matches!(c.role, Role::Name | Role::Level | Role::Sequence);
    for cell in sheet.columns.iter_mut().filter(plain).flat_map(|c| &mut c.cells) {
        if cell.text.is_empty() && !cell.with_above {
            cell.text = mark.to_owned();
        }
    }
}

pub fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(c as u32 - 0x30 + 0xFF10).unwrap_or(c),
        '.' => '．',
        ',' => '，',
        other => other,
    };
    text.chars().map(wide).collect()
}

/// Another way to write each figure of the facts.
pub fn figures(sheet: &mut Sheet, change: impl Fn(&str) -> String) {
    let of_facts = |c: &&mut Column| matches!(c.role, Role::Money | Role::Rate | Role::Points);
    for cell in sheet.columns.iter_mut().filter(of_facts).flat_map(|c| &mut c.cells) {
        cell.text = change(&cell.text);
    }
}

/// 12345.60 with a comma before each three digits of its whole part.
pub fn thousands(text: &str, comma: char) -> String {
    let whole = text
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(text.len());
    let mut out = String::new();
    for (index, c) in text.char_indices() {
        if index > 0 && index < whole && (whole - index) % 3 == 0 && !out.ends_with('-') {
            out.push(comma);
        }
        out.push(c);
    }
    out
}

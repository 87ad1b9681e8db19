//! FND-12 and FND-01 where a total is divided twice, side by side: 按收入性质分：420.00 beside 按支出性质分：420.00, each over the
//! parts of its own column.

use super::FND_12;
use super::sources::one_block;
use crate::check::figure::{Figure, compare_sum};
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::check::table::{Column, Sequence};

/// The head of a division: its line, that line's name, its figure and the unit of its column.
struct Head<'a> {
    line: usize,
    name: &'a str,
    figure: Figure<'a>,
    unit: Option<&'a str>,
}

/// The heads of divisions of a column that holds no total of its own, and the lines below each.
fn heads<'a>(sequence: &Sequence<'a>, c: &Column<'a>) -> Vec<(Head<'a>, Vec<usize>)> {
    let mut found: Vec<(Head<'a>, Vec<usize>)> = Vec::new();
    for (line, told) in sequence.lines.iter().enumerate() {
        let Some(figure) = c.figure(line) else { continue };
        if sequence.patterns.forms.divides_total(&told.name) {
            let head = Head {
                line,
                name: &told.name,
                figure,
                unit: c.unit,
            };
            found.push((head, Vec::new()));
        } else if let Some((_, parts)) = found.last_mut() {
            parts.push(line);
        } else {
            return Vec::new();
        }
    }
    found
}

/// Examines the divisions of every table; the columns of one may be sequences of their own.
pub(super) fn divisions(sequences: &[Sequence<'_>], ledger: &mut Ledger<'_>) {
    let mut first: Option<(Option<&str>, Head<'_>)> = None;
    for sequence in sequences {
        let table = sequence.table.map(|t| t.id.as_str());
        for c in sequence.summed() {
            for (head, parts) in heads(sequence, c) {
                if !parts.is_empty() {
                    one_block(sequence, c, head.line, &parts, ledger);
                }
                match &first {
                    Some((same, other)) if *same == table => agree(&sequence.title(), other, &head, ledger),
                    _ => first = Some((table, head)),
                }
            }
        }
    }
}

/// FND-12: two divisions of one total come to the same.
fn agree(title: &str, a: &Head<'_>, b: &Head<'_>, ledger: &mut Ledger<'_>) {
    let Some(outcome) = compare_sum(&a.figure, &[b.figure]).filter(|_| a.unit == b.unit) else {
        return;
    };
    let message = format!(
        "{title}：{}“{}”写{}，{}“{}”写{}，{}",
        place(a.figure.source),
        a.name,
        a.figure.value,
        place(b.figure.source),
        b.name,
        b.figure.value,
        verdict(
            outcome.status,
            outcome.difference,
            outcome.tolerance,
            a.unit.unwrap_or("")
        )
    );
    ledger.add(
        Entry::new(&FND_12, outcome.status)
            .message(message)
            .numbers(a.figure.value, outcome.computed)
            .tolerance(outcome.tolerance)
            .unit(a.unit)
            .operands([a.figure.source, b.figure.source]),
    );
}

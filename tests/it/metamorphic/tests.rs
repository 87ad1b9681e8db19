//! The generator states what it says it states, and the comparison can fail.

use super::case::Case;
use super::change::{Change, document};
use super::columns::fraction;
use super::compare::{Failure, compare};
use super::facts::{Fact, exact, of_record, plain};
use super::generate::{Part, Plan, SUBJECTS, Subject};
use super::sheet::{Grid, Kind, Piece, Role, Sheet, Slot};
use super::write::{FORMATS, Format, texts};
use crate::mutate::Random;
use heshu::model::{Fate, Measure, Report, Warning};
use heshu::pattern::Patterns;
use heshu::pattern::headers::fold;
use rust_decimal::Decimal;

fn plans() -> impl Iterator<Item = (Subject, Plan, u64)> {
    (0..15).flat_map(|n| SUBJECTS.map(|s| (s, Plan::new(s, &mut Random::new(n)), n)))
}

fn number(text: &str) -> Option<Decimal> {
    let folded = fold(text).replace(',', "");
    folded.trim_end_matches('%').parse().ok()
}

/// The sum of a column over the rows of some kinds.
fn sum(sheet: &Sheet, column: usize, kinds: &[Kind]) -> Decimal {
    let cells = sheet.columns[column].cells.iter().zip(&sheet.kinds);
    cells
        .filter(|(_, k)| kinds.contains(k))
        .filter_map(|(c, _)| number(&c.text))
        .sum()
}

#[test]
fn stated_totals_hold() {
    for (subject, plan, seed) in plans() {
        for other_unit in [false, true] {
            let mut points = Decimal::ZERO;
            for part in plan.draft(other_unit).parts {
                let Part::Sheet(sheet) = part else { continue };
                let money = sheet.columns.iter().any(|c| c.role == Role::Money);
                for (c, column) in sheet.columns.iter().enumerate() {
                    let funding = !sheet.kinds.contains(&Kind::Item);
                    let items = sum(&sheet, c, if funding { &[Kind::OfWhich] } else { &[Kind::Item] });
                    let total = sum(&sheet, c, &[Kind::Total]);
                    let stated = sheet.kinds.contains(&Kind::Total);
                    if column.role == Role::Money && stated {
                        assert_eq!(items, total, "{subject:?} {seed}");
                    }
                    let subtotals = sum(&sheet, c, &[Kind::Subtotal]);
                    if column.role == Role::Money && sheet.kinds.contains(&Kind::Subtotal) {
                        assert_eq!(items, subtotals, "{subject:?} {seed}");
                    }
                    // The last column of points is what was reached.
                    let last = sheet.columns.iter().rposition(|c| c.role == Role::Points) == Some(c);
                    if last && money {
                        points += total;
                    } else if last && stated {
                        assert_eq!(items + points, total, "{subject:?} {seed}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_fraction_is_a_hundredth_of_its_rate() {
    let rates = [
        ("77", "0.77"),
        ("7", "0.07"),
        ("100", "1.00"),
        ("0", "0.00"),
        ("97.5", "0.975"),
        ("0.77", "0.0077"),
        ("-5.00", "-0.0500"),
    ];
    for (percent, expected) in rates {
        assert_eq!(fraction(percent), expected, "{percent}%");
    }
}

fn grids(pieces: &[Piece]) -> impl Iterator<Item = &Grid> {
    pieces.iter().filter_map(|p| match p {
        Piece::Table(grid) => Some(grid),
        Piece::Paragraph(_) => None,
    })
}

/// Whether a fact stands in a row of the document, beside its name.
fn stated(fact: &Fact, pieces: &[Piece]) -> bool {
    let named = |text: &str| {
        let name = plain(text);
        let bare = name.split_once(':').map_or(name.as_str(), |(_, rest)| rest);
        fact.what == "total" || name == fact.name || bare == fact.name
    };
    let says = |text: &str| {
        let fraction = |v: Decimal| fact.what.ends_with("_rate") && exact(v * Decimal::ONE_HUNDRED) == fact.value;
        fold(text) == fact.value
            || plain(text) == fact.value
            || number(text).is_some_and(|v| exact(v) == fact.value || fraction(v))
    };
    grids(pieces)
        .flat_map(|g| &g.rows)
        .any(|row| texts(row).any(named) && texts(row).any(says))
}

#[test]
fn every_change_keeps_the_facts_and_states_them() {
    for (subject, plan, seed) in plans() {
        let base = plan.draft(false);
        for change in Change::ALL {
            for format in [Format::Docx, Format::Bars, Format::Cells, Format::Rows] {
                if !change.fits(subject, format) || subject == Subject::Form && format.is_loose() {
                    continue;
                }
                let changed = document(&plan, &[*change], seed, format);
                let name = change.name();
                assert_eq!(changed.facts.len(), base.facts.len(), "{subject:?} {seed} {name}");
                for (fact, before) in changed.facts.iter().zip(&base.facts) {
                    let renamed = *change == Change::TotalSynonyms;
                    let scaled = *change == Change::UnitSwapped && fact.yuan.is_some();
                    assert!(
                        fact.name == before.name || renamed,
                        "{subject:?} {seed} {name}: {fact:?}"
                    );
                    assert!(
                        fact.value == before.value || scaled || fact.value == "0",
                        "{subject:?} {seed} {name}: {fact:?}"
                    );
                    assert_eq!(
                        (&fact.what, &fact.yuan),
                        (&before.what, &before.yuan),
                        "{subject:?} {seed} {name}"
                    );
                    assert!(stated(fact, &changed.pieces), "{subject:?} {seed} {name}: {fact:?}");
                }
            }
        }
    }
}

/// The files hold what was to be written: the readers' cells are the document's.
#[test]
fn files_hold_the_cells_of_the_document() {
    let patterns = Patterns::builtin().unwrap();
    for number in 0..270 {
        let case = Case::new(1, number);
        // Cells at a cut are joined by the reader, not by the writer.
        if case.format.is_text() || case.format == Format::PdfCut {
            continue;
        }
        let written = case.document();
        let report = heshu::extract(&case.format.write(&written, case.seed), case.format.file(), &patterns).unwrap();
        let of = |texts: &mut dyn Iterator<Item = &str>| {
            let mut all: Vec<String> = texts.map(|t| fold(t).trim_end_matches('%').to_owned()).collect();
            all.retain(|t| !t.is_empty());
            all.sort();
            all
        };
        // A row over the whole width may be a paragraph to a reader of workbooks.
        let whole = |row: &&Vec<Slot>| matches!(row[0], Slot::Cell { cols, .. } if cols == row.len());
        let rows = grids(&written.pieces).flat_map(|g| &g.rows).filter(|r| !whole(r));
        let wrote = of(&mut rows.flat_map(|r| texts(r)));
        let read = of(&mut report.tables.iter().flat_map(|t| &t.cells).map(|c| c.text.as_str()));
        let missing: Vec<&String> = wrote.iter().filter(|t| !read.contains(t)).collect();
        // A workbook's number is shown as the reader likes.
        let figures = missing
            .iter()
            .filter(|t| case.format != Format::Xlsx || t.parse::<Decimal>().is_err())
            .count();
        assert_eq!(figures, 0, "{:?} {number}: {missing:?}", case.format);
    }
}

/// A case of some subject without changes whose record is right as it is.
fn right(subject: Subject, patterns: &Patterns) -> (Case, Report) {
    (0..2000)
        .map(|n| Case {
            changes: Vec::new(),
            ..Case::new(3, n)
        })
        .filter(|c| c.subject == subject && c.format == Format::Html)
        .find_map(|case| {
            let document = case.document();
            let report = heshu::extract(&case.format.write(&document, case.seed), "a.html", patterns).ok()?;
            compare(&document, &report)
                .failures
                .is_empty()
                .then_some((case, report))
        })
        .expect("some table is read without fault")
}

#[test]
fn a_damaged_record_is_found() {
    let patterns = Patterns::builtin().unwrap();
    let (case, good) = right(Subject::Budget, &patterns);
    let document = case.document();
    let failures = |report: &Report| {
        compare(&document, report)
            .failures
            .iter()
            .map(|(f, _)| *f)
            .collect::<Vec<_>>()
    };
    assert_eq!(failures(&good), []);

    let amount = |report: &mut Report, change: &dyn Fn(&mut heshu::model::Amount)| {
        let amounts = &mut report.budgets[0].amounts;
        amounts.values_mut().next().map(change).unwrap();
    };
    let mut other = good.clone();
    amount(&mut other, &|a| a.value = "987654.321".parse().ok());
    assert_eq!(failures(&other), [Failure::Wrong], "another value");
    amount(&mut other, &|a| a.value = None);
    assert_eq!(failures(&other), [Failure::Lost], "no value");
    let source = heshu::model::Source {
        col: None,
        ..good.budgets[0].source.clone()
    };
    other.warnings.push(Warning::new("row_unread", "", source.clone()));
    assert_eq!(failures(&other), [Failure::Refused], "no value, and that is said");

    let mut other = good.clone();
    amount(&mut other, &|a| a.yuan = None);
    assert_eq!(failures(&other), [Failure::Wrong], "no unit");

    let mut other = good.clone();
    other.figures.placed -= 1;
    let miscounted = [Failure::Miscount; 2];
    assert_eq!(
        failures(&other),
        miscounted,
        "a sum that is none, and not that of the cells"
    );
    other.figures.other += 1;
    assert_eq!(failures(&other), miscounted[1..], "another fate than that of the cell");

    let mut other = good.clone();
    let placed = |c: &&mut heshu::model::CellRecord| c.fate == Some(Fate::Placed);
    other.tables[0].cells.iter_mut().find(placed).unwrap().fate = Some(Fate::Unread);
    (other.figures.placed, other.figures.unread) = (good.figures.placed - 1, good.figures.unread + 1);
    assert_eq!(failures(&other), [Failure::Miscount], "a figure unread without a word");
    other.warnings.push(Warning::new("figure_unread", "", source));
    assert_eq!(failures(&other), [], "a figure unread, and that is said");

    let mut other = good.clone();
    let figures = other.budgets[0].amounts.len();
    other.budgets[0].name = "另一项目".to_owned();
    let mut found = failures(&other);
    found.sort();
    assert_eq!(
        found,
        [vec![Failure::Wrong; figures], vec![Failure::Invented]].concat(),
        "another name"
    );

    let mut other = good.clone();
    let mut line = other.budgets[0].clone();
    line.name = "凭空项目".to_owned();
    line.amounts.clear();
    other.budgets.push(line);
    assert_eq!(failures(&other), [Failure::Invented], "one more line");
}

#[test]
fn a_rate_without_unit_is_a_fraction() {
    let patterns = Patterns::builtin().unwrap();
    let said = |rate: &str, unit: Option<&str>| {
        let table = "<p>单位：万元</p><table><tr><td>项目</td><td>预算数</td><td>执行数</td><td>执行率</td></tr>\
                     <tr><td>道路</td><td>100</td><td>77</td><td>77%</td></tr></table>";
        let mut report = heshu::extract(table.as_bytes(), "a.html", &patterns).unwrap();
        let amount = report.budgets[0].amounts.get_mut(&Measure::ExecutionRate).unwrap();
        (amount.value, amount.unit) = (rate.parse().ok(), unit.map(str::to_owned));
        let facts = of_record(&report).facts;
        facts.into_iter().find(|f| f.what == "execution_rate").unwrap().value
    };
    assert_eq!(said("77", Some("%")), "77");
    assert_eq!(said("0.77", None), "77");
    assert_eq!(said("0.77", Some("%")), "0.77");
}

#[test]
fn a_damaged_indicator_is_found() {
    let patterns = Patterns::builtin().unwrap();
    let (case, good) = right(Subject::Grid, &patterns);
    let document = case.document();
    let failures = |report: &Report| {
        compare(&document, report)
            .failures
            .iter()
            .map(|(f, _)| *f)
            .collect::<Vec<_>>()
    };
    let mut other = good.clone();
    let indicator = &mut other.indicators[0];
    std::mem::swap(&mut indicator.target, &mut indicator.actual);
    let same = indicator.target.as_ref().map(|v| &v.raw) == indicator.actual.as_ref().map(|v| &v.raw);
    let expected = if same { vec![] } else { vec![Failure::Wrong; 2] };
    assert_eq!(failures(&other), expected, "target and actual swapped");
    let mut other = good.clone();
    let facts = document
        .facts
        .iter()
        .filter(|f| f.name == plain(&other.indicators[0].name))
        .count();
    other.indicators.remove(0);
    assert_eq!(failures(&other), vec![Failure::Lost; facts], "an indicator left out");
}

#[test]
fn cases_are_made_of_their_numbers_alone() {
    for number in 0..90 {
        let (a, b) = (Case::new(9, number), Case::new(9, number));
        assert_eq!(a.document().pieces, b.document().pieces);
        assert_eq!(a.format, FORMATS[number % FORMATS.len()]);
    }
}

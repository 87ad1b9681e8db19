//! Flat tables, CSV and Parquet: whole, exact, the same in every run, and as other programs read them.

use crate::cli::{GOOD, run, stderr};
use crate::corpus::{root, shared};
use heshu::emit::csv::{Csv, unguarded};
use heshu::emit::flat::{self, ColumnType, Field, TableId};
use heshu::emit::parquet::Parquet;
use heshu::model::{Amount, Exact, Measure, Report};
use heshu::pattern::Patterns;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::process::Command;

fn report(text: &str) -> Report {
    heshu::extract(text.as_bytes(), "a.txt", &Patterns::builtin().unwrap()).unwrap()
}

fn corpus_reports() -> Vec<Report> {
    let patterns = Patterns::builtin().unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(root().join("corpus/reports"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        heshu::extract(&std::fs::read(path).unwrap(), &name, &patterns).unwrap()
    };
    paths.iter().map(read).collect()
}

/// A report whose texts are those that break spreadsheets, lines and encodings.
fn hostile() -> Report {
    let mut report = report(&format!("{GOOD}预算200万元。"));
    let texts = [
        "=HYPERLINK(\"http://x\")",
        "+1",
        "-1.5",
        "@x",
        "'quoted",
        "a\"b,c\nd\r\ne",
        "\u{0}nul",
        "😀＝1",
        "",
        " ",
    ];
    let template = heshu::model::Warning::new("hostile", "", heshu::model::Source::default());
    for text in texts
        .into_iter()
        .map(str::to_owned)
        .chain([format!("{}长", "很".repeat(100_000))])
    {
        let mut warning = template.clone();
        warning.message = text.clone();
        warning.source.text = Some(text);
        report.warnings.push(warning);
    }
    report
}

/// A report with figures at the edges of what typed columns hold.
fn edges() -> Report {
    let patterns = Patterns::builtin().unwrap();
    let bytes = std::fs::read(root().join("corpus/reports/f1_project.txt")).unwrap();
    let mut report = heshu::extract(&bytes, "f1_project.txt", &patterns).unwrap();
    let numbers = [
        "0.00",
        "-0.01",
        "999999999999999999.99",
        "1000000000000000000.00",
        "0.001",
        "0.1234567890123",
        "79228162514264337593543950335",
        "-3",
        "97.000000000000000",
    ];
    let amount = report.budgets[0].amounts.values().next().unwrap().clone();
    for (line, number) in numbers.into_iter().enumerate() {
        let number: Exact = number.parse().unwrap();
        let (value, yuan) = (Some(number), Some(number));
        let mut budget = report.budgets[0].clone();
        budget.id = format!("b9{line}");
        budget.amounts = BTreeMap::from([(
            Measure::Actual,
            Amount {
                value,
                yuan,
                ..amount.clone()
            },
        )]);
        report.budgets.push(budget);
    }
    report
}

#[test]
fn every_row_fits_its_table_and_no_key_comes_twice() {
    let mut counts = BTreeMap::new();
    for report in corpus_reports().iter().chain([&hostile(), &edges()]) {
        let mut keys = HashSet::new();
        flat::rows(report, |id, fields| {
            let table = &flat::tables()[id as usize];
            assert_eq!(table.id, id);
            assert_eq!(fields.len(), table.columns.len(), "{}", table.name);
            for (column, field) in table.columns.iter().zip(fields) {
                let fits = match (field, column.kind) {
                    (Field::Null, _) => column.nullable,
                    (Field::Text(_), ColumnType::Text)
                    | (Field::Integer(_), ColumnType::Integer)
                    | (Field::Boolean(_), ColumnType::Boolean)
                    | (Field::Coordinate(_), ColumnType::Coordinate) => true,
                    (Field::Decimal(number), ColumnType::Money) => flat::fits_money(*number),
                    (Field::Decimal(number), ColumnType::Decimal) => flat::fits_decimal(*number),
                    _ => false,
                };
                assert!(fits, "{}.{}: {field:?}", table.name, column.name);
            }
            let Field::Text(row_id) = &fields[1] else {
                panic!("{fields:?}")
            };
            assert!(keys.insert((id, row_id.to_string())), "{} {row_id}", table.name);
            *counts.entry(id).or_insert(0) += 1;
            Ok::<(), ()>(())
        })
        .unwrap();
    }
    for id in TableId::ALL {
        assert!(
            counts.get(&id).is_some_and(|count| *count > 0),
            "{id:?} has no row in the whole corpus"
        );
    }
}

#[test]
fn the_dictionary_is_the_page_in_docs() {
    let page = std::fs::read_to_string(root().join("docs/data-dictionary.md")).unwrap();
    assert!(
        page == flat::dictionary(),
        "docs/data-dictionary.md is out of date: heshu schema --tables > docs/data-dictionary.md"
    );
}

#[test]
fn hostile_texts_come_back_from_csv_as_they_were() {
    let report = hostile();
    let dir = tempfile::tempdir().unwrap();
    let mut out = Csv::create(dir.path()).unwrap();
    out.take(&report).unwrap();
    out.finish().unwrap();
    let bytes = std::fs::read(dir.path().join("csv/warning.csv")).unwrap();
    let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let message = reader
        .headers()
        .unwrap()
        .iter()
        .position(|name| name == "message")
        .unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report.warnings.len());
    for (row, warning) in rows.iter().zip(&report.warnings) {
        assert_eq!(unguarded(&row[message]), warning.message);
        assert!(
            !row[message].starts_with(['=', '+', '-', '@', '\t', '\r']),
            "{:?}",
            &row[message]
        );
    }
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let walk = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    files
        .map(|entry| (name(entry.path()), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn the_same_reports_give_the_same_bytes_for_any_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen: Option<BTreeMap<String, Vec<u8>>> = None;
    for jobs in ["1", "2", "7"] {
        let out = dir.path().join(jobs);
        let arguments = [
            "extract",
            "corpus",
            "--format",
            "ndjson,csv,parquet",
            "--jobs",
            jobs,
            "--out",
        ];
        let output = run(&[&arguments[..], &[out.to_str().unwrap()]].concat(), &root());
        assert!(output.status.success(), "{}", stderr(&output));
        let mut files = files(&out);
        files.retain(|name, _| name.starts_with("csv") || name.starts_with("parquet") || name == "reports.ndjson");
        assert!(files.len() > 20, "{:?}", files.keys());
        match &seen {
            None => seen = Some(files),
            Some(first) => assert!(*first == files, "--jobs {jobs} gives other bytes"),
        }
    }
}

#[test]
fn partitions_of_an_earlier_run_do_not_stay() {
    let dir = tempfile::tempdir().unwrap();
    let write =
        |year: u16| std::fs::write(dir.path().join("a.txt"), format!("{year}年度绩效自评报告\n{GOOD}")).unwrap();
    let years = || -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(dir.path().join("out/parquet/document"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    for year in [2021, 2022] {
        write(year);
        let output = run(&["extract", "a.txt", "--out", "out", "--format", "parquet"], dir.path());
        assert!(output.status.success(), "{}", stderr(&output));
        assert_eq!(years(), [format!("fiscal_year={year}")]);
    }
}

#[test]
fn more_years_than_files_may_be_open_lose_no_row() {
    let dir = tempfile::tempdir().unwrap();
    let mut report = report(GOOD);
    let mut out = Parquet::create(dir.path()).unwrap();
    // Twice over each year, so that closed files get a second part.
    for year in (1900..2000).chain(1900..2000) {
        report.report.fiscal_year = Some(year);
        out.take(&report).unwrap();
    }
    out.finish().unwrap();
    let parts = files(&dir.path().join("parquet/document"));
    assert_eq!(parts.len(), 200, "{:?}", parts.keys());
    assert!(parts.contains_key("fiscal_year=1950/part-1.parquet"));
}

/// Reads an output folder back with pyarrow and DuckDB; the script compares every value with the NDJSON.
fn compare_with_python(out: &Path) {
    let Ok(python) = std::env::var("HESHU_TEST_PYTHON") else {
        assert!(
            std::env::var("HESHU_TEST_REQUIRE").is_err(),
            "HESHU_TEST_PYTHON is not set"
        );
        eprintln!("HESHU_TEST_PYTHON is not set: nothing was read back with pyarrow and DuckDB");
        return;
    };
    let script = root().join("tests/python/compare_tables.py");
    let output = Command::new(python).arg(script).arg(out).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("values compared, 0 differences"), "{told}");
}

#[test]
fn other_programs_read_every_value_as_it_is_in_the_ndjson() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let mut inputs = vec!["corpus".to_owned()];
    match shared() {
        Some(shared) => inputs.push(shared.join("reports").to_string_lossy().into_owned()),
        None => eprintln!("no shared corpus here: only corpus/ is read back"),
    }
    let mut arguments = vec![
        "extract",
        "--format",
        "ndjson,csv,parquet",
        "--out",
        out.to_str().unwrap(),
    ];
    arguments.extend(inputs.iter().map(String::as_str));
    let output = run(&arguments, &root());
    assert!(output.status.success(), "{}", stderr(&output));
    compare_with_python(&out);
}

#[test]
fn other_programs_read_hostile_texts_and_figures_at_the_edge() {
    let dir = tempfile::tempdir().unwrap();
    let mut lines = Vec::new();
    let (mut csv, mut parquet) = (Csv::create(dir.path()).unwrap(), Parquet::create(dir.path()).unwrap());
    for report in [hostile(), edges()] {
        lines.extend(heshu::emit::json::line(&report).unwrap());
        csv.take(&report).unwrap();
        parquet.take(&report).unwrap();
    }
    csv.finish().unwrap();
    parquet.finish().unwrap();
    std::fs::write(dir.path().join("reports.ndjson"), lines).unwrap();
    compare_with_python(dir.path());
}

//! What fuzzers call: bytes in, nothing out, a panic when a promise is broken.
//!
//! Built by cargo-fuzz with libFuzzer, and by the test suite with mutators of its own (`tests/it/fuzz.rs`).

use heshu::ReadOptions;
use heshu::error::ErrorKind;
use heshu::model::{Format, Limits};
use heshu::normalize::unit::{Expects, UnitHints, amount, plain_number};
use heshu::normalize::value;
use heshu::pattern::{Override, Patterns};
use heshu::text::{chinese, date, number};
use std::sync::OnceLock;

fn patterns() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(|| Patterns::builtin().expect("the built-in patterns load"))
}

/// Limits under which every input ends soon.
fn options() -> ReadOptions {
    ReadOptions {
        limits: Limits {
            inflated: 24 << 20,
            cells: 20_000,
            seconds: 10,
            ..Limits::default()
        },
        ..ReadOptions::default()
    }
}

/// A whole extraction, if the bytes are told for one of `formats`: an error in one line, or a record that is the same
/// the second time and survives JSON.
fn extract(data: &[u8], formats: &[Format]) {
    if !matches!(heshu::ingest::sniff::sniff(data), Ok(format) if formats.contains(&format)) {
        return;
    }
    match heshu::extract_with(data, "fuzz", patterns(), &options()) {
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains('\n'), "{text}");
            assert!(!matches!(error.kind, ErrorKind::Internal(_)), "{text}");
        }
        Ok(extraction) => {
            let line = serde_json_line(&extraction.report);
            let again = heshu::extract_with(data, "fuzz", patterns(), &options()).expect("as before");
            assert_eq!(
                line,
                serde_json_line(&again.report),
                "the same bytes give the same record"
            );
        }
    }
}

fn serde_json_line(report: &heshu::model::Report) -> Vec<u8> {
    heshu::emit::json::line(report).expect("a record is JSON")
}

/// Plain text in any encoding.
pub fn txt(data: &[u8]) {
    extract(data, &[Format::Txt]);
}

/// Word packages.
pub fn docx(data: &[u8]) {
    extract(data, &[Format::Docx]);
}

/// PDF files.
pub fn pdf(data: &[u8]) {
    extract(data, &[Format::Pdf]);
}

/// HTML pages and web archives.
pub fn html(data: &[u8]) {
    extract(data, &[Format::Html, Format::Mht]);
}

/// RTF documents.
pub fn rtf(data: &[u8]) {
    extract(data, &[Format::Rtf]);
}

/// Legacy Word documents.
pub fn doc(data: &[u8]) {
    extract(data, &[Format::Doc]);
}

/// Workbooks.
pub fn sheet(data: &[u8]) {
    extract(data, &[Format::Xlsx, Format::Xls, Format::Ods]);
}

/// The grammar of numbers, amounts, dates and values.
pub fn value(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let patterns = patterns();
    if let Some(number) = number::parse(text) {
        let shown = number.value.to_string();
        assert_eq!(
            plain_number(&shown),
            Some(number.value),
            "{text:?}: a plain decimal reads as itself"
        );
    }
    let chars: Vec<char> = text.chars().collect();
    let _ = chinese::capital_money(&chars);
    let _ = date::all_in(&chars);
    let _ = patterns.stated_money(text);
    for unit in [None, Some("万元"), Some("%")] {
        let _ = value::read(text, unit, None, patterns);
        let hints = UnitHints {
            header: unit,
            ..UnitHints::default()
        };
        let _ = amount(text, hints, Expects::Money, patterns);
    }
}

/// The loader of pattern files: the first byte chooses which is replaced.
pub fn pattern_files(data: &[u8]) {
    const NAMES: [&str; 7] = [
        "headers.toml",
        "forms.toml",
        "report.toml",
        "lexicon.toml",
        "units.toml",
        "values.toml",
        "checks.toml",
    ];
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let replaced = Override {
        name: name.to_owned(),
        shown: name.to_owned(),
        text: text.to_owned(),
    };
    match Patterns::with_texts(&[replaced]) {
        Err(error) => assert!(error.to_string().contains(name), "{error}"),
        Ok(patterns) => {
            // What loads must serve.
            let text = "预算执行率98.5%，自评得分95分，完成2-3家。";
            let _ = heshu::extract(text.as_bytes(), "fuzz", &patterns);
        }
    }
}

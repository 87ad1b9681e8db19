//! The formats of archives: .doc, .xls, .xlsx, .ods, and the converter.

mod broken;
mod convert;
mod doc;
mod maker;
mod sheet;

use crate::corpus::root;
use heshu::model::{Format, Report};
use heshu::pattern::Patterns;
use serde_json::Value;
use std::path::PathBuf;

pub fn read(bytes: &[u8], name: &str) -> heshu::error::Result<Report> {
    heshu::extract(bytes, name, &Patterns::builtin().unwrap())
}

/// Files of fixtures/legacy, sorted.
pub fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("fixtures/legacy")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "md"));
    paths.sort();
    paths
}

/// What a record says, without where it stands and how its cells are written: 7,040.80 and 7040.8 are one number.
fn facts(report: &Report) -> Vec<String> {
    let number = |value: &Value| match value.as_str() {
        Some(text) if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    let value = serde_json::to_value(report).unwrap();
    let mut facts = Vec::new();
    for line in value["budgets"].as_array().unwrap() {
        for (measure, amount) in line["amounts"].as_object().unwrap() {
            let (figure, unit) = (number(&amount["value"]), number(&amount["unit"]));
            facts.push(format!("{} {} {measure} {figure} {unit}", line["role"], line["name"]));
        }
    }
    for row in value["indicators"].as_array().unwrap() {
        let side = |side: &str| {
            let value = &row[side];
            let bounds = ["value", "low", "high"].map(|key| number(&value[key]));
            format!("{} {} {}", value["kind"], bounds.join(" "), value["unit"])
        };
        let points = [number(&row["weight"]), number(&row["score"])].join("/");
        facts.push(format!(
            "{} {} | {} | {} | {points}",
            row["project"],
            row["name"],
            side("target"),
            side("actual")
        ));
    }
    for score in value["scores"].as_array().unwrap() {
        facts.push(format!(
            "{} {} {} {}",
            score["kind"],
            number(&score["value"]),
            number(&score["full"]),
            score["grade"]
        ));
    }
    facts.push(format!(
        "{} {}",
        value["report"]["kind"], value["report"]["fiscal_year"]
    ));
    facts
}

#[test]
fn a_report_gives_the_same_facts_in_every_format() {
    let paths = fixtures();
    assert!(paths.len() >= 9);
    for path in paths {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let docx = root().join(format!("corpus/reports/{stem}.docx"));
        let expected = facts(&read(&std::fs::read(docx).unwrap(), "a.docx").unwrap());
        // The name says nothing: bytes tell the format.
        let report = read(&std::fs::read(&path).unwrap(), "a").unwrap();
        let format = path.extension().unwrap().to_string_lossy().into_owned();
        assert_eq!(report.document.format.name(), format, "{}", path.display());
        assert!(expected.len() > 10);
        assert_eq!(facts(&report), expected, "{}", path.display());
    }
}

#[test]
fn formats_are_told_by_their_bytes() {
    for path in fixtures() {
        let bytes = std::fs::read(&path).unwrap();
        let expected = match path.extension().unwrap().to_string_lossy().as_ref() {
            "doc" => Format::Doc,
            "xls" => Format::Xls,
            "xlsx" => Format::Xlsx,
            _ => Format::Ods,
        };
        assert_eq!(
            heshu::ingest::sniff::sniff(&bytes).unwrap(),
            expected,
            "{}",
            path.display()
        );
    }
}

//! 核对报告.docx: read back with our own reader, and as the XML that it is.

use crate::workbook::{files, reports};
use heshu::emit::audit::FileRow;
use heshu::emit::word::{AuditReport, FILE_NAME};
use heshu::model::{Block, CheckStatus, Document, Report, Severity, Table};
use heshu::pattern::Patterns;
use std::io::{Cursor, Read};
use std::path::Path;

fn write(folder: &Path, reports: &[Report], files: &[FileRow]) -> Vec<u8> {
    let mut word = AuditReport::create(folder).unwrap();
    for report in reports {
        word.take(report).unwrap();
    }
    word.finish(files).unwrap();
    std::fs::read(folder.join(FILE_NAME)).unwrap()
}

fn made(reports: &[Report], files: &[FileRow]) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), reports, files)
}

fn document(bytes: &[u8]) -> Document {
    heshu::read(bytes, &Patterns::builtin().unwrap(), &heshu::ReadOptions::default()).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn tables(document: &Document) -> Vec<&Table> {
    document.blocks.iter().filter_map(Block::table).collect()
}

fn cells(table: &Table) -> Vec<String> {
    table.cells().iter().map(|cell| cell.text.clone()).collect()
}

/// Every paragraph and cell, one a line.
fn text(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(paragraph) => out.push_str(&paragraph.text),
            Block::Table(table) => out.push_str(&cells(table).join("\n")),
        }
        out.push('\n');
    }
    out
}

#[test]
fn every_finding_is_told_with_its_figures_and_places() {
    let reports = reports();
    let bytes = made(&reports, &files(&reports));
    let document = document(&bytes);
    let text = text(&document);
    for words in [
        "绩效报告数据核对报告",
        "一、核对范围与结果",
        "二、数据不一致的事项",
        "七、方法说明",
        "复核人：",
        "日期：",
    ] {
        assert!(text.contains(words), "{words}");
    }
    let failed = reports
        .iter()
        .flat_map(|r| &r.checks)
        .filter(|c| c.status == CheckStatus::Fail);
    let mut count = 0;
    for check in failed {
        count += 1;
        assert!(text.contains(&check.message), "{}", check.message);
        let name = format!("{}（{}，{}）", check.name, check.rule, check.id);
        assert!(text.contains(&name), "{name}");
    }
    assert!(text.contains(&format!("其中不符{count}项")), "{text}");
    for quoted in [
        "96.06分",
        "97.56分",
        "-1.50分",
        "表t1 第22行第8列：“97.56”",
        "第7段：“绩效自评得分96.06分，绩效等级为优。”",
    ] {
        assert!(text.contains(quoted), "{quoted}");
    }
    let findings = tables(&document)
        .into_iter()
        .filter(|t| cells(t).contains(&"事项、原文及位置".to_owned()));
    let with_findings = reports
        .iter()
        .filter(|r| r.checks.iter().any(|c| c.status == CheckStatus::Fail))
        .count();
    assert_eq!(findings.count(), with_findings, "a table for each report");
    // What agrees, what repeats and what was not read.
    assert!(text.contains("corpus/reports/g1_allocation.txt"));
    assert!(text.contains("copy/again.txt") && text.contains("文件损坏") && text.contains("no end of the archive"));
}

#[test]
fn the_gravest_report_comes_first() {
    let mut reports = reports();
    reports.truncate(9);
    for check in &mut reports[7].checks {
        check.status = CheckStatus::Fail;
        check.severity = Severity::Error;
    }
    reports[7].report.title = Some("最重的一份".to_owned());
    let text = text(&document(&made(&reports, &[])));
    assert!(text.contains("1．蕲山市"), "{text}");
    let heading = text.lines().find(|line| line.starts_with("1．")).unwrap();
    assert!(heading.contains("最重的一份"), "{heading}");
}

#[test]
fn header_rows_repeat_and_pages_are_numbered() {
    let reports = reports();
    let bytes = made(&reports, &files(&reports));
    let xml = part(&bytes, "word/document.xml");
    let tables = tables(&document(&bytes)).len();
    assert_eq!(
        xml.matches("<w:tblHeader />").count(),
        tables,
        "each table has a header row that repeats"
    );
    assert!(xml.contains("w:insideH w:val=\"single\""), "borders");
    let footer = part(&bytes, "word/footer1.xml");
    assert!(footer.contains("PAGE") && footer.contains("NUMPAGES"));
    let styles = part(&bytes, "word/styles.xml");
    assert!(styles.contains("w:eastAsia=\"宋体\"") && styles.contains("w:eastAsia=\"黑体\""));
    let properties = part(&bytes, "docProps/core.xml");
    assert!(
        properties.contains("<dc:title>绩效报告数据核对报告</dc:title>"),
        "{properties}"
    );
}

#[test]
fn one_report_stands_for_itself() {
    let mut reports = reports();
    reports.truncate(1);
    let document = document(&made(&reports, &files(&reports)[..1]));
    let text = text(&document);
    assert!(
        text.contains("青河县农业农村局《2022年度项目支出绩效自评报告》"),
        "{text}"
    );
    assert!(text.contains(&reports[0].document.sha256));
    assert!(text.contains("总分97.56分") && text.contains("2023-03-20"), "{text}");
    assert!(!text.contains("（共核对"));
}

#[test]
fn very_many_reports_are_cut_and_the_document_says_so() {
    let model = reports().swap_remove(0);
    let mut reports = Vec::new();
    for number in 0..1_300 {
        let mut report = model.clone();
        report.document.path = format!("{number}.docx");
        if number % 5 != 0 {
            report
                .checks
                .iter_mut()
                .for_each(|check| check.status = CheckStatus::Pass);
        }
        if number == 1_295 {
            // More findings than are told of one report.
            let check = report.checks[0].clone();
            report.checks = vec![check; 60];
            for check in &mut report.checks {
                (check.status, check.severity) = (CheckStatus::Fail, Severity::Error);
            }
        }
        reports.push(report);
    }
    let bytes = made(&reports, &[]);
    assert!(bytes.len() < 2 << 20, "{}", bytes.len());
    let document = document(&bytes);
    let text = text(&document);
    let told = tables(&document)
        .into_iter()
        .filter(|t| cells(t).contains(&"事项、原文及位置".to_owned()))
        .count();
    assert_eq!(told, 200);
    assert!(
        text.contains("文件：1295.docx（底稿序号1296）"),
        "the gravest is told though it came last"
    );
    assert!(
        text.contains("本报告不符事项共60项，此处列出最重的40项"),
        "findings of one report"
    );
    assert!(text.contains("其余60份仅列项数"), "{}", &text[..2_000]);
    assert!(
        text.contains("未列出的还有40份报告，全部见“审计底稿.xlsx”"),
        "reports without findings"
    );
}

#[test]
fn hostile_texts_stay_texts() {
    let mut reports = reports();
    reports.truncate(1);
    let report = &mut reports[0];
    let hostile = "<script>alert(1)</script>&amp;]]>\u{0}\u{1b}[31m\u{ffff}=cmd|' /C calc'!A0 😀 _x0041_";
    report.report.organization = Some(hostile.to_owned());
    report.report.title = Some("很长".repeat(20_000));
    report.document.path = format!("{}.docx", "长".repeat(40_000));
    for check in &mut report.checks {
        check.status = CheckStatus::Fail;
        check.message = format!("{hostile}{}", "长".repeat(40_000));
        check.stated = Some("长".repeat(40_000));
        check.unit = Some("\u{202e}元".repeat(1_000));
        check
            .operands
            .iter_mut()
            .for_each(|s| s.text = Some(format!("{hostile}{}", "长".repeat(40_000))));
    }
    let files = [FileRow {
        path: "<w:p/>\u{8}.docx".to_owned(),
        message: Some("<script>".repeat(10_000)),
        ..FileRow::default()
    }];
    let bytes = made(&reports, &files);
    let document = document(&bytes);
    let text = text(&document);
    let shown = "<script>alert(1)</script>&amp;]]>␀␛[31m�=cmd|' /C calc'!A0 😀 _x0041_";
    assert!(text.contains(shown), "{}", &text[..3_000]);
    assert!(text.contains("<w:p/>␈.docx"));
    let xml = part(&bytes, "word/document.xml");
    assert!(!xml.contains("<script") && !xml.contains('\u{0}') && !xml.contains('\u{202e}'));
    assert!(xml.len() < 500_000, "long texts are cut: {}", xml.len());
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let reports = reports();
    let files = files(&reports);
    assert!(made(&reports, &files) == made(&reports, &files));
}

#[test]
fn no_reports_give_a_document_all_the_same() {
    let text = text(&document(&made(&[], &[])));
    assert!(
        text.contains("（共核对0份报告）") && text.contains("未发现不符的事项"),
        "{text}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = AuditReport::create(&file).unwrap().finish(&[]).unwrap_err().to_string();
    assert!(
        error.contains("cannot be written") && error.contains(FILE_NAME),
        "{error}"
    );
}

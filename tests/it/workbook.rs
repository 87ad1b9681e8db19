//! 审计底稿.xlsx: read back with another library, and as the XML that it is.

use crate::corpus::root;
use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use heshu::emit::audit::FileRow;
use heshu::emit::workbook::{AuditWorkbook, FILE_NAME};
use heshu::model::{CheckStatus, Exact, Measure, Report, Severity, Warning};
use heshu::pattern::Patterns;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

const SHEETS: [&str; 8] = ["总览", "预算", "指标", "得分", "勾稽校验", "提示", "文件", "说明"];

pub fn reports() -> Vec<Report> {
    let patterns = Patterns::builtin().unwrap();
    let folder = root().join("corpus/reports");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let read = |name: &String| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        heshu::extract(&bytes, &format!("corpus/reports/{name}"), &patterns).unwrap()
    };
    names.iter().map(read).collect()
}

pub fn files(reports: &[Report]) -> Vec<FileRow> {
    let row = |report: &Report| FileRow {
        path: report.document.path.clone(),
        sha256: Some(report.document.sha256.clone()),
        done: true,
        warnings: report.warnings.len(),
        failed_checks: report.checks.iter().filter(|c| c.status == CheckStatus::Fail).count(),
        ..FileRow::default()
    };
    let mut files: Vec<FileRow> = reports.iter().map(row).collect();
    files.push(FileRow {
        path: "copy/again.txt".to_owned(),
        duplicate_of: Some(reports[0].document.path.clone()),
        ..files[0].clone()
    });
    files.push(FileRow {
        path: "broken.docx".to_owned(),
        error_code: Some("damaged".to_owned()),
        message: Some("damaged: no end of the archive; obtain the file again".to_owned()),
        ..FileRow::default()
    });
    files
}

fn write(folder: &Path, reports: &[Report], files: &[FileRow]) {
    let mut workbook = AuditWorkbook::create(folder).unwrap();
    for report in reports {
        workbook.take(report).unwrap();
    }
    workbook.finish(files).unwrap();
    let names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, [FILE_NAME], "nothing else stays in the folder");
}

fn open(folder: &Path) -> Xlsx<BufReader<File>> {
    open_workbook(folder.join(FILE_NAME)).unwrap()
}

fn sheet(folder: &Path, name: &str) -> Range<Data> {
    open(folder).worksheet_range(name).unwrap()
}

/// XML of each sheet, by its place in the workbook.
fn parts(folder: &Path) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(File::open(folder.join(FILE_NAME)).unwrap()).unwrap();
    let sheets = archive
        .file_names()
        .filter(|n| n.as_ref().unwrap().starts_with("xl/worksheets/sheet"))
        .count();
    let read = |at: usize| {
        let mut text = String::new();
        let name = format!("xl/worksheets/sheet{}.xml", at + 1);
        archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    (0..sheets).map(read).collect()
}

fn column(range: &Range<Data>, header: &str) -> usize {
    let headers: Vec<String> = range.rows().next().unwrap().iter().map(ToString::to_string).collect();
    headers
        .iter()
        .position(|h| h == header)
        .unwrap_or_else(|| panic!("{header} is not among {headers:?}"))
}

fn cell(range: &Range<Data>, row: usize, header: &str) -> Data {
    let column = column(range, header);
    range.get((row, column)).cloned().unwrap_or(Data::Empty)
}

/// A cell is the decimal: as a number of the same value, or empty for none.
fn assert_figure(cell: &Data, value: Option<Exact>, what: &str) {
    match (cell, value) {
        (Data::Empty, None) => {}
        (Data::Float(number), Some(value)) => {
            let written: Exact = number.to_string().parse().unwrap();
            assert_eq!(written.normalized(), value.normalized(), "{what}");
        }
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn every_figure_of_the_records_stands_in_its_sheet() {
    let dir = tempfile::tempdir().unwrap();
    let reports = reports();
    write(dir.path(), &reports, &files(&reports));
    assert_eq!(open(dir.path()).sheet_names(), SHEETS);

    let overview = sheet(dir.path(), "总览");
    assert_eq!(overview.height(), reports.len() + 1);
    for (at, report) in reports.iter().enumerate() {
        let at = at + 1;
        assert_eq!(cell(&overview, at, "文件"), Data::String(report.document.path.clone()));
        let failed = |severity| {
            let is = |c: &&heshu::model::Check| c.status == CheckStatus::Fail && c.severity == severity;
            report.checks.iter().filter(is).count()
        };
        let errors = cell(&overview, at, "不符：错误");
        assert_eq!(
            errors.to_string().parse().unwrap_or(0),
            failed(Severity::Error),
            "{}",
            report.document.path
        );
        assert!(matches!(errors, Data::Empty | Data::Float(_)), "a count is a number");
        if let Some(year) = report.report.fiscal_year {
            assert_eq!(cell(&overview, at, "年度"), Data::Float(year.into()));
        }
    }

    let budgets = sheet(dir.path(), "预算");
    let mut row = 0;
    for report in &reports {
        for line in &report.budgets {
            row += 1;
            assert_eq!(cell(&budgets, row, "名称").to_string(), line.name.trim());
            for measure in [
                Measure::InitialBudget,
                Measure::Actual,
                Measure::ExecutionRate,
                Measure::Score,
            ] {
                let header = match measure {
                    Measure::InitialBudget => "年初预算数",
                    Measure::Actual => "实际支出（执行）数",
                    Measure::ExecutionRate => "执行率（%）",
                    _ => "得分",
                };
                let amount = line.amounts.get(&measure);
                let what = format!("{} {} {header}", report.document.path, line.id);
                assert_figure(&cell(&budgets, row, header), amount.and_then(|a| a.value), &what);
                if let Some(amount) = amount {
                    let raw: String = amount.raw.split_whitespace().collect::<Vec<_>>().join(" ");
                    let text = cell(&budgets, row, "报告原文").to_string();
                    assert!(text.contains(&raw), "{what}: {text} lacks {raw}");
                }
            }
        }
    }
    assert_eq!(budgets.height(), row + 1);

    let indicators = sheet(dir.path(), "指标");
    let mut row = 0;
    for report in &reports {
        for indicator in &report.indicators {
            row += 1;
            let what = format!("{} {}", report.document.path, indicator.id);
            assert_figure(&cell(&indicators, row, "分值"), indicator.weight, &what);
            assert_figure(&cell(&indicators, row, "得分"), indicator.score, &what);
            if let Some(target) = &indicator.target {
                assert_eq!(
                    cell(&indicators, row, "指标值（原文）").to_string(),
                    target.raw.trim(),
                    "{what}"
                );
                if target.date.is_none() {
                    assert_figure(&cell(&indicators, row, "指标值"), target.value.or(target.low), &what);
                }
            }
        }
    }
    assert_eq!(indicators.height(), row + 1);
    let scores: usize = reports.iter().map(|r| r.scores.len()).sum();
    assert_eq!(sheet(dir.path(), "得分").height(), scores + 1);
}

#[test]
fn the_overview_takes_a_total_only_where_there_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let reports = reports();
    write(dir.path(), &reports, &[]);
    let overview = sheet(dir.path(), "总览");
    let row = |name: &str| reports.iter().position(|r| r.document.path.ends_with(name)).unwrap() + 1;
    let form = row("f1_project.docx");
    assert_eq!(cell(&overview, form, "预算（万元）"), Data::Float(1860.5));
    assert_eq!(cell(&overview, form, "支出（万元）"), Data::Float(1778.64));
    assert_eq!(cell(&overview, form, "执行率（%）报告所写"), Data::Float(95.6));
    assert_eq!(cell(&overview, form, "执行率（%）支出÷预算"), Data::Float(95.6));
    assert_eq!(cell(&overview, form, "总分"), Data::Float(97.56));
    assert!(cell(&overview, form, "取数说明").to_string().contains("1,860.50"));
    let two = row("g3_two_forms.docx");
    assert_eq!(cell(&overview, two, "预算（万元）"), Data::Empty);
    assert!(
        cell(&overview, two, "取数说明")
            .to_string()
            .contains("有2个资金合计行，金额不一，未取数")
    );
    assert_eq!(
        cell(&overview, row("f7_project_tables.docx"), "预算（万元）"),
        Data::Float(2536.5)
    );
}

#[test]
fn what_failed_comes_first_over_all_reports() {
    let dir = tempfile::tempdir().unwrap();
    let reports = reports();
    write(dir.path(), &reports, &files(&reports));
    let checks = sheet(dir.path(), "勾稽校验");
    let total: usize = reports.iter().map(|r| r.checks.len()).sum();
    assert_eq!(checks.height(), total + 1);
    let order = |row: usize| {
        let status = cell(&checks, row, "结果").to_string();
        let status = ["不符", "无法核对", "尾差", "相符"]
            .iter()
            .position(|s| *s == status)
            .unwrap();
        let severity = cell(&checks, row, "级别").to_string();
        let severity = ["错误", "提醒", "提示"].iter().position(|s| *s == severity).unwrap();
        (status, if status == 0 { severity } else { 0 })
    };
    let orders: Vec<_> = (1..=total).map(order).collect();
    assert!(orders.is_sorted(), "{orders:?}");
    assert_eq!(orders[0], (0, 0));

    let first = (1..=total)
        .find(|row| cell(&checks, *row, "规则") == *"SCR-07")
        .unwrap();
    assert_eq!(cell(&checks, first, "报告所写"), Data::Float(96.06));
    assert_eq!(cell(&checks, first, "核对所得"), Data::Float(97.56));
    assert_eq!(cell(&checks, first, "差异"), Data::Float(-1.5));
    assert_eq!(cell(&checks, first, "位置").to_string(), "第7段");
    let quoted = cell(&checks, first, "相关原文").to_string();
    assert!(quoted.contains("表t1 第22行第8列：“97.56”"), "{quoted}");
}

/// `(cell, sheet, row)` of each link in the XML of a sheet.
fn links(xml: &str) -> Vec<(String, String, usize)> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let link = |tag: &str| {
        let location = attribute(tag, "location").replace("&apos;", "'");
        let (sheet, cell) = location.rsplit_once('!').unwrap();
        let row = cell.trim_start_matches('A').parse().unwrap();
        (attribute(tag, "ref"), sheet.trim_matches('\'').to_owned(), row)
    };
    xml.split("<hyperlink ").skip(1).map(link).collect()
}

fn row_of(cell: &str) -> usize {
    cell.trim_start_matches(char::is_alphabetic).parse().unwrap()
}

#[test]
fn every_finding_is_linked_to_a_row_of_its_report() {
    let dir = tempfile::tempdir().unwrap();
    let mut reports = reports();
    let source = reports[1].budgets[0].source.clone();
    reports[1].warnings.push(Warning::new("test", "这一行没有看懂", source));
    write(dir.path(), &reports, &files(&reports));
    let sheets: HashMap<&str, Range<Data>> = SHEETS.iter().map(|name| (*name, sheet(dir.path(), name))).collect();
    let parts = parts(dir.path());
    for name in ["勾稽校验", "提示"] {
        let own = &sheets[name];
        let links = links(&parts[SHEETS.iter().position(|s| *s == name).unwrap()]);
        let mut linked = vec![false; own.height()];
        for (cell_name, target, row) in links {
            let from = row_of(&cell_name) - 1;
            linked[from] = true;
            let target_row = row - 1;
            assert!(["总览", "预算", "指标", "得分"].contains(&target.as_str()), "{target}");
            assert!(target_row < sheets[target.as_str()].height());
            let number = |range: &Range<Data>, row: usize| cell(range, row, "序号");
            assert_eq!(
                number(own, from),
                number(&sheets[target.as_str()], target_row),
                "{name} {cell_name}"
            );
        }
        for (row, linked) in linked.iter().enumerate().skip(1) {
            let finding = name == "提示" || cell(own, row, "结果") != *"相符";
            assert_eq!(*linked, finding, "{name} row {}", row + 1);
        }
    }
    // The finding leads to the very row that holds the figure.
    let checks = &sheets["勾稽校验"];
    let scores = &sheets["得分"];
    let row = (1..checks.height())
        .find(|r| cell(checks, *r, "规则") == *"SCR-07")
        .unwrap();
    let links = links(&parts[4]);
    let of_row: Vec<_> = links.iter().filter(|(c, _, _)| row_of(c) == row + 1).collect();
    let scores_of = |link: &(String, String, usize)| {
        assert_eq!(link.1, "得分");
        cell(scores, link.2 - 1, "得分")
    };
    assert_eq!(scores_of(of_row[0]), Data::Float(96.06));
    assert_eq!(scores_of(of_row[1]), Data::Float(97.56));
}

#[test]
fn sheets_have_filters_frozen_headers_lists_and_print_titles() {
    let dir = tempfile::tempdir().unwrap();
    let reports = reports();
    write(dir.path(), &reports, &files(&reports));
    let parts = parts(dir.path());
    for (name, xml) in SHEETS.iter().zip(&parts) {
        assert!(xml.contains("state=\"frozen\""), "{name}");
        assert_eq!(xml.contains("<autoFilter ref=\"A1:"), *name != "说明", "{name}");
        assert!(xml.contains("orientation=\"landscape\""), "{name}");
        assert!(
            xml.contains("fitToPage=\"1\"") && xml.contains("fitToHeight=\"0\""),
            "{name}"
        );
        // The trick that gives rows their height leaves the sheet's own default alone.
        assert!(xml.contains("<sheetFormatPr defaultRowHeight=\"15\"/>"), "{name}");
    }
    assert!(parts[4].contains("属实,部分属实,误报,待核,已整改"));
    assert!(parts[0].contains("<dataValidations"));
    let mut archive = zip::ZipArchive::new(File::open(dir.path().join(FILE_NAME)).unwrap()).unwrap();
    let mut text = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let workbook = text("xl/workbook.xml");
    assert_eq!(workbook.matches("_xlnm.Print_Titles").count(), SHEETS.len());
    let properties = text("docProps/core.xml");
    assert!(properties.contains("<dc:title>审计底稿</dc:title>"), "{properties}");

    let files = sheet(dir.path(), "文件");
    let outcome = |row: usize| cell(&files, row, "结果").to_string();
    assert_eq!(outcome(1), "已读取");
    assert_eq!(outcome(reports.len() + 1), "重复");
    assert_eq!(cell(&files, reports.len() + 1, "总览序号"), Data::Float(1.0));
    assert_eq!(outcome(reports.len() + 2), "未读取");
    assert_eq!(cell(&files, reports.len() + 2, "原因").to_string(), "文件损坏");
}

#[test]
fn rows_are_as_high_as_their_text() {
    let dir = tempfile::tempdir().unwrap();
    let mut report = reports().swap_remove(0);
    let message = |n: usize| "这是一条很长的提示".repeat(n);
    let warning = |n| {
        Warning::new(
            "test",
            message(n),
            report.warnings.first().map(|w| w.source.clone()).unwrap_or_default(),
        )
    };
    report.warnings = [1, 12, 1, 60, 400].map(warning).to_vec();
    write(dir.path(), &[report], &[]);
    let xml = &parts(dir.path())[5];
    let height = |row: usize| {
        let (_, rest) = xml.split_once(&format!("<row r=\"{row}\"")).unwrap();
        let (attributes, _) = rest.split_once('>').unwrap();
        attributes
            .split_once("ht=\"")
            .map(|(_, h)| h.split_once('"').unwrap().0.parse::<f64>().unwrap())
    };
    assert_eq!(height(2), Some(18.0));
    assert!(height(3).is_some_and(|h| (50.0..90.0).contains(&h)), "{:?}", height(3));
    assert_eq!(height(4), Some(18.0));
    assert!(height(5) > height(3));
    // The last row too, and no higher than a screen takes.
    assert!(height(6).is_some_and(|h| h < 200.0), "{:?}", height(6));
}

#[test]
fn what_a_document_says_is_never_a_formula() {
    let dir = tempfile::tempdir().unwrap();
    let mut report = reports().swap_remove(0);
    let long = format!("{}末尾", "很长".repeat(20_000));
    let hostile = [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3+cmd|'/C calc'!A0",
        "@SUM(1,1)",
        "=HYPERLINK(\"http://example.org\",\"点我\")",
        "\t=1+1",
        "<script>alert(1)</script>&amp;<c><f>1</f></c>",
        "a\u{0}b\u{1b}[31mc\u{7f}d\u{ffff}",
        "_x0041_ 与 _x000D_",
        "😀𠮷 表情",
        "internal:'总览'!A1",
        "http://example.org/",
        "]]>",
        &long,
    ];
    report.report.title = Some(hostile[0].to_owned());
    report.report.organization = Some(hostile[2].to_owned());
    report.document.path = "=1+1.docx".to_owned();
    let source = report.budgets[0].source.clone();
    report.warnings = hostile
        .iter()
        .map(|text| Warning::new("test", *text, source.clone()))
        .collect();
    let check = report
        .checks
        .iter_mut()
        .find(|c| c.status == CheckStatus::Fail)
        .unwrap();
    check.message = hostile[4].to_owned();
    check.stated = Some("=2+2".to_owned());
    check.unit = Some("@元".to_owned());
    let files = [FileRow {
        path: "=2+5.txt".to_owned(),
        message: Some("=1+1".to_owned()),
        error_code: Some("=code".to_owned()),
        ..FileRow::default()
    }];
    write(dir.path(), &[report], &files);
    for (name, xml) in SHEETS.iter().zip(parts(dir.path())) {
        assert!(!xml.contains("<f>") && !xml.contains("<f "), "{name} has a formula");
        assert!(!xml.contains("<script"), "{name}");
        assert!(!xml.contains("r:id"), "{name} links outside the workbook");
        let plain = |c: char| !c.is_control() || c == '\n' || c == '\t';
        assert!(xml.chars().all(plain), "{name}");
    }
    let overview = sheet(dir.path(), "总览");
    assert_eq!(cell(&overview, 1, "标题"), Data::String(hostile[0].to_owned()));
    assert_eq!(cell(&overview, 1, "文件"), Data::String("=1+1.docx".to_owned()));
    let warnings = sheet(dir.path(), "提示");
    let message = |at: usize| cell(&warnings, at + 1, "内容").to_string();
    for at in [0, 1, 2, 3, 4, 6, 9, 10, 11, 12] {
        assert_eq!(message(at), hostile[at]);
    }
    assert_eq!(message(5), "=1+1");
    assert_eq!(message(7), "a␀b␛[31mc␡d�");
    assert_eq!(
        message(8),
        hostile[8],
        "escapes of the format that a text spells out stay as spelt"
    );
    let cut = message(13);
    assert_eq!(cut.encode_utf16().count(), 32_767);
    assert!(
        cut.ends_with("全文见原文件或该份报告的 JSON 记录〕"),
        "a cut says that it is one"
    );
    // Whoever edits such a cell gets text again: the style of the cell has the mark for it.
    let mut archive = zip::ZipArchive::new(File::open(dir.path().join(FILE_NAME)).unwrap()).unwrap();
    let mut styles = String::new();
    archive
        .by_name("xl/styles.xml")
        .unwrap()
        .read_to_string(&mut styles)
        .unwrap();
    assert!(styles.contains("quotePrefix=\"1\""));
}

#[test]
fn figures_beyond_a_double_are_written_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let mut report = reports().swap_remove(0);
    let exact = |text: &str| Some(text.parse::<Exact>().unwrap());
    report.scores[0].value = exact("12345678901234567.89");
    report.scores[1].value = exact("123456789012.345");
    write(dir.path(), &[report], &[]);
    let scores = sheet(dir.path(), "得分");
    assert_eq!(
        cell(&scores, 1, "得分"),
        Data::String("12345678901234567.89".to_owned())
    );
    assert_eq!(cell(&scores, 2, "得分"), Data::Float(123_456_789_012.345));
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let reports = reports();
    for dir in [&one, &two] {
        write(dir.path(), &reports, &files(&reports));
    }
    let bytes = |dir: &tempfile::TempDir| std::fs::read(dir.path().join(FILE_NAME)).unwrap();
    assert!(bytes(&one) == bytes(&two));
}

#[test]
fn no_reports_give_a_workbook_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[], &[]);
    assert_eq!(open(dir.path()).sheet_names(), SHEETS);
    assert_eq!(sheet(dir.path(), "总览").height(), 1);
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = AuditWorkbook::create(&file).err().unwrap().to_string();
    assert!(error.contains("cannot be written") && error.contains("file"), "{error}");
}

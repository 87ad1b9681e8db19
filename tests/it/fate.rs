//! Every figure has a fate: the sums of a record agree with a count of the document's cells made here, and what nobody
//! read is said.

use crate::corpus::root;
use heshu::Extraction;
use heshu::emit::audit;
use heshu::model::{Block, Fate, Figures, ProseFigures, Report, Warning};
use heshu::pattern::Patterns;
use std::path::{Path, PathBuf};

/// Every file below a folder, in sorted order.
fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|e| e.unwrap().path()).collect(),
        Err(_) => return,
    };
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn digit(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

/// Cells with a digit, and runs of digits in paragraphs.
fn scan(extraction: &Extraction) -> (usize, usize) {
    let (mut cells, mut runs) = (0, 0);
    for block in &extraction.document.blocks {
        match block {
            Block::Table(table) => cells += table.cells().iter().filter(|c| c.text.chars().any(digit)).count(),
            Block::Paragraph(paragraph) => {
                let chars: Vec<char> = paragraph.text.chars().collect();
                let point = |i: usize| matches!(chars[i], '.' | ',' | '．') && i > 0 && digit(chars[i - 1]);
                runs += (0..chars.len())
                    .filter(|i| digit(chars[*i]))
                    .filter(|i| *i == 0 || !digit(chars[i - 1]) && !point(i - 1))
                    .count();
            }
        }
    }
    (cells, runs)
}

/// Whether a warning names a cell: alone, with its row or its column, or with the whole of a table that nobody recognized.
fn speaks_of(warning: &Warning, table: &str, row: usize, col: usize) -> bool {
    let source = &warning.source;
    let own = source.table.as_deref() == Some(table)
        && source.row.is_none_or(|r| r == row)
        && source
            .col
            .is_none_or(|c| c == col || warning.code == "indicator_without_name");
    let whole = source.row.is_some() || source.col.is_some() || warning.code == "figure_unread";
    own && whole
}

fn examine(path: &Path, extraction: &Extraction) {
    let (report, name) = (&extraction.report, path.display());
    let figures = &report.figures;
    let (cells, runs) = scan(extraction);
    assert_eq!(figures.cells, cells, "{name}: cells with digits");
    let sum = figures.placed + figures.other + figures.not_figures + figures.unread;
    assert_eq!(sum, cells, "{name}: {figures:?}");
    let prose = &figures.prose;
    assert_eq!(
        prose.stated + prose.not_figures + prose.unread,
        runs,
        "{name}: {prose:?}"
    );
    let mut unread = 0;
    for table in &report.tables {
        for cell in &table.cells {
            assert_eq!(cell.fate.is_some(), cell.text.chars().any(digit), "{name}: {cell:?}");
            if cell.fate != Some(Fate::Unread) {
                continue;
            }
            unread += 1;
            let rows = cell.row..cell.row + cell.row_span;
            let said = |w: &Warning| rows.clone().any(|row| speaks_of(w, &table.id, row, cell.col));
            assert!(
                report.warnings.iter().any(said),
                "{name}: nothing says that {} {cell:?} was not read",
                table.id
            );
        }
    }
    assert_eq!(unread, figures.unread, "{name}");
    if prose.unread > 0 {
        let said = |w: &Warning| w.source.table.is_none() && w.source.block.is_some();
        assert!(report.warnings.iter().any(said), "{name}: {prose:?}");
    }
}

#[test]
fn the_sums_agree_with_the_document() {
    let patterns = Patterns::builtin().unwrap();
    let mut paths = Vec::new();
    for folder in [
        "corpus/reports",
        "fixtures",
        "../shared/corpus/reports",
        "../shared/cases",
    ] {
        files(&root().join(folder), &mut paths);
    }
    let mut read = 0;
    for path in paths {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        // What is no report is not the question here.
        let mut options = heshu::ReadOptions::default();
        // Nor are files that swell.
        (options.limits.cells, options.limits.inflated) = (50_000, 16 << 20);
        if let Ok(extraction) = heshu::extract_with(&bytes, "a", &patterns, &options) {
            examine(&path, &extraction);
            read += 1;
        }
    }
    assert!(read >= 30, "only {read} reports");
}

fn fates(report: &Report) -> Vec<(&str, Fate)> {
    let cells = report.tables.iter().flat_map(|t| &t.cells);
    cells.filter_map(|c| Some((c.text.as_str(), c.fate?))).collect()
}

#[test]
fn cells_by_their_place() {
    use Fate::{Date, Label, Placed, Sequence, Unread};
    let report = crate::recognize::record(
        &["2022年项目支出情况表", "单位：万元"],
        &[
            "序号|项目名称|开工时间|预算数|实际支出|执行率",
            "1|5G基站二期|2022.3|100|98.5|98.5%",
            "2|道路|2022.4|50|约四十|",
            "3|桥涵|2022.5|40|第2批拨付|",
            "|合计||190|98.5|51.84%",
        ],
    );
    let fates = fates(&report);
    for (text, fate) in [
        ("5G基站二期", Label),
        ("2022.3", Date),
        ("100", Placed),
        ("98.5%", Placed),
        ("3", Sequence),
        ("第2批拨付", Unread),
    ] {
        assert!(fates.contains(&(text, fate)), "{text}: {fates:?}");
    }
}

/// The fate of each cell with a digit of a table that stands in a text, by its text.
fn fates_of(above: &[&str], rows: &[&str]) -> Vec<(String, Fate)> {
    let report = crate::recognize::record(above, rows);
    let found = fates(&report);
    found.into_iter().map(|(text, fate)| (text.to_owned(), fate)).collect()
}

#[test]
fn figures_are_told_to_be_none_only_on_evidence() {
    use Fate::{Code, Date, Other, Sequence, Unread};
    let mut wrong = Vec::new();
    for (above, rows, expected) in [
        // A tester's table: years, spans of time and lengths that nobody called such.
        (
            "任务完成表",
            vec![
                "任务名称|计划数|完成数|工期|上年工期",
                "宣传册|2000|2022|2年|≤10天",
                "厕所|10|12|3个月|20",
            ],
            vec![
                ("2000", Unread),
                ("2022", Unread),
                ("2年", Unread),
                ("≤10天", Unread),
                ("3个月", Unread),
            ],
        ),
        (
            "单位：万元",
            vec![
                "单位名称|合计|市级",
                "公安局|928000|62000",
                "水利局|814725|53000",
                "总计|1742725|115000",
            ],
            vec![("1742725", Other), ("928000", Other)],
        ),
        (
            "单位：万元",
            vec!["资金名称|中央|省级", "设备|0.2|101.2", "维修|0.3|217.1964"],
            vec![("217.1964", Other)],
        ),
        (
            "任务表",
            vec![
                "任务|实施期限|本年度|开工时间|登记编号|电话",
                "道路|15年|2000|2022.3|1742725|13800138000",
                "桥涵|180天|2010|2021|1742726|13900139000",
            ],
            vec![
                ("15年", Unread),
                ("180天", Unread),
                ("2000", Unread),
                ("2010", Unread),
                ("2022.3", Date),
                ("2021", Date),
                ("1742725", Code),
                ("13800138000", Code),
            ],
        ),
        (
            "设备表",
            vec![
                "行次|设备|功率|区间|型号",
                "1|水泵|500MW|10-20|2022-001",
                "2|风机|300MW|30-50|2022-002",
            ],
            vec![
                ("1", Sequence),
                ("500MW", Unread),
                ("10-20", Unread),
                ("2022-001", Code),
            ],
        ),
    ] {
        let found = fates_of(&[above], &rows);
        for (text, fate) in expected {
            if !found.contains(&(text.to_owned(), fate)) {
                wrong.push(format!("{text} is no {fate:?}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_table_that_was_not_recognized_is_said_once() {
    let report = crate::recognize::record(
        &["村组名册"],
        &["村|户数|人口|编号", "1|2|3|4", "甲村|120|480|0107", "乙村|80|302|0108"],
    );
    let fates = fates(&report);
    assert!(
        fates.contains(&("3", Fate::ColumnNumber)) && fates.contains(&("0107", Fate::Code)),
        "{fates:?}"
    );
    assert_eq!(report.figures.unread, 4, "{fates:?}");
    let said: Vec<&str> = report
        .warnings
        .iter()
        .filter(|w| w.code == "figure_unread")
        .map(|w| w.message.as_str())
        .collect();
    assert_eq!(
        said,
        ["表t1没有识别，其中4个数没有读出：第3行第2列“120”、第3行第3列“480”、第4行第2列“80”、第4行第3列“302”"]
    );
}

#[test]
fn figures_of_prose() {
    let patterns = Patterns::builtin().unwrap();
    let text = "一、基本情况\n2022年预算100万元，支出率98.5%。\n根据财预〔2020〕10号，增长13.95。\n绩效自评分数为95，等级为优。\n";
    let report = heshu::extract(text.as_bytes(), "a.txt", &patterns).unwrap();
    let expected = ProseFigures {
        stated: 3,
        not_figures: 3,
        unread: 1,
    };
    assert_eq!(report.figures.prose, expected);
    let said: Vec<&str> = report.warnings.iter().map(|w| w.message.as_str()).collect();
    assert_eq!(said, ["正文有1个数没有读出：“0〕10号，增长13.95。”"]);
}

#[test]
fn the_coverage_is_one_line() {
    let mut figures = Figures {
        cells: 412,
        placed: 398,
        not_figures: 11,
        unread: 3,
        ..Figures::default()
    };
    assert_eq!(
        audit::coverage(&figures),
        "412 个数字单元格：入库398，编码序号11，未读3"
    );
    figures.other = 2;
    figures.cells = 414;
    assert_eq!(
        audit::coverage(&figures),
        "414 个数字单元格：入库398，其他列2，编码序号11，未读3"
    );
    figures.prose.stated = 20;
    figures.prose.unread = 1;
    assert!(audit::coverage(&figures).ends_with("，未读3；正文21 个数：入库20，未读1"));
}

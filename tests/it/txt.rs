//! The text reader: encodings, shapes of tables, and the corpus where it exists.

#![allow(clippy::unwrap_used)] // helpers of tests panic as tests do

use heshu::ReadOptions;
use heshu::model::{Block, Document, Table};
use heshu::pattern::Patterns;
use heshu::pattern::headers::fold;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns::builtin().unwrap());

fn read(text: &str) -> Document {
    heshu::read(text.as_bytes(), &PATTERNS, &ReadOptions::default()).unwrap()
}

fn tables(document: &Document) -> Vec<&Table> {
    document.blocks.iter().filter_map(Block::table).collect()
}

/// Logical rows: one text a cell, merges filled down, compared without white space and width.
fn rows(table: &Table) -> Vec<Vec<String>> {
    let row = |r| table.row_cells(r).map(|cell| fold(&cell.text)).collect();
    (0..table.rows()).map(row).collect()
}

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/txt").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpus")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} does not exist", path.display());
        return None;
    }
    Some(path)
}

/// Rows that the truth gives for the tables of a seed, heading included.
fn truth_rows(seed: &str) -> Option<Vec<Vec<Vec<String>>>> {
    let path = shared(&format!("truth/{seed}.json"))?;
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let texts = |row: &serde_json::Value| -> Vec<String> {
        row.as_array()
            .unwrap()
            .iter()
            .map(|t| fold(t.as_str().unwrap_or_default()))
            .collect()
    };
    let table = |t: &serde_json::Value| {
        let header = texts(&t["header"]);
        let heading = (!header.is_empty()).then_some(header);
        heading
            .into_iter()
            .chain(t["rows"].as_array().unwrap().iter().map(texts))
            .collect()
    };
    Some(truth["tables"].as_array().unwrap().iter().map(table).collect())
}

#[test]
fn dumps_of_word_tables_have_the_rows_of_the_truth() {
    for seed in ["seed000", "seed001", "seed003", "seed004"] {
        for encoding in ["utf8", "gbk"] {
            let (Some(path), Some(truth)) = (shared(&format!("reports/{seed}.{encoding}.txt")), truth_rows(seed))
            else {
                return;
            };
            let document = heshu::read(&std::fs::read(path).unwrap(), &PATTERNS, &ReadOptions::default()).unwrap();
            let mut truth = truth;
            if seed == "seed003" {
                // The truth restores the last cell, which the end of the file has lost.
                truth[0].last_mut().unwrap().pop();
            }
            let read: Vec<_> = tables(&document).into_iter().map(rows).collect();
            assert_eq!(read.len(), truth.len(), "{seed}.{encoding}");
            for (read, truth) in read.iter().zip(&truth) {
                for (r, (a, b)) in read.iter().zip(truth).enumerate() {
                    assert_eq!(a, b, "{seed}.{encoding} row {r}");
                }
                assert_eq!(read.len(), truth.len(), "{seed}.{encoding}");
            }
        }
    }
}

#[test]
fn markdown_pieces_have_the_rows_of_the_truth() {
    let Some(path) = shared("reports/seed002.utf8.txt") else {
        return;
    };
    let truth = truth_rows("seed002").unwrap();
    let document = heshu::read(&std::fs::read(path).unwrap(), &PATTERNS, &ReadOptions::default()).unwrap();
    let tables = tables(&document);
    assert_eq!(rows(tables[0]), truth[0]);
    let cuts: Vec<(bool, bool)> = tables.iter().map(|t| (t.cut.top, t.cut.bottom)).collect();
    let (whole, first, middle, last) = ((false, false), (false, true), (true, true), (true, false));
    assert_eq!(cuts, [whole, first, last, first, middle, middle, last]);
}

#[test]
fn the_dump_of_a_form_keeps_rows_merges_and_lost_separators() {
    let document = read(&fixture("form_dump.txt"));
    let tables = tables(&document);
    assert_eq!(tables.len(), 1);
    let expected: &[&[&str]] = &[
        &["项目名称", "村道养护专项资金"],
        &["主管部门", "县交通局", "实施单位", "县公路站"],
        &[
            "项目资金(万元)",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ],
        &[
            "项目资金(万元)",
            "年度资金总额",
            "120",
            "118",
            "117.5",
            "10",
            "99.58%",
            "9.96",
        ],
        &["项目资金(万元)", "其他资金", "", "", "", "", "", ""],
        &["年度总体目标", "预期目标", "实际完成情况"],
        &["年度总体目标", "养护村道。全年不少于两次。", "已养护两次。"],
        &[
            "绩效指标",
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "原因",
        ],
        &[
            "绩效指标",
            "产出指标(50分)",
            "数量指标",
            "指标1:养护里程",
            "≥80公里",
            "82公里",
            "25",
            "25",
            "",
        ],
        &[
            "绩效指标",
            "产出指标(50分)",
            "数量指标",
            "指标2:养护次数",
            "2次",
            "2次",
            "25",
            "24",
            "雨季停工。改在秋季补做。",
        ],
        &["总分", "100", "99.5"],
    ];
    assert_eq!(rows(tables[0]), expected);
    // The total's figures stand under 分值 and 得分.
    let total = tables[0].rows() - 1;
    assert_eq!(tables[0].at(total, 6).unwrap().text, "100");
    assert_eq!(tables[0].at(total, 7).unwrap().text, "99.5");
}

#[test]
fn indented_prose_is_no_table() {
    let text = "\t一、基本情况\n\t本项目由县农业局实施，资金20万元。\n\n\t二、存在问题\n\t（一）预算编制不够细。\n";
    let document = read(text);
    assert!(tables(&document).is_empty());
    assert_eq!(document.blocks.len(), 4);
}

/// Rows of texts as written in a test: one line a row, cells between pipes.
fn drawn(text: &str) -> Vec<Vec<String>> {
    let row = |line: &str| line.trim().split('|').map(fold).collect();
    text.trim().lines().map(row).collect()
}

fn paragraphs(document: &Document) -> Vec<&str> {
    document
        .blocks
        .iter()
        .filter_map(Block::paragraph)
        .map(|p| p.text.as_str())
        .collect()
}

fn codes(document: &Document) -> Vec<&str> {
    document.warnings.iter().map(|w| w.code.as_str()).collect()
}

#[test]
fn a_flattened_form_is_one_table_with_its_parts() {
    let document = read(&fixture("form_flat.txt"));
    let tables = tables(&document);
    assert_eq!(tables.len(), 1);
    let expected = drawn(
        "项目名称|农村道路养护补助资金
        主管部门|清源县交通运输局|实施单位|清源县公路服务中心
        项目资金（万元）||年初预算数|全年预算数（A）|全年执行数（B）|分值|执行率（B/A）|得分
        项目资金（万元）|年度资金总额|120|118|117.5|10|99.58%|9.96
        项目资金（万元）|其中：当年财政拨款|100|98|97.5|—|99.49%|—
        项目资金（万元）|上年结转资金|20|20|20|—|100%|—
        项目资金（万元）|其他资金||||||
        年度总体目标|预期目标|实际完成情况
        年度总体目标|养护农村道路80公里。|已养护农村道路82公里。
        绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
        绩效指标|产出指标|数量指标|养护里程|≥80公里|82公里|10|10|
        绩效指标|产出指标|数量指标|新增5G监测点数量|4个|5个|10|10|
        绩效指标|产出指标|质量指标|验收合格率|≥95%|98%|10|10|
        绩效指标|产出指标|时效指标|完成及时率|100%|90%|10|9|雨季停工已加快进度
        绩效指标|产出指标|成本指标|每公里成本|≤1.5万元|1.43万元|10|10|
        绩效指标|效益指标|社会效益指标|出行条件|有效改善|有效改善|15|15|
        绩效指标|效益指标|可持续影响指标|管护制度|健全|较健全|15|13|
        绩效指标|满意度指标|服务对象满意度指标|群众满意度|≥90%|95%|10|10|
        总分|100|96.96
        自评等级|优",
    );
    assert_eq!(rows(tables[0]), expected);
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
    assert_eq!(
        paragraphs(&document),
        [
            "2023年度项目支出绩效自评表",
            "（2023年度）",
            "二、存在问题",
            "预算编制不够细。"
        ]
    );
}

#[test]
fn what_cannot_be_placed_is_a_warning_and_no_row() {
    let document = read(&fixture("report_flat.txt"));
    let tables = tables(&document);
    let expected = [
        "一级项目|二级项目|预算金额|实际支出金额
        农业专项资金|种子补助资金|200|198.16
        农业专项资金|农机购置补贴（年中追加）|1,200.50|1,200.50
        农业专项资金|水利工程维修资金|35|—
        农业专项资金|合计|1435.5|1398.66",
        "二级项目|指标类型|三级指标|目标值|实际完成值
        种子补助资金|数量指标|补助农户数量|≥200户|213户
        种子补助资金|质量指标|种子合格率|100%|100%
        农机购置补贴|数量指标|补贴机具数量|280台|285台
        农机购置补贴|经济效益|带动农户增收额度|10万元以上|12.6万元
        水利工程维修资金|时效指标|完工时间|2022年12月底前|2022年11月
        水利工程维修资金|社会效益|灌溉条件|明显|改善",
        "项目|年初预算数|全年预算数|决算数
        教育支出|5.00|6.00|6.00",
    ];
    assert_eq!(tables.len(), expected.len());
    for (table, expected) in tables.iter().zip(expected) {
        assert_eq!(rows(table), drawn(expected));
    }
    // Two figures for three columns: which one is missing cannot be told.
    assert_eq!(codes(&document), ["ambiguous_row"]);
    let block = document.warnings[0].source.block.unwrap();
    assert_eq!(
        document.blocks[block].paragraph().unwrap().text,
        "一般公共服务支出 1.77 1.77"
    );
    // Caption and unit stand directly before their table.
    assert_eq!(
        paragraphs(&document)[2..4],
        ["2022年农业专项资金预算安排及使用情况表", "单位：万元"]
    );
}

/// A grid as it stands in a form; `^` is a label that goes on from above.
const GRID: &str = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施
    产出指标（50分）|数量指标|养护里程|≥80公里|82公里|10|10|
    ^|^|巡查次数|12次|11次|10|9.2|雨季停工一次
    ^|质量指标|验收合格率|≥95%|98%|10|10|
    ^|时效指标|完成及时率|100%|100%|10|10|
    ^|成本指标|每公里成本|≤1.5万元|1.43万元|10|10|
    效益指标（30分）|社会效益指标|出行条件|有效改善|有效改善|15|15|
    ^|可持续影响指标|管护制度健全性|全部符合|基本符合|15|13|制度不够健全
    满意度指标（10分）|服务对象满意度指标|群众满意度|≥90%|95%|10|10|";

const BUDGET: &str = "一级项目|二级项目|预算金额|实际支出金额
    农业专项资金|种子补助资金|200|198.16
    ^|农机购置补贴（年中追加）|1,200.50|1,200.50
    ^|水利工程维修资金|35|34.9
    ^|合计|1435.5|1433.56";

/// Rows of a grid: as they stand, and filled down.
fn grid(text: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let shown: Vec<Vec<String>> = text
        .lines()
        .map(|line| line.trim().split('|').map(|cell| cell.replace('^', "")).collect())
        .collect();
    let marked: Vec<Vec<&str>> = text.lines().map(|line| line.trim().split('|').collect()).collect();
    let mut filled: Vec<Vec<String>> = Vec::new();
    for row in &marked {
        let above = filled.last().cloned().unwrap_or_default();
        let fill = |(c, cell): (usize, &&str)| if *cell == "^" { above[c].clone() } else { fold(cell) };
        filled.push(row.iter().enumerate().map(fill).collect());
    }
    (shown, filled)
}

fn words(row: &[String], between: &str) -> String {
    let words: Vec<&str> = row.iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
    words.join(between)
}

/// Columns aligned by blanks, as wide as their widest cell.
fn aligned(rows: &[Vec<String>]) -> String {
    let width = |t: &str| -> usize { t.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum() };
    let widest = |c: usize| rows.iter().map(|r| width(&r[c])).max().unwrap_or(0) + 2;
    let cell = |(c, t): (usize, &String)| format!("{t}{}", " ".repeat(widest(c) - width(t)));
    let line = |r: &Vec<String>| r.iter().enumerate().map(cell).collect::<String>();
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn one_table_in_every_plain_text_shape_has_the_same_rows() {
    for text in [GRID, BUDGET] {
        let (shown, filled) = grid(text);
        let join = |cell: &dyn Fn(&[String]) -> String, row: &str| -> String {
            shown.iter().map(|r| cell(r)).collect::<Vec<_>>().join(row)
        };
        let shapes: Vec<(&str, String)> = vec![
            (
                "dump",
                join(
                    &|r| r.iter().map(|c| format!("\t{c}")).collect::<Vec<_>>().join("\n"),
                    "\n\n",
                ),
            ),
            ("one row a line", join(&|r| words(r, " "), "\n")),
            ("one row a line, blank lines", join(&|r| words(r, " "), "\n\n")),
            ("one cell a line, rows parted", join(&|r| words(r, "\n"), "\n\n")),
            ("one cell a line", join(&|r| words(r, "\n"), "\n")),
            ("one cell a line, all parted", join(&|r| words(r, "\n\n"), "\n\n")),
            (
                "one cell a line, empty lines for empty cells",
                join(&|r| r.join("\n"), "\n"),
            ),
            ("tabs", join(&|r| r.join("\t"), "\n")),
            ("blanks", aligned(&shown)),
        ];
        for (shape, table) in shapes {
            for around in ["", "一、预算安排\n以下为有关情况。\n项目支出情况表\n单位：万元\n"]
            {
                let document = read(&format!(
                    "{around}{table}\n\n二、存在问题\n预算编制不够细，需要改进。\n"
                ));
                let tables = tables(&document);
                assert_eq!(tables.len(), 1, "{shape}: {:#?}", document.blocks);
                assert_eq!(rows(tables[0]), filled, "{shape}");
                assert!(document.warnings.is_empty(), "{shape}: {:?}", document.warnings);
            }
        }
    }
}

/// Characters of a text that must stand in the blocks, sorted: no white space, nothing that separates cells.
fn substance<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<char> {
    let separator = |c: char| c.is_whitespace() || matches!(c, '|' | '-' | ':' | '\\' | '\u{feff}' | '\u{200b}');
    let mut chars: Vec<char> = texts.flat_map(str::chars).filter(|c| !separator(*c)).collect();
    chars.sort_unstable();
    chars
}

fn block_texts(document: &Document) -> Vec<&str> {
    let mut texts = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph(p) => texts.push(p.text.as_str()),
            Block::Table(t) => texts.extend(t.cells().iter().map(|c| c.text.as_str())),
        }
    }
    texts
}

fn nothing_vanishes_or_doubles(text: &str) {
    let Ok(document) = heshu::read(text.as_bytes(), &PATTERNS, &ReadOptions::default()) else {
        return;
    };
    let read = block_texts(&document);
    assert_eq!(
        substance(std::iter::once(text)).iter().collect::<String>(),
        substance(read.iter().copied()).iter().collect::<String>(),
        "{text:?}"
    );
}

const PIECES: &[&str] = &[
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析",
    "及改进措施",
    "序号",
    "项目",
    "年初预算数",
    "全年预算数",
    "全年执行数",
    "执行率",
    "决算数",
    "项目资金（万元）",
    "年度资金总额",
    "其中：当年财政拨款",
    "其他资金",
    "项目名称",
    "项目名称：",
    "主管部门",
    "实施单位",
    "年度总体目标",
    "预期目标",
    "实际完成情况",
    "绩效指标",
    "产出指标",
    "数量指标",
    "（50分）",
    "质量指标",
    "效益指标",
    "满意度指标",
    "成本指标",
    "总分",
    "合计",
    "评价等次",
    "培训人数",
    "5G",
    "基站数量",
    "指标1：道路里程",
    "指标2：",
    "……",
    "≥100人",
    "120",
    "人",
    "98%",
    "10",
    "9.5",
    "1,020.16",
    "—",
    "有效提升",
    "单位：万元",
    "一、基本情况",
    "（一）项目概况",
    "本项目由县农业局实施，资金20万元。",
    "某某县",
    "|",
    "| 甲 | 乙 |",
    "|---|---|",
    "\t",
    "\t",
    " ",
    " ",
    "  ",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\n\t",
    "\n\t",
    "\n\n\t",
    "\n \t",
    "\u{3000}",
    "\u{a0}",
    "\r\n",
    "\u{c}",
    "\u{b}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever order headings, labels, values and separators come in, each character comes out once.
    #[test]
    fn each_character_stands_in_one_block(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..120)) {
        nothing_vanishes_or_doubles(&pieces.concat());
    }

    /// The same after a heading, so that rows are placed.
    #[test]
    fn each_character_of_rows_stands_in_one_block(
        style in 0usize..10,
        rows in prop::collection::vec(prop::collection::vec(prop::sample::select(&PIECES[25..56]), 1..9), 0..12),
    ) {
        let (cell, row) = [(" ", "\n"), ("\n", "\n\n"), ("\n", "\n"), ("\n\t", "\n\n\t"), (" | ", " |\n"), (" | ", "\n"), (" ", " "), (" | ", " | |||\n"), (" |\n", " |\n"), ("\n\n", "\n\n")][style];
        let mut text = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"].join(cell);
        for r in &rows {
            text.push_str(row);
            text.push_str(&r.join(cell));
        }
        if style == 4 {
            text.push_str(" |");
        }
        nothing_vanishes_or_doubles(&text);
    }

    /// Any bytes: a document or an error, never a panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = heshu::read(&bytes, &PATTERNS, &ReadOptions::default());
    }
}

#[test]
fn nothing_of_the_corpus_vanishes_or_doubles() {
    let Some(folder) = shared("reports") else { return };
    for seed in ["seed000", "seed001", "seed002", "seed003", "seed004"] {
        let text = std::fs::read_to_string(folder.join(format!("{seed}.utf8.txt"))).unwrap();
        let bookmark = |t: &str| {
            t.split("[bookmark")
                .enumerate()
                .map(|(i, p)| if i == 0 { p } else { p.split_once(']').unwrap().1 })
                .collect::<String>()
        };
        nothing_vanishes_or_doubles(&bookmark(&text));
    }
}

/// Labels that wait for a row of figures when the table ends.
#[test]
fn labels_that_no_row_came_for_stand_beside_the_table() {
    let heading =
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分\n产出指标 数量指标 培训人数 ≥100人 120人 10 10\n";
    for rest in ["效益指标\n总分 良好\n", "效益指标\n总分 良好\n二、存在问题\n"] {
        let text = format!("{heading}{rest}");
        nothing_vanishes_or_doubles(&text);
        let document = heshu::read(text.as_bytes(), &PATTERNS, &ReadOptions::default()).unwrap();
        assert!(block_texts(&document).contains(&"效益指标"), "{text:?}");
    }
}

fn report(text: &str) -> heshu::model::Report {
    heshu::extract(text.as_bytes(), "a.txt", &PATTERNS).unwrap()
}

/// Each indicator's name, target and actual as written.
fn values(report: &heshu::model::Report) -> Vec<String> {
    let raw = |value: &Option<heshu::model::Value>| value.as_ref().map_or(String::new(), |v| v.raw.clone());
    let shown = |i: &heshu::model::Indicator| format!("{} {} {}", i.name, raw(&i.target), raw(&i.actual));
    report.indicators.iter().map(shown).collect()
}

/// 年初指标值, 调整指标值 and 完成值 with one cell gone: that is the adjusted one, where the last can be an actual.
#[test]
fn an_adjusted_target_is_left_empty_and_no_figure_slides() {
    let text = "部门整体绩效自评表\n指标名称 计量单位 指标性质 年初指标值 调整指标值 全年完成值 得分系数 权重 得分\n\
                财政供养人员控制率 % 定量指标 ≤100% 92% 100% 2 2\n培训次数 次 定量指标 ≥6次 12次 100% 5 5\n\
                制度健全性 定性指标 高 高 100% 3 3\n检查次数 次 定量指标 ≥6次 ≥8次 9次 100% 4 4\n\
                抽查次数 次 定量指标 ≥6次 ≥8次 100% 1 1\n";
    let report = report(text);
    assert_eq!(
        values(&report),
        [
            "财政供养人员控制率 ≤100% 92%",
            "培训次数 ≥6次 12次",
            "制度健全性 高 高",
            "检查次数 ≥6次 9次"
        ]
    );
    // Is ≥8次 what was adjusted to or what came of it? It is said, not guessed.
    let said = |w: &heshu::model::Warning| w.message.contains("抽查次数");
    assert!(report.warnings.iter().any(said), "{:?}", report.warnings);
}

/// 指标性质, 指标值 and 度量单位 below 年度指标值: only the middle one is the target.
#[test]
fn what_divides_the_target_is_no_target() {
    let text = "| 2020年度项目支出绩效自评表 | |||||||||\n\
                | 绩效指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 | ||||\n\
                | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | ||||\n\
                | 产出指标 | 数量指标 | 检查次数 | ﹦ | 12 | 次 | 13 | 50.00 | 49.00 | |\n\
                | 质量指标 | 合格率 | ≥ | 95 | % | 96 | 40 | 39 | ||\n\
                | 总分 | 100 | 88 | |||||||\n";
    let report = report(text);
    assert_eq!(values(&report), ["检查次数 12 13", "合格率 95 96"]);
}

/// One cell a line, an empty line between cells, white space alone where a cell is empty, a label in two paragraphs.
#[test]
fn cells_between_empty_lines_are_the_form() {
    let cells = [
        "项目资金\n（万元）",
        "\u{a0}",
        "年初",
        "预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
        "年度资金总额",
        "43.2",
        "43.2",
        "37.24",
        "10",
        "86%",
        "9",
        "其中：当年财政拨款",
        "43.2",
        "43.2",
        "37.24",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "上年结转资金",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "一级指标",
        "二级指标",
        "三级指标",
        "年度",
        "指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
        "产出指标",
        "质量指标",
        "指标1：验收合格率",
        "100%",
        "100%",
        "50",
        "50",
        "\u{a0}",
        "指标2：",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "\u{a0}",
        "效益\n指标",
        "社会效益",
        "指标",
        "指标1：学校发展",
        "有效提升",
        "有效提升",
        "40",
        "39",
        "\u{a0}",
    ];
    let text = format!("项目支出绩效自评表\n\n{}\n\n总分\n\n100\n\n98\n", cells.join("\n\n"));
    let report = report(&text);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    let budgets: Vec<(&str, usize)> = report
        .budgets
        .iter()
        .map(|b| (b.name.as_str(), b.amounts.len()))
        .collect();
    assert_eq!(
        budgets,
        [("年度资金总额", 6), ("其中：当年财政拨款", 3), ("上年结转资金", 0)]
    );
    let indicators: Vec<(&str, Option<&str>)> = report
        .indicators
        .iter()
        .map(|i| (i.name.as_str(), i.level2.as_deref()))
        .collect();
    assert_eq!(
        indicators,
        [("验收合格率", Some("质量指标")), ("学校发展", Some("社会效益指标"))]
    );
}

/// Cells on lines: where the end of a row is not certain, the words behind it make no row of their own.
#[test]
fn nothing_is_placed_behind_a_row_whose_end_is_not_certain() {
    let cells = [
        "一级指标",
        "二级指标",
        "三级指标",
        "指标权重",
        "指标解释",
        "自评得分",
        "某某栏",
        "预算编制情况",
        "预算编制",
        "预算编制合理性",
        "5",
        "考察编制是否合理",
        "5",
        "",
        "预算编制规范性",
        "5",
        "考察编制是否规范",
        "4.5",
        "",
        "合计",
        "10",
        "",
        "9.5",
        "",
    ];
    let text: String = cells.iter().map(|cell| format!("{cell} |\n")).collect();
    let report = report(&text);
    let names: Vec<&str> = report.indicators.iter().map(|i| i.name.as_str()).collect();
    assert!(!names.iter().any(|name| name.starts_with("考察")), "{names:?}");
    assert!(!report.warnings.is_empty());
}

/// Found by the property above: headings that others divide stand in the table, too.
#[test]
fn headings_that_others_divide_do_not_vanish() {
    nothing_vanishes_or_doubles(
        "一级指标得分全年执行数120分值\n一级指标一级指标二级指标\n一级指标\n序号全年执行数\n98%绩效指标项目名称指标2：",
    );
    let headings = [
        "绩效指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
    ];
    let row = ["产出指标", "数量指标", "检查次数", "=", "12", "次", "13", "50", "49"];
    let text: String = headings.iter().chain(&row).map(|cell| format!("{cell} |\n")).collect();
    nothing_vanishes_or_doubles(&text);
    let report = report(&text);
    let indicator = &report.indicators[0];
    assert_eq!(
        (
            indicator.name.as_str(),
            indicator.target.as_ref().map(|t| t.raw.as_str())
        ),
        ("检查次数", Some("12"))
    );
}

/// A row of very many words keeps all of them.
#[test]
fn a_row_of_many_words_is_kept_whole() {
    let row = |n: usize| format!("道路养护{} 12.5{n} 已完工\n", "甲".repeat(n));
    let rows: String = (1..9).map(row).collect();
    let words: Vec<String> = (0..66).map(|n| "丁".repeat(n % 3 + 2)).collect();
    let many = words.join(" ");
    nothing_vanishes_or_doubles(&format!(
        "项目名称 预算数 备注\n{rows}桥涵维修 13.75 {many}\n安全设施 15.00 已完工\n"
    ));
}

/// Each table of a text, rows as `cell|cell`; `×n` behind a cell that covers n columns.
fn laid(text: &str) -> Vec<Vec<String>> {
    let document = read(text);
    let row = |table: &Table, r: usize| {
        let cells = table.cells().iter().filter(|c| c.row == r);
        let shown = cells.map(|c| match c.col_span {
            1 => c.text.clone(),
            n => format!("{}×{n}", c.text),
        });
        shown.collect::<Vec<_>>().join("|")
    };
    let rows = |table: &&Table| (0..table.rows()).map(|r| row(table, r)).collect();
    tables(&document).iter().map(rows).collect()
}

#[test]
fn drawn_tables_keep_their_merged_and_wrapped_cells() {
    let drawn = "\
        ┌────┬────────────────────┬──────┐\n\
        │项目│       预算数       │执行数│\n\
        │    ├──────────┬─────────┤      │\n\
        │名称│   年初   │  全年   │      │\n\
        ├────┼──────────┼─────────┼──────┤\n\
        │甲类│ 800.00   │ 820.00  │12,400│\n\
        │工程│          │         │.50   │\n\
        ├────┴──────────┴─────────┼──────┤\n\
        │合计                     │810.00│\n\
        └─────────────────────────┴──────┘\n";
    let expected = [
        "项目名称|预算数×2|执行数",
        "年初|全年",
        "甲类工程|800.00|820.00|12,400.50",
        "合计×3|810.00",
    ];
    assert_eq!(laid(drawn), [expected]);
    let ascii = "\
        +------+--------+--------+\n\
        | 项目 | 预算数 | 执行数 |\n\
        +======+========+========+\n\
        | 甲   | 800.00 | 780.00 |\n\
        | 乙   | 20.00  | 10.00  |\n\
        +------+--------+--------+\n";
    assert_eq!(
        laid(ascii),
        [["项目|预算数|执行数", "甲|800.00|780.00", "乙|20.00|10.00"]]
    );
    let framed = "  ╔════╤════╗\n  ║ 名 │ 数 ║\n  ╠════╪════╣\n  ║ 甲 │1.00║\n  ║ 乙 │2.00║\n  ╚════╧════╝\n";
    assert_eq!(laid(framed), [["名|数", "甲|1.00", "乙|2.00"]]);
    assert_eq!(laid("｜名｜数｜\n｜甲｜1.00｜\n"), [["名|数", "甲|1.00"]]);
    let open = "名称 │ 预算数\n─────┼───────\n甲   │ 12.00\n乙   │ 13.00\n";
    assert_eq!(laid(open), [["名称|预算数", "甲|12.00", "乙|13.00"]]);
}

#[test]
fn delimited_rows_are_tables() {
    for (text, expected) in [
        (
            "\u{feff}\"2022年度情况表\",,\n项目,预算数,执行数\n\"甲\n乙\",\"1,020.16\",\"他说\"\"好\"\"\"\n丙,,5.00,,\n丁,7.00\n",
            vec![
                "项目|预算数|执行数",
                "甲\n乙|1,020.16|他说\"好\"",
                "丙||5.00",
                "丁|7.00|",
            ],
        ),
        (
            "项目;预算数\n甲;1,020.16\n乙;800,00\n",
            vec!["项目|预算数", "甲|1,020.16", "乙|800,00"],
        ),
        // Quotes and line breaks in rows parted by tabs.
        (
            "项目\t预算数\n\"甲\n乙\"\t1.00\n丙\t2.00\n",
            vec!["项目|预算数", "甲\n乙|1.00", "丙|2.00"],
        ),
        // A comma that took a number apart is put back where one way alone fits the headings.
        (
            "项目,预算数,执行数\n甲,1,020.16,800.00\n乙,5.00,4.00\n",
            vec!["项目|预算数|执行数", "甲|1,020.16|800.00", "乙|5.00|4.00"],
        ),
    ] {
        assert_eq!(laid(text), [expected], "{text}");
    }
}

#[test]
fn a_row_that_commas_took_apart_in_two_ways_is_named() {
    let document = read("项目,预算数,执行数\n甲,1,200,300.00\n乙,5.00,4.00\n丙,6.00,4.00\n");
    assert_eq!(tables(&document)[0].rows(), 3);
    let said: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(said, ["ambiguous_row"]);
}

#[test]
fn commas_of_prose_and_numbers_make_no_table() {
    for text in [
        "本项目预算100万元,执行98万元,执行率98%。\n下一年,继续,努力\n做好,工作,计划\n",
        "1,加强管理\n2,完善制度\n3,提高效率\n",
        "目标一;\n目标二;\n目标三;\n",
        "路面 1,020.16\n桥涵 2,300.00\n合计 3,320.16\n",
        "甲款\n1,020\n2,300\n3,320\n",
        "- - -\n+ + +\na | b\n",
    ] {
        assert!(tables(&read(text)).is_empty(), "{text}");
    }
}

/// Work grows with the input: these take seconds even unoptimized, and hours if anything is looked for twice.
#[test]
fn hostile_delimiters_and_strokes_are_read_in_linear_time() {
    const N: usize = 60_000;
    let start = std::time::Instant::now();
    for text in [
        "甲,1.00,".repeat(N),
        "│".repeat(N),
        "+---".repeat(N),
        "│1.00│2.00│\n".repeat(N / 10),
        "+---+---+\n".repeat(N / 10),
        ",\"\n".repeat(N),
        format!(",\"{}", "\"\"\n".repeat(N)),
        format!("项目,数\n{}", "甲,1,020,300.00\n".repeat(N / 10)),
        format!("{}\n", vec!["1.5"; 5_000].join(",")).repeat(20),
        format!("│{}│\n", vec!["11"; 5_000].join("│")).repeat(20),
        format!("{}\n{}", vec!["1.5"; N].join(","), "甲,1.5,2.5\n".repeat(N / 10)),
    ] {
        read(&text);
    }
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

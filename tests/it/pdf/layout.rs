//! Places, directions, rulings and lines.

use super::writer::{Writer, hex, one_page, table, text};
use super::{paragraphs, read, rows, tables};
use heshu::model::{BBox, Block};

const ROWS: &[&[&str]] = &[&["项目", "预算数", "执行数"], &["道路养护", "120.00", "118.25"]];

fn place(bytes: &[u8], row: usize, col: usize) -> BBox {
    let document = read(bytes);
    tables(&document)[0].at(row, col).unwrap().places[0].bbox
}

fn near(found: BBox, expected: [f64; 4]) {
    let apart = [
        found.x0 - expected[0],
        found.y0 - expected[1],
        found.x1 - expected[2],
        found.y1 - expected[3],
    ];
    assert!(apart.iter().all(|d| d.abs() < 1.0), "{found:?}, not {expected:?}");
}

#[test]
fn places_are_those_of_the_page_as_displayed() {
    let content = table(50.0, 300.0, ROWS);
    let page = |extra: &str| Writer::new().page(&content, extra, "").bytes();
    // The cell at row 1, column 0 stands at x 50…110 and y 260…280 from the bottom of 400.
    near(place(&page(""), 1, 0), [50.0, 120.0, 110.0, 140.0]);
    near(
        place(&page("/CropBox[20 30 280 380]"), 1, 0),
        [30.0, 100.0, 90.0, 120.0],
    );
    // Turned clockwise by a quarter the page is 400 wide: x = y from the bottom, y = x.
    near(place(&page("/Rotate 90"), 1, 0), [260.0, 50.0, 280.0, 110.0]);
    near(place(&page("/Rotate 180"), 1, 0), [190.0, 260.0, 250.0, 280.0]);
    near(place(&page("/Rotate 270"), 1, 0), [120.0, 190.0, 140.0, 250.0]);
    for extra in ["/Rotate 90", "/Rotate 180", "/Rotate 270", "/CropBox[20 30 280 380]"] {
        assert_eq!(rows(tables(&read(&page(extra)))[0]), ROWS, "{extra}");
    }
}

#[test]
fn a_landscape_table_drawn_sideways() {
    // Without /Rotate: the content itself is turned, as printers of wide tables do.
    let content = format!("q 0 1 -1 0 300 0 cm {} Q", table(50.0, 250.0, ROWS));
    let bytes = one_page(&content);
    assert_eq!(rows(tables(&read(&bytes))[0]), ROWS);
    // Content (x, y) stands at (300 - y, x) from the bottom left, that is y' = 400 - x from the top.
    near(place(&bytes, 0, 0), [50.0, 290.0, 70.0, 350.0]);
}

#[test]
fn white_rules_part_nothing_and_white_cells_hide_nothing() {
    let mut content =
        "1 1 1 rg 1 1 1 RG 50 200 180 100 re f 100 200 1 100 re f 140 200 m 140 300 l S 0 g 0 G\n".to_owned();
    content += &table(50.0, 300.0, ROWS);
    assert_eq!(rows(tables(&read(&one_page(&content)))[0]), ROWS);
}

#[test]
fn tables_side_by_side_are_read_from_left_to_right() {
    let left: &[&[&str]] = &[&["收入", "金额"], &["财政", "1.00"]];
    let right: &[&[&str]] = &[&["支出", "金额"], &["教育", "2.00"]];
    let document = read(&one_page(&(table(160.0, 300.0, right) + &table(20.0, 300.0, left))));
    let found: Vec<_> = tables(&document).into_iter().map(rows).collect();
    assert_eq!(found, [left, right]);
}

#[test]
fn a_text_that_runs_over_its_border_stays_whole() {
    let mut content = table(50.0, 300.0, &[&["项目", "预算数"], &["", "120.00"]]);
    content += &text(52.0, 266.0, "其他一般公共服务支出"); // 100 points in a cell of 60
    let found = rows(tables(&read(&one_page(&content)))[0]);
    assert_eq!(found[1][0], "其他一般公共服务支出");
    assert_eq!(found[1][1], "120.00");
}

#[test]
fn merged_cells_come_from_missing_rulings() {
    let content = "50 260 180 40 re S 110 260 m 110 300 l S 110 280 m 230 280 l S 170 260 m 170 280 l S\n".to_owned()
        + &text(55.0, 276.0, "项目")
        + &text(150.0, 286.0, "预算数")
        + &text(115.0, 266.0, "年初")
        + &text(175.0, 266.0, "调整");
    let document = read(&one_page(&content));
    let spans: Vec<_> = tables(&document)[0]
        .cells()
        .iter()
        .map(|c| (c.text.clone(), c.row_span, c.col_span))
        .collect();
    let expected = [("项目", 2, 1), ("预算数", 1, 2), ("年初", 1, 1), ("调整", 1, 1)];
    assert_eq!(spans, expected.map(|(t, r, c)| (t.to_owned(), r, c)));
}

#[test]
fn drawing_order_does_not_matter() {
    let content = text(60.0, 300.0, "200家") + &text(50.0, 300.0, "≧");
    assert_eq!(paragraphs(&read(&one_page(&content))), ["≧200家"]);
}

#[test]
fn paragraphs_are_rejoined_over_lines_and_pages_and_furniture_is_apart() {
    let full = "本部门全年收入与支出情况如下数据均以决算为准各项"; // 24 characters: 240 points
    let page = |first: &str, second: &str, number: usize| {
        text(40.0, 380.0, "某部门绩效自评报告")
            + &text(30.0, 340.0, first)
            + &text(30.0, 320.0, second)
            + &text(140.0, 15.0, &format!("- {number} -"))
    };
    let mut writer = Writer::new();
    writer.page(&page(full, full, 1), "", "");
    writer.page(&page("资金按规定使用。", full, 2), "", "");
    writer.page(&page("未发生违规情况。", "另起一段。", 3), "", "");
    let document = read(&writer.bytes());
    let first = format!("{full}{full}资金按规定使用。");
    let second = format!("{full}未发生违规情况。");
    assert_eq!(paragraphs(&document), [first.as_str(), second.as_str(), "另起一段。"]);
    assert_eq!(document.furniture.len(), 6, "three headers, three page numbers");
    let Block::Paragraph(paragraph) = &document.blocks[0] else {
        panic!("a paragraph")
    };
    let pages: Vec<u32> = paragraph
        .places(0, paragraph.text.len())
        .iter()
        .map(|p| p.page)
        .collect();
    assert_eq!(pages, [1, 2]);
}

#[test]
fn no_space_is_invented_in_chinese_and_numbers_do_not_run_together() {
    let spread = format!(
        "BT /F 10 Tf 3 Tc 1 0 0 1 30 300 Tm <{}> Tj ET\n",
        hex("江门市工业和信息化局")
    );
    assert_eq!(paragraphs(&read(&one_page(&spread))), ["江门市工业和信息化局"]);
    let apart = text(30.0, 300.0, "合计") + &text(60.0, 300.0, "200") + &text(90.0, 300.0, "300");
    let found = read(&one_page(&apart));
    assert!(paragraphs(&found)[0].ends_with("200 300"), "{:?}", paragraphs(&found));
}

#[test]
fn a_page_can_be_explained() {
    let bytes = one_page(&table(50.0, 300.0, ROWS));
    let svg = heshu::ingest::pdf::explain_page(&bytes, &heshu::ReadOptions::default(), 1).unwrap();
    for part in ["id=\"rulings\"", "id=\"edges\"", "row 1 column 2", "</svg>"] {
        assert!(svg.contains(part), "{part}");
    }
    assert!(heshu::ingest::pdf::explain_page(&bytes, &heshu::ReadOptions::default(), 2).is_err());
}

#[test]
fn a_figure_cut_off_by_the_page_edge_is_warned_of() {
    // The page is 300 points wide: the last digits fall beyond it.
    let document = read(&one_page(&text(285.0, 300.0, "97.56")));
    assert!(
        super::codes(&document).contains(&"text_beyond_page"),
        "{:?}",
        document.warnings
    );
    let document = read(&one_page(&text(200.0, 300.0, "97.56")));
    assert!(!super::codes(&document).contains(&"text_beyond_page"));
}

#[test]
fn furniture_is_known_by_what_repeats_and_counts_wherever_it_stands() {
    // A table over three pages that end at two thirds of their height, numbers at 84 % of it, heads at 16 %.
    let page = |n: usize, rows: &[&[&str]]| {
        table(50.0, 320.0, rows)
            + &text(140.0, 64.0, &format!("第 {n} 页 共 3 页"))
            + &text(100.0, 335.0, "某单位决算公开材料")
    };
    let body = |n: usize| -> Vec<Vec<String>> {
        (0..9)
            .map(|r| {
                vec![
                    format!("项目{n}之{r}"),
                    format!("{}.00", 10 * n + r),
                    format!("{}.50", 10 * n + r),
                ]
            })
            .collect()
    };
    let mut writer = Writer::new();
    for n in 1..=3 {
        let own = body(n);
        let rows: Vec<Vec<&str>> = own.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let mut all: Vec<&[&str]> = Vec::new();
        if n == 1 {
            all.push(ROWS[0]);
        }
        all.extend(rows.iter().map(Vec::as_slice));
        writer.page(&page(n, &all), "", "");
    }
    let document = read(&writer.bytes());
    assert_eq!(document.furniture.len(), 6, "{:?}", paragraphs(&document));
    assert_eq!(tables(&document).len(), 1, "one table over three pages");
    // Labels with their values and titles, which each form of a set repeats, are no furniture.
    let mut writer = Writer::new();
    for _ in 0..3 {
        let content = format!("BT /F 14 Tf 1 0 0 1 100 335 Tm <{}> Tj ET\n", hex("绩效自评表"))
            + &text(180.0, 323.0, "金额单位：万元")
            + &table(50.0, 310.0, ROWS)
            + &text(50.0, 64.0, "填报人：某某");
        writer.page(&content, "", "");
    }
    assert!(read(&writer.bytes()).furniture.is_empty());
    // Numbers that do not count up with the pages are text.
    let mut writer = Writer::new();
    for figure in ["12", "7", "31"] {
        writer.page(&(table(50.0, 310.0, ROWS) + &text(140.0, 64.0, figure)), "", "");
    }
    assert!(read(&writer.bytes()).furniture.is_empty());
}

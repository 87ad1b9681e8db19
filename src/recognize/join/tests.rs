//! Pieces and what becomes of them.

use super::*;
use crate::model::{BBox, Format, PagePlace};

/// A piece on a page with columns of 60 points; `^` continues the cell above. Texts that end in `>` fill their line.
fn piece(page: u32, rows: &[&[&str]]) -> Table {
    let mut cells: Vec<Cell> = Vec::new();
    for (row, texts) in rows.iter().enumerate() {
        for (col, text) in texts.iter().enumerate() {
            if *text == "^" {
                let above = cells.iter_mut().rev().find(|c| c.col == col).unwrap();
                above.row_span += 1;
                continue;
            }
            let mut cell = Cell::new(row, col, text.trim_end_matches('>'));
            let bbox = BBox::new(
                col as f64 * 60.0,
                row as f64 * 20.0,
                (col + 1) as f64 * 60.0,
                (row + 1) as f64 * 20.0,
            );
            cell.places.push(PagePlace { page, bbox });
            cells.push(cell);
        }
    }
    let cols = rows[0].len();
    let last = rows[rows.len() - 1];
    let mut table = Table::new(rows.len(), cols, cells).unwrap();
    table.cut.top = true;
    table.cut.bottom = true;
    table.cut.column_edges = (0..=cols).map(|c| c as f64 * 60.0).collect();
    table.cut.room_after = last
        .iter()
        .enumerate()
        .map(|(c, t)| (c, if t.ends_with('>') { 2.0 } else { 40.0 }))
        .collect();
    table.cut.first_word = (0..cols).map(|c| (c, 10.0)).collect();
    table
}

fn text_piece(rows: &[&[&str]]) -> Table {
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.to_vec()).collect();
    let mut table = Table::from_rows(&rows).unwrap();
    table.cut.top = true;
    table.cut.bottom = true;
    table
}

fn joined(pieces: Vec<Table>) -> Vec<Vec<Vec<String>>> {
    let mut document = Document::new(Format::Pdf);
    document.blocks = pieces.into_iter().map(Block::Table).collect();
    let document = join(document, &Patterns::builtin().unwrap());
    let rows = |t: &Table| {
        (0..t.rows())
            .map(|r| t.row_cells(r).map(|c| c.text.clone()).collect())
            .collect()
    };
    document.blocks.iter().filter_map(Block::table).map(rows).collect()
}

#[test]
fn a_repeated_header_is_dropped_and_rows_stay_rows() {
    let head: &[&str] = &["项目", "预算数", "执行数"];
    let tables = joined(vec![
        piece(1, &[head, &["教育>", "1.00", "1.00"]]),
        piece(2, &[head, &["卫生", "2.00", "2.00"]]),
    ]);
    assert_eq!(
        tables,
        [[
            ["项目", "预算数", "执行数"],
            ["教育", "1.00", "1.00"],
            ["卫生", "2.00", "2.00"]
        ]]
    );
}

#[test]
fn a_torn_row_is_one_row_when_its_text_had_no_room_left() {
    let above = |name| {
        piece(
            1,
            &[
                &["指标", "目标", "实际"],
                &["合格率", "90%", "95%"],
                &[name, "5个", "6个"],
            ],
        )
    };
    let tables = joined(vec![
        above("公共设施>"),
        piece(2, &[&["维护次数", "", ""], &["参保率", "80%", "81%"]]),
    ]);
    assert_eq!(tables[0][2], ["公共设施维护次数", "5个", "6个"]);
    assert_eq!(tables[0].len(), 4);
    // With room left, the text is another row's.
    let tables = joined(vec![above("公共设施"), piece(2, &[&["维护次数", "", ""]])]);
    assert_eq!(tables[0].len(), 4);
    // A numbered placeholder begins a row of its own.
    let tables = joined(vec![above("指标1：公共设施>"), piece(2, &[&["指标2：", "", ""]])]);
    assert_eq!(tables[0].len(), 4);
}

#[test]
fn figures_on_both_sides_are_never_one_figure() {
    let tables = joined(vec![
        piece(1, &[&["项目", "金额"], &["教育", "1.00"], &["城乡社区>", "196.29>"]]),
        piece(2, &[&["住房", "3832.36"]]),
    ]);
    assert_eq!(tables[0].len(), 4);
    assert_eq!(tables[0][3], ["住房", "3832.36"]);
}

#[test]
fn merged_labels_are_one_cell_wherever_their_text_stands() {
    for (above, below) in [("产出指标", ""), ("", "产出指标"), ("产出指标", "产出指标")] {
        let tables = joined(vec![
            piece(
                1,
                &[&["一级指标", "名称", "分值"], &[above, "甲", "1"], &["^", "乙", "2"]],
            ),
            piece(2, &[&[below, "丙", "3"], &["^", "丁", "4"]]),
        ]);
        let labels: Vec<&str> = tables[0].iter().skip(1).map(|r| r[0].as_str()).collect();
        assert_eq!(labels, ["产出指标"; 4], "{above} | {below}");
    }
}

#[test]
fn two_forms_of_one_layout_stay_two_tables() {
    let form = |page, name| piece(page, &[&["项目名称", name], &["主管部门", "某局"], &["总分", "98"]]);
    assert_eq!(joined(vec![form(1, "道路养护"), form(2, "门诊补贴")]).len(), 2);
}

#[test]
fn text_tables_lose_their_empty_header_and_their_torn_rows() {
    let head: &[&str] = &["序号", "一级", "三级指标", "目标值", "完成值", "备注"];
    let tables = joined(vec![
        text_piece(&[
            head,
            &["1", "产出指标", "企业数量", "20家", "27家", ""],
            &["2", "", "支持企业上云上平", "10家", "8家", ""],
        ]),
        text_piece(&[
            head,
            &["", "", "台数量", "", "", ""],
            &["3", "", "新认定数量", "3家", "4家", ""],
        ]),
        text_piece(&[&[""; 6], &["4", "", "满意度", "90%", "95%", ""]]),
    ]);
    assert_eq!(tables.len(), 1);
    assert_eq!(tables[0][2][2], "支持企业上云上平台数量");
    assert_eq!(tables[0].len(), 5);
}

#[test]
fn continuation_captions_become_furniture() {
    let mut document = Document::new(Format::Pdf);
    let head: &[&str] = &["项目", "预算数", "执行数"];
    let say = |text: &str| Block::Paragraph(Paragraph::body(text));
    let mut next = piece(2, &[head, &["卫生", "2.00", "2.00"]]);
    next.cut.top = false;
    document.blocks = vec![
        say("收入决算表"),
        Block::Table(piece(1, &[head, &["教育", "1.00", "1.00"]])),
        say("续表"),
        Block::Table(next),
    ];
    let document = join(document, &Patterns::builtin().unwrap());
    assert_eq!(document.blocks.len(), 2);
    assert_eq!(document.furniture.len(), 1);
}

#[test]
fn a_figure_that_a_narrow_column_broke_is_one_figure() {
    let above = piece(
        1,
        &[
            &["项目", "预算数", "执行数"],
            &["教育", "1.00", "2.00"],
            &["卫生", "15,928.4>", "3.00"],
        ],
    );
    let tables = joined(vec![above.clone(), piece(2, &[&["", "7", ""]])]);
    assert_eq!(tables[0][2], ["卫生", "15,928.47", "3.00"]);
    // Under a name of its own it is a figure of its own.
    let tables = joined(vec![above, piece(2, &[&["住房", "7", ""]])]);
    assert_eq!(tables[0].len(), 4);
}

#[test]
fn a_full_name_alone_does_not_join_two_rows_of_figures() {
    let tables = joined(vec![
        piece(
            1,
            &[
                &["项目", "预算数", "执行数"],
                &["教育", "1.00", "2.00"],
                &["社会保障支出>", "", "3.00"],
            ],
        ),
        piece(2, &[&["公共服务支出", "4.00", ""]]),
    ]);
    assert_eq!(tables[0].len(), 4);
    let tables = joined(vec![
        piece(
            1,
            &[
                &["项目", "预算数", "执行数"],
                &["教育", "", ""],
                &["社会保障支出>", "", ""],
            ],
        ),
        piece(2, &[&["公共服务支出", "4.00", "4.00"]]),
    ]);
    assert_eq!(tables[0].len(), 4);
}

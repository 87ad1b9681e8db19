//! Tables: merges, nesting, and the seed reports.

use super::*;

#[test]
fn merges_of_every_kind() {
    let span = |n: usize| format!(r#"<w:gridSpan w:val="{n}"/>"#);
    let cases: Vec<(&str, String, &[&str])> = vec![
        (
            "a merge without a value continues",
            tr(&[tc(RESTART, "一级"), tc("", "a")]) + &tr(&[tc(CONTINUE, ""), tc("", "b")]),
            &["一级+1×2|a", "b"],
        ),
        (
            "two merges in a row of rows",
            [RESTART, CONTINUE, RESTART, CONTINUE]
                .iter()
                .map(|m| tr(&[tc(m, "x"), tc("", "y")]))
                .collect(),
            &["x+1×2|y", "y", "x+1×2|y", "y"],
        ),
        (
            "a continuation with nothing above starts anew",
            tr(&[tc("", "a"), tc("", "b")]) + &tr(&[tc(CONTINUE, "c"), tc("", "d")]),
            &["a|b", "c|d"],
        ),
        (
            "merges join only over the same columns",
            tr(&[tc(&(span(2) + RESTART), "宽"), tc("", "b")])
                + &tr(&[tc(CONTINUE, "窄"), tc("", "d"), tc("", "e")])
                + &tr(&[tc(&(span(2) + CONTINUE), "另"), tc("", "f")]),
            &["宽+2|b", "窄|d|e", "另+2|f"],
        ),
        (
            "hMerge of older files",
            tr(&[
                tc(r#"<w:hMerge w:val="restart"/>"#, "合"),
                tc("<w:hMerge/>", ""),
                tc("", "c"),
            ]) + &tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
            &["合+2|c", "1|2|3"],
        ),
        (
            "gridBefore and gridAfter",
            format!(
                r#"<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{}</w:tr>{}<w:tr><w:trPr><w:gridAfter w:val="2"/></w:trPr>{}</w:tr>"#,
                tc("", "b") + &tc("", "c"),
                tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
                tc("", "x"),
            ),
            &["|b|c", "1|2|3", "x||"],
        ),
        (
            "a row shorter than the grid",
            tr(&[tc("", "1"), tc("", "2")]) + &tr(&[tc("", "x")]),
            &["1|2", "x|"],
        ),
        (
            "deleted rows and cells",
            format!(
                "{}<w:tr><w:trPr><w:del/></w:trPr>{}</w:tr>{}",
                tr(&[tc(RESTART, "1"), tc("", "2")]),
                tc("", "x"),
                tr(&[tc(CONTINUE, ""), tc("", "3"), tc("<w:cellDel/>", "gone")])
            ),
            &["1+1×2|2", "3"],
        ),
        (
            "old cell properties do not count",
            tr(&[
                tc(
                    r#"<w:tcPrChange><w:tcPr><w:gridSpan w:val="2"/></w:tcPr></w:tcPrChange>"#,
                    "1",
                ),
                tc("", "2"),
            ]),
            &["1|2"],
        ),
        (
            "content controls around rows and cells",
            format!(
                "<w:sdt><w:sdtContent><w:tr><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>{}</w:tr></w:sdtContent></w:sdt>",
                tc("", "1"),
                tc("", "2")
            ),
            &["1|2"],
        ),
        (
            "several paragraphs in a cell",
            format!("<w:tr><w:tc>{}{}<w:p/></w:tc></w:tr>", p("指标1："), p("≥95%")),
            &["指标1：\n≥95%"],
        ),
        (
            "widths tell the spans that are not stated",
            format!(
                r#"<w:tblGrid><w:gridCol w:w="1000"/><w:gridCol w:w="2000"/><w:gridCol w:w="1500"/></w:tblGrid>{}{}"#,
                tr(&[tc("", "1"), tc("", "2"), tc("", "3")]),
                tr(&[
                    tc(r#"<w:tcW w:w="3010" w:type="dxa"/>"#, "合计"),
                    tc(r#"<w:tcW w:w="1495" w:type="dxa"/>"#, "9")
                ])
            ),
            &["1|2|3", "合计+2|9"],
        ),
        (
            "absurd spans are bounded",
            tr(&[
                tc(r#"<w:gridSpan w:val="-3"/>"#, "1"),
                tc(r#"<w:gridSpan w:val="x"/>"#, "2"),
            ]),
            &["1|2"],
        ),
    ];
    for (name, rows, expected) in cases {
        let table = only_table(&format!("<w:tbl>{rows}</w:tbl>"));
        assert_eq!(grid(&table), *expected, "{name}");
        assert_tiles(&table);
    }
}

#[test]
fn header_rows_are_marked_from_the_top() {
    let row = |header: &str| format!("<w:tr><w:trPr>{header}</w:trPr>{}</w:tr>", tc("", "x"));
    let on = "<w:tblHeader/>";
    let body = format!(
        "<w:tbl>{}{}{}{}</w:tbl>",
        row(on),
        row(on),
        row(r#"<w:tblHeader w:val="0"/>"#),
        row(on)
    );
    assert_eq!(only_table(&body).marked_header_rows, 2);
}

#[test]
fn nested_tables_follow_the_outer_one() {
    let inner = |text: &str| format!("<w:tbl>{}</w:tbl>", tr(&[tc("", text)]));
    let deep = format!(
        "<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl>",
        inner("最内"),
        p("内二")
    );
    let body = format!(
        "{}<w:tbl>{}<w:tr>{}<w:tc>{}{}{}</w:tc></w:tr></w:tbl>{}",
        p("前"),
        tr(&[tc("", "a"), tc("", "b")]),
        tc("", "c"),
        inner("内一"),
        p("d"),
        deep,
        p("后")
    );
    let document = read_body(&body).unwrap();
    assert_eq!(texts(&document.blocks), ["前", "a|b/c|d", "内一", "内二", "最内", "后"]);
    let parents: Vec<_> = document.blocks.iter().filter_map(|b| Some(b.table()?.parent)).collect();
    assert_eq!(parents, [None, Some((1, 1, 1)), Some((1, 1, 1)), Some((3, 0, 0))]);
}

#[test]
fn hidden_texts_and_short_rows_are_warned_of() {
    let rows =
        tr(&[tc(RESTART, "甲"), tc("", "1")]) + &tr(&[tc(CONTINUE, "遮住95"), tc("", "2")]) + &tr(&[tc("", "乙")]);
    let document = read_body(&format!("{}<w:tbl>{rows}</w:tbl>", p("前"))).unwrap();
    let told: Vec<_> = document
        .warnings
        .iter()
        .map(|w| (w.code.as_str(), w.source.block, w.source.row))
        .collect();
    assert_eq!(
        told,
        [
            ("table_row_short", Some(1), Some(2)),
            ("merged_cell_text", Some(1), Some(1))
        ]
    );
    assert_eq!(document.warnings[1].source.text.as_deref(), Some("遮住95"));
}

/// What `docx-rs` writes is read back.
#[test]
fn a_document_written_by_docx_rs() {
    use docx_rs::{Docx, Paragraph, Run, Table as Made, TableCell, TableRow, VMergeType};
    let text = |t: &str| Paragraph::new().add_run(Run::new().add_text(t));
    let cell = |t: &str| TableCell::new().add_paragraph(text(t));
    let table = Made::new(vec![
        TableRow::new(vec![cell("项目").grid_span(2), cell("预算（万元）")]),
        TableRow::new(vec![
            cell("甲").vertical_merge(VMergeType::Restart),
            cell("子项"),
            cell("1,020.16"),
        ]),
        TableRow::new(vec![
            cell("").vertical_merge(VMergeType::Continue),
            cell("其中"),
            cell("≥95%"),
        ]),
    ]);
    let made = Docx::new()
        .add_paragraph(text("绩效自评表 <一>"))
        .add_table(table)
        .add_paragraph(text("完"));
    let mut bytes = Cursor::new(Vec::new());
    made.build().pack(&mut bytes).unwrap();
    let document = docx::read(bytes.get_ref()).unwrap();
    assert_eq!(
        texts(&document.blocks),
        [
            "绩效自评表 <一>",
            "项目+2|预算（万元）/甲+1×2|子项|1,020.16/其中|≥95%",
            "完"
        ]
    );
}

#[test]
fn seed_tables_match_their_truth() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        eprintln!("skipped: no ../shared/corpus here");
        return;
    }
    for seed in ["seed000", "seed001", "seed002", "seed003", "seed004"] {
        let bytes = std::fs::read(root.join(format!("reports/{seed}.docx"))).unwrap();
        let document = docx::read(&bytes).unwrap();
        assert_eq!(document.pages, None);
        let truth = std::fs::read_to_string(root.join(format!("truth/{seed}.json"))).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
        let squash = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let rows: Vec<Vec<String>> = document
            .blocks
            .iter()
            .filter_map(Block::table)
            .flat_map(|t| (0..t.rows()).map(|r| (0..t.cols()).map(|c| squash(&t.at(r, c).unwrap().text)).collect()))
            .collect();
        let tables = truth["tables"].as_array().unwrap();
        for table in tables {
            for row in table["rows"].as_array().unwrap() {
                let row: Vec<String> = row
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| squash(c.as_str().unwrap_or("")))
                    .collect();
                let mut wanted = row.clone();
                wanted.dedup();
                let found = rows.iter().any(|r| {
                    let mut r = r.clone();
                    r.dedup();
                    *r == wanted
                });
                assert!(found, "{seed}: no row {row:?} among {rows:#?}");
            }
        }
    }
}

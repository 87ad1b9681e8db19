//! Random trees and random damage.

use super::*;
use proptest::prelude::*;

/// Random trees of valid WordprocessingML, as body XML.
fn body_xml() -> impl Strategy<Value = String> {
    let run = prop_oneof![
        "[0-9.%万元甲乙]{0,6}".prop_map(|t| format!("<w:r><w:t>{t}</w:t></w:r>")),
        Just("<w:r><w:tab/></w:r>".to_owned()),
        Just("<w:del><w:r><w:delText>9</w:delText></w:r></w:del>".to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="begin"/></w:r>"#.to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="separate"/></w:r>"#.to_owned()),
        Just(r#"<w:r><w:fldChar w:fldCharType="end"/></w:r>"#.to_owned()),
    ];
    let mark = prop_oneof![Just(""), Just("<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>")];
    let paragraph =
        (mark, prop::collection::vec(run, 0..4)).prop_map(|(m, runs)| format!("<w:p>{m}{}</w:p>", runs.concat()));
    paragraph.prop_recursive(4, 40, 4, |inner| {
        let merge = prop_oneof![
            Just(""),
            Just(RESTART),
            Just(CONTINUE),
            Just("<w:hMerge/>"),
            Just(r#"<w:hMerge w:val="restart"/>"#)
        ];
        let cell = (0usize..4, merge, prop::collection::vec(inner.clone(), 0..3)).prop_map(|(span, merge, content)| {
            format!(
                r#"<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{}</w:tc>"#,
                content.concat()
            )
        });
        let properties = prop_oneof![
            Just(""),
            Just("<w:del/>"),
            Just(r#"<w:gridBefore w:val="2"/>"#),
            Just(r#"<w:gridAfter w:val="1"/>"#),
            Just("<w:tblHeader/>")
        ];
        let row = (properties, prop::collection::vec(cell, 0..5))
            .prop_map(|(pr, cells)| format!("<w:tr><w:trPr>{pr}</w:trPr>{}</w:tr>", cells.concat()));
        let table = prop::collection::vec(row, 0..5).prop_map(|rows| format!("<w:tbl>{}</w:tbl>", rows.concat()));
        let boxed = prop::collection::vec(inner.clone(), 0..3).prop_map(|b| {
            format!(
                "<w:p><w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r></w:p>",
                b.concat()
            )
        });
        let control = prop::collection::vec(inner, 0..3)
            .prop_map(|b| format!("<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", b.concat()));
        prop_oneof![3 => table, 1 => boxed, 1 => control]
    })
}

fn assert_sound(document: &Document) {
    for (index, block) in document.blocks.iter().enumerate() {
        if let Block::Table(table) = block {
            assert_tiles(table);
            if let Some((outer, row, col)) = table.parent {
                assert!(outer < index);
                assert!(document.blocks[outer].table().unwrap().at(row, col).is_some());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Valid trees are read, and every table tiles.
    #[test]
    fn random_trees_give_tiling_tables(body in prop::collection::vec(body_xml(), 1..5)) {
        let body = p("甲") + &body.concat();
        let document = read_body(&body).unwrap();
        assert_sound(&document);
    }

    /// Whatever is cut off or changed, nothing panics, and a main part that is cut off is never read.
    #[test]
    fn broken_trees_never_panic(
        body in body_xml(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let main = document(&body);
        let rels = package_rels("word/document.xml");
        let with_main = |main: &[u8]| pack(&[("_rels/.rels", rels.as_bytes()), ("word/document.xml", main)]);
        let cut = cut.index(main.len());
        prop_assert!(docx::read(&with_main(&main.as_bytes()[..cut])).is_err());
        let mut changed = main.into_bytes();
        let at = at.index(changed.len());
        changed[at] = byte;
        if let Ok(document) = docx::read(&with_main(&changed)) {
            assert_sound(&document);
        }
        let mut packed = with_main(&changed);
        let at = at % packed.len();
        packed[at] ^= byte;
        if let Ok(document) = docx::read(&packed) {
            assert_sound(&document);
        }
    }
}

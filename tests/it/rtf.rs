//! The RTF reader: what Word and LibreOffice write, one small document a behaviour, damage, random tokens.

use heshu::error::{ErrorKind, Result};
use heshu::ingest::rtf;
use heshu::model::{Block, Document, Limits, ParagraphKind, Table};
use proptest::prelude::*;

fn try_read(rtf: &str) -> Result<Document> {
    rtf::read(rtf.as_bytes(), &Limits::default())
}

fn read(body: &str) -> Document {
    let fonts = "{\\fonttbl{\\f0\\fnil\\fcharset0 Times New Roman{\\*\\falt x};}{\\f1\\fnil\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}{\\f2\\fnil\\fcharset2 Wingdings 2;}}";
    let rtf = format!("{{\\rtf1\\ansi\\ansicpg936\\deff0\\uc1{fonts}{body}}}");
    try_read(&rtf).unwrap_or_else(|error| panic!("{error}: {rtf}"))
}

fn drawn(table: &Table) -> String {
    let cells = table.cells().iter();
    let cells: Vec<String> = cells
        .map(|c| format!("{}@{},{}+{}x{}", c.text, c.row, c.col, c.row_span, c.col_span))
        .collect();
    cells.join(" ")
}

fn blocks(blocks: &[Block]) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => match p.kind {
            ParagraphKind::Heading(level) => format!("{} {}", "#".repeat(level.into()), p.text),
            ParagraphKind::Note => format!("* {}", p.text),
            ParagraphKind::TextBox => format!("| {}", p.text),
            ParagraphKind::Body => p.text.clone(),
        },
        Block::Table(table) => match table.parent {
            Some((block, row, col)) => format!("[{}] in {block}:{row},{col}", drawn(table)),
            None => format!("[{}]", drawn(table)),
        },
    };
    blocks.iter().map(block).collect()
}

fn read_blocks(body: &str) -> Vec<String> {
    blocks(&read(body).blocks)
}

#[test]
fn characters_of_every_kind() {
    // Double bytes with and without escapes of the second, Unicode with fallbacks, quotes, symbols, ignored groups.
    assert_eq!(
        read_blocks(
            "\\pard{\\*\\generator x;}{\\info{\\title no}}{\\f1 \\'bc\\'a8\\'d0\\'a7}{\\f0\\'d7\\'d4\\'c6\\'c0}\\u24471?\\u20998\\'3f 95\\~\\ldblquote a\\rdblquote\
             \\par{\\uc2\\u-10179\\'81\\'30\\u-8704 ??}\\line{\\f2 R\\u-3933 ?}{\\v hidden}{\\deleted gone}b\\tab c\\{\\}\\\\\\par"
        ),
        ["绩效自评得分 95 “a”", "😀\n☑☐b\tc{}\\"]
    );
    // A second byte that is a plain letter, a backslash or a brace.
    let gbk: String = ["\\'81", "@\\'95\\'5c\\'81\\'7d"].concat();
    let expected = encoding_rs::GB18030.decode(b"\x81@\x95\x5c\x81\x7d").0.into_owned();
    assert_eq!(read_blocks(&format!("\\f1 {gbk}\\par")), [expected]);
}

#[test]
fn paragraphs_headings_numbers_notes_boxes_and_furniture() {
    let document = read(
        "{\\header\\pard secret\\par}{\\footer{\\field{\\*\\fldinst PAGE}{\\fldrslt 3}}\\par}\
         \\pard\\outlinelevel0 {\\listtext\\pard\\plain \\'d2\\'bb\\'a1\\'a2\\tab}title\\par\\pard{\\listtext 1.\\tab}5 x\\par{\\listtext\\bullet\\tab}item\\par\
         {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt link}}{\\footnote\\pard note\\par}\
         {\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn a}{\\sv b}}{\\shptxt\\pard boxed\\par}}{\\shprslt{\\pict 00ff}}}{\\*\\shppict{\\pict\\bin4 }}}}}}end\\par",
    );
    assert_eq!(
        blocks(&document.blocks),
        ["# 一、title", "1. 5 x", "item", "linkend", "| boxed", "* note"]
    );
    assert_eq!(blocks(&document.furniture), ["secret", "3"]);
    assert_eq!(document.warnings[0].code, "picture_not_read");
}

#[test]
fn tables_with_merges() {
    let rtf = "\\trowd\\trhdr\\trleft0\\clvmgf\\cellx1000\\clmgf\\cellx2000\\clmrg\\cellx3000\\pard\\intbl name\\cell funds\\cell\\cell\\row\
        \\trowd\\trleft0\\clvmrg\\cellx1000\\cellx2000\\cellx3000\\pard\\intbl\\cell plan\\cell a\\par b\\cell\\row\
        \\trowd\\trleft-5\\cellx995\\cellx3010\\pard\\intbl x\\cell 1,020.16\\cell\\row\\pard after\\par";
    let document = read(rtf);
    assert_eq!(
        blocks(&document.blocks),
        [
            "[name@0,0+2x1 funds@0,1+1x2 plan@1,1+1x1 a\nb@1,2+1x1 x@2,0+1x1 1,020.16@2,1+1x2]",
            "after"
        ]
    );
    assert_eq!(document.blocks[0].table().unwrap().marked_header_rows, 1);
}

#[test]
fn tables_in_cells() {
    // As Word writes them: the nested row's definition in an optional group, the outer row's before and behind.
    let rtf = "\\trowd\\cellx2000\\cellx4000\\pard\\intbl outer\\par\\pard\\intbl\\itap2 in1\\nestcell in2\\nestcell\
        {\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}{\\nonesttables\\par}\\pard\\intbl\\itap2 in3\\nestcell in4\\nestcell\
        {\\*\\nesttableprops\\trowd\\cellx500\\cellx900\\nestrow}{\\nonesttables\\par}\\pard\\intbl tail\\cell right\\cell\\row\\pard end\\par";
    assert_eq!(
        read_blocks(rtf),
        [
            "[outer\ntail@0,0+1x1 right@0,1+1x1]",
            "[in1@0,0+1x1 in2@0,1+1x1 in3@1,0+1x1 in4@1,1+1x1] in 0:0,0",
            "end"
        ]
    );
}

#[test]
fn damage_is_told() {
    assert_eq!(
        try_read("{\\rtf1\\ansi\\pard\\par}").unwrap_err().kind,
        ErrorKind::Empty
    );
    assert!(matches!(
        try_read("{\\rtf1{\\pict 00}}").unwrap_err().kind,
        ErrorKind::Scanned(_)
    ));
    assert!(
        try_read("{\\rtf1\\ansi{\\fonttbl")
            .unwrap_err()
            .to_string()
            .contains("cut off")
    );
    let cut = try_read("{\\rtf1\\ansi\\pard text\\par\\trowd\\cellx100\\intbl a\\cell b").unwrap();
    assert_eq!(cut.warnings[0].code, "document_cut_off");
    assert_eq!(blocks(&cut.blocks)[0], "text");
    let broken = read("{\\f1 \\'bc\\'a8\\'ff\\'ff}\\par");
    assert_eq!(broken.warnings[0].code, "undecodable");
    let deep = format!("{{\\rtf1 {}", "{".repeat(100_000));
    assert!(matches!(try_read(&deep).unwrap_err().kind, ErrorKind::Limit { .. }));
    // Levels that nobody nests, and spans over a million squares.
    assert!(try_read("{\\rtf1\\pard\\intbl\\itap2000000000 a\\nestcell\\nestrow}").is_ok());
    let rows = |n: usize, cells: usize| {
        let row = format!(
            "\\trowd{}{}\\row",
            (1..=cells).map(|c| format!("\\cellx{}", c * 100)).collect::<String>(),
            "a\\cell".repeat(cells)
        );
        format!("{{\\rtf1 {}}}", row.repeat(n))
    };
    assert!(try_read(&rows(50, 50)).is_ok());
}

/// The same facts as the Word files that LibreOffice made them from.
#[test]
fn files_of_libreoffice_give_the_facts_of_their_sources() {
    let folder = crate::corpus::root().join("fixtures/rtf");
    let patterns = heshu::pattern::Patterns::builtin().unwrap();
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let docx = crate::corpus::root().join(format!("corpus/reports/{stem}.docx"));
        let raw =
            |value: &Option<heshu::model::Value>| value.as_ref().map(|v| v.raw.split_whitespace().collect::<String>());
        let of = |path: &std::path::Path| {
            let report = heshu::extract(&std::fs::read(path).unwrap(), "x", &patterns).unwrap();
            let budgets: Vec<String> = report
                .budgets
                .iter()
                .map(|b| {
                    format!(
                        "{} {:?}",
                        b.name,
                        b.amounts.iter().map(|(m, a)| (m, a.value)).collect::<Vec<_>>()
                    )
                })
                .collect();
            let indicators: Vec<String> = report
                .indicators
                .iter()
                .map(|i| {
                    format!(
                        "{} {:?} {:?} {:?} {:?}",
                        i.name,
                        raw(&i.target),
                        raw(&i.actual),
                        i.weight,
                        i.score
                    )
                })
                .collect();
            let scores: Vec<String> = report
                .scores
                .iter()
                .map(|s| format!("{} {:?}", s.name, s.value))
                .collect();
            (budgets, indicators, scores)
        };
        assert_eq!(of(&path), of(&docx), "{stem}");
        files += 1;
    }
    assert!(files >= 3);
}

fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "{\\*",
        "\\par ",
        "\\cell ",
        "\\row ",
        "\\nestcell ",
        "\\nestrow ",
        "\\trowd ",
        "\\cellx100 ",
        "\\cellx-5 ",
        "\\clmrg ",
        "\\clvmrg ",
        "\\clvmgf ",
        "\\intbl ",
        "\\itap2 ",
        "\\itap3 ",
        "\\pard ",
        "\\u24471 ",
        "\\u-10179 ",
        "\\uc0 ",
        "\\'d6",
        "\\'d0",
        "\\f1 ",
        "{\\fonttbl",
        "{\\f1\\fcharset134 a;}",
        "{\\header ",
        "{\\footnote ",
        "{\\shptxt ",
        "{\\listtext ",
        "{\\pict ",
        "\\bin3 ",
        "\\v ",
        "\\deleted0 ",
        "{\\*\\nesttableprops ",
        "a",
        "95",
        "\\",
        "\n",
    ]);
    words.prop_map(str::to_owned)
}

proptest! {
    /// Any tokens give a document or a message, never a panic.
    #[test]
    fn random_tokens_are_no_panic(pieces in prop::collection::vec(piece(), 0..80)) {
        let _ = try_read(&format!("{{\\rtf1{}", pieces.concat()));
    }

    #[test]
    fn random_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = rtf::read(&[b"{\\rtf1", bytes.as_slice()].concat(), &Limits::default());
    }
}

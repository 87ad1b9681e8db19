//! Automatic numbers and headings.

use super::*;

#[test]
fn headings_by_outline_and_by_style_chain() {
    let styles = r#"<w:style w:type="paragraph" w:styleId="a"><w:name w:val="Heading 2"/></w:style>
        <w:style w:type="paragraph" w:styleId="b"><w:name w:val="报告二级"/><w:basedOn w:val="a"/></w:style>
        <w:style w:type="paragraph" w:styleId="c"><w:name w:val="标题 3"/></w:style>
        <w:style w:type="paragraph" w:styleId="d"><w:name w:val="条"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="e"><w:name w:val="loop"/><w:basedOn w:val="f"/></w:style>
        <w:style w:type="paragraph" w:styleId="f"><w:name w:val="loop2"/><w:basedOn w:val="e"/></w:style>"#;
    let styled = |id: &str, more: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{id}"/>{more}</w:pPr><w:r><w:t>{id}</w:t></w:r></w:p>"#)
    };
    let body: String = ["a", "b", "c", "d", "e", "Heading4"]
        .iter()
        .map(|id| styled(id, ""))
        .collect();
    let body = body + &styled("a", r#"<w:outlineLvl w:val="9"/>"#);
    let document = docx::read(&package(&body, &[("styles", styles)])).unwrap();
    let kinds: Vec<ParagraphKind> = document
        .blocks
        .iter()
        .filter_map(|b| Some(b.paragraph()?.kind))
        .collect();
    use ParagraphKind::{Body, Heading};
    assert_eq!(
        kinds,
        [Heading(2), Heading(2), Heading(3), Heading(1), Body, Heading(4), Body]
    );
}

#[test]
fn automatic_numbers() {
    let nothing = r#"<w:suff w:val="nothing"/>"#;
    let levels = [
        level(0, "chineseCounting", "%1、", nothing),
        level(1, "chineseCountingThousand", "（%2）", nothing),
        level(2, "decimal", "%3.", r#"<w:suff w:val="tab"/>"#),
        level(3, "decimal", "%1.%2.%4", r#"<w:isLgl/><w:suff w:val="space"/>"#),
        level(4, "lowerLetter", "%5)", r#"<w:lvlRestart w:val="0"/>"#),
    ]
    .concat();
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:abstractNum w:abstractNumId="2">{}</w:abstractNum><w:abstractNum w:abstractNumId="3">{}</w:abstractNum><w:abstractNum w:abstractNumId="4">{}</w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>
        <w:num w:numId="5"><w:abstractNumId w:val="4"/></w:num>
        <w:num w:numId="6"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimalEnclosedCircle"/><w:suff w:val="nothing"/><w:lvlText w:val="%1"/></w:lvl></w:lvlOverride></w:num>"#,
        level(0, "bullet", "-", ""),
        level(0, "decimal", "%1.", nothing),
        level(0, "thaiLetters", "%1.", ""),
    );
    let styles = r#"<w:style w:type="paragraph" w:styleId="n"><w:name w:val="n"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="m"><w:name w:val="m"/><w:basedOn w:val="n"/></w:style>"#;
    let body = [
        item(1, 0, "甲"),
        item(1, 1, "乙"),
        item(1, 2, "丙"),
        item(1, 2, "丁"),
        item(1, 3, "戊"),
        item(1, 4, "a"),
        item(1, 0, "己"),
        item(1, 1, "庚"),
        item(1, 4, "b"),
        item(2, 0, "另"),
        item(2, 0, "另"),
        item(1, 0, "续"),
        item(3, 0, "5"),
        item(4, 0, "5亿元"),
        item(5, 0, "泰"),
        item(6, 0, "圈"),
        item(0, 0, "无"),
        item(77, 0, "未定义"),
        r#"<w:p><w:pPr><w:pStyle w:val="m"/></w:pPr><w:r><w:t>样式</w:t></w:r></w:p>"#.to_owned(),
    ]
    .concat();
    let document = docx::read(&package(&body, &[("numbering", &numbering), ("styles", styles)])).unwrap();
    assert_eq!(
        texts(&document.blocks),
        [
            "一、甲",
            "（一）乙",
            "1. 丙",
            "2. 丁",
            "1.1.1 戊",
            "a) a",
            "二、己",
            "（一）庚",
            "b) b",
            "五、另",
            "六、另",
            "七、续",
            "5",
            "1. 5亿元",
            "1. 泰",
            "⑧圈",
            "无",
            "未定义",
            "（一）样式",
        ]
    );
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["numbering_format_unknown"]);
}

/// As LibreOffice numbers them, and Word (KB Q110380).
#[test]
fn levels_that_are_passed_over_count_once() {
    let levels = [
        level(0, "decimal", "%1.", ""),
        level(1, "decimal", "%1.%2.", ""),
        level(2, "decimal", "%1.%2.%3.", ""),
    ];
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>"#,
        levels.concat()
    );
    let body: String = [(1, "a"), (0, "b"), (2, "c"), (1, "d")]
        .iter()
        .map(|(l, t)| item(1, *l, t))
        .collect();
    let document = docx::read(&package(&body, &[("numbering", &numbering)])).unwrap();
    assert_eq!(texts(&document.blocks), ["1.1. a", "2. b", "2.1.1. c", "2.2. d"]);
}

#[test]
fn numbers_by_style_link_and_in_cells() {
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{}{}</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="L"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>"#,
        level(0, "decimal", "%1", r#"<w:pStyle w:val="h1"/>"#),
        level(1, "decimal", "%1.%2", r#"<w:pStyle w:val="h2"/>"#),
    );
    let styles = r#"<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="h1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="h2"><w:basedOn w:val="h1"/></w:style><w:style w:type="paragraph" w:styleId="plain"><w:basedOn w:val="h1"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>"#;
    let styled = |id: &str| format!(r#"<w:p><w:pPr><w:pStyle w:val="{id}"/></w:pPr><w:r><w:t>{id}</w:t></w:r></w:p>"#);
    let row = |text: &str| format!("<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", item(2, 0, ""), p(text));
    let body = format!(
        "{}{}{}<w:tbl>{}{}</w:tbl>",
        styled("h1"),
        styled("h2"),
        styled("plain"),
        row("甲"),
        row("乙")
    );
    let document = docx::read(&package(&body, &[("numbering", &numbering), ("styles", styles)])).unwrap();
    assert_eq!(texts(&document.blocks), ["1 h1", "1.1 h2", "plain", "2|甲/3|乙"]);
}

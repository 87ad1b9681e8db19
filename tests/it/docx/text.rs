//! Running text, text boxes, notes, headers and footers.

use super::*;

/// Pitfalls of running text: body XML and the texts that must come out.
#[test]
fn running_text() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "entities",
            "<w:p><w:r><w:t>a&lt;b&#8805;5&#x4E07;&amp;</w:t></w:r></w:p>",
            &["a<b≥5万&"],
        ),
        ("cdata", "<w:p><w:r><w:t><![CDATA[1<2]]></w:t></w:r></w:p>", &["1<2"]),
        (
            "comment inside a text",
            "<w:p><w:r><w:t>20<!-- x -->22</w:t></w:r></w:p>",
            &["2022"],
        ),
        (
            "tabs, breaks, hyphens",
            r#"<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t><w:noBreakHyphen/><w:t>5</w:t><w:softHyphen/><w:t>6</w:t></w:r></w:p>"#,
            &["a\tb\nc\nd-56"],
        ),
        (
            "white space counts only when preserved",
            "<w:p><w:r><w:t>\n 95 \n</w:t></w:r><w:r><w:t xml:space=\"preserve\"> 分</w:t></w:r></w:p>",
            &["95 分"],
        ),
        (
            "tracked changes are accepted",
            r#"<w:p><w:del><w:r><w:delText>100</w:delText></w:r></w:del><w:ins><w:r><w:t>200</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>"#,
            &["200新"],
        ),
        (
            "a deleted paragraph mark joins two paragraphs",
            r#"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>预算</w:t></w:r></w:p><w:p><w:r><w:t>200万元</w:t></w:r></w:p>"#,
            &["预算200万元"],
        ),
        (
            "a deleted paragraph mark with no paragraph after it loses nothing",
            r#"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>乙</w:t></w:r></w:p>"#,
            &["甲", "1\n2", "乙"],
        ),
        (
            "old properties do not count",
            r#"<w:p><w:r><w:rPr><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t>在</w:t></w:r></w:p>"#,
            &["在"],
        ),
        (
            "hidden text",
            r#"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t><w:tab/></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r></w:p>"#,
            &["明"],
        ),
        (
            "a hidden paragraph mark hides no text",
            r#"<w:p><w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr><w:r><w:t>明</w:t></w:r></w:p>"#,
            &["明"],
        ),
        (
            "check box symbols",
            r#"<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>优</w:t><w:sym w:font="Wingdings 2" w:char="F0A3"/><w:t>良</w:t></w:r><w:r><w:rPr><w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r><w:r><w:t>中</w:t></w:r></w:p>"#,
            &["☑优☐良☑中"],
        ),
        (
            "comparison signs of the Symbol font",
            r#"<w:p><w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r></w:p>"#,
            &["≥95%"],
        ),
        (
            "check box content controls",
            r#"<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/><w14:checkedState w14:val="0052"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>R</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>优</w:t></w:r><w:sdt><w:sdtPr><w14:checkbox/></w:sdtPr><w:sdtContent/></w:sdt><w:r><w:t>良</w:t></w:r></w:p>"#,
            &["☑优☐良"],
        ),
        (
            "form fields",
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>是</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/></w:ddList></w:ffData></w:fldChar></w:r><w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>"#,
            &["☑是良"],
        ),
        (
            "a field's result without its instruction",
            r#"<w:p><w:r><w:t>共</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>12</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>项</w:t></w:r><w:fldSimple><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>"#,
            &["共12项3"],
        ),
        (
            "a field that never ends loses nothing",
            r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>甲</w:t></w:r></w:p><w:p><w:r><w:t>乙</w:t></w:r></w:p>"#,
            &["甲", "乙"],
        ),
        (
            "wrappers at every level",
            r#"<w:sdt><w:sdtContent><w:customXml><w:p><w:smartTag><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink></w:smartTag><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt></w:p></w:customXml></w:sdtContent></w:sdt>"#,
            &["甲乙"],
        ),
        (
            "ruby and its base",
            "<w:p><w:r><w:ruby><w:rt><w:r><w:t>jiang</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>江</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
            &["江"],
        ),
        (
            "formulas in linear form",
            "<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:r><m:t>×</m:t></m:r><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>",
            &["1/2×10^4"],
        ),
        (
            "the mark of a note falls away, the power of a unit stays",
            r#"<w:p><w:r><w:t>98.82</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r><w:r><w:t>m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>"#,
            &["98.82m²"],
        ),
        (
            "fallback only where no choice was taken",
            r#"<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:t>新</w:t></mc:Choice><mc:Choice Requires="x"><w:t>又</w:t></mc:Choice><mc:Fallback><w:t>旧</w:t></mc:Fallback></mc:AlternateContent><mc:AlternateContent><mc:Fallback><w:t>旧</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"#,
            &["新旧"],
        ),
        (
            "empty paragraphs are no blocks",
            "<w:p/><w:p><w:r><w:t xml:space=\"preserve\"> \u{3000}</w:t></w:r></w:p><w:p><w:r><w:t>甲</w:t></w:r></w:p>",
            &["甲"],
        ),
    ];
    for (name, body, expected) in cases {
        let document = read_body(body).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(texts(&document.blocks), *expected, "{name}");
        assert_eq!(document.warnings, [], "{name}");
    }
}

#[test]
fn text_boxes_come_once_and_after_their_paragraph() {
    let inner = format!("<w:txbxContent>{}</w:txbxContent>", p("附件1"));
    let body = format!(
        r#"<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inner}</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent><w:t>正文</w:t></w:r></w:p><w:p><w:r><w:t>前</w:t><w:pict><v:textbox>{inner}</v:textbox></w:pict><w:t>后</w:t></w:r></w:p>"#
    );
    let document = read_body(&body).unwrap();
    assert_eq!(texts(&document.blocks), ["正文", "附件1", "前后", "附件1"]);
    let kinds: Vec<ParagraphKind> = document
        .blocks
        .iter()
        .filter_map(|b| Some(b.paragraph()?.kind))
        .collect();
    use ParagraphKind::{Body, TextBox};
    assert_eq!(kinds, [Body, TextBox, Body, TextBox]);
}

#[test]
fn notes_follow_the_body_and_their_marks_touch_no_figure() {
    let body = r#"<w:p><w:r><w:t>支出98.82</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>万元</w:t></w:r><w:r><w:footnoteReference w:id="3" w:customMarkFollows="1"/><w:t>1</w:t></w:r><w:r><w:t>。</w:t></w:r><w:r><w:endnoteReference w:id="1"/></w:r></w:p>"#;
    let footnotes = format!(
        r#"<w:footnote w:type="separator" w:id="0">{}</w:footnote><w:footnote w:id="3">{}</w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>含上年结转</w:t></w:r></w:p></w:footnote><w:footnote w:id="9">{}</w:footnote>"#,
        p("—"),
        p("按年末数"),
        p("无引用")
    );
    let endnotes = format!(r#"<w:endnote w:id="1">{}</w:endnote>"#, p("完"));
    let bytes = package(body, &[("footnotes", &footnotes), ("endnotes", &endnotes)]);
    let document = docx::read(&bytes).unwrap();
    assert_eq!(
        texts(&document.blocks),
        ["支出98.82万元。", "含上年结转", "按年末数", "完"]
    );
    assert!(
        document.blocks[1..]
            .iter()
            .all(|b| b.paragraph().unwrap().kind == ParagraphKind::Note)
    );
}

#[test]
fn headers_and_footers_are_furniture() {
    let body = format!(
        r#"<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr></w:pPr></w:p>{}<w:sectPr><w:headerReference r:id="header2"/><w:footerReference r:id="footer1"/><w:footerReference r:id="gone"/></w:sectPr>"#,
        p("正文")
    );
    let (one, two, three) = (p("首节页眉"), p("页眉"), p("第1页"));
    let bytes = package(&body, &[("header1", &one), ("header2", &two), ("footer1", &three)]);
    let document = docx::read(&bytes).unwrap();
    assert_eq!(texts(&document.blocks), ["正文"]);
    assert_eq!(texts(&document.furniture), ["首节页眉", "页眉", "第1页"]);
}

#[test]
fn what_is_shown_and_not_read_is_counted() {
    let body = format!(
        r#"{}<w:p><w:r><w:drawing><a:blip/></w:drawing><w:object><o:OLEObject/></w:object></w:r></w:p><w:altChunk r:id="x"/>"#,
        p("见图")
    );
    let document = read_body(&body).unwrap();
    let codes: Vec<&str> = document.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(codes, ["picture_not_read", "object_not_read", "import_not_read"]);
    let scanned = read_body("<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>").unwrap_err();
    assert!(matches!(scanned.kind, ErrorKind::Scanned(_)), "{scanned}");
    assert_eq!(read_body("<w:p/>").unwrap_err().kind, ErrorKind::Empty);
}

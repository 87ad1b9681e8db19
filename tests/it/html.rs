//! The HTML reader: one small page a behaviour, pages as Word and Excel write them, hostile pages, random markup.

use heshu::error::{ErrorKind, Result};
use heshu::ingest::html;
use heshu::model::{Block, Document, Format, Limits, ParagraphKind, Table};
use proptest::prelude::*;

fn try_read(page: &str) -> Result<Document> {
    html::read(page.as_bytes(), &Limits::default())
}

fn read(page: &str) -> Document {
    try_read(page).unwrap_or_else(|error| panic!("{error}: {page}"))
}

/// `text@row,col+rows×cols` of each cell.
fn drawn(table: &Table) -> String {
    let cells = table.cells().iter();
    let cells: Vec<String> = cells
        .map(|c| format!("{}@{},{}+{}x{}", c.text, c.row, c.col, c.row_span, c.col_span))
        .collect();
    cells.join(" ")
}

/// Each block on a line: paragraphs as text, tables drawn.
fn blocks(document: &Document) -> Vec<String> {
    let block = |block: &Block| match block {
        Block::Paragraph(p) => match p.kind {
            ParagraphKind::Heading(level) => format!("{} {}", "#".repeat(level.into()), p.text),
            ParagraphKind::Note => format!("* {}", p.text),
            _ => p.text.clone(),
        },
        Block::Table(table) => match table.parent {
            Some((block, row, col)) => format!("[{}] in {block}:{row},{col}", drawn(table)),
            None => format!("[{}]", drawn(table)),
        },
    };
    document.blocks.iter().map(block).collect()
}

#[test]
fn paragraphs_headings_and_lists() {
    let page = "<!doctype html><title>不属正文</title><h1>一、 基本\n情况</h1><p>预算<b>200</b>万元，<i>支出</i>\n198万元。\
        <p>甲<br>乙<br><br>丙<div>丁<div>戊</div>己</div><ol start=3><li>项<li><p>目</ol>\
        <ol style='list-style-type:cjk-ideographic'><li>概况</ol><ul><li>无号</ul><pre>a  b\nc</pre>尾";
    assert_eq!(
        blocks(&read(page)),
        [
            "# 一、 基本情况",
            "预算200万元，支出 198万元。",
            "甲\n乙",
            "丙",
            "丁",
            "戊",
            "己",
            "3. 项",
            "4. 目",
            "一、概况",
            "无号",
            "a  b\nc",
            "尾"
        ]
    );
}

#[test]
fn spans_groups_and_captions() {
    let page = "<table border=1><caption>表1 预算（万元）</caption><thead><tr><th rowspan=2>名称<th colspan=2>资金<tr><th>预算\
        <th>支出</thead><tfoot><tr><td>合计<td>3<td>3</tfoot><tbody><tr><td>甲<td>1<td>1<tr><td>乙<td>2<td>2</tbody></table>";
    let document = read(page);
    assert_eq!(
        blocks(&document),
        [
            "表1 预算（万元）",
            "[名称@0,0+2x1 资金@0,1+1x2 预算@1,1+1x1 支出@1,2+1x1 甲@2,0+1x1 1@2,1+1x1 1@2,2+1x1 乙@3,0+1x1 2@3,1+1x1 \
             2@3,2+1x1 合计@4,0+1x1 3@4,1+1x1 3@4,2+1x1]"
        ]
    );
    assert_eq!(document.blocks[1].table().unwrap().marked_header_rows, 2);
}

#[test]
fn spans_of_zero_and_huge_ones_are_capped() {
    let page =
        "<table><tr><td rowspan=0>左<td colspan=99999999>上<tr><td>1<td>2<tr><td rowspan=4000000000>3<td>4</table>";
    assert_eq!(
        blocks(&read(page)),
        ["[左@0,0+3x1 上@0,1+1x2 1@1,1+1x1 2@1,2+1x1 3@2,1+1x1 4@2,2+1x1]"]
    );
    // A row that is shorter than the others is filled.
    assert_eq!(
        blocks(&read("<table><tr><td>a<td>b<tr><td>c</table>")),
        ["[a@0,0+1x1 b@0,1+1x1 c@1,0+1x1 @1,1+1x1]"]
    );
}

#[test]
fn tables_in_cells_become_blocks_of_their_own() {
    let page = "<table border=1><tr><td>外<table border=1><tr><td>内<table><tr><td>最内</table></td><td>x</table><td>右\
        <tr><td>下<td>下</table>后";
    assert_eq!(
        blocks(&read(page)),
        [
            "[外@0,0+1x1 右@0,1+1x1 下@1,0+1x1 下@1,1+1x1]",
            "[内@0,0+1x1 x@0,1+1x1] in 0:0,0",
            "[最内@0,0+1x1] in 1:0,0",
            "后"
        ]
    );
}

#[test]
fn tables_that_only_arrange_the_page_give_way() {
    let page = "<table width=900><tr><td><table><tr><td><h2>自评报告</h2><p>正文。<table border=1><tr><td>指标<td>得分<tr><td>产出<td>9\
        </table><p>落款</table><tr><td>页脚</table>";
    assert_eq!(
        blocks(&read(page)),
        [
            "## 自评报告",
            "正文。",
            "[指标@0,0+1x1 得分@0,1+1x1 产出@1,0+1x1 9@1,1+1x1]",
            "落款",
            "页脚"
        ]
    );
    let page = "<table><tr><td><p>第一段<p>第二段</table>";
    assert_eq!(blocks(&read(page)), ["第一段", "第二段"]);
    let framed = "<table border=1><tr><td><p>第一段<p>第二段</table>";
    assert_eq!(blocks(&read(framed)), ["[第一段\n第二段@0,0+1x1]"]);
}

#[test]
fn what_is_not_shown_is_not_read() {
    let page = "<style>.h{display:none} @media print{.p{display:none}}</style><script>document.write('x')</script><!-- 注释 -->\
        <p style='DISPLAY: none'>藏1<p style=\"mso-hide:all\">藏2<p class=\"a h\">藏3<p hidden>藏4<p>预算<del>100</del><ins>200</ins>\
        万元<span class=msoDel>旧</span><p class=p>见\
        <table border=1><tr><td>1<td style='display:none'>2<td>3<tr style='display:none'><td>4</table>";
    assert_eq!(blocks(&read(page)), ["预算200万元", "见", "[1@0,0+1x1 3@0,1+1x1]"]);
}

/// Word's "Web page" under the name .doc: conditional comments, list numbers, office elements, hidden islands.
#[test]
fn a_page_that_word_saved() {
    let page = "<html xmlns:v=\"urn:schemas-microsoft-com:vml\"\nxmlns:o=\"urn:schemas-microsoft-com:office:office\"\nxmlns=\"http://www.w3.org/TR/REC-html40\">\n\
        <head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\"><title>绩效</title><!--[if gte mso 9]><xml><o:DocumentProperties>\
        <o:Author>不读</o:Author></o:DocumentProperties></xml><![endif]--><style><!-- p.MsoNormal {margin:0cm} --></style></head>\n\
        <body lang=ZH-CN><div class=Section1 style='layout-grid:15.6pt'>\n\
        <p class=MsoNormal style='margin-left:36.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span\nlang=EN-US \
        style='mso-fareast-font-family:宋体'><span style='mso-list:Ignore'>一、<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; \
        </span></span></span><![endif]>项目概况<span lang=EN-US><o:p></o:p></span></p>\n\
        <p class=MsoNormal style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span><![endif]>5\
        亿元<o:p>&nbsp;</o:p></p>\n<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>\n\
        <table class=MsoTableGrid border=1><tr style='mso-yfti-irow:0'><td width=284 colspan=2 valign=top><p class=MsoNormal>项目<span\n\
        lang=EN-US>A<o:p></o:p></span></p></td></tr><tr><td><p class=MsoNormal>预算</p><p class=MsoNormal>（万元）</p></td><td><p>1,020.16\
        <![if !supportMisalignedColumns]></p></td></tr></table></div></body></html>";
    let expected = [
        "一、项目概况",
        "1. 5亿元",
        "[项目A@0,0+1x2 预算\n（万元）@1,0+1x1 1,020.16@1,1+1x1]",
    ];
    let gbk = encoding_rs::GB18030.encode(page).0.into_owned();
    let document = html::read(&gbk, &Limits::default()).unwrap();
    assert_eq!(blocks(&document), expected);
    assert_eq!((document.format, document.pages), (Format::Html, None));
    assert!(document.warnings.is_empty(), "{:?}", document.warnings);
}

/// Excel's page: hidden width rows, numbers with formats, a sheet's title over all columns.
#[test]
fn a_page_that_excel_saved() {
    let page = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=utf-8><style>.xl65{mso-number-format:\"0.00\"}</style></head>\
        <body><table border=0 cellpadding=0 style='border-collapse:collapse'><colgroup><col width=72 span=3></colgroup>\
        <tr height=30><td colspan=3 class=xl65>资金分配表</td></tr><tr><td>单位</td><td x:num=\"200\">200.00</td><td></td></tr>\
        <![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=72></td><td width=72></td><td width=72></td></tr><![endif]></table>";
    assert_eq!(
        blocks(&read(page)),
        ["[资金分配表@0,0+1x3 单位@1,0+1x1 200.00@1,1+1x1 @1,2+1x1]"]
    );
}

#[test]
fn notes_furniture_pictures_and_boxes() {
    let page = "<div title=header><p>机密</p></div><p>正文<input type=checkbox checked>是<input type=checkbox>否<img src=a.png></p>\
        <div id=sdfootnote1><p>脚注</p></div><div title=footer><p>第1页</p></div>";
    let document = read(page);
    assert_eq!(blocks(&document), ["正文☑是☐否", "* 脚注"]);
    let furniture: Vec<&str> = document
        .furniture
        .iter()
        .filter_map(|b| b.paragraph())
        .map(|p| p.text.as_str())
        .collect();
    assert_eq!(furniture, ["机密", "第1页"]);
    assert_eq!(document.warnings[0].code, "picture_not_read");
}

/// Word's and Excel's web archives: parts in quoted-printable and base64, encodings stated in the envelope, sheets behind a frame.
#[test]
fn web_archives() {
    let mht = |parts: &str| {
        let message = format!(
            "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"----=_X\"\r\n\r\n前言\r\n{parts}------=_X--\r\n"
        );
        heshu::ingest::mht::read(message.as_bytes(), &Limits::default())
    };
    let part = |kind: &str, encoding: &str, body: &str| {
        format!(
            "------=_X\r\nContent-Location: file:///C:/{kind}.htm\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
        )
    };
    // 绩效自评得分 in GBK.
    let gbk = "<p>=BC=A8=D0=A7=D7=D4=C6=C0=\r\n=B5=C3=B7=D6</p><table border=3D1><tr><td>1<td>2</table>";
    let word =
        part("text/html; charset=\"gb2312\"", "quoted-printable", gbk) + &part("image/png", "base64", "iVBORw0KGgo=");
    let document = mht(&word).unwrap();
    assert_eq!(document.format, Format::Mht);
    assert_eq!(blocks(&document), ["绩效自评得分", "[1@0,0+1x1 2@0,1+1x1]"]);
    let document = mht(&part("text/html; charset=utf-8", "base64", "PHA+57up5pWIPC9w\r\nPg==")).unwrap();
    assert_eq!(blocks(&document), ["绩效"]);
    let sheets = part("text/html", "8bit", "<frameset><frame src=1></frameset>")
        + &part(
            "text/html",
            "8bit",
            "<table border=1><tr><td>a<table border=1><tr><td>n</table><td>b</table>",
        )
        + &part(
            "text/html",
            "8bit",
            "<table border=1><tr><td>c<table border=1><tr><td>m</table><td>d</table>",
        );
    assert_eq!(
        blocks(&mht(&sheets).unwrap()),
        [
            "[a@0,0+1x1 b@0,1+1x1]",
            "[n@0,0+1x1] in 0:0,0",
            "[c@0,0+1x1 d@0,1+1x1]",
            "[m@0,0+1x1] in 2:0,0"
        ]
    );
    let error = mht(&part("image/png", "base64", "iVBORw0KGgo="))
        .unwrap_err()
        .to_string();
    assert!(error.contains("without a page"), "{error}");
    let deep = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n".repeat(100);
    assert!(heshu::ingest::mht::read(deep.as_bytes(), &Limits::default()).is_err());
}

#[test]
fn pages_without_content_say_so() {
    assert_eq!(
        try_read("<html><body><p>&nbsp;</body>").unwrap_err().kind,
        ErrorKind::Empty
    );
    assert!(matches!(
        try_read("<body><img src=1.jpg>").unwrap_err().kind,
        ErrorKind::Scanned(_)
    ));
    let frames = try_read("<html><frameset><frame src=sheet001.htm></frameset>").unwrap_err();
    assert!(frames.to_string().contains("frames"), "{frames}");
}

/// Pages made to cost the square of their length, or the stack, or the memory: each ends soon, in a record or a limit.
#[test]
fn hostile_pages_end_soon() {
    let formats: String = (0..20_000).map(|i| format!("<b a{i}=1>")).collect();
    let many = "<p>x".repeat(20_000);
    let deep = |open: &str, n: usize| format!("{}x", open.repeat(n));
    for (name, page, is_limit) in [
        ("divs in each other", deep("<div>", 200_000), true),
        ("spans in each other", deep("<span>", 200_000), true),
        ("tables in each other", deep("<table><tr><td>", 50_000), true),
        ("tables in no cell", deep("<table>", 200_000), true),
        (
            "svg cells in a table",
            format!("<table><tr><td><svg>{}", "<g><td>".repeat(100_000)),
            true,
        ),
        (
            "selects in a table",
            format!("<table><tr><td>{}", "<select><td><tr>".repeat(50_000)),
            false,
        ),
        ("open formats before many paragraphs", format!("{formats}{many}"), true),
        ("templates", deep("<template><tr>", 100_000), true),
        ("open paragraphs", deep("<p>", 500_000), false),
        ("open items", format!("<ul>{}", "<li>x".repeat(200_000)), false),
        (
            "unclosed fonts in cells",
            format!("<table>{}", "<tr><td><font size=2>1<td><b>2".repeat(20_000)),
            false,
        ),
        ("misplaced ends", "</p></table></td></b>".repeat(100_000) + "x", false),
        (
            "wide rows",
            format!("<table><tr>{}", "<td colspan=1000>x".repeat(5_000)),
            true,
        ),
        ("attributes", format!("<p {}>x", "a=b ".repeat(200_000)), true),
        ("unclosed comment", format!("x<!--{}", "-".repeat(1 << 20)), false),
        ("entities", "&amp;&#x4e2d;&bogus;".repeat(100_000), false),
    ] {
        match try_read(&page) {
            Ok(_) => assert!(!is_limit, "{name}"),
            Err(error) => assert!(
                matches!(error.kind, ErrorKind::Limit { .. }) && is_limit,
                "{name}: {error}"
            ),
        }
    }
    // 100 tables in each other are read, the innermost too.
    let page = format!(
        "{}深{}",
        "<table border=1><tr><td>a<td>".repeat(100),
        "</table>".repeat(100)
    );
    let document = read(&page);
    assert_eq!(document.blocks.len(), 100);
    assert!(drawn(document.blocks[99].table().unwrap()).contains('深'));
}

fn tag() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "table", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "p", "div", "b", "li", "ol", "br", "pre",
        "h1", "span", "del", "select", "svg", "template", "script", "style", "frameset", "body", "html", "col",
        "colgroup", "textarea", "form", "math",
    ]);
    let attributes = prop::sample::select(vec![
        "",
        " rowspan=2",
        " colspan=3",
        " rowspan=0",
        " colspan=0",
        " rowspan=-1",
        " style='display:none'",
        " style='mso-list:Ignore'",
        " title=header",
        " id=sdfootnote1",
        " hidden",
        " border=1",
    ]);
    (names, attributes, any::<bool>()).prop_map(|(name, attributes, end)| match end {
        true => format!("</{name}>"),
        false => format!("<{name}{attributes}>"),
    })
}

proptest! {
    /// Any markup gives a document or a message, never a panic; what stands outside of hidden elements is not lost.
    #[test]
    fn random_markup_is_read(pieces in prop::collection::vec(prop_oneof![tag(), "[ a-z\u{4e00}-\u{4e08}<>&;!-]{0,6}"], 0..60)) {
        let _ = try_read(&pieces.concat());
    }

    #[test]
    fn random_bytes_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = html::read(&[b"<html><table>", bytes.as_slice()].concat(), &Limits::default());
    }

    /// Tables of visible cells keep every text, once.
    #[test]
    fn no_cell_is_lost(rows in prop::collection::vec(prop::collection::vec((0usize..4, 0usize..4), 1..5), 1..5)) {
        let mut page = String::from("<table border=1>");
        let mut texts = Vec::new();
        for (r, row) in rows.iter().enumerate() {
            page.push_str("<tr>");
            for (c, (rowspan, colspan)) in row.iter().enumerate() {
                texts.push(format!("r{r}c{c}."));
                page.push_str(&format!("<td rowspan={rowspan} colspan={colspan}>r{r}c{c}."));
            }
        }
        let document = read(&page);
        let table = document.blocks[0].table().unwrap();
        for text in texts {
            prop_assert_eq!(table.cells().iter().filter(|c| c.text == text).count(), 1);
        }
    }
}

/// A row of cells, each with the columns and rows that it covers.
fn table_row(cells: &[(&str, usize, usize)]) -> String {
    let cells: String = cells
        .iter()
        .map(|(text, cols, rows)| format!("<td colspan={cols} rowspan={rows}>{text}</td>"))
        .collect();
    format!("<tr>{cells}</tr>")
}

/// A row of cells that cover nothing else.
fn plain_row(texts: &[&str]) -> String {
    let cells: Vec<(&str, usize, usize)> = texts.iter().map(|text| (*text, 1, 1)).collect();
    table_row(&cells)
}

/// The record of a page with one table below a heading.
fn report(above: &str, rows: &str) -> heshu::model::Report {
    let html = format!("<html><body>{above}<table>{rows}</table></body></html>");
    heshu::extract(html.as_bytes(), "a.html", &heshu::pattern::Patterns::builtin().unwrap()).unwrap()
}

fn amounts(report: &heshu::model::Report, name: &str) -> Vec<String> {
    let line = report.budgets.iter().find(|b| b.name == name).expect("a budget line");
    line.amounts
        .iter()
        .filter_map(|(measure, a)| Some(format!("{}={}", measure.name(), a.value.as_ref()?)))
        .collect()
}

/// Amounts under divided headings with numbers and formulas; the total of the funds is no score.
#[test]
fn headings_that_are_numbered_and_computed() {
    let rows = [
        table_row(&[
            ("财政资金安排和使用情况", 1, 4),
            ("资金结构（万元）", 1, 2),
            ("预算安排", 4, 1),
            ("拨付情况", 2, 1),
            ("结余情况", 2, 1),
        ]),
        plain_row(&[
            "年初部门预算安排金额①",
            "历年结余结转②",
            "年中调整金额③",
            "小计④=①+②+③",
            "年度拨付金额⑤",
            "支出实现率（%）⑥=⑤/④",
            "本年度结余金额⑦=④-⑤",
            "资金结余率（%）⑧=⑦/④",
        ]),
        plain_row(&[
            "财政资金小计",
            "253.77",
            "21.37",
            "0",
            "275.14",
            "254.67",
            "93%",
            "20.47",
            "7%",
        ]),
        plain_row(&[
            "合 计", "253.77", "21.37", "0", "275.14", "254.67", "93%", "20.47", "7%",
        ]),
    ];
    let report = report("<h1>2018年度部门整体支出绩效自评表</h1>", &rows.concat());
    assert_eq!(
        amounts(&report, "财政资金小计"),
        [
            "initial_budget=253.77",
            "budget=275.14",
            "allocated=254.67",
            "balance=20.47",
            "execution_rate=93"
        ]
    );
    assert!(report.scores.is_empty(), "{:?}", report.scores);
}

/// 得分计算方法 beside 得分 takes nothing from it.
#[test]
fn how_a_score_is_computed_is_no_score() {
    let rows = [
        table_row(&[
            ("项目资金（万元）", 1, 3),
            ("", 1, 1),
            ("年初预算数（A）", 1, 1),
            ("全年执行数（B）", 1, 1),
            ("分值（10分）", 1, 1),
            ("执行率（B/A）", 1, 1),
            ("得分", 1, 1),
            ("得分计算方法", 1, 1),
        ]),
        table_row(&[
            ("年度资金总额：", 1, 1),
            ("310.2", 1, 1),
            ("155.1", 1, 1),
            ("10", 1, 1),
            ("50%", 1, 1),
            ("5", 1, 1),
            ("执行率*该指标分值，最高不得超过分值上限。", 1, 2),
        ]),
        plain_row(&["其中：本年一般公共预算拨款", "310.2", "155.1", "", "", ""]),
    ];
    let report = report("<h1>项目支出绩效自评表（2019年度）</h1>", &rows.concat());
    assert_eq!(
        amounts(&report, "年度资金总额"),
        [
            "initial_budget=310.2",
            "actual=155.1",
            "execution_rate=50",
            "weight=10",
            "score=5"
        ]
    );
}

/// Figures side by side below headings that nobody knows are said, also within a form's head.
#[test]
fn figures_in_the_head_of_a_form_are_said() {
    let rows = [
        table_row(&[("单位名称", 1, 1), ("某县教育局", 3, 1)]),
        table_row(&[("年度要事", 1, 2), ("要事甲", 1, 1), ("首款", 1, 1), ("尾款", 1, 1)]),
        plain_row(&["培训", "120.5", "110.2"]),
        plain_row(&["一级指标", "三级指标", "年度指标值", "实际完成值"]),
        plain_row(&["产出指标", "培训人数", "100人", "120人"]),
    ];
    let report = report("<h1>部门整体绩效自评表</h1>", &rows.concat());
    let said: Vec<&str> = report.warnings.iter().map(|w| w.code.as_str()).collect();
    assert_eq!(said, ["row_unread"], "{:?}", report.warnings);
    assert_eq!(report.indicators.len(), 1);
}

fn lines(rows: &[&[&str]]) -> Vec<String> {
    let rows: String = rows.iter().map(|row| plain_row(row)).collect();
    let report = report("<h1>2022年度资金使用情况表</h1><p>单位：万元</p>", &rows);
    report
        .budgets
        .iter()
        .map(|b| format!("{}: {}", b.name, amounts(&report, &b.name).join(" ")))
        .collect()
}

/// Words right of the projects' names name no line: who is in charge, what is done.
#[test]
fn the_project_names_its_line_not_the_department() {
    assert_eq!(
        lines(&[
            &["序号", "项目名称", "主管部门", "年初预算", "实际支出"],
            &["1", "道路维修", "住建局", "100", "98"],
            &["2", "公园管养", "住建局", "50", "45.5"],
            &["合计", "", "", "150", "143.5"],
        ]),
        [
            "道路维修: initial_budget=100 actual=98",
            "公园管养: initial_budget=50 actual=45.5",
            "合计: initial_budget=150 actual=143.5"
        ]
    );
}

/// The same measures on both sides of a column of words: it names the rows of the right side.
#[test]
fn tables_side_by_side_under_a_heading_that_is_not_known() {
    assert_eq!(
        lines(&[
            &["资金来源", "预算数", "执行数", "支出类别", "预算数", "执行数"],
            &["财政拨款", "1000", "990", "人员经费", "600", "590"],
            &["其他资金", "100", "95", "公用经费", "200", "198.5"],
        ]),
        [
            "财政拨款: budget=1000 actual=990",
            "人员经费: budget=600 actual=590",
            "其他资金: budget=100 actual=95",
            "公用经费: budget=200 actual=198.5"
        ]
    );
}

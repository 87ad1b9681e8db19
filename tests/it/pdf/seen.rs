//! What the reader of a page sees: hidden, covered, clipped and struck text, and marks of notes.

use super::writer::{Writer, hex, one_page, table, text};
use super::{codes, paragraphs, read, rows, tables};

const ROWS: &[&[&str]] = &[&["项目", "预算数", "执行数"], &["道路养护", "120.00", "118.25"]];

/// Draws text with operators before it: a render mode, a colour, a clip.
fn with(before: &str, x: f64, y: f64, shown: &str) -> String {
    format!("q {before} {} Q\n", text(x, y, shown))
}

/// Draws text of a size with its baseline's start at a point.
fn sized(size: f64, x: f64, y: f64, shown: &str) -> String {
    format!("BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{}> Tj ET\n", hex(shown))
}

/// What the page gives when more is drawn after its table; the cell of the budget is x 110…170, y 260…280.
fn after_table(more: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let document = read(&one_page(&(table(50.0, 300.0, ROWS) + more)));
    let codes = codes(&document).into_iter().map(str::to_owned).collect();
    (rows(tables(&document)[0]), codes)
}

#[test]
fn text_that_is_not_seen_is_told_and_not_read() {
    let traps = [
        ("white", with("1 g", 130.0, 264.0, "99")),
        ("nearly white", with("0.99 0.98 0.99 rg", 130.0, 264.0, "99")),
        ("not painted", with("3 Tr", 130.0, 264.0, "99")),
        ("clipped away", with("10 10 20 20 re W n", 130.0, 264.0, "99")),
    ];
    for (name, trap) in traps {
        let (found, told) = after_table(&trap);
        assert_eq!(found, ROWS, "{name}");
        assert_eq!(told, ["hidden_text"], "{name}");
    }
}

#[test]
fn transparent_text_is_not_seen() {
    let mut writer = Writer::new();
    let state = writer.object("<</Type/ExtGState/ca 0/CA 0>>");
    let content = table(50.0, 300.0, ROWS) + &with("/G gs", 130.0, 264.0, "99");
    let document = read(
        &writer
            .page(&content, "", &format!("/ExtGState<</G {state} 0 R>>"))
            .bytes(),
    );
    assert_eq!(rows(tables(&document)[0]), ROWS);
    assert_eq!(codes(&document), ["hidden_text"]);
}

#[test]
fn text_in_the_colour_of_its_cell_is_not_seen_and_white_on_dark_is() {
    let dark = "q 0.1 0.2 0.5 rg 50 280 180 20 re f Q\n";
    let head = ["项目", "预算数", "执行数"];
    let white: String = head
        .iter()
        .enumerate()
        .map(|(c, cell)| with("1 g", 53.0 + 60.0 * c as f64, 286.0, cell))
        .collect();
    let blank: &[&[&str]] = &[&["", "", ""], &["道路养护", "120.00", "118.25"]];
    let document = read(&one_page(&(dark.to_owned() + &table(50.0, 300.0, blank) + &white)));
    assert_eq!(rows(tables(&document)[0]), ROWS);
    assert!(codes(&document).is_empty());
    let same = with("0.1 0.2 0.5 rg", 140.0, 290.0, "99");
    let document = read(&one_page(
        &(dark.to_owned() + &table(50.0, 300.0, blank) + &white + &same),
    ));
    assert_eq!(rows(tables(&document)[0]), ROWS);
    assert_eq!(codes(&document), ["hidden_text"]);
}

#[test]
fn a_corrected_figure_covers_the_old_one() {
    for cover in ["1 g 111 261 58 18 re f", "0.9 g 111 261 58 18 re f"] {
        let new = format!("q {cover} Q\n") + &text(113.0, 266.0, "130.50");
        let (found, told) = after_table(&new);
        assert_eq!(found[1], ["道路养护", "130.50", "118.25"], "{cover}");
        assert_eq!(told, ["hidden_text"], "{cover}");
    }
    // Black bars: what is blacked out is blacked out.
    let (found, told) = after_table("q 0 g 111 262 40 14 re f Q\n");
    assert_eq!(found[1][1], "");
    assert_eq!(told, ["hidden_text"]);
    // A figure that is written again in the same place is the same figure, and nothing to tell.
    let (found, told) = after_table(&("q 1 g 111 261 58 18 re f Q\n".to_owned() + &text(113.0, 266.0, "120.00")));
    assert_eq!((found[1][1].as_str(), told.len()), ("120.00", 0));
}

#[test]
fn what_lets_text_shine_through_covers_nothing() {
    for mark in [
        "q /G gs 1 1 0 rg 111 261 58 18 re f Q",
        "q /M gs 1 1 0 rg 111 261 58 18 re f Q",
        // A frame of two rectangles, filled between them.
        "q 1 0 0 rg 108 258 64 24 re 111 261 58 18 re f* Q",
        // A circle beside the figure, drawn over its box.
        "q 1 0 0 rg 170 280 m 170 290 160 290 160 280 c f Q",
    ] {
        let content = table(50.0, 300.0, ROWS) + mark;
        let mut writer = Writer::new();
        let state = writer.object("<</Type/ExtGState/ca 0.4>>");
        let multiply = writer.object("<</Type/ExtGState/BM/Multiply>>");
        let resources = format!("/ExtGState<</G {state} 0 R/M {multiply} 0 R>>");
        let document = read(&writer.page(&content, "", &resources).bytes());
        assert_eq!(rows(tables(&document)[0]), ROWS, "{mark}");
        assert!(codes(&document).is_empty(), "{mark}");
    }
}

#[test]
fn text_that_its_cell_cuts_short_stays_whole() {
    let cut = |x: f64, shown: &str| with(&format!("{x} 262 20 16 re W n"), x + 1.0, 266.0, shown);
    let content =
        table(50.0, 300.0, &[&["项目", "预算数"], &["", ""]]) + &cut(53.0, "道路养护") + &cut(113.0, "1234.56");
    let document = read(&one_page(&content));
    assert_eq!(rows(tables(&document)[0])[1], ["道路养护", "1234.56"]);
}

#[test]
fn a_layer_over_its_own_text_is_not_read_again() {
    let mut layer = String::new();
    for (r, row) in ROWS.iter().enumerate() {
        for (c, cell) in row.iter().enumerate() {
            let (x, y) = (53.0 + 60.0 * c as f64, 286.0 - 20.0 * r as f64);
            layer += &with("3 Tr", x + 1.5, y + 1.0, &cell.replace("120", "720"));
        }
    }
    let (found, told) = after_table(&layer);
    assert_eq!(found, ROWS);
    assert_eq!(told, ["hidden_text"], "the layer reads another figure");
}

#[test]
fn a_scan_with_a_text_layer_keeps_it_beside_a_page_number() {
    let scan = |order: &str| {
        let mut writer = Writer::new();
        let image = writer.stream(
            "/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8",
            &[0, 255, 255, 0],
        );
        let layer = with("3 Tr", 30.0, 300.0, "识别出的文字120.00");
        let under = with("0 g", 30.0, 300.0, "识别出的文字120.00");
        let image_op = "q 300 0 0 400 0 0 cm /I Do Q\n";
        let number = text(140.0, 15.0, "- 3 -");
        let content = match order {
            "above" => image_op.to_owned() + &layer + &number,
            "below" => layer + image_op + &number,
            _ => under + image_op + &number,
        };
        read(
            &writer
                .page(&content, "", &format!("/XObject<</I {image} 0 R>>"))
                .bytes(),
        )
    };
    for order in ["above", "below", "painted below"] {
        let document = scan(order);
        assert_eq!(paragraphs(&document), ["识别出的文字120.00"], "{order}");
        assert_eq!(codes(&document), ["invisible_text"], "{order}");
    }
}

#[test]
fn struck_figures_and_rows_do_not_count() {
    let struck_cell = "0.6 w 112 269.5 m 144 269.5 l S\n".to_owned() + &text(146.0, 266.0, "98");
    let (found, told) = after_table(&struck_cell);
    assert_eq!(
        (found[1][1].as_str(), told.as_slice()),
        ("98", &["struck_text".to_owned()][..])
    );
    // A thin filled rectangle, as Word draws it, and a double line.
    for line in [
        "q 0 g 113 269 30 0.5 re f Q\n",
        "0.4 w 113 268.5 m 143 268.5 l S 113 270.5 m 143 270.5 l S\n",
    ] {
        let (found, told) = after_table(line);
        assert_eq!(
            (found[1][1].as_str(), told.as_slice()),
            ("", &["struck_text".to_owned()][..]),
            "{line}"
        );
    }
    // The whole row, by one line over its cells.
    for line in ["55 269.5 m 225 269.5 l S\n", "50 269.5 m 230 269.5 l S\n"] {
        let more: &[&[&str]] = &[
            ROWS[0],
            ROWS[1],
            &["桥涵维修", "80.00", "79.00"],
            &["合计", "80.00", "79.00"],
        ];
        let document = read(&one_page(&(table(50.0, 300.0, more) + line)));
        let found = rows(tables(&document)[0]);
        assert_eq!(found.len(), 4, "{line}: no row of its own");
        assert!(found[1].iter().all(String::is_empty), "{line}: {found:?}");
        assert_eq!(found[2], more[2], "{line}");
        assert_eq!(codes(&document), ["struck_text"], "{line}");
    }
}

#[test]
fn underlines_overlines_and_borders_strike_nothing() {
    for line in ["0.5 w 113 264.5 m 143 264.5 l S\n", "0.5 w 113 275.5 m 143 275.5 l S\n"] {
        let (found, told) = after_table(line);
        if line.contains("264.5") {
            assert_eq!(found.len(), 2, "an underline makes no row");
        }
        assert_eq!(
            (&found[1][..], told.len()),
            (
                &ROWS[1].iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()[..],
                0
            ),
            "{line}"
        );
    }
    // Rows too low for their text: each border goes through the text above it.
    let mut content = String::new();
    for (r, row) in [["项目", "预算数"], ["道路养护", "120.00"], ["桥涵维修", "80.00"]]
        .iter()
        .enumerate()
    {
        for (c, cell) in row.iter().enumerate() {
            let (x, y) = (50.0 + 60.0 * c as f64, 280.0 - 20.0 * r as f64);
            content += &format!("{x} {y} 60 20 re S\n");
            content += &text(x + 3.0, y - 3.0, cell);
        }
    }
    assert!(!codes(&read(&one_page(&content))).contains(&"struck_text"));
}

#[test]
fn a_raised_mark_is_no_digit() {
    let cell = |mark: &str| {
        let content =
            table(50.0, 300.0, &[&["项目", "预算数"], &["道路养护", "120.50"]]) + &sized(6.0, 143.5, 270.0, mark);
        rows(tables(&read(&one_page(&content)))[0])[1][1].clone()
    };
    for mark in ["1", "12", "①", "[1]", "(3)", "*", "注1", "a", "1,2"] {
        assert_eq!(cell(mark), "120.50", "{mark}");
    }
    // A mark at a name and at a heading.
    let content = table(50.0, 300.0, &[&["项目", "预算数"], &["道路养护", "120.50"]])
        + &sized(6.0, 93.5, 270.0, "1")
        + &sized(6.0, 143.5, 290.0, "2");
    assert_eq!(
        rows(tables(&read(&one_page(&content)))[0]),
        [["项目", "预算数"], ["道路养护", "120.50"]]
    );
}

#[test]
fn small_digits_that_are_no_marks_stay() {
    let line = |parts: &[(f64, f64, f64, &str)]| {
        let content: String = parts
            .iter()
            .map(|(size, x, y, shown)| sized(*size, *x, *y, shown))
            .collect();
        paragraphs(&read(&one_page(&content))).join("|")
    };
    // Units and powers.
    assert_eq!(line(&[(10.0, 30.0, 300.0, "100m"), (6.0, 50.5, 304.0, "2")]), "100m²");
    assert_eq!(line(&[(10.0, 30.0, 300.0, "100km"), (6.0, 55.5, 304.0, "2")]), "100km²");
    assert_eq!(line(&[(10.0, 30.0, 300.0, "3×10"), (6.0, 55.0, 304.0, "8")]), "3×10⁸");
    // Lowered in a name.
    assert_eq!(line(&[(10.0, 30.0, 300.0, "PM"), (6.0, 40.5, 298.0, "2.5")]), "PM2.5");
    // A whole cell in small type.
    let small = table(50.0, 300.0, &[&["项目", "预算数"], &["道路养护", ""]]) + &sized(6.0, 113.0, 270.0, "120.50");
    assert_eq!(rows(tables(&read(&one_page(&small)))[0])[1][1], "120.50");
    // Small digits that stand on the line.
    assert_eq!(
        line(&[(10.0, 30.0, 300.0, "合计"), (7.0, 50.5, 300.0, "1500")]),
        "合计1500"
    );
}

#[test]
fn a_figure_may_fill_its_cell() {
    let cell = |parts: &[(f64, &str)]| {
        let shown: String = parts.iter().map(|(x, shown)| text(*x, 266.0, shown)).collect();
        let blank: &[&[&str]] = &[&["项目", "增减额"], &["道路养护", ""]];
        let document = read(&one_page(&(table(50.0, 300.0, blank) + &shown)));
        rows(tables(&document)[0])[1][1].clone()
    };
    assert_eq!(cell(&[(112.0, "-"), (150.0, "2.32")]), "-2.32");
    assert_eq!(cell(&[(112.0, "("), (140.0, "2.32"), (164.0, ")")]), "(2.32)");
    assert_eq!(cell(&[(112.0, "￥"), (140.0, "1,200.00")]), "￥1,200.00");
    assert_eq!(cell(&[(112.0, "-"), (140.0, "5.00"), (164.0, "%")]), "-5.00%");
    let spread: Vec<(f64, String)> = "800.50"
        .chars()
        .enumerate()
        .map(|(i, c)| (112.0 + 9.5 * i as f64, c.to_string()))
        .collect();
    let spread: Vec<(f64, &str)> = spread.iter().map(|(x, c)| (*x, c.as_str())).collect();
    assert_eq!(cell(&spread), "800.50");
    // Two figures in one cell stay two.
    assert_eq!(cell(&[(112.0, "12"), (140.0, "5.00")]), "12 5.00");
    assert_eq!(cell(&[(112.0, "1"), (124.0, "2"), (136.0, "3")]), "1 2 3");
}

#[test]
fn signs_at_the_edge_of_columns_that_no_rule_parts() {
    let line = |y: f64, parts: &[(f64, &str)]| -> String { parts.iter().map(|(x, t)| text(*x, y, t)).collect() };
    let rules = "30 340 m 280 340 l S 30 320 m 280 320 l S 30 240 m 280 240 l S\n";
    let head = line(326.0, &[(40.0, "项目"), (120.0, "决算数"), (210.0, "增减额")]);
    let body = line(
        306.0,
        &[(40.0, "道路养护"), (120.0, "120.00"), (200.0, "-"), (235.0, "2.32")],
    ) + &line(286.0, &[(40.0, "桥涵维修"), (120.0, "80.00"), (235.0, "1.50")])
        + &line(
            266.0,
            &[(40.0, "安全设施"), (120.0, "60.00"), (200.0, "-"), (235.0, "0.50")],
        )
        + &line(
            246.0,
            &[(40.0, "合计"), (120.0, "260.00"), (200.0, "-"), (235.0, "1.32")],
        );
    let document = read(&one_page(&(rules.to_owned() + &head + &body)));
    let found = rows(tables(&document)[0]);
    assert_eq!(found[1], ["道路养护", "120.00", "-2.32"], "{found:?}");
    assert_eq!(found[2], ["桥涵维修", "80.00", "1.50"]);
    assert_eq!(found[4], ["合计", "260.00", "-1.32"]);
    // Dashes under a heading of their own are blanks.
    let head = line(
        326.0,
        &[(40.0, "项目"), (120.0, "决算数"), (190.0, "补助"), (230.0, "增减额")],
    );
    let document = read(&one_page(&(rules.to_owned() + &head + &body)));
    let found = rows(tables(&document)[0]);
    assert_eq!(found[1], ["道路养护", "120.00", "-", "2.32"], "{found:?}");
}

#[test]
fn cells_of_hashes_are_told_with_their_place() {
    let hashes: &[&[&str]] = &[&["项目", "预算数"], &["道路养护", "###"], &["桥涵维修", "80.00"]];
    let document = read(&one_page(&table(50.0, 300.0, hashes)));
    assert_eq!(codes(&document), ["figure_not_printed"]);
    let source = &document.warnings[0].source;
    assert!(source.bbox.is_some_and(|b| (b.x0 - 110.0).abs() < 1.0), "{source:?}");
}

#[test]
fn labels_that_run_from_top_to_bottom_or_sideways() {
    let grid = "50 220 180 80 re S 110 220 m 110 300 l S 110 260 m 230 260 l S 170 220 m 170 300 l S\n";
    let body = text(115.0, 276.0, "数量")
        + &text(175.0, 276.0, "12")
        + &text(115.0, 236.0, "质量")
        + &text(175.0, 236.0, "34");
    let label = |drawn: &str| {
        let document = read(&one_page(&(grid.to_owned() + drawn + &body)));
        rows(tables(&document)[0])[0][0].clone()
    };
    let column = |x: f64, shown: &str, order: bool| -> String {
        let mut parts: Vec<String> = shown
            .chars()
            .enumerate()
            .map(|(i, c)| text(x, 285.0 - 12.0 * i as f64, &c.to_string()))
            .collect();
        if order {
            parts.reverse();
        }
        parts.concat()
    };
    assert_eq!(label(&column(75.0, "产出指标", false)), "产出指标");
    assert_eq!(
        label(&column(75.0, "产出指标", true)),
        "产出指标",
        "drawn from the bottom up"
    );
    let two = column(80.0, "社会效益", false) + &column(66.0, "指标", false);
    assert_eq!(label(&two), "社会效益指标", "two columns, the right one first");
    let two = column(66.0, "社会效益", false) + &column(80.0, "指标", false);
    assert_eq!(label(&two), "社会效益指标", "two columns, the left one first");
    let lines = text(70.0, 275.0, "社会") + &text(70.0, 262.0, "效益") + &text(70.0, 249.0, "指标");
    assert_eq!(label(&lines), "社会效益指标", "three lines of two characters");
    // In one place, one after the other.
    let heap: String = ["产", "出", "指", "标"]
        .iter()
        .enumerate()
        .map(|(i, c)| text(75.0, 260.0 - 0.2 * i as f64, c))
        .collect();
    assert_eq!(label(&heap), "产出指标");
    // Turned by a quarter, to either side.
    let turned = |matrix: &str| format!("BT /F 10 Tf {matrix} Tm <{}> Tj ET\n", hex("效益指标"));
    assert_eq!(label(&turned("0 1 -1 0 84 240")), "效益指标");
    assert_eq!(label(&turned("0 -1 1 0 76 280")), "效益指标");
    // A watermark that reaches over several cells is none of them.
    assert_eq!(
        label(&format!("BT /F 30 Tf 0 1 -1 0 95 200 Tm <{}> Tj ET\n", hex("内部资料"))),
        ""
    );
}

#[test]
fn what_is_seen_does_not_depend_on_how_the_page_lies() {
    let traps = with("1 g", 140.0, 264.0, "99")
        + "q 1 g 171 261 58 18 re f Q\n"
        + &text(173.0, 266.0, "97.50")
        + &sized(6.0, 143.5, 270.0, "1");
    let more: &[&[&str]] = &[
        ROWS[0],
        ROWS[1],
        &["取消项目", "80.00", "79.00"],
        &["合计", "120.00", "97.50"],
    ];
    let content = table(50.0, 300.0, more) + &traps + "55 249.5 m 225 249.5 l S\n";
    let expected = [
        ["项目", "预算数", "执行数"],
        ["道路养护", "120.00", "97.50"],
        ["", "", ""],
        ["合计", "120.00", "97.50"],
    ];
    for extra in [
        "",
        "/Rotate 90",
        "/Rotate 180",
        "/Rotate 270",
        "/UserUnit 2",
        "/CropBox[20 30 280 380]",
        "/CropBox[20 30 280 380]/Rotate 90",
        "/MediaBox[-100 -50 400 500]",
    ] {
        let document = read(&Writer::new().page(&content, extra, "").bytes());
        assert_eq!(rows(tables(&document)[0]), expected, "{extra}");
        assert_eq!(
            codes(&document),
            ["hidden_text", "hidden_text", "struck_text"],
            "{extra}"
        );
    }
    // Drawn sideways, and in another scale.
    for matrix in ["0 1 -1 0 300 0 cm", "0.8 0 0 0.8 0 0 cm", "0 -1 1 0 0 320 cm"] {
        let turned = format!("q {matrix} {content} Q");
        let document = read(&Writer::new().page(&turned, "", "").bytes());
        assert_eq!(rows(tables(&document)[0]), expected, "{matrix}");
    }
}

#[test]
fn tables_that_only_lines_or_nothing_part_are_read_alike() {
    let line = |y: f64, parts: [&str; 3]| -> String {
        let xs = [40.0, 130.0, 210.0];
        parts.iter().zip(xs).map(|(t, x)| text(x, y, t)).collect()
    };
    let body = line(326.0, ["项目", "预算数", "执行数"])
        + &line(306.0, ["道路养护", "120.00", "118.25"])
        + &line(286.0, ["取消项目", "80.00", "79.00"])
        + &line(266.0, ["桥涵维修", "60.00", "58.50"])
        + &line(246.0, ["合计", "180.00", "176.75"])
        + &sized(6.0, 160.5, 310.0, "1")
        + &sized(6.0, 80.5, 270.0, "2")
        + &with("1 g", 180.0, 306.0, "99")
        + "36 289.5 m 245 289.5 l S\n";
    let rules = "30 340 m 280 340 l S 30 320 m 280 320 l S 30 240 m 280 240 l S\n";
    for rules in [rules, ""] {
        let document = read(&one_page(&(rules.to_owned() + &body)));
        let found = rows(tables(&document)[0]);
        let expected = [
            ["项目", "预算数", "执行数"],
            ["道路养护", "120.00", "118.25"],
            ["桥涵维修", "60.00", "58.50"],
            ["合计", "180.00", "176.75"],
        ];
        assert_eq!(found, expected, "{rules}");
        assert_eq!(codes(&document), ["hidden_text", "struck_text"]);
    }
}

//! Forms and annotations: what a viewer shows of them.

use super::writer::{Writer, hex, table, text};
use super::{codes, paragraphs, read, rows, tables};

const BLANK: &[&[&str]] = &[&["项目", "预算数"], &["道路养护", ""]];

/// The cell of the budget, x 110…170 and y 260…280, on a page with an annotation; and the warnings.
fn filled(annotation: &str, form: &str, printed: &str) -> (String, Vec<String>) {
    let mut writer = Writer::new();
    let number = writer.object(format!("<</Type/Annot{annotation}>>"));
    writer.catalog(&format!("/AcroForm<</Fields[{number} 0 R]/DA(/Helv 0 Tf 0 g){form}>>"));
    let content = table(50.0, 300.0, BLANK) + printed;
    let document = read(&writer.page(&content, &format!("/Annots[{number} 0 R]"), "").bytes());
    let told = codes(&document).into_iter().map(str::to_owned).collect();
    (rows(tables(&document)[0])[1][1].clone(), told)
}

const WIDGET: &str = "/Subtype/Widget/Rect[112 262 168 278]";

#[test]
fn values_without_appearance_stand_in_their_cells() {
    for annotation in [
        "/FT/Tx/DA(/Helv 9 Tf 0 g)/V(810.50)",
        "/FT/Tx/V(810.50)/Q 2",
        "/FT/Tx/V<FEFF003800310030002E00350030>",
        "/FT/Tx/V(810.50)/MK<</BG[0.8 0.9 1]>>",
        "/FT/Tx/Ff 16777216/MaxLen 6/V(810.50)",
        "/FT/Ch/Opt[(700)(810.50)]/V(810.50)",
        "/FT/Ch/Opt[[(a)(700)][(b)(810.50)]]/V(b)",
        "/FT/Ch/V[(810.50)]",
    ] {
        let (cell, told) = filled(&format!("{WIDGET}{annotation}"), "", "");
        assert_eq!((cell.as_str(), told.len()), ("810.50", 0), "{annotation}");
    }
    let free = "/Subtype/FreeText/Rect[112 262 168 278]/DA(/Helv 10 Tf 0 g)/Contents(810.50)";
    assert_eq!(filled(free, "", "").0, "810.50");
}

#[test]
fn a_value_of_the_field_that_a_widget_is_part_of() {
    let mut writer = Writer::new();
    let parent = writer.object("<</FT/Tx/T(a)/V(810.50)/DA(/Helv 9 Tf)>>");
    let kid = writer.object(format!("<</Type/Annot{WIDGET}/Parent {parent} 0 R>>"));
    let content = table(50.0, 300.0, BLANK);
    let document = read(&writer.page(&content, &format!("/Annots[{kid} 0 R]"), "").bytes());
    assert_eq!(rows(tables(&document)[0])[1][1], "810.50");
}

#[test]
fn what_no_viewer_shows_is_not_read() {
    for annotation in [
        "/FT/Tx/F 2/V(810.50)",
        "/FT/Tx/F 32/V(810.50)",
        "/FT/Tx/Ff 8192/V(810.50)",
        "/FT/Tx/V()",
        "/FT/Tx/DV(810.50)",
        "/FT/Btn/Ff 65536/MK<</CA(810.50)>>",
        "/FT/Btn/AS/Off",
    ] {
        let (cell, told) = filled(&format!("{WIDGET}{annotation}"), "", "");
        assert_eq!((cell.as_str(), told.len()), ("", 0), "{annotation}");
    }
    for kind in ["Text", "Popup", "Highlight"] {
        let annotation = format!("/Subtype/{kind}/Rect[112 262 168 278]/Contents(810.50)");
        assert_eq!(filled(&annotation, "", "").0, "", "{kind}");
    }
}

#[test]
fn a_box_that_is_ticked() {
    assert_eq!(filled(&format!("{WIDGET}/FT/Btn/AS/Yes/V/Yes"), "", "").0, "√");
}

#[test]
fn an_appearance_is_what_is_seen() {
    let with = |drawn: &str, value: &str, form: &str| {
        let mut writer = Writer::new();
        let look = writer.stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 56 16]/Resources<</Font<</F 3 0 R>>>>",
            drawn.as_bytes(),
        );
        let widget = writer.object(format!("<</Type/Annot{WIDGET}/FT/Tx/V({value})/AP<</N {look} 0 R>>>>"));
        writer.catalog(&format!("/AcroForm<</Fields[{widget} 0 R]{form}>>"));
        let content = table(50.0, 300.0, BLANK);
        let document = read(&writer.page(&content, &format!("/Annots[{widget} 0 R]"), "").bytes());
        rows(tables(&document)[0])[1][1].clone()
    };
    let drawn = text(2.0, 4.0, "810.50");
    assert_eq!(with(&drawn, "810.50", ""), "810.50", "once");
    assert_eq!(with(&drawn, "999.00", ""), "810.50", "the appearance stands");
    assert_eq!(with(&drawn, "999.00", "/NeedAppearances true"), "999.00", "drawn anew");
    assert_eq!(with("/Tx BMC EMC", "999.00", ""), "999.00", "an appearance of nothing");
}

#[test]
fn a_value_over_printed_text_is_told_and_makes_no_figure_with_it() {
    let printed = text(114.0, 266.0, "371.20");
    let (cell, told) = filled(&format!("{WIDGET}/FT/Tx/V(371.20)"), "", &printed);
    assert_eq!((cell.as_str(), told.len()), ("371.20", 0), "the same, flattened");
    let (cell, told) = filled(&format!("{WIDGET}/FT/Tx/V(99)"), "", &printed);
    assert_eq!((cell.as_str(), told), ("371.20", vec!["form_value_unread".to_owned()]));
    let ground = format!("{WIDGET}/FT/Tx/V(99)/MK<</BG[1]>>");
    let (cell, told) = filled(&ground, "", &printed);
    assert_eq!(
        (cell.as_str(), told),
        ("99", vec!["hidden_text".to_owned()]),
        "its ground covers it"
    );
    // The unit printed at the end of the field, and the line that it is written on.
    let (cell, _) = filled(&format!("{WIDGET}/FT/Tx/V(99)"), "", &text(146.0, 266.0, "万元"));
    assert_eq!(cell, "99万元");
}

#[test]
fn long_values_stay_in_their_cell_and_in_one_piece() {
    let value = hex("按月支付补助资金共计1200.50万元，惠及320人，全部按规定使用");
    let (cell, told) = filled(&format!("{WIDGET}/FT/Tx/Ff 4096/V<FEFF{value}>"), "", "");
    assert_eq!(
        (cell.as_str(), told.len()),
        ("按月支付补助资金共计1200.50万元，惠及320人，全部按规定使用", 0)
    );
}

#[test]
fn fields_of_turned_pages() {
    let content = table(50.0, 300.0, BLANK);
    for turn in [0, 90, 180, 270] {
        let mut writer = Writer::new();
        let number = writer.object(format!("<</Type/Annot{WIDGET}/FT/Tx/V(810.50)>>"));
        let extra = format!("/Rotate {turn}/Annots[{number} 0 R]");
        let document = read(&writer.page(&content, &extra, "").bytes());
        assert_eq!(rows(tables(&document)[0])[1][1], "810.50", "{turn}");
    }
    // The content itself stands sideways and the field with it.
    let sideways = format!("q 0 1 -1 0 300 0 cm {} Q", table(50.0, 250.0, BLANK));
    let field = "/Subtype/Widget/Rect[72 112 88 168]/FT/Tx/V(810.50)/MK<</R 90>>";
    let mut writer = Writer::new();
    let number = writer.object(format!("<</Type/Annot{field}>>"));
    let document = read(&writer.page(&sideways, &format!("/Annots[{number} 0 R]"), "").bytes());
    assert_eq!(rows(tables(&document)[0])[1][1], "810.50");
}

#[test]
fn a_strike_out_annotation_strikes() {
    let mut writer = Writer::new();
    let number =
        writer.object("<</Type/Annot/Subtype/StrikeOut/Rect[30 290 90 330]/QuadPoints[30 310 80 310 30 298 80 298]>>");
    let content = text(30.0, 300.0, "预算120元") + &text(30.0, 280.0, "执行118元");
    let document = read(&writer.page(&content, &format!("/Annots[{number} 0 R]"), "").bytes());
    assert_eq!(paragraphs(&document), ["执行118元"]);
    assert_eq!(codes(&document), ["struck_text"]);
}

#[test]
fn a_tick_that_an_appearance_draws_is_read_once() {
    let read_state = |drawn: &str, state: &str| {
        let mut writer = Writer::new();
        let dict = "/Type/XObject/Subtype/Form/BBox[0 0 56 16]/Resources<</Font<</Z<</Type/Font/Subtype/Type1/BaseFont\
                    /ZapfDingbats>>>>>>";
        let (on, off) = (writer.stream(dict, drawn.as_bytes()), writer.stream(dict, b"q Q"));
        let number = writer.object(format!(
            "<</Type/Annot{WIDGET}/FT/Btn/AS/{state}/AP<</N<</Yes {on} 0 R/Off {off} 0 R>>>>>>"
        ));
        let content = table(50.0, 300.0, BLANK);
        let document = read(&writer.page(&content, &format!("/Annots[{number} 0 R]"), "").bytes());
        rows(tables(&document)[0])[1][1].clone()
    };
    let (glyph, curves) = ("BT /Z 10 Tf 2 4 Td (4) Tj ET", "2 w 2 6 m 6 2 l 14 14 l S");
    assert_eq!(read_state(glyph, "Yes"), "✔");
    assert_eq!(read_state(curves, "Yes"), "√");
    assert_eq!(read_state(glyph, "Off"), "");
    assert_eq!(read_state(curves, "Off"), "");
}

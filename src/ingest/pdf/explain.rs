//! A page as an SVG drawing of what the reader saw: rulings, edges, cells and text, so that a wrong table can be
//! explained by looking at it.

use super::ink::Ink;
use super::layout::{Evidence, Item, Page, find_grids, read_page};
use std::fmt::Write;

/// Draws a page in its text's frame.
pub fn svg(ink: &Ink) -> String {
    let Evidence { frames, grids } = find_grids(ink);
    let page: Page = read_page(ink, None);
    let (width, height) = page.size;
    let mut out = String::new();
    let mut put = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{line}"); // writing to a String cannot fail
    };
    put(format_args!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1} {height:.1}" width="{:.0}" height="{:.0}">"##,
        width * 1.5,
        height * 1.5
    ));
    put(format_args!(r##"<rect width="100%" height="100%" fill="white"/>"##));
    put(format_args!(r##"<g id="rulings" stroke="#bbbbbb" stroke-width="3">"##));
    for r in &ink.across {
        put(format_args!(r##"<path d="M{:.1} {:.1}H{:.1}"/>"##, r.lo, r.at, r.hi));
    }
    for r in &ink.down {
        put(format_args!(r##"<path d="M{:.1} {:.1}V{:.1}"/>"##, r.at, r.lo, r.hi));
    }
    put(format_args!(
        r##"</g><g id="edges" stroke="#d03030" stroke-width="0.8">"##
    ));
    for frame in &frames {
        for r in &frame.across {
            put(format_args!(r##"<path d="M{:.1} {:.1}H{:.1}"/>"##, r.lo, r.at, r.hi));
        }
        for r in &frame.down {
            put(format_args!(r##"<path d="M{:.1} {:.1}V{:.1}"/>"##, r.at, r.lo, r.hi));
        }
    }
    put(format_args!(
        r##"</g><g id="cells" fill="#3060d0" fill-opacity="0.12" stroke="#3060d0" stroke-width="0.4">"##
    ));
    for grid in &grids {
        for cell in &grid.cells {
            let [x0, y0, x1, y1] = grid.place(*cell);
            let (w, h) = ((x1 - x0 - 2.0).max(0.5), (y1 - y0 - 2.0).max(0.5));
            put(format_args!(
                r##"<rect x="{:.1}" y="{:.1}" width="{w:.1}" height="{h:.1}"><title>row {} column {} spans {}×{}</title></rect>"##,
                x0 + 1.0,
                y0 + 1.0,
                cell.row,
                cell.col,
                cell.row_span,
                cell.col_span
            ));
        }
    }
    put(format_args!(r##"</g><g id="glyphs" font-family="sans-serif">"##));
    for g in ink.glyphs.iter().filter(|g| !g.ch.is_whitespace()) {
        let colour = if g.visible { "#000000" } else { "#c08000" };
        put(format_args!(
            r##"<text x="{:.1}" y="{:.1}" font-size="{:.1}" fill="{colour}">{}</text>"##,
            g.x0,
            g.base,
            g.size,
            escaped(g.ch)
        ));
    }
    put(format_args!(
        r##"</g><g id="lines" fill="none" stroke="#209030" stroke-width="0.5">"##
    ));
    for item in &page.items {
        if let Item::Line(line) = item {
            let [x0, y0, x1, y1] = line.bounds;
            put(format_args!(
                r##"<rect x="{x0:.1}" y="{y0:.1}" width="{:.1}" height="{:.1}"/>"##,
                x1 - x0,
                y1 - y0
            ));
        }
    }
    put(format_args!("</g></svg>"));
    out
}

fn escaped(ch: char) -> String {
    match ch {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        ch => ch.to_string(),
    }
}

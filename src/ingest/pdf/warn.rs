//! What is said of a page that was not read whole, or that its reader sees otherwise.

use super::layout::{Item, Page};
use super::on_page;
use super::paint::Hidden;
use super::sight::Unseen;
use crate::model::{BBox, Document, Source, Warning};
use std::collections::BTreeMap;

/// Most stretches of text that one warning quotes.
const QUOTES: usize = 5;

/// Adds the warnings of a page.
pub fn warn(page: &Page, number: u32, document: &mut Document) {
    if page.unknown > 0 {
        let mut message = format!("第{number}页有{}个字符无法解码，以U+FFFD表示", page.unknown);
        if page.doubtful > 0 {
            let doubtful = page.doubtful;
            message += &format!("；其中{doubtful}个在文件里写作数字，但同一字体有两种字形写作同一个数字，不可信");
        }
        let place = around(number, page.unknown_at.into_iter(), "\u{fffd}");
        document.warnings.push(Warning::new("undecodable_text", message, place));
    }
    if let Some(text) = &page.garbled {
        let message = format!("第{number}页的文字层多为“{text}”之类的字符，文件的字符编码可能有误，不能当作文字");
        document
            .warnings
            .push(Warning::new("garbled_text", message, on_page(number)));
    }
    let mut warn = |code: &str, message: String| document.warnings.push(Warning::new(code, message, on_page(number)));
    if page.cut_off > 0 {
        warn(
            "text_beyond_page",
            format!(
                "第{number}页有{}个字符超出页面边缘，没有读取；靠边的数字可能不完整",
                page.cut_off
            ),
        );
    }
    if page.suspicious > 0 {
        let count = page.suspicious;
        warn(
            "suspicious_text",
            format!("第{number}页的汉字之间有{count}个外文字母，文件的字符编码可能有误"),
        );
    }
    if page.hidden > 0 && page.hidden * 2 >= page.glyphs {
        warn(
            "invisible_text",
            format!("第{number}页的文字为不可见的识别层（OCR），可信度较低"),
        );
    }
    if page.overflow {
        warn("page_too_dense", format!("第{number}页图元过多，只读取了一部分"));
    }
    if let Some((first, _)) = page.values_unread.first() {
        let texts = quoted(page.values_unread.iter().map(|(text, _)| text.as_str()));
        let place = around(number, page.values_unread.iter().map(|(_, place)| *place), first);
        let message = format!("第{number}页表单或批注中填写的{texts}无法解码，或压在印好的文字上，未读取");
        document
            .warnings
            .push(Warning::new("form_value_unread", message, place));
    }
    if !page.too_narrow.is_empty() {
        let count = page.too_narrow.len();
        let place = around(number, page.too_narrow.iter().copied(), "###");
        let message = format!("第{number}页有{count}个单元格只印出“###”（列宽不够），数字不在文件里，未读取");
        document
            .warnings
            .push(Warning::new("figure_not_printed", message, place));
    }
}

/// Quotes stretches of text, the first of them in full.
fn quoted<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> String {
    let count = texts.clone().count();
    let short = |text: &str| {
        let mut short: String = text.chars().take(20).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        format!("“{short}”")
    };
    let mut quoted: Vec<String> = texts.take(QUOTES).map(short).collect();
    if count > QUOTES {
        quoted.push(format!("等{count}处"));
    }
    quoted.join("、")
}

/// A place on a page that holds several boxes.
fn around(page: u32, boxes: impl Iterator<Item = BBox>, text: &str) -> Source {
    let bbox = boxes.reduce(BBox::union);
    Source {
        bbox,
        text: Some(text.to_owned()),
        ..on_page(page)
    }
}

/// The text of a page without white space.
fn text_of(page: &Page) -> String {
    let mut text = String::new();
    for item in &page.items {
        match item {
            Item::Line(line) => text.extend(line.text.chars().filter(|c| !c.is_whitespace())),
            Item::Table(table) => {
                let cells = table.cells.iter().flat_map(|cell| cell.text.chars());
                text.extend(cells.filter(|c| !c.is_whitespace()));
            }
        }
    }
    text
}

/// Whether a text stands on the page before or after: printers draw what a page break parts on both pages and clip it.
fn is_beside(pages: &[Page], texts: &mut BTreeMap<usize, String>, index: usize, text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let beside = [index.wrapping_sub(1), index + 1];
    beside.into_iter().any(|other| {
        let Some(page) = pages.get(other) else { return false };
        texts.entry(other).or_insert_with(|| text_of(page)).contains(&bare)
    })
}

/// Warns of characters that the file holds and its pages do not show, or show struck out.
pub fn unseen(pages: &[Page], document: &mut Document) {
    let mut texts = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        for why in [
            Hidden::Unpainted,
            Hidden::SameColour,
            Hidden::Covered,
            Hidden::Clipped,
            Hidden::Struck,
        ] {
            let mut own: Vec<&Unseen> = page.unseen.iter().filter(|unseen| unseen.why == why).collect();
            if why == Hidden::Clipped {
                own.retain(|unseen| !is_beside(pages, &mut texts, index, &unseen.text));
            }
            if let Some(warning) = unseen_for(why, &own, index as u32 + 1) {
                document.warnings.push(warning);
            }
        }
    }
}

fn unseen_for(why: Hidden, own: &[&Unseen], page: u32) -> Option<Warning> {
    let first = own.first()?;
    let texts = quoted(own.iter().map(|unseen| unseen.text.as_str()));
    let (code, reason) = match why {
        Hidden::Unpainted => ("hidden_text", "没有显示出来（不可见文字层）"),
        Hidden::SameColour => ("hidden_text", "与底色相同，看不见"),
        Hidden::Covered => ("hidden_text", "被后画的图形盖住，看不见"),
        Hidden::Clipped => ("hidden_text", "在裁剪范围之外，看不见"),
        Hidden::Struck => ("struck_text", "已被划去"),
    };
    let place = around(page, own.iter().map(|unseen| unseen.place), &first.text);
    let message = format!("第{page}页的{texts}{reason}，不作数，未读取");
    Some(Warning::new(code, message, place))
}

//! PDF documents (ISO 32000): glyphs and rulings of each page → lines and tables → blocks in reading order.
//!
//! Limitations: pages without text are not recognized optically; diagonal header cells and text that runs around
//! figures are read as they come; structure trees (tagged PDF) are not used.

mod decode;
mod edges;
mod explain;
mod flow;
mod grid;
mod ink;
mod layout;
mod text;

use super::ReadOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Document, Format, Source, Warning};
use decode::FontEncodings;
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, interpret_page};
use ink::{Collector, Ink};

/// Most pages of a document.
const MAX_PAGES: usize = 5_000;

/// Reads a born-digital PDF.
///
/// # Errors
/// Damaged, encrypted with a password that is not given, scanned (no page has text), or over a limit.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Document> {
    let pdf = open(bytes, options)?;
    let encodings = FontEncodings::of(&pdf);
    let cache = InterpreterCache::new();
    let mut document = Document::new(Format::Pdf);
    let pages = pdf.pages();
    document.pages = Some(pages.len() as u32);
    let mut read = Vec::with_capacity(pages.len());
    let mut scanned = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let ink = draw(&pdf, page, &cache, &encodings);
        let page = layout::read_page(&ink);
        let number = index as u32 + 1;
        if page.glyphs == 0 && page.image_share > 0.3 {
            scanned.push(number);
        }
        warn(&page, number, &mut document);
        read.push(page);
    }
    if read.iter().all(|page| page.glyphs == 0) {
        let message = format!("none of the {} pages has text", read.len());
        return Err(Error::new(ErrorKind::Scanned(message)));
    }
    for number in scanned {
        let message = format!("第{number}页是扫描图像，没有文字，未读取");
        document
            .warnings
            .push(Warning::new("scanned_page", message, on_page(number)));
    }
    flow::assemble(read, &mut document)?;
    Ok(document)
}

/// Draws what the reader saw on a page (from 1) as SVG: rulings grey, edges red, cells blue, lines of text green.
///
/// # Errors
/// As [`read`], and when there is no such page.
pub fn explain_page(bytes: &[u8], options: &ReadOptions, page: u32) -> Result<String> {
    let pdf = open(bytes, options)?;
    let index = (page as usize).wrapping_sub(1);
    let Some(found) = pdf.pages().get(index) else {
        let count = pdf.pages().len();
        return Err(Error::unsupported(
            format!("no page {page}"),
            format!("the document has {count} pages"),
        ));
    };
    let ink = draw(&pdf, found, &InterpreterCache::new(), &FontEncodings::of(&pdf));
    Ok(explain::svg(&ink))
}

/// Opens a document, with the password of the options or the empty one.
fn open(bytes: &[u8], options: &ReadOptions) -> Result<Pdf> {
    let password = options.password.as_deref().unwrap_or("");
    let pdf = Pdf::new_with_password(bytes.to_vec(), password).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            let advice = if options.password.is_some() {
                "the password is wrong"
            } else {
                "give its password with --password"
            };
            Error::new(ErrorKind::Encrypted(advice.to_owned()))
        }
        LoadPdfError::Decryption(_) => Error::new(ErrorKind::Encrypted(
            "by a method that is not supported; save it without protection".to_owned(),
        )),
        LoadPdfError::Invalid => Error::damaged("no PDF structure found"),
    })?;
    match pdf.pages().len() {
        0 => Err(Error::damaged("the document has no pages")),
        n if n > MAX_PAGES => Err(Error::limit(format!("{n} pages"), format!("{MAX_PAGES} pages"))),
        _ => Ok(pdf),
    }
}

/// Draws a page into glyphs and rulings.
fn draw<'a>(pdf: &'a Pdf, page: &PdfPage<'a>, cache: &InterpreterCache<'a>, encodings: &FontEncodings) -> Ink {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let settings = InterpreterSettings {
        render_content: RenderContent::all(),
        ..InterpreterSettings::default()
    };
    let transform = Affine::new(page.initial_transform(true).as_coeffs());
    let mut context = Context::new(
        transform,
        Rect::new(0.0, 0.0, width, height),
        cache,
        pdf.xref(),
        settings,
    );
    let mut collector = Collector::new(width, height, encodings);
    interpret_page(page, &mut context, &mut collector);
    collector.finish()
}

fn on_page(page: u32) -> Source {
    Source {
        page: Some(page),
        ..Source::default()
    }
}

fn warn(page: &layout::Page, number: u32, document: &mut Document) {
    let mut warn = |code: &str, message: String| document.warnings.push(Warning::new(code, message, on_page(number)));
    if page.unknown > 0 {
        warn(
            "undecodable_text",
            format!("第{number}页有{}个字符无法解码，以U+FFFD表示", page.unknown),
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
}

//! PDF documents (ISO 32000): glyphs and rulings of each page → lines and tables → blocks in reading order.
//!
//! Limitations: pages without text are not recognized optically; diagonal header cells and text that runs around
//! figures are read as they come; structure trees (tagged PDF) are not used.

mod align;
mod cells;
mod collect;
mod decode;
mod edges;
mod explain;
mod flow;
mod fonts;
mod form;
mod furniture;
mod grid;
mod guard;
mod ink;
mod layout;
mod notes;
mod paint;
mod raw;
mod sideways;
mod sight;
mod signs;
mod strike;
mod text;
mod turn;
mod unruled;
mod warn;

use super::ReadOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::model::limits::about;
use crate::model::{BBox, Document, Format, Limit, Limits, Source, Warning};
use crate::pattern::Patterns;
use crate::pattern::wording::Words;
use collect::{Abandoned, Collector};
use decode::FontEncodings;
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::{Object, Stream};
use hayro_interpret::hayro_syntax::page::Page as PdfPage;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, interpret, interpret_page};
use ink::Ink;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// Most bytes of one page's decompressed content: 32 MB.
fn max_content(limits: &Limits) -> u64 {
    limits.inflated / 12
}

/// When reading has taken too long. A genuine page takes about a millisecond.
fn deadline(limits: &Limits) -> Instant {
    let now = Instant::now();
    // A time beyond what the clock can tell is never reached; a day is as good.
    let time = Duration::from_secs(limits.seconds.min(86_400));
    now.checked_add(time).unwrap_or(now)
}

/// Reads a born-digital PDF.
///
/// # Errors
/// Damaged, encrypted with a password that is not given, scanned (no page has text), or over a limit.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Document> {
    read_with(bytes, None, options)
}

/// The same; where no rulings are drawn, known headings and labels say what is a cell.
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], patterns: Option<&Patterns>, options: &ReadOptions) -> Result<Document> {
    let words = patterns.map(Words::new);
    let pdf = open(bytes, options)?;
    let encodings = FontEncodings::of(&pdf);
    let mut cache = InterpreterCache::new();
    let mut document = Document::new(Format::Pdf);
    let pages = pdf.pages();
    document.pages = Some(pages.len() as u32);
    let limits = &options.limits;
    let deadline = deadline(limits);
    let mut read = Vec::with_capacity(pages.len());
    let mut scanned = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let number = index as u32 + 1;
        if Instant::now() > deadline {
            return Err(limits
                .over(Limit::Seconds, "the time that reading takes")
                .on_page(number));
        }
        let (ink, fault) = draw(&pdf, page, &cache, &encodings, limits, deadline);
        let page = layout::read_page(&ink, words.as_ref());
        match fault {
            None => {}
            Some(Fault::Limit(error)) => return Err(error.on_page(number)),
            Some(Fault::Broken) => {
                // The interpreter's own failure: what it drew until then is kept, what it cached is not.
                cache = InterpreterCache::new();
                let message = format!("第{number}页有损坏，只读取了一部分");
                document
                    .warnings
                    .push(Warning::new("page_damaged", message, on_page(number)));
            }
        }
        if page.glyphs == 0 && page.image_share > 0.3 {
            scanned.push(number);
        }
        warn::warn(&page, number, &mut document);
        read.push(page);
    }
    if read.iter().all(|page| page.glyphs == 0) {
        let message = format!("none of the {} pages has text", read.len());
        return Err(Error::new(ErrorKind::Scanned(message)));
    }
    warn::unseen(&read, &mut document);
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
    Ok(explain::svg(&page_ink(bytes, options, page)?))
}

/// The characters of a page (from 1) and their boxes, in drawing order: what a box on the page can be checked against.
///
/// # Errors
/// As [`explain_page`].
pub fn page_glyphs(bytes: &[u8], options: &ReadOptions, page: u32) -> Result<Vec<(char, BBox)>> {
    let ink = page_ink(bytes, options, page)?;
    let boxed = |g: &ink::Glyph| (g.ch, layout::place(&ink, [g.x0, g.top(), g.x1, g.bottom()]));
    Ok(ink.glyphs.iter().map(boxed).collect())
}

fn page_ink(bytes: &[u8], options: &ReadOptions, page: u32) -> Result<Ink> {
    let pdf = open(bytes, options)?;
    let index = (page as usize).wrapping_sub(1);
    let Some(found) = pdf.pages().get(index) else {
        let count = pdf.pages().len();
        return Err(Error::unsupported(
            format!("no page {page}"),
            format!("the document has {count} pages"),
        ));
    };
    Ok(draw(
        &pdf,
        found,
        &InterpreterCache::new(),
        &FontEncodings::of(&pdf),
        &options.limits,
        deadline(&options.limits),
    )
    .0)
}

/// Opens a document, with the password of the options or the empty one.
fn open(bytes: &[u8], options: &ReadOptions) -> Result<Pdf> {
    guard::check(bytes, &options.limits)?;
    let password = options.password.as_deref().unwrap_or("");
    let pdf = Pdf::new_with_password(bytes.to_vec(), password).map_err(|error| match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            let advice = if options.password.is_some() {
                "the password is wrong; give the right one with --password"
            } else {
                "locked with a password; give it with --password"
            };
            Error::new(ErrorKind::Encrypted(advice.to_owned()))
        }
        LoadPdfError::Decryption(_) => Error::new(ErrorKind::Encrypted(
            "by a method that is not supported; save it without protection".to_owned(),
        )),
        LoadPdfError::Invalid => Error::damaged("no PDF structure found"),
    })?;
    if bytes.windows(8).any(|w| w == b"/Encrypt") {
        guard::check_decrypted(&pdf, &options.limits)?;
    }
    match pdf.pages().len() {
        0 => Err(Error::damaged("the document has no pages")),
        n if n > options.limits.pages => Err(options.limits.over(Limit::Pages, format!("the number of pages, {n},"))),
        _ => Ok(pdf),
    }
}

/// Why a page was not drawn to its end.
enum Fault {
    /// A limit.
    Limit(Error),
    /// The interpreter failed.
    Broken,
}

/// Draws a page into glyphs and rulings.
fn draw<'a>(
    pdf: &'a Pdf,
    page: &PdfPage<'a>,
    cache: &InterpreterCache<'a>,
    encodings: &FontEncodings,
    limits: &Limits,
    deadline: Instant,
) -> (Ink, Option<Fault>) {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let mut collector = Collector::new(width, height, encodings, deadline);
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        let Some(content) = content(page, limits) else {
            return false;
        };
        let transform = Affine::new(page.initial_transform(true).as_coeffs());
        // The content is interpreted from here and not by `interpret_page`, which would keep each page's content.
        let settings = InterpreterSettings {
            render_content: RenderContent::ANNOTATIONS,
            ..InterpreterSettings::default()
        };
        let mut context = Context::new(
            transform,
            Rect::new(0.0, 0.0, width, height),
            cache,
            pdf.xref(),
            settings,
        );
        interpret(TypedIter::new(&content), page.resources(), &mut context, &mut collector);
        collector.begin_annotations();
        interpret_page(page, &mut context, &mut collector);
        for value in form::values(pdf, page) {
            collector.add_value(&value, transform);
        }
        true
    }));
    let fault = match drawn {
        Ok(true) => None,
        Ok(false) => Some(Fault::Limit(limits.over_share(
            Limit::Inflated,
            "the content of a page",
            about(max_content(limits)),
        ))),
        Err(thrown) => match thrown.downcast_ref::<Abandoned>() {
            Some(Abandoned::TooMuch) => None, // the ink says so itself, and a warning follows
            Some(Abandoned::TooLong) => Some(Fault::Limit(limits.over(Limit::Seconds, "the time that reading takes"))),
            None => Some(Fault::Broken),
        },
    };
    let mut ink = collector.finish();
    strike::take_struck(&mut ink);
    (ink, fault)
}

/// The decompressed content of a page, its streams joined; `None` over the limit.
fn content(page: &PdfPage<'_>, limits: &Limits) -> Option<Vec<u8>> {
    let most = max_content(limits);
    let contents: &[u8] = b"Contents";
    let mut joined = Vec::new();
    let mut add = |stream: Stream<'_>| {
        if let Ok(data) = stream.decoded_data() {
            joined.extend_from_slice(&data);
            joined.push(b'\n'); // streams are separate tokens
        }
        joined.len() as u64 <= most
    };
    let within = match page.raw().get::<Object<'_>>(contents) {
        Some(Object::Stream(stream)) => add(stream),
        Some(Object::Array(streams)) => streams.iter::<Stream<'_>>().all(add),
        _ => true,
    };
    within.then_some(joined)
}

fn on_page(page: u32) -> Source {
    Source {
        page: Some(page),
        ..Source::default()
    }
}

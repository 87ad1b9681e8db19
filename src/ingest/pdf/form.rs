//! Values of forms and annotations that a viewer shows although the file holds no appearance of them (ISO 32000-1, 12.5
//! and 12.7): fields filled by programs that leave the drawing to the viewer, typewriter notes, lines through text.

use super::raw::text_string;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Rect as PdfRect, Stream, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Point, Rect};

/// Most ancestors of a field that are looked at.
const MAX_DEPTH: usize = 32;
/// Most characters of one value.
const MAX_CHARS: usize = 20_000;
/// Most values of one page.
const MAX_VALUES: usize = 20_000;

/// What an annotation shows.
pub enum Shown {
    /// Text.
    Text(String),
    /// A text whose encoding is not known.
    Unknown,
    /// A line through text.
    Strike,
}

/// A value and where it stands, in the page's own coordinates (y up).
pub struct Value {
    /// What is shown.
    pub shown: Shown,
    /// The box that it stands in.
    pub rect: Rect,
    /// Quarter turns of its text, counter-clockwise.
    pub turns: u8,
    /// Font size; `None` where it follows from the box.
    pub size: Option<f64>,
    /// 0 left, 1 in the middle, 2 right.
    pub side: u32,
    /// Colour of its ground.
    pub ground: Option<[u8; 3]>,
    /// The viewer draws it anew, whatever appearance the file holds.
    pub anew: bool,
}

/// The values of a page whose drawing is left to the viewer, or may be.
pub fn values<'a>(pdf: &'a Pdf, page: &Page<'a>) -> Vec<Value> {
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots" as &[u8]) else {
        return Vec::new();
    };
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let form = root.and_then(|root| root.get::<Dict<'_>>(b"AcroForm" as &[u8]));
    let anew = form
        .as_ref()
        .and_then(|form| form.get::<bool>(b"NeedAppearances" as &[u8]));
    let anew = anew.unwrap_or(false);
    let found = annotations.iter::<Dict<'_>>().take(MAX_VALUES);
    found
        .filter_map(|annotation| value(&annotation, form.as_ref(), anew).map(|value| (annotation, value)))
        .flat_map(|(annotation, value)| match value.shown {
            Shown::Strike => strikes(&annotation, value),
            _ => vec![value],
        })
        .collect()
}

/// A line through each stretch of text that an annotation strikes.
fn strikes(annotation: &Dict<'_>, value: Value) -> Vec<Value> {
    let corners = annotation.get::<Array<'_>>(b"QuadPoints" as &[u8]);
    let corners: Vec<f64> = corners.map_or_else(Vec::new, |c| c.iter::<f64>().take(8 * 256).collect());
    let quads: Vec<Value> = corners
        .chunks_exact(8)
        .map(|quad| {
            let points = quad.chunks_exact(2).map(|p| Point::new(p[0], p[1]));
            let start = Rect::new(f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
            let rect = points.fold(start, |rect, point| rect.union_pt(point));
            Value {
                shown: Shown::Strike,
                rect,
                ..value
            }
        })
        .filter(|value| value.rect.is_finite())
        .collect();
    if quads.is_empty() { vec![value] } else { quads }
}

fn value(annotation: &Dict<'_>, form: Option<&Dict<'_>>, anew: bool) -> Option<Value> {
    const HIDDEN: u32 = 1 << 1;
    const NO_VIEW: u32 = 1 << 5;
    let flags = annotation.get::<u32>(b"F" as &[u8]).unwrap_or(0);
    if flags & (HIDDEN | NO_VIEW) != 0 {
        return None;
    }
    let rect = annotation.get::<PdfRect>(b"Rect" as &[u8])?;
    let rect = Rect::new(rect.x0, rect.y0, rect.x1, rect.y1).abs();
    if !rect.is_finite() || rect.width() < 1.0 || rect.height() < 1.0 {
        return None;
    }
    let kind = annotation.get::<Name<'_>>(b"Subtype" as &[u8])?;
    let look = annotation.get::<Dict<'_>>(b"MK" as &[u8]);
    let turned = match &look {
        Some(look) => look.get::<i32>(b"R" as &[u8]),
        None => annotation.get::<i32>(b"Rotate" as &[u8]),
    };
    let (shown, ground, anew) = match kind.as_ref() {
        b"Widget" => (
            field_text(annotation)?,
            look.and_then(|look| colour(&look.get::<Array<'_>>(b"BG" as &[u8])?)),
            anew,
        ),
        b"FreeText" => (
            shown(&annotation.get::<Object<'_>>(b"Contents" as &[u8])?)?,
            annotation.get::<Array<'_>>(b"C" as &[u8]).and_then(|c| colour(&c)),
            false,
        ),
        b"StrikeOut" => (Shown::Strike, None, false),
        _ => return None,
    };
    let style = inherited(annotation, b"DA").or_else(|| form?.get::<Object<'_>>(b"DA" as &[u8]));
    Some(Value {
        shown,
        rect,
        turns: (turned.unwrap_or(0).rem_euclid(360) / 90) as u8,
        size: style.and_then(|style| font_size(&style)),
        side: match inherited(annotation, b"Q") {
            Some(Object::Number(number)) => number.as_f64() as u32,
            _ => 0,
        },
        ground,
        anew,
    })
}

/// An entry of a field or of the fields that it is part of.
fn inherited<'a>(field: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..MAX_DEPTH {
        if let Some(found) = field.get::<Object<'_>>(key) {
            return Some(found);
        }
        field = field.get::<Dict<'_>>(b"Parent" as &[u8])?;
    }
    None
}

/// What a field shows of its value.
fn field_text(field: &Dict<'_>) -> Option<Shown> {
    const PASSWORD: u32 = 1 << 13;
    const PUSH_BUTTON: u32 = 1 << 16;
    let flags = match inherited(field, b"Ff") {
        Some(Object::Number(number)) => number.as_f64() as u32,
        _ => 0,
    };
    let Some(Object::Name(kind)) = inherited(field, b"FT") else {
        return None;
    };
    match kind.as_ref() {
        b"Tx" if flags & PASSWORD == 0 => shown(&inherited(field, b"V")?),
        b"Ch" => choice(field),
        b"Btn" if flags & PUSH_BUTTON == 0 => {
            // The state of a widget; where it has none, that of its field.
            let state = field.get::<Name<'_>>(b"AS" as &[u8]);
            let state = state.or_else(|| match field.get::<Object<'_>>(b"V" as &[u8])? {
                Object::Name(name) => Some(name),
                _ => None,
            })?;
            (state.as_ref() != b"Off").then(|| Shown::Text("√".to_owned()))
        }
        _ => None,
    }
}

/// The options of a list that are chosen, as they are shown.
fn choice(field: &Dict<'_>) -> Option<Shown> {
    let chosen: Vec<Object<'_>> = match inherited(field, b"V")? {
        Object::Array(array) => array.iter::<Object<'_>>().take(64).collect(),
        one => vec![one],
    };
    let options: Vec<(String, String)> = match inherited(field, b"Opt") {
        Some(Object::Array(array)) => array
            .iter::<Object<'_>>()
            .take(1024)
            .filter_map(|option| match option {
                Object::Array(pair) => {
                    let mut texts = pair.iter::<PdfString<'_>>().filter_map(|s| text_string(s.as_ref()));
                    Some((texts.next()?, texts.next()?))
                }
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    let mut texts = Vec::new();
    for object in &chosen {
        match shown(object)? {
            Shown::Text(text) => {
                let display = options.iter().find(|(export, _)| *export == text);
                texts.push(display.map_or(text, |(_, display)| display.clone()));
            }
            other => return Some(other),
        }
    }
    Some(Shown::Text(texts.join("、")))
}

/// A text, where an object holds one that is not blank.
fn shown(object: &Object<'_>) -> Option<Shown> {
    let bytes = match object {
        Object::String(text) => text.as_bytes().to_vec(),
        Object::Stream(stream) => Stream::decoded_data(stream).ok()?.into_owned(),
        Object::Name(name) => name.as_ref().to_vec(),
        _ => return None,
    };
    match text_string(&bytes) {
        None => Some(Shown::Unknown),
        Some(text) if text.trim().is_empty() => None,
        Some(text) => Some(Shown::Text(text.chars().take(MAX_CHARS).collect())),
    }
}

/// The colour of one, three or four numbers from 0 to 1.
fn colour(array: &Array<'_>) -> Option<[u8; 3]> {
    let parts: Vec<f64> = array.iter::<f64>().take(5).collect();
    let byte = |v: f64| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    match parts[..] {
        [grey] => Some([byte(grey); 3]),
        [r, g, b] => Some([byte(r), byte(g), byte(b)]),
        [c, m, y, k] => Some([c, m, y].map(|v| byte((1.0 - v) * (1.0 - k)))),
        _ => None,
    }
}

/// The size in a default appearance (`/Helv 9 Tf 0 g`); `None` for 0, which leaves it to the viewer.
fn font_size(style: &Object<'_>) -> Option<f64> {
    let Object::String(style) = style else { return None };
    let style = String::from_utf8_lossy(style.as_bytes()).into_owned();
    let words: Vec<&str> = style.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| *word == "Tf")?;
    let size: f64 = words.get(at.checked_sub(1)?)?.parse().ok()?;
    (size.is_finite() && size >= 1.0).then_some(size)
}

/// The characters of a value with the start of their baseline in the page's own coordinates, and their width. What is too long for its box is set narrower; so it stays in its cell.
pub fn set(value: &Value, text: &str) -> Vec<(char, Point, f64)> {
    let rect = value.rect;
    let (wide, high) = match value.turns % 2 {
        1 => (rect.height(), rect.width()),
        _ => (rect.width(), rect.height()),
    };
    let lines: Vec<&str> = lines_of(text).collect();
    let pitch = high / lines.len().max(1) as f64;
    let size = size_of(value, lines.len());
    let mut placed = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let natural: f64 = line.chars().map(|c| width(c) * size).sum();
        let room = (wide - 4.0).max(0.5 * wide);
        let scale = (room / natural.max(0.01)).min(1.0);
        let free = (wide - natural * scale).max(0.0);
        let mut x = match value.side {
            1 => free / 2.0,
            2 => (free - 2.0).max(0.0),
            _ => free.min(2.0),
        };
        // The middle of a character stands 0.36 of its size over the baseline.
        let y = high - pitch * (index as f64 + 0.5) - 0.36 * size;
        for c in line.chars().filter(|c| !c.is_control()) {
            let advance = width(c) * size * scale;
            placed.push((c, turn(value, x, y), advance));
            x += advance;
        }
    }
    placed
}

/// The lines of a value.
pub fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('\r'))
}

/// The font size of a value in so many lines.
pub fn size_of(value: &Value, lines: usize) -> f64 {
    let high = match value.turns % 2 {
        1 => value.rect.width(),
        _ => value.rect.height(),
    };
    let most = (0.9 * high / lines.max(1) as f64).max(1.0);
    value.size.unwrap_or(12.0).min(most)
}

/// A point of the box as its text stands, as one of the page.
fn turn(value: &Value, x: f64, y: f64) -> Point {
    let r = value.rect;
    match value.turns {
        1 => Point::new(r.x1 - y, r.y0 + x),
        2 => Point::new(r.x1 - x, r.y1 - y),
        3 => Point::new(r.x0 + y, r.y1 - x),
        _ => Point::new(r.x0 + x, r.y0 + y),
    }
}

/// Width of a character in parts of the size.
fn width(c: char) -> f64 {
    if c.is_ascii() { 0.5 } else { 1.0 }
}

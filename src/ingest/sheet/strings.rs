//! Texts of OOXML workbooks: runs with looks of their own (ISO/IEC 29500-1 §18.4).

use crate::error::Result;
use crate::ingest::docx::xml::{Element, Node, Xml};
use crate::ingest::looks::{Level, Line, Look, Unseen};

/// A text as it is seen.
#[derive(Debug, Clone, Default)]
pub(super) struct RichText {
    /// On a cell with nothing painted behind.
    text: String,
    /// With a colour behind it, where that shows more.
    on_colour: Option<String>,
    /// Its runs have looks of their own, so that the cell's does not count.
    pub(super) has_runs: bool,
    pub(super) unseen: Unseen,
}

impl RichText {
    pub(super) fn plain(text: String) -> Self {
        RichText {
            text,
            ..RichText::default()
        }
    }

    /// The text on a cell that has a colour or not.
    pub(super) fn on(&self, painted: bool) -> &str {
        self.on_colour.as_deref().filter(|_| painted).unwrap_or(&self.text)
    }
}

/// A text under way.
#[derive(Debug, Default)]
pub(super) struct TextReader {
    runs: Vec<(Look, String)>,
}

impl TextReader {
    /// A run begins, or says how it looks.
    pub(super) fn element(&mut self, element: &Element<'_>) -> Result<()> {
        if element.local() == "r" {
            self.runs.push((Look::default(), String::new()));
            return Ok(());
        }
        let Some((look, _)) = self.runs.last_mut() else {
            return Ok(());
        };
        run_property(element, look)
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.runs.is_empty() {
            self.runs.push((Look::default(), String::new()));
        }
        if let Some((_, run)) = self.runs.last_mut() {
            run.push_str(text);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The finished text.
    pub(super) fn take(&mut self) -> RichText {
        let runs = std::mem::take(&mut self.runs);
        set(runs.iter().map(|(look, text)| (*look, clean(text))).collect())
    }
}

/// Puts runs together.
pub(super) fn set(runs: Vec<(Look, String)>) -> RichText {
    let mut rich = RichText {
        has_runs: runs.iter().any(|(look, _)| *look != Look::default()),
        ..RichText::default()
    };
    let white = runs.iter().any(|(look, _)| look.white == Some(true));
    rich.text = joined(&runs, true, &mut rich.unseen);
    rich.on_colour = white.then(|| joined(&runs, false, &mut Unseen::default()));
    rich
}

fn joined(runs: &[(Look, String)], on_white: bool, unseen: &mut Unseen) -> String {
    let (mut text, mut line) = (String::new(), Line::default());
    for (look, run) in runs {
        match look.unread(on_white) {
            Some(why) => unseen.note(why, run),
            None => {
                unseen.seen();
                line.push(&mut text, run, look.level());
            }
        }
    }
    text
}

/// What an element of a font or of a run's properties says.
pub(super) fn run_property(element: &Element<'_>, look: &mut Look) -> Result<()> {
    match element.local() {
        "strike" => look.struck = Some(element.attr("val")?.is_none_or(|v| v != "0" && v != "false")),
        "vertAlign" => {
            look.level = match element.attr("val")?.as_deref() {
                Some("superscript") => Some(Level::Raised),
                Some("subscript") => Some(Level::Lowered),
                _ => None,
            };
        }
        "color" => look.white = Some(is_white(element)?),
        _ => {}
    }
    Ok(())
}

/// White by value, by the first colour of the theme, or by its number.
pub(super) fn is_white(element: &Element<'_>) -> Result<bool> {
    if let Some(rgb) = element.attr("rgb")? {
        return Ok(rgb.len() >= 6 && rgb[rgb.len() - 6..].eq_ignore_ascii_case("ffffff"));
    }
    if element.attr("tint")?.is_some_and(|tint| tint.trim() != "0") {
        return Ok(false);
    }
    Ok(element.number("theme")? == Some(0) || matches!(element.number("indexed")?, Some(1 | 9 | 65)))
}

/// Shared strings; the readings above characters (phonetics) are left out.
pub(super) fn shared_strings(xml: &mut Xml<'_>) -> Result<Vec<RichText>> {
    let mut strings = Vec::new();
    let mut text: Option<TextReader> = None;
    let mut in_text = false;
    loop {
        let mut skip = false;
        match xml.next()? {
            Node::Open(element) => match element.local() {
                "si" if element.is_empty => strings.push(RichText::default()),
                "si" => text = Some(TextReader::default()),
                "t" => in_text = !element.is_empty,
                "rPh" => skip = !element.is_empty,
                _ => {
                    if let Some(text) = &mut text {
                        text.element(&element)?;
                    }
                }
            },
            // Inside <si> only <t> holds text, and <si> closes outside of it.
            Node::Close if in_text => in_text = false,
            Node::Close => {}
            Node::Text(piece) if in_text => {
                if let Some(text) = &mut text {
                    text.text(&piece);
                }
            }
            Node::Char(c) if in_text => {
                if let Some(text) = &mut text {
                    text.text(c.encode_utf8(&mut [0; 4]));
                }
            }
            Node::Text(_) | Node::Char(_) => {}
            Node::End => {
                strings.extend(text.map(|mut text| text.take()));
                return Ok(strings);
            }
        }
        if skip {
            xml.skip()?;
        }
        // The next <si> settles the one before.
        if let Some(mut done) = text.take_if(|_| xml.depth() == 1) {
            strings.push(done.take());
        }
    }
}

/// `_x000D_` stands for a carriage return (§22.9.2.19); only control characters are written so in practice.
pub(super) fn clean(text: &str) -> String {
    text.replace("_x000D_", "")
        .replace("_x000A_", "\n")
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

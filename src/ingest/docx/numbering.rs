//! Automatic numbers (ISO/IEC 29500-1 §17.9). They stand in no text run: numbering.xml defines them and the order of
//! the paragraphs counts them.

use super::limits;
use super::numerals::NumberFormat;
use super::xml::{Element, Node, Xml};
use crate::error::Result;
use std::collections::BTreeMap;

/// Levels of a list.
const LEVELS: usize = 9;

/// What separates a number from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Suffix {
    #[default]
    Gap,
    Nothing,
}

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: NumberFormat,
    format_known: bool,
    /// Name of a format that is not known; its numbers are written in Arabic digits.
    unknown_format: Option<String>,
    text: String,
    suffix: Suffix,
    /// Level (from 1) whose use starts this one anew; 0 never; absent any higher one.
    restart: Option<u32>,
    /// All numbers in Arabic digits.
    legal: bool,
    /// Paragraph style that this level belongs to.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Level {
            start: 0,
            format: NumberFormat::Decimal,
            format_known: false,
            unknown_format: None,
            text: String::new(),
            suffix: Suffix::Gap,
            restart: None,
            legal: false,
            style: None,
        }
    }
}

/// A level as readers of other formats know it.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct LevelSpec {
    /// First number.
    pub(in crate::ingest) start: u32,
    /// Name of the number format, as in `ST_NumberFormat`.
    pub(in crate::ingest) format: &'static str,
    /// Text around the numbers; `%1` stands for that of the first level.
    pub(in crate::ingest) text: String,
    /// Nothing stands between the number and the text.
    pub(in crate::ingest) glued: bool,
    /// Level (from 1) whose use starts this one anew; 0 never; absent any higher one.
    pub(in crate::ingest) restart: Option<u32>,
    /// All numbers in Arabic digits.
    pub(in crate::ingest) legal: bool,
}

impl From<LevelSpec> for Level {
    fn from(spec: LevelSpec) -> Self {
        let known = NumberFormat::of(spec.format);
        Level {
            start: spec.start,
            format: known.unwrap_or(NumberFormat::Decimal),
            format_known: known.is_some(),
            unknown_format: known.is_none().then(|| spec.format.to_owned()),
            text: spec.text,
            suffix: if spec.glued { Suffix::Nothing } else { Suffix::Gap },
            restart: spec.restart,
            legal: spec.legal,
            style: None,
        }
    }
}

/// `w:abstractNum`: the levels, and how far each is counted.
#[derive(Debug, Default)]
struct List {
    levels: BTreeMap<usize, Level>,
    /// Style whose list this one stands for.
    linked_style: Option<String>,
    counts: [Option<u32>; LEVELS],
}

/// `w:num`: a use of a list, with its own starts.
#[derive(Debug, Default)]
struct Use {
    list: i64,
    starts: BTreeMap<usize, u32>,
    levels: BTreeMap<usize, Level>,
    started: [bool; LEVELS],
}

/// The lists of a document and their state.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Numbering {
    lists: BTreeMap<i64, List>,
    uses: BTreeMap<i64, Use>,
}

/// A number as it stands before the text.
#[derive(Debug, PartialEq)]
pub(in crate::ingest) struct Label {
    /// The number, for example `（一）`.
    pub(in crate::ingest) text: String,
    /// Whether a gap stands between it and the text.
    pub(in crate::ingest) gap: bool,
    /// Name of the number format, if it is not known.
    pub(in crate::ingest) unknown_format: Option<String>,
}

impl Label {
    /// Puts the number before a text.
    pub(in crate::ingest) fn before(&self, text: &str) -> String {
        if text.is_empty() {
            return self.text.clone();
        }
        // `1.` and `5亿元` must not become 1.5亿元.
        let ends_open = self
            .text
            .ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | ',' | '，'));
        let would_glue = ends_open && text.starts_with(|c: char| c.is_numeric() || matches!(c, '.' | '．' | '%'));
        let gap = if self.gap || would_glue { " " } else { "" };
        format!("{}{gap}{text}", self.text)
    }
}

impl Numbering {
    /// The level that belongs to a paragraph style, or the nearest style that it is based on.
    pub(in crate::ingest) fn level_of_style(&self, num_id: i64, lineage: &[String]) -> Option<u8> {
        let list = self.lists.get(&self.uses.get(&num_id)?.list)?;
        lineage.iter().find_map(|id| {
            let found = list.levels.iter().find(|(_, level)| level.style.as_ref() == Some(id))?;
            u8::try_from(*found.0).ok()
        })
    }

    /// Counts one paragraph and gives its number; `None` for bullets, empty numbers and lists that are not defined.
    pub(in crate::ingest) fn next(&mut self, num_id: i64, level: u8) -> Option<Label> {
        let at = usize::from(level).min(LEVELS - 1);
        let usage = self.uses.get_mut(&num_id)?;
        let list = self.lists.get_mut(&usage.list)?;
        let first_use = !std::mem::replace(&mut usage.started[at], true);
        let start = |i: usize| match usage.starts.get(&i) {
            Some(start) => *start,
            None => usage
                .levels
                .get(&i)
                .or(list.levels.get(&i))
                .map_or(1, |level| level.start),
        };
        let count = match list.counts[at] {
            _ if first_use && usage.starts.contains_key(&at) => start(at),
            Some(count) => count.saturating_add(1),
            None => start(at),
        };
        list.counts[at] = Some(count);
        // A level that was passed over counts as used once, in Word (KB Q110380) as in LibreOffice.
        for higher in 0..at {
            if list.counts[higher].is_none() {
                list.counts[higher] = Some(start(higher));
            }
        }
        for deeper in at + 1..LEVELS {
            let restart = usage
                .levels
                .get(&deeper)
                .or(list.levels.get(&deeper))
                .and_then(|level| level.restart);
            if restart.is_none_or(|trigger| at < trigger as usize) {
                list.counts[deeper] = None;
            }
        }
        let definition = |i: usize| usage.levels.get(&i).or(list.levels.get(&i));
        let own = definition(at)?;
        if own.format == NumberFormat::Bullet {
            // A dash before `5` would read as minus five.
            return None;
        }
        let mut text = String::new();
        let mut chars = own.text.chars().peekable();
        while let Some(c) = chars.next() {
            let digit = chars
                .peek()
                .and_then(|d| d.to_digit(10))
                .filter(|d| (1..=9).contains(d));
            match digit {
                Some(digit) if c == '%' => {
                    chars.next();
                    let i = digit as usize - 1;
                    let value = list.counts[i].unwrap_or_else(|| start(i));
                    let format = definition(i).map_or(NumberFormat::Decimal, |level| level.format);
                    let legal = own.legal && format.is_numeric();
                    text.push_str(&if legal { NumberFormat::Decimal } else { format }.write(value));
                }
                _ => text.push(c),
            }
        }
        let text = text.trim().to_owned();
        (!text.is_empty()).then(|| Label {
            text,
            gap: own.suffix == Suffix::Gap,
            unknown_format: own.unknown_format.clone(),
        })
    }

    /// Adds a list whose levels stand in no XML part: those of the binary format.
    pub(in crate::ingest) fn define(&mut self, list: i64, levels: Vec<LevelSpec>) {
        let levels = levels.into_iter().take(LEVELS).map(Level::from).enumerate().collect();
        let list = self.lists.entry(list).or_default();
        list.levels = levels;
    }

    /// Adds a use of a list, with its own starts and its own levels.
    pub(in crate::ingest) fn define_use(
        &mut self,
        num_id: i64,
        list: i64,
        starts: BTreeMap<usize, u32>,
        levels: BTreeMap<usize, LevelSpec>,
    ) {
        let levels = levels.into_iter().map(|(at, level)| (at, Level::from(level))).collect();
        let usage = Use {
            list,
            starts,
            levels,
            started: [false; LEVELS],
        };
        self.uses.insert(num_id, usage);
    }

    /// Reads the part. On an error, what was read up to it is kept. `list_of_style` resolves links to list styles.
    pub(in crate::ingest) fn read(
        xml: &mut Xml<'_>,
        list_of_style: impl Fn(&str) -> Option<i64>,
    ) -> (Self, Result<()>) {
        let mut numbering = Numbering::default();
        let outcome = numbering.read_all(xml);
        numbering.follow_links(list_of_style);
        (numbering, outcome)
    }

    fn read_all(&mut self, xml: &mut Xml<'_>) -> Result<()> {
        let mut place = Place::default();
        loop {
            let mut skip = false;
            match xml.next()? {
                Node::Open(element) => {
                    if matches!(element.local(), "pPr" | "rPr" | "numPicBullet") {
                        skip = !element.is_empty;
                    } else {
                        self.open(&element, &mut place)?;
                        if !element.is_empty {
                            place.depth += 1;
                        }
                    }
                }
                Node::Close => {
                    place.depth = place.depth.saturating_sub(1);
                    if place.depth == 1 {
                        place = Place {
                            depth: 1,
                            ..Place::default()
                        };
                    }
                }
                Node::Text(_) | Node::Char(_) => {}
                Node::End => return Ok(()),
            }
            if skip {
                xml.skip()?;
            }
        }
    }

    fn open(&mut self, element: &Element<'_>, place: &mut Place) -> Result<()> {
        match element.local() {
            "abstractNum" => {
                let id = element.number("abstractNumId")?.unwrap_or(-1);
                self.lists.insert(id, List::default());
                place.list = Some(id);
            }
            "num" => {
                let id = element.number("numId")?.unwrap_or(-1);
                self.uses.insert(id, Use::default());
                place.usage = Some(id);
            }
            "lvlOverride" => place.level = level_index(element)?,
            "lvl" => place.level = level_index(element)?,
            _ => {}
        }
        let start_override = place.usage.and_then(|id| self.uses.get_mut(&id));
        match (element.local(), start_override, place.level) {
            ("abstractNumId", Some(usage), _) => usage.list = element.val_number()?.unwrap_or(-1),
            ("startOverride", Some(usage), Some(level)) => {
                let start = element.val_number()?.and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
                usage.starts.insert(level, start);
            }
            _ => {}
        }
        if let ("numStyleLink", Some(list)) = (element.local(), place.list.and_then(|id| self.lists.get_mut(&id))) {
            list.linked_style = element.val()?.map(|v| v.into_owned());
        }
        let Some(index) = place.level else {
            return Ok(());
        };
        let levels = match (place.list, place.usage) {
            (Some(id), _) => self.lists.get_mut(&id).map(|list| &mut list.levels),
            (None, Some(id)) => self.uses.get_mut(&id).map(|usage| &mut usage.levels),
            (None, None) => None,
        };
        let Some(levels) = levels else {
            return Ok(());
        };
        if element.local() == "lvl" {
            levels.insert(index, Level::default());
        } else if let Some(level) = levels.get_mut(&index) {
            level.property(element)?;
        }
        Ok(())
    }

    /// `numStyleLink`: the levels stand in the list of the style that is named.
    fn follow_links(&mut self, list_of_style: impl Fn(&str) -> Option<i64>) {
        let target = |numbering: &Numbering, list: i64| {
            let style = numbering.lists.get(&list)?.linked_style.as_ref()?;
            numbering.uses.get(&list_of_style(style)?).map(|usage| usage.list)
        };
        let ids: Vec<i64> = self.uses.keys().copied().collect();
        for id in ids {
            let Some(mut list) = self.uses.get(&id).map(|usage| usage.list) else {
                continue;
            };
            for _ in 0..limits::CHAIN {
                match target(self, list) {
                    Some(next) if next != list => list = next,
                    _ => break,
                }
            }
            if let Some(usage) = self.uses.get_mut(&id) {
                usage.list = list;
            }
        }
    }
}

/// Where in the part the reader stands.
#[derive(Debug, Default)]
struct Place {
    depth: usize,
    list: Option<i64>,
    usage: Option<i64>,
    level: Option<usize>,
}

fn level_index(element: &Element<'_>) -> Result<Option<usize>> {
    let index = element.number("ilvl")?.and_then(|v| usize::try_from(v).ok());
    Ok(index.filter(|i| *i < LEVELS))
}

impl Level {
    fn property(&mut self, element: &Element<'_>) -> Result<()> {
        match element.local() {
            "start" => self.start = element.val_number()?.and_then(|v| u32::try_from(v).ok()).unwrap_or(0),
            "numFmt" => {
                let name = element.val()?.unwrap_or_default();
                let custom = element.attr("format")?;
                let known = match custom.as_deref().and_then(|f| f.split(',').next()) {
                    // `001, 002, 003, ...`
                    Some(first) if name == "custom" && first.ends_with('1') && first.len() <= 10 => {
                        Some(NumberFormat::Padded(first.len()))
                    }
                    _ => NumberFormat::of(&name),
                };
                // mc:AlternateContent offers the format twice; the first that is known counts.
                if !self.format_known {
                    self.format_known = known.is_some();
                    self.format = known.unwrap_or(NumberFormat::Decimal);
                    self.unknown_format = known.is_none().then(|| name.into_owned());
                }
            }
            "lvlText" => self.text = element.val()?.unwrap_or_default().into_owned(),
            "suff" => {
                self.suffix = match element.val()?.as_deref() {
                    Some("nothing") => Suffix::Nothing,
                    _ => Suffix::Gap,
                }
            }
            "lvlRestart" => self.restart = element.val_number()?.and_then(|v| u32::try_from(v).ok()),
            "isLgl" => self.legal = element.on()?,
            "pStyle" => self.style = element.val()?.map(|v| v.into_owned()),
            _ => {}
        }
        Ok(())
    }
}

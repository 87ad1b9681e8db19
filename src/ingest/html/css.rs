//! Declarations of style sheets and `style` attributes, as far as they say whether and how text is seen.

use crate::ingest::looks::{Level, Look};
use scraper::node::Element;
use std::collections::BTreeMap;

/// A colour: 0xRRGGBB.
type Colour = u32;
/// Black on white is what a page is without a word.
const WHITE: Colour = 0xFF_FFFF;

/// What declarations say; `None` where they say nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Css {
    /// Taken off the page.
    pub(super) hidden: Option<bool>,
    /// How letters stand, struck letters, letters that nobody sees.
    pub(super) look: Look,
    /// The colour of the letters; `Some(None)` for one that is not known.
    colour: Option<Option<Colour>>,
    /// What is painted behind them; `Some(None)` for a picture or an unknown colour.
    back: Option<Option<Colour>>,
}

impl Css {
    /// Reads `name: value; …`.
    pub(super) fn of(style: &str) -> Self {
        let mut css = Css::default();
        let (mut relative, mut top) = (false, None);
        for declaration in style.split(';') {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let name = name.trim().to_ascii_lowercase();
            let value = value
                .trim()
                .trim_end_matches("!important")
                .trim_end()
                .to_ascii_lowercase();
            match name.as_str() {
                "position" => relative = value == "relative",
                "top" => top = length(&value),
                "bottom" => top = length(&value).map(|by| -by),
                _ => {}
            }
            css.declare(&name, &value);
        }
        // Word and editors of web pages raise letters so.
        if let Some(by) = top.filter(|_| relative) {
            css.raise(-by);
        }
        css
    }

    fn declare(&mut self, name: &str, value: &str) {
        match name {
            "display" => self.hide(value == "none"),
            "visibility" => self.hide(matches!(value, "hidden" | "collapse")),
            "mso-hide" => self.hide(matches!(value, "all" | "screen")),
            "mso-special-character" if value == "comment" => self.hide(true),
            "mso-element" if matches!(value, "comment" | "comment-list" | "field-begin") => self.hide(true),
            "text-decoration" | "text-decoration-line" if value.contains("line-through") => {
                self.look.struck = Some(true);
            }
            "vertical-align" => self.align(value),
            "mso-text-raise" => self.raise(length(value).unwrap_or(0)),
            "font-size" => self.size(value),
            "opacity" => self.look.tiny = Some(length(value) == Some(0)),
            // Off the page.
            "left" | "top" | "text-indent" | "margin-left" if length(value).is_some_and(|at| at < -OFF_PAGE) => {
                self.look.tiny = Some(true);
            }
            "color" => {
                self.colour = Some(colour(value));
                if value == "transparent" {
                    self.look.tiny = Some(true);
                }
            }
            "background" | "background-color" | "background-image" => {
                let known = match value {
                    "none" | "transparent" | "inherit" | "initial" | "unset" => return,
                    value => colour(value.split_ascii_whitespace().next().unwrap_or_default()),
                };
                let picture = value.contains("url(") || value.contains("gradient");
                self.back = Some(known.filter(|_| !picture));
            }
            _ => {}
        }
    }

    fn hide(&mut self, on: bool) {
        // `display: none; visibility: visible` is not seen.
        self.hidden = Some(on || self.hidden == Some(true));
    }

    fn align(&mut self, value: &str) {
        match value {
            "super" => self.look.level = Some(Level::Raised),
            "sub" => self.look.level = Some(Level::Lowered),
            "baseline" => self.look.level = Some(Level::Line),
            _ => {
                if let Some(by) = length(value) {
                    self.raise(by);
                }
            }
        }
    }

    fn raise(&mut self, thousandths: i64) {
        if thousandths >= RAISED {
            self.look.level = Some(Level::Raised);
        } else if thousandths <= -RAISED {
            self.look.level = Some(Level::Lowered);
        }
    }

    fn size(&mut self, value: &str) {
        let number = length(value);
        let relative = value.ends_with('%') || value.ends_with("em");
        let small = match value {
            "smaller" => true,
            _ if value.ends_with('%') => number.is_some_and(|n| n < 85_000),
            _ if value.ends_with("em") => number.is_some_and(|n| n < 850),
            _ => false,
        };
        let nothing = number.is_some_and(|n| if relative { n == 0 } else { n <= 1_000 });
        self.look.tiny = Some(nothing);
        if small && self.look.level.is_none() {
            self.look.level = Some(Level::Small);
        }
    }

    /// These declarations, and where they say nothing, those of `base`.
    fn over(self, base: Css) -> Css {
        Css {
            hidden: self.hidden.or(base.hidden),
            look: self.look.over(base.look),
            colour: self.colour.or(base.colour),
            back: self.back.or(base.back),
        }
    }
}

/// Points or pixels off the line from which text is a mark, in thousandths.
const RAISED: i64 = 2_000;
/// Points or pixels left of or above the page at which nothing is seen, in thousandths.
const OFF_PAGE: i64 = 900_000;

/// The number of a length in thousandths, whatever its unit.
fn length(value: &str) -> Option<i64> {
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.')))
        .unwrap_or(value.len());
    let number = &value[..end];
    let (sign, digits) = match number.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    Some(sign * whole.checked_mul(1_000)?.checked_add(part)?)
}

/// A colour by its hexadecimal or decimal parts or by its name, as far as it is one of those in daily use.
fn colour(value: &str) -> Option<Colour> {
    if let Some(hex) = value.strip_prefix('#') {
        let parts = u32::from_str_radix(hex, 16).ok()?;
        return match hex.len() {
            6 => Some(parts),
            3 => Some((parts >> 8 & 15) * 0x11_0000 + (parts >> 4 & 15) * 0x1100 + (parts & 15) * 0x11),
            _ => None,
        };
    }
    if let Some(parts) = value.strip_prefix("rgb(").or(value.strip_prefix("rgba(")) {
        let mut parts = parts.trim_end_matches(')').split([',', ' ']).filter(|p| !p.is_empty());
        let mut next = || parts.next()?.trim().parse::<u8>().ok().map(u32::from);
        return Some(next()? << 16 | next()? << 8 | next()?);
    }
    Some(match value {
        "white" | "window" => WHITE,
        "black" | "windowtext" => 0,
        "red" => 0xFF_0000,
        "green" => 0x00_8000,
        "blue" => 0x00_00FF,
        "yellow" => 0xFF_FF00,
        "gray" | "grey" => 0x80_8080,
        "silver" => 0xC0_C0C0,
        _ => return None,
    })
}

/// The rules of a page's style sheets, by class (`.a`, `td.a`) and by id (`#a`).
#[derive(Debug, Default)]
pub(super) struct Rules {
    by_name: BTreeMap<String, Css>,
    /// Rules that are not here may say anything.
    elsewhere: bool,
}

impl Rules {
    /// Reads plain rules; rules for other media and conditions are left alone.
    pub(super) fn read(&mut self, sheet: &str) {
        let mut depth = 0usize;
        let mut from = 0;
        let mut selectors = "";
        for (at, c) in sheet.char_indices() {
            match c {
                '{' => {
                    if depth == 0 {
                        selectors = &sheet[from..at];
                    }
                    depth += 1;
                    from = at + 1;
                }
                '}' => {
                    if depth == 1 && !selectors.contains('@') {
                        let css = Css::of(&sheet[from..at]);
                        self.add(selectors, css);
                    }
                    depth = depth.saturating_sub(1);
                    from = at + 1;
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, selectors: &str, css: Css) {
        if css == Css::default() {
            return;
        }
        for selector in selectors.split(',') {
            match name_of(selector) {
                Some(name) => {
                    let known = self.by_name.entry(name).or_default();
                    *known = css.over(*known);
                }
                // What a compound selector paints is not followed.
                None => self.elsewhere |= css.back.is_some() && !selector.contains(':'),
            }
        }
    }

    /// The page takes rules from another file.
    pub(super) fn link(&mut self) {
        self.elsewhere = true;
    }

    fn named(&self, names: impl Iterator<Item = String>) -> Css {
        let found = names.filter_map(|name| self.by_name.get(&name));
        found.fold(Css::default(), |css, next| next.over(css))
    }

    /// What the sheets and the element itself say of it.
    pub(super) fn css(&self, element: &Element) -> Css {
        let mut css = Css::default();
        if !self.by_name.is_empty() {
            let classes = element.attr("class").unwrap_or_default().split_ascii_whitespace();
            css = self.named(classes.map(|class| format!(".{class}")));
            css = self
                .named(element.attr("id").map(|id| format!("#{id}")).into_iter())
                .over(css);
        }
        let mut own = element.attr("style").map(Css::of).unwrap_or_default();
        if let Some(value) = element.attr("color") {
            own.colour = own.colour.or(Some(colour(&value.to_ascii_lowercase())));
        }
        if let Some(value) = element.attr("bgcolor") {
            own.back = own.back.or(Some(colour(&value.to_ascii_lowercase())));
        }
        if element.attr("background").is_some() {
            own.back = Some(None);
        }
        own.over(css)
    }
}

/// `.class` or `#id` of a selector that is nothing but that, with or without an element before it.
fn name_of(selector: &str) -> Option<String> {
    let selector = selector.trim().trim_start_matches("<!--").trim();
    let at = selector.find(['.', '#'])?;
    let (element, name) = selector.split_at(at);
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let rest = name.get(1..)?;
    (plain(element) && plain(rest) && !rest.is_empty()).then(|| name.to_owned())
}

/// What is seen at a place of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    look: Look,
    colour: Option<Colour>,
    back: Option<Colour>,
}

impl Sight {
    /// Of a page with these rules.
    pub(super) fn page(rules: &Rules) -> Self {
        Sight {
            look: Look::default(),
            colour: Some(0),
            back: (!rules.elsewhere).then_some(WHITE),
        }
    }

    /// Inside an element.
    pub(super) fn inside(self, element: &Element, css: Css) -> Self {
        let mut look = css.look;
        let tag = super::parse::look_of(element);
        let own = match tag {
            "sup" => Some(Level::Raised),
            "sub" => Some(Level::Lowered),
            "small" => Some(Level::Small),
            _ => None,
        };
        // Cells and lines stand where they are put.
        let inline = matches!(element.name(), "span" | "sup" | "sub" | "label" | "cite" | "ins");
        let level = if inline { look.level.or(own) } else { None };
        look.level = match (level, self.look.level) {
            (Some(Level::Small), Some(level @ (Level::Raised | Level::Lowered))) => Some(level),
            (level, around) => level.or(around),
        };
        if own.is_some() && css.look.level == Some(Level::Small) {
            look.level = own;
        }
        // What is struck stays struck inside.
        if matches!(tag, "s" | "strike") || self.look.struck == Some(true) {
            look.struck = Some(true);
        }
        if self.look.tiny == Some(true) && css.look.tiny.is_none() {
            look.tiny = Some(true);
        }
        Sight {
            look: Look { white: None, ..look },
            colour: css.colour.unwrap_or(self.colour),
            back: css.back.unwrap_or(self.back),
        }
    }

    /// The look of text here; white is what has the colour of its background.
    pub(super) fn look(self) -> Look {
        let same = self.colour.is_some() && self.colour == self.back;
        Look {
            white: Some(same),
            ..self.look
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_hide_classes() {
        let mut rules = Rules::default();
        rules.read("<!-- td.a, .b {color:red; DISPLAY : none} .c{display:block} @media print {.d{display:none}} .e p{display:none} -->");
        let hidden: Vec<&str> = rules
            .by_name
            .iter()
            .filter(|(_, css)| css.hidden == Some(true))
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(hidden, [".a", ".b"]);
    }

    #[test]
    fn declarations_say_how_text_is_seen() {
        assert_eq!(
            Css::of("vertical-align:super;font-size:60%").look.level,
            Some(Level::Raised)
        );
        assert_eq!(
            Css::of("font-size:60%;vertical-align:super").look.level,
            Some(Level::Raised)
        );
        assert_eq!(Css::of("vertical-align:-3pt").look.level, Some(Level::Lowered));
        assert_eq!(Css::of("vertical-align:middle").look.level, None);
        assert_eq!(Css::of("font-size:12.0pt").look.tiny, Some(false));
        assert_eq!(Css::of("font-size:0").look.tiny, Some(true));
        assert_eq!(Css::of("text-indent:-9999px").look.tiny, Some(true));
        assert_eq!(Css::of("visibility:collapse").hidden, Some(true));
        for white in ["#fff", "#FFFFFF", "white", "rgb(255, 255, 255)", "rgb(255 255 255)"] {
            assert_eq!(colour(&white.to_ascii_lowercase()), Some(WHITE), "{white}");
        }
    }
}

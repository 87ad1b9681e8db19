//! How a run of text looks, as far as that changes what it says: raised and lowered digits, struck text, text that nobody
//! sees. Every format with runs of its own (Word, RTF, HTML, sheets) asks here.

use crate::error::Error;
use crate::model::{Source, Warning};
use crate::text::note::is_sign;

/// Where a run stands against its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Level {
    #[default]
    Line,
    Raised,
    Lowered,
    /// On the line, smaller than what is around it.
    Small,
}

/// The look of a run. `None` is what was not said: the style, or what is around the run, says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) level: Option<Level>,
    pub(super) struck: Option<bool>,
    pub(super) hidden: Option<bool>,
    /// White letters; whether they are seen depends on what is behind them.
    pub(super) white: Option<bool>,
    /// Letters of a point or less.
    pub(super) tiny: Option<bool>,
}

impl Look {
    /// This look, and where it says nothing, that of `base`.
    pub(super) fn over(self, base: Look) -> Look {
        Look {
            level: self.level.or(base.level),
            struck: self.struck.or(base.struck),
            hidden: self.hidden.or(base.hidden),
            white: self.white.or(base.white),
            tiny: self.tiny.or(base.tiny),
        }
    }

    pub(super) fn level(self) -> Level {
        self.level.unwrap_or_default()
    }

    /// Why text of this look is not read; `on_white` tells that nothing is painted behind it.
    pub(super) fn unread(self, on_white: bool) -> Option<Unread> {
        if self.struck == Some(true) {
            Some(Unread::Struck)
        } else if self.tiny == Some(true) || (on_white && self.white == Some(true)) {
            Some(Unread::Invisible)
        } else {
            None
        }
    }
}

/// Why text is left out though it is no hidden text of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    Struck,
    Invisible,
}

/// Counts pieces of text that were left out for their look.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unseen {
    struck: usize,
    invisible: usize,
    /// Why the piece before was left out: a run counts once.
    open: Option<Unread>,
}

impl Unseen {
    pub(super) fn note(&mut self, why: Unread, text: &str) {
        if text.trim().is_empty() || self.open.replace(why) == Some(why) {
            return;
        }
        match why {
            Unread::Struck => self.struck += 1,
            Unread::Invisible => self.invisible += 1,
        }
    }

    /// Text that is read stands here: what is left out behind it is another piece.
    pub(super) fn seen(&mut self) {
        self.open = None;
    }

    pub(super) fn add(&mut self, other: Unseen) {
        self.seen();
        self.struck += other.struck;
        self.invisible += other.invisible;
    }

    /// What a reader of the record must know.
    pub(super) fn warnings(self) -> Vec<Warning> {
        let said = [
            (
                self.struck,
                "struck_text_not_read",
                "处文字加了删除线，按已删去处理，未读入",
            ),
            (
                self.invisible,
                "invisible_text_not_read",
                "处文字看不见（白底白字或字号近于零），未读入",
            ),
        ];
        let said = said.into_iter().filter(|(count, ..)| *count > 0);
        said.map(|(count, code, what)| Warning::new(code, format!("有{count}{what}"), Source::default()))
            .collect()
    }

    /// The error of a document in which nothing else stands.
    pub(super) fn error(self) -> Option<Error> {
        (self.struck + self.invisible > 0).then(|| {
            Error::unsupported(
                "a document whose whole text is struck out or invisible",
                "open it and look",
            )
        })
    }
}

/// Puts pieces of a line together. The marks of notes fall away; powers of units stay, as raised characters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Line {
    /// The piece before, when it stood off the line: its level, where it ended, and whether it was no text.
    last: Option<(Level, usize, bool)>,
}

impl Line {
    /// Appends a piece to the text of the line under way.
    pub(super) fn push(&mut self, text: &mut String, piece: &str, level: Level) {
        let set = self.set(text, piece, level);
        text.push_str(set.as_deref().unwrap_or(piece));
        self.pushed(text.len(), level, set.is_some());
    }

    /// Whether the piece before stood off the line.
    pub(super) fn is_off(&self) -> bool {
        self.last.is_some()
    }

    /// What a piece is in the line; `None` when it is itself. Tell [`Self::pushed`] when it stands there.
    pub(super) fn set(&mut self, text: &mut String, piece: &str, level: Level) -> Option<String> {
        let goes_on = self.last.filter(|(of, end, _)| *of == level && *end == text.len());
        if level == Level::Line {
            self.settle_lead(text, piece);
            return None;
        }
        let piece = piece.trim();
        let last = text.trim_end().chars().next_back()?;
        match goes_on {
            _ if piece.is_empty() => return None,
            // The look goes on, and so does what it was.
            Some((_, _, false)) => return None,
            Some((_, _, true)) if is_between(piece) => return Some(String::new()),
            _ => {}
        }
        match level {
            Level::Raised => raised(text.trim_end(), last, piece),
            // CO₂, PM2.5: behind letters and words it is part of the name.
            Level::Lowered | Level::Small => (is_figure(last) && is_note_mark(piece)).then(String::new),
            Level::Line => None,
        }
    }

    /// The piece stands in the line now, which ends at `end`.
    pub(super) fn pushed(&mut self, end: usize, level: Level, is_mark: bool) {
        self.last = (level != Level::Line).then_some((level, end, is_mark));
    }

    /// Raised digits at the start that a figure follows are no digits of it.
    fn settle_lead(&mut self, text: &mut String, piece: &str) {
        let raised = self
            .last
            .is_some_and(|(level, end, _)| level == Level::Raised && end == text.len());
        let figure = piece.trim_start().starts_with(|c: char| c.is_ascii_digit());
        if raised
            && figure
            && let Some(small) = superscript(text.trim())
        {
            *text = small;
        }
    }
}

/// A raised piece behind `last`.
fn raised(before: &str, last: char, piece: &str) -> Option<String> {
    let negative = piece.strip_prefix(['-', '−', '－']);
    let digits = negative.unwrap_or(piece);
    let small = superscript(digits).map(|small| format!("{}{small}", if negative.is_some() { "⁻" } else { "" }));
    match small {
        // m², km³, s⁻¹, 米²
        Some(small) if last.is_ascii_alphabetic() && (negative.is_some() || matches!(digits, "2" | "3")) => Some(small),
        Some(small) if is_length(last) && matches!(digits, "2" | "3") => Some(small),
        // 3.5×10⁴ and 10² are numbers; so is whatever is too long for the mark of a note.
        Some(small) if last.is_ascii_digit() && (negative.is_some() || is_power(before, digits)) => Some(small),
        Some(small) if last.is_ascii_digit() && digits.len() > 3 => Some(small),
        // Behind a word a number of three digits is rather a figure that slipped.
        _ if !is_figure(last) && digits.len() > 2 && digits.bytes().all(|b| b.is_ascii_digit()) => None,
        _ if is_note_mark(piece) && !opens(last) => Some(String::new()),
        _ => None,
    }
}

/// What a figure ends with.
fn is_figure(last: char) -> bool {
    last.is_ascii_digit() || matches!(last, '%' | '％' | '‰' | ')' | '）')
}

/// Behind these a figure or a word is still to come: what stands there in small letters is it.
fn opens(last: char) -> bool {
    matches!(
        last,
        '.' | '．'
            | ','
            | '，'
            | '('
            | '（'
            | '['
            | '【'
            | '〔'
            | ':'
            | '：'
            | '-'
            | '−'
            | '~'
            | '～'
            | '/'
            | '≥'
            | '≤'
            | '<'
            | '>'
            | '='
            | '＝'
            | '¥'
            | '￥'
            | '$'
    )
}

/// 米, 里 (公里, 千米, 平方公里).
fn is_length(c: char) -> bool {
    matches!(c, '米' | '里')
}

/// Whether a digit run behind 10 is its power: ×10⁴, and 10² alone, where nobody can tell.
fn is_power(before: &str, digits: &str) -> bool {
    let Some(rest) = before.strip_suffix("10") else {
        return false;
    };
    match rest.trim_end().chars().next_back() {
        Some('×' | '✕' | 'x' | 'X' | '*' | '·' | '⋅') => true,
        None => digits != "1",
        Some(c) => !c.is_ascii_digit() && !matches!(c, '.' | ',') && digits != "1" && !c.is_alphanumeric(),
    }
}

/// `1`, `[2]`, `①`, `1)`, `*`, `注3`, `1,2`: what a raised or lowered piece is that sends the reader to a note.
fn is_note_mark(piece: &str) -> bool {
    let mut chars = piece.chars();
    if let (Some('a'..='d'), None) = (chars.next(), chars.next()) {
        return true;
    }
    piece.chars().count() <= 8
        && piece
            .chars()
            .all(|c| is_sign(c) || is_between(c.encode_utf8(&mut [0; 4])))
        && piece.chars().any(is_sign)
        && piece.split(|c: char| !c.is_ascii_digit()).all(|run| run.len() <= 3)
        && !is_grouped(piece)
}

/// Brackets and commas that stand around and between the numbers of notes.
fn is_between(piece: &str) -> bool {
    piece.chars().all(|c| {
        matches!(
            c,
            '[' | ']' | '［' | '］' | '(' | ')' | '（' | '）' | '【' | '】' | '〔' | '〕' | ',' | '，' | '、' | ' '
        )
    })
}

/// `500,000` is a figure, `1,2` are two notes.
fn is_grouped(piece: &str) -> bool {
    piece.split([',', '，']).skip(1).any(|run| run.len() >= 3)
}

/// Digits raised above the line; `None` when the text is anything else.
pub(super) fn superscript(digits: &str) -> Option<String> {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if digits.is_empty() {
        return None;
    }
    digits
        .chars()
        .map(|c| c.to_digit(10).map(|d| RAISED[d as usize]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pieces: &[(&str, Level)]) -> String {
        let (mut line, mut text) = (Line::default(), String::new());
        for (piece, level) in pieces {
            line.push(&mut text, piece, *level);
        }
        text
    }

    #[test]
    fn marks_of_notes_fall_away_and_powers_stay() {
        use Level::{Line, Lowered, Raised, Small};
        for (pieces, expected) in [
            (&[("285.00", Line), ("1", Raised)][..], "285.00"),
            (&[("285.00", Line), ("[1]", Raised)], "285.00"),
            (&[("285.00", Line), ("1", Raised), ("2", Raised)], "285.00"),
            (
                &[("285.00", Line), ("1", Raised), (",", Raised), ("2", Raised)],
                "285.00",
            ),
            (&[("285.00 ", Line), ("1,2", Raised)], "285.00 "),
            (&[("95%", Line), ("①", Raised)], "95%"),
            (&[("安全设施", Line), ("1", Raised)], "安全设施"),
            (&[("投入500", Line), ("1", Raised), ("万元", Line)], "投入500万元"),
            (&[("285.00", Line), ("3", Lowered)], "285.00"),
            (&[("371.20", Line), ("2", Small)], "371.20"),
            (&[("800", Line), (".00", Small)], "800.00"),
            (&[("800.", Line), ("00", Small)], "800.00"),
            (&[("1200m", Line), ("2", Raised)], "1200m²"),
            (&[("1200米", Line), ("3", Raised)], "1200米³"),
            (&[("3.5×10", Line), ("4", Raised)], "3.5×10⁴"),
            (&[("10", Line), ("2", Raised)], "10²"),
            (&[("10", Line), ("-3", Raised)], "10⁻³"),
            (&[("2010", Line), ("2", Raised)], "2010"),
            (&[("GDP", Line), ("1", Raised), ("增速", Line)], "GDP增速"),
            (&[("共计", Line), ("285", Raised), ("万元", Line)], "共计285万元"),
            (&[("第", Line), ("1", Small), ("项", Line)], "第1项"),
            (&[("CO", Line), ("2", Lowered)], "CO2"),
            (&[("PM", Line), ("2.5", Lowered)], "PM2.5"),
            // A whole cell that is raised is what it says.
            (&[("810", Raised), (".5", Raised), ("0", Raised)], "810.50"),
            (&[("1", Raised), ("285.00", Line)], "¹285.00"),
            (&[("285.00", Line), ("12345", Raised)], "285.00¹²³⁴⁵"),
            (&[("1", Line), ("500,000", Small)], "1500,000"),
            (&[("25", Line), ("o", Raised), ("C", Line)], "25oC"),
        ] {
            assert_eq!(set(pieces), expected, "{pieces:?}");
        }
    }
}

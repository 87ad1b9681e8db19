//! One line of a table drawn with characters: its vertical strokes, and what stands between them.

/// What a character draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stroke {
    /// A vertical one: │ ║ ｜.
    Bar,
    /// A horizontal one: ─ ═.
    Rule,
    /// Where both meet: ┌ ┼ ╣.
    Junction,
}

/// Box drawing (U+2500 to U+257F) by what it draws, and bars of full width.
fn stroke(c: char) -> Option<Stroke> {
    match c {
        '─' | '━' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍' | '═' | '╴' | '╶' | '╸' | '╺' | '╼' | '╾' => {
            Some(Stroke::Rule)
        }
        '│' | '┃' | '┆' | '┇' | '┊' | '┋' | '╎' | '╏' | '║' | '╵' | '╷' | '╹' | '╻' | '╽' | '╿' | '｜' | '￨' => {
            Some(Stroke::Bar)
        }
        '\u{250C}'..='\u{2570}' => Some(Stroke::Junction),
        _ => None,
    }
}

/// The same of ASCII and its forms of full width; a plus is text unless a rule meets it.
fn ascii_stroke(c: char) -> Option<Stroke> {
    match c {
        '|' => Some(Stroke::Bar),
        '-' | '=' | '－' | '＝' => Some(Stroke::Rule),
        '+' | '＋' => Some(Stroke::Junction),
        _ => None,
    }
}

/// How the width of characters may be counted: Chinese and box drawing as one column of the screen or two.
pub(super) const METRICS: [(usize, usize); 3] = [(2, 1), (2, 2), (1, 1)];

/// A place in each of the [`METRICS`].
pub(super) type Place = [usize; METRICS.len()];

/// What stands between two vertical strokes.
#[derive(Debug, Clone)]
pub(super) struct Segment<'l> {
    /// Its text with the blanks around it.
    pub text: &'l str,
    /// A horizontal stroke goes through.
    pub ruled: bool,
}

/// A line as drawn.
#[derive(Debug, Clone)]
pub(super) struct Drawn<'l> {
    /// Where its vertical strokes stand, those of the outer frame included where they are drawn.
    pub strokes: Vec<Place>,
    /// What stands between them; one more than strokes where the frame is open on both sides.
    pub segments: Vec<Segment<'l>>,
    /// A stroke opens it, one closes it.
    pub closed: (bool, bool),
    /// Strokes are those of ASCII.
    pub ascii: bool,
    /// Its first and last stroke: ┌ begins a table, └ ends one.
    pub ends: (char, char),
    /// Its whole width.
    pub width: Place,
}

impl Drawn<'_> {
    /// Nothing but horizontal strokes between its vertical ones.
    pub fn is_ruling(&self) -> bool {
        self.segments.iter().all(|s| s.ruled)
    }

    /// Horizontal strokes in some places only: a cell on its left or right goes on.
    pub fn has_rule(&self) -> bool {
        self.segments.iter().any(|s| s.ruled)
    }
}

/// Whether a line holds anything that draws; a cheap test that most lines fail.
pub(super) fn may_be_drawn(line: &str) -> bool {
    let line = line.trim_matches([' ', '\t', '\u{3000}']);
    match line.as_bytes() {
        [b'+' | b'|', ..] | [b'-', b'-', ..] => true,
        // The first bytes of U+2500 to U+257F, of ｜ and of ￨.
        bytes => bytes
            .iter()
            .zip(&bytes[bytes.len().min(1)..])
            .any(|pair| matches!(pair, (0xE2, 0x94 | 0x95) | (0xEF, 0xBD | 0xBF)) || *pair.0 == b'|'),
    }
}

/// The line as drawn; `None` where nothing is.
pub(super) fn lex(line: &str) -> Option<Drawn<'_>> {
    let text = line.trim_end_matches([' ', '\t', '\r', '\u{3000}']);
    let lead = text.len() - text.trim_start_matches([' ', '\t', '\u{3000}']).len();
    let inner = &text[lead..];
    if inner.is_empty() || inner.contains('\t') {
        return None;
    }
    let box_drawn = inner
        .chars()
        .any(|c| matches!(stroke(c), Some(Stroke::Bar | Stroke::Junction)));
    let of = |c: char| if box_drawn { stroke(c) } else { ascii_stroke(c) };
    let chars: Vec<(usize, char)> = inner.char_indices().collect();
    let rule = |at: Option<&(usize, char)>| at.is_some_and(|(_, c)| of(*c) == Some(Stroke::Rule));
    let vertical = |i: usize| match of(chars[i].1) {
        Some(Stroke::Bar) => Some(false),
        // A plus sign: two strokes on one side.
        Some(Stroke::Junction) => {
            let left = i >= 2 && rule(chars.get(i - 1)) && rule(chars.get(i - 2));
            let right = rule(chars.get(i + 1)) && rule(chars.get(i + 2));
            (box_drawn || left || right).then_some(true)
        }
        _ => None,
    };
    let mut drawn = Drawn {
        strokes: Vec::new(),
        segments: Vec::new(),
        closed: (false, false),
        ascii: !box_drawn,
        ends: (chars[0].1, chars[chars.len() - 1].1),
        width: [0; METRICS.len()],
    };
    let mut place = places(&text[..lead]);
    let (mut start, mut junction_before) = (0, false);
    let mut open = false;
    for (i, (at, c)) in chars.iter().enumerate() {
        if let Some(junction) = vertical(i) {
            if i > 0 {
                let segment = &inner[start..*at];
                drawn
                    .segments
                    .push(segment_of(segment, junction || junction_before, of));
            }
            drawn.closed.0 |= i == 0;
            drawn.closed.1 = i + 1 == chars.len();
            drawn.strokes.push(place);
            start = at + c.len_utf8();
            junction_before = junction;
            open = true;
        }
        add(&mut place, *c);
    }
    drawn.width = place;
    if !drawn.closed.1 {
        let segment = &inner[start..];
        drawn.segments.push(segment_of(segment, junction_before, of));
    }
    open.then_some(drawn).filter(|d| !d.segments.is_empty())
}

fn segment_of(text: &str, meets_junction: bool, of: impl Fn(char) -> Option<Stroke>) -> Segment<'_> {
    let ruled = meets_junction && !text.is_empty() && text.chars().all(|c| of(c) == Some(Stroke::Rule));
    Segment { text, ruled }
}

fn add(place: &mut Place, c: char) {
    for (place, (wide, drawn)) in place.iter_mut().zip(METRICS) {
        *place += match c {
            '\u{2500}'..='\u{257F}' => drawn,
            c if c.is_ascii() || c == '\u{a0}' => 1,
            _ => wide,
        };
    }
}

/// How wide a text is.
pub(super) fn places(text: &str) -> Place {
    let mut place = Place::default();
    text.chars().for_each(|c| add(&mut place, c));
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let Some(drawn) = lex(line) else { return "-".to_owned() };
        let segment = |s: &Segment<'_>| {
            if s.ruled {
                "=".to_owned()
            } else {
                s.text.trim().to_owned()
            }
        };
        drawn.segments.iter().map(segment).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn strokes_and_what_is_between() {
        for (line, expected) in [
            ("│序号│项目│", "序号/项目"),
            ("  ├────┼──┤", "=/="),
            ("│项目├────┬──┤", "项目/=/="),
            ("│──│5.00│", "──/5.00"),
            ("+------+---+", "=/="),
            ("| a+b  | -5 |", "a+b/-5"),
            ("|      +----+----+", "/=/="),
            ("a │ b", "a/b"),
            ("｜甲｜1.00｜", "甲/1.00"),
            ("╔══╤══╗", "=/="),
            ("没有", "-"),
        ] {
            assert_eq!(shown(line), expected, "{line}");
        }
    }
}

//! Words in their columns: the lines of cells.

use super::columns::bearing;
use super::words::{Word, is_value};
use crate::ingest::pdf::align::is_figure;
use crate::ingest::pdf::flow::numbered;
use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::date;
use crate::text::fold::fold;

/// How far a text hangs over into another column beside another text, in parts of the font size.
const OVERHANG: f64 = 1.0;
/// How many lines of cells are looked at for the next one of a column.
const NEAR: usize = 60;

/// A line of a cell.
#[derive(Debug, Clone)]
pub struct Frag {
    /// First column.
    pub first: usize,
    /// Last column.
    pub last: usize,
    /// Left edge.
    pub x0: f64,
    /// Right edge.
    pub x1: f64,
    /// Baseline.
    pub base: f64,
    /// Font size.
    pub size: f64,
    /// Width of what a printer does not break at its start.
    pub unbreakable: f64,
    /// Text.
    pub text: String,
    /// It is a figure and nothing else.
    pub figure: bool,
    /// It is a figure, or one with a comparator or a unit.
    pub value: bool,
    /// It begins something of its own: 一、, （一）, 1.
    pub begins: bool,
    /// It is a heading or a label of a form by itself.
    pub known: bool,
    /// With the line below in its column it is one: 一级指 above 标.
    pub opens: bool,
    /// Two figures stand in it side by side: a border is missing.
    pub double: bool,
}

impl Frag {
    /// Top of its characters.
    pub fn top(&self) -> f64 {
        self.base - 0.86 * self.size
    }

    /// Bottom of its characters.
    pub fn bottom(&self) -> f64 {
        self.base + 0.14 * self.size
    }
}

/// Whether two texts are a date together: 12月 and 31日.
fn dated(left: &str, right: &str) -> bool {
    let chars: Vec<char> = left.chars().chain(right.chars()).collect();
    date::all_in(&chars).len() == 1 || date::month_day(&chars).is_some()
}

/// The lines of cells between borders, from top to bottom.
pub fn frags(lines: &[Vec<Word>], borders: &[f64], known: &dyn Fn(&str) -> bool) -> Vec<Frag> {
    let mut frags: Vec<Frag> = Vec::new();
    for line in lines {
        let from = frags.len();
        for word in line {
            let margin = bearing(word.size);
            let column = |x: f64| borders.partition_point(|b| *b < x);
            let first = column(word.x0 + margin);
            let last = column(word.x1 - margin).max(first);
            let level = |f: &Frag| (f.base - word.base).abs() < 0.15 * word.size;
            let (mut first, whole) = (first, known(&word.text));
            // Two headings of which one hangs over into the other's column are two.
            if let Some(before) = frags[from..].last_mut()
                && before.last == first
                && level(before)
                && word.x0 - before.x1 > 0.3 * word.size
            {
                // Other texts hang over by a little: a cell of several words may stand in all columns that it reaches.
                let most = if whole && before.known {
                    f64::INFINITY
                } else {
                    OVERHANG * word.size
                };
                let border = |at: usize| borders.get(at).copied();
                let over = |edge: Option<f64>| edge.map_or(f64::INFINITY, |b| (b - word.x0).max(before.x1 - b));
                let left = over(first.checked_sub(1).and_then(border).filter(|_| before.first < first));
                let right = over(border(first).filter(|_| last > first));
                match () {
                    () if left < most && left <= right => before.last -= 1,
                    () if right < most => first += 1,
                    () => {}
                }
            }
            match frags[from..].last_mut() {
                // Words of one cell.
                Some(before) if before.last >= first && level(before) => {
                    before.double |= word.value && before.value && !dated(&before.text, &word.text);
                    before.known = false;
                    before.last = before.last.max(last);
                    if word.x0 - before.x1 > 0.6 * word.size {
                        before.text.push(' ');
                    }
                    before.x1 = before.x1.max(word.x1);
                    before.text.push_str(&word.text);
                    before.size = before.size.max(word.size);
                }
                _ => frags.push(Frag {
                    first,
                    last,
                    x0: word.x0,
                    x1: word.x1,
                    base: word.base,
                    size: word.size,
                    unbreakable: word.first,
                    text: word.text.clone(),
                    figure: word.figure,
                    value: word.value,
                    begins: false,
                    known: whole,
                    opens: false,
                    double: false,
                }),
            }
        }
    }
    for frag in &mut frags {
        frag.figure = is_figure(&fold(&frag.text));
        frag.value = frag.figure || is_value(&frag.text);
        frag.known |= known(&frag.text);
        frag.begins = numbered(&frag.text).is_some();
    }
    frags.sort_by(|a, b| a.top().total_cmp(&b.top()).then(a.x0.total_cmp(&b.x0)));
    for at in 0..frags.len() {
        let frag = &frags[at];
        let below = |f: &&Frag| f.first <= frag.last && frag.first <= f.last && f.base - frag.base > 0.5 * frag.size;
        let opens = |f: &Frag| f.base - frag.base < 2.6 * frag.size && known(&format!("{}{}", frag.text, f.text));
        let words = !frag.known && !frag.value;
        // Lines of few columns: the next one of this column is not far.
        let next = frags[at + 1..].iter().take(NEAR).find(below);
        frags[at].opens = words && next.is_some_and(opens);
    }
    frags
}

/// Measures of a table: what its lines and columns are like.
pub struct Measures<'w> {
    words: Option<&'w Words<'w>>,
    /// Number of columns.
    pub columns: usize,
    /// Left and right edge of each column's text.
    pub extents: Vec<(f64, f64)>,
    /// Usual font size.
    pub size: f64,
    /// Distance of two lines of a cell.
    pub pitch: f64,
}

impl<'w> Measures<'w> {
    /// Of the lines of cells in so many columns.
    pub fn of(frags: &[Frag], columns: usize, words: Option<&'w Words<'w>>) -> Self {
        let mut extents = vec![(f64::INFINITY, f64::NEG_INFINITY); columns];
        // A line below one that reaches over more columns is of the same cell.
        let of_wider = |f: &Frag| {
            let above = |g: &&Frag| g.base < f.base && f.base - g.base < 2.0 * f.size;
            let wider = |g: &Frag| g.first <= f.first && f.last <= g.last && g.last > g.first;
            frags.iter().filter(above).any(wider)
        };
        for frag in frags.iter().filter(|f| f.first == f.last && !of_wider(f)) {
            let own = &mut extents[frag.first];
            *own = (own.0.min(frag.x0), own.1.max(frag.x1));
        }
        // A column that holds nothing of its own: what runs over it.
        for (c, own) in extents.iter_mut().enumerate().filter(|(_, own)| own.0 > own.1) {
            for frag in frags.iter().filter(|f| f.first <= c && c <= f.last) {
                *own = (own.0.min(frag.x0), own.1.max(frag.x1));
            }
        }
        let mut sizes: Vec<f64> = frags.iter().map(|f| f.size).collect();
        sizes.sort_by(f64::total_cmp);
        let size = sizes.get(sizes.len() / 2).copied().unwrap_or(10.0);
        Measures {
            words,
            columns,
            extents,
            size,
            pitch: pitch(frags, columns, size),
        }
    }

    /// Whether a text is a heading or a label of a form by itself.
    pub fn knows(&self, text: &str) -> bool {
        self.words.is_some_and(|words| words.knows(text))
    }

    /// Whether a text is a label beside which its value stands: 主管部门.
    pub fn is_head(&self, text: &str) -> bool {
        self.words.is_some_and(|words| words.label(text) == Some(Label::Head))
    }

    /// Whether a text is one word for word.
    pub fn exact(&self, text: &str) -> bool {
        self.words.is_some_and(|words| words.exact(text))
    }

    /// Points that a line of a cell leaves free.
    pub fn room(&self, frag: &Frag) -> f64 {
        let (left, right) = (self.extents[frag.first].0, self.extents[frag.last].1);
        (right - left) - (frag.x1 - frag.x0)
    }
}

/// The smallest distance of two lines in one column that is found twice; the smallest of all when none is.
fn pitch(frags: &[Frag], columns: usize, size: f64) -> f64 {
    let mut last: Vec<Option<f64>> = vec![None; columns];
    let mut found = Vec::new();
    for frag in frags {
        for before in &mut last[frag.first..=frag.last] {
            if let Some(before) = before.replace(frag.base) {
                found.push(frag.base - before);
            }
        }
    }
    found.retain(|d| *d > 0.9 * size && *d < 2.5 * size);
    found.sort_by(f64::total_cmp);
    let twice = found.windows(2).find(|w| w[1] - w[0] < 0.04 * size).map(|w| w[0]);
    twice.or(found.first().copied()).unwrap_or(1.3 * size)
}

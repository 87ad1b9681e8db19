//! The seam between two pieces: is the last row of one torn, and which labels go on?

use super::Laid;
use super::torn::{Row, by_figures, decimals, figure};
use crate::model::{Cell, Table};
use crate::pattern::tables::SeamWords;
use crate::text::fold::fold;
use crate::text::mark::{circled, is_comparator};
use crate::text::outline;

/// A number with its unit and nothing else: ≥90%, 0.9亿元, 15场. It does not go on in another such value.
fn value_with_unit(text: &str, words: &SeamWords) -> bool {
    let folded = fold(text);
    let number = folded.trim_start_matches(|c| is_comparator(c) || words.about.has(c));
    let unit = number.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || matches!(c, '%' | '‰' | '/');
    number.starts_with(|c: char| c.is_ascii_digit()) && (1..=4).contains(&unit.chars().count()) && unit.chars().all(han)
}

/// A text that begins something of its own: a number, a label, a filler.
fn begins_anew(text: &str, words: &SeamWords) -> bool {
    let text = text.trim_start();
    let rest = words.numbered.strip_start(text).unwrap_or(text);
    let digits = rest.chars().take_while(char::is_ascii_digit).count();
    let after = rest.chars().nth(digits);
    let numbered = digits > 0
        && after.is_some_and(|c| "：:、.．）)".contains(c))
        && !rest.chars().nth(digits + 1).is_some_and(|c| c.is_ascii_digit());
    // （一）, (1) and 一、, as against a remark in brackets.
    numbered
        || outline::numbered(&fold(text)).is_some_and(|n| n.level != 3)
        || text.starts_with(['…', '☑', '□', '√'])
        || text.chars().next().is_some_and(|c| circled(c).is_some())
        || words.begins.start(text)
}

/// A label that is whole: nothing of it can stand on the next page.
fn whole_label(text: &str, words: &SeamWords) -> bool {
    words.whole.end(&fold(text))
}

/// The end of a label whose beginning stands above: 效益 | 指标, 满意度指 | 标(10分), 效益指标 | (70分).
fn is_tail(above: &str, below: &str, words: &SeamWords) -> bool {
    let (above, below) = (fold(above), fold(below));
    // 效益指标 | (70分), 效益指标(70 | 分): a bracket belongs to what stands before it.
    let open = above.rfind('(') > above.rfind(')');
    let bracket = below.starts_with('(') && !above.is_empty() && outline::numbered(&below).is_none();
    if bracket || (open && below.contains(')')) {
        return true;
    }
    let tail = words.tails.strip_start(&below);
    !words.numbered.within(&above) && tail.is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
}

/// The last row of one piece and the first of the next.
pub(super) struct Seam<'t> {
    /// Cells of the last row, by common column: (first, end, index).
    bottom: Vec<(usize, usize, usize)>,
    prev: &'t Table,
    pairs: Vec<Pair>,
    /// Folded texts of the rows above the first figure.
    headings: Vec<String>,
    /// Whether a figure stands above the last row.
    below_figures: bool,
    /// Columns, by common start, where either piece merges cells vertically.
    labels: Vec<usize>,
    words: &'t SeamWords,
}

/// Columns, by their common start, in whose body cells are merged vertically and that hold names, not figures.
fn label_columns(upper: &[Cell], lower: &[Cell], header: usize) -> Vec<usize> {
    // Merged cells of the header say nothing about the body, which begins with the first figure; a page without a header
    // has none to leave out.
    let figures = upper
        .iter()
        .filter(|c| figure(&fold(&c.text)))
        .map(|c| c.row)
        .min()
        .unwrap_or(0);
    let heading = upper
        .iter()
        .filter(|c| c.row == 0)
        .map(|c| c.row_span)
        .max()
        .unwrap_or(0)
        .max(header)
        .max(figures);
    let body = || upper.iter().filter(|c| c.row >= heading).chain(lower);
    let mut columns: Vec<usize> = body().filter(|c| c.row_span > 1).map(|c| c.col).collect();
    columns.sort_unstable();
    columns.dedup();
    columns.retain(|column| {
        let texts = || body().filter(|c| c.col == *column && !c.text.is_empty());
        texts().filter(|c| figure(&fold(&c.text))).count() * 4 <= texts().count()
    });
    columns
}

/// Characters that may follow a value in its cell: 以上, （含）.
const SHORT_END: usize = 3;

/// Width of the first word of a text in Chinese characters, with the punctuation that must not begin a line.
fn first_word(text: &str) -> f64 {
    let latin = |c: char| c.is_ascii_graphic();
    let closes = |c: char| "，。、；：？！）》”’％%),.;:．".contains(c);
    let mut width = 0.0;
    let mut before: Option<char> = None;
    for c in text.chars() {
        if before.is_some_and(|b| !((latin(b) && latin(c)) || closes(c) || "（《“(≥≤＞＜".contains(b))) {
            break;
        }
        width += if latin(c) { 0.55 } else { 1.0 };
        before = Some(c);
    }
    width
}

/// Whether two runs of digits are one figure that a narrow column broke: together a plain number with at most two
/// decimals and, where there are commas, with groups of three.
fn is_broken_figure(above: &str, below: &str) -> bool {
    let (above, below) = (fold(above), fold(below));
    let short = below.chars().count() <= 4 && below.chars().all(|c| c.is_ascii_digit() || c == '.');
    let whole = above + &below;
    let (integer, decimals) = whole.split_once('.').unwrap_or((&whole, ""));
    let groups: Vec<&str> = integer.split(',').collect();
    let grouped = groups.len() > 1 && groups.iter().skip(1).all(|g| g.len() == 3);
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    short && grouped && groups.iter().all(|g| digits(g)) && digits(decimals) && decimals.len() <= 2
}

/// Fewest and most decimals of the figures above the last row in a cell's column.
fn usual_decimals(upper: &Laid, cell: &Cell, last: usize) -> Option<(usize, usize)> {
    let column = upper.cells.iter();
    let column = column.filter(|c| c.col == cell.col && c.col_span == cell.col_span && c.row < last);
    let texts: Vec<String> = column.map(|c| fold(&c.text)).filter(|t| figure(t)).collect();
    let all = || texts.iter().map(|t| decimals(t));
    all().min().zip(all().max()).filter(|_| texts.len() > 1)
}

/// Two cells that meet at the seam.
pub(super) struct Pair {
    pub above: String,
    pub below: String,
    /// The text above has no room for the word below: it goes on. `None` without geometry.
    pub runs_on: Option<bool>,
    /// Points left above after one more character; `None` without geometry.
    pub spare: Option<f64>,
    /// Fewest and most decimals of the column's figures above, where there are two and more.
    pub decimals: Option<(usize, usize)>,
    /// One of them is merged with other rows.
    pub merged: bool,
    /// Share of the rows above in which the column is not empty.
    pub usually_filled: f64,
}

impl<'t> Seam<'t> {
    pub(super) fn new(
        (prev, next): (&'t Table, &'t Table),
        (upper, lower): (&Laid, &Laid),
        header: usize,
        words: &'t SeamWords,
    ) -> Self {
        let last = prev.rows() - 1;
        let touches = |(_, c): &(usize, &Cell)| c.row + c.row_span == last + 1;
        let mut bottom: Vec<(usize, usize, usize)> = upper
            .cells
            .iter()
            .enumerate()
            .filter(touches)
            .map(|(i, c)| (c.col, c.col + c.col_span, i))
            .collect();
        bottom.sort_unstable();
        let labels = label_columns(&upper.cells, &lower.cells, header);
        let geometry = !prev.cut.column_edges.is_empty();
        let find = |list: &[(usize, f64)], starts: &[usize], col: usize| {
            list.iter()
                .find(|(c, _)| starts.get(*c) == Some(&col))
                .map(|(_, points)| *points)
        };
        // One Chinese character is the least that a first word needs.
        let widths = prev
            .cut
            .first_word
            .iter()
            .chain(&next.cut.first_word)
            .map(|(_, points)| *points);
        let em = widths.filter(|w| *w > 5.0).fold(24.0, f64::min);
        let mut pairs = Vec::new();
        for cell in lower.cells.iter().filter(|c| c.row == 0) {
            let Some((_, _, index)) = bottom
                .iter()
                .find(|(a, b, _)| (*a, *b) == (cell.col, cell.col + cell.col_span))
            else {
                continue;
            };
            let above = &upper.cells[*index];
            let runs_on = geometry.then(|| {
                let room = find(&prev.cut.room_after, &upper.starts, cell.col).unwrap_or(f64::INFINITY);
                let measured = find(&next.cut.first_word, &lower.starts, cell.col).filter(|_| header == 0);
                room < measured.unwrap_or(0.0).max(first_word(&cell.text) * em) + 0.5 * em
            });
            let column = upper
                .cells
                .iter()
                .filter(|c| c.col == cell.col && c.col_span == cell.col_span && c.row < last);
            let (all, filled) = column.fold((0usize, 0usize), |(n, f), c| {
                (n + 1, f + usize::from(!c.text.is_empty()))
            });
            pairs.push(Pair {
                above: above.text.clone(),
                below: cell.text.clone(),
                runs_on,
                merged: above.row_span > 1 || cell.row_span > 1,
                spare: find(&prev.cut.spare, &upper.starts, cell.col),
                decimals: usual_decimals(upper, cell, last),
                usually_filled: filled as f64 / all.max(1) as f64,
            });
        }
        let first = upper
            .cells
            .iter()
            .filter(|c| figure(&fold(&c.text)))
            .map(|c| c.row)
            .min();
        let above = upper.cells.iter().filter(|c| first.is_some_and(|f| c.row < f));
        let headings = above.map(|c| fold(&c.text)).filter(|t| !t.is_empty()).collect();
        Seam {
            bottom,
            prev,
            pairs,
            headings,
            below_figures: first.is_some_and(|first| first < last),
            labels,
            words,
        }
    }

    /// The cell of the last row that covers the same columns.
    pub(super) fn above(&self, below: &Cell) -> Option<usize> {
        let range = (below.col, below.col + below.col_span);
        self.bottom
            .iter()
            .find(|(a, b, _)| (*a, *b) == range)
            .map(|(_, _, index)| *index)
    }

    /// Whether the page tore one row in two.
    pub(super) fn row(&self) -> Row {
        let own: Vec<&Pair> = self.pairs.iter().filter(|p| !p.merged).collect();
        if self.is_other_row() {
            return Row::Whole;
        }
        let anew = |p: &Pair| begins_anew(&p.below, self.words) || p.above.ends_with('。');
        match by_figures(&own, anew) {
            Some(row) => row,
            None if self.torn_row(&own) => Row::Torn,
            None => Row::Whole,
        }
    }

    /// Whether the rows are divided differently, or a label or a heading begins or ends between them.
    fn is_other_row(&self) -> bool {
        if self.pairs.is_empty() || self.pairs.len() < self.bottom.len() {
            return true;
        }
        // A whole label above and another one below: a new group starts, and with it a new row.
        let new_group = |p: &Pair| {
            let whole = whole_label(&p.above, self.words) && !is_tail(&p.above, &p.below, self.words);
            p.merged && !p.below.is_empty() && whole && fold(&p.above) != fold(&p.below)
        };
        if self.pairs.iter().any(new_group) {
            return true;
        }
        // The first row below repeats a heading of the table: it tears nothing.
        let heading = |p: &&Pair| self.headings.contains(&fold(&p.below));
        // Nor does a repeated heading that ends the page go on.
        let repeated = |p: &&Pair| self.below_figures && self.headings.contains(&fold(&p.above));
        let most = |count: usize| count * 2 > self.pairs.len();
        most(self.pairs.iter().filter(heading).count()) || most(self.pairs.iter().filter(repeated).count())
    }

    /// Whether two rows of one division are one by their texts and the room that they leave.
    fn torn_row(&self, own: &[&Pair]) -> bool {
        if own.iter().all(|p| p.below.is_empty()) {
            // Nothing but the end of a row's height; a label that begins here begins a row.
            return !self.prev.cut.column_edges.is_empty() && self.pairs.iter().all(|p| p.below.is_empty());
        }
        if own.iter().all(|p| p.above.is_empty()) {
            return false;
        }
        let both: Vec<&&Pair> = own
            .iter()
            .filter(|p| !p.above.is_empty() && !p.below.is_empty())
            .collect();
        let figures = |p: &Pair| figure(&fold(&p.above)) && figure(&fold(&p.below));
        let begins_below = own.first().is_some_and(|p| !p.below.is_empty());
        let one_figure = |p: &Pair| !begins_below && p.runs_on == Some(true) && is_broken_figure(&p.above, &p.below);
        if both.iter().any(|p| figures(p) && !one_figure(p)) {
            return false;
        }
        // Two whole values, one above the other, belong to two rows.
        if both
            .iter()
            .any(|p| value_with_unit(&p.above, self.words) && value_with_unit(&p.below, self.words))
        {
            return false;
        }
        // Nor do two whole values go on in words, or words in whole values: ≤3个工作日 and 2个工作日 above 持续改善 twice.
        let bare = |text: &str| !text.contains(|c: char| c.is_ascii_digit());
        let ended = |p: &&&&Pair| {
            value_with_unit(&p.above, self.words) && bare(&p.below) && p.below.chars().count() > SHORT_END
        };
        let begun = |p: &&&&Pair| value_with_unit(&p.below, self.words) && bare(&p.above);
        if both.iter().filter(ended).count() > 1 || both.iter().filter(begun).count() > 1 {
            return false;
        }
        if both
            .iter()
            .any(|p| begins_anew(&p.below, self.words) || p.above.ends_with('。'))
        {
            return false;
        }
        if self.prev.cut.column_edges.is_empty() {
            return self.torn_text_row(own, both.len());
        }
        let only_above = own.iter().any(|p| !p.above.is_empty() && p.below.is_empty());
        let only_below = || own.iter().filter(|p| p.above.is_empty() && !p.below.is_empty());
        if !both.is_empty() {
            // Short cells of one row stand at one height, so all of them on one page, and their columns are seldom empty.
            let one_side = only_below().count() == 0 || !only_above;
            return one_side
                && both.iter().all(|p| p.runs_on == Some(true))
                && only_below().all(|p| p.usually_filled > 0.8);
        }
        // Nothing stands on both pages: centred cells of one tall row. Each half lacks what the other has, in columns
        // that are else always filled, and the half below lacks the row's first cell.
        let below: Vec<&&Pair> = own.iter().filter(|p| !p.below.is_empty()).collect();
        !begins_below && self.prev.rows() > 2 && below.iter().all(|p| p.usually_filled > 0.8)
    }

    /// Without geometry: a continuation has hardly any text, each bit of it under text.
    fn torn_text_row(&self, own: &[&Pair], both: usize) -> bool {
        let below = own.iter().filter(|p| !p.below.is_empty()).count();
        let first_empty = own.first().is_some_and(|p| p.below.is_empty());
        first_empty && below == both && below <= (own.len() / 3).max(1)
    }

    /// Whether two cells that meet at the seam are one merged label.
    pub(super) fn one_label(&self, above: &Cell, below: &Cell) -> bool {
        if !self.labels.contains(&below.col) || self.prev.cut.column_edges.is_empty() {
            return false;
        }
        if figure(&fold(&above.text)) || figure(&fold(&below.text)) {
            return false;
        }
        match (above.text.is_empty(), below.text.is_empty()) {
            (true, true) => above.row_span > 1 || below.row_span > 1,
            (false, true) => true,
            (true, false) => above.row_span > 1 || below.row_span > 1,
            // A heading that is repeated here ends the label above.
            (false, false) if fold(&above.text) != fold(&below.text) && self.headings.contains(&fold(&below.text)) => {
                false
            }
            (false, false) => {
                let pair = self
                    .pairs
                    .iter()
                    .find(|p| p.above == above.text && p.below == below.text);
                let runs_on = pair.is_some_and(|p| p.runs_on == Some(true));
                let merged = above.row_span > 1 || below.row_span > 1;
                let goes_on =
                    merged && !whole_label(&above.text, self.words) || is_tail(&above.text, &below.text, self.words);
                fold(&above.text) == fold(&below.text) || (runs_on && goes_on && !begins_anew(&below.text, self.words))
            }
        }
    }
}

//! A figure that the page's end cuts in two: is what stands on both sides one figure?
//!
//! A printer breaks a long figure in a narrow column wherever the line is full, and where the row goes on over the page's end
//! the halves look like figures of two rows. The row below tells: it lacks what every row has, or holds what no figure begins
//! with. Where that is so and the halves make no figure that is certain, neither is one.

use super::seam::Pair;
use crate::text::fold::fold;
use crate::text::{date, number};

/// What the last row of a page and the first of the next are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Two rows.
    Whole,
    /// One row.
    Torn,
    /// One row by what it lacks, but its figures cannot be put together with certainty.
    Doubtful,
}

/// Fewest characters of a line that is taken to be broken for its length: short values fill narrow columns by chance.
const SHORTEST: usize = 3;
/// Share of the rows that have something in a column which "every" row fills.
const USUAL: f64 = 0.8;

/// A cell that holds a figure and nothing else.
pub(super) fn figure(text: &str) -> bool {
    !text.is_empty()
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || ".,%-+()/".contains(c))
}

/// Decimals of a folded figure.
pub(super) fn decimals(text: &str) -> usize {
    text.split_once('.')
        .map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).count())
}

/// Two halves of what may be one figure.
struct Halves {
    above: String,
    below: String,
    /// The line above is full.
    full: bool,
    /// Fewest and most decimals of the column's other figures.
    usual: Option<(usize, usize)>,
}

impl Halves {
    fn of(pair: &Pair) -> Option<Halves> {
        let (above, below) = (fold(&pair.above), fold(&pair.below));
        let rest = !below.is_empty() && below.chars().all(|c| c.is_ascii_digit() || ".,%)-/".contains(c));
        // A date is broken after its stroke: 2023-12- | 25.
        let day = rest && date::whole(&format!("{above}{below}")).is_some();
        // A point of full width begins no line, so that the digit before it goes to the next line with it.
        let with_point = pair.below.chars().nth(1) == Some('．');
        (figure(&above) && rest && !day).then_some(Halves {
            full: (pair.spare.is_some_and(|points| points < 0.0) || with_point && pair.runs_on == Some(true))
                && above.chars().count() >= SHORTEST,
            usual: pair.decimals,
            above,
            below,
        })
    }

    /// Together they are a figure of no more decimals than figures of the column have.
    fn is_one(&self) -> bool {
        let whole = format!("{}{}", self.above, self.below);
        let most = self.usual.map_or(2, |(_, most)| most.max(2));
        number::parse(&whole).is_some() && decimals(&whole) <= most
    }

    /// One of them is no figure by itself, or not one of its column.
    fn is_part(&self) -> bool {
        let alone = |text: &str| number::parse(text).is_some();
        let stray = self.below.starts_with(['.', ',', '%', ')']) || self.above.ends_with(['.', ',']);
        let grouped = |text: &str| text.contains(',') && !alone(text);
        let short = self.usual.is_some_and(|(fewest, most)| {
            let whole = decimals(&format!("{}{}", self.above, self.below));
            self.full && fewest == most && decimals(&self.above) < fewest && whole == fewest
        });
        stray || grouped(&self.above) || grouped(&self.below) || short
    }

    /// Two whole figures that make none together.
    fn are_two(&self) -> bool {
        !self.is_one() && !self.is_part()
    }
}

/// What the row is by its figures; `None` where they do not tell. `anew`: a text below that begins something of its own.
pub(super) fn by_figures(own: &[&Pair], anew: impl Fn(&Pair) -> bool) -> Option<Row> {
    let parts: Vec<Halves> = own.iter().filter_map(|p| Halves::of(p)).collect();
    if parts.is_empty() || parts.iter().any(Halves::are_two) {
        return None;
    }
    let leading = own.iter().take_while(|p| Halves::of(p).is_none());
    let mut lacking = leading.filter(|p| !p.above.is_empty() && p.below.is_empty() && p.usually_filled > USUAL);
    let tells = lacking.next().is_some() || parts.iter().any(Halves::is_part);
    if !tells || !parts.iter().any(|p| p.full || p.is_part()) {
        return None;
    }
    let texts = || {
        own.iter()
            .filter(|p| !p.above.is_empty() && !p.below.is_empty() && Halves::of(p).is_none())
    };
    if texts().any(|p| anew(p)) {
        return None;
    }
    let full = |p: &Halves| p.full || p.below.starts_with(['%', ')']);
    let only_below = own.iter().any(|p| p.above.is_empty() && !p.below.is_empty());
    let sure = !only_below && parts.iter().all(|p| full(p) && p.is_one()) && texts().all(|p| p.runs_on == Some(true));
    Some(if sure { Row::Torn } else { Row::Doubtful })
}

/// Whether the texts are two halves that stand in one figure's place.
fn both_figures(above: &str, below: &str) -> bool {
    let rest = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ".,%)-/".contains(c));
    figure(&fold(above)) && rest(&fold(below))
}

/// The text of a cell whose row is torn, or of a label that goes on.
pub(super) fn joined_text(above: &str, below: &str, row: Row) -> String {
    let figures = row != Row::Whole && both_figures(above, below);
    if figures && row == Row::Doubtful {
        // Two figures in one cell are read as none, and that is said.
        return format!("{above}\n{below}");
    }
    let same = !figures && fold(above) == fold(below);
    if above.is_empty() || below.is_empty() || same {
        return if above.is_empty() { below } else { above }.to_owned();
    }
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let seam = if latin(above.chars().last()) && latin(below.chars().next()) {
        " "
    } else {
        ""
    };
    format!("{above}{seam}{below}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(above: &str, below: &str, spare: f64) -> Pair {
        Pair {
            above: above.to_owned(),
            below: below.to_owned(),
            runs_on: Some(spare < 0.0),
            spare: Some(spare),
            decimals: Some((2, 2)),
            merged: false,
            usually_filled: 1.0,
        }
    }

    fn row(pairs: &[Pair]) -> Option<Row> {
        by_figures(&pairs.iter().collect::<Vec<_>>(), |_| false)
    }

    #[test]
    fn halves_of_full_lines_below_a_blank_are_one_figure() {
        let torn = |figures: [(&str, &str); 2]| {
            let [a, b] = figures.map(|(above, below)| pair(above, below, -1.0));
            row(&[pair("3", "", 9.0), pair("农家书", "屋", -1.0), a, b])
        };
        assert_eq!(torn([("158688", "89.00"), ("292612", "47.14")]), Some(Row::Torn));
        assert_eq!(torn([("22,689,42", "2.1"), ("100.00", "%")]), Some(Row::Torn));
        assert_eq!(torn([("25,690,", "049.52"), ("100.0", "0%")]), Some(Row::Torn));
        assert_eq!(
            torn([("１０,８５", "８．００"), ("５８,６", "００．０")]),
            Some(Row::Torn)
        );
        // Whole figures above each other are of two rows, and another reading decides.
        assert_eq!(torn([("1586.88", "89.00"), ("2926.12", "47.14")]), None);
    }

    #[test]
    fn halves_that_are_uncertain_are_no_figure() {
        // One line is full and the other is not: something else broke the row.
        let pairs = [
            pair("3", "", 9.0),
            pair("158688", "89.00", -1.0),
            pair("2926", "47.14", 30.0),
        ];
        assert_eq!(row(&pairs), Some(Row::Doubtful));
        assert_eq!(joined_text("158688", "89.00", Row::Doubtful), "158688\n89.00");
        assert_eq!(joined_text("158688", "89.00", Row::Torn), "15868889.00");
        assert_eq!(joined_text("100", "100", Row::Torn), "100100");
        assert_eq!(joined_text("水利局", "水利局", Row::Torn), "水利局");
    }

    #[test]
    fn a_row_with_all_its_cells_is_a_row() {
        let pairs = [
            pair("12", "13", -1.0),
            pair("护林", "护河", -1.0),
            pair("158688", "292612", -1.0),
        ];
        assert_eq!(row(&pairs), None);
        let pairs = [pair("护林", "护河", 20.0), pair("158688", "292612", 20.0)];
        assert_eq!(row(&pairs), None);
    }
}

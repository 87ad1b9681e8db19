//! Headings of several rows from which the covered cells are missing: who stands over whom.
//!
//! A heading either reaches down to the rows or is divided by two or more headings of the row below. The number of
//! columns leaves few ways to divide; the words decide between them, and where they do not, nobody does.

use super::flat::solid;
use crate::model::ColumnRole;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::wording::{Words, holds_values};

/// A heading and its place in the block of heading rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// Row in the block.
    pub row: usize,
    /// First column.
    pub col: usize,
    /// Columns covered.
    pub cols: usize,
    /// Text.
    pub text: String,
}

impl Heading {
    /// Whether it stands over a column.
    pub fn covers(&self, col: usize) -> bool {
        (self.col..self.col + self.cols).contains(&col)
    }
}

/// Ways to divide that are looked at before giving up.
const MOST_WAYS: usize = 20_000;
/// Steps for each way before giving up.
const STEPS: usize = 40;
/// The best way must be this much better than the next.
const MARGIN: i32 = 2;

/// What stands in a column below the headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// Nothing that says what it is.
    Unknown,
    Words,
    Figures,
}

/// The headings of `rows` over these columns with their places, if one way to divide them is clearly the best.
pub(super) fn solve(rows: &[Vec<String>], below: &[Below], words: &Words<'_>) -> Option<Vec<Heading>> {
    scored(rows, below, words, MOST_WAYS).map(|(_, headings)| headings)
}

/// As [`solve`], where the figures below speak, too: `proof` says what they say for a way to divide, `least` is the fewest headings
/// that stand below another.
pub(super) fn proved(
    rows: &[Vec<String>],
    below: &[Below],
    words: &Words<'_>,
    proof: &dyn Fn(&[Heading]) -> i32,
    least: usize,
) -> Option<Vec<Heading>> {
    search(rows, below, words, MOST_WAYS, proof, least).map(|(_, headings)| headings)
}

/// As [`solve`], with what speaks for the way; `most` ways are looked at before giving up.
pub(super) fn scored(
    rows: &[Vec<String>],
    below: &[Below],
    words: &Words<'_>,
    most: usize,
) -> Option<(i32, Vec<Heading>)> {
    search(rows, below, words, most, &|_| 0, 2)
}

fn search(
    rows: &[Vec<String>],
    below: &[Below],
    words: &Words<'_>,
    most: usize,
    proof: &dyn Fn(&[Heading]) -> i32,
    least: usize,
) -> Option<(i32, Vec<Heading>)> {
    let best = best(rows, below, words, most, proof, least)?;
    best.is_clear().then_some((best.score, best.headings))
}

/// The best way to divide headings, and what speaks for the next.
pub(super) struct Best {
    /// What speaks for it.
    pub score: i32,
    /// What speaks for the best of the others.
    pub second: i32,
    /// The headings with their places.
    pub headings: Vec<Heading>,
}

impl Best {
    /// Whether no other way is about as good.
    pub fn is_clear(&self) -> bool {
        self.score >= self.second.saturating_add(MARGIN)
    }
}

/// The best way to divide the headings of `rows`, clear or not; `None` where none is, or where there are too many.
pub(super) fn best(
    rows: &[Vec<String>],
    below: &[Below],
    words: &Words<'_>,
    most: usize,
    proof: &dyn Fn(&[Heading]) -> i32,
    least: usize,
) -> Option<Best> {
    let first = rows.first()?;
    let width = below.len();
    let mut search = Search {
        rows,
        width,
        below,
        words,
        nodes: first.iter().map(|text| Node::new(0, text)).collect(),
        ways: 0,
        steps: 0,
        most,
        roots: first.len(),
        least,
        proof,
        best: None,
        lowest: Vec::new(),
        second: i32::MIN,
    };
    let frontier: Vec<usize> = (0..first.len()).collect();
    search.level(1, &frontier, 0);
    let (score, nodes) = search.best?;
    let headings = laid(&nodes, first.len());
    // Headings that no word tells are proved by the figures below them.
    let weak = score < 0 && proof(&headings) <= 0;
    let second = search.second;
    (search.ways < most && !weak && frontier_of(&headings) == width).then_some(Best {
        score,
        second,
        headings,
    })
}

/// The headings with their places, by rows.
fn laid(nodes: &[Node<'_>], roots: usize) -> Vec<Heading> {
    let mut headings = Vec::with_capacity(nodes.len());
    let mut col = 0;
    for root in 0..roots {
        col += lay(nodes, root, col, &mut headings);
    }
    headings.sort_by_key(|h| (h.row, h.col));
    headings
}

/// Columns that headings cover.
fn frontier_of(headings: &[Heading]) -> usize {
    headings.iter().map(|h| h.col + h.cols).max().unwrap_or(0)
}

fn lay(nodes: &[Node<'_>], at: usize, col: usize, out: &mut Vec<Heading>) -> usize {
    let node = &nodes[at];
    let mut cols = 0;
    for child in &node.children {
        cols += lay(nodes, *child, col + cols, out);
    }
    let cols = cols.max(1);
    out.push(Heading {
        row: node.row,
        col,
        cols,
        text: node.text.to_owned(),
    });
    cols
}

#[derive(Debug, Clone)]
struct Node<'a> {
    row: usize,
    text: &'a str,
    children: Vec<usize>,
}

impl<'a> Node<'a> {
    fn new(row: usize, text: &'a str) -> Self {
        Node {
            row,
            text,
            children: Vec::new(),
        }
    }
}

struct Search<'a> {
    rows: &'a [Vec<String>],
    width: usize,
    below: &'a [Below],
    words: &'a Words<'a>,
    nodes: Vec<Node<'a>>,
    ways: usize,
    steps: usize,
    most: usize,
    roots: usize,
    /// Fewest headings that stand below another: two divide it, one is a second line of its own.
    least: usize,
    proof: &'a dyn Fn(&[Heading]) -> i32,
    best: Option<(i32, Vec<Node<'a>>)>,
    /// The lowest headings of that way.
    lowest: Vec<&'a str>,
    second: i32,
}

impl<'a> Search<'a> {
    /// Divides the `frontier` (what each column has as its lowest heading so far) by the headings of a row.
    fn level(&mut self, row: usize, frontier: &[usize], score: i32) {
        let rows = self.rows;
        let Some(texts) = rows.get(row) else {
            if frontier.len() == self.width {
                let leaves: i32 = frontier.iter().enumerate().map(|(c, n)| self.leaf(c, *n)).sum();
                let score = score + leaves + (self.proof)(&laid(&self.nodes, self.roots));
                self.found(score, frontier);
            }
            return;
        };
        let mut counts = vec![0; frontier.len()];
        self.divide(row, texts, frontier, &mut counts, 0, texts.len(), score);
    }

    /// Takes in a way to divide that is complete.
    fn found(&mut self, score: i32, frontier: &[usize]) {
        let lowest = || frontier.iter().map(|node| self.nodes[*node].text).collect::<Vec<_>>();
        let Some((best, _)) = &self.best else {
            self.lowest = lowest();
            self.best = Some((score, self.nodes.clone()));
            return;
        };
        // Which of two headings stands over 增减额 is nothing to its column, which says itself what it holds.
        let told = |node: &usize| {
            let node = &self.nodes[*node];
            node.row == 0 || self.words.role(node.text).is_some_and(|role| role.measure().is_some())
        };
        let same = self.lowest == lowest() && frontier.iter().all(told);
        let rival = score.min(*best);
        if !same {
            self.second = self.second.max(rival);
        }
        if score > *best {
            self.lowest = lowest();
            self.best = Some((score, self.nodes.clone()));
        }
    }

    /// Chooses how many of the row's remaining headings stand under the frontier's nodes from `at` on.
    #[allow(clippy::too_many_arguments)] // one recursion's state
    fn divide(
        &mut self,
        row: usize,
        texts: &'a [String],
        frontier: &[usize],
        counts: &mut [usize],
        at: usize,
        left: usize,
        score: i32,
    ) {
        // Dead ends are many more than ways, and each costs little.
        self.steps += 1;
        if self.ways >= self.most || self.steps >= self.most * STEPS {
            self.ways = self.most;
            return;
        }
        if at == frontier.len() {
            if left == 0 {
                self.ways += 1;
                self.divided(row, texts, frontier, counts, score);
            }
            return;
        }
        // The last row's count of columns is fixed.
        let rest = frontier.len() - at;
        if row + 1 == self.rows.len() {
            let so_far: usize = counts[..at].iter().map(|c| (*c).max(1)).sum();
            if so_far + left > self.width || so_far + left + rest < self.width {
                return;
            }
        }
        let least = self.least;
        for count in (0..=left).filter(|c| *c == 0 || *c >= least) {
            counts[at] = count;
            self.divide(row, texts, frontier, counts, at + 1, left - count, score);
        }
        counts[at] = 0;
    }

    fn divided(&mut self, row: usize, texts: &'a [String], frontier: &[usize], counts: &[usize], score: i32) {
        let before = self.nodes.len();
        let mut next = Vec::with_capacity(frontier.len() + texts.len());
        let mut from = 0;
        let mut gain = 0;
        let mut last: Option<&[String]> = None;
        let mut first = 0;
        for (column, (node, count)) in frontier.iter().zip(counts).enumerate() {
            first += (*count).max(1);
            if *count == 0 {
                next.push(*node);
                continue;
            }
            // Two tables side by side: names and their figures below each heading.
            if row + 1 == self.rows.len() && self.below.get(first - *count..first).is_some_and(names_and_figures) {
                gain += 3;
            }
            let children = &texts[from..from + count];
            from += count;
            gain += self.parent(column, *node, children);
            if last == Some(children) {
                gain += 3;
            }
            last = Some(children);
            for text in children {
                let child = self.nodes.len();
                self.nodes.push(Node::new(row, text));
                self.nodes[*node].children.push(child);
                next.push(child);
            }
        }
        self.level(row + 1, &next, score + gain);
        self.nodes.truncate(before);
        for node in frontier {
            self.nodes[*node].children.clear();
        }
    }

    /// What speaks for a heading over these ones.
    fn parent(&self, column: usize, node: usize, children: &[String]) -> i32 {
        let parent = self.nodes[node].text;
        let mut score = 0;
        for (i, child) in children.iter().enumerate() {
            if children[..i].contains(child) {
                score -= 6;
            }
            // A part shares words with the whole: 公务用车购置费, 公务用车购置及运行费. Two characters are in anything.
            let common = longest_common(parent, child);
            let own = child.chars().filter(|c| !c.is_whitespace()).count();
            if common > 2 && common < own {
                score += i32::try_from(common.min(6)).unwrap_or(0);
            } else if self.least == 1 && common == 2 && own > 2 && opens_in(parent, child) {
                // 决算情况 over 决算数.
                score += 2;
            }
        }
        // 受益人数 stands over no money.
        let money = |c: &String| self.words.role(c).is_some_and(ColumnRole::is_money);
        // Nor does 部门名称: names are no figures.
        let names = self.words.role(parent).is_some_and(is_of_names);
        if (names || self.words.counts(parent)) && children.iter().any(money) {
            score -= 8;
        }
        // 增减变化 over 增减额 and 增减率, and over nothing beside them.
        let change = |text: &str| matches!(self.words.role(text), Some(ColumnRole::Change | ColumnRole::ChangeRate));
        if change(parent) {
            score += 2 * i32::try_from(children.iter().filter(|c| change(c)).count()).unwrap_or(0);
        }
        // A second line of one heading is rarer than headings that divide it.
        if children.len() == 1 {
            return score - 1;
        }
        if children.iter().all(|c| self.words.role(c).is_some()) {
            score += 2;
        }
        if children.first().is_some_and(|c| c == "小计") {
            score += 1;
        }
        let role = self.words.role(parent);
        // 绩效指标 over 一级指标, 二级指标, 三级指标; 年度指标值 over 指标性质, 指标值, 度量单位.
        let roles: Vec<Option<ColumnRole>> = children.iter().map(|c| self.words.role(c)).collect();
        let named = |role: &Option<ColumnRole>| {
            use ColumnRole as R;
            matches!(role, Some(R::Level1 | R::Level2 | R::Level3 | R::Indicator))
        };
        let strangers = |own: bool| 4 * i32::try_from(roles.iter().filter(|r| named(r) != own).count()).unwrap_or(0);
        if roles.first() == Some(&Some(ColumnRole::Level1)) && matches!(self.words.label(parent), Some(Label::Side)) {
            return score + 8 - strangers(true);
        }
        if role == Some(ColumnRole::Target) && roles.contains(&role) {
            score += 4 - strangers(false);
        }
        match role {
            // A column of names is not divided.
            Some(ColumnRole::Project | ColumnRole::Indicator | ColumnRole::Sequence) if column == 0 => score - 3,
            Some(role) if holds_values(role) => score - 1,
            _ if self.says_figures(parent) => score - 3,
            _ => score + 1,
        }
    }

    /// Whether a heading ends with what its figures are: 机关运行经费决算数.
    fn says_figures(&self, text: &str) -> bool {
        let mut ends = text.char_indices().skip(1).map(|(at, _)| text[at..].trim_start());
        ends.any(|end| end.chars().count() > 2 && self.words.role(end).is_some_and(holds_values))
    }

    /// What speaks for the lowest heading of a column.
    fn leaf(&self, column: usize, node: usize) -> i32 {
        let text = self.nodes[node].text;
        let role = self.words.role(text);
        let code = role == Some(ColumnRole::Sequence) || self.words.is_code(text);
        if code && self.below[column] == Below::Figures {
            return 2;
        }
        let values = role
            .map(holds_values)
            .or_else(|| self.says_figures(text).then_some(true));
        match (self.below[column], values) {
            (Below::Figures, Some(true)) | (Below::Words, Some(false)) => 2,
            (Below::Unknown, Some(_)) | (Below::Words, None) => 0,
            (Below::Unknown, None) => -1,
            (Below::Figures, None | Some(false)) | (Below::Words, Some(true)) => -3,
        }
    }
}

/// Whether a heading with this role stands over names, and over nothing else.
fn is_of_names(role: ColumnRole) -> bool {
    use ColumnRole as R;
    matches!(role, R::Project | R::Indicator | R::Level1 | R::Level2 | R::Level3)
}

/// Whether columns are one of names and then of figures only.
fn names_and_figures(below: &[Below]) -> bool {
    below.len() > 1 && below[0] == Below::Words && below[1..].iter().all(|b| *b == Below::Figures)
}

/// Whether the first two characters of a heading stand in another.
fn opens_in(parent: &str, child: &str) -> bool {
    let end = parent.char_indices().nth(2).map_or(parent.len(), |(at, _)| at);
    child.contains(&parent[..end])
}

/// Characters of the longest text that stands in both, blanks apart.
fn longest_common(a: &str, b: &str) -> usize {
    let chars = |text: &str| -> Vec<char> { text.chars().filter(|c| !c.is_whitespace()).take(40).collect() };
    let (a, b) = (chars(a), chars(b));
    let mut longest = 0;
    let mut before = vec![0; b.len() + 1];
    for x in &a {
        let mut row = vec![0; b.len() + 1];
        for (j, y) in b.iter().enumerate() {
            if x == y {
                row[j + 1] = before[j] + 1;
                longest = longest.max(row[j + 1]);
            }
        }
        before = row;
    }
    longest
}

/// Texts of the lowest heading of each column.
pub(super) fn leaves(headings: &[Heading], width: usize) -> Vec<String> {
    let mut leaves = vec![String::new(); width];
    for heading in headings.iter().filter(|h| h.cols == 1) {
        leaves[heading.col].clone_from(&heading.text);
    }
    leaves
}

/// The headings as rows of a table: what reaches over columns or down is marked as covered.
pub(super) fn block(headings: &[Heading], rows: usize, width: usize) -> Vec<RawRow> {
    let mut block: Vec<RawRow> = vec![vec![RawCell::new(""); width]; rows];
    for heading in headings {
        block[heading.row][heading.col] = solid(&heading.text);
        for reached in &mut block[heading.row][heading.col + 1..heading.col + heading.cols] {
            reached.left = true;
        }
        let below = headings.iter().filter(|h| h.row > heading.row && heading.covers(h.col));
        let end = below.map(|h| h.row).min().unwrap_or(rows);
        for row in &mut block[heading.row + 1..end] {
            for reached in &mut row[heading.col..heading.col + heading.cols] {
                reached.up = true;
            }
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    fn solved(rows: &[&str], below: &str) -> Option<Vec<String>> {
        let patterns = Patterns::builtin().unwrap();
        let words = Words::new(&patterns);
        let rows: Vec<Vec<String>> = rows.iter().map(|r| r.split('|').map(str::to_owned).collect()).collect();
        let kind = |c: char| if c == 'w' { Below::Words } else { Below::Figures };
        let below: Vec<Below> = below.chars().map(kind).collect();
        let headings = solve(&rows, &below, &words)?;
        Some(
            headings
                .iter()
                .map(|h| format!("{}.{}+{} {}", h.row, h.col, h.cols, h.text))
                .collect(),
        )
    }

    #[test]
    fn the_divided_heading_is_the_one_that_shares_words() {
        assert_eq!(
            solved(
                &["项目|上年决算数|本年决算数|比上年增、减情况", "增、减金额|增、减幅度"],
                "wffff"
            )
            .unwrap(),
            [
                "0.0+1 项目",
                "0.1+1 上年决算数",
                "0.2+1 本年决算数",
                "0.3+2 比上年增、减情况",
                "1.3+1 增、减金额",
                "1.4+1 增、减幅度"
            ]
        );
    }

    #[test]
    fn four_rows_of_headings() {
        let rows = [
            "“三公”经费|机关运行经费决算数",
            "合计|因公出国（境）费|公务用车购置及运行费|公务接待费",
            "小计|公务用车购置费|公务用车运行费",
            "预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数|预算数|决算数",
        ];
        let headings = solved(&rows, "fffffffffffff").unwrap();
        assert!(headings.contains(&"0.0+12 “三公”经费".to_owned()), "{headings:?}");
        assert!(headings.contains(&"0.12+1 机关运行经费决算数".to_owned()));
        assert!(headings.contains(&"1.4+6 公务用车购置及运行费".to_owned()));
        assert!(headings.contains(&"2.8+2 公务用车运行费".to_owned()));
    }

    #[test]
    fn where_the_words_do_not_decide_nobody_does() {
        assert_eq!(solved(&["甲类|乙类", "子|丑|寅|卯|辰"], "fffff"), None);
    }
}

//! Which of the first pieces are the headings, and over how many columns they stand.

use super::super::flat::{parted_heading, solid};
use super::super::heading_tree::{self, Below, Best, Heading};
use super::super::place::{Part, parts};
use super::super::sums::Sums;
use super::kind::Kind;
use super::place::{Border, Item};
use super::profile::{BIT, Cost, Profile};
use crate::model::ColumnRole;
use crate::model::RawRow;
use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::mark::circled;
use crate::text::page::is_title;

/// Most columns of a table without borders.
const WIDEST: usize = 24;
/// Most titles before the headings.
pub(super) const TITLES: usize = 6;
/// Ways to divide headings that are looked at before giving up.
const MOST_WAYS: usize = 300;
/// Rows whose figures are asked which heading stands over which.
const PROOF: usize = 12;
/// Rows whose cells are counted.
const WIDTHS: usize = 40;
/// Most rows of headings.
const DEEPEST: usize = 5;
/// Readings that are looked at closely.
const CLOSE: usize = 6;
/// Longest heading, in characters.
const LONGEST_HEADING: usize = 30;
/// Cost of headings that are left out.
const GOES_ON: Cost = 10 * BIT;
/// Cost of a heading of a measure over others.
const UNDIVIDED: Cost = 8 * BIT;
/// Cost of a further row of headings.
const DEEPER: Cost = 12 * BIT;

/// Cost of a known heading right below the headings.
pub(super) const BEHIND: Cost = 10 * BIT;

/// Cost of headings that no row below repeats, where others' are.
pub(super) const ONCE: Cost = 8 * BIT;

/// Cost of a short text right above the headings that is none of them.
pub(super) const STRAY: Cost = 6 * BIT;

/// A way to read the first pieces as headings.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// Pieces of the headings.
    pub head: usize,
    /// Lowest heading of each column.
    pub leaves: Vec<String>,
    /// What each column is by its heading.
    pub roles: Vec<Option<ColumnRole>>,
    /// What each column takes by its heading and those beside it.
    pub parts: Vec<Part>,
    /// Columns that most rows leave empty by their headings.
    pub rare: Vec<bool>,
    /// The first heading is the label at the left of the grid: 绩效指标 before 指标名称.
    pub side: bool,
    /// Rows of headings.
    pub block: Vec<RawRow>,
    /// The last of them numbers the columns.
    pub numbered: bool,
    /// Another way to divide them is about as good.
    pub divided: bool,
    /// Length of their description.
    pub cost: Cost,
    /// What the columns held in the table above, where the headings stand there.
    pub above: Option<Vec<Profile>>,
}

impl Reading {
    /// Of `head` pieces whose lowest headings are `leaves`; `block` holds the rows of headings.
    fn new(head: usize, leaves: Vec<String>, block: Vec<RawRow>, cost: Cost, words: &Words<'_>) -> Self {
        let roles: Vec<Option<ColumnRole>> = leaves.iter().map(|leaf| words.role(leaf)).collect();
        let parts = parts(&roles, &leaves.iter().map(String::as_str).collect::<Vec<_>>(), words);
        let named = |role: &Option<ColumnRole>| role.is_some_and(|role| role != ColumnRole::Other);
        let label = leaves.first().and_then(|leaf| words.label(leaf));
        Reading {
            side: roles.get(1).is_some_and(named) && matches!(label, Some(Label::Side | Label::FundingHead)),
            rare: parts.iter().map(|part| *part == Part::Adjusted).collect(),
            head,
            leaves,
            roles,
            parts,
            block,
            numbered: false,
            divided: false,
            cost,
            above: None,
        }
    }

    /// Of one row of headings.
    fn of_row(head: usize, leaves: Vec<String>, cost: Cost, words: &Words<'_>) -> Self {
        let row = leaves.iter().map(|leaf| solid(leaf)).collect();
        Reading::new(head, leaves, vec![row], cost, words)
    }

    /// Of headings that are told, above the pieces: what each column takes, and the rows that say so.
    pub fn told(leaves: Vec<String>, parts: &[Part], block: Vec<RawRow>, words: &Words<'_>) -> Self {
        let mut reading = Reading::new(0, leaves, block, 0, words);
        for (role, part) in reading.roles.iter_mut().zip(parts) {
            match part {
                Part::Name if role.is_none_or(|role| role.measure().is_some()) => *role = Some(ColumnRole::Project),
                Part::Side => *role = None,
                _ => {}
            }
        }
        Reading {
            side: parts.first() == Some(&Part::Side),
            rare: parts.iter().map(|part| *part == Part::Adjusted).collect(),
            parts: parts.to_vec(),
            ..reading
        }
    }

    /// Of `rows` rows of headings that stand over each other, with what speaks for that.
    fn of_tree(head: usize, rows: usize, n: usize, tree: &Tree, cost: Cost, words: &Words<'_>) -> Self {
        let (score, headings) = tree;
        // 预算金额 says itself what its figures are: it has no parts.
        let says = |h: &&Heading| h.cols > 1 && words.role(&h.text).is_some_and(is_undivided);
        let undivided = headings.iter().filter(says).count() as Cost;
        let deeper = (rows - 1) as Cost * DEEPER + undivided * UNDIVIDED - (*score).clamp(0, 6) as Cost * BIT;
        let block = heading_tree::block(headings, rows, n);
        Reading::new(head, heading_tree::leaves(headings, n), block, cost + deeper, words)
    }

    /// Takes in the row right below the headings that numbers the columns, if there is one.
    pub fn take_numbers(&mut self, texts: &[&str]) {
        let n = self.leaves.len();
        let Some(row) = texts.get(self.head..).and_then(|below| numbers_row(below, n)) else {
            return;
        };
        self.head += row.len();
        let mut cells: RawRow = row.iter().map(|text| solid(text)).collect();
        // The column of names has no number.
        while cells.len() < n {
            cells.insert(0, solid(""));
        }
        self.block.push(cells);
        self.numbered = true;
    }

    /// The same headings, where the label that may stand left of a grid is the heading of its names: 绩效指标 ∣ 目标值.
    pub fn names_first(&self) -> Option<Self> {
        let naming = matches!(
            self.roles.first(),
            Some(Some(ColumnRole::Indicator | ColumnRole::Project))
        );
        (self.side && naming).then(|| Reading {
            side: false,
            ..self.clone()
        })
    }

    /// Whether it is a grid of indicators with points.
    pub fn takes_points(&self) -> bool {
        let has = |role| self.roles.contains(&Some(role));
        has(ColumnRole::Score) && (has(ColumnRole::Target) || has(ColumnRole::ActualValue))
    }

    /// Whether the lowest headings stand again among the texts below, one behind the other.
    pub fn is_repeated(&self, below: &[&str]) -> bool {
        self.leaves.len() > 2 && below.windows(self.leaves.len()).any(|texts| texts == self.leaves)
    }

    /// The columns of a table above, for one that goes on below a title without headings.
    pub fn goes_on(&self, profiles: Vec<Profile>) -> Self {
        Reading {
            head: 0,
            block: Vec::new(),
            cost: GOES_ON,
            above: Some(profiles),
            ..self.clone()
        }
    }
}

/// Whether nothing stands below a heading but its column: amounts, numbers, levels.
fn is_undivided(role: ColumnRole) -> bool {
    use ColumnRole as R;
    role.measure().is_some() || matches!(role, R::Sequence | R::Level1 | R::Level2 | R::Level3)
}

/// The row that numbers `n` columns: 1, 2, 3, also behind 栏次, or without a number for the first column.
fn numbers_row<'t>(texts: &'t [&'t str], n: usize) -> Option<&'t [&'t str]> {
    let label = usize::from(
        texts
            .first()?
            .chars()
            .all(|c| !c.is_ascii_digit() && circled(c).is_none()),
    );
    let mut next = 1;
    let numbers = texts[label..].iter().take(n).take_while(|text| {
        let numbered = column_number(text) == Some(next);
        next += 1;
        numbered
    });
    let numbers = numbers.count();
    let labelled = label == 1 && texts[0].chars().count() <= 3 && numbers + 1 == n;
    let bare = label == 0 && (numbers == n || numbers + 1 == n);
    (numbers > 1 && (labelled || bare)).then(|| &texts[..label + numbers])
}

/// 1, (1), ①, 3=1+2.
fn column_number(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    if let (Some(number), None) = (chars.next().and_then(circled), chars.next()) {
        return Some(number);
    }
    let bare = text
        .trim_start_matches(['(', '（', '第'])
        .trim_end_matches([')', '）', '栏', '列']);
    let (number, formula) = bare.split_once('=').unwrap_or((bare, ""));
    let formal = formula
        .chars()
        .all(|c| c.is_ascii_digit() || "+-*/×÷()（）%".contains(c));
    number.parse().ok().filter(|_| formal && number.len() < 3)
}

/// Headings that stand over each other, and what speaks for that way.
type Tree = (i32, Vec<Heading>);

/// Cost of a piece as a heading; `None` when it can be none.
fn heading(text: &str, kind: Kind, words: &Words<'_>) -> Option<Cost> {
    if text.chars().count() > LONGEST_HEADING || is_title(text) {
        return None;
    }
    if words.role(text).is_some() {
        return Some(BIT);
    }
    let bits = match kind {
        Kind::Short | Kind::Words => 5,
        Kind::Unit | Kind::RowName => 6,
        Kind::Level1 | Kind::Level2 | Kind::Qualitative => 9,
        Kind::Phrase | Kind::Outline => 8,
        Kind::Date | Kind::Value => 8,
        Kind::Empty => 8,
        _ => return None,
    };
    Some(bits * BIT)
}

/// Pieces at which the headings may begin: the first, or one behind titles.
pub(super) fn starts(texts: &[&str], items: &[Item], words: &Words<'_>) -> Vec<usize> {
    let mut starts = Vec::new();
    for at in 0..items.len().min(TITLES) {
        if heading(texts[at], items[at].kind, words).is_some() && items[at].kind != Kind::Empty {
            starts.push(at);
        }
        if items[at].kind.is_figure() {
            break;
        }
    }
    starts
}

/// Ways to read headings at the first piece on, the likelier ones.
pub(super) fn readings(texts: &[&str], items: &[Item], words: &Words<'_>) -> Vec<Reading> {
    let costs: Vec<Cost> = texts
        .iter()
        .zip(items)
        .map_while(|(text, item)| heading(text, item.kind, words))
        .take(2 * WIDEST)
        .collect();
    let mut sums = vec![0];
    for cost in &costs {
        sums.push(sums[sums.len() - 1] + cost);
    }
    // (cost, pieces of headings, columns)
    let mut rough: Vec<(Cost, usize, usize)> = Vec::new();
    for head in 2..=costs.len() {
        for n in head.div_ceil(2).max(2)..=head.min(WIDEST) {
            if items.len() < head + n {
                continue;
            }
            let deeper = if n < head { DEEPER } else { 0 };
            let flat = n == head;
            let roles = |j: usize| if flat { words.role(texts[j]) } else { None };
            let cost = sums[head] + deeper + in_step(&items[head..items.len().min(96.max(head))], n, roles);
            rough.push((cost, head, n));
        }
    }
    // A known heading right behind the headings, or one of them again, is more likely one of them.
    let behind = |head: usize| -> Cost {
        let again = |text: &&str| words.role(text).is_some() || texts[..head].contains(text);
        let items = items[head..].iter().zip(&texts[head..]);
        let row = items.take_while(|(item, _)| !item.kind.is_value());
        let more = row.filter(|(item, text)| item.kind.is_words() && item.kind != Kind::RowName && again(text));
        BEHIND * more.count().min(4) as Cost
    };
    for (cost, head, _) in &mut rough {
        *cost += behind(*head);
    }
    rough.sort_unstable();
    // Up to the last known heading before the first figure.
    let before = items[..costs.len()].iter().take_while(|i| !i.kind.is_value()).count();
    let known = texts[..before]
        .iter()
        .rposition(|t| words.role(t).is_some())
        .map_or(0, |at| at + 1);
    let mut kept: Vec<(usize, usize)> = rough.iter().take(CLOSE).map(|(_, head, n)| (*head, *n)).collect();
    if (2..=WIDEST).contains(&known) && !kept.contains(&(known, known)) && items.len() >= 2 * known {
        kept.push((known, known));
    }
    kept.into_iter()
        .filter_map(|(head, n)| reading(texts, head, items, n, sums[head] + behind(head), words))
        .collect()
}

/// Ways to read the first rows as headings, where rows are told apart.
pub(super) fn of_rows(texts: &[&str], items: &[Item], words: &Words<'_>) -> Vec<Reading> {
    let borders: Vec<usize> = row_starts(items).take(DEEPEST + 1).collect();
    let mut readings = Vec::new();
    let mut cost = 0;
    for (depth, two) in borders.windows(2).enumerate() {
        let costs = (two[0]..two[1]).map(|at| heading(texts[at], items[at].kind, words));
        let Some(own) = costs.sum::<Option<Cost>>() else { break };
        cost += own;
        let head = &texts[..two[1]];
        let rows: Vec<Vec<String>> = borders[..=depth + 1]
            .windows(2)
            .map(|two| texts[two[0]..two[1]].iter().map(|t| (*t).to_owned()).collect())
            .collect();
        // A known heading in the row below is one of the headings.
        let next = items[two[1]..]
            .iter()
            .enumerate()
            .take_while(|(at, i)| *at == 0 || i.border != Border::Row);
        let more = next
            .filter(|(_, i)| i.heading && i.kind != Kind::RowName)
            .count()
            .min(4) as Cost;
        let cost = cost + more * BEHIND;
        if depth == 0 {
            if (2..=WIDEST).contains(&head.len()) {
                readings.extend(reading(texts, head.len(), items, head.len(), cost, words));
            }
            readings.extend(joined(head, cost, words));
            continue;
        }
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        // As many columns as the longest row has cells, or one or two that every row leaves out.
        let longest = widths(&items[two[1]..]).max().unwrap_or(0).max(widest);
        for n in longest..=(longest + 2).min(head.len()).min(WIDEST) {
            let under = below(&whole_rows(&items[two[1]..], n), n);
            if let Some(tree) = heading_tree::scored(&rows, &under, words, MOST_WAYS) {
                readings.push(Reading::of_tree(head.len(), rows.len(), n, &tree, cost, words));
            }
        }
    }
    readings
}

/// The items that begin a row.
fn row_starts(items: &[Item]) -> impl Iterator<Item = usize> {
    (0..items.len()).filter(|at| *at == 0 || items[*at].border == Border::Row)
}

/// How many items each of the first rows has.
fn widths(items: &[Item]) -> impl Iterator<Item = usize> {
    let borders: Vec<usize> = row_starts(items).take(WIDTHS).collect();
    (1..borders.len()).map(move |row| borders[row] - borders[row - 1])
}

/// The headings of one row where blanks part some of them: 年度 指标值.
fn joined(head: &[&str], cost: Cost, words: &Words<'_>) -> Option<Reading> {
    let mut leaves: Vec<String> = Vec::new();
    for text in head {
        match leaves.last_mut() {
            Some(last) if parted_heading(last, text, words) => last.push_str(text),
            _ => leaves.push((*text).to_owned()),
        }
    }
    let parted = (head.len() - leaves.len()) as Cost;
    let may = parted > 0 && (2..=WIDEST).contains(&leaves.len());
    may.then(|| Reading::of_row(head.len(), leaves, cost + 2 * parted * BIT, words))
}

/// The rows of as many items as there are columns, one behind the other.
fn whole_rows(items: &[Item], n: usize) -> Vec<Item> {
    let mut borders: Vec<usize> = row_starts(items).collect();
    borders.push(items.len());
    let whole = borders.windows(2).filter(|two| two[1] - two[0] == n);
    whole.flat_map(|two| &items[two[0]..two[1]]).copied().collect()
}

/// What stands in each column of rows that are whole.
fn below(items: &[Item], n: usize) -> Vec<Below> {
    (0..n)
        .map(|j| {
            let column = items.iter().skip(j).step_by(n).take(8);
            let figures = column.clone().filter(|i| i.kind.is_value()).count();
            match (figures * 2 > column.clone().count(), figures == 0) {
                (true, _) => Below::Figures,
                (_, true) if column.len() > 0 => Below::Words,
                _ => Below::Unknown,
            }
        })
        .collect()
}

/// Cost of the first rows if nothing is left out of them.
fn in_step(items: &[Item], n: usize, role: impl Fn(usize) -> Option<ColumnRole>) -> Cost {
    let mut profiles: Vec<Profile> = (0..n).map(|j| Profile::new(role(j))).collect();
    let placed = items.iter().enumerate();
    placed.map(|(at, item)| profiles[at % n].take(item.kind)).sum()
}

/// The headings in the first `head` of `texts` over `n` columns, in one row or two.
fn reading(texts: &[&str], head: usize, items: &[Item], n: usize, cost: Cost, words: &Words<'_>) -> Option<Reading> {
    let (head, body) = texts.split_at(head);
    let below = &items[head.len()..];
    if head.len() == n {
        let leaves = head.iter().map(|t| (*t).to_owned()).collect();
        return Some(Reading::of_row(n, leaves, cost, words));
    }
    let under = self::below(below, n);
    let rows = rows_in_step(body, below, n);
    let sums = Sums::new(rows.iter().map(Vec::as_slice), words);
    let proof = |headings: &[Heading]| sums.speak_for(headings);
    // Each heading above others has one below it at least, two where there are too many ways.
    let parents = head.len() - n;
    let divided = |top: usize, least: usize| {
        if head.len() - top < least * parents {
            return None;
        }
        let rows: Vec<Vec<String>> = [&head[..top], &head[top..]]
            .iter()
            .map(|row| row.iter().map(|t| (*t).to_owned()).collect())
            .collect();
        heading_tree::best(&rows, &under, words, MOST_WAYS, &proof, least)
    };
    let tops = parents.max(2)..head.len();
    let mut solved: Vec<Best> = tops
        .filter_map(|top| divided(top, 1).or_else(|| divided(top, 2)))
        .collect();
    solved.sort_by_key(|best| -best.score);
    let mut solved = solved.into_iter();
    let best = solved.next()?;
    let divided = !best.is_clear() || solved.next().is_some_and(|other| other.score + 2 > best.score);
    let tree = (best.score, best.headings);
    let reading = Reading {
        divided,
        ..Reading::of_tree(head.len(), 2, n, &tree, cost, words)
    };
    // A heading does not stand above itself.
    let above_itself = |h: &Heading| h.cols > 1 && reading.leaves.contains(&h.text);
    (!tree.1.iter().any(above_itself)).then_some(reading)
}

/// The first rows of `n` cells, as long as each has figures where the first one has them.
fn rows_in_step(texts: &[&str], items: &[Item], n: usize) -> Vec<Vec<String>> {
    let figures = |row: &[Item]| -> Vec<bool> { row.iter().map(|item| item.kind.is_value()).collect() };
    let first = items.get(..n).map(figures).unwrap_or_default();
    let rows = texts.chunks_exact(n).zip(items.chunks_exact(n));
    rows.take(PROOF)
        .take_while(|(_, items)| figures(items) == first)
        .map(|(texts, _)| texts.iter().map(|text| (*text).to_owned()).collect())
        .collect()
}

//! Puts the words of flattened rows into the columns that a heading names.
//!
//! Words keep their order, a column takes none, one or several of them. Each assignment has a cost in hundredths:
//! what speaks against a word in a column, against a column left empty, against two words in one cell. The cheapest
//! assignment counts only for words that no other assignment of about the same cost puts elsewhere: what is not
//! certain is not placed.

use crate::model::ColumnRole;
use crate::pattern::label::Label;
use crate::pattern::token::{Kind, Token, is_comparator};
use crate::pattern::wording::{Words, first_value, name_column};
use crate::text::date;

/// What a column takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The label left of a grid.
    Side,
    /// 序号.
    Sequence,
    /// First or second level, or the project that indicators belong to.
    Group(Group),
    /// The row's name.
    Name,
    /// Target or actual.
    Value,
    /// A target that was adjusted, which most rows leave empty.
    Adjusted,
    /// The actual beside such a target.
    Actual,
    /// Money.
    Money,
    /// Rate.
    Rate,
    /// 分值, 得分.
    Points,
    /// Reason, remark: free text.
    Note,
    /// 度量单位.
    Unit,
    /// 指标性质.
    Comparator,
    /// A heading that no role names.
    Other,
}

/// Kind of a grouping column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// 一级指标.
    Level1,
    /// 二级指标.
    Level2,
    /// 二级指标 of a grid without a first level: takes words of both.
    AnyLevel,
    /// 一级项目 and others with names of their own.
    Free,
}

/// Not possible.
const NEVER: u32 = 100_000;
/// The next best assignment of a certain word costs at least this much more.
const MARGIN: u32 = 40;
/// A row that costs more is no row of this table.
const DEAREST: u32 = 330;

impl Part {
    /// Whether it takes targets or actuals.
    pub fn is_value(self) -> bool {
        matches!(self, Part::Value | Part::Adjusted | Part::Actual)
    }

    /// Whether it takes labels that a cell merged downwards gives to several rows.
    pub fn is_group(self) -> bool {
        matches!(self, Part::Group(_) | Part::Side)
    }
}

/// Columns of a heading's roles.
pub(super) fn parts(roles: &[Option<ColumnRole>], headings: &[&str], words: &Words<'_>) -> Vec<Part> {
    use ColumnRole as R;
    let name = name_column(roles);
    let first_value = first_value(roles).unwrap_or(roles.len());
    let level1 = roles.contains(&Some(R::Level1));
    let indicators = roles
        .iter()
        .flatten()
        .any(|r| matches!(r, R::Target | R::ActualValue | R::Indicator));
    // 年初指标值 ∣ 调整指标值 ∣ 全年完成值.
    let target = |adjusted: bool| {
        let mut both = roles.iter().zip(headings);
        both.any(|(role, heading)| *role == Some(R::Target) && is_adjusted(heading) == adjusted)
    };
    let adjusted = target(true) && target(false) && roles.contains(&Some(R::ActualValue));
    let part = |(index, role): (usize, &Option<R>)| match role {
        _ if index == name && index < first_value => Part::Name,
        Some(R::Sequence) => Part::Sequence,
        Some(R::Level1 | R::Level2) if !indicators => Part::Group(Group::Free),
        Some(R::Level1) => Part::Group(Group::Level1),
        Some(R::Level2) => Part::Group(if level1 { Group::Level2 } else { Group::AnyLevel }),
        Some(R::Project | R::Indicator | R::Level3) if index < name => Part::Group(Group::Free),
        Some(R::Target) if adjusted && is_adjusted(headings[index]) => Part::Adjusted,
        Some(R::ActualValue) if adjusted => Part::Actual,
        Some(R::Target | R::ActualValue) => Part::Value,
        Some(R::Weight | R::Score) => Part::Points,
        Some(R::ExecutionRate | R::ChangeRate) => Part::Rate,
        Some(R::Reason | R::Remark) => Part::Note,
        Some(R::Unit) => Part::Unit,
        Some(R::Comparator) => Part::Comparator,
        Some(role) if role.measure().is_some() => Part::Money,
        None if index < name && is_side(words.label(headings[index])) => Part::Side,
        None if index < name => Part::Group(Group::Free),
        // 得分系数: a percentage.
        _ if headings[index].contains("系数") => Part::Rate,
        _ => Part::Other,
    };
    roles.iter().enumerate().map(part).collect()
}

/// Whether a label stands left of a grid; 主管部门 among headings is the heading of names.
fn is_side(label: Option<Label>) -> bool {
    matches!(
        label,
        Some(Label::Side | Label::FundingHead | Label::Goal | Label::GoalColumn)
    )
}

fn is_adjusted(heading: &str) -> bool {
    heading.contains("调整")
}

/// What speaks against a word in a column.
pub(super) fn accept(token: &Token, part: Part) -> u32 {
    use Kind as K;
    // 定量指标 says of what nature an indicator is, % alone what its figures are in: neither is a name or a value.
    let nature = matches!(token.text.as_str(), "定性" | "定量" | "定性指标" | "定量指标");
    let percent = matches!(token.text.as_str(), "%" | "％");
    if token.text.is_empty() {
        return match part {
            Part::Name => 100,
            Part::Group(_) | Part::Side | Part::Sequence => 60,
            _ => 0,
        };
    }
    if is_cut(&token.text) {
        return NEVER;
    }
    match (part, token.kind) {
        (Part::Comparator, _) if nature => 0,
        (Part::Unit, _) if percent => 0,
        (Part::Other, _) if nature || percent => 30,
        _ if nature || percent => NEVER,

        (Part::Side, K::Side) => 0,
        (Part::Side, _) => NEVER,

        (Part::Sequence, K::Number) if token.text.bytes().all(|b| b.is_ascii_digit()) && token.text.len() <= 3 => 0,
        (Part::Sequence, _) => NEVER,

        (Part::Group(Group::Level1), K::Level1) | (Part::Group(Group::Level2), K::Level2 | K::EitherLevel) => 0,
        (Part::Group(Group::AnyLevel), K::Level1 | K::Level2 | K::EitherLevel) => 0,
        (Part::Group(Group::Level1), K::EitherLevel) => 45,
        (Part::Group(Group::Free), K::Text | K::Numbered) => 10,
        (Part::Group(Group::Free), K::Level1 | K::Level2 | K::EitherLevel) => 150,
        (Part::Group(_), K::Text) => 60,
        (Part::Group(_), K::Level1 | K::Level2) => 150,
        (Part::Group(_), _) => NEVER,

        (Part::Name, K::Text | K::Numbered | K::Filler) => 0,
        (Part::Name, K::Qualitative) => 100,
        (Part::Name, K::Level1 | K::Level2 | K::EitherLevel | K::Value) => 120,
        (Part::Name, K::Number) => 300,
        (Part::Name, _) => NEVER,

        // ≥8次 is a target rather than an actual.
        (Part::Actual, K::Value) if token.text.starts_with(is_comparator) => 60,
        (Part::Value | Part::Adjusted | Part::Actual, K::Value | K::Percent | K::Qualitative) => 0,
        (Part::Value | Part::Adjusted | Part::Actual, K::Number) => 20,
        (Part::Value | Part::Adjusted | Part::Actual, K::Dash) => 40,
        (Part::Value | Part::Adjusted | Part::Actual, K::Text) => 80,
        (Part::Value | Part::Adjusted | Part::Actual, K::Level1 | K::Level2 | K::EitherLevel) => 250,
        (Part::Value | Part::Adjusted | Part::Actual, _) => NEVER,

        (Part::Points, K::Number) if token.part_row => 80,
        (Part::Points, K::Number) => 0,
        (Part::Points, K::Dash) => 30,
        (Part::Points, K::Percent) => 100,
        (Part::Points, K::Value) if token.text.ends_with('分') => 30,
        (Part::Points, _) => NEVER,

        (Part::Money, K::Number) => 0,
        (Part::Money, K::Dash) => 10,
        (Part::Money, K::Value) if token.text.ends_with(['元', '万', '亿']) => 20,
        (Part::Money, _) => NEVER,

        (Part::Rate, K::Percent) => 0,
        (Part::Rate, K::Number) => 45,
        (Part::Rate, K::Dash) => 10,
        (Part::Rate, _) => NEVER,

        (Part::Note, K::Text) => 30,
        (Part::Note, K::Dash) => 10,
        (Part::Note, K::Qualitative) => 50,
        (Part::Note, K::Value) => 150,
        (Part::Note, K::Percent | K::Number) => 250,
        (Part::Note, K::Numbered | K::Filler) => 200,
        (Part::Note, _) => 300,

        (Part::Unit, K::Text | K::Qualitative) if token.text.chars().count() <= 6 => 20,
        (Part::Unit, K::Dash) => 10,
        (Part::Unit, _) => NEVER,

        (Part::Comparator, K::Comparator) => 0,
        (Part::Comparator, _) => NEVER,

        (Part::Other, K::Text) => 30,
        (Part::Other, _) => 60,
    }
}

/// Whether a figure ends where its rest should begin (11475739. before 28): it is neither a figure nor a name, but the
/// number of a chapter (1.) is short.
pub(super) fn is_cut(text: &str) -> bool {
    let Some(whole) = text.strip_suffix(['.', ',', '，', '．']) else {
        return false;
    };
    let digits = whole.chars().filter(char::is_ascii_digit).count();
    let figure = whole
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ',' | '，' | '-' | '¥' | '￥'));
    figure && (digits > 2 || digits > 0 && whole.contains([',', '，']))
}

/// Whether a word can stand in a column at all.
pub(super) fn is_possible(token: &Token, part: Part) -> bool {
    accept(token, part) < NEVER
}

/// What speaks against an empty column.
fn skip(part: Part, part_row: bool) -> u32 {
    match part {
        Part::Side | Part::Note => 0,
        Part::Group(_) => 5,
        Part::Points if part_row => 10,
        Part::Sequence | Part::Other => 30,
        Part::Rate if part_row => 20,
        Part::Rate => 60,
        Part::Unit | Part::Comparator => 60,
        Part::Points | Part::Money => 80,
        Part::Adjusted => 20,
        Part::Value | Part::Actual => 100,
        Part::Name => 300,
    }
}

/// What speaks against a word in the same cell as the word before it.
fn merge(before: &Token, token: &Token, part: Part) -> u32 {
    let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let fragment = |t: &Token| t.kind == Kind::Text && t.text.is_ascii();
    // Blanks stand around Latin letters and digits inside a name: 新增 5G 基站数量.
    let spaced = if fragment(before) || fragment(token) {
        Some(10)
    } else {
        (ascii(before.text.chars().last()) || ascii(token.text.chars().next())).then_some(50)
    };
    let textual = !token.kind.is_value() && token.kind != Kind::Dash;
    // 其中：财政拨款 begins a row; a cell known to be empty is one of its own.
    let apart = before.text.is_empty() || token.text.is_empty();
    // Only a note has several paragraphs.
    let whole = before.whole && token.whole && !matches!(part, Part::Note | Part::Other);
    if before.part_row != token.part_row || apart || whole || is_cut(&token.text) {
        return NEVER;
    }
    match part {
        Part::Name if textual => spaced.unwrap_or(120),
        Part::Group(_) if textual => spaced.unwrap_or(120) + 10,
        Part::Value | Part::Adjusted | Part::Actual if textual => spaced.unwrap_or(120) + 30,
        Part::Note => 30,
        Part::Other if textual => 130,
        _ => NEVER,
    }
}

/// Columns of a row's words, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Placed {
    /// The column of each word.
    Columns(Vec<usize>),
    /// Several assignments are about as good.
    Ambiguous,
    /// The words are no row of this table.
    NoRow,
}

/// Columns of a row that has a name and nothing else, labels before it apart: a filler, a fund without figures.
pub(super) fn bare_name(tokens: &[Token], parts: &[Part], is_name: bool) -> Option<Vec<usize>> {
    let (last, labels) = tokens.split_last()?;
    let name = parts.iter().position(|part| *part == Part::Name)?;
    if !(last.kind == Kind::Filler || is_name) || !labels.iter().all(|t| t.kind.is_label()) {
        return None;
    }
    let mut columns = match (labels.is_empty(), row(labels, &parts[..name], false)) {
        (true, _) => Vec::new(),
        (false, Placed::Columns(columns)) => columns,
        (false, _) => return None,
    };
    columns.push(name);
    Some(columns)
}

/// Columns of a row that has a figure for each column of values and nothing else.
pub(super) fn values_of(tokens: &[Token], parts: &[Part]) -> Option<Vec<usize>> {
    let value = |part: &Part| matches!(part, Part::Money | Part::Rate | Part::Points);
    let columns: Vec<usize> = (0..parts.len()).filter(|j| value(&parts[*j])).collect();
    let fits = tokens.len() == columns.len()
        && tokens
            .iter()
            .zip(&columns)
            .all(|(token, j)| is_possible(token, parts[*j]));
    fits.then_some(columns)
}

/// Places the words of one row; `merges` allows several words in one cell.
pub(super) fn row(tokens: &[Token], parts: &[Part], merges: bool) -> Placed {
    let (n, c) = (tokens.len(), parts.len());
    if n == 0 || c == 0 || n > 200 {
        return Placed::NoRow;
    }
    let part_row = tokens.iter().any(|t| t.part_row);
    // Cost of leaving the columns before j empty.
    let mut empty = vec![0u32; c + 1];
    for (j, part) in parts.iter().enumerate() {
        empty[j + 1] = empty[j] + skip(*part, part_row);
    }
    // What speaks against word i in column j, alone and together with the word before it; computed once.
    let alone: Vec<u32> = (0..n * c).map(|at| accept(&tokens[at / c], parts[at % c])).collect();
    let cost = |i: usize, j: usize| alone[i * c + j];
    let joined = |i: usize, j: usize| match merges {
        true => merge(&tokens[i - 1], &tokens[i], parts[j]).saturating_add(cost(i, j).min(80)),
        false => NEVER,
    };
    let together: Vec<u32> = (c..n * c).map(|at| joined(at / c, at % c)).collect();
    let together = |i: usize, j: usize| together[(i - 1) * c + j];
    // Cheapest way to reach word i in column j, and to go on from it.
    let mut forward = vec![NEVER; n * c];
    let mut backward = vec![NEVER; n * c];
    for j in 0..c {
        forward[j] = (empty[j] + cost(0, j)).min(NEVER);
        backward[(n - 1) * c + j] = empty[c] - empty[j + 1];
    }
    for i in 1..n {
        // Cheapest way to word i - 1 in some column before j, the columns after it empty.
        let mut open = NEVER;
        for j in 0..c {
            if j > 0 {
                open = (open + empty[j] - empty[j - 1]).min(forward[(i - 1) * c + j - 1]);
            }
            let best = (forward[(i - 1) * c + j] + together(i, j)).min(open + cost(i, j));
            forward[i * c + j] = best.min(NEVER);
        }
    }
    for i in (0..n - 1).rev() {
        let mut open = NEVER;
        for j in (0..c).rev() {
            if j + 1 < c {
                let next = backward[(i + 1) * c + j + 1] + cost(i + 1, j + 1);
                open = (open + empty[j + 2] - empty[j + 1]).min(next);
            }
            let best = (backward[(i + 1) * c + j] + together(i + 1, j)).min(open);
            backward[i * c + j] = best.min(NEVER);
        }
    }
    let mut columns = Vec::with_capacity(n);
    for i in 0..n {
        let total = |j: usize| forward[i * c + j] + backward[i * c + j];
        let Some(best) = (0..c).min_by_key(|j| total(*j)) else {
            return Placed::NoRow;
        };
        if total(best) > DEAREST {
            return Placed::NoRow;
        }
        // Which of two grouping columns holds a label changes no figure.
        let group = |j: usize| parts[j].is_group();
        let rival = (0..c).filter(|j| *j != best && !(group(*j) && group(best)));
        let close = rival.map(total).min().is_some_and(|other| other < total(best) + MARGIN);
        // Nor does which of two empty cells holds the dash.
        if close && tokens[i].kind != Kind::Dash {
            return Placed::Ambiguous;
        }
        columns.push(best);
    }
    if columns.windows(2).any(|w| w[1] < w[0])
        || misnamed(tokens, &columns, parts)
        || slid(&columns, parts)
        || money_slid(tokens, &columns, parts)
    {
        return Placed::Ambiguous;
    }
    Placed::Columns(columns)
}

/// Whether the name of a row is no name: a label of levels behind columns for them, a target, or a date beside a word.
pub(super) fn misnamed(tokens: &[Token], columns: &[usize], parts: &[Part]) -> bool {
    let level = |part: &Part| matches!(part, Part::Group(Group::Level1 | Group::Level2 | Group::AnyLevel));
    let leveled = |name: usize| parts[..name].iter().any(level);
    let placed = || {
        tokens
            .iter()
            .zip(columns)
            .filter(|(_, column)| parts[**column] == Part::Name)
    };
    let several = placed().count() > 1;
    placed().any(|(token, name)| {
        let no_name = match token.kind {
            kind if kind.is_label() => token.full_label,
            Kind::Value => token.text.starts_with(is_comparator),
            _ => several && date::whole(&token.text).is_some(),
        };
        no_name && (several || leveled(*name))
    })
}

/// Whether amounts may have slid: of three columns of money or more (年初预算 ∣ 全年预算 ∣ 执行) some hold no figure, and
/// the row has fewer words than columns, so that any of them may be the one that is blank.
fn money_slid(tokens: &[Token], columns: &[usize], parts: &[Part]) -> bool {
    let all = parts.iter().filter(|part| **part == Part::Money).count();
    let placed = tokens.iter().zip(columns);
    let figures = placed.filter(|(token, column)| token.kind.is_value() && parts[**column] == Part::Money);
    let figures = figures.count();
    all > 2 && (1..all).contains(&figures) && tokens.len() < parts.len()
}

/// Whether values may have slid: of three columns of values or more (年初指标值 ∣ 调整指标值 ∣ 完成值) one that is left
/// empty before the points could be any of them.
fn slid(columns: &[usize], parts: &[Part]) -> bool {
    let value = |p: &&Part| p.is_value();
    if parts.iter().filter(value).count() < 3 {
        return false;
    }
    let first = parts.iter().position(|p| value(&p)).unwrap_or(0);
    let end = parts
        .iter()
        .position(|p| *p == Part::Points)
        .unwrap_or(parts.len())
        .max(first);
    (first..end).any(|column| parts[column] != Part::Adjusted && !columns.contains(&column))
}

/// A word of a stream and where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InStream {
    /// Row, counted from 0.
    pub row: usize,
    /// Column.
    pub col: usize,
    /// No other assignment of about the same cost puts it into another column.
    pub certain: bool,
}

/// Places words whose rows are not told apart: after any word a new row may begin.
///
/// The cost of the whole stream is minimized, and each word judged by the cheapest stream that puts it elsewhere.
pub(super) fn stream(tokens: &[Token], parts: &[Part]) -> Vec<InStream> {
    const FAR: u64 = u64::MAX / 8;
    const NEW_ROW: u64 = 5;
    let (n, c) = (tokens.len(), parts.len());
    if n == 0 || c == 0 {
        return Vec::new();
    }
    let empty_of = |part_row: bool| -> Vec<u64> {
        let mut sums = vec![0u64; c + 1];
        for (j, part) in parts.iter().enumerate() {
            sums[j + 1] = sums[j] + u64::from(skip(*part, part_row));
        }
        sums
    };
    let (whole, of_part) = (empty_of(false), empty_of(true));
    let empty = |i: usize| if tokens[i].part_row { &of_part } else { &whole };
    let far = |cost: u32| if cost >= NEVER { FAR } else { u64::from(cost) };
    // Line breaks part the words of names here, so a text is less sure to be a group's label than on one line.
    let one = |i: usize, j: usize| match (accept(&tokens[i], parts[j]), parts[j]) {
        (60, Part::Group(_)) => 100,
        (cost, _) => far(cost),
    };
    let alone: Vec<u64> = (0..n * c).map(|at| one(at / c, at % c)).collect();
    let cost = |i: usize, j: usize| alone[i * c + j];
    let joined =
        |i: usize, j: usize| far(merge(&tokens[i - 1], &tokens[i], parts[j])).saturating_add(cost(i, j).min(80));
    let together: Vec<u64> = (c..n * c).map(|at| joined(at / c, at % c)).collect();
    let together = |i: usize, j: usize| together[(i - 1) * c + j];
    // From word i - 1 in column k to word i in column j.
    let step = |i: usize, k: usize, j: usize| -> (u64, bool) {
        let (before, here) = (empty(i - 1), empty(i));
        let wrap = before[c] - before[k + 1] + here[j] + NEW_ROW + cost(i, j);
        let along = match k.cmp(&j) {
            std::cmp::Ordering::Less => before[j] - before[k + 1] + cost(i, j),
            std::cmp::Ordering::Equal => together(i, j),
            std::cmp::Ordering::Greater => FAR,
        };
        if wrap < along { (wrap, true) } else { (along, false) }
    };
    let mut forward = vec![FAR; n * c];
    let mut backward = vec![FAR; n * c];
    for j in 0..c {
        forward[j] = (empty(0)[j] + cost(0, j)).min(FAR);
        let last = empty(n - 1);
        backward[(n - 1) * c + j] = last[c] - last[j + 1];
    }
    for i in 1..n {
        for j in 0..c {
            let costs = (0..c).map(|k| forward[(i - 1) * c + k].saturating_add(step(i, k, j).0));
            forward[i * c + j] = costs.min().unwrap_or(FAR).min(FAR);
        }
    }
    for i in (0..n - 1).rev() {
        for k in 0..c {
            let costs = (0..c).map(|j| backward[(i + 1) * c + j].saturating_add(step(i + 1, k, j).0));
            backward[i * c + k] = costs.min().unwrap_or(FAR).min(FAR);
        }
    }
    // The cheapest stream, then how much dearer each word's next best column is.
    let mut placed: Vec<InStream> = Vec::with_capacity(n);
    let mut row = 0;
    for i in 0..n {
        let best = match placed.last() {
            None => (0..c).min_by_key(|j| forward[*j].saturating_add(backward[*j])),
            Some(last) => {
                let k = last.col;
                (0..c).min_by_key(|j| step(i, k, *j).0.saturating_add(backward[i * c + j]))
            }
        };
        let best = best.unwrap_or(0);
        if let Some(last) = placed.last()
            && step(i, last.col, best).1
        {
            row += 1;
        }
        let total = |j: usize| forward[i * c + j].saturating_add(backward[i * c + j]);
        let group = |j: usize| parts[j].is_group();
        let rival = (0..c)
            .filter(|j| *j != best && !(group(*j) && group(best)))
            .map(total)
            .min();
        let clear = rival.is_none_or(|rival| rival >= total(best) + u64::from(MARGIN));
        let certain = total(best) < FAR && (clear || tokens[i].kind == Kind::Dash);
        placed.push(InStream {
            row,
            col: best,
            certain,
        });
    }
    placed
}

/// What speaks against a row as a whole: words, gaps and merges.
pub(super) fn row_cost(tokens: &[Token], columns: &[usize], parts: &[Part]) -> u32 {
    let part_row = tokens.iter().any(|t| t.part_row);
    let mut sum = 0u32;
    for (i, (token, column)) in tokens.iter().zip(columns).enumerate() {
        sum = sum.saturating_add(accept(token, parts[*column]));
        if i > 0 && columns[i - 1] == *column {
            sum = sum.saturating_add(merge(&tokens[i - 1], token, parts[*column]));
        }
    }
    for (j, part) in parts.iter().enumerate() {
        if !columns.contains(&j) {
            sum = sum.saturating_add(skip(*part, part_row));
        }
    }
    sum
}

/// Whether a row costs too much to be one.
pub(super) fn is_too_dear(cost: u32) -> bool {
    cost > DEAREST
}

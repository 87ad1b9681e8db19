//! Rows whose cells are certain and whose places are not: a cell that another covers is left out, a merged heading is
//! written once and without its width.
//!
//! The headings, what stands below them and the sums among the figures tell where the cells stand; a row that may stand in
//! two places is not placed.

use super::flat::solid;
use super::heading_tree::{self, Below, Heading};
use super::layout::numbers_columns;
use super::place::{self, Group, Part};
use super::short_heads::{Row, as_heading, below, by_content, has_figures_beside, is_wording};
use super::short_rows::{Grid, columns, tokens, whole};
use super::sums::Sums;
use crate::model::ColumnRole;
use crate::model::Orphan;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind};
use crate::pattern::wording::{Words, labels_second};
use crate::text::lines::is_heading;

/// Most rows of headings.
const MOST_HEADINGS: usize = 5;
/// Rows with their cells in the columns of their headings, and those that nothing puts into columns.
pub(super) fn read(rows: Vec<Row>, words: &Words<'_>) -> (Vec<RawRow>, Vec<Orphan>) {
    let rows: Vec<Row> = rows.into_iter().map(|row| as_heading(row, words)).collect();
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut form = Form::new(words, width, rows.iter().any(|row| row.pads > 1));
    let mut at = 0;
    while at < rows.len() {
        at += match form.headings(&rows[at..]) {
            Some(taken) => taken,
            None => {
                form.row(&rows[at]);
                1
            }
        };
    }
    (form.rows, form.orphans)
}

/// The rows of a table whose merged headings are written once, or whose rows lack what other cells cover: placed, and those
/// that nothing places. `None` where each cell stands in its column as it is written.
pub(super) fn of_cells(rows: &[(Vec<&str>, usize)], words: &Words<'_>) -> Option<(Vec<RawRow>, Vec<Orphan>)> {
    let width = rows.iter().map(|(cells, _)| cells.len()).max()?;
    if width < 3 || rows.len() < 2 || rows.iter().all(|(cells, _)| cells.len() == width) {
        return None;
    }
    let owned =
        |(cells, line): &(Vec<&str>, usize)| Row::new(cells.iter().map(|c| (*c).to_owned()).collect(), *line, 0);
    let top: Vec<Row> = rows
        .iter()
        .take(MOST_HEADINGS + 1)
        .map(|row| as_heading(owned(row), words))
        .collect();
    let headings = top.iter().take_while(|row| row.may_head).count();
    let form = Form::new(words, width, false);
    let headed = (2..=MOST_HEADINGS).contains(&headings) && top[0].cells.len() < width;
    if !headed && top[0].cells.len() < width {
        return None;
    }
    let mut all: Vec<Row> = rows.iter().map(owned).collect();
    let short = match headed {
        true => form.narrow(&top[..headings], &all[headings..]),
        false => {
            all[0] = as_heading(all[0].clone(), words);
            form.is_apart(&all)
        }
    };
    short.then(|| read(all, words))
}

struct Form<'a> {
    words: &'a Words<'a>,
    /// Bars fill up rows; where none has several, one may also end an empty cell.
    filled_up: bool,
    /// Cells of the longest row.
    width: usize,
    grid: Option<Grid>,
    /// The headings above are not understood: nothing says in which columns figures stand.
    unknown: bool,
    rows: Vec<RawRow>,
    orphans: Vec<Orphan>,
}

impl<'a> Form<'a> {
    fn new(words: &'a Words<'a>, width: usize, filled_up: bool) -> Self {
        Form {
            words,
            filled_up,
            width,
            grid: None,
            unknown: false,
            rows: Vec::new(),
            orphans: Vec::new(),
        }
    }

    /// Takes in the heading rows at the start of `rows`; how many they are.
    fn headings(&mut self, rows: &[Row]) -> Option<usize> {
        let worded = match rows
            .iter()
            .take(MOST_HEADINGS + 1)
            .take_while(|row| row.may_head)
            .count()
        {
            0 | 1 if self.rows.is_empty() => self.led(rows).unwrap_or(usize::from(rows[0].may_head)),
            worded => worded,
        };
        // One row of words over whole rows of figures heads them, whether or not a word tells it.
        if worded < 2 && !rows[0].header && self.rows.is_empty() && self.heads_whole_rows(rows) {
            self.grid = self.grid_over(&rows[..1], &rows[1..]);
            return Some(1);
        }
        if worded == 0 || rows[0].cells.len() < 2 {
            return None;
        }
        for count in (1..=worded.min(MOST_HEADINGS)).rev() {
            // Headings below headings divide them: without them these say nothing of the columns.
            let divided = rows.get(count).is_some_and(|row| row.header);
            // 合计 ∣ 中央 ∣ 省级 divide what stands above, whether or not a word tells them.
            let below_known = count == worded && count > 1 && self.narrow(&rows[..count], &rows[count..]);
            if divided || !(rows[count - 1].header || below_known) {
                continue;
            }
            let below = &rows[count..];
            let section = below.iter().take_while(|row| !row.header).count();
            if let Some(grid) = self.grid_over(&rows[..count], &below[..section]) {
                self.grid = Some(grid);
                self.unknown = false;
                return Some(count);
            }
        }
        let mut unsolved = rows.iter().take_while(|row| row.header).count();
        if worded > 1 && worded <= MOST_HEADINGS && self.narrow(&rows[..worded], &rows[worded..]) {
            unsolved = unsolved.max(worded);
        }
        if unsolved > 1 {
            let as_written = |row: &Row| row.cells.iter().map(|text| solid(text)).collect();
            self.rows.extend(rows[..unsolved].iter().map(as_written));
            self.grid = None;
            self.unknown = true;
            return Some(unsolved);
        }
        None
    }

    /// How many rows of words at the top are headings, though they begin with labels of a form: 项目名称 ∣ 资金情况 over 合同金额 ∣
    /// 累计支付金额. Each is narrower than the rows of figures below.
    fn led(&self, rows: &[Row]) -> Option<usize> {
        let wording = |row: &&Row| {
            row.cells
                .iter()
                .all(|text| !text.is_empty() && is_wording(text, self.words))
        };
        let count = rows.iter().take(MOST_HEADINGS + 1).take_while(wording).count();
        let figures = rows.get(count).filter(|row| has_figures_beside(row, self.words))?;
        let narrow = rows[..count]
            .iter()
            .all(|row| (2..figures.cells.len()).contains(&row.cells.len()));
        // Known headings need no such help: what stands above them is a form's head.
        let known = rows[..count].iter().any(|row| row.header);
        (narrow && !known && (2..=MOST_HEADINGS).contains(&count)).then_some(count)
    }

    /// Whether the first row has a heading for each cell of the longest rows below it, which hold figures beside others.
    fn heads_whole_rows(&self, rows: &[Row]) -> bool {
        let cells = &rows[0].cells;
        let whole = || rows[1..].iter().filter(|row| row.cells.len() == self.width);
        // 项目代码 heads a column as well as it stands before its value.
        let known = cells.iter().filter(|text| self.words.role(text).is_some()).count();
        cells.len() == self.width
            && (rows[0].may_head || known > 1)
            && cells
                .iter()
                .all(|text| !text.is_empty() && is_wording(text, self.words))
            && whole().any(|row| has_figures_beside(row, self.words))
    }

    /// Whether a short row would have figures under headings of words, if its cells stood where they are written.
    fn is_apart(&self, rows: &[Row]) -> bool {
        if !(rows[0].header || self.heads_whole_rows(rows)) {
            return false;
        }
        // Headings written again tell nothing of what stands below them.
        let body: Vec<Row> = rows[1..]
            .iter()
            .filter(|row| row.cells != rows[0].cells)
            .cloned()
            .collect();
        let grid = self.grid(&rows[0].cells, below(&body, self.width, self.words));
        let figure =
            |(column, text): (usize, &String)| grid.holds_words(column) && token::kind(text, self.words).is_value();
        let apart = |row: &Row| row.cells.len() < self.width && row.cells.iter().enumerate().any(figure);
        // Where blanks stand for covered cells, only those at the ends of rows were cut off.
        let blank = |(column, text): (usize, &String)| text.is_empty() && grid.parts[column].is_group();
        let kept = |row: &Row| row.cells.iter().enumerate().any(blank);
        body.iter().any(apart) && !body.iter().any(kept)
    }

    /// Whether rows of words are headings that are written once over several columns of the rows below: known ones, or some
    /// over figures side by side.
    fn narrow(&self, rows: &[Row], below: &[Row]) -> bool {
        let value = |text: &String| {
            let kind = token::kind(text, self.words);
            let level = kind.is_label() && kind != Kind::Side;
            level || kind == Kind::Qualitative
        };
        let section = || below.iter().take_while(|row| !row.may_head);
        let widest = section().map(|row| row.cells.len()).max().unwrap_or(0);
        let known = rows.iter().any(|row| row.header);
        // Where blanks stand for covered cells, each heading stands in its column.
        let whole = |row: &Row| !row.cells.iter().any(String::is_empty);
        let wording = |row: &Row| row.header || !row.cells.iter().any(value);
        let fits = |row: &Row| (2..=widest).contains(&row.cells.len()) && whole(row) && wording(row);
        rows[0].cells.len() < widest
            && rows.iter().all(fits)
            && (known || section().any(|row| has_figures_beside(row, self.words)))
    }

    /// The grid of heading rows and the rows `under` them; the headings are taken in.
    fn grid_over(&mut self, rows: &[Row], under: &[Row]) -> Option<Grid> {
        let own = rows[0].cells.len();
        let widest = under.iter().map(|row| row.cells.len()).max().unwrap_or(own);
        if let [row] = rows {
            if own < widest {
                return self.wide_name(&row.cells, below(under, widest, self.words));
            }
            self.rows.push(row.cells.iter().map(|text| solid(text)).collect());
            return Some(self.grid(&row.cells, below(under, own, self.words)));
        }
        let texts: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
        // The last column may be one that every row leaves empty; headings are divided rather than written in two lines.
        let widths = || widest..=widest + usize::from(self.filled_up);
        let mut ways = [2, 1]
            .into_iter()
            .flat_map(|least| widths().map(move |width| (least, width)));
        let (headings, below) = ways.find_map(|(least, width)| {
            let below = below(under, width, self.words);
            let numbers = |row: &&Row| numbers_columns(row.cells.iter().map(String::as_str));
            let whole = under.iter().filter(|row| row.cells.len() == width && !numbers(row));
            let sums = Sums::new(whole.map(|row| row.cells.as_slice()), self.words);
            let proof = |headings: &[Heading]| sums.speak_for(headings);
            heading_tree::proved(&texts, &below, self.words, &proof, least).map(|headings| (headings, below))
        })?;
        let width = below.len();
        self.rows.extend(heading_tree::block(&headings, texts.len(), width));
        Some(self.grid(&heading_tree::leaves(&headings, width), below))
    }

    /// One row of headings narrower than the rows below it: the heading of names reaches over the groups, too.
    fn wide_name(&mut self, row: &[String], below: Vec<Below>) -> Option<Grid> {
        let mut grid = self.grid(row, below);
        let extra = grid.below.len() - row.len();
        // Figures under it: it is another heading that is written once over several columns.
        let figures = grid.below[grid.name..=grid.name + extra].contains(&Below::Figures);
        if grid.parts[grid.name] != Part::Name || figures {
            return None;
        }
        for _ in 0..extra {
            grid.parts.insert(grid.name, Part::Group(Group::Free));
            grid.name += 1;
        }
        self.rows.push(row.iter().map(|text| solid(text)).collect());
        Some(grid)
    }

    fn grid(&self, leaves: &[String], below: Vec<Below>) -> Grid {
        let texts: Vec<&str> = leaves.iter().map(String::as_str).collect();
        let roles = self.words.header(texts.iter().copied());
        let mut roles: Vec<Option<ColumnRole>> =
            roles.unwrap_or_else(|| texts.iter().map(|text| self.words.role(text)).collect());
        if labels_second(&roles) {
            roles[1] = None;
        }
        let mut parts = place::parts(&roles, &texts, self.words);
        by_content(&mut parts, &roles, &below);
        Grid {
            name: parts.iter().position(|part| *part == Part::Name).unwrap_or(0),
            side: matches!(
                self.words.label(texts[0]),
                Some(Label::Side | Label::FundingHead | Label::Goal)
            ),
            points: roles
                .iter()
                .any(|r| matches!(r, Some(ColumnRole::Score | ColumnRole::Weight))),
            parts,
            below,
            closed: false,
            lost: false,
        }
    }

    /// Takes in a row that is no heading.
    fn row(&mut self, row: &Row) {
        let as_written = || row.cells.iter().map(|text| solid(text)).collect();
        let label = self.words.label(&row.cells[0]);
        let Some(grid) = &mut self.grid else {
            let figure = |text: &String| token::kind(text, self.words).is_value();
            let beside = |cells: &[String]| cells.windows(2).any(|pair| pair.iter().all(figure));
            let adrift = match label {
                Some(Label::Head | Label::Goal | Label::GoalColumn | Label::Closing) => false,
                _ if self.unknown => row.cells.iter().any(figure),
                // Figures side by side need columns; 预算数 | 5.8万 | 执行率 | 100% does not.
                _ => row.cells.len() < self.width && beside(&row.cells),
            };
            self.unknown &= label != Some(Label::Head);
            if adrift {
                self.orphan(row, true);
            } else {
                self.rows.push(as_written());
            }
            return;
        };
        let shorter = row.cells.len() < grid.parts.len();
        let own_shape = matches!(
            label,
            Some(Label::Head | Label::Goal | Label::GoalColumn | Label::Closing)
        );
        let points = label == Some(Label::Total) && grid.points;
        let note = row.cells.len() == 1 && is_note(&row.cells[0]);
        let worded = |text: &String| !token::kind(text, self.words).is_value();
        let after = grid.closed && row.cells.len() == 2 && row.cells.iter().all(worded);
        grid.closed |= points;
        if shorter && (own_shape || note || after) {
            if label == Some(Label::Head) {
                self.grid = None;
            }
            self.rows.push(as_written());
            return;
        }
        let tokens = tokens(&row.cells, self.words);
        let first_group = grid.parts.iter().position(|part| matches!(part, Part::Group(_)));
        let known = |columns: &Vec<usize>| !grid.lost || first_group.is_none_or(|group| columns.contains(&group));
        let open = row.pads == 1 && !self.filled_up && whole(&tokens, grid);
        let columns = match open {
            true => Some((0..tokens.len()).collect()),
            false => columns(&tokens, grid, self.words).filter(known),
        };
        match columns {
            Some(columns) => {
                grid.lost = false;
                let mut placed: RawRow = vec![RawCell::new(""); grid.parts.len()];
                for (column, text) in columns.into_iter().zip(&row.cells) {
                    placed[column] = solid(text);
                }
                self.rows.push(placed);
            }
            None if shorter && points => self.rows.push(as_written()),
            None => {
                grid.lost = true;
                self.orphan(row, tokens.iter().any(|t| t.kind.is_value()));
            }
        }
    }

    /// A row that nothing puts into columns.
    fn orphan(&mut self, row: &Row, figures: bool) {
        self.orphans.push(Orphan {
            text: row.cells.join(" | "),
            figures,
            line: row.line,
        });
    }
}

/// Whether a text over the whole width is no name: a heading, the title of the next form, a sentence.
fn is_note(text: &str) -> bool {
    let title = text.contains("自评表") || text.ends_with('表') || text.contains("年度）") || text.contains("年度)");
    is_heading(text) || title || text.ends_with('。')
}

//! The fate of a cell that no fact took, from the table's sections and headings.

use super::super::cells::{TableContext, raw};
use super::super::deadline;
use super::super::figure;
use super::digits::{Digits, Place, runs};
use crate::model::{Cell, ColumnRole, Fate, Section, SectionKind, has_digit};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::text::fold::{fold_chars, is_blank};
use crate::text::number::Commas;
use crate::text::number::is_plain_digit;
use std::collections::{BTreeMap, BTreeSet};

/// Most characters of a label with its value below a grid.
const LONG: usize = 20;

/// What a row of a table is.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    /// Of a section's header.
    Header,
    /// Of a section's body.
    Body(&'a Section),
    /// Above the first section.
    Above,
    /// Of no section.
    Loose,
}

/// Tells the fates of a table's cells.
pub struct Teller<'a> {
    pub(super) context: &'a TableContext<'a>,
    pub(super) patterns: &'a Patterns,
    pub(super) rows: Vec<Row<'a>>,
    /// Headings of the columns of a table without sections, with the last row of each.
    headings: BTreeMap<usize, (usize, String)>,
    /// Cells that name the group of a line.
    groups: BTreeSet<(usize, usize)>,
}

impl<'a> Teller<'a> {
    /// Looks at a table.
    pub fn new(context: &'a TableContext<'a>, patterns: &'a Patterns) -> Self {
        let table = context.table;
        let sections = &context.recognized.sections;
        let first = sections.iter().map(|s| s.header.start.min(s.body.start)).min();
        let mut rows: Vec<Row<'a>> = (0..table.rows())
            .map(|row| match first {
                Some(first) if row < first => Row::Above,
                _ => Row::Loose,
            })
            .collect();
        let mut groups = BTreeSet::new();
        for section in sections {
            for row in section.body.clone() {
                if let Some(place) = rows.get_mut(row) {
                    *place = Row::Body(section);
                }
            }
            for row in section.header.clone() {
                if let Some(place) = rows.get_mut(row) {
                    *place = Row::Header;
                }
            }
            let named = section.lines.iter().filter_map(|line| table.at(line.row, line.group?));
            groups.extend(named.map(|cell| (cell.row, cell.col)));
        }
        let mut teller = Teller {
            context,
            patterns,
            rows,
            headings: BTreeMap::new(),
            groups,
        };
        teller.headings = teller.loose_headings();
        teller
    }

    /// The fate of a cell with a digit that no fact took.
    pub fn fate(&self, cell: &Cell) -> Fate {
        let text = raw(&cell.text);
        let words = self.is_words(text);
        match self.rows.get(cell.row).copied().unwrap_or(Row::Loose) {
            Row::Header if words => Fate::Label,
            // A year heads its column without 年 too.
            Row::Header => self.dated(text),
            // The title and what stands beside it.
            Row::Above if cell.col_span >= self.context.table.cols() && words => Fate::Label,
            Row::Above => self.runs(text),
            Row::Body(section) => self.in_body(section, cell, text, words),
            Row::Loose => match self.headings.get(&cell.col) {
                Some((last, _)) if cell.row <= *last && words => Fate::Label,
                Some((last, heading)) if cell.row > *last => {
                    let role = self.role(heading);
                    self.under(role, heading, text, words)
                }
                _ => self.runs(text),
            },
        }
    }

    fn in_body(&self, section: &Section, cell: &Cell, text: &str, words: bool) -> Fate {
        if words && section.columns.is_empty() && self.beside_goal_label(cell) {
            return Fate::Label;
        }
        match section.kind {
            SectionKind::Head => self.in_head(cell, text, words),
            SectionKind::Goals if words => Fate::Label,
            SectionKind::Closing if words && self.is_remark(cell, text) => Fate::Label,
            // 总分：95分 is a figure, what goes on in sentences a note.
            SectionKind::Closing if words && text.chars().count() > LONG => Fate::Label,
            SectionKind::Goals | SectionKind::Closing | SectionKind::Sideways => self.runs(text),
            SectionKind::Money | SectionKind::Projects | SectionKind::Indicators => {
                if words && self.groups.contains(&(cell.row, cell.col)) {
                    return Fate::Label;
                }
                let at = section.columns.iter().rposition(|c| c.index <= cell.col);
                let Some(column) = at.map(|at| &section.columns[at]) else {
                    return self.runs(text);
                };
                // Words left of the figures name the row, whatever their heading.
                let left = section.kind == SectionKind::Money
                    && section
                        .columns
                        .iter()
                        .find(|c| c.role.measure().is_some())
                        .is_some_and(|c| c.index > cell.col);
                if words && left && column.role == ColumnRole::Other {
                    return Fate::Label;
                }
                // The goals of each project of a list.
                if words
                    && section.kind != SectionKind::Indicators
                    && self.patterns.forms.is_goal_heading(column.leaf())
                {
                    return Fate::Label;
                }
                self.under(column.role, &column.header, text, words)
            }
        }
    }

    /// A label or its value: what the label says.
    fn in_head(&self, cell: &Cell, text: &str, words: bool) -> Fate {
        let forms = &self.patterns.forms;
        if forms.head_field(text).is_some() {
            return Fate::Label;
        }
        let left = self
            .context
            .table
            .row_cells(cell.row)
            .filter(|c| c.row == cell.row && c.col < cell.col);
        let inline = text.split_once([':', '：']).map(|(label, _)| label.to_owned());
        let label = match inline.filter(|label| !has_digit(label)) {
            Some(label) => label,
            None => left.last().map(|c| raw(&c.text).to_owned()).unwrap_or_default(),
        };
        let by_label = self.by_heading(&label, text);
        match (by_label, forms.head_field(&label)) {
            (Some(fate), _) => fate,
            (None, Some(HeadField::Code)) => Fate::Code,
            (None, _) if words => match self.runs(text) {
                // A name or an answer in words; a figure with its unit is none.
                Fate::Unread if forms.head_field(&label).is_some() || forms.is_goal_label(&label) => Fate::Label,
                fate => fate,
            },
            (None, _) => self.runs(text),
        }
    }

    /// Whether the cell left of a cell is a label of goals: 总体目标 ∣ 开展7个小型水利工程建设.
    fn beside_goal_label(&self, cell: &Cell) -> bool {
        let forms = &self.patterns.forms;
        let own = self.context.table.row_cells(cell.row);
        let left = own.filter(|c| c.col < cell.col).last();
        left.is_some_and(|c| {
            forms.is_goal_label(&c.text) || forms.is_goal_expected(&c.text) || forms.is_goal_actual(&c.text)
        })
    }

    fn is_remark(&self, cell: &Cell, text: &str) -> bool {
        let first = self.context.table.row_cells(cell.row).next();
        self.patterns.forms.is_remark(text) || first.is_some_and(|c| self.patterns.forms.is_remark(&c.text))
    }

    /// The fate of a cell below a heading.
    fn under(&self, role: ColumnRole, heading: &str, text: &str, words: bool) -> Fate {
        let fates = &self.patterns.fates;
        match role {
            ColumnRole::Sequence => match self.by_heading(heading, text) {
                Some(fate) => fate,
                None if words => Fate::Label,
                // Figures of 本年度 are no codes.
                None if is_decimal(text) || fates.ends_in_time(heading) => self.runs(text),
                None if text.chars().filter(|c| is_plain_digit(*c)).count() > 3 => Fate::Code,
                None => Fate::Sequence,
            },
            ColumnRole::Unit | ColumnRole::Comparator => Fate::Label,
            ColumnRole::Level1
            | ColumnRole::Level2
            | ColumnRole::Level3
            | ColumnRole::Project
            | ColumnRole::Indicator
            | ColumnRole::Reason
            | ColumnRole::Remark => match words {
                true => Fate::Label,
                false => self.runs(text),
            },
            ColumnRole::Other => match self.by_heading(heading, text) {
                Some(fate) => fate,
                None if words && fates.is_note_heading(heading) => Fate::Label,
                None => self.runs(text),
            },
            _ => self.runs(text),
        }
    }

    /// What a heading says of the digits below it, where they have the shape of it: a number with decimals is no code, a span
    /// of time no date.
    fn by_heading(&self, heading: &str, text: &str) -> Option<Fate> {
        let fates = &self.patterns.fates;
        if fates.is_order_heading(heading) {
            // 1.1, 1.2 below 序号.
            let short = text
                .split('.')
                .all(|part| part.chars().filter(|c| is_plain_digit(*c)).count() <= 2);
            Some(if short || !is_decimal(text) {
                Fate::Sequence
            } else {
                Fate::Unread
            })
        } else if fates.is_code_heading(heading) {
            Some(if is_decimal(text) { Fate::Unread } else { Fate::Code })
        } else if fates.is_date_heading(heading) && self.role(heading).measure().is_none() {
            Some(self.dated(text))
        } else {
            None
        }
    }

    /// The fate by the digits alone: that of the first run if every run is no figure.
    fn runs(&self, text: &str) -> Fate {
        self.by_digits(text, Place::Cell)
    }

    /// The same, where a heading says that they are dates.
    fn dated(&self, text: &str) -> Fate {
        self.by_digits(text, Place::DateCell)
    }

    fn by_digits(&self, text: &str, place: Place) -> Fate {
        if deadline::cell(text, &self.patterns.values).is_some() {
            return Fate::Date;
        }
        if is_formula(text) {
            return Fate::ColumnNumber;
        }
        let digits = Digits::new(text, place, self.patterns);
        let mut fate = None;
        for run in runs(text) {
            match digits.why(&run) {
                Some(why) => fate = fate.or(Some(why)),
                None => return Fate::Unread,
            }
        }
        fate.unwrap_or(Fate::Unread)
    }

    /// Whether a cell says more than a figure with its unit and qualifiers.
    pub fn is_words(&self, text: &str) -> bool {
        let outside = |c: &char| !is_blank(*c) && !matches!(c, '(' | ')' | '¥' | '￥' | '$' | ',' | '.' | '-' | '/');
        let chars = fold_chars(text);
        let mut rest = chars.clone();
        for figure in figure::all(&chars, Commas::Both, self.patterns) {
            rest[figure.outer].fill(' ');
        }
        rest.iter().any(|c| outside(c) && c.is_alphabetic())
    }

    fn role(&self, heading: &str) -> ColumnRole {
        if self.patterns.forms.is_code_heading(heading) {
            return ColumnRole::Sequence;
        }
        self.patterns
            .headers
            .role(heading)
            .map_or(ColumnRole::Other, |found| found.role)
    }
}

/// Whether a text is one number with decimals, whatever unit or words follow it.
fn is_decimal(text: &str) -> bool {
    let number: String = fold_chars(text)
        .into_iter()
        .filter(|c| *c != ',')
        .take_while(|c| is_plain_digit(*c) || *c == '.')
        .collect();
    number.split_once('.').is_some_and(|(whole, rest)| {
        let digits = |part: &str| !part.is_empty() && part.chars().all(is_plain_digit);
        digits(whole) && digits(rest)
    })
}

/// How a form computes a column from the numbers of others: （3）=（1）-（2）, 4=2/1*100%; 100+50=150 is a sum of figures.
fn is_formula(text: &str) -> bool {
    let folded: String = fold_chars(text).into_iter().filter(|c| !is_blank(*c)).collect();
    let Some((column, terms)) = folded.split_once('=') else {
        return false;
    };
    let number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let circled = |part: &str| part.chars().count() == 1 && part.chars().all(|c| ('①'..='⑳').contains(&c));
    let bare = |part: &str| part.trim_matches(['(', ')', '[', ']']).to_owned();
    let signs = ['+', '-', '−', '*', '×', '/', '÷'];
    let mut parts = terms.split(signs).map(bare);
    let own = bare(column);
    (number(&own) || circled(&own))
        && terms.contains(signs)
        && parts.all(|part| number(&part) || circled(&part) || part == "100%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_columns_and_sums_of_figures() {
        for text in [
            "（3）=（1）-（2）",
            "4=2/1*100%",
            "1=2+3+4",
            "③=①+②",
            "(4)=(2)/(1)*100%",
        ] {
            assert!(is_formula(text), "{text}");
        }
        for text in ["100+50=150", "150=100+50", "2=1", "=1+2", "1.5=1+0.5", "3=一+二"] {
            assert!(!is_formula(text), "{text}");
        }
    }
}

//! Caption, unit line and place of a table, from the paragraphs above it and its own first rows.

use super::view::RowView;
use crate::model::{Block, Document, Table};
use crate::pattern::Patterns;
use crate::pattern::forms::HeadField;
use crate::pattern::headers::strip_notes;
use crate::pattern::tables::CaptionWords;
use crate::text::fold::fold;

/// What stands above a table and belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// Title.
    pub title: Option<String>,
    /// Unit as written after 单位：; of several places that state one, the nearest.
    pub unit: Option<String>,
    /// What stands there where it states two units of money (万元、元), so that neither is known to be a figure's.
    pub unclear: Option<String>,
    /// Whether the unit line states % besides.
    pub percent: bool,
    /// The unit of prices, where the unit line or the title says that the table is one of prices: 元/人·天, or 元 below
    /// 差旅费标准表. Its figures are no amounts of money then.
    pub price: Option<String>,
    /// Rows at the table's top that hold title and unit, not facts.
    pub rows: usize,
}

/// How many paragraphs above a table are looked at.
const REACH: usize = 5;

/// Reads the caption of the table that is block `index`.
pub fn caption(document: &Document, index: usize, table: &Table, rows: &[RowView<'_>], patterns: &Patterns) -> Caption {
    let words = &patterns.tables.caption;
    let mut caption = Caption::default();
    // 项目（单位：万元） ∣ 预算数 ∣ 决算数 are headings.
    let is_heading = |t: &str| {
        patterns
            .headers
            .exact_role(t)
            .or(patterns.headers.derived_role(t))
            .is_some()
    };
    for row in rows.iter().take(4) {
        // A label beside the whole block is no part of its title rows.
        let own: Vec<&(&crate::model::Cell, String)> = row
            .own
            .iter()
            .filter(|(c, _)| c.row_span * 2 <= table.rows().max(4))
            .collect();
        let lines: Vec<&str> = own
            .iter()
            .map(|(c, _)| c.text.as_str())
            .filter(|t| is_unit_line(t, words))
            .collect();
        // A text may stand in each place that its cell reached over.
        let distinct: std::collections::BTreeSet<&str> = own.iter().map(|(_, text)| text.as_str()).collect();
        let headings = own.len() > 1 && own.iter().any(|(_, t)| is_heading(&strip_notes(t)));
        let unit_row = !lines.is_empty() && distinct.len() <= 3 && !headings;
        let empty = own.is_empty() && row.carried.is_empty() && row.own.is_empty();
        // A title may reach over the table, or stand in its first cell with nothing beside it.
        let beside = row.own.len() > own.len() || !row.carried.is_empty();
        let title_row = own.len() == 1 && own[0].0.row_span == 1 && words.is_title(&own[0].1) && {
            let cell = own[0].0;
            let whole = cell.col + cell.col_span == table.cols() && (cell.col == 0 || beside && cell.col_span > 1);
            let most = cell.col_span * 2 > table.cols(); // an empty column may stand beside it
            whole || (cell.col == 0 && (cell.col_span == 1 || most && !beside))
        };
        if unit_row {
            caption.percent |= own.iter().any(|(_, t)| t.contains('%'));
            lines.into_iter().for_each(|line| caption.take(stated(line, words)));
        } else if title_row && caption.title.is_none() && table.cols() > 1 {
            caption.title = Some(own[0].0.text.trim().replace('\n', ""));
        } else if !empty {
            break;
        }
        caption.rows += 1;
    }
    caption.above(above(&document.blocks[..index]), patterns);
    if !caption.states() {
        caption.around(document, table, patterns);
    }
    let headed = caption.title.iter().any(|title| names_money(&fold(title), words));
    if !caption.states()
        && !headed
        && !rows
            .iter()
            .any(|row| row.own.iter().any(|(_, t)| names_money(t, words)))
    {
        caption.below(rows, &document.blocks[index + 1..], words);
    }
    if let (None, Some(title)) = (&caption.price, caption.title.as_deref().map(fold)) {
        let mut inside = title.split('(').skip(1).filter_map(|rest| rest.split(')').next());
        caption.price = match inside.find(|unit| patterns.units.is_price(unit)) {
            Some(unit) => Some(unit.to_owned()),
            None if patterns.headers.titles_prices(&title) => Some(caption.unit.clone().unwrap_or_default()),
            None => None,
        };
    }
    caption
}

/// The paragraphs right above a table, the nearest first.
fn above(blocks: &[Block]) -> impl Iterator<Item = &str> {
    let near = blocks.iter().rev().take(REACH);
    near.map_while(|block| block.paragraph().map(|paragraph| paragraph.text.as_str()))
}

impl Caption {
    /// Whether a unit, or two of them, was found.
    fn states(&self) -> bool {
        self.unit.is_some() || self.unclear.is_some() || self.price.is_some()
    }

    /// Takes the unit that was found, unless a nearer one was.
    fn take(&mut self, found: Stated) {
        if self.states() {
            return;
        }
        match found {
            Stated::One(unit) => self.unit = Some(unit),
            Stated::Two(units) => self.unclear = Some(units),
            Stated::Price(unit) => self.price = Some(unit),
            Stated::None => {}
        }
    }

    /// Looks for the unit of a table that stands in a cell of another one: in the cell, in the rows above it, and above the
    /// table around. The title there is that of the table around.
    fn around(&mut self, document: &Document, table: &Table, patterns: &Patterns) {
        let words = &patterns.tables.caption;
        /// Tables in each other.
        const LEVELS: usize = 8;
        let mut parent = table.parent;
        for _ in 0..LEVELS {
            let Some((block, row, col)) = parent else { return };
            let Some(outer) = document.blocks.get(block).and_then(Block::table) else {
                return;
            };
            let cell = outer.cells().iter().filter(|cell| cell.row == row && cell.col == col);
            let rows_above = (row.saturating_sub(REACH)..row).rev();
            let above_it = rows_above.flat_map(|row| outer.row_cells(row).filter(move |cell| cell.row == row));
            let texts: Vec<&str> = cell
                .chain(above_it)
                .flat_map(|cell| cell.text.lines())
                .filter(|line| is_unit_line(line, words) && fold(line).chars().count() <= 60)
                .collect();
            let mut outside = Caption::default();
            outside.above(texts.into_iter(), patterns);
            if !outside.states() {
                outside.above(above(&document.blocks[..block]), patterns);
            }
            if outside.states() {
                self.percent |= outside.percent;
                (self.unit, self.unclear) = (outside.unit, outside.unclear);
                return;
            }
            parent = outer.parent;
        }
    }

    /// Looks at the paragraphs above a table, the nearest first.
    fn above<'t>(&mut self, texts: impl Iterator<Item = &'t str>, patterns: &Patterns) {
        let words = &patterns.tables.caption;
        // The unit may also stand above the title: there what is no unit line ends the search.
        let mut titled = false;
        for text in texts {
            let folded = fold(text);
            if folded.is_empty() {
                continue;
            }
            let of_another = words.of_above.within(&folded);
            if is_unit_line(&folded, words) && folded.chars().count() <= 60 && !of_another {
                // Title and unit may share a line.
                let label = words.unit.iter().filter_map(|label| folded.find(label.as_str())).min();
                let before = folded[..label.unwrap_or(0)].trim_end_matches(['(', '[']);
                // 公开01表部门：某卫生院 金额单位：元 numbers the table and names who fills it in.
                let named = before.chars().count() >= 5 && words.is_title(before) && !before.contains(':');
                if titled && (named || self.states()) {
                    break; // the line of another table
                }
                if named && self.title.is_none() {
                    self.title = Some(before.to_owned());
                }
                self.percent |= folded.contains('%');
                self.take(stated(&folded, words));
                if titled {
                    break;
                }
                continue;
            }
            if words.is_table_number(&folded) {
                continue; // 公开02表 numbers the table; its name stands above or below
            }
            if !titled && names_office(&folded, patterns) {
                continue; // 部门：某局 between a title and its table says whose it is
            }
            if titled || !words.is_title(&folded) {
                break;
            }
            if self.title.is_none() {
                self.title = Some(text.trim().replace('\n', ""));
            }
            titled = true;
        }
    }

    /// Looks at the notes in the last rows of a table and right below it.
    fn below(&mut self, rows: &[RowView<'_>], blocks: &[Block], words: &CaptionWords) {
        let mut notes: Vec<String> = Vec::new();
        for row in rows.iter().rev().take(REACH) {
            let [(_, only)] = row.own.as_slice() else { break };
            notes.push(only.clone());
        }
        let texts = blocks.iter().map_while(|block| Some(fold(&block.paragraph()?.text)));
        for text in texts.filter(|t| !t.is_empty()).take(REACH) {
            // 注：1.…, 2.…: a note may go on in numbered lines.
            let goes_on = !notes.is_empty() && text.starts_with(|c: char| c.is_ascii_digit() || c == '(');
            if !(goes_on || words.notes.start(&text) || words.of_above.start(&text)) {
                break;
            }
            notes.push(text);
        }
        for note in notes {
            self.take(stated_in_note(&note, words));
        }
    }
}

/// What a text states after 单位：.
enum Stated {
    /// No unit of money or measure.
    None,
    /// One unit, or one of money among others.
    One(String),
    /// Two units of money.
    Two(String),
    /// A unit of money for each of something, by day or year.
    Price(String),
}

/// Whether a text states its unit.
pub fn is_unit_line(text: &str, words: &CaptionWords) -> bool {
    !matches!(stated(text, words), Stated::None)
}

/// The unit of a unit line: what follows 单位： when it is a unit of money or measure, not an organization's name.
fn stated(text: &str, words: &CaptionWords) -> Stated {
    let folded = fold(text);
    let mut found = Stated::None;
    let labels = words
        .stating
        .iter()
        .flat_map(|label| folded.match_indices(label.as_str()));
    for (start, label) in labels {
        match stated_first(&folded[start + label.len()..], words) {
            Stated::None => {}
            Stated::Two(units) => return Stated::Two(units),
            Stated::Price(unit) => return Stated::Price(unit),
            one if matches!(found, Stated::None) => found = one,
            Stated::One(_) => {}
        }
    }
    found
}

/// The unit that a note states of the table above it: 注：以上金额单位均为万元。
fn stated_in_note(folded: &str, words: &CaptionWords) -> Stated {
    if words.elsewhere.within(folded) {
        return Stated::None;
    }
    let labels = words
        .unit_of_note
        .iter()
        .flat_map(|label| folded.match_indices(label.as_str()));
    let after = labels.map(|(start, label)| {
        let rest = &folded[start + label.len()..];
        let rest = rest.strip_prefix(|c| words.throughout.has(c)).unwrap_or(rest);
        let said = rest.strip_prefix(|c| words.is.has(c));
        said.map_or(Stated::None, |said| stated_first(said, words))
    });
    after
        .into_iter()
        .find(|found| !matches!(found, Stated::None))
        .unwrap_or(Stated::None)
}

/// What a text states that begins with a unit: that of money where there is one, of 万元、元 neither.
fn stated_first(said: &str, words: &CaptionWords) -> Stated {
    if let Some(price) = price_first(said, words) {
        return Stated::Price(price.to_owned());
    }
    let units = units_of(said, words);
    let money: Vec<&str> = units.iter().copied().filter(|u| words.money.end(u)).collect();
    match (money.first(), units.first()) {
        (Some(first), _) if money.iter().any(|u| u != first) => Stated::Two(money.join("、")),
        (Some(unit), _) | (None, Some(unit)) => Stated::One((*unit).to_owned()),
        (None, None) => Stated::None,
    }
}

/// The price that a text begins with: money by time, 元/人·天 and 元/月. 万元/人 may be two units.
fn price_first<'t>(said: &'t str, words: &CaptionWords) -> Option<&'t str> {
    let end = said
        .find([')', ']', ',', ';', '。', '，', '；', '、'])
        .unwrap_or(said.len());
    let (money, each) = said[..end].split_once('/')?;
    let by_time = each.ends_with(|c| words.by_time.has(c)) && each.chars().count() <= 5;
    (words.money.end(money) && words.units.is(money) && by_time).then_some(&said[..end])
}

/// The units that a text begins with.
fn units_of<'w>(said: &str, words: &'w CaptionWords) -> Vec<&'w str> {
    let said = words.currency.strip_start(said).unwrap_or(said).trim_start_matches('(');
    // 元/人·年 is a price; 元/万元 are two units.
    let first = said
        .split([')', ']', ',', ';', '。', '，', '；', '、'])
        .next()
        .unwrap_or(said);
    if let Some((money, per)) = first.split_once('/')
        && words.money.end(money)
        && !per.starts_with('%')
        && !words
            .units
            .iter()
            .any(|u| words.money.end(u) && per.starts_with(u.as_str()))
    {
        return Vec::new();
    }
    let mut units = Vec::new();
    let parts = |c: char| matches!(c, ')' | ']' | ',' | ';' | '。' | '，' | '；' | '、' | '/') || words.or.has(c);
    for part in said.split(parts) {
        // The unit may be followed by other words of the line (单位：万元 日期：…).
        let whole = words.units.iter().find(|u| *u == part);
        let money = || {
            let of_money = |u: &&String| part.starts_with(u.as_str()) && words.money.end(u);
            let unit = words.units.iter().find(of_money)?;
            // 元宝镇政府 is an organization.
            let rest = &part[unit.len()..];
            let goes_on = rest.contains(':') || !rest.starts_with(char::is_alphabetic);
            (!words.money.is(unit) || goes_on).then_some(unit)
        };
        match whole.or_else(money) {
            Some(unit) => units.push(unit.as_str()),
            None => break,
        }
    }
    units
}

/// Whether a cell or title states a unit of money for figures: 预算数（万元）, 金额单位：元, 预算数万元.
fn names_money(folded: &str, words: &CaptionWords) -> bool {
    let money = |text: &str| units_of(text, words).first().is_some_and(|u| words.money.end(u));
    let digits = folded.contains(|c: char| c.is_ascii_digit());
    let ends = !digits && words.money.end(folded.trim_end_matches(')'));
    ends || is_unit_line(folded, words) || folded.match_indices('(').any(|(at, _)| money(&folded[at + 1..]))
}

/// Whether a line is no more than a label with the office that a table is of: 编制部门：某局.
fn names_office(folded: &str, patterns: &Patterns) -> bool {
    let Some((label, value)) = folded.split_once(':') else {
        return false;
    };
    let office = |label: &str| {
        patterns.report.names_organization(label) || patterns.forms.head_field(label) == Some(HeadField::Department)
    };
    !value.contains([':', '。']) && value.chars().count() <= 30 && office(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_organizations() {
        let words = crate::pattern::Patterns::builtin().unwrap().tables.caption;
        let said = |found: Stated| match found {
            Stated::None => String::new(),
            Stated::One(unit) => unit,
            Stated::Two(units) => format!("两个：{units}"),
            Stated::Price(unit) => format!("单价：{unit}"),
        };
        for (text, expected) in [
            ("  单位：万元", "万元"),
            ("（金额单位：人民币万元）", "万元"),
            ("填报单位：某市财政局", ""),
            ("编制单位：某局   金额单位：元", "元"),
            ("单位：万元、%", "万元"),
            ("单位：人、万元", "万元"),
            ("单位：万元、元", "两个：万元、元"),
            ("（单位：元/万元）", "两个：元、万元"),
            ("单位：元/人·天", "单价：元/人·天"),
            ("单位：元/月", "单价：元/月"),
            ("单位：元/人·年", "单价：元/人·年"),
            ("预算单位为财政局", ""),
            ("编制单位为元宝镇政府", ""),
        ] {
            assert_eq!(said(stated(text, &words)), expected, "{text}");
        }
        for (text, expected) in [
            ("注：以上金额单位为万元。", "万元"),
            ("注：本表单位均为元", "元"),
            ("注：预算单位为元宝镇政府", ""),
            ("注：下表金额单位为万元", ""),
        ] {
            assert_eq!(said(stated_in_note(&fold(text), &words)), expected, "{text}");
        }
    }
}

//! Changes that must change no fact. Each draws from a sequence of its own, so that leaving one out leaves the others as they are.

use super::columns;
use super::generate::{Document, Draft, Plan, Subject, chance};
use super::sheet::{Piece, Role, Sheet, SideFrom};
use super::write::Format;
use crate::mutate::Random;

macro_rules! changes {
    ($($(#[$meta:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What is done to a document. The order is the order of doing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Change { $($(#[$meta])* $name),+ }

        impl Change {
            pub const ALL: &'static [Change] = &[$(Change::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Change::$name => $text),+ }
            }
        }
    };
}

changes! {
    /// The other unit of money; yuan stay the same.
    UnitSwapped = "unit swapped",
    Synonyms = "heading synonyms",
    TotalSynonyms = "total synonyms",
    RateAsFraction = "rate as fraction",
    NeutralWords = "neutral words",
    NeutralOffices = "neutral offices",
    NeutralCounts = "neutral counts",
    NeutralCodes = "neutral codes",
    NeutralNumbers = "neutral project numbers",
    NeutralDates = "neutral dates",
    NeutralLetters = "neutral document numbers",
    NeutralMarks = "neutral marks",
    NeutralRemarks = "neutral remarks",
    NotApplicable = "neutral 不适用",
    Sequence = "sequence column",
    Permuted = "columns permuted",
    HeadingsGrouped = "headings in two rows",
    HeadingsDeep = "headings in three rows",
    UnitInGroup = "unit in group heading",
    UnitInHeadings = "unit in headings",
    LineBreaks = "line breaks in cells",
    BlankMarks = "blank marks",
    Thousands = "thousands separators",
    FullWidth = "full-width digits",
    TopRows = "title and unit rows",
    UnitRow = "unit row",
    ColumnNumbers = "column numbers",
    SideAbove = "side label from above",
    SideHeader = "side label from headings",
    SideBelow = "side label from body",
    Repeated = "headings repeated",
    Continued = "continued table",
    Notes = "notes rows",
    NotesBelow = "notes below",
}

impl Change {
    /// Whether the change can be made in documents of this kind and format.
    pub fn fits(self, _: Subject, format: Format) -> bool {
        match self {
            // A text has no line break within a cell.
            Change::LineBreaks => format != Format::Bars,
            _ => true,
        }
    }
}

/// The random sequence of a change in a document.
fn sequence(change: Change, seed: u64) -> Random {
    Random::new(seed.wrapping_mul(1009).wrapping_add(change as u64 + 1))
}

/// The document of a plan with some changes.
pub fn document(plan: &Plan, changes: &[Change], seed: u64) -> Document {
    let mut draft = plan.draft(changes.contains(&Change::UnitSwapped));
    for change in Change::ALL.iter().filter(|c| changes.contains(c)) {
        apply(*change, &mut draft, &mut sequence(*change, seed));
    }
    let mut pieces: Vec<Piece> = draft.before.into_iter().map(Piece::Paragraph).collect();
    pieces.extend(draft.sheet.lay());
    pieces.extend(draft.after.into_iter().map(Piece::Paragraph));
    Document {
        pieces,
        facts: draft.facts,
        names: draft.names,
    }
}

fn apply(change: Change, draft: &mut Draft, random: &mut Random) {
    let unit = draft.before.iter().find(|p| p.starts_with("单位：")).cloned();
    let sheet = &mut draft.sheet;
    match change {
        Change::UnitSwapped => {}
        Change::Synonyms => columns::synonyms(sheet, random),
        Change::TotalSynonyms => draft
            .names
            .extend(columns::total_synonyms(sheet, &mut draft.facts, random)),
        Change::RateAsFraction => columns::fractions(sheet),
        Change::NeutralWords => columns::words(sheet, random),
        Change::NeutralOffices => columns::offices(sheet, random),
        Change::NeutralCounts => columns::counts(sheet, random),
        Change::NeutralCodes => columns::codes(sheet, random),
        Change::NeutralNumbers => columns::numbers(sheet, random),
        Change::NeutralDates => columns::dates(sheet, random),
        Change::NeutralLetters => columns::letters(sheet, random),
        Change::NeutralMarks => columns::marks(sheet, random),
        Change::NeutralRemarks => columns::remarks(sheet, random),
        Change::NotApplicable => columns::not_applicable(sheet, random),
        Change::Sequence => columns::sequence(sheet, random),
        Change::Permuted => {
            for i in (1..sheet.columns.len()).rev() {
                let j = random.below(i + 1);
                sheet.columns.swap(i, j);
            }
        }
        Change::HeadingsGrouped => {
            let word = *random.pick(&["资金情况", "预算执行情况", "资金使用情况", "资金安排及使用情况"]);
            group(sheet, random, word);
        }
        Change::HeadingsDeep => {
            let word = *random.pick(&["资金情况", "资金安排及使用情况"]);
            group(sheet, random, word);
            let year = *random.pick(&["2022年度", "本年度"]);
            for column in sheet.columns.iter_mut().filter(|c| c.head.len() == 2) {
                column.head.insert(0, year.to_owned());
            }
        }
        Change::UnitInGroup => {
            let Some(unit) = unit else { return };
            let word = format!("资金（{}）", unit.trim_start_matches("单位："));
            let money = |c: &super::sheet::Column| c.role == Role::Money;
            if sheet.columns.iter().all(|c| c.head.len() == 1) {
                for column in sheet.columns.iter_mut().filter(|c| money(c)) {
                    column.head.insert(0, word.clone());
                }
                draft.before.retain(|p| *p != unit);
            }
        }
        Change::UnitInHeadings => {
            let Some(unit) = unit else { return };
            let bare = unit.trim_start_matches("单位：");
            let shape = random.below(3);
            for column in sheet.columns.iter_mut().filter(|c| c.role == Role::Money) {
                let Some(own) = column.head.last_mut() else { continue };
                *own = match shape {
                    0 => format!("{own}（{bare}）"),
                    1 => format!("{own}({bare})"),
                    _ => format!("{own}\n（{bare}）"),
                };
            }
            draft.before.retain(|p| *p != unit);
        }
        Change::LineBreaks => {
            for cell in sheet
                .columns
                .iter_mut()
                .filter(|c| c.role == Role::Name)
                .flat_map(|c| &mut c.cells)
            {
                let length = cell.text.chars().count();
                // Not within digits: a person would read two numbers.
                let at = 2 + random.below(length.max(4) - 3);
                let digit = |n: usize| cell.text.chars().nth(n).is_none_or(|c| c.is_ascii_alphanumeric());
                if length > 5 && at < length && !(digit(at) || digit(at - 1)) {
                    cell.text = cell
                        .text
                        .chars()
                        .take(at)
                        .chain(['\n'])
                        .chain(cell.text.chars().skip(at))
                        .collect();
                }
            }
        }
        Change::BlankMarks => {
            let mark = *random.pick(&["-", "——", "/", "—", "－"]);
            let figures = |c: &&mut super::sheet::Column| matches!(c.role, Role::Money | Role::Rate | Role::Neutral);
            for cell in sheet.columns.iter_mut().filter(figures).flat_map(|c| &mut c.cells) {
                if cell.text.is_empty() && !cell.with_above {
                    cell.text = mark.to_owned();
                }
            }
        }
        Change::Thousands => {
            let comma = if chance(random, 80) { ',' } else { '，' };
            figures(sheet, |text| thousands(text, comma));
        }
        Change::FullWidth => figures(sheet, |text| {
            let wide = |c: char| match c {
                '0'..='9' => char::from_u32(c as u32 - 0x30 + 0xFF10).unwrap_or(c),
                '.' => '．',
                ',' => '，',
                other => other,
            };
            text.chars().map(wide).collect()
        }),
        Change::TopRows => {
            sheet.top = std::mem::take(&mut draft.before);
        }
        Change::UnitRow => {
            if let Some(unit) = unit {
                draft.before.retain(|p| *p != unit);
                sheet.top.push(unit);
            }
        }
        Change::ColumnNumbers => columns::column_numbers(sheet, random),
        Change::SideAbove | Change::SideHeader | Change::SideBelow => {
            let label = *random.pick(&["资金使用情况", "项目资金", "预算执行情况", "资金情况"]);
            let from = match change {
                Change::SideAbove => SideFrom::Above,
                Change::SideHeader => SideFrom::Header,
                _ => SideFrom::Below,
            };
            if from == SideFrom::Above && sheet.top.is_empty() {
                let Some(unit) = unit else { return };
                draft.before.retain(|p| *p != unit);
                sheet.top.push(unit);
            }
            if sheet.side.is_none() {
                sheet.side = Some((label.to_owned(), from));
            }
        }
        Change::Repeated => {
            if sheet.kinds.len() > 2 {
                sheet.repeated = Some(1 + random.below(sheet.kinds.len() - 1));
            }
        }
        Change::Continued => {
            if sheet.kinds.len() > 2 {
                let word = *random.pick(&["续表", "（续表）", "续上表", "续表1"]);
                let mut between = vec![word.to_owned()];
                between.extend(unit.filter(|_| chance(random, 50)));
                sheet.cut = Some((1 + random.below(sheet.kinds.len() - 1), between));
            }
        }
        Change::Notes => sheet.bottom.extend(notes(random)),
        Change::NotesBelow => draft.after.extend(notes(random)),
    }
}

fn notes(random: &mut Random) -> Vec<String> {
    let all = [
        "注：1.本表数据来源于财政预算管理一体化系统。",
        "注：预算数以批复文件为准。",
        "说明：本表金额四舍五入，可能存在尾差。",
        "注：本表按2022年口径填列，不含上级追加部分。",
        "备注：以上数据截至2022年12月31日。",
    ];
    vec![(*random.pick(&all)).to_owned()]
}

/// A heading over each run of money columns.
fn group(sheet: &mut Sheet, random: &mut Random, word: &str) {
    let singles = chance(random, 50);
    let figures = |c: &super::sheet::Column| matches!(c.role, Role::Money | Role::Rate);
    let mut at = 0;
    while at < sheet.columns.len() {
        let run = sheet.columns[at..].iter().take_while(|c| figures(c)).count();
        if run > 1 || run == 1 && singles {
            for column in &mut sheet.columns[at..at + run] {
                if column.head.len() == 1 {
                    column.head.insert(0, word.to_owned());
                }
            }
        }
        at += run.max(1);
    }
}

fn figures(sheet: &mut Sheet, change: impl Fn(&str) -> String) {
    let of_facts = |c: &&mut super::sheet::Column| matches!(c.role, Role::Money | Role::Rate | Role::Points);
    for cell in sheet.columns.iter_mut().filter(of_facts).flat_map(|c| &mut c.cells) {
        cell.text = change(&cell.text);
    }
}

/// 12345.60 with a comma before each three digits of its whole part.
pub fn thousands(text: &str, comma: char) -> String {
    let whole = text
        .find(|c: char| !c.is_ascii_digit() && c != '-')
        .unwrap_or(text.len());
    let mut out = String::new();
    for (index, c) in text.char_indices() {
        if index > 0 && index < whole && (whole - index) % 3 == 0 && !out.ends_with('-') {
            out.push(comma);
        }
        out.push(c);
    }
    out
}

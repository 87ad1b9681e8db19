//! Changes that must change no fact. Each draws from a sequence of its own, so that leaving one out leaves the others as they are.

use super::generate::{Document, Draft, Part, Plan, Subject, chance};
use super::sheet::{Grid, Piece, Role, Sheet, SideFrom, Slot};
use super::write::Format;
use super::{cells, columns};
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
    Spaced = "spaces in words",
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
    Prose = "prose around",
    TableAhead = "another table above",
}

impl Change {
    /// Whether the change can be made in documents of this kind and format.
    pub fn fits(self, subject: Subject, format: Format) -> bool {
        let money = matches!(subject, Subject::Budget | Subject::Funding | Subject::Form);
        match self {
            // A text has no line break within a cell.
            Change::LineBreaks => !format.is_text(),
            Change::UnitInGroup => money && !format.is_loose(),
            Change::UnitSwapped
            | Change::RateAsFraction
            | Change::UnitInHeadings
            | Change::UnitRow
            | Change::NeutralLetters => money,
            Change::TableAhead => !format.is_loose(),
            // What is merged cannot be told where each cell is a line.
            Change::HeadingsGrouped
            | Change::HeadingsDeep
            | Change::SideHeader
            | Change::SideAbove
            | Change::SideBelow => !format.is_loose() && (self != Change::HeadingsDeep || money),
            _ => true,
        }
    }
}

/// The random sequence of a change in a document.
fn sequence(change: Change, seed: u64) -> Random {
    Random::new(seed.wrapping_mul(1009).wrapping_add(change as u64 + 1))
}

/// The document of a plan with some changes, as far as the format can tell it.
pub fn document(plan: &Plan, changes: &[Change], seed: u64, format: Format) -> Document {
    let mut draft = plan.draft(changes.contains(&Change::UnitSwapped));
    for change in Change::ALL.iter().filter(|c| changes.contains(c)) {
        apply(*change, &mut draft, &mut sequence(*change, seed));
    }
    if format.is_loose() {
        let unit = draft.sheets().find_map(|s| {
            s.side
                .as_ref()
                .and_then(|(label, _)| Some(label.split_once('（')?.1.to_owned()))
        });
        draft
            .before
            .extend(unit.map(|u| format!("单位：{}", u.trim_end_matches('）'))));
        draft.sheets().for_each(unmerged);
    }
    draft.document()
}

/// Where no cell's place is told: nothing is merged, and what is empty has a mark.
fn unmerged(sheet: &mut Sheet) {
    sheet.side = None;
    sheet.wide_total = false;
    for column in &mut sheet.columns {
        let heading = column.head.last().cloned().unwrap_or_default();
        column.head = vec![if heading.is_empty() {
            "项目".to_owned()
        } else {
            heading
        }];
        let mut above = String::new();
        for cell in &mut column.cells {
            if std::mem::take(&mut cell.with_above) {
                cell.text = above.clone();
            } else if cell.text.is_empty() {
                cell.text = "-".to_owned();
            }
            above = cell.text.clone();
        }
    }
}

fn apply(change: Change, draft: &mut Draft, random: &mut Random) {
    match change {
        Change::UnitSwapped => {}
        Change::TopRows => {
            let rows = std::mem::take(&mut draft.before);
            top(draft, rows);
        }
        Change::UnitRow => {
            if let Some(unit) = take_unit(draft) {
                top(draft, vec![unit]);
            }
        }
        Change::UnitInGroup | Change::UnitInHeadings => {
            let grouped = |s: &Sheet| s.columns.iter().any(|c| c.head.len() > 1);
            if change == Change::UnitInGroup && draft.sheets().any(|s| grouped(s)) {
                return;
            }
            let Some(unit) = take_unit(draft) else { return };
            let bare = unit.trim_start_matches("单位：");
            let shape = random.below(3);
            for column in draft
                .sheets()
                .flat_map(|s| &mut s.columns)
                .filter(|c| c.role == Role::Money)
            {
                let Some(own) = column.head.last_mut() else { continue };
                match (change, shape) {
                    (Change::UnitInGroup, _) => column.head.insert(0, format!("资金（{bare}）")),
                    (_, 0) => own.push_str(&format!("（{bare}）")),
                    (_, 1) => own.push_str(&format!("({bare})")),
                    _ => own.push_str(&format!("\n（{bare}）")),
                }
            }
        }
        Change::SideAbove => {
            let alone = draft.parts.len() == 1 && draft.sheets().all(|s| s.side.is_none());
            let topped = draft.sheets().any(|s| !s.top.is_empty());
            if alone && !topped {
                let Some(row) = take_unit(draft).or_else(|| draft.before.pop()) else {
                    return;
                };
                top(draft, vec![row]);
            }
            if alone {
                side(draft, random, SideFrom::Above);
            }
        }
        Change::SideHeader => side(draft, random, SideFrom::Header),
        Change::SideBelow => side(draft, random, SideFrom::Below),
        Change::Repeated => {
            let sheet = one_of(draft, random);
            if sheet.kinds.len() > 2 {
                sheet.repeated = Some(1 + random.below(sheet.kinds.len() - 1));
            }
        }
        Change::Continued => {
            let unit = draft.before.iter().find(|p| p.starts_with("单位：")).cloned();
            let Some(sheet) = draft.sheets().last().filter(|s| s.kinds.len() > 2) else {
                return;
            };
            let word = *random.pick(&["续表", "（续表）", "续上表", "续表1"]);
            let mut between = vec![word.to_owned()];
            between.extend(unit.filter(|_| chance(random, 50)));
            sheet.cut = Some((1 + random.below(sheet.kinds.len() - 1), between));
        }
        Change::Notes => {
            if let Some(sheet) = draft.sheets().last() {
                sheet.bottom.extend(notes(random));
            }
        }
        Change::Prose => {
            draft.before.insert(0, (*random.pick(&PROSE)).to_owned());
            draft.after.push("以上情况，特此说明。".to_owned());
        }
        Change::TableAhead => draft.ahead = members(random),
        Change::NotesBelow => draft.after.extend(notes(random)),
        Change::TotalSynonyms => columns::total_synonyms(draft, random),
        Change::Synonyms => draft.sheets().for_each(|s| columns::synonyms(s, random)),
        Change::RateAsFraction => draft.sheets().for_each(columns::fractions),
        Change::LineBreaks => draft.sheets().for_each(|s| cells::line_breaks(s, random)),
        Change::Spaced => {
            let space = *random.pick(&[" ", "  ", "\u{3000}"]);
            draft.sheets().for_each(|s| cells::spaced(s, space));
        }
        Change::BlankMarks => {
            let mark = *random.pick(&["-", "——", "/", "—", "－"]);
            draft.sheets().for_each(|s| cells::blank_marks(s, mark));
        }
        Change::Thousands => {
            let comma = if chance(random, 80) { ',' } else { '，' };
            draft
                .sheets()
                .for_each(|s| cells::figures(s, |text| cells::thousands(text, comma)));
        }
        Change::FullWidth => draft.sheets().for_each(|s| cells::figures(s, cells::full_width)),
        _ => in_columns(change, one_of(draft, random), random),
    }
}

/// Changes that put a column into one sheet or work on its headings.
fn in_columns(change: Change, sheet: &mut Sheet, random: &mut Random) {
    match change {
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
        Change::ColumnNumbers => columns::column_numbers(sheet, random),
        Change::Permuted if !sheet.fixed => {
            for i in (1..sheet.columns.len()).rev() {
                let j = random.below(i + 1);
                sheet.columns.swap(i, j);
            }
        }
        Change::HeadingsGrouped => {
            let word = *random.pick(&["资金情况", "预算执行情况", "资金使用情况", "资金安排及使用情况"]);
            group(sheet, random, &[Role::Money, Role::Rate], word);
            let word = *random.pick(&["指标值情况", "指标完成情况", "目标及完成情况"]);
            group(sheet, random, &[Role::Text], word);
            if !sheet.fixed {
                group(sheet, random, &[Role::Points], "评分情况");
            }
        }
        Change::HeadingsDeep => {
            let word = *random.pick(&["资金情况", "资金安排及使用情况"]);
            group(sheet, random, &[Role::Money, Role::Rate], word);
            let year = *random.pick(&["2022年度", "本年度"]);
            for column in sheet.columns.iter_mut().filter(|c| c.head.len() == 2) {
                column.head.insert(0, year.to_owned());
            }
        }
        _ => {}
    }
}

/// A sheet of the document: most have one.
fn one_of<'a>(draft: &'a mut Draft, random: &mut Random) -> &'a mut Sheet {
    let count = draft.sheets().count();
    draft
        .sheets()
        .nth(random.below(count))
        .expect("every document has a table")
}

/// The paragraph that states the unit, taken away.
fn take_unit(draft: &mut Draft) -> Option<String> {
    let at = draft.before.iter().position(|p| p.starts_with("单位："))?;
    Some(draft.before.remove(at))
}

/// Puts rows over the whole width above everything of the table.
fn top(draft: &mut Draft, rows: Vec<String>) {
    match &mut draft.parts[..] {
        [Part::Sheet(sheet)] => sheet.top.extend(rows),
        _ => draft.top.extend(rows),
    }
}

fn side(draft: &mut Draft, random: &mut Random, from: SideFrom) {
    let alone = draft.parts.len() == 1;
    let label = *random.pick(&["资金使用情况", "项目资金", "预算执行情况", "资金情况"]);
    let Some(sheet) = draft.sheets().next().filter(|s| alone && s.side.is_none()) else {
        return;
    };
    let money = sheet.columns.iter().any(|c| c.role == Role::Money);
    sheet.side = Some((if money { label } else { "绩效指标" }.to_owned(), from));
}

/// A table of people, which states nothing that a record keeps.
fn members(random: &mut Random) -> Vec<Piece> {
    let people = ["张伟", "李秀英", "王建国", "刘洋", "陈静"];
    let posts = ["组长", "副组长", "成员"];
    let mut rows = vec![["姓名", "职务", "联系电话"].map(str::to_owned)];
    for _ in 0..2 + random.below(3) {
        let (person, post) = (*random.pick(&people), *random.pick(&posts));
        rows.push([
            person.to_owned(),
            post.to_owned(),
            format!("0750-350{:04}", random.below(10_000)),
        ]);
    }
    let cell = |text: String| Slot::Cell { text, rows: 1, cols: 1 };
    let rows = rows.into_iter().map(|r| r.map(cell).to_vec()).collect();
    vec![
        Piece::Paragraph("评价工作组成员名单".to_owned()),
        Piece::Table(Grid { rows, header: 1 }),
    ]
}

const PROSE: [&str; 3] = [
    "根据有关文件要求，现将资金安排及使用情况公布如下。",
    "本单位高度重视绩效管理工作，各项任务按计划推进，具体情况见下表。",
    "一、基本情况",
];

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

/// A heading over each run of columns of some roles.
fn group(sheet: &mut Sheet, random: &mut Random, roles: &[Role], word: &str) {
    let singles = chance(random, 50);
    let mut at = 0;
    while at < sheet.columns.len() {
        let run = sheet.columns[at..]
            .iter()
            .take_while(|c| roles.contains(&c.role))
            .count();
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

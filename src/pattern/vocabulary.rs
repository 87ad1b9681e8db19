//! The vocabulary: each word of a form once, with everything that it may be. Headings, labels, rows and the shapes of text all
//! ask it.

use super::entry::{Entry, What};
use super::expression::{Expression, Groups};
use super::file::PatternFile;
use super::forms::HeadField;
use super::headers::strip_notes;
use super::nearest::suggestion;
use crate::error::Result;
use crate::model::ColumnRole;
use crate::text::fold::fold;
use crate::text::outline::OF_WHICH;
use crate::text::unit::POINTS;
use std::collections::{BTreeMap, HashMap};
use toml::Spanned;

/// Longest text in bytes that is looked at as a heading or label: a cell of a whole page of prose is neither.
pub(super) const LONGEST: usize = 480;

/// What a whole text may be, by the list that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// Heading of a column of this role.
    Heading(ColumnRole),
    /// Label of a form's head.
    Head(HeadField),
    /// Anything of which a text may be several.
    Is(Job),
}

macro_rules! jobs {
    ($($(#[$meta:meta])* $variant:ident = $path:literal),+ $(,)?) => {
        /// What a text may be besides a heading and a label of the head.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Job { $($(#[$meta])* $variant),+ }

        impl Job {
            /// Each job with the list that names it.
            const ALL: &'static [(Job, &'static str)] = &[$((Job::$variant, $path)),+];
        }
    };
}

jobs! {
    /// 评价内容: heading of the items of a scoring sheet.
    ScoringItem = "headers.scoring_items",
    /// 项目资金: first heading of the funding block.
    FundingHead = "forms.funding.head",
    /// 其他收入: row of the funding block.
    FundingRow = "forms.funding.row",
    /// 预期目标.
    GoalExpected = "forms.goals.expected",
    /// 实际完成情况.
    GoalActual = "forms.goals.actual",
    /// 年度总体目标.
    GoalLabel = "forms.goals.label",
    /// 绩效指标 at the left of the grid.
    GridSide = "forms.grid.side",
    /// 总分.
    TotalScore = "forms.closing.total",
    /// 评价等级.
    Grade = "forms.closing.grade",
    /// 存在问题.
    Remark = "forms.closing.remark",
    /// 年度资金总额.
    TotalRow = "forms.rows.total",
    /// 产出指标.
    FirstLevel = "forms.levels.first",
    /// 数量指标.
    SecondLevel = "forms.levels.second",
    /// 填报单位: its value names who wrote the report.
    OrganizationLabel = "report.organization.labels",
    /// 地方主管部门: its value names the office of the place in a form of transfer payments.
    LocalOffice = "report.transfer.local_offices",
}

impl Use {
    /// The list that names it, as `also` writes it.
    fn path(self) -> String {
        match self {
            Use::Heading(role) => format!("headers.exact.{}", role.name()),
            Use::Head(field) => format!("forms.head.{}", field.name()),
            Use::Is(job) => {
                let named = Job::ALL.iter().find(|(known, _)| *known == job);
                named.map_or_else(String::new, |(_, path)| (*path).to_owned())
            }
        }
    }

    fn all() -> impl Iterator<Item = Use> {
        let headings = ColumnRole::ALL.iter().map(|role| Use::Heading(*role));
        let heads = HeadField::ALL.iter().map(|field| Use::Head(*field));
        headings
            .chain(heads)
            .chain(Job::ALL.iter().map(|(job, _)| Use::Is(*job)))
    }

    /// The use of a list, by the path that `also` writes.
    pub fn of_path(path: &str) -> Option<Use> {
        Use::all().find(|use_| use_.path() == path)
    }
}

/// Everything that a word may be. Of the roles of columns and of the fields of heads it has one each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Uses {
    pub heading: Option<ColumnRole>,
    pub head: Option<HeadField>,
    jobs: u32,
}

impl Uses {
    pub fn is(&self, job: Job) -> bool {
        self.jobs & (1 << job as u32) != 0
    }

    fn add(&mut self, named: Use) {
        match named {
            Use::Heading(role) => self.heading = Some(role),
            Use::Head(field) => self.head = Some(field),
            Use::Is(job) => self.jobs |= 1 << job as u32,
        }
    }

    /// Takes a use away; false when there was none.
    fn remove(&mut self, named: Use) -> bool {
        let before = *self;
        match named {
            Use::Heading(role) if self.heading == Some(role) => self.heading = None,
            Use::Head(field) if self.head == Some(field) => self.head = None,
            Use::Is(job) => self.jobs &= !(1 << job as u32),
            Use::Heading(_) | Use::Head(_) => {}
        }
        *self != before
    }

    /// The use that a new one would put out.
    fn other(&self, named: Use) -> Option<Use> {
        match named {
            Use::Heading(role) => self.heading.filter(|old| *old != role).map(Use::Heading),
            Use::Head(field) => self.head.filter(|old| *old != field).map(Use::Head),
            Use::Is(_) => None,
        }
    }

    fn each(&self) -> impl Iterator<Item = Use> {
        let jobs = Job::ALL
            .iter()
            .filter(|(job, _)| self.is(*job))
            .map(|(job, _)| Use::Is(*job));
        let headings = self.heading.map(Use::Heading);
        headings.into_iter().chain(self.head.map(Use::Head)).chain(jobs)
    }
}

/// Lists of one pattern file: where each stands, and its entries.
pub(super) type Lists = Vec<(Use, Vec<Spanned<Entry>>)>;

/// A word as it was taken in.
#[derive(Debug, Clone, Default)]
struct Known {
    uses: Uses,
    /// What an overlay says of it: words of the same rank must not contradict each other.
    overlaid: Uses,
}

/// What every whole text of a form may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    words: HashMap<String, Uses>,
    /// Asked where no word fits, those of an overlay first.
    expressions: Vec<(Expression, Uses)>,
}

impl Vocabulary {
    /// Takes in the lists of all files: first what is built in, then what an overlay adds or takes away.
    pub fn new(files: Vec<(&PatternFile, Lists)>) -> Result<Self> {
        let mut builder = Builder {
            paths: Use::all().map(|named| (named.path(), named)).collect(),
            ..Builder::default()
        };
        for overlaid in [false, true] {
            for (file, lists) in &files {
                for (named, entries) in lists {
                    let own = entries
                        .iter()
                        .filter(|entry| file.is_overlay(entry.span().start) == overlaid);
                    for entry in own {
                        builder.entry(file, *named, entry, overlaid)?;
                    }
                }
            }
        }
        let mut expressions = builder.overlaid;
        expressions.extend(builder.expressions);
        Ok(Vocabulary {
            words: builder
                .words
                .into_iter()
                .map(|(word, known)| (word, known.uses))
                .collect(),
            expressions,
        })
    }

    /// What a folded text says to a question: the word that it is, else the first expression that fits it.
    pub fn ask<T>(&self, folded: &str, question: impl Fn(&Uses) -> Option<T>) -> Option<T> {
        if let Some(answer) = self.words.get(folded).and_then(&question) {
            return Some(answer);
        }
        self.expressions
            .iter()
            .find_map(|(expression, uses)| question(uses).filter(|_| expression.fits(folded)))
    }

    /// The role of a heading that is a word.
    pub fn heading(&self, folded: &str) -> Option<ColumnRole> {
        self.words.get(folded).and_then(|uses| uses.heading)
    }

    /// The role of a heading that an expression fits, the expression, and what it takes from the text.
    pub fn heading_by_expression(&self, folded: &str) -> Option<(ColumnRole, &Expression, Groups)> {
        self.expressions.iter().find_map(|(expression, uses)| {
            let role = uses.heading?;
            Some((role, expression, expression.groups(folded)?))
        })
    }

    /// Whether any heading is told by an expression.
    pub fn has_headings_by_expression(&self) -> bool {
        self.expressions.iter().any(|(_, uses)| uses.heading.is_some())
    }

    /// Whether a text is of such a kind, its closing colon and notes in brackets apart.
    pub fn is(&self, text: &str, job: Job) -> bool {
        self.find(text, |uses| uses.is(job).then_some(())).is_some()
    }

    /// What a text as the report has it says to a question, its closing colon and notes in brackets apart.
    pub fn find<T>(&self, text: &str, question: impl Fn(&Uses) -> Option<T>) -> Option<T> {
        if text.len() > LONGEST {
            return None;
        }
        let folded = fold(text);
        if folded.is_empty() {
            return None;
        }
        let whole = folded.trim_end_matches(':');
        self.ask(whole, &question)
            .or_else(|| self.ask(&strip_notes(&folded), &question))
    }

    /// What a label says to a question, 其中 before it and points behind it (产出指标50分) apart, too.
    pub fn find_label<T>(&self, text: &str, question: impl Fn(&Uses) -> Option<T>) -> Option<T> {
        if text.len() > LONGEST {
            return None;
        }
        let folded = fold(text);
        if folded.is_empty() {
            return None;
        }
        let inner = folded.strip_prefix(OF_WHICH).unwrap_or(&folded);
        let inner = inner.trim_start_matches([':', '、', '.']).trim_end_matches(':');
        let bare = strip_notes(inner);
        let pointless = bare.strip_suffix(POINTS).map_or(bare.as_str(), |b| {
            b.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
        });
        let mut asked = Vec::with_capacity(4);
        for form in [&folded, inner, &bare, pointless] {
            if !asked.contains(&form) {
                if let Some(answer) = self.ask(form, &question) {
                    return Some(answer);
                }
                asked.push(form);
            }
        }
        None
    }

    /// The words of a kind, in order.
    pub fn words_of(&self, job: Job) -> Vec<String> {
        let words = self.words.iter().filter(|(_, uses)| uses.is(job));
        let mut words: Vec<String> = words.map(|(word, _)| word.clone()).collect();
        words.sort();
        words
    }
}

#[derive(Default)]
struct Builder {
    /// Lists by the path that `also` writes.
    paths: BTreeMap<String, Use>,
    words: BTreeMap<String, Known>,
    expressions: Vec<(Expression, Uses)>,
    overlaid: Vec<(Expression, Uses)>,
}

impl Builder {
    fn entry(&mut self, file: &PatternFile, list: Use, entry: &Spanned<Entry>, overlaid: bool) -> Result<()> {
        let at = entry.span().start;
        let entry = entry.as_ref();
        let mut uses = vec![list];
        for path in &entry.also {
            let Some(named) = self.paths.get(path) else {
                let meant = suggestion(path, self.paths.keys().map(String::as_str));
                let message = format!(
                    "no list is named `{path}`{meant}; one is named like headers.exact.score or forms.head.project"
                );
                return Err(file.error_at(&message, at));
            };
            uses.push(*named);
        }
        match &entry.what {
            What::Word(word) => {
                let folded = fold(word);
                if folded.is_empty() {
                    return Err(file.error_at("an empty word fits no text", at));
                }
                let known = self.words.entry(folded).or_default();
                for named in uses {
                    let against = if overlaid { known.overlaid } else { known.uses };
                    if let Some(other) = against.other(named) {
                        let message = format!("“{word}” stands under {} and under {}", other.path(), named.path());
                        return Err(file.error_at(&message, at));
                    }
                    known.uses.add(named);
                    if overlaid {
                        known.overlaid.add(named);
                    }
                }
            }
            What::Expression(expression) => {
                if overlaid {
                    expression.compile().map_err(|message| file.error_at(&message, at))?;
                }
                let mut all = Uses::default();
                uses.into_iter().for_each(|named| all.add(named));
                let list = if overlaid {
                    &mut self.overlaid
                } else {
                    &mut self.expressions
                };
                list.push((expression.clone(), all));
            }
            What::Not(text) => {
                for named in uses {
                    self.take_away(file, named, text, at)?;
                }
            }
        }
        Ok(())
    }

    fn take_away(&mut self, file: &PatternFile, named: Use, text: &str, at: usize) -> Result<()> {
        let word = self
            .words
            .get_mut(&fold(text))
            .is_some_and(|known| known.uses.remove(named));
        let mut expression = false;
        for (source, uses) in self.expressions.iter_mut().chain(&mut self.overlaid) {
            expression |= source.source() == text && uses.remove(named);
        }
        if word || expression {
            return Ok(());
        }
        let known = self
            .words
            .iter()
            .filter(|(_, known)| known.uses.each().any(|one| one == named));
        let meant = suggestion(text, known.map(|(word, _)| word.as_str()));
        Err(file.error_at(&format!("{} holds no `{text}` to take away{meant}", named.path()), at))
    }
}

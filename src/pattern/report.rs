//! Wordings that tell what a report is, who wrote it, and what score it states.

use super::entry::Entry;
use super::expression::Expression;
use super::file::PatternFile;
use super::fits::Fits;
use super::headers::fold;
use super::vocabulary::{Job, Lists, Use, Vocabulary};
use super::words::{Letters, WordList};
use crate::error::Result;
use crate::model::ReportKind;
use serde::Deserialize;
use std::sync::Arc;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportFile {
    kind: Vec<Spanned<KindEntry>>,
    title: TitlePatterns,
    organization: OrganizationFile,
    score: ScorePatterns,
    transfer: TransferFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationFile {
    labels: Vec<Spanned<Entry>>,
    suffixes: Vec<String>,
    stamps: Vec<String>,
    not_places: Vec<String>,
    next_labels: Vec<String>,
    before_places: Vec<String>,
    no_place: Vec<String>,
    stops: WordList,
    not_ends: WordList,
    offices: Letters,
    places: Letters,
    not_places_before: WordList,
    inner_place: Letters,
    outer_place: Letters,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferFile {
    names: Vec<String>,
    local_offices: Vec<Spanned<Entry>>,
}

/// Parses the file.
pub(super) fn parse(file: &PatternFile) -> Result<ReportFile> {
    file.parse()
}

impl ReportFile {
    /// Takes out the lists of whole texts.
    pub fn lists(&mut self) -> Lists {
        vec![
            (
                Use::Is(Job::OrganizationLabel),
                std::mem::take(&mut self.organization.labels),
            ),
            (
                Use::Is(Job::LocalOffice),
                std::mem::take(&mut self.transfer.local_offices),
            ),
        ]
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindEntry {
    kind: ReportKind,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    regex: Option<Expression>,
}

/// `patterns/report.toml`.
#[derive(Debug, Clone)]
pub struct ReportPatterns {
    kinds: Vec<(ReportKind, Fits)>,
    vocabulary: Arc<Vocabulary>,
    /// Titles.
    pub title: TitlePatterns,
    /// Organizations.
    pub organization: OrganizationPatterns,
    /// Total score and grade.
    pub score: ScorePatterns,
    /// Heads of forms of transfer payments.
    pub transfer: TransferPatterns,
}

/// Wordings of titles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitlePatterns {
    /// A title holds one of these.
    pub words: Vec<String>,
    /// First words of the body.
    pub body: Vec<String>,
    /// Words that end a title.
    pub ends: WordList,
    /// Words of lines at the end of a report that tell what it is.
    pub closing: WordList,
    /// What stands before the number of an attachment.
    pub attachments: WordList,
    /// What stands before what a title is about.
    pub about: WordList,
    /// Labels of the date of a report, with their colon.
    pub dates: WordList,
}

/// Wordings of organizations.
#[derive(Debug, Clone)]
pub struct OrganizationPatterns {
    /// Last words of a name, longer before shorter.
    pub suffixes: Vec<String>,
    /// What may follow a name.
    pub stamps: Vec<String>,
    /// Pairs of characters that only look like the end of a place.
    pub not_places: Vec<String>,
    /// Labels that may follow a name on its line, without their colon.
    pub next_labels: Vec<String>,
    /// What may stand before the place in a name.
    pub before_places: Vec<String>,
    /// Beginnings that end like a place and name none.
    pub no_place: Vec<String>,
    /// What follows the name in its line and is no label.
    pub stops: WordList,
    /// Pairs of characters at the end of a name that are one word.
    pub not_ends: WordList,
    /// Last characters of offices that prose tells in full.
    pub offices: Letters,
    /// Last characters of places.
    pub places: Letters,
    /// Pairs of characters of which the second ends no place.
    pub not_places_before: WordList,
    /// The end of a place that goes on with another one …
    pub inner_place: Letters,
    /// … and what it goes on with.
    pub outer_place: Letters,
}

/// Wordings of the heads of forms of transfer payments.
#[derive(Debug, Clone)]
pub struct TransferPatterns {
    /// Words of the label of the project's name.
    pub names: Vec<String>,
}

/// Wordings of total scores and grades.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScorePatterns {
    /// Subjects of a total in prose.
    pub subjects: Vec<String>,
    /// Words that make a score one of a part.
    pub parts: Vec<String>,
    /// Words of headings of points for the execution of the budget.
    pub execution: Vec<String>,
    /// Words of the label of a total that make its figure the score, never the full points.
    pub of_score: Vec<String>,
    /// Words before a grade.
    pub grade_words: Vec<String>,
    /// Grades, longer before shorter.
    pub grades: Vec<String>,
    /// Ticked boxes.
    pub ticked: Vec<String>,
    /// Empty boxes.
    pub empty: Vec<String>,
    /// What may follow a grade.
    pub grade_ends: Letters,
    /// What stands between a subject and its points.
    pub fillers: Letters,
    /// What stands between a subject and its grade.
    pub grade_fillers: Letters,
    /// What labels of sums hold: 合计, 总计.
    pub sums: WordList,
}

impl ReportPatterns {
    pub(super) fn new(file: &PatternFile, parsed: ReportFile, vocabulary: Arc<Vocabulary>) -> Result<Self> {
        let mut kinds = Vec::with_capacity(parsed.kind.len());
        for entry in parsed.kind {
            let at = entry.span().start;
            let KindEntry { kind, all, none, regex } = entry.into_inner();
            kinds.push((kind, Fits::new(&all, &none, regex, file, at)?));
        }
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let organization = parsed.organization;
        let mut parsed = ReportPatterns {
            kinds,
            vocabulary,
            title: TitlePatterns {
                words: folded(parsed.title.words),
                body: folded(parsed.title.body),
                ..parsed.title
            },
            organization: OrganizationPatterns {
                suffixes: folded(organization.suffixes),
                stamps: folded(organization.stamps),
                not_places: folded(organization.not_places),
                next_labels: folded(organization.next_labels),
                before_places: folded(organization.before_places),
                no_place: folded(organization.no_place),
                stops: organization.stops,
                not_ends: organization.not_ends,
                offices: organization.offices,
                places: organization.places,
                not_places_before: organization.not_places_before,
                inner_place: organization.inner_place,
                outer_place: organization.outer_place,
            },
            score: parsed.score,
            transfer: TransferPatterns {
                names: parsed.transfer.names,
            },
        };
        parsed.score.subjects = folded(parsed.score.subjects);
        // The longest subject that fits is the one that is meant.
        parsed
            .score
            .subjects
            .sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
        // Longer before shorter, whoever added them: 管理委员会 before 委员会, 优秀 before 优.
        let longest_first = |word: &String| std::cmp::Reverse(word.chars().count());
        parsed.organization.suffixes.sort_by_key(longest_first);
        parsed.score.grades.sort_by_key(longest_first);
        Ok(parsed)
    }

    /// Whether what follows a folded label names who wrote the report: 填报单位.
    pub fn names_organization(&self, label: &str) -> bool {
        self.is(label, Job::OrganizationLabel)
    }

    /// Whether a folded label is that of the office of the place: 地方主管部门.
    pub fn names_local_office(&self, label: &str) -> bool {
        self.is(label, Job::LocalOffice)
    }

    fn is(&self, folded: &str, job: Job) -> bool {
        self.vocabulary.ask(folded, |uses| uses.is(job).then_some(())).is_some()
    }

    /// The kind that a folded title tells.
    pub fn kind_of(&self, folded: &str) -> Option<ReportKind> {
        let named = self.kinds.iter().find(|(_, fits)| fits.groups(folded).is_some());
        named.map(|(kind, _)| *kind)
    }
}

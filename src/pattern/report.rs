//! Wordings that tell what a report is, who wrote it, and what score it states.

use super::file::PatternFile;
use super::headers::fold;
use crate::error::Result;
use crate::model::ReportKind;
use serde::Deserialize;

/// `patterns/report.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPatterns {
    kind: Vec<KindPattern>,
    /// Titles.
    pub title: TitlePatterns,
    /// Organizations.
    pub organization: OrganizationPatterns,
    /// Total score and grade.
    pub score: ScorePatterns,
    /// Heads of forms of transfer payments.
    pub transfer: TransferPatterns,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindPattern {
    kind: ReportKind,
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

/// Wordings of titles.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitlePatterns {
    /// A title holds one of these.
    pub words: Vec<String>,
    /// First words of the body.
    pub body: Vec<String>,
}

/// Wordings of organizations.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationPatterns {
    /// Labels of lines that name the organization.
    pub labels: Vec<String>,
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
}

/// Wordings of the heads of forms of transfer payments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferPatterns {
    /// Words of the label of the project's name.
    pub names: Vec<String>,
    /// Labels of the office of the place.
    pub local_offices: Vec<String>,
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
}

impl ReportPatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let mut parsed: ReportPatterns = file.parse()?;
        for pattern in &mut parsed.kind {
            for word in pattern.all.iter_mut().chain(&mut pattern.none) {
                *word = fold(word);
            }
        }
        let OrganizationPatterns {
            labels,
            suffixes,
            stamps,
            not_places,
            next_labels,
            before_places,
            no_place,
        } = &mut parsed.organization;
        let TitlePatterns { words, body } = &mut parsed.title;
        for word in [
            labels,
            suffixes,
            stamps,
            not_places,
            next_labels,
            before_places,
            no_place,
            words,
            body,
            &mut parsed.score.subjects,
        ]
        .into_iter()
        .flatten()
        {
            *word = fold(word);
        }
        // The longest subject that fits is the one that is meant.
        parsed
            .score
            .subjects
            .sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
        Ok(parsed)
    }

    /// The kind that a folded title tells.
    pub fn kind_of(&self, folded: &str) -> Option<ReportKind> {
        let fits = |k: &&KindPattern| {
            k.all.iter().all(|w| folded.contains(w.as_str())) && !k.none.iter().any(|w| folded.contains(w.as_str()))
        };
        self.kind.iter().find(fits).map(|k| k.kind)
    }
}

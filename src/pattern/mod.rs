//! Patterns: the wordings of forms, as data. Built in from `patterns/`; partial files add to them at run time.

pub mod change;
pub mod checks;
mod entry;
pub mod expression;
pub mod fates;
mod file;
mod fits;
mod folder;
pub mod forms;
pub mod headers;
pub mod label;
pub mod lexicon;
mod nearest;
mod overlay;
pub mod regions;
pub mod report;
pub mod stated;
pub mod tables;
pub(crate) mod token;
pub mod units;
pub mod values;
mod vocabulary;
pub(crate) mod wording;
pub mod words;

#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use checks::CheckPatterns;
use fates::FatePatterns;
use file::PatternFile;
use forms::FormPatterns;
use headers::HeaderPatterns;
use lexicon::Lexicon;
use regions::Regions;
use report::ReportPatterns;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use tables::TablePatterns;
use units::UnitPatterns;
use values::ValuePatterns;
use vocabulary::Vocabulary;

/// Every pattern that the stages use.
#[derive(Debug, Clone)]
pub struct Patterns {
    /// Header wordings and the column roles that they mean.
    pub headers: HeaderPatterns,
    /// Labels of forms and names of rows.
    pub forms: FormPatterns,
    /// What a report is, who wrote it, what score it states.
    pub report: ReportPatterns,
    /// Codes of places.
    pub regions: Regions,
    /// Words of running text.
    pub lexicon: Lexicon,
    /// Units.
    pub units: UnitPatterns,
    /// Wordings of targets and actuals.
    pub values: ValuePatterns,
    /// Parameters of the checks.
    pub checks: CheckPatterns,
    /// Words that tell digits which are no figures.
    pub fates: FatePatterns,
    /// What the reading of tables asks beside headings and labels.
    pub tables: TablePatterns,
    /// Each word of a form, with everything that it may be.
    vocabulary: Arc<Vocabulary>,
    /// SHA-256 over the texts of all files: other patterns make other records.
    pub fingerprint: String,
    /// The files that were laid over built-in ones.
    overrides: Vec<Override>,
}

/// A pattern file over a built-in one, as it was read: what another process needs to have the same patterns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Name of the built-in file (`headers.toml`).
    pub name: String,
    /// Path as messages show it.
    pub shown: String,
    /// The file's text.
    pub text: String,
}

/// The files that are built in.
const BUILTIN: [(&str, &str); 10] = [
    ("headers.toml", include_str!("../../patterns/headers.toml")),
    ("forms.toml", include_str!("../../patterns/forms.toml")),
    ("report.toml", include_str!("../../patterns/report.toml")),
    ("regions.toml", include_str!("../../patterns/regions.toml")),
    ("lexicon.toml", include_str!("../../patterns/lexicon.toml")),
    ("units.toml", include_str!("../../patterns/units.toml")),
    ("values.toml", include_str!("../../patterns/values.toml")),
    ("checks.toml", include_str!("../../patterns/checks.toml")),
    ("fates.toml", include_str!("../../patterns/fates.toml")),
    ("tables.toml", include_str!("../../patterns/tables.toml")),
];

impl Patterns {
    /// The patterns that the program was built with.
    ///
    /// # Errors
    /// Never for a released program: a test loads them.
    pub fn builtin() -> Result<Self> {
        Self::with_texts(&[])
    }

    /// The built-in patterns, with what the files of `dir` add to the built-in ones of their names.
    ///
    /// # Errors
    /// [`ErrorKind::Pattern`] with file, line and the nearest name that is allowed.
    pub fn with_overrides(dir: &Path) -> Result<Self> {
        Self::with_texts(&folder::read(dir)?)
    }

    /// The built-in patterns with texts laid over them that were read before ([`Patterns::overrides`]).
    ///
    /// # Errors
    /// As [`Patterns::with_overrides`].
    pub fn with_texts(texts: &[Override]) -> Result<Self> {
        let mut hasher = Sha256::new();
        let mut load = |(name, builtin): (&'static str, &str)| {
            let over = texts.iter().find(|text| text.name == name);
            let file = PatternFile::new(name, builtin, over.map(|o| (o.shown.clone(), o.text.clone())));
            file.add_to(&mut hasher);
            file
        };
        let [
            headers,
            forms,
            report,
            regions,
            lexicon,
            units,
            values,
            checks,
            fates,
            tables,
        ] = BUILTIN.map(&mut load);
        let (mut header_file, mut form_file) = (headers::parse(&headers)?, forms::parse(&forms)?);
        let mut report_file = report::parse(&report)?;
        let lists = vec![
            (&headers, header_file.lists()),
            (&forms, form_file.lists()),
            (&report, report_file.lists()),
        ];
        let vocabulary = Arc::new(Vocabulary::new(lists)?);
        Ok(Patterns {
            headers: HeaderPatterns::new(&headers, header_file, vocabulary.clone())?,
            forms: FormPatterns::new(form_file, vocabulary.clone()),
            report: ReportPatterns::new(&report, report_file, vocabulary.clone())?,
            regions: Regions::new(&regions)?,
            lexicon: Lexicon::new(&lexicon)?,
            units: UnitPatterns::new(&units)?,
            values: ValuePatterns::new(&values)?,
            checks: CheckPatterns::new(&checks)?,
            fates: FatePatterns::new(&fates)?,
            tables: TablePatterns::new(&tables)?,
            vocabulary,
            fingerprint: hasher.finalize().iter().map(|b| format!("{b:02x}")).collect(),
            overrides: texts.to_vec(),
        })
    }

    /// The files that were laid over built-in ones, as they were read.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }
}

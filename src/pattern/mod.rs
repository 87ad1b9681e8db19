//! Patterns: the wordings of forms, as data. Built in from `patterns/`, replaceable file by file at run time.

pub mod change;
pub mod checks;
pub mod fates;
mod file;
pub mod forms;
pub mod headers;
pub mod lexicon;
pub mod regions;
pub mod report;
pub mod text_layout;
pub mod units;
pub mod values;

use crate::error::{Error, ErrorKind, Result};
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
use std::cell::RefCell;
use std::path::Path;
use text_layout::TextLayout;
use units::UnitPatterns;
use values::ValuePatterns;

/// Every pattern that the stages use.
#[derive(Debug, Clone)]
pub struct Patterns {
    /// Header wordings and the column roles that they mean.
    pub headers: HeaderPatterns,
    /// Fixed words of forms, for text without structure.
    pub text_layout: TextLayout,
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
    /// SHA-256 over the texts of all files: other patterns make other records.
    pub fingerprint: String,
    /// The files that replaced built-in ones.
    overrides: Vec<Override>,
}

/// A pattern file in place of a built-in one, as it was read: what another process needs to have the same patterns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Name of the built-in file (`headers.toml`).
    pub name: String,
    /// Path as messages show it.
    pub shown: String,
    /// The file's text.
    pub text: String,
}

impl Patterns {
    /// The patterns that the program was built with.
    ///
    /// # Errors
    /// Never for a released program: a test loads them.
    pub fn builtin() -> Result<Self> {
        Self::from_source(&|_| Ok(None))
    }

    /// The built-in patterns, with each file that exists in `dir` in place of the built-in one of its name.
    ///
    /// # Errors
    /// [`ErrorKind::Pattern`] with file, line and the names that are allowed.
    pub fn with_overrides(dir: &Path) -> Result<Self> {
        if !dir.is_dir() {
            return Err(Error::new(ErrorKind::Pattern(format!(
                "{}: no such folder; give a folder laid out like patterns/",
                dir.display()
            ))));
        }
        Self::from_source(&|name| {
            let path = dir.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(Some((path.display().to_string(), text))),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => {
                    Err(Error::new(ErrorKind::Pattern(error.to_string())).in_part(path.display().to_string()))
                }
            }
        })
    }

    /// The built-in patterns, with some files replaced by texts that were read before ([`Patterns::overrides`]).
    ///
    /// # Errors
    /// As [`Patterns::with_overrides`].
    pub fn with_texts(texts: &[Override]) -> Result<Self> {
        Self::from_source(&|name| {
            let found = texts.iter().find(|text| text.name == name);
            Ok(found.map(|text| (text.shown.clone(), text.text.clone())))
        })
    }

    /// The files that replaced built-in ones, as they were read.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    fn from_source(overrides: file::Overrides<'_>) -> Result<Self> {
        let hasher = RefCell::new(Sha256::new());
        let taken = RefCell::new(Vec::new());
        let kept: file::Overrides<'_> = &|name| {
            let found = overrides(name)?;
            if let Some((shown, text)) = &found {
                taken.borrow_mut().push(Override {
                    name: name.to_owned(),
                    shown: shown.clone(),
                    text: text.clone(),
                });
            }
            Ok(found)
        };
        let load = |name, builtin| {
            let file = PatternFile::load(name, builtin, kept)?;
            file.add_to(&mut hasher.borrow_mut());
            Ok::<_, Error>(file)
        };
        Ok(Patterns {
            headers: HeaderPatterns::new(&load("headers.toml", include_str!("../../patterns/headers.toml"))?)?,
            text_layout: TextLayout::new(&load(
                "text_layout.toml",
                include_str!("../../patterns/text_layout.toml"),
            )?)?,
            forms: FormPatterns::new(&load("forms.toml", include_str!("../../patterns/forms.toml"))?)?,
            report: ReportPatterns::new(&load("report.toml", include_str!("../../patterns/report.toml"))?)?,
            regions: Regions::new(&load("regions.toml", include_str!("../../patterns/regions.toml"))?)?,
            lexicon: Lexicon::new(&load("lexicon.toml", include_str!("../../patterns/lexicon.toml"))?)?,
            units: UnitPatterns::new(&load("units.toml", include_str!("../../patterns/units.toml"))?)?,
            values: ValuePatterns::new(&load("values.toml", include_str!("../../patterns/values.toml"))?)?,
            checks: CheckPatterns::new(&load("checks.toml", include_str!("../../patterns/checks.toml"))?)?,
            fates: FatePatterns::new(&load("fates.toml", include_str!("../../patterns/fates.toml"))?)?,
            // The last fields: all files above are loaded by now.
            fingerprint: hasher
                .borrow()
                .clone()
                .finalize()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
            overrides: taken.take(),
        })
    }
}

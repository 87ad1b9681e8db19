//! Regular expressions as entries of pattern files: they fit a text as a whole, and their named groups say what else it tells.

use super::nearest::suggestion;
use crate::text::fold::{fold, fold_char};
use regex::Regex;
use regex_syntax::hir::{Hir, HirKind};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::sync::OnceLock;

/// The groups that an expression may name.
const GROUPS: [&str; 3] = ["year", "unit", "number"];

/// Most states of an expression; one that wants more is refused, not slow.
const SIZE: usize = 1 << 20;

/// A regular expression, compiled when it is first asked.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

/// What the named groups of an expression took from a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    /// `(?<year>…)`: the year that the figures are of.
    pub year: Option<i32>,
    /// `(?<unit>…)`: the unit of the figures.
    pub unit: Option<String>,
    /// `(?<number>…)`: the number that the column or row bears.
    pub number: Option<String>,
}

impl Expression {
    /// Checks an expression without compiling it.
    ///
    /// # Errors
    /// Says what is wrong.
    fn new(source: &str) -> Result<Self, String> {
        let hir = regex_syntax::parse(source).map_err(|error| plain(&error.to_string()))?;
        let mut folded = Vec::new();
        examine(&hir, &mut folded)?;
        if let Some(literal) = folded.first() {
            let fold = fold(literal);
            let fold = if fold.is_empty() {
                "nothing".to_owned()
            } else {
                format!("“{fold}”")
            };
            return Err(format!(
                "“{source}” can fit no text: texts are compared width-folded and without white space, so that “{literal}” is {fold} in them"
            ));
        }
        Ok(Expression {
            source: source.to_owned(),
            compiled: OnceLock::new(),
        })
    }

    /// The expression as the file has it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Compiles it now.
    ///
    /// # Errors
    /// When it is too large.
    pub(super) fn compile(&self) -> Result<(), String> {
        match self.compiled() {
            Some(_) => Ok(()),
            None => Err(format!("“{}” is too large an expression", self.source)),
        }
    }

    fn compiled(&self) -> Option<&Regex> {
        let compile = || {
            let whole = format!("^(?:{})$", self.source);
            // An expression in which white space and # say nothing may end in a remark.
            let remarked = format!("^(?:{}\n)$", self.source);
            let build = |text: &str| regex::RegexBuilder::new(text).size_limit(SIZE).build().ok();
            build(&whole).or_else(|| build(&remarked))
        };
        self.compiled.get_or_init(compile).as_ref()
    }

    /// Whether it fits a folded text as a whole.
    pub fn fits(&self, folded: &str) -> bool {
        self.compiled().is_some_and(|regex| regex.is_match(folded))
    }

    /// What its groups take from a folded text that it fits.
    pub fn groups(&self, folded: &str) -> Option<Groups> {
        let captures = self.compiled()?.captures(folded)?;
        let group = |name: &str| {
            let found = captures.name(name)?.as_str();
            (!found.is_empty()).then(|| found.to_owned())
        };
        Some(Groups {
            year: group("year").as_deref().and_then(year),
            unit: group("unit"),
            number: group("number"),
        })
    }
}

/// The year that digits name: 2022, and 22.
fn year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

/// Looks through an expression for groups without a meaning, and for letters that no folded text holds.
fn examine(hir: &Hir, odd: &mut Vec<String>) -> Result<(), String> {
    // The parser bounds how deep it nests.
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            let stays = |c: char| fold_char(c) == c && fold(&c.to_string()) == c.to_string();
            odd.extend(text.chars().filter(|c| !stays(*c)).map(String::from));
            Ok(())
        }
        HirKind::Capture(capture) => {
            if let Some(name) = capture.name.as_deref().filter(|name| !GROUPS.contains(name)) {
                let meant = suggestion(name, GROUPS);
                return Err(format!(
                    "no group is named `{name}`{meant}; the groups are {}",
                    GROUPS.join(", ")
                ));
            }
            examine(&capture.sub, odd)
        }
        HirKind::Repetition(repetition) => examine(&repetition.sub, odd),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().try_for_each(|part| examine(part, odd)),
        _ => Ok(()),
    }
}

/// The message of the parser on one line: it draws the expression and points below it.
fn plain(message: &str) -> String {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut last = lines.next_back().unwrap_or_default();
    last = last.strip_prefix("error: ").unwrap_or(last);
    let drawn = lines.find(|line| !line.starts_with("regex parse error") && !line.starts_with('^'));
    match drawn {
        Some(expression) => format!("“{expression}” is no regular expression: {last}"),
        None => format!("no regular expression: {last}"),
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let source = String::deserialize(deserializer)?;
        Expression::new(&source).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_tell_year_unit_and_number() {
        let expression = Expression::new(r"(?<number>\d)?(?<year>20\d\d)年决算数(\((?<unit>.*元)\))?").unwrap();
        let groups = |text: &str| expression.groups(text);
        let found = groups("2021年决算数(万元)").unwrap();
        assert_eq!(
            (found.year, found.unit.as_deref(), found.number),
            (Some(2021), Some("万元"), None)
        );
        assert_eq!(groups("32021年决算数").unwrap().number.as_deref(), Some("3"));
        assert_eq!(groups("2021年决算数的说明"), None, "anchored");
        assert!(!expression.fits("上2021年决算数"), "anchored");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (source, part) in [
            ("(?<year>20", "unclosed"),
            ("(?<yaer>20..)", "did you mean `year`"),
            ("(?<name>.*)", "the groups are year, unit, number"),
            ("决算（万元）", "“（”"),
            ("决算 数", "“ ”"),
            ("[", "no regular expression"),
        ] {
            let error = Expression::new(source).unwrap_err();
            assert!(error.contains(part) && !error.contains('\n'), "{source}: {error}");
        }
        let large = Expression::new(r"(\w{100}){200}").unwrap();
        assert!(large.compile().is_err(), "too large");
        let remark = Expression::new("(?x) 决算 数 # 年").unwrap();
        assert!(remark.fits("决算数"));
    }
}

//! Header wordings: exact synonyms first, then ordered keyword patterns; never a similarity.

use super::entry::Entry;
use super::expression::{Expression, Groups};
use super::file::PatternFile;
use super::fits::Fits;
use super::vocabulary::{Job, LONGEST, Lists, Use, Vocabulary};
use crate::error::Result;
use crate::model::{ColumnRole, FigureKind, lowest_heading};
use crate::text::date::{self, MONTH, behind_year};
pub use crate::text::fold::fold;
use crate::text::mark::circled;
use crate::text::outline;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeaderFile {
    exact: BTreeMap<ColumnRole, Vec<Spanned<Entry>>>,
    keyword: Vec<Spanned<KeywordEntry>>,
    turns: Vec<String>,
    scoring_items: Vec<Spanned<Entry>>,
    groups: Vec<String>,
    interim: Vec<String>,
    done: Vec<String>,
    prior: Vec<String>,
    begins: Vec<String>,
    ends: Vec<String>,
    open_ends: Vec<String>,
    figures: FigureWords,
}

/// Words of headings that say what the figures below them are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FigureWords {
    rate: Vec<String>,
    price: Vec<String>,
    price_ends: Vec<String>,
    price_titles: Vec<String>,
    area: Vec<String>,
    count: Vec<String>,
    points: Vec<String>,
    money_ends: Vec<String>,
}

/// Parses the file.
pub(super) fn parse(file: &PatternFile) -> Result<HeaderFile> {
    file.parse()
}

impl HeaderFile {
    /// Takes out the lists of whole texts.
    pub fn lists(&mut self) -> Lists {
        let exact = std::mem::take(&mut self.exact);
        let items = (Use::Is(Job::ScoringItem), std::mem::take(&mut self.scoring_items));
        let headings = exact.into_iter().map(|(role, list)| (Use::Heading(role), list));
        headings.chain([items]).collect()
    }
}

/// A heading has this role when it fits. The first that fits decides.
#[derive(Debug, Clone)]
struct Keyword {
    role: ColumnRole,
    fits: Fits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeywordEntry {
    role: ColumnRole,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    regex: Option<Expression>,
}

/// The role of a heading, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMatch {
    /// Role.
    pub role: ColumnRole,
    /// For the reader: the synonym or the keywords that matched.
    pub evidence: String,
    /// What the groups of an expression took from the heading.
    pub groups: Groups,
}

/// Header wordings and the column roles that they mean.
#[derive(Debug, Clone)]
pub struct HeaderPatterns {
    vocabulary: Arc<Vocabulary>,
    keywords: Vec<Keyword>,
    /// Whether a text without a character beyond ASCII may fit one of them.
    words_of_ascii: bool,
    turns: Vec<String>,
    groups: Vec<String>,
    interim: Vec<String>,
    done: Vec<String>,
    prior: Vec<String>,
    begins: Vec<String>,
    ends: Vec<String>,
    open_ends: Vec<String>,
    figures: FigureWords,
}

impl HeaderPatterns {
    pub(super) fn new(file: &PatternFile, parsed: HeaderFile, vocabulary: Arc<Vocabulary>) -> Result<Self> {
        let mut keywords = Vec::with_capacity(parsed.keyword.len());
        for keyword in parsed.keyword {
            let at = keyword.span().start;
            let KeywordEntry { role, all, none, regex } = keyword.into_inner();
            let fits = Fits::new(&all, &none, regex, file, at)?;
            keywords.push(Keyword { role, fits });
        }
        let words_of_ascii = keywords.iter().any(|keyword: &Keyword| keyword.fits.may_fit_ascii());
        Ok(HeaderPatterns {
            vocabulary,
            keywords,
            words_of_ascii,
            turns: parsed.turns,
            groups: parsed.groups,
            interim: parsed.interim,
            done: parsed.done,
            prior: parsed.prior,
            begins: parsed.begins,
            ends: parsed.ends,
            open_ends: parsed.open_ends,
            figures: parsed.figures,
        })
    }

    /// Whether an upper heading makes another measure of the heading below it: 上年 over 决算数.
    pub fn turns_measure(&self, upper: &str) -> bool {
        upper.len() <= LONGEST && self.turns.iter().any(|w| fold(upper).contains(w.as_str()))
    }

    /// Whether a heading speaks of a part of the year: 1-7月, 截至6月底, 上半年. December ends the year.
    pub fn part_of_year(&self, heading: &str) -> bool {
        if heading.len() > LONGEST {
            return false;
        }
        let folded = fold(heading);
        let month = |(at, _): (usize, &str)| -> Option<u8> {
            let digits = folded[..at].trim_end_matches(|c: char| c.is_ascii_digit());
            folded[digits.len()..at].parse().ok()
        };
        let last = folded.match_indices(MONTH).rev().find_map(month);
        last.is_some_and(|m| (1..12).contains(&m)) || self.interim.iter().any(|w| folded.contains(w.as_str()))
    }

    /// Whether a heading that names a time speaks of what was reached by then: 1-6月执行情况.
    pub fn says_done(&self, heading: &str) -> bool {
        heading.len() <= LONGEST && self.done.iter().any(|w| fold(heading).contains(w.as_str()))
    }

    /// What figures under a heading count or measure, if a word of it says so and it is no money: 受益户数, 占比, 面积.
    pub fn figure_kind(&self, heading: &str) -> Option<FigureKind> {
        if heading.len() > LONGEST {
            return None;
        }
        let folded = fold(heading);
        let words = &self.figures;
        let bare = strip_notes(&folded);
        if words.price_ends.iter().any(|w| bare.ends_with(w.as_str())) {
            return Some(FigureKind::Price);
        }
        let kinds = [
            (&words.rate, FigureKind::Rate),
            (&words.price, FigureKind::Price),
            (&words.area, FigureKind::Area),
            (&words.count, FigureKind::Count),
            (&words.points, FigureKind::Points),
        ];
        kinds
            .into_iter()
            .find(|(words, _)| words.iter().any(|w| folded.contains(w.as_str())))
            .map(|(_, kind)| kind)
    }

    /// Whether the title of a table says that it is one of prices: 差旅费标准表.
    pub fn titles_prices(&self, title: &str) -> bool {
        title.len() <= LONGEST && {
            let bare = strip_notes(&fold(title));
            self.figures.price_titles.iter().any(|w| bare.ends_with(w.as_str()))
        }
    }

    /// Whether a heading ends in a word of money: 公务接待费, 应补助资金.
    pub fn ends_in_money(&self, heading: &str) -> bool {
        heading.len() <= LONGEST && {
            let bare = strip_notes(&fold(heading));
            self.figures.money_ends.iter().any(|w| bare.ends_with(w.as_str()))
        }
    }

    /// Whether a text is a heading over a group of columns: 资金情况, 2022年度.
    pub fn heads_group(&self, heading: &str) -> bool {
        let folded = if heading.len() <= LONGEST {
            fold(heading)
        } else {
            String::new()
        };
        folded.chars().count() <= 16 && self.groups.iter().any(|w| folded.contains(w.as_str()))
    }

    /// Whether a heading names the items of a scoring sheet.
    pub fn is_scoring_item(&self, heading: &str) -> bool {
        self.vocabulary.is(heading, Job::ScoringItem)
    }

    /// The role of a text that is one of the synonyms, word for word.
    pub fn exact_role(&self, heading: &str) -> Option<ColumnRole> {
        if heading.len() > LONGEST {
            return None;
        }
        self.vocabulary.heading(&fold(heading))
    }

    /// What the groups of an expression tell of a column: by its own heading, else by all above it too (`a/b`).
    pub fn told(&self, header: &str) -> Option<Groups> {
        let expressions =
            self.vocabulary.has_headings_by_expression() || self.keywords.iter().any(|k| k.fits.by_expression());
        if !expressions {
            return None;
        }
        let joined = header.replace('/', "");
        let groups = |text: &str| {
            self.role(text)
                .map(|m| m.groups)
                .filter(|groups| *groups != Groups::default())
        };
        groups(lowest_heading(header)).or_else(|| groups(&joined))
    }

    /// The measure of money, or the rate of execution, that a heading of a column names with other endings than the synonyms:
    /// 实际使用数额, 结余资金额, 资金支出情况. `None` for every text of which the vocabulary knows anything.
    pub fn derived_role(&self, heading: &str) -> Option<ColumnRole> {
        if heading.len() > LONGEST {
            return None;
        }
        let bare = strip_notes(&fold(heading));
        let bare = without_year(&bare);
        if self.vocabulary.find(bare, |_| Some(())).is_some() {
            return None;
        }
        // 1.年初预算数, ③预算数 are numbered.
        let own = outline::strip(bare).trim_start_matches(|c| circled(c).is_some());
        let before = self.prior.iter().find_map(|word| own.strip_prefix(word.as_str()));
        let rest = before.unwrap_or(own);
        // 上年预算 is one of the synonyms with the year before it.
        let whole = (rest.len() < bare.len())
            .then(|| self.vocabulary.heading(rest))
            .flatten();
        let whole = whole.filter(|role| role.is_money());
        let role = whole.or_else(|| self.ending_otherwise(rest))?;
        match before {
            None => Some(role),
            // 上年实际支出额; of last year's balance nothing is told.
            Some(_) if role.is_money() && role != ColumnRole::Balance => Some(ColumnRole::PriorYear),
            Some(_) => None,
        }
    }

    fn ending_otherwise(&self, bare: &str) -> Option<ColumnRole> {
        let measure = |text: &str| {
            let role = self.vocabulary.heading(text).filter(|_| text.chars().count() > 1)?;
            (role.is_money() || role == ColumnRole::ExecutionRate).then_some(role)
        };
        // 资金预算 is 预算.
        let begun = |text: &str| {
            let rest = self.begins.iter().find_map(|word| text.strip_prefix(word.as_str()));
            rest.and_then(measure)
        };
        begun(bare).or_else(|| {
            let other = |text: &str| measure(text).or_else(|| begun(text));
            // 计划数 and 完成情况 may be of anything, whatever 计划金额 is: an ending that does not say money stands for none that
            // does.
            let [money, open] = [&self.ends, &self.open_ends];
            let mut stems = [(money, [money, open]), (open, [open, open])]
                .into_iter()
                .flat_map(|(ends, others)| {
                    let stem = move |end: &String| Some((bare.strip_suffix(end.as_str())?, others));
                    ends.iter().filter_map(stem)
                });
            stems.find_map(|(stem, others)| {
                let mut others = others.into_iter().flatten().map(|end| format!("{stem}{end}"));
                other(stem).or_else(|| others.find_map(|text| other(&text)))
            })
        })
    }

    /// Whether a folded heading speaks of the year before.
    pub fn is_prior(&self, folded: &str) -> bool {
        self.prior.iter().any(|word| folded.contains(word.as_str()))
    }

    /// The year that a column's headings name: 2022年决算数, also by an expression.
    pub fn year(&self, header: &str) -> Option<u16> {
        if let Some(year) = self.told(header).and_then(|told| told.year) {
            return u16::try_from(year).ok();
        }
        let chars: Vec<char> = fold(header).chars().collect();
        let (year, _) = (0..chars.len()).find_map(|at| date::year(&chars, at))?;
        u16::try_from(year).ok()
    }

    /// The role of one heading (of several header rows: joined from top to bottom), or `None` when no wording fits.
    pub fn role(&self, heading: &str) -> Option<HeaderMatch> {
        if heading.len() > LONGEST {
            return None;
        }
        let folded = fold(heading);
        if folded.is_empty() {
            return None;
        }
        let bare = strip_notes(&folded);
        // 增、减金额 is 增减金额.
        let joined: String = bare.chars().filter(|c| !matches!(c, '、' | '·' | '“' | '”')).collect();
        // 2022年预算 is 预算 of a year.
        let yearless = without_year(&joined);
        let mut before = "";
        for text in [folded.as_str(), &bare, &joined, yearless] {
            if std::mem::replace(&mut before, text) == text {
                continue;
            }
            if let Some(role) = self.vocabulary.heading(text) {
                return Some(HeaderMatch {
                    role,
                    evidence: format!("“{text}”"),
                    groups: Groups::default(),
                });
            }
            if let Some((role, expression, groups)) = self.vocabulary.heading_by_expression(text) {
                return Some(HeaderMatch {
                    role,
                    evidence: format!("“{text}”合于 {}", expression.source()),
                    groups,
                });
            }
        }
        // A long text is a sentence or a value, not a heading; most cells are figures, which hold no word.
        if bare.chars().count() > 16 || joined.is_ascii() && !self.words_of_ascii {
            return None;
        }
        self.keywords.iter().find_map(|keyword| {
            let groups = keyword.fits.groups(&joined)?;
            // 上年实际支出额 is no outlay of this year, and 去年完成值 no value of it, whatever words it holds.
            if of_this_year(keyword.role) && self.is_prior(&joined) {
                return None;
            }
            Some(HeaderMatch {
                role: keyword.role,
                evidence: keyword.fits.evidence(&joined),
                groups,
            })
        })
    }
}

/// Whether a role is one of what was planned or reached in the report's own year.
fn of_this_year(role: ColumnRole) -> bool {
    let values = matches!(
        role,
        ColumnRole::Target | ColumnRole::ActualValue | ColumnRole::InterimActual | ColumnRole::Forecast
    );
    values || role.is_money() && !matches!(role, ColumnRole::PriorYear | ColumnRole::Change)
}

/// A heading without the year before it: 2022年预算, 2022年度决算数.
fn without_year(bare: &str) -> &str {
    let digits = bare.len() >= 4 && bare.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let rest = if digits { behind_year(&bare[4..]) } else { None };
    rest.unwrap_or(bare)
}

/// The heading without its notes in brackets (unit, A, B/A, points) and without a closing letter as in 全年预算数A.
pub fn strip_notes(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut depth = 0usize;
    for c in folded.chars() {
        match c {
            '(' | '[' | '〔' => depth += 1,
            ')' | ']' | '〕' => depth = depth.saturating_sub(1),
            // 小计④=①+②+③: the number of the column and how it is computed.
            '①'..='⑳' if depth == 0 && !out.is_empty() => break,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    let closing = |c: char| c.is_ascii_uppercase() || matches!(c, ':' | '/' | '=' | '*');
    out.trim_end_matches(closing).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    #[test]
    fn folding_changes_no_figure() {
        assert_eq!(fold("９８．８２％ "), "98.82%");
        assert_eq!(fold("98.82¹"), "98.82");
        assert_eq!(fold("①技术改造"), "①技术改造");
        assert_eq!(fold("年 初　预算数（Ａ）"), "年初预算数(A)");
    }

    #[test]
    fn roles_of_common_headings() {
        let patterns = Patterns::builtin().unwrap();
        let role = |text: &str| patterns.headers.role(text).map(|m| m.role);
        for (text, expected) in [
            ("全年预算数（A）", Some(ColumnRole::AdjustedBudget)),
            ("全年预算数A", Some(ColumnRole::AdjustedBudget)),
            ("执行率\n（B/A）", Some(ColumnRole::ExecutionRate)),
            ("年初\n预算数", Some(ColumnRole::InitialBudget)),
            ("实际支出金额", Some(ColumnRole::Actual)),
            ("项 目", Some(ColumnRole::Project)),
            ("年初申报指标值", Some(ColumnRole::Target)),
            ("偏差原因分析及改进措施", Some(ColumnRole::Reason)),
            ("上年实际支出额", None),
            ("去年完成值", None),
            ("期初预算金额", Some(ColumnRole::InitialBudget)),
            ("新增规模工业企业100家，规模工业增加值同比增长7.8%。", None),
        ] {
            assert_eq!(role(text), expected, "{text}");
        }
    }

    #[test]
    fn roles_of_headings_with_other_endings() {
        let patterns = Patterns::builtin().unwrap();
        for (text, expected) in [
            ("实际使用数额", Some(ColumnRole::Actual)),
            ("实际执行金额（万元）", Some(ColumnRole::Actual)),
            ("资金支出情况", Some(ColumnRole::Actual)),
            ("累计支出额", Some(ColumnRole::Actual)),
            ("预算安排情况", Some(ColumnRole::Budget)),
            ("2022年预算安排情况", Some(ColumnRole::Budget)),
            ("资金预算额", Some(ColumnRole::Budget)),
            ("结余资金额", Some(ColumnRole::Balance)),
            ("资金结余情况", Some(ColumnRole::Balance)),
            ("上年实际支出额", Some(ColumnRole::PriorYear)),
            ("执行率情况", Some(ColumnRole::ExecutionRate)),
            // Known as something else, or nothing that a measure says.
            ("预算执行情况", None),
            ("支出总额", None),
            ("项目支出", None),
            ("上年结余数额", None),
            ("支出说明", None),
            ("人员情况", None),
            ("补助标准", None),
            ("1.年初预算数", Some(ColumnRole::InitialBudget)),
            ("二、执行数额", Some(ColumnRole::Actual)),
            ("③预算数", Some(ColumnRole::Budget)),
            ("上年执行金额", Some(ColumnRole::PriorYear)),
        ] {
            assert_eq!(patterns.headers.derived_role(text), expected, "{text}");
        }
    }
}

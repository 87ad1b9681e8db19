//! Labels of forms and names of rows.

use super::entry::Entry;
use super::file::PatternFile;
use super::headers::{fold, strip_notes};
use super::vocabulary::{Job, LONGEST, Lists, Use, Vocabulary};
use super::words::WordList;
use crate::error::Result;
use crate::text::outline;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// Field of a form's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadField {
    /// 项目名称.
    Project,
    /// 项目编码.
    Code,
    /// 主管部门.
    Department,
    /// 实施单位.
    Implementer,
    /// A label whose value no field keeps.
    Other,
}

impl HeadField {
    /// Every field.
    pub const ALL: &[HeadField] = &[
        HeadField::Project,
        HeadField::Code,
        HeadField::Department,
        HeadField::Implementer,
        HeadField::Other,
    ];

    /// The field as pattern files name it.
    pub fn name(self) -> &'static str {
        match self {
            HeadField::Project => "project",
            HeadField::Code => "code",
            HeadField::Department => "department",
            HeadField::Implementer => "implementer",
            HeadField::Other => "other",
        }
    }
}

type Entries = Vec<Spanned<Entry>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormFile {
    head: BTreeMap<HeadField, Entries>,
    goals: Goals,
    funding: Funding,
    grid: Grid,
    closing: Closing,
    rows: Rows,
    money: Money,
    levels: Levels,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Goals {
    expected: Entries,
    actual: Entries,
    label: Entries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Funding {
    head: Entries,
    row: Entries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grid {
    side: Entries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    total: Entries,
    grade: Entries,
    remark: Entries,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    total: Entries,
    subtotal: Vec<String>,
    of_which: Vec<String>,
    divisions: Vec<String>,
    beside_budget: Vec<String>,
    funding_sources: Vec<String>,
    placeholder: Vec<String>,
    code_names: Vec<String>,
    place_ends: Vec<String>,
    code_columns: Vec<String>,
    organization_ends: WordList,
    of_year: WordList,
    level_under: Vec<String>,
    level_otherwise: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Money {
    words: Vec<String>,
    allocation: Vec<String>,
    three_public: Vec<String>,
    accounts: Vec<String>,
    no_accounts: Vec<String>,
    revenue: Vec<String>,
    expenditure: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    first: Entries,
    second: Entries,
}

/// Parses the file.
pub(super) fn parse(file: &PatternFile) -> Result<FormFile> {
    file.parse()
}

impl FormFile {
    /// Takes out the lists of whole texts.
    pub fn lists(&mut self) -> Lists {
        let heads = std::mem::take(&mut self.head);
        let mut lists: Lists = heads
            .into_iter()
            .map(|(field, list)| (Use::Head(field), list))
            .collect();
        let (goals, funding, closing) = (&mut self.goals, &mut self.funding, &mut self.closing);
        for (job, list) in [
            (Job::GoalExpected, &mut goals.expected),
            (Job::GoalActual, &mut goals.actual),
            (Job::GoalLabel, &mut goals.label),
            (Job::FundingHead, &mut funding.head),
            (Job::FundingRow, &mut funding.row),
            (Job::GridSide, &mut self.grid.side),
            (Job::TotalScore, &mut closing.total),
            (Job::Grade, &mut closing.grade),
            (Job::Remark, &mut closing.remark),
            (Job::TotalRow, &mut self.rows.total),
            (Job::FirstLevel, &mut self.levels.first),
            (Job::SecondLevel, &mut self.levels.second),
        ] {
            lists.push((Use::Is(job), std::mem::take(list)));
        }
        lists
    }
}

/// Labels of forms and names of rows (`patterns/forms.toml`). Every question takes text as the report has it.
#[derive(Debug, Clone)]
pub struct FormPatterns {
    vocabulary: Arc<Vocabulary>,
    /// Words of the vocabulary that texts also end in or begin with.
    totals: Vec<String>,
    grades: Vec<String>,
    remarks: Vec<String>,
    funding_sources: Vec<String>,
    subtotal: Vec<String>,
    of_which: Vec<String>,
    divisions: Vec<String>,
    beside_budget: Vec<String>,
    placeholder: Vec<String>,
    code_names: Vec<String>,
    place_ends: Vec<String>,
    code_columns: Vec<String>,
    organization_ends: WordList,
    of_year: WordList,
    /// Words of a level 2 that tell the level 1 above it, and that of any other.
    under: Vec<String>,
    otherwise: String,
    money: Money,
}

/// A label as compared: folded, without notes in brackets and closing colon.
fn label(text: &str) -> String {
    strip_notes(&fold(text))
}

fn is_one(words: &[String], text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let folded = fold(text);
    if folded.is_empty() {
        return false;
    }
    let whole = folded.trim_end_matches(':');
    let bare = label(text);
    words.iter().any(|w| w == whole || *w == bare)
}

fn holds_any(words: &[String], folded: &str) -> bool {
    words.iter().any(|w| folded.contains(w.as_str()))
}

impl FormPatterns {
    pub(super) fn new(file: FormFile, vocabulary: Arc<Vocabulary>) -> Self {
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect::<Vec<_>>();
        let (rows, money) = (file.rows, file.money);
        FormPatterns {
            totals: vocabulary.words_of(Job::TotalRow),
            grades: vocabulary.words_of(Job::Grade),
            remarks: vocabulary.words_of(Job::Remark),
            vocabulary,
            funding_sources: folded(rows.funding_sources),
            subtotal: folded(rows.subtotal),
            of_which: folded(rows.of_which),
            divisions: folded(rows.divisions),
            beside_budget: folded(rows.beside_budget),
            placeholder: folded(rows.placeholder),
            organization_ends: rows.organization_ends,
            of_year: rows.of_year,
            under: rows.level_under,
            otherwise: rows.level_otherwise,
            code_names: folded(rows.code_names),
            place_ends: folded(rows.place_ends),
            code_columns: folded(rows.code_columns),
            money: Money {
                words: folded(money.words),
                allocation: folded(money.allocation),
                three_public: folded(money.three_public),
                accounts: folded(money.accounts),
                no_accounts: folded(money.no_accounts),
                revenue: folded(money.revenue),
                expenditure: folded(money.expenditure),
            },
        }
    }

    /// The field that a head label fills.
    pub fn head_field(&self, text: &str) -> Option<HeadField> {
        self.vocabulary.find(text, |uses| uses.head)
    }

    /// Heading of a column of words that stands beside the names of rows: 主管部门, 责任单位, 联系人.
    pub fn is_neutral_heading(&self, heading: &str) -> bool {
        matches!(
            self.head_field(heading),
            Some(HeadField::Code | HeadField::Department | HeadField::Implementer | HeadField::Other)
        )
    }

    /// Heading of a column of organizations or places, which name rows only where nothing else does.
    pub fn is_organization_heading(&self, heading: &str) -> bool {
        let bare = label(heading);
        matches!(
            self.head_field(heading),
            Some(HeadField::Department | HeadField::Implementer)
        ) || self.organization_ends.end(&bare)
    }

    /// Whether a heading of goals speaks of those of the year: 年度目标 beside 总体目标.
    pub fn is_of_year(&self, heading: &str) -> bool {
        self.of_year.within(&fold(heading))
    }

    /// The level 1 that a level 2 without one stands under: 效益指标 for 社会效益指标.
    pub fn level_above(&self, second: &str) -> String {
        let word = self.under.iter().find(|word| second.contains(word.as_str()));
        word.map_or_else(|| self.otherwise.clone(), |word| format!("{word}指标"))
    }

    /// Heading of the expected goals.
    pub fn is_goal_expected(&self, text: &str) -> bool {
        self.vocabulary.is(text, Job::GoalExpected)
    }

    /// Heading of what was reached.
    pub fn is_goal_actual(&self, text: &str) -> bool {
        self.vocabulary.is(text, Job::GoalActual)
    }

    /// Label beside the goals (年度总体目标).
    pub fn is_goal_label(&self, text: &str) -> bool {
        self.vocabulary.is(text, Job::GoalLabel)
    }

    /// Any heading or label of goals, expected or reached.
    pub fn is_goal_heading(&self, text: &str) -> bool {
        self.is_goal_label(text) || self.is_goal_expected(text) || self.is_goal_actual(text)
    }

    /// Label of the row with the total score.
    pub fn is_total_score(&self, text: &str) -> bool {
        self.vocabulary.is(text, Job::TotalScore)
    }

    /// Label of the row with the grade.
    pub fn is_grade(&self, text: &str) -> bool {
        self.vocabulary.is(text, Job::Grade)
    }

    /// Whether a heading ends as those of grades do: 财政复核等级.
    pub fn ends_as_grade(&self, heading: &str) -> bool {
        let bare = label(heading);
        heading.len() <= LONGEST && self.grades.iter().any(|w| bare.ends_with(w.as_str()))
    }

    /// Label or beginning of a text below the grid.
    pub fn is_remark(&self, text: &str) -> bool {
        let start = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
        let folded = fold(&text[..start]);
        self.vocabulary.is(text, Job::Remark)
            || self.remarks.iter().any(|w| {
                folded.strip_prefix(w.as_str()).is_some_and(|rest| {
                    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                    rest.starts_with(':') || rest.starts_with('.')
                })
            })
    }

    /// Name of a row that sums others: 合计, 本年支出合计, 年度资金总额.
    pub fn is_total_row(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        let bare = label(name);
        let bare = outline::strip(&bare);
        let fits = || {
            self.vocabulary
                .ask(bare, |uses| uses.is(Job::TotalRow).then_some(()))
                .is_some()
        };
        fits()
            || self
                .totals
                .iter()
                .any(|w| bare == w || (bare.chars().count() <= 16 && bare.ends_with(w.as_str())))
    }

    /// Name of a row that sums a group: 小计.
    pub fn is_subtotal_row(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        let bare = label(name);
        let bare = outline::strip(&bare);
        // 小计量器具检定费 only begins with the same characters.
        let sums = |word: &String| {
            let rest = bare.strip_prefix(word.as_str());
            bare.ends_with(word.as_str()) || rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
        };
        bare.chars().count() <= 16 && self.subtotal.iter().any(sums)
    }

    /// Name that starts with 其中.
    pub fn is_of_which_row(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        let folded = fold(name);
        self.of_which.iter().any(|w| folded.starts_with(w.as_str()))
    }

    /// 其中 and nothing else.
    pub fn is_of_which_word(&self, text: &str) -> bool {
        is_one(&self.of_which, text)
    }

    /// Name of a source of funds (财政拨款, 上年结转资金, 其他资金 …).
    pub fn is_funding_source(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        holds_any(&self.funding_sources, &fold(name))
    }

    /// Whether a whole text is a source of funds and no heading of a column.
    pub fn is_funding_row(&self, text: &str) -> bool {
        self.vocabulary.find(text, |uses| uses.heading).is_none() && is_one(&self.funding_sources, text)
    }

    /// A label beside a block of figures that are the budget: 年度预算申请（万元）.
    pub fn stands_beside_budget(&self, label: &str) -> bool {
        is_one(&self.beside_budget, label)
    }

    /// A heading that says how a total is divided: 按收入性质分.
    pub fn divides_total(&self, text: &str) -> bool {
        text.len() <= LONGEST && {
            let folded = fold(text);
            self.divisions.iter().any(|word| folded.starts_with(word.as_str()))
        }
    }

    /// A filler that holds no fact: `……`, `指标2：`.
    pub fn is_placeholder(&self, text: &str) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        let folded = fold(text);
        let bare = folded.trim_end_matches([':', '.', '、', '…']);
        folded.is_empty() || bare.is_empty() || self.placeholder.iter().any(|w| *w == folded || w == bare)
    }

    /// Heading of a column that holds codes, years or order.
    pub fn is_code_heading(&self, heading: &str) -> bool {
        if heading.len() > LONGEST {
            return false;
        }
        let bare = label(heading);
        self.code_columns
            .iter()
            .any(|w| bare == *w || (w.chars().count() > 1 && bare.ends_with(w.as_str())))
    }

    /// Whether a heading is the name of a place, a unit or a project.
    pub fn names_place(&self, heading: &str) -> bool {
        let bare = label(heading);
        heading.len() <= LONGEST && self.place_ends.iter().any(|w| bare.ends_with(w.as_str()))
    }

    /// Heading of 科目, whose codes may stand in place of names.
    pub fn names_codes(&self, heading: &str) -> bool {
        heading.len() <= LONGEST && holds_any(&self.code_names, &fold(heading))
    }

    /// Whether a caption or heading speaks of money.
    pub fn speaks_of_money(&self, text: &str) -> bool {
        holds_any(&self.money.words, &fold(text))
    }

    /// Whether a caption speaks of allocating money to places or units.
    pub fn speaks_of_allocation(&self, text: &str) -> bool {
        holds_any(&self.money.allocation, &fold(text))
    }

    /// Whether a title is one of final accounts and of nothing else: 收入支出决算总表.
    pub fn titles_accounts(&self, title: &str) -> bool {
        let folded = fold(title);
        holds_any(&self.money.accounts, &folded) && !holds_any(&self.money.no_accounts, &folded)
    }

    /// Whether a caption or row name speaks of the 三公经费.
    pub fn speaks_of_three_public(&self, text: &str) -> bool {
        let bare: String = fold(text)
            .chars()
            .filter(|c| !matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’'))
            .collect();
        holds_any(&self.money.three_public, &bare)
    }

    /// Whether a text speaks of revenue, and whether it speaks of expenditure.
    pub fn revenue_and_expenditure(&self, text: &str) -> (bool, bool) {
        let folded = fold(text);
        (
            holds_any(&self.money.revenue, &folded),
            holds_any(&self.money.expenditure, &folded),
        )
    }

    /// Whether a label is a level-1 name of indicator trees, stated points ignored.
    pub fn is_first_level(&self, text: &str) -> bool {
        self.vocabulary
            .find_label(text, |uses| uses.is(Job::FirstLevel).then_some(()))
            .is_some()
    }

    /// Whether a label is a level-2 name of indicator trees.
    pub fn is_second_level(&self, text: &str) -> bool {
        self.vocabulary
            .find_label(text, |uses| uses.is(Job::SecondLevel).then_some(()))
            .is_some()
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;

    #[test]
    fn row_names() {
        let forms = Patterns::builtin().unwrap().forms;
        for name in ["合 计", "本年支出合计", "年度资金总额　", "总计"] {
            assert!(forms.is_total_row(name), "{name}");
        }
        assert!(!forms.is_total_row("其他资金"));
        for (name, sums) in [
            ("小 计", true),
            ("（一）教育小计", true),
            ("小计：", true),
            ("小计1", true),
            ("小计量器具检定费", false),
        ] {
            assert_eq!(forms.is_subtotal_row(name), sums, "{name}");
        }
        assert!(forms.is_of_which_row("其中：当年财政拨款"));
        assert!(forms.is_placeholder("指标2："));
        assert!(forms.is_placeholder("……"));
        assert!(!forms.is_placeholder("指标1：规模工业增加值增速"));
        assert!(forms.is_remark("注：本表反映部门本年度的总收支"));
        assert!(!forms.is_remark("注册企业数量"));
    }
}

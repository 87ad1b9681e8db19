//! Labels of forms and names of rows.

use super::file::PatternFile;
use super::headers::{fold, strip_notes};
use crate::error::Result;
use crate::text::outline;
use serde::Deserialize;

/// Field of a form's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormFile {
    head: Head,
    goals: Goals,
    closing: Closing,
    rows: Rows,
    money: Money,
    levels: Levels,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    project: Vec<String>,
    code: Vec<String>,
    department: Vec<String>,
    implementer: Vec<String>,
    other: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Goals {
    expected: Vec<String>,
    actual: Vec<String>,
    label: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    total: Vec<String>,
    grade: Vec<String>,
    remark: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    total: Vec<String>,
    subtotal: Vec<String>,
    of_which: Vec<String>,
    divisions: Vec<String>,
    beside_budget: Vec<String>,
    funding_sources: Vec<String>,
    placeholder: Vec<String>,
    code_names: Vec<String>,
    place_ends: Vec<String>,
    code_columns: Vec<String>,
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

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Levels {
    first: Vec<String>,
    second: Vec<String>,
}

/// Labels of forms and names of rows (`patterns/forms.toml`). Every question takes text as the report has it.
#[derive(Debug, Clone)]
pub struct FormPatterns {
    file: FormFile,
}

fn folded_all(words: &mut [Vec<String>]) {
    for word in words.iter_mut().flatten() {
        *word = fold(word);
    }
}

/// A label as compared: folded, without notes in brackets and closing colon.
fn label(text: &str) -> String {
    strip_notes(&fold(text))
}

/// Longest text in bytes that is looked at as a label or name.
const LONGEST: usize = 480;

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
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        let mut file: FormFile = file.parse()?;
        let FormFile {
            head,
            goals,
            closing,
            rows,
            money,
            levels,
        } = &mut file;
        for list in [
            &mut head.project,
            &mut head.code,
            &mut head.department,
            &mut head.implementer,
            &mut head.other,
            &mut goals.expected,
            &mut goals.actual,
            &mut goals.label,
            &mut closing.total,
            &mut closing.grade,
            &mut closing.remark,
            &mut rows.total,
            &mut rows.subtotal,
            &mut rows.of_which,
            &mut rows.divisions,
            &mut rows.beside_budget,
            &mut rows.funding_sources,
            &mut rows.placeholder,
            &mut rows.code_columns,
            &mut rows.code_names,
            &mut rows.place_ends,
            &mut money.words,
            &mut money.allocation,
            &mut money.three_public,
            &mut money.accounts,
            &mut money.no_accounts,
            &mut money.revenue,
            &mut money.expenditure,
            &mut levels.first,
            &mut levels.second,
        ] {
            folded_all(std::slice::from_mut(list));
        }
        Ok(FormPatterns { file })
    }

    /// The field that a head label fills.
    pub fn head_field(&self, text: &str) -> Option<HeadField> {
        let head = &self.file.head;
        [
            (&head.project, HeadField::Project),
            (&head.code, HeadField::Code),
            (&head.department, HeadField::Department),
            (&head.implementer, HeadField::Implementer),
            (&head.other, HeadField::Other),
        ]
        .into_iter()
        .find(|(words, _)| is_one(words, text))
        .map(|(_, field)| field)
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
        ) || ["单位", "部门", "机构"].iter().any(|end| bare.ends_with(end))
    }

    /// Heading of the expected goals.
    pub fn is_goal_expected(&self, text: &str) -> bool {
        is_one(&self.file.goals.expected, text)
    }

    /// Heading of what was reached.
    pub fn is_goal_actual(&self, text: &str) -> bool {
        is_one(&self.file.goals.actual, text)
    }

    /// Label beside the goals (年度总体目标).
    pub fn is_goal_label(&self, text: &str) -> bool {
        is_one(&self.file.goals.label, text)
    }

    /// Any heading or label of goals, expected or reached.
    pub fn is_goal_heading(&self, text: &str) -> bool {
        self.is_goal_label(text) || self.is_goal_expected(text) || self.is_goal_actual(text)
    }

    /// Label of the row with the total score.
    pub fn is_total_score(&self, text: &str) -> bool {
        is_one(&self.file.closing.total, text)
    }

    /// Label of the row with the grade.
    pub fn is_grade(&self, text: &str) -> bool {
        is_one(&self.file.closing.grade, text)
    }

    /// Whether a heading ends as those of grades do: 财政复核等级.
    pub fn ends_as_grade(&self, heading: &str) -> bool {
        let bare = label(heading);
        heading.len() <= LONGEST && self.file.closing.grade.iter().any(|w| bare.ends_with(w.as_str()))
    }

    /// Label or beginning of a text below the grid.
    pub fn is_remark(&self, text: &str) -> bool {
        let start = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
        let folded = fold(&text[..start]);
        is_one(&self.file.closing.remark, text)
            || self.file.closing.remark.iter().any(|w| {
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
        self.file
            .rows
            .total
            .iter()
            .any(|w| bare == w || (bare.chars().count() <= 16 && bare.ends_with(w.as_str())))
    }

    /// Name of a row that sums a group: 小计.
    pub fn is_subtotal_row(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        let bare = label(name);
        holds_any(&self.file.rows.subtotal, &bare) && bare.chars().count() <= 16
    }

    /// Name that starts with 其中.
    pub fn is_of_which_row(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        let folded = fold(name);
        self.file.rows.of_which.iter().any(|w| folded.starts_with(w.as_str()))
    }

    /// 其中 and nothing else.
    pub fn is_of_which_word(&self, text: &str) -> bool {
        is_one(&self.file.rows.of_which, text)
    }

    /// Name of a source of funds (财政拨款, 上年结转资金, 其他资金 …).
    pub fn is_funding_source(&self, name: &str) -> bool {
        if name.len() > LONGEST {
            return false;
        }
        holds_any(&self.file.rows.funding_sources, &fold(name))
    }

    /// A label beside a block of figures that are the budget: 年度预算申请（万元）.
    pub fn stands_beside_budget(&self, label: &str) -> bool {
        is_one(&self.file.rows.beside_budget, label)
    }

    /// A heading that says how a total is divided: 按收入性质分.
    pub fn divides_total(&self, text: &str) -> bool {
        text.len() <= LONGEST && {
            let folded = fold(text);
            self.file
                .rows
                .divisions
                .iter()
                .any(|word| folded.starts_with(word.as_str()))
        }
    }

    /// A filler that holds no fact: `……`, `指标2：`.
    pub fn is_placeholder(&self, text: &str) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        let folded = fold(text);
        let bare = folded.trim_end_matches([':', '.', '、', '…']);
        folded.is_empty() || bare.is_empty() || self.file.rows.placeholder.iter().any(|w| *w == folded || w == bare)
    }

    /// Heading of a column that holds codes, years or order.
    pub fn is_code_heading(&self, heading: &str) -> bool {
        if heading.len() > LONGEST {
            return false;
        }
        let bare = label(heading);
        self.file
            .rows
            .code_columns
            .iter()
            .any(|w| bare == *w || (w.chars().count() > 1 && bare.ends_with(w.as_str())))
    }

    /// Whether a heading is the name of a place, a unit or a project.
    pub fn names_place(&self, heading: &str) -> bool {
        let bare = label(heading);
        heading.len() <= LONGEST && self.file.rows.place_ends.iter().any(|w| bare.ends_with(w.as_str()))
    }

    /// Heading of 科目, whose codes may stand in place of names.
    pub fn names_codes(&self, heading: &str) -> bool {
        heading.len() <= LONGEST && holds_any(&self.file.rows.code_names, &fold(heading))
    }

    /// Whether a caption or heading speaks of money.
    pub fn speaks_of_money(&self, text: &str) -> bool {
        holds_any(&self.file.money.words, &fold(text))
    }

    /// Whether a caption speaks of allocating money to places or units.
    pub fn speaks_of_allocation(&self, text: &str) -> bool {
        holds_any(&self.file.money.allocation, &fold(text))
    }

    /// Whether a title is one of final accounts and of nothing else: 收入支出决算总表.
    pub fn titles_accounts(&self, title: &str) -> bool {
        let folded = fold(title);
        holds_any(&self.file.money.accounts, &folded) && !holds_any(&self.file.money.no_accounts, &folded)
    }

    /// Whether a caption or row name speaks of the 三公经费.
    pub fn speaks_of_three_public(&self, text: &str) -> bool {
        let bare: String = fold(text)
            .chars()
            .filter(|c| !matches!(c, '"' | '“' | '”' | '\'' | '‘' | '’'))
            .collect();
        holds_any(&self.file.money.three_public, &bare)
    }

    /// Whether a text speaks of revenue, and whether it speaks of expenditure.
    pub fn revenue_and_expenditure(&self, text: &str) -> (bool, bool) {
        let folded = fold(text);
        (
            holds_any(&self.file.money.revenue, &folded),
            holds_any(&self.file.money.expenditure, &folded),
        )
    }

    /// Whether a label is a level-1 name of indicator trees, stated points ignored.
    pub fn is_first_level(&self, text: &str) -> bool {
        let bare = label(text);
        self.file.levels.first.contains(&bare)
    }

    /// Whether a label is a level-2 name of indicator trees.
    pub fn is_second_level(&self, text: &str) -> bool {
        let bare = label(text);
        self.file.levels.second.contains(&bare)
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
        assert!(forms.is_of_which_row("其中：当年财政拨款"));
        assert!(forms.is_placeholder("指标2："));
        assert!(forms.is_placeholder("……"));
        assert!(!forms.is_placeholder("指标1：规模工业增加值增速"));
        assert!(forms.is_remark("注：本表反映部门本年度的总收支"));
        assert!(!forms.is_remark("注册企业数量"));
    }
}

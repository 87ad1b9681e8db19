//! What the reading of tables asks beside headings and labels of forms. `patterns/tables.toml` says what each list is for.

use super::file::PatternFile;
use super::words::{Letters, WordList};
use crate::error::Result;
use crate::text::chinese::is_outline_numeral;
use crate::text::numbering::{Word, Words};
use serde::Deserialize;

/// Longest label of a row of numbers that holds a word of it, in characters.
const LONGEST_LABEL: usize = 8;
/// Longest line that says that a table goes on, in characters.
const LONGEST_CONTINUED: usize = 40;
/// Shortest and longest title, in characters.
const TITLE: std::ops::RangeInclusive<usize> = 4..=60;

/// Words of tables.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TablePatterns {
    /// Rows that number the columns.
    pub numbers: NumberWords,
    /// Lines above, in and below a table that tell of it.
    pub caption: CaptionWords,
    /// Where a page cuts a table.
    pub seam: SeamWords,
    /// Headings and cells of columns.
    pub columns: ColumnWords,
    /// Names of lines of money.
    pub lines: LineWords,
}

impl TablePatterns {
    pub(super) fn new(file: &PatternFile) -> Result<Self> {
        file.parse()
    }
}

/// Rows that number the columns: `[numbers]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberWords {
    labels: WordList,
    within: WordList,
    beside: WordList,
    stems: String,
    around: Letters,
}

impl Words for NumberWords {
    fn word(&self, folded: &str) -> Option<Word> {
        let mut chars = folded.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && let Some((n, _)) = (1..).zip(self.stems.chars()).find(|(_, stem)| *stem == c)
        {
            return Some(Word::Stem(n));
        }
        let short = folded.chars().nth(LONGEST_LABEL).is_none();
        if self.labels.is(folded) || short && self.within.within(folded) {
            return Some(Word::Label);
        }
        self.beside.is(folded).then_some(Word::Beside)
    }

    fn bare<'t>(&self, folded: &'t str) -> &'t str {
        self.around.trim_end(self.around.trim_start(folded))
    }
}

/// Lines above, in and below a table: `[caption]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct CaptionWords {
    pub unit: WordList,
    pub stating: WordList,
    pub unit_of_note: WordList,
    pub throughout: Letters,
    pub is: Letters,
    pub currency: WordList,
    pub or: Letters,
    pub units: WordList,
    pub money: WordList,
    pub by_time: Letters,
    pub notes: WordList,
    pub of_above: WordList,
    pub elsewhere: WordList,
    pub table_numbers: WordList,
    pub titles: WordList,
    pub table: WordList,
    pub plans: WordList,
    pub continued: WordList,
    pub continued_ends: WordList,
}

impl CaptionWords {
    /// Whether a folded line says that the table of the page before goes on: 续表, 续表1, （续上表）, 接上页, 支出明细表（续）.
    pub fn is_continued(&self, folded: &str) -> bool {
        let short = folded.chars().nth(LONGEST_CONTINUED).is_none();
        short && (self.continued.start(folded) || self.continued_ends.end(folded))
    }

    /// Whether a folded line has the label of a unit, or of an organization: 金额单位：万元, 填报单位：某局.
    pub fn has_unit_label(&self, folded: &str) -> bool {
        self.unit.within(folded)
    }

    /// Whether a folded line may be a table's title.
    pub fn is_title(&self, folded: &str) -> bool {
        let sentence = folded.ends_with(['。', ';', ',', ':', '；', '，', '：']) || folded.contains('。');
        TITLE.contains(&folded.chars().count()) && !sentence && self.titles.within(folded)
    }

    /// Whether a folded line numbers a table in a set, and is no name: 公开02表, 附表3, 预算01表.
    pub fn is_table_number(&self, folded: &str) -> bool {
        let number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '—' | '(' | ')') || is_outline_numeral(c);
        let bare: String = folded.chars().filter(|c| !number(*c)).collect();
        bare.len() < folded.len() && self.table_numbers.is(&bare)
    }
}

/// Where a page cuts a table: `[seam]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct SeamWords {
    pub begins: WordList,
    pub numbered: WordList,
    pub whole: WordList,
    pub tails: WordList,
    pub about: Letters,
}

/// Headings and cells of columns: `[columns]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct ColumnWords {
    pub units: WordList,
    pub sums: WordList,
    pub amounts: WordList,
    pub bare_amount: WordList,
    pub part_sums: WordList,
    pub joins: Letters,
    pub paid: WordList,
    pub finest: WordList,
    pub third: WordList,
    pub own_score: WordList,
    pub score: WordList,
    pub point: Letters,
    pub money: Letters,
    pub marks: WordList,
}

/// Names of lines of money: `[lines]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // the pattern file documents each list
pub struct LineWords {
    pub total: WordList,
    pub grand: WordList,
    pub kinds: WordList,
    pub of_which: WordList,
    pub done: WordList,
    pub budget: WordList,
    pub measures: WordList,
    pub plain: WordList,
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;
    use crate::text::fold::fold;

    #[test]
    fn lines_that_say_that_a_table_goes_on() {
        let words = Patterns::builtin().unwrap().tables.caption;
        for text in [
            "续表",
            "（续表）",
            "续表1",
            "续上表",
            "表2（续）",
            "支出明细表（续表）",
            "接上页",
            "续前表",
            "附表3 续表",
        ] {
            assert!(words.is_continued(&fold(text)), "{text}");
        }
        for text in [
            "续建项目",
            "手续",
            "续建项目支出情况表",
            "后续管理",
            "连续三年",
            "继续教育",
        ] {
            assert!(!words.is_continued(&fold(text)), "{text}");
        }
    }

    #[test]
    fn titles_and_numbers_of_tables() {
        let words = Patterns::builtin().unwrap().tables.caption;
        for text in ["2021年工业扶持专项资金使用情况表", "收支预算总表", "资金分配方案明细"]
        {
            assert!(words.is_title(&fold(text)), "{text}");
        }
        for text in ["表1", "一、预算执行情况。", "具体情况如下："] {
            assert!(!words.is_title(&fold(text)), "{text}");
        }
        for text in ["公开02表", "附表3", "预算01表", "表一", "附件2-1"] {
            assert!(words.is_table_number(&fold(text)), "{text}");
        }
        for text in ["收支总表", "公开表", "附表"] {
            assert!(!words.is_table_number(&fold(text)), "{text}");
        }
    }
}

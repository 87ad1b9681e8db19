//! The catalogue of rules: one text per rule serves the code's documentation and `heshu explain`.

use crate::model::Severity;

/// Whether a rule is examined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleStatus {
    /// Examined in every report to which it applies.
    Implemented,
    /// Compares several documents; a single report cannot answer it.
    NeedsSeveralDocuments,
    /// In the catalogue, not examined yet.
    NotImplemented,
}

impl RuleStatus {
    /// For the reader.
    pub fn label(self) -> &'static str {
        match self {
            RuleStatus::Implemented => "已实现",
            RuleStatus::NeedsSeveralDocuments => "需多份文件",
            RuleStatus::NotImplemented => "未实现",
        }
    }
}

/// A rule of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable name: family and number.
    pub id: &'static str,
    /// Name, in Chinese.
    pub name: &'static str,
    /// How much a failure matters, unless `patterns/checks.toml` says otherwise.
    pub severity: Severity,
    /// Whether it is examined.
    pub status: RuleStatus,
    /// What it examines, why, formula, tolerance, typical false alarms and an example.
    pub text: &'static str,
}

/// Declares the rules of a family: the doc comment is the text of `explain`.
macro_rules! rules {
    ($($(#[doc = $line:literal])+ $ident:ident = ($id:literal, $name:literal, $severity:ident, $status:ident);)+) => {
        $(
            $(#[doc = $line])+
            pub static $ident: $crate::check::catalogue::Rule = $crate::check::catalogue::Rule {
                id: $id,
                name: $name,
                severity: $crate::model::Severity::$severity,
                status: $crate::check::catalogue::RuleStatus::$status,
                text: concat!($($line, "\n"),+),
            };
        )+
        /// Rules of this family, in order of their names.
        pub static RULES: &[&$crate::check::catalogue::Rule] = &[$(&$ident),+];
    };
}
pub(crate) use rules;

/// Every rule, family by family.
pub fn all() -> Vec<&'static Rule> {
    let families = [
        super::table::RULES,
        super::fund::RULES,
        super::score::RULES,
        super::indicator::RULES,
        super::prose::RULES,
        super::capital::RULES,
        super::elsewhere::RULES,
    ];
    let mut rules: Vec<_> = families.into_iter().flatten().copied().collect();
    let family = |id: &str| {
        let order = ["TBL", "FND", "SCR", "IND", "TXT", "CAP", "FMT", "XDC"];
        order.iter().position(|f| id.starts_with(f)).unwrap_or(order.len())
    };
    rules.sort_by_key(|rule| (family(rule.id), rule.id));
    rules
}

/// The rule of an id; case and full-width letters do not matter.
pub fn find(id: &str) -> Option<&'static Rule> {
    let wanted = crate::pattern::headers::fold(id).to_ascii_uppercase();
    all().into_iter().find(|rule| rule.id == wanted)
}

/// The list that `heshu rules` prints: id, severity, status and name, tab-separated, one rule a line.
pub fn render_list(severity: impl Fn(&Rule) -> Severity) -> String {
    let mut out = String::from("规则\t级别\t状态\t名称\n");
    for rule in all() {
        let level = super::ledger::severity_label(severity(rule));
        out.push_str(&format!(
            "{}\t{level}\t{}\t{}\n",
            rule.id,
            rule.status.label(),
            rule.name
        ));
    }
    out
}

/// What `heshu explain ID` prints.
pub fn render_explanation(rule: &Rule, severity: Severity) -> String {
    let level = super::ledger::severity_label(severity);
    let mut out = format!(
        "{} {}\n级别：{level}　状态：{}\n\n",
        rule.id,
        rule.name,
        rule.status.label()
    );
    for line in rule.text.lines() {
        out.push_str(line.strip_prefix(' ').unwrap_or(line));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_texts_are_complete() {
        let rules = all();
        for pair in rules.windows(2) {
            assert_ne!(pair[0].id, pair[1].id);
        }
        for rule in rules.iter().filter(|r| r.status == RuleStatus::Implemented) {
            for part in ["检查：", "理由：", "公式：", "容差：", "易误报：", "例："] {
                assert!(rule.text.contains(part), "{} lacks {part}", rule.id);
            }
        }
        assert_eq!(find("ｔｂｌ-01").map(|r| r.id), Some("TBL-01"));
    }
}

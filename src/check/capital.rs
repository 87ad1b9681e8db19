//! CAP: amounts and numbers written in Chinese characters.

use super::catalogue::rules;
use super::figure::compare;
use super::ledger::{Entry, Ledger, place, verdict};
use crate::model::{Report, StatementKind};
use crate::pattern::Patterns;
use crate::text::chinese;
use rust_decimal::Decimal;

rules! {
    /// 检查：大写金额与它旁边的小写金额是否一致。
    /// 理由：大小写不一致时以大写为准，是票据和合同的通例。
    /// 公式：大写（壹贰叁…拾佰仟万亿圆角分整） = 小写，折算为元。
    /// 容差：无。
    /// 易误报：大写只到万元。
    /// 例：“1200000元（大写：壹佰贰拾万元整）”，相符。
    CAP_01 = ("CAP-01", "大写金额", Error, Implemented);
    /// 汉字数字（十个、百分之三十）在读数时折算，与表中数由TXT-08、TBL-07核对。
    CAP_02 = ("CAP-02", "汉字数字", Info, NotImplemented);
}

/// Examines amounts that stand beside their formal writing.
pub fn examine(report: &Report, patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let fillers = &patterns.checks.words.prose.before_formal;
    for statement in report.statements.iter().filter(|s| s.kind == StatementKind::Amount) {
        let (Some(yuan), Some(text)) = (statement.yuan, statement.source.text.as_deref()) else {
            continue;
        };
        // Only a formal number right after the figure, in brackets or after 大写, is the same amount.
        let after: String = text.chars().skip(statement.end).take(60).collect();
        let start = after.find(chinese::is_formal);
        let Some((lead, formal)) = start.map(|at| after.split_at(at)) else {
            continue;
        };
        let filler = |c: char| c.is_whitespace() || fillers.has(c);
        let formal: Vec<char> = formal.chars().take_while(|c| chinese::is_formal(*c)).collect();
        if !lead.chars().all(filler) || formal.len() < 3 {
            continue;
        }
        let Some(value) = chinese::capital_money(&formal).map(|value| value.0) else {
            continue;
        };
        let formal: String = formal.into_iter().collect();
        let Some(outcome) = compare(yuan.0.normalize(), value.normalize(), Decimal::ZERO) else {
            continue;
        };
        let message = format!(
            "{}：小写{}，大写“{formal}”为{}元，{}",
            place(&statement.source),
            statement.raw,
            value.normalize(),
            verdict(outcome.status, outcome.difference, Decimal::ZERO, "元")
        );
        ledger.add(
            Entry::new(&CAP_01, outcome.status)
                .message(message)
                .numbers(yuan.0.normalize(), value.normalize())
                .tolerance(Decimal::ZERO)
                .unit(Some("元"))
                .operands([&statement.source]),
        );
    }
}

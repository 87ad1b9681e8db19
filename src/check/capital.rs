//! CAP: amounts and numbers written in Chinese characters.

use super::catalogue::rules;
use super::figure::compare;
use super::ledger::{Entry, Ledger, place, verdict};
use crate::model::{Report, StatementKind};
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

const FORMAL: &str = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正";

/// Older and traditional ways of writing a character of [`FORMAL`], and the one that it stands for.
const OLDER: [(char, char); 11] = [
    ('萬', '万'),
    ('億', '亿'),
    ('圓', '圆'),
    ('貳', '贰'),
    ('弍', '贰'),
    ('貮', '贰'),
    ('叄', '叁'),
    ('參', '叁'),
    ('陸', '陆'),
    ('〇', '零'),
    ('弌', '壹'),
];

/// The character of [`FORMAL`] that is meant.
fn modern(c: char) -> char {
    OLDER.iter().find(|(old, _)| *old == c).map_or(c, |(_, new)| *new)
}

/// The amount in 元 that a formal Chinese number states; `None` when it is none.
pub fn formal_amount(text: &str) -> Option<Decimal> {
    let digit = |c: char| "零壹贰叁肆伍陆柒捌玖".chars().position(|d| d == c);
    let (mut total, mut section, mut current, mut cents) = (0i64, 0i64, 0i64, 0i64);
    let mut money = false;
    for c in text.chars().map(modern) {
        if let Some(d) = digit(c) {
            current = i64::try_from(d).ok()?;
            continue;
        }
        match c {
            '拾' | '佰' | '仟' => {
                let scale = match c {
                    '拾' => 10,
                    '佰' => 100,
                    _ => 1000,
                };
                section =
                    section.checked_add(current.max(i64::from(scale == 10 && current == 0)).checked_mul(scale)?)?;
                current = 0;
            }
            '万' | '亿' => {
                let scale = if c == '万' { 10_000 } else { 100_000_000 };
                let below = section.checked_add(current)?;
                // 亿 lifts everything before it (一万亿), 万 only what stands since 亿.
                total = if c == '亿' {
                    total.checked_add(below)?.checked_mul(scale)?
                } else {
                    total.checked_add(below.checked_mul(scale)?)?
                };
                (section, current) = (0, 0);
            }
            '元' | '圆' => {
                total = total.checked_add(section)?.checked_add(current)?;
                (section, current, money) = (0, 0, true);
            }
            '角' => (cents, current) = (cents.checked_add(current.checked_mul(10)?)?, 0),
            '分' => (cents, current) = (cents.checked_add(current)?, 0),
            '整' | '正' => {}
            _ => return None,
        }
    }
    money.then(|| Decimal::new(total, 0) + Decimal::new(cents, 2))
}

/// Examines amounts that stand beside their formal writing.
pub fn examine(report: &Report, ledger: &mut Ledger<'_>) {
    for statement in report.statements.iter().filter(|s| s.kind == StatementKind::Amount) {
        let (Some(yuan), Some(text)) = (statement.yuan, statement.source.text.as_deref()) else {
            continue;
        };
        // Only a formal number right after the figure, in brackets or after 大写, is the same amount.
        let after: String = text.chars().skip(statement.end).take(60).collect();
        let start = after.find(|c| FORMAL.contains(modern(c)));
        let Some((lead, formal)) = start.map(|at| after.split_at(at)) else {
            continue;
        };
        let filler = |c: char| c.is_whitespace() || "（(：:，,大写人民币金额为即".contains(c);
        let formal: String = formal.chars().take_while(|c| FORMAL.contains(modern(*c))).collect();
        if !lead.chars().all(filler) || formal.chars().count() < 3 {
            continue;
        }
        let Some(value) = formal_amount(&formal) else {
            continue;
        };
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

#[cfg(test)]
mod tests {
    use super::formal_amount;

    #[test]
    fn formal_numbers() {
        for (text, value) in [
            ("壹佰贰拾万元整", Some("1200000")),
            ("叁仟零伍元柒角", Some("3005.70")),
            ("贰亿零叁万元整", Some("200030000")),
            ("拾万元整", Some("100000")),
            ("壹佰", None),
            ("伍仟肆佰叁拾贰元壹角玖分", Some("5432.19")),
        ] {
            assert_eq!(
                formal_amount(text).map(|v| v.normalize().to_string()),
                value.map(|v| {
                    rust_decimal::Decimal::from_str_exact(v)
                        .unwrap()
                        .normalize()
                        .to_string()
                }),
                "{text}"
            );
        }
    }
}

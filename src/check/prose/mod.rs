//! TXT: figures in prose, among each other and against the tables.

mod chain;
mod counts;
mod deductions;
mod differences;
mod growth;
mod indicators;
mod rates;
mod repeat;
mod roles;
mod sums;
mod tables;
mod text;

use super::catalogue::rules;
use super::ledger::Ledger;
use super::table::Sequence;
use crate::model::Report;
use crate::pattern::Patterns;
pub use rates::cut_off;

rules! {
    /// 检查：正文金额、数量与表中同一项目、同一年度、同一口径的数是否一致。
    /// 理由：正文由表抄录，口径抄错、抄漏一行都在这里出现。
    /// 公式：正文数 = 表中数。口径由“年初预算、全年预算、下达、实际支出”等词判定；年度、口径不同的只作提醒；对象不能确定的记“无法核对”，从不按位置配对。
    /// 容差：两数各按自己的小数位数取半步。
    /// 易误报：正文为全部资金而表为其中一项；年初与调整后之别。
    /// 例：正文收入年初预算7013.09万元，表中本年收入合计7058.09万元，相差45.00。
    TXT_01 = ("TXT-01", "文表一致", Warning, Implemented);
    /// 检查：“A万元，包括：a、b、c”中各分项之和是否等于总数；“以上共计”是否等于本段各项之和。
    /// 理由：文字中的合计没有公式保证。
    /// 公式：总数 = Σ分项；有“等”或“其中”时，Σ分项 ≤ 总数。嵌套的分项只计一次。
    /// 容差：各数半步之和。
    /// 易误报：分项中夹有不属于该列表的数。
    /// 例：1454.49=711+210+400+19.49+64+50，相符。
    TXT_02 = ("TXT-02", "文内分项之和", Error, Implemented);
    /// 检查：“占…的p%”是否等于两数之比。
    /// 理由：比例常在改数后未重算。
    /// 公式：p% = 部分 ÷ 总体 × 100%。总体由文字指明；同一列举中各项用同一总体。
    /// 容差：商的区间。
    /// 易误报：总体另有所指时不作判断。
    /// 例：80÷809=9.9%，相符。
    TXT_03 = ("TXT-03", "占比复算", Error, Implemented);
    /// 检查：本期、上期、增减额、增减幅度四者有其三时，是否自洽。
    /// 理由：增幅多为手工计算。
    /// 公式：增幅 = (本期 − 上期) ÷ 上期 × 100%；增减额 = 本期 − 上期。
    /// 容差：商的区间。
    /// 易误报：可比价增速与名义值之比不同，故只在同一句写明“较上年（…）”时判断。
    /// 例：7.21亿元较2.33亿元增长209.44%，相符。
    TXT_04 = ("TXT-04", "增减复算", Error, Implemented);
    /// 检查：“高于全省（1.6%）1.5个百分点”是否等于两率之差。
    /// 理由：百分点差常被误算。
    /// 公式：差 = 本率 − 对比率。
    /// 容差：各率半步之和。
    /// 易误报：对比率在别处。
    /// 例：3.1%−1.6%=1.5个百分点，相符。
    TXT_05 = ("TXT-05", "百分点差", Error, Implemented);
    /// 检查：“年初安排A，追加B，实际下达C”是否满足 A+B=C。
    /// 理由：资金来龙去脉应当闭合。
    /// 公式：C = A + Σ追加 − Σ调减。
    /// 容差：各数半步之和。
    /// 易误报：只写了主要的调整。
    /// 例：4320+2720.8=7040.8，相符。
    TXT_06 = ("TXT-06", "加减链", Warning, Implemented);
    /// 检查：同一指标在文中两处写了不同的数；文中与指标表同一指标的数不同。
    /// 理由：改了一处而漏改另一处，或数字倒置。
    /// 公式：对象、口径、单位都相同的两数应相等。
    /// 容差：各数半步之和。
    /// 易误报：时期、范围不同的同名数；数字倒置须名称相近、单位相同。
    /// 例：工业固定资产投资同比1.2%与23.1%；正文468家与表486家。
    TXT_07 = ("TXT-07", "同一数多处不一致", Warning, Implemented);
    /// 检查：列举的名称个数与所写个数是否一致。
    /// 理由：列举增减后个数常未改。
    /// 公式：所写个数 = 列举的名称数。
    /// 容差：计数，无。
    /// 易误报：名称内含顿号；有“等”字时不判断。
    /// 例：“…服务对象满意度11个二级指标”列出12个名称。
    TXT_08 = ("TXT-08", "计数一致", Warning, Implemented);
    /// 检查：增长、下降等词与数值的符号是否一致。
    /// 理由：“增长-3%”“下降-2%”含义不明。
    /// 公式：方向词后的数不应为负；本期小于上期时不应写“增长”。
    /// 容差：无。
    /// 易误报：转述原文。
    /// 例：同比增长-3.2%。
    TXT_09 = ("TXT-09", "方向词", Warning, Implemented);
    /// 年初预算为零而写“完成年初预算的X%”：须先认定分母，尚未实现。
    TXT_10 = ("TXT-10", "完成率分母", Error, NotImplemented);
    /// 总投资、累计数与年度数的口径区分：尚未实现。
    TXT_11 = ("TXT-11", "阶段口径", Warning, NotImplemented);
    /// “占76.23”漏写%等：尚未实现。
    TXT_12 = ("TXT-12", "漏写单位", Warning, NotImplemented);
}

/// Examines the figures in prose.
pub fn examine(report: &Report, sequences: &[Sequence<'_>], patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let words = &patterns.checks.words;
    let paragraphs = text::paragraphs(report);
    sums::examine(&paragraphs, words, ledger);
    chain::examine(&paragraphs, words, ledger);
    rates::examine(&paragraphs, words, ledger);
    growth::examine(&paragraphs, words, ledger);
    counts::examine(report, sequences, &paragraphs, words, ledger);
    tables::examine(report, sequences, &paragraphs, words, ledger);
    repeat::examine(report, &paragraphs, words, ledger);
}

//! TBL: tables of money. Totals, subtotals, columns that are sums of columns, repeated lines.

mod balance;
mod beside;
mod column;
mod columns;
mod continued;
mod evidence;
mod formulas;
mod hierarchy;
mod lines;
mod rows;
mod sides;
mod sums;

use super::catalogue::rules;
use super::ledger::Ledger;
use crate::model::Report;
use crate::pattern::Patterns;

pub use column::{Column, ColumnKey, Entered};
pub use lines::{Sequence, sequences};

rules! {
    /// 检查：合计行的每一个金额列是否等于各明细之和。
    /// 理由：合计与明细不符是最常见、也最容易核实的错误。
    /// 公式：合计 = Σ明细。“其中”行不重复相加；有小计时只加小计和没有小计的明细；表中有科目编码（类、款、项）或编号层级时按层级相加；合计可在顶部或底部。
    /// 容差：金额按本列最多的小数位数d取±½·10⁻ᵈ，合计与各明细的半步相加；在此之内为“尾差”，不算不符。若按各数自己的小数位数可以解释，降为提醒。
    /// 易误报：备查行、未标“其中”的子项、一格多个数。层级不能确定时逐一试各种读法，取成立的一种；都不成立而结构又不清楚时记“无法核对”。
    /// 例：合计“预算金额”写6285，10行明细之和6285.00，相符；如某行200误为2000，则相差1800。
    TBL_01 = ("TBL-01", "合计=明细之和", Error, Implemented);
    /// 检查：小计是否等于其下各行之和；类、款、项各级是否等于下一级之和；总计是否等于各小计之和。
    /// 理由：小计错而合计对，或相反，说明有一处改动没有带到另一处。
    /// 公式：小计ₖ = Σ其下各行；类 = Σ款，款 = Σ项。
    /// 容差：同TBL-01。
    /// 易误报：名为“小计”而管空白的一组；表格跨页后缺行。
    /// 例：“208 社会保障和就业支出”754.75，其下20805为754.75，相符。
    TBL_02 = ("TBL-02", "小计与层级", Error, Implemented);
    /// 检查：一行之内，合计列是否等于各分列之和（合计=基本支出+项目支出）；增减额、差额列是否等于两列之差。
    /// 理由：横向关系与纵向关系互相印证，能指出错在哪一格。
    /// 公式：合计列 = Σ分列；增减额 = 本年 − 上年；表头在栏次行中印有算式的（3=1+2，4=3/2×100%），按所印算式。
    /// 容差：同TBL-01，按行计算。
    /// 易误报：列之间的关系由表头看出，并须在本表多数行成立，才用来判断其余的行。
    /// 例：合计3832.36，基本支出1092.79，项目支出2739.56，相差0.01，在允许的0.015之内，为尾差。
    TBL_03 = ("TBL-03", "列与列的关系", Error, Implemented);
    /// 检查：收支总表中收入总计是否等于支出总计。
    /// 理由：收支平衡是总表的基本关系。
    /// 公式：收入总计 = 支出总计（含结转结余）。只有“本年收入合计”“本年支出合计”时两者可以不等，只作提示。
    /// 容差：同TBL-01。
    /// 易误报：只印本年数而未印结转的表。
    /// 例：收入总计9746.50，支出总计9746.50，相符。
    TBL_04 = ("TBL-04", "收支平衡", Error, Implemented);
    /// 检查：全年预算数与决算数（执行数）是否每一行都相同。
    /// 理由：各行完全相同，往往是把全年预算数改成了决算数，执行率失去意义。
    /// 公式：每一行 全年预算数 = 决算数，且行数不少于4，其中不为零的不少于4。
    /// 容差：无。
    /// 易误报：确实全部执行完毕。
    /// 例：支出表11行全年预算数与决算数逐行相同，而正文写执行率较低。
    TBL_05 = ("TBL-05", "全年预算与决算逐行相同", Info, Implemented);
    /// 跨页续表的重复行、缺行：合并在识别时完成，合并的依据记在表的evidence中；合计由TBL-01核对。
    TBL_06 = ("TBL-06", "续表重复或缺行", Error, NotImplemented);
    /// 检查：正文写的二级项目个数与预算表、指标表中的个数是否一致。
    /// 理由：漏报、多报一个项目会同时影响金额与指标。
    /// 公式：正文个数 = 表中明细行数（不含合计、小计、其中）；指标表按不同的二级项目名称计。
    /// 容差：计数，无。
    /// 易误报：一份报告有几张预算表；正文说的是别的项目。
    /// 例：“下设10个二级项目”，预算表10行，相符。
    TBL_07 = ("TBL-07", "二级项目个数", Warning, Implemented);
    /// 检查：同一表中名称与各列数值都相同的行是否出现两次。
    /// 理由：跨页复制、粘贴会使一行重复。
    /// 公式：名称、上级、各列数值全同的行数 > 1，且有不为零的数。
    /// 容差：无。
    /// 易误报：不同单位名称相同、金额相同的小额项目。
    /// 例：指标表第17至21行与第22至26行完全相同。
    TBL_08 = ("TBL-08", "重复的行", Warning, Implemented);
    /// 检查：各明细行实际支出与预算之比是否超出常见范围（默认高于120%或低于50%）。
    /// 理由：总额相符可能掩盖各项目之间的大幅调剂。
    /// 公式：支出 ÷ 预算 × 100%。
    /// 容差：无；界限见patterns/checks.toml。
    /// 易误报：年中追加、跨年项目。
    /// 例：预算200万元，支出1020.16万元，为510.08%。
    TBL_09 = ("TBL-09", "明细超支或支出过低", Info, Implemented);
}

/// Examines every table of money.
pub fn examine(report: &Report, sequences: &[Sequence<'_>], patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let limits = patterns.checks.limits(&report.report);
    for sequence in sequences {
        sums::examine(sequence, ledger);
        let computed = formulas::examine(sequence, &patterns.checks.words.tables.column_signs, ledger);
        columns::examine(sequence, &computed, ledger);
        rows::same_columns(sequence, ledger);
        rows::repeated(sequence, ledger);
        rows::out_of_band(sequence, &limits, ledger);
    }
    balance::examine(sequences, ledger);
}

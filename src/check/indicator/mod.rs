//! IND: indicators one by one and as a set.

mod set;
mod single;

use super::catalogue::rules;
use super::ledger::Ledger;
use crate::model::{ColumnRole, Report};
use crate::pattern::Patterns;
use std::collections::{HashMap, HashSet};

rules! {
    /// 检查：实际完成值是否达到年度指标值。
    /// 理由：达标与否是自评的基础。
    /// 公式：按指标值的比较方向（≥、≤、范围、等于）与实际值比较，单位先统一；定性指标比较程度用语（全部、基本、部分）。
    /// 容差：“左右”“约”不作严格比较。
    /// 易误报：反向指标（越低越好）未写“≤”。
    /// 例：目标5个，实际0个，未达标。
    IND_01 = ("IND-01", "达标判定", Info, Implemented);
    /// 检查：未达标的指标是否得了满分。
    /// 理由：未达标应按完成比例扣分。
    /// 公式：未达标 且 得分 = 分值 > 0。
    /// 容差：无。
    /// 易误报：反向指标；经批准调整目标。
    /// 例：目标100%，实际80%，分值10，得分10。
    IND_02 = ("IND-02", "未达标得满分", Warning, Implemented);
    /// 检查：未达标指标的得分率是否与完成率相称。
    /// 理由：定量指标未完成时按完成比例计分（财预〔2020〕10号通行做法）。
    /// 公式：完成率 = 实际 ÷ 目标（反向为 目标 ÷ 实际）；|得分 − 分值 × 完成率| 大于0.5分时提醒。
    /// 容差：0.5分，见patterns/checks.toml。
    /// 易误报：分档计分；扣分另有约定。
    /// 例：目标7.8%，实际4.5%，完成57.7%，得分12.0÷12.5=96.0%。
    IND_03 = ("IND-03", "得分与完成比例", Warning, Implemented);
    /// 检查：未达标或扣分的指标是否写了偏差原因。
    /// 理由：自评表要求填写偏差原因分析及改进措施。
    /// 公式：（未达标 或 得分 < 分值）且 原因栏空白；只用于有原因栏的表。
    /// 容差：无。
    /// 易误报：原因写在正文。
    /// 例：目标2个，实际1个，备注空白。
    IND_04 = ("IND-04", "偏差无原因", Warning, Implemented);
    /// 检查：实际值偏离目标过大（默认30%）而没有说明。
    /// 理由：大幅超额往往是目标定得过低。
    /// 公式：|实际 − 目标| ÷ 目标 × 100% > 界限，且原因栏空白。
    /// 容差：无；界限见patterns/checks.toml。
    /// 易误报：小数量（1→2）；目标为零的不算。
    /// 例：目标100家以上，实际189家。
    IND_05 = ("IND-05", "偏差过大", Info, Implemented);
    /// 检查：没有完成值的指标是否给了分。
    /// 理由：没有结果不能评分。
    /// 公式：实际完成值空白 且 得分 > 0。
    /// 容差：无。
    /// 易误报：完成值写在合并单元格里。
    /// 例：满意度两项完成值空白，各得5.0分。
    IND_06 = ("IND-06", "无完成值有得分", Warning, Implemented);
    /// 检查：有分值而无得分，或有得分而无分值。
    /// 理由：漏填会使合计出错。
    /// 公式：同表其他指标都有，而本指标缺一。
    /// 容差：无。
    /// 易误报：占位行。
    /// 例：分值10，得分空白。
    IND_07 = ("IND-07", "分值或得分空白", Warning, Implemented);
    /// 定性指标的得分是否在其评语的档次之内（基本符合80至60分等）；各地用语不一。
    IND_08 = ("IND-08", "定性得分越档", Warning, NotImplemented);
    /// 检查：同一表中名称、目标、实际都相同的指标行是否重复。
    /// 理由：重复行使指标个数与得分虚增。
    /// 公式：指标行数 − 不重复的行数 = 0。
    /// 容差：计数，无。
    /// 易误报：不同项目下的同名指标不算。
    /// 例：28行指标中有5行完全重复，不重复者23个。
    IND_09 = ("IND-09", "重复指标", Warning, Implemented);
    /// 检查：目标与实际的单位是否一致。
    /// 理由：单位不同不能比较。
    /// 公式：目标单位 = 实际单位（个、家、户、项等视为同类）。
    /// 容差：无。
    /// 易误报：人次与人确有区别时属真问题。
    /// 例：目标1000人次，实际1000人。
    IND_10 = ("IND-10", "单位不一致", Warning, Implemented);
    /// 检查：目标与实际的类型是否相同（日期、数量、文字）。
    /// 理由：类型不同无法判定达标。
    /// 公式：目标为日期而实际为百分率，或相反。
    /// 容差：无。
    /// 易误报：时效指标以完成率表示。
    /// 例：目标2023年12月31日前，实际100%。
    IND_11 = ("IND-11", "类型不一致", Info, Implemented);
    /// 检查：实际完成值是否写成比较式。
    /// 理由：完成值应是确定的数。
    /// 公式：实际完成值带有≥、＞、≤、＜等。
    /// 容差：无。
    /// 易误报：确实只知道下限。
    /// 例：实际“≧5000万元”。
    IND_12 = ("IND-12", "完成值为比较式", Warning, Implemented);
    /// 检查：满意度是否在0%至100%之间。
    /// 理由：满意度是比例。
    /// 公式：0 ≤ 满意度 ≤ 100%。
    /// 容差：无。
    /// 易误报：满意度用分值表示。
    /// 例：满意度105%。
    IND_13 = ("IND-13", "满意度合理性", Warning, Implemented);
    /// 检查：不应超过100%的比率是否超过100%。
    /// 理由：合格率、到位率等以100%为限。
    /// 公式：名称含合格率、达标率、覆盖率、到位率、及时率等，实际 > 100%。
    /// 容差：无。
    /// 易误报：完成率、增长率可以超过。
    /// 例：验收合格率110%。
    IND_14 = ("IND-14", "比率超过100%", Info, Implemented);
    /// 成本指标的实际值与执行数是否一致；须先认定该成本是总成本还是单位成本。
    IND_15 = ("IND-15", "成本与执行数", Warning, NotImplemented);
    /// 检查：资金几乎未执行而数量指标全部完成。
    /// 理由：没有花钱而任务完成，须说明资金来源。
    /// 公式：执行数 ≤ 预算数的1% 且 有数量指标达标。
    /// 容差：无。
    /// 易误报：以前年度结转、垫资。
    /// 例：预算132.81万元，支出0.1万元，服务748人次。
    IND_16 = ("IND-16", "成本与产出矛盾", Info, Implemented);
    /// 检查：实际完成日期是否晚于目标日期。
    /// 理由：时效指标的达标判定。
    /// 公式：实际日期 ≤ 目标日期。
    /// 容差：只写到月的按月比较。
    /// 易误报：目标为“前”而非“至”。
    /// 例：目标2023-06，实际2023-09。
    IND_17 = ("IND-17", "时效", Info, Implemented);
    /// 检查：自评表是否缺少产出、效益或满意度维度。
    /// 理由：财预〔2020〕10号要求三个维度。
    /// 公式：有产出指标而没有效益指标，或反之。
    /// 容差：无。
    /// 易误报：四川等地没有满意度。
    /// 例：只有产出指标。
    IND_18 = ("IND-18", "缺一级维度", Info, Implemented);
    /// 检查：正文写的指标个数与表中是否一致。
    /// 理由：个数不符说明有漏行、重复或改动。
    /// 公式：正文“N个指标”= 表中行数；“N个一级（二级、三级）指标”= 表中不同名称数。
    /// 容差：计数，无。
    /// 易误报：一份报告有几张指标表；正文说的是别的表。
    /// 例：正文“17个三级指标”，表17个，相符。
    IND_19 = ("IND-19", "指标个数", Warning, Implemented);
}

/// Columns that a table has, by role: whether an empty cell was left empty or could not be filled.
pub(super) struct Offered<'a>(HashMap<&'a str, HashSet<ColumnRole>>);

impl<'a> Offered<'a> {
    fn new(report: &'a Report) -> Self {
        let roles = |t: &crate::model::TableRecord| t.columns.iter().map(|c| c.role).collect();
        let mut offered: HashMap<&str, HashSet<ColumnRole>> =
            report.tables.iter().map(|t| (t.id.as_str(), roles(t))).collect();
        // A composite form has the columns of its indicators in a later header: their values tell that they are there.
        for i in &report.indicators {
            let set = offered.entry(&i.table).or_default();
            if i.actual.is_some() {
                set.insert(ColumnRole::ActualValue);
            }
            if i.deviation_reason.is_some() {
                set.insert(ColumnRole::Reason);
            }
        }
        Offered(offered)
    }

    fn has(&self, table: &str, role: ColumnRole) -> bool {
        self.0.get(table).is_some_and(|set| set.contains(&role))
    }
}

/// Examines every indicator and the indicators as a set.
pub fn examine(report: &Report, patterns: &Patterns, ledger: &mut Ledger<'_>) {
    let limits = patterns.checks.limits(&report.report);
    let words = &patterns.checks.words.indicators;
    let offered = Offered::new(report);
    for indicator in &report.indicators {
        single::examine(indicator, &offered, &limits, patterns, ledger);
    }
    set::examine(report, &offered, words, ledger);
}

pub(super) use single::unmet;

//! The columns of each sheet: heading, width and style, in order.

use serde::{Deserialize, Serialize};

/// How the cells of a column look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Short text, one line.
    Text,
    /// Text that wraps.
    Wrap,
    /// Short text or a small count in the middle.
    Center,
    /// Figures, to the right.
    Number,
    /// For the auditor to write in.
    Review,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Heading.
    pub header: &'static str,
    /// Widest that the column becomes, in digits of the font; text beyond it wraps or is cut by its neighbour.
    pub widest: usize,
    /// Look.
    pub style: Style,
}

const fn column(header: &'static str, widest: usize, style: Style) -> Column {
    Column { header, widest, style }
}

/// A sheet of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    /// 总览.
    Overview,
    /// 预算.
    Budget,
    /// 指标.
    Indicator,
    /// 得分.
    Score,
    /// 勾稽校验.
    Check,
    /// 提示.
    Warning,
    /// 文件.
    File,
    /// 说明.
    About,
}

use Style::{Center, Number, Review, Text, Wrap};

impl Kind {
    /// Every sheet, in order.
    pub const ALL: [Kind; 8] = [
        Kind::Overview,
        Kind::Budget,
        Kind::Indicator,
        Kind::Score,
        Kind::Check,
        Kind::Warning,
        Kind::File,
        Kind::About,
    ];

    /// Name of the sheet.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Overview => "总览",
            Kind::Budget => "预算",
            Kind::Indicator => "指标",
            Kind::Score => "得分",
            Kind::Check => "勾稽校验",
            Kind::Warning => "提示",
            Kind::File => "文件",
            Kind::About => "说明",
        }
    }

    /// Columns that stay in view when the sheet is moved sideways.
    pub fn frozen(self) -> u16 {
        match self {
            Kind::About => 0,
            Kind::File => 1,
            _ => 2,
        }
    }

    /// Colour of the tab.
    pub fn tab(self) -> u32 {
        match self {
            Kind::Overview => 0x1F4E79,
            Kind::Budget | Kind::Indicator | Kind::Score => 0x2E75B6,
            Kind::Check => 0xC00000,
            Kind::Warning => 0xBF8F00,
            Kind::File | Kind::About => 0x7F7F7F,
        }
    }

    /// Its columns.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Kind::Overview => OVERVIEW,
            Kind::Budget => BUDGET,
            Kind::Indicator => INDICATOR,
            Kind::Score => SCORE,
            Kind::Check => CHECK,
            Kind::Warning => WARNING,
            Kind::File => FILE,
            Kind::About => ABOUT,
        }
    }

    /// The column with the list of opinions, if the sheet is one to write in.
    pub fn opinion(self) -> Option<u16> {
        let at = self.columns().iter().position(|c| c.header == "复核意见");
        at.and_then(|at| u16::try_from(at).ok())
    }
}

/// What the list of 复核意见 offers.
pub const OPINIONS: [&str; 5] = ["属实", "部分属实", "误报", "待核", "已整改"];

const OVERVIEW: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 28, Wrap),
    column("单位", 20, Wrap),
    column("地区", 10, Text),
    column("年度", 6, Center),
    column("报告类型", 20, Text),
    column("标题", 28, Wrap),
    column("报告日期", 11, Center),
    column("总分", 8, Number),
    column("等次", 8, Center),
    column("预算（万元）", 14, Number),
    column("支出（万元）", 14, Number),
    column("执行率（%）报告所写", 10, Number),
    column("执行率（%）支出÷预算", 10, Number),
    column("取数说明", 36, Wrap),
    column("表格数", 6, Center),
    column("预算行数", 6, Center),
    column("指标数", 6, Center),
    column("核对关系数", 6, Center),
    column("不符：错误", 6, Center),
    column("不符：提醒", 6, Center),
    column("不符：提示", 6, Center),
    column("无法核对", 6, Center),
    column("读取提示数", 6, Center),
    column("数字去向", 30, Wrap),
    column("格式", 15, Text),
    column("页数", 6, Center),
    column("复核意见", 10, Review),
    column("复核说明", 24, Review),
];

const BUDGET: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 22, Wrap),
    column("单位", 20, Wrap),
    column("年度", 6, Center),
    column("编号", 6, Center),
    column("表", 18, Wrap),
    column("所属项目", 20, Wrap),
    column("名称", 26, Wrap),
    column("行性质", 6, Center),
    column("计量单位", 7, Center),
    column("年初预算数", 14, Number),
    column("全年（调整）预算数", 14, Number),
    column("预算数", 14, Number),
    column("下达（到位）数", 14, Number),
    column("实际支出（执行）数", 14, Number),
    column("期中执行数", 14, Number),
    column("预计全年执行数", 14, Number),
    column("决算数", 14, Number),
    column("结转结余", 14, Number),
    column("上年数", 14, Number),
    column("增减额", 14, Number),
    column("增减幅度（%）", 14, Number),
    column("执行率（%）", 14, Number),
    column("分值", 14, Number),
    column("得分", 14, Number),
    column("其他数据", 24, Wrap),
    column("报告原文", 40, Wrap),
    column("位置", 18, Wrap),
];

/// First column of the measures in [`Kind::Budget`].
pub const FIRST_MEASURE: usize = 10;

const INDICATOR: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 22, Wrap),
    column("单位", 20, Wrap),
    column("年度", 6, Center),
    column("编号", 6, Center),
    column("所属项目", 20, Wrap),
    column("一级指标", 12, Wrap),
    column("二级指标", 14, Wrap),
    column("指标名称", 28, Wrap),
    column("指标值（原文）", 22, Wrap),
    column("指标值表述", 9, Center),
    column("指标值", 12, Number),
    column("指标值上限", 12, Number),
    column("指标值单位", 8, Center),
    column("完成值（原文）", 22, Wrap),
    column("完成值表述", 9, Center),
    column("完成值", 12, Number),
    column("完成值上限", 12, Number),
    column("完成值单位", 8, Center),
    column("分值", 8, Number),
    column("得分", 8, Number),
    column("是否达到", 8, Center),
    column("偏差原因及改进措施", 32, Wrap),
    column("位置", 18, Wrap),
];

const SCORE: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 22, Wrap),
    column("单位", 20, Wrap),
    column("年度", 6, Center),
    column("所属项目", 24, Wrap),
    column("类别", 14, Text),
    column("名称", 26, Wrap),
    column("得分", 9, Number),
    column("满分", 9, Number),
    column("等次", 10, Center),
    column("报告原文", 44, Wrap),
    column("位置", 18, Wrap),
];

const CHECK: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 22, Wrap),
    column("单位", 18, Wrap),
    column("年度", 6, Center),
    column("结果", 8, Center),
    column("级别", 6, Center),
    column("规则", 8, Center),
    column("规则名称", 16, Wrap),
    column("说明", 44, Wrap),
    column("报告所写", 13, Number),
    column("核对所得", 13, Number),
    column("差异", 10, Number),
    column("允许误差", 9, Number),
    column("计量单位", 8, Center),
    column("位置", 18, Wrap),
    column("相关原文", 40, Wrap),
    column("相关数据行", 14, Text),
    column("对照数据行", 14, Text),
    column("复核意见", 10, Review),
    column("复核说明", 24, Review),
    column("编号", 6, Center),
];

const WARNING: &[Column] = &[
    column("序号", 5, Center),
    column("文件", 24, Wrap),
    column("单位", 22, Wrap),
    column("年度", 6, Center),
    column("内容", 54, Wrap),
    column("位置", 20, Wrap),
    column("相关原文", 44, Wrap),
    column("相关数据行", 14, Text),
    column("代码", 24, Text),
    column("复核意见", 10, Review),
    column("复核说明", 26, Review),
];

const FILE: &[Column] = &[
    column("行号", 5, Center),
    column("文件", 44, Wrap),
    column("结果", 8, Center),
    column("总览序号", 7, Center),
    column("原因", 16, Text),
    column("处理建议", 28, Wrap),
    column("详细信息", 50, Wrap),
    column("与之相同的文件", 36, Wrap),
    column("不符项数", 6, Center),
    column("读取提示数", 6, Center),
    column("SHA-256", 66, Text),
];

const ABOUT: &[Column] = &[column("事项", 18, Text), column("说明", 110, Wrap)];

//! What the auditor's outputs share: Chinese words for the record's vocabulary, places as a reader counts, and the list
//! of files that both close with.

use super::manifest::{ManifestEntry, Status};
use crate::model::{
    CheckStatus, Figures, Format, ReportKind, RowRole, ScoreKind, Severity, Source, TableKind, ValueKind,
};
use std::borrow::Cow;

/// What came of one file of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRow {
    /// Path as given.
    pub path: String,
    /// SHA-256 of the bytes; `None` when they could not be read.
    pub sha256: Option<String>,
    /// Whether the file has a record (for a duplicate: that of the first file with the same bytes).
    pub done: bool,
    /// First file of the run with the same bytes, if this is not the first.
    pub duplicate_of: Option<String>,
    /// Warnings in the record.
    pub warnings: usize,
    /// Failed checks in the record.
    pub failed_checks: usize,
    /// Kind of error, the stable word of the manifest.
    pub error_code: Option<String>,
    /// What was wrong and what to do, as the manifest has it.
    pub message: Option<String>,
}

impl From<&ManifestEntry> for FileRow {
    fn from(entry: &ManifestEntry) -> Self {
        FileRow {
            path: entry.path.clone(),
            sha256: entry.sha256.clone(),
            done: entry.status == Status::Done,
            duplicate_of: entry.duplicate_of.clone(),
            warnings: entry.warnings,
            failed_checks: entry.failed_checks,
            error_code: entry.error_code.clone(),
            message: entry.message.clone(),
        }
    }
}

/// What became of the figures, in one line: 412 个数字单元格：入库398，编码序号11，未读3.
pub fn coverage(figures: &Figures) -> String {
    let mut line = format!("{} 个数字单元格：入库{}", figures.cells, figures.placed);
    let prose = figures.prose.stated + figures.prose.unread;
    for (name, count) in [("，其他列", figures.other), ("，编码序号", figures.not_figures)] {
        if count > 0 {
            line.push_str(&format!("{name}{count}"));
        }
    }
    line.push_str(&format!("，未读{}", figures.unread));
    if prose > 0 {
        line.push_str(&format!(
            "；正文{prose} 个数：入库{}，未读{}",
            figures.prose.stated, figures.prose.unread
        ));
    }
    line
}

/// 不符, 尾差, 相符, 无法核对.
pub fn status(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Fail => "不符",
        CheckStatus::Rounding => "尾差",
        CheckStatus::Pass => "相符",
        CheckStatus::Insufficient => "无法核对",
    }
}

/// 错误, 提醒, 提示.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "提醒",
        Severity::Info => "提示",
    }
}

/// Kind of report.
pub fn report_kind(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::ProjectSelfEvaluation => "项目支出绩效自评",
        ReportKind::DepartmentSelfEvaluation => "部门整体支出绩效自评",
        ReportKind::TransferPaymentSelfEvaluation => "转移支付绩效自评",
        ReportKind::ProjectEvaluation => "项目绩效评价",
        ReportKind::DepartmentEvaluation => "部门整体绩效评价",
        ReportKind::BudgetDisclosure => "部门预算公开",
        ReportKind::FinalAccountsDisclosure => "部门决算公开",
        ReportKind::FundAllocation => "资金分配下达",
        ReportKind::PerformanceMonitoring => "绩效运行监控",
        ReportKind::PerformanceTarget => "绩效目标申报",
        ReportKind::EvaluationSummary => "绩效自评（评价）汇总",
        ReportKind::Unknown => "未能判明",
    }
}

/// Kind of table.
pub fn table_kind(kind: TableKind) -> &'static str {
    match kind {
        TableKind::BudgetExecution => "预算安排及使用情况表",
        TableKind::IndicatorGrid => "绩效指标表",
        TableKind::SelfEvaluationForm => "绩效自评表",
        TableKind::PerformanceTarget => "绩效目标表",
        TableKind::ScoringSheet => "评分表",
        TableKind::RevenueExpenditure => "收入支出表",
        TableKind::Allocation => "资金分配表",
        TableKind::ThreePublic => "“三公”经费表",
        TableKind::Other => "未识别的表",
    }
}

/// What a budget line is among its neighbours.
pub fn row_role(role: RowRole) -> &'static str {
    match role {
        RowRole::Item => "明细",
        RowRole::OfWhich => "其中",
        RowRole::Subtotal => "小计",
        RowRole::Total => "合计",
    }
}

/// How a value is stated.
pub fn value_kind(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Exact => "等于",
        ValueKind::AtLeast => "≥",
        ValueKind::MoreThan => "＞",
        ValueKind::AtMost => "≤",
        ValueKind::LessThan => "＜",
        ValueKind::Range => "区间",
        ValueKind::Approximate => "约",
        ValueKind::Date => "日期",
        ValueKind::Qualitative => "定性",
        ValueKind::Compound => "多个数值",
        ValueKind::Empty => "空",
    }
}

/// What a score counts for.
pub fn score_kind(kind: ScoreKind) -> &'static str {
    match kind {
        ScoreKind::Total => "总分",
        ScoreKind::Self_ => "正文所述得分",
        ScoreKind::Execution => "预算执行得分",
        ScoreKind::Section => "分项得分",
    }
}

/// Name of a format.
pub fn format(format: Format) -> &'static str {
    match format {
        Format::Docx => "Word（docx）",
        Format::Pdf => "PDF",
        Format::Txt => "文本",
        Format::Doc => "Word（doc、wps）",
        Format::Xlsx => "Excel（xlsx）",
        Format::Xls => "Excel（xls、et）",
        Format::Ods => "表格（ods）",
        Format::Html => "网页",
        Format::Mht => "网页归档（mht）",
        Format::Rtf => "RTF",
    }
}

/// Kind of error and what an auditor does about it, by the manifest's word.
pub fn error(code: &str) -> (&'static str, &'static str) {
    match code {
        "unreadable" => ("无法打开", "核对路径和权限后重读"),
        "empty" => ("空文件", "向报送单位重新索取"),
        "unsupported" => ("格式不支持", "另存为 docx、pdf 或 txt 后重读"),
        "encrypted" => ("有密码", "取得密码或无密码的版本后重读"),
        "damaged" => ("文件损坏", "向报送单位重新索取，或用原软件打开另存"),
        "limit" => ("超出安全限制", "确属真实文件的，拆分或调高限制后重读"),
        "scanned" => ("扫描件，没有文字", "先做文字识别（OCR）再读"),
        "timeout" => ("超时", "单独重读，或放宽时间限制"),
        "memory" => ("内存超限", "单独重读，或放宽内存限制"),
        "crashed" | "signal" => ("读取中断", "单独重读，并把文件交给维护人员"),
        "pattern" => ("规则文件有误", "改正规则文件后重读"),
        "write" => ("结果无法写出", "检查磁盘空间和权限后重跑"),
        "internal" => ("程序内部错误", "把文件交给维护人员"),
        _ => ("未能读取", "见详细信息"),
    }
}

/// The place in words, counted from 1 as a reader counts: `第3页 表t1 第5行第2列`, `第12段`.
pub fn place(source: &Source) -> String {
    let mut parts = Vec::with_capacity(3);
    if let Some(page) = source.page {
        parts.push(format!("第{page}页"));
    }
    if let Some(table) = &source.table {
        parts.push(format!("表{table}"));
        let row = source.row.map(|row| format!("第{}行", row + 1)).unwrap_or_default();
        let col = source.col.map(|col| format!("第{}列", col + 1)).unwrap_or_default();
        if !row.is_empty() || !col.is_empty() {
            parts.push(row + &col);
        }
    } else if let Some(block) = source.block {
        parts.push(format!("第{}段", block + 1));
    }
    if parts.is_empty() {
        "文中".to_owned()
    } else {
        parts.join(" ")
    }
}

/// The text with nothing in it that an office file cannot hold or that hides from the reader: control characters become
/// their pictures (␛), those that reverse the reading order and non-characters become �, line ends become `\n`.
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !hidden(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' => out.push('\n'),
            _ if plain(c) => out.push(c),
            '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('�')),
            '\u{7f}' => out.push('␡'),
            _ => out.push('�'),
        }
    }
    Cow::Owned(out)
}

fn hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    }
}

/// The text on one line, cut to `limit` characters with `…`.
pub fn shorten(text: &str, limit: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(limit) {
        None => flat,
        Some(_) => flat.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_a_reader_counts() {
        let cell = Source {
            page: Some(3),
            table: Some("t1".to_owned()),
            row: Some(4),
            col: Some(1),
            block: Some(7),
            ..Source::default()
        };
        assert_eq!(place(&cell), "第3页 表t1 第5行第2列");
        let sentence = Source {
            block: Some(11),
            ..Source::default()
        };
        assert_eq!(place(&sentence), "第12段");
        assert_eq!(place(&Source::default()), "文中");
    }

    #[test]
    fn what_hides_becomes_visible() {
        assert_eq!(visible("甲\r\n乙\r丙"), "甲\n乙\n丙");
        assert_eq!(visible("a\u{1b}[2Jb\u{0}\u{7f}\u{ffff}"), "a␛[2Jb␀␡�");
        assert_eq!(visible("得分\u{202e}59\u{202c}"), "得分�59�");
        assert!(matches!(visible("年度\t资金\n总额😀"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_text_is_cut_on_characters() {
        assert_eq!(shorten("年度 \n 资金总额", 5), "年度 资…");
        assert_eq!(shorten("年度资金", 4), "年度资金");
    }
}

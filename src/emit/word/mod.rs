//! 核对报告.docx: what was examined, what does not agree and what was not read, to attach to working papers.
//!
//! The library that writes it keeps the whole document in memory, so the document is bounded: findings of the gravest
//! reports, lists of a bounded length, and where something is left out the document says so.

mod collect;
mod paper;

use crate::emit::audit::{self, FileRow};
use crate::emit::folder::write_whole;
use crate::error::{Error, Result};
use crate::model::{CheckStatus, Report, Severity};
use collect::{Collected, DETAILED, Detail, FINDINGS, Finding, INSUFFICIENT, LISTED, Row};
use paper::{Box, Ink, Paper};
use std::path::{Path, PathBuf};

/// Name of the file below the output folder.
pub const FILE_NAME: &str = "核对报告.docx";

const TITLE: &str = "绩效报告数据核对报告";
/// Grounds of the severities.
const FILLS: [&str; 3] = ["FFC7CE", "FCE4D6", "FFF2CC"];

/// The Word report of a run, while records come.
pub struct AuditReport {
    path: PathBuf,
    collected: Collected,
}

impl AuditReport {
    /// Begins the report of the output folder `root`.
    ///
    /// # Errors
    /// None yet; those of the file system come with [`AuditReport::finish`].
    pub fn create(root: &Path) -> Result<Self> {
        Ok(AuditReport {
            path: root.join(FILE_NAME),
            collected: Collected::default(),
        })
    }

    /// Takes the next record, in input order.
    ///
    /// # Errors
    /// None.
    pub fn take(&mut self, report: &Report) -> Result<()> {
        self.collected.take(report);
        Ok(())
    }

    /// Writes the file.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(self, files: &[FileRow]) -> Result<()> {
        let bytes = compose(self.collected, files)?;
        write_whole(self.path.clone(), &bytes).map_err(|error| Error::write(&self.path, &error))
    }
}

fn compose(mut collected: Collected, files: &[FileRow]) -> Result<Vec<u8>> {
    let details = collected.details();
    let mut paper = Paper::new("绩效报告数据核对报告　审计工作底稿附件");
    head(&mut paper, &collected);
    examined(&mut paper, &collected, files);
    disagreements(&mut paper, &collected, &details);
    gaps(&mut paper, &collected);
    warnings(&mut paper, &collected);
    clean(&mut paper, &collected);
    read_and_not_read(&mut paper, files);
    method(&mut paper);
    signatures(&mut paper);
    paper.finish(TITLE)
}

fn head(paper: &mut Paper, collected: &Collected) {
    paper.title(TITLE);
    if let (Some(single), [row]) = (&collected.single, collected.rows.as_slice()) {
        let name = row.title.as_deref().unwrap_or(&row.path);
        paper.subtitle(&[row.organization.as_deref().unwrap_or(""), "《", name, "》"].concat());
        let line = |item: &str, text: String| vec![Box::center(item).strong().on("F2F2F2"), Box::left(text)];
        let mut rows = vec![
            line("被核对文件", row.path.clone()),
            line("文件 SHA-256", single.sha256.clone()),
            line("报告类型", single.kind.to_owned()),
        ];
        let year = row.year.map(|year| format!("{year}年"));
        for (item, text) in [
            ("年度", &year),
            ("报告日期", &single.date),
            ("报告所写得分", &single.score),
        ] {
            if let Some(text) = text {
                rows.push(line(item, text.clone()));
            }
        }
        paper.table(&[22, 78], &[], rows);
    } else {
        paper.subtitle(&format!("（共核对{}份报告）", collected.rows.len()));
    }
}

fn examined(paper: &mut Paper, collected: &Collected, files: &[FileRow]) {
    paper.heading(1, "一、核对范围与结果");
    let failed = collected.of_status(CheckStatus::Fail);
    let with_findings = collected.rows.iter().filter(|row| row.all_failed() > 0).count();
    let years: Vec<String> = collected.years.iter().map(u16::to_string).collect();
    let years = match years.as_slice() {
        [] => String::new(),
        [year] => format!("，年度{year}年"),
        [first, .., last] => format!("，年度{first}至{last}年"),
    };
    paper.text(&format!(
        "本次核对读出报告{}份，涉及单位{}个{years}；识别表格{}张，读出预算数据{}行、绩效指标{}项、得分{}项、正文数据{}处，核对数据关系{}项，其中不符{failed}项，涉及报告{with_findings}份。",
        collected.rows.len(),
        collected.organizations.len(),
        collected.tables[0],
        collected.budgets,
        collected.indicators,
        collected.scores,
        collected.statements,
        collected.rules.values().map(|rule| rule.by_status.iter().sum::<usize>()).sum::<usize>(),
    ));
    paper.text(&format!("数字去向：{}。", audit::coverage(&collected.figures)));
    let read = files.iter().filter(|f| f.done && f.duplicate_of.is_none()).count();
    let repeated = files.iter().filter(|f| f.duplicate_of.is_some()).count();
    let unread = files.iter().filter(|f| !f.done).count();
    let count = |name: &str, number: usize| vec![Box::left(name), Box::right(number.to_string())];
    let of = |severity| collected.of_severity(severity);
    let pair = |left: Vec<Box>, right: Vec<Box>| [left, right].concat();
    let rows = vec![
        pair(
            count("文件：已读取", read),
            count("核对结果：相符", collected.of_status(CheckStatus::Pass)),
        ),
        pair(
            count("文件：内容重复", repeated),
            count("核对结果：尾差", collected.of_status(CheckStatus::Rounding)),
        ),
        pair(
            count("文件：未能读取", unread),
            count("核对结果：不符（错误）", of(Severity::Error)),
        ),
        pair(
            count("表格：已识别", collected.tables[0]),
            count("核对结果：不符（提醒）", of(Severity::Warning)),
        ),
        pair(
            count("表格：未识别", collected.tables[1]),
            count("核对结果：不符（提示）", of(Severity::Info)),
        ),
        pair(
            count("读取提示", collected.warnings.values().map(|w| w.count).sum()),
            count("核对结果：无法核对", collected.of_status(CheckStatus::Insufficient)),
        ),
    ];
    paper.table(&[32, 14, 38, 16], &["范围", "数量", "结果", "数量"], rows);
    if collected.rules.is_empty() {
        return;
    }
    paper.caption("按规则统计：");
    let rule = |(id, counts): (&String, &collect::RuleCounts)| {
        let number = |status: CheckStatus| counts.by_status[status as usize];
        let shown = |status: CheckStatus| match number(status) {
            0 => Box::right("—"),
            count if status == CheckStatus::Fail => Box::right(count.to_string()).strong().on(FILLS[0]),
            count => Box::right(count.to_string()),
        };
        vec![
            Box::center(id.as_str()),
            Box::left(counts.name.as_str()),
            Box::right(counts.by_status.iter().sum::<usize>().to_string()),
            shown(CheckStatus::Pass),
            shown(CheckStatus::Rounding),
            shown(CheckStatus::Fail),
            shown(CheckStatus::Insufficient),
        ]
    };
    paper.table(
        &[12, 36, 12, 10, 10, 10, 12],
        &["规则", "名称", "核对项数", "相符", "尾差", "不符", "无法核对"],
        collected.rules.iter().map(rule).collect(),
    );
}

fn disagreements(paper: &mut Paper, collected: &Collected, details: &[Detail]) {
    paper.heading(1, "二、数据不一致的事项");
    if details.is_empty() {
        paper.text("在核对的数据关系中，未发现不符的事项。");
        return;
    }
    paper.text(
        "以下按不符事项的轻重分报告列示。核对只指出两处数据不一致，不判断哪一处有误；“错误”为数据互相矛盾，“提醒”为值得询问，“提示”供了解。",
    );
    for (at, detail) in details.iter().enumerate() {
        let row = &detail.row;
        paper.heading(2, &format!("{}．{}", at + 1, name_of(row)));
        let year = row.year.map(|year| format!("年度：{year}　")).unwrap_or_default();
        paper.caption(&format!(
            "文件：{}（底稿序号{}）　{year}核对{}项，不符{}项：错误{}、提醒{}、提示{}",
            row.path,
            row.number,
            row.checks,
            row.all_failed(),
            row.failed[0],
            row.failed[1],
            row.failed[2]
        ));
        let rows = detail
            .findings
            .iter()
            .enumerate()
            .map(|(at, f)| finding(at + 1, f))
            .collect();
        paper.table(
            &[6, 7, 42, 12, 12, 12, 11],
            &[
                "序号",
                "级别",
                "事项、原文及位置",
                "报告所写",
                "核对所得",
                "差异",
                "复核意见",
            ],
            rows,
        );
        if row.all_failed() > detail.findings.len() {
            paper.note(&format!(
                "本报告不符事项共{}项，此处列出最重的{FINDINGS}项，其余见“审计底稿.xlsx”的“勾稽校验”表。",
                row.all_failed()
            ));
        }
    }
    let shown: std::collections::HashSet<usize> = details.iter().map(|d| d.row.number).collect();
    let others = |row: &&Row| row.all_failed() > 0 && !shown.contains(&row.number);
    let others: Vec<&Row> = collected.rows.iter().filter(others).collect();
    if !others.is_empty() {
        paper.heading(2, "其余有不符事项的报告");
        paper.caption(&format!(
            "以上详列不符事项最重的{DETAILED}份报告（篇幅所限）；其余{}份仅列项数，逐项内容见“审计底稿.xlsx”的“勾稽校验”表。",
            others.len()
        ));
        let line = |row: &&Row| {
            let mut cells = listed(row);
            cells.extend(
                row.failed
                    .map(|n| Box::right(if n == 0 { "—".to_owned() } else { n.to_string() })),
            );
            cells
        };
        let rows = others.iter().take(LISTED).map(line).collect();
        paper.table(
            &[8, 38, 28, 8, 6, 6, 6],
            &["底稿序号", "文件", "单位", "年度", "错误", "提醒", "提示"],
            rows,
        );
        cut_note(paper, others.len(), "份报告");
    }
}

/// Says that a list was cut.
fn cut_note(paper: &mut Paper, all: usize, what: &str) {
    if all > LISTED {
        paper.note(&format!(
            "此表列到第{LISTED}行为止（篇幅所限），未列出的还有{}{what}，全部见“审计底稿.xlsx”。",
            all - LISTED
        ));
    }
}

fn name_of(row: &Row) -> String {
    match (&row.organization, &row.title) {
        (Some(organization), Some(title)) if title.contains(organization.as_str()) => title.clone(),
        (Some(organization), Some(title)) => format!("{organization}《{title}》"),
        (Some(organization), None) => organization.clone(),
        (None, Some(title)) => format!("《{title}》"),
        (None, None) => row.path.clone(),
    }
}

fn finding(number: usize, finding: &Finding) -> Vec<Box> {
    let mut lines = vec![
        (finding.rule.clone(), Ink::Strong),
        (finding.message.clone(), Ink::Plain),
    ];
    lines.extend(finding.quotations.iter().map(|q| (q.clone(), Ink::Quiet)));
    let mut difference = vec![(finding.difference.clone(), Ink::Plain)];
    difference.extend(finding.tolerance.iter().map(|t| (format!("允许{t}"), Ink::Quiet)));
    vec![
        Box::center(number.to_string()),
        Box::center(audit::severity(finding.severity))
            .strong()
            .on(FILLS[finding.severity as usize]),
        Box::lines(lines),
        Box::center(finding.stated.as_str()),
        Box::center(finding.computed.as_str()),
        Box::lines(difference).centered(),
        Box::center(""),
    ]
}

/// 底稿序号, 文件, 单位, 年度.
fn listed(row: &Row) -> Vec<Box> {
    vec![
        Box::center(row.number.to_string()),
        Box::left(row.path.as_str()),
        Box::left(row.organization.as_deref().unwrap_or("")),
        Box::center(row.year.map(|year| year.to_string()).unwrap_or_default()),
    ]
}

fn gaps(paper: &mut Paper, collected: &Collected) {
    paper.heading(1, "三、无法核对的事项");
    let all = collected.of_status(CheckStatus::Insufficient);
    if all == 0 {
        paper.text("没有因数据未能读出而无法核对的关系。");
        return;
    }
    paper.text(&format!("有{all}项关系所需的数据未能读出，无法核对，须人工查看原文："));
    let line = |gap: &collect::Gap| {
        vec![
            Box::center(gap.number.to_string()),
            Box::left(gap.path.as_str()),
            Box::left(gap.rule.as_str()),
            Box::left(gap.message.as_str()),
        ]
    };
    paper.table(
        &[8, 28, 22, 42],
        &["底稿序号", "文件", "规则", "说明"],
        collected.gaps.iter().map(line).collect(),
    );
    if all > INSUFFICIENT {
        paper.note(&format!(
            "此处列出前{INSUFFICIENT}项（篇幅所限），其余{}项见“审计底稿.xlsx”。",
            all - INSUFFICIENT
        ));
    }
}

fn warnings(paper: &mut Paper, collected: &Collected) {
    paper.heading(1, "四、读取提示");
    if collected.warnings.is_empty() {
        paper.text("读取中没有未能理解的内容。");
        return;
    }
    paper.text("读取中见到而未能理解、因而没有计入数据的内容，按种类汇总如下；逐条见“审计底稿.xlsx”的“提示”表。");
    let mut kinds: Vec<_> = collected.warnings.iter().collect();
    kinds.sort_by_key(|(code, counts)| (std::cmp::Reverse(counts.count), *code));
    let line = |(code, counts): &(&String, &collect::WarningCounts)| {
        vec![
            Box::left(counts.example.as_str()),
            Box::right(counts.count.to_string()),
            Box::right(counts.reports.to_string()),
            Box::left(code.as_str()),
        ]
    };
    let rows = kinds.iter().take(LISTED).map(line).collect();
    paper.table(
        &[58, 8, 10, 24],
        &["首例（文件，位置）", "条数", "报告份数", "代码"],
        rows,
    );
    cut_note(paper, kinds.len(), "种提示");
}

fn clean(paper: &mut Paper, collected: &Collected) {
    paper.heading(1, "五、未发现不符的报告");
    let rows: Vec<&Row> = collected.rows.iter().filter(|row| row.all_failed() == 0).collect();
    if rows.is_empty() {
        paper.text("没有。");
        return;
    }
    paper.text(&format!(
        "下列{}份报告在核对的关系中未发现不符；没有核对到关系的，不表示数据无误。",
        rows.len()
    ));
    let line = |row: &&Row| {
        let mut cells = listed(row);
        let number = |n: usize| Box::right(if n == 0 { "—".to_owned() } else { n.to_string() });
        cells.extend([number(row.checks), number(row.insufficient), number(row.warnings)]);
        cells
    };
    paper.table(
        &[8, 38, 28, 8, 8, 8, 8],
        &["底稿序号", "文件", "单位", "年度", "核对项数", "无法核对", "读取提示"],
        rows.iter().take(LISTED).map(line).collect(),
    );
    cut_note(paper, rows.len(), "份报告");
}

fn read_and_not_read(paper: &mut Paper, files: &[FileRow]) {
    paper.heading(1, "六、未能读取和重复的文件");
    let unread: Vec<&FileRow> = files.iter().filter(|f| !f.done).collect();
    let repeated: Vec<&FileRow> = files.iter().filter(|f| f.done && f.duplicate_of.is_some()).collect();
    if unread.is_empty() {
        paper.text("所列文件全部读出。");
    } else {
        paper.text(&format!("下列{}个文件未能读取，不在本次核对之内：", unread.len()));
        let line = |file: &&FileRow| {
            let (reason, advice) = audit::error(file.error_code.as_deref().unwrap_or(""));
            let message = audit::shorten(file.message.as_deref().unwrap_or(""), 200);
            vec![
                Box::left(audit::shorten(&file.path, 200)),
                Box::center(reason),
                Box::left(advice),
                Box::lines(vec![(message, Ink::Quiet)]),
            ]
        };
        let rows = unread.iter().take(LISTED).map(line).collect();
        paper.table(&[34, 14, 22, 30], &["文件", "原因", "处理建议", "详细信息"], rows);
        cut_note(paper, unread.len(), "个文件");
    }
    if !repeated.is_empty() {
        paper.text(&format!(
            "下列{}个文件与另一文件内容完全相同，只读一次：",
            repeated.len()
        ));
        let line = |file: &&FileRow| {
            let same = file.duplicate_of.as_deref().unwrap_or("");
            vec![
                Box::left(audit::shorten(&file.path, 200)),
                Box::left(audit::shorten(same, 200)),
            ]
        };
        let rows = repeated.iter().take(LISTED).map(line).collect();
        paper.table(&[50, 50], &["文件", "与之相同的文件"], rows);
        cut_note(paper, repeated.len(), "个文件");
    }
}

fn method(paper: &mut Paper) {
    paper.heading(1, "七、方法说明");
    let program = concat!(
        "1．数据由 heshu ",
        env!("CARGO_PKG_VERSION"),
        "（核数）从报告文件中提取，提取的每个数都记有所在页、表、行、列和原文；没有读懂的内容记为“提示”，不作推测，不作补充。"
    );
    for line in [
        program,
        "2．每个数按其所写小数位数视为一个四舍五入的区间（如1.5表示1.45至1.55）。参与计算的各数区间合并，得出计算结果可能的范围；报告所写的数落在该范围之内而不相等的，记为“尾差”，落在范围之外的，记为“不符”。“允许误差”即由此得出。",
        "3．差异＝报告所写－核对所得。核对只指出两处数据不一致，不判断哪一处有误，也不改动报告的数据。",
        "4．“第几段”按正文段落和表格的先后顺序计，“表t1”为自上而下第1张表，行、列从1计，合并单元格以其左上角为准；只有PDF文件有页码。",
        "5．“相符”仅指所核对的关系成立，不表示数据真实；未列入规则的关系没有核对。",
    ] {
        paper.text(line);
    }
}

fn signatures(paper: &mut Paper) {
    paper.blanks("核对人：＿＿＿＿＿＿＿＿＿＿　　　　日期：＿＿＿＿年＿＿月＿＿日");
    paper.blanks("复核人：＿＿＿＿＿＿＿＿＿＿　　　　日期：＿＿＿＿年＿＿月＿＿日");
    paper.blanks("复核结论：");
}

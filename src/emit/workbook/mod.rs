//! 审计底稿.xlsx: the workbook that an auditor works in, over all reports of a run.
//!
//! Rows go to disk as they are made, so memory does not grow with the number of reports but for the links (about half a
//! kilobyte for each finding). The same records in the same order give the same bytes.

mod columns;
mod links;
mod rows;
mod sheet;
mod spill;
mod text;
mod total;

use crate::emit::audit::{self, FileRow};
use crate::emit::folder::WholeFile;
use crate::error::{Error, Result};
use crate::model::{Check, CheckStatus, Exact, Figures, Report, Severity, Warning};
use columns::Kind;
use links::Links;
use rows::Head;
use serde::{Deserialize, Serialize};
use sheet::{Book, Capacity, Cell, Mark, RowPlace};
use spill::{Group, Spill};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Name of the file below the output folder.
pub const FILE_NAME: &str = "审计底稿.xlsx";

/// The workbook of a run, while records come.
pub struct AuditWorkbook {
    path: PathBuf,
    book: Book,
    /// `None` once its rows are given back.
    spill: Option<Spill>,
    reports: u64,
    checks: u64,
    failed: u64,
    figures: Figures,
    /// Number in 总览 of each content.
    numbers: HashMap<String, u64>,
}

/// A row of 勾稽校验.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct CheckRow {
    number: u64,
    file: String,
    organization: Option<String>,
    year: Option<u16>,
    status: CheckStatus,
    severity: Severity,
    rule: String,
    name: String,
    message: String,
    stated: Option<String>,
    computed: Option<String>,
    difference: Option<Exact>,
    tolerance: Option<Exact>,
    unit: Option<String>,
    place: String,
    quotations: String,
    first: Option<RowPlace>,
    other: Option<RowPlace>,
    id: String,
}

impl AuditWorkbook {
    /// Begins the workbook of the output folder `root`, which is made; rows that wait stand in nameless files in it.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn create(root: &Path) -> Result<Self> {
        Self::with_capacity(root, Capacity::FORMAT)
    }

    fn with_capacity(root: &Path, capacity: Capacity) -> Result<Self> {
        let path = root.join(FILE_NAME);
        std::fs::create_dir_all(root).map_err(|error| Error::write(root, &error))?;
        Ok(AuditWorkbook {
            book: Book::new(path.clone(), root, capacity)?,
            spill: Some(Spill::new(&path, root)?),
            path,
            reports: 0,
            checks: 0,
            failed: 0,
            figures: Figures::default(),
            numbers: HashMap::new(),
        })
    }

    /// Takes the next record, in input order; one pass is enough.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn take(&mut self, report: &Report) -> Result<()> {
        self.reports += 1;
        self.figures.merge(&report.figures);
        let number = self.reports;
        self.numbers.entry(report.document.sha256.clone()).or_insert(number);
        let own = self.book.add(Kind::Overview, &rows::overview(number, report))?;
        let head = Head::of(number, report);
        let mut links = Links::new(own);
        for line in &report.budgets {
            for (at, row) in rows::budget(&head, report, line).iter().enumerate() {
                let place = self.book.add(Kind::Budget, row)?;
                if at == 0 {
                    links.put(&line.source, place);
                    line.amounts
                        .values()
                        .for_each(|amount| links.put(&amount.source, place));
                }
            }
        }
        for indicator in &report.indicators {
            let place = self.book.add(Kind::Indicator, &rows::indicator(&head, indicator))?;
            links.put(&indicator.source, place);
        }
        for score in &report.scores {
            let place = self.book.add(Kind::Score, &rows::score(&head, score))?;
            links.put(&score.source, place);
        }
        let mut checks: Vec<(Group, &Check)> = report
            .checks
            .iter()
            .map(|c| (Group::of(c.status, c.severity), c))
            .collect();
        checks.sort_by_key(|(group, _)| *group);
        for (group, check) in checks {
            self.checks += 1;
            self.failed += u64::from(check.status == CheckStatus::Fail);
            let row = check_row(&head, check, &links);
            if group == Group::Error {
                self.add_check(&row)?;
            } else if let Some(spill) = &mut self.spill {
                spill.put(group, &row)?;
            }
        }
        for warning in &report.warnings {
            self.add_warning(&head, warning, &links)?;
        }
        Ok(())
    }

    /// Writes what waited, the list of files and the file itself.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn finish(mut self, files: &[FileRow]) -> Result<()> {
        if let Some(spill) = self.spill.take() {
            spill.drain(|row: CheckRow| self.add_check(&row))?;
        }
        for (at, file) in files.iter().enumerate() {
            let number = file
                .sha256
                .as_ref()
                .filter(|_| file.done)
                .and_then(|sha256| self.numbers.get(sha256));
            self.book
                .add(Kind::File, &file_row(at as u64 + 1, number.copied(), file))?;
        }
        self.about(files)?;
        let mut file = WholeFile::create(self.path.clone()).map_err(|error| Error::write(&self.path, &error))?;
        self.book.save("审计底稿", &mut file)?;
        file.finish().map_err(|error| Error::write(&self.path, &error))
    }

    fn add_check(&mut self, row: &CheckRow) -> Result<()> {
        let head = Head {
            number: row.number,
            file: &row.file,
            organization: row.organization.as_deref(),
            year: row.year,
        };
        let mark = match (row.status, row.severity) {
            (CheckStatus::Fail, Severity::Error) => Mark::Error,
            (CheckStatus::Fail, Severity::Warning) => Mark::Warning,
            (CheckStatus::Fail, Severity::Info) => Mark::Info,
            (CheckStatus::Insufficient | CheckStatus::Rounding, _) => Mark::Unknown,
            (CheckStatus::Pass, _) => Mark::Good,
        };
        // Colours say what to look at first; that a relation holds needs none beyond its word.
        let severity = audit::severity(row.severity);
        let severity = if row.status == CheckStatus::Fail {
            Cell::Marked(severity.into(), mark)
        } else {
            Cell::text(severity)
        };
        let link = |place: Option<RowPlace>| place.map_or(Cell::Empty, |place| Cell::Link(place, links::label(place)));
        let mut cells = head.cells(Kind::Check.columns().len());
        cells.extend([
            Cell::Marked(audit::status(row.status).into(), mark),
            severity,
            Cell::text(row.rule.as_str()),
            Cell::text(row.name.as_str()),
            Cell::text(row.message.as_str()),
            rows::figure_or_words(row.stated.as_deref()),
            rows::figure_or_words(row.computed.as_deref()),
            Cell::figure(row.difference),
            Cell::figure(row.tolerance),
            Cell::maybe(row.unit.as_deref()),
            Cell::text(row.place.as_str()),
            Cell::text(row.quotations.as_str()),
            link(row.first),
            link(row.other),
            Cell::Empty,
            Cell::Empty,
            Cell::text(row.id.as_str()),
        ]);
        self.book.add(Kind::Check, &cells)?;
        Ok(())
    }

    fn add_warning(&mut self, head: &Head<'_>, warning: &Warning, links: &Links<'_>) -> Result<()> {
        let (place, _) = links.of(std::slice::from_ref(&warning.source));
        let mut cells = head.cells(Kind::Warning.columns().len());
        cells.extend([
            Cell::text(warning.message.as_str()),
            Cell::text(audit::place(&warning.source)),
            Cell::maybe(warning.source.text.as_deref()),
            Cell::Link(place, links::label(place)),
            Cell::text(warning.code.as_str()),
        ]);
        self.book.add(Kind::Warning, &cells)?;
        Ok(())
    }

    fn about(&mut self, files: &[FileRow]) -> Result<()> {
        let failed = files.iter().filter(|f| !f.done).count();
        let repeated = files.iter().filter(|f| f.duplicate_of.is_some()).count();
        let scope = format!(
            "共{}个文件：读出{}份报告，内容相同的文件{repeated}个（只读一次），未能读取{failed}个（见“文件”）。核对数据关系{}项，其中不符{}项（见“勾稽校验”）。",
            files.len(),
            self.reports,
            self.checks,
            self.failed
        );
        let extractor = format!(
            "由 heshu {}（核数）从报告文件提取，未作任何修改或补充。",
            env!("CARGO_PKG_VERSION")
        );
        let coverage = format!(
            "{}。入库：进入记录的数据列；其他列：表头不在已知数据列之内，数值照录；编码序号：编码、序号、日期、栏次和文字中的数字；未读：没有读出，逐处列在“提示”。",
            audit::coverage(&self.figures)
        );
        let lines = [
            ("范围", scope.as_str()),
            ("数字去向", coverage.as_str()),
            ("来源", extractor.as_str()),
            (
                "结果",
                "相符：关系成立。尾差：有差异，但在报告所写小数位数四舍五入允许的范围内。不符：超出该范围，或文字与数据相反。无法核对：所需数据有未能读出的。",
            ),
            (
                "级别",
                "错误：数据之间互相矛盾。提醒：值得询问报送单位。提示：供了解，不一定有误。",
            ),
            (
                "允许误差",
                "每个数按其所写小数位数视为一个区间（1.5 表示 1.45 至 1.55），各数区间相加即为计算结果可能的范围。差异＝报告所写－核对所得。",
            ),
            (
                "不作判断",
                "校验只指出两处数据不一致，不判断哪一处有误；结论由复核人在“复核意见”“复核说明”两列填写。",
            ),
            (
                "数值与原文",
                "数值列是数字，可以求和、筛选；旁边的“原文”是报告所写。百分数按报告所写（98.82% 写作 98.82），不折算。超过15位有效数字的数以文本写出，不作舍入。“预算”表中所有报告都没有的数据列已隐藏，金额按“计量单位”列所示单位；“总览”的预算、支出折算为万元。",
            ),
            (
                "总览取数",
                "预算、支出取自评表的资金合计行（没有自评表的取预算安排及使用情况表的合计行）；有几个合计行且金额不一时不取数，并在“取数说明”注明。",
            ),
            (
                "位置",
                "“表t1 第5行第2列”是报告中第1个表格（自上而下）的第5行第2列，合并单元格按其左上角计；“第12段”按正文段落和表格的先后顺序计；只有 PDF 有页码。",
            ),
            (
                "链接",
                "“相关数据行”链接到报告所写一方的数据行，“对照数据行”链接到参与核对的另一行；没有对应数据行的，链接到总览中该份报告。对“预算”“指标”“得分”重新排序后，链接仍指向原来的行号，请按“序号”“编号”查找。",
            ),
        ];
        for (item, text) in lines {
            self.book.add(Kind::About, &[Cell::text(item), Cell::text(text)])?;
        }
        Ok(())
    }
}

fn check_row(head: &Head<'_>, check: &Check, links: &Links<'_>) -> CheckRow {
    let finding = check.status != CheckStatus::Pass;
    let (first, other) = match finding {
        true => {
            let (first, other) = links.of(&check.operands);
            (Some(first), other)
        }
        false => (None, None),
    };
    CheckRow {
        number: head.number,
        file: head.file.to_owned(),
        organization: head.organization.map(str::to_owned),
        year: head.year,
        status: check.status,
        severity: check.severity,
        rule: check.rule.clone(),
        name: check.name.clone(),
        message: check.message.clone(),
        stated: check.stated.clone(),
        computed: check.computed.clone(),
        difference: check.difference,
        tolerance: check.tolerance,
        unit: check.unit.clone(),
        place: check.operands.first().map(audit::place).unwrap_or_default(),
        quotations: if finding {
            rows::quotations(&check.operands)
        } else {
            String::new()
        },
        first,
        other,
        id: check.id.clone(),
    }
}

fn file_row(line: u64, number: Option<u64>, file: &FileRow) -> Vec<Cell<'_>> {
    let (outcome, mark) = match (file.done, &file.duplicate_of) {
        (true, None) => ("已读取", Mark::Good),
        (true, Some(_)) => ("重复", Mark::Unknown),
        (false, _) => ("未读取", Mark::Error),
    };
    let (reason, advice) = match &file.error_code {
        Some(code) => audit::error(code),
        None if file.done => ("", ""),
        None => audit::error(""),
    };
    vec![
        Cell::Count(line),
        Cell::text(file.path.as_str()),
        Cell::Marked(outcome.into(), mark),
        number.map_or(Cell::Empty, Cell::Count),
        Cell::text(reason),
        Cell::text(advice),
        Cell::maybe(file.message.as_deref()),
        Cell::maybe(file.duplicate_of.as_deref()),
        Cell::some(file.failed_checks),
        Cell::some(file.warnings),
        Cell::maybe(file.sha256.as_deref()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;
    use calamine::Reader;

    fn report() -> Report {
        let bytes = include_bytes!("../../../corpus/reports/f1_project.txt");
        crate::extract(bytes, "f1_project.txt", &Patterns::builtin().unwrap()).unwrap()
    }

    #[test]
    fn a_full_sheet_goes_on_in_another() {
        let dir = tempfile::tempdir().unwrap();
        let capacity = Capacity { rows: 10, links: 3 };
        let mut workbook = AuditWorkbook::with_capacity(dir.path(), capacity).unwrap();
        let report = report();
        for _ in 0..3 {
            workbook.take(&report).unwrap();
        }
        workbook.finish(&[]).unwrap();
        let mut read: calamine::Xlsx<_> = calamine::open_workbook(dir.path().join(FILE_NAME)).unwrap();
        let names = read.sheet_names();
        let at = |name: &str| {
            names
                .iter()
                .position(|n| n == name)
                .unwrap_or_else(|| panic!("{name}: {names:?}"))
        };
        assert_eq!(at("预算(2)"), at("预算") + 1, "in order: {names:?}");
        assert_eq!(at("指标"), at("预算(2)") + 1);
        let mut rows = |kind: &str| {
            let of_kind = |n: &&String| **n == kind || n.starts_with(&format!("{kind}("));
            let sheets: Vec<String> = names.iter().filter(of_kind).cloned().collect();
            let mut rows = 0;
            for name in sheets {
                let range = read.worksheet_range(&name).unwrap();
                assert!(range.height() <= 10, "{name}");
                assert_eq!(range.get((0, 0)).unwrap().to_string(), "序号", "{name} has its header");
                rows += range.height() - 1;
            }
            rows
        };
        assert_eq!(rows("预算"), 3 * report.budgets.len());
        assert_eq!(rows("指标"), 3 * report.indicators.len());
        assert_eq!(rows("勾稽校验"), 3 * report.checks.len());
    }

    #[test]
    fn rows_that_cannot_be_stored_are_an_error_for_good() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE_NAME);
        let mut book = Book::new(path, dir.path(), Capacity::FORMAT).unwrap();
        // What the library does when the disk is full.
        let error = book
            .guarded::<()>(|_| panic!("Couldn't write to xml file"))
            .unwrap_err();
        assert!(error.to_string().contains("could not be stored on disk"), "{error}");
        assert!(book.add(Kind::File, &[Cell::Count(1)]).is_err());
        let mut bytes = Vec::new();
        assert!(book.save("", &mut bytes).is_err());
        assert!(bytes.is_empty(), "nothing half done");
    }
}

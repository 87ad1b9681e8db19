//! The tables and their columns.

use super::{ColumnSpec, ColumnType, TableId, TableSpec};
use ColumnType::{Boolean, Coordinate, Decimal, Integer, Money, Text};
use std::sync::OnceLock;

/// The tables, in the order of [`TableId::ALL`].
pub fn tables() -> &'static [TableSpec] {
    static TABLES: OnceLock<Vec<TableSpec>> = OnceLock::new();
    TABLES.get_or_init(|| TableId::ALL.into_iter().map(table).collect())
}

fn table(id: TableId) -> TableSpec {
    let (name, doc) = match id {
        TableId::Document => ("document", "One row a report."),
        TableId::Project => (
            "project",
            "One row the head of a form (项目名称, 主管部门, 实施单位, 年度总体目标).",
        ),
        TableId::ReportTable => ("report_table", "One row a table of the report, recognized or not."),
        TableId::Cell => ("cell", "One row a cell of a table, as read; merged cells once."),
        TableId::BudgetLine => (
            "budget_line",
            "One row a figure of a budget line: a line with 预算数, 执行数 and 执行率 is three rows with one `line_id`.",
        ),
        TableId::Indicator => (
            "indicator",
            "One row an indicator with target, actual, weight and score.",
        ),
        TableId::Score => ("score", "One row a score of the report as a whole or of a part."),
        TableId::Statement => ("statement", "One row a figure in prose."),
        TableId::Check => ("check", "One row a relation that was examined, also those that hold."),
        TableId::Warning => ("warning", "One row a thing that was seen and not understood."),
    };
    let mut columns = Columns(Vec::new());
    columns.must(
        "document_sha256",
        Text,
        "SHA-256 of the file's bytes; with `row_id` the key. `document.sha256`",
    );
    columns.must("row_id", Text, row_id(id));
    own(id, &mut columns);
    columns.may(
        "fiscal_year",
        Integer,
        "Fiscal year of the report; the Hive partition of the Parquet files. `report.fiscal_year`",
    );
    columns.must("schema_version", Integer, "Version of these tables.");
    columns.must(
        "extractor",
        Text,
        "Program and version that read the report. `document.extractor`",
    );
    later(id, &mut columns);
    TableSpec {
        id,
        name,
        columns: columns.0,
        doc,
    }
}

/// Columns of later versions stand behind all others, so that those that were there keep their places.
fn later(id: TableId, c: &mut Columns) {
    match id {
        TableId::Indicator => {
            c.value(
                "interim",
                "Reached in a part of the year (monitoring). `indicators[].interim`",
            );
            c.value(
                "forecast",
                "Expected of the whole year (monitoring). `indicators[].forecast`",
            );
        }
        TableId::BudgetLine => c.figure(
            "percent",
            "A rate that is written as a fraction, in per cent, where the amounts prove it. `percent`",
        ),
        TableId::Statement => {
            c.may(
                "direction",
                Text,
                "up, down, flat: which way the change goes that the figure states. `statements[].direction`",
            );
            c.may(
                "compared_with",
                Text,
                "prior_year, budget, initial_budget: what the change is counted from. `statements[].compared_with`",
            );
            c.may(
                "share_of",
                Text,
                "The whole that a share is of. `statements[].share_of`",
            );
        }
        _ => {}
    }
}

fn row_id(id: TableId) -> &'static str {
    match id {
        TableId::Document => "Always `document`.",
        TableId::Project => "`p1`, `p2` … in reading order.",
        TableId::ReportTable => "The table's id, `t1`, `t2` … in reading order.",
        TableId::Cell => "`t1/r0c2`: table, first grid row and first grid column.",
        TableId::BudgetLine => "`b3/actual`: line and measure; `b3/other1` … for figures that no measure names.",
        TableId::Indicator => "The indicator's id, `i1`, `i2` … in reading order.",
        TableId::Score => "`s1`, `s2` … in the order of the record.",
        TableId::Statement => "`n1`, `n2` … in reading order.",
        TableId::Check => "The check's id, `c1`, `c2` …",
        TableId::Warning => "`w1`, `w2` … in the order of the record.",
    }
}

fn own(id: TableId, c: &mut Columns) {
    match id {
        TableId::Document => {
            c.must("path", Text, "Path as given. `document.path`");
            c.must("format", Text, "Format, told by the bytes. `document.format`");
            c.must("bytes", Integer, "Size of the file. `document.bytes`");
            c.may(
                "pages",
                Integer,
                "Number of pages, for formats that have them. `document.pages`",
            );
            c.must("kind", Text, "What the report is. `report.kind`");
            c.may("title", Text, "Title. `report.title`");
            c.may("organization", Text, "Organization that reports. `report.organization`");
            c.may("region", Text, "Its place. `report.region`");
            c.may(
                "region_code",
                Text,
                "GB/T 2260 code of the place, where its name is certain. `report.region_code`",
            );
            c.may(
                "date",
                Text,
                "Date of the report itself, `YYYY-MM-DD` or `YYYY-MM`. `report.date`",
            );
            for (name, doc) in [
                ("budget_lines", "Budget lines of the record."),
                ("indicators", "Indicators of the record."),
                ("checks_failed", "Checks with status `fail`."),
                ("warnings", "Warnings of the record."),
            ] {
                c.must(name, Integer, doc);
            }
        }
        TableId::Project => {
            c.may("name", Text, "项目名称. `projects[].name`");
            c.may("code", Text, "项目编码. `projects[].code`");
            c.may("department", Text, "主管部门. `projects[].department`");
            c.may("implementer", Text, "实施单位. `projects[].implementer`");
            c.may(
                "goal_expected",
                Text,
                "年度总体目标, expected. `projects[].goal_expected`",
            );
            c.may("goal_actual", Text, "年度总体目标, reached. `projects[].goal_actual`");
            c.table("projects[].table");
            c.source("projects[].source");
        }
        TableId::ReportTable => {
            c.must("kind", Text, "What the table is. `tables[].kind`");
            c.may("title", Text, "Caption or merged title row. `tables[].title`");
            c.may("unit", Text, "Unit of money as stated. `tables[].unit`");
            c.must(
                "header_rows",
                Integer,
                "Rows of the first header. `tables[].header_rows`",
            );
            c.must("cells", Integer, "Number of cells.");
            c.may(
                "columns",
                Text,
                "JSON list of columns with index, header, role. `tables[].columns`",
            );
            c.may("reason", Text, "For kind `other`: what was missing. `tables[].reason`");
            c.may(
                "evidence",
                Text,
                "JSON list of the evidence of the recognition. `tables[].evidence`",
            );
            c.source("tables[].source");
        }
        TableId::Cell => {
            c.table("tables[].id");
            c.must("row", Integer, "First grid row, from 0. `tables[].cells[].row`");
            c.must("col", Integer, "First grid column, from 0. `tables[].cells[].col`");
            c.must("row_span", Integer, "Grid rows covered. `tables[].cells[].row_span`");
            c.must("col_span", Integer, "Grid columns covered. `tables[].cells[].col_span`");
            c.must("text", Text, "Text. `tables[].cells[].text`");
            c.place("", "tables[].cells[]");
        }
        TableId::BudgetLine => {
            c.must("line_id", Text, "The line: rows of one line share it. `budgets[].id`");
            c.table("budgets[].table");
            c.must("row", Integer, "Grid row of the line, from 0. `budgets[].row`");
            c.may("level1", Text, "Group (一级项目, else 项目名称). `budgets[].level1`");
            c.must("name", Text, "Line name. `budgets[].name`");
            c.must(
                "role",
                Text,
                "item, of_which, subtotal, total. Sum only `item`. `budgets[].role`",
            );
            c.may(
                "measure",
                Text,
                "Key of `budgets[].amounts`; null for a figure under a heading that no measure names.",
            );
            c.may("header", Text, "That heading. `budgets[].others[].header`");
            c.must("raw", Text, "The cell's text. `raw`");
            c.figure("value", "Its number as stated, in `unit`. `value`");
            c.may("unit", Text, "Unit as stated. `unit`");
            c.money("yuan", "The amount in 元. `yuan`");
            c.source("the figure's `source`");
        }
        TableId::Indicator => {
            c.table("indicators[].table");
            c.must("row", Integer, "Grid row, from 0. `indicators[].row`");
            c.may("project", Text, "Project that it belongs to. `indicators[].project`");
            c.may("level1", Text, "一级指标. `indicators[].level1`");
            c.may("level2", Text, "二级指标. `indicators[].level2`");
            c.must("name", Text, "Name (三级指标). `indicators[].name`");
            c.value("target", "年度指标值. `indicators[].target`");
            c.value("actual", "实际完成值. `indicators[].actual`");
            c.figure("weight", "分值. `indicators[].weight`");
            c.figure("score", "得分. `indicators[].score`");
            c.figure(
                "level1_weight",
                "Points of the whole level 1. `indicators[].level1_weight`",
            );
            c.may("deviation_reason", Text, "偏差原因. `indicators[].deviation_reason`");
            c.may(
                "met",
                Boolean,
                "Whether the actual reaches the target; null where it cannot be judged. `indicators[].met`",
            );
            c.source("indicators[].source");
        }
        TableId::Score => {
            c.may(
                "project",
                Text,
                "Project, where a file holds several forms. `scores[].project`",
            );
            c.must("kind", Text, "total, self, execution, section. `scores[].kind`");
            c.must("name", Text, "As the report calls it. `scores[].name`");
            c.figure("value", "Points. `scores[].value`");
            c.figure("full", "Points that could be reached. `scores[].full`");
            c.may("grade", Text, "优, 良, 中, 差 or the office's own. `scores[].grade`");
            c.may("table_id", Text, "Table of the form. `scores[].table`");
            c.source("scores[].source");
        }
        TableId::Statement => {
            c.must("raw", Text, "The clause that holds the figure. `statements[].raw`");
            c.must("kind", Text, "amount, rate, count, score. `statements[].kind`");
            c.may(
                "subject",
                Text,
                "The noun that the figure belongs to. `statements[].subject`",
            );
            c.must("qualifier", Text, "How it is stated. `statements[].qualifier`");
            c.figure("value", "The number, in `unit`. `statements[].value`");
            c.may("unit", Text, "Unit as written. `statements[].unit`");
            c.money("yuan", "The amount in 元. `statements[].yuan`");
            c.must(
                "start",
                Integer,
                "First character of the figure in `source_text`, from 0. `statements[].start`",
            );
            c.must("end", Integer, "One past its last character. `statements[].end`");
            c.source("statements[].source");
        }
        TableId::Check => {
            c.must("rule", Text, "Rule, as `heshu rules` lists it. `checks[].rule`");
            c.must("name", Text, "Its name. `checks[].name`");
            c.must("status", Text, "pass, rounding, fail, insufficient. `checks[].status`");
            c.must("severity", Text, "error, warning, info. `checks[].severity`");
            c.must("message", Text, "For the reader. `checks[].message`");
            c.may(
                "stated",
                Text,
                "What the report states: a plain decimal, or words. `checks[].stated`",
            );
            c.may("computed", Text, "What follows from the operands. `checks[].computed`");
            c.figure("difference", "Stated less computed. `checks[].difference`");
            c.figure("tolerance", "What rounding allows. `checks[].tolerance`");
            c.may("unit", Text, "Unit of the figures. `checks[].unit`");
            c.may(
                "operands",
                Text,
                "JSON list of the sources of every figure that took part. `checks[].operands`",
            );
            c.source("the first operand");
        }
        TableId::Warning => {
            c.must("code", Text, "Stable code. `warnings[].code`");
            c.must("message", Text, "For the reader. `warnings[].message`");
            c.source("warnings[].source");
        }
    }
}

struct Columns(Vec<ColumnSpec>);

impl Columns {
    fn add(&mut self, name: impl Into<String>, kind: ColumnType, nullable: bool, doc: impl Into<String>) {
        self.0.push(ColumnSpec {
            name: name.into(),
            kind,
            nullable,
            doc: doc.into(),
        });
    }

    fn must(&mut self, name: &str, kind: ColumnType, doc: &str) {
        self.add(name, kind, false, doc);
    }

    fn may(&mut self, name: &str, kind: ColumnType, doc: &str) {
        self.add(name, kind, true, doc);
    }

    fn table(&mut self, field: &str) {
        self.must(
            "table_id",
            Text,
            &format!("Table of the report (`report_table.row_id`); empty where there is none. `{field}`"),
        );
    }

    fn figure(&mut self, name: &str, doc: &str) {
        self.may(name, Decimal, doc);
        self.add(
            format!("{name}_text"),
            Text,
            true,
            format!("`{name}` exactly as the record writes it, decimals kept."),
        );
    }

    fn money(&mut self, name: &str, doc: &str) {
        self.may(name, Money, doc);
        self.add(
            format!("{name}_text"),
            Text,
            true,
            format!("`{name}` exactly, also where it has parts of a 分."),
        );
    }

    fn value(&mut self, name: &str, doc: &str) {
        self.add(format!("{name}_raw"), Text, true, format!("The cell's text. {doc}"));
        self.add(
            format!("{name}_kind"),
            Text,
            true,
            "exact, at_least, more_than, at_most, less_than, range, approximate, date, qualitative, compound, empty.",
        );
        self.figure(&format!("{name}_value"), "The number, in the unit beside it.");
        self.figure(&format!("{name}_low"), "Lower bound of a range.");
        self.figure(&format!("{name}_high"), "Upper bound of a range.");
        self.add(format!("{name}_unit"), Text, true, "Unit as written.");
        self.add(
            format!("{name}_date"),
            Text,
            true,
            "For kind date: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.",
        );
        self.add(
            format!("{name}_parts"),
            Text,
            true,
            "JSON list of the values of kind compound.",
        );
        self.add(format!("{name}_page"), Integer, true, "Page of the cell.");
        self.add(format!("{name}_row"), Integer, true, "Grid row of the cell.");
        self.add(format!("{name}_col"), Integer, true, "Grid column of the cell.");
    }

    fn place(&mut self, prefix: &str, field: &str) {
        let edge = "Box on the page in PDF points, origin top left:";
        self.add(
            format!("{prefix}page"),
            Integer,
            true,
            format!("Page, from 1, for formats with pages. {field}"),
        );
        for (name, what) in [("x0", "left"), ("y0", "top"), ("x1", "right"), ("y1", "bottom")] {
            self.add(
                format!("{prefix}{name}"),
                Coordinate,
                true,
                format!("{edge} {what} edge."),
            );
        }
        self.add(
            format!("{prefix}continued"),
            Text,
            true,
            "JSON list of further pages and boxes, where a page cuts the cell or sentence.",
        );
    }

    fn source(&mut self, field: &str) {
        self.place("source_", field);
        self.may(
            "source_block",
            Integer,
            "Ordinal of the paragraph or table in reading order, from 0.",
        );
        self.may("source_table", Text, "Table id of the cell.");
        self.may("source_row", Integer, "Grid row of the cell, from 0.");
        self.may("source_col", Integer, "Grid column of the cell, from 0.");
        self.may("source_text", Text, "The cell's or the sentence's text.");
    }
}

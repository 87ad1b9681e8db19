//! The data dictionary: the tables as a page to read.

use super::{ColumnType, FIGURE, MONEY, SCHEMA_VERSION, tables};
use std::fmt::Write;

const HEAD: &str = "\
# Data dictionary

The flat tables of `heshu extract --format csv,parquet` and of `heshu load`. This page is printed by `heshu schema --tables`.

- Key: `document_sha256`, `row_id`. Reading the same bytes again gives the same keys and the same rows.
- Figures are exact. A typed column holds a number only if it fits without rounding; the `_text` column beside it always holds
  the number as the record writes it, with the decimals of the report. `yuan` is money in 元; the unit that the report states is
  in `unit`, and the text of the cell in `raw`.
- Null says that the report has no such thing or that it could not be read; `warning` tells the second case. It is never zero.
- Rows, columns and blocks count from 0, pages from 1.
- Sum only lines of role `item`: `of_which`, `subtotal` and `total` repeat them.
- In Parquet, `fiscal_year` is the partition (`fiscal_year=2022/`, `fiscal_year=__HIVE_DEFAULT_PARTITION__/` where none is stated) and
  stands in no file. Read with `hive_partitioning`.
- In CSV, null and the empty text are both empty. Texts that a spreadsheet would take for a formula (they begin with = + - @, a tab
  or an apostrophe) have one apostrophe more at their beginning: take one leading apostrophe away to have the text of the record.
- In PostgreSQL, `check` is a reserved word: write `\"check\"`, or use the view `checks`.

```sql
-- What was spent, by report: every figure, as stated and in 元
select d.organization, b.name, b.raw, b.unit, b.yuan
from budget_line b join document d using (document_sha256)
where b.measure = 'actual' and b.role = 'total';

-- What does not agree, the gravest first, with its place
select d.path, c.rule, c.message, c.source_page, c.source_table, c.source_row, c.source_col
from \"check\" c join document d using (document_sha256)
where c.status = 'fail' order by c.severity, d.path;

-- Indicators below their target
select d.organization, i.level1, i.name, i.target_raw, i.actual_raw, i.deviation_reason
from indicator i join document d using (document_sha256) where i.met = false;

-- DuckDB over the Parquet files
select * from read_parquet('out/parquet/budget_line/*/*.parquet', hive_partitioning = true) where fiscal_year = 2022;
```
";

/// The page, in Markdown.
pub fn dictionary() -> String {
    let mut text = HEAD.to_owned();
    // Writing to a string never fails.
    let _ = write!(text, "\nVersion of the tables: {SCHEMA_VERSION}.\n");
    for table in tables() {
        let _ = write!(text, "\n## {}\n\n{}\n\n", table.name, table.doc);
        text.push_str("| column | type | null | meaning, field of the record |\n|---|---|---|---|\n");
        for column in &table.columns {
            let null = if column.nullable { "yes" } else { "" };
            let kind = type_name(column.kind);
            let _ = writeln!(text, "| {} | {kind} | {null} | {} |", column.name, column.doc);
        }
    }
    text
}

fn type_name(kind: ColumnType) -> String {
    let decimal = |(digits, scale): (u8, i8)| format!("decimal({digits},{scale})");
    match kind {
        ColumnType::Text => "text".to_owned(),
        ColumnType::Integer => "bigint".to_owned(),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Money => decimal(MONEY),
        ColumnType::Decimal => decimal(FIGURE),
        ColumnType::Coordinate => "double".to_owned(),
    }
}

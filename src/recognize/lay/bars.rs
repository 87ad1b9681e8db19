//! Rows of cells that bars end, `项目 | 预算数 | 决算数 |`, as programs write out the tables of pages.
//!
//! A cell that another covers is left out, so a row may be shorter than the table is wide: `short` finds where its cells stand.

use super::bar_rows::rows;
use super::flat::Flat;
use super::short;
use super::short_heads::Row;
use crate::model::RawCell;
use crate::pattern::wording::Words;
use crate::text::lines::Line;

/// Reads the rows that start at a line, or `None` when it starts none.
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    let (rows, next) = rows(lines, start)?;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    if rows.len() < 2 || width < 2 {
        return None;
    }
    // Nothing is left out: an empty cell left of the names is one that the cell above covers.
    if rows.iter().all(|row| row.cells.len() == width && row.pads == 0) {
        let row = |row: &Row| row.cells.iter().map(|text| RawCell::new(text)).collect();
        return Some(Flat {
            rows: rows.iter().map(row).collect(),
            orphans: Vec::new(),
            next,
        });
    }
    let (rows, orphans) = short::read(rows, words);
    Some(Flat { rows, orphans, next })
}

#[cfg(test)]
mod tests {
    use crate::model::{Block, Cell, Table};
    use crate::pattern::Patterns;

    fn read(text: &str) -> (Vec<Table>, Vec<String>) {
        let patterns = Patterns::builtin().unwrap();
        let read = crate::ingest::txt::read(text.as_bytes(), &patterns).unwrap();
        let document = crate::recognize::lay::lay(read, &patterns);
        let warnings = document.warnings.iter().map(|w| w.message.clone()).collect();
        let tables = document.blocks.into_iter().filter_map(|b| match b {
            Block::Table(table) => Some(table),
            _ => None,
        });
        (tables.collect(), warnings)
    }

    /// Rows as `col+row_span×col_span:text`, plain cells by their text.
    fn shown(table: &Table) -> Vec<String> {
        let cell = |c: &Cell| match (c.row_span, c.col_span) {
            (1, 1) => c.text.clone(),
            (rows, cols) => format!("{rows}×{cols}:{}", c.text),
        };
        let row = |r| {
            table
                .cells()
                .iter()
                .filter(|c| c.row == r)
                .map(cell)
                .collect::<Vec<_>>()
                .join("|")
        };
        (0..table.rows()).map(row).collect()
    }

    #[test]
    fn headings_of_four_rows() {
        let (tables, warnings) = read(
            "一般公共预算财政拨款“三公”经费 | 机关运行 经费决算数 |\n\
             合计 | 因公出国 （境）费 | 公务用车购置及运行费 | 公务接待费 |\n\
             小计 | 公务用车 购置费 | 公务用车 运行费 |\n\
             预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 |\n\
             22.00 | 8.77 |  |  | 14.00 | 8.47 |  |  | 14.00 | 8.47 | 8.00 | 0.30 | 325.88 |\n",
        );
        assert_eq!(
            shown(&tables[0])[..3],
            [
                "1×12:一般公共预算财政拨款“三公”经费|4×1:机关运行 经费决算数",
                "2×2:合计|2×2:因公出国 （境）费|1×6:公务用车购置及运行费|2×2:公务接待费",
                "1×2:小计|1×2:公务用车 购置费|1×2:公务用车 运行费",
            ]
        );
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn a_form_from_which_covered_cells_are_missing() {
        let (tables, warnings) = read(
            "项目名称 | 共享工程 |\n主管部门 | 文化局 | 实施单位 | 图书馆 |\n\
             绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 得分 |\n\
             产出指标 （40分） | 数量指标 | 存储设备 | 25TB | 25TB | 10 |\n\
             网络覆盖 | 100%覆盖 | 100%覆盖 |\n\
             质量指标 | 资源新 | 当年为主 | 当年为主 | 10 |\n\
             满意度指标 | 读者 | 读者满意度 | ≥95% | ≥95% | 10 |\n\
             总分 | 100 |\n改进措施 | 无 |\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&tables[0])[2..],
            [
                "5×1:绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|得分",
                "3×1:产出指标 （40分）|2×1:数量指标|存储设备|25TB|25TB|10",
                "网络覆盖|100%覆盖|100%覆盖|",
                "质量指标|资源新|当年为主|当年为主|10",
                "满意度指标|读者|读者满意度|≥95%|≥95%|10",
                "总分|1×6:100",
                "改进措施|1×6:无",
            ]
        );
    }

    /// As programs write out pages: covered and empty cells left out, each row filled up with bars.
    #[test]
    fn rows_filled_up_with_bars() {
        let (tables, warnings) = read(
            "预算执行情况(10分) | 年度预算数(万元) | 年初预算 | 调整后预算数 | 预算执行数 | 预算执行率 | 权重 | 得分 | 原因 | ||\n\
             总额 | 0.00 | 3.36 | 3.36 | 100.00% | 10 | 10 | 年中追加 | |||\n\
             其中:财政资金 | 0.00 | 3.36 | 3.36 | 100.00% | / | / | ||||\n\
             其他资金 | / | / | ||||||||\n\
             绩效指标(90分) | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析 |\n\
             产出指标 | 质量指标 | 设备验收合格率 | = | 100 | % | 100 | 40 | 40 | ||\n\
             合计 | 100 | |||||||||\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&tables[0])[1..],
            [
                "总额|0.00|3.36|3.36|100.00%|10|10|年中追加",
                // Which of two empty cells holds a dash changes nothing.
                "其中:财政资金|0.00|3.36|3.36|100.00%|/||/",
                "其他资金|/|/|||||",
                "2×1:绩效指标(90分)|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析",
                "产出指标|质量指标|设备验收合格率|=|100|%|100|40|40|",
                "合计|1×10:100",
            ]
        );
    }

    /// Rows with bars at both ends that run over lines, and a heading row that divides two headings of the one above.
    #[test]
    fn divided_headings_with_a_column_that_every_row_leaves_empty() {
        let (tables, warnings) = read(
            "| 项目名称 |\n执法补助 |\n|||||||||\n\
             | 绩效指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 | |||||\n\
             |\n一级 指标 |\n二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | |||||\n\
             | 产出指标 | 数量指标 | 检查次数 | ﹦ | 12 | 次 | 13 | 50.00 | 49.00 | ||\n\
             | 质量指标 | 合格率 | ﹦ | 100 | % | 100 | 40 | 39 | |||\n\
             | 总分 | 100 | 88 | ||||||||\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&tables[0])[1..],
            [
                "1×3:绩效指标|1×3:年度指标值|2×1:实际完成值|2×1:分值|2×1:得分|2×1:偏差原因分析及改进措施",
                "一级 指标|二级指标|三级指标|指标性质|指标值|度量单位",
                "2×1:产出指标|数量指标|检查次数|﹦|12|次|13|50.00|49.00|",
                "质量指标|合格率|﹦|100|%|100|40|39|",
                "1×7:总分|100|1×2:88",
            ]
        );
    }

    #[test]
    fn labels_without_indicators_stay_in_their_groups() {
        let (tables, warnings) = read(
            "绩效指标 | 一级 指标 |\n二级指标 | 三级指标 | 分值 | 年度指标值 | 全年实际值 | 得分 | 未完成原因 | ||\n\
             产出指标 (50分) |\n数量指标 | 补助面积 | 20 | 29.5亩 | 29.5亩 | 20 | ||||\n其中桃树 | 1.5亩 | 1.5亩 | ||||||||\n\
             质量指标 | ||||||||||\n成活率 | 5 | 95% | 96% | 5 | ||||||\n\
             效益指标 (30分) |\n经济效益 指标 |\n|||||||||\n受益农户 | 25 | ≥12户 | 12户 | 25 | ||||||\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&tables[0]),
            [
                "7×1:绩效指标|一级 指标|二级指标|三级指标|分值|年度指标值|全年实际值|得分|未完成原因",
                "4×1:产出指标 (50分)|2×1:数量指标|补助面积|20|29.5亩|29.5亩|20|",
                "其中桃树||1.5亩|1.5亩||",
                "2×1:质量指标||||||",
                "成活率|5|95%|96%|5|",
                "2×1:效益指标 (30分)|2×1:经济效益 指标||||||",
                "受益农户|25|≥12户|12户|25|",
            ]
        );
    }

    #[test]
    fn groups_and_their_points_are_covered_together() {
        let (tables, warnings) = read(
            "一级指标 | 分值 | 二级指标 | 分值 | 三级指标 | 分值 | 得分 |\n部门决策 | 25 | 目标任务 | 15 | 目标相关性 | 5 | 5 |\n\
             目标明确性 | 10 | 9 |\n预算编制 | 10 | 测算依据 | 10 | 7 |\n合计 | 100 | 90 |\n",
        );
        assert!(warnings.is_empty(), "{warnings:?}");
        assert_eq!(
            shown(&tables[0])[1..],
            [
                "3×1:部门决策|3×1:25|2×1:目标任务|2×1:15|目标相关性|5|5",
                "目标明确性|10|9",
                "预算编制|10|测算依据|10|7",
                "合计|||||100|90",
            ]
        );
    }

    #[test]
    fn figures_below_headings_that_are_not_understood_are_said_and_not_placed() {
        let (tables, warnings) = read(
            "“三公”经费 | 机关运行 经费决算数 | |||||||||||\n合计 | 出国 费 | 购置及运行费 | 公务接待费 | |||||||||\n\
             小计 | 购置费 | 运行费 | ||||||||||\n\
             预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 325.88 |\n\
             22.00 | 8.77 | 14.00 | 8.47 | 14.00 | 8.47 | 8.00 | 0.30 |\n",
        );
        assert!(shown(&tables[0]).iter().all(|row| !row.contains("8.77")));
        assert!(warnings.iter().any(|w| w.contains("22.00 | 8.77")), "{warnings:?}");
    }

    #[test]
    fn a_row_that_may_stand_in_two_places_is_said_and_not_placed() {
        let (tables, warnings) = read(
            "项目 | 预算数 | 决算数 | 上年决算数 |\n甲项目 | 10 | 9 | 8 |\n乙项目 | 7 | 6 |\n丙项目 | 5 | 4 | 3 |\n",
        );
        // Any of the three amounts may be the one that was left out.
        assert_eq!(
            shown(&tables[0]),
            ["项目|预算数|决算数|上年决算数", "甲项目|10|9|8", "丙项目|5|4|3"]
        );
        assert!(warnings.iter().any(|w| w.contains("乙项目 | 7 | 6")), "{warnings:?}");
    }

    #[test]
    fn a_cell_may_run_over_lines_and_bars_may_only_part_cells() {
        let (tables, _) = read("项目 | 预算数 | 决算数 |\n甲 | 10\n（调整后） | 9 |\n乙 | 7 | 6 |\n");
        assert_eq!(
            shown(&tables[0]),
            ["项目|预算数|决算数", "甲|10\n（调整后）|9", "乙|7|6"]
        );
        let (tables, _) = read("项目 | 预算数 | 决算数\n甲 | 10 | 9\n乙 | 7 | \n");
        assert_eq!(shown(&tables[0]), ["项目|预算数|决算数", "甲|10|9", "乙|7|"]);
        let (tables, _) = read("项目 | 预算数 | 决算数 |\n\n甲 | 10 | 9 |\n\n乙 | 7 |  |\n\n说明\n");
        assert_eq!(shown(&tables[0]), ["项目|预算数|决算数", "甲|10|9", "乙|7|"]);
        let (tables, _) = read("首页 | 公开\n当前位置：首页 | 决算\n");
        assert!(tables.is_empty());
    }
}

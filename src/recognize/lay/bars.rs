//! Rows of cells that bars end, `项目 | 预算数 | 决算数 |`, as programs write out the tables of pages.
//!
//! A cell that another covers is left out, so a row may be shorter than the table is wide: the headings tell where its
//! cells stand, and a row that may stand in two places is not placed.

use super::bar_columns::{Grid, columns, tokens, whole};
use super::bar_rows::{Row, rows};
use super::flat::{Flat, solid};
use super::heading_tree::{self, Below, Heading};
use super::place::{self, Group, Part};
use crate::model::ColumnRole;
use crate::model::Orphan;
use crate::model::{RawCell, RawRow};
use crate::pattern::label::Label;
use crate::pattern::token::{self, Kind};
use crate::pattern::words::{Words, labels_second};
use crate::text::lines::{Line, is_heading};

/// Most rows of headings.
const MOST_HEADINGS: usize = 5;
/// Longest text of a heading, in characters.
const LONGEST_HEADING: usize = 40;

/// Reads the rows that start at a line, or `None` when it starts none.
pub(super) fn read(lines: &[Line<'_>], start: usize, words: &Words<'_>) -> Option<Flat> {
    let (mut rows, next) = rows(lines, start)?;
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
    for row in &mut rows {
        let known = is_header(&row.cells, words);
        row.may_head = may_head(&row.cells, known, words);
        row.header = row.may_head && known;
    }
    let mut form = Form {
        words,
        filled_up: rows.iter().any(|row| row.pads > 1),
        width,
        grid: None,
        unknown: false,
        rows: Vec::new(),
        orphans: Vec::new(),
    };
    let mut at = 0;
    while at < rows.len() {
        at += match form.headings(&rows[at..]) {
            Some(taken) => taken,
            None => {
                form.row(&rows[at]);
                1
            }
        };
    }
    Some(Flat {
        rows: form.rows,
        orphans: form.orphans,
        next,
    })
}

/// Whether a row's cells are headings: most of them known, or three of many (one column for each village).
fn is_header(cells: &[String], words: &Words<'_>) -> bool {
    let known = cells.iter().filter(|text| words.role(text).is_some()).count();
    known >= 3 || words.header(cells.iter().map(String::as_str)).is_some()
}

/// Whether a row can be one of headings; `known` when its cells are.
fn may_head(cells: &[String], known: bool, words: &Words<'_>) -> bool {
    let label = match words.label(&cells[0]) {
        Some(Label::Head | Label::Goal | Label::GoalColumn | Label::FundingRow | Label::Closing) => true,
        // 合计 is also the first of several headings.
        Some(Label::Total) => cells.len() < 3 || cells.iter().any(String::is_empty),
        _ => false,
    };
    let wording = |text: &String| {
        let figure = matches!(token::kind(text, words), Kind::Number | Kind::Percent | Kind::Value);
        !figure && text.chars().count() <= LONGEST_HEADING && !text.contains(['：', ':'])
    };
    (known || !label) && cells.iter().all(wording)
}

struct Form<'a> {
    words: &'a Words<'a>,
    /// Bars fill up rows; where none has several, one may also end an empty cell.
    filled_up: bool,
    /// Cells of the longest row.
    width: usize,
    grid: Option<Grid>,
    /// The headings above are not understood: nothing says in which columns figures stand.
    unknown: bool,
    rows: Vec<RawRow>,
    orphans: Vec<Orphan>,
}

impl Form<'_> {
    /// Takes in the heading rows at the start of `rows`; how many they are.
    fn headings(&mut self, rows: &[Row]) -> Option<usize> {
        let worded = rows
            .iter()
            .take(MOST_HEADINGS + 1)
            .take_while(|row| row.may_head)
            .count();
        if worded == 0 || rows[0].cells.len() < 2 {
            return None;
        }
        for count in (1..=worded.min(MOST_HEADINGS)).rev() {
            // Headings below headings divide them: without them these say nothing of the columns.
            let divided = rows.get(count).is_some_and(|row| row.header);
            if !rows[count - 1].header || divided {
                continue;
            }
            let below = &rows[count..];
            let section = below.iter().take_while(|row| !row.header).count();
            if let Some(grid) = self.grid_over(&rows[..count], &below[..section]) {
                self.grid = Some(grid);
                self.unknown = false;
                return Some(count);
            }
        }
        let unsolved = rows.iter().take_while(|row| row.header).count();
        if unsolved > 1 {
            let as_written = |row: &Row| row.cells.iter().map(|text| solid(text)).collect();
            self.rows.extend(rows[..unsolved].iter().map(as_written));
            self.grid = None;
            self.unknown = true;
            return Some(unsolved);
        }
        None
    }

    /// The grid of heading rows and the rows `under` them; the headings are taken in.
    fn grid_over(&mut self, rows: &[Row], under: &[Row]) -> Option<Grid> {
        let mut width = under
            .iter()
            .map(|row| row.cells.len())
            .max()
            .unwrap_or(rows[0].cells.len());
        let texts: Vec<Vec<String>> = rows.iter().map(|row| row.cells.clone()).collect();
        let own = texts[0].len();
        let headings: Vec<Heading> = if let [row] = texts.as_slice() {
            if own < width {
                return self.wide_name(row, width);
            }
            let place = |(col, text): (usize, &String)| Heading {
                row: 0,
                col,
                cols: 1,
                text: text.clone(),
            };
            row.iter().enumerate().map(place).collect()
        } else {
            // The last column may be one that every row leaves empty.
            let widths = width..=width + usize::from(self.filled_up);
            let solved = widths.map(|width| {
                let whole: Vec<&Row> = under.iter().filter(|row| row.cells.len() == width).collect();
                let below: Vec<Below> = (0..width).map(|column| self.below(&whole, column)).collect();
                heading_tree::solve(&texts, &below, self.words).map(|headings| (headings, width))
            });
            let (headings, solved) = solved.flatten().next()?;
            width = solved;
            headings
        };
        let width = width.max(own);
        let block = heading_tree::block(&headings, texts.len(), width);
        self.rows.extend(block);
        Some(self.grid(&heading_tree::leaves(&headings, width)))
    }

    /// What stands in a column of whole rows.
    fn below(&self, rows: &[&Row], column: usize) -> Below {
        let kinds = rows.iter().map(|row| token::kind(&row.cells[column], self.words));
        kinds.fold(Below::Unknown, |below, kind| match kind {
            Kind::Number | Kind::Percent | Kind::Value => Below::Figures,
            Kind::Dash => below,
            _ if below == Below::Figures => below,
            _ => Below::Words,
        })
    }

    /// One row of headings narrower than the rows below it: the heading of names reaches over the groups, too.
    fn wide_name(&mut self, row: &[String], width: usize) -> Option<Grid> {
        let mut grid = self.grid(row);
        if grid.parts[grid.name] != Part::Name {
            return None;
        }
        for _ in row.len()..width {
            grid.parts.insert(grid.name, Part::Group(Group::Free));
            grid.name += 1;
        }
        self.rows.push(row.iter().map(|text| solid(text)).collect());
        Some(grid)
    }

    fn grid(&self, leaves: &[String]) -> Grid {
        let texts: Vec<&str> = leaves.iter().map(String::as_str).collect();
        let roles = self.words.header(texts.iter().copied());
        let mut roles: Vec<Option<ColumnRole>> =
            roles.unwrap_or_else(|| texts.iter().map(|text| self.words.role(text)).collect());
        if labels_second(&roles) {
            roles[1] = None;
        }
        let parts = place::parts(&roles, &texts, self.words);
        Grid {
            name: parts.iter().position(|part| *part == Part::Name).unwrap_or(0),
            side: matches!(
                self.words.label(texts[0]),
                Some(Label::Side | Label::FundingHead | Label::Goal)
            ),
            points: roles
                .iter()
                .any(|r| matches!(r, Some(ColumnRole::Score | ColumnRole::Weight))),
            parts,
            closed: false,
            lost: false,
        }
    }

    /// Takes in a row that is no heading.
    fn row(&mut self, row: &Row) {
        let as_written = || row.cells.iter().map(|text| solid(text)).collect();
        let label = self.words.label(&row.cells[0]);
        let Some(grid) = &mut self.grid else {
            let figure = |text: &String| token::kind(text, self.words).is_value();
            let adrift = match label {
                Some(Label::Head | Label::Goal | Label::GoalColumn | Label::Closing) => false,
                _ if self.unknown => row.cells.iter().any(figure),
                // Figures side by side need columns; 预算数 | 5.8万 | 执行率 | 100% does not.
                _ => row.cells.len() < self.width && row.cells.windows(2).any(|pair| pair.iter().all(figure)),
            };
            self.unknown &= label != Some(Label::Head);
            if adrift {
                self.orphan(row, true);
            } else {
                self.rows.push(as_written());
            }
            return;
        };
        let shorter = row.cells.len() < grid.parts.len();
        let own_shape = match label {
            Some(Label::Head | Label::Goal | Label::GoalColumn | Label::Closing) => true,
            Some(Label::Total) => grid.points,
            _ => false,
        };
        let note = row.cells.len() == 1 && is_note(&row.cells[0]);
        let worded = |text: &String| !token::kind(text, self.words).is_value();
        let after = grid.closed && row.cells.len() == 2 && row.cells.iter().all(worded);
        grid.closed |= label == Some(Label::Total) && grid.points;
        if shorter && (own_shape || note || after) {
            if label == Some(Label::Head) {
                self.grid = None;
            }
            self.rows.push(as_written());
            return;
        }
        let tokens = tokens(&row.cells, self.words);
        let first_group = grid.parts.iter().position(|part| matches!(part, Part::Group(_)));
        let known = |columns: &Vec<usize>| !grid.lost || first_group.is_none_or(|group| columns.contains(&group));
        let open = row.pads == 1 && !self.filled_up && whole(&tokens, grid);
        let columns = match open {
            true => Some((0..tokens.len()).collect()),
            false => columns(&tokens, grid).filter(known),
        };
        match columns {
            Some(columns) => {
                grid.lost = false;
                let mut placed: RawRow = vec![RawCell::new(""); grid.parts.len()];
                for (column, text) in columns.into_iter().zip(&row.cells) {
                    placed[column] = solid(text);
                }
                self.rows.push(placed);
            }
            None => {
                grid.lost = true;
                self.orphan(row, tokens.iter().any(|t| t.kind.is_value()));
            }
        }
    }

    /// A row that nothing puts into columns.
    fn orphan(&mut self, row: &Row, figures: bool) {
        self.orphans.push(Orphan {
            text: row.cells.join(" | "),
            figures,
            line: row.line,
        });
    }
}

/// Whether a text over the whole width is no name: a heading, the title of the next form, a sentence.
fn is_note(text: &str) -> bool {
    let title = text.contains("自评表") || text.ends_with('表') || text.contains("年度）") || text.contains("年度)");
    is_heading(text) || title || text.ends_with('。')
}

#[cfg(test)]
mod tests {
    use crate::model::{Block, Cell, Table};
    use crate::pattern::Patterns;

    fn read(text: &str) -> (Vec<Table>, Vec<String>) {
        let document = crate::ingest::txt::read(text.as_bytes(), &Patterns::builtin().unwrap()).unwrap();
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
                "合计|1×5:100|90",
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

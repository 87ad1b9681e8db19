//! Recognition of forms: small tables of each shape, and the facts that they must give.

use heshu::model::{Block, Cell, Document, DocumentInfo, Format, Paragraph, Report, Table};
use heshu::pattern::Patterns;

/// A table from rows of cells `text`, `text<N` (N columns wide), `text^N` (N rows high).
pub fn table(rows: &[&str]) -> Table {
    let mut cells: Vec<Cell> = Vec::new();
    let mut taken: Vec<Vec<bool>> = vec![Vec::new(); rows.len() + 20];
    let mut width = 0;
    for (r, row) in rows.iter().enumerate() {
        let mut col = 0;
        for text in row.split('|') {
            while taken[r].get(col) == Some(&true) {
                col += 1;
            }
            let (mut text, mut high, mut wide) = (text, 1, 1);
            while let Some(at) = text.rfind(['^', '<']) {
                let Ok(n) = text[at + 1..].parse::<usize>() else { break };
                if text[at..].starts_with('^') {
                    high = n
                } else {
                    wide = n
                }
                text = &text[..at];
            }
            for line in taken.iter_mut().skip(r).take(high) {
                line.resize(line.len().max(col + wide), false);
                line[col..col + wide].fill(true);
            }
            cells.push(Cell::new(r, col, text).spanning(high, wide));
            col += wide;
            width = width.max(col);
        }
    }
    Table::filled(rows.len(), width, cells).expect("the rows of a test tile")
}

/// The record of a document with these paragraphs before the table.
pub fn record(paragraphs: &[&str], rows: &[&str]) -> Report {
    let mut document = Document::new(Format::Docx);
    document
        .blocks
        .extend(paragraphs.iter().map(|p| Block::Paragraph(Paragraph::body(*p))));
    document.blocks.push(Block::Table(table(rows)));
    let patterns = Patterns::builtin().unwrap();
    let tables = heshu::recognize::recognize(&document, &patterns);
    let info = DocumentInfo {
        sha256: String::new(),
        path: String::new(),
        format: Format::Docx,
        bytes: 0,
        pages: None,
        extractor: String::new(),
    };
    heshu::normalize::assemble(&document, &tables, info, &patterns)
}

/// Facts of a record, one a line, short enough to be read.
pub fn facts(report: &Report) -> String {
    let mut out = String::new();
    for table in &report.tables {
        out += &format!(
            "{} {} unit={}\n",
            table.id,
            table.kind.name(),
            table.unit.as_deref().unwrap_or("-")
        );
    }
    for project in &report.projects {
        let show = |v: &Option<String>| v.clone().unwrap_or("-".into());
        out += &format!(
            "P {} / {} / {} / {} / {}\n",
            show(&project.name),
            show(&project.department),
            show(&project.implementer),
            show(&project.goal_expected),
            show(&project.goal_actual)
        );
    }
    for line in &report.budgets {
        let amounts: Vec<String> = line
            .amounts
            .iter()
            .map(|(m, a)| format!("{}={}", m.name(), a.value.map_or("?".into(), |v| v.to_string())))
            .chain(
                line.others
                    .iter()
                    .map(|o| format!("{}={}", o.header, o.value.map_or("?".into(), |v| v.to_string()))),
            )
            .collect();
        let level = line.level1.as_deref().unwrap_or("-");
        out += &format!(
            "B {} [{}] {} {}\n",
            line.name,
            line.role.name(),
            level,
            amounts.join(" ")
        );
    }
    for i in &report.indicators {
        let raw = |v: &Option<heshu::model::Value>| v.as_ref().map_or("-".into(), |v| v.raw.clone());
        let number = |v: Option<heshu::model::Exact>| v.map_or("-".into(), |v| v.to_string());
        out += &format!(
            "I {}>{}>{} {} -> {} {}/{} {}\n",
            i.level1.as_deref().unwrap_or("-"),
            i.level2.as_deref().unwrap_or("-"),
            i.name,
            raw(&i.target),
            raw(&i.actual),
            number(i.score),
            number(i.weight),
            i.deviation_reason.as_deref().unwrap_or("-"),
        );
    }
    for s in &report.scores {
        let number = |v: Option<heshu::model::Exact>| v.map_or("-".into(), |v| v.to_string());
        out += &format!(
            "S {} {} {}/{} {}\n",
            s.kind.name(),
            s.name,
            number(s.value),
            number(s.full),
            s.grade.as_deref().unwrap_or("-")
        );
    }
    for w in &report.warnings {
        out += &format!("W {} {}\n", w.code, w.message);
    }
    out
}

/// F2: sign, value and unit in three columns; head with code; funding rows with 权重 and 得分.
#[test]
fn form_with_sign_value_and_unit_in_columns() {
    let report = record(
        &["部门预算项目支出绩效自评表（2023年度）"],
        &[
            "项目名称<2|51000021T000000000001-道路养护经费<9",
            "主管部门<2|县交通局<4|实施单位<2|县公路站<3",
            "项目资金（万元）^4<2|年度资金<2|年初预算|调整后预算数|预算执行数|预算执行率|权重|得分|原因",
            "总额<2|120.00|118.50|118.50|100.00%|10|10|",
            "其中：财政资金<2|120.00|118.50|118.50|100.00%|/|/|",
            "单位资金<2|||||/|/|",
            "绩效指标^4|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析",
            "产出指标^2|数量指标|养护里程|≥|35|公里|36|30|30|",
            "质量指标|验收合格率|＝|100|%|100|30|30|",
            "效益指标|社会效益指标|出行条件|定性|改善|||30|28|公示不足",
            "合计<8|100|98|",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// F3: points stand in the headings of two goals.
#[test]
fn form_with_points_in_headings() {
    let report = record(
        &["2020年度项目自评表"],
        &[
            "项目名称|公共文化服务<6",
            "主管部门|县文旅局<2|项目实施单位<2|县文化馆<2",
            "预算执行情况（万元）（20分）^2<2|预算数（A）|执行数（B）|执行率（B/A）|得分（20分*执行率）<2",
            "30|27|90%|18<2",
            "年度绩效目标1（40分）^3|一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分",
            "产出指标^2|数量指标|免费开放场次|≥12场|14场|20",
            "质量指标|观众满意|≥90%|92%|20",
            "年度绩效目标2（40分）^2|一级指标|二级指标|三级指标|年初目标值（A）|实际完成值（B）|得分",
            "效益指标|社会效益指标|服务人次|2000人次|1800人次|36",
            "总分<6|94",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// F4: no points; goals beside the label; 中央 and 地方 funds.
#[test]
fn transfer_payment_without_points() {
    let report = record(
        &["附件2", "中央对地方转移支付区域绩效自评表", "（2022年度）"],
        &[
            "转移支付（项目）名称<2|农村公路补助资金<5",
            "中央主管部门<2|交通运输部<5",
            "地方主管部门<2|省交通厅<2|资金使用单位|各市县<2",
            "资金投入情况（万元）^4<2||全年预算数（A）|全年执行数（B）|预算执行率（B/A×100%）<2",
            "年度资金总额：|5600|5320|95.00%<2",
            "其中：中央财政资金|5000|4800|96.00%<2",
            "地方资金|600|520|86.67%<2",
            "总体目标完成情况^2|总体目标<3|全年实际完成情况<3",
            "改造农村公路300公里。<3|已改造310公里。<3",
            "绩效指标^3|一级指标|二级指标|三级指标|指标值|全年实际完成值|未完成原因和改进措施",
            "产出指标^2|数量指标|改造里程|≥300公里|310公里|",
            "时效指标|按期开工率|100%|95%|雨季影响",
            "说明|无<6",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Two forms one after the other in one table; 总分 after each grid.
#[test]
fn two_forms_in_one_table() {
    let report = record(
        &[],
        &[
            "项目名称|甲项目<5",
            "一级指标|二级指标|三级指标|年度指标值|实际完成值|得分",
            "产出指标|数量指标|培训人数|100人|120人|10",
            "总分<5|92",
            "项目名称|乙项目<5",
            "一级指标|二级指标|三级指标|年度指标值|实际完成值|得分",
            "产出指标|数量指标|检查次数|4次|3次|6",
            "总分<5|88",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Funding labels as rows instead of columns.
#[test]
fn funding_labels_as_rows() {
    let report = record(
        &["单位：万元"],
        &[
            "项目名称|校舍维修<5",
            "项目资金|全年预算数|85.5|全年执行数|80.2|执行率|93.80%",
            "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分",
            "产出|数量指标|维修面积|1200平方米|1250平方米|20|20",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Allocation by place with 小计 levels.
#[test]
fn allocation_with_subtotals() {
    let report = record(
        &["2023年省级文化专项资金分配表", "单位：万元"],
        &[
            "序号|市州|县市区|本次下达金额|已提前下达|备注",
            "|合计<2|360|120|",
            "1|甲市^3|小计|200|80|",
            "2|东区|120|50|",
            "3|西县|80|30|",
            "4|乙市|南县|160|40|直管",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Income and expenditure side by side; outline numbers give depth.
#[test]
fn income_and_expenditure_side_by_side() {
    let report = record(
        &["2023年收入支出决算总表", "单位：万元"],
        &[
            "收入<2|支出<2",
            "项目|决算数|项目|决算数",
            "一、财政拨款收入|900.50|一、一般公共服务支出|700.00",
            "（一）一般公共预算|880.50|二、教育支出|210.50",
            "（二）政府性基金|20.00||",
            "二、其他收入|10.00||",
            "本年收入合计|910.50|本年支出合计|910.50",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Codes give the hierarchy; headings in three rows.
#[test]
fn functional_codes_in_three_header_rows() {
    let report = record(
        &["部门支出预算总表", "编制部门：某局  单位：元"],
        &[
            "项目<4|支出预算<3",
            "功能分类科目编码<3|功能分类科目名称^2|合计^2|基本支出^2|项目支出^2",
            "类|款|项",
            "201|||一般公共服务支出|300,000|100,000|200,000",
            "201|05||统计信息事务|300,000|100,000|200,000",
            "201|05|07|专项普查活动|300,000|100,000|200,000",
            "合计<4|300,000|100,000|200,000",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// 三公经费: lines by kind, and the same as columns without a row name.
#[test]
fn three_public_as_rows_and_as_columns() {
    let rows = record(
        &["2022年“三公”经费支出表", "单位：万元"],
        &[
            "项目|年初预算数|决算数",
            "合计|12.00|9.50",
            "1.因公出国（境）费|0.00|0.00",
            "2.公务接待费|4.00|2.50",
            "3.公务用车购置及运行费|8.00|7.00",
            "其中：（1）公务用车购置费|0.00|0.00",
            "（2）公务用车运行费|8.00|7.00",
        ],
    );
    let columns = record(
        &["部门“三公”经费和机关运行经费预算表", "单位：万元"],
        &[
            "“三公”经费预算数<6|机关运行经费预算数^3",
            "合计^2|因公出国(境)费^2|公务接待费^2|公务用车购置及运行费<3",
            "小计|购置费|运行费",
            "12.00|0.00|4.00|8.00|0.00|8.00|35.20",
        ],
    );
    insta::assert_snapshot!(format!("{}--\n{}", facts(&rows), facts(&columns)));
}

/// A table that is no form stays whole, with the reason.
#[test]
fn other_tables_keep_their_cells() {
    let report = record(
        &["评价组成员名单"],
        &["姓名|单位|职务", "组长|局机关|科长", "成员|财务科|会计"],
    );
    assert_eq!(report.tables[0].kind.name(), "other");
    assert!(report.tables[0].reason.as_deref().is_some_and(|r| r.contains("姓名")));
    assert_eq!(report.tables[0].cells.len(), 9);
    assert!(report.budgets.is_empty() && report.indicators.is_empty());
}

/// Scoring sheet: points without targets; 小计 of a level is no indicator.
#[test]
fn scoring_sheet_without_targets() {
    let report = record(
        &["绩效评价评分表"],
        &[
            "一级指标|二级指标|三级指标|分值|评分标准|得分|扣分原因",
            "决策（20分）^2|项目立项|立项依据充分性|10|符合得满分|10|",
            "资金投入|预算编制科学性|10|测算充分得满分|8|测算不细",
            "小计<3|20||18|",
            "过程（80分）|资金管理|预算执行率|80|按比例|76|未全部执行",
            "合计<3|100||94|",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// F5: two partitions of one total, name and figure in one cell; never summed together.
#[test]
fn two_partitions_of_one_total() {
    let report = record(
        &["部门整体支出绩效自评表"],
        &[
            "部门名称|县林业局<8",
            "年度预算申请（万元）^5|<2|年初预算数|全年预算数|全年执行数|分值|执行率|得分",
            "年度资金总额<2|500|520|515|10|99.04%|9.9",
            "按收入性质分：<4|按支出性质分：<4",
            "其中：一般公共预算：420<4|其中：基本支出：300<4",
            "政府性基金拨款：100<4|项目支出：220<4",
            "年度总体目标^2|预期目标<4|实际完成情况<4",
            "造林1万亩<4|造林1.1万亩<4",
            "绩效指标^2|一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因",
            "产出指标|数量指标|造林面积|≥1万亩|1.1万亩|20|20|",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Points of each level in a column right of it; a reviewer's score beside the reporter's.
#[test]
fn points_of_each_level_and_two_scores() {
    let report = record(
        &["部门整体支出绩效评价指标评分表"],
        &[
            "一级指标|分值|二级指标|分值|三级指标|分值|评分标准|自评得分|复核得分",
            "投入^2|20^2|目标设定|12|职责明确|12|明确得满分|12|11",
            "预算配置|8|在职人员控制率|8|不超编得满分|8|8",
            "产出|80|职责履行|80|重点工作完成率|80|按完成比例|76|75",
            "合计|100||100||100||96|94",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Target and actual under one heading; the block's label is no indicator.
#[test]
fn target_and_actual_under_one_heading() {
    let report = record(
        &["2021年度项目绩效自评表"],
        &[
            "绩效指标|一级指标^2|二级指标^2|三级指标^2|绩效目标<2|分值^2|自评得分^2",
            "|目标值|实际值",
            "|产出指标|数量指标|购置设备|10台|10台|50|50",
            "|效益指标|社会效益|服务能力|提升|明显提升|50|48",
            "|自评总分||||||98",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Facts that a report without tables tells in sentences.
#[test]
fn facts_in_sentences() {
    let report = record(
        &[
            "某县民政局2022年度转移支付绩效自评报告",
            "投入省级补助资金35.5万元，执行数35.5万元，执行率100%。",
            "1、产出数量指标：第一，救助人次年初指标值为不低于120人次，全年实际完成值131人次。第二，发放准确率年初指标值为100%，全年实际完成值100%。",
            "2、社会效益指标：政策知晓率年初指标值为90%以上，全年实际完成值92%。",
        ],
        &["附注|无"],
    );
    insta::assert_snapshot!(facts(&report));
}

/// 四川 county form: texts about the project between head and funding, notes in the reason column, 合计 without a score.
#[test]
fn county_form_with_texts_before_the_funding() {
    let report = record(
        &["部门预算项目支出绩效自评表（2023年度）"],
        &[
            "项目名称<2|51000024T000010000001-办公设备替换<9",
            "主管部门<2|县司法局部门<4|实施单位<2|县司法局<3",
            "项目基本情况^3|1.项目年度目标完成情况^2|项目年度目标<5|年度目标完成情况<4",
            "按要求购置设备并支付资金。<5|完成<4",
            "2.项目实施内容及过程概述|购置13台电脑，于12月前支付。<9",
            "预算执行情况（10分）^4|年度预算数（万元）|年初预算|调整后预算数|预算执行数<2|预算执行率<2|权重|得分|原因",
            "总额|0.00|3.36|3.36<2|100.00%<2|10|10|1.预算执行率=预算执行数/调整后预算数。^3",
            "其中：财政资金|0.00|3.36|3.36<2|100.00%<2|/|/",
            "其他资金||||<2||/|/",
            "绩效指标（90分）^3|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析",
            "产出指标|经济成本指标|成本控制数|≤|30|万元|完成|60|60|",
            "满意度指标|服务对象满意度指标|干警满意度|≥|90|%|95|30|30|",
            "合计<8|100||",
            "评价结论|按管理办法支付。<10",
            "存在问题|无<10",
            "项目负责人：某某<6|财务负责人：某某<5",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// 湖南 2018: income, expenditure and 三公 as columns of one report table, with the organization as row.
#[test]
fn income_and_expenditure_as_columns_of_an_organization() {
    let report = record(
        &["二、部门（单位）收支情况"],
        &[
            "年度收入情况（万元）<7",
            "机构名称|收入合计|其中<5",
            "|  |上年结转|公共财政拨款|政府基金拨款|纳入专户管理的非税收入拨款|其他收入",
            "本级及二级机构汇总|512.3|12.3|480|0|0|20",
            "1、局机关|512.3|12.3|480|0|0|20",
            "部门（单位）年度支出和结余情况（万元）<7",
            "机构名称|支出合计|其中<4|结余",
            "| |基本支出|其中：人员支出|公用支出|项目支出| ",
            "本级及二级机构汇总|500|300|220|80|200|12.3",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Indicators in a table of their own after the head; 完成率 and several texts beside.
#[test]
fn grid_with_unknown_columns_between() {
    let report = record(
        &[
            "附件3",
            "2022年度市级财政项目支出绩效自评情况表",
            "填报单位：某市水务局（盖章）    单位：万元",
        ],
        &[
            "序号|项目名称|预算数|执行数|执行率|指标类型|指标名称|目标值|完成值|完成率|分值|得分|备注",
            "1^2|河道清淤^2|120.5^2|118^2|97.93%^2|数量指标|清淤长度|≥5公里|5.2公里|104%|50|50|",
            "质量指标|验收合格率|100%|100%|100%|50|50|",
            "2|水库除险|80|80|100%|数量指标|加固水库|2座|2座|100%|100|98|资料欠缺",
        ],
    );
    insta::assert_snapshot!(facts(&report));
}

/// Markdown repeats a merged label in each of its columns.
#[test]
fn a_total_label_repeated_in_merged_columns() {
    let report = record(
        &[],
        &[
            "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分",
            "产出指标|数量指标|培训人数|100人|120人|60|60",
            "效益指标|社会效益|知晓率|90%|85%|40|38.25",
            "总分|总分|总分|总分|总分|100|98.25",
        ],
    );
    assert_eq!(report.indicators.len(), 2);
    assert_eq!(report.scores[0].value.unwrap().to_string(), "98.25");
    assert_eq!(report.scores[0].full.unwrap().to_string(), "100");
}

/// Two columns of one measure: the report's own rates say which is meant; columns nobody knows are money where they sum.
#[test]
fn arithmetic_settles_what_headings_leave_open() {
    let report = record(
        &["2023年度资金使用情况表", "单位：万元"],
        &[
            "项目名称|预算数（初审）|预算数（复核）|甲口径|乙口径|执行数|执行率",
            "甲项目|100|90|30|50|80|88.89%",
            "乙项目|50|60|10|20|30|50%",
            "合计|150|150|40|70|110|73.33%",
        ],
    );
    let first = &report.budgets[0];
    let budget = first.amounts.get(&heshu::model::Measure::Budget).unwrap();
    assert_eq!(budget.value.unwrap().to_string(), "90");
    let kinds: Vec<(&str, &str)> = first
        .others
        .iter()
        .map(|o| (o.header.as_str(), o.kind.name()))
        .collect();
    assert_eq!(
        kinds,
        [("预算数（初审）", "money"), ("甲口径", "money"), ("乙口径", "money")]
    );
    // Without the rates nothing says which of the two it is, and neither is placed.
    let open = record(
        &["2023年度资金使用情况表", "单位：万元"],
        &[
            "项目名称|预算数（初审）|预算数（复核）|执行数",
            "甲项目|100|90|80",
            "乙项目|50|60|30",
        ],
    );
    assert!(
        open.budgets
            .iter()
            .all(|b| !b.amounts.contains_key(&heshu::model::Measure::Budget))
    );
}

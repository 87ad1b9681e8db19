//! The closed sets of words that a record uses. Names are those of the output contract.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every word of the set, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as it stands in records and pattern files.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The variant of a word.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    };
}

vocabulary! {
    /// What a report is.
    ReportKind {
        /// 项目支出绩效自评.
        ProjectSelfEvaluation = "project_self_evaluation",
        /// 部门整体支出绩效自评.
        DepartmentSelfEvaluation = "department_self_evaluation",
        /// 转移支付绩效自评.
        TransferPaymentSelfEvaluation = "transfer_payment_self_evaluation",
        /// 项目部门评价 or 财政评价.
        ProjectEvaluation = "project_evaluation",
        /// 部门整体评价.
        DepartmentEvaluation = "department_evaluation",
        /// 部门预算公开.
        BudgetDisclosure = "budget_disclosure",
        /// 部门决算公开.
        FinalAccountsDisclosure = "final_accounts_disclosure",
        /// 资金分配、下达.
        FundAllocation = "fund_allocation",
        /// 绩效运行监控.
        PerformanceMonitoring = "performance_monitoring",
        /// 绩效目标申报.
        PerformanceTarget = "performance_target",
        /// 多项目自评（评价）结果汇总.
        EvaluationSummary = "evaluation_summary",
        /// Not told by the text.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What a table is (DOMAIN A4).
    TableKind {
        /// 预算安排及使用情况表, funding table: one row a project or source, money columns.
        BudgetExecution = "budget_execution",
        /// Indicators with targets and actuals, with or without points.
        IndicatorGrid = "indicator_grid",
        /// Composite 自评表: head, funding block, goals, indicators, total in one table.
        SelfEvaluationForm = "self_evaluation_form",
        /// Targets without actuals (绩效目标申报表).
        PerformanceTarget = "performance_target",
        /// Points and scores of evaluation indicators without targets (评分表).
        ScoringSheet = "scoring_sheet",
        /// 收入 and 支出 of a department.
        RevenueExpenditure = "revenue_expenditure",
        /// Money by place or unit, with 小计 levels.
        Allocation = "allocation",
        /// 三公经费.
        ThreePublic = "three_public",
        /// Anything else; `reason` says why.
        Other = "other",
    }
}

vocabulary! {
    /// What a column, or a labelled row, of a table holds.
    ColumnRole {
        /// 序号.
        Sequence = "sequence",
        /// 一级指标, 一级项目.
        Level1 = "level1",
        /// 二级指标.
        Level2 = "level2",
        /// 三级指标 where an indicator name stands apart.
        Level3 = "level3",
        /// 二级项目, 项目名称, line name.
        Project = "project",
        /// Name of the indicator.
        Indicator = "indicator",
        /// 年度指标值.
        Target = "target",
        /// 实际完成值.
        ActualValue = "actual_value",
        /// 分值.
        Weight = "weight",
        /// 得分.
        Score = "score",
        /// 偏差原因分析及改进措施.
        Reason = "reason",
        /// 备注.
        Remark = "remark",
        /// 度量单位.
        Unit = "unit",
        /// 指标性质: ≥ ≤ = 定性 (四川).
        Comparator = "comparator",
        /// 年初预算数.
        InitialBudget = "initial_budget",
        /// 全年预算数, 调整预算数.
        AdjustedBudget = "adjusted_budget",
        /// 预算金额 where the report does not say which.
        Budget = "budget",
        /// 下达, 到位.
        Allocated = "allocated",
        /// 实际支出, 全年执行数.
        Actual = "actual",
        /// 1—7月执行数, 截至6月底执行数: what was spent in a part of the year.
        InterimActual = "interim_actual",
        /// 预计全年执行数.
        Forecast = "forecast",
        /// 决算数.
        FinalAccounts = "final_accounts",
        /// 结转结余.
        Balance = "balance",
        /// 上年完成数, 上年决算数.
        PriorYear = "prior_year",
        /// 增减额.
        Change = "change",
        /// 增减幅度.
        ChangeRate = "change_rate",
        /// 执行率.
        ExecutionRate = "execution_rate",
        /// A heading that no role names.
        Other = "other",
    }
}

impl ColumnRole {
    /// The measure that a column of this role gives to a budget line; `None` for columns that hold no figure of it.
    pub fn measure(self) -> Option<Measure> {
        Measure::from_name(self.name())
    }

    /// Whether it is a measure of money.
    pub fn is_money(self) -> bool {
        self.measure().is_some_and(|measure| measure.is_money())
    }
}

vocabulary! {
    /// What became of the digits of a cell.
    Fate {
        /// A fact's source names the cell.
        Placed = "placed",
        /// Kept in `others`, under a heading that no measure names.
        Other = "other",
        /// The number of a row.
        Sequence = "sequence",
        /// A code, a document's number, a telephone number.
        Code = "code",
        /// A point or a span of time.
        Date = "date",
        /// The number of a column (1, 2, 3=1+2).
        ColumnNumber = "column_number",
        /// Digits inside a heading, name, title, note, goal, reason or remark.
        Label = "label",
        /// A figure that no fact took.
        Unread = "unread",
    }
}

vocabulary! {
    /// Keys of a budget line's `amounts`.
    Measure {
        /// 年初预算数.
        InitialBudget = "initial_budget",
        /// 全年预算数, 调整预算数.
        AdjustedBudget = "adjusted_budget",
        /// 预算金额 where the report does not say which.
        Budget = "budget",
        /// 下达, 到位.
        Allocated = "allocated",
        /// 实际支出, 全年执行数.
        Actual = "actual",
        /// 1—7月执行数, 截至6月底执行数: what was spent in a part of the year.
        InterimActual = "interim_actual",
        /// 预计全年执行数.
        Forecast = "forecast",
        /// 决算数.
        FinalAccounts = "final_accounts",
        /// 结转结余.
        Balance = "balance",
        /// 上年完成数, 上年决算数.
        PriorYear = "prior_year",
        /// 增减额.
        Change = "change",
        /// 增减幅度.
        ChangeRate = "change_rate",
        /// 执行率.
        ExecutionRate = "execution_rate",
        /// 分值 of the funding block.
        Weight = "weight",
        /// 得分 of the funding block.
        Score = "score",
    }
}

impl Measure {
    /// Whether the measure is money (and so has a value in 元).
    pub fn is_money(self) -> bool {
        !matches!(
            self,
            Measure::ChangeRate | Measure::ExecutionRate | Measure::Weight | Measure::Score
        )
    }

    /// The measure in words: as a heading of an output, which covers all that forms call it, and within a sentence.
    fn titles(self) -> (&'static str, &'static str) {
        match self {
            Measure::InitialBudget => ("年初预算数", "年初预算数"),
            Measure::AdjustedBudget => ("全年（调整）预算数", "全年预算数"),
            Measure::Budget => ("预算数", "预算金额"),
            Measure::Allocated => ("下达（到位）数", "到位（下达）数"),
            Measure::Actual => ("实际支出（执行）数", "执行数"),
            Measure::InterimActual => ("期中执行数", "期中执行数"),
            Measure::Forecast => ("预计全年执行数", "预计全年执行数"),
            Measure::FinalAccounts => ("决算数", "决算数"),
            Measure::Balance => ("结转结余", "结转结余"),
            Measure::PriorYear => ("上年数", "上年数"),
            Measure::Change => ("增减额", "增减额"),
            Measure::ChangeRate => ("增减幅度", "增减幅度"),
            Measure::ExecutionRate => ("执行率", "执行率"),
            Measure::Weight => ("分值", "分值"),
            Measure::Score => ("得分", "得分"),
        }
    }

    /// The heading of the measure in outputs for readers.
    pub fn heading(self) -> &'static str {
        self.titles().0
    }

    /// The measure within a finding, where the table's own heading is not at hand.
    pub fn title(self) -> &'static str {
        self.titles().1
    }
}

vocabulary! {
    /// What a column of figures counts or measures.
    FigureKind {
        /// Money.
        Money = "money",
        /// Persons, households, things, times.
        Count = "count",
        /// Shares, ratios, growth.
        Rate = "rate",
        /// Land and floors.
        Area = "area",
        /// Prices and standards: so much for each.
        Price = "price",
        /// Points of a score.
        Points = "points",
        /// Neither heading nor content says.
        Unknown = "unknown",
    }
}

vocabulary! {
    /// What a budget line is among its neighbours.
    RowRole {
        /// A leaf.
        Item = "item",
        /// 其中: a part of the line above, never summed beside it.
        OfWhich = "of_which",
        /// 小计.
        Subtotal = "subtotal",
        /// 合计, 总计.
        Total = "total",
    }
}

vocabulary! {
    /// How a target or an actual is stated.
    ValueKind {
        /// One number.
        Exact = "exact",
        /// ≥, 不低于, 以上.
        AtLeast = "at_least",
        /// ＞, 超过.
        MoreThan = "more_than",
        /// ≤, 不超过, 以内.
        AtMost = "at_most",
        /// ＜, 不满.
        LessThan = "less_than",
        /// Two bounds, both included.
        Range = "range",
        /// 约, 左右.
        Approximate = "approximate",
        /// A day, month or other point in time.
        Date = "date",
        /// Words only.
        Qualitative = "qualitative",
        /// Several values in one cell.
        Compound = "compound",
        /// Nothing.
        Empty = "empty",
    }
}

vocabulary! {
    /// What a score counts for.
    ScoreKind {
        /// 总分 of a form.
        Total = "total",
        /// 自评得分 in prose.
        Self_ = "self",
        /// 预算执行率得分.
        Execution = "execution",
        /// A part (决策, 产出 …).
        Section = "section",
    }
}

vocabulary! {
    /// What a figure in prose is.
    StatementKind {
        /// Money.
        Amount = "amount",
        /// Per cent, percentage points, multiples.
        Rate = "rate",
        /// Things counted.
        Count = "count",
        /// Points.
        Score = "score",
    }
}

vocabulary! {
    /// Which way a change of running text goes.
    Direction {
        /// 增长, 增加, 提高.
        Up = "up",
        /// 下降, 减少, 负增长.
        Down = "down",
        /// 与上年持平, 增长0%.
        Flat = "flat",
    }
}

vocabulary! {
    /// What a change of running text is counted from.
    ComparedWith {
        /// 上年, 去年, 同期.
        PriorYear = "prior_year",
        /// 预算 where the report does not say which, 全年预算.
        Budget = "budget",
        /// 年初预算.
        InitialBudget = "initial_budget",
    }
}

vocabulary! {
    /// Outcome of a check.
    CheckStatus {
        /// The relation holds.
        Pass = "pass",
        /// Differs, but within what the stated decimals allow.
        Rounding = "rounding",
        /// Does not hold.
        Fail = "fail",
        /// A figure that the relation needs could not be read.
        Insufficient = "insufficient",
    }
}

vocabulary! {
    /// How much a failed check matters.
    Severity {
        /// A contradiction.
        Error = "error",
        /// Worth asking about.
        Warning = "warning",
        /// Worth knowing.
        Info = "info",
    }
}

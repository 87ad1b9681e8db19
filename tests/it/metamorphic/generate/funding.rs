//! Funding blocks of self-evaluation forms: the year's total, its sources, rate and points.

use super::super::facts::{Fact, plain};
use super::super::sheet::{Column, Kind, Role, Sheet, SideFrom};
use super::budget::Fen;
use super::{Draft, Part, chance, decimal, money, share};
use crate::mutate::Random;

#[derive(Clone, Debug)]
pub struct Funding {
    pub title: String,
    pub wan: bool,
    decimals: usize,
    trim: bool,
    /// Label merged over the block, and whether it, or else the heading of the names, states the unit.
    pub side: Option<String>,
    heading: String,
    pub unit_in_label: bool,
    /// Names of measures, headings.
    columns: Vec<(&'static str, String)>,
    total: String,
    /// Sources as written, with a figure a column of money.
    sources: Vec<(String, Vec<Fen>)>,
    /// Points for the execution, in hundredths.
    weight: i64,
    /// What stands where a source has no points.
    mark: String,
    /// Sources have rates too.
    rates: bool,
}

const SOURCES: [&[&str]; 5] = [
    &["当年财政拨款", "上年结转资金", "其他资金"],
    &["本年财政拨款", "上年结转资金", "其他资金"],
    &["中央补助", "地方资金", "其他资金"],
    &["中央资金", "省级资金", "市县资金"],
    &["财政拨款", "上年结转", "单位资金"],
];

impl Funding {
    pub fn new(random: &mut Random) -> Self {
        let decimals = *random.pick(&[2, 2, 0, 1, 4, 6]);
        let mut columns: Vec<(&str, &str)> = Vec::new();
        if chance(random, 75) {
            columns.push(("initial_budget", "年初预算数"));
        }
        columns.push((
            "adjusted_budget",
            *random.pick(&["全年预算数", "全年预算数（A）", "调整后预算数"]),
        ));
        columns.push(("actual", *random.pick(&["全年执行数", "全年执行数（B）", "预算执行数"])));
        let points = chance(random, 80);
        let rate = *random.pick(&["执行率", "执行率（B/A）", "预算执行率"]);
        if points {
            columns.push(("weight", "分值"));
        }
        columns.push(("execution_rate", rate));
        if points {
            columns.push(("score", "得分"));
            // Some forms have the rate before the points.
            if chance(random, 25) {
                let n = columns.len();
                columns.swap(n - 3, n - 2);
            }
        }
        let step: Fen = 10_i64.pow(6 - decimals as u32);
        let count = columns.iter().filter(|(m, _)| is_money(m)).count();
        let names = random.pick(&SOURCES);
        let how = random.below(3);
        let mut sources = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let zero = index > 0 && chance(random, 50);
            let base = 1 + random.below(900 * 10_usize.pow(decimals as u32)) as Fen;
            let mut values = vec![base, base * (90 + random.below(30) as Fen) / 100];
            values.push((values[1] * (60 + random.below(41) as Fen) / 100).max(1));
            let values = values[3 - count..]
                .iter()
                .map(|v| if zero { 0 } else { v * step })
                .collect();
            let written = match (how, index) {
                (0, 0) | (1, _) => format!("其中：{name}"),
                (0, _) => format!("\u{3000}\u{3000}{name}"),
                _ => (*name).to_owned(),
            };
            sources.push((written, values));
        }
        let side = chance(random, 50).then(|| {
            random
                .pick(&["项目资金", "年度资金", "资金情况", "预算执行情况"])
                .to_string()
        });
        Funding {
            title: format!("{}年度项目支出绩效自评表", 2019 + random.below(6)),
            wan: chance(random, 75),
            decimals,
            trim: chance(random, 40),
            heading: random.pick(&["", "资金来源", "资金结构", "资金构成"]).to_string(),
            unit_in_label: side.is_some() && chance(random, 60),
            side,
            columns: columns.into_iter().map(|(m, h)| (m, h.to_owned())).collect(),
            total: random
                .pick(&[
                    "年度资金总额",
                    "年度资金总额",
                    "资金总额",
                    "项目资金总额",
                    "年度资金总额：",
                ])
                .to_string(),
            sources,
            weight: 100 * *random.pick(&[10, 10, 20]),
            mark: random.pick(&["—", "-", "", "/", "——"]).to_string(),
            rates: chance(random, 15),
        }
    }

    /// Points for the execution and what was reached of them, in hundredths.
    pub fn points(&self) -> (i64, i64) {
        let row = self.sums();
        let (actual, budget) = (row[row.len() - 1], row[row.len() - 2]);
        let score = self.weight * share(actual, budget).min(10_000) / 100;
        (self.weight, if self.has("score") { (score + 50) / 100 } else { 0 })
    }

    pub fn has(&self, what: &str) -> bool {
        self.columns.iter().any(|(m, _)| *m == what)
    }

    /// For a form whose indicators have the other points.
    pub fn with_points(mut self, weight: i64) -> Self {
        self.weight = weight;
        self
    }

    fn sums(&self) -> Vec<Fen> {
        let mut sums = vec![0; self.sources[0].1.len()];
        for (_, values) in &self.sources {
            sums.iter_mut().zip(values).for_each(|(s, v)| *s += v);
        }
        sums
    }

    pub fn smaller(&self) -> Vec<Funding> {
        let mut out = Vec::new();
        // The first is never nothing.
        for index in 1..self.sources.len() {
            let mut less = self.clone();
            less.sources.remove(index);
            out.push(less);
        }
        for what in ["weight", "execution_rate", "score"] {
            if self.has(what) {
                let mut less = self.clone();
                less.columns.retain(|(m, _)| *m != what);
                out.push(less);
            }
        }
        if self.has("initial_budget") {
            let mut less = self.clone();
            less.columns.remove(0);
            less.sources.iter_mut().for_each(|(_, v)| _ = v.remove(0));
            out.push(less);
        }
        out
    }

    pub fn draft(&self, wan: bool) -> Draft {
        let mut rows = vec![(self.total.clone(), Kind::Total, self.sums())];
        rows.extend(self.sources.iter().map(|(n, v)| (n.clone(), Kind::OfWhich, v.clone())));
        let mut facts = Vec::new();
        let mut sheet = Sheet {
            kinds: rows.iter().map(|r| r.1).collect(),
            ..Sheet::default()
        };
        let unit = if wan { "万元" } else { "元" };
        let names = rows.iter().map(|r| r.0.clone()).collect();
        sheet.columns.push(Column::new(Role::Name, &self.heading, names));
        let mut money_column = 0;
        for (what, heading) in &self.columns {
            let mut texts = Vec::new();
            for (name, kind, values) in &rows {
                let total = *kind == Kind::Total;
                let rate = share(values[values.len() - 1], values[values.len() - 2]);
                let stated = match *what {
                    "weight" if total => Some((decimal(self.weight, 2, true), decimal(self.weight, 2, true), None)),
                    "score" if total => Some((
                        decimal(self.points().1, 2, self.trim),
                        decimal(self.points().1, 2, true),
                        None,
                    )),
                    "execution_rate" if total || self.rates && values[values.len() - 2] > 0 => {
                        Some((decimal(rate, 2, self.trim) + "%", decimal(rate, 2, true), None))
                    }
                    "weight" | "score" | "execution_rate" => None,
                    _ => {
                        let fen = values[money_column];
                        let scale = if wan { 6 } else { 2 };
                        let text = money(fen, wan, self.decimals, self.trim);
                        Some((text, decimal(fen, scale, true), Some(decimal(fen, 2, true))))
                    }
                };
                texts.push(stated.as_ref().map_or(self.mark.clone(), |s| s.0.clone()));
                if let Some((raw, value, yuan)) = stated {
                    let (name, what) = (plain(name), (*what).to_owned());
                    facts.push(Fact {
                        name,
                        what,
                        value,
                        yuan,
                        raw: raw.trim_end_matches('%').to_owned(),
                    });
                }
            }
            let role = match *what {
                "weight" | "score" => Role::Points,
                "execution_rate" => Role::Rate,
                _ => {
                    money_column += 1;
                    Role::Money
                }
            };
            sheet.columns.push(Column::new(role, heading, texts));
        }
        let mut before = vec![self.title.clone()];
        match &self.side {
            Some(side) if self.unit_in_label => sheet.side = Some((format!("{side}（{unit}）"), SideFrom::Header)),
            side => {
                before.push(format!("单位：{unit}"));
                sheet.side = side.clone().map(|s| (s, SideFrom::Header));
            }
        }
        Draft {
            before,
            parts: vec![Part::Sheet(sheet)],
            facts,
            names: rows.iter().map(|r| plain(&r.0)).collect(),
            ..Draft::default()
        }
    }
}

fn is_money(measure: &str) -> bool {
    !matches!(measure, "weight" | "score" | "execution_rate")
}

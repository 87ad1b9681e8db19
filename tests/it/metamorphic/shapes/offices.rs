//! Tables as other offices fill them in: rows that number the columns in letters, units in a row of their own, blank headings of
//! names, headings that end otherwise than the synonyms.

use super::super::facts::{Fact, plain};
use super::super::generate::{chance, some};
use super::super::words::PROJECTS;
use super::budgets::lines;
use super::{Form, amount, one};
use crate::mutate::Random;

/// Measures with headings of which some end otherwise than any synonym.
const HEADINGS: [(&str, &[&str]); 4] = [
    (
        "initial_budget",
        &[
            "年初预算数",
            "年初预算额",
            "年初预算安排金额",
            "期初预算金额",
            "年初批复预算数额",
        ],
    ),
    (
        "adjusted_budget",
        &["全年预算数", "全年预算数额", "调整后预算额", "全年预算金额"],
    ),
    ("allocated", &["到位资金", "资金到位情况", "实际到位数额", "拨付资金额"]),
    (
        "actual",
        &["执行数", "实际使用数额", "实际执行金额", "资金支出情况", "累计支出额"],
    ),
];

/// Money under headings in the order of [`HEADINGS`], with what `above` makes of the rows between headings and lines.
fn table(random: &mut Random, words: &[(&str, String)], above: Vec<Vec<(String, usize, usize)>>) -> Form {
    let mut form = Form::titled("2023年度专项资金使用情况表");
    form.rows = above;
    let names = lines(random);
    let mut sums = vec![0; words.len()];
    let total_first = chance(random, 30);
    let at = form.rows.len();
    for name in names {
        let mut cells = vec![one(name)];
        let mut fen = amount(random);
        for (sum, (what, _)) in sums.iter_mut().zip(words) {
            // No more is spent than was there.
            fen = (fen / 11_000 * 10_000).max(10_000);
            *sum += fen;
            cells.push(one(form.money(name, what, fen)));
        }
        form.rows.push(cells);
    }
    let mut cells = vec![one("合计")];
    for (sum, (what, _)) in sums.iter().zip(words) {
        cells.push(one(form.money("合计", what, *sum)));
    }
    let at = if total_first { at } else { form.rows.len() };
    form.rows.insert(at, cells);
    form
}

fn headings(random: &mut Random, least: usize) -> Vec<(&'static str, String)> {
    let count = least + random.below(HEADINGS.len() + 1 - least);
    let from = random.below(HEADINGS.len() + 1 - count);
    let own = &HEADINGS[from..from + count];
    own.iter()
        .map(|(what, words)| (*what, (*random.pick(words)).to_owned()))
        .collect()
}

fn row(first: &str, words: &[(&str, String)]) -> Vec<(String, usize, usize)> {
    let own = words.iter().map(|(_, heading)| one(heading.clone()));
    std::iter::once(one(first)).chain(own).collect()
}

pub(super) fn endings(random: &mut Random) -> Form {
    let words = headings(random, 2);
    let names = *random.pick(&["项目", "项目名称", "支出项目"]);
    let head = row(names, &words);
    table(random, &words, vec![head])
}

pub(super) fn blank_heading_of_names(random: &mut Random) -> Form {
    let words = headings(random, 2);
    let head = row("", &words);
    table(random, &words, vec![head])
}

pub(super) fn columns_numbered(random: &mut Random) -> Form {
    let words = headings(random, 2);
    let head = row("项目", &words);
    let shape = random.below(6);
    let number = |n: usize| match shape {
        0 => ["A", "B", "C", "D", "E", "F"][n].to_owned(),
        1 => ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "Ⅵ"][n].to_owned(),
        2 => ["①", "②", "③", "④", "⑤", "⑥"][n].to_owned(),
        3 => ["一", "二", "三", "四", "五", "六"][n].to_owned(),
        4 if n == 0 => "甲".to_owned(),
        5 if n == 0 => "栏次".to_owned(),
        4 => n.to_string(),
        _ => format!("第{n}栏"),
    };
    let numbers = (0..=words.len()).map(|n| one(number(n))).collect();
    table(random, &words, vec![head, numbers])
}

pub(super) fn unit_row(random: &mut Random) -> Form {
    let words = headings(random, 2);
    let head = row("项目", &words);
    let unit = *random.pick(&["万元", "（万元）"]);
    let units = std::iter::once(one(""))
        .chain(words.iter().map(|_| one(unit)))
        .collect();
    let mut form = table(random, &words, vec![head, units]);
    form.before.pop();
    form
}

pub(super) fn unit_beside_names(random: &mut Random) -> Form {
    let words = headings(random, 2);
    let names = *random.pick(&["项目（单位：万元）", "项目名称（金额单位：万元）"]);
    let head = row(names, &words);
    let mut form = table(random, &words, vec![head]);
    form.before.pop();
    form
}

pub(super) fn year_before(random: &mut Random) -> Form {
    let prior = *random.pick(&[
        "上年实际支出额",
        "上年支出数额",
        "去年执行数",
        "上年度实际执行金额",
        "上年决算数额",
    ]);
    let words = vec![
        ("prior_year", prior.to_owned()),
        ("budget", "预算数".to_owned()),
        ("actual", "执行数".to_owned()),
    ];
    let head = row("项目", &words);
    table(random, &words, vec![head])
}

/// A grid whose third level stands under another word, and a form's project whose name begins like a heading.
pub(super) fn third_level(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度项目绩效自评表");
    form.before.pop();
    let heading = *random.pick(&["三级绩效指标", "考核要点", "具体内容要求", "三级评价指标名称"]);
    form.rows.push(
        [
            "一级指标",
            "二级指标",
            heading,
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
        ]
        .map(one)
        .to_vec(),
    );
    let names = some(random, &PROJECTS, 4);
    for (at, name) in names.into_iter().enumerate() {
        let mut cells = Vec::new();
        if at == 0 {
            cells.push(("产出指标".to_owned(), 4, 1));
        }
        if at % 2 == 0 {
            cells.push((["数量指标", "质量指标"][at / 2].to_owned(), 2, 1));
        }
        form.name(name);
        for (what, value) in [("target", "≥95%"), ("actual_value", "96%")] {
            form.facts.push(Fact {
                name: plain(name),
                what: what.to_owned(),
                value: value.to_owned(),
                yuan: None,
                raw: value.to_owned(),
            });
        }
        let (weight, score) = (form.points(name, "weight", 100), form.points(name, "score", 90));
        cells.extend([one(name), one("≥95%"), one("96%"), one(weight), one(score)]);
        form.rows.push(cells);
    }
    form
}

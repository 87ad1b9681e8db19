//! Money that headings or labels name: laid sideways, below the items themselves, beside a label.

use super::super::facts::Fact;
use super::super::generate::chance;
use super::budgets::lines;
use super::{Form, amount, one};
use crate::mutate::Random;

pub(super) fn money_sideways(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度项目资金情况表");
    let measures = [
        ("年初预算数", "initial_budget"),
        ("全年预算数", "adjusted_budget"),
        ("执行数", "actual"),
        ("结转结余", "balance"),
    ];
    let count = 2 + random.below(3);
    let names = lines(random);
    let mut head = vec![one(*random.pick(&["项目", "项目名称", "指标"]))];
    head.extend(names.iter().map(|n| one(*n)));
    head.push(one("合计"));
    form.rows.push(head);
    for (heading, what) in &measures[..count] {
        let mut row = vec![one(*heading)];
        let mut sum = 0;
        for name in &names {
            // A balance follows from what stands above it, and this one does not.
            let value = if *what == "balance" { 0 } else { amount(random) };
            sum += value;
            row.push(one(if *what == "balance" {
                String::new()
            } else {
                form.money(name, what, value)
            }));
        }
        row.push(one(if *what == "balance" {
            String::new()
        } else {
            form.money("合计", what, sum)
        }));
        if *what != "balance" {
            form.rows.push(row);
        }
    }
    form
}

/// 三公经费: the headings say what the figures are of.
pub(super) fn headings_name(random: &mut Random) -> Form {
    let mut form = Form::titled("财政拨款“三公”经费支出决算表");
    let items = ["因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费"];
    let measures = [("预算数", "budget"), ("决算数", "final_accounts")];
    form.rows
        .push(measures.iter().map(|(h, _)| ((*h).to_owned(), 1, 6)).collect());
    let (mut second, mut third) = (Vec::new(), Vec::new());
    for _ in measures {
        second.extend([("合计".to_owned(), 2, 1), (items[0].to_owned(), 2, 1)]);
        second.push(("公务用车购置及运行维护费".to_owned(), 1, 3));
        second.push((items[3].to_owned(), 2, 1));
        third.extend([one("小计"), one(items[1]), one(items[2])]);
    }
    form.rows.extend([second, third]);
    if chance(random, 60) {
        form.rows.push((1..=12).map(|n| one(n.to_string())).collect());
    }
    let mut row = Vec::new();
    for (_, what) in measures {
        let v: Vec<i64> = items.iter().map(|_| amount(random)).collect();
        row.push(one(form.money("合计", what, v.iter().sum())));
        row.push(one(form.money(items[0], what, v[0])));
        row.push(one(form.money("公务用车购置及运行维护费小计", what, v[1] + v[2])));
        for n in 1..4 {
            row.push(one(form.money(items[n], what, v[n])));
        }
    }
    form.rows.push(row);
    form
}

pub(super) fn divided_budget(random: &mut Random) -> Form {
    let mut form = Form::titled("部门整体支出绩效目标申报表");
    let label = *random.pick(&["年度预算申请", "年度预算（万元）", "部门预算"]);
    let whole = amount(random) * 4;
    let by_source = ["一般公共预算", "政府性基金", "其他资金"];
    let by_kind = ["基本支出", "项目支出"];
    form.rows.push(vec![one("部门名称"), ("某县水利局".to_owned(), 1, 6)]);
    form.rows.push(vec![
        (label.to_owned(), 3, 1),
        ("资金总额".to_owned(), 2, 1),
        ("按收入性质分".to_owned(), 1, 3),
        ("按支出性质分".to_owned(), 1, 2),
    ]);
    form.rows
        .push(by_source.iter().chain(&by_kind).map(|h| one(*h)).collect());
    let mut row = vec![one(form.money("资金总额", "budget", whole))];
    for names in [&by_source[..], &by_kind[..]] {
        let mut left = whole;
        for (n, name) in names.iter().enumerate() {
            let value = if n + 1 == names.len() {
                left
            } else {
                whole / 40_000 * 10_000
            };
            left -= value;
            row.push(one(form.money(name, "budget", value)));
        }
    }
    form.rows.push(row);
    form.rows.push(vec![
        one("一级指标"),
        one("二级指标"),
        ("三级指标".to_owned(), 1, 3),
        ("指标值".to_owned(), 1, 2),
    ]);
    form.rows.push(vec![
        one("产出指标"),
        one("数量指标"),
        ("办理案件".to_owned(), 1, 3),
        ("≥620件".to_owned(), 1, 2),
    ]);
    form.name("办理案件");
    form.facts.push(Fact {
        name: "办理案件".to_owned(),
        what: "target".to_owned(),
        value: "≥620件".to_owned(),
        yuan: None,
        raw: "≥620件".to_owned(),
    });
    form
}

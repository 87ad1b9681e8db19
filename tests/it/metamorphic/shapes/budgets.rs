//! Money under headings: two sides, sources, depths, parts, headings nobody knows.

use super::super::generate::{chance, some};
use super::super::words::{FUNCTIONS, PROJECTS};
use super::{Form, amount, one};
use crate::mutate::Random;

pub(super) fn two_sides(random: &mut Random) -> Form {
    let (title, what, heading) = *random.pick(&[
        ("2023年部门收支预算总表", "budget", "预算数"),
        ("2023年收入支出决算总表", "final_accounts", "决算数"),
        ("2023年收入支出决算总表", "final_accounts", "金额"),
        ("2023年部门收支预算总表", "budget", "金额"),
        ("2023年收支总表", "actual", "执行数"),
    ]);
    let mut form = Form::titled(title);
    let ordered = chance(random, 40);
    let mut heads = vec![vec![], vec![]];
    for side in ["收入", "支出"] {
        let width = 2 + usize::from(ordered);
        heads[0].push((side.to_owned(), 1, width));
        heads[1].push(one("项目"));
        heads[1].extend(ordered.then(|| one("行次")));
        heads[1].push(one(heading));
    }
    let flat = !ordered && chance(random, 40);
    if flat {
        form.rows
            .push(vec![one("收入"), one(heading), one("支出"), one(heading)]);
    } else {
        form.rows.extend(heads);
    }
    if chance(random, 40) {
        let width = if ordered { 6 } else { 4 };
        let mut numbers: Vec<_> = (0..width).map(|_| one("")).collect();
        numbers[0] = one("栏次");
        numbers[width / 2 - 1] = one("1");
        numbers[width / 2] = one("栏次");
        numbers[width - 1] = one("2");
        form.rows.push(numbers);
    }
    let incomes = [
        "一、一般公共预算拨款收入",
        "二、政府性基金预算拨款收入",
        "三、事业收入",
        "四、其他收入",
    ];
    let spent: Vec<String> = some(random, &FUNCTIONS, 4)
        .iter()
        .zip("一二三四".chars())
        .map(|(n, o)| format!("{o}、{n}"))
        .collect();
    let rows = 2 + random.below(3);
    let (mut left, mut right) = (0, 0);
    for row in 0..rows {
        let value = amount(random);
        left += value;
        let mut cells = vec![one(incomes[row])];
        cells.extend(ordered.then(|| one((row + 1).to_string())));
        cells.push(one(form.money(incomes[row], what, value)));
        // The last outlay makes up what is left.
        let value = if row + 1 < rows {
            value / 20_000 * 10_000 + 10_000
        } else {
            left - right
        };
        right += value;
        cells.push(one(spent[row].clone()));
        cells.extend(ordered.then(|| one((row + rows + 2).to_string())));
        cells.push(one(form.money(&spent[row], what, value)));
        form.rows.push(cells);
    }
    let mut cells = vec![one("收入总计")];
    cells.extend(ordered.then(|| one((rows + 1).to_string())));
    cells.push(one(form.money("收入总计", what, left)));
    cells.push(one("支出总计"));
    cells.extend(ordered.then(|| one((2 * rows + 2).to_string())));
    cells.push(one(form.money("支出总计", what, left)));
    form.rows.push(cells);
    form
}

/// Names of lines with a total of them.
pub(super) fn lines(random: &mut Random) -> Vec<&'static str> {
    let count = 2 + random.below(4);
    some(random, &PROJECTS, count)
}

pub(super) fn sources_as_columns(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度专项资金安排及使用情况表");
    let sources = ["财政拨款", "上年结转", "其他资金"];
    let count = 2 + random.below(2);
    let word = *random.pick(&["合计", "小计"]);
    let all: [&[(&str, &str)]; 3] = [
        &[("预算数", "budget"), ("执行数", "actual")],
        &[
            ("年初预算数", "initial_budget"),
            ("全年预算数", "adjusted_budget"),
            ("全年执行数", "actual"),
        ],
        &[("决算数", "final_accounts")],
    ];
    let measures = *random.pick(&all);
    let mut heads = vec![vec![("项目名称".to_owned(), 2, 1)], vec![]];
    for (heading, _) in measures {
        heads[0].push(((*heading).to_owned(), 1, count + 1));
        heads[1].push(one(word));
        heads[1].extend(sources[..count].iter().map(|s| one(*s)));
    }
    form.rows.extend(heads);
    if chance(random, 50) {
        let mut numbers = vec![one(*random.pick(&["栏次", ""]))];
        let mut n = 0;
        for _ in measures {
            let parts: Vec<String> = (n + 2..n + 2 + count).map(|p| p.to_string()).collect();
            numbers.push(one(format!("{}={}", n + 1, parts.join("+"))));
            numbers.extend(parts.into_iter().map(one));
            n += count + 1;
        }
        form.rows.push(numbers);
    }
    let width = measures.len() * count;
    let mut sums = vec![0; width];
    let first = chance(random, 30);
    let mut body = Vec::new();
    for name in lines(random) {
        let values: Vec<i64> = (0..width).map(|_| amount(random)).collect();
        sums.iter_mut().zip(&values).for_each(|(s, v)| *s += v);
        body.push((name, values));
    }
    body.insert(if first { 0 } else { body.len() }, ("合计", sums));
    for (name, values) in body {
        let mut cells = vec![one(name)];
        for ((_, what), parts) in measures.iter().zip(values.chunks(count)) {
            cells.push(one(form.money(name, what, parts.iter().sum())));
            for part in parts {
                cells.push(one(form.other(name, *part)));
            }
        }
        form.rows.push(cells);
    }
    form
}

pub(super) fn deep_headings(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度项目资金执行情况表");
    let depth = 4 + random.below(3);
    let above = [
        "项目支出情况",
        "2023年度",
        "资金情况",
        "资金安排及使用情况",
        "预算执行情况",
    ];
    let words = &above[above.len() + 1 - depth..];
    let measures = [
        ("年初预算数", "initial_budget"),
        ("全年预算数", "adjusted_budget"),
        ("全年执行数", "actual"),
    ];
    let ordered = chance(random, 40);
    for (level, word) in words.iter().enumerate() {
        let mut row = Vec::new();
        if level == 0 {
            row.extend(ordered.then(|| ("序号".to_owned(), depth, 1)));
            row.push(("项目名称".to_owned(), depth, 1));
        }
        row.push(((*word).to_owned(), 1, measures.len()));
        form.rows.push(row);
    }
    form.rows.push(measures.iter().map(|(h, _)| one(*h)).collect());
    let mut sums = vec![0; measures.len()];
    for (n, name) in lines(random).into_iter().enumerate() {
        let mut row: Vec<_> = ordered.then(|| one((n + 1).to_string())).into_iter().collect();
        row.push(one(name));
        for (c, (_, what)) in measures.iter().enumerate() {
            let value = amount(random);
            sums[c] += value;
            row.push(one(form.money(name, what, value)));
        }
        form.rows.push(row);
    }
    let mut row: Vec<_> = ordered.then(|| one("")).into_iter().collect();
    row.push(one("合计"));
    for ((_, what), sum) in measures.iter().zip(sums) {
        row.push(one(form.money("合计", what, sum)));
    }
    form.rows.push(row);
    form
}

pub(super) fn of_which_runs_on(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度部门支出情况表");
    let measures = [("预算数", "budget"), ("执行数", "actual")];
    form.rows.push(vec![one("支出项目"), one("预算数"), one("执行数")]);
    // The lines, each with what it is of: 0 a line of its own.
    let parts = [["人员经费", "公用经费"], ["设备购置费", "维修维护费"]];
    let numbered = chance(random, 50);
    let mut sums = [0, 0];
    for (n, (name, parts)) in ["基本支出", "项目支出"].iter().zip(parts).enumerate() {
        let whole = [amount(random) * 3, amount(random) * 3];
        sums.iter_mut().zip(whole).for_each(|(s, w)| *s += w);
        let head = if numbered {
            format!("{}.{name}", n + 1)
        } else {
            (*name).to_owned()
        };
        let mut row = vec![one(head.clone())];
        row.extend(
            measures
                .iter()
                .zip(whole)
                .map(|((_, what), v)| one(form.money(&head, what, v))),
        );
        form.rows.push(row);
        if n == 1 && chance(random, 40) {
            continue;
        }
        let mut left = whole;
        for (p, part) in parts.iter().enumerate() {
            let value = if p == 1 {
                left
            } else {
                [whole[0] / 30_000 * 10_000, whole[1] / 30_000 * 10_000]
            };
            left = [left[0] - value[0], left[1] - value[1]];
            let named = if p == 0 {
                format!("其中：{part}")
            } else {
                (*part).to_owned()
            };
            let mut row = vec![one(named.clone())];
            row.extend(
                measures
                    .iter()
                    .zip(value)
                    .map(|((_, what), v)| one(form.money(&named, what, v))),
            );
            form.rows.push(row);
        }
    }
    let mut row = vec![one("合计")];
    row.extend(
        measures
            .iter()
            .zip(sums)
            .map(|((_, what), v)| one(form.money("合计", what, v))),
    );
    form.rows
        .insert(if chance(random, 40) { 1 } else { form.rows.len() }, row);
    form
}

pub(super) fn unknown_heading(random: &mut Random) -> Form {
    let mut form = Form::titled("2023年度项目资金情况表");
    let unknown = *random.pick(&["专户归集", "统筹盘活", "核定盘子", "对口帮扶（万元）"]);
    let at = random.below(3);
    let mut heads = vec![one("项目名称"), one("预算数"), one("执行数")];
    heads.insert(1 + at, one(unknown));
    form.rows.push(heads);
    let mut body: Vec<(&str, [i64; 3])> = Vec::new();
    let mut sums = [0; 3];
    for name in lines(random) {
        let values = [amount(random), amount(random), amount(random)];
        sums.iter_mut().zip(values).for_each(|(s, v)| *s += v);
        body.push((name, values));
    }
    body.push(("合计", sums));
    for (name, [budget, actual, other]) in body {
        let mut row = vec![
            one(name),
            one(form.money(name, "budget", budget)),
            one(form.money(name, "actual", actual)),
        ];
        row.insert(1 + at, one(form.other(name, other)));
        form.rows.push(row);
    }
    form
}

//! Points of levels and indicators, upright and sideways.

use super::super::generate::{chance, decimal};
use super::{Form, one};
use crate::mutate::Random;

/// A level, and its indicators with the points that can be had and those that were, in tenths.
type Level = (&'static str, Vec<(&'static str, i64, i64)>);

/// Levels with their indicators and the points of each, in tenths.
pub(super) fn scored(random: &mut Random) -> Vec<Level> {
    let levels: [(&str, [&str; 3]); 3] = [
        ("投入", ["目标明确性", "预算编制率", "资金到位率"]),
        ("过程", ["制度健全性", "资金合规性", "预算完成率"]),
        ("产出", ["任务完成率", "验收合格率", "完成及时性"]),
    ];
    let mut out = Vec::new();
    let mut left = 1000;
    for (n, (level, names)) in levels.iter().enumerate() {
        let count = 1 + random.below(3);
        let mut items = Vec::new();
        for (i, name) in names[..count].iter().enumerate() {
            let last = n == 2 && i + 1 == count;
            let full = if last { left } else { 50 + 10 * random.below(8) as i64 };
            left -= full;
            items.push((*name, full, full - 5 * random.below(6) as i64));
        }
        out.push((*level, items));
    }
    out
}

pub(super) fn points_of_levels(random: &mut Random) -> Form {
    let mut form = Form::titled("部门整体支出绩效评价指标评分表");
    form.before.pop();
    let words = *random.pick(&[("分值", "得分"), ("标准分", "评价得分"), ("权重", "自评得分")]);
    let both = chance(random, 50);
    let mut heads = vec![one("一级指标"), one(words.0)];
    heads.extend(both.then(|| one(words.1)));
    heads.extend([one("三级指标"), one(words.0), one(words.1)]);
    form.rows.push(heads);
    let (mut full, mut got) = (0, 0);
    for (level, items) in scored(random) {
        let (f, g): (i64, i64) = items.iter().fold((0, 0), |(f, g), i| (f + i.1, g + i.2));
        (full, got) = (full + f, got + g);
        for (n, (name, weight, score)) in items.iter().enumerate() {
            let mut row = Vec::new();
            if n == 0 {
                row.push((level.to_owned(), items.len(), 1));
                row.push((decimal(f, 1, true), items.len(), 1));
                row.extend(both.then(|| (decimal(g, 1, true), items.len(), 1)));
            }
            form.points.push(decimal(g, 1, true));
            form.name(name);
            row.push(one(*name));
            row.push(one(form.points(name, "weight", *weight)));
            row.push(one(form.points(name, "score", *score)));
            form.rows.push(row);
        }
    }
    let mut row = vec![one("总分"), one(decimal(full, 1, true))];
    row.extend(both.then(|| one(decimal(got, 1, true))));
    row.extend([
        one(""),
        one(decimal(full, 1, true)),
        one(form.points("总分", "total", got)),
    ]);
    form.rows.push(row);
    form
}

pub(super) fn sheet_sideways(random: &mut Random) -> Form {
    let mut form = Form::titled("绩效评价得分情况表");
    form.before.pop();
    let deep = chance(random, 50);
    let total = *random.pick(&["合计", "总分"]);
    let (mut upper, mut names) = (
        vec![one("一级指标")],
        vec![one(if deep { "三级指标" } else { "一级指标" })],
    );
    let (mut weights, mut scores) = (vec![one(*random.pick(&["分值", "权重"]))], vec![one("得分")]);
    let (mut full, mut got) = (0, 0);
    for (level, items) in scored(random) {
        upper.push((level.to_owned(), 1, items.len()));
        for (name, weight, score) in items {
            (full, got) = (full + weight, got + score);
            form.name(name);
            names.push(one(name));
            weights.push(one(form.points(name, "weight", weight)));
            scores.push(one(form.points(name, "score", score)));
        }
    }
    if deep {
        upper.push((total.to_owned(), 2, 1));
    } else {
        names.push(one(total));
    }
    weights.push(one(decimal(full, 1, true)));
    scores.push(one(form.points("总分", "total", got)));
    if deep {
        form.rows.push(upper);
    }
    form.rows.extend([names, weights, scores]);
    form
}

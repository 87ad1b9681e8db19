//! Columns that hold no fact, and other wordings of headings.

use super::facts::plain;
use super::generate::{Draft, Part, chance, decimal};
use super::sheet::{Cell, Column, Kind, Role, Sheet};
use super::words::{COUNTS, COUNTS_OF_INDICATORS, OFFICES, WORDS, WORDS_OF_INDICATORS};
use crate::mutate::Random;
use std::sync::LazyLock;

/// Wordings that the program knows, by role.
static HEADINGS: LazyLock<toml::Table> = LazyLock::new(|| {
    include_str!("../../../patterns/headers.toml")
        .parse()
        .expect("patterns parse")
});
static FORMS: LazyLock<toml::Table> = LazyLock::new(|| {
    include_str!("../../../patterns/forms.toml")
        .parse()
        .expect("patterns parse")
});

/// The words of a list: its own, and those of other lists that name it.
fn list(table: &toml::Table, section: &str, key: &str) -> Vec<String> {
    let own = table
        .get(section)
        .and_then(|s| s.get(key))
        .and_then(toml::Value::as_array);
    let own = own.into_iter().flatten().filter_map(word).map(str::to_owned);
    let path = format!("{section}.{key}");
    let names = |also: &toml::Value| {
        let paths = also.as_array().map_or(std::slice::from_ref(also), Vec::as_slice);
        paths.iter().filter_map(toml::Value::as_str).any(|p| p.ends_with(&path))
    };
    let lists = [&*HEADINGS, &*FORMS].into_iter().flat_map(toml::Table::values);
    let lists = lists.filter_map(toml::Value::as_table).flat_map(toml::Table::values);
    let entries = lists.filter_map(toml::Value::as_array).flatten();
    let others = entries.filter(|entry| entry.get("also").is_some_and(names));
    own.chain(others.filter_map(word).map(str::to_owned)).collect()
}

/// The word of an entry.
fn word(entry: &toml::Value) -> Option<&str> {
    entry.as_str().or_else(|| entry.get("word")?.as_str())
}

/// The wordings of a role.
pub fn wordings(role: &str) -> Vec<String> {
    list(&HEADINGS, "exact", role)
}

/// Wordings that say too little beside other columns of money for a person to be sure.
const VAGUE: [&str; 23] = [
    "分数",
    "比重",
    "总分值",
    "年度指标",
    "计划指标",
    "预期指标",
    "绩效目标指标值",
    "目标指标值",
    "实际目标值",
    "绩效指标目标值",
    "完成指标值",
    "金额",
    "资金数",
    "预算调整数",
    "预算",
    "支出",
    "结转",
    "余额",
    "差额",
    "上年度",
    "上年预算数",
    "上年度预算数",
    "年度预算数",
];

/// Puts other known wordings for the headings of money.
pub fn synonyms(sheet: &mut Sheet, random: &mut Random) {
    for column in &mut sheet.columns {
        if !matches!(column.role, Role::Money | Role::Rate | Role::Points | Role::Text) || sheet.fixed {
            continue;
        }
        let own = column.head.last().cloned().unwrap_or_default();
        let Some((role, _)) = HEADINGS["exact"].as_table().into_iter().flatten().find(|(_, words)| {
            words
                .as_array()
                .into_iter()
                .flatten()
                .any(|w| w.as_str() == Some(own.as_str()))
        }) else {
            continue;
        };
        let mut words = wordings(role);
        words.retain(|w| !VAGUE.contains(&w.as_str()));
        if let Some(last) = column.head.last_mut() {
            *last = random.pick(&words).clone();
        }
    }
}

/// Puts another known word for the total.
pub fn total_synonyms(draft: &mut Draft, random: &mut Random) {
    // A total that was given a new name keeps it, whatever the next part's was called.
    let mut given: Vec<usize> = Vec::new();
    for part in &mut draft.parts {
        let Part::Sheet(sheet) = part else { continue };
        let has = |role: &Role| sheet.columns.iter().any(|c| c.role == *role);
        let year = has(&Role::Money) && has(&Role::Points);
        // Words of money tables at large; those of incomes would contradict the headings, and a year has a total of its own.
        let words: Vec<String> = if has(&Role::Money) {
            let words = list(&FORMS, "rows", "total").into_iter();
            words
                .filter(|w| !w.contains("收入") && (w.contains("年度") || w.contains("资金总额")) == year)
                .collect()
        } else {
            let words = list(&FORMS, "closing", "total").into_iter();
            words
                .filter(|w| ["分值", "分数", "("].iter().all(|no| !w.contains(no)))
                .collect()
        };
        let word = random.pick(&words).clone();
        let Some(name) = sheet.index(&Role::Name) else { continue };
        for (row, _) in sheet.kinds.iter().enumerate().filter(|(_, k)| **k == Kind::Total) {
            let cell = &mut sheet.columns[name].cells[row];
            let old = plain(&cell.text);
            for (at, fact) in draft.facts.iter_mut().enumerate() {
                if fact.name == old && fact.what != "total" && !given.contains(&at) {
                    fact.name = plain(&word);
                    given.push(at);
                }
            }
            cell.text = word.clone();
            draft.names.push(plain(&word));
        }
    }
}

/// 0.9750 for 97.50%. Below a heading with a sign of percent a person would read 0.9750%: such a column stays.
pub fn fractions(sheet: &mut Sheet) {
    let bare = |c: &&mut Column| c.role == Role::Rate && c.head.iter().all(|h| !h.contains(['%', '％']));
    for cell in sheet.columns.iter_mut().filter(bare).flat_map(|c| &mut c.cells) {
        if let Some(percent) = cell.text.strip_suffix('%') {
            cell.text = fraction(percent);
        }
    }
}

/// A hundredth of a figure, with all its digits: 0.77 of 77, 0.975 of 97.5.
pub fn fraction(percent: &str) -> String {
    let decimals = percent.split_once('.').map_or(0, |(_, d)| d.len());
    let digits = percent.replace('.', "").parse().expect("a rate is a number");
    decimal(digits, decimals + 2, false)
}

/// Inserts a column anywhere but within what a merged total covers; `text` gives the cell of an item by its number.
fn insert(
    sheet: &mut Sheet,
    random: &mut Random,
    role: Role,
    heading: &str,
    mut text: impl FnMut(&mut Random, usize) -> String,
) {
    if sheet
        .columns
        .iter()
        .any(|c| c.head.last().is_some_and(|h| h == heading))
    {
        return;
    }
    let mut number = 0;
    let mut cells = Vec::new();
    for kind in &sheet.kinds {
        // In a funding block the sources are its items.
        let item = *kind == Kind::Item || *kind == Kind::OfWhich && !sheet.kinds.contains(&Kind::Item);
        number += usize::from(item);
        let text = if item { text(random, number) } else { String::new() };
        cells.push(Cell {
            text,
            with_above: false,
        });
    }
    let at = random.below(sheet.columns.len() + 1);
    // Between a level and its points another column would part them.
    let at = if sheet.fixed && at > 0 { sheet.columns.len() } else { at };
    sheet.columns.insert(
        at,
        Column {
            role,
            head: vec![heading.to_owned()],
            cells,
        },
    );
}

/// Whether a sheet holds indicators rather than money.
fn of_indicators(sheet: &Sheet) -> bool {
    sheet.columns.iter().all(|c| c.role != Role::Money)
}

pub fn words(sheet: &mut Sheet, random: &mut Random) {
    let (heading, words) = if of_indicators(sheet) {
        *random.pick(&WORDS_OF_INDICATORS)
    } else {
        *random.pick(&WORDS)
    };
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        (*random.pick(words)).to_owned()
    });
}

/// Offices beside names that are none: else a person could take them for the names.
pub fn offices(sheet: &mut Sheet, random: &mut Random) {
    let named = sheet
        .index(&Role::Name)
        .map(|n| sheet.columns[n].head.concat())
        .unwrap_or_default();
    let heading = *random.pick(&["主管部门", "责任单位", "实施单位", "项目主管单位"]);
    if ["单位", "区", "县"].iter().all(|w| !named.contains(w)) {
        insert(sheet, random, Role::Neutral, heading, |random, _| {
            (*random.pick(&OFFICES)).to_owned()
        });
    }
}

pub fn counts(sheet: &mut Sheet, random: &mut Random) {
    let (heading, most) = if of_indicators(sheet) {
        *random.pick(&COUNTS_OF_INDICATORS)
    } else {
        *random.pick(&COUNTS)
    };
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        (1 + random.below(most)).to_string()
    });
    if !of_indicators(sheet) && chance(random, 60) {
        sum_up(sheet, heading);
    }
}

/// The total of a column of counts, and those of its groups.
fn sum_up(sheet: &mut Sheet, heading: &str) {
    let Some(column) = sheet
        .columns
        .iter_mut()
        .find(|c| c.head.last().is_some_and(|h| h == heading))
    else {
        return;
    };
    let sum: usize = column.cells.iter().filter_map(|c| c.text.parse::<usize>().ok()).sum();
    let kinds = &sheet.kinds;
    for (cell, _) in column.cells.iter_mut().zip(kinds).filter(|(_, k)| **k == Kind::Total) {
        cell.text = sum.to_string();
    }
}

pub fn codes(sheet: &mut Sheet, random: &mut Random) {
    let headings = ["科目编码", "功能科目编码", "科目代码", "支出功能分类科目编码"];
    let heading = if of_indicators(sheet) {
        "指标编码"
    } else {
        *random.pick(&headings)
    };
    let class = 201 + random.below(29);
    let length = random.below(4);
    insert(sheet, random, Role::Neutral, heading, |random, n| {
        let (section, item) = (format!("{:02}", 1 + n / 3), format!("{:02}", 1 + random.below(50)));
        match if length == 3 { random.below(3) } else { length } {
            0 => format!("{}", class + n),
            1 => format!("{class}{section}"),
            _ => format!("{class}{section}{item}"),
        }
    });
}

pub fn numbers(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["项目编号", "项目编码", "编号", "项目代码"]);
    let heading = if of_indicators(sheet) { "指标编号" } else { heading };
    let shape = random.below(3);
    insert(sheet, random, Role::Neutral, heading, |random, n| match shape {
        0 => format!("2022-{n:03}"),
        1 => format!("XM2022{:04}", 10 * n + random.below(9)),
        _ => format!("4407002200{:05}", 100 * n + random.below(90)),
    });
}

pub fn dates(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["下达时间", "立项时间", "完成时间", "下达日期"]);
    let heading = if of_indicators(sheet) { "考核时间" } else { heading };
    let shape = random.below(4);
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        let (month, day) = (1 + random.below(12), 1 + random.below(28));
        match shape {
            0 => format!("2022-{month:02}-{day:02}"),
            1 => format!("2022年{month}月{day}日"),
            2 => format!("2022.{month:02}"),
            _ => format!("2022年{month}月"),
        }
    });
}

pub fn letters(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["文号", "下达文号", "指标文号"]);
    let office = *random.pick(&["粤财工", "达市财建", "皖财农", "桂财教"]);
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        format!("{office}〔2022〕{}号", 1 + random.below(200))
    });
}

pub fn marks(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["是否重点项目", "是否完成", "民生实事", "是否跨年"]);
    let heading = if of_indicators(sheet) {
        "是否核心指标"
    } else {
        heading
    };
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        if random.below(2) == 0 {
            "√".to_owned()
        } else {
            String::new()
        }
    });
}

pub fn remarks(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["备注", "说明", "备注"]);
    insert(sheet, random, Role::Neutral, heading, |random, _| {
        (*random.pick(&["", "", "年中追加", "跨年实施", "含上年结转", "按进度拨付", "资金已收回"])).to_owned()
    });
}

pub fn not_applicable(sheet: &mut Sheet, random: &mut Random) {
    let heading = *random.pick(&["绩效等级", "招标方式", "合同签订情况"]);
    let heading = if of_indicators(sheet) { "抽查情况" } else { heading };
    insert(sheet, random, Role::Neutral, heading, |_, _| "不适用".to_owned());
}

pub fn sequence(sheet: &mut Sheet, random: &mut Random) {
    // 1, 2 … beside names that have ordinals already would be two orders.
    let heading = *random.pick(&["序号", "编号", "行次", "No."]);
    insert(sheet, random, Role::Sequence, heading, |_, n| n.to_string());
    // Mostly at the left, where people put it.
    if chance(random, 75)
        && let Some(at) = sheet.index(&Role::Sequence)
    {
        let column = sheet.columns.remove(at);
        sheet.columns.insert(0, column);
    }
}

/// The row of numbers below the headings.
pub fn column_numbers(sheet: &mut Sheet, random: &mut Random) {
    let width = sheet.columns.len();
    let shape = random.below(5);
    let mut numbers: Vec<String> = (1..=width)
        .map(|n| match shape {
            0 => n.to_string(),
            1 => format!("({n})"),
            2 => format!("（{n}）"),
            _ => (n - 1).to_string(),
        })
        .collect();
    if shape > 2 {
        numbers[0] = "栏次".to_owned();
    }
    // 3=1-2: a balance after its terms.
    let balance = |c: &Column| c.head.last().is_some_and(|h| wordings("balance").contains(h));
    if shape == 4
        && let Some(at) = sheet.columns.iter().position(balance)
        && at > 2
        && sheet.columns[at - 2..at].iter().all(|c| c.role == Role::Money)
    {
        numbers[at] = format!("{at}={}-{}", at - 2, at - 1);
    }
    sheet.numbers = Some(numbers);
}

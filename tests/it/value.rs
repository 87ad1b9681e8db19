//! Values, amounts and verdicts: table-driven cases, and the hand-checked truth of the shared corpus where it exists.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may fail that way

use heshu::model::{Value, ValueKind};
use heshu::normalize::unit::{Expects, UnitHints, amount};
use heshu::normalize::{met, value};
use heshu::pattern::Patterns;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::path::PathBuf;

fn patterns() -> Patterns {
    Patterns::builtin().expect("the built-in patterns load")
}

/// A value in one line: kind, figures, unit, date.
fn shown(v: &Value) -> String {
    let figures = [v.value, v.low, v.high]
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("..");
    let parts = v.parts.iter().map(shown).collect::<Vec<_>>().join(" + ");
    let words = [
        v.kind.name().to_owned(),
        figures,
        v.unit.clone().unwrap_or_default(),
        v.date.clone().unwrap_or_default(),
        parts,
    ];
    words
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn cells_as_values() {
    let patterns = patterns();
    for (raw, expected) in [
        ("", "empty"),
        ("——", "empty"),
        ("/", "empty"),
        ("无", "empty"),
        ("　-　", "empty"),
        ("100%", "exact 100 %"),
        ("100％", "exact 100 %"),
        ("=100%", "exact 100 %"),
        ("＝1", "exact 1"),
        ("0个", "exact 0 个"),
        ("189", "exact 189"),
        ("3,219平方米", "exact 3219 平方米"),
        ("208万", "exact 208 万"),
        ("1.2亿元", "exact 1.2 亿元"),
        ("三家", "exact 3 家"),
        ("百分之二十", "exact 20 %"),
        ("2451（不含预留部分）", "exact 2451"),
        ("100%（应到10人，实到10人）", "exact 100 %"),
        ("510 家", "exact 510 家"),
        ("12尾", "exact 12 尾"),
        ("1 020.16万元", "exact 1020.16 万元"),
        ("500元/户", "exact 500 元/户"),
        ("-2.3%", "exact -2.3 %"),
        ("≧3次/周", "at_least 3 次/周"),
        ("≥90.00％", "at_least 90.00 %"),
        ("指标值：≥95%", "at_least 95 %"),
        (">=95%", "at_least 95 %"),
        ("大于等于95%", "at_least 95 %"),
        ("不低于95%", "at_least 95 %"),
        ("不少于 12 场次", "at_least 12 场次"),
        ("10亿元以上", "at_least 10 亿元"),
        ("90%及以上", "at_least 90 %"),
        ("90%（含）以上", "at_least 90 %"),
        ("达到90%以上", "at_least 90 %"),
        ("满意度≥95%", "at_least 95 %"),
        ("＞150人", "more_than 150 人"),
        ("超过2000万元", "more_than 2000 万元"),
        ("≤5%", "at_most 5 %"),
        ("不超过3天", "at_most 3 天"),
        ("控制在10%以内", "at_most 10 %"),
        ("30个工作日内", "at_most 30 个工作日"),
        ("<1%", "less_than 1 %"),
        ("低于5起", "less_than 5 起"),
        ("7.8%左右", "approximate 7.8 %"),
        ("约47家", "approximate 47 家"),
        ("20余家", "approximate 20 家"),
        ("2-3家", "range 2..3 家"),
        ("3～5场", "range 3..5 场"),
        ("90%-95%", "range 90..95 %"),
        ("10-15%", "range 10..15 %"),
        ("3家至5家", "range 3..5 家"),
        ("2023年12月31日", "date 2023-12-31"),
        ("2023年12月底前", "date 2023-12"),
        ("12月底前", "date"),
        ("2021.12", "date 2021-12"),
        ("2021.12前", "date 2021-12"),
        ("20211231", "date 2021-12-31"),
        ("第四季度", "date"),
        ("1 0 0 %", "qualitative"),
        ("12（个）", "exact 12 个"),
        ("5000元/人/年", "exact 5000 元/人/年"),
        ("满意度90%以上（含90%）", "at_least 90 %"),
        ("80%＜X≤90%", "qualitative"),
        (
            "2023年6月30日前完成80%，12月底前完成100%",
            "compound exact 80 % + exact 100 %",
        ),
        ("全部符合", "qualitative"),
        ("有效提升", "qualitative"),
        ("优良中低差", "qualitative"),
        ("一次性通过", "qualitative"),
        ("1:1", "qualitative"),
        ("1.2E3", "qualitative"),
        ("5G", "qualitative"),
        ("定性：良好", "qualitative"),
        ("未发生1起安全事故", "qualitative"),
        ("对全县12个乡镇的项目开展了检查工作并督促整改到位", "qualitative"),
        ("完成3次培训和5场会议", "compound exact 3 次 + exact 5 场"),
        ("培训100人次，满意度95%", "compound exact 100 人次 + exact 95 %"),
        ("≥80%且≤95%", "compound at_least 80 % + at_most 95 %"),
        // Signs.
        ("–6%", "exact -6 %"),
        ("－ 9.50", "exact -9.50"),
        ("△3%", "exact -3 %"),
        ("▲15.00万元", "exact -15.00 万元"),
        ("▼6%", "exact -6 %"),
        ("↓6%", "exact -6 %"),
        ("负增长6%", "exact -6 %"),
        ("负10.00", "exact -10.00"),
        ("增长-2.1%", "exact -2.1 %"),
        ("比上年增长－2.1％", "exact -2.1 %"),
        ("结余-33.3万元", "exact -33.3 万元"),
        ("误差±5mm以内", "at_most 5 mm"),
        ("正负3%", "exact 3 %"),
        ("负责3项", "exact 3 项"),
        ("担负3项任务", "exact 3 项"),
        ("人员经费-120万元", "qualitative"),
        ("（1.16%）", "qualitative"),
        ("（1.16）%", "qualitative"),
        ("(120)万元", "qualitative"),
        ("—5%", "qualitative"),
        ("≥-3%", "at_least -3 %"),
        ("-5℃～10℃", "range -5..10 ℃"),
        ("-5%~-3%", "range -5..-3 %"),
        ("-5℃至-3℃", "range -5..-3 ℃"),
        ("3家-5家", "range 3..5 家"),
        // Amounts in pieces.
        ("1亿2300万元", "exact 12300 万元"),
        ("1亿2,300万元", "exact 12300 万元"),
        ("≥12亿3456万元", "at_least 123456 万元"),
        ("1亿零500万元", "exact 10500 万元"),
        ("3万5千元", "exact 35 千元"),
        ("12万3456元", "exact 123456 元"),
        ("120万零3456元", "exact 1203456 元"),
        ("5元6角", "exact 5.60 元"),
        ("5元6角2分", "exact 5.62 元"),
        ("叁仟元伍角整", "exact 3000.50 元"),
        ("2千3百万元以上", "at_least 23 百万元"),
        ("1万2千户", "exact 12 千户"),
        ("3万5", "qualitative"),
        ("1.2亿300万元", "qualitative"),
        ("12亿13000万元", "qualitative"),
        ("两千万元", "exact 20000000 元"),
        ("三十五万元", "exact 350000 元"),
        ("投资3.2个亿", "exact 3.2 个亿"),
        // Currencies.
        ("≤￥500", "at_most 500 元"),
        ("￥≤500", "at_most 500 元"),
        ("￥1,200.00", "exact 1200.00 元"),
        ("￥120万", "exact 120 万元"),
        ("人民币120万元", "exact 120 万元"),
        ("≤$50万", "at_most 50 万美元"),
        ("US$50", "exact 50 美元"),
        ("HK$1,000.00", "exact 1000.00 港元"),
        ("50万欧元", "exact 50 万欧元"),
        ("300亿日元", "exact 300 亿日元"),
        ("美元50万", "exact 50 万美元"),
        ("US$50万元", "exact 50 万美元"),
        ("港币20万元", "exact 20 万港元"),
        ("￥50万美元", "qualitative"),
        ("2亿多元", "approximate 2 亿元"),
        ("3000余万元", "approximate 3000 万元"),
        ("1亿2000余万元", "approximate 12000 万元"),
        ("伍佰万元整", "exact 5000000 元"),
        ("RMB50万元", "exact 50 万元"),
        ("EUR50万", "exact 50 万欧元"),
        ("JPY500", "exact 500 日元"),
        // Apostrophes group digits; what is no group is no number.
        ("1'234.56万元", "exact 1234.56 万元"),
        ("1’234’567元", "exact 1234567 元"),
        ("1'23万元", "qualitative"),
        ("1.234,56万元", "qualitative"),
        // Expressions: no number of one is the value.
        ("5×10^4元", "qualitative"),
        ("5±1家", "qualitative"),
        ("90%±5%", "qualitative"),
        ("±2℃", "exact 2 ℃"),
        ("5家±1家", "qualitative"),
        ("3×5米", "qualitative"),
        ("∛8", "qualitative"),
        ("√100%", "exact 100 %"),
        // Comparators told from the other side.
        ("≮100人", "at_least 100 人"),
        ("≯5%", "at_most 5 %"),
        // Parts of ten thousand and of a hundred thousand.
        ("≤12/10万", "at_most 12 /10万"),
        ("9.8/10万人", "exact 9.8 /10万人"),
        ("2.5/万", "exact 2.5 /万"),
        // Units of prices.
        ("1500元每人每年", "exact 1500 元每人每年"),
        ("100万－200万元", "range 100..200 万元"),
        ("1亿—2亿元", "range 1..2 亿元"),
        ("每人每年1500元", "exact 1500 元/人·年"),
        ("≤每亩300元", "exact 300 元/亩"),
        ("≤200元/人*月", "at_most 200 元/人*月"),
        ("5000元/公里·年", "exact 5000 元/公里·年"),
        ("800元/(人·月)", "exact 800 元/(人·月)"),
        ("800元/（人·月）", "exact 800 元/(人·月)"),
        ("400元/人、天", "exact 400 元/人、天"),
        ("≥300人次/天", "at_least 300 人次/天"),
        ("1.5万元/公里（含税）", "exact 1.5 万元/公里"),
        // Signs of other fonts, spaces, look-alikes.
        ("\u{f0b3}95%", "at_least 95 %"),
        ("⩾95%", "at_least 95 %"),
        ("═95%", "exact 95 %"),
        ("\u{fffd}95%", "qualitative"),
        ("\u{f012}95%", "qualitative"),
        ("1OO", "qualitative"),
        ("1 350人次", "qualitative"),
        ("⼤于80分", "more_than 80 分"),
        ("≥⼆⼗⼾", "at_least 20 户"),
        ("九成以上", "at_least 9 成"),
        ("9成", "exact 9 成"),
        ("≤5‱", "at_most 5 ‱"),
        ("百分百", "exact 100 %"),
        ("≥95%以上", "at_least 95 %"),
        ("95%±2%", "qualitative"),
        // Months and years are no figures.
        ("2022.6-2022.12", "date"),
        ("2022年6月—12月", "date"),
        ("2022.12.31", "date 2022-12-31"),
    ] {
        assert_eq!(shown(&value::read(raw, None, None, &patterns)), expected, "{raw}");
    }
}

#[test]
fn sign_and_unit_in_columns_of_their_own() {
    let patterns = patterns();
    for (sign, raw, unit, expected) in [
        ("≥", "95", "%", "at_least 95 %"),
        ("＝", "12", "个", "exact 12 个"),
        ("≤", "30", "天", "at_most 30 天"),
        ("定性", "好", "", "qualitative"),
        ("定性", "高中低", "级", "qualitative"),
        ("≥", "≤5", "%", "at_most 5 %"),
        ("≥", "200", "/", "at_least 200"),
        ("", "3家", "个", "exact 3 家"),
        ("≥", "", "%", "empty"),
    ] {
        assert_eq!(
            shown(&value::read(raw, Some(unit), Some(sign), &patterns)),
            expected,
            "{sign} {raw} {unit}"
        );
    }
}

#[test]
fn units_of_headings_and_captions() {
    let patterns = patterns();
    for (text, expected) in [
        ("单位：万元", Some("万元")),
        ("金额（万元）", Some("万元")),
        ("单位:人民币万元", Some("万元")),
        ("单位：元  %", Some("元")),
        ("（金额单位：元）", Some("元")),
        ("编制单位：某某局　　金额单位：万元", Some("万元")),
        ("预算数（单位:亿元）", Some("亿元")),
        ("预算数万元", Some("万元")),
        ("万元", Some("万元")),
        ("单位：%", None),
        ("实施单位", None),
        ("单位名称", None),
        ("多元投入", None),
        ("执行率（%）", None),
    ] {
        assert_eq!(patterns.stated_money(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn amounts_of_cells() {
    let patterns = patterns();
    let hints = UnitHints {
        header: Some("预算金额"),
        caption: Some("单位：万元"),
        ..UnitHints::default()
    };
    for (raw, expects, value, unit, yuan) in [
        (
            "2451（不含预留部分）",
            Expects::Money,
            Some("2451"),
            Some("万元"),
            Some("24510000"),
        ),
        (
            "1,020.16",
            Expects::Money,
            Some("1020.16"),
            Some("万元"),
            Some("10201600"),
        ),
        ("97.00", Expects::Money, Some("97.00"), Some("万元"), Some("970000")),
        ("1500元", Expects::Money, Some("1500"), Some("元"), Some("1500")),
        ("208万", Expects::Money, Some("208"), Some("万"), Some("2080000")),
        (
            "壹佰贰拾万元整",
            Expects::Money,
            Some("1200000"),
            Some("元"),
            Some("1200000"),
        ),
        ("-3.5", Expects::Money, Some("-3.5"), Some("万元"), Some("-35000")),
        ("98.82%", Expects::Rate, Some("98.82"), Some("%"), None),
        ("98.82", Expects::Rate, Some("98.82"), None, None),
        ("12.5", Expects::Points, Some("12.5"), None, None),
        ("——", Expects::Money, None, None, None),
        ("", Expects::Money, None, None, None),
        ("100 50", Expects::Money, None, None, None),
        ("（100）", Expects::Money, None, None, None),
        ("详见附件", Expects::Money, None, None, None),
        ("10-20", Expects::Money, None, None, None),
    ] {
        let read = amount(raw, hints, expects, &patterns);
        let found = (
            read.value.map(|v| v.to_string()),
            read.unit,
            read.yuan.map(|v| v.to_string()),
        );
        let expected = (
            value.map(str::to_owned),
            unit.map(str::to_owned),
            yuan.map(str::to_owned),
        );
        assert_eq!(found, expected, "{raw}");
        let blank = raw.is_empty() || raw == "——";
        assert_eq!(
            read.problem.is_some(),
            value.is_none() && !blank,
            "{raw}: a cell that is not blank says why it gave nothing"
        );
    }
    let rate = UnitHints {
        header: Some("执行率（%）"),
        ..hints
    };
    assert_eq!(
        amount("98.82", rate, Expects::Rate, &patterns).unit.as_deref(),
        Some("%")
    );
    let yuan = UnitHints {
        header: Some("金额（元）"),
        ..hints
    };
    assert_eq!(
        amount("98.82", yuan, Expects::Money, &patterns).unit.as_deref(),
        Some("元")
    );
    let unknown = amount("98.82", UnitHints::default(), Expects::Money, &patterns);
    assert_eq!((unknown.unit, unknown.yuan), (None, None), "no unit is invented");
}

#[test]
fn met_in_the_direction_of_the_target() {
    let patterns = patterns();
    for (target, actual, name, expected) in [
        ("2-3家", "4家", "新增数量", Some(true)),
        ("2-3家", "1家", "新增数量", Some(false)),
        ("≧5%", "4%", "增长率", Some(false)),
        ("≧1200万元", "≧5000万元", "投入", Some(true)),
        ("≧1200万元", "≧1000万元", "投入", None),
        ("≧150人", "＞150人", "参会人数", Some(true)),
        ("＞150人", "150人", "参会人数", Some(false)),
        ("≧1000人次", "1000人", "参会企业人数", Some(true)),
        ("7.8%左右", "4.5%", "增速", Some(false)),
        ("7.8%左右", "7.5%", "增速", Some(true)),
        ("5亿元", "48000万元", "融资额度", Some(false)),
        ("5亿元", "5.79亿元", "融资额度", Some(true)),
        ("100万元", "90万元", "项目成本", Some(true)),
        ("100万元", "110万元", "项目成本", Some(false)),
        ("100%", "95%", "投诉处理率", Some(false)),
        ("≤30天", "28天", "办理时限", Some(true)),
        ("30天", "28天", "办理时限", Some(true)),
        ("30天", "28天", "服务天数累计", Some(true)),
        ("30天", "28天", "值守", None),
        ("95%", "0.96", "满意度", None),
        ("100家以上", "189", "新增企业", Some(true)),
        ("3家", "3吨", "数量", None),
        ("208万", "208万元", "扶持资金", Some(true)),
        ("全部符合", "基本符合", "合理性", Some(false)),
        ("全部符合", "全部符合", "合理性", Some(true)),
        ("基本达成", "部分达成", "保障", Some(false)),
        ("有效提升", "达成年度指标", "影响", Some(true)),
        ("有效提升", "部分达成年度指标并具有一定效果", "影响", Some(false)),
        ("有效提升", "持续推进", "影响", None),
        ("2023年12月底前", "2023年12月15日", "完成时间", Some(true)),
        ("2023年12月31日", "2024年1月5日", "完成时间", Some(false)),
        ("2023年12月31日", "2023年12月", "完成时间", Some(true)),
        ("2023年12月15日", "2023年12月", "完成时间", None),
        ("2023年12月31日", "按时完成", "完成时间", Some(true)),
        ("≥3家", "未完成", "数量", Some(false)),
        ("100%", "", "满意度", None),
        // Inside of a range no direction is asked.
        ("3~5年", "4年", "使用年限", Some(true)),
        ("3~5年", "6年", "使用年限", None),
        ("10-15天", "12天", "办理时限", Some(true)),
        ("10-15天", "16天", "办理时限", Some(false)),
        // Money that is neither a cost nor a gain by its name.
        ("50万元", "48万元", "设备购置", None),
        ("50万元", "52万元", "设备购置", None),
        ("50万元", "50万元", "设备购置", Some(true)),
        ("约50万元", "49万元", "设备购置", Some(true)),
        ("约50万元", "40万元", "设备购置", None),
        ("50万元", "48万元", "设备购置费用", Some(true)),
        ("50万元", "48万元", "新增产值", Some(false)),
        ("50万元", "48万元", "税收收入", Some(false)),
        ("≥50万元", "48万元", "设备购置", Some(false)),
        ("≤12/10万", "9.8/10万", "孕产妇死亡率", Some(true)),
        ("200元每人每月", "200元/人·月", "发放标准", Some(true)),
        ("每人每月200元", "200元/月·人", "发放标准", Some(true)),
        ("100万-200万元", "150万元", "设备购置", Some(true)),
        ("≤5‰", "0.45%", "出生缺陷率", Some(true)),
        ("5%", "6%", "投诉下降率", Some(true)),
        ("5%", "4%", "投诉下降率", Some(false)),
        ("5%", "6%", "投诉率", Some(false)),
        ("下降3%", "下降4%", "能耗", Some(true)),
        ("下降3%", "上升2%", "能耗", Some(false)),
        ("≥-3%", "-4%", "工业增加值增速", Some(false)),
        ("增长5%", "负增长2%", "税收增长率", Some(false)),
    ] {
        let read = |raw| value::read(raw, None, None, &patterns);
        assert_eq!(
            met::judge(&read(target), &read(actual), name, &patterns),
            expected,
            "{target} / {actual} / {name}"
        );
    }
}

fn truths() -> Vec<(String, Json)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/truth");
    let mut found = Vec::new();
    for i in 0..5 {
        let name = format!("seed{i:03}");
        if let Ok(text) = std::fs::read_to_string(folder.join(format!("{name}.json"))) {
            found.push((name, serde_json::from_str(&text).expect("the truth is JSON")));
        }
    }
    if found.is_empty() {
        eprintln!("../shared/corpus is not here: nothing to compare with");
    }
    found
}

#[test]
fn seed_truths_agree() {
    let patterns = patterns();
    let text = |v: &Json| v.as_str().map(str::to_owned);
    let (mut compared, mut wrong) = (0, Vec::new());
    for (file, truth) in truths() {
        for row in truth["indicators"].as_array().into_iter().flatten() {
            let mut read = Vec::new();
            for side in ["target", "actual"] {
                let raw = text(&row[format!("{side}_raw")]).unwrap_or_default();
                let found = value::read(&raw, None, None, &patterns);
                let gold = &row[side];
                let kind = match gold["op"].as_str() {
                    None => "empty",
                    Some("eq") => "exact",
                    Some("ge") => "at_least",
                    Some("gt") => "more_than",
                    Some("range") => "range",
                    Some("approx") => "approximate",
                    // Wordings with several figures: the output contract calls them compound and keeps each part.
                    Some("text") if gold["parts"].is_array() => "compound",
                    Some("text") => "qualitative",
                    Some(other) => other,
                };
                let same = found.kind.name() == kind
                    && (matches!(kind, "qualitative" | "compound" | "empty")
                        || (text(&gold["value"]) == found.value.map(|v| v.to_string())
                            && text(&gold["low"]) == found.low.map(|v| v.to_string())
                            && text(&gold["high"]) == found.high.map(|v| v.to_string())
                            && text(&gold["unit"]) == found.unit));
                compared += 1;
                if !same {
                    wrong.push(format!("{file} {raw}: {gold} / {}", shown(&found)));
                }
                if kind == "compound" {
                    assert_eq!(found.parts.len(), gold["parts"].as_array().map_or(0, Vec::len), "{raw}");
                    assert_eq!(found.kind, ValueKind::Compound);
                }
                read.push(found);
            }
            let met = met::judge(&read[0], &read[1], row["name"].as_str().unwrap_or_default(), &patterns);
            compared += 1;
            if met != row["met"].as_bool() {
                wrong.push(format!(
                    "{file} {} {}: met {met:?}, truth {}",
                    read[0].raw, read[1].raw, row["met"]
                ));
            }
        }
    }
    eprintln!(
        "{compared} values and verdicts compared with the truth, {} differ",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn a_value_never_panics_and_keeps_its_text(raw in "[0-9０-９.,，≥≤＞<~～\\-—%％（） 万亿元家个次年月日超过以上以下内左右约余第未、；三十百分之/]{0,24}") {
        let patterns = patterns_once();
        let read = value::read(&raw, Some("个"), Some("≥"), patterns);
        prop_assert_eq!(read.raw, raw.trim());
        let _ = amount(&raw, UnitHints { header: Some(&raw), caption: Some(&raw), ..UnitHints::default() }, Expects::Money, patterns);
    }

    /// A generated target reads back: sign, figure in any dress, unit.
    #[test]
    fn generated_targets_read_back(n in 0_i64..1_000_000, scale in 0_u32..3, sign in 0_usize..6, unit in 0_usize..6, wide: bool) {
        let patterns = patterns_once();
        let number = rust_decimal::Decimal::new(n, scale).to_string();
        let (before, after, kind) = [
            ("", "", ValueKind::Exact),
            ("≥", "", ValueKind::AtLeast),
            ("不超过", "", ValueKind::AtMost),
            ("", "以上", ValueKind::AtLeast),
            ("约", "", ValueKind::Approximate),
            ("低于", "", ValueKind::LessThan),
        ][sign];
        let unit = ["家", "%", "万元", "人次", "平方米", "万亩"][unit];
        let dressed = if wide { number.chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect() } else { number.clone() };
        let read = value::read(&format!("{before}{dressed}{unit}{after}"), None, None, patterns);
        prop_assert_eq!((read.kind, read.value.map(|v| v.to_string()), read.unit.as_deref()), (kind, Some(number), Some(unit)));
    }
}

fn patterns_once() -> &'static Patterns {
    static PATTERNS: std::sync::OnceLock<Patterns> = std::sync::OnceLock::new();
    PATTERNS.get_or_init(patterns)
}

/// Statements of the seeds beside the hand-checked figures of their prose: value, unit, sentence, kind, qualifier, offsets.
#[test]
fn seed_statements_agree() {
    let patterns = patterns_once();
    let reports = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/reports");
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (mut hit, mut wanted, mut found, mut agreeing) = (0, 0, 0, 0);
    let verbose = std::env::var_os("HESHU_STATEMENTS").is_some();
    for (file, truth) in truths() {
        let Ok(bytes) = std::fs::read(reports.join(format!("{file}.utf8.txt"))) else {
            continue;
        };
        let report = heshu::extract(&bytes, &file, patterns).unwrap();
        let mut left: Vec<_> = report.statements.iter().collect();
        found += left.len();
        for gold in truth["prose_amounts"].as_array().into_iter().flatten() {
            let text = |key: &str| gold[key].as_str().unwrap_or_default().to_owned();
            let sentence = squeeze(&text("sentence"));
            wanted += 1;
            let same = |s: &&heshu::model::Statement| {
                let own = squeeze(s.source.text.as_deref().unwrap_or_default());
                s.value.map(|v| v.to_string()) == Some(text("value"))
                    && s.unit.as_deref().map(squeeze) == Some(squeeze(&text("unit")))
                    && (own.contains(&sentence) || sentence.contains(&own))
            };
            let Some(at) = left.iter().position(same) else {
                eprintln!("{file} missed {} in {}", text("raw"), text("sentence"));
                continue;
            };
            let statement = left.remove(at);
            hit += 1;
            let kind = match gold["kind"].as_str() {
                Some("money") => "amount",
                Some("percent" | "points") => "rate",
                // 66.57倍 is a multiple, and the output contract counts multiples as rates.
                Some("count") if text("unit") == "倍" => "rate",
                Some(other) => other,
                None => "",
            };
            let qualifier = match gold["qualifier"].as_str() {
                Some("gt") => ValueKind::MoreThan,
                Some("ge") => ValueKind::AtLeast,
                Some("约") => ValueKind::Approximate,
                _ => ValueKind::Exact,
            };
            if statement.kind.name() == kind && statement.qualifier == qualifier {
                agreeing += 1;
            } else {
                eprintln!(
                    "{file} {}: {} {}, truth {kind} {}",
                    text("raw"),
                    statement.kind.name(),
                    statement.qualifier.name(),
                    qualifier.name()
                );
            }
            let own: Vec<char> = statement.source.text.as_deref().unwrap_or_default().chars().collect();
            let shown: String = own[statement.start..statement.end].iter().collect();
            assert!(
                squeeze(&text("raw")).contains(&squeeze(&shown)),
                "{file} {}: the offsets give {shown}",
                text("raw")
            );
            if verbose {
                eprintln!(
                    "{} | {} | {}",
                    statement.raw,
                    shown,
                    statement.subject.as_deref().unwrap_or("-")
                );
            }
        }
        for extra in left {
            eprintln!(
                "{file} extra {:?} {:?} in {}",
                extra.value.map(|v| v.to_string()),
                extra.unit,
                extra.source.text.as_deref().unwrap_or_default()
            );
        }
    }
    if wanted > 0 {
        eprintln!("statements: recall {hit}/{wanted}, precision {hit}/{found}, kind and qualifier {agreeing}/{hit}");
        assert!(hit * 100 >= wanted * 95, "recall under 95 %");
        assert!(hit * 100 >= found * 90, "precision under 90 %");
    }
}

fn statements_of(text: &str) -> Vec<heshu::model::Statement> {
    let mut document = heshu::model::Document::new(heshu::model::Format::Txt);
    for line in text.split("\n\n") {
        let paragraph = heshu::model::Paragraph::body(line);
        document.blocks.push(heshu::model::Block::Paragraph(paragraph));
    }
    heshu::normalize::statement::statements(&document, None, patterns_once())
}

#[test]
fn statements_with_their_subjects() {
    for (text, expected) in [
        ("支出率达98.82%。", "rate 98.82 % 支出率"),
        (
            "专项资金支出金额为1,114.44万元，",
            "amount 1114.44 万元 专项资金支出金额",
        ),
        (
            "共支持11家企业12个项目，支持金额80万元。",
            "count 11 家 企业; count 12 个 项目; amount 80 万元 支持金额",
        ),
        (
            "包括：新型工业化考核奖励711万元、园区建设奖励210万元",
            "amount 711 万元 新型工业化考核奖励; amount 210 万元 园区建设奖励",
        ),
        (
            "其中：高新区180万元、南县50万元",
            "amount 180 万元 高新区; amount 50 万元 南县",
        ),
        (
            "争取扶持资金合计 7.21 亿元，较 2021 年（2.33 亿元）增长 209.44%。",
            "amount 7.21 亿元 扶持资金; amount 2.33 亿元 扶持资金; rate 209.44 % 扶持资金",
        ),
        ("2022年全年预算 4,929.99 万元", "amount 4929.99 万元 全年预算"),
        (
            "工业投资同比增长3.1%，高于全省1.5个百分点",
            "rate 3.1 % 工业投资; rate 1.5 个百分点 工业投资",
        ),
        ("自评得分96分，扣4分。", "score 96 分 自评得分; score 4 分 自评得分"),
        ("完成征地超2.4万亩", "count 2.4 万亩 征地"),
        ("安排资金30万", "amount 30 万 安排资金"),
        ("服务群众30万人次", "count 30 万人次 群众"),
        ("下设十个二级项目，分三大类，两个批次", "count 10 个 二级项目"),
        ("资金占比百分之二十", "rate 20 % 资金"),
        ("增长10%-15%", "rate - % 增长"),
    ] {
        let shown: Vec<String> = statements_of(text)
            .iter()
            .map(|s| {
                let value = s.value.map_or("-".to_owned(), |v| v.to_string());
                let unit = s.unit.as_deref().unwrap_or_default();
                format!(
                    "{} {value} {unit} {}",
                    s.kind.name(),
                    s.subject.as_deref().unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(shown.join("; "), expected, "{text}");
    }
}

#[test]
fn what_is_no_statement() {
    for text in [
        "根据《关于下达2021年10个项目资金的通知》（江财工〔2021〕47号）",
        "2021年4月10日，十四五期间，第5名，排名前3位，第十一届",
        "实施“135”工程和“5+N”产业集群，推进5G、4G建设",
        "联系电话：0750-3279000，邮编529000",
        "用时3个月，12月底前完成，全年365天",
        "9点30分召开，8时15分结束",
        "各占三分之一，三个地市之一，一个",
        "十分重要，百分之",
        "表1.2.3，版本2.0",
    ] {
        let found = statements_of(text);
        assert!(found.is_empty(), "{text}: {:?} {:?}", found[0].value, found[0].unit);
    }
}

#[test]
fn sentences_follow_each_other_and_offsets_fit() {
    let found = statements_of("　完成投资 1,020.16 万元；新建5座。支出约３０％！\n其中：省级超过2亿元以上");
    let texts: Vec<&str> = found.iter().filter_map(|s| s.source.text.as_deref()).collect();
    assert_eq!(texts[0], "完成投资 1,020.16 万元；新建5座。");
    assert_eq!(texts[2], "支出约３０％！");
    let figures: Vec<String> = found
        .iter()
        .zip(&texts)
        .map(|(s, text)| text.chars().skip(s.start).take(s.end - s.start).collect())
        .collect();
    assert_eq!(figures, ["1,020.16 万元", "5座", "３０％", "2亿元"]);
    assert_eq!(found[0].yuan.map(|v| v.to_string()).as_deref(), Some("10201600"));
    assert_eq!(found[2].qualifier, ValueKind::Approximate);
    assert_eq!(found[3].qualifier, ValueKind::MoreThan);
}

/// A page without a full stop, brackets without end, digits without end: work grows with the text, not with its square.
#[test]
fn hostile_prose_stays_linear() {
    for piece in [
        "支持5家",
        "5家，",
        "（（（3万元",
        "一一一一一一一一",
        "百分之",
        "1,234,567",
        "12345678901234567890",
        "约超过不超过5%",
        "高新区180万元、",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        let found = statements_of(&text);
        let carried: usize = found
            .iter()
            .filter_map(|s| s.source.text.as_ref())
            .map(String::len)
            .sum();
        assert!(carried < 60_000_000, "{piece}: {carried} bytes of sentences");
    }
}

#[test]
fn cells_that_look_like_figures_and_are_none() {
    let patterns = patterns();
    for (raw, unread) in [
        ("≥ 9 5 %", true),
        ("9 6 %", true),
        ("1 350人次", true),
        // One figure for sure: a group of three digits is broken.
        ("≥1,02\n0亩", false),
        ("≥1.2E+3", true),
        ("95.％", true),
        ("1OO", true),
        ("≥5.0.3", true),
        ("95%±2%", true),
        ("（95%）", true),
        ("\u{fffd}95%", true),
        ("90≤x<100", true),
        ("近千人", true),
        ("万余人", true),
        ("Ⅲ", true),
        ("≥3/4", true),
        ("1:2", false),
        ("26/27", false),
        ("1号线、2号线", false),
        ("Ⅱ类及以上", false),
        ("按财预〔2020〕10号执行", false),
        ("GB 3095-2012", false),
        ("全部符合", false),
        ("有效提升", false),
        ("≥95%", false),
        ("2022年12月底前", false),
        ("无", false),
        ("千家万户", false),
        ("一次性通过", false),
        ("对全县12个乡镇开展检查", false),
    ] {
        let read = value::read(raw, None, None, &patterns);
        assert_eq!(value::is_unread(&read, &patterns), unread, "{raw}: {}", shown(&read));
    }
}

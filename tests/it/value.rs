//! Values, amounts and verdicts: table-driven cases, and the hand-checked truth of the shared corpus where it exists.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may fail that way

use heshu::model::{Value, ValueKind};
use heshu::normalize::unit::{Expects, UnitHints, amount, find_in};
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
        assert_eq!(find_in(text, &patterns).as_deref(), expected, "{text}");
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

//! The fuzz targets, driven by the suite's own mutators for a bounded number of seeded iterations.
//!
//! `scripts/fuzz N [TARGET]` runs more of them. A panic is a fault of a reader: its input goes to fixtures/broken/.

#[path = "../../fuzz/targets.rs"]
mod targets;

use crate::mutate::{Random, Seed, mutate, seeds};
use std::panic::{AssertUnwindSafe, catch_unwind};

type Target = (&'static str, fn(&[u8]), &'static [&'static str]);

/// Name, function, formats whose files are its seeds.
const TARGETS: [Target; 9] = [
    ("txt", targets::txt, &["txt"]),
    ("docx", targets::docx, &["docx"]),
    ("pdf", targets::pdf, &["pdf"]),
    ("html", targets::html, &["html", "htm", "mht"]),
    ("rtf", targets::rtf, &["rtf"]),
    ("doc", targets::doc, &["doc", "wps"]),
    ("sheet", targets::sheet, &["xlsx", "xls", "et", "ods"]),
    ("value", targets::value, &[]),
    ("patterns", targets::pattern_files, &["toml"]),
];

fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Seeds of targets that read no documents.
fn further_seeds() -> Vec<Seed> {
    let seed = |name: &str, bytes: Vec<u8>, format: &str| Seed {
        name: name.to_owned(),
        bytes,
        format: format.to_owned(),
    };
    let mut seeds = Vec::new();
    let names = ["headers", "forms", "report", "lexicon", "units", "values", "checks"];
    for (index, name) in names.iter().enumerate() {
        let text = std::fs::read(crate::corpus::root().join(format!("patterns/{name}.toml"))).unwrap();
        seeds.push(seed(name, [vec![index as u8], text].concat(), "toml"));
    }
    for text in [
        "1,020.16",
        "１２３",
        "208万",
        "7.21亿",
        "三千五",
        "壹佰贰拾万元整",
        "千分之三",
        "约3～5家",
        "≧90%",
        "90%以上",
        "2022年12月31日前",
        "4.5:1",
        "0.00",
        "-3",
        "--",
        "一百零五亿三千万",
        "12.5分",
        "100%（含）",
        "不低于2项，不超过5项",
    ] {
        seeds.push(seed(text, text.as_bytes().to_vec(), ""));
    }
    seeds
}

/// What fuzzing found, each with a word of the message that it deserves.
#[test]
fn found_crashes_stay_mended() {
    let patterns = heshu::pattern::Patterns::builtin().unwrap();
    // A record of several numbers that ends before it begins.
    // A sheet that ends before it begins, for which a library would take all memory.
    let found: &[(&str, &str)] = &[
        ("iso-mulrk.xls", "damaged: broken workbook"),
        ("extent_from_behind.xls", "extent of a sheet"),
        // What a library says of it quotes a line break.
        ("tag_with_a_line_break.xlsx", "not well-formed XML"),
    ];
    for &(name, word) in found {
        let bytes = std::fs::read(crate::corpus::root().join("fixtures/broken").join(name)).unwrap();
        let error = catch_unwind(|| heshu::extract(&bytes, name, &patterns))
            .expect(name)
            .expect_err(name);
        let text = error.to_string();
        assert!(text.contains(word) && !text.contains('\n'), "{name}: {text}");
    }
}

#[test]
fn targets_hold_their_promises() {
    let iterations: u64 = from_environment("HESHU_FUZZ_ITERATIONS").map_or(60, |n| n.parse().expect("a number"));
    let first: u64 = from_environment("HESHU_FUZZ_SEED").map_or(0, |n| n.parse().expect("a number"));
    let only = from_environment("HESHU_FUZZ_TARGET");
    let files: Vec<Seed> = seeds().into_iter().chain(further_seeds()).collect();
    let mut faults = Vec::new();
    let mut run = 0;
    for (name, target, formats) in TARGETS {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let wanted = |seed: &&Seed| match formats {
            [] => seed.format.is_empty(),
            formats => formats.contains(&seed.format.as_str()),
        };
        let of_target: Vec<&Seed> = files.iter().filter(wanted).collect();
        if of_target.is_empty() {
            eprintln!("{name}: no seeds yet");
            continue;
        }
        // Seeds themselves first: what does not hold for good files holds for none.
        for seed in &of_target {
            if catch_unwind(AssertUnwindSafe(|| target(&seed.bytes))).is_err() {
                faults.push(format!("{name}: the seed {}", seed.name));
            }
        }
        for number in first..first + iterations {
            let mut random = Random::new(number);
            let seed = *random.pick(&of_target);
            let bytes = mutate(&mut random, seed, &files);
            run += 1;
            if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                faults.push(format!("{name}: HESHU_FUZZ_SEED={number} ({})", seed.name));
                if let Some(folder) = from_environment("HESHU_TEST_KEEP") {
                    std::fs::write(format!("{folder}/{name}-{number}-{}", seed.name), &bytes).unwrap();
                }
            }
        }
    }
    assert!(run > 0, "no target of the name {only:?}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

//! What the layout promises, kept by the machine: who may import whom, how long a file gets, what stands in none.

mod literals;

use crate::corpus::root;
use std::path::{Path, PathBuf};

/// Stages: each imports only the nouns, the patterns and the errors, never another stage; lib.rs composes them.
const STAGES: [&str; 5] = ["ingest", "recognize", "normalize", "check", "emit"];

const MAX_LINES: usize = 600;
/// Folders whose files have been split by reason to change stay so.
const MAX_LINES_OF: [(&str, usize); 1] = [("check", 400)];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, out: &mut Vec<(PathBuf, String)>) {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "toml" || e == "md") {
                out.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    walk(&root().join(folder), &mut out);
    assert!(!out.is_empty(), "{folder}");
    out
}

/// Names that a source imports or calls as `crate::NAME`, tests left out.
fn crate_paths(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split("crate::").skip(1)).flat_map(|rest| {
        let group = rest.strip_prefix('{').and_then(|g| g.split_once('}')).map(|(g, _)| g);
        let names = group.unwrap_or(rest).split(if group.is_some() { ',' } else { '\0' });
        names.map(|name| {
            name.trim()
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or("")
        })
    })
}

#[test]
fn a_stage_imports_only_nouns_patterns_and_errors() {
    for stage in STAGES {
        for (path, text) in sources(&format!("src/{stage}")) {
            for name in crate_paths(&text) {
                let allowed = ["model", "text", "pattern", "error", stage].contains(&name);
                assert!(allowed, "{}: a stage may not use crate::{name}", path.display());
            }
        }
    }
}

#[test]
fn nouns_and_patterns_know_no_stage() {
    for folder in ["src/model", "src/pattern"] {
        for (path, text) in sources(folder) {
            for name in crate_paths(&text) {
                let stage = STAGES.contains(&name) || ["batch", "eval", "cli"].contains(&name);
                assert!(!stage, "{}: {folder} may not use crate::{name}", path.display());
            }
        }
    }
}

#[test]
fn the_ground_floor_knows_nouns_only() {
    for (path, text) in sources("src/text") {
        for name in crate_paths(&text) {
            let allowed = ["model", "text"].contains(&name);
            assert!(allowed, "{}: src/text may not use crate::{name}", path.display());
        }
    }
}

#[test]
fn no_source_file_is_long() {
    for (path, text) in sources("src") {
        // Tests stand below the code that they test and may be as many as it takes.
        let lines = text.split("#[cfg(test)]").next().unwrap_or("").lines().count();
        let within = |folder: &str| path.starts_with(root().join("src").join(folder));
        let own = MAX_LINES_OF.iter().find(|(folder, _)| within(folder));
        assert!(
            lines <= own.map_or(MAX_LINES, |(_, most)| *most),
            "{}: {lines} lines; split it by reason to change",
            path.display()
        );
    }
}

#[test]
fn anyhow_and_printing_stay_at_the_edge() {
    for (path, text) in sources("src") {
        let place = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if place.starts_with("src/cli") || place == "src/main.rs" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for word in ["anyhow", "println!", "eprintln!", "process::exit"] {
            assert!(!code.contains(word), "{place}: {word}");
        }
    }
}

#[test]
fn no_clock_and_no_machine_path_reaches_a_record() {
    for (path, text) in sources("src") {
        let place = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let machine = ["home", "root", "work", "tmp"].map(|folder| format!("/{folder}/"));
        for word in machine.iter().map(String::as_str).chain(["SystemTime"]) {
            assert!(!text.contains(word), "{place}: {word}");
        }
        // The PDF reader gives up on a page after a time: a hostile page ends in an error, never in another record.
        if !place.starts_with("src/cli") && !place.starts_with("src/ingest/pdf") {
            assert!(!text.contains("Instant::now"), "{place}: a clock");
        }
    }
}

#[test]
fn every_crate_says_why_it_is_here() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    let (dependencies, _) = dependencies.split_once("\n[").unwrap();
    let mut explained = false;
    for line in dependencies.lines() {
        if line.is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else {
            assert!(explained, "{line}: no comment says why");
        }
    }
}

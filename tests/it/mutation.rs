//! Two thousand seeded mutations of good files of every format, read beside good ones.

use crate::corpus::root;
use crate::mutate::{formats, keep, mutant, seeds};
use std::collections::BTreeSet;
use std::io::{Seek, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const MUTANTS: usize = 2_000;
/// Read in one run of the program, between good files.
const BATCH: usize = 500;

fn extract(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heshu"))
        .args([
            "extract",
            "--isolation",
            "process",
            "--max-seconds",
            "20",
            "--max-memory",
            "1GB",
            "--jobs",
            "2",
            "-",
        ])
        .current_dir(folder)
        .stdin(list(folder))
        .output()
        .unwrap()
}

/// The files of a folder by name, in order: whatever their extensions, all are tried.
pub fn list(folder: &Path) -> Stdio {
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| format!("./{}\n", name.to_string_lossy())).collect();
    names.sort();
    let mut list = tempfile::tempfile().unwrap();
    list.write_all(names.concat().as_bytes()).unwrap();
    list.rewind().unwrap();
    Stdio::from(list)
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

#[test]
fn no_mutation_crashes_hangs_or_disturbs_its_neighbours() {
    let seeds = seeds();
    let formats = formats(&seeds);
    assert!(formats.len() >= 3, "{formats:?}");
    let good = tempfile::tempdir().unwrap();
    // Before, between and behind the mutants in the order of names.
    for (name, report) in [
        ("a.docx", "f1_project.docx"),
        ("mutant-00250.good.txt", "g1_allocation.txt"),
        ("mutant-00750.good.pdf", "g2_three_public.pdf"),
        ("mutant-01250.good.docx", "g3_two_forms.docx"),
        ("mutant-01750.good.txt", "f2_sichuan.txt"),
        ("z.pdf", "g1_allocation.pdf"),
    ] {
        std::fs::copy(root().join("corpus/reports").join(report), good.path().join(name)).unwrap();
    }
    let alone = lines(&extract(good.path()).stdout);
    assert_eq!(alone.len(), 6);

    let mut faults = Vec::new();
    let mut read = 0;
    for batch in (0..MUTANTS).step_by(BATCH) {
        let dir = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(good.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
        }
        let mut names = BTreeSet::new();
        for number in batch..batch + BATCH {
            let (name, bytes) = mutant(number, &seeds, &formats);
            std::fs::write(dir.path().join(&name), bytes).unwrap();
            names.insert(name);
        }
        let output = extract(dir.path());
        let before = faults.len();
        if !matches!(output.status.code(), Some(0 | 2)) {
            faults.push(format!("the program ended with {}", output.status));
        }
        let records = lines(&output.stdout);
        let messages = lines(&output.stderr);
        for neighbour in &alone {
            if !records.contains(neighbour) {
                faults.push(format!(
                    "lost or changed: {}…",
                    neighbour.chars().take(200).collect::<String>()
                ));
            }
        }
        read += records.len() - alone.len().min(records.len());
        for message in &messages {
            // The readers' own limits and errors are right; these words are of what was not foreseen.
            let unforeseen = [
                "internal failure",
                "worker process",
                "--max-seconds",
                "--max-memory",
                "panicked",
            ];
            if message.starts_with("./") && unforeseen.iter().any(|words| message.contains(words)) {
                faults.push(message.clone());
            }
        }
        // One line each, whatever became of it: a record, or a message (archives give one for each member).
        for name in &names {
            let path = format!("./{name}");
            let told = messages.iter().any(|m| m.starts_with(&path));
            let recorded = records.iter().any(|r| r.contains(&format!(r#""path":"{path}"#)));
            if !told && !recorded {
                faults.push(format!("{path}: neither record nor message"));
            }
        }
        if faults.len() > before {
            keep(dir.path());
        }
    }
    // Mutations that break everything would test nothing.
    assert!(read > MUTANTS / 10, "only {read} of {MUTANTS} were still read");
    assert!(
        faults.is_empty(),
        "{} faults (HESHU_TEST_KEEP=DIR keeps the files):\n{}",
        faults.len(),
        faults.join("\n")
    );
}

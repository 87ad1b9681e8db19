//! Limits: each flag has its error, which names it, and raising it lets the same file through.

use crate::corpus::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn extract(flags: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heshu"))
        .arg("extract")
        .args(flags)
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn report(name: &str) -> PathBuf {
    root().join("corpus/reports").join(name)
}

/// Too little refuses the file in one line that names the flag; enough reads it.
fn assert_limit(file: &Path, flag: &str, too_little: &str, enough: &str) {
    let refused = extract(&[flag, too_little], file);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    let shown = file.to_string_lossy().into_owned();
    let lines: Vec<&str> = message.lines().filter(|line| line.starts_with(&shown)).collect();
    assert_eq!(refused.status.code(), Some(2), "{flag} {too_little}: {message}");
    assert_eq!(lines.len(), 1, "{flag} {too_little}: {message}");
    let advice = format!("; raise {flag} if the file is genuine");
    assert!(
        lines[0].contains(": refused: ") && lines[0].contains(&advice),
        "{}",
        lines[0]
    );
    assert!(refused.stdout.is_empty());
    let read = extract(&[flag, enough], file);
    assert_eq!(
        read.status.code(),
        Some(0),
        "{flag} {enough}: {}",
        String::from_utf8_lossy(&read.stderr)
    );
    assert!(read.stdout.starts_with(b"{"));
}

#[test]
fn bytes() {
    for name in ["f1_project.docx", "f1_project.pdf", "f1_project.txt"] {
        let length = std::fs::metadata(report(name)).unwrap().len();
        assert_limit(
            &report(name),
            "--max-bytes",
            &(length - 1).to_string(),
            &length.to_string(),
        );
    }
}

#[test]
fn inflated_bytes() {
    assert_limit(&report("f1_project.docx"), "--max-inflated", "64kB", "8MB");
    // The size of one part tells, not the number of elements.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    let stream = [crate::pdf::text(50.0, 350.0, "文字").into_bytes(), vec![b' '; 3 << 20]].concat();
    std::fs::write(&file, crate::pdf::deflated_page(&stream)).unwrap();
    assert_limit(&file, "--max-inflated", "8MB", "64MB");
}

#[test]
fn entries() {
    assert_limit(&report("f1_project.docx"), "--max-entries", "3", "50");
}

#[test]
fn depth() {
    assert_limit(&report("f1_project.docx"), "--max-depth", "4", "40");
}

#[test]
fn pages() {
    assert_limit(&report("f1_project.pdf"), "--max-pages", "1", "50");
}

#[test]
fn cells() {
    for name in ["f1_project.docx", "f1_project.pdf", "f1_project.txt"] {
        assert_limit(&report(name), "--max-cells", "20", "2000");
    }
}

#[test]
fn seconds_of_the_pdf_reader_itself() {
    // Worker processes are ended from outside (isolation.rs); in a thread the reader watches the clock.
    let mut options = heshu::ReadOptions::default();
    options.limits.seconds = 0;
    let bytes = std::fs::read(report("f1_project.pdf")).unwrap();
    let error = heshu::ingest::pdf::read(&bytes, &options).unwrap_err();
    assert!(error.to_string().contains("; raise --max-seconds if"), "{error}");
    options.limits.seconds = u64::MAX;
    assert!(heshu::ingest::pdf::read(&bytes, &options).is_ok());
}

#[cfg(target_os = "linux")]
#[test]
fn memory() {
    // A file that truly needs it, in a worker of a released build as well.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.pdf");
    let mut bytes = crate::pdf::deflated_page(crate::pdf::text(50.0, 350.0, "文字").as_bytes());
    bytes.extend_from_slice(&vec![b'%'; 100 << 20]);
    std::fs::write(&file, &bytes).unwrap();
    assert_limit(&file, "--max-memory", "256MB", "2GB");
    // Too little for anything.
    let output = extract(&["--max-memory", "1MB"], &report("f1_project.pdf"));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.code() == Some(2) && message.contains("raise --max-memory"),
        "{message}"
    );
}

#[test]
fn a_flag_that_makes_no_sense_is_refused_with_an_example() {
    for (flag, value) in [
        ("--max-memory", "much"),
        ("--max-bytes", "0"),
        ("--max-pages", "0"),
        ("--max-seconds", "0"),
    ] {
        let output = extract(&[flag, value], &report("f1_project.txt"));
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(flag));
    }
}

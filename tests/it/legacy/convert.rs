//! The converter: what it is asked for, and what the record says afterwards.

use crate::corpus::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn heshu(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heshu"))
        .args(arguments)
        .output()
        .unwrap()
}

/// A program that takes LibreOffice's arguments and gives a report of the corpus for every file but those named bad.
fn pretender(folder: &Path) -> PathBuf {
    let report = root().join("corpus/reports/f1_project.docx");
    let script = format!(
        "#!/bin/sh\nwhile [ $# -gt 0 ]; do case \"$1\" in --outdir) out=\"$2\"; shift;; *.rtf|*.doc|*.xml) files=\"$files $1\";; esac; shift; done\n\
         mkdir -p \"$out\"\nfor f in $files; do grep -q bad \"$f\" && continue; b=$(basename \"$f\"); cp '{}' \"$out/${{b%.*}}.docx\"; done\n",
        report.display()
    );
    let path = folder.join("soffice");
    std::fs::write(&path, script).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    path
}

#[test]
fn what_is_not_read_is_converted_and_the_record_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let flag = format!("soffice={}", pretender(folder.path()).display());
    let flat = "<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"x\"/>";
    let files = [
        ("a.xml", flat.to_owned()),
        ("b.xml", format!("{flat}<!-- bad -->")),
        ("c.xml", format!("{flat} ")),
    ];
    let paths: Vec<String> = files
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        })
        .collect();
    let mut arguments = vec!["extract", "--converter", &flag];
    arguments.extend(paths.iter().map(String::as_str));
    let output = heshu(&arguments);
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for (record, (_, text)) in lines.iter().zip([&files[0], &files[2]]) {
        assert_eq!(record["document"]["bytes"], text.len());
        assert_eq!(record["document"]["sha256"], heshu::sha256(text.as_bytes()));
        assert_eq!(record["warnings"][0]["code"], "converted");
        assert!(record["indicators"].as_array().unwrap().len() > 3);
    }
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(
        messages.contains("b.xml") && messages.contains("LibreOffice does not help either"),
        "{messages}"
    );
}

#[test]
fn a_cross_check_names_the_figures_that_differ() {
    let folder = tempfile::tempdir().unwrap();
    let flag = format!("soffice={}", pretender(folder.path()).display());
    // The pretender gives f1_project for every file.
    for (name, differs) in [("f1_project.doc", false), ("g3_two_forms.doc", true)] {
        let path = root().join("fixtures/legacy").join(name);
        let output = heshu(&["extract", "--converter", &flag, "--cross-check", path.to_str().unwrap()]);
        let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = record["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|w| w["code"] == "cross_check_differs");
        assert_eq!(found, differs, "{name}: {}", record["warnings"]);
    }
}

#[test]
fn a_converter_that_is_not_there_stops_the_run() {
    let path = root().join("corpus/reports/f1_project.docx");
    let output = heshu(&[
        "extract",
        "--converter",
        "soffice=/nowhere/soffice",
        path.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(messages.contains("/nowhere/soffice is not installed"), "{messages}");
    assert_eq!(heshu(&["extract", "--converter", "word", "x"]).status.code(), Some(2));
}

/// With the real program.
#[test]
fn libreoffice_reads_what_we_do_not() {
    let Some(program) = std::env::var_os("HESHU_TEST_SOFFICE") else {
        assert!(
            std::env::var_os("HESHU_TEST_REQUIRE").is_none(),
            "HESHU_TEST_SOFFICE is not set"
        );
        eprintln!("HESHU_TEST_SOFFICE is not set: LibreOffice is not tested");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.path().join("profile").display()
    );
    let made = Command::new(&program)
        .args([
            profile.as_str(),
            "--headless",
            "--convert-to",
            "fodt:OpenDocument Text Flat XML",
            "--outdir",
        ])
        .arg(folder.path())
        .arg(root().join("corpus/reports/f1_project.docx"))
        .output()
        .unwrap();
    assert!(made.status.success());
    let flag = format!("soffice={}", program.to_string_lossy());
    let flat = folder.path().join("f1_project.fodt");
    let output = heshu(&["extract", "--converter", &flag, flat.to_str().unwrap()]);
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(record["warnings"][0]["code"], "converted");
    assert_eq!(record["indicators"].as_array().unwrap().len(), 9);
    // Both readings of a .doc agree, but for the table at its end, which LibreOffice loses.
    let doc = root().join("fixtures/legacy/f1_project.doc");
    let output = heshu(&["extract", "--converter", &flag, "--cross-check", doc.to_str().unwrap()]);
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&str> = record["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|w| w["code"].as_str())
        .collect();
    assert!(codes.contains(&"cross_check_last_table"), "{codes:?}");
}

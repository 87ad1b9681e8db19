//! The command line from end to end: exit codes, messages, and that one bad file never stops the others.

use crate::corpus::root;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use zip::write::SimpleFileOptions;

pub const GOOD: &str = "绩效自评结论\n绩效自评分数为95分，绩效等级为优。\n";

pub fn heshu() -> Command {
    Command::new(env!("CARGO_BIN_EXE_heshu"))
}

pub fn run(arguments: &[&str], folder: &Path) -> Output {
    heshu()
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word file around a main part.
fn docx_of(document: &[u8]) -> Vec<u8> {
    let types: &[u8] = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let relations: &[u8] = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    zip_of(&[
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations),
        ("word/document.xml", document),
    ])
}

fn word_xml(body: &str) -> String {
    let namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    format!(r#"<?xml version="1.0"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>"#)
}

/// A compound file with one stream.
fn compound_of(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(&[7; 5000]).unwrap();
    file.into_inner().into_inner()
}

/// Every kind of bad file, and a word of the message that it deserves.
fn bad_files() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let paragraph = "<w:p><w:r><w:t>预算</w:t></w:r></w:p>";
    let whole = docx_of(word_xml(paragraph).as_bytes());
    let nested = format!("{}{}", "<w:sdt>".repeat(100_000), "</w:sdt>".repeat(100_000));
    let cut = word_xml(paragraph);
    let dtd = word_xml(paragraph).replace(
        "<w:document",
        "<!DOCTYPE w [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:document",
    );
    // 300 MB of white space in 300 kB: over any limit, yet quick to make.
    let bomb = docx_of(word_xml(&" ".repeat(300 << 20)).as_bytes());
    vec![
        ("empty.docx", Vec::new(), "empty"),
        ("empty.txt", Vec::new(), "empty"),
        ("not-a-zip.docx", b"this is not a zip file".to_vec(), ".docx"),
        (
            "binary.docx",
            [0xff, 0x00, 0x13, 0x88, 0xff, 0xfe, 0x00, 0x01, 0x80, 0xff].repeat(50),
            ";",
        ),
        ("truncated.docx", whole[..whole.len() / 2].to_vec(), "damaged"),
        ("no-parts.docx", zip_of(&[("a.txt", b"x")]), ";"),
        ("encrypted.docx", compound_of("/EncryptedPackage"), "encrypted"),
        ("legacy.docx", compound_of("/WordDocument"), ".doc"),
        ("bomb.docx", bomb, "limit"),
        ("nested.docx", docx_of(word_xml(&nested).as_bytes()), "limit"),
        ("dtd.docx", docx_of(dtd.as_bytes()), "document type definition"),
        ("cut.docx", docx_of(&cut.as_bytes()[..cut.len() - 30]), "damaged"),
        (
            "invalid.txt",
            b"\xb9\xe6\xff\xff\x81\xff\xc3\x28\x80\x80\xff".repeat(20),
            ";",
        ),
        ("broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type".to_vec(), ";"),
    ]
}

#[test]
fn each_bad_file_gets_its_message_and_the_good_one_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let bad = bad_files();
    for (name, bytes, _) in &bad {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    std::fs::write(dir.path().join("good.txt"), GOOD).unwrap();
    std::fs::create_dir_all(dir.path().join("folder/inner")).unwrap();
    std::fs::write(dir.path().join("folder/notes.md"), "x").unwrap();
    // Root may read everything: a folder under a report's name and a link to nothing are unreadable for everybody.
    #[cfg(unix)]
    std::os::unix::fs::symlink("nowhere", dir.path().join("dangling.txt")).unwrap();

    let mut arguments = vec!["extract"];
    arguments.extend(bad.iter().map(|(name, ..)| *name));
    arguments.extend(["dangling.txt", "folder", "missing.docx", "good.txt"]);
    let output = run(&arguments, dir.path());
    let messages = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{messages}");

    let expected = bad.iter().map(|(name, _, word)| (*name, *word));
    let unreadable = [
        ("dangling.txt", "no such file"),
        ("folder", "without reports"),
        ("missing.docx", "no such file"),
    ];
    for (name, word) in expected.chain(unreadable) {
        let lines: Vec<&str> = messages
            .lines()
            .filter(|line| line.starts_with(&format!("{name}: ")))
            .collect();
        assert_eq!(lines.len(), 1, "{name}: one line\n{messages}");
        assert!(
            lines[0].contains(word) && lines[0].contains("; "),
            "{name} wants “{word}”: {}",
            lines[0]
        );
        assert!(!lines[0].contains("internal failure"), "{}", lines[0]);
    }
    let records: Vec<String> = stdout(&output).lines().map(str::to_owned).collect();
    assert_eq!(records.len(), 1, "{records:?}");
    assert!(records[0].contains(r#""path":"good.txt""#));
    assert!(
        !messages.contains("good.txt:") && !messages.contains("panicked"),
        "{messages}"
    );
}

#[test]
fn the_manifest_says_what_came_of_each_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("in")).unwrap();
    std::fs::write(dir.path().join("in/a.txt"), GOOD).unwrap();
    std::fs::write(dir.path().join("in/b.txt"), "").unwrap();
    std::fs::write(dir.path().join("in/c.txt"), GOOD).unwrap();
    let output = run(&["extract", "--out", "out", "in", "none"], dir.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let manifest = std::fs::read_to_string(dir.path().join("out/manifest.ndjson")).unwrap();
    let entries: Vec<serde_json::Value> = manifest.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let get = |path: &str| entries.iter().find(|e| e["path"] == path).unwrap();
    assert_eq!(entries.len(), 4);
    assert_eq!(get("in/a.txt")["status"], "done");
    assert_eq!(get("in/a.txt")["output"], "json/in/a.txt.json");
    assert_eq!(get("in/c.txt")["duplicate_of"], "in/a.txt");
    assert_eq!(get("in/b.txt")["error_code"], "empty");
    assert_eq!(get("none")["error_code"], "unreadable");
    let record = std::fs::read(dir.path().join("out/json/in/a.txt.json")).unwrap();
    let report: heshu::model::Report = serde_json::from_slice(&record).unwrap();
    assert_eq!(report.document.path, "in/a.txt");
    assert_eq!(get("in/c.txt")["record"], get("in/a.txt")["record"]);
    assert!(get("in/b.txt")["record"].is_null() && get("in/b.txt")["sha256"].is_string());
    // The content of a.txt and c.txt, once.
    let lines = std::fs::read(dir.path().join("out/reports.ndjson")).unwrap();
    let stored = get("in/a.txt")["record"].as_str().unwrap();
    assert_eq!(lines, std::fs::read(dir.path().join("out").join(stored)).unwrap());
    assert_eq!(heshu::sha256(&lines), get("in/a.txt")["record_sha256"]);
}

/// Every file below a folder with its bytes, the seconds of the manifest left out.
pub fn tree(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .map(|e| e.unwrap());
    let files = walk.filter(|e| e.file_type().is_file());
    files
        .map(|e| {
            let path = e.path().strip_prefix(folder).unwrap().to_owned();
            let mut bytes = std::fs::read(e.path()).unwrap();
            if path == Path::new("manifest.ndjson") {
                bytes = without_seconds(&bytes);
            }
            (path, bytes)
        })
        .collect()
}

/// A manifest without the only field that differs from run to run.
fn without_seconds(manifest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in manifest.split_inclusive(|b| *b == b'\n') {
        let mut entry: serde_json::Value = serde_json::from_slice(line).unwrap();
        assert!(entry["seconds"].take().is_f64());
        out.extend(entry.to_string().into_bytes());
        out.push(b'\n');
    }
    out
}

#[test]
fn bytes_are_the_same_whatever_the_threads_and_in_a_rerun() {
    let dir = tempfile::tempdir().unwrap();
    let corpus = root();
    let extract = |jobs: &str, out: &str| {
        let out = dir.path().join(out);
        let output = run(
            &["extract", "corpus", "--jobs", jobs, "--out", out.to_str().unwrap()],
            &corpus,
        );
        assert!(output.status.success(), "{}", stderr(&output));
        tree(&out)
    };
    let one = extract("1", "a");
    assert!(one.len() > 20);
    assert_eq!(one, extract("4", "b"));
    assert_eq!(one, extract("2", "a"), "a rerun over its own output");
    let lines = run(&["extract", "corpus", "-j", "3"], &corpus);
    let file = one
        .iter()
        .find(|(path, _)| path == Path::new("reports.ndjson"))
        .unwrap();
    assert_eq!(lines.stdout, file.1, "standard output and reports.ndjson");
}

#[test]
fn a_broken_pattern_file_is_named_with_line_and_allowed_words() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("good.txt"), GOOD).unwrap();
    std::fs::create_dir(dir.path().join("patterns")).unwrap();
    std::fs::write(
        dir.path().join("patterns/headers.toml"),
        "[exact]\nscore = [\"得分\"]\nscoer = [\"评分\"]\n",
    )
    .unwrap();
    let output = run(&["extract", "--patterns", "patterns", "good.txt"], dir.path());
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{message}");
    for part in ["patterns/headers.toml", "line 3", "scoer", "`score`"] {
        assert!(message.contains(part), "“{part}” is missing: {message}");
    }
    let output = run(&["extract", "--patterns", "nowhere", "good.txt"], dir.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no such folder"));
}

#[test]
fn a_list_of_paths_on_standard_input() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), GOOD).unwrap();
    let mut child = heshu()
        .args(["extract", "-"])
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"a.txt\n\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout.iter().filter(|b| **b == b'\n').count(), 1);
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..300 {
        // Together more than a pipe holds, so that the writer must meet the closed end.
        std::fs::write(dir.path().join(format!("{n}.txt")), GOOD.repeat(20)).unwrap();
    }
    let mut child = heshu()
        .args(["extract", "."])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with(r#"{"schema":"#));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).is_empty(), "{}", stderr(&output));
}

#[test]
fn show_draws_the_document_and_says_why() {
    let output = run(&["show", "--width", "100", "corpus/reports/g3_two_forms.txt"], &root());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for part in ["校舍维修改造", "┌", "self_evaluation_form", "why:", "学生营养改善计划"] {
        assert!(text.contains(part), "“{part}” is missing:\n{text}");
    }
    let output = run(&["show", "corpus/none.txt"], &root());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("corpus/none.txt: "));
}

#[test]
fn schema_is_json_and_names_the_fields_of_the_contract() {
    let output = run(&["schema"], &root());
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for field in [
        "schema",
        "document",
        "report",
        "projects",
        "tables",
        "budgets",
        "indicators",
        "scores",
        "statements",
        "checks",
        "warnings",
    ] {
        assert!(schema["properties"][field].is_object(), "{field}");
    }
}

#[test]
fn eval_prints_a_line_for_each_format_and_fact() {
    let output = run(&["eval", "corpus"], &root());
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for part in ["docx", "txt", "budget", "indicator", "faults", "37 records compared"] {
        assert!(text.contains(part), "“{part}” is missing:\n{text}");
    }
    let output = run(&["eval", "src"], &root());
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn arguments_that_make_no_sense_end_with_2() {
    for arguments in [
        &["extract"][..],
        &["extract", "--jobs", "0", "x"],
        &["extract", "--format", "json", "corpus"],
        &["nonsense"],
    ] {
        assert_eq!(run(arguments, &root()).status.code(), Some(2), "{arguments:?}");
    }
}

/// The second opinion never makes a document bad: its warnings stand beside the record, its failures say nothing.
#[cfg(feature = "second-opinion")]
#[test]
fn a_second_opinion_only_adds_warnings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let record = |name: &str| -> serde_json::Value {
        let output = run(&["extract", "--second-opinion", &format!("fixtures/pdf/{name}")], root);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let codes = |record: &serde_json::Value| -> Vec<String> {
        record["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|w| w["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(codes(&record("chromium_torn_row.pdf")), ["second_opinion_differs"]);
    assert!(!codes(&record("gbk_not_embedded.pdf")).contains(&"second_opinion_differs".to_owned()));
}

//! Folder runs: resumed, killed, over folders that cannot be written; the outputs are those of an undisturbed run.

use crate::cli::{GOOD, heshu, run, stderr, tree};
use crate::corpus::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

type Tree = Vec<(PathBuf, Vec<u8>)>;

/// A folder with an input folder `in`: `count` reports of different texts, and by hand what a test needs.
fn inputs(count: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for n in 0..count {
        write(dir.path(), &format!("in/{n:03}.txt"), &report(n));
    }
    dir
}

/// A report that differs from the others.
fn report(n: usize) -> String {
    let form = fs::read_to_string(root().join("corpus/reports/g3_two_forms.txt")).unwrap();
    format!("{form}\n{GOOD}\n附注：第{n}号。\n")
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// `heshu extract in --out out` with further arguments.
fn extract(folder: &Path, further: &[&str]) -> Output {
    let mut arguments = vec!["extract", "in", "--out", "out"];
    arguments.extend(further);
    run(&arguments, folder)
}

/// The tree that a first run over the folder's inputs gives.
fn undisturbed(folder: &Path, further: &[&str]) -> Tree {
    let fresh = folder.join("fresh");
    let _ = fs::remove_dir_all(&fresh);
    let mut arguments = vec!["extract", "in", "--out", "fresh"];
    arguments.extend(further);
    let output = run(&arguments, folder);
    assert_ne!(output.status.code(), None);
    let tree = tree(&fresh);
    fs::remove_dir_all(&fresh).unwrap();
    tree
}

/// The run was as `code` says, and left what an undisturbed run leaves.
fn assert_as_undisturbed(folder: &Path, output: &Output, code: i32, further: &[&str]) {
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    assert_same(&tree(&folder.join("out")), &undisturbed(folder, further));
}

fn assert_same(found: &Tree, expected: &Tree) {
    let names = |tree: &Tree| -> Vec<PathBuf> { tree.iter().map(|(path, _)| path.clone()).collect() };
    assert_eq!(names(found), names(expected));
    for ((path, found), (_, expected)) in found.iter().zip(expected) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            found == expected,
            "{}:\n{}\n---\n{}",
            path.display(),
            text(found),
            text(expected)
        );
    }
    assert!(!found.iter().any(|(path, _)| path.to_string_lossy().contains("partial")));
}

/// The messages of `--log json`.
fn log(output: &Output) -> Vec<Value> {
    let text = stderr(output);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

/// Runs with `--log json` and gives the summary's counts.
fn counts(folder: &Path, further: &[&str]) -> BTreeMap<String, Value> {
    let mut arguments = vec!["--log", "json"];
    arguments.extend(further);
    let messages = log(&extract(folder, &arguments));
    let summary = messages.iter().find(|m| m["code"] == "summary").unwrap();
    serde_json::from_value(summary["summary"].clone()).unwrap()
}

fn manifest(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("out/manifest.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_second_run_reads_what_is_new_changed_or_failed() {
    let dir = inputs(4);
    let dir = dir.path();
    write(dir, "in/bad.pdf", "%PDF-1.7\n1 0 obj");
    write(dir, "in/same.txt", &report(0));
    let first = counts(dir, &[]);
    assert_eq!((&first["reused"], &first["duplicates"]), (&0.into(), &1.into()));
    assert_eq!(first["errors"].as_object().unwrap().len(), 1);

    let second = counts(dir, &[]);
    assert_eq!(second["reused"], 4, "the bad file is tried again");
    assert_eq!(second["errors"], first["errors"]);
    assert_eq!(second["tables"], first["tables"], "reused records are counted");

    write(dir, "in/002.txt", &report(77));
    write(dir, "in/new.txt", &report(78));
    let third = extract(dir, &["--log", "json"]);
    let summary = log(&third).pop().unwrap();
    assert_eq!(summary["summary"]["reused"], 3);
    assert!(summary["message"].as_str().unwrap().contains("3 tried in"), "{summary}");
    assert_as_undisturbed(dir, &third, 2, &[]);

    // What was wrong is put right.
    write(dir, "in/bad.pdf", "");
    fs::remove_file(dir.join("in/bad.pdf")).unwrap();
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
    assert_eq!(counts(dir, &["--force"])["reused"], 0);
    assert_as_undisturbed(dir, &extract(dir, &["--force"]), 0, &[]);
}

#[test]
fn a_content_is_read_under_the_name_that_lets_it_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    // A text without a report in it: under a document's name it is what remains of one, under its own a text.
    let text = "关于报送时间的通知。请于月底前报送。";
    write(dir, "in/a.docx", text);
    write(dir, "in/b.txt", text);
    write(dir, "in/c.docx", text);
    let first = extract(dir, &[]);
    assert_eq!(
        first.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    let entries = manifest(dir);
    let of = |name: &str| entries.iter().find(|entry| entry["path"] == name).unwrap();
    assert_eq!(of("in/b.txt")["duplicate_of"], Value::Null);
    assert_eq!(of("in/b.txt")["status"], "done");
    for name in ["in/a.docx", "in/c.docx"] {
        assert_eq!(of(name)["duplicate_of"], "in/b.txt");
    }
    assert_eq!(counts(dir, &[])["reused"], 1);
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
    // Without the good name there is none left.
    fs::remove_file(dir.join("in/b.txt")).unwrap();
    assert_eq!(counts(dir, &[])["errors"]["unsupported"], 2);
}

#[test]
fn what_vanished_goes_from_the_outputs_and_foreign_files_stay() {
    let dir = inputs(5);
    let dir = dir.path();
    extract(dir, &[]);
    let records = |dir: &Path| tree(&dir.join("out/records")).len();
    assert_eq!(records(dir), 5);
    write(dir, "out/records/notes.txt", "mine");
    write(dir, "out/mine.txt", "mine");
    fs::remove_file(dir.join("in/001.txt")).unwrap();
    let output = extract(dir, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(manifest(dir).len(), 4);
    assert_eq!(records(dir), 5, "four records and the foreign file");
    assert!(!dir.join("out/json/in/001.txt.json").exists());
    for mine in ["out/records/notes.txt", "out/mine.txt"] {
        assert_eq!(fs::read(dir.join(mine)).unwrap(), b"mine");
        fs::remove_file(dir.join(mine)).unwrap();
    }
    assert_as_undisturbed(dir, &output, 0, &[]);
}

#[test]
fn inputs_that_are_not_there_at_all_are_no_reason_to_drop_everything() {
    let dir = inputs(3);
    let dir = dir.path();
    extract(dir, &[]);
    let before = tree(&dir.join("out"));
    fs::rename(dir.join("in"), dir.join("away")).unwrap();
    for _ in 0..2 {
        let output = extract(dir, &[]);
        assert_eq!(output.status.code(), Some(2));
        let message = stderr(&output);
        assert!(message.contains("in: cannot be read: no such file"), "{message}");
        assert!(message.contains("left as they are"), "{message}");
        assert_same(&tree(&dir.join("out")), &before);
        fs::create_dir_all(dir.join("in")).unwrap();
        fs::remove_dir(dir.join("in")).unwrap();
    }
    fs::rename(dir.join("away"), dir.join("in")).unwrap();
    assert_eq!(counts(dir, &[])["reused"], 3);
}

#[test]
fn a_record_bears_the_path_that_it_would_have_in_a_first_run() {
    let dir = inputs(2);
    let dir = dir.path();
    write(dir, "in/b/copy.txt", &report(0));
    extract(dir, &[]);
    // The first path of a content goes; then another comes before it.
    fs::rename(dir.join("in/000.txt"), dir.join("in/zzz.txt")).unwrap();
    let output = extract(dir, &["--log", "json"]);
    assert_eq!(
        log(&output).pop().unwrap()["summary"]["reused"],
        2,
        "moved, not read again"
    );
    assert_as_undisturbed(dir, &output, 0, &[]);
    write(dir, "in/000.txt", &report(1));
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
    // Another extension may mean another reading.
    fs::rename(dir.join("in/000.txt"), dir.join("in/000.docx")).unwrap();
    let output = extract(dir, &[]);
    let code = output.status.code().unwrap();
    assert_as_undisturbed(dir, &output, code, &[]);
}

#[test]
fn other_patterns_make_other_records() {
    let dir = inputs(3);
    let dir = dir.path();
    extract(dir, &[]);
    let text = fs::read_to_string(root().join("patterns/units.toml")).unwrap();
    write(dir, "patterns/units.toml", &format!("{text}\n# changed\n"));
    assert_eq!(counts(dir, &["--patterns", "patterns"])["reused"], 0);
    assert_eq!(counts(dir, &["--patterns", "patterns"])["reused"], 3);
    assert_eq!(counts(dir, &[])["reused"], 0);
    assert_eq!(counts(dir, &["--password", "secret"])["reused"], 3);
    let text = fs::read_to_string(dir.join("out/manifest.ndjson")).unwrap();
    assert!(!text.contains("secret"));
}

#[test]
fn stored_records_that_are_not_what_they_were_are_read_again() {
    let dir = inputs(6);
    let dir = dir.path();
    extract(dir, &[]);
    let record = |n: usize| dir.join("out").join(manifest(dir)[n]["record"].as_str().unwrap());
    let (cut, gone, swapped, edited) = (record(0), record(1), record(2), record(3));
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    fs::remove_file(gone).unwrap();
    fs::copy(record(4), swapped).unwrap();
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, text.replacen("95", "59", 1)).unwrap();
    let output = extract(dir, &["--log", "json"]);
    assert_eq!(log(&output).pop().unwrap()["summary"]["reused"], 2);
    assert_as_undisturbed(dir, &output, 0, &[]);
}

#[test]
fn a_manifest_cut_anywhere_is_mended() {
    let dir = inputs(5);
    let dir = dir.path();
    extract(dir, &[]);
    let expected = undisturbed(dir, &[]);
    let path = dir.join("out/manifest.ndjson");
    let whole = fs::read(&path).unwrap();
    let mut pieces: Vec<Vec<u8>> = (0..whole.len())
        .step_by(whole.len() / 9)
        .map(|n| whole[..n].to_vec())
        .collect();
    pieces.push(whole[whole.len() / 2..].to_vec());
    pieces.push(b"\x00\xff not a manifest".to_vec());
    pieces.push([&whole[..100], b"\n", &whole[..]].concat());
    pieces.push([&whole[..], &whole[..]].concat());
    // An entry that points elsewhere: the path of a record is never taken from the manifest.
    let line = String::from_utf8(whole.clone()).unwrap();
    pieces.push(line.replace("records/", "../../../etc/").into_bytes());
    for piece in pieces {
        fs::write(&path, &piece).unwrap();
        let output = extract(dir, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let told = stderr(&output).contains("out/manifest.ndjson: line ");
        let broken = piece
            .split(|b| *b == b'\n')
            .any(|line| !line.is_empty() && serde_json::from_slice::<Value>(line).is_err());
        assert_eq!(told, broken, "{}", stderr(&output));
        assert_same(&tree(&dir.join("out")), &expected);
    }
}

/// Pseudo-random numbers, the same in every run of the tests (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n.max(1)
    }
}

fn start(folder: &Path, further: &[&str]) -> std::process::Child {
    let mut command = heshu();
    command
        .args(["extract", "in", "--out", "out"])
        .args(further)
        .current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// At any moment the manifest speaks only of records that are there and whole.
fn assert_manifest_is_true(folder: &Path) {
    let bytes = fs::read(folder.join("out/manifest.ndjson")).unwrap_or_default();
    for line in bytes.split(|b| *b == b'\n') {
        let Ok(entry) = serde_json::from_slice::<Value>(line) else {
            continue;
        };
        if entry["status"] == "done" {
            let record = fs::read(folder.join("out").join(entry["record"].as_str().unwrap())).unwrap();
            assert_eq!(heshu::sha256(&record), entry["record_sha256"]);
        }
    }
}

#[test]
fn a_run_killed_at_any_moment_ends_as_if_undisturbed() {
    let dir = inputs(14);
    let dir = dir.path();
    write(dir, "in/bad.pdf", "%PDF-1.7\n1 0 obj");
    write(dir, "in/same.txt", &report(0));
    for name in ["f1_project.docx", "f1_project.pdf"] {
        fs::copy(root().join("corpus/reports").join(name), dir.join("in").join(name)).unwrap();
    }
    let formats = ["--format", &all_formats()];
    let begin = Instant::now();
    let expected = undisturbed(dir, &formats);
    let mut whole = begin.elapsed().as_micros() as u64;
    let mut random = Random(20_221_130);
    let mut interrupted = 0;
    for round in 0..200 {
        let _ = fs::remove_dir_all(dir.join("out"));
        for _ in 0..=random.below(3) {
            let mut child = start(dir, &formats);
            std::thread::sleep(Duration::from_micros(random.below(whole)));
            child.kill().unwrap();
            // Killed, unless it was quicker: the first run, which tells how long one takes, may have been a slow one.
            if child.wait().unwrap().code().is_none() {
                interrupted += 1;
            } else {
                whole = whole * 9 / 10;
            }
            assert_manifest_is_true(dir);
        }
        let output = extract(dir, &formats);
        assert_eq!(output.status.code(), Some(2), "round {round}: {}", stderr(&output));
        assert_same(&tree(&dir.join("out")), &expected);
        if interrupted >= 20 {
            break;
        }
    }
    assert!(interrupted >= 20, "{interrupted} runs were killed");
}

/// Kills a run as soon as something of it is there to see: each step of its end.
#[test]
fn a_run_killed_while_it_writes_its_outputs_ends_as_if_undisturbed() {
    let dir = inputs(12);
    let dir = dir.path();
    let formats = ["--format", &all_formats()];
    let expected = undisturbed(dir, &formats);
    for sign in [
        ".heshu/staging",
        "json",
        "reports.ndjson",
        "records",
        "manifest.ndjson",
        ".heshu/written.json",
    ] {
        let _ = fs::remove_dir_all(dir.join("out"));
        let mut child = start(dir, &formats);
        while child.try_wait().unwrap().is_none() && !dir.join("out").join(sign).exists() {}
        let _ = child.kill();
        child.wait().unwrap();
        assert_manifest_is_true(dir);
        assert_as_undisturbed(dir, &extract(dir, &formats), 0, &formats);
        // And once more over a finished folder, of which one input changed.
        write(dir, "in/005.txt", &report(1005));
        let mut child = start(dir, &formats);
        while child.try_wait().unwrap().is_none() && !dir.join("out/.heshu/staging").exists() {}
        let _ = child.kill();
        child.wait().unwrap();
        write(dir, "in/005.txt", &report(5));
        let output = extract(dir, &formats);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_same(&tree(&dir.join("out")), &expected);
    }
}

/// Every output that can be asked for.
fn all_formats() -> String {
    heshu::batch::outputs::OutputFormat::ALL
        .map(|format| format.name())
        .join(",")
}

#[test]
fn two_runs_on_one_folder_do_not_mix() {
    let dir = inputs(2);
    let dir = dir.path();
    extract(dir, &[]);
    let lock = fs::File::open(dir.join("out/.heshu/lock")).unwrap();
    lock.lock().unwrap();
    let before = tree(&dir.join("out"));
    write(dir, "in/new.txt", &report(9));
    let output = extract(dir, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("out: another run of heshu"),
        "{}",
        stderr(&output)
    );
    assert_same(&tree(&dir.join("out")), &before);
    drop(lock);
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
}

#[test]
fn an_output_path_that_is_a_file_is_refused() {
    let dir = inputs(1);
    let dir = dir.path();
    fs::write(dir.join("out"), "mine").unwrap();
    let output = extract(dir, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("out: is a file"), "{}", stderr(&output));
    assert_eq!(fs::read(dir.join("out")).unwrap(), b"mine");
    let output = run(&["extract", "in", "--out", "out/below"], dir);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("out/below"), "{}", stderr(&output));
}

#[test]
fn outputs_are_never_inputs() {
    let dir = inputs(3);
    let dir = dir.path();
    let inside = |further: &[&str]| {
        let mut arguments = vec!["extract", ".", "--out", "in/out", "--format"];
        let formats = all_formats();
        arguments.push(&formats);
        arguments.extend(further);
        run(&arguments, dir)
    };
    assert_eq!(inside(&[]).status.code(), Some(0));
    let first = tree(&dir.join("in/out"));
    let output = inside(&["--log", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let summary = log(&output).pop().unwrap()["summary"].clone();
    assert_eq!((&summary["reused"], &summary["duplicates"]), (&3.into(), &0.into()));
    // Everything below in/out but its hidden folder.
    let visible = first.iter().filter(|(path, _)| !path.starts_with(".heshu")).count();
    assert_eq!(summary["own_outputs"], visible);
    assert_same(&tree(&dir.join("in/out")), &first);
    // Another run's outputs are no inputs of this one either.
    let output = run(&["extract", ".", "--out", "other", "--log", "json"], dir);
    assert_eq!(log(&output).pop().unwrap()["summary"]["own_outputs"], visible);
    // The output folder is the input folder.
    for _ in 0..2 {
        let output = run(&["extract", "in", "--out", "in", "--format", &all_formats()], dir);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(
            stderr(&output).contains("3 of 3 files have a record"),
            "{}",
            stderr(&output)
        );
    }
    // Named itself, or in a list.
    let output = run(&["extract", "in/reports.ndjson", "--out", "other"], dir);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("in/reports.ndjson: an output of heshu"),
        "{}",
        stderr(&output)
    );
    let output = run(&["extract", "in/out/json", "--out", "other"], dir);
    assert!(
        stderr(&output).contains("in/out/json: an output of heshu"),
        "{}",
        stderr(&output)
    );
}

/// A command that this process's user could not disturb: for root, as another user, since root may write everywhere.
fn powerless(folder: &Path) -> Command {
    let mut command = heshu();
    command.current_dir(folder).stdin(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        use std::os::unix::process::CommandExt;
        if fs::metadata("/proc/self").map_or(0, |m| m.uid()) == 0 {
            // The binary may lie where that user may not look.
            let copy = folder.join("heshu");
            // By another process: while this one had it open for writing, a fork of another test would keep it busy.
            let done = Command::new("cp").arg(env!("CARGO_BIN_EXE_heshu")).arg(&copy).status();
            assert!(done.unwrap().success());
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
            fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
            command = Command::new(copy);
            command.current_dir(folder).stdin(Stdio::null()).uid(65534).gid(65534);
        }
    }
    command
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_and_nothing_lost() {
    use std::os::unix::fs::PermissionsExt;
    let dir = inputs(2);
    let dir = dir.path();
    extract(dir, &[]);
    let before = tree(&dir.join("out"));
    write(dir, "in/new.txt", &report(9));
    let mode = |path: &str, mode: u32| fs::set_permissions(dir.join(path), fs::Permissions::from_mode(mode)).unwrap();
    let folders: Vec<PathBuf> = walkdir::WalkDir::new(dir.join("out"))
        .into_iter()
        .map(Result::unwrap)
        .filter(|e| e.file_type().is_dir())
        .map(|e| e.path().strip_prefix(dir).unwrap().to_owned())
        .collect();
    for folder in &folders {
        mode(folder.to_str().unwrap(), 0o555);
    }
    let output = powerless(dir).args(["extract", "in", "--out", "out"]).output().unwrap();
    let fresh = powerless(dir)
        .args(["extract", "in", "--out", "out/below/fresh"])
        .output()
        .unwrap();
    for folder in &folders {
        mode(folder.to_str().unwrap(), 0o755);
    }
    for output in [&output, &fresh] {
        assert_eq!(output.status.code(), Some(2), "{}", stderr(output));
        let message = stderr(output);
        assert!(
            message.contains("cannot be written: out") && message.contains("ermission"),
            "{message}"
        );
        assert_eq!(message.lines().count(), 1, "{message}");
    }
    assert_same(&tree(&dir.join("out")), &before);
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
}

/// A limit on the size of files stands for a full disk wherever the tests may run: writing ends half way.
#[cfg(unix)]
#[test]
fn no_room_for_an_output_is_told_and_the_next_run_mends_it() {
    let dir = inputs(6);
    let dir = dir.path();
    let expected = undisturbed(dir, &[]);
    let limited = |blocks: u64, further: &str| {
        let command = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec {} extract in --out out {further}",
            env!("CARGO_BIN_EXE_heshu")
        );
        Command::new("sh")
            .args(["-c", &command])
            .current_dir(dir)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    // Room for no record; for the records but not for all of them together (in blocks of 512 or 1024 bytes).
    let sizes: Vec<u64> = expected
        .iter()
        .filter(|(p, _)| p.starts_with("records"))
        .map(|(_, b)| b.len() as u64)
        .collect();
    let largest = *sizes.iter().max().unwrap();
    for blocks in [1, largest / 512 + 2] {
        let output = limited(blocks, "");
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(
            message.contains("cannot be written: ") && message.contains("free some space"),
            "{message}"
        );
        assert_manifest_is_true(dir);
        assert!(!dir.join("out/reports.ndjson").exists(), "half an output");
        assert!(!message.contains("staging"), "{message}");
    }
    let output = extract(dir, &["--log", "json"]);
    assert_eq!(
        log(&output).pop().unwrap()["summary"]["reused"],
        6,
        "what was read is not read again"
    );
    assert_same(&tree(&dir.join("out")), &expected);
    // The outputs of the last whole run stay until new ones are complete.
    write(dir, "in/new.txt", &report(50));
    let before = fs::read(dir.join("out/reports.ndjson")).unwrap();
    assert_eq!(limited(largest / 512 + 2, "").status.code(), Some(2));
    assert_eq!(fs::read(dir.join("out/reports.ndjson")).unwrap(), before);
    assert_as_undisturbed(dir, &extract(dir, &[]), 0, &[]);
}

/// A disk that is really full, where the test may mount one: at every output, the run is told so and mended.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_next_run_mends_it() {
    let dir = inputs(8);
    let dir = dir.path();
    let formats = ["--format", &all_formats()];
    let expected = undisturbed(dir, &formats);
    let total: usize = expected.iter().map(|(_, bytes)| bytes.len()).sum();
    let disk = dir.join("out");
    fs::create_dir(&disk).unwrap();
    let mount = |options: &str| {
        let mut command = Command::new("mount");
        command
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&disk)
            .output()
    };
    for share in [2, 8, 12] {
        let size = format!("size={}k", total / 1024 * share / 20);
        if !mount(&size).is_ok_and(|o| o.status.success()) {
            eprintln!("no full disk to test on: this user may mount none");
            return;
        }
        let full = extract(dir, &formats);
        let told = stderr(&full);
        let left = fs::read_dir(disk.join(".heshu")).map_or(0, Iterator::count);
        let room = format!("remount,size={}k", total / 1024 * 8);
        let grown = mount(&room);
        let mended = extract(dir, &[&formats[..], &["--log", "json"]].concat());
        let found = tree(&disk);
        assert!(Command::new("umount").arg(&disk).status().unwrap().success());
        assert!(grown.unwrap().status.success());
        assert_eq!(full.status.code(), Some(2), "{told}");
        let lower = told.to_lowercase();
        // The library below the workbook keeps the system's words to itself.
        let reason = lower.contains("no space left") || lower.contains("could not be stored on disk");
        assert!(reason && lower.contains("free some space"), "{told}");
        assert!(
            !told.contains("panicked") && !told.contains("staging") && told.lines().count() == 1,
            "{told}"
        );
        assert!(left <= 2, "what was begun is taken away");
        assert_eq!(mended.status.code(), Some(0), "{}", stderr(&mended));
        assert_same(&found, &expected);
    }
}

#[test]
fn a_workbook_that_an_auditor_wrote_into_is_kept() {
    let dir = inputs(2);
    let dir = dir.path();
    let formats = ["--format", "xlsx"];
    extract(dir, &formats);
    let workbook = dir.join("out/审计底稿.xlsx");
    let mut written = fs::read(&workbook).unwrap();
    written.extend(b"remarks");
    fs::write(&workbook, &written).unwrap();
    let output = extract(dir, &formats);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stderr(&output).contains("out/审计底稿.1.xlsx: kept"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read(dir.join("out/审计底稿.1.xlsx")).unwrap(), written);
    // Once more: the new one is the program's own.
    assert!(!stderr(&extract(dir, &formats)).contains("kept"));
    fs::remove_file(dir.join("out/审计底稿.1.xlsx")).unwrap();
    assert_as_undisturbed(dir, &output, 0, &formats);
}

#[test]
fn quiet_says_only_what_failed_and_the_log_is_json() {
    let dir = inputs(2);
    let dir = dir.path();
    write(dir, "in/bad.pdf", "%PDF-1.7\n1 0 obj");
    for command in [
        &["extract", "in"][..],
        &["extract", "in", "--out", "out"],
        &["check", "in"],
    ] {
        let with = |flags: &[&str]| run(&[command, flags].concat(), dir);
        let plain = with(&[]);
        let lines = stderr(&plain).lines().count();
        assert!(lines > 5, "{}", stderr(&plain));
        let quiet = with(&["--quiet"]);
        assert_eq!(stderr(&quiet).lines().count(), 1, "{}", stderr(&quiet));
        assert!(stderr(&quiet).starts_with("in/bad.pdf: "));
        assert_eq!((quiet.status, &quiet.stdout), (plain.status, &plain.stdout));
        let json = with(&["--log", "json"]);
        let messages = log(&json);
        assert_eq!(messages.len(), 2);
        assert_eq!(
            (&messages[0]["level"], &messages[0]["path"]),
            (&"error".into(), &"in/bad.pdf".into())
        );
        assert!(messages[0]["code"].is_string() && messages[0]["message"].is_string());
        assert_eq!(messages[1]["code"], "summary");
        assert_eq!(messages[1]["summary"]["formats"]["txt"], 2);
        assert_eq!(log(&with(&["--log", "json", "-q"])).len(), 1);
        assert!(!stderr(&plain).contains('\u{1b}'), "no bar where there is no terminal");
    }
    let failed = run(&["extract", "in", "--patterns", "none", "--log", "json"], dir);
    assert_eq!(log(&failed)[0]["level"], "error");
    let eval = run(&["eval", "corpus", "--quiet"], &root());
    assert!(eval.status.success() && eval.stderr.is_empty(), "{}", stderr(&eval));
    let eval = run(&["eval", "corpus", "--log", "json"], &root());
    assert_eq!(log(&eval).pop().unwrap()["code"], "summary");
}

#[test]
fn outputs_that_were_not_asked_for_again_are_named() {
    let dir = inputs(1);
    let dir = dir.path();
    extract(dir, &["--format", "json,ndjson"]);
    let old = tree(&dir.join("out/json"));
    write(dir, "in/000.txt", &report(5));
    let output = extract(dir, &["--format", "ndjson"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        stderr(&output).contains("out/json: of an earlier run"),
        "{}",
        stderr(&output)
    );
    assert_eq!(tree(&dir.join("out/json")), old);
}

#[cfg(unix)]
#[test]
fn a_name_with_line_breaks_gets_one_line() {
    let dir = inputs(0);
    let dir = dir.path();
    write(dir, "in/a\nb\u{1b}[2J.txt", "");
    let output = extract(dir, &["-q"]);
    assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
    assert!(!stderr(&output).contains('\u{1b}'));
    assert_eq!(
        log(&extract(dir, &["-q", "--log", "json"]))[0]["path"],
        "in/a\nb\u{1b}[2J.txt"
    );
}

/// Nobody ever writes into the pipe: a run that opened it would wait for ever.
#[cfg(unix)]
#[test]
fn pipes_among_the_inputs_are_refused_at_once() {
    let dir = inputs(1);
    let dir = dir.path();
    assert!(
        Command::new("mkfifo")
            .arg(dir.join("in/pipe.txt"))
            .status()
            .unwrap()
            .success()
    );
    for arguments in [&["extract", "in", "-q"][..], &["extract", "in", "-q", "--out", "out"]] {
        let output = run(arguments, dir);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            stderr(&output).contains("in/pipe.txt: cannot be read: is a pipe"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn standard_output_has_a_record_for_every_input() {
    let dir = inputs(2);
    write(dir.path(), "in/same.txt", &report(0));
    let output = run(&["extract", "in"], dir.path());
    let paths: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["document"]["path"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(paths, ["in/000.txt", "in/001.txt", "in/same.txt"]);
}

/// Highest resident memory of a run, in kB, as /proc tells while it lasts; 0 where there is no /proc.
fn peak_kb(folder: &Path, further: &[&str]) -> u64 {
    let mut child = start(folder, further);
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(kb.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// Copies of the corpus' text and Word reports with changed text, so that no two are the same.
fn fill(folder: &Path, count: usize) {
    let texts: BTreeSet<PathBuf> = fs::read_dir(root().join("corpus/reports"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "txt"))
        .collect();
    let texts: Vec<Vec<u8>> = texts.iter().map(|path| fs::read(path).unwrap()).collect();
    fs::create_dir_all(folder.join("in")).unwrap();
    for n in 0..count {
        let mut bytes = texts[n % texts.len()].clone();
        bytes.extend(format!("\n{n}\n").bytes());
        fs::write(folder.join(format!("in/{n:05}.txt")), bytes).unwrap();
    }
}

fn bounded(few: usize, many: usize) {
    let peak = |count: usize| {
        let dir = tempfile::tempdir().unwrap();
        fill(dir.path(), count);
        let formats = ["--format", &all_formats()];
        let first = peak_kb(dir.path(), &formats);
        let resumed = peak_kb(dir.path(), &formats);
        first.max(resumed)
    };
    let (small, large) = (peak(few), peak(many));
    eprintln!("{few} reports: {small} kB; {many} reports: {large} kB");
    assert!(large < 300 << 10, "{large} kB");
    assert!(large < small + (100 << 10), "{small} kB, then {large} kB");
}

#[test]
fn memory_does_not_grow_with_the_reports() {
    bounded(20, 300);
}

#[test]
#[ignore = "takes minutes in an unoptimized build"]
fn ten_thousand_reports_take_less_than_300_mb() {
    bounded(200, 10_000);
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let dir = inputs(20);
    let dir = dir.path();
    write(dir, "in/same.txt", &report(3));
    write(dir, "in/bad.docx", "no zip");
    let formats = ["--format", &all_formats(), "--jobs"];
    let with = |jobs: &str| undisturbed(dir, &[&formats[..], &[jobs]].concat());
    let one = with("1");
    assert_same(&with("2"), &one);
    assert_same(&with("7"), &one);
}

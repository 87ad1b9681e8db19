//! Worker processes: whatever becomes of one, it costs the document that it was reading and no other.

use crate::corpus::root;
use heshu::ReadOptions;
use heshu::batch::{Isolation, Reader, WorkerCommand};
use heshu::error::{Error, ErrorKind};
use heshu::model::{Limits, Report};
use heshu::pattern::Patterns;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

const GOOD: &str = "绩效自评结论\n绩效自评分数为95分，绩效等级为优。\n";

/// A document that makes a worker of a test build fail.
fn poison(how: &str) -> String {
    format!("{GOOD}%heshu-test {how}%\n")
}

fn run(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_heshu"))
        .args(arguments)
        .current_dir(folder)
        .env("HESHU_TEST_WORKER", "1")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

fn command() -> WorkerCommand {
    WorkerCommand {
        program: env!("CARGO_BIN_EXE_heshu").into(),
        arguments: vec!["worker".into()],
    }
}

fn corpus_files() -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(root().join("corpus/reports")).unwrap();
    let mut files: Vec<_> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_way_to_fail_costs_one_document_and_is_named() {
    let cases = [
        ("abort", "killed by signal 6 (SIGABRT)"),
        ("exit", "ended with exit code 3"),
        ("overflow", "overflowed its stack"),
        ("memory", "--max-memory"),
        ("loop", "--max-seconds"),
        ("panic", "internal failure: as told"),
        ("babble", "gave an answer that is none"),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (index, (how, _)) in cases.iter().enumerate() {
        std::fs::write(dir.path().join(format!("{index}-bad.txt")), poison(how)).unwrap();
        std::fs::write(dir.path().join(format!("{index}-good.txt")), format!("{GOOD}{index}")).unwrap();
    }
    let arguments = [
        "extract",
        "--isolation",
        "process",
        "--max-seconds",
        "3",
        "--max-memory",
        "512MB",
        "-j",
        "2",
        ".",
    ];
    let output = run(&arguments, dir.path());
    assert_eq!(output.status.code(), Some(2));
    let messages = lines(&output.stderr);
    for (index, (how, words)) in cases.iter().enumerate() {
        let start = format!("./{index}-bad.txt: ");
        let about: Vec<&String> = messages.iter().filter(|line| line.starts_with(&start)).collect();
        assert_eq!(about.len(), 1, "{how}: one line\n{messages:#?}");
        assert!(
            about[0].contains(words) && about[0].contains("; "),
            "{how}: {}",
            about[0]
        );
    }
    let records = lines(&output.stdout);
    assert_eq!(records.len(), cases.len());
    for (index, record) in records.iter().enumerate() {
        assert!(record.contains(&format!(r#""path":"./{index}-good.txt""#)), "{record}");
    }
    assert!(
        !messages
            .iter()
            .any(|line| line.contains("good.txt") || line.contains("panicked"))
    );
}

#[test]
fn released_builds_and_plain_environments_know_no_misbehaviour() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), poison("abort")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_heshu"))
        .args(["extract", "--isolation", "process", "a.txt"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let source = std::fs::read_to_string(root().join("src/cli/worker.rs")).unwrap();
    let guarded = source.matches("#[cfg(debug_assertions)]\n").count();
    assert_eq!(
        (guarded, source.matches("misbehave(").count()),
        (2, 2),
        "only in builds for tests"
    );
}

#[test]
fn a_worker_reaches_neither_files_nor_the_network() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), poison("reach")).unwrap();
    std::fs::write(dir.path().join("Cargo.toml"), "a file that exists").unwrap();
    let output = run(&["extract", "--isolation", "process", "a.txt"], dir.path());
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    if cfg!(target_os = "linux") {
        assert_eq!(message.matches("Too many open files").count(), 2, "{message}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "nothing was made");
}

#[test]
fn records_are_the_same_bytes_with_and_without_isolation() {
    let corpus = root();
    let extract = |isolation: &str, jobs: &str| {
        let output = run(
            &["extract", "--isolation", isolation, "-j", jobs, "corpus/reports"],
            &corpus,
        );
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    let threads = extract("thread", "2");
    assert!(threads.len() > 100_000);
    assert!(threads == extract("process", "3"), "in processes");
    assert!(threads == extract("auto", "1"), "by format");
}

#[test]
fn auto_takes_processes_for_what_libraries_parse() {
    // A command that cannot start shows which documents ask for a process.
    let (patterns, options) = (Patterns::builtin().unwrap(), ReadOptions::default());
    let missing = WorkerCommand {
        program: root().join("no such program"),
        arguments: Vec::new(),
    };
    let reader = Reader::new(&patterns, &options, Isolation::Auto, missing);
    for file in corpus_files() {
        let bytes = Arc::new(std::fs::read(&file).unwrap());
        let result = reader.extract(&bytes, "name");
        let own = matches!(file.extension().unwrap().to_str(), Some("docx" | "txt"));
        match result {
            Ok(_) => assert!(own, "{}", file.display()),
            Err(error) => {
                assert!(
                    matches!(error.kind, ErrorKind::Worker(_)) && !own,
                    "{}: {error}",
                    file.display()
                );
                let message = error.to_string();
                assert!(
                    message.contains("no such program") && message.contains("--isolation thread"),
                    "{message}"
                );
            }
        }
    }
    let compound = Arc::new([b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 600]].concat());
    assert!(matches!(
        reader.extract(&compound, "a.doc").unwrap_err().kind,
        ErrorKind::Worker(_)
    ));
}

#[test]
fn a_program_that_is_no_worker_is_named() {
    let (patterns, options) = (Patterns::builtin().unwrap(), ReadOptions::default());
    let bytes = Arc::new(GOOD.as_bytes().to_vec());
    for (arguments, words) in [
        (vec!["rules".into()], "rules"),
        (vec!["--no-such-flag".into()], "exit code 2"),
    ] {
        let command = WorkerCommand { arguments, ..command() };
        let error = Reader::new(&patterns, &options, Isolation::Process, command)
            .extract(&bytes, "a.txt")
            .unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Worker(_)), "{words}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

fn extract(reader: &Reader<'_>, bytes: &[u8]) -> Result<Report, Error> {
    reader.extract(&Arc::new(bytes.to_vec()), "a.txt")
}

/// Processes of this test's own children, as /proc tells.
#[cfg(target_os = "linux")]
fn children() -> Vec<String> {
    let of_thread = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let lists: Vec<String> = tasks.map(|task| of_thread(task.unwrap())).collect();
    lists
        .iter()
        .flat_map(|list| list.split_whitespace().map(str::to_owned))
        .collect()
}

#[test]
fn a_worker_that_dies_idle_costs_nothing() {
    let (patterns, options) = (Patterns::builtin().unwrap(), ReadOptions::default());
    // Under a name of its own, so that no worker of another test is taken for this one's.
    let dir = tempfile::tempdir().unwrap();
    let program = dir.path().join("heshu");
    #[cfg(unix)]
    std::os::unix::fs::symlink(command().program, &program).unwrap();
    #[cfg(not(unix))]
    std::fs::copy(command().program, &program).unwrap();
    let own = WorkerCommand {
        program: program.clone(),
        ..command()
    };
    let reader = Reader::new(&patterns, &options, Isolation::Process, own);
    let first = extract(&reader, GOOD.as_bytes()).unwrap();
    // Too many bytes for one write, so that the parent is told in the middle of sending.
    let long = format!("{GOOD}{}", "绩效\n".repeat(200_000));
    assert_eq!(extract(&reader, long.as_bytes()).unwrap().scores, first.scores);
    #[cfg(target_os = "linux")]
    for _ in 0..2 {
        let mut killed = 0;
        for child in children() {
            let line = std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
            if line.starts_with(program.to_str().unwrap()) {
                Command::new("kill").args(["-KILL", &child]).status().unwrap();
                killed += 1;
            }
        }
        assert_eq!(killed, 1);
        assert_eq!(extract(&reader, GOOD.as_bytes()).unwrap(), first);
    }
}

#[test]
fn library_users_without_a_binary_read_in_threads() {
    let (patterns, options) = (Patterns::builtin().unwrap(), ReadOptions::default());
    let reader = Reader::in_threads(&patterns, &options);
    assert_eq!(extract(&reader, GOOD.as_bytes()).unwrap().scores.len(), 1);
    assert!(matches!(extract(&reader, b"").unwrap_err().kind, ErrorKind::Empty));
}

#[test]
fn options_and_patterns_reach_the_workers() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("report.toml"),
        std::fs::read_to_string(root().join("patterns/report.toml")).unwrap(),
    )
    .unwrap();
    let patterns = Patterns::with_overrides(dir.path()).unwrap();
    // The folder may go: workers get what was read, not where.
    std::fs::remove_dir_all(dir.path()).unwrap();
    let options = ReadOptions {
        password: Some("secret".to_owned()),
        limits: Limits {
            memory: 1 << 30,
            ..Limits::default()
        },
    };
    let reader = Reader::new(&patterns, &options, Isolation::Process, command());
    assert_eq!(patterns.overrides().len(), 1);
    assert_eq!(extract(&reader, GOOD.as_bytes()).unwrap().scores.len(), 1);
    let encrypted = std::fs::read(root().join("fixtures/pdf/encrypted_password.pdf")).unwrap();
    let encrypted = Arc::new(encrypted);
    assert_eq!(reader.extract(&encrypted, "a.pdf").unwrap().budgets.len(), 3);
    let none = ReadOptions::default();
    let error = Reader::new(&patterns, &none, Isolation::Process, command())
        .extract(&encrypted, "a.pdf")
        .unwrap_err();
    assert!(error.to_string().contains("--password"), "{error}");
}

/// A parent that is killed leaves no worker behind, not even one in an endless loop.
#[cfg(target_os = "linux")]
#[test]
fn workers_end_with_their_parent() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), poison("loop")).unwrap();
    let mut parent = Command::new(env!("CARGO_BIN_EXE_heshu"))
        .args(["extract", "--isolation", "process", "--max-seconds", "600", "a.txt"])
        .current_dir(dir.path())
        .env("HESHU_TEST_WORKER", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let children = || {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", parent.id())).unwrap();
        let read =
            |task: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(task.unwrap().path().join("children"));
        let lists: Vec<String> = tasks.map(|task| read(task).unwrap_or_default()).collect();
        lists.concat().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let mut workers = Vec::new();
    for _ in 0..1000 {
        workers = children();
        if !workers.is_empty() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(workers.len(), 1);
    // Until it has the document: its reading thread has a name.
    std::thread::sleep(std::time::Duration::from_millis(300));
    parent.kill().unwrap();
    parent.wait().unwrap();
    let alive = |worker: &String| {
        let stat = std::fs::read_to_string(format!("/proc/{worker}/stat")).unwrap_or_default();
        // A zombie waits for whoever adopted it and does nothing any more.
        !stat.is_empty() && !stat.contains(") Z ")
    };
    for _ in 0..1000 {
        if !alive(&workers[0]) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the worker {} lives on", workers[0]);
}

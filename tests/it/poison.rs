//! A folder with good reports and poisoned files: a record for each good one, a clear line for each other, exit code 2.
//! And what such a run touches: its inputs, and nothing that a document names.

use crate::corpus::root;
use crate::mutation::list;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn heshu(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heshu"));
    command.args([
        "extract",
        "--max-seconds",
        "5",
        "--max-memory",
        "1GB",
        "--jobs",
        "2",
        "-",
    ]);
    command
        .current_dir(folder)
        .env("HESHU_TEST_WORKER", "1")
        .stdin(list(folder));
    command
}

fn lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
}

/// Copies of the corpus' reports, in turn.
fn fill(folder: &Path, count: usize) {
    let mut reports: Vec<PathBuf> = std::fs::read_dir(root().join("corpus/reports"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    reports.sort();
    for (n, report) in reports.iter().cycle().take(count).enumerate() {
        let name = report.file_name().unwrap().to_string_lossy();
        std::fs::copy(report, folder.join(format!("{n:03}-{name}"))).unwrap();
    }
}

/// What has been found to bring readers down, every file of fixtures/broken/, and files that kill the worker that reads
/// them. Their names stand between those of good reports.
fn poison(folder: &Path) -> BTreeMap<String, Option<&'static str>> {
    let mut poisoned = BTreeMap::new();
    let good = std::fs::read(root().join("corpus/reports/g2_three_public.pdf")).unwrap();
    for (n, (how, words)) in [
        ("abort", "killed by signal 6 (SIGABRT)"),
        ("overflow", "overflowed its stack"),
        ("memory", "raise --max-memory"),
        ("loop", "raise --max-seconds"),
        ("exit", "exit code 3"),
        ("panic", "internal failure"),
        ("babble", "gave an answer that is none"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{:03}-killer-{how}.pdf", n * 3);
        // Behind the end of the file, so that nothing else is wrong with it.
        let bytes = [good.as_slice(), format!("\n%heshu-test {how}%\n").as_bytes()].concat();
        std::fs::write(folder.join(&name), bytes).unwrap();
        poisoned.insert(name, Some(words));
    }
    let broken = root().join("fixtures/broken");
    for (n, entry) in walkdir::WalkDir::new(&broken)
        .sort_by_file_name()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let path = entry.path();
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        if !entry.file_type().is_file() || matches!(extension.as_deref(), Some("md" | "py" | "sh" | "toml" | "json")) {
            continue;
        }
        let name = format!(
            "{:03}-broken-{n}-{}",
            n % 40,
            path.file_name().unwrap().to_string_lossy()
        );
        std::fs::copy(path, folder.join(&name)).unwrap();
        poisoned.insert(name, None);
    }
    poisoned
}

fn assert_clear(output: &Output, alone: &[String], poisoned: &BTreeMap<String, Option<&'static str>>) {
    let messages = lines(&output.stderr);
    let records = lines(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{messages:#?}");
    for record in alone {
        assert!(
            records.contains(record),
            "lost or changed: {record:.200}\n{messages:#?}"
        );
    }
    for (name, words) in poisoned {
        let path = format!("./{name}");
        let about: Vec<&String> = messages.iter().filter(|m| m.starts_with(&path)).collect();
        let record = records
            .iter()
            .filter(|r| r.contains(&format!(r#""path":"{path}"#)))
            .count();
        match words {
            Some(words) => {
                assert_eq!((about.len(), record), (1, 0), "{name}: {about:#?}");
                assert!(about[0].contains(words), "{}", about[0]);
            }
            // Some of fixtures/broken/ can be read in part; none is left without a word.
            None => assert!(about.len() + record >= 1, "{name}: neither record nor message"),
        }
        for message in about {
            assert!(message.contains("; "), "what to do? {message}");
        }
    }
    let stray = |m: &&String| m.starts_with("./") && !poisoned.keys().any(|name| m.starts_with(&format!("./{name}")));
    assert_eq!(messages.iter().find(stray), None, "a message about a good file");
}

#[test]
fn poisoned_files_cost_themselves_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 37);
    let alone = lines(&heshu(dir.path()).output().unwrap().stdout);
    assert_eq!(alone.len(), 37);
    let poisoned = poison(dir.path());
    let output = heshu(dir.path()).output().unwrap();
    assert_clear(&output, &alone, &poisoned);
}

/// Files that a run opens and calls that leave the machine, as the system saw them.
#[test]
fn nothing_but_inputs_is_opened_and_no_connection_is_made() {
    let Some(strace) = std::env::var_os("HESHU_TEST_STRACE") else {
        assert!(
            std::env::var_os("HESHU_TEST_REQUIRE").is_none(),
            "HESHU_TEST_STRACE must name strace"
        );
        eprintln!("HESHU_TEST_STRACE is not set: not traced");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 6);
    let poisoned = poison(dir.path());
    let trace = tempfile::NamedTempFile::new().unwrap();
    let inner = heshu(dir.path());
    let status = Command::new(strace)
        .args(["-f", "-qq", "-e", "trace=%file,%network", "-o"])
        .arg(trace.path())
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(dir.path())
        .env("HESHU_TEST_WORKER", "1")
        // Cargo's own, for the loader.
        .env_remove("LD_LIBRARY_PATH")
        .stdin(list(dir.path()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
    let text = String::from_utf8_lossy(&std::fs::read(trace.path()).unwrap()).into_owned();
    let mut opened = 0;
    for line in text.lines() {
        let call = line.split_once(' ').map_or(line, |(_, call)| call.trim_start());
        let name = call.split('(').next().unwrap_or_default();
        // `socketpair` is how a process is started; it leads nowhere else.
        let network = ["socket", "connect", "bind", "sendto", "getaddrinfo"].contains(&name);
        assert!(!network, "{line}");
        if ![
            "open", "openat", "creat", "unlink", "unlinkat", "rename", "mkdir", "mkdirat",
        ]
        .contains(&name)
        {
            continue;
        }
        let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"]
            .iter()
            .any(|flag| call.contains(flag));
        assert!(
            name.starts_with("open") && (!writes || call.contains("/dev/null")),
            "writes: {line}"
        );
        let path = call.split('"').nth(1).unwrap_or_default();
        let own = path == "." || path.starts_with("./") || Path::new(path).starts_with(dir.path());
        // What the loader and the standard library read of the system, and of the program for a backtrace.
        let program = env!("CARGO_BIN_EXE_heshu");
        let system = [
            program,
            "/lib",
            "/usr/lib",
            "/etc/ld.so",
            "/proc/",
            "/sys/",
            "/dev/null",
        ];
        assert!(
            own || system.iter().any(|start| path.starts_with(start)),
            "opens: {line}"
        );
        opened += usize::from(own);
    }
    assert!(opened > poisoned.len(), "the trace shows the inputs");
}

/// Readers and all that comes after them get bytes: no path of a document can reach the file system where none is used.
#[test]
fn no_stage_touches_files_processes_or_the_network() {
    let mut checked = 0;
    for stage in ["ingest", "recognize", "normalize", "check", "model"] {
        for entry in walkdir::WalkDir::new(root().join("src").join(stage)) {
            let entry = entry.unwrap();
            if entry.path().extension().is_none_or(|e| e != "rs") {
                continue;
            }
            checked += 1;
            let text = std::fs::read_to_string(entry.path()).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in code {
                // `CompoundFile` reads bytes.
                let line = line.replace("CompoundFile::", "");
                for word in [
                    "std::fs",
                    "fs::",
                    "File::",
                    "std::net",
                    "std::process",
                    "std::env",
                    "Command::",
                ] {
                    assert!(!line.contains(word), "{}: {word}: {line}", entry.path().display());
                }
            }
        }
    }
    assert!(checked > 50);
}

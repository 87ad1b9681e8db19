//! LibreOffice as a converter: files that no reader of ours reads become .docx or .xlsx in a folder of their own.
//!
//! Threads that need a conversion while another one runs wait and are then served together, by one start of the program.
//! It runs with a profile of its own, without macros and without a way to the network, and is ended, with all of its
//! processes, when it takes too long.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Report, Source, Warning};
use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// Seconds that the program may take to start, and for each file.
const START_SECONDS: u64 = 30;
const FILE_SECONDS: u64 = 30;
/// Files of one start.
const BATCH: usize = 16;
/// Largest result that is taken.
const MAX_BYTES: u64 = 512 << 20;

/// What a file is converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Document,
    Workbook,
}

impl Target {
    fn extension(self) -> &'static str {
        match self {
            Target::Document => "docx",
            Target::Workbook => "xlsx",
        }
    }

    /// Name of the program's filter.
    fn filter(self) -> &'static str {
        match self {
            Target::Document => "docx:MS Word 2007 XML",
            Target::Workbook => "xlsx:Calc MS Excel 2007 XML",
        }
    }
}

/// What a file is, by its bytes, as far as the program needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    extension: &'static str,
    target: Target,
    /// There is a reader of ours to compare with.
    comparable: bool,
}

/// Tells files that LibreOffice may read where we do not.
fn kind(bytes: &[u8]) -> Option<Kind> {
    let of = |extension, target, comparable| {
        Some(Kind {
            extension,
            target,
            comparable,
        })
    };
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        // The directory may be broken; its names are in UTF-16 and start an entry of 128 bytes.
        let holds = |name: &str| {
            let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect();
            bytes.chunks(128).any(|entry| entry.starts_with(&wide))
        };
        return match () {
            () if holds("EncryptedPackage") || holds("PowerPoint Document") => None,
            () if holds("Workbook") || holds("Book") => of("xls", Target::Workbook, false),
            () if holds("WordDocument") => of("doc", Target::Document, true),
            // Works, WPS's own formats: the program looks into them itself.
            () => of("wps", Target::Document, false),
        };
    }
    // Word 2 and Write files, which are no compound files.
    if bytes.starts_with(b"\xDB\xA5") || bytes.starts_with(b"\x31\xBE\0\0") {
        return of("doc", Target::Document, false);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let head = &bytes[..bytes.len().min(256)];
        let holds = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
        return if holds(b"opendocument.text") {
            of("odt", Target::Document, false)
        } else {
            None
        };
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("{\\rtf") {
        return of("rtf", Target::Document, true);
    }
    if head.starts_with('<') && (head.contains("<pkg:package") || head.contains("<w:worddocument")) {
        return of("xml", Target::Document, false);
    }
    if head.starts_with('<') && head.contains("<office:document") {
        return match head.contains("opendocument.spreadsheet") {
            true => of("fods", Target::Workbook, false),
            false => of("fodt", Target::Document, false),
        };
    }
    None
}

/// Whether a converter may help where a reader gave this error.
fn may_help(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::Unsupported { .. } | ErrorKind::Damaged(_) | ErrorKind::Internal(_)
    )
}

/// The program, with its folder and the files that wait for it.
#[derive(Debug)]
pub struct Converter {
    program: PathBuf,
    folder: TempDir,
    cross_check: bool,
    /// Held while the program runs.
    running: Mutex<()>,
    queue: Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    next: u64,
    waiting: BTreeMap<u64, (PathBuf, Target)>,
    done: BTreeMap<u64, Result<Vec<u8>>>,
}

impl Converter {
    /// The program by its path, or by its name in the search path. With `cross_check`, files that our readers read are
    /// converted too, and what both readings give is compared.
    ///
    /// # Errors
    /// When there is no such program, or no temporary folder.
    pub fn new(program: &Path, cross_check: bool) -> Result<Self> {
        let program = find(program).ok_or_else(|| {
            Error::unsupported(
                format!("the converter {} is not installed", program.display()),
                "install LibreOffice, or name its program with --converter soffice=PATH",
            )
        })?;
        let folder = tempfile::Builder::new().prefix("heshu-convert-").tempdir();
        let folder = folder.map_err(|e| Error::new(ErrorKind::Io(format!("no temporary folder: {e}"))))?;
        let converter = Converter {
            program,
            folder,
            cross_check,
            running: Mutex::new(()),
            queue: Mutex::new(Queue::default()),
        };
        let profile = converter.folder.path().join("profile/user");
        fs::create_dir_all(&profile)
            .and_then(|()| fs::write(profile.join("registrymodifications.xcu"), SETTINGS))
            .map_err(|e| Error::new(ErrorKind::Io(format!("no temporary folder: {e}"))))?;
        Ok(converter)
    }

    /// Reads a file by `read`; where that fails and the converter may help, reads what it makes of the file. The record
    /// keeps the original's name, format and hash, and says what was done.
    ///
    /// # Errors
    /// The reader's own error, with the converter's word where it was asked.
    pub fn read(&self, bytes: &[u8], read: impl Fn(&[u8]) -> Result<Report>) -> Result<Report> {
        let outcome = read(bytes);
        let Some(kind) = kind(bytes) else {
            return outcome;
        };
        match outcome {
            Ok(mut report) => {
                if self.cross_check && kind.comparable {
                    let second = self.convert(bytes, kind).and_then(|converted| read(&converted));
                    report.warnings.extend(compare(&report, &second));
                }
                Ok(report)
            }
            Err(error) if may_help(&error) => {
                let converted = self.convert(bytes, kind).and_then(|converted| read(&converted));
                match converted {
                    Ok(report) => Ok(as_original(report, bytes, kind)),
                    Err(second) => Err(Error::new(ErrorKind::Unsupported {
                        found: error.to_string(),
                        advice: format!("LibreOffice does not help either: {second}"),
                    })),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// The file as .docx or .xlsx.
    fn convert(&self, bytes: &[u8], kind: Kind) -> Result<Vec<u8>> {
        let id = {
            let mut queue = lock(&self.queue);
            let id = queue.next;
            queue.next += 1;
            let path = self.folder.path().join(format!("in{id}.{}", kind.extension));
            fs::write(&path, bytes).map_err(|e| Error::new(ErrorKind::Io(format!("temporary file: {e}"))))?;
            queue.waiting.insert(id, (path, kind.target));
            id
        };
        let running = lock(&self.running);
        // Another thread's start may have served this file.
        if let Some(done) = lock(&self.queue).done.remove(&id) {
            return done;
        }
        let batch: Vec<(u64, PathBuf)> = {
            let mut queue = lock(&self.queue);
            let own = queue.waiting.remove(&id).map(|(path, _)| (id, path));
            let others = queue.waiting.iter().filter(|(_, (_, target))| *target == kind.target);
            let others: Vec<u64> = others.map(|(id, _)| *id).take(BATCH - 1).collect();
            let others = others
                .into_iter()
                .filter_map(|id| Some((id, queue.waiting.remove(&id)?.0)));
            own.into_iter().chain(others.collect::<Vec<_>>()).collect()
        };
        let mut own = None;
        for (of, result) in self.run_batch(&batch, kind.target) {
            if of == id {
                own = Some(result);
            } else {
                lock(&self.queue).done.insert(of, result);
            }
        }
        drop(running);
        own.unwrap_or_else(|| {
            Err(Error::new(ErrorKind::Internal(
                "a conversion without a result".to_owned(),
            )))
        })
    }

    /// Converts files by one start; those that it left out are tried again alone, so that one bad file costs itself.
    fn run_batch(&self, batch: &[(u64, PathBuf)], target: Target) -> Vec<(u64, Result<Vec<u8>>)> {
        let paths: Vec<&Path> = batch.iter().map(|(_, path)| path.as_path()).collect();
        let whole = self.run(&paths, target);
        let mut results = Vec::with_capacity(batch.len());
        for (id, path) in batch {
            let mut result = self.result(path, target, &whole);
            if result.is_err() && batch.len() > 1 {
                let alone = self.run(&[path], target);
                result = self.result(path, target, &alone);
            }
            let _ = fs::remove_file(path);
            results.push((*id, result));
        }
        results
    }

    /// One start of the program; how it ended, if not well.
    fn run(&self, files: &[&Path], target: Target) -> std::result::Result<(), String> {
        let root = self.folder.path();
        let mut command = Command::new(&self.program);
        command
            .arg(format!(
                "-env:UserInstallation=file://{}",
                root.join("profile").display()
            ))
            .args(["--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"])
            .args(["--convert-to", target.filter(), "--outdir"])
            .arg(root.join("out"))
            .args(files)
            .current_dir(root)
            .env("HOME", root)
            .env("TMPDIR", root)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|e| format!("it cannot be started: {e}"))?;
        let seconds = START_SECONDS + FILE_SECONDS * files.len() as u64;
        let ended = wait(&mut child, seconds);
        // Also when it ended by itself: the program is a script that starts others.
        end_group(&child);
        let _ = child.wait();
        match ended {
            true => Ok(()),
            false => Err(format!("it took more than {seconds} s and was ended")),
        }
    }

    /// The file that the program made of another one.
    fn result(&self, path: &Path, target: Target, outcome: &std::result::Result<(), String>) -> Result<Vec<u8>> {
        let name = path.with_extension(target.extension());
        let made = self
            .folder
            .path()
            .join("out")
            .join(name.file_name().unwrap_or_default());
        let size = fs::metadata(&made).map(|m| m.len()).unwrap_or(0);
        let bytes = match outcome {
            Ok(()) if size > 0 && size <= MAX_BYTES => fs::read(&made).ok(),
            _ => None,
        };
        let _ = fs::remove_file(&made);
        bytes.ok_or_else(|| {
            let why = outcome.clone().err();
            let why = why.unwrap_or_else(|| "it does not read the file".to_owned());
            Error::unsupported(
                format!("LibreOffice made nothing of it ({why})"),
                "save the file as .docx by hand",
            )
        })
    }
}

/// Settings of the profile: no macros, no links followed, and a proxy that is not there.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"#;

/// Waits for the child; false when it did not end in time. Counts its own naps: no clock is read.
fn wait(child: &mut Child, seconds: u64) -> bool {
    const NAP: Duration = Duration::from_millis(20);
    for _ in 0..seconds * 50 {
        match child.try_wait() {
            Ok(Some(_)) | Err(_) => return true,
            Ok(None) => std::thread::sleep(NAP),
        }
    }
    false
}

/// Ends every process that the program has started and that is still there.
fn end_group(child: &Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// A program by its path, or by its name in the search path.
fn find(program: &Path) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join(program));
    found.into_iter().find(|path| path.is_file())
}

/// The record of a converted file, told as that of the original.
fn as_original(mut report: Report, bytes: &[u8], kind: Kind) -> Report {
    use crate::model::Format;
    report.document.sha256 = crate::sha256(bytes);
    report.document.bytes = bytes.len() as u64;
    report.document.pages = None;
    match kind.extension {
        "doc" | "wps" => report.document.format = Format::Doc,
        "rtf" => report.document.format = Format::Rtf,
        "xls" => report.document.format = Format::Xls,
        "fods" => report.document.format = Format::Ods,
        _ => {}
    }
    let message = "内置阅读器未能读取，已由 LibreOffice 转换后读取；文末如有表格请与原件核对";
    report
        .warnings
        .insert(0, Warning::new("converted", message, Source::default()));
    report
}

/// Figures of the tables that stand in one reading and not in the other.
fn compare(report: &Report, second: &Result<Report>) -> Option<Warning> {
    const SHOWN: usize = 8;
    let warn = |code: &str, message: String| Some(Warning::new(code, message, Source::default()));
    let second = match second {
        Ok(second) => second,
        Err(_) => {
            return warn(
                "cross_check_failed",
                "LibreOffice 未能转换此文件，没有交叉核对".to_owned(),
            );
        }
    };
    let count = differences(&report.tables, &second.tables);
    if count.values().all(|n| *n == 0) {
        return None;
    }
    // The program leaves out a table that is the last thing in a .doc: what is left must agree.
    if let Some((_, others)) = report.tables.split_last()
        && second.tables.len() < report.tables.len()
        && differences(others, &second.tables).values().all(|n| *n == 0)
    {
        let message = "LibreOffice 的读法缺文末最后一个表格（它的已知缺陷），该表格未能交叉核对，其余表格的数字一致";
        return warn("cross_check_last_table", message.to_owned());
    }
    let list = |wanted: fn(i64) -> bool| {
        let found: Vec<&str> = count
            .iter()
            .filter(|(_, n)| wanted(**n))
            .map(|(figure, _)| figure.as_str())
            .collect();
        let more = if found.len() > SHOWN {
            format!(" 等{}个", found.len())
        } else {
            String::new()
        };
        match found.is_empty() {
            true => "无".to_owned(),
            false => format!("{}{more}", found[..found.len().min(SHOWN)].join("、")),
        }
    };
    let (ours, theirs) = (list(|n| n > 0), list(|n| n < 0));
    warn(
        "cross_check_differs",
        format!(
            "与 LibreOffice 的读法不一致，表格中的数字只在内置读法中有：{ours}；只在 LibreOffice 读法中有：{theirs}"
        ),
    )
}

/// How much more often each figure stands in the first tables than in the second ones.
fn differences(ours: &[crate::model::TableRecord], theirs: &[crate::model::TableRecord]) -> BTreeMap<String, i64> {
    let mut count: BTreeMap<String, i64> = BTreeMap::new();
    for (tables, step) in [(ours, 1), (theirs, -1)] {
        for cell in tables.iter().flat_map(|table| &table.cells) {
            for figure in figures(&cell.text) {
                *count.entry(figure).or_default() += step;
            }
        }
    }
    count
}

/// Runs of digits with their points.
fn figures(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    parts
        .map(|part| part.trim_matches(['.', ',']).replace(',', ""))
        .filter(|part| !part.is_empty())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change of the queue is one step: valid whatever a panicking thread did.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_a_converter_may_read_are_told_by_their_bytes() {
        let rows: [(&[u8], Option<&str>); 7] = [
            (b"{\\rtf1\\ansi", Some("rtf")),
            (b"<?xml version=\"1.0\"?><w:wordDocument xmlns:w=\"x\">", Some("xml")),
            (b"\xEF\xBB\xBF<pkg:package>", Some("xml")),
            (
                b"<office:document office:mimetype=\"application/vnd.oasis.opendocument.text\">",
                Some("fodt"),
            ),
            (
                b"PK\x03\x04\0\0mimetypeapplication/vnd.oasis.opendocument.text",
                Some("odt"),
            ),
            (b"PK\x03\x04\0\0[Content_Types].xml", None),
            (b"%PDF-1.7", None),
        ];
        for (bytes, expected) in rows {
            assert_eq!(
                kind(bytes).map(|k| k.extension),
                expected,
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = Converter::new(Path::new("no-such-soffice"), false)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("no-such-soffice") && error.contains("--converter"),
            "{error}"
        );
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_its_children() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
        assert!(!wait(&mut child, 0));
        end_group(&child);
        child.wait().unwrap();
        let grandchild = PathBuf::from("/proc").join(line.trim()).join("cmdline");
        let gone = (0..200).any(|_| {
            std::thread::sleep(Duration::from_millis(10));
            fs::read(&grandchild).map_or(true, |text| text.is_empty())
        });
        assert!(gone, "the child of the child still runs");
    }

    #[test]
    fn figures_are_compared_by_number() {
        let found: Vec<String> = figures("1,020.16万元，占98.82%。第3、4项").collect();
        assert_eq!(found, ["1020.16", "98.82", "3", "4"]);
    }
}

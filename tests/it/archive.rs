//! Archives: zips as folders, files told by their content, names that lie, and what comes of each broken file.

use heshu::batch::{self, Input, Inputs, Outcome};
use heshu::error::Error;
use heshu::model::{Format, Limits, Report};
use heshu::pattern::Patterns;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const GOOD: &str = "绩效自评结论\n绩效自评分数为95分，绩效等级为优。\n";

fn zip_of<B: AsRef<[u8]>>(members: &[(&str, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes.as_ref()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn collect(folder: &Path, limits: &Limits) -> Inputs {
    batch::collect(&[folder.to_owned()], std::io::empty(), limits)
}

/// Names below the folder, of files and of problems with their messages.
fn told(inputs: &Inputs, folder: &Path) -> (Vec<String>, Vec<String>) {
    let root = format!("{}/", folder.display());
    let short = |shown: &str| shown.strip_prefix(&root).unwrap_or(shown).to_owned();
    let files = inputs.files.iter().map(|f| short(&f.shown)).collect();
    let problems = inputs
        .problems
        .iter()
        .map(|p| format!("{}: {}", short(&p.shown), p.error))
        .collect();
    (files, problems)
}

fn process(input: &Input) -> Result<Report, Error> {
    let patterns = Patterns::builtin().unwrap();
    let Outcome { result, .. } = batch::process(input, &patterns, &heshu::ReadOptions::default());
    result
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn a_zip_is_walked_as_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let docx = std::fs::read(crate::corpus::root().join("corpus/reports/f1_project.docx")).unwrap();
    let inner = zip_of(&[("甲.txt", GOOD.as_bytes()), ("b/自评.docx", docx.as_slice())]);
    let outer = zip_of(&[
        ("z.txt", GOOD.as_bytes()),
        ("内.zip", inner.as_slice()),
        ("a/报告.txt", GOOD.as_bytes()),
        ("readme.md", b"# x"),
        (".hidden/x.txt", GOOD.as_bytes()),
        ("__MACOSX/._z.txt", b"\0\x05\x16\x07"),
        ("scan.jpg", b"\xFF\xD8\xFF\xE0"),
    ]);
    // The content tells an archive, and a document: neither needs its name.
    write(dir.path(), "县.zip", &outer);
    write(dir.path(), "misnamed.doc", &inner);
    write(dir.path(), "word.zip", &docx);
    let inputs = collect(dir.path(), &Limits::default());
    let (files, problems) = told(&inputs, dir.path());
    assert_eq!(
        files,
        [
            "misnamed.doc!/b/自评.docx",
            "misnamed.doc!/甲.txt",
            "word.zip",
            "县.zip!/a/报告.txt",
            "县.zip!/z.txt",
            "县.zip!/内.zip!/b/自评.docx",
            "县.zip!/内.zip!/甲.txt",
        ]
    );
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("县.zip!/scan.jpg: a JPEG picture"),
        "{problems:?}"
    );
    assert_eq!(inputs.skipped.get("md"), Some(&1));
    let direct = process(&Input::file(dir.path().join("word.zip"))).unwrap();
    assert_eq!(direct.warnings[0].code, "name_disagrees");
    for input in &inputs.files {
        let report = process(input).unwrap_or_else(|error| panic!("{}: {error}", input.shown));
        assert_eq!(report.document.path, input.shown);
        assert_eq!(
            batch::isolate::hash(input, &Limits::default()).unwrap(),
            report.document.sha256
        );
        if report.document.format == Format::Docx {
            assert_eq!(
                (&report.indicators, &report.scores),
                (&direct.indicators, &direct.scores)
            );
        }
    }
    // A member may be named by itself.
    let name = dir.path().join("县.zip!/内.zip!/甲.txt");
    let inputs = batch::collect(&[name.clone(), name], std::io::empty(), &Limits::default());
    assert_eq!((inputs.files.len(), inputs.repeated, inputs.problems.len()), (1, 1, 0));
    assert!(process(&inputs.files[0]).is_ok());
    let none = batch::collect(
        &[dir.path().join("县.zip!/none.txt")],
        std::io::empty(),
        &Limits::default(),
    );
    assert!(
        none.problems[0]
            .error
            .to_string()
            .contains("no such file in the archive")
    );
}

/// Puts other bytes for a name of the same length, in both directories, as programs of other code pages do.
fn renamed(mut zip: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    for at in 0..zip.len() - from.len() {
        if &zip[at..at + from.len()] == from {
            zip[at..at + to.len()].copy_from_slice(to);
        }
    }
    zip
}

#[test]
fn names_in_gbk_and_names_that_lead_out() {
    let dir = tempfile::tempdir().unwrap();
    let gbk = encoding_rs::GB18030.encode("自评.txt").0.into_owned();
    let zip = renamed(zip_of(&[("abcd.txt", GOOD)]), b"abcd.txt", &gbk);
    write(dir.path(), "in/a.zip", zip);
    write(
        dir.path(),
        "in/b.zip",
        zip_of(&[("../../../evil.txt", GOOD), ("/root/x.txt", GOOD), ("c\\d.txt", GOOD)]),
    );
    let inputs = collect(&dir.path().join("in"), &Limits::default());
    let (files, problems) = told(&inputs, &dir.path().join("in"));
    assert_eq!(
        files,
        [
            "a.zip!/自评.txt",
            "b.zip!/c/d.txt",
            "b.zip!/evil.txt",
            "b.zip!/root/x.txt"
        ]
    );
    assert!(problems.is_empty(), "{problems:?}");
    for input in &inputs.files {
        assert!(process(input).is_ok());
    }
    // Nothing was written beside the archives.
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn members_that_cannot_be_read_are_a_line_each() {
    let dir = tempfile::tempdir().unwrap();
    let long = "预算执行率为98.82%。\n".repeat(500);
    let mut zip = zip_of(&[("a.txt", GOOD), ("b.txt", long.as_str()), ("c.txt", GOOD)]);
    // The checksum of b, in the central directory.
    let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    let second = central + 4 + zip[central + 4..].windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[second + 16] ^= 0xFF;
    write(dir.path(), "broken.zip", &zip);
    // The flag of encryption.
    let mut zip = zip_of(&[("a.txt", GOOD), ("secret.txt", GOOD)]);
    let second = zip.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    zip[second + 8] |= 1;
    write(dir.path(), "secret.zip", &zip);
    // A size that reaches over the end.
    let mut zip = zip_of(&[("a.txt", GOOD)]);
    let central = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[central + 20..central + 24].copy_from_slice(&0x7FFF_FFFFu32.to_le_bytes());
    write(dir.path(), "long.zip", &zip);
    // A truncated archive is a damaged file.
    let whole = zip_of(&[("a.txt", GOOD)]);
    write(dir.path(), "truncated.zip", &whole[..whole.len() - 30]);
    write(dir.path(), "empty.zip", zip_of::<&str>(&[]));
    let inputs = collect(dir.path(), &Limits::default());
    let (files, problems) = told(&inputs, dir.path());
    assert_eq!(
        files,
        [
            "broken.zip!/a.txt",
            "broken.zip!/c.txt",
            "secret.zip!/a.txt",
            "truncated.zip"
        ]
    );
    for (start, word) in [
        ("broken.zip!/b.txt: ", "damaged: a broken member"),
        ("empty.zip: ", "without reports"),
        ("long.zip!/a.txt: ", "over the end"),
        ("secret.zip!/secret.txt: ", "encrypted"),
    ] {
        let line = problems.iter().find(|line| line.starts_with(start));
        assert!(
            line.is_some_and(|line| line.contains(word)),
            "{start} {word}: {problems:?}"
        );
    }
    assert_eq!(problems.len(), 4, "{problems:?}");
    let failed: Vec<String> = inputs
        .files
        .iter()
        .filter_map(|input| process(input).err().map(|error| error.to_string()))
        .collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(
        failed.iter().all(|message| message.starts_with("damaged")),
        "{failed:?}"
    );
}

#[test]
fn limits_hold_whatever_an_archive_declares() {
    let dir = tempfile::tempdir().unwrap();
    let many: Vec<(String, &str)> = (0..50).map(|i| (format!("{i}.txt"), GOOD)).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let mut nested = zip_of(&[("a.txt", GOOD)]);
    for _ in 0..6 {
        nested = zip_of(&[("in.zip", nested)]);
    }
    let zeros = vec![b'\n'; 3 << 20];
    let bomb = zip_of(&[("bomb.txt", &zeros)]);
    write(dir.path(), "bomb.zip", &bomb);
    write(dir.path(), "deep.zip", &nested);
    write(dir.path(), "inner.zip", zip_of(&[("in.zip", zip_of(&[("z", &zeros)]))]));
    write(dir.path(), "many.zip", zip_of(&many));
    // Two members of the same bytes.
    let mut overlap = zip_of(&[("a.txt", GOOD), ("b.txt", GOOD)]);
    let second = overlap.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    overlap[second + 42..second + 46].fill(0);
    write(dir.path(), "overlap.zip", &overlap);
    write(dir.path(), "good.txt", GOOD);
    let limits = Limits {
        entries: 40,
        inflated: 2 << 20,
        ..Limits::default()
    };
    let inputs = collect(dir.path(), &limits);
    let (files, problems) = told(&inputs, dir.path());
    assert_eq!(files, ["bomb.zip!/bomb.txt", "good.txt"]);
    for (start, word) in [
        ("deep.zip!/in.zip", "in each other"),
        ("inner.zip", "without reports"),
        ("many.zip: ", "--max-entries"),
        ("overlap.zip: ", "overlap"),
    ] {
        let line = problems.iter().find(|line| line.starts_with(start));
        assert!(
            line.is_some_and(|line| line.contains(word)),
            "{start} {word}: {problems:?}"
        );
    }
    let error = batch::isolate::read(&inputs.files[0], &limits).unwrap_err().to_string();
    assert!(error.contains("--max-inflated"), "{error}");
    assert!(batch::isolate::hash(&inputs.files[0], &limits).is_err());
    // An inner archive that would inflate over the limit.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("z.bin", options).unwrap();
    zip.write_all(&zeros).unwrap();
    let stored = zip.finish().unwrap().into_inner();
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "a.zip", zip_of(&[("in.zip", stored)]));
    let (_, problems) = told(&collect(dir.path(), &limits), dir.path());
    assert!(problems[0].contains("--max-inflated"), "{problems:?}");
}

#[test]
fn a_folder_says_what_each_other_file_is() {
    let dir = tempfile::tempdir().unwrap();
    let pdf = std::fs::read(crate::corpus::root().join("corpus/reports/f1_project.pdf")).unwrap();
    write(dir.path(), "a.aspx", format!("<html><body><p>{GOOD}</body></html>"));
    write(dir.path(), "b", &pdf);
    write(dir.path(), "c.rar", b"Rar!\x1A\x07\x01\0");
    write(dir.path(), "d.mp4", b"\0\0\0\x18ftypmp42");
    write(dir.path(), "e.png", b"\x89PNG\r\n\x1a\n");
    write(dir.path(), "f.exe", b"MZ\x90\0");
    write(dir.path(), "g.json", b"<html>");
    write(dir.path(), "page.htm", format!("<p>{GOOD}"));
    write(dir.path(), "page.files/image001.png", b"\x89PNG\r\n\x1a\n");
    let inputs = collect(dir.path(), &Limits::default());
    let (files, problems) = told(&inputs, dir.path());
    assert_eq!(files, ["a.aspx", "b", "page.htm"]);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("c.rar: a RAR archive; unpack"), "{problems:?}");
    assert!(problems[1].starts_with("e.png: a PNG picture"), "{problems:?}");
    let skipped: Vec<(&str, usize)> = inputs.skipped.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(skipped, [("exe", 1), ("files/", 1), ("json", 1), ("mp4", 1)]);
    for (input, format) in inputs.files.iter().zip([Format::Html, Format::Pdf, Format::Html]) {
        let report = process(input).unwrap();
        assert_eq!(report.document.format, format);
        let disagrees = report.warnings.iter().any(|w| w.code == "name_disagrees");
        assert_eq!(disagrees, input.shown.ends_with("aspx") || input.shown.ends_with("/b"));
    }
}

#[test]
fn a_name_that_lies_is_a_warning_and_remains_of_a_document_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        write(dir.path(), name, bytes);
        process(&Input::file(dir.path().join(name)))
    };
    let report = read("text.docx", GOOD.as_bytes()).unwrap();
    assert_eq!(report.warnings[0].code, "name_disagrees");
    assert_eq!(
        report.warnings[0].message,
        "文件名后缀为.docx，内容却是纯文本（.txt），按内容读取"
    );
    let table = "<html><table border=1><tr><td>项目<td>预算（万元）<tr><td>甲<td>200</table></html>";
    assert_eq!(
        read("excel.xls", table.as_bytes()).unwrap().warnings[0].code,
        "name_disagrees"
    );
    assert!(
        read("page.html", table.as_bytes())
            .unwrap()
            .warnings
            .iter()
            .all(|w| w.code != "name_disagrees")
    );
    for (name, bytes, word) in [
        (
            "remains.pdf",
            b"File not found".as_slice(),
            "plain text under the name .pdf",
        ),
        (
            "404.docx",
            b"<html><body><h1>404 Not Found</h1><hr>nginx</body></html>",
            "an HTML page under the name .docx",
        ),
    ] {
        let error = read(name, bytes).unwrap_err().to_string();
        assert!(
            error.contains(word) && error.contains("obtain the file again"),
            "{error}"
        );
    }
}

/// Only the first bytes of a film are read, whatever it is called and however large it is.
#[test]
fn a_film_under_a_reports_name_is_told_by_its_first_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.docx");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"\0\0\0\x18ftypmp42\0\0\0\0").unwrap();
    // Sparse: it takes no room on the disk.
    file.set_len(2 << 30).unwrap();
    let inputs = collect(dir.path(), &Limits::default());
    let error = process(&inputs.files[0]).unwrap_err().to_string();
    assert!(error.contains("a video") && error.contains("leave it out"), "{error}");
    let error = batch::isolate::hash(&inputs.files[0], &Limits::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("a video"), "{error}");
}

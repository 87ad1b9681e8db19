//! Seeded mutations of good files, aware of their structure: text by its lines, zips by their parts, PDF by its streams.

use crate::corpus::root;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// A fixed sequence, so that a failure can be repeated.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not begin alike (SplitMix64).
        let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        Random((z ^ (z >> 27)) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// A good file.
pub struct Seed {
    pub name: String,
    pub bytes: Vec<u8>,
    /// Its extension, which for good files is true.
    pub format: String,
}

/// Larger files are left to the benchmarks: a debug build reads them slowly.
const LARGEST: u64 = 160 << 10;

/// Good files of every format that the corpus and the fixtures have, sorted by format and path.
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for folder in ["corpus/reports", "fixtures"] {
        for entry in walkdir::WalkDir::new(root().join(folder)).sort_by_file_name() {
            let entry = entry.unwrap();
            let path = entry.path();
            let broken = path.components().any(|c| c.as_os_str() == "broken");
            let format = path
                .extension()
                .map(|e| e.to_string_lossy().to_lowercase())
                .unwrap_or_default();
            let known = [
                "txt", "docx", "pdf", "html", "htm", "mht", "rtf", "doc", "wps", "xls", "et", "xlsx", "ods", "zip",
            ];
            let fits = entry.file_type().is_file() && entry.metadata().unwrap().len() <= LARGEST;
            if fits && !broken && known.contains(&format.as_str()) {
                seeds.push(Seed {
                    name: path.file_name().unwrap().to_string_lossy().into_owned(),
                    bytes: std::fs::read(path).unwrap(),
                    format,
                });
            }
        }
    }
    // Uncompressed, so that single bytes of what is drawn are met.
    for (name, bytes) in [
        (
            "ruled.pdf",
            crate::pdf::one_page(&crate::pdf::table(50.0, 300.0, &[&["项目", "金额"], &["教育", "1.00"]])),
        ),
        (
            "plain.pdf",
            crate::pdf::one_page(&crate::pdf::text(50.0, 300.0, "自评得分95分")),
        ),
    ] {
        seeds.push(Seed {
            name: name.to_owned(),
            bytes,
            format: "pdf".to_owned(),
        });
    }
    seeds.sort_by(|a, b| (&a.format, &a.name).cmp(&(&b.format, &b.name)));
    seeds
}

/// The formats of some seeds, each once.
pub fn formats(seeds: &[Seed]) -> Vec<String> {
    let mut formats: Vec<String> = seeds.iter().map(|s| s.format.clone()).collect();
    formats.dedup();
    formats
}

/// Words that mean something to some reader.
const WORDS: [&str; 40] = [
    "<w:tbl>",
    "</w:tc>",
    "<w:tr><w:tc><w:p/></w:tc></w:tr>",
    "w:val=\"99999999999\"",
    "<w:vMerge/>",
    "<w:gridSpan w:val=\"-1\"/>",
    "<table><tr><td rowspan=65535 colspan=65535>",
    "</table>",
    "<td",
    "&#x110000;",
    "&lt;",
    "<![CDATA[",
    "<!--",
    "<!DOCTYPE x [",
    "{\\rtf1",
    "{{{{",
    "}",
    "\\u-1?",
    "\\trowd\\cellx100",
    "\\bin999999999 ",
    "\\'ff",
    "stream\n",
    "endstream",
    "endobj",
    "1 0 R",
    "/Kids[2 0 R]",
    "/Filter[/FlateDecode/FlateDecode]",
    "/Length 99999999",
    "BT",
    "Q",
    "Do",
    "1e38",
    "合计",
    "指标1：",
    "万元",
    "%",
    "-",
    "\t\t\t",
    "\u{3000}",
    "\u{feff}",
];
const NUMBERS: [&str; 14] = [
    "0",
    "-1",
    "1",
    "255",
    "256",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "9223372036854775808",
    "0.0000000000000000000000000001",
    "79228162514264337593543950336",
    "99999999999999999999999999999999999999999999999999",
];

/// A mutation of a seed; `others` lend pieces.
pub fn mutate(random: &mut Random, seed: &Seed, others: &[Seed]) -> Vec<u8> {
    let mut bytes = seed.bytes.clone();
    for _ in 0..=random.below(4) {
        bytes = match seed.format.as_str() {
            "docx" | "xlsx" | "ods" | "zip" if random.below(5) > 0 => in_zip(random, &bytes).unwrap_or(bytes),
            "pdf" if random.below(3) == 0 => in_stream(random, &bytes).unwrap_or(bytes),
            "txt" | "html" | "htm" | "rtf" | "mht" if random.below(2) == 0 => lines(random, &bytes),
            _ => bytes,
        };
        if random.below(2) == 0 {
            let other = random.pick(others);
            raw(random, &mut bytes, &other.bytes);
        }
    }
    bytes
}

/// Bytes, whatever they mean.
fn raw(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    if bytes.is_empty() {
        return;
    }
    let at = random.below(bytes.len());
    let end = (at + 1 + random.below(200)).min(bytes.len());
    match random.below(11) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => bytes[at] = random.next() as u8,
        2 => drop(bytes.drain(at..end)),
        3 if random.below(4) == 0 => bytes.truncate(at),
        4 => {
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            let piece = piece.repeat(1 + random.below(4));
            bytes.splice(to..to, piece);
        }
        5 => {
            // Two stretches change places.
            let (a, b) = (random.below(bytes.len()), random.below(bytes.len()));
            let n = random.below(64).min(bytes.len() - a.max(b));
            for i in 0..n {
                bytes.swap(a + i, b + i);
            }
        }
        6 if !other.is_empty() => {
            let from = random.below(other.len());
            let piece = other[from..(from + 1 + random.below(400)).min(other.len())].to_vec();
            bytes.splice(at..at, piece);
        }
        7 => drop(bytes.splice(at..at, random.pick(&WORDS).bytes())),
        8 => number(random, bytes, at),
        9 => drop(bytes.splice(at..end, vec![random.next() as u8; end - at])),
        _ => {
            // A run of length fields and flags.
            let value = random
                .pick(&[0u32, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])
                .to_le_bytes();
            let n = 4.min(bytes.len() - at);
            bytes[at..at + n].copy_from_slice(&value[..n]);
        }
    }
}

/// Another number for the next one after a place.
fn number(random: &mut Random, bytes: &mut Vec<u8>, from: usize) {
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|n| n + from) else {
        return;
    };
    let length = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
    bytes.splice(start..start + length, random.pick(&NUMBERS).bytes());
}

/// Lines of text, repeated, swapped, cut, joined.
fn lines(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let at = random.below(lines.len());
    match random.below(6) {
        0 => drop(lines.remove(at)),
        1 => {
            let other = random.below(lines.len());
            lines.swap(at, other);
        }
        2 => {
            let copies = vec![lines[at].clone(); 1 + random.below(60)];
            lines.splice(at..at, copies);
        }
        3 => drop(lines[at].pop()),
        4 => {
            let word = random.pick(&WORDS);
            lines.insert(at, format!("{word}\n").into_bytes());
        }
        _ => number(random, &mut lines[at], 0),
    }
    lines.concat()
}

/// Parts of a zip: their contents, names and number.
fn in_zip(random: &mut Random, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut parts = Vec::new();
    for index in 0..archive.len().min(200) {
        let mut file = archive.by_index(index).ok()?;
        let name = file.name().ok()?.into_owned();
        let mut content = Vec::new();
        file.by_ref().take(4 << 20).read_to_end(&mut content).ok()?;
        parts.push((name, content));
    }
    if parts.is_empty() {
        return None;
    }
    let at = random.below(parts.len());
    let mut twins = None;
    match random.below(12) {
        0 => drop(parts.remove(at)),
        1 => {
            let other = random.below(parts.len());
            let content = parts[other].1.clone();
            parts[at].1 = content;
        }
        2 => {
            // The same name twice: written under a name of the same length, put right in the finished bytes.
            let (name, mut content) = parts[at].clone();
            raw(random, &mut content, b"");
            let twin = format!("{}~", &name[..name.len() - 1]);
            twins = Some((twin.clone(), name));
            parts.push((twin, content));
        }
        3 => {
            let (name, content) = parts[at].clone();
            parts.push((name.to_uppercase() + " ", content));
        }
        4 => parts[at].0 = format!("../../{}", parts[at].0),
        _ => {
            // The largest part is the one that matters; the others have their turn.
            let largest = (0..parts.len()).max_by_key(|i| parts[*i].1.len())?;
            let chosen = if random.below(3) > 0 { largest } else { at };
            for _ in 0..=random.below(3) {
                element(random, &mut parts[chosen].1);
            }
        }
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in &parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).ok()?;
        zip.write_all(content).ok()?;
    }
    let mut packed = zip.finish().ok()?.into_inner();
    if let Some((twin, name)) = twins {
        let twin = twin.as_bytes();
        for at in 0..packed.len().saturating_sub(twin.len()) {
            if packed[at..].starts_with(twin) {
                packed[at..at + twin.len()].copy_from_slice(name.as_bytes());
            }
        }
    }
    Some(packed)
}

/// XML by its tags: dropped, repeated, moved; else by its bytes.
fn element(random: &mut Random, xml: &mut Vec<u8>) {
    let tags: Vec<usize> = (0..xml.len()).filter(|i| xml[*i] == b'<').collect();
    if tags.len() < 3 || random.below(3) == 0 {
        return raw(random, xml, b"");
    }
    let first = random.below(tags.len() - 1);
    let last = (first + 1 + random.below(12)).min(tags.len() - 1);
    let (from, to) = (tags[first], tags[last]);
    match random.below(4) {
        0 => drop(xml.drain(from..to)),
        1 => {
            let piece = xml[from..to].repeat(1 + random.below(30));
            xml.splice(from..from, piece);
        }
        2 => {
            let piece: Vec<u8> = xml.drain(from..to).collect();
            let places: Vec<usize> = (0..xml.len()).filter(|i| xml[*i] == b'<').collect();
            let place = *random.pick(&places);
            xml.splice(place..place, piece);
        }
        _ => number(random, xml, from),
    }
}

/// What a compressed stream of a PDF says. The place of everything else stays what the file says it is.
fn in_stream(random: &mut Random, bytes: &[u8]) -> Option<Vec<u8>> {
    let find = |from: usize, needle: &[u8]| {
        let found = bytes.get(from..)?.windows(needle.len()).position(|w| w == needle)?;
        Some(from + found)
    };
    let mut streams = Vec::new();
    let mut at = 0;
    while let Some(start) = find(at, b"stream\n") {
        let end = find(start, b"endstream")?;
        streams.push((start + 7, end));
        at = end + 9;
    }
    if streams.is_empty() {
        return None;
    }
    let &(start, end) = random.pick(&streams);
    let mut content = Vec::new();
    flate2::read::ZlibDecoder::new(&bytes[start..end])
        .take(1 << 20)
        .read_to_end(&mut content)
        .ok()?;
    for _ in 0..=random.below(5) {
        if random.below(2) == 0 {
            let from = random.below(content.len());
            number(random, &mut content, from);
        } else {
            raw(random, &mut content, b"");
        }
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&content).ok()?;
    let mut packed = encoder.finish().ok()?;
    if packed.len() > end - start {
        return None;
    }
    packed.resize(end - start, 0);
    let mut out = bytes.to_vec();
    out[start..end].copy_from_slice(&packed);
    Some(out)
}

/// The mutant of a number: formats take turns, each with its seeds in a random order.
pub fn mutant(number: usize, seeds: &[Seed], formats: &[String]) -> (String, Vec<u8>) {
    let mut random = Random::new(number as u64);
    let format = &formats[number % formats.len()];
    let of_format: Vec<&Seed> = seeds.iter().filter(|s| s.format == *format).collect();
    let seed = *random.pick(&of_format);
    let bytes = mutate(&mut random, seed, seeds);
    (format!("mutant-{number:05}.{}", seed.name), bytes)
}

/// Keeps the files of a failed run where the environment says, to be looked at.
pub fn keep(folder: &Path) {
    if let Some(to) = std::env::var_os("HESHU_TEST_KEEP") {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let _ = std::fs::copy(&path, Path::new(&to).join(path.file_name().unwrap()));
        }
    }
}

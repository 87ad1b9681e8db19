//! Damaged files of the formats of archives: an error or a report, never a panic, never a hang.

use super::{fixtures, maker::Maker, read};
use heshu::ReadOptions;
use heshu::error::ErrorKind;
use heshu::pattern::Patterns;
use std::io::{Cursor, Read, Write};

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] = numbers.below(256) as u8,
            1 => bytes[at] ^= 1 << numbers.below(8),
            // The heads, where sizes and chains stand.
            2 => {
                let at = numbers.below(bytes.len().min(1024));
                bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][numbers.below(5)];
            }
            3 => {
                let end = (at + 4).min(bytes.len());
                bytes[at..end].fill([0, 0xFF, 0x7F][numbers.below(3)]);
            }
            4 => {
                let from = numbers.below(bytes.len());
                let len = numbers.below(64).min(bytes.len() - at).min(bytes.len() - from);
                let piece = bytes[from..from + len].to_vec();
                bytes[at..at + len].copy_from_slice(&piece);
            }
            _ => bytes.truncate(at.max(8)),
        }
        if bytes.len() < 16 {
            return;
        }
    }
}

/// Reads without the wall that catches panics, where all code is our own.
fn survives(bytes: &[u8], name: &str) {
    if name.ends_with(".xls") {
        // A library reads these: a panic of its is caught, and costs one document.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let input = heshu::batch::Input::file(path);
        let outcome = heshu::batch::process(&input, &Patterns::builtin().unwrap(), &ReadOptions::default());
        drop(outcome);
    } else {
        let _ = read(bytes, name);
    }
}

#[test]
fn mutated_files_neither_panic_nor_hang() {
    let mut numbers = Numbers(20_231_204);
    for path in fixtures() {
        let good = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for _ in 0..40 {
            let mut bytes = good.clone();
            mutate(&mut bytes, &mut numbers);
            survives(&bytes, &name);
        }
    }
}

#[test]
fn mutated_parts_of_packages_neither_panic_nor_hang() {
    let mut numbers = Numbers(7);
    for path in fixtures()
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "xlsx" || e == "ods"))
    {
        let good = std::fs::read(&path).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(&good)).unwrap();
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            parts.push((file.name().unwrap().into_owned(), bytes));
        }
        for _ in 0..40 {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            let broken = numbers.below(parts.len());
            for (index, (name, bytes)) in parts.iter().enumerate() {
                let mut bytes = bytes.clone();
                if index == broken && !bytes.is_empty() && !name.ends_with("mimetype") {
                    mutate(&mut bytes, &mut numbers);
                }
                zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
                    .unwrap();
                zip.write_all(&bytes).unwrap();
            }
            let bytes = zip.finish().unwrap().into_inner();
            let _ = read(&bytes, "a");
        }
    }
}

#[test]
fn every_prefix_of_a_document_ends_in_an_error_or_a_report() {
    let mut maker = Maker::new("表\r");
    maker
        .row(&["甲", "1"], &[0, 1000, 2000], &[0, 0])
        .paragraph("后文\r", &[]);
    let bytes = maker.bytes();
    for end in (0..bytes.len()).step_by(97) {
        let _ = read(&bytes[..end], "a.doc");
    }
}

#[test]
fn chains_that_turn_back_and_sizes_that_lie_are_errors() {
    let good = Maker::new(&"预算".repeat(4000)).bytes();
    // The first sector of the allocation table stands where the head says (byte 76).
    let sector = u32::from_le_bytes([good[76], good[77], good[78], good[79]]) as usize;
    let table = (sector + 1) * if good[30] == 12 { 4096 } else { 512 };
    for target in 0..8u32 {
        let mut bytes = good.clone();
        for entry in 0..40 {
            let at = table + entry * 4;
            bytes[at..at + 4].copy_from_slice(&target.to_le_bytes());
        }
        let error = read(&bytes, "a.doc").unwrap_err();
        assert!(!matches!(error.kind, ErrorKind::Internal(_)), "{error}");
    }
    // A story of two thousand million characters.
    let mut maker = Maker::new("预算\r");
    maker.version = 0x00C1;
    let mut bytes = maker.bytes();
    let at = bytes.windows(4).position(|w| w == [0xEC, 0xA5, 0xC1, 0]).unwrap();
    bytes[at + 76..at + 80].copy_from_slice(&0x7FFF_FFFFu32.to_le_bytes());
    let error = read(&bytes, "a.doc").unwrap_err().to_string();
    assert!(error.contains("damaged") || error.contains("limit"), "{error}");
}

//! The .docx reader against the seed reports.

use heshu::ingest::docx;
use heshu::model::Block;
use std::path::Path;

#[test]
fn seed_tables_match_their_truth() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        eprintln!("skipped: no ../shared/corpus here");
        return;
    }
    for seed in ["seed000", "seed001", "seed002", "seed003", "seed004"] {
        let bytes = std::fs::read(root.join(format!("reports/{seed}.docx"))).unwrap();
        let document = docx::read(&bytes).unwrap();
        assert_eq!(document.pages, None);
        let truth = std::fs::read_to_string(root.join(format!("truth/{seed}.json"))).unwrap();
        let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
        let squash = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let rows: Vec<Vec<String>> = document
            .blocks
            .iter()
            .filter_map(Block::table)
            .flat_map(|t| (0..t.rows()).map(|r| (0..t.cols()).map(|c| squash(&t.at(r, c).unwrap().text)).collect()))
            .collect();
        let tables = truth["tables"].as_array().unwrap();
        for table in tables {
            for row in table["rows"].as_array().unwrap() {
                let row: Vec<String> = row
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|c| squash(c.as_str().unwrap_or("")))
                    .collect();
                let mut wanted = row.clone();
                wanted.dedup();
                let found = rows.iter().any(|r| {
                    let mut r = r.clone();
                    r.dedup();
                    *r == wanted
                });
                assert!(found, "{seed}: no row {row:?} among {rows:#?}");
            }
        }
    }
}

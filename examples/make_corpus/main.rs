//! Writes corpus/reports and corpus/truth from corpus/source.
//!
//! One source a report: prose, tables and the facts in them, so that the .docx, the .txt and the truth agree. The facts
//! are stated by the author (which rows, which columns, what a target means); nothing here recognizes anything.
//! `cargo run --example make_corpus`; a test sees to it that the committed files are what this gives.

mod generate;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, bytes) in generate::generate(&corpus.join("source"))? {
        let path = corpus.join(&name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, bytes)?;
        println!("{name}");
    }
    Ok(())
}

//! Command line of heshu.

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    let patterns = heshu::pattern::Patterns::builtin()?;
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).with_context(|| path.clone())?;
        match heshu::extract(&bytes, &path, &patterns) {
            Ok(report) => println!("{}", serde_json::to_string(&report)?),
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
    Ok(())
}

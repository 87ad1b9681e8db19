//! `heshu worker`: the child process in which documents are read (hidden; [`heshu::batch::workers`] starts it).

use super::Done;
use heshu::batch::worker;
use std::io;

pub fn run() -> anyhow::Result<Done> {
    worker::serve(io::stdin(), io::stdout(), before)?;
    Ok(Done::Clean)
}

/// Nothing: documents cannot make a released worker misbehave.
#[cfg(not(debug_assertions))]
fn before(_: &[u8]) {}

/// In builds for tests a document may say how the worker shall fail, if the environment allows it: `%heshu-test abort%`.
#[cfg(debug_assertions)]
fn before(document: &[u8]) {
    let word = || {
        std::env::var_os("HESHU_TEST_WORKER")?;
        let at = document.windows(12).position(|w| w == b"%heshu-test ")? + 12;
        let length = document[at..].iter().position(|b| *b == b'%')?;
        std::str::from_utf8(&document[at..at + length]).ok()
    };
    if let Some(word) = word() {
        misbehave(word);
    }
}

#[cfg(debug_assertions)]
#[allow(clippy::panic)]
fn misbehave(word: &str) {
    use std::hint::black_box;
    fn recurse(n: u64) -> u64 {
        let frame = black_box([n; 64]);
        if frame[0] == u64::MAX {
            0
        } else {
            recurse(n + 1) + frame[63]
        }
    }
    match word {
        "panic" => panic!("as told"),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(3),
        "loop" => loop {
            std::thread::sleep(std::time::Duration::from_millis(10));
        },
        "overflow" => drop(black_box(recurse(black_box(0)))),
        "memory" => {
            let mut held = Vec::new();
            loop {
                // Not touched, so that it costs address space and no machine its memory.
                held.push(black_box(Vec::<u8>::with_capacity(16 << 20)));
            }
        }
        "babble" => {
            // As a library that prints to standard output.
            use io::Write;
            let _ = io::stdout().write_all(&[b'x'; 100]);
            let _ = io::stdout().flush();
        }
        "reach" => {
            let file = std::fs::File::open("Cargo.toml").or_else(|_| std::fs::File::create("reached"));
            let connection = std::net::TcpListener::bind("127.0.0.1:0");
            panic!("file {:?}, connection {:?}", file.map(|_| ()), connection.map(|_| ()));
        }
        other => panic!("no such misbehaviour: {other}"),
    }
}

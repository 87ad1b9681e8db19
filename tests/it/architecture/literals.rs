//! Words of reports stand in `patterns/`: how many the code still compares with the text of reports may only fall.

use super::sources;
use crate::corpus::root;
use std::collections::BTreeMap;

/// Most literals of each folder of src/ that are compared with the text of reports. Lower a number when the count falls;
/// a new word goes into `patterns/`, never in here. Folders that are not named have none.
const MOST: [(&str, usize); 8] = [
    ("batch", 0),
    ("check", 0),
    ("eval", 0),
    ("ingest", 96),
    ("normalize", 0),
    ("pattern", 41),
    ("recognize", 51),
    ("text", 61),
];

/// Folders whose texts are for the reader and not of reports.
const WRITERS: [&str; 2] = ["cli", "emit"];

/// Calls that compare or cut a text by their argument.
const COMPARES: [&str; 28] = [
    "contains",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "find",
    "rfind",
    "split",
    "rsplit",
    "split_once",
    "rsplit_once",
    "split_terminator",
    "splitn",
    "trim_matches",
    "trim_start_matches",
    "trim_end_matches",
    "matches",
    "rmatches",
    "match_indices",
    "rmatch_indices",
    "replace",
    "eq",
    "ne",
    "insert",
    "named",
    "has",
    "holds",
    "is",
];

#[derive(Debug, PartialEq, Eq)]
enum Token<'s> {
    Word(&'s str),
    Sign(char),
    Literal(&'s str),
}

/// Words, signs and literals of a source; comments are left out.
fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut out = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = literal(rest, out.last()) {
            out.push(Token::Literal(&rest[..length]));
            length
        } else if c.is_alphanumeric() || c == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            out.push(Token::Word(&rest[..end]));
            end
        } else {
            if !c.is_whitespace() {
                out.push(Token::Sign(c));
            }
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    out
}

/// The length of the text or character literal that a source starts with.
fn literal(rest: &str, before: Option<&Token<'_>>) -> Option<usize> {
    let raw = rest.strip_prefix('r').filter(|r| r.starts_with(['"', '#']));
    if let Some(raw) = raw {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        let body = raw[marks..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(marks));
        return Some(1 + marks + 1 + body.find(&close)? + close.len());
    }
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut chars = rest.char_indices().skip(1);
    let mut inside = 0;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            _ if c == quote => return Some(at + 1),
            // 'a, 'static: a lifetime, and no character.
            _ if quote == '\'' && (inside > 0 || before == Some(&Token::Sign('&'))) && c.is_ascii() => return None,
            _ => {}
        }
        inside += 1;
    }
    None
}

/// Whether a text holds a Chinese character.
fn chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c))
}

/// The literals of a source that are compared with text: those with a Chinese character that
/// - stand in an array (`["增长", "下降"]`, also of characters) or are a constant of their own (`const NOTHING: &str = "无";`),
/// - are a pattern of a `match` or `matches!` (`"类" | "款"`, `'第' =>`),
/// - are compared (`== "优"`), or are themselves searched for a character (`"约达为".contains(c)`), or
/// - are the argument of a call that compares or cuts a text ([`COMPARES`]).
///
/// What is left are messages: arguments of `format!` and its like, of the functions that write a finding or a warning,
/// labels that a `match` gives, names of rules. Comments and tests are not looked at. The count is one of forms, not of
/// meanings: it may miss a word that a helper of another name takes, and that is no reason to write one.
fn compared(source: &str) -> Vec<&str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or(source);
    let tokens = tokens(code);
    let sign = |at: Option<usize>, wanted: char| at.and_then(|at| tokens.get(at)) == Some(&Token::Sign(wanted));
    let word = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(Token::Word(word)) => *word,
        _ => "",
    };
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => open.push(at),
            Token::Sign(')' | ']' | '}') => drop(open.pop()),
            Token::Literal(text) if chinese(text) => {
                let back = |steps: usize| at.checked_sub(steps);
                let within = open.last().copied();
                let called = within.map_or("", |w| match sign(w.checked_sub(1), '!') {
                    true => word(w.checked_sub(2)),
                    false => word(w.checked_sub(1)),
                });
                let equals = |at: Option<usize>| {
                    sign(at, '=') && at.is_some_and(|at| sign(at.checked_sub(1), '=') || sign(at.checked_sub(1), '!'))
                };
                let some = called == "Some" && equals(within.and_then(|w| w.checked_sub(2)));
                let pattern = sign(Some(at + 1), '|')
                    || (sign(back(1), '|') && within.is_some_and(|w| matches!(tokens[w], Token::Sign('{' | '('))))
                    || (sign(Some(at + 1), '=') && sign(Some(at + 2), '>'));
                let searched = sign(Some(at + 1), '.') && ["contains", "chars"].contains(&word(Some(at + 2)));
                // A sentence is a message.
                let sentence = text.contains(['，', '；', '。']);
                let constant = sign(back(1), '=') && !equals(back(1)) && sign(Some(at + 1), ';') && !sentence;
                let array = sign(within, '[');
                let argument = sign(within, '(') && COMPARES.contains(&called);
                if array || pattern || searched || constant || equals(back(1)) || some || argument {
                    out.push(*text);
                }
            }
            _ => {}
        }
    }
    out
}

#[test]
fn words_of_reports_stand_in_patterns() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let src = root().join("src");
    for (path, text) in sources("src") {
        let place = path.strip_prefix(&src).unwrap();
        // A module of tests in a file of its own: `#[cfg(test)] mod tests;`.
        if place.ends_with("tests.rs") {
            continue;
        }
        let folder = place.iter().next().unwrap().to_string_lossy().into_owned();
        if WRITERS.contains(&folder.as_str()) {
            continue;
        }
        let list = found.entry(folder).or_default();
        list.extend(
            compared(&text)
                .iter()
                .map(|word| format!("{}: {word}", place.display())),
        );
    }
    let mut wrong = String::new();
    for (folder, list) in found {
        let most = MOST
            .iter()
            .find(|(name, _)| *name == folder)
            .map_or(0, |(_, most)| *most);
        if list.len() > most {
            wrong.push_str(&format!(
                "src/{folder}: {} and not {most}\n{}\n",
                list.len(),
                list.join("\n")
            ));
        }
    }
    assert!(wrong.is_empty(), "words of reports belong into patterns/:\n{wrong}");
}

#[test]
fn what_counts_as_compared() {
    for (code, wanted) in [
        (r#"["增长", "下降"].iter().any(|w| text.ends_with(w))"#, 2),
        (r#"text.trim_end_matches(['有', '共'])"#, 2),
        (r#"name.contains("总额") && unit == "元""#, 2),
        (r#"const NOTHING: &str = "无";"#, 1),
        (r#"match c { '第' | '栏' => 1, _ => 0 }"#, 2),
        (r#"matches!(unit, "类" | "款")"#, 2),
        (r#"|c: char| "约达为".contains(c)"#, 1),
        (r#"total.side == Some("收入")"#, 1),
        (r#"format!("{}：小写{}", a, b)"#, 0),
        (r#"Status::Pass => "相符".to_owned(),"#, 0),
        (r#"let end = if pass { "相符" } else { "不符" };"#, 0),
        (r#"entry.message("未达到").unit(Some("分")).words("产出指标", got)"#, 0),
        (r#"fn a<'a>(b: &'a str) -> &'static str { "相符" } // "注释""#, 0),
        ("/// “合计”\nfn a() {}", 0),
    ] {
        assert_eq!(compared(code).len(), wanted, "{code}");
    }
}

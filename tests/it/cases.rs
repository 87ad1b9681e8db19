//! Cases of recognition: small files that were once read wrong, and what must come out of each (fixtures/cases/README.md).
//!
//! The test reads records as JSON, by the names of the contract, so that it stays what it is when the types change.

mod not_yet;

use crate::corpus::root;
use heshu::pattern::Patterns;
use not_yet::NOT_YET;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization;

/// What became of a fact that the report holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Wrong,
    Lost,
    Refused,
    Right,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Wrong => "wrong",
            Verdict::Lost => "lost",
            Verdict::Refused => "refused",
            Verdict::Right => "right",
        })
    }
}

/// A case, the record of its file, and what the comparison found.
struct Judge {
    expected: Value,
    record: Value,
    findings: Vec<(Verdict, String)>,
}

/// Texts are compared without white space and in one width: a cell may break a name where it likes.
fn fold(text: &str) -> String {
    let folded: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let name = folded.strip_prefix("其中:").unwrap_or(&folded);
    name.trim_end_matches(':').to_owned()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn map<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    value[key].as_object().into_iter().flat_map(Map::iter)
}

fn map_of(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

/// A value as a person writes it: for texts and numbers as they are, null as ∅.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "∅".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_money(unit: &str) -> bool {
    ["元", "千元", "万元", "百万元", "亿元"].contains(&unit)
}

/// A target or an actual in the short writing of the cases: `≥120人`, `2~3家`, `<5%`, words as they stand.
fn short(value: &Value) -> Option<String> {
    let unit = text(value, "unit");
    let number = text(value, "value");
    Some(match value["kind"].as_str()? {
        "exact" => format!("{number}{unit}"),
        "at_least" => format!("≥{number}{unit}"),
        "more_than" => format!(">{number}{unit}"),
        "at_most" => format!("≤{number}{unit}"),
        "less_than" => format!("<{number}{unit}"),
        "approximate" => format!("约{number}{unit}"),
        "range" => format!("{}~{}{unit}", text(value, "low"), text(value, "high")),
        "date" => text(value, "date").to_owned(),
        "compound" => list(value, "parts")
            .iter()
            .filter_map(short)
            .collect::<Vec<_>>()
            .join("；"),
        "empty" => String::new(),
        _ => text(value, "raw").to_owned(),
    })
}

/// `NAME #2` is the second entry of that name: the name, and how many stand before it.
fn ordinal(name: &str) -> (&str, usize) {
    match name.rsplit_once(" #") {
        Some((name, nth)) => (name, nth.parse::<usize>().expect("a number after #") - 1),
        None => (name, 0),
    }
}

/// A name parted from the code before it (`213 农林水支出`, `A0101 课后服务`).
fn coded(name: &str) -> (&str, &str) {
    let letters = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let bare = letters.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_code = !bare.is_empty() && letters.len() - bare.len() >= 3;
    name.split_at(if is_code { name.len() - bare.len() } else { 0 })
}

/// Whether an entry has this name. A code before it may stand in the name, in `code`, or in neither.
fn has_name(entry: &Value, name: &str) -> bool {
    let (got, want) = (fold(text(entry, "name")), fold(name));
    let ((got_code, got), (want_code, want)) = (coded(&got), coded(&want));
    let got_code = if got_code.is_empty() {
        text(entry, "code")
    } else {
        got_code
    };
    got == want && (got_code.is_empty() || want_code.is_empty() || got_code == want_code)
}

/// The entry of a list that has this name; `?` is the first one that no other name of the case takes.
fn named<'a>(entries: &'a [Value], name: &str, of: &Value) -> Option<&'a Value> {
    if name == "?" {
        let known: Vec<&str> = of.as_object()?.keys().map(|key| ordinal(key).0).collect();
        return entries
            .iter()
            .find(|entry| !known.iter().any(|name| has_name(entry, name)));
    }
    let (name, nth) = ordinal(name);
    entries.iter().filter(|entry| has_name(entry, name)).nth(nth)
}

/// Whether a figure is the one that a case writes `"value"` or `["value", "unit"]`; the unit `*` is any, but no money.
fn is_figure(got: &Value, want: &Value) -> bool {
    match want.as_array() {
        None => got["value"] == *want,
        Some(pair) => {
            let unit = pair[1].as_str().unwrap_or_default();
            got["value"] == pair[0]
                && (unit == "*" || got["unit"] == pair[1])
                && (is_money(unit) || got["yuan"].is_null())
        }
    }
}

/// Whether a budget line holds a figure at all; a row of blanks may be recorded or not.
fn holds_figures(line: &Value) -> bool {
    let amounts = map(line, "amounts").map(|(_, amount)| amount);
    amounts
        .chain(list(line, "others"))
        .any(|amount| amount["value"].is_string())
}

impl Judge {
    fn note(&mut self, verdict: Verdict, what: impl Into<String>) {
        self.findings.push((verdict, what.into()));
    }

    /// Whether a warning with a place speaks of one of these texts, or of a whole table.
    fn is_said(&self, texts: &[&str]) -> bool {
        list(&self.record, "warnings").iter().any(|warning| {
            let source = &warning["source"];
            let placed = ["block", "table", "page"].iter().any(|key| !source[key].is_null());
            let said = format!("{}{}", text(warning, "message"), text(source, "text")).replace([',', '，'], "");
            let named = texts.iter().any(|t| !t.is_empty() && fold(&said).contains(&fold(t)));
            placed && (named || text(warning, "code").starts_with("table_"))
        })
    }

    /// Compares one fact; `name` is the line or indicator that it belongs to.
    fn compare(&mut self, what: &str, name: &str, got: &Value, want: &Value) {
        let alike = |want: &str| got.as_str().is_some_and(|got| fold(got) == fold(want));
        if got == want || want.as_str().is_some_and(|want| want.split(" or ").any(alike)) {
            self.note(Verdict::Right, what);
        } else if got.is_null() {
            let verdict = if self.is_said(&[&plain(want), name]) {
                Verdict::Refused
            } else {
                Verdict::Lost
            };
            self.note(verdict, format!("{what}: nothing, want {}", plain(want)));
        } else {
            self.note(Verdict::Wrong, format!("{what}: {}, want {}", plain(got), plain(want)));
        }
    }

    /// Compares a figure with `"value"` or `["value", "unit"]`.
    fn figure(&mut self, what: &str, name: &str, got: &Value, want: &Value) {
        let Some(pair) = want.as_array() else {
            return self.compare(what, name, &got["value"], want);
        };
        self.compare(what, name, &got["value"], &pair[0]);
        if got["value"].is_null() {
            return;
        }
        if pair[1] != "*" && got["unit"] != pair[1] {
            let (got, want) = (plain(&got["unit"]), plain(&pair[1]));
            self.note(Verdict::Wrong, format!("{what} has the unit {got}, want {want}"));
        }
        if !is_money(pair[1].as_str().unwrap_or_default()) && !got["yuan"].is_null() {
            self.note(
                Verdict::Wrong,
                format!("{what} is no money, but {}元", plain(&got["yuan"])),
            );
        }
    }

    fn budgets(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        let lines: Vec<Value> = list(&record, "budgets")
            .iter()
            .filter(|l| holds_figures(l))
            .cloned()
            .collect();
        for (name, want) in map(&expected, "budgets") {
            if want == "open" {
                continue;
            }
            let line = named(&lines, name, &expected["budgets"]).unwrap_or(&Value::Null);
            let figures: Vec<&Value> = map(line, "amounts")
                .map(|(_, a)| a)
                .chain(list(line, "others"))
                .collect();
            for (key, want) in want.as_object().expect("a line is an object") {
                let what = format!("line {name}, {key}");
                if key == "may" {
                    continue;
                } else if key == "any" {
                    for want in want.as_array().expect("any is a list") {
                        let found = figures.iter().any(|figure| is_figure(figure, want));
                        let value = if found { want } else { &Value::Null };
                        self.compare(&format!("line {name}"), name, value, want);
                    }
                } else if ["role", "level1", "code", "level", "side", "fund"].contains(&key.as_str()) {
                    self.compare(&what, name, &line[key], want);
                } else {
                    self.figure(&what, name, &line["amounts"][key], want);
                }
            }
            let loose: Vec<&Value> = list(want, "any").iter().chain(list(want, "may")).collect();
            for (measure, amount) in map(line, "amounts") {
                let loose = loose.iter().any(|want| is_figure(amount, want));
                if amount["value"].is_string() && want[measure].is_null() && !loose {
                    let value = plain(&amount["value"]);
                    self.note(Verdict::Wrong, format!("line {name}, {measure}: {value}, want nothing"));
                }
            }
        }
        if expected["budgets"].is_object() {
            self.no_others("line", &lines, "budgets");
        }
        for (name, others) in map(&expected, "others") {
            let line = named(&lines, name, &Value::Null).unwrap_or(&Value::Null);
            for (header, want) in others.as_object().expect("others of a line are an object") {
                let under = |other: &&Value| fold(text(other, "header")).contains(&fold(header));
                let other = list(line, "others").iter().find(under).unwrap_or(&Value::Null);
                self.figure(&format!("line {name}, under “{header}”"), name, other, want);
            }
        }
        for (name, measures) in map(&expected, "yuan") {
            let line = named(&lines, name, &Value::Null).unwrap_or(&Value::Null);
            for (measure, want) in measures.as_object().expect("yuan of a line is an object") {
                let got = &line["amounts"][measure]["yuan"];
                self.compare(&format!("line {name}, {measure} in 元"), name, got, want);
            }
        }
        let amounts = lines
            .iter()
            .flat_map(|line| map(line, "amounts").map(|(_, amount)| amount));
        let figures: Vec<&Value> = amounts
            .chain(lines.iter().flat_map(|line| list(line, "others")))
            .collect();
        for want in list(&expected, "figures") {
            let value = if figures.iter().any(|figure| is_figure(figure, want)) {
                want
            } else {
                &Value::Null
            };
            self.compare("a figure of the table", &plain(&want[0]), value, want);
        }
    }

    /// Notes the entries of the record that the case does not name.
    fn no_others(&mut self, kind: &str, entries: &[Value], key: &str) {
        // `?` last: it stands for whatever the names leave.
        let mut wanted: Vec<String> = map(&self.expected, key)
            .map(|(name, _)| ordinal(name).0.to_owned())
            .collect();
        wanted.sort_by_key(|name| name == "?");
        for entry in entries {
            match wanted.iter().position(|name| name == "?" || has_name(entry, name)) {
                Some(at) => drop(wanted.remove(at)),
                None => {
                    let name = text(entry, "name");
                    self.note(Verdict::Wrong, format!("{kind} “{name}” is no {kind} of the report"));
                }
            }
        }
    }

    fn indicators(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        let entries = list(&record, "indicators");
        for (name, want) in map(&expected, "indicators") {
            let found = named(entries, name, &Value::Null).unwrap_or(&Value::Null);
            for (key, want) in want.as_object().expect("an indicator is an object") {
                let what = format!("indicator {name}, {key}");
                let value = ["target", "actual", "interim", "forecast"].contains(&key.as_str());
                let short = short(&found[key]).map_or(Value::Null, Value::String);
                self.compare(&what, name, if value { &short } else { &found[key] }, want);
            }
        }
        if expected["indicators"].is_object() {
            self.no_others("indicator", entries, "indicators");
        }
        if let Some(most) = expected["max_indicators"].as_u64() {
            let verdict = if entries.len() as u64 > most {
                Verdict::Wrong
            } else {
                Verdict::Right
            };
            self.note(
                verdict,
                format!("{} indicators, at most {most} are in the report", entries.len()),
            );
        }
    }

    fn scores(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        for (name, want) in map(&expected, "scores") {
            let scores = list(&record, "scores");
            let of_project = || scores.iter().find(|score| fold(text(score, "project")) == fold(name));
            let found = named(scores, name, &Value::Null)
                .or_else(of_project)
                .unwrap_or(&Value::Null);
            match want {
                Value::Array(pair) => {
                    self.compare(&format!("score {name}"), name, &found["value"], &pair[0]);
                    self.compare(&format!("score {name}, full"), name, &found["full"], &pair[1]);
                }
                Value::Object(keys) => {
                    for (key, want) in keys {
                        self.compare(&format!("score {name}, {key}"), name, &found[key], want);
                    }
                }
                value => self.compare(&format!("score {name}"), name, &found["value"], value),
            }
        }
    }

    fn heads(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        for (name, want) in map(&expected, "projects") {
            match named(list(&record, "projects"), name, &Value::Null) {
                None => self.compare(
                    &format!("project {name}"),
                    name,
                    &Value::Null,
                    &Value::String(name.clone()),
                ),
                Some(found) => {
                    self.note(Verdict::Right, format!("project {name}"));
                    for (key, want) in want.as_object().expect("a project is an object") {
                        self.compare(&format!("project {name}, {key}"), name, &found[key], want);
                    }
                }
            }
        }
        if expected["projects"].is_object() {
            // A form without a name of its own has a head all the same.
            let heads = list(&record, "projects").iter().filter(|p| !p["name"].is_null());
            self.no_others("project", &heads.cloned().collect::<Vec<_>>(), "projects");
        }
        for (key, want) in map(&expected, "report") {
            self.compare(&format!("report, {key}"), key, &record["report"][key], want);
        }
        let tables = list(&record, "tables");
        if expected["tables"].is_array() && tables.len() != list(&expected, "tables").len() {
            let want = list(&expected, "tables").len();
            self.note(Verdict::Wrong, format!("{} tables, want {want}", tables.len()));
        }
        for (n, want) in list(&expected, "tables").iter().enumerate() {
            for (key, want) in want.as_object().expect("a table is an object") {
                let got = tables.get(n).unwrap_or(&Value::Null);
                self.compare(&format!("table {}, {key}", n + 1), "", &got[key], want);
            }
        }
    }

    fn statements(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        for want in list(&expected, "statements") {
            let keys = want.as_object().expect("a statement is an object");
            let fits = |s: &&Value| keys.iter().all(|(key, want)| s[key] == *want);
            let what = format!("no statement {want}");
            let verdict = match list(&record, "statements").iter().find(fits) {
                Some(_) => Verdict::Right,
                None if self.is_said(&[text(want, "value")]) => Verdict::Refused,
                None => Verdict::Lost,
            };
            self.note(verdict, what);
        }
    }

    fn absent(&mut self) {
        let (absent, record) = (self.expected["absent"].clone(), self.record.clone());
        let names = |key: &str| {
            list(&record, key)
                .iter()
                .map(|e| fold(text(e, "name")))
                .collect::<Vec<_>>()
        };
        for (key, of) in [
            ("lines", "budgets"),
            ("indicators", "indicators"),
            ("projects", "projects"),
        ] {
            for name in list(&absent, key).iter().map(plain) {
                let there = names(of).contains(&fold(&name));
                let verdict = if there { Verdict::Wrong } else { Verdict::Right };
                self.note(verdict, format!("“{name}” stands among the {of}"));
            }
        }
        let amounts: Vec<(&String, &Value)> = list(&record, "budgets")
            .iter()
            .flat_map(|line| map(line, "amounts"))
            .collect();
        let mut yuan: Vec<&Value> = amounts.iter().map(|(_, amount)| &amount["yuan"]).collect();
        yuan.extend(
            list(&record, "budgets")
                .iter()
                .flat_map(|line| list(line, "others"))
                .map(|o| &o["yuan"]),
        );
        yuan.extend(list(&record, "statements").iter().map(|statement| &statement["yuan"]));
        let scores: Vec<&Value> = list(&record, "scores").iter().map(|score| &score["value"]).collect();
        for (key, there) in [("yuan", yuan), ("scores", scores)] {
            for value in list(&absent, key) {
                let verdict = if there.contains(&value) {
                    Verdict::Wrong
                } else {
                    Verdict::Right
                };
                self.note(verdict, format!("{} stands among the {key}", plain(value)));
            }
        }
        for measure in list(&absent, "measures").iter().map(plain) {
            let there = amounts
                .iter()
                .any(|(m, amount)| **m == measure && amount["value"].is_string());
            let verdict = if there { Verdict::Wrong } else { Verdict::Right };
            self.note(verdict, format!("a line has the measure {measure}"));
        }
    }

    fn checks(&mut self) {
        let (expected, record) = (self.expected.clone(), self.record.clone());
        let checks = list(&record, "checks");
        let no_failed: Vec<String> = list(&expected, "no_failed").iter().map(plain).collect();
        let keys_fit = |check: &Value, want: &Value| map_of(want).iter().all(|(key, want)| check[key] == *want);
        let wanted = |check: &Value| list(&expected, "failed").iter().any(|want| keys_fit(check, want));
        for check in checks.iter().filter(|check| text(check, "status") == "fail") {
            let rule = text(check, "rule").to_owned();
            // “errors” leaves out the failures that the case asks for, and what is a hint only.
            let error = no_failed.iter().any(|r| r == "errors") && text(check, "severity") == "error";
            if (error && !wanted(check)) || no_failed.contains(&rule) {
                self.note(Verdict::Wrong, format!("{rule} fails: {}", text(check, "message")));
            }
        }
        for (key, statuses) in [("failed", &["fail"][..]), ("passed", &["pass", "rounding"])] {
            for want in list(&expected, key) {
                let fits = |check: &Value| statuses.contains(&text(check, "status")) && keys_fit(check, want);
                let verdict = if checks.iter().any(fits) {
                    Verdict::Right
                } else {
                    Verdict::Lost
                };
                self.note(verdict, format!("no {key} check {want}"));
            }
        }
        for said in list(&expected, "said").iter().map(plain) {
            let verdict = if self.is_said(&[&said]) {
                Verdict::Right
            } else {
                Verdict::Lost
            };
            self.note(verdict, format!("no warning speaks of “{said}”"));
        }
        let codes: Vec<&str> = list(&record, "warnings").iter().map(|w| text(w, "code")).collect();
        for code in list(&expected, "warnings").iter().map(plain) {
            let verdict = if codes.contains(&code.as_str()) {
                Verdict::Right
            } else {
                Verdict::Lost
            };
            self.note(verdict, format!("no warning {code}"));
        }
        for code in list(&expected, "no_warnings").iter().map(plain) {
            let verdict = if codes.contains(&code.as_str()) {
                Verdict::Wrong
            } else {
                Verdict::Right
            };
            self.note(verdict, format!("warning {code} is not called for"));
        }
    }

    /// All findings, what is right left in; sorted, so that two runs can be compared line by line.
    fn judge(expected: Value, record: Value) -> Vec<(Verdict, String)> {
        let may_refuse = expected["may_refuse"] == Value::Bool(true);
        let mut judge = Judge {
            expected,
            record,
            findings: Vec::new(),
        };
        judge.budgets();
        judge.indicators();
        judge.scores();
        judge.heads();
        judge.statements();
        judge.absent();
        judge.checks();
        for (verdict, _) in &mut judge.findings {
            if may_refuse && *verdict == Verdict::Refused {
                *verdict = Verdict::Right;
            }
        }
        judge.findings.sort();
        judge.findings
    }
}

/// Every key that a case may have: a word mistyped would be a fact that nobody looks at.
const KEYS: [&str; 21] = [
    "about",
    "like",
    "budgets",
    "others",
    "yuan",
    "indicators",
    "scores",
    "statements",
    "projects",
    "tables",
    "report",
    "absent",
    "failed",
    "passed",
    "no_failed",
    "warnings",
    "no_warnings",
    "figures",
    "said",
    "max_indicators",
    "may_refuse",
];

/// Each case: name, file, what is expected.
fn cases() -> Vec<(String, PathBuf, Value)> {
    let folder = root().join("fixtures/cases");
    let mut files: BTreeMap<String, (Option<PathBuf>, Option<Value>)> = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let case = files.entry(name.clone()).or_default();
        match path.extension().and_then(|e| e.to_str()) {
            Some("md") => drop(files.remove(&name)),
            Some("json") => {
                let json = std::fs::read_to_string(&path).unwrap();
                let value: Value = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{name}.json: {e}"));
                for key in value.as_object().unwrap().keys() {
                    assert!(KEYS.contains(&key.as_str()), "{name}.json: no key is called {key}");
                }
                assert!(
                    !text(&value, "about").is_empty(),
                    "{name}.json says not what it is about"
                );
                case.1 = Some(value);
            }
            _ => assert!(case.0.replace(path).is_none(), "{name}: two files of one name"),
        }
    }
    let whole = |(name, case): (String, (Option<PathBuf>, Option<Value>))| {
        let file = case.0.unwrap_or_else(|| panic!("{name}.json has no file"));
        let expected = case.1.unwrap_or_else(|| panic!("{name} has no .json"));
        (name, file, expected)
    };
    files.into_iter().map(whole).collect()
}

#[test]
fn cases_are_read_right() {
    let patterns = Patterns::builtin().unwrap();
    let mut failures = String::new();
    let mut sums: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut not_yet: BTreeMap<&str, &str> = BTreeMap::new();
    for (reason, names) in NOT_YET {
        for name in *names {
            assert!(not_yet.insert(name, reason).is_none(), "{name} stands twice in NOT_YET");
        }
    }
    let waiting = not_yet.len();
    let cases = cases();
    for (name, _, expected) in &cases {
        let like = text(expected, "like");
        assert!(
            like.is_empty() || cases.iter().any(|c| c.0 == like),
            "{name}.json: no case is called {like}"
        );
    }
    for (name, path, expected) in cases {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        // A panic is a case's own failure: the others are still told.
        let findings = match std::panic::catch_unwind(|| heshu::extract(&bytes, &file, &patterns)) {
            Ok(Ok(report)) => Judge::judge(expected, serde_json::to_value(&report).unwrap()),
            Ok(Err(error)) => vec![(Verdict::Lost, format!("no record: {error}"))],
            Err(_) => vec![(
                Verdict::Lost,
                "no record: the program fails within (a panic)".to_owned(),
            )],
        };
        for (verdict, _) in &findings {
            *sums.entry(*verdict).or_default() += 1;
        }
        let different: Vec<_> = findings.iter().filter(|(v, _)| *v != Verdict::Right).collect();
        let reason = not_yet.remove(name.as_str());
        let state = if different.is_empty() { "right" } else { "differs" };
        let counts = |v: Verdict| findings.iter().filter(|(verdict, _)| *verdict == v).count();
        let mut report = format!(
            "{state} {file}: {} right, {} wrong, {} lost, {} refused\n",
            counts(Verdict::Right),
            counts(Verdict::Wrong),
            counts(Verdict::Lost),
            counts(Verdict::Refused)
        );
        for (verdict, what) in &different {
            report += &format!("    {verdict:7} {what}\n");
        }
        match reason {
            Some(reason) if different.is_empty() => {
                failures += &format!("{file} is read right now: take it out of NOT_YET ({reason})\n");
            }
            None if !different.is_empty() => failures += &report,
            _ => {}
        }
        print!("{report}");
    }
    let sum: Vec<String> = sums.iter().map(|(verdict, n)| format!("{n} {verdict}")).collect();
    println!("{waiting} cases not yet; facts: {}", sum.join(", "));
    assert!(not_yet.is_empty(), "NOT_YET names no case: {not_yet:?}");
    assert!(failures.is_empty(), "\n{failures}");
}

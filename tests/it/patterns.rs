//! The vocabulary: no word twice, partial files over the built-in ones, expressions, and what is said of names nobody knows.

use crate::corpus::root;
use heshu::model::Report;
use heshu::pattern::{Override, Patterns};
use std::collections::BTreeMap;
use std::process::Command;

/// The built-in patterns with one file laid over.
fn overlaid(name: &str, text: &str) -> Result<Patterns, String> {
    let over = Override {
        name: name.to_owned(),
        shown: name.to_owned(),
        text: text.to_owned(),
    };
    Patterns::with_texts(&[over]).map_err(|error| error.to_string())
}

fn read(text: &str, patterns: &Patterns) -> Report {
    heshu::extract(text.as_bytes(), "a.txt", patterns).unwrap()
}

/// A table in Markdown.
fn table(title: &str, rows: &[&str]) -> String {
    let cells = rows[0].matches('|').count() + 1;
    let mut text = format!("{title}\n\n");
    for (at, row) in rows.iter().enumerate() {
        text += &format!("| {row} |\n");
        if at == 0 {
            text += &format!("|{}\n", "---|".repeat(cells));
        }
    }
    text
}

/// Each list of words of a pattern file, by its path.
fn lists(file: &str) -> BTreeMap<String, Vec<String>> {
    fn walk(value: &toml::Value, path: String, out: &mut BTreeMap<String, Vec<String>>) {
        match value {
            toml::Value::Table(table) => table
                .iter()
                .for_each(|(key, value)| walk(value, format!("{path}.{key}"), out)),
            toml::Value::Array(entries) => {
                let word =
                    |entry: &toml::Value| Some(entry.as_str().or_else(|| entry.get("word")?.as_str())?.to_owned());
                out.entry(path).or_default().extend(entries.iter().filter_map(word));
            }
            _ => {}
        }
    }
    let text = std::fs::read_to_string(root().join(format!("patterns/{file}.toml"))).unwrap();
    let mut out = BTreeMap::new();
    walk(&toml::Value::Table(text.parse().unwrap()), file.to_owned(), &mut out);
    out
}

/// Questions, each with the lists that answer it: a word in two of them would have two answers, or one twice.
const QUESTIONS: [(&str, &[&str]); 12] = [
    (
        "what may this whole text of a form be?",
        &[
            "headers.exact.",
            "headers.scoring_items",
            "forms.head.",
            "forms.goals.",
            "forms.funding.",
            "forms.grid.",
            "forms.closing.",
            "forms.levels.",
            "forms.rows.total",
            "report.organization.labels",
            "report.transfer.local_offices",
            "values.wordings",
        ],
    ),
    (
        "is it a target in words?",
        &["values.wordings", "values.met.done", "values.met.not_done"],
    ),
    ("what makes the number after it?", &["values.before."]),
    ("what makes the number before it?", &["values.after."]),
    ("what does the unit measure?", &["units.base."]),
    (
        "what do the figures below it count?",
        &[
            "headers.figures.rate",
            "headers.figures.price",
            "headers.figures.area",
            "headers.figures.count",
            "headers.figures.points",
        ],
    ),
    (
        "which way does it go?",
        &["values.direction.up", "values.direction.down"],
    ),
    (
        "did it grow or fall, in prose?",
        &["checks.words.growth", "checks.words.decline"],
    ),
    (
        "is it above or below, in prose?",
        &["checks.words.above", "checks.words.below"],
    ),
    (
        "what does the digit below the heading name?",
        &["fates.dates", "fates.codes", "fates.orders", "fates.notes"],
    ),
    ("is the box ticked?", &["report.score.ticked", "report.score.empty"]),
    ("what stands before the noun?", &["lexicon.verbs", "lexicon.nominal"]),
];

#[test]
fn a_word_stands_once_for_each_question() {
    let files = [
        "headers", "forms", "report", "lexicon", "units", "values", "checks", "fates", "tables",
    ];
    let lists: BTreeMap<String, Vec<String>> = files.into_iter().flat_map(lists).collect();
    let mut doubles = Vec::new();
    for (path, words) in &lists {
        let mut seen = std::collections::BTreeSet::new();
        // The ladders of wordings repeat the words of other ladders.
        let own = words
            .iter()
            .filter(|word| !seen.insert(word.as_str()) && !path.ends_with("ladders"));
        doubles.extend(own.map(|word| format!("“{word}” twice in {path}")));
    }
    for (question, paths) in QUESTIONS {
        let mut known: BTreeMap<String, &str> = BTreeMap::new();
        for path in paths {
            let fits = |name: &str| name == *path || path.ends_with('.') && name.starts_with(path);
            let named: Vec<_> = lists.iter().filter(|(name, _)| fits(name)).collect();
            assert!(!named.is_empty(), "no list {path}");
            for (name, words) in named {
                for word in words {
                    let folded = heshu::pattern::headers::fold(word);
                    if let Some(other) = known.insert(folded, name).filter(|other| other != name) {
                        doubles.push(format!("{question} “{word}” stands in {other} and in {name}"));
                    }
                }
            }
        }
    }
    assert!(doubles.is_empty(), "{doubles:#?}");
}

#[test]
fn lists_add_values_replace_and_entries_come_first() {
    let role = |patterns: &Patterns, text: &str| patterns.headers.role(text).map(|m| m.role.name());
    let added = overlaid("headers.toml", "[exact]\nweight = [\"考核点\"]\n").unwrap();
    assert_eq!(role(&added, "考核点"), Some("weight"));
    assert_eq!(role(&added, "分值"), Some("weight"), "what is built in stays");
    // A word of an overlay leaves the role that it had.
    let moved = overlaid("headers.toml", "[exact]\nactual = [\"金额\"]\n").unwrap();
    assert_eq!(role(&moved, "金额"), Some("actual"));
    // A role that the built-in file lists no word of.
    let new = overlaid("headers.toml", "[exact]\nforecast = [\"年底数\"]\n").unwrap();
    assert_eq!(role(&new, "年底数"), Some("forecast"));
    let first = overlaid(
        "headers.toml",
        "[[keyword]]\nrole = \"other\"\nall = [\"得分\", \"复核\"]\n",
    )
    .unwrap();
    assert_eq!(role(&first, "复核后得分"), Some("other"));
    assert_eq!(role(&first, "专家得分"), Some("score"));
    let away = overlaid("headers.toml", "[exact]\nproject = [{ not = \"学校\" }]\n").unwrap();
    assert_eq!(role(&away, "学校"), None);
    let label = overlaid(
        "forms.toml",
        "[head]\nproject = [\"课题名\"]\n[closing]\ntotal = [{ word = \"总计分\", also = \"headers.exact.score\" }]\n",
    )
    .unwrap();
    assert!(label.forms.head_field("课题名：").is_some() && label.forms.is_total_score("总计分"));
    assert_eq!(role(&label, "总计分"), Some("score"));
    assert!(label.forms.head_field("项目名称").is_some());
    // One job of a word may go, the others stay.
    let half = overlaid("forms.toml", "[head]\nproject = [{ not = \"项目名称\" }]\n").unwrap();
    assert_eq!(
        (half.forms.head_field("项目名称"), role(&half, "项目名称")),
        (None, Some("project"))
    );
    let fragment = overlaid(
        "forms.toml",
        "[rows]\nfunding_sources = [\"彩票公益金\", { not = \"非税\" }]\n",
    )
    .unwrap();
    assert!(fragment.forms.is_funding_source("彩票公益金") && !fragment.forms.is_funding_source("非税收入"));
    let labels = overlaid(
        "report.toml",
        "[organization]\nlabels = [\"填制单位\", { not = \"报告单位\" }]\n",
    )
    .unwrap();
    let names = |label: &str| labels.report.names_organization(label);
    assert!(names("填制单位") && names("填报单位") && !names("报告单位"));
    let units = overlaid("units.toml", "[base]\ncount = [\"垄\"]\n[scale]\n\"萬\" = \"10000\"\n").unwrap();
    assert!(
        units.units.whole("垄").is_some() && units.units.whole("家").is_some() && units.units.whole("萬元").is_some()
    );
    let limit = overlaid("checks.toml", "[limits]\ndeviation_percent = \"20\"\n").unwrap();
    let limits = |patterns: &Patterns| patterns.checks.limits(&read("a", patterns).report);
    assert_eq!(limits(&limit).deviation_percent.to_string(), "20");
    assert_eq!(
        limits(&limit).execution_percent,
        limits(&Patterns::builtin().unwrap()).execution_percent
    );
    let kind = overlaid(
        "report.toml",
        "[[kind]]\nkind = \"fund_allocation\"\nregex = \".*专项转移支付.*情况表\"\n",
    )
    .unwrap();
    assert_eq!(
        kind.report.kind_of("某市专项转移支付自评情况表").map(|k| k.name()),
        Some("fund_allocation")
    );
    assert_eq!(
        kind.report.kind_of("某市项目自评表").map(|k| k.name()),
        Some("project_self_evaluation")
    );
    // A copy of a whole file says nothing new, whatever its line ends and its first character.
    for name in [
        "headers", "forms", "report", "regions", "lexicon", "units", "values", "checks", "fates", "tables",
    ] {
        let text = std::fs::read_to_string(root().join(format!("patterns/{name}.toml"))).unwrap();
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        let patterns = overlaid(&format!("{name}.toml"), &text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            patterns.regions.code("江门市"),
            Patterns::builtin().unwrap().regions.code("江门市")
        );
    }
}

#[test]
fn what_nobody_knows_is_an_error_with_the_nearest_name() {
    for (name, text, parts) in [
        (
            "headers.toml",
            "[exact]\n\nscoer = [\"评\"]\n",
            &["line 3", "did you mean `score`"][..],
        ),
        (
            "headers.toml",
            "\n[exat]\nscore = [\"评\"]\n",
            &["line 2", "did you mean `exact`"],
        ),
        (
            "headers.toml",
            "[[keyword]]\nrole = \"wieght\"\nall = [\"点\"]\n",
            &["line 2", "did you mean `weight`"],
        ),
        (
            "headers.toml",
            "[[keyword]]\nrole = \"weight\"\nal = [\"点\"]\n",
            &["line 3", "did you mean `all`"],
        ),
        (
            "headers.toml",
            "[[keyword]]\nrole = \"weight\"\n",
            &["line 1", "`all` needs a word"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = \"考核点\"\n",
            &["line 2", "is a list"],
        ),
        (
            "headers.toml",
            "exact = [\"考核点\"]\n",
            &["line 1", "is a table", "[exact]"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [\"点数\"]\nscore = [\"点数\"]\n",
            &["“点数” stands under", "exact.score", "exact.weight"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [{ word = \"点数\", also = \"forms.head.projct\" }]\n",
            &["line 2", "did you mean `forms.head.project`"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [{ wrd = \"点数\" }]\n",
            &["line 2", "did you mean `word`"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [{ not = \"分直\" }]\n",
            &["line 2", "did you mean `分值`"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [\n  \"甲\",\n  { regex = \"(点\" },\n]\n",
            &["line 4", "no regular expression", "unclosed"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [{ regex = \"(?<yeer>20..)年\" }]\n",
            &["line 2", "did you mean `year`", "unit, number"],
        ),
        (
            "headers.toml",
            "[exact]\nweight = [{ regex = '(\\w{200}){200}' }]\n",
            &["line 2", "too large"],
        ),
        ("headers.toml", "[exact]\nweight = [\"a\n", &["line 2"]),
        (
            "forms.toml",
            "[head]\nprojects = [\"课题\"]\n",
            &["line 2", "did you mean `project`"],
        ),
        (
            "forms.toml",
            "[rows]\nfunding_source = [\"基金\"]\n",
            &["line 2", "did you mean `funding_sources`"],
        ),
        (
            "forms.toml",
            "[rows]\nplace_ends = [{ regex = '.*团' }]\n",
            &["line 2", "forms.rows.place_ends takes words"],
        ),
        (
            "forms.toml",
            "[rows]\nfunding_sources = [{ not = \"财政拔款\" }]\n",
            &["line 2", "did you mean `财政拨款`"],
        ),
        (
            "report.toml",
            "[[kind]]\nkind = \"project_selfevaluation\"\nall = [\"x\"]\n",
            &["line 2", "did you mean `project_self_evaluation`"],
        ),
        (
            "report.toml",
            "[[kind]]\nkind = \"unknown\"\nall = [\"a\"]\nregex = \"b\"\n",
            &["line 1", "not both"],
        ),
        (
            "units.toml",
            "[base]\nlenght = [\"庹\"]\n",
            &["line 2", "unknown variant `lenght`"],
        ),
        (
            "checks.toml",
            "\n[severity]\n\"TBL1\" = \"info\"\n",
            &["line 3", "TBL1"],
        ),
        ("values.toml", "[met]\nband = 0.1\n", &["line 2"]),
    ] {
        let error = overlaid(name, text).err().unwrap_or_else(|| panic!("accepted: {text}"));
        for part in [name].iter().chain(parts) {
            assert!(error.contains(part), "“{part}” is missing in “{error}” for\n{text}");
        }
    }
}

#[test]
fn a_folder_holds_pattern_files_only() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("headers.toml"), b"[exact]\nweight = [\"\xbf\xbc\"]").unwrap();
    let error = Patterns::with_overrides(dir.path()).unwrap_err().to_string();
    assert!(error.contains("UTF-8") && error.contains("headers.toml"), "{error}");
    for (name, part) in [
        ("header.toml", "did you mean `headers.toml`"),
        ("Forms.toml", "did you mean `forms.toml`"),
        ("headers.toml.txt", "did you mean `headers.toml`"),
        ("text_layout.toml", "forms.toml now"),
        ("notes.txt", "they are headers.toml"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join(name), "").unwrap();
        let error = Patterns::with_overrides(dir.path()).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains(name), "{name}: {error}");
    }
    let dir = tempfile::tempdir().unwrap();
    for name in ["README.md", ".hidden", "forms.toml~"] {
        std::fs::write(dir.path().join(name), "[").unwrap();
    }
    std::fs::write(dir.path().join("forms.toml"), "[head]\nproject = [\"课题名\"]\n").unwrap();
    let patterns = Patterns::with_overrides(dir.path()).unwrap();
    assert_eq!(patterns.overrides().len(), 1);
    assert_ne!(patterns.fingerprint, Patterns::builtin().unwrap().fingerprint);
}

/// Measures of the first budget line: name, value and unit of each.
fn amounts(report: &Report) -> Vec<String> {
    let line = &report.budgets[0];
    let amounts = line.amounts.iter();
    let told = amounts.map(|(m, a)| format!("{} {}{}", m.name(), a.value.unwrap(), a.unit.as_deref().unwrap_or("")));
    let others = line
        .others
        .iter()
        .map(|o| format!("other {}{}", o.value.unwrap(), o.unit.as_deref().unwrap_or("")));
    told.chain(others).collect()
}

#[test]
fn expressions_name_year_unit_and_number() {
    let teach = r#"
[exact]
final_accounts = [{ regex = '(?<year>20\d\d)决' }, { regex = '第(?<number>\d)栏全年决' }, { regex = '全年决\((?<unit>[万千]元)计\)' }]
adjusted_budget = [{ regex = '(?<year>\d\d)调后' }]
target = [{ regex = '今年要求\((?<unit>\w+)计\)' }]
"#;
    let patterns = overlaid("headers.toml", teach).unwrap();
    let report = |title: &str, rows: &[&str]| read(&table(title, rows), &patterns);
    // The year before the report's, though no other column speaks of a year.
    let title = "2022年度部门决算收支情况表（单位：万元）";
    let found = report(
        title,
        &[
            "项目 | 2021决 | 全年预算数",
            "教育支出 | 12.50 | 14.00",
            "卫生支出 | 7.50 | 6.00",
            "合计 | 20.00 | 20.00",
        ],
    );
    assert_eq!(amounts(&found), ["adjusted_budget 14.00万元", "prior_year 12.50万元"]);
    let found = report(
        title,
        &[
            "项目 | 2022决 | 2021决",
            "教育支出 | 12.50 | 14.00",
            "卫生支出 | 7.50 | 6.00",
            "合计 | 20.00 | 20.00",
        ],
    );
    assert_eq!(amounts(&found), ["final_accounts 12.50万元", "prior_year 14.00万元"]);
    let found = report(
        title,
        &[
            "项目 | 22调后 | 2020决",
            "教育支出 | 12.50 | 14.00",
            "卫生支出 | 7.50 | 6.00",
            "合计 | 20.00 | 20.00",
        ],
    );
    assert_eq!(
        amounts(&found),
        ["adjusted_budget 12.50万元", "other 14.00万元"],
        "a year that is neither"
    );
    let found = report(
        "2022年度部门决算收支情况表",
        &[
            "项目 | 全年决（千元计）",
            "教育支出 | 12.50",
            "卫生支出 | 7.50",
            "合计 | 20.00",
        ],
    );
    assert_eq!(amounts(&found), ["final_accounts 12.50千元"]);
    assert_eq!(
        found.budgets[0]
            .amounts
            .values()
            .next()
            .unwrap()
            .yuan
            .unwrap()
            .to_string(),
        "12500"
    );
    let found = report(
        title,
        &[
            "项目 | 第3栏全年决",
            "教育支出 | 12.50",
            "卫生支出 | 7.50",
            "合计 | 20.00",
        ],
    );
    assert_eq!(found.tables[0].columns[1].number.as_deref(), Some("3"));
    let rows = [
        "三级指标 | 今年要求（公里计） | 实际完成值 | 分值 | 得分",
        "管网长度 | 12 | 13 | 50 | 50",
        "养护长度 | 20 | 20 | 50 | 50",
    ];
    let found = report("2022年度项目支出绩效自评表", &rows);
    assert_eq!(
        found.indicators[0].target.as_ref().unwrap().unit.as_deref(),
        Some("公里")
    );
    // Built-in words are asked first, and an expression fits whole headings only.
    let whole = overlaid("headers.toml", "[exact]\nactual = [{ regex = '决算.' }]\n").unwrap();
    let role = |text: &str| whole.headers.role(text).map(|m| m.role.name());
    assert_eq!(
        (role("决算数"), role("决算款"), role("上决算款")),
        (Some("final_accounts"), Some("actual"), Some("final_accounts"))
    );
}

#[test]
fn the_example_of_the_readme_runs() {
    let readme = std::fs::read_to_string(root().join("patterns/README.md")).unwrap();
    let block = |kind: &str| {
        let (_, rest) = readme.split_once(&format!("```{kind}\n")).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("mine")).unwrap();
    std::fs::write(dir.path().join("mine/headers.toml"), block("toml")).unwrap();
    std::fs::write(dir.path().join("a.txt"), block("text")).unwrap();
    let show = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heshu"));
        let output = command
            .arg("show")
            .args(arguments)
            .arg("a.txt")
            .current_dir(dir.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let before = show(&[]);
    assert!(before.contains("no word fits: “2021年决数”, “考核点”"), "{before}");
    let after = show(&["--patterns", "mine"]);
    assert!(!after.contains("no word fits"), "{after}");
    for part in ["“考核点” → weight", "2021年决数” → prior_year"] {
        assert!(after.contains(part), "“{part}” is missing:\n{after}");
    }
}

//! Texts that number the columns of a table: 栏次 ∣ 1 ∣ 2 ∣ 3=1+2, also ①, (1), A ∣ B ∣ C=B/A, 一 ∣ 二 ∣ 三. They hold no figure.

use super::chinese::outline_numeral;
use super::mark::{circled, is_nothing};

/// What a word is where columns are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// 栏次: it says what the row is.
    Label,
    /// 序号: it heads a column of names beside the numbers.
    Beside,
    /// 甲, 乙: the number of a column of names, from 1 on.
    Stem(u32),
}

/// The words that reports use where they number columns.
pub trait Words {
    /// What a folded text is there.
    fn word(&self, folded: &str) -> Option<Word>;
    /// A folded text without the words around its number: 第1栏.
    fn bare<'t>(&self, folded: &'t str) -> &'t str;
}

/// The numbers of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    /// Place of each numbered text among those of the row, and its number: `1`, or with the way that the form computes the
    /// column, `3=1+2`; in digits, whatever the row counts in.
    pub numbers: Vec<(usize, String)>,
    /// Whether it can be nothing else, whatever stands around it: digits, or a word or a formula that says so. A ∣ B ∣ C may be
    /// headings too.
    pub sure: bool,
}

/// What a row counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Digits,
    Letters,
    Roman,
    Chinese,
    Stems,
}

/// The numbers by which Roman numerals count columns.
const ROMAN: [&str; 20] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII",
    "XVIII", "XIX", "XX",
];

/// A number of a column.
struct Said {
    /// `None` where only a formula stands.
    value: Option<u32>,
    text: String,
    /// Whether it can be nothing else: (1), ①.
    sure: bool,
    /// 3=1+2.
    formula: bool,
}

/// The numbers of a row of folded texts, or `None` when the row numbers nothing. Blank texts count for nothing: a caller blanks
/// those that go on from the row above.
///
/// Without 栏次 the numbers begin at 1 and are consecutive, and one word at most stands before them, where no number could be
/// anything else (绩效指标 ∣ (1) ∣ (2)): 办公费 ∣ 1 ∣ 2 ∣ 3 is a line.
pub fn of_row(texts: &[&str], words: &impl Words) -> Option<Numbering> {
    let last = texts.iter().rev().find(|text| !is_nothing(text))?;
    scripts(last, words)
        .iter()
        .find_map(|script| counted(texts, *script, words))
}

/// How many of the texts at the start of a list number `columns` columns, one behind the other: all of them, or all but the
/// first, in whose place a label may stand. `label`: whether a text may be one.
pub fn at_start(texts: &[&str], columns: usize, words: &impl Words, label: impl Fn(&str) -> bool) -> Option<usize> {
    let first = texts.first()?;
    let labelled = columns > 2 && is_label(first, words, label);
    // The column of names may have no number.
    let counts = if labelled {
        [columns, columns]
    } else {
        [columns, columns - 1]
    };
    counts.into_iter().find(|count| {
        let own = texts.get(usize::from(labelled)..*count).filter(|own| own.len() > 1);
        own.and_then(|own| of_row(own, words)).is_some_and(|found| {
            let own = &texts[usize::from(labelled)..*count];
            let stems = own
                .iter()
                .filter(|text| matches!(words.word(text), Some(Word::Stem(_))))
                .count();
            found.sure && (found.numbers.len() == own.len() || found.numbers.len() + stems == own.len())
        })
    })
}

fn is_label(text: &str, words: &impl Words, label: impl Fn(&str) -> bool) -> bool {
    let number = || {
        scripts(text, words)
            .iter()
            .any(|script| said(text, *script, words).is_some())
    };
    match words.word(text) {
        Some(word) => word == Word::Label || word == Word::Beside,
        None => !number() && label(text),
    }
}

/// What the row of a text may count in.
fn scripts(text: &str, words: &impl Words) -> &'static [Script] {
    if let Some(Word::Stem(_)) = words.word(text) {
        return &[Script::Digits, Script::Stems];
    }
    let bare = words.bare(text.trim_matches(['(', ')', '[', ']']));
    let first = bare.trim_start_matches(['(', '[', '=']).chars().next();
    match first {
        Some(c) if c.is_ascii_digit() || circled(c).is_some() => &[Script::Digits],
        Some(c) if c.is_ascii_alphabetic() => &[Script::Letters, Script::Roman],
        Some(c) if numeral(c).is_some() => &[Script::Chinese],
        _ => &[],
    }
}

fn counted(texts: &[&str], script: Script, words: &impl Words) -> Option<Numbering> {
    let (mut labelled, mut found) = (false, Vec::new());
    let (mut first, mut last) = (None, None);
    let (mut strange, mut certain, mut formula) = (0usize, true, false);
    for (place, text) in texts.iter().enumerate() {
        if is_nothing(text) {
            continue;
        }
        let said = said(text, script, words);
        let Some(said) = said else {
            match words.word(text) {
                Some(Word::Label) => labelled = true,
                Some(Word::Beside | Word::Stem(_)) => {}
                // A label beside the block may begin here, where the format does not merge.
                None if found.is_empty() && strange == 0 => strange = 1,
                None => return None,
            }
            continue;
        };
        certain &= said.sure;
        formula |= said.formula;
        let number: u32 = said.value.or(last.map(|n: u32| n + 1))?;
        // 栏次 ∣ 1 ∣ 2 ∣ 2: a dump repeats what is merged.
        if labelled && last == Some(number) {
            continue;
        }
        if last.is_some_and(|last| number != last + 1) {
            return None;
        }
        first = first.or(Some(number));
        last = Some(number);
        found.push((place, said.text));
    }
    if strange > 0 && !certain && !labelled && !formula {
        return None;
    }
    // Two letters or numerals may be anything.
    let told = labelled || formula;
    let least = match script {
        Script::Digits => 2,
        _ => 3,
    };
    let enough = found.len() >= if told { 1 } else { least };
    (enough && (labelled || first == Some(1))).then_some(Numbering {
        numbers: found,
        sure: told || script == Script::Digits || script == Script::Stems,
    })
}

/// What a text says as a number of a column.
fn said(folded: &str, script: Script, words: &impl Words) -> Option<Said> {
    // (1), [1], 第1栏; the brackets of 3=(2)/(1) are its own.
    let bare = match folded.contains('=') {
        true => folded,
        false => words.bare(folded.trim_matches(['(', ')', '[', ']'])),
    };
    if let Some(n) = value(bare, script, words) {
        let plain = folded.starts_with(|c: char| c.is_ascii_digit()) && bare == folded;
        return Some(Said {
            value: Some(n),
            text: n.to_string(),
            sure: script == Script::Digits && !plain,
            formula: false,
        });
    }
    if let Some((left, right)) = bare.split_once('=') {
        let strip = |text| words.bare(str::trim_matches(text, ['(', ')', '[', ']']));
        let (number, way) = match (value(strip(left), script, words), value(strip(right), script, words)) {
            (Some(n), _) => (n, right),
            (None, Some(n)) => (n, left), // 1+2=3
            (None, None) => return None,
        };
        let way = formula(way, script)?;
        return Some(Said {
            value: Some(number),
            text: format!("{number}={way}"),
            sure: true,
            formula: true,
        });
    }
    // A formula alone numbers the column after the one before; 3-2 and 1/2 could be anything without brackets or a sum.
    let whole = bare.chars().all(|c| !matches!(c, '.' | '%'));
    let way = formula(bare, script).filter(|_| whole && script == Script::Digits)?;
    Some(Said {
        value: None,
        text: format!("={way}"),
        sure: false,
        formula: false,
    })
}

/// 1+2, (2)/(1)*100%, A-B, in digits; `None` for what computes nothing.
fn formula(text: &str, script: Script) -> Option<String> {
    const SIGNS: [char; 9] = ['+', '-', '−', '*', '×', '/', '÷', '—', 'x'];
    let mut out = String::new();
    let (mut computes, mut refers) = (false, false);
    for c in text.chars() {
        let letter = (script == Script::Letters && c.is_ascii_uppercase())
            .then(|| letter(c))
            .flatten();
        if let Some(n) = letter {
            out.push_str(&n.to_string());
            refers = true;
            continue;
        }
        let number = c.is_ascii_digit() || circled(c).is_some_and(|n| n < 13);
        refers |= number;
        computes |= SIGNS.contains(&c);
        if !number && !SIGNS.contains(&c) && !matches!(c, '(' | ')' | '[' | ']' | '.' | '%') {
            return None;
        }
        out.push(c);
    }
    (computes && refers).then_some(out)
}

/// 1, ①, B, II, 二, 乙; no number of a column has three digits.
fn value(bare: &str, script: Script, words: &impl Words) -> Option<u32> {
    let mut chars = bare.chars();
    let single = chars.next().filter(|_| chars.next().is_none());
    match script {
        Script::Digits => {
            if let Some(n) = single.and_then(circled) {
                return Some(n);
            }
            let shape = !bare.is_empty()
                && bare.len() <= 2
                && bare.bytes().all(|b| b.is_ascii_digit())
                && !bare.starts_with('0');
            shape.then(|| bare.parse().ok()).flatten()
        }
        Script::Letters => single.and_then(letter),
        Script::Roman => {
            let upper = bare.to_ascii_uppercase();
            (1..).zip(ROMAN).find(|(_, roman)| *roman == upper).map(|(n, _)| n)
        }
        Script::Chinese => single.and_then(numeral),
        Script::Stems => match words.word(bare) {
            Some(Word::Stem(n)) => Some(n),
            _ => None,
        },
    }
}

fn letter(c: char) -> Option<u32> {
    c.is_ascii_alphabetic()
        .then(|| u32::from(c.to_ascii_uppercase()) - u32::from('A') + 1)
}

/// 一 to 十.
fn numeral(c: char) -> Option<u32> {
    (1..=10).find(|n| outline_numeral(*n) == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    fn numbers(texts: &[&str]) -> Option<Vec<String>> {
        let words = &Patterns::builtin().unwrap().tables.numbers;
        of_row(texts, words).map(|found| found.numbers.into_iter().map(|(_, n)| n).collect())
    }

    #[test]
    fn rows_that_number_columns() {
        for (texts, expected) in [
            (&["栏次", "1", "2", "3"][..], Some(vec!["1", "2", "3"])),
            (&["", "1", "2", "3=1+2"], Some(vec!["1", "2", "3=1+2"])),
            (&["(1)", "(2)", "(3)"], Some(vec!["1", "2", "3"])),
            (&["甲", "乙", "1", "2"], Some(vec!["1", "2"])),
            (&["甲", "1", "乙", "2"], Some(vec!["1", "2"])),
            (&["甲", "1", "2", "乙"], Some(vec!["1", "2"])),
            (&["栏次", "1", "2", "(3)=(2)/(1)"], Some(vec!["1", "2", "3=(2)/(1)"])),
            (&["1", "2", "3=1-2", "4"], Some(vec!["1", "2", "3=1-2", "4"])),
            (&["1", "2", "1+2=3"], Some(vec!["1", "2", "3=1+2"])),
            (&["栏次", "①", "②", "③=①+②"], Some(vec!["1", "2", "3=①+②"])),
            (&["项目", "1", "2", "3=2/1"], Some(vec!["1", "2", "3=2/1"])),
            (&["A", "B", "C=A-B"], Some(vec!["1", "2", "3=1-2"])),
            (&["栏次", "A", "B", "C=B/A*100%"], Some(vec!["1", "2", "3=2/1*100%"])),
            (&["a", "b", "c"], Some(vec!["1", "2", "3"])),
            (&["I", "II", "III"], Some(vec!["1", "2", "3"])),
            (&["一", "二", "三", "四"], Some(vec!["1", "2", "3", "4"])),
            (&["(一)", "(二)", "(三)"], Some(vec!["1", "2", "3"])),
            (&["甲", "乙", "丙", "丁"], Some(vec!["1", "2", "3", "4"])),
            (&["第1栏", "第2栏"], Some(vec!["1", "2"])),
            (&["1栏", "2栏"], Some(vec!["1", "2"])),
            (&["绩效指标", "(1)", "(2)"], Some(vec!["1", "2"])),
            (&["绩效指标", "栏次", "1", "2"], Some(vec!["1", "2"])),
            (&["栏次", "1", "2", "2", "3"], Some(vec!["1", "2", "3"])),
            (&["行次/栏次", "5", "6"], Some(vec!["5", "6"])),
            (&["办公费", "1", "2", "3"], None),
            (&["", "12", "13", "14"], None),
            (&["", "1", "3", "2"], None),
            (&["", "1.00", "2.00"], None),
            (&["合计", "3", "4"], None),
            (&["甲", "A"], None),
            (&["A", "B"], None),
            (&["优", "良", "中"], None),
            (&["一", "三"], None),
            (&["某局", "A", "B", "C"], None),
            (&[], None),
        ] {
            let expected = expected.map(|e| e.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(numbers(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn numbers_at_the_start_of_texts() {
        let words = &Patterns::builtin().unwrap().tables.numbers;
        let short = |text: &str| text.chars().count() <= 3 && !text.contains(|c: char| c.is_ascii_digit());
        for (texts, columns, expected) in [
            (&["1", "2", "3", "教育", "5"][..], 3, Some(3)),
            (&["1", "2", "教育", "5", "6"], 3, Some(2)),
            (&["栏次", "1", "2", "教育"], 3, Some(3)),
            (&["项目", "1", "2", "教育"], 3, Some(3)),
            (&["甲", "1", "2", "教育"], 3, Some(3)),
            (&["①", "②", "③=①+②", "教育"], 3, Some(3)),
            (&["教育支出", "1", "2", "卫生"], 3, None),
            (&["教育", "10", "8"], 3, None),
            (&["1"], 3, None),
        ] {
            assert_eq!(at_start(texts, columns, words, short), expected, "{texts:?}");
        }
    }
}

//! Rows that number the columns: 栏次 ∣ 1 ∣ 2 ∣ 3=1+2. They hold no figure of the report.

use super::view::RowView;
use crate::model::Cell;
use crate::text::mark::circled;
use crate::text::mark::is_nothing;
use crate::text::shape::is_figure;

/// The number of a column, as such a row states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnNumber {
    /// Grid column of the cell.
    pub col: usize,
    /// `1`, or with the way that the form computes the column: `3=1+2`.
    pub text: String,
}

/// The number of the only column of figures, right below its heading: nothing but a 1, and no name.
pub fn alone(row: &RowView<'_>) -> Option<Vec<ColumnNumber>> {
    match row.own.as_slice() {
        [(cell, text)] if cell.col > 0 && text == "1" => Some(vec![ColumnNumber {
            col: cell.col,
            text: text.clone(),
        }]),
        _ => None,
    }
}

/// The numbers behind a label that begins beside them, 项目资金 ∣ 1 ∣ 2, where the format merges nothing: nothing stands below the
/// label, and names stand below one of the numbers.
pub fn beside_label(row: &RowView<'_>, below: Option<&RowView<'_>>) -> Option<Vec<ColumnNumber>> {
    let ((label, _), numbers) = row.own.split_first()?;
    let below = &below?.own;
    let blank = below.first().is_some_and(|(cell, _)| cell.col > label.col);
    let under = |cell: &Cell| numbers.iter().any(|(number, _)| number.col == cell.col);
    let names = blank && below.iter().any(|(cell, text)| under(cell) && !is_figure(text));
    let alone = RowView {
        own: numbers.to_vec(),
        carried: Vec::new(),
    };
    of_columns(&alone, None).filter(|_| names)
}

/// What one cell of such a row says.
enum Token {
    /// 栏次, 行次, 甲, 乙: it only heads the others.
    Label(bool),
    /// A number of a column, `None` where only a formula stands; its text; whether it can be nothing else: (1), ①, 3=1+2.
    Number(Option<u32>, String, bool),
}

/// The numbers of a row's columns, or `None` when the row numbers nothing.
///
/// Without 栏次 the numbers must begin at 1 and be consecutive, and no word may stand beside them: such a row has no name,
/// so that no line of a budget is taken for it.
///
/// `above`: the row above, whose label a dump repeats where it is merged downwards.
pub fn of_columns(row: &RowView<'_>, above: Option<&RowView<'_>>) -> Option<Vec<ColumnNumber>> {
    let repeats =
        |cell: &Cell, text: &str| above.is_some_and(|row| row.own.iter().any(|(c, t)| c.col == cell.col && t == text));
    let (mut labelled, mut found) = (false, Vec::new());
    let mut last: Option<u32> = None;
    let mut first: Option<u32> = None;
    let (mut words, mut certain) = (0usize, true);
    for (cell, text) in &row.own {
        if is_nothing(text) || cell.row_span > 1 {
            continue; // a label beside the block may begin here
        }
        let Some(token) = token(text) else {
            if found.is_empty() && repeats(cell, text) {
                continue;
            }
            words += 1;
            if found.is_empty() && words == 1 {
                continue; // as above, where the format does not merge
            }
            return None;
        };
        match token {
            Token::Label(says) => labelled |= says,
            Token::Number(number, text, sure) => {
                certain &= sure;
                let number = number.or(last.map(|n| n + 1))?;
                // 栏次 ∣ 1 ∣ 2 ∣ 2: a dump repeats what is merged.
                if labelled && last == Some(number) {
                    continue;
                }
                if last.is_some_and(|last| number != last + 1) {
                    return None;
                }
                first = first.or(Some(number));
                last = Some(number);
                found.push(ColumnNumber { col: cell.col, text });
            }
        }
    }
    if words > 0 && !certain && !labelled {
        return None; // 办公费 ∣ 1 ∣ 2 ∣ 3 is a line
    }
    let enough = if labelled { 1 } else { 2 };
    (found.len() >= enough && (labelled || first == Some(1))).then_some(found)
}

fn token(folded: &str) -> Option<Token> {
    match folded {
        "栏次" | "行次" | "栏目" | "列次" | "栏号" | "列号" | "项次" => return Some(Token::Label(true)),
        // （栏次）, 行次\栏次, 项目/栏次
        text if text.contains("栏次") && text.chars().count() <= 8 => return Some(Token::Label(true)),
        "甲" | "乙" | "丙" | "丁" | "戊" | "序号" => return Some(Token::Label(false)),
        _ => {}
    }
    // (1), [1], 第1栏; the brackets of 3=(2)/(1) are its own.
    let bare = match folded.contains('=') {
        true => folded,
        false => folded.trim_matches(['(', ')', '[', ']', '第', '栏', '列']),
    };
    if let Some(n) = plain(bare) {
        return Some(Token::Number(
            Some(n),
            n.to_string(),
            bare != folded || !folded.starts_with(|c: char| c.is_ascii_digit()),
        ));
    }
    let formula = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || "+-−*×/÷().%=①②③④⑤⑥⑦⑧⑨⑩⑪⑫".contains(c))
            && text.contains(['+', '-', '−', '*', '×', '/', '÷'])
            && text.chars().any(|c| c.is_ascii_digit() || ('①'..='⑫').contains(&c))
    };
    if let Some((left, right)) = bare.split_once('=')
        && formula(right)
    {
        let n = plain(left.trim_matches(['(', ')']))?;
        return Some(Token::Number(Some(n), format!("{n}={right}"), true));
    }
    // A formula alone numbers the column after the one before; 3-2 and 1/2 could be anything without brackets or a sum.
    let whole = bare.chars().all(|c| !matches!(c, '.' | '%'));
    (formula(bare) && whole).then(|| Token::Number(None, format!("={bare}"), false))
}

/// 1, (1), ①; no number of a column has three digits.
fn plain(bare: &str) -> Option<u32> {
    let mut chars = bare.chars();
    if let (Some(n), None) = (chars.next().and_then(circled), chars.next()) {
        return Some(n);
    }
    let shape =
        !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit()) && !bare.starts_with('0');
    shape.then(|| bare.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Table;
    use crate::recognize::view;

    fn numbers(cells: &[&str]) -> Option<Vec<String>> {
        let table = Table::from_rows(&[cells.to_vec()]).unwrap();
        let rows = view::rows(&table);
        of_columns(&rows[0], None).map(|found| found.into_iter().map(|n| n.text).collect())
    }

    #[test]
    fn rows_that_number_columns() {
        for (cells, expected) in [
            (&["栏次", "1", "2", "3"][..], Some(vec!["1", "2", "3"])),
            (&["", "1", "2", "3=1+2"], Some(vec!["1", "2", "3=1+2"])),
            (&["（1）", "（2）", "（3）"], Some(vec!["1", "2", "3"])),
            (&["甲", "乙", "1", "2"], Some(vec!["1", "2"])),
            (&["栏次", "1", "2", "(3)=(2)/(1)"], Some(vec!["1", "2", "3=(2)/(1)"])),
            (&["1", "2", "3=1-2", "4"], Some(vec!["1", "2", "3=1-2", "4"])),
            (&["栏次", "①", "②", "③=①+②"], Some(vec!["1", "2", "3=①+②"])),
            (&["办公费", "1", "2", "3"], None),
            (&["", "12", "13", "14"], None),
            (&["", "1", "3", "2"], None),
            (&["", "1.00", "2.00"], None),
            (&["合计", "3", "4"], None),
            (&["绩效指标", "（1）", "（2）"], Some(vec!["1", "2"])),
            (&["绩效指标", "栏次", "1", "2"], Some(vec!["1", "2"])),
            (&["栏次", "1", "2", "2", "3"], Some(vec!["1", "2", "3"])),
        ] {
            let expected = expected.map(|e| e.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(numbers(cells), expected, "{cells:?}");
        }
    }
}

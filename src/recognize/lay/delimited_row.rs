//! One row of delimited text: its cells, its quotes, and the commas that stand inside numbers.

use crate::text::lines::{Line, is_space};
use crate::text::lines::{is_dashes as is_dash, is_plain_figure as is_figure};

/// Lines, and bytes, over which one row may run because a quote is open.
const LONGEST_ROW: (usize, usize) = (40, 64 << 10);
/// Rows longer than this are not searched for numbers that commas took apart.
const WIDEST_MENDED: usize = 64;

/// A cell as written.
pub(super) struct Field {
    pub text: String,
    pub quoted: bool,
}

/// A row as written.
pub(super) struct Row {
    pub fields: Vec<Field>,
    /// Its first line, and the first that is no part of it.
    pub line: usize,
    pub next: usize,
    /// The whole row may as well be one number: 1,020,300.
    pub number: bool,
}

impl Row {
    /// The cells as written.
    pub fn texts(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.text.as_str()).collect()
    }

    /// Cells up to the last one with text.
    pub fn filled_to(&self) -> usize {
        self.fields
            .iter()
            .rposition(|f| !f.text.is_empty())
            .map_or(0, |last| last + 1)
    }

    pub fn filled(&self) -> usize {
        self.fields.iter().filter(|f| !f.text.is_empty()).count()
    }

    pub fn has_figure(&self) -> bool {
        self.fields.iter().any(|f| figure(&f.text))
    }

    /// A figure or an empty cell where prose has neither: an item's number stands before the first delimiter, and the last
    /// one may close the line.
    pub fn is_evidence(&self) -> bool {
        let inner = self.filled_to();
        let fields = self.fields.iter().enumerate().take(inner).skip(1);
        !self.number
            && fields
                .into_iter()
                .any(|(_, f)| f.text.is_empty() || figure(&f.text) || is_dash(&f.text))
    }

    /// A comma took a number apart for certain: 1 ∣ 020.16.
    pub fn is_cut(&self) -> bool {
        let rest = |text: &str| text.starts_with('0') && text.find('.') == Some(3);
        self.fields
            .windows(2)
            .any(|pair| rest(&pair[1].text) && goes_on(&pair[0], &pair[1]))
    }

    pub fn is_prose(&self) -> bool {
        let sentence = |f: &Field| !f.quoted && f.text.contains(['。', '，', '；']) && !is_figure(&f.text);
        self.fields.iter().any(sentence)
    }
}

/// A figure as cells have it; 020.16 is what a comma left of one.
pub(super) fn figure(text: &str) -> bool {
    let text = text.trim_start_matches(['≥', '≤', '>', '<', '=', '＞', '＜', '¥', '￥', ' ']);
    let bytes = text.trim_start_matches(['-', '+']).as_bytes();
    let cut = matches!(bytes, [b'0', next, ..] if next.is_ascii_digit());
    !cut && is_figure(text)
}

/// The row that starts at a line.
pub(super) fn row(lines: &[Line<'_>], at: usize, delimiter: u8) -> Option<Row> {
    let line = lines.get(at)?;
    let bytes = line.text.as_bytes();
    let quotes = bytes.contains(&b'"');
    // Where tabs or bars part cells, commas stand inside numbers.
    let others = |b: &u8| *b == b'|' || *b == b'\t' && delimiter != b'\t';
    if line.blank || !quotes && (!bytes.contains(&delimiter) || bytes.iter().any(others)) || line.has_outer_bar() {
        return None;
    }
    if quotes && delimiter != b'\t' && line.has_inner_tab() {
        return None;
    }
    if delimiter == b',' && !quotes && blanks_part(&line.text) {
        return None;
    }
    let end = if quotes {
        row_end(lines, at, delimiter)
    } else {
        Some(at + 1)
    };
    let fields = match end {
        Some(end) if end > at + 1 => {
            let texts: Vec<&str> = lines[at..end].iter().map(|l| l.text.as_ref()).collect();
            fields(&texts.join("\n"), delimiter, true)
        }
        // A quote that nothing closes is a character like others.
        end => fields(&line.text, delimiter, quotes && end.is_some()),
    };
    let number = delimiter == b',' && !quotes && is_grouped(line.trimmed());
    (fields.len() > 1).then_some(Row {
        fields,
        line: at,
        next: end.unwrap_or(at + 1),
        number,
    })
}

/// One past the last line of a row in which quotes may stand over line ends; `None` where one is never closed.
fn row_end(lines: &[Line<'_>], at: usize, delimiter: u8) -> Option<usize> {
    let (mut inside, mut length) = (false, 0);
    for (more, line) in lines[at..].iter().take(LONGEST_ROW.0).enumerate() {
        length += line.text.len();
        if more > 0 && (length > LONGEST_ROW.1 || line.page_top) {
            return None;
        }
        inside = open_after(&line.text, inside, delimiter);
        if !inside {
            return Some(at + more + 1);
        }
    }
    None
}

/// Whether a quote is open at the end of a line.
fn open_after(line: &str, mut inside: bool, delimiter: u8) -> bool {
    let mut cell_start = true;
    for byte in line.bytes() {
        match byte {
            // A doubled quote closes and opens again.
            b'"' if inside => (inside, cell_start) = (false, true),
            b'"' if cell_start => inside = true,
            b' ' => {}
            _ => cell_start = byte == delimiter,
        }
    }
    inside
}

/// The cells of a row.
fn fields(text: &str, delimiter: u8, quotes: bool) -> Vec<Field> {
    let bytes = text.as_bytes();
    let (mut at, mut fields) = (0, Vec::new());
    let mut grouped = None;
    loop {
        let blanks = bytes[at..].iter().take_while(|b| **b == b' ').count();
        let open = quotes && bytes.get(at + blanks) == Some(&b'"');
        let mut cell = String::new();
        if open {
            at += blanks + 1;
            while let Some(length) = bytes[at..].iter().position(|b| *b == b'"') {
                cell.push_str(&text[at..at + length]);
                at += length + 1;
                if bytes.get(at) != Some(&b'"') {
                    break;
                }
                cell.push('"');
                at += 1;
            }
        }
        let end = cell_end(bytes, at, delimiter, &mut grouped);
        cell.push_str(&text[at..end]);
        let trimmed = cell.trim_matches(is_space);
        fields.push(Field {
            text: trimmed.to_owned(),
            quoted: open,
        });
        if end == bytes.len() {
            return fields;
        }
        at = end + 1;
    }
}

/// Where the cell that starts at `at` ends; `grouped` is the last comma that stands inside a number.
fn cell_end(bytes: &[u8], at: usize, delimiter: u8, grouped: &mut Option<usize>) -> usize {
    let mut from = at;
    while let Some(length) = bytes[from..].iter().position(|b| *b == delimiter) {
        let end = from + length;
        if delimiter != b',' || !groups_digits(bytes, end, *grouped) {
            return end;
        }
        *grouped = Some(end);
        from = end + 1;
    }
    bytes.len()
}

/// Whether a comma stands in a number that follows something in its cell: 路面 1,020.16, ￥1,020.
fn groups_digits(bytes: &[u8], comma: usize, grouped: Option<usize>) -> bool {
    let after = bytes[comma + 1..]
        .iter()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    let before = bytes[..comma]
        .iter()
        .rev()
        .take(4)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if after != 3 || !(1..=3).contains(&before) {
        return false;
    }
    let lead = &bytes[..comma - before];
    if lead.last() == Some(&b',') {
        return before == 3 && grouped == Some(lead.len() - 1);
    }
    // ￥ (U+FFE5) and ¥ (U+00A5).
    if lead.ends_with("￥".as_bytes()) || lead.ends_with("¥".as_bytes()) {
        return true;
    }
    let blanks = lead.iter().rev().take(8).take_while(|b| **b == b' ').count();
    let word = lead[..lead.len() - blanks].last();
    blanks > 0 && word.is_some_and(|b| !matches!(b, b',' | b'"' | b' '))
}

/// Whether a text is one number in groups of three digits.
fn is_grouped(text: &str) -> bool {
    let text = text
        .trim_start_matches(['-', '+', '¥', '￥'])
        .trim_end_matches(['%', '元', '万']);
    let digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !digits(decimals) {
        return false;
    }
    let mut groups = whole.split(',');
    let lead = groups.next().is_some_and(|g| (1..=3).contains(&g.len()) && digits(g));
    let rest: Vec<&str> = groups.collect();
    lead && !rest.is_empty() && rest.iter().all(|g| g.len() == 3 && digits(g))
}

/// Whether blanks part the cells of a line and each of its commas stands in a number between them: 年度资金总额：  4,582.63.
fn blanks_part(line: &str) -> bool {
    let mut parts = line.split(is_space).filter(|part| !part.is_empty());
    let bare = |part: &str| is_grouped(part.trim_matches(['(', ')', '（', '）']));
    parts.clone().nth(1).is_some() && parts.all(|part| !part.contains(',') || bare(part))
}

/// Whether two neighbours may be one number: 1 ∣ 020.16.
pub(super) fn comma_in_number(row: &Row) -> bool {
    row.fields.windows(2).any(|pair| goes_on(&pair[0], &pair[1]))
}

fn goes_on(left: &Field, right: &Field) -> bool {
    let lead = left.text.trim_start_matches(['-', '+']);
    !left.quoted && !right.quoted && is_grouped(&format!("{lead},{}", right.text))
}

/// The cells of a row whose numbers commas took apart, where one way alone gives the `width` of the headings.
pub(super) fn mended(row: &Row, width: usize) -> Option<Vec<String>> {
    let n = row.filled_to();
    if n > WIDEST_MENDED || width >= n {
        return None;
    }
    // Ways to make `k` cells of the first `i`; a number reaches over as many fields as go on.
    let mut ways = vec![vec![0usize; width + 1]; n + 1];
    ways[0][0] = 1;
    let spans = |from: usize, to: usize| row.fields[from..to].windows(2).all(|pair| goes_on(&pair[0], &pair[1]));
    let whole = |from: usize, to: usize| to - from == 1 || spans(from, to);
    for to in 1..=n {
        for from in (0..to)
            .take_while(|from| to - from <= n)
            .filter(|from| whole(*from, to))
        {
            for k in 1..=width {
                ways[to][k] = ways[to][k].saturating_add(ways[from][k - 1]);
            }
        }
    }
    if ways[n][width] != 1 {
        return None;
    }
    let mut cells = Vec::with_capacity(width);
    let (mut to, mut k) = (n, width);
    while to > 0 {
        let from = (0..to).find(|from| whole(*from, to) && ways[*from][k - 1] == 1)?;
        let texts: Vec<&str> = row.fields[from..to].iter().map(|f| f.text.as_str()).collect();
        cells.push(texts.join(","));
        (to, k) = (from, k - 1);
    }
    cells.reverse();
    Some(cells)
}

//! What the report is: title, organization, place, fiscal year, date.

use super::cells::{one_line, raw};
use super::head;
use super::when::{fiscal_year, report_date, whole_date};
use crate::model::{Block, Document, Paragraph, ParagraphKind, Project, RecognizedTable, ReportInfo, ReportKind};
use crate::pattern::Patterns;
use crate::text::chinese::is_outline_numeral;
use crate::text::date::YEAR;
use crate::text::fold::fold;
use std::collections::BTreeMap;

/// Lines at the top, and at the end, that are looked at for title and signature.
pub(super) const TOP: usize = 30;
pub(super) const END: usize = 25;

/// Rows of a table that may hold the line above a form.
const HEAD_ROWS: usize = 2;

/// Reads what the report says of itself.
pub fn info(document: &Document, tables: &[RecognizedTable], projects: &[Project], patterns: &Patterns) -> ReportInfo {
    let lines = lines(document);
    let when = when(document, tables, &lines, patterns);
    let title = when.title;
    let of_transfer = head::names_transfer(document, tables, patterns);
    let local = head::local_office(document, tables, patterns);
    let heads = labelled(document);
    let organization = organization(&lines, &heads, title.as_deref(), local, projects, patterns);
    let region = organization
        .as_deref()
        .and_then(|o| region(o, patterns))
        .or_else(|| title.as_deref().and_then(|t| region(&fold(t), patterns)));
    let region_code = region.as_deref().and_then(|name| patterns.regions.code(name));
    let table_titles: Vec<&str> = tables.iter().filter_map(|t| t.title.as_deref()).collect();
    ReportInfo {
        kind: match kind(title.as_deref(), &table_titles, &lines, patterns) {
            ReportKind::ProjectSelfEvaluation if of_transfer => ReportKind::TransferPaymentSelfEvaluation,
            kind => kind,
        },
        fiscal_year: when.year,
        title,
        organization,
        region,
        region_code,
        date: when.date,
    }
}

/// What a report says of when it is from.
pub struct When {
    /// The report's title.
    pub title: Option<String>,
    /// The date of the report.
    pub date: Option<String>,
    /// The fiscal year.
    pub year: Option<u16>,
}

/// The fiscal year with what it was read from, and nothing of who wrote the report.
pub fn told_year(document: &Document, tables: &[RecognizedTable], patterns: &Patterns) -> When {
    when(document, tables, &lines(document), patterns)
}

fn when(document: &Document, tables: &[RecognizedTable], lines: &[&str], patterns: &Patterns) -> When {
    let title = title(document, tables, patterns);
    let table_titles: Vec<&str> = tables.iter().filter_map(|t| t.title.as_deref()).collect();
    let date = report_date(lines, patterns);
    let year = fiscal_year(title.as_deref(), &table_titles, lines, date.as_deref(), patterns);
    When { title, date, year }
}

/// Lines of the paragraphs that are not blank.
fn lines(document: &Document) -> Vec<&str> {
    let paragraphs = document.blocks.iter().filter_map(|b| b.paragraph());
    paragraphs
        .flat_map(|p| p.text.lines())
        .map(raw)
        .filter(|l| !l.is_empty())
        .collect()
}

fn kind(title: Option<&str>, table_titles: &[&str], lines: &[&str], patterns: &Patterns) -> ReportKind {
    let named = title.into_iter().chain(table_titles.iter().copied());
    let opening = lines.iter().take(3).copied();
    let closing = lines
        .iter()
        .rev()
        .take(8)
        .copied()
        .filter(|l| patterns.report.title.closing.within(l));
    named
        .chain(opening)
        .chain(closing)
        .find_map(|text| patterns.report.kind_of(&fold(text)))
        .unwrap_or(ReportKind::Unknown)
}

/// The title: the first lines before the body that speak of a report, else the title of the first form. The name of a sheet's
/// tab is one only where nothing else speaks.
fn title(document: &Document, tables: &[RecognizedTable], patterns: &Patterns) -> Option<String> {
    let paragraphs = || document.blocks.iter().take(TOP).map_while(Block::paragraph);
    let of_tab = |p: &&Paragraph| document.format.is_workbook() && matches!(p.kind, ParagraphKind::Heading(_));
    let lines = |tabs: bool| {
        let wanted = paragraphs().filter(move |p| tabs || !of_tab(p));
        wanted.flat_map(|p| p.text.lines())
    };
    spoken_title(lines(false), patterns)
        .or_else(|| {
            let first = |t: &&RecognizedTable| t.block < TOP || tables.len() == 1;
            tables.iter().filter(first).find_map(|t| t.title.clone())
        })
        .or_else(|| spoken_title(lines(true), patterns))
}

/// The first lines before the body that speak of a report.
fn spoken_title<'t>(lines: impl Iterator<Item = &'t str>, patterns: &Patterns) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for line in lines {
        // 附件2： and 附表 stand before a title and are no part of it.
        let line = without_attachment(&one_line(line), patterns);
        let folded = fold(&line);
        if folded.is_empty() {
            continue;
        }
        if patterns
            .report
            .title
            .body
            .iter()
            .any(|w| folded.starts_with(w.as_str()))
        {
            break;
        }
        let sentence =
            folded.chars().count() > 60 || folded.contains('。') || folded.ends_with([',', '，', ':', ';', '；']);
        let labelled = folded.contains(':');
        if sentence || labelled {
            if parts.is_empty() && !sentence {
                continue;
            }
            break;
        }
        let named = patterns.report.title.words.iter().any(|w| folded.contains(w.as_str()));
        let before = parts
            .iter()
            .any(|p| patterns.report.title.words.iter().any(|w| fold(p).contains(w.as_str())));
        if before && !named {
            break;
        }
        parts.push(line);
        if named || parts.len() == 3 {
            // A title may go on in a line of its own: …专项资金 / 绩效自评报告.
            if patterns.report.title.ends.end(&folded) {
                break;
            }
        }
    }
    let speaks = parts
        .iter()
        .any(|p| patterns.report.title.words.iter().any(|w| fold(p).contains(w.as_str())));
    speaks.then(|| parts.concat())
}

/// Labels with their colon and what stands beside them in the first rows of tables: 单位名称： ∣ 某局, where the line above a
/// form was read as its first row.
fn labelled(document: &Document) -> Vec<String> {
    let tables = document.blocks.iter().take(TOP).filter_map(Block::table);
    let mut lines = Vec::new();
    for table in tables {
        let mut cells = table.cells().iter().filter(|cell| cell.row < HEAD_ROWS).peekable();
        while let Some(cell) = cells.next() {
            let label = cell.text.trim();
            let beside = cells.peek().filter(|next| next.row == cell.row);
            if let Some(value) = beside.filter(|_| label.ends_with(['：', ':'])) {
                lines.push(format!("{label}{}", value.text.trim()));
            }
        }
    }
    lines
}

fn organization(
    lines: &[&str],
    heads: &[String],
    title: Option<&str>,
    local: Option<String>,
    projects: &[Project],
    patterns: &Patterns,
) -> Option<String> {
    let words = &patterns.report.organization;
    for line in lines
        .iter()
        .take(TOP * 2)
        .copied()
        .chain(heads.iter().map(String::as_str))
    {
        let folded = fold(line);
        if let Some((label, value)) = folded.split_once(':') {
            let stamp = words.stamps.iter().find_map(|stamp| label.strip_suffix(stamp.as_str()));
            let label = stamp.unwrap_or(label).trim_matches(['(', ')']);
            if patterns.report.names_organization(label) {
                let value = clean(value, patterns);
                if let Some(name) = value.filter(|v| (3..=40).contains(&v.chars().count())) {
                    return Some(name);
                }
            }
        }
    }
    let tail = &lines[lines.len().saturating_sub(END)..];
    for pair in tail.windows(2) {
        if whole_date(pair[1]).is_some()
            && let Some(name) = clean(&fold(pair[0]), patterns).filter(|n| is_organization(n, patterns))
        {
            return Some(name);
        }
    }
    if let Some(name) = title.and_then(|t| leading_organization(&fold(t), patterns)) {
        return Some(name);
    }
    // The form says who carries the project out; without a form the body names its own organization most often.
    let stated = projects.iter().find_map(|p| {
        p.implementer
            .as_deref()
            .or(local.as_deref())
            .or(p.department.as_deref())
    });
    stated
        .map(|name| without_code(name).to_owned())
        .or_else(|| most_named(lines, patterns))
}

/// A line without 附件2：, 附表 and the like before it.
fn without_attachment(line: &str, patterns: &Patterns) -> String {
    let named = patterns.report.title.attachments.strip_start(line);
    let number = |c: char| c.is_ascii_digit() || c == '-' || is_outline_numeral(c);
    match named.map(|rest| (rest, rest.trim_start_matches(number))) {
        // 附件2022年… : the digits are the year's.
        Some((rest, r)) if r.starts_with(YEAR) => rest.to_owned(),
        Some((_, r)) => r.trim_start_matches([':', '：', '.', '、', ' ']).to_owned(),
        None => line.to_owned(),
    }
}

/// A name without the budget code before it: 219001-某镇人民政府.
fn without_code(name: &str) -> &str {
    match name.split_once(['-', '－']) {
        Some((code, rest)) if code.len() >= 3 && code.chars().all(|c| c.is_ascii_digit()) => rest.trim(),
        _ => name,
    }
}

/// A name without stamp and blanks.
fn clean(folded: &str, patterns: &Patterns) -> Option<String> {
    let mut name = folded;
    for stamp in &patterns.report.organization.stamps {
        name = name.split(stamp.as_str()).next().unwrap_or(name);
    }
    let next = &patterns.report.organization.next_labels;
    let end = next.iter().filter_map(|label| name.find(&format!("{label}:"))).min();
    let name = match (end, name.split_once(':')) {
        (Some(end), _) => &name[..end],
        // A label that no list knows: the name ends where names of organizations do.
        (None, Some((head, _))) => {
            let suffixes = patterns.report.organization.suffixes.iter();
            let ends = suffixes.filter_map(|s| head.rfind(s.as_str()).map(|at| at + s.len()));
            &head[..ends.max().unwrap_or(head.len())]
        }
        (None, None) => name,
    };
    let name = patterns.report.organization.stops.before(name).trim_matches(['_', ' ']);
    (!name.is_empty()).then(|| name.to_owned())
}

fn is_organization(folded: &str, patterns: &Patterns) -> bool {
    let count = folded.chars().count();
    let sentence = folded.contains(['。', ',', '，', '、', ':', '；']);
    (4..=30).contains(&count)
        && !sentence
        && patterns
            .report
            .organization
            .suffixes
            .iter()
            .any(|s| folded.ends_with(s.as_str()))
}

/// The organization that a title starts with.
fn leading_organization(folded: &str, patterns: &Patterns) -> Option<String> {
    let titled = patterns.report.title.about.before(folded);
    let digits = || folded.find(|c: char| c.is_ascii_digit()).unwrap_or(folded.len());
    let head = if titled.len() < folded.len() {
        titled
    } else {
        &folded[..digits()]
    };
    let words = &patterns.report.organization;
    let one_word = |end: usize| {
        let pair = head[..end]
            .chars()
            .next_back()
            .into_iter()
            .chain(head[end..].chars().next());
        words.not_ends.is(&pair.collect::<String>())
    };
    let ends = patterns
        .report
        .organization
        .suffixes
        .iter()
        .filter(|s| s.chars().count() >= 1)
        .filter_map(|s| head.rfind(s.as_str()).map(|i| i + s.len()))
        // 甲市本级部门 names a level: 部门 is no 部.
        .filter(|end| !one_word(*end));
    let end = ends.max()?;
    let name = &head[..end];
    is_organization(name, patterns).then(|| name.to_owned())
}

/// The organization that prose names most often by its full name, place included.
fn most_named(lines: &[&str], patterns: &Patterns) -> Option<String> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (order, line) in lines.iter().enumerate() {
        let chars: Vec<char> = line.chars().collect();
        for (i, c) in chars.iter().enumerate() {
            if !patterns.report.organization.offices.has(*c) {
                continue;
            }
            let start = chars[..i]
                .iter()
                .rposition(|c| !('\u{4e00}'..='\u{9fff}').contains(c))
                .map_or(0, |p| p + 1);
            let name: String = chars[start..=i].iter().collect();
            if (5..=16).contains(&name.chars().count()) && region(&name, patterns).is_some() {
                let entry = counts.entry(name).or_insert((0, order));
                entry.0 += 1;
            }
        }
    }
    let (name, (count, _)) = counts
        .into_iter()
        .max_by_key(|(name, (count, order))| (*count, std::cmp::Reverse(*order), name.clone()))?;
    (count >= 2).then_some(name)
}

/// The place at the beginning of an organization's name: 江西省赣州市信丰县.
///
/// A place of the table is taken as far as it goes; other names are told by their endings.
fn region(folded: &str, patterns: &Patterns) -> Option<String> {
    let words = &patterns.report.organization;
    let folded = words
        .before_places
        .iter()
        .find_map(|word| folded.strip_prefix(word.as_str()))
        .unwrap_or(folded);
    if words.no_place.iter().any(|word| folded.starts_with(word.as_str())) {
        return None;
    }
    let known = patterns.regions.leading(folded).map(|(name, _)| name.to_owned());
    let told = told_by_endings(folded, patterns);
    // 江西省宜春经开区: the table knows the province, the endings tell the rest.
    told.filter(|told| known.as_ref().is_none_or(|known| told.len() > known.len()))
        .or(known)
}

fn told_by_endings(folded: &str, patterns: &Patterns) -> Option<String> {
    let words = &patterns.report.organization;
    let chars: Vec<char> = folded.chars().collect();
    let mut end = None;
    let mut last = 0;
    for (i, c) in chars.iter().enumerate().take(16) {
        if !words.places.has(*c) || i < last + 1 {
            continue;
        }
        let pair: String = chars[i..chars.len().min(i + 2)].iter().collect();
        if words.not_places.contains(&pair) && end.is_some() {
            break;
        }
        if words.not_places.contains(&pair) && i < 2 {
            break;
        }
        // 城市管理, 城区 say what, not where.
        if i > last && words.not_places_before.is(&chars[i - 1..=i].iter().collect::<String>()) {
            break;
        }
        // 州 inside a name (广州市) is followed by the real end.
        if words.inner_place.has(*c) && chars.get(i + 1).is_some_and(|next| words.outer_place.has(*next)) {
            continue;
        }
        if i - last > 7 {
            break;
        }
        end = Some(i + 1);
        last = i + 1;
    }
    let place: String = chars[..end?].iter().collect();
    (place.chars().count() >= 2 && place.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_titles_and_names() {
        let patterns = Patterns::builtin().unwrap();
        assert_eq!(without_attachment("附件2：2022年度自评表", &patterns), "2022年度自评表");
        assert_eq!(without_attachment("附件2022年度自评表", &patterns), "2022年度自评表");
        assert_eq!(without_attachment("附表", &patterns), "");
        assert_eq!(without_code("219001-某镇人民政府"), "某镇人民政府");
        assert_eq!(without_code("市财政局"), "市财政局");
    }

    #[test]
    fn a_name_ends_where_the_next_label_begins() {
        let patterns = Patterns::builtin().unwrap();
        let name = |line: &str| organization(&[line], &[], None, None, &[], &patterns);
        let rows = [
            (
                "填报单位（盖章）：某县城市管理局 填报日期：2021年3月15日",
                "某县城市管理局",
            ),
            ("填报单位：某县图书馆 主要领导签字：", "某县图书馆"),
            ("单位名称：某市水利局（公章） 金额单位：万元", "某市水利局"),
        ];
        for (line, expected) in rows {
            assert_eq!(name(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn a_place_is_taken_as_far_as_it_is_one() {
        let patterns = Patterns::builtin().unwrap();
        let rows = [
            ("中共上海市普陀区委社会工作部", Some("上海市普陀区")),
            ("江门市城市管理局", Some("江门市")),
            ("江西省宜春经开区财政局", Some("江西省宜春经开区")),
            ("各市县住房和城乡建设部门", None),
            ("蕲山市城市管理执法局", Some("蕲山市")),
        ];
        for (name, expected) in rows {
            assert_eq!(region(name, &patterns).as_deref(), expected, "{name}");
        }
    }
}

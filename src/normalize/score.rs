//! Scores and grades: from closing rows of forms, ticked boxes, funding rows and prose.

use super::cells::{TableContext, fold_figures};
use super::{heads, levels};
use crate::model::{
    Block, BudgetLine, Cell, ColumnRole, Document, Exact, Line, Measure, Paragraph, RowRole, Score, ScoreKind, Section,
    SectionKind, Source,
};
use crate::pattern::Patterns;
use crate::pattern::report::ScorePatterns;
use crate::text::fold::fold;
use crate::text::mark::is_nothing;
use crate::text::number::plain;
use crate::text::unit::{POINTS, without_points};
use rust_decimal::Decimal;

/// Scores that a table states.
pub fn of_table(
    context: &TableContext<'_>,
    project: &dyn Fn(usize) -> Option<String>,
    patterns: &Patterns,
) -> Vec<Score> {
    let mut scores: Vec<Score> = Vec::new();
    let mut grid: Option<&Section> = None;
    for section in &context.recognized.sections {
        match section.kind {
            SectionKind::Indicators => {
                grid = Some(section);
                for head in heads::heads(context, section) {
                    let Some((points, cell)) = head.score else { continue };
                    let (full, full_cell) = head.weight;
                    let kind = ScoreKind::Section;
                    let mut found = score(
                        project(head.row),
                        kind,
                        &head.name,
                        Some(points),
                        Some(full),
                        context,
                        cell,
                    );
                    found.full_source = Some(context.source(full_cell));
                    scores.push(found);
                }
                scores.extend(levels::scores(context, section, project, patterns));
            }
            SectionKind::Closing => {
                for row in section.rows() {
                    closing_row(context, grid, row, project(row), patterns, &mut scores);
                }
            }
            SectionKind::Head => {
                for row in section.rows() {
                    head_row(context, row, project(row), patterns, &mut scores);
                }
            }
            _ => {}
        }
    }
    scores
}

/// Scores among the labels of a form's head: 自评总分（分）∣ 97.6.
fn head_row(
    context: &TableContext<'_>,
    row: usize,
    project: Option<String>,
    patterns: &Patterns,
    scores: &mut Vec<Score>,
) {
    let cells: Vec<&Cell> = context.table.row_cells(row).filter(|c| c.row == row).collect();
    for pair in cells.windows(2) {
        let (label, value) = (fold(&pair[0].text), fold_figures(&pair[1].text));
        // 合计 with no indicators above it is the total of something else.
        if patterns.forms.is_total_score(&label)
            && !patterns.report.score.sums.within(&label)
            && let Some(value) = plain(without_points(&value))
        {
            scores.push(score(
                project.clone(),
                ScoreKind::Total,
                &label,
                Some(value),
                None,
                context,
                pair[1],
            ));
        }
    }
}

fn closing_row(
    context: &TableContext<'_>,
    grid: Option<&Section>,
    row: usize,
    project: Option<String>,
    patterns: &Patterns,
    scores: &mut Vec<Score>,
) {
    let cells: Vec<(&Cell, String)> = context
        .table
        .row_cells(row)
        .filter(|c| c.row == row)
        .map(|c| (c, fold_figures(&c.text)))
        .filter(|(_, t)| !t.is_empty())
        .collect();
    // A total's label may stand right of numbers, marks or a label beside the block.
    let words = || cells.iter().filter(|(_, t)| plain(t).is_none() && !is_nothing(t));
    let total = words().find(|(_, t)| {
        let label = t.split_once(':').map_or(t.as_str(), |(label, _)| label);
        patterns.forms.is_total_score(label)
    });
    let Some((_, label)) = total.or_else(|| words().next()) else {
        return;
    };
    // 合计 with no indicators above it is the total of something else.
    if grid.is_none() && patterns.report.score.sums.within(label) {
        return;
    }
    if patterns.forms.is_total_score(label)
        || label
            .split_once(':')
            .is_some_and(|(l, _)| patterns.forms.is_total_score(l))
    {
        let (full, value) = total_of_row(context, grid, row, label, &cells, patterns);
        // A total row that states the full points and no score says so much all the same.
        if let Some((cell, _)) = value.or(full) {
            let mut found = score(
                project.clone(),
                ScoreKind::Total,
                label,
                value.map(|(_, v)| v),
                full.map(|(_, f)| f),
                context,
                cell,
            );
            found.full_source = full.map(|(cell, _)| context.source(cell));
            scores.push(found);
        }
    }
    for (i, (cell, text)) in cells.iter().enumerate() {
        let grade = if patterns.forms.is_grade(text) {
            cells
                .get(i + 1)
                .and_then(|(c, t)| Some((*c, grade_of(t, &patterns.report.score)?)))
        } else if has_box(text, &patterns.report.score) {
            grade_of(text, &patterns.report.score).map(|g| (*cell, g))
        } else {
            None
        };
        let Some((cell, grade)) = grade else { continue };
        match scores
            .iter_mut()
            .rev()
            .find(|s| s.kind == ScoreKind::Total && s.project == project)
        {
            Some(total) if total.grade.is_none() => total.grade = Some(grade),
            Some(_) => {}
            None => {
                let name = if patterns.forms.is_grade(label) {
                    label
                } else {
                    "等次"
                };
                let mut found = score(project.clone(), ScoreKind::Total, name, None, None, context, cell);
                found.grade = Some(grade);
                scores.push(found);
            }
        }
    }
}

fn score(
    project: Option<String>,
    kind: ScoreKind,
    name: &str,
    value: Option<Exact>,
    full: Option<Exact>,
    context: &TableContext<'_>,
    cell: &Cell,
) -> Score {
    Score {
        project,
        kind,
        name: name.trim_end_matches(':').to_owned(),
        value,
        full,
        grade: None,
        table: Some(context.recognized.id.clone()),
        full_source: None,
        source: context.source(cell),
    }
}

type Found<'a> = Option<(&'a Cell, Exact)>;

/// Full points and score of a total row: by the columns of the grid above, else by order.
fn total_of_row<'a>(
    context: &TableContext<'_>,
    grid: Option<&Section>,
    row: usize,
    label: &str,
    cells: &[(&'a Cell, String)],
    patterns: &Patterns,
) -> (Found<'a>, Found<'a>) {
    let figure = |text: &str| plain(without_points(text));
    // 合计 of projects with money beside their indicators: what stands under the headings of money are no points.
    let of_line = |cell: &Cell| {
        let mut lines = grid.into_iter().flat_map(|s| &s.lines);
        lines.any(|l| l.row == row && l.figures.iter().any(|f| f.col == cell.col))
    };
    let figures: Vec<(&Cell, Exact)> = cells
        .iter()
        .filter(|(c, _)| !of_line(c))
        .filter_map(|(c, t)| Some((*c, figure(t)?)))
        .collect();
    let at = |role: ColumnRole| -> Found<'a> {
        let section = grid?;
        let position = section.columns.iter().position(|c| c.role == role)?;
        let cell = context.under(section, row, position)?;
        figures.iter().find(|(c, _)| std::ptr::eq(*c, cell)).copied()
    };
    let (full, value) = (at(ColumnRole::Weight), at(ColumnRole::Score));
    let has = |role| grid.is_some_and(|s| s.columns_of(role).next().is_some());
    if let Some((scored, points)) = &value {
        // 合计 | 100 | 90 where the cell of 100 reaches over the columns before that of the points.
        let before = match figures.as_slice() {
            [first, (last, _)] if std::ptr::eq(*last, *scored) && first.1 >= *points => Some(*first),
            _ => None,
        };
        return (full.or(before.filter(|_| has(ColumnRole::Weight))), value);
    }
    match figures.as_slice() {
        [] => {
            // 总分：95分 in one cell.
            let inline = cells
                .first()
                .and_then(|(c, t)| Some((*c, figure(t.split_once(':')?.1)?)));
            (None, inline)
        }
        [one]
            if full.is_some()
                || has(ColumnRole::Weight) && has(ColumnRole::Score) && is_full(context, label, one.1.0, patterns) =>
        {
            (Some(*one), None)
        }
        [one] => (None, Some(*one)),
        [first, .., last] => (Some(*first), Some(*last)),
    }
}

/// Whether the only figure of a total row under neither heading is the full points. A label that speaks of scores says that
/// it is the score; else the sums of the columns tell.
fn is_full(context: &TableContext<'_>, label: &str, figure: Decimal, patterns: &Patterns) -> bool {
    let of_score = |word: &String| label.contains(word.as_str());
    if patterns.report.score.of_score.iter().any(of_score) {
        return false;
    }
    let (full, got) = (sum_of(context, ColumnRole::Weight), sum_of(context, ColumnRole::Score));
    match (full == Some(figure), got == Some(figure)) {
        (_, true) => false,
        (true, false) => true,
        (false, false) => figure == Decimal::ONE_HUNDRED,
    }
}

/// The sum of a table's points under headings of a role, the parts of the funds (其中) left out.
fn sum_of(context: &TableContext<'_>, role: ColumnRole) -> Option<Decimal> {
    let number = |cell: &Cell| {
        let folded = fold_figures(&cell.text);
        plain(without_points(&folded)).map(|v| v.0)
    };
    let mut sum = Decimal::ZERO;
    for section in &context.recognized.sections {
        let Some(position) = section.columns.iter().position(|c| c.role == role) else {
            continue;
        };
        let counted = |row: &usize| {
            let part = |l: &Line| l.row == *row && l.role == RowRole::OfWhich;
            !section.lines.iter().any(part)
        };
        for row in section.rows().filter(counted) {
            let own = context.under(section, row, position).filter(|c| c.row == row);
            if let Some(points) = own.and_then(number) {
                sum = sum.checked_add(points)?;
            }
        }
    }
    Some(sum)
}

fn has_box(text: &str, words: &ScorePatterns) -> bool {
    words
        .ticked
        .iter()
        .chain(&words.empty)
        .any(|mark| text.contains(mark.as_str()))
}

/// The grade that a text states: the ticked one of several, or the text itself.
pub fn grade_of(folded: &str, words: &ScorePatterns) -> Option<String> {
    let known = |text: &str| {
        words
            .grades
            .iter()
            .find(|g| text == g.as_str() || text.strip_suffix(|c| words.grade_ends.has(c)) == Some(g.as_str()))
            .cloned()
    };
    if !has_box(folded, words) {
        return known(folded.trim_matches(['"', '“', '”', '(', ')']));
    }
    // Marks and words in turn; the first token says whether a mark stands before or after its word.
    let mut tokens: Vec<Result<bool, String>> = Vec::new();
    let mut rest = folded;
    while let Some(c) = rest.chars().next() {
        let mark = |list: &[String]| list.iter().find(|m| rest.starts_with(m.as_str())).map(String::len);
        if let Some(len) = mark(&words.ticked) {
            tokens.push(Ok(true));
            rest = &rest[len..];
        } else if let Some(len) = mark(&words.empty) {
            tokens.push(Ok(false));
            rest = &rest[len..];
        } else {
            match tokens.last_mut() {
                Some(Err(word)) => word.push(c),
                _ => tokens.push(Err(c.to_string())),
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    let before = matches!(tokens.first(), Some(Ok(_)));
    let mut ticked = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        if *token == Ok(true) {
            let word = if before {
                tokens.get(i + 1)
            } else {
                i.checked_sub(1).and_then(|j| tokens.get(j))
            };
            if let Some(Err(word)) = word {
                let word = word.trim_matches(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c));
                let grade = words.grades.iter().find(|g| {
                    if before {
                        word.starts_with(g.as_str())
                    } else {
                        word.ends_with(g.as_str())
                    }
                });
                ticked.extend(grade.cloned());
            }
        }
    }
    // Two ticks are no statement.
    if ticked.len() == 1 { ticked.pop() } else { None }
}

/// Points of the execution rate in funding rows that carry them; `totals` are scores that such rows state of whole projects.
pub fn of_funding(lines: &[BudgetLine], totals: &[Score]) -> Vec<Score> {
    let mut scores = Vec::new();
    for line in lines.iter().filter(|l| l.role != RowRole::OfWhich) {
        let (Some(weight), Some(points)) = (line.amounts.get(&Measure::Weight), line.amounts.get(&Measure::Score))
        else {
            continue;
        };
        if points.value.is_none() || totals.iter().any(|t| t.source == points.source) {
            continue;
        }
        scores.push(Score {
            project: line.level1.clone(),
            kind: ScoreKind::Execution,
            name: line.name.clone(),
            value: points.value,
            full: weight.value,
            grade: None,
            table: Some(line.table.clone()),
            full_source: Some(weight.source.clone()),
            source: points.source.clone(),
        });
    }
    scores
}

/// Total scores that prose states: 绩效自评分数为95分，绩效等级为优.
pub fn of_prose(document: &Document, patterns: &Patterns) -> Vec<Score> {
    let mut scores: Vec<Score> = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let Block::Paragraph(paragraph) = block else { continue };
        for (start, sentence) in sentences(&paragraph.text) {
            let folded = fold_figures(sentence);
            let Some((name, value, grade)) = stated_total(&folded, &patterns.report.score) else {
                continue;
            };
            if scores
                .iter()
                .any(|s| s.value == Some(value) && s.name == name && s.grade == grade)
            {
                continue;
            }
            scores.push(Score {
                project: None,
                kind: ScoreKind::Self_,
                name,
                value: Some(value),
                full: None,
                grade,
                table: None,
                full_source: None,
                source: sentence_source(index, paragraph, start, sentence),
            });
        }
    }
    scores
}

/// Where a sentence of a paragraph stands.
fn sentence_source(block: usize, paragraph: &Paragraph, start: usize, sentence: &str) -> Source {
    let source = Source {
        block: Some(block),
        text: Some(sentence.trim().to_owned()),
        ..Source::default()
    };
    source.with_places(&paragraph.places(start, start + sentence.len()))
}

/// Sentences of a text with their first bytes.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive(['。', '！', '？', '\n']).map(move |s| {
        let at = start;
        start += s.len();
        (at, s)
    })
}

/// Name, points and grade of the total that a folded sentence states.
fn stated_total(folded: &str, words: &ScorePatterns) -> Option<(String, Exact, Option<String>)> {
    for subject in &words.subjects {
        for (at, _) in folded.match_indices(subject.as_str()) {
            let clause = folded[..at]
                .rfind([',', '，', ';', '；', '。', ':', '：'])
                .map_or(0, |i| i + folded[i..].chars().next().map_or(1, char::len_utf8));
            if words.parts.iter().any(|p| folded[clause..at].contains(p.as_str())) {
                continue;
            }
            let after = &folded[at + subject.len()..];
            let skipped = words.fillers.trim_start(after);
            // A word between subject and figure (自评得分较上年提高2分) says another thing.
            let digits = skipped
                .find(|c: char| !(c.is_ascii_digit() || c == '.'))
                .unwrap_or(skipped.len());
            let Some(value) = plain(skipped[..digits].trim_end_matches('.')) else {
                continue;
            };
            let rest = &skipped[digits..];
            let closes = rest.is_empty()
                || rest.starts_with(POINTS)
                || rest.starts_with([',', '，', '。', ';', '；', '(', '、']);
            if !closes {
                continue;
            }
            return Some((subject.clone(), value, grade_after(rest, words)));
        }
    }
    None
}

/// The grade stated after a score: 等级为优, 评定为“良”, （优）.
fn grade_after(rest: &str, words: &ScorePatterns) -> Option<String> {
    let rest = rest.strip_prefix(POINTS).unwrap_or(rest);
    let grade_at = |text: &str| {
        let text = words.grade_fillers.trim_start(text);
        let grade = words.grades.iter().find(|g| text.starts_with(g.as_str()))?;
        let after = text[grade.len()..].chars().next();
        let ends = after.is_none_or(|c| !('\u{4e00}'..='\u{9fff}').contains(&c) || words.grade_ends.has(c));
        ends.then(|| grade.clone())
    };
    if rest.starts_with(['(', '（'])
        && let Some(grade) = grade_at(rest)
    {
        return Some(grade);
    }
    words.grade_words.iter().find_map(|w| {
        let at = rest.find(w.as_str())?;
        grade_at(&rest[at + w.len()..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> ScorePatterns {
        Patterns::builtin().unwrap().report.score
    }

    #[test]
    fn ticked_boxes_before_and_after() {
        let words = words();
        for (text, expected) in [
            ("优☑良□中□差□", Some("优")),
            ("□优☑良□中□差", Some("良")),
            ("优√良中差", Some("优")),
            ("优□良□中□差□", None),
            ("☑优☑良", None),
            ("良", Some("良")),
            ("优秀", Some("优秀")),
        ] {
            assert_eq!(grade_of(text, &words).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn totals_in_prose() {
        let words = words();
        let read = |text: &str| stated_total(&fold_figures(text), &words).map(|(n, v, g)| (n, v.to_string(), g));
        let some = |n: &str, v: &str, g: Option<&str>| Some((n.to_owned(), v.to_owned(), g.map(str::to_owned)));
        assert_eq!(
            read("效益显著，绩效自评分数为95分，绩效等级为优。"),
            some("绩效自评分数", "95", Some("优"))
        );
        assert_eq!(
            read("项目评价得分96 分，绩效评价等级为“优”。"),
            some("评价得分", "96", Some("优"))
        );
        assert_eq!(
            read("自评综合得分：98.5分（优）"),
            some("自评综合得分", "98.5", Some("优"))
        );
        assert_eq!(read("产出指标自评得分40分"), None);
        assert_eq!(read("总分 100 99.5 评价等次"), None, "two figures are no 10099.5");
        assert_eq!(read("自评得分较上年提高2分"), None);
    }
}

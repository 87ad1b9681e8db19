//! Which column of words names the rows, and which only groups them or stands beside.

use super::{Looked, Use};
use crate::model::{ColumnRole, FigureKind, Section, Side};
use crate::pattern::Patterns;
use std::collections::BTreeSet;
use std::ops::Range;

/// The side that stands in a range of positions.
pub(super) fn side(
    section: &Section,
    range: Range<usize>,
    looked: &[Looked],
    patterns: &Patterns,
    evidence: &mut Vec<String>,
) -> Side {
    let figures: Vec<(usize, FigureKind)> = range
        .clone()
        .filter_map(|p| match looked[p].role {
            Use::Figures(kind) => Some((p, kind)),
            _ => None,
        })
        .collect();
    let codes: Vec<usize> = range.clone().filter(|p| looked[*p].role == Use::Codes).collect();
    // What stands beside names elsewhere (实施单位, 工作内容) names the rows where nothing better does.
    let could = |p: &usize| {
        let column = &section.columns[*p];
        let beside = matches!(
            column.role,
            ColumnRole::Remark | ColumnRole::Reason | ColumnRole::Unit | ColumnRole::Comparator
        );
        let content = looked[*p].role == Use::Neutral && looked[*p].profile.is_words();
        looked[*p].role == Use::Words || (content && !beside && !column.header.is_empty())
    };
    let words: Vec<usize> = range.clone().filter(could).collect();
    let mut codes = codes;
    let name = best(section, &words, looked, patterns).or_else(|| {
        // Years name the rows of a table that has no other names.
        let years = codes.iter().position(|p| looked[*p].profile.is_years())?;
        Some(codes.remove(years))
    });
    let groups: Vec<usize> = match name {
        Some(name) => {
            let grouping = |p: &usize| *p < name && looked[*p].role == Use::Words;
            words.iter().copied().filter(grouping).collect()
        }
        None => Vec::new(),
    };
    let beside: Vec<&str> = words
        .iter()
        .filter(|p| Some(**p) > name)
        .map(|p| section.columns[*p].header.as_str())
        .filter(|h| !h.is_empty())
        .collect();
    if let (Some(name), false) = (name, beside.is_empty()) {
        evidence.push(format!(
            "“{}”栏是各行名称；“{}”不参与命名",
            section.columns[name].header,
            beside.join("”“")
        ));
    }
    Side {
        name,
        groups,
        codes,
        figures,
    }
}

/// The column whose words name the rows: what its heading says, whether totals stand in it, whether it tells rows apart.
fn best(section: &Section, words: &[usize], looked: &[Looked], patterns: &Patterns) -> Option<usize> {
    let sums = |t: &str| {
        patterns.forms.is_total_row(t) || patterns.forms.is_subtotal_row(t) || patterns.forms.is_of_which_row(t)
    };
    // Rows that sum others bear their label wherever it fits.
    let beside = looked.iter().filter(|one| !matches!(one.role, Use::Figures(_)));
    let totals: BTreeSet<usize> = beside
        .flat_map(|one| one.texts.iter().filter(|(_, t)| sums(t)).map(|(row, _)| *row))
        .collect();
    // Rows without figures (notes, titles of parts) have no names to tell apart.
    let of_figures = looked.iter().filter(|one| matches!(one.role, Use::Figures(_)));
    let figured: BTreeSet<usize> = of_figures
        .flat_map(|one| one.texts.iter().map(|(row, _)| *row))
        .collect();
    let rows = figured.difference(&totals).count();
    let first_figure = looked.iter().position(|one| matches!(one.role, Use::Figures(_)));
    let score = |p: &usize| -> i32 {
        let column = &section.columns[*p];
        let leaf = column.leaf();
        let one = &looked[*p];
        let mut score = 0;
        let summed = one.texts.iter().any(|(_, t)| sums(t));
        if summed {
            score += 1;
        }
        // Names tell rows apart: as many as there are rows, each once.
        let items = one
            .texts
            .iter()
            .filter(|(row, _)| !totals.contains(row) && figured.contains(row));
        let own = items.clone().count();
        let values: BTreeSet<&str> = items.map(|(_, t)| t.as_str()).collect();
        let tells_apart = values.len() * 10 >= rows * 8;
        if one.texts.iter().any(|(_, t)| patterns.forms.is_of_which_row(t)) {
            score += 3;
        }
        // 年度资金总额, 其中：财政拨款, 其他资金 are names whatever stands above them.
        let sources = one
            .texts
            .iter()
            .filter(|(_, t)| sums(t) || patterns.forms.is_funding_source(t))
            .count();
        let funds = |(_, t): &(usize, String)| !sums(t) && patterns.forms.is_funding_source(t);
        // 资金性质 holds sources and names none.
        let neutral = patterns.forms.is_neutral_heading(leaf) && patterns.headers.role(leaf).is_none();
        let named = rows == 0 || one.texts.iter().any(funds);
        let of_funds = sources * 2 > one.texts.len() && named && !neutral;
        if of_funds {
            score += 6;
        }
        let organization = patterns.forms.is_organization_heading(leaf);
        score += match column.role {
            ColumnRole::Project | ColumnRole::Level2 | ColumnRole::Level3 | ColumnRole::Indicator => {
                // A heading of organizations names rows only where nothing else does.
                if organization { 4 } else { 6 }
            }
            ColumnRole::Level1 => 1,
            _ if column.header.is_empty() && of_funds => 0,
            // The heading of names may be left blank: the total's label stands below it, or each row has its own.
            _ if column.header.is_empty() && tells_apart && summed => 2,
            _ if column.header.is_empty() && tells_apart && Some(*p) < first_figure => 1,
            _ if column.header.is_empty() => -4,
            _ if organization || patterns.headers.role(leaf).is_some() => 3,
            _ if one.role == Use::Neutral => 0,
            _ => 2,
        };
        if words.first() == Some(p) {
            score += 1; // names mostly come first
        }
        if tells_apart {
            score += 3;
        } else if values.len() * 2 < rows {
            score -= 3;
        } else if one.merged && own < rows {
            score -= 2; // cells that go on over several rows group them
        }
        if column.role == ColumnRole::Other && first_figure.is_some_and(|first| *p > first) {
            score -= 2; // what nobody knows right of the figures stands beside them
        }
        score
    };
    // Of columns that are alike the last is the most particular: 类 ∣ 款 ∣ 项, 市州 ∣ 县市区. Unknown words right of a name
    // that already names each row stand beside it.
    let top = words.iter().map(score).max()?;
    let known = |p: &&usize| section.columns[**p].role != ColumnRole::Other;
    let equal: Vec<usize> = words.iter().copied().filter(|p| score(p) == top).collect();
    let best = equal.iter().rfind(known).or(equal.first()).copied()?;
    // 专项名称 ∣ 明细项目: names that repeat group the rows, where the words right of them tell every row apart.
    let distinct = |p: usize| {
        let items = looked[p]
            .texts
            .iter()
            .filter(|(row, _)| !totals.contains(row) && figured.contains(row));
        items.map(|(_, t)| t.as_str()).collect::<BTreeSet<_>>().len()
    };
    let finer = |p: &&usize| {
        let headed = !section.columns[**p].header.is_empty();
        **p > best && first_figure.is_none_or(|first| **p < first) && looked[**p].role == Use::Words && headed
    };
    let names_all = |p: &&usize| distinct(**p) == rows;
    match words.iter().filter(finer).find(names_all) {
        Some(finer) if rows > 2 && distinct(best) * 10 < rows * 8 => Some(*finer),
        _ => Some(best),
    }
}

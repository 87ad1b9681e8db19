//! Forms with points, put together from indicators, the funding row and the total row of one table.

use crate::check::figure::{Figure, sane};
use crate::check::fund::percent_at;
use crate::check::table::Sequence;
use crate::model::{
    BudgetLine, CellRecord, Indicator, Measure, Report, RowRole, Score, ScoreKind, Source, TableRecord,
};
use crate::pattern::checks::PointWords;
use rust_decimal::Decimal;
use std::collections::HashSet;
use std::ops::Range;

/// Points of the funding row.
#[derive(Debug, Clone, Copy)]
pub struct Fund<'a> {
    /// 分值.
    pub weight: Figure<'a>,
    /// 得分.
    pub score: Option<Figure<'a>>,
}

/// A form: what its points are.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    /// Table ids; more than one where a form goes on in the next table.
    pub tables: Vec<&'a str>,
    /// Rows of the first of them: forms may stand one below the other in one table.
    pub rows: Range<usize>,
    /// 项目名称.
    pub project: Option<&'a str>,
    /// Indicators in order.
    pub indicators: Vec<&'a Indicator>,
    /// Each cell of points once.
    pub weights: Vec<Figure<'a>>,
    /// Each cell of scores once.
    pub scores: Vec<Figure<'a>>,
    /// Weight and score of the same indicator.
    pub pairs: Vec<(Figure<'a>, Figure<'a>)>,
    /// Whether an indicator has no weight although others have.
    pub missing_weight: bool,
    /// Whether an indicator has no score although others have.
    pub missing_score: bool,
    /// The funding row's points.
    pub fund: Option<Fund<'a>>,
    /// Whether the form has a funding block at all.
    pub has_money: bool,
    /// Execution rate of the funding row, in per cent.
    pub rate: Option<(Decimal, &'a Source)>,
    /// The total, of the form or, for a report with one form, of its prose.
    pub total: Option<Figure<'a>>,
    /// Whether the total stands in the form.
    pub total_in_form: bool,
    /// Points that can be reached.
    pub full: Decimal,
    /// Where they are stated.
    pub full_source: Option<&'a Source>,
    /// Words of points.
    pub words: &'a PointWords,
}

/// What every form is put together from.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The report.
    pub report: &'a Report,
    /// What a form gives in all where it does not say.
    pub full: Decimal,
    /// Words of points.
    pub words: &'a PointWords,
    /// Lines of money, table by table.
    pub sequences: &'a [Sequence<'a>],
}

impl Form<'_> {
    /// Whether a place stands in the form.
    pub fn holds(&self, source: &Source) -> bool {
        stands_in(&self.tables, &self.rows, source.table.as_deref(), source.row)
    }

    /// How messages name the form.
    pub fn title(&self) -> String {
        let tables = self.tables.join("、");
        match self.project {
            Some(project) => format!("表{tables}“{}”", crate::check::ledger::shorten(project, 24)),
            None => format!("表{tables}"),
        }
    }
}

/// Whether a row stands in some tables, of the first of which only those rows belong.
fn stands_in(tables: &[&str], rows: &Range<usize>, table: Option<&str>, row: Option<usize>) -> bool {
    let at = tables.iter().position(|t| Some(*t) == table);
    at.is_some_and(|at| at > 0 || row.is_none_or(|row| rows.contains(&row)))
}

pub(super) fn cell(source: &Source) -> Option<(Option<&str>, usize, usize)> {
    Some((source.table.as_deref(), source.row?, source.col?))
}

/// Every form of the report that gives points.
pub fn forms(basis: Basis<'_>) -> Vec<Form<'_>> {
    let Basis { report, full, .. } = basis;
    let mut groups: Vec<(Vec<&str>, Vec<&Indicator>)> = Vec::new();
    for indicator in report
        .indicators
        .iter()
        .filter(|i| i.weight.is_some() || i.score.is_some())
    {
        match groups.iter_mut().rev().find(|(tables, _)| tables[0] == indicator.table) {
            Some((_, list)) => list.push(indicator),
            None => groups.push((vec![&indicator.table], vec![indicator])),
        }
    }
    let mut forms: Vec<Form<'_>> = Vec::new();
    for (tables, indicators) in groups {
        let parts = below_heads(report, tables[0], &indicators);
        let whole = form(basis, tables.clone(), EVERY_ROW, indicators);
        // One total that all points make up is the total of all.
        if parts.len() < 2 || whole.full_source.is_some() && points(&whole) == whole.full {
            forms.push(whole);
        } else {
            forms.extend(
                parts
                    .into_iter()
                    .map(|(rows, part)| form(basis, tables.clone(), rows, part)),
            );
        }
    }
    // A form that a page or a heading cuts in two: no part reaches the full points, together they do.
    if forms.len() > 1 && forms.iter().all(|f| points(f) < full) && forms.iter().map(points).sum::<Decimal>() == full {
        forms = vec![whole(basis, &forms)];
    }
    forms = put_together(basis, forms);
    if let [only] = &mut forms[..]
        && only.total.is_none()
    {
        let told: Vec<_> = report
            .scores
            .iter()
            .filter(|s| s.kind == ScoreKind::Self_ && s.value.is_some())
            .collect();
        if let [score] = told[..] {
            only.total = score
                .value
                .and_then(|v| sane(v.0))
                .map(|v| Figure::exact(v, &score.source));
        }
    }
    forms
}

const EVERY_ROW: Range<usize> = 0..usize::MAX;

/// Rows of a table, and the indicators that stand in them.
type Part<'a> = (Range<usize>, Vec<&'a Indicator>);

/// The indicators of a table in which forms stand one below the other, each with the rows from its head to the next.
fn below_heads<'a>(report: &'a Report, table: &str, indicators: &[&'a Indicator]) -> Vec<Part<'a>> {
    let own = report.projects.iter().filter(|p| p.table == table);
    let mut heads: Vec<usize> = own.filter_map(|p| p.source.row).collect();
    heads.sort_unstable();
    let mut parts: Vec<Part<'a>> = Vec::new();
    for indicator in indicators {
        let above = heads.partition_point(|head| *head <= indicator.row);
        let start = above.checked_sub(1).map_or(0, |last| heads[last]);
        match parts.last_mut() {
            Some((rows, part)) if start <= rows.start || part.is_empty() => part.push(indicator),
            None => parts.push((EVERY_ROW, vec![indicator])),
            Some((rows, _)) => {
                rows.end = start;
                parts.push((start..usize::MAX, vec![indicator]));
            }
        }
        // What stands above the first head belongs to the first form.
        if let [(rows, _)] = &mut parts[..] {
            rows.start = start;
        }
    }
    if let Some((rows, _)) = parts.first_mut() {
        rows.start = 0;
    }
    parts
}

/// Points of the indicators of a form and of its funding row.
fn points(form: &Form<'_>) -> Decimal {
    let fund = form.fund.map_or(Decimal::ZERO, |fund| fund.weight.value);
    form.weights.iter().map(|w| w.value).sum::<Decimal>() + fund
}

/// One form of several pieces.
fn whole<'a>(basis: Basis<'a>, pieces: &[Form<'a>]) -> Form<'a> {
    let rows = pieces.first().map_or(0, |f| f.rows.start)..usize::MAX;
    let mut tables: Vec<&str> = pieces.iter().flat_map(|f| f.tables.clone()).collect();
    tables.dedup();
    let indicators = pieces.iter().flat_map(|f| f.indicators.clone()).collect();
    form(basis, tables, rows, indicators)
}

/// Puts together the pieces of a form that goes on in the next tables: what stands before a total that is the only one, with
/// no head of another form in between. Together they may not reach the full points: that is told of the whole.
fn put_together<'a>(basis: Basis<'a>, pieces: Vec<Form<'a>>) -> Vec<Form<'a>> {
    let Basis { report, full, .. } = basis;
    let headed = |f: &Form<'_>| report.projects.iter().any(|p| f.tables.contains(&p.table.as_str()));
    let open = |f: &Form<'_>| f.total.is_none() && f.full_source.is_none();
    let mut out: Vec<Form<'a>> = Vec::new();
    for piece in pieces {
        match out.last_mut() {
            Some(last)
                if open(last)
                    && !headed(&piece)
                    && last.project == piece.project
                    && points(last) < full
                    && points(last) + points(&piece) <= full =>
            {
                *last = whole(basis, &[last.clone(), piece]);
            }
            _ => out.push(piece),
        }
    }
    out
}

/// The points of the indicators of a form.
struct Points<'a> {
    weights: Vec<Figure<'a>>,
    scores: Vec<Figure<'a>>,
    pairs: Vec<(Figure<'a>, Figure<'a>)>,
    missing_weight: bool,
    missing_score: bool,
}

fn points_of<'a>(indicators: &[&'a Indicator]) -> Points<'a> {
    let (mut seen_weights, mut seen_scores) = (HashSet::new(), HashSet::new());
    let (mut weights, mut scores, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut missing_weight, mut missing_score) = (false, false);
    for i in indicators.iter().copied() {
        let weight_at = i.weight_source.as_ref().unwrap_or(&i.source);
        let score_at = i.score_source.as_ref().unwrap_or(&i.source);
        // A merged cell gives its points once, however many indicators it stands beside.
        let new_weight = i
            .weight_source
            .as_ref()
            .and_then(cell)
            .is_none_or(|c| seen_weights.insert(c));
        let new_score = i
            .score_source
            .as_ref()
            .and_then(cell)
            .is_none_or(|c| seen_scores.insert(c));
        let weight = i.weight.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, weight_at));
        let score = i.score.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, score_at));
        missing_weight |= weight.is_none();
        missing_score |= score.is_none();
        weights.extend(weight.filter(|_| new_weight));
        scores.extend(score.filter(|_| new_score));
        if let (Some(w), Some(s), true) = (weight, score, new_weight && new_score) {
            pairs.push((w, s));
        }
    }
    Points {
        weights,
        scores,
        pairs,
        missing_weight,
        missing_score,
    }
}

fn form<'a>(basis: Basis<'a>, tables: Vec<&'a str>, rows: Range<usize>, indicators: Vec<&'a Indicator>) -> Form<'a> {
    let Basis {
        report,
        full,
        words,
        sequences,
    } = basis;
    let Points {
        weights,
        scores,
        pairs,
        missing_weight,
        missing_score,
    } = points_of(&indicators);
    let told_in = |s: &Source| stands_in(&tables, &rows, s.table.as_deref(), s.row);
    let in_form = |s: &Score| s.table.is_some() && told_in(&s.source);
    let line_of = |b: &&BudgetLine| stands_in(&tables, &rows, Some(&b.table), Some(b.row));
    let executed = report
        .scores
        .iter()
        .find(|s| s.kind == ScoreKind::Execution && in_form(s));
    // Ten times the points of a form are money that stands where points are looked for.
    let most = full.checked_mul(Decimal::TEN).unwrap_or(full);
    let plausible = |s: &Score| [s.value, s.full].iter().flatten().all(|v| v.0 <= most);
    let total = report
        .scores
        .iter()
        .find(|s| s.kind == ScoreKind::Total && in_form(s) && !is_money(report, &s.source) && plausible(s));
    let stated_full = total.and_then(|t| Some((sane(t.full?.0)?, t.full_source.as_ref().unwrap_or(&t.source))));
    let has_points = |b: &&BudgetLine| {
        b.role != RowRole::OfWhich && b.amounts.get(&Measure::Weight).is_some_and(|a| a.value.is_some())
    };
    let line = report.budgets.iter().filter(line_of).find(has_points);
    // A fund block in a table of its own, in front of the indicators of the same form.
    let indicated: Decimal = weights.iter().map(|f| f.value).sum();
    let lacking = indicated < stated_full.map_or(full, |(v, _)| v);
    let before = || {
        let table = table_before(report, &tables)?;
        report.budgets.iter().filter(|b| b.table == table).find(has_points)
    };
    let line = line.or_else(|| {
        Some(())
            .filter(|()| lacking && executed.is_none() && rows.start == 0)
            .and_then(|()| before())
    });
    let of_line = |m: Measure| {
        let amount = line?.amounts.get(&m)?;
        Some(Figure::exact(sane(amount.value?.0)?, &amount.source))
    };
    let fund = match of_line(Measure::Weight) {
        Some(weight) => Some(Fund {
            weight,
            score: of_line(Measure::Score),
        }),
        None => executed.and_then(|s| {
            Some(Fund {
                weight: Figure::exact(sane(s.full?.0)?, &s.source),
                score: s.value.and_then(|v| sane(v.0)).map(|v| Figure::exact(v, &s.source)),
            })
        }),
    };
    let rate = line.and_then(|l| l.amounts.get(&Measure::ExecutionRate)).and_then(|a| {
        let as_written = sane(a.value?.0)?;
        let told = a.percent.and_then(|percent| sane(percent.0));
        let percent = told.or_else(|| percent_at(sequences, &a.source));
        Some((percent.unwrap_or(as_written), &a.source))
    });
    Form {
        project: indicators.first().and_then(|i| i.project.as_deref()),
        indicators,
        weights,
        scores,
        pairs,
        missing_weight,
        missing_score,
        fund,
        has_money: report.budgets.iter().any(|b| line_of(&b)),
        rate,
        total_in_form: total.is_some_and(|t| t.value.is_some()),
        total: total.and_then(|t| Some(Figure::exact(sane(t.value?.0)?, &t.source))),
        full: stated_full.map_or(full, |(v, _)| v),
        full_source: stated_full.map(|(_, s)| s),
        words,
        tables,
        rows,
    }
}

/// Whether a line of the record has the cell as money: the total of a table of funds beside the indicators is no score.
fn is_money(report: &Report, source: &Source) -> bool {
    let at = cell(source);
    let money = |b: &BudgetLine| b.amounts.iter().any(|(m, a)| m.is_money() && cell(&a.source) == at);
    at.is_some() && report.budgets.iter().any(money)
}

/// The table of funds that the form of these tables goes on from: the nearest one in front that has lines of money, with no
/// indicators of its own, and none of another form in between.
fn table_before<'a>(report: &'a Report, tables: &[&str]) -> Option<&'a str> {
    let first = report.tables.iter().position(|t| tables.contains(&t.id.as_str()))?;
    let has_indicators = |id: &str| report.indicators.iter().any(|i| i.table == id);
    let has_lines = |id: &str| report.budgets.iter().any(|b| b.table == id);
    let mut above = report.tables[..first].iter().rev().map(|t| t.id.as_str());
    let nearest = above.find(|id| has_indicators(id) || has_lines(id))?;
    (!has_indicators(nearest)).then_some(nearest)
}

/// The place of a cell.
pub(super) fn source_of(table: &TableRecord, cell: &CellRecord) -> Source {
    Source {
        page: cell.page,
        bbox: cell.bbox,
        continued: cell.continued.clone(),
        block: table.source.block,
        table: Some(table.id.clone()),
        row: Some(cell.row),
        col: Some(cell.col),
        text: Some(cell.text.clone()),
    }
}

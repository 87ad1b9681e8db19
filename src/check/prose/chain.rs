//! TXT-06: what was budgeted, what was added and what came out; FND-10 in prose.

use super::TXT_06;
use super::roles::{Role, role};
use super::text::{Dimension, Fig, Paragraph, has};
use crate::check::figure::compare;
use crate::check::fund::FND_10;
use crate::check::ledger::{Entry, Ledger, place, verdict};
use crate::model::{CheckStatus, Severity};
use crate::pattern::checks::Words;
use rust_decimal::Decimal;

/// Examines every paragraph, and pairs of paragraphs where the chain goes on in the next.
pub fn examine(paragraphs: &[Paragraph<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    for paragraph in paragraphs {
        let figs: Vec<&Fig<'_>> = paragraph.figs.iter().collect();
        if !chain(&figs, words, ledger) {
            balance(&figs, words, ledger);
        }
    }
}

/// A chain of one paragraph; whether there was one.
fn chain(figs: &[&Fig<'_>], words: &Words, ledger: &mut Ledger<'_>) -> bool {
    let money = |f: &Fig<'_>| f.dimension() == Some(Dimension::Money);
    let is = |f: &Fig<'_>, list: &[String]| {
        let clause: String = f.clause().chars().filter(|c| !c.is_whitespace()).collect();
        has(&clause, list)
    };
    let roles: Vec<Option<Role>> = figs.iter().map(|f| role(f, words)).collect();
    let first = (0..figs.len()).find(|i| {
        let f = figs[*i];
        money(f)
            && is(f, &words.first_budget)
            && !is(f, &words.came_out)
            && !matches!(roles[*i], Some(Role::Added | Role::Taken))
    });
    let Some(first) = first else {
        return false;
    };
    let last = (first + 1..figs.len()).find(|i| money(figs[*i]) && is(figs[*i], &words.came_out));
    let Some(last) = last else {
        return false;
    };
    let steps: Vec<usize> = (first + 1..last)
        .filter(|i| matches!(roles[*i], Some(Role::Added | Role::Taken)))
        .collect();
    if steps.is_empty() {
        return false;
    }
    let result = figs[last];
    let widest = steps
        .iter()
        .chain([&first, &last])
        .map(|i| figs[*i].value.scale())
        .max()
        .unwrap_or(0);
    let mut computed = Decimal::ZERO;
    let mut slack = Decimal::ZERO;
    let mut told = String::new();
    for i in [first].iter().chain(&steps) {
        let Some((value, half)) = figs[*i].in_unit_of(result, widest) else {
            return true;
        };
        let minus = roles[*i] == Some(Role::Taken);
        let sum = if minus {
            computed.checked_sub(value)
        } else {
            computed.checked_add(value)
        };
        let (Some(sum), Some(more)) = (sum, slack.checked_add(half)) else {
            return true;
        };
        (computed, slack) = (sum, more);
        told.push_str(if minus {
            "-"
        } else if told.is_empty() {
            ""
        } else {
            "+"
        });
        told.push_str(&value.to_string());
    }
    let Some((stated, half)) = result.in_unit_of(result, widest) else {
        return true;
    };
    let Some(outcome) = compare(stated, computed, slack + half) else {
        return true;
    };
    let message = format!(
        "{}{}，由{}等计算{told}={computed}{}，{}",
        place(&result.statement.source),
        result.quoted(),
        figs[first].quoted(),
        result.unit(),
        verdict(outcome.status, outcome.difference, outcome.tolerance, result.unit())
    );
    let sources = [last, first]
        .into_iter()
        .chain(steps)
        .map(|i| &figs[i].statement.source);
    ledger.add(
        Entry::new(&TXT_06, outcome.status)
            .message(message)
            .numbers(stated, computed)
            .tolerance(outcome.tolerance)
            .unit(result.statement.unit.as_deref())
            .operands(sources),
    );
    true
}

/// Most budgets before what is left that are tried: a paragraph without end stays linear.
const MANY: usize = 60;

/// 结余 = 到位（预算） − 支出, of one paragraph.
fn balance(figs: &[&Fig<'_>], words: &Words, ledger: &mut Ledger<'_>) {
    let roles: Vec<Option<Role>> = figs.iter().map(|f| role(f, words)).collect();
    let (mut outlays, mut candidates): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (i, left) in figs.iter().enumerate() {
        match roles[i] {
            Some(Role::Actual) => outlays.push(i),
            Some(Role::Allocated | Role::Adjusted | Role::Budget | Role::Initial) => candidates.push(i),
            _ => {}
        }
        if roles[i] != Some(Role::Left) || !words.prose.saved.within(left.clause()) {
            continue;
        }
        let spent = outlays.last().copied();
        // 全年支出 and 上解支出 of one sentence: which of them is taken from what is not said.
        let same = |k: &&usize| figs[**k].sentence == left.sentence;
        let several = outlays.iter().rev().take_while(same).count() > 1;
        let (Some(spent), false) = (spent, candidates.is_empty()) else {
            continue;
        };
        let look = |had: usize| {
            let widest = [had, spent, i].iter().map(|k| figs[*k].value.scale()).max()?;
            let (had, h1) = figs[had].in_unit_of(left, widest)?;
            let (spent, h2) = figs[spent].in_unit_of(left, widest)?;
            let (stated, h3) = left.in_unit_of(left, widest)?;
            compare(stated, had.checked_sub(spent)?, h1 + h2 + h3)
        };
        let holds = |k: &&usize| look(**k).is_some_and(|o| o.status != CheckStatus::Fail);
        let Some(had) = candidates
            .iter()
            .rev()
            .take(MANY)
            .find(holds)
            .or(candidates.last())
            .copied()
        else {
            continue;
        };
        let Some(outcome) = look(had) else {
            continue;
        };
        let status = match outcome.status {
            CheckStatus::Fail if several => CheckStatus::Insufficient,
            status => status,
        };
        let told = match status {
            CheckStatus::Insufficient => "文中支出不止一项，不能确定应减去哪些，无法核对".to_owned(),
            status => verdict(status, outcome.difference, outcome.tolerance, left.unit()),
        };
        let message = format!(
            "{}{}，由{}减{}为{}{}，{told}",
            place(&left.statement.source),
            left.quoted(),
            figs[had].quoted(),
            figs[spent].quoted(),
            outcome.computed,
            left.unit(),
        );
        ledger.add(
            Entry::new(&FND_10, status)
                .severity(Severity::Warning)
                .message(message)
                .numbers(left.value, outcome.computed)
                .tolerance(outcome.tolerance)
                .unit(left.statement.unit.as_deref())
                .operands([left, figs[had], figs[spent]].map(|f| &f.statement.source)),
        );
    }
}

//! What a cell shows of what it holds: by its format, its letters, and what is painted behind them.

use super::Book;
use super::formula::Formulas;
use super::grid::Sheet;
use super::strings::RichText;
use super::styles::CellStyle;
use crate::ingest::looks::Unread;

type Place = (u32, u32);

impl Sheet {
    /// A number.
    pub(super) fn number(&mut self, at: Place, style: &CellStyle, number: &str, since_1904: bool) -> String {
        match style.format.show(number, since_1904) {
            Some(shown) => {
                self.rounded += usize::from(shown.rounded);
                self.seen(at, style, &shown.text, shown.hidden)
            }
            None => number.to_owned(),
        }
    }

    /// A text; `is_error` is one that the program wrote.
    pub(super) fn text(&mut self, at: Place, style: &CellStyle, rich: &RichText, is_error: bool) -> String {
        self.unseen.add(rich.unseen);
        let text = rich.on(style.painted);
        if rich.has_runs && text.trim().is_empty() {
            self.gone.insert(at.0);
        }
        if rich.has_runs || is_error {
            return text.to_owned();
        }
        let shown = style.format.show_text(text);
        self.seen(at, style, &shown.text, shown.hidden)
    }

    /// A text as far as its letters are seen.
    fn seen(&mut self, at: Place, style: &CellStyle, text: &str, hidden: bool) -> String {
        if hidden {
            self.not_shown.push(at);
            self.gone.insert(at.0);
            return String::new();
        }
        if style.struck {
            self.unseen.note(Unread::Struck, text);
            self.unseen.seen();
            self.gone.insert(at.0);
            return String::new();
        }
        if style.white && !text.trim().is_empty() {
            self.white.push(at);
        }
        text.to_owned()
    }

    /// Takes out what is written in white; a sheet on which conditions or tables paint may show it.
    pub(super) fn hide_white(&mut self, may_be_painted: bool) {
        let white = std::mem::take(&mut self.white);
        for at in white.into_iter().filter(|_| !may_be_painted) {
            if let Some(entry) = self.cells.get_mut(&at) {
                entry.text.clear();
                self.not_shown.push(at);
                self.gone.insert(at.0);
            }
        }
    }
}

/// A formula in the place of its result. A colon would part a label from its value.
pub(super) fn unsolved(formula: &str) -> String {
    let bare = formula.trim_start_matches("of:").trim_start_matches('=');
    format!("={}", bare.replace(':', "∶"))
}

/// Puts the results of formulas that the file has none of into their cells; a formula without one stands as it is.
pub(super) fn settle_formulas<'s>(
    formulas: Formulas,
    style: impl Fn(usize) -> &'s CellStyle,
    since_1904: bool,
    book: &mut Book,
) {
    for result in formulas.results() {
        let Some(sheet) = book.sheets.get_mut(result.sheet) else {
            continue;
        };
        let text = match result.value {
            Some(value) => {
                sheet.computed.push(result.at);
                sheet.number(result.at, style(result.style), &value, since_1904)
            }
            None => {
                sheet.without_result.push(result.at);
                unsolved(&result.formula)
            }
        };
        sheet.cells.entry(result.at).or_default().text = text;
    }
}

//! The words of a flattened row: labels that blanks part (效益 指标, 绩 效 指 标) are put together.

use crate::pattern::label::Label;
use crate::pattern::wording::Words;
use crate::text::lines::is_space;
use std::borrow::Cow;

/// Whether a text stands in brackets.
pub(super) fn is_note(text: &str) -> bool {
    text.starts_with(['（', '(']) && text.ends_with(['）', ')'])
}

/// Longest part of a label that a blank parts, in bytes, and most parts.
const LONGEST_PART: usize = 30;
const MOST_PARTS: usize = 6;

/// The words of a row; labels that blanks part (效益 指标, 服务对象 满意度 指标) are put together.
pub(super) fn split_words<'l>(line: &'l str, words: &Words<'_>) -> Vec<Cow<'l, str>> {
    if let Some(fields) = fields(line) {
        return fields.into_iter().map(Cow::Borrowed).collect();
    }
    let texts: Vec<&str> = line.split(is_space).filter(|t| !t.is_empty()).collect();
    let mut out = Vec::with_capacity(texts.len());
    let mut at = 0;
    while at < texts.len() {
        let joined = (2..=MOST_PARTS).rev().find_map(|n| {
            let parts = texts.get(at..at + n)?;
            joined_label(parts, words).map(|text| (text, n))
        });
        match joined {
            Some((mut text, n)) => {
                at += n;
                // 产 出 指 标 （50分）
                if let Some(note) = texts.get(at).filter(|note| is_note(note)) {
                    text.push_str(note);
                    at += 1;
                }
                out.push(Cow::Owned(text));
            }
            None => {
                out.push(Cow::Borrowed(texts[at]));
                at += 1;
            }
        }
    }
    out
}

/// The fields of a line all of whose borders are two blanks or more; `None` where single blanks part words, too.
fn fields(line: &str) -> Option<Vec<&str>> {
    let line = line.trim_matches(is_space);
    if !line.contains("  ") {
        return None;
    }
    let fields: Vec<&str> = line
        .split("  ")
        .map(|f| f.trim_matches(is_space))
        .filter(|f| !f.is_empty())
        .collect();
    (fields.len() > 2 && fields.iter().all(|field| !field.contains(is_space))).then_some(fields)
}

/// The label that parts make of which not each is one.
fn joined_label(parts: &[&str], words: &Words<'_>) -> Option<String> {
    let figure = |t: &&str| t.starts_with(|c: char| !c.is_alphabetic() && !matches!(c, '（' | '('));
    if parts.iter().any(|t| t.len() > LONGEST_PART || figure(t)) {
        return None;
    }
    let label = |text: &str| {
        matches!(
            words.label(text),
            Some(Label::Level1 | Label::Level2 | Label::Side | Label::FundingHead | Label::Goal)
        )
    };
    // Letter by letter: 绩 效 指 标, 项 目 名 称.
    let letters = parts.iter().all(|t| t.chars().count() == 1);
    if parts.len() > 3 && !letters {
        return None;
    }
    let text = parts.concat();
    if letters {
        return (words.label(&text).is_some() || words.role(&text).is_some()).then_some(text);
    }
    // A label and its note are one: 产出指标 （50分）.
    let noted = parts.iter().skip(1).all(|t| is_note(t)) && label(parts[0]);
    let parted = !parts.iter().all(|t| label(t)) && label(&text);
    (noted || parted).then_some(text)
}

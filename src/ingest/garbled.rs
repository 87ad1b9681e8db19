//! Text that was decoded in the wrong encoding before it came here: nobody can read it, and it must not pass for a report
//! of which nothing was understood.

use crate::model::{Block, Document, Format, Source, Warning};
use encoding_rs::GB18030;

/// Characters of a document that are looked at.
const SAMPLE: usize = 20_000;
/// Letters below which nothing is said.
const FEW: usize = 8;

/// What a reader of the record must know of the document's text.
pub(super) fn warning(document: &Document) -> Option<Warning> {
    let mut text = String::new();
    let mut lost = 0;
    for block in &document.blocks {
        let mut take = |part: &str| {
            lost += part.matches('\u{FFFD}').count();
            if text.len() < SAMPLE {
                text.extend(part.chars().take(SAMPLE));
                text.push('\n');
            }
        };
        match block {
            Block::Paragraph(paragraph) => take(&paragraph.text),
            Block::Table(table) => table.cells().iter().for_each(|cell| take(&cell.text)),
        }
    }
    if is_latin(&text) || is_utf8_as_gbk(&text) {
        let message = "文字像是编码转换出错而成的乱码，其中的栏目和名称认不出来；请用原文件或正确的编码重新导出";
        return Some(Warning::new("text_garbled", message, Source::default()));
    }
    // Some readers count these themselves.
    let said = |warning: &Warning| warning.message.contains('\u{FFFD}') || warning.message.contains("U+FFFD");
    let is_news = lost > 0 && document.format != Format::Pdf && !document.warnings.iter().any(said);
    is_news.then(|| {
        let message = format!("有{lost}个字符在文件里已经损坏（U+FFFD），其所在的数字和名称可能不全");
        Warning::new("text_damaged", message, Source::default())
    })
}

/// GBK bytes that were taken for Latin letters: `ÏîÄ¿Ãû³Æ`, and hardly a Chinese character.
fn is_latin(text: &str) -> bool {
    let latin = text.chars().filter(|c| matches!(c, '\u{A1}'..='\u{FF}')).count();
    let chinese = text.chars().filter(|c| is_chinese(*c)).count();
    let ascii = text.chars().filter(char::is_ascii_alphabetic).count();
    latin >= FEW && latin > chinese * 2 && latin * 2 > ascii
}

/// UTF-8 bytes that were taken for GBK: encoded as GBK again, the text is UTF-8 but for the bytes that were lost on the way.
fn is_utf8_as_gbk(text: &str) -> bool {
    let (mut whole, mut all) = (0usize, 0usize);
    for run in text.split(|c: char| !is_chinese(c)).filter(|run| !run.is_empty()) {
        let bytes = GB18030.encode(run).0;
        all += bytes.len();
        let decoded = String::from_utf8_lossy(&bytes);
        whole += decoded
            .chars()
            .filter(|c| is_chinese(*c) || matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FFEF}'))
            .count()
            * 3;
    }
    all >= FEW * 2 && whole * 5 > all * 3
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{E000}'..='\u{F8FF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Paragraph, ParagraphKind};

    fn code(text: &str) -> Option<String> {
        let mut document = Document::new(Format::Html);
        document.blocks.push(Block::Paragraph(Paragraph {
            text: text.to_owned(),
            kind: ParagraphKind::Body,
            lines: Vec::new(),
        }));
        warning(&document).map(|warning| warning.code)
    }

    #[test]
    fn garbled_text_is_told_from_text() {
        let text = "2022年度乡村道路养护项目支出绩效自评报告，年初预算数800.00万元";
        assert_eq!(code(text), None);
        assert_eq!(code("The report of 2022: 5 km, naïve café"), None);
        assert_eq!(code("±5°C，≥95%，1·2，绿化率±3×2"), None);
        let gbk = GB18030.encode(text).0;
        let latin: String = gbk.iter().map(|b| char::from(*b)).collect();
        assert_eq!(code(&latin).as_deref(), Some("text_garbled"));
        let as_gbk = GB18030.decode_without_bom_handling(text.as_bytes()).0;
        assert_eq!(code(&as_gbk).as_deref(), Some("text_garbled"));
        let lost = String::from_utf8_lossy(&gbk).into_owned();
        assert_eq!(code(&lost).as_deref(), Some("text_damaged"));
    }
}

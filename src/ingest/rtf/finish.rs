//! The end of a document: its stories in order, and what must be said about it.

use super::Reader;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Document, Format, Source, Warning};

impl Reader<'_> {
    /// The document of what was read.
    pub(super) fn finish(mut self) -> Result<Document> {
        self.settle();
        let cut_off = !self.ended;
        let mut document = Document::new(Format::Rtf);
        let mut items = Vec::new();
        // Stories that a cut-off document leaves open.
        for mut story in std::mem::take(&mut self.stories) {
            story.close(&mut self.nest)?;
            items.extend(story.items());
            document.warnings.append(&mut story.warnings);
        }
        for mut story in std::mem::take(&mut self.notes) {
            items.extend(story.items());
            document.warnings.append(&mut story.warnings);
        }
        let furniture = std::mem::take(&mut self.furniture);
        document.furniture = self
            .nest
            .blocks(furniture.into_iter().flat_map(|mut story| story.items()).collect());
        document.blocks = self.nest.blocks(items);
        if let Some(error) = self.unseen.error().filter(|_| document.blocks.is_empty()) {
            return Err(error);
        }
        if document.blocks.is_empty() {
            return Err(match (cut_off, self.pictures) {
                (true, _) => Error::damaged("an RTF document that is cut off before any text"),
                (false, 0) => Error::new(ErrorKind::Empty),
                (false, n) => Error::new(ErrorKind::Scanned(format!(
                    "the document holds {n} pictures and nothing else"
                ))),
            });
        }
        let mut warn = |code: &str, message: String| {
            document.warnings.push(Warning::new(code, message, Source::default()));
        };
        if cut_off {
            warn("document_cut_off", "RTF文档不完整，末尾缺失，只读到中断处".to_owned());
        }
        self.unseen
            .warnings()
            .into_iter()
            .for_each(|warning| document.warnings.push(warning));
        let mut warn = |code: &str, message: String| {
            document.warnings.push(Warning::new(code, message, Source::default()));
        };
        if self.undecodable > 0 {
            warn(
                "undecodable",
                format!("有{}个字符无法解码，以“\u{FFFD}”代替", self.undecodable),
            );
        }
        if self.pictures > 0 {
            warn(
                "picture_not_read",
                format!("有{}幅图片未读，图中如有文字或表格则不在结果中", self.pictures),
            );
        }
        Ok(document)
    }
}

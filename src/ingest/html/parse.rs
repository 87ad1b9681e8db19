//! Text to a tree, by html5ever, as browsers read it, with the limits that a browser does without.
//!
//! Between tokenizer and tree builder each tag is made plain: elements that only matter for looks become `span`, so that
//! unclosed `<font>`s are not opened again in every paragraph (their number would grow with the square of the page), and
//! attributes that nobody reads are dropped.

use super::attributes::any_tag_exceeds;
use crate::error::{Error, Result};
use crate::model::{Limit, Limits};
use html5ever::interface::Attribute;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{LocalName, QualName, TokenizerResult, local_name, ns};
use scraper::node::Element;
use scraper::{Html, HtmlTreeSink};
use std::cell::{Cell, RefCell};

/// Tags and pieces of text of one page.
const TOKENS: usize = 4_000_000;
/// Elements open at once inside one cell, or outside of tables; and tables in each other. Browsers stop there too.
const DEPTH: usize = 512;
/// Attributes of one tag: the parser compares each with all before it.
const ATTRIBUTES: usize = 512;
/// Characters of one page.
const CHARACTERS: usize = 96 << 20;

/// Parses a page.
///
/// # Errors
/// Only limits: any text is HTML.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Html> {
    if text.len() > CHARACTERS {
        return Err(Error::limit("the page's text", format!("{} MB", CHARACTERS >> 20)));
    }
    if any_tag_exceeds(text, ATTRIBUTES) {
        return Err(Error::limit("the attributes of one tag", ATTRIBUTES.to_string()));
    }
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        ..TreeBuilderOpts::default()
    };
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), options);
    let depth = limits.depth.min(DEPTH);
    let plain = Plain {
        builder,
        depth,
        tokens: Cell::new(0),
        depths: RefCell::new(vec![0]),
        over: Cell::new(None),
    };
    let tokenizer = Tokenizer::new(plain, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
    tokenizer.end();
    let plain = tokenizer.sink;
    match plain.over.get() {
        Some(Over::Tokens) => Err(Error::limit("the number of tags", TOKENS.to_string())),
        Some(Over::Depth) if depth < DEPTH => Err(limits.over(Limit::Depth, "nesting of elements")),
        Some(Over::Depth) => Err(Error::limit("nesting of elements", format!("{DEPTH} levels"))),
        None => Ok(plain.builder.sink.0.into_inner()),
    }
}

#[derive(Clone, Copy)]
enum Over {
    Tokens,
    Depth,
}

type Builder = TreeBuilder<ego_tree::NodeId, HtmlTreeSink>;

struct Plain {
    builder: Builder,
    depth: usize,
    tokens: Cell<usize>,
    /// Open elements outside of tables, and in the present cell of each open table.
    depths: RefCell<Vec<usize>>,
    over: Cell<Option<Over>>,
}

impl TokenSink for Plain {
    type Handle = ego_tree::NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Self::Handle> {
        // Past a limit the rest is passed over, quickly.
        if self.over.get().is_some() && !matches!(token, Token::EOFToken) {
            return TokenSinkResult::Continue;
        }
        let token = match token {
            Token::TagToken(tag) => match self.plain(tag) {
                Some(tag) => Token::TagToken(tag),
                None => return TokenSinkResult::Continue,
            },
            Token::CommentToken(_) | Token::ParseError(_) => return TokenSinkResult::Continue,
            other => other,
        };
        self.tokens.set(self.tokens.get() + 1);
        if self.tokens.get() > TOKENS {
            self.over.set(Some(Over::Tokens));
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }
}

impl Plain {
    fn plain(&self, mut tag: Tag) -> Option<Tag> {
        tag.attrs.retain(|attribute| is_read(&attribute.name.local));
        if is_look(&tag.name) {
            if matches!(&*tag.name, "s" | "strike" | "small" | "template") && tag.kind == TagKind::StartTag {
                let name = QualName::new(None, ns!(), LocalName::from(LOOK));
                let value = StrTendril::from_slice(&tag.name);
                tag.attrs.push(Attribute { name, value });
            }
            tag.name = local_name!("span");
            tag.self_closing = false;
        }
        let mut depths = self.depths.borrow_mut();
        let tables = depths.len();
        let depth = depths.last_mut()?;
        match (&*tag.name, tag.kind) {
            ("table", TagKind::StartTag) => {
                if tables > self.depth {
                    self.over.set(Some(Over::Depth));
                }
                depths.push(0);
            }
            ("table", TagKind::EndTag) => {
                if tables > 1 {
                    depths.pop();
                }
            }
            // The start of a row or cell closes whatever the one before left open.
            ("tr" | "td" | "th", TagKind::StartTag) if tables > 1 => *depth = 0,
            // Their ends are often left out, and they cannot stand in each other without another element between.
            ("p" | "li" | "dd" | "dt" | "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "colgroup" | "col", _)
            | ("br" | "img" | "hr" | "meta" | "link" | "input" | "base", _) => {}
            (_, TagKind::StartTag) => {
                *depth += 1;
                if *depth > self.depth {
                    self.over.set(Some(Over::Depth));
                }
            }
            (_, TagKind::EndTag) => *depth = depth.saturating_sub(1),
        }
        Some(tag)
    }
}

/// Elements that say nothing to this reader and much to the tree builder.
fn is_look(name: &LocalName) -> bool {
    matches!(
        &**name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
            | "svg"
            | "math"
            | "button"
            | "object"
            | "applet"
            | "marquee"
            | "form"
            | "template"
    )
}

/// Name of the attribute that keeps the name of an element that was made a `span`: no page can write it.
const LOOK: &str = "LOOK";

/// The name of an element, also where it was made plain.
pub(super) fn look_of(element: &Element) -> &str {
    element.attr(LOOK).unwrap_or(element.name())
}

/// Attributes that are read.
fn is_read(name: &LocalName) -> bool {
    matches!(
        &**name,
        "style"
            | "class"
            | "hidden"
            | "colspan"
            | "rowspan"
            | "border"
            | "start"
            | "type"
            | "value"
            | "title"
            | "id"
            | "checked"
            | "role"
            | "color"
            | "bgcolor"
            | "background"
            | "selected"
            | "multiple"
            | "open"
            | "rel"
    )
}

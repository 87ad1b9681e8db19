//! One part as a stream of XML: limits, encodings, entities and well-formedness are settled here, once.

use super::limits::Allowance;
use crate::error::{Error, Result};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::io::{self, BufReader, Read};

/// A part of a package, read forward.
pub(in crate::ingest) struct Xml<'p> {
    part: String,
    reader: Reader<BufReader<Bounded<'p>>>,
    buffer: Vec<u8>,
    depth: usize,
    rooted: bool,
    allowance: &'p Allowance,
}

/// What stands next in a part. Declarations, comments and processing instructions are empty texts.
pub(in crate::ingest) enum Node<'e> {
    /// An element opens; [`Node::Close`] follows even for an empty one, unless [`Element::is_empty`].
    Open(Element<'e>),
    /// The innermost open element closes.
    Close,
    /// Text as it stands, entities apart.
    Text(Cow<'e, str>),
    /// A character reference or predefined entity, resolved.
    Char(char),
    /// The part ends, and every element is closed.
    End,
}

/// An element's start.
pub(in crate::ingest) struct Element<'e> {
    start: BytesStart<'e>,
    /// `<w:p/>`: no [`Node::Close`] follows.
    pub(in crate::ingest) is_empty: bool,
}

impl Element<'_> {
    /// Name without the prefix: producers are free in their prefixes.
    pub(in crate::ingest) fn local(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// An attribute by its name without the prefix.
    pub(in crate::ingest) fn attr(&self, name: &str) -> Result<Option<Cow<'_, str>>> {
        if !self.start.attributes_raw().contains(name) {
            return Ok(None);
        }
        for attribute in self.start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|e| Error::damaged(format!("attribute of <{}>: {e}", self.local())))?;
            if attribute.key.local_name().into_inner() == name {
                return match attribute.value {
                    value if !value.contains('&') => Ok(Some(value)),
                    value => match quick_xml::escape::unescape(&value) {
                        Ok(text) => Ok(Some(Cow::Owned(text.into_owned()))),
                        Err(e) => Err(Error::damaged(format!("attribute {name}: {e}"))),
                    },
                };
            }
        }
        Ok(None)
    }

    /// `w:val`.
    pub(in crate::ingest) fn val(&self) -> Result<Option<Cow<'_, str>>> {
        self.attr("val")
    }

    /// `w:val` as a whole number; what is none counts as absent.
    pub(in crate::ingest) fn val_number(&self) -> Result<Option<i64>> {
        self.number("val")
    }

    /// An attribute as a whole number; what is none counts as absent.
    pub(in crate::ingest) fn number(&self, name: &str) -> Result<Option<i64>> {
        Ok(self.attr(name)?.and_then(|v| v.trim().parse().ok()))
    }

    /// An on/off property (`ST_OnOff`): present means on.
    pub(in crate::ingest) fn on(&self) -> Result<bool> {
        Ok(!self
            .val()?
            .is_some_and(|v| matches!(v.as_ref(), "0" | "false" | "off" | "none")))
    }
}

impl<'p> Xml<'p> {
    /// A stream of at most `limit` bytes, which also come off `allowance`.
    pub(in crate::ingest) fn new(
        part: &str,
        input: Box<dyn Read + 'p>,
        limit: u64,
        allowance: &'p Allowance,
    ) -> Result<Self> {
        let mut bounded = Bounded {
            input,
            left: limit,
            limit,
            event: 0,
            allowance,
        };
        let mut head = Vec::with_capacity(256);
        let fetched = bounded.by_ref().take(256).read_to_end(&mut head);
        fetched.map_err(|e| io_error(&e, allowance).in_part(part))?;
        let encoding = encoding_of(&head);
        bounded.input = Box::new(io::Cursor::new(head).chain(bounded.input));
        bounded.left = limit;
        if encoding != UTF_8 {
            bounded.input = Box::new(Transcoder::new(bounded.input, encoding));
        }
        let mut reader = Reader::from_reader(BufReader::with_capacity(32 << 10, bounded));
        reader.config_mut().check_end_names = true;
        Ok(Xml {
            part: part.to_owned(),
            reader,
            buffer: Vec::new(),
            depth: 0,
            rooted: false,
            allowance,
        })
    }

    /// The next node.
    pub(in crate::ingest) fn next(&mut self) -> Result<Node<'_>> {
        self.buffer.clear();
        self.reader.get_mut().get_mut().event = 0;
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => {
                let position = self.reader.buffer_position();
                if matches!(event, Event::Start(_) | Event::Empty(_)) {
                    let counted = self.allowance.element();
                    counted.map_err(|e| e.in_part(self.part.clone()).at_byte(position))?;
                }
                node(event, &mut self.depth, &mut self.rooted, self.allowance)
                    .map_err(|e| e.in_part(self.part.clone()).at_byte(position))
            }
            Err(error) => {
                let position = match self.reader.error_position() {
                    0 => self.reader.buffer_position(),
                    known => known,
                };
                Err(xml_error(&error, self.allowance)
                    .in_part(self.part.clone())
                    .at_byte(position))
            }
        }
    }

    /// Elements that are open.
    pub(in crate::ingest) fn depth(&self) -> usize {
        self.depth
    }

    /// Passes over the rest of the element that was opened last.
    pub(in crate::ingest) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.next()?, Node::End) {
                break;
            }
        }
        Ok(())
    }

    /// Adds the part and the byte to an error that a handler gave.
    pub(in crate::ingest) fn locate(&self, error: Error) -> Error {
        if error.origin.part.is_some() {
            return error;
        }
        error.in_part(self.part.clone()).at_byte(self.reader.buffer_position())
    }
}

fn node<'e>(event: Event<'e>, depth: &mut usize, rooted: &mut bool, allowance: &Allowance) -> Result<Node<'e>> {
    Ok(match event {
        Event::Start(start) => {
            *rooted = true;
            *depth += 1;
            allowance.depth(*depth)?;
            Node::Open(Element { start, is_empty: false })
        }
        Event::Empty(start) => {
            *rooted = true;
            Node::Open(Element { start, is_empty: true })
        }
        Event::End(_) => {
            *depth = depth.saturating_sub(1);
            Node::Close
        }
        Event::Text(text) => Node::Text(text.into_inner()),
        Event::CData(text) => Node::Text(text.into_inner()),
        Event::GeneralRef(reference) => {
            let bad = || Error::damaged(format!("unknown entity &{};", &*reference));
            match reference.resolve_char_ref().map_err(|_| bad())? {
                Some(c) => Node::Char(c),
                None => Node::Char(match &*reference {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => return Err(bad()),
                }),
            }
        }
        Event::DocType(_) => {
            return Err(Error::damaged(
                "a document type definition, which Office documents must not have",
            ));
        }
        Event::Eof if *depth > 0 => {
            return Err(Error::damaged(format!(
                "the XML is cut off: {} elements are still open",
                *depth
            )));
        }
        Event::Eof if !*rooted => return Err(Error::damaged("a part without any XML element")),
        Event::Eof => Node::End,
        Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Node::Text(Cow::Borrowed("")),
    })
}

/// A limit that was met while reading; travels through the XML reader as an I/O error.
#[derive(Debug, thiserror::Error)]
#[error("{what} over {bytes} bytes")]
struct Overrun {
    what: &'static str,
    bytes: u64,
}

fn io_error(error: &io::Error, allowance: &Allowance) -> Error {
    match error.get_ref().and_then(|e| e.downcast_ref::<Overrun>()) {
        Some(overrun) => allowance.too_large(overrun.what, overrun.bytes),
        None => Error::damaged(format!("a part does not decompress or decode: {error}")),
    }
}

fn xml_error(error: &quick_xml::Error, allowance: &Allowance) -> Error {
    match error {
        quick_xml::Error::Io(e) => io_error(e, allowance),
        quick_xml::Error::Encoding(_) => Error::damaged("bytes that are no text in the part's encoding"),
        other => Error::damaged(format!("not well-formed XML: {other}")),
    }
}

/// Counts what is read; sizes that the file declares are never believed.
struct Bounded<'p> {
    input: Box<dyn Read + 'p>,
    left: u64,
    limit: u64,
    /// Bytes fetched for the node under way.
    event: u64,
    allowance: &'p Allowance,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buf)?;
        let count = n as u64;
        let overrun = |what, bytes| Err(io::Error::other(Overrun { what, bytes }));
        self.event += count;
        if self.event > self.allowance.event() {
            return overrun("one piece of XML", self.allowance.event());
        }
        let Some(left) = self.left.checked_sub(count) else {
            return overrun("the size of a decompressed part", self.limit);
        };
        if self.allowance.take(count).is_none() {
            return overrun("the size of all decompressed parts", self.allowance.all_parts());
        }
        self.left = left;
        Ok(n)
    }
}

/// By byte order mark, zero bytes, or the XML declaration; UTF-8 where nothing else is said.
fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    match head {
        [b'<', 0, ..] => return encoding_rs::UTF_16LE,
        [0, b'<', ..] => return encoding_rs::UTF_16BE,
        _ => {}
    }
    let declaration = head
        .strip_prefix(b"<?xml")
        .and_then(|rest| rest.split(|b| *b == b'>').next());
    let label = declaration.and_then(|d| {
        let at = d.windows(9).position(|w| w == b"encoding=")? + 9;
        let quote = *d.get(at)?;
        d.get(at + 1..)?.split(|b| *b == quote).next()
    });
    match label.and_then(Encoding::for_label) {
        // UTF-16 without zero bytes is a wrong declaration.
        Some(e) if e != encoding_rs::UTF_16LE && e != encoding_rs::UTF_16BE => e,
        _ => UTF_8,
    }
}

/// Any other encoding to UTF-8; refuses what does not decode.
struct Transcoder<'p> {
    input: Box<dyn Read + 'p>,
    decoder: Decoder,
    raw: Vec<u8>,
    /// Bytes of `raw` not yet decoded.
    pending: std::ops::Range<usize>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<'p> Transcoder<'p> {
    fn new(input: Box<dyn Read + 'p>, encoding: &'static Encoding) -> Self {
        Transcoder {
            input,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; 16 << 10],
            pending: 0..0,
            text: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        self.text.resize(64 << 10, 0);
        let source = &self.raw[self.pending.clone()];
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(source, &mut self.text, self.ended);
        self.pending.start += read;
        self.text.truncate(written);
        self.given = 0;
        match result {
            DecoderResult::Malformed(..) => Err(io::Error::new(io::ErrorKind::InvalidData, "malformed text")),
            DecoderResult::InputEmpty | DecoderResult::OutputFull => Ok(()),
        }
    }
}

impl Read for Transcoder<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.pending.is_empty() {
                if self.ended {
                    return Ok(0);
                }
                let n = self.input.read(&mut self.raw)?;
                self.pending = 0..n;
                self.ended = n == 0;
            }
            self.decode()?;
        }
        let n = buf.len().min(self.text.len() - self.given);
        buf[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

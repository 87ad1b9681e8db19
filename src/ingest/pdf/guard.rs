//! Looks at a file's compressed streams before anything inflates them: a stream of 1 MB may hold 1 GB.
//!
//! Works on the raw bytes, because object streams and cross-reference streams are inflated while the file is opened.
//! Streams of encrypted files are judged again once the file is open.

use crate::error::Result;
use crate::model::limits::about;
use crate::model::{Limit, Limits};
use flate2::{Decompress, FlushDecompress, Status};
use hayro_interpret::hayro_syntax::{Filter as PdfFilter, Pdf};
use std::borrow::Cow;

/// Most bytes that one stream may inflate to: 96 MB of the default 384 MB of all. Whole Chinese fonts reach 30 MB.
fn max_stream(limits: &Limits) -> u64 {
    limits.inflated / 4
}
/// Deflate cannot do better than this (RFC 1951: 258 bytes for two bits).
const WORST_RATIO: u64 = 1040;

/// Refuses files whose streams inflate beyond the limits.
///
/// # Errors
/// [`crate::error::ErrorKind::Limit`] with the stream's offset.
pub fn check(bytes: &[u8], limits: &Limits) -> Result<()> {
    check_streams(streams(bytes).collect(), limits)
}

/// The same for the streams of an encrypted file, once it is open and they can be decrypted.
///
/// # Errors
/// As [`check`].
pub fn check_decrypted(pdf: &Pdf, limits: &Limits) -> Result<()> {
    let judged = pdf.objects().into_iter().filter_map(|object| {
        let stream = object.into_stream()?;
        let kind = |f: &PdfFilter| match f {
            PdfFilter::FlateDecode => Filter::Flate,
            PdfFilter::LzwDecode => Filter::Lzw,
            _ => Filter::Other,
        };
        let filters: Vec<Filter> = stream.filters().iter().map(kind).collect();
        filters.iter().any(|f| *f != Filter::Other).then(|| Stream {
            offset: 0,
            data: Cow::Owned(stream.raw_data().into_owned()),
            filters,
            image: false,
        })
    });
    check_streams(judged.collect(), limits)
}

fn check_streams(mut streams: Vec<Stream<'_>>, limits: &Limits) -> Result<()> {
    let most = max_stream(limits);
    // The largest first: most files are proved harmless by their size alone or after a few streams.
    streams.sort_by(|a, b| b.data.len().cmp(&a.data.len()).then(a.offset.cmp(&b.offset)));
    let mut unseen: u64 = streams.iter().map(Stream::worst).fold(0, u64::saturating_add);
    let mut total: u64 = 0;
    for stream in &streams {
        let harmless = stream.worst() <= most && total.saturating_add(unseen) <= limits.inflated;
        if harmless && !stream.chained() {
            unseen = unseen.saturating_sub(stream.worst());
            total = total.saturating_add(stream.worst());
            continue;
        }
        unseen = unseen.saturating_sub(stream.worst());
        let size = stream.measure(most);
        if size > most {
            let what = "the size of a decompressed stream";
            let error = limits.over_share(Limit::Inflated, what, about(most));
            return Err(if stream.offset > 0 {
                error.at_byte(stream.offset as u64)
            } else {
                error
            });
        }
        total = total.saturating_add(size);
        // Images are never decompressed; one that says it is an image and is used as something else meets the limit of one stream.
        if stream.image {
            total = total.saturating_sub(size);
        }
        if total > limits.inflated {
            return Err(limits.over(Limit::Inflated, "the size of all decompressed streams"));
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Flate,
    Lzw,
    Other,
}

struct Stream<'b> {
    offset: usize,
    data: Cow<'b, [u8]>,
    filters: Vec<Filter>,
    image: bool,
}

impl Stream<'_> {
    fn chained(&self) -> bool {
        self.filters.iter().filter(|f| **f != Filter::Other).count() > 1
    }

    /// The most that the stream can inflate to by its length.
    fn worst(&self) -> u64 {
        let ratio = if self.filters.contains(&Filter::Lzw) {
            2600
        } else {
            WORST_RATIO
        };
        let once = (self.data.len() as u64).saturating_mul(ratio);
        if self.chained() {
            once.saturating_mul(WORST_RATIO)
        } else {
            once
        }
    }

    /// What it inflates to, or more than `most`.
    fn measure(&self, most: u64) -> u64 {
        let mut data = Cow::Borrowed(&*self.data);
        let last = self.filters.iter().rposition(|f| *f != Filter::Other).unwrap_or(0);
        for (index, filter) in self.filters.iter().enumerate() {
            let keep = index < last;
            match filter {
                Filter::Flate => match inflate(&data, keep, most) {
                    (size, _) if size > most || !keep => return size,
                    (_, inner) => data = inner.into(),
                },
                // Only the length is known, and what follows grows from it at worst by its own ratio.
                Filter::Lzw => return lzw_length(&data, most).saturating_mul(if keep { WORST_RATIO } else { 1 }),
                // Hex and base 85 shrink, run lengths grow at most 64 times.
                Filter::Other => {}
            }
        }
        data.len() as u64
    }
}

/// Inflates until the end, an error, or just past the limit; keeps the result if asked.
fn inflate(data: &[u8], keep: bool, most: u64) -> (u64, Vec<u8>) {
    let zlib = data.len() >= 2 && data[0] & 0x0f == 8 && (u16::from(data[0]) << 8 | u16::from(data[1])) % 31 == 0;
    let mut inflater = Decompress::new(zlib);
    let mut buffer = vec![0u8; 1 << 16];
    let mut kept = Vec::new();
    let mut rest = data;
    while inflater.total_out() <= most {
        let (read, written) = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress(rest, &mut buffer, FlushDecompress::None);
        let (read, written) = (
            (inflater.total_in() - read) as usize,
            (inflater.total_out() - written) as usize,
        );
        if keep {
            kept.extend_from_slice(&buffer[..written]);
        }
        rest = rest.get(read..).unwrap_or_default();
        let goes_on = match status {
            Ok(Status::Ok) => read > 0 || written > 0,
            Ok(Status::BufError) => written > 0,
            Ok(Status::StreamEnd) | Err(_) => false,
        };
        if !goes_on {
            break;
        }
    }
    (inflater.total_out(), kept)
}

/// Length of what an LZW stream stands for (ISO 32000-1, 7.4.4.2), or more than `most`.
fn lzw_length(data: &[u8], most: u64) -> u64 {
    let mut lengths: Vec<u64> = Vec::with_capacity(4096);
    let (mut total, mut bits, mut have, mut width) = (0u64, 0u32, 0u32, 9u32);
    let mut before: Option<u64> = None;
    for byte in data {
        bits = bits << 8 | u32::from(*byte);
        have += 8;
        if have < width {
            continue;
        }
        have -= width;
        let code = (bits >> have) & ((1 << width) - 1);
        bits &= (1 << have) - 1;
        match code {
            256 => {
                lengths.clear();
                width = 9;
                before = None;
                continue;
            }
            257 => break,
            _ => {}
        }
        let known = if code < 256 {
            Some(1)
        } else {
            lengths.get(code as usize - 258).copied()
        };
        let length = known.or(before.map(|b| b + 1)).unwrap_or(1);
        if let Some(b) = before.filter(|_| lengths.len() < 4096 - 258) {
            lengths.push(b + 1);
        }
        before = Some(length);
        total += length;
        if total > most {
            break;
        }
        width = match lengths.len() + 258 {
            0..=510 => 9,
            511..=1022 => 10,
            1023..=2046 => 11,
            _ => 12,
        };
    }
    total
}

/// The file's streams with a filter that inflates, told by the keyword `stream` after a dictionary.
fn streams(bytes: &[u8]) -> impl Iterator<Item = Stream<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = find(bytes.get(at..)?, b"stream") {
            let keyword = at + found;
            at = keyword + 6;
            if bytes[..keyword].ends_with(b"end") {
                continue;
            }
            let before = bytes[..keyword].trim_ascii_end();
            if !before.ends_with(b">>") {
                continue;
            }
            let start = before[before.len().saturating_sub(4096)..]
                .windows(4)
                .rposition(|w| w == b" obj" || w == b"\nobj");
            let dict = &before[before.len().saturating_sub(4096) + start.unwrap_or(0)..];
            let filters = filters(dict);
            let data = bytes.get(at..)?;
            let data = data
                .strip_prefix(b"\r\n")
                .or_else(|| data.strip_prefix(b"\n"))
                .unwrap_or(data);
            let length = find(data, b"endstream").unwrap_or(data.len());
            let begin = bytes.len() - data.len();
            at = begin + length;
            if filters.iter().any(|f| *f != Filter::Other) {
                return Some(Stream {
                    offset: keyword,
                    data: Cow::Borrowed(&data[..length]),
                    filters,
                    image: find(dict, b"/Image").is_some() && find(dict, b"/Width").is_some(),
                });
            }
        }
        None
    })
}

/// The names of a dictionary that are filters, in order; abbreviations are those of inline images.
fn filters(dict: &[u8]) -> Vec<Filter> {
    let mut names = Vec::new();
    for name in dict.split(|b| *b == b'/').skip(1) {
        let end = name
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || *b == b'#'))
            .unwrap_or(name.len());
        match &name[..end] {
            b"FlateDecode" | b"Fl" => names.push(Filter::Flate),
            b"LZWDecode" | b"LZW" => names.push(Filter::Lzw),
            name if name.ends_with(b"Decode") => names.push(Filter::Other),
            // A name written with escapes hides something; judge the stream as compressed.
            name if name.contains(&b'#') => names.push(Filter::Flate),
            _ => {}
        }
    }
    names
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = haystack.get(from..)?.iter().position(|b| *b == first) {
        let at = from + step;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use std::io::Write;

    fn checked(bytes: &[u8]) -> Result<()> {
        check(bytes, &Limits::default())
    }

    fn deflated(megabytes: usize) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let block = vec![b' '; 1 << 20];
        (0..megabytes).for_each(|_| encoder.write_all(&block).unwrap());
        encoder.finish().unwrap()
    }

    fn file(filter: &str, data: &[u8]) -> Vec<u8> {
        let mut file = format!("%PDF-1.7\n4 0 obj\n<</Filter{filter}/Length {}>>stream\n", data.len()).into_bytes();
        file.extend_from_slice(data);
        file.extend_from_slice(b"\nendstream\nendobj\n");
        file
    }

    #[test]
    fn bombs_are_refused_and_large_streams_are_not() {
        assert!(checked(&file("/FlateDecode", &deflated(20))).is_ok());
        let bomb = checked(&file("/FlateDecode", &deflated(200))).unwrap_err();
        assert!(bomb.to_string().contains("96 MB"), "{bomb}");
        let mut twice = ZlibEncoder::new(Vec::new(), Compression::best());
        twice.write_all(&deflated(200)).unwrap();
        assert!(checked(&file("[/FlateDecode/FlateDecode]", &twice.finish().unwrap())).is_err());
    }

    #[test]
    fn many_streams_are_judged_together() {
        let one = file("/FlateDecode", &deflated(60));
        assert!(checked(&one.repeat(3)).is_ok());
        assert!(checked(&one.repeat(9)).is_err());
    }

    #[test]
    fn lzw_lengths() {
        // The example of ISO 32000-1, 7.4.4.2: 45 45 45 45 45 65 45 45 45 66.
        assert_eq!(
            lzw_length(&[0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01], 1 << 20),
            10
        );
    }
}

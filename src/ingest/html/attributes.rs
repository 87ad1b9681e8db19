//! How many attributes the tags of a page have: the parser compares each with all before it, so that a tag of a hundred
//! thousand of them would cost as much as a page of gigabytes.

/// Whether a tag has more attributes than `most`. Comments and the text of scripts are passed over; linear in the text.
pub(super) fn any_tag_exceeds(text: &str, most: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(open) = find(bytes, at, b'<') {
        let rest = &text[open..];
        if rest.starts_with("<!--") {
            // <!--> closes itself.
            at = rest[2..].find("-->").map_or(bytes.len(), |end| open + 2 + end + 3);
            continue;
        }
        let closes = bytes.get(open + 1) == Some(&b'/');
        let start = open + 1 + usize::from(closes);
        if !bytes.get(start).is_some_and(u8::is_ascii_alphabetic) {
            at = open + 1;
            continue;
        }
        let end = skip(bytes, start, |c| !ends_name(c) || c == b'=');
        let (count, after) = attributes(bytes, end, most);
        if count > most {
            return true;
        }
        let name = &bytes[start..end];
        at = match raw_text(name) && !closes {
            true => end_of_raw(bytes, after, name),
            false => after,
        };
    }
    false
}

/// The number of attributes of a tag, counted from behind its name to its end or to one more than `most`; and where it ends.
fn attributes(bytes: &[u8], from: usize, most: usize) -> (usize, usize) {
    let (mut count, mut at) = (0, from);
    loop {
        at = skip(bytes, at, |c| c.is_ascii_whitespace() || c == b'/');
        match bytes.get(at) {
            None => return (count, at),
            Some(b'>') => return (count, at + 1),
            Some(_) => count += 1,
        }
        if count > most {
            return (count, at);
        }
        // A = at the start is part of the name.
        at = skip(bytes, at + 1, |c| !ends_name(c));
        let value = skip(bytes, at, |c| c.is_ascii_whitespace());
        if bytes.get(value) != Some(&b'=') {
            continue;
        }
        at = skip(bytes, value + 1, |c| c.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => find(bytes, at + 1, *quote).map_or(bytes.len(), |end| end + 1),
            _ => skip(bytes, at, |c| !c.is_ascii_whitespace() && c != b'>'),
        };
    }
}

fn ends_name(c: u8) -> bool {
    c.is_ascii_whitespace() || matches!(c, b'/' | b'>' | b'=')
}

fn skip(bytes: &[u8], from: usize, passes: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|c| !passes(*c)).unwrap_or(rest.len())
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|c| *c == wanted).map(|at| from + at)
}

/// Elements whose text holds no tags.
fn raw_text(name: &[u8]) -> bool {
    let names: [&[u8]; 4] = [b"script", b"style", b"title", b"textarea"];
    names.iter().any(|raw| name.eq_ignore_ascii_case(raw))
}

/// Where the end tag of such an element stands, else the end of the page.
fn end_of_raw(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(open) = find(bytes, at, b'<') {
        let tag = bytes.get(open + 2..open + 2 + name.len());
        if bytes.get(open + 1) == Some(&b'/') && tag.is_some_and(|t| t.eq_ignore_ascii_case(name)) {
            return open;
        }
        at = open + 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_counted() {
        for (text, expected) in [
            ("<td a b c>", true),
            ("<td a=1 b='2' c=\"3\"/>", true),
            ("<td a=\"x y z w\" b = 'x y z'>a b c d e", false),
            ("</td a b c>", true),
            ("<td a b><td a b>", false),
            ("a < b c d e f", false),
            ("<!-- <td a b c> -->", false),
            ("<!--><td a b c>", true),
            ("<script>if (a<b c d e f)</script><td a b>", false),
            ("<script>x</SCRIPT><td a b c>", true),
            ("<td a='", false),
            ("<td", false),
            ("<", false),
            ("<td =a =b =c", false),
            ("", false),
        ] {
            assert_eq!(any_tag_exceeds(text, 2), expected, "{text}");
        }
    }
}

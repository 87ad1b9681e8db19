//! A record as JSON: one line (NDJSON) or indented.

use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;

/// One line, closed by `\n`.
///
/// # Errors
/// Never for the types of this program: their maps have text keys.
pub fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    close(serde_json::to_vec(value))
}

/// Indented by two spaces, closed by `\n`.
///
/// # Errors
/// As [`line()`].
pub fn pretty(value: &impl Serialize) -> Result<Vec<u8>> {
    line(value).map(|line| indented(&line))
}

/// What [`line()`] gave, indented by two spaces as serde_json does. A record is stored as a line before it is written
/// indented, and to lay out that line takes a fraction of the time that making it again does.
pub fn indented(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len() * 2);
    let mut depth = 0;
    let mut rest = line;
    let new_line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.resize(out.len() + 2 * depth, b' ');
    };
    while let Some((&byte, after)) = rest.split_first() {
        let mut taken = 1;
        match byte {
            b'"' => {
                taken = 1 + text_length(after);
                out.extend_from_slice(&rest[..taken]);
            }
            b'{' | b'[' if matches!(after.first(), Some(b'}' | b']')) => {
                taken = 2;
                out.extend_from_slice(&rest[..taken]);
            }
            b'{' | b'[' => {
                out.push(byte);
                depth += 1;
                new_line(&mut out, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                new_line(&mut out, depth);
            }
            b':' => out.extend_from_slice(b": "),
            _ => out.push(byte),
        }
        rest = &rest[taken..];
    }
    out
}

/// Bytes up to the end of a text, its closing quotation mark included.
fn text_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|byte| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    end.map_or(text.len(), |end| end + 1)
}

fn close(bytes: serde_json::Result<Vec<u8>>) -> Result<Vec<u8>> {
    let mut bytes = bytes.map_err(|error| Error::new(ErrorKind::Internal(error.to_string())))?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn empty_lists_and_texts_that_look_like_structure() {
        let value = json!({"a": [], "b": {}, "c": [{}, [], "{\"x\\", ""], "{,": {"\\": "\\\""}});
        assert_eq!(indented(&line(&value).unwrap()), by_serde(&value));
    }

    fn by_serde(value: &Value) -> Vec<u8> {
        close(serde_json::to_vec_pretty(value)).unwrap()
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[\"\\\\{}\\[\\],:a绩\n]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map("[\"\\\\{:a绩]{0,3}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_line_is_laid_out_as_serde_does(value in any_value()) {
            prop_assert_eq!(indented(&line(&value).unwrap()), by_serde(&value));
        }
    }
}

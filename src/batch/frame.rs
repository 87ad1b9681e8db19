//! Messages between the program and its worker processes: a header of JSON and a body of bytes, each led by its length.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};

/// Begins every frame: what a library prints to standard output by mistake is not taken for one.
const MARK: [u8; 4] = *b"hsu\x01";
/// Longest header. Pattern files travel in one.
const MAX_HEADER: u64 = 64 << 20;

/// Writes a frame: mark, length of the header (8 bytes, little-endian), length of the body, header, body.
///
/// # Errors
/// Those of the pipe.
pub fn write(pipe: &mut impl Write, header: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let header = serde_json::to_vec(header)?;
    let mut start = Vec::with_capacity(20 + header.len());
    start.extend_from_slice(&MARK);
    start.extend_from_slice(&(header.len() as u64).to_le_bytes());
    start.extend_from_slice(&(body.len() as u64).to_le_bytes());
    start.extend_from_slice(&header);
    pipe.write_all(&start)?;
    pipe.write_all(body)?;
    pipe.flush()
}

/// Reads a frame; `None` when the other side has closed the pipe between two frames.
///
/// Memory is taken as bytes come, not as lengths promise.
///
/// # Errors
/// Those of the pipe; [`io::ErrorKind::InvalidData`] for what is no frame or is longer than `max_body`.
pub fn read<H: DeserializeOwned>(pipe: &mut impl Read, max_body: u64) -> io::Result<Option<(H, Vec<u8>)>> {
    let mut start = [0; 20];
    let mut have = 0;
    while have < start.len() {
        match pipe.read(&mut start[have..]) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => have += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let [m0, m1, m2, m3, lengths @ ..] = start;
    let (header, body) = (
        u128::from_le_bytes(lengths) as u64,
        (u128::from_le_bytes(lengths) >> 64) as u64,
    );
    if [m0, m1, m2, m3] != MARK || header > MAX_HEADER || body > max_body {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no message of the protocol"));
    }
    let header = serde_json::from_slice(&exactly(pipe, header)?)?;
    Ok(Some((header, exactly(pipe, body)?)))
}

fn exactly(pipe: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    /// Taken at once: nearly every frame fits, and a false length costs no more.
    const AT_ONCE: u64 = 1 << 20;
    let mut bytes = Vec::with_capacity(length.min(AT_ONCE) as usize);
    pipe.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_as_they_went_in() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"甲", b"one").unwrap();
        write(&mut pipe, &"乙", b"").unwrap();
        let mut rest = pipe.as_slice();
        assert_eq!(read(&mut rest, 3).unwrap(), Some(("甲".to_owned(), b"one".to_vec())));
        assert_eq!(read(&mut rest, 3).unwrap(), Some(("乙".to_owned(), Vec::new())));
        assert_eq!(read::<String>(&mut rest, 3).unwrap(), None);
    }

    #[test]
    fn what_is_no_frame_is_refused_wherever_it_ends() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"甲", b"one").unwrap();
        for cut in 1..pipe.len() {
            assert!(read::<String>(&mut &pipe[..cut], 3).is_err(), "{cut}");
        }
        assert!(read::<String>(&mut pipe.as_slice(), 2).is_err(), "longer than allowed");
        assert!(read::<String>(&mut b"some words that a library prints".as_slice(), 3).is_err());
        let mut huge = pipe.clone();
        huge[12..20].fill(0xff);
        assert!(read::<String>(&mut huge.as_slice(), u64::MAX).is_err());
    }
}

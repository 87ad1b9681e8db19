//! Text as words of a full-text index. Chinese writes no spaces: each of its characters is a word of its own, and a term
//! is found as a phrase of them, so that terms of two characters, and of one, are found.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A word and the characters (Unicode scalar values, from 0) that it covers in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As indexed: lower-case ASCII letters and digits only.
    pub key: String,
    /// Place in the text.
    pub place: Range<usize>,
}

/// Words of a text in order: a run of ASCII letters or digits is one, a number with its decimals too (its thousands
/// separators count for nothing); each other letter is one. Full-width forms are folded. Punctuation separates.
pub fn words(text: &str) -> Vec<Word> {
    let mut folded: Vec<(char, usize)> = Vec::with_capacity(text.len());
    for (i, c) in text.chars().enumerate() {
        if c.is_ascii() {
            folded.push((c.to_ascii_lowercase(), i));
        } else {
            folded.extend(std::iter::once(c).nfkc().flat_map(char::to_lowercase).map(|c| (c, i)));
        }
    }
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&(c, i)) = folded.get(at) {
        if c.is_ascii_alphanumeric() {
            let end = run(&folded, at);
            let key = folded[at..end].iter().filter_map(|(c, _)| match c {
                ',' => None,
                // The index splits words at a full stop.
                '.' => Some('d'),
                c => Some(*c),
            });
            words.push(Word {
                key: key.collect(),
                place: i..folded[end - 1].1 + 1,
            });
            at = end;
        } else {
            if c.is_alphanumeric() {
                words.push(Word {
                    key: format!("u{:x}", c as u32),
                    place: i..i + 1,
                });
            }
            at += 1;
        }
    }
    words
}

/// End of the run of ASCII letters and digits that begins at `start`.
fn run(folded: &[(char, usize)], start: usize) -> usize {
    let digit = |at: usize| folded.get(at).is_some_and(|(c, _)| c.is_ascii_digit());
    let mut at = start;
    let mut whole_number = true;
    while let Some((c, _)) = folded.get(at) {
        match c {
            c if c.is_ascii_alphanumeric() => at += 1,
            '.' if digit(at + 1) && at > start && digit(at - 1) && whole_number => {
                whole_number = false;
                at += 1;
            }
            ',' if whole_number && at > start && digit(at - 1) && (1..=3).all(|k| digit(at + k)) && !digit(at + 4) => {
                at += 4;
            }
            _ => break,
        }
    }
    at
}

/// The keys of words, as the index takes them.
pub fn index_text(words: &[Word]) -> String {
    let keys: Vec<&str> = words.iter().map(|w| w.key.as_str()).collect();
    keys.join(" ")
}

/// Places of a term's words in a text's words, one after the other; places of one term do not overlap.
pub fn hits(text: &[Word], term: &[Word]) -> Vec<Range<usize>> {
    let mut hits = Vec::new();
    let mut at = 0;
    while !term.is_empty() && at + term.len() <= text.len() {
        let found = text[at..].iter().zip(term).all(|(a, b)| a.key == b.key);
        if found {
            hits.push(text[at].place.start..text[at + term.len() - 1].place.end);
        }
        at += if found { term.len() } else { 1 };
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str, term: &str) -> Vec<(usize, usize)> {
        let hits = hits(&words(text), &words(term));
        hits.into_iter().map(|place| (place.start, place.end)).collect()
    }

    #[test]
    fn terms_of_one_and_two_characters_are_found() {
        assert_eq!(found("预算执行率，执行", "执行"), [(2, 4), (6, 8)]);
        assert_eq!(found("预算执行率", "率"), [(4, 5)]);
        assert_eq!(found("合计1,020.16万元", "1020.16"), [(2, 10)]);
        assert_eq!(found("合计１０２０．１６万元", "1,020.16万"), [(2, 10)]);
        assert_eq!(found("GDP增长5.5%", "gdp增长"), [(0, 5)]);
        assert_eq!(found("1,2,3", "2"), [(2, 3)]);
        assert_eq!(found("2021.12.31", "31"), [(8, 10)]);
        assert!(found("合计1020.16", "1020").is_empty());
        assert!(found("预算", "\"*(").is_empty());
    }

    proptest! {
        #[test]
        fn keys_are_ascii_words_and_places_lie_in_the_text(text in "\\PC*") {
            let length = text.chars().count();
            for word in words(&text) {
                prop_assert!(word.key.bytes().all(|b| b.is_ascii_alphanumeric()), "{}", word.key);
                prop_assert!(!word.key.is_empty() && word.place.start < word.place.end && word.place.end <= length);
            }
        }
    }
}

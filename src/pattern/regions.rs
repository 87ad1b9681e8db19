//! Codes of places (GB/T 2260), from `patterns/regions.toml`.

use super::file::PatternFile;
use crate::error::Result;
use serde::Deserialize;
use std::collections::HashMap;

/// Longest name of a place, in characters (积石山保安族东乡族撒拉族自治县 has 15).
const LONGEST: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    endings: Vec<String>,
    region: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Region {
    code: String,
    names: Vec<String>,
    #[serde(default)]
    parts: String,
}

/// Six digits: province, prefecture, county, two each; what is not told is zero.
type Code = u32;

/// Places by name.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    whole: HashMap<String, Vec<Code>>,
    /// Names without their ending, which stand only before the name of a smaller place.
    short: HashMap<String, Vec<Code>>,
}

impl Regions {
    /// Loads the file.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Pattern`] for a code that is not six digits, or a part that is not two digits and a name.
    pub fn new(file: &PatternFile) -> Result<Self> {
        let parsed: File = file.parse()?;
        let mut regions = Regions::default();
        for region in &parsed.region {
            let wrong = |what: String| file.error_about(&what, &region.code);
            let code: Code = match region.code.parse() {
                Ok(code) if region.code.len() == 6 && code % 100 == 0 => code,
                _ => {
                    return Err(wrong(format!(
                        "region {}: a code has six digits, the last two 00",
                        region.code
                    )));
                }
            };
            for name in &region.names {
                regions.add(name, code, &parsed.endings);
            }
            for part in region.parts.split_whitespace() {
                let digits = part.get(..2).and_then(|digits| digits.parse::<Code>().ok());
                let (Some(digits), Some(name)) = (digits, part.get(2..)) else {
                    return Err(wrong(format!(
                        "region {}: {part} is not two digits and a name",
                        region.code
                    )));
                };
                regions.add(name, code + digits, &parsed.endings);
            }
        }
        Ok(regions)
    }

    fn add(&mut self, name: &str, code: Code, endings: &[String]) {
        // A place that an overlay names again is no other place.
        let same = self.whole.entry(name.to_owned()).or_default();
        if same.contains(&code) {
            return;
        }
        same.push(code);
        if code.is_multiple_of(100) {
            let short = endings.iter().find_map(|ending| name.strip_suffix(ending.as_str()));
            if let Some(short) = short.filter(|short| short.chars().count() >= 2) {
                self.short.entry(short.to_owned()).or_default().push(code);
            }
        }
    }

    /// The code of a place whose name is certain: the whole text is the name of one place, with or without the larger
    /// places around it (信丰县, 江西省赣州市信丰县). `None` for names that several places bear (鼓楼区) and for others.
    pub fn code(&self, name: &str) -> Option<String> {
        let mut found = Vec::new();
        self.parse(name, 0, &mut found);
        found.sort_unstable();
        found.dedup();
        match found[..] {
            [code] => Some(format!("{code:06}")),
            _ => None,
        }
    }

    /// The longest beginning of a text that is the name of one certain place, and its code.
    pub fn leading<'a>(&self, text: &'a str) -> Option<(&'a str, String)> {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take(2 * LONGEST);
        let mut ends: Vec<usize> = ends.collect();
        ends.reverse();
        ends.into_iter()
            .find_map(|end| Some((&text[..end], self.code(&text[..end])?)))
    }

    /// Every code that reads the whole text as a chain of places, each inside the one before it.
    fn parse(&self, rest: &str, parent: Code, found: &mut Vec<Code>) {
        for (at, c) in rest.char_indices().take(LONGEST) {
            let end = at + c.len_utf8();
            let (name, tail) = rest.split_at(end);
            if tail.is_empty() {
                let codes = self.whole.get(name).into_iter().flatten();
                found.extend(codes.filter(|code| inside(**code, parent)));
                return;
            }
            let whole = self.whole.get(name).into_iter().flatten();
            let short = self.short.get(name).into_iter().flatten();
            for code in whole.chain(short) {
                // Each step is a smaller place, so the chain has at most three.
                if inside(*code, parent) && code % 100 == 0 {
                    self.parse(tail, *code, found);
                }
            }
        }
    }
}

/// Whether a place lies inside another; every place lies inside 0.
fn inside(code: Code, parent: Code) -> bool {
    match parent {
        0 => true,
        province if province % 10_000 == 0 => code / 10_000 == province / 10_000 && code != province,
        prefecture => code / 100 == prefecture / 100 && code != prefecture,
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Patterns;

    #[test]
    fn a_certain_name_has_a_code_and_no_other() {
        let regions = Patterns::builtin().unwrap().regions;
        let rows = [
            ("江门市", Some("440700")),
            ("广东省", Some("440000")),
            ("北京市", Some("110000")),
            ("重庆市", Some("500000")),
            ("上海市嘉定区", Some("310114")),
            ("上海市普陀区", Some("310107")),
            ("池州市贵池区", Some("341702")),
            ("信丰县", Some("360722")),
            ("江西省赣州市信丰县", Some("360722")),
            ("赣州信丰县", Some("360722")),
            ("广西壮族自治区南宁市", Some("450100")),
            ("广西南宁市", Some("450100")),
            ("湖北省仙桃市", Some("429004")),
            ("杭州市临平区", Some("330113")),
            // Districts of several cities, until the city is named.
            ("鼓楼区", None),
            ("南京市鼓楼区", Some("320106")),
            ("普陀区", None),
            // Once a prefecture of its own, now a county of another.
            ("巢湖市", None),
            ("合肥市巢湖市", Some("340181")),
            // A county of another province, a short name alone, an open text, no place.
            ("广东省信丰县", None),
            ("广东", None),
            ("江门市财政局", None),
            ("青山绿水市", None),
            ("", None),
        ];
        for (name, code) in rows {
            assert_eq!(regions.code(name).as_deref(), code, "{name}");
        }
    }

    #[test]
    fn the_place_that_a_text_begins_with() {
        let regions = Patterns::builtin().unwrap().regions;
        let leading = |text| regions.leading(text).map(|(name, code)| format!("{name} {code}"));
        assert_eq!(
            leading("上海市普陀区委社会工作部").as_deref(),
            Some("上海市普陀区 310107")
        );
        assert_eq!(leading("江门市工业和信息化局").as_deref(), Some("江门市 440700"));
        assert_eq!(leading("财政局"), None);
    }

    #[test]
    fn every_code_of_the_table_has_six_digits_and_one_province() {
        let regions = Patterns::builtin().unwrap().regions;
        let provinces = |code: u32| code.is_multiple_of(10_000);
        let all: Vec<u32> = regions.whole.values().flatten().copied().collect();
        assert!(all.len() > 3000, "{}", all.len());
        for code in &all {
            assert!((110_000..830_000).contains(code), "{code}");
            assert!(
                all.iter().any(|c| provinces(*c) && c / 10_000 == code / 10_000),
                "{code}"
            );
        }
    }
}

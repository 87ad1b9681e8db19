//! Codes to characters where the file gives no ToUnicode map, and CJK radicals to the characters they stand for.

use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, String as PdfString};
use std::collections::{BTreeMap, BTreeSet};

/// What the codes of a composite font mean (ISO 32000-1, 9.7.5): code → CID → Unicode.
struct CompositeFont {
    /// Codes to CIDs; `None` for Identity.
    to_cid: Option<CMap>,
    /// CIDs to Unicode, by the font's character collection.
    to_unicode: CMap,
}

/// Encodings of the composite fonts without a ToUnicode map, by PostScript name without subset prefix.
///
/// The interpreter names the font of a glyph only by its PostScript name, so two fonts of one name that differ in
/// encoding are left out: an unknown character is better than a wrong one.
#[derive(Default)]
pub struct FontEncodings {
    fonts: BTreeMap<String, Option<CompositeFont>>,
    /// Names of the fonts whose glyphs the file holds.
    embedded: BTreeSet<String>,
}

impl FontEncodings {
    /// Looks through the document's fonts.
    pub fn of(pdf: &Pdf) -> Self {
        let mut wanted: BTreeMap<String, Option<(String, CidFamily)>> = BTreeMap::new();
        let mut embedded = BTreeSet::new();
        for object in pdf.objects() {
            let Object::Dict(dict) = object else { continue };
            embedded.extend(held(&dict));
            let Some((name, encoding)) = composite(&dict) else {
                continue;
            };
            wanted
                .entry(name)
                .and_modify(|known| {
                    if known.as_ref() != Some(&encoding) {
                        *known = None;
                    }
                })
                .or_insert(Some(encoding));
        }
        let load = |(encoding, family)| composite_font(encoding, family);
        FontEncodings {
            fonts: wanted.into_iter().map(|(name, e)| (name, e.and_then(load))).collect(),
            embedded,
        }
    }

    /// Whether the file holds the glyphs of a font.
    pub fn holds(&self, font: &str) -> bool {
        self.embedded.contains(font)
    }

    /// The character of a code, if the font's encoding says it.
    pub fn decode(&self, font: &str, code: u32) -> Option<char> {
        let font = self.fonts.get(font)?.as_ref()?;
        let cid = match &font.to_cid {
            None => code,
            Some(map) => (1..=4u8).find_map(|bytes| map.lookup_cid_code(code, bytes))?,
        };
        match font.to_unicode.lookup_bf_string(cid)? {
            BfString::Char(ch) if !ch.is_control() && ch != '\u{fffd}' => Some(ch),
            _ => None,
        }
    }
}

/// The name of a font without the prefix of a subset.
fn bare_name(name: &str) -> &str {
    match name.split_once('+') {
        Some((prefix, rest)) if prefix.len() == 6 => rest,
        _ => name,
    }
}

/// The name in a font descriptor that comes with the font itself.
fn held(dict: &Dict<'_>) -> Option<String> {
    let files: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
    if !files.iter().any(|key| dict.contains_key(key)) {
        return None;
    }
    let name = dict.get::<Name<'_>>(b"FontName" as &[u8])?;
    Some(bare_name(name.as_str()).to_owned())
}

/// Name and encoding of a composite font that has no ToUnicode map.
fn composite(dict: &Dict<'_>) -> Option<(String, (String, CidFamily))> {
    let subtype = dict.get::<Name<'_>>(b"Subtype" as &[u8])?;
    if subtype.as_ref() != b"Type0" || dict.contains_key(b"ToUnicode" as &[u8]) {
        return None;
    }
    let name = dict.get::<Name<'_>>(b"BaseFont" as &[u8])?;
    let name = bare_name(name.as_str());
    let Object::Name(encoding) = dict.get::<Object<'_>>(b"Encoding" as &[u8])? else {
        return None;
    };
    let descendant = dict
        .get::<Array<'_>>(b"DescendantFonts" as &[u8])?
        .iter::<Dict<'_>>()
        .next()?;
    let info = descendant.get::<Dict<'_>>(b"CIDSystemInfo" as &[u8])?;
    let registry = info.get::<PdfString<'_>>(b"Registry" as &[u8])?;
    let ordering = info.get::<PdfString<'_>>(b"Ordering" as &[u8])?;
    let family = CidFamily::from_registry_ordering(registry.as_ref(), ordering.as_ref());
    Some((name.to_owned(), (encoding.as_str().to_owned(), family)))
}

fn composite_font(encoding: String, family: CidFamily) -> Option<CompositeFont> {
    let (to_cid, family) = match CMapName::from_bytes(encoding.as_bytes()) {
        CMapName::IdentityH | CMapName::IdentityV => (None, family),
        name => {
            let map = CMap::parse(load_embedded(name)?, load_embedded)?;
            let own = map.metadata().character_collection.as_ref().map(|c| c.family.clone());
            (Some(map), own.unwrap_or(family))
        }
    };
    let to_unicode = CMap::parse(load_embedded(family.ucs2_cmap()?)?, load_embedded)?;
    Some(CompositeFont { to_cid, to_unicode })
}

/// The ordinary character for a radical form. Printers that go from glyph back to character (Chromium, Skia) write ⻓
/// for 长 because both share a glyph. The Kangxi block folds by its order; the Radicals Supplement by
/// EquivalentUnifiedIdeograph.txt of Unicode, which NFKC follows only for two of its characters.
pub fn fold_radical(ch: char) -> char {
    match ch {
        '\u{2e80}'..='\u{2ef3}' => SUPPLEMENT
            .iter()
            .find(|(from, _)| *from == ch)
            .map_or(ch, |(_, to)| *to),
        '\u{2f00}'..='\u{2fd5}' => KANGXI.chars().nth(ch as usize - 0x2f00).unwrap_or(ch),
        '\u{f900}'..='\u{faff}' => {
            // Compatibility ideographs have a canonical equivalent of one character.
            let mut folded = unicode_normalization::UnicodeNormalization::nfc(std::iter::once(ch));
            folded.next().filter(|_| folded.next().is_none()).unwrap_or(ch)
        }
        _ => ch,
    }
}

/// The 214 Kangxi radicals U+2F00… in order.
const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";

/// Radicals Supplement, U+2E80…U+2EF3.
const SUPPLEMENT: [(char, char); 115] = [
    ('⺀', '冫'),
    ('⺁', '厂'),
    ('⺂', '乛'),
    ('⺃', '乚'),
    ('⺄', '乙'),
    ('⺅', '亻'),
    ('⺆', '冂'),
    ('⺇', '几'),
    ('⺈', '刀'),
    ('⺉', '刂'),
    ('⺊', '卜'),
    ('⺋', '㔾'),
    ('⺌', '小'),
    ('⺍', '小'),
    ('⺎', '尢'),
    ('⺏', '尣'),
    ('⺐', '尢'),
    ('⺑', '尢'),
    ('⺒', '巳'),
    ('⺓', '幺'),
    ('⺔', '彑'),
    ('⺕', '彐'),
    ('⺖', '忄'),
    ('⺗', '心'),
    ('⺘', '扌'),
    ('⺙', '攵'),
    ('⺛', '旡'),
    ('⺜', '日'),
    ('⺝', '月'),
    ('⺞', '歺'),
    ('⺟', '母'),
    ('⺠', '民'),
    ('⺡', '氵'),
    ('⺢', '氺'),
    ('⺣', '灬'),
    ('⺤', '爫'),
    ('⺥', '爫'),
    ('⺦', '丬'),
    ('⺧', '牛'),
    ('⺨', '犭'),
    ('⺩', '王'),
    ('⺪', '疋'),
    ('⺫', '罒'),
    ('⺬', '示'),
    ('⺭', '礻'),
    ('⺮', '竹'),
    ('⺯', '糹'),
    ('⺰', '纟'),
    ('⺱', '罓'),
    ('⺲', '罒'),
    ('⺳', '罓'),
    ('⺴', '罒'),
    ('⺵', '𦉪'),
    ('⺶', '羊'),
    ('⺷', '羊'),
    ('⺸', '羊'),
    ('⺹', '耂'),
    ('⺺', '肀'),
    ('⺻', '聿'),
    ('⺼', '肉'),
    ('⺽', '臼'),
    ('⺾', '艹'),
    ('⺿', '艹'),
    ('⻀', '艹'),
    ('⻁', '虎'),
    ('⻂', '衤'),
    ('⻃', '覀'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻇', '角'),
    ('⻈', '讠'),
    ('⻉', '贝'),
    ('⻊', '足'),
    ('⻋', '车'),
    ('⻌', '辶'),
    ('⻍', '辶'),
    ('⻎', '辶'),
    ('⻏', '阝'),
    ('⻐', '钅'),
    ('⻑', '長'),
    ('⻒', '镸'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻕', '阝'),
    ('⻖', '阝'),
    ('⻗', '雨'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻞', '飠'),
    ('⻟', '飠'),
    ('⻠', '饣'),
    ('⻡', '首'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻧', '卤'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻪', '黾'),
    ('⻫', '斉'),
    ('⻬', '齐'),
    ('⻭', '歯'),
    ('⻮', '齿'),
    ('⻯', '竜'),
    ('⻰', '龙'),
    ('⻱', '龜'),
    ('⻲', '亀'),
    ('⻳', '龟'),
];

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn kangxi_radicals_fold_as_unicode_says() {
        assert_eq!(KANGXI.chars().count(), 214);
        for code in 0x2f00..=0x2fd5u32 {
            let radical = char::from_u32(code).unwrap();
            let nfkc: String = std::iter::once(radical).nfkc().collect();
            assert_eq!(fold_radical(radical).to_string(), nfkc, "U+{code:04X}");
        }
    }

    #[test]
    fn supplement_is_complete_and_in_order() {
        let assigned = (0x2e80..=0x2ef3u32).filter(|c| *c != 0x2e9a);
        for (code, (from, to)) in assigned.zip(SUPPLEMENT) {
            assert_eq!(from as u32, code);
            assert!(!('\u{2e80}'..='\u{2fdf}').contains(&to), "{to}");
        }
        assert_eq!(fold_radical('⻓'), '长');
        assert_eq!(fold_radical('⺠'), '民');
        assert_eq!(fold_radical('⻔'), '门');
        assert_eq!(fold_radical('长'), '长');
        assert_eq!(fold_radical('Ａ'), 'Ａ', "full width is the report's own writing");
    }
}

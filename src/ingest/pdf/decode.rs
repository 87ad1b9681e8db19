//! Codes to characters where the file gives no ToUnicode map.

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

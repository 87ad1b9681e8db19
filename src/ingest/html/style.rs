//! What attributes say about an element: whether it is shown, and what it is in Word's and Excel's pages.

use scraper::node::Element;
use std::collections::BTreeSet;

/// Class names that a page's style sheet hides.
#[derive(Debug, Default)]
pub(super) struct HiddenClasses(BTreeSet<String>);

impl HiddenClasses {
    /// Reads plain rules (`.a, td.b { display:none }`); rules for other media and conditions are left alone.
    pub(super) fn read(&mut self, sheet: &str) {
        let mut depth = 0usize;
        let mut from = 0;
        let mut selectors = "";
        for (at, c) in sheet.char_indices() {
            match c {
                '{' => {
                    if depth == 0 {
                        selectors = &sheet[from..at];
                    }
                    depth += 1;
                    from = at + 1;
                }
                '}' => {
                    if depth == 1 && !selectors.contains('@') && hides(&sheet[from..at]) {
                        self.0.extend(selectors.split(',').filter_map(class_of));
                    }
                    depth = depth.saturating_sub(1);
                    from = at + 1;
                }
                _ => {}
            }
        }
    }
}

/// The class of a selector that is nothing but a class, with or without an element.
fn class_of(selector: &str) -> Option<String> {
    let selector = selector.trim().trim_start_matches("<!--").trim();
    let (element, class) = selector.split_once('.')?;
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    (plain(element) && plain(class) && !class.is_empty()).then(|| class.to_owned())
}

/// Whether declarations take an element off the page.
fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((name, value)) = declaration.split_once(':') else {
            return false;
        };
        let value = value.trim().trim_end_matches("!important").trim_end();
        let pair = (name.trim().to_ascii_lowercase(), value.to_ascii_lowercase());
        matches!(
            (pair.0.as_str(), pair.1.as_str()),
            ("display", "none")
                | ("visibility", "hidden")
                | ("mso-hide", "all" | "screen")
                | ("mso-special-character", "comment")
        ) || (pair.0 == "mso-element" && matches!(pair.1.as_str(), "comment" | "comment-list" | "field-begin"))
    })
}

/// The value of a declaration, in lower case.
fn declared(element: &Element, wanted: &str) -> Option<String> {
    let style = element.attr("style")?;
    style.split(';').find_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case(wanted)
            .then(|| value.trim().to_ascii_lowercase())
    })
}

/// Whether the content of an element is shown and is text of the report.
pub(super) fn is_hidden(element: &Element, classes: &HiddenClasses) -> bool {
    let never = matches!(
        element.name(),
        "script"
            | "style"
            | "head"
            | "title"
            | "template"
            | "xml"
            | "del"
            | "select"
            | "textarea"
            | "datalist"
            | "iframe"
            | "noframes"
            | "noembed"
            | "audio"
            | "video"
            | "canvas"
            | "map"
            | "rp"
            | "rt"
    );
    never
        || element.attr("hidden").is_some()
        || element.attr("style").is_some_and(hides)
        || element.attr("class").is_some_and(|names| {
            let mut names = names.split_ascii_whitespace();
            names.any(|name| matches!(name, "msoDel" | "MsoCommentReference") || classes.0.contains(name))
        })
}

/// Word's mark of a list number that stands as text (`mso-list:Ignore`).
pub(super) fn is_list_number(element: &Element) -> bool {
    declared(element, "mso-list").is_some_and(|value| value == "ignore")
}

/// A heading by its element or by Word's outline level.
pub(super) fn heading(element: &Element) -> Option<u8> {
    if let Some(level @ 1..=9) = declared(element, "mso-outline-level").and_then(|level| level.parse().ok()) {
        return Some(level);
    }
    match element.name() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
}

/// A running header or footer, in LibreOffice's and Word's words.
pub(super) fn is_furniture(element: &Element) -> bool {
    let by_title = element.name() == "div" && matches!(element.attr("title"), Some("header" | "footer"));
    by_title || declared(element, "mso-element").is_some_and(|value| matches!(value.as_str(), "header" | "footer"))
}

/// A footnote or endnote, in Word's and LibreOffice's words.
pub(super) fn is_note(element: &Element) -> bool {
    let id = element.attr("id").unwrap_or_default();
    id.starts_with("sdfootnote") && element.name() == "div"
        || id.starts_with("sdendnote") && element.name() == "div"
        || declared(element, "mso-element").is_some_and(|v| matches!(v.as_str(), "footnote" | "endnote"))
}

/// Whether a table draws a frame around its cells.
pub(super) fn has_border(element: &Element) -> bool {
    let stated = element.attr("border").is_some_and(|width| width.trim() != "0");
    let styled = ["border", "border-top", "mso-border-alt"]
        .iter()
        .any(|name| declared(element, name).is_some_and(|value| !value.contains("none") && !value.starts_with('0')));
    stated || styled
}

/// Whether an element starts and ends lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "center"
            | "address"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "aside"
            | "figure"
            | "figcaption"
            | "fieldset"
            | "legend"
            | "pre"
            | "hr"
            | "body"
            | "dir"
            | "menu"
            | "details"
            | "summary"
            | "listing"
            | "xmp"
            | "plaintext"
            | "option"
            | "optgroup"
    )
}

/// Number of an item in an ordered list.
pub(super) fn ordinal(n: i64, kind: &str) -> String {
    let letter = |first: u8| match u8::try_from(n) {
        // a … z, then aa, bb … as Word and browsers' neighbours count; lists do not go so far.
        Ok(n @ 1..=26) => char::from(first + n - 1).to_string(),
        _ => n.to_string(),
    };
    let number = match kind {
        "a" | "lower-alpha" | "lower-latin" => letter(b'a'),
        "A" | "upper-alpha" | "upper-latin" => letter(b'A'),
        "i" | "lower-roman" => roman(n).to_lowercase(),
        "I" | "upper-roman" => roman(n),
        kind if is_chinese(kind) => return format!("{}、", chinese(n)),
        _ => n.to_string(),
    };
    format!("{number}.")
}

fn is_chinese(kind: &str) -> bool {
    kind.starts_with("cjk-ideographic") || kind.contains("chinese") || kind.starts_with("japanese-informal")
}

fn roman(n: i64) -> String {
    const STEPS: [(i64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&n) {
        return n.to_string();
    }
    let mut left = n;
    let mut out = String::new();
    for (value, sign) in STEPS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    out
}

fn chinese(n: i64) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: i64| {
        usize::try_from(d)
            .ok()
            .and_then(|d| DIGITS.get(d))
            .copied()
            .unwrap_or("")
    };
    match n {
        1..=9 => digit(n).to_owned(),
        10..=19 => format!("十{}", digit(n - 10)),
        20..=99 => format!("{}十{}", digit(n / 10), digit(n % 10)),
        _ => n.to_string(),
    }
}

/// How an ordered list counts.
pub(super) fn list_kind(element: &Element) -> String {
    declared(element, "list-style-type")
        .or_else(|| element.attr("type").map(|kind| kind.trim().to_owned()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_hide_classes() {
        let mut classes = HiddenClasses::default();
        classes.read("<!-- td.a, .b {color:red; DISPLAY : none} .c{display:block} @media print {.d{display:none}} .e p{display:none} -->");
        assert_eq!(classes.0.iter().map(String::as_str).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn items_count_in_their_lists_way() {
        for (n, kind, text) in [
            (3, "", "3."),
            (2, "a", "b."),
            (27, "A", "27."),
            (9, "i", "ix."),
            (12, "cjk-ideographic", "十二、"),
            (30, "simp-chinese-informal", "三十、"),
            (-1, "I", "-1."),
        ] {
            assert_eq!(ordinal(n, kind), text);
        }
    }
}

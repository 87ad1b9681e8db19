//! What attributes say about an element: whether it is shown, and what it is in Word's and Excel's pages.

use super::css::Css;
use scraper::node::Element;

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
pub(super) fn is_hidden(element: &Element, css: &Css) -> bool {
    let never = matches!(
        element.name(),
        "script"
            | "style"
            | "head"
            | "title"
            | "template"
            | "xml"
            | "del"
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
        || super::parse::look_of(element) == "template"
        || (element.name() == "dialog" && element.attr("open").is_none())
        || css.hidden == Some(true)
        || (element.attr("hidden").is_some() && css.hidden.is_none())
        || element.attr("class").is_some_and(|names| {
            let mut names = names.split_ascii_whitespace();
            names.any(|name| matches!(name, "msoDel" | "MsoCommentReference"))
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

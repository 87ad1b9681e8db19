//! Fields of forms: what a reader of the page sees in them.

use ego_tree::NodeRef;
use scraper::node::{Element, Node};

/// What an `input` shows; `None` for what holds no entry: buttons, passwords, hidden fields.
pub(super) fn shown(element: &Element) -> Option<&str> {
    let kind = element.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "checkbox" | "radio" => Some(if element.attr("checked").is_some() {
            "☑"
        } else {
            "☐"
        }),
        "hidden" | "password" | "button" | "submit" | "reset" | "image" | "file" | "range" | "color" => None,
        _ => element.attr("value"),
    }
}

/// The options of a `select` that it shows: the chosen ones, else the first of a list that drops down.
pub(super) fn chosen(select: NodeRef<'_, Node>) -> Vec<String> {
    let options: Vec<NodeRef<'_, Node>> = select
        .descendants()
        .filter(|node| node.value().as_element().is_some_and(|e| e.name() == "option"))
        .collect();
    let has = |node: NodeRef<'_, Node>, name: &str| node.value().as_element().is_some_and(|e| e.attr(name).is_some());
    let chosen: Vec<NodeRef<'_, Node>> = options.iter().copied().filter(|node| has(*node, "selected")).collect();
    let several = has(select, "multiple");
    let seen = match (several, chosen.as_slice()) {
        (true, _) => chosen,
        // Of several that are chosen in a list for one, browsers take the last.
        (false, [.., last]) => vec![*last],
        (false, []) => options.into_iter().take(1).collect(),
    };
    let text = |node: NodeRef<'_, Node>| -> String {
        node.descendants()
            .filter_map(|n| n.value().as_text().map(|t| t.to_string()))
            .collect()
    };
    seen.into_iter().map(text).collect()
}

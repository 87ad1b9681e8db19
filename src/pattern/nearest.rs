//! What was meant by a name that nobody knows: messages that name the nearest known one.

/// The known name that takes the fewest changes of letters, if that is few enough to be what was meant.
pub(super) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(&lower, &known.to_lowercase()), known))
        .filter(|(distance, known)| *distance * 2 <= length.max(known.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// “did you mean”, where there is something to mean.
pub(super) fn suggestion<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(name, known).map_or_else(String::new, |known| format!("; did you mean `{known}`?"))
}

/// A message of the TOML reader; where it lists the names that are allowed, the nearest one is pointed out.
pub(super) fn explained(message: &str) -> String {
    let message = message.trim_end();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = message.starts_with("unknown field `") || message.starts_with("unknown variant `");
    match quoted.next() {
        Some(name) if unknown => {
            let (told, allowed) = message.split_once(", ").unwrap_or((message, ""));
            let meant = suggestion(name, quoted);
            let comma = if allowed.is_empty() { "" } else { "; " };
            format!("{told}{meant}{comma}{allowed}")
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let known = ["headers.toml", "forms.toml", "values.toml", "行次"];
        for (name, expected) in [
            ("header.toml", Some("headers.toml")),
            ("Headers.toml", Some("headers.toml")),
            ("from.toml", Some("forms.toml")),
            ("vlaues.toml", Some("values.toml")),
            ("行号", Some("行次")),
            ("regular", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
        let message = "unknown variant `scoer`, expected one of `sequence`, `score`, `other`";
        let explained = explained(message);
        assert!(
            explained.starts_with("unknown variant `scoer`; did you mean `score`?; expected one of"),
            "{explained}"
        );
    }
}

//! Finds `{{ }}` that names one of our namespaces, in text that is not read as
//! a template.
//!
//! `docker ps --format '{{.Names}}'` and other templates in braces stay legal.

/// Names that stand for our values.
const NAMESPACES: [&str; 11] = [
    "vars", "steps", "item", "loop", "env", "run", "trigger", "secrets", "workflow", "output",
    "event",
];

/// A reference in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Byte range of the namespace's name.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The reference as written, for example `vars.limit`.
    pub(crate) shown: String,
}

impl Found {
    /// A name for an environment variable that carries the value.
    pub(crate) fn variable(&self) -> String {
        let last = self.shown.rsplit('.').next().unwrap_or_default();
        let name: String =
            last.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if name.is_empty() { "VALUE".to_owned() } else { name.to_ascii_uppercase() }
    }
}

/// The first such reference in `text`; `items` are further names of values.
pub(crate) fn find(text: &str, items: &[&str]) -> Option<Found> {
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|i| from + i + 2) {
        let close = open + text[open..].find("}}")?;
        if let Some(found) = reference(text, open, close, items) {
            return Some(found);
        }
        from = close + 2;
    }
    None
}

/// The first namespace named in `text[open..close]`, outside quotes.
fn reference(text: &str, open: usize, close: usize, items: &[&str]) -> Option<Found> {
    let mut quote = None;
    let mut before = ' ';
    let mut at = open;
    while at < close {
        let c = text[at..].chars().next()?;
        let word_end = at + word(&text[at..close]);
        if quote.is_some() || c == '"' || c == '\'' || c == '`' {
            quote = match quote {
                Some(open) if open == c => None,
                Some(open) => Some(open),
                None => Some(c),
            };
        } else if word_end > at {
            let name = &text[at..word_end];
            let named = NAMESPACES.contains(&name) || items.contains(&name);
            // `.env` and `$env` are another language's
            if named && !matches!(before, '.' | '$') && is_value(&text[word_end..close]) {
                let end = word_end + path(&text[word_end..close]);
                return Some(Found { start: at, end: word_end, shown: text[at..end].to_owned() });
            }
            before = 'w';
            at = word_end;
            continue;
        }
        before = c;
        at += c.len_utf8();
    }
    None
}

/// Whether a name followed by this is a value, rather than a function of
/// another template language such as `env "HOME"`.
fn is_value(rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    !next.is_some_and(|c| c == '"' || c == '\'' || c == '`' || c == '$' || c == '(')
}

fn word(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// The length of the `.a.b` that begins `text`.
fn path(text: &str) -> usize {
    let mut end = 0;
    while text[end..].starts_with('.') && word(&text[end + 1..]) > 0 {
        end += 1 + word(&text[end + 1..]);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_namespaces_are_found() {
        for (text, shown) in [
            ("echo {{ vars.limit }}", "vars.limit"),
            ("echo ${{ secrets.token }}", "secrets.token"),
            ("{{.Names}} {{ steps.a.output.stdout | trim }}", "steps.a.output.stdout"),
            ("{{item}}", "item"),
            ("{{ 1 + loop.index }}", "loop.index"),
            ("{{ vars['x'] }}", "vars"),
            ("{{ 'a' ~ run.id }}", "run.id"),
        ] {
            assert_eq!(find(text, &[]).map(|f| f.shown).as_deref(), Some(shown), "{text}");
        }
        for text in [
            "docker ps --format '{{.Names}}'",
            "docker inspect -f '{{ .Config.env }} {{ $run.x }}'",
            "{{ env \"HOME\" }}",
            "{{ 'vars.x' }}",
            "{{ myvars.x }}",
            "{{ vars.x",
            "echo vars.x {{}}",
            "awk '{{print $1}}'",
            "{{ é }}",
        ] {
            assert_eq!(find(text, &[]), None, "{text}");
        }
    }

    #[test]
    fn a_variable_is_proposed() {
        let found = find("x {{ vars.limit }}", &[]).unwrap();
        assert_eq!((found.start, found.end), (5, 9));
        assert_eq!(found.variable(), "LIMIT");
        assert_eq!(find("{{ item }}", &[]).unwrap().variable(), "ITEM");
    }
}

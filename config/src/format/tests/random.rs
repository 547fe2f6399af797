//! Documents that nobody has written, with comments wherever one may stand: formatting
//! loses nothing, changes nothing, and is done after the first time.

use proptest::prelude::*;

use crate::format::format;

/// Choices, from bytes that proptest shrinks.
struct Dice<'a> {
    bytes: std::slice::Iter<'a, u8>,
    comments: usize,
}

impl Dice<'_> {
    fn up_to(&mut self, most: usize) -> usize {
        usize::from(self.bytes.next().copied().unwrap_or(0)) % (most + 1)
    }

    fn one_in(&mut self, most: usize) -> bool {
        self.up_to(most - 1) == most - 1
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.up_to(of.len() - 1)]
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        let text = self.pick(&["x", " бележка", "#", " a: b", " 'q", " - x", "", "\ttab"]);
        format!("#{text} {}", self.comments)
    }

    /// Lines of their own before something.
    fn leads(&mut self, indent: usize, out: &mut String) {
        while self.one_in(5) {
            if self.one_in(3) {
                out.push_str(self.pick(&["\n", "  \n", "\n\n"]));
            } else {
                let shift = self.up_to(3);
                out.push_str(&" ".repeat((indent + shift).saturating_sub(1)));
                let comment = self.comment();
                out.push_str(&comment);
                out.push('\n');
            }
        }
    }

    fn note(&mut self, out: &mut String) {
        if self.one_in(4) {
            out.push_str(self.pick(&[" ", "   ", "\t"]));
            let comment = self.comment();
            out.push_str(&comment);
        }
        out.push_str(self.pick(&["\n", "\n", " \n"]));
    }

    fn plain(&mut self) -> &'static str {
        self.pick(&[
            "x",
            "1",
            "010",
            "yes",
            "~",
            "a b",
            "'it''s'",
            "'x'",
            "\"y\\n\"",
            "\"{{ a }}\"",
            "''",
            "a#b",
            "https://x/y",
            "-x",
            "'a: b'",
            "\"a # b\"",
            "true",
            "1.50",
            "мир",
        ])
    }

    fn flow(&mut self, depth: usize, breaks: bool) -> String {
        let kind = if depth == 0 { 0 } else { self.up_to(3) };
        if kind < 2 {
            return self.plain().to_owned();
        }
        let count = self.up_to(3);
        let gap = |dice: &mut Self| -> String {
            if !breaks || !dice.one_in(3) {
                return dice.pick(&["", " "]).to_owned();
            }
            let note = if dice.one_in(2) { format!(" {}", dice.comment()) } else { String::new() };
            format!("{note}\n{}", " ".repeat(20))
        };
        let mut out = String::from(if kind == 2 { "[" } else { "{" });
        for index in 0..count {
            out.push_str(&gap(self));
            if kind == 3 {
                out.push_str(&format!("k{index}: "));
            }
            out.push_str(&self.flow(depth - 1, breaks));
            if index + 1 < count || self.one_in(4) {
                out.push(',');
            }
        }
        out.push_str(&gap(self));
        out.push(if kind == 2 { ']' } else { '}' });
        out
    }

    fn block_text(&mut self, indent: usize, out: &mut String) {
        let sign = self.pick(&["|", ">", "|-", ">-", "|+", ">+"]);
        out.push_str(sign);
        let deep = self.one_in(4);
        if deep {
            out.push('2');
        }
        self.note(out);
        for index in 0..=self.up_to(3) {
            let extra = if deep && index == 0 { 2 } else { 0 };
            match self.up_to(4) {
                0 if index > 0 => out.push('\n'),
                1 if index > 0 => out.push_str(&format!("{}deeper \n", " ".repeat(indent + 4))),
                _ => {
                    let text = self.pick(&["text", "# no comment", "a: b", "- c", "край", "end  "]);
                    out.push_str(&format!("{}{text}\n", " ".repeat(indent + 2 + extra)));
                }
            }
        }
    }

    /// What stands behind a key or dash at `indent`.
    fn value(&mut self, indent: usize, depth: usize, out: &mut String) {
        match if depth == 0 { self.up_to(3) } else { self.up_to(7) } {
            0 => {
                out.push(' ');
                out.push_str(self.plain());
                self.note(out);
            }
            1 => {
                out.push(' ');
                let breaks = self.one_in(2);
                let text = self.flow(2, breaks);
                out.push_str(&text);
                self.note(out);
            }
            2 => {
                out.push(' ');
                self.block_text(indent, out);
            }
            3 => {
                let text = self.pick(&["", " one\n      two", " \"a\n      b\""]);
                out.push_str(text);
                // deep enough wherever it stands
                out.truncate(out.trim_end().len());
                if out.ends_with("two") || out.ends_with("b\"") {
                    let at = out.rfind("\n").unwrap();
                    out.insert_str(at + 1, &" ".repeat(indent));
                }
                self.note(out);
            }
            4 | 5 => {
                self.note(out);
                let deeper = 1 + self.up_to(3);
                self.map(indent + deeper, depth - 1, out);
            }
            _ => {
                self.note(out);
                let deeper = 1 + self.up_to(3);
                self.list(indent + deeper, depth - 1, out);
            }
        }
    }

    fn map(&mut self, indent: usize, depth: usize, out: &mut String) {
        let count = 1 + self.up_to(3);
        for index in 0..count {
            self.leads(indent, out);
            out.push_str(&" ".repeat(indent));
            out.push_str(&format!("{}{index}:", self.pick(&["k", "id", "run", "name"])));
            self.value(indent, depth, out);
        }
        self.leads(indent, out);
    }

    fn list(&mut self, indent: usize, depth: usize, out: &mut String) {
        for _ in 0..=self.up_to(2) {
            self.leads(indent, out);
            out.push_str(&" ".repeat(indent));
            out.push('-');
            if depth > 0 && self.one_in(2) {
                // a map that begins on the line of its dash
                out.push_str(" a:");
                self.value(indent + 2, depth - 1, out);
                if self.one_in(2) {
                    self.leads(indent + 2, out);
                    out.push_str(&format!("{}b:", " ".repeat(indent + 2)));
                    self.value(indent + 2, depth - 1, out);
                }
            } else {
                self.value(indent, depth, out);
            }
        }
        self.leads(indent, out);
    }

    fn document(&mut self) -> String {
        const TOP: [&str; 9] = [
            "outputs",
            "name",
            "steps",
            "x",
            "version",
            "handlers",
            "variables",
            "timeout",
            "tags",
        ];
        let mut out = String::new();
        let first = self.up_to(TOP.len() - 1);
        for index in 0..=self.up_to(5) {
            self.leads(0, &mut out);
            out.push_str(&format!("{}:", TOP[(first + index * 2) % TOP.len()]));
            let depth = 4;
            self.value(0, depth, &mut out);
        }
        self.leads(0, &mut out);
        out
    }
}

/// A document of a person's, as it might come from any editor.
fn document(bytes: &[u8]) -> String {
    let mut dice = Dice { bytes: bytes.iter(), comments: 0 };
    let text = dice.document();
    match bytes.first().copied().unwrap_or(0) % 4 {
        1 => text.replace('\n', "\r\n"),
        2 => format!("\u{feff}{text}"),
        3 => text.trim_end_matches('\n').to_owned(),
        _ => text,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_once_is_enough(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let source = document(&bytes);
        let text = match format(&source, "a.yaml") {
            Ok(text) => text,
            // a few of what the dice make is no YAML
            Err(crate::format::Refusal::Unread(_)) => return Ok(()),
            Err(refusal) => panic!("{refusal:?}\n{source}"),
        };
        let again = format(&text, "a.yaml");
        prop_assert_eq!(again.as_ref(), Ok(&text), "from\n{}", source);
        prop_assert!(text.ends_with('\n') && !text.contains('\r'));
        let comments = |text: &str| text.matches('#').count();
        prop_assert_eq!(comments(&text), comments(&source), "{}\n=====>\n{}", source, text);
    }

    #[test]
    fn no_text_makes_it_panic(source in "[-a:#\\[\\]{}|> '\"&*!?,.\n\t0-9]{0,80}") {
        let _ = format(&source, "a.yaml");
    }
}

/// How many of the generated documents are YAML: else the property would say little.
#[test]
fn most_of_what_the_dice_make_is_yaml() {
    let mut state = 7_u32;
    let mut good = 0;
    for _ in 0..400 {
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let bytes: Vec<u8> = (0..200).map(|_| byte()).collect();
        good += usize::from(format(&document(&bytes), "a").is_ok());
    }
    assert!(good > 200, "{good} of 400");
}

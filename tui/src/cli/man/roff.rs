//! Text as man(7) wants it: nothing of a text is read as a request.

/// Roff that is being written, a line at a time.
#[derive(Debug, Default)]
pub struct Roff(String);

impl Roff {
    /// A request with its arguments, which are not escaped: `.SH NAME`.
    pub fn request(&mut self, request: &str) {
        self.raw(request);
    }

    /// A paragraph of prose; what stands in backticks becomes bold.
    pub fn text(&mut self, text: &str) {
        for line in text.lines() {
            self.raw(&first_harmless(&marked(line)));
        }
    }

    /// The term of `.TP`, whose text comes next.
    pub fn term(&mut self, term: &str) {
        self.raw(".TP");
        self.raw(&first_harmless(term));
    }

    /// Lines as they are, indented so little that those of 78 fit a terminal of 80.
    pub fn verbatim<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>) {
        self.raw(".EX\n.in 2n");
        for line in lines {
            self.raw(&first_harmless(&escaped(line)));
        }
        self.raw(".in\n.EE");
    }

    fn raw(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// Text in which nothing is an escape, and dashes can be copied.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            other => escaped.push(other),
        }
    }
    escaped
}

pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escaped(text))
}

pub fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escaped(text))
}

/// Escaped text in which what stood in backticks is bold.
fn marked(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts.map(|(at, part)| if at % 2 == 1 { bold(part) } else { escaped(part) }).collect()
}

/// A line that begins with a dot is a request; an empty one a gap that lints refuse.
fn first_harmless(line: &str) -> String {
    match line.starts_with('.') {
        true => format!("\\&{line}"),
        false => line.to_owned(),
    }
}

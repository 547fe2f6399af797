//! Names of steps in expressions, with the bytes at which they are written: behind the
//! escapes of quoted text, in lines of a block, between other text.

use std::ops::Range;

use crate::yaml::Quote;

/// The characters of a scalar with the bytes at which they are written.
pub(super) fn decoded(raw: &str, quote: Quote) -> Vec<(char, Range<usize>)> {
    let mut chars = Vec::with_capacity(raw.len());
    let mut rest = raw.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let doubled = |c: char| quote == Quote::Single && c == '\'';
        match c {
            '\\' if quote == Quote::Double => {
                let Some((next, escaped)) = rest.next() else { break };
                let meant = match escaped {
                    '"' | '\\' | '/' => escaped,
                    'n' | 't' | 'r' | '\n' | ' ' | '_' => ' ',
                    // a name is not written that way
                    _ => '\u{fffd}',
                };
                chars.push((meant, at..next + escaped.len_utf8()));
            }
            '\'' if doubled(c) && rest.peek().is_some_and(|(_, c)| doubled(*c)) => {
                let end = rest.next().map_or(at + 1, |(next, _)| next + 1);
                chars.push(('\'', at..end));
            }
            // the quotes around it
            '\'' | '"' if quote != Quote::None && (at == 0 || at + 1 == raw.len()) => {}
            c => chars.push((c, at..at + c.len_utf8())),
        }
    }
    chars
}

/// The names of `steps.NAME` and `steps['NAME']` in the expressions of a text.
pub(super) fn names(
    chars: &[(char, Range<usize>)],
    is_condition: bool,
) -> Vec<(String, Range<usize>)> {
    let at = |index: usize| chars.get(index).map(|(c, _)| *c);
    let first = chars.iter().find(|(c, _)| !c.is_whitespace()).map(|(c, _)| *c);
    let mut open = is_condition && first != Some('{');
    let bare = open;
    let mut found = Vec::new();
    let (mut index, mut before) = (0, ' ');
    while let Some(c) = at(index) {
        if !open {
            open = c == '{' && at(index + 1) == Some('{');
            index += 1 + usize::from(open);
            before = ' ';
            continue;
        }
        match c {
            '}' if !bare && at(index + 1) == Some('}') => {
                open = false;
                index += 1;
            }
            '\'' | '"' => index = end_of_text(chars, index, c),
            c if c == '_' || c.is_ascii_alphabetic() => {
                let end = end_of_word(chars, index);
                let word: String = chars[index..end].iter().map(|(c, _)| *c).collect();
                if word == "steps" && before != '.' {
                    found.extend(member(chars, end));
                }
                before = 'a';
                index = end;
                continue;
            }
            c if c.is_whitespace() => {
                index += 1;
                continue;
            }
            _ => {}
        }
        before = c;
        index += 1;
    }
    found
}

/// The name behind `steps`, which ends at `index`.
fn member(chars: &[(char, Range<usize>)], index: usize) -> Option<(String, Range<usize>)> {
    let skip = |mut index: usize| {
        while chars.get(index).is_some_and(|(c, _)| c.is_whitespace()) {
            index += 1;
        }
        index
    };
    let sign = skip(index);
    let mut start = skip(sign + 1);
    match chars.get(sign)?.0 {
        '.' => {}
        '[' if matches!(chars.get(start)?.0, '\'' | '"') => start += 1,
        _ => return None,
    }
    let end = end_of_word(chars, start);
    let name: String = chars[start..end].iter().map(|(c, _)| *c).collect();
    let range = chars.get(start)?.1.start..chars.get(end.checked_sub(1)?)?.1.end;
    (!name.is_empty()).then_some((name, range))
}

fn end_of_word(chars: &[(char, Range<usize>)], mut index: usize) -> usize {
    while chars.get(index).is_some_and(|(c, _)| *c == '_' || c.is_ascii_alphanumeric()) {
        index += 1;
    }
    index
}

/// The quote that ends a text of an expression, or the end.
fn end_of_text(chars: &[(char, Range<usize>)], start: usize, quote: char) -> usize {
    let mut index = start + 1;
    while let Some((c, _)) = chars.get(index) {
        match c {
            '\\' => index += 1,
            c if *c == quote => return index,
            _ => {}
        }
        index += 1;
    }
    index
}

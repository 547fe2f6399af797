//! The words of expressions: filters, tests, functions and namespaces.
//!
//! The manual prints these tables, and a test compares them with what the
//! environment registers.

/// Name, and what it does with an example.
pub const FILTERS: &[(&str, &str)] = &[
    ("abs", "absolute value: `-3 | abs` is 3"),
    ("attr", "field of a map by a computed name: `vars.m | attr(vars.key)`"),
    ("b64decode", "text from base64: `'aGk=' | b64decode` is 'hi'"),
    ("b64encode", "base64 of a text: `'hi' | b64encode` is 'aGk='"),
    ("basename", "last part of a path: `'/var/log/a.log' | basename` is 'a.log'"),
    ("batch", "lists of that many items: `[1,2,3] | batch(2)` is [[1,2],[3]]"),
    ("bool", "whether a value is true, not empty and not zero: `'' | bool` is false"),
    ("columns", "fields between blanks, as awk splits: `'a  b' | columns` is ['a','b']"),
    ("count", "the same as length"),
    ("d", "the same as default"),
    ("default", "another value when it is undefined: `item.size | default(0)`"),
    ("dictsort", "pairs of a map by key, or by=\"value\": `vars.m | dictsort(by='value')`"),
    ("dirname", "path without its last part: `'/var/log/a.log' | dirname` is '/var/log'"),
    ("filesizeformat", "bytes for people: `1536 | filesizeformat` is '1.5 KiB'"),
    ("first", "first item: `[1,2] | first` is 1"),
    ("float", "number with a fraction: `'1.5' | float` is 1.5"),
    (
        "fromcsv",
        "list of maps by the header of a CSV text; header=false gives lists; delimiter=';'",
    ),
    ("fromjson", "document from JSON text: `'[1]' | fromjson` is [1]"),
    ("groupby", "list of {grouper, list} by a field: `vars.rows | groupby('host')`"),
    ("int", "integer: `'42' | int` is 42; default= and base= as in Jinja"),
    ("items", "list of [key, value] pairs: `{'a': 1} | items` is [['a',1]]"),
    ("join", "text of all items: `[1,2] | join('-')` is '1-2'; attribute= takes a field of each"),
    ("keys", "keys of a map: `{'a': 1} | keys` is ['a']"),
    ("last", "last item: `[1,2] | last` is 2"),
    ("length", "number of items, or of characters: `'abc' | length` is 3"),
    ("lines", "lines of a text without their ends: `steps.usage.output.stdout | lines`"),
    ("list", "list of a map's keys, or of a text's characters"),
    ("lower", "small letters: `'A' | lower` is 'a'"),
    ("map", "a field or filter of each item: `vars.rows | map(attribute='id')`, `| map('upper')`"),
    ("max", "largest item: `[1,3] | max` is 3"),
    ("min", "smallest item: `[1,3] | min` is 1"),
    ("regex_captures", "groups of the first match, named ones as a map, or none"),
    ("regex_find", "first match or none: `'a12' | regex_find('[0-9]+')` is '12'"),
    (
        "regex_replace",
        "each match replaced, $1 is a group: `'a1' | regex_replace('[0-9]', 'x')` is 'ax'",
    ),
    ("regex_split", "pieces between matches: `'a1b' | regex_split('[0-9]')` is ['a','b']"),
    ("regex_test", "whether a pattern is found: `'a12' | regex_test('[0-9]')` is true"),
    ("reject", "items that fail a test: `[1,2] | reject('odd')` is [2]"),
    ("rejectattr", "items whose field fails a test: `vars.rows | rejectattr('ok')`"),
    ("replace", "text with another in its place: `'a-b' | replace('-', '_')` is 'a_b'"),
    ("reverse", "items or characters from last to first: `[1,2] | reverse` is [2,1]"),
    ("round", "rounded, to that many digits: `1.25 | round(1)` is 1.2 (half to even)"),
    ("select", "items that pass a test: `[1,2] | select('odd')` is [1]"),
    ("selectattr", "items whose field passes a test: `vars.rows | selectattr('n', 'gt', 3)`"),
    ("slice", "that many lists of nearly equal length: `[1,2,3] | slice(2)` is [[1,2],[3]]"),
    ("sort", "items in order; attribute=, reverse=true: `vars.rows | sort(attribute='n')`"),
    ("split", "pieces between a text, or between blanks: `'a,b' | split(',')` is ['a','b']"),
    (
        "strftime",
        "time of an ISO 8601 text or Unix seconds in a format: `run.started_at | strftime('%Y-%m-%d')`",
    ),
    ("string", "text of any value: `1 | string` is '1'"),
    ("sum", "sum of numbers; attribute= takes a field of each: `[1,2] | sum` is 3"),
    ("timestamp", "Unix seconds of an ISO 8601 text: `'1970-01-01T00:01:00Z' | timestamp` is 60"),
    ("title", "Capital Letters: `'a b' | title` is 'A B'"),
    ("tocsv", "CSV text of a list of maps or lists; columns=['a','b'] chooses and orders"),
    ("tojson", "JSON text: `[1] | tojson` is '[1]'; indent=true breaks lines"),
    ("trim", "without blanks at both ends: `' a ' | trim` is 'a'"),
    ("unique", "items without repetition: `[1,1,2] | unique` is [1,2]"),
    ("upper", "capital letters: `'a' | upper` is 'A'"),
    ("urlencode", "percent-encoded for a URL: `'a b' | urlencode` is 'a%20b'"),
    ("values", "values of a map: `{'a': 1} | values` is [1]"),
    ("zip", "lists side by side: `[1,2] | zip(['a','b'])` is [[1,'a'],[2,'b']]"),
];

/// What stands after `is`, with an example.
pub const TESTS: &[(&str, &str)] = &[
    ("boolean", "true or false"),
    ("containing", "text or list that has it: `'abc' is containing 'b'`"),
    ("defined", "present: `item.size is defined`"),
    ("divisibleby", "`6 is divisibleby 3`"),
    ("endingwith", "`'a.log' is endingwith '.log'`"),
    ("eq", "equal, for select: `vars.rows | selectattr('host', 'eq', 'a')`"),
    ("even", "`2 is even`"),
    ("false", "exactly false"),
    ("float", "number with a fraction"),
    ("ge", "greater or equal, for select"),
    ("gt", "greater, for select"),
    ("in", "part of a list or text, for select"),
    ("integer", "whole number"),
    ("iterable", "list, map or text"),
    ("le", "less or equal, for select"),
    ("lt", "less, for select"),
    ("mapping", "map"),
    ("matching", "a regular expression is found: `'a12' is matching '[0-9]+'`"),
    ("ne", "not equal, for select"),
    ("none", "null"),
    ("number", "number"),
    ("odd", "`1 is odd`"),
    ("sequence", "list"),
    ("startingwith", "`'/var' is startingwith '/'`"),
    ("string", "text"),
    ("true", "exactly true"),
    ("undefined", "absent"),
];

/// What can be called, with an example.
pub const FUNCTIONS: &[(&str, &str)] = &[
    ("always", "true, and asks the `if` even after a failure: `always()`"),
    ("dict", "map of named values: `dict(a=1)` is {'a': 1}"),
    ("failed", "whether a step before failed, and asks the `if` then: `failed()`"),
    ("range", "list of integers: `range(3)` is [0,1,2]; at most 100,000"),
];

/// The namespaces whose members are checked by name.
pub(super) const NAMED: [&str; 3] = ["vars", "steps", "secrets"];

/// The other roots of every expression.
pub(super) const ROOTS: [&str; 6] = ["run", "workflow", "item", "loop", "output", "event"];

/// Roots that a later version will have.
pub(super) const LATER: [&str; 1] = ["env"];

/// The root of the expressions of a trigger; in those of a run it is nothing.
pub(super) const TRIGGER: &str = "trigger";

/// Words with a meaning of their own.
const WORDS: [&str; 13] = [
    "and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True",
];

/// Whether nothing else may be called `name`, because it would hide a namespace or
/// be read as a word.
pub fn is_reserved(name: &str) -> bool {
    [&NAMED[..], &ROOTS, &LATER, &[TRIGGER], &WORDS].iter().any(|names| names.contains(&name))
}

pub(super) fn has(table: &[(&str, &str)], name: &str) -> bool {
    table.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
}

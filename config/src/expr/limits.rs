//! The limits of expressions. Each is an error where it is reached, never a
//! hang or a huge allocation.

/// Longest expression in bytes: a longer one is a program, not a field.
pub const MAX_SOURCE: usize = 4 << 10;

/// Most expressions in one text. A longer text belongs in a template file.
pub const MAX_EXPRESSIONS: usize = 64;

/// Most tokens of an expression. minijinja's parser and code generator recurse
/// once per link of `a.b.c` and `1+1+1`, which this keeps within a small stack.
pub const MAX_TOKENS: usize = 512;

/// Deepest nesting of brackets, `not`, unary minus and `else`, counted together
/// because each of them is a level of recursion in the parser. With the brackets
/// that `guard` adds, an unoptimized build does with the 2 MiB of stack that a
/// thread has unless it asks for more.
pub const MAX_NESTING: usize = 16;

/// Most minijinja instructions of one evaluation. An expression has no loops,
/// so it can spend no more than a few for each token.
pub(super) const FUEL: u64 = 16 * MAX_TOKENS as u64;

/// What a list item or map entry counts besides its text, in bytes, wherever
/// the size of a value is limited: about what it takes in memory.
pub(super) const NODE: usize = 32;

/// Largest scope that one expression may read, in bytes.
pub(super) const MAX_SCOPE: usize = 16 << 20;

/// What the filters, functions and operators of one expression may make in all,
/// in bytes. It is never given back during an evaluation, so it bounds memory.
pub(super) const MAX_MADE: usize = 24 << 20;

/// What filters and tests may read in one expression, in bytes: about a second.
pub(super) const MAX_WORK: usize = 256 << 20;

/// The same for all items of `each` together: some KiB for each of the most
/// items that there may be, and a few seconds.
pub(super) const MAX_WORK_ITEMS: usize = 1 << 30;

/// Largest result of one call in bytes, a node counting half of [`NODE`]. It is
/// four times the largest output of a task.
pub(super) const MAX_RESULT: usize = 16 << 20;

/// Most items of `each`, the same as the longest `range()`: each has its own
/// evaluations and its own place in the result.
pub const MAX_ITEMS: usize = 100_000;

/// Largest compiled regular expression in bytes. `\w+@\w+` takes half of this,
/// since `\w` knows all scripts.
pub(super) const MAX_REGEX: usize = 512 << 10;

/// Most compiled regular expressions that are kept; each may take some MiB.
pub(super) const REGEX_CACHE: usize = 32;

/// Shortest text that is masked, in bytes: a shorter one would hide half of
/// every log, and is no secret.
pub const MIN_TAINTED: usize = 4;

/// Shortest line of a secret that is masked by itself, in bytes. Logs are
/// masked by line, and a key of many lines must not pass line by line.
pub const MIN_TAINTED_LINE: usize = 8;

//! Steps in, out and elsewhere, and who waits for whom then.

use super::*;

const CHAIN: &str = "  \
  # about a
  - id: a
    run: echo a # beside a

  # about b
  - id: b
    run: |
      one
        two

  - {id: c, uses: noop} # beside c
";

#[test]
fn a_step_of_a_plain_chain_needs_nothing_written() {
    assert_eq!(
        steps(CHAIN, &add(after("a"), "n", "log")),
        "  # about a
  - id: a
    run: echo a # beside a

  - id: n
    uses: log

  # about b
  - id: b
    run: |
      one
        two

  - {id: c, uses: noop} # beside c
"
    );
}

//! Approvals in the console: found, read, given; and the way from run to run.

use rpa_tests::{Key, Terminal, World};

use super::console::{leave, live_on};

const PAYMENT: &str = "\
version: 1
name: payment
steps:
  - id: sign
    approval:
      message: \"Pay {{ vars.amount }} EUR?\"
      show: {amount: \"{{ vars.amount }}\"}
      form: {reason: {type: string, required: true}}
  - {id: pay, run: echo paid}
variables: {amount: {type: number}}
outputs: {reason: \"{{ steps.sign.output.fields.reason }}\"}
";

const SHOP: &str = "\
version: 1
name: shop
steps:
  - id: pay
    workflow: payment
    with: {amount: 12}
outputs: {reason: \"{{ steps.pay.output.reason }}\"}
";

/// As the console names a run.
fn short(run: &str) -> &str {
    &run[run.len() - 12..]
}

#[test]
fn what_a_called_run_asks_is_found_read_and_approved() {
    let world = World::new();
    let daemon = world.start();
    world.apply("payment", PAYMENT);
    world.apply("shop", SHOP);
    let caller = world.submit(["shop"]);
    let mut console = live_on(&world, &Terminal::of((120, 40)));
    console.wait_for("4 approvals 1");
    // from the caller to the run that it has called, and back
    console.press("2");
    console.wait_for("asks");
    console.wait_for(short(&caller));
    console.press("4");
    console.wait_for("Pay 12 EUR?");
    console.press(Key::Enter);
    console.wait_for("Step sign asks for approval, 0 of 1");
    console.wait_until("all of it", |s| s.contains("amount: 12") && s.contains("[ Approve ]"));
    console.press(Key::Esc);
    let called_by = format!("called by {}, step pay", short(&caller));
    console.wait_for(&called_by);
    console.press("E");
    console.wait_for("approval wanted in a called run");
    console.press(Key::Enter);
    console.wait_for(&called_by);
    console.wait_for("d decide");
    console.press("d");
    console.wait_for("[ Approve ]");
    // the first answer is none
    console.press(Key::Enter);
    console.wait_gone("[ Approve ]");
    console.press("d");
    console.wait_for("[ Approve ]");
    console.press(Key::Tab);
    console.press("invoice 7");
    console.wait_for("--field 'reason=invoice 7'");
    console.press(Key::Tab);
    console.press(Key::Tab);
    console.press(Key::Enter);
    console
        .wait_until("the run goes on", |s| s.contains("✓ completed") && !s.contains("[ Approve"));
    let ended = world.until(&caller, "completed");
    assert_eq!(ended["outputs"]["reason"], "invoice 7");
    console.wait_gone("4 approvals");
    leave(console);
    assert!(daemon.stop().success());
}

//! The pages against the commands that they are of.

use std::collections::BTreeSet;

use super::roff::{Roff, bold};
use super::*;

const SECTIONS: [&str; 7] =
    ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"];

#[test]
fn every_page_has_its_sections_in_their_order() {
    for (name, page) in pages() {
        let sections = page.lines().filter_map(|line| line.strip_prefix(".SH "));
        let sections: Vec<&str> = sections.filter(|title| *title != "COMMANDS").collect();
        assert_eq!(sections, SECTIONS, "{name}");
    }
}

/// The command whose page this is: `rpa-locks-set`.
fn command<'a>(root: &'a clap::Command, name: &str) -> &'a clap::Command {
    let words = name.split('-').skip(1);
    words.fold(root, |command, word| command.find_subcommand(word).expect(name))
}

#[test]
fn every_option_and_place_is_on_its_page() {
    let mut root = Cli::command();
    root.build();
    for (name, page) in pages() {
        for arg in command(&root, &name).get_arguments().filter(|arg| !arg.is_hide_set()) {
            let term = match arg.get_long() {
                Some(long) => bold(&format!("--{long}")),
                None => arg.get_value_names().expect("a place has a name")[0].to_string(),
            };
            let (_, options) = page.split_once(".SH OPTIONS").expect("every page has options");
            let terms = options.split("\n.TP\n").filter_map(|item| item.lines().next());
            assert!(terms.into_iter().any(|line| line.contains(&term)), "{name}: no {term}");
        }
    }
}

#[test]
fn every_page_that_is_named_exists() {
    let pages = pages();
    let known: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    let by_hand = ["rpa", "rpad", "rpa-workflow", "rpa-test", "rpad.toml"];
    for (name, page) in &pages {
        let (_, also) = page.split_once(".SH SEE ALSO").expect("every page has it");
        for named in also.split("\\fB").skip(1).filter_map(|rest| rest.split("\\fR").next()) {
            let named = named.replace("\\-", "-");
            assert!(known.contains(&*named) || by_hand.contains(&&*named), "{name}: {named}");
            assert_ne!(&named, name, "a page that names itself");
        }
    }
}

#[test]
fn the_pages_say_how_each_command_can_end() {
    let pages = pages();
    let status = |name: &str| {
        let page = &pages.iter().find(|(page, _)| page == name).expect(name).1;
        let (_, status) = page.split_once(".SH EXIT STATUS").expect(name);
        let codes = status.split(".TP 6\n\\fB").skip(1);
        codes.filter_map(|rest| rest.split('\\').next()?.parse::<u8>().ok()).collect::<Vec<_>>()
    };
    assert_eq!(status("rpa-check"), [0, 2, 70, 74, 141]);
    assert_eq!(status("rpa-fmt"), [0, 1, 2, 70, 74, 141]);
    assert_eq!(status("rpa-test"), [0, 2, 3, 70, 74, 141]);
    assert_eq!(status("rpa-runs"), [0, 2, 65, 69, 70, 74, 75, 77, 78, 124, 141]);
    assert_eq!(status("rpa-plan"), [0, 1, 2, 65, 69, 70, 74, 75, 77, 78, 124, 141]);
    let waits = [0, 2, 3, 4, 5, 65, 69, 70, 74, 75, 77, 78, 124, 130, 141];
    assert_eq!(status("rpa-run"), waits);
    assert_eq!(status("rpa-logs"), waits);
    assert_eq!(status("rpa-doctor"), [0, 2, 3, 5, 65, 69, 70, 74, 75, 77, 78, 124, 141]);
}

#[test]
fn nothing_of_a_text_is_a_request() {
    let mut roff = Roff::default();
    roff.text(".so /etc/passwd\n\\fBx 'it' `a-b`");
    roff.verbatim([".sy rm", "'br"]);
    let wanted = "\\&.so /etc/passwd\n\\efBx \\(aqit\\(aq \\fBa\\-b\\fR\n\
                  .EX\n.in 2n\n\\&.sy rm\n\\(aqbr\n.in\n.EE\n";
    assert_eq!(roff.finish(), wanted);
}

#[test]
fn the_pages_carry_the_day_of_the_manual() {
    let page = include_str!("../../../../man/rpa.1");
    assert!(page.contains(&format!(".TH RPA 1 {} rpad ", page::DATE)), "{}", page::DATE);
}

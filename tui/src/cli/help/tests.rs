//! The pages against the program: what they name exists, what they show is right.

use std::collections::BTreeSet;

use clap::Parser;
use rpa_config::workflow::check;

use super::*;
use crate::cli::exit::codes;
use crate::remote::words;

fn pages() -> impl Iterator<Item = (&'static str, Language, &'static str)> {
    TOPICS.iter().flat_map(|topic| {
        Language::ALL.map(|language| (topic.name, language, topic.page(language)))
    })
}

/// Lines of four blanks or more that begin with `version:`.
fn samples(page: &str) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        inside = line.starts_with("    version: ") || inside && line.starts_with("    ");
        if line.starts_with("    version: ") {
            samples.push(String::new());
        }
        if let Some(sample) = samples.last_mut().filter(|_| inside) {
            sample.extend([&line[4..], "\n"]);
        }
    }
    samples
}

/// Lines of two blanks that begin with a call of `rpa`, up to what stands beside it.
fn commands(page: &str) -> Vec<String> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("  ").map(str::trim_end));
    let lines = lines.filter(|line| line.starts_with("rpa ") || line.contains("' rpa "));
    let lines = lines.map(|line| line.split("   ").next().unwrap_or(line));
    let bare = |line: &str| {
        let line =
            line.split_once("' rpa ").map_or(line.to_owned(), |(_, rest)| format!("rpa {rest}"));
        [" | ", " > ", " || "].iter().fold(line, |line, end| {
            line.split_once(end).map_or(line.clone(), |(before, _)| before.to_owned())
        })
    };
    // of a step
    let path = |line: String| line.replace(" PATH", " path").replace(" LOOP", " loop");
    lines.map(bare).map(path).collect()
}

#[test]
fn every_page_is_short_and_fits_a_terminal() {
    for (name, language, page) in pages() {
        let lines: Vec<&str> = page.lines().collect();
        assert!((20..=60).contains(&lines.len()), "{name} {language}: {} lines", lines.len());
        for line in lines {
            assert!(line.chars().count() <= 78, "{name} {language}: {line}");
            assert_eq!(line, line.trim_end(), "{name} {language}");
        }
    }
}

#[test]
fn both_languages_show_the_same_samples_and_commands() {
    for topic in TOPICS {
        let [english, bulgarian] = Language::ALL.map(|language| topic.page(language));
        assert_eq!(samples(english), samples(bulgarian), "{}", topic.name);
        assert_eq!(commands(english), commands(bulgarian), "{}", topic.name);
    }
}

#[test]
fn every_sample_passes_the_check() {
    let mut seen = 0;
    for (name, _, page) in pages() {
        for sample in samples(page) {
            seen += 1;
            let checked = check(&sample, name, &"default".parse().unwrap());
            assert!(checked.workflow.is_some(), "{name}: {:?}\n{sample}", checked.problems);
            assert!(checked.problems.is_empty(), "{name}: {:?}", checked.problems);
        }
    }
    assert!(seen >= 18, "{seen}");
}

#[test]
fn every_command_of_a_page_is_understood() {
    let mut seen = 0;
    for (name, language, page) in pages() {
        for line in commands(page) {
            seen += 1;
            let words = words(&line).unwrap_or_else(|| panic!("{name} {language}: {line}"));
            if let Err(e) = Cli::try_parse_from(words) {
                panic!("{name} {language}: {line}: {e}");
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn the_page_of_exit_codes_has_them_all() {
    for language in Language::ALL {
        let page = pages::find("exit-codes").unwrap().page(language);
        let first = page.lines().filter_map(|line| line.split_whitespace().next());
        let listed: BTreeSet<u8> = first.filter_map(|word| word.parse().ok()).collect();
        assert_eq!(listed, codes().collect(), "{language}");
    }
}

#[test]
fn every_command_stands_in_one_group() {
    let listed: Vec<&str> = GROUPS.iter().flat_map(|group| group.commands).copied().collect();
    let root = Cli::command();
    let shown = root.get_subcommands().filter(|c| !c.is_hide_set()).map(Command::get_name);
    let shown: BTreeSet<&str> = shown.collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), shown);
    assert_eq!(listed.len(), shown.len(), "none stands twice");
    // a topic of the same name would hide the help of a command
    let both: Vec<_> = TOPICS.iter().filter(|topic| shown.contains(topic.name)).collect();
    let names: Vec<_> = both.iter().map(|topic| topic.name).collect();
    assert_eq!(names, ["triggers", "doubts", "approvals"]);
}

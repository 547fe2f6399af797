//! The pages as programs read them: groff, man and, where it is installed, mandoc find
//! nothing to say about any, by hand or made, and no line is wider than a terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rpa_tests::{World, root};

use super::PAGES;
use crate::tidy::{names, read};

/// All pages: those of `man/`, and those that `rpa man` writes.
fn pages(world: &World) -> Vec<PathBuf> {
    let dir = world.path().join("man");
    let _ = world.json(["man", dir.to_str().unwrap()]);
    let made = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path());
    let pages: Vec<PathBuf> =
        PAGES.iter().map(|page| root().join("man").join(page)).chain(made).collect();
    assert!(pages.len() > 60, "{pages:?}");
    pages
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn all_pages_by_hand_are_known() {
    let there = fs::read_dir(root().join("man")).unwrap();
    let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names(there), names(PAGES));
}

#[test]
fn groff_has_nothing_to_say() {
    let world = World::new();
    for page in pages(&world) {
        for width in ["80", "120", "200"] {
            let mut groff = Command::new("groff");
            groff
                .args(["-k", "-t", "-man", "-ww", "-z", "-Tutf8"])
                .arg(format!("-rLL={width}n"))
                .arg(&page);
            let output = groff.output().expect("groff is installed");
            assert!(
                output.status.success() && said(&output).is_empty(),
                "{page:?}: {}",
                said(&output)
            );
        }
    }
}

fn man(page: &Path, width: &str) -> Output {
    let mut man = Command::new("man");
    man.env("MANWIDTH", width).env("LC_ALL", "C.UTF-8").env_remove("MANPAGER").env("PAGER", "cat");
    man.args(["--warnings", "-l"]).arg(page).output().expect("man is installed")
}

#[test]
fn man_has_nothing_to_say_and_no_line_is_wider_than_a_terminal() {
    let world = World::new();
    for page in pages(&world) {
        // those that are long also as wide as man likes
        let by_hand = page.starts_with(root());
        for width in ["80", ""].iter().take(1 + usize::from(by_hand)) {
            let output = man(&page, width);
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && stderr.is_empty(), "{page:?}: {stderr}");
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.lines().count() > 30, "{page:?}: {text}");
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{page:?}: {line}");
            }
        }
    }
}

#[test]
fn mandoc_has_nothing_to_say() {
    let world = World::new();
    let mut mandoc = Command::new("mandoc");
    mandoc.args(["-T", "lint", "-W", "warning"]).args(pages(&world));
    let output = mandoc.output().expect("mandoc is installed");
    assert!(output.status.success() && said(&output).is_empty(), "{}", said(&output));
}

/// Pages that pages send their readers to.
#[test]
fn every_page_that_is_named_exists() {
    let world = World::new();
    let known = pages(&world);
    let known = names(known.iter().map(|page| page.file_name().unwrap().to_str().unwrap()));
    for page in pages(&world) {
        let text = fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("\\fR(") {
            let Some((section, _)) = text[at + 4..].split_once(')') else { continue };
            let Some((_, name)) = text[..at].rsplit_once("\\fB") else { continue };
            let name = name.replace("\\-", "-");
            let ours = name == "rpa"
                || name == "rpad"
                || name.starts_with("rpa-")
                || name.starts_with("rpad.");
            if section.len() == 1 && ours {
                assert!(
                    known.contains(&format!("{name}.{section}")),
                    "{page:?}: {name}({section})"
                );
            }
        }
    }
}

#[test]
fn the_pages_are_of_one_day() {
    let days = PAGES.map(|page| {
        let text = read(&format!("man/{page}"));
        let title = text.lines().find(|line| line.starts_with(".TH ")).unwrap().to_owned();
        title.split_whitespace().nth(3).unwrap().to_owned()
    });
    assert_eq!(names(days).len(), 1);
}

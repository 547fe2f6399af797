//! Whatever is asked of whatever text: nothing is lost, nothing else changes.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rpa_engine::{Action, Step, Workflow};

use super::super::{Draft, kinds};
use super::*;
use crate::workflow::{ProblemCode, check};
use crate::yaml;

/// Choices, from bytes that proptest shrinks.
struct Dice<'a>(std::slice::Iter<'a, u8>);

impl Dice<'_> {
    fn up_to(&mut self, most: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % (most + 1)
    }

    fn one_in(&mut self, most: usize) -> bool {
        self.up_to(most - 1) == most - 1
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.up_to(of.len() - 1)].clone())
    }
}

/// A valid workflow file, laid out as people do.
struct Writer<'a, 'd> {
    dice: &'a mut Dice<'d>,
    out: String,
    steps: usize,
    comments: usize,
    /// What handles undoes nothing.
    handles: bool,
}

impl Writer<'_, '_> {
    fn file(&mut self) {
        self.out.push_str("version: 1\nname: w # the name\nsteps:\n");
        self.list(2, 3);
        if self.dice.one_in(3) {
            self.out.push_str("\n# when it fails\nhandlers:\n  failure:\n");
            self.handles = true;
            self.list(4, 1);
        }
        if self.dice.one_in(3) {
            self.out.push_str("outputs: {x: \"{{ run.id }}\"} # out\n");
        }
    }

    fn comment(&mut self, indent: usize) {
        self.comments += 1;
        let blank = if self.dice.one_in(3) { "\n" } else { "" };
        let behind = if self.dice.one_in(5) { "\n" } else { "" };
        self.out.push_str(&format!("{blank}{}# c{}\n{behind}", " ".repeat(indent), self.comments));
    }

    fn note(&mut self) {
        if self.dice.one_in(4) {
            self.comments += 1;
            self.out.push_str(&format!("  # n{}", self.comments));
        }
        self.out.push('\n');
    }

    fn list(&mut self, indent: usize, depth: usize) {
        let explicit = self.dice.one_in(2);
        let mut before: Vec<String> = Vec::new();
        for _ in 0..=self.dice.up_to(3) {
            if self.dice.one_in(3) {
                self.comment(indent);
            }
            self.steps += 1;
            let id = format!("s{}", self.steps);
            self.step(&id, indent, depth, explicit, &before);
            before.push(id);
        }
    }

    fn step(&mut self, id: &str, indent: usize, depth: usize, explicit: bool, before: &[String]) {
        let pad = " ".repeat(indent);
        let needs = self.needs(explicit, before);
        if self.dice.one_in(3) {
            let needs = needs.map(|needs| format!(", needs: {needs}")).unwrap_or_default();
            self.out.push_str(&format!("{pad}- {{id: {id}{needs}, uses: noop}}"));
            return self.note();
        }
        self.out.push_str(&format!("{pad}- id: {id}"));
        self.note();
        if let Some(needs) = needs {
            self.out.push_str(&format!("{pad}  needs: {needs}"));
            self.note();
        }
        // one behind the other, each may name the one before
        if let Some(of) = before.last().filter(|_| !explicit).cloned()
            && self.dice.one_in(3)
        {
            self.out.push_str(&format!("{pad}  if: steps.{of}.status == 'completed'"));
            self.note();
        }
        match if depth == 0 {
            self.dice.up_to(1)
        } else {
            self.dice.up_to(5 - usize::from(self.handles))
        } {
            0 => self.out.push_str(&format!("{pad}  uses: noop\n")),
            1 => {
                self.out.push_str(&format!("{pad}  run: |"));
                self.note();
                self.out.push_str(&format!("{pad}    echo # no comment\n\n{pad}      more\n"));
            }
            2 => {
                self.out.push_str(&format!("{pad}  steps:\n"));
                self.list(indent + 4, depth - 1);
            }
            3 => {
                self.out.push_str(&format!("{pad}  for_each: [1, 2]\n{pad}  as: of_{id}\n"));
                self.out.push_str(&format!("{pad}  steps:\n"));
                self.list(indent + 2, depth - 1);
            }
            4 => {
                self.out.push_str(&format!("{pad}  switch: \"{{{{ run.id }}}}\"\n{pad}  cases:\n"));
                for case in 0..=self.dice.up_to(1) {
                    self.out.push_str(&format!("{pad}    c{case}:\n"));
                    self.list(indent + 6, depth - 1);
                }
            }
            _ => {
                self.out.push_str(&format!("{pad}  run: x\n{pad}  compensate:"));
                self.steps += 1;
                let id = format!("s{}", self.steps);
                self.out.push_str(&format!(" {{id: {id}, run: y}}"));
                self.note();
            }
        }
    }

    fn needs(&mut self, explicit: bool, before: &[String]) -> Option<String> {
        if !explicit {
            return None;
        }
        let first = self.dice.pick(before)?;
        Some(match self.dice.up_to(4) {
            0 => "[]".to_owned(),
            1 => first,
            2 => format!("[{first}]"),
            3 => format!("{{step: {first}, when: always}}"),
            _ => {
                let last = before.last()?;
                if *last == first { format!("[{last}]") } else { format!("[{first}, {last}]") }
            }
        })
    }
}

fn written(dice: &mut Dice<'_>) -> String {
    let mut writer = Writer { dice, out: String::new(), steps: 0, comments: 0, handles: false };
    writer.file();
    writer.out
}

fn source(dice: &mut Dice<'_>) -> String {
    let examples = crate::examples::EXAMPLES;
    match dice.up_to(3) {
        0 => examples[dice.up_to(examples.len() - 1)].source.to_owned(),
        _ => written(dice),
    }
}

fn lists(draft: &Draft) -> Vec<ListOf> {
    let own = draft.rows().iter().map(|row| row.list.clone());
    let made = draft.rows().iter().filter(|row| !row.is_heading()).flat_map(|row| {
        let path = row.path.clone();
        [
            ListOf::Undo(path.clone()),
            ListOf::Default(path.clone()),
            ListOf::Case(path, "new".to_owned()),
        ]
    });
    let handler = ListOf::Handler("finally".to_owned());
    own.chain(made).chain([ListOf::Top, handler]).collect()
}

fn any_change(dice: &mut Dice<'_>, draft: &Draft, turn: usize) -> Option<Change> {
    let paths: Vec<String> =
        draft.rows().iter().filter(|row| !row.is_heading()).map(|row| row.path.clone()).collect();
    let path = dice.pick(&paths)?;
    let other = dice.pick(&paths)?;
    let place = match dice.up_to(4) {
        0 => after(&other),
        1 => before(&other),
        2 => beside(&other),
        3 => Place::First(dice.pick(&lists(draft))?),
        _ => Place::Last(dice.pick(&lists(draft))?),
    };
    let id = format!("new_{turn}");
    let kinds: Vec<&str> = kinds().map(|kind| kind.word).collect();
    Some(match dice.up_to(11) {
        0 | 1 => add(place, &id, dice.pick(&kinds)?),
        2 => remove(&path),
        3 | 4 => relocate(&path, place),
        5 => link(&other, &path),
        6 => {
            let row = draft.row(&path)?;
            let from = dice.pick(&row.needs).map(|need| need.path).unwrap_or(other);
            unlink(&from, &path)
        }
        7 => rename(&path, &id),
        8 => Change::Duplicate { path, id },
        9 => Change::RemoveList { list: dice.pick(&lists(draft))? },
        10 => Change::AddCase { path, value: dice.pick(&[None, Some(id)])? },
        _ => {
            let (field, value) = dice.pick(&[
                ("timeout", "5m"),
                ("name", "x: # y"),
                ("if", "run.id != ''"),
                ("run", "one\ntwo"),
                ("env.X", "y"),
                ("retry.attempts", "3"),
                ("timeout", ""),
                ("name", ""),
                ("needs", ""),
            ])?;
            set(&path, field, value)
        }
    })
}

fn comments(text: &str) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    let text = text.replace("\r\n", "\n");
    for comment in yaml::parse(&text).unwrap().comments() {
        *count.entry(comment.to_owned()).or_default() += 1;
    }
    count
}

fn is_valid(text: &str) -> bool {
    check(text, "w", &namespace()).workflow.is_some()
}

/// All steps of a workflow by their paths, without what is inside of them.
fn all(workflow: &Workflow) -> BTreeMap<String, Step> {
    let mut found = BTreeMap::new();
    own(&workflow.steps, "", &mut found);
    let handlers = &workflow.handlers;
    for (word, list) in [
        ("success", &handlers.success),
        ("failure", &handlers.failure),
        ("cancel", &handlers.cancel),
        ("finally", &handlers.finally),
    ] {
        own(list, &format!("@{word}"), &mut found);
    }
    found
}

fn own(list: &[Step], scope: &str, found: &mut BTreeMap<String, Step>) {
    for step in list {
        let path = match scope {
            "" => step.id.to_string(),
            scope => format!("{scope}/{}", step.id),
        };
        own(&step.compensate, &format!("{path}/@undo"), found);
        let mut alone = Step { compensate: Vec::new(), ..step.clone() };
        match &mut alone.action {
            Action::Group(steps) => own(&std::mem::take(steps), &path, found),
            Action::ForEach(each) => own(&std::mem::take(&mut each.steps), &path, found),
            Action::While(turns) => own(&std::mem::take(&mut turns.steps), &path, found),
            Action::Repeat(turns) => own(&std::mem::take(&mut turns.steps), &path, found),
            Action::Switch(switch) => {
                for case in &mut switch.cases {
                    own(&std::mem::take(&mut case.steps), &path, found);
                }
                own(&std::mem::take(&mut switch.default), &path, found);
                switch.cases.clear();
            }
            Action::Task { .. }
            | Action::Set(_)
            | Action::Wait(_)
            | Action::Call(_)
            | Action::Approval(_) => {}
        }
        found.insert(path, alone);
    }
}

/// Which steps come before which, in the same list.
fn order(steps: &BTreeMap<String, Step>) -> BTreeSet<(String, String)> {
    let scope = |path: &str| path.rsplit_once('/').map_or("", |(scope, _)| scope).to_owned();
    let mut pairs = BTreeSet::new();
    for (path, step) in steps {
        let within = |id: &str| match scope(path).as_str() {
            "" => id.to_owned(),
            scope => format!("{scope}/{id}"),
        };
        let (mut open, mut seen) = (vec![step], BTreeSet::new());
        while let Some(step) = open.pop() {
            for id in step.needs.keys() {
                let before = within(id.as_str());
                if seen.insert(before.clone()) {
                    open.extend(steps.get(&before));
                    pairs.insert((before, path.clone()));
                }
            }
        }
    }
    pairs
}

/// What the engine sees of the steps that were not asked for is what it saw.
fn same_meaning(before: &str, after: &str, change: &Change, path: &str) {
    let [old, new] = [before, after].map(|text| check(text, "w", &namespace()).workflow);
    let (Some(old), Some(new)) = (old, new) else { return };
    let (old, new) = (all(&old), all(&new));
    let gone = || old.keys().filter(|path| !new.contains_key(*path)).map(String::as_str);
    let asked: Vec<&str> = match change {
        Change::AddCase { .. } => vec![path],
        Change::RemoveList { list } => {
            let scope = format!("{}/", list.scope());
            assert!(gone().all(|path| path.starts_with(&scope)), "{change:?}\n{before}\n{after}");
            gone().collect()
        }
        Change::Add { .. } | Change::Duplicate { .. } => vec![path],
        Change::Remove { path } | Change::Set { path, .. } => vec![path],
        Change::Move { path: was, .. } => vec![was, path],
        Change::Link { to, .. } | Change::Unlink { to, .. } => vec![to],
        // the paths below it are others, and whoever names it has changed
        Change::Rename { .. } => return assert_eq!(old.len(), new.len(), "{after}"),
    };
    let is_asked = |path: &str| {
        asked.iter().any(|asked| path == *asked || path.starts_with(&format!("{asked}/")))
    };
    let is_inside =
        |path: &String| asked.iter().any(|asked| path.starts_with(&format!("{asked}/")));
    let held = old.iter().filter(|(path, _)| !is_asked(path));
    for (path, step) in held {
        let now = new.get(path).unwrap_or_else(|| panic!("{path} is gone\n{before}\n{after}"));
        let alone = |step: &Step| Step { needs: BTreeMap::new(), ..step.clone() };
        assert_eq!(alone(step), alone(now), "{path}\n{before}\n{after}");
    }
    let others = new.keys().filter(|path| !is_asked(path) && !is_inside(path));
    assert!(others.clone().all(|path| old.contains_key(path)), "{before}\n{after}");
    // with a need of another step the order of all may change
    if matches!(change, Change::Add { .. } | Change::Remove { .. } | Change::Duplicate { .. }) {
        let apart = |steps| -> BTreeSet<_> {
            let pairs = order(steps).into_iter();
            pairs.filter(|(a, b)| !is_asked(a) && !is_asked(b)).collect()
        };
        assert_eq!(apart(&old), apart(&new), "{change:?}\n{before}\n{after}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_changes_keep_all_else(bytes in prop::collection::vec(any::<u8>(), 40..300)) {
        let mut dice = Dice(bytes.iter());
        let text = source(&mut dice);
        prop_assert!(is_valid(&text), "{}", text);
        let mut draft = Draft::new(text.clone(), &namespace());
        for turn in 0..8 {
            let Some(change) = any_change(&mut dice, &draft, turn) else { break };
            let before = draft.text().to_owned();
            let codes = |draft: &Draft| -> Vec<ProblemCode> {
                draft.problems().iter().filter(|p| !p.warning).map(|p| p.code).collect()
            };
            let old = codes(&draft);
            let path = match draft.apply(&change) {
                Ok(path) => path,
                Err(why) => {
                    prop_assert!(!matches!(why, Refused::Changed(_)), "{change:?} {why:?}\n{before}");
                    prop_assert_eq!(draft.text(), &before);
                    continue;
                }
            };
            let after = draft.text().to_owned();
            if !matches!(change, Change::Remove { .. } | Change::RemoveList { .. }) {
                for (comment, count) in comments(&before) {
                    let kept = comments(&after).get(&comment).copied().unwrap_or(0);
                    prop_assert!(kept >= count, "{comment} {change:?}\n{before}\n{after}");
                }
            }
            if old.is_empty() && !matches!(change, Change::Add { .. } | Change::AddCase { .. }) {
                let missing = |code: &ProblemCode| *code == ProblemCode::MissingKey;
                prop_assert!(codes(&draft).iter().all(missing), "{change:?}\n{before}\n{after}");
            }
            same_meaning(&before, &after, &change, &path);
            prop_assert!(path.is_empty() || draft.row(&path).is_some(), "{path}\n{after}");
        }
        while draft.undo() {}
        prop_assert_eq!(draft.text(), &text);
        let mut again = 0;
        while draft.redo() {
            again += 1;
        }
        prop_assert_eq!(again, draft.changes());
    }

    #[test]
    fn what_is_linked_and_unlinked_means_what_it_did(
        bytes in prop::collection::vec(any::<u8>(), 40..200),
    ) {
        let mut dice = Dice(bytes.iter());
        let text = source(&mut dice);
        let draft = Draft::new(text.clone(), &namespace());
        let paths: Vec<String> = draft.rows().iter().map(|row| row.path.clone()).collect();
        let meant = |text: &str| check(text, "w", &namespace()).workflow;
        for _ in 0..4 {
            let (Some(from), Some(to)) = (dice.pick(&paths), dice.pick(&paths)) else { break };
            let Ok(linked) = change(&text, &link(&from, &to)) else { continue };
            let row = |text: &str| {
                Draft::new(text, &namespace()).row(&to).map(|row| row.needs.clone()).unwrap()
            };
            prop_assert_eq!(row(&linked.text).len(), row(&text).len() + 1);
            let back = change(&linked.text, &unlink(&from, &to)).unwrap();
            prop_assert_eq!(meant(&back.text), meant(&text), "{} {}\n{}", from, to, text);
        }
    }

    #[test]
    fn no_text_makes_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 40..200),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 0..5),
    ) {
        let mut dice = Dice(bytes.iter());
        let mut chars: Vec<char> = source(&mut dice).chars().collect();
        for (at, length) in cuts {
            let start = at.index(chars.len() + 1);
            let end = (start + length).min(chars.len());
            let word = dice.pick(&["", "\n", "  ", "- ", "{", "]", ": ", "&a ", "*a", "'", "needs: [q]\n", "|\n"]);
            chars.splice(start..end, word.unwrap_or_default().chars());
        }
        let text: String = chars.into_iter().collect();
        let mut draft = Draft::new(text, &namespace());
        for turn in 0..5 {
            let Some(change) = any_change(&mut dice, &draft, turn) else { break };
            let before = draft.text().to_owned();
            if draft.apply(&change).is_ok() && !matches!(change, Change::Remove { .. } | Change::RemoveList { .. }) {
                for (comment, count) in comments(&before) {
                    let kept = comments(draft.text()).get(&comment).copied().unwrap_or(0);
                    prop_assert!(kept >= count, "{comment} {change:?}\n{before}\n{}", draft.text());
                }
            }
            for row in draft.rows() {
                prop_assert!(row.is_heading() || draft.form(&row.path).is_ok());
            }
        }
    }
}

/// Else the properties would say little.
#[test]
fn most_changes_are_made() {
    let mut state = 11_u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let (mut made, mut valid) = (0, 0);
    for _ in 0..150 {
        let bytes: Vec<u8> = (0..200).map(|_| byte()).collect();
        let mut dice = Dice(bytes.iter());
        let draft = Draft::new(source(&mut dice), &namespace());
        valid += usize::from(draft.workflow().is_some());
        for turn in 0..4 {
            let Some(change) = any_change(&mut dice, &draft, turn) else { break };
            made += usize::from(draft.clone().apply(&change).is_ok());
        }
    }
    assert!(made > 250 && valid == 150, "{made} of 600, {valid} of 150");
}

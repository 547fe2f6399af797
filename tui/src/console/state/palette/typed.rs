//! A command of `rpa` that was typed into the palette.
//!
//! What the console has a screen for it opens; everything else is run, and read. A command
//! that changes something and has no dialog of its own shows its form first.

use rpa_config::json;
use rpa_engine::{RunId, Value};

use super::super::{
    Effect, Pane, Root, RunsFilter, State, TriggerName, Visited, act, form, moving, places,
    readonly, shell, triggers, vote, workflow,
};
use crate::console::commands::{self, Leaf, Way};
use crate::console::keys::{Action, Scope};
use crate::console::theme::Tone;

/// Does what was typed.
pub fn go(state: &mut State, leaf: &'static Leaf, args: Vec<String>) -> Vec<Effect> {
    if let Some(effects) = here(state, leaf, &args) {
        return effects;
    }
    if leaf.changes && leaf.way != Way::Shell && readonly::refuses_to_change(state) {
        return Vec::new();
    }
    let args = in_full(leaf, args);
    let problem = commands::problem(&leaf.path, &args);
    if problem.is_some() || leaf.changes || leaf.way == Way::Shell {
        shell::compose(state, leaf, &args, problem);
        return Vec::new();
    }
    shell::start(state, leaf, args)
}

/// The same from its form, where it was said to be done.
pub fn asked(state: &mut State, leaf: &'static Leaf, args: Vec<String>) -> Vec<Effect> {
    if let Some(effects) = here(state, leaf, &args) {
        return effects;
    }
    if leaf.changes && readonly::refuses_to_change(state) {
        return Vec::new();
    }
    shell::start(state, leaf, args)
}

/// In the palette the variables of a run need no option before them.
fn in_full(leaf: &Leaf, args: Vec<String>) -> Vec<String> {
    if leaf.path != "run" || args.iter().any(|arg| arg.starts_with('-')) {
        return args;
    }
    let mut all = Vec::new();
    for (at, arg) in args.into_iter().enumerate() {
        if at > 0 && arg.contains('=') {
            all.push("--var".to_owned());
        }
        all.push(arg);
    }
    all
}

/// What the console does by itself; `None` where the command is to be run.
fn here(state: &mut State, leaf: &'static Leaf, args: &[String]) -> Option<Vec<Effect>> {
    if args.is_empty() {
        let Way::Here(action) = leaf.way else { return None };
        let bound = state.keys.binding(action, &state.scopes()).is_some();
        // a place has no arguments that could be missing
        return (bound && (is_meant(state, action) || !leaf.needs()))
            .then(|| act::perform(state, action));
    }
    if args.iter().any(|arg| arg.starts_with('-')) {
        return None;
    }
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let nothing = Some(Vec::new());
    match (leaf.path.as_str(), &words[..]) {
        ("run", [name, variables @ ..]) => run(state, name, variables),
        ("runs", _) => Some(runs(state, &words.join(" "))),
        ("workflows", _) => {
            state.workflows.filter = words.join(" ");
            places::go(state, Root::Workflows);
            nothing
        }
        ("triggers", _) => {
            state.triggers.filter = words.join(" ");
            places::go(state, Root::Triggers);
            nothing
        }
        ("show", [id]) => {
            let run = known_run(state, id)?;
            places::open_run(state, run);
            nothing
        }
        ("show", [id, step]) => {
            let (run, step) = (known_run(state, id)?, Some((*step).to_owned()));
            places::visit(state, Visited { run, step });
            nothing
        }
        ("logs", [id]) => {
            let run = known_run(state, id)?;
            places::open_run(state, run);
            places::log(state);
            nothing
        }
        ("history", [name]) => {
            let name = known_workflow(state, name)?;
            workflow::open(state, &name);
            state.workflow.iter_mut().for_each(|open| {
                (open.focus, open.lower) = (Pane::Revisions, Pane::Revisions);
            });
            moving::settle(state);
            nothing
        }
        ("why" | "cancel" | "pause" | "resume" | "retry" | "rerun", [id]) => {
            let Way::Here(action) = leaf.way else { return None };
            of_run(state, id, action)
        }
        ("resolve", [id]) => {
            let run = known_run(state, id)?;
            places::open_run(state, run);
            nothing
        }
        ("approve" | "reject", [id, path @ ..]) if path.len() < 2 => {
            decide(state, id, path.first().copied())
        }
        ("slots" | "deliveries", [name, trigger @ ..]) if trigger.len() < 2 => {
            let name = known_trigger(state, name, trigger.first().copied())?;
            triggers::open(state, name);
            nothing
        }
        (
            "triggers pause" | "triggers resume" | "triggers fire" | "triggers test"
            | "schedule backfill",
            [name, trigger @ ..],
        ) if trigger.len() < 2 => {
            let Way::Here(action) = leaf.way else { return None };
            let name = known_trigger(state, name, trigger.first().copied())?;
            triggers::open(state, name);
            Some(act::perform(state, action))
        }
        _ => None,
    }
}

/// Whether the action, where the keys stand now, has something that it is about.
fn is_meant(state: &State, action: Action) -> bool {
    let of_runs = state.run.is_some() || state.runs.selected().is_some();
    match (action, state.scopes()[0]) {
        (Action::Cancel | Action::Pause | Action::Resume, _) => of_runs,
        (Action::Retry | Action::Rerun | Action::Why, _) => of_runs,
        (Action::Log, Scope::Home) => state.home_run().is_some(),
        (Action::Log, _) => of_runs,
        (Action::PauseTrigger | Action::ResumeTrigger, _) => state.meant_trigger().is_some(),
        (Action::FireTrigger | Action::TestTrigger, _) => state.meant_trigger().is_some(),
        (Action::Backfill, _) => state.meant_trigger().is_some(),
        _ => true,
    }
}

/// The form of a run, with what was typed in it. A variable that there is not, or a value
/// that is none of its type, is left to the command, which says so.
fn run(state: &mut State, name: &str, variables: &[&str]) -> Option<Vec<Effect>> {
    let name = known_workflow(state, name)?;
    let view = state.workflows.rows.iter().find(|view| view.workflow == name)?;
    let pair = |word: &&str| {
        let (name, text) = word.split_once('=')?;
        let variable = view.variables.iter().find(|variable| variable.name == name)?;
        Some((name.to_owned(), value(&variable.kind, text)?))
    };
    let given: Vec<(String, Value)> = variables.iter().map(pair).collect::<Option<_>>()?;
    if !readonly::refuses(state, Action::RunWorkflow) {
        form::open(state, &name, &given, &[]);
    }
    Some(Vec::new())
}

/// A text as a value of a type of variables; `None` where it is none.
fn value(kind: &str, text: &str) -> Option<Value> {
    let read = || json::parse(text.as_bytes()).ok();
    match kind {
        "number" => read().filter(|value| matches!(value, Value::Int(_) | Value::Float(_))),
        "boolean" => text.parse().ok().map(Value::Bool),
        "list" => read().filter(|value| matches!(value, Value::List(_))),
        "json" => read(),
        _ => Some(Value::from(text)),
    }
}

fn runs(state: &mut State, filter: &str) -> Vec<Effect> {
    match RunsFilter::parse(filter, &state.words) {
        Ok(_) => places::only(state, filter),
        Err(problem) => state.tell(Tone::Bad, problem, String::new()),
    }
    Vec::new()
}

/// An action on one run: on the list, where its dialogs are at home.
fn of_run(state: &mut State, id: &str, action: Action) -> Option<Vec<Effect>> {
    let run = known_run(state, id)?;
    places::go(state, Root::Runs);
    state.runs.cursor.marks.clear();
    let at = state.runs.rows.iter().position(|row| row.run == run)?;
    moving::select_row(state, at);
    Some(act::perform(state, action))
}

/// The dialog about what a run asks.
fn decide(state: &mut State, id: &str, path: Option<&str>) -> Option<Vec<Effect>> {
    let fits = |run: RunId| run.to_string().ends_with(id) || run.short().ends_with(id);
    let wanted = |path_of: &str| path.is_none_or(|path| path == path_of);
    let mut found =
        state.asked.rows.iter().filter(|asked| fits(asked.run) && wanted(asked.path.as_str()));
    let asked = found.next()?.clone();
    if found.next().is_some() {
        return None;
    }
    let step = Some(asked.path.to_string());
    places::visit(state, Visited { run: asked.run, step });
    vote::open(state, asked);
    Some(Vec::new())
}

/// The one run of those that are known whose id ends so.
fn known_run(state: &State, id: &str) -> Option<RunId> {
    let id = id.to_lowercase();
    let fits = |run: &RunId| run.to_string().to_lowercase().ends_with(&id);
    let open = state.run.as_ref().map(|open| open.run);
    let asked = state.asked.rows.iter().map(|asked| asked.run);
    let all = state.runs.rows.iter().map(|row| row.run).chain(asked).chain(open);
    let mut found: Vec<RunId> = all.filter(fits).collect();
    found.dedup();
    match &found[..] {
        [one] => Some(*one),
        [first, rest @ ..] if rest.iter().all(|run| run == first) => Some(*first),
        _ => None,
    }
}

/// By its name here, or with its namespace.
fn known_workflow(state: &State, name: &str) -> Option<String> {
    let full = format!("{}/{name}", state.namespace);
    let is = |known: &&String| **known == full || known.as_str() == name;
    state.workflows.rows.iter().map(|view| &view.workflow).find(is).cloned()
}

/// The trigger of that name, or the only one of the workflow.
fn known_trigger(state: &State, workflow: &str, trigger: Option<&str>) -> Option<TriggerName> {
    let full = format!("{}/{workflow}", state.namespace);
    let rows = state.triggers.rows.iter();
    let mut of = rows
        .filter(|view| view.workflow == full || view.workflow == workflow)
        .filter(|view| trigger.is_none_or(|trigger| view.trigger == trigger));
    let found = of.next()?;
    of.next().is_none().then(|| TriggerName::of(found))
}

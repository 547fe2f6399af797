//! What an apply would change, in sentences: as `rpa plan` tells it.

use jiff::tz::TimeZone;
use rpa_ipc::catalog::{FireTimes, Fires, ItemChange, PlanView};

use super::super::State;
use super::super::data::DataLine;
use super::edited::problem_lines;
use crate::console::theme::Tone;
use crate::console::view::names;
use crate::say;
use crate::text::{moment, wrapped};

/// All of it, in lines of a width.
pub fn plan_lines(state: &State, plan: &PlanView, width: usize) -> Vec<DataLine> {
    let words = &state.words;
    let mut told = Told { width: width.max(1), lines: Vec::new() };
    let name = names::workflow(state, &plan.workflow);
    let live = plan.state.as_ref().and_then(|state| state.live);
    match (plan.word.as_str(), live) {
        ("new", _) => told.put(Tone::Strong, 0, &say!(words, "plan-new", name = name)),
        ("unchanged", _) => told.put(Tone::Plain, 0, &say!(words, "plan-unchanged", name = name)),
        (_, Some(live)) => {
            told.put(Tone::Strong, 0, &say!(words, "plan-changed", name = name, live = live));
        }
        (_, None) => told.put(Tone::Strong, 0, &say!(words, "plan-changed-draft", name = name)),
    }
    if let Some(of) =
        plan.state.as_ref().filter(|of| matches!(of.word.as_str(), "disabled" | "archived"))
    {
        let word = say!(words, &format!("workflow-{}", of.word));
        told.put(Tone::Warn, 1, &say!(words, "plan-stands", word = word));
    }
    if !plan.keys.is_empty() {
        told.put(Tone::Warn, 1, &format!("~ {}", plan.keys.join(", ")));
    }
    plan.variables.iter().for_each(|item| told.item(&say!(words, "plan-variable"), item));
    for item in &plan.triggers {
        told.item(&say!(words, "plan-trigger"), item);
        let fires = plan.fires.iter().filter(|fires| fires.trigger == item.name);
        fires.for_each(|fires| told.fires(state, fires));
    }
    plan.steps.iter().for_each(|item| told.item(&say!(words, "plan-step"), item));
    for secret in &plan.secrets {
        let (tone, id) = match secret.there {
            true => (Tone::Plain, "plan-secret"),
            false => (Tone::Bad, "plan-secret-missing"),
        };
        told.put(tone, 1, &format!("+ {}", say!(words, id, name = secret.name.as_str())));
    }
    let items = [&plan.variables, &plan.triggers, &plan.steps];
    if plan.word == "changed" && plan.keys.is_empty() && items.iter().all(|items| items.is_empty())
    {
        told.put(Tone::Plain, 1, &say!(words, "plan-text-only"));
    }
    if !plan.dependents.is_empty() {
        told.put(
            Tone::Plain,
            1,
            &say!(words, "plan-called-by", names = plan.dependents.join(", ")),
        );
    }
    if plan.word != "unchanged" && !plan.runs.is_empty() {
        let runs = plan.runs.iter().map(|(status, count)| {
            format!("{} {}", names::number(*count), names::status_word(state, status))
        });
        let runs = runs.collect::<Vec<_>>().join(", ");
        told.put(Tone::Faint, 1, &say!(words, "plan-runs", runs = runs));
    }
    told.lines.extend(problem_lines(state, &plan.warnings, "", width));
    told.lines
}

struct Told {
    width: usize,
    lines: Vec<DataLine>,
}

impl Told {
    fn put(&mut self, tone: Tone, level: usize, text: &str) {
        let indent = "  ".repeat(level);
        let room = self.width.saturating_sub(indent.len()).max(1);
        let lines = wrapped(text, room).into_iter();
        self.lines.extend(lines.map(|line| DataLine { tone, text: format!("{indent}{line}") }));
    }

    fn item(&mut self, what: &str, item: &ItemChange) {
        let (sign, tone) = match item.word.as_str() {
            "added" => ("+", Tone::Good),
            "removed" => ("-", Tone::Bad),
            _ => ("~", Tone::Warn),
        };
        let keys = match item.keys.is_empty() {
            true => String::new(),
            false => format!(": {}", item.keys.join(", ")),
        };
        self.put(tone, 1, &format!("{sign} {what} {}{keys}", item.name));
    }

    /// When a trigger fires next, as it does now and as it will.
    fn fires(&mut self, state: &State, fires: &FireTimes) {
        if fires.before.slots_ms == fires.after.slots_ms {
            return;
        }
        for (id, of) in [("plan-fires-before", &fires.before), ("plan-fires-after", &fires.after)] {
            if !of.timezone.is_empty() {
                let slots = slots(state, of);
                self.put(Tone::Faint, 2, &say!(state.words, id, slots = slots));
            }
        }
    }
}

fn slots(state: &State, of: &Fires) -> String {
    if of.slots_ms.is_empty() {
        return say!(state.words, "plan-never");
    }
    let zone = TimeZone::get(&of.timezone).unwrap_or(TimeZone::UTC);
    let slots = moment::column(&of.slots_ms, &zone);
    // the zone behind them says what they mean
    let slots: Vec<&str> =
        slots.iter().map(|slot| slot.rsplit_once(' ').map_or(slot.as_str(), |s| s.0)).collect();
    format!("{} ({})", slots.join(", "), of.timezone)
}

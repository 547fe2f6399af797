//! The table and `target/bench.json`.

use std::fs;

use serde_json::{Value, json};

use crate::place;

/// One figure beside its limit.
#[derive(Clone, Debug)]
pub struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    /// What this machine allows; see the bench's file for what it stands for.
    limit: f64,
    target: Target,
}

/// What is asked of a figure.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// At least this part of the limit.
    Ratio(f64),
}

impl Figure {
    pub fn new(
        name: &'static str,
        value: f64,
        unit: &'static str,
        limit: f64,
        target: Target,
    ) -> Figure {
        Figure { name, value, unit, limit, target }
    }

    /// Value over limit, and nothing where the limit is nothing.
    fn ratio(&self) -> Option<f64> {
        (self.limit > 0.0).then(|| self.value / self.limit)
    }

    fn met(&self) -> bool {
        match self.target {
            Target::AtLeast(least) => self.value >= least,
            Target::AtMost(most) => self.value <= most,
            Target::Ratio(least) => self.ratio().is_some_and(|ratio| ratio >= least),
        }
    }

    fn cells(&self) -> [String; 7] {
        let target = match self.target {
            Target::AtLeast(least) => format!(">= {}", number(least)),
            Target::AtMost(most) => format!("<= {}", number(most)),
            Target::Ratio(least) => format!(">= {:.0} %", least * 100.0),
        };
        [
            self.name.to_owned(),
            number(self.value),
            self.unit.to_owned(),
            number(self.limit),
            self.ratio().map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}")),
            target,
            if self.met() { "met" } else { "missed" }.to_owned(),
        ]
    }

    fn json(&self, noisy: bool) -> Value {
        json!({
            "name": self.name,
            "value": rounded(self.value),
            "unit": self.unit,
            "limit": rounded(self.limit),
            "ratio": self.ratio().map(rounded),
            "met": self.met(),
            "noisy": noisy,
        })
    }
}

/// Prints all figures, and what is to be said of the machine.
pub fn print(figures: &[Figure], noise: Option<&str>) {
    let head = ["name", "value", "unit", "limit", "ratio", "target", "verdict"].map(str::to_owned);
    let rows: Vec<[String; 7]> =
        std::iter::once(head).chain(figures.iter().map(Figure::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..7).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // numbers to the right
            if matches!(column, 1 | 3 | 4) {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            }
        });
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    if let Some(noise) = noise {
        println!("the machine was too noisy: {noise}");
    }
}

/// Writes the list of figures.
pub fn write(figures: &[Figure], noisy: bool) -> Result<(), String> {
    let path = place::target().join("bench.json");
    let list: Vec<Value> = figures.iter().map(|figure| figure.json(noisy)).collect();
    let text = format!("{:#}\n", Value::from(list));
    fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))
}

/// As people read it: three digits or more.
fn number(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 || v == 0.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

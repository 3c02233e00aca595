//! Figures of a run: printed as they come, written as JSON at the end.

use crate::Outcome;
use crate::figures::percentile;
use serde::Serialize;
use std::path::Path;

/// The figures of a run.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    figures: Vec<Figure>,
    goals: Vec<Goal>,
    #[serde(skip)]
    section: String,
}

#[derive(Serialize)]
struct Machine {
    processor: String,
    cores: usize,
    kernel: String,
    /// Processes that wanted to run before the bench began, on average over a minute. Others share the machine if it is not near 0.
    load_before: String,
}

#[derive(Serialize)]
struct Figure {
    section: String,
    what: String,
    value: f64,
    unit: String,
}

#[derive(Serialize)]
struct Goal {
    goal: String,
    measured: f64,
    wanted: String,
}

impl Default for Report {
    fn default() -> Self {
        Report::new()
    }
}

impl Report {
    /// An empty one; says on what machine it is.
    pub fn new() -> Self {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let processors = read("/proc/cpuinfo");
        let processor =
            processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("unknown", |(_, name)| name);
        let machine = Machine {
            processor: processor.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            load_before: read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned(),
        };
        println!("{} × {}, Linux {}, load {}", machine.cores, machine.processor, machine.kernel, machine.load_before);
        Report { machine, figures: Vec::new(), goals: Vec::new(), section: String::new() }
    }

    /// Begins a section; the figures that follow belong to it.
    pub fn section(&mut self, name: &str) {
        println!("\n{name}");
        self.section = name.to_owned();
    }

    /// One figure.
    pub fn add(&mut self, what: &str, value: f64, unit: &str) {
        println!("  {what:<58} {:>12} {unit}", shown(value));
        self.figures.push(Figure { section: self.section.clone(), what: what.to_owned(), value, unit: unit.to_owned() });
    }

    /// The median and the 99th percentile of samples in milliseconds; the median.
    pub fn spread(&mut self, what: &str, samples: &mut [f64]) -> f64 {
        let median = percentile(samples, 50.0);
        self.add(&format!("{what}, p50"), median, "ms");
        self.add(&format!("{what}, p99"), percentile(samples, 99.0), "ms");
        median
    }

    /// A figure that a goal is about, beside what is wanted. Nothing is judged.
    pub fn goal(&mut self, goal: &str, measured: f64, wanted: &str) {
        println!("  → {goal:<56} {:>12} wanted {wanted}", shown(measured));
        self.goals.push(Goal { goal: format!("{}: {goal}", self.section), measured, wanted: wanted.to_owned() });
    }

    /// Writes everything as JSON, and shows the goals once more together.
    pub fn finish(&self, path: Option<&Path>) -> Outcome {
        println!("\nGoals");
        for goal in &self.goals {
            println!("  {:<76} {:>10}  wanted {}", goal.goal, shown(goal.measured), goal.wanted);
        }
        let Some(path) = path else { return Ok(()) };
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// A number with about three significant digits.
fn shown(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => {
            let digits = format!("{:.0}", value.abs());
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
            format!("{}{}", if value < 0.0 { "-" } else { "" }, groups.join(" "))
        }
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

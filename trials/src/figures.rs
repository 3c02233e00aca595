//! Figures: percentiles, memory, the speed of the disk.

use crate::Outcome;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// The value below which `percent` of the samples lie. Sorts the samples; 0 without any.
pub fn percentile(samples: &mut [f64], percent: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index within the samples")]
    let index = ((samples.len() as f64 * percent / 100.0).ceil() as usize).saturating_sub(1);
    samples.get(index).copied().unwrap_or(0.0)
}

/// The most memory that a process has had, in KiB.
pub fn peak_memory_kib(pid: u32) -> Option<u64> {
    status_kib(pid, "VmHWM:")
}

/// The memory that a process has now, in KiB.
pub fn memory_kib(pid: u32) -> Option<u64> {
    status_kib(pid, "VmRSS:")
}

/// A line of `/proc/<pid>/status`, see proc(5).
fn status_kib(pid: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Seconds of processor time that a process has used, of all its threads.
pub fn processor_seconds(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in brackets may hold blanks; the fields after it are counted from 3.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// What a disk does with appends of 4 KiB, each made durable with fdatasync.
#[derive(Debug, Clone, Copy)]
pub struct Disk {
    /// Appends a second.
    pub per_second: f64,
    /// The median of one, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 take no longer, in milliseconds.
    pub p99_ms: f64,
}

/// Appends to a file of a folder for a time, with a pause of up to that long before each. It blocks its thread.
#[expect(clippy::disallowed_methods, reason = "it has a thread of its own")]
pub fn disk(folder: &Path, time: Duration, pause: Duration) -> Outcome<Disk> {
    let path = folder.join("fdatasync.probe");
    let mut file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let block = [0u8; 4096];
    let begin = Instant::now();
    let mut each = Vec::new();
    while begin.elapsed() < time {
        if !pause.is_zero() {
            std::thread::sleep(pause.mul_f64(fastrand::f64()));
        }
        let one = Instant::now();
        file.write_all(&block).and_then(|()| file.sync_data()).map_err(|error| error.to_string())?;
        each.push(one.elapsed().as_secs_f64() * 1000.0);
    }
    let per_second = each.len() as f64 / begin.elapsed().as_secs_f64();
    std::fs::remove_file(&path).map_err(|error| error.to_string())?;
    Ok(Disk { per_second, p50_ms: percentile(&mut each, 50.0), p99_ms: percentile(&mut each, 99.0) })
}

//! Whether the machine held still: a fixed piece of computation and a loop of
//! fdatasync, measured before and after everything else, each in slices.

use std::fs::File;
use std::hint::black_box;
use std::io::{Seek, SeekFrom, Write};
use std::time::{Duration, Instant};

use rustix::fs::fdatasync;

use crate::place;
use crate::statistics::{median, percentile, rate};

/// How long each loop is measured, and in how many pieces.
const SLICES: usize = 20;
const SLICE: Duration = Duration::from_millis(50);
/// Largest difference of the medians before and after, as a part of the larger.
/// A disk is never as steady as a processor.
const CPU_DRIFT: f64 = 0.10;
const DISK_DRIFT: f64 = 0.30;
/// Largest distance of the 10th percentile below the median, within one measurement.
const CPU_SPREAD: f64 = 0.20;
const DISK_SPREAD: f64 = 0.60;

/// Rates per second.
#[derive(Clone, Copy, Debug)]
pub struct Calibration {
    cpu: Rates,
    disk: Rates,
}

#[derive(Clone, Copy, Debug)]
struct Rates {
    median: f64,
    /// 10th percentile.
    low: f64,
}

impl Calibration {
    pub fn measure() -> Calibration {
        let mut file = tempfile::tempfile_in(place::worlds()).expect("a file to sync");
        Calibration { cpu: Rates::of(compute), disk: Rates::of(|| sync(&mut file)) }
    }

    /// What speaks against the figures that were measured since `before`.
    pub fn noise(&self, before: &Calibration) -> Option<String> {
        let cpu = self.cpu.compare(&before.cpu, "computing", CPU_DRIFT, CPU_SPREAD);
        let disk = self.disk.compare(&before.disk, "fdatasync", DISK_DRIFT, DISK_SPREAD);
        let noise: Vec<String> = cpu.into_iter().chain(disk).collect();
        (!noise.is_empty()).then(|| noise.join("; "))
    }
}

impl Rates {
    fn of(mut piece: impl FnMut()) -> Rates {
        let mut rates: Vec<f64> = (0..SLICES)
            .map(|_| {
                let start = Instant::now();
                let mut count = 0;
                while start.elapsed() < SLICE {
                    piece();
                    count += 1;
                }
                rate(count, start.elapsed())
            })
            .collect();
        Rates { median: median(&mut rates), low: percentile(&mut rates, 10) }
    }

    fn compare(&self, before: &Rates, what: &str, drift: f64, spread: f64) -> Option<String> {
        let larger = self.median.max(before.median);
        let drifted = (self.median - before.median).abs() / larger;
        if drifted > drift {
            return Some(format!(
                "{what} went from {:.0}/s to {:.0}/s ({:.0} %, more than {:.0} %)",
                before.median,
                self.median,
                drifted * 100.0,
                drift * 100.0
            ));
        }
        let spreads = [before, self].map(|r| (r.median - r.low) / r.median);
        let widest = spreads[0].max(spreads[1]);
        (widest > spread).then(|| {
            format!(
                "{what} spread by {:.0} % within a second (more than {:.0} %)",
                widest * 100.0,
                spread * 100.0
            )
        })
    }
}

/// Some 100 microseconds that depend on nothing but the processor.
fn compute() {
    let mut x = black_box(0x9e37_79b9_7f4a_7c15_u64);
    for _ in 0..40_000 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    black_box(x);
}

fn sync(file: &mut File) {
    file.seek(SeekFrom::Start(0)).expect("a file can be sought in");
    file.write_all(&[7; 4096]).expect("a block can be written");
    fdatasync(&*file).expect("a file can be synced");
}

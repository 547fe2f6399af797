//! Columns: each box above the middle of what comes after it, where there is room.

use super::layers::Layered;

/// Blank cells between two boxes.
const GAP: f64 = 3.0;
/// Rounds over all layers.
const ROUNDS: usize = 10;
/// How much more a line that passes by wants to be straight than a box wants its place.
const STRAIGHT: f64 = 4.0;

/// The left edge of each item.
pub(super) fn columns(layered: &Layered) -> Vec<u16> {
    let width = |item: usize| f64::from(layered.items[item].width);
    // columns of middles, as boxes draw them
    let half = |item: usize| f64::from(layered.items[item].width / 2);
    let mut x = vec![0.0; layered.items.len()];
    for layer in &layered.layers {
        let mut at = 0.0;
        for item in layer {
            x[*item] = at;
            at += width(*item) + GAP;
        }
    }
    for round in 0..ROUNDS {
        let ends = round + 2 >= ROUNDS;
        let down = round % 2 == 0;
        for at in 0..layered.layers.len() {
            let at = if down { at } else { layered.layers.len() - 1 - at };
            let layer = &layered.layers[at];
            let wanted = |item: &usize| {
                let of = &layered.items[*item];
                let joined = match (ends, down) {
                    (true, _) => of.above.iter().chain(&of.below),
                    (false, true) => of.above.iter().chain(&[]),
                    (false, false) => of.below.iter().chain(&[]),
                };
                let middles: Vec<f64> = joined.map(|j| x[*j] + half(*j)).collect();
                let weight = if of.node.is_some() { 1.0 } else { STRAIGHT };
                match middles.len() {
                    0 => (x[*item], weight / 4.0),
                    n => (middles.iter().sum::<f64>() / n as f64 - half(*item), weight),
                }
            };
            let wanted: Vec<(f64, f64)> = layer.iter().map(wanted).collect();
            let widths: Vec<f64> = layer.iter().map(|item| width(*item) + GAP).collect();
            let placed = apart(&wanted, &widths);
            layer.iter().zip(placed).for_each(|(item, to)| x[*item] = to);
        }
    }
    whole(layered, &x)
}

/// The places nearest to the wanted ones, by least squares, at which no two are closer
/// than the width of the left one. By pooling neighbours that are too close (isotonic
/// regression: Ayer et al., Ann. Math. Statist. 26(4), 1955).
fn apart(wanted: &[(f64, f64)], widths: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(wanted.len());
    let mut offsets = Vec::with_capacity(wanted.len());
    for ((place, weight), width) in wanted.iter().zip(widths) {
        offsets.push(offset);
        let mut pool = ((place - offset) * weight, *weight, 1);
        offset += width;
        while let Some(last) = pools.pop_if(|last| last.0 / last.1 > pool.0 / pool.1) {
            pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
        }
        pools.push(pool);
    }
    let starts = pools.iter().flat_map(|(sum, weight, n)| std::iter::repeat_n(sum / weight, *n));
    starts.zip(offsets).map(|(start, offset)| start + offset).collect()
}

/// In whole cells from 0 on, still apart.
fn whole(layered: &Layered, x: &[f64]) -> Vec<u16> {
    let least = x.iter().copied().fold(f64::INFINITY, f64::min);
    let mut whole = vec![0; x.len()];
    for layer in &layered.layers {
        let mut free = 0;
        for item in layer {
            let at = (x[*item] - least).round().clamp(0.0, f64::from(u16::MAX));
            // a checked range: between 0 and the largest
            let at = (at as u16).max(free);
            whole[*item] = at;
            free = at.saturating_add(layered.items[*item].width).saturating_add(1);
        }
    }
    whole
}

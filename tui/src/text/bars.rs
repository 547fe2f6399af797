//! A strip of bars, one cell each.

const UNICODE: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 4] = ['.', ':', '|', '#'];

/// A bar for each number, the highest standing for `top`. None has no bar, and whatever is
/// not none has one.
pub fn bars(numbers: &[u64], top: u64, unicode: bool) -> String {
    let signs: &[char] = if unicode { &UNICODE } else { &ASCII };
    let count = signs.len() as u128;
    let bar = |n: &u64| match (*n, top) {
        (0, _) | (_, 0) => ' ',
        (n, top) => {
            // of the largest numbers as well
            let height = (u128::from(n.min(top)) * count).div_ceil(u128::from(top)).clamp(1, count);
            signs[usize::try_from(height - 1).unwrap_or(0)]
        }
    };
    numbers.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::cells;

    #[test]
    fn a_little_is_seen_and_the_most_is_the_highest() {
        assert_eq!(bars(&[0, 1, 500, 1_000, 2_000], 1_000, true), " ▁▄██");
        assert_eq!(bars(&[0, 1, 2, 3, 4], 4, false), " .:|#");
        assert_eq!(bars(&[7], 0, true), " ", "nothing is the most");
        assert_eq!(bars(&[u64::MAX], u64::MAX, true), "█");
        assert_eq!(cells(&bars(&[3; 24], 3, true)), 24);
    }
}

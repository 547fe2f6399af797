//! Numbers for people.

/// `1 234 567`: thousands apart, without a sign that only one language has.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 run`, `3 runs`: for texts that are English alone.
pub fn count(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {one}s", number(n)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let table = [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")];
        for (n, wanted) in table {
            assert_eq!(number(n), wanted);
        }
    }

    #[test]
    fn one_is_no_plural() {
        let table = [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (1_000, "1 000 runs")];
        for (n, wanted) in table {
            assert_eq!(count(n, "run"), wanted);
        }
    }
}

//! Where things are in a picture that is 100 high and one wide for each step.

/// The top of a scale: 1, 2 or 5 with zeros, at least as much as the greatest value.
pub(super) fn top(most: i64) -> i64 {
    let mut unit: i64 = 1;
    loop {
        for factor in [1, 2, 5] {
            let top = unit.saturating_mul(factor);
            // Half of it is written as well, and should be a whole number.
            if top >= most && top % 2 == 0 {
                return top;
            }
        }
        if unit > i64::MAX / 10 {
            return i64::MAX;
        }
        unit *= 10;
    }
}

/// The path of a line. A value between two gaps is a dot.
pub(super) fn path(values: &[Option<i64>], ceiling: i64) -> String {
    let mut path = String::new();
    let mut drawing = false;
    for (step, value) in values.iter().enumerate() {
        let Some(value) = value else {
            drawing = false;
            continue;
        };
        let (x, y) = (step as f64 + 0.5, 100.0 - *value as f64 * 100.0 / ceiling.max(1) as f64);
        if !drawing {
            path.push_str(&format!("M{x} {y:.2}"));
        }
        path.push_str(&format!("L{x} {y:.2}"));
        drawing = true;
    }
    path
}

/// The part of a step's name that fits below the picture: `01-31`, or `08:15`.
pub(super) fn short(label: &str) -> &str {
    match label.len() {
        16.. => &label[11..16],
        10 => &label[5..],
        _ => label,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_on_round_numbers() {
        assert_eq!([0, 1, 2, 3, 10, 11, 51, 999, 1001].map(top), [2, 2, 2, 10, 10, 20, 100, 1000, 2000]);
        assert_eq!(top(i64::MAX), i64::MAX);
    }

    #[test]
    fn gaps_interrupt_lines() {
        assert_eq!(path(&[Some(0), Some(50), None, Some(100)], 100), "M0.5 100.00L0.5 100.00L1.5 50.00M3.5 0.00L3.5 0.00");
        assert_eq!(path(&[], 100), "");
    }

    #[test]
    fn names_are_cut() {
        assert_eq!((short("2026-01-31"), short("2026-01-31 08:15"), short("x")), ("01-31", "08:15", "x"));
    }
}

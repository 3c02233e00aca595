//! Tables as text for spreadsheets (RFC 4180).

/// What a file begins with, so that spreadsheets know that it is UTF-8.
pub const MARK: &str = "\u{feff}";

/// One cell. A text that a spreadsheet would calculate is made plain by an apostrophe.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// One line with its end.
pub fn line<T: AsRef<str>>(cells: &[T]) -> String {
    let mut line = cells.iter().map(|text| cell(text.as_ref())).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::{cell, line};

    #[test]
    fn cells_are_quoted_and_never_calculated() {
        let cells = ["plain", "a,b", "say \"hi\"", "two\nlines", "=1+1", "-7", "-7a", "+SUM(A1)", "@x", "\tx", ""];
        let written: Vec<_> = cells.map(cell).into();
        assert_eq!(
            written,
            ["plain", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "'=1+1", "-7", "'-7a", "'+SUM(A1)", "'@x", "'\tx", ""]
        );
        assert_eq!(line(&["a", "b,c"]), "a,\"b,c\"\r\n");
    }
}

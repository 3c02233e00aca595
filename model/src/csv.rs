//! Cells of files for spreadsheets (RFC 4180).

/// What such a file begins with: the mark by which spreadsheets know UTF-8.
pub const BOM: &str = "\u{feff}";

/// A text as a cell. One that a spreadsheet would run as a formula is made plain by an apostrophe.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// Cells as a line.
pub fn line(cells: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut line = cells.into_iter().map(|text| cell(text.as_ref())).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        let made: Vec<_> = ["a", "a,b", "say \"x\"", "=1+1", "-5", "-a", "@x", "a\nb", ""].into_iter().map(cell).collect();
        assert_eq!(made, ["a", "\"a,b\"", "\"say \"\"x\"\"\"", "'=1+1", "-5", "'-a", "'@x", "\"a\nb\"", ""]);
        assert_eq!(line(["a", "b,c"]), "a,\"b,c\"\r\n");
    }
}

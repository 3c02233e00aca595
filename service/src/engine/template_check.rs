//! Checks a template as an operator wrote it, and says where in it a mistake is.

use super::template::{Piece, Place, Template, environment};

/// The names that a template may begin an expression with.
const NAMES: [&str; 8] = ["params", "headers", "channel", "task", "attempt", "upstream_id", "upstream_ids", "answer"];

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// In a sentence.
    pub message: String,
    /// Where, in characters from 1; the expression that holds the mistake begins there.
    pub position: Option<usize>,
}

/// Whether a template can be read, and names only what there is.
pub fn check(text: &str) -> Result<(), TemplateProblem> {
    if let Template::Pieces(pieces) = Template::parse(text) {
        let first = |piece: Piece| match piece {
            Piece::Path(path) => path.into_iter().next(),
            Piece::Literal(_) => None,
        };
        return pieces.into_iter().filter_map(first).try_for_each(|name| known(text, &name));
    }
    let mut env = environment(Place::Text);
    if let Err(error) = env.add_template("t", text) {
        let message = format!("The template `{text}` cannot be read: {error}.");
        return Err(TemplateProblem { message, position: broken(text).map(|at| place(text, at)) });
    }
    let names = env.get_template("t").map(|template| template.undeclared_variables(false)).unwrap_or_default();
    names.iter().try_for_each(|name| known(text, name))
}

fn known(text: &str, name: &str) -> Result<(), TemplateProblem> {
    if NAMES.contains(&name) {
        return Ok(());
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let names = |inner: &str| inner.split(|c| !is_word(c)).any(|word| word == name);
    let found = expressions(text).find(|(_, inner)| inner.is_some_and(names)).map(|(at, _)| at).or_else(|| text.find(name));
    let message = format!("A template knows {}, not `{name}`.", NAMES.join(", "));
    Err(TemplateProblem { message, position: found.map(|at| place(text, at)) })
}

/// Where the first expression begins that cannot be read, in bytes.
fn broken(text: &str) -> Option<usize> {
    let env = environment(Place::Text);
    let is_broken = |inner: Option<&str>| inner.is_none_or(|inner| env.compile_expression(inner).is_err());
    // An opened statement that is never closed, or cannot be read, has no expression: then the first statement is shown.
    expressions(text).find(|(_, inner)| is_broken(*inner)).map(|(at, _)| at).or_else(|| text.find("{%"))
}

/// Every `{{ … }}` with the byte that it begins at; without its inside where it is not closed.
fn expressions(text: &str) -> impl Iterator<Item = (usize, Option<&str>)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find("{{")?;
        let inside = &text[at + 2..];
        let end = inside.find("}}");
        from = end.map_or(text.len(), |end| at + 2 + end + 2);
        Some((at, end.map(|end| &inside[..end])))
    })
}

/// A byte as people count, in characters from 1.
fn place(text: &str, byte: usize) -> usize {
    text[..byte].chars().count() + 1
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn mistakes_have_a_place() {
        let table = [
            ("{{ params.x }}", None),
            ("plain", None),
            ("{{ secrets.x }}", Some(1)),
            ("é {{ params.x }} {{ secrets.x }}", Some(18)),
            ("ab {{ params.x ", Some(4)),
            ("{{ params.x }} {{ params. }}", Some(16)),
            ("{{ params.x | upper }} {{ nothing | upper }}", Some(24)),
            ("x {% for %}", Some(3)),
        ];
        for (text, position) in table {
            assert_eq!(check(text).err().map(|problem| problem.position), position.map(Some), "{text}");
        }
    }
}

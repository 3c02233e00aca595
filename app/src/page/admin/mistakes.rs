//! What is wrong with a definition that is being edited, by place.

use crate::error::UiError;
use crate::i18n::{Strings, fill};
use leptos::prelude::*;
use serde_json::Value;

/// Mistakes by place, such as `form_schema[1].key`. A copy is the same list.
#[derive(Clone, Copy)]
pub struct Mistakes(RwSignal<Vec<(String, String)>>);

impl Mistakes {
    /// None yet.
    pub fn new() -> Self {
        Mistakes(RwSignal::new(Vec::new()))
    }

    /// Forgets all of them.
    pub fn clear(self) {
        self.0.set(Vec::new());
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0.with_untracked(Vec::is_empty)
    }

    /// Notes one.
    pub fn add(self, place: impl Into<String>, text: impl Into<String>) {
        self.0.update(|all| all.push((place.into(), text.into())));
    }

    /// Notes what the server said of a place.
    pub fn take(self, t: &Strings, error: &UiError) {
        if let Some(place) = &error.0.field {
            self.add(place.clone(), t.sentence(&error.0.message));
        }
    }

    /// What is wrong at a place or inside it.
    pub fn at(self, place: impl Fn() -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || {
            let place = place();
            let inside = |other: &String| other.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
            self.0.with(|all| all.iter().find(|(other, _)| inside(other)).map(|(_, text)| text.clone()))
        })
    }

    /// The same for a place that never moves.
    pub fn of(self, place: &'static str) -> Signal<Option<String>> {
        self.at(move || place.to_owned())
    }
}

/// Reads what was typed, and notes what cannot be read.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The texts of the page.
    pub t: &'static Strings,
    /// Where mistakes go; nowhere for a preview.
    pub mistakes: Option<Mistakes>,
}

impl Reader {
    fn note(self, place: &str, text: String) {
        if let Some(mistakes) = self.mistakes {
            mistakes.add(place, text);
        }
    }

    /// A whole number; none if nothing was typed.
    pub fn whole(self, place: &str, text: &str) -> Option<i64> {
        self.number_of(place, text, self.t.catalog().need_whole)
    }

    /// A whole number that must be given.
    pub fn needed(self, place: &str, text: &str) -> i64 {
        if text.trim().is_empty() {
            self.note(place, self.t.catalog().need_whole.to_owned());
        }
        self.whole(place, text).unwrap_or_default()
    }

    /// A number with or without a fraction; none if nothing was typed.
    pub fn number(self, place: &str, text: &str) -> Option<f64> {
        self.number_of::<f64>(place, text, self.t.catalog().need_number).filter(|number| number.is_finite())
    }

    /// A count; none if nothing was typed.
    pub fn count(self, place: &str, text: &str) -> Option<usize> {
        self.number_of(place, text, self.t.catalog().need_whole)
    }

    fn number_of<N: std::str::FromStr>(self, place: &str, text: &str, sentence: &str) -> Option<N> {
        match text.trim() {
            "" => None,
            text => {
                let read = text.parse().ok();
                if read.is_none() {
                    self.note(place, sentence.to_owned());
                }
                read
            }
        }
    }

    /// Any JSON; none if nothing was typed.
    pub fn json(self, place: &str, text: &str) -> Option<Value> {
        if text.trim().is_empty() {
            return None;
        }
        match serde_json::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.note(place, fill(self.t.catalog().need_json, &[("detail", &error.to_string())]));
                None
            }
        }
    }
}

/// A text without the space around it, if anything is left.
pub fn given(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn what_is_inside_a_place_is_shown_there() {
        Owner::new().with(|| {
            let mistakes = Mistakes::new();
            mistakes.add("request.body.tags[0]", "no");
            mistakes.add("requests", "other");
            assert_eq!(mistakes.of("request.body").get_untracked().as_deref(), Some("no"));
            assert_eq!(mistakes.of("request.url").get_untracked(), None);
            let reader = Reader { t: Strings::of(Lang::En), mistakes: Some(mistakes) };
            assert_eq!((reader.whole("a", " 7 "), reader.whole("b", ""), reader.whole("c", "x")), (Some(7), None, None));
            assert_eq!((reader.json("d", "{"), reader.needed("e", "")), (None, 0));
            for place in ["c", "d", "e"] {
                assert!(mistakes.of(place).get_untracked().is_some(), "{place}");
            }
            assert!(mistakes.of("a").get_untracked().is_none());
        });
    }
}

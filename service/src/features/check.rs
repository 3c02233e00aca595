//! What a catalog must be, beyond its types: names, references, templates, paths and limits. Every problem is found, not only the first.

mod custom_apis;
mod features;
mod rules;

use super::locate::Step;
use model::catalog::Catalog;
use model::rules::Rule;
use serde_json_path::JsonPath;
use std::collections::HashMap;
use url::Url;

/// A problem and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub path: Vec<Step>,
    /// In a sentence.
    pub message: String,
    /// In a template: where in it, in characters from 1.
    pub position: Option<usize>,
}

impl Found {
    /// A problem at a place.
    pub fn at<const N: usize>(path: [Step; N], message: impl Into<String>) -> Self {
        Found { path: path.into(), message: message.into(), position: None }
    }

    /// What is wrong, with the place in the text if it is known.
    pub fn sentence(&self) -> String {
        match self.position {
            Some(position) => format!("{} (At character {position}.)", self.message),
            None => self.message.clone(),
        }
    }
}

/// Everything that is wrong with a catalog.
pub(super) fn check(catalog: &Catalog) -> Vec<Found> {
    let mut at = Place::default();
    let rules: HashMap<_, _> = catalog.rules.iter().map(|rule| (rule.name.as_str(), rule)).collect();
    at.each("rules", &catalog.rules, rules::rule);
    at.each("channels", &catalog.channels, rules::channel);
    at.each("features", &catalog.features, |at, feature| {
        features::feature(at, feature, rules.get(feature.rule.as_str()).copied());
        if !catalog.channels.iter().any(|channel| channel.platform == feature.platform) {
            at.field("platform", |at| at.say(format!("No channel of the catalog is of the platform `{}`.", feature.platform)));
        }
    });
    at.each("custom_apis", &catalog.custom_apis, |at, api| {
        custom_apis::custom_api(at, api, rules.get(api.rule.as_str()).copied());
        if !catalog.channels.iter().any(|channel| channel.platform == api.platform) {
            at.field("platform", |at| at.say(format!("There is no channel of the platform `{}`.", api.platform)));
        }
    });
    at.unique("rules", "name", catalog.rules.iter().map(|rule| rule.name.as_str()));
    at.unique("channels", "name", catalog.channels.iter().map(|channel| channel.name.as_str()));
    at.unique("features", "key", catalog.features.iter().map(|feature| feature.key.as_str()));
    at.unique("custom_apis", "key", catalog.custom_apis.iter().map(|api| api.key.as_str()));
    let routes: Vec<_> = catalog.custom_apis.iter().map(|api| model::custom_apis::route(api.method, &api.path)).collect();
    at.unique("custom_apis", "path", routes.iter().map(String::as_str));
    at.found
}

/// Everything that is wrong with a rule by itself.
pub(super) fn check_rule(rule: &Rule) -> Vec<Found> {
    let mut at = Place::default();
    rules::rule(&mut at, rule);
    at.found
}

/// Where the check is, and what it found so far.
#[derive(Default)]
struct Place {
    path: Vec<Step>,
    found: Vec<Found>,
}

impl Place {
    /// Notes a problem here.
    fn say(&mut self, message: impl Into<String>) {
        self.found.push(Found { path: self.path.clone(), message: message.into(), position: None });
    }

    /// Notes a problem here unless all is well.
    fn must(&mut self, well: bool, message: &str) {
        if !well {
            self.say(message);
        }
    }

    /// Checks something inside.
    fn field(&mut self, step: impl Into<Step>, check: impl FnOnce(&mut Self)) {
        self.path.push(step.into());
        check(self);
        self.path.pop();
    }

    /// Checks every item of a list.
    fn each<T>(&mut self, key: &str, items: &[T], mut check: impl FnMut(&mut Self, &T)) {
        self.field(key, |at| {
            for (index, item) in items.iter().enumerate() {
                at.field(index, |at| check(at, item));
            }
        });
    }

    /// Notes names that stand twice.
    fn unique<'n>(&mut self, list: &str, key: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = HashMap::new();
        for (index, name) in names.enumerate() {
            if let Some(first) = seen.insert(name, index) {
                seen.insert(name, first);
                self.field(list, |at| {
                    at.field(index, |at| at.field(key, |at| at.say(format!("`{name}` stands at {list}[{first}] already."))))
                });
            }
        }
    }

    /// A name that people read: one line, not empty, without space around it.
    fn name(&mut self, key: &str, name: &str) {
        let well = !name.is_empty() && name.trim() == name && name.chars().count() <= 200 && !name.contains(char::is_control);
        self.field(key, |at| at.must(well, "A name must have 1 to 200 characters on one line, without space around it."));
    }

    /// A name that programs read: letters, digits and some marks.
    fn word(&mut self, key: &str, word: &str, marks: &str) {
        let well = word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.len() <= 100
            && word.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c));
        let sentence = format!("A key begins with a letter and has letters, digits and the marks {marks}, at most 100 characters.");
        self.field(key, |at| at.must(well, &sentence));
    }

    /// A number within limits.
    fn range(&mut self, key: &str, number: i64, limits: std::ops::RangeInclusive<i64>) {
        let sentence = format!("This must be {} to {}.", limits.start(), limits.end());
        self.field(key, |at| at.must(limits.contains(&number), &sentence));
    }

    /// A JSONPath.
    fn json_path(&mut self, key: &str, path: Option<&str>) {
        let Some(Err(error)) = path.map(JsonPath::parse) else { return };
        self.field(key, |at| at.say(format!("This is not a JSONPath of RFC 9535: {error}.")));
    }

    /// A template.
    fn template(&mut self, text: &str) {
        if let Err(crate::engine::TemplateProblem { message, position }) = crate::engine::check_template(text) {
            self.found.push(Found { path: self.path.clone(), message, position });
        }
    }
}

/// Whether a text is an http or https address with a host, without a user name.
fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty() && url.password().is_none()
    })
}

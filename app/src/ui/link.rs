//! Links to the present page with another query string: filters, sorting and paging live in the URL.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use leptos_router::params::ParamsMap;

/// Builds links from the present path and query.
#[derive(Clone, Copy)]
pub struct LinkBuilder {
    path: Memo<String>,
    query: Memo<ParamsMap>,
}

impl LinkBuilder {
    /// The present address with some parameters set (`Some`) or taken out (`None`). Reactive.
    pub fn with(self, changes: &[(&'static str, Option<&str>)]) -> String {
        let mut query = self.query.get();
        for (name, value) in changes {
            query.remove(name);
            if let Some(value) = value {
                query.insert(*name, (*value).to_owned());
            }
        }
        self.address(&query)
    }

    /// The present path with these parameters and no others. Reactive.
    pub fn only(self, parameters: &[(&'static str, &str)]) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in parameters {
            query.insert(*name, (*value).to_owned());
        }
        self.address(&query)
    }

    /// A parameter of the present address; `None` if it is absent or empty. Reactive.
    pub fn get(self, name: &str) -> Option<String> {
        self.query.with(|query| query.get(name)).filter(|value| !value.is_empty())
    }

    /// The same once, without following later changes.
    pub fn peek(self, name: &str) -> Option<String> {
        self.query.with_untracked(|query| query.get(name)).filter(|value| !value.is_empty())
    }

    /// All parameters except some, for hidden fields of a form. Reactive.
    pub fn others(self, left_out: &[&str]) -> Vec<(String, String)> {
        let query = self.query.get();
        query.into_iter().filter(|(name, _)| !left_out.contains(&name.as_ref())).map(|(name, value)| (name.into_owned(), value)).collect()
    }

    fn address(self, query: &ParamsMap) -> String {
        let mut address = self.path.get();
        for (count, (name, value)) in query.into_iter().enumerate() {
            address.push(if count == 0 { '?' } else { '&' });
            address.push_str(&escape(name));
            address.push('=');
            address.push_str(&escape(value));
        }
        address
    }
}

/// Percent-encodes all but unreserved characters. Own, because that of the router differs between server and browser.
pub fn escape(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

/// The builder for the present page. Take it at the top of a component.
pub fn use_link() -> LinkBuilder {
    let location = use_location();
    LinkBuilder { path: location.pathname, query: location.query }
}

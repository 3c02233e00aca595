//! What the settings say about the site itself: its name, and whether people may register. Rendered by the server into `<meta>` elements, so
//! that the browser knows it before it asks anything.

use leptos::prelude::*;
use model::settings::Registration;

/// The name of the element with the site's name.
pub const NAME: &str = "application-name";
/// The name of the element that says who may register.
pub const REGISTRATION: &str = "registration";

/// The site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    /// Its name; the product's own where it is empty.
    pub name: String,
    /// Who may register.
    pub registration: Registration,
}

impl Site {
    /// What the server rendered into `<head>`.
    #[cfg(not(feature = "ssr"))]
    pub fn of_document() -> Self {
        let content = |name: &str| {
            let found = document().query_selector(&format!("meta[name='{name}']")).ok().flatten();
            found.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
        };
        Site { name: content(NAME), registration: Registration::parse(&content(REGISTRATION)).unwrap_or_default() }
    }

    /// The name, or the product's.
    pub fn name_or<'a>(&'a self, product: &'a str) -> &'a str {
        if self.name.is_empty() { product } else { &self.name }
    }
}

/// The site. Take it at the top of a component.
pub fn use_site() -> Site {
    use_context::<Site>().unwrap_or_default()
}

//! Language and theme of a browser: two cookies, rendered by the server so that nothing flashes.

use crate::i18n::Lang;

/// Which colours are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As the system is set.
    #[default]
    Auto,
}

impl Theme {
    /// Every theme, in the order of the switch.
    pub const ALL: [Theme; 3] = [Theme::Light, Theme::Dark, Theme::Auto];

    /// The word in the cookie, in `POST /preferences` and in `<html data-theme>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "auto",
        }
    }

    /// The theme of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word)
    }

    /// The value of `<meta name="color-scheme">`.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Auto => "light dark",
        }
    }
}

/// What a browser has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prefs {
    /// The language.
    pub lang: Lang,
    /// The theme.
    pub theme: Theme,
}

impl Prefs {
    /// Reads the `Cookie` header; without a language in it `Accept-Language` decides.
    pub fn read(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        let value = |name: &str| {
            cookie?.split(';').filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        Prefs {
            lang: value("lang").and_then(Lang::parse).unwrap_or_else(|| accept_language.map_or(Lang::Zh, Lang::negotiate)),
            theme: value("theme").and_then(Theme::parse).unwrap_or_default(),
        }
    }

    /// What the server rendered into `<html>`.
    #[cfg(not(feature = "ssr"))]
    pub fn of_document() -> Self {
        let root = leptos::prelude::document().document_element();
        let attribute = |name: &str| root.as_ref().and_then(|root| root.get_attribute(name));
        Prefs {
            lang: attribute("lang").as_deref().and_then(Lang::parse).unwrap_or_default(),
            theme: attribute("data-theme").as_deref().and_then(Theme::parse).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_win_over_the_header() {
        let prefs = Prefs::read(Some("session=x; lang=en; theme=dark"), Some("zh-CN"));
        assert_eq!(prefs, Prefs { lang: Lang::En, theme: Theme::Dark });
    }

    #[test]
    fn unknown_values_are_ignored() {
        assert_eq!(Prefs::read(Some("lang=fr; theme=pink"), None), Prefs::default());
        assert_eq!(Prefs::read(None, Some("en")).lang, Lang::En);
    }
}

//! What people have typed into the form of a webhook.

use leptos::prelude::*;
use model::error::Error;
use model::webhooks::{MessageLanguage, NewWebhook, WebhookEvent, WebhookKind, WebhookPatch, WebhookView};
use std::collections::BTreeMap;

/// Stands for a stored value that is not shown.
pub(super) const KEPT: &str = "••••••";

/// The form. A copy is the same form.
#[derive(Clone, Copy)]
pub struct WebhookFields {
    pub(super) name: RwSignal<String>,
    pub(super) kind: RwSignal<String>,
    pub(super) url: RwSignal<String>,
    pub(super) signing_secret: RwSignal<String>,
    pub(super) remove_secret: RwSignal<bool>,
    pub(super) events: StoredValue<Vec<(WebhookEvent, RwSignal<bool>)>>,
    pub(super) all_tasks: RwSignal<bool>,
    pub(super) language: RwSignal<String>,
    pub(super) headers: RwSignal<String>,
    /// Whether it is one that is there already, whose kind stays.
    pub(super) is_stored: bool,
    /// Whether a secret is stored.
    pub(super) is_signed: bool,
}

impl WebhookFields {
    /// An empty form, or one with what a webhook has.
    pub fn new(source: Option<&WebhookView>) -> Self {
        let chosen = source.map_or(WebhookEvent::DEFAULT.to_vec(), |webhook| webhook.events.clone());
        let events = WebhookEvent::ALL.iter().filter(|event| event.can_be_chosen());
        let headers: Vec<_> = source.iter().flat_map(|webhook| &webhook.header_names).map(|name| format!("{name}: {KEPT}")).collect();
        WebhookFields {
            name: RwSignal::new(source.map(|webhook| webhook.name.clone()).unwrap_or_default()),
            kind: RwSignal::new(source.map_or(WebhookKind::Standard, |webhook| webhook.kind).as_str().to_owned()),
            url: RwSignal::new(source.map(|webhook| webhook.url.clone()).unwrap_or_default()),
            signing_secret: RwSignal::new(String::new()),
            remove_secret: RwSignal::new(false),
            events: StoredValue::new(events.map(|event| (*event, RwSignal::new(chosen.contains(event)))).collect()),
            all_tasks: RwSignal::new(source.is_some_and(|webhook| webhook.all_tasks)),
            language: RwSignal::new(source.map_or(MessageLanguage::Zh, |webhook| webhook.language).as_str().to_owned()),
            headers: RwSignal::new(headers.join("\n")),
            is_stored: source.is_some(),
            is_signed: source.is_some_and(|webhook| webhook.signed),
        }
    }

    /// The chosen kind. Reactive.
    pub(super) fn chosen_kind(self) -> WebhookKind {
        WebhookKind::parse(&self.kind.get()).unwrap_or_default()
    }

    fn chosen_events(self) -> Vec<WebhookEvent> {
        self.events.with_value(|events| events.iter().filter(|(_, on)| on.get_untracked()).map(|(event, _)| *event).collect())
    }

    fn chosen_language(self) -> Option<MessageLanguage> {
        MessageLanguage::parse(&self.language.get_untracked())
    }

    fn secret(self) -> Option<String> {
        untrack(|| self.chosen_kind().takes_secret())
            .then(|| self.signing_secret.get_untracked().trim().to_owned())
            .filter(|secret| !secret.is_empty())
    }

    /// What is sent to make one.
    pub fn new_webhook(self) -> Result<NewWebhook, Error> {
        let value = |(name, value): (String, Option<String>)| (name, value.unwrap_or_default());
        Ok(NewWebhook {
            name: self.name.get_untracked(),
            kind: untrack(|| self.chosen_kind()),
            url: self.url.get_untracked(),
            signing_secret: self.secret(),
            events: Some(self.chosen_events()),
            all_tasks: self.all_tasks.get_untracked(),
            language: self.chosen_language(),
            headers: headers_of(&self.headers.get_untracked())?.into_iter().map(value).collect(),
            enabled: None,
        })
    }

    /// What is sent to change one.
    pub fn patch(self) -> Result<WebhookPatch, Error> {
        let secret = if self.remove_secret.get_untracked() { Some(String::new()) } else { self.secret() };
        Ok(WebhookPatch {
            name: Some(self.name.get_untracked()),
            url: Some(self.url.get_untracked()),
            signing_secret: secret,
            events: Some(self.chosen_events()),
            all_tasks: Some(self.all_tasks.get_untracked()),
            language: self.chosen_language(),
            headers: Some(headers_of(&self.headers.get_untracked())?),
            enabled: None,
        })
    }
}

/// Lines of `Name: value`; a value of [`KEPT`] is one that stays as it is stored.
fn headers_of(text: &str) -> Result<BTreeMap<String, Option<String>>, Error> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) =
                line.split_once([':', '：']).ok_or_else(|| Error::invalid("headers", "Each line must be `Name: value`."))?;
            let value = value.trim();
            Ok((name.trim().to_owned(), (value != KEPT).then(|| value.to_owned())))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_by_line() {
        let read = headers_of("X-A: 1\n\n X-B ： a:b \nX-C: ••••••").unwrap();
        assert_eq!(
            read,
            [("X-A".to_owned(), Some("1".to_owned())), ("X-B".to_owned(), Some("a:b".to_owned())), ("X-C".to_owned(), None)].into()
        );
        assert_eq!(headers_of("nothing").unwrap_err().field.as_deref(), Some("headers"));
        assert!(headers_of(" \n").unwrap().is_empty());
    }
}

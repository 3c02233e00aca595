//! What was typed into the form of a rule.

use super::poll::PollDraft;
use super::request::RequestDraft;
use crate::i18n::Strings;
use crate::page::admin::mistakes::{Mistakes, Reader, given};
use leptos::prelude::*;
use model::rules::{Delivery, RequestTemplate, RetryOn, Rule, Signature, SuccessCondition};
use std::collections::BTreeMap;

/// The form. A copy is the same form.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each is the field of the rule of its name")]
pub struct Draft {
    pub name: RwSignal<String>,
    pub request: RequestDraft,
    pub statuses: RwSignal<String>,
    pub success_path: RwSignal<String>,
    pub success_equals: RwSignal<String>,
    pub result_path: RwSignal<String>,
    pub error_path: RwSignal<String>,
    pub answer_statuses: RwSignal<String>,
    /// How requests are signed, which the form does not show.
    sign: StoredValue<Option<Signature>>,
    pub polls: RwSignal<bool>,
    pub poll: PollDraft,
    pub max_retries: RwSignal<String>,
    pub interval: RwSignal<String>,
    pub retry_on: RwSignal<String>,
    pub timeout: RwSignal<String>,
    pub overall_timeout: RwSignal<String>,
    pub delivery: RwSignal<String>,
    /// What is wrong, as far as is known.
    pub mistakes: Mistakes,
}

/// A rule before anything was typed.
pub fn blank() -> Rule {
    Rule {
        name: String::new(),
        request: RequestTemplate { url: "{{ channel.base_url }}/".to_owned(), ..RequestTemplate::default() },
        success: SuccessCondition::default(),
        result_path: None,
        error_path: None,
        answer_statuses: BTreeMap::new(),
        sign: None,
        poll: None,
        max_retries: 3,
        interval_seconds: None,
        retry_on: RetryOn::Transient,
        timeout_seconds: 30,
        overall_timeout_seconds: 86_400,
        delivery: Delivery::AtLeastOnce,
    }
}

impl Draft {
    /// From what is stored; mistakes go to a list that may be shared with other drafts of the page.
    pub fn new(rule: Rule, mistakes: Mistakes) -> Self {
        let text = |text: Option<String>| RwSignal::new(text.unwrap_or_default());
        let number = |number: i64| RwSignal::new(number.to_string());
        let statuses = rule.success.statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
        let answers = rule.answer_statuses.iter().map(|(from, to)| format!("{from}: {to}")).collect::<Vec<_>>().join(", ");
        let equals = rule.success.equals.as_ref().map(ToString::to_string);
        Draft {
            name: RwSignal::new(rule.name),
            request: RequestDraft::new(rule.request),
            statuses: RwSignal::new(statuses),
            success_path: text(rule.success.path),
            success_equals: text(equals),
            result_path: text(rule.result_path),
            error_path: text(rule.error_path),
            answer_statuses: RwSignal::new(answers),
            sign: StoredValue::new(rule.sign),
            polls: RwSignal::new(rule.poll.is_some()),
            poll: PollDraft::new(rule.poll),
            max_retries: number(rule.max_retries),
            interval: text(rule.interval_seconds.map(|seconds| seconds.to_string())),
            retry_on: text(Some(if rule.retry_on == RetryOn::Any { "any" } else { "transient" }.to_owned())),
            timeout: number(rule.timeout_seconds),
            overall_timeout: number(rule.overall_timeout_seconds),
            delivery: text(Some(if rule.delivery == Delivery::AtMostOnce { "at_most_once" } else { "at_least_once" }.to_owned())),
            mistakes,
        }
    }

    /// The definition; what cannot be read is among the mistakes afterwards. Reactive.
    pub fn read(self, t: &'static Strings) -> Rule {
        let reader = Reader { t, mistakes: Some(self.mistakes) };
        let typed = self.statuses.get();
        let typed = typed.split([',', ' ', '，']).map(str::trim).filter(|status| !status.is_empty());
        let statuses: Option<Vec<u16>> = typed.map(|status| status.parse().ok()).collect();
        if statuses.is_none() {
            self.mistakes.add("success.statuses", t.catalog().need_whole);
        }
        let typed = self.answer_statuses.get();
        let typed = typed.split([',', '，', '\n']).map(str::trim).filter(|pair| !pair.is_empty());
        let pair =
            |pair: &str| pair.split_once([':', '：', '=']).and_then(|(from, to)| Some((from.trim().to_owned(), to.trim().parse().ok()?)));
        let answers: Option<BTreeMap<String, u16>> = typed.map(pair).collect();
        if answers.is_none() {
            self.mistakes.add("answer_statuses", t.catalog().need_pairs);
        }
        Rule {
            name: self.name.get().trim().to_owned(),
            request: self.request.read(reader, "request"),
            success: SuccessCondition {
                statuses: statuses.unwrap_or_default(),
                path: given(&self.success_path.get()),
                equals: reader.json("success.equals", &self.success_equals.get()),
            },
            result_path: given(&self.result_path.get()),
            error_path: given(&self.error_path.get()),
            answer_statuses: answers.unwrap_or_default(),
            sign: self.sign.get_value(),
            poll: self.polls.get().then(|| self.poll.read(reader)),
            max_retries: reader.needed("max_retries", &self.max_retries.get()),
            interval_seconds: reader.whole("interval_seconds", &self.interval.get()),
            retry_on: if self.retry_on.get() == "any" { RetryOn::Any } else { RetryOn::Transient },
            timeout_seconds: reader.needed("timeout_seconds", &self.timeout.get()),
            overall_timeout_seconds: reader.needed("overall_timeout_seconds", &self.overall_timeout.get()),
            delivery: if self.delivery.get() == "at_most_once" { Delivery::AtMostOnce } else { Delivery::AtLeastOnce },
        }
    }
}

//! What was typed into the form of a feature.

use super::field_draft::FieldDraft;
use crate::i18n::Strings;
use crate::page::admin::mistakes::{Mistakes, Reader};
use crate::page::admin::rows::{Row, Rows};
use leptos::prelude::*;
use model::features::{Feature, PriceKind, ResultField, Visibility};
use model::form::FormField;

/// One result field.
#[derive(Clone, Copy)]
pub struct ResultDraft {
    id: u32,
    /// What people read.
    pub label: RwSignal<String>,
    /// The JSONPath.
    pub path: RwSignal<String>,
}

impl Row for ResultDraft {
    fn id(&self) -> u32 {
        self.id
    }
}

impl ResultDraft {
    /// From what is stored.
    pub fn new(id: u32, field: ResultField) -> Self {
        ResultDraft { id, label: RwSignal::new(field.label), path: RwSignal::new(field.path) }
    }
}

/// The form. A copy is the same form.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each is the field of the feature of its name")]
pub struct Draft {
    pub key: RwSignal<String>,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    pub category: RwSignal<String>,
    pub platform: RwSignal<String>,
    pub action: RwSignal<String>,
    pub rule: RwSignal<String>,
    pub fields: Rows<FieldDraft>,
    pub results: Rows<ResultDraft>,
    pub points: RwSignal<String>,
    pub price_kind: RwSignal<String>,
    pub billing_hint: RwSignal<String>,
    pub max_retries: RwSignal<String>,
    pub interval: RwSignal<String>,
    pub parallel: RwSignal<String>,
    pub order: RwSignal<String>,
    pub enabled: RwSignal<bool>,
    pub visibility: RwSignal<String>,
    pub visible_to: RwSignal<String>,
    /// What is wrong, as far as is known.
    pub mistakes: Mistakes,
}

/// A feature before anything was typed.
pub fn blank() -> Feature {
    Feature {
        key: String::new(),
        name: String::new(),
        description: String::new(),
        category: String::new(),
        platform: String::new(),
        action: String::new(),
        rule: String::new(),
        form_schema: Vec::new(),
        result_fields: Vec::new(),
        points: 0,
        price_kind: PriceKind::PerSuccess,
        billing_hint: String::new(),
        max_retries: None,
        interval_seconds: None,
        max_parallel_per_user: None,
        sort_order: 0,
        enabled: true,
        visibility: Visibility::Everyone,
        visible_to: Vec::new(),
    }
}

impl Draft {
    /// From what is stored.
    pub fn new(feature: Feature) -> Self {
        let text = |text: String| RwSignal::new(text);
        let number = |number: Option<i64>| RwSignal::new(number.map(|number| number.to_string()).unwrap_or_default());
        let per_submission = feature.price_kind == PriceKind::PerSubmission;
        Draft {
            key: text(feature.key),
            name: text(feature.name),
            description: text(feature.description),
            category: text(feature.category),
            platform: text(feature.platform),
            action: text(feature.action),
            rule: text(feature.rule),
            fields: Rows::new(feature.form_schema, |id, field| FieldDraft::new(id, field, false)),
            results: Rows::new(feature.result_fields, ResultDraft::new),
            points: number(Some(feature.points)),
            price_kind: text(if per_submission { "per_submission" } else { "per_success" }.to_owned()),
            billing_hint: text(feature.billing_hint),
            max_retries: number(feature.max_retries),
            interval: number(feature.interval_seconds),
            parallel: number(feature.max_parallel_per_user),
            order: number(Some(feature.sort_order)),
            enabled: RwSignal::new(feature.enabled),
            visibility: text(feature.visibility.as_str().to_owned()),
            visible_to: text(feature.visible_to.join("\n")),
            mistakes: Mistakes::new(),
        }
    }

    /// Who can see it, as chosen. Reactive.
    pub fn audience(self) -> Visibility {
        self.visibility.with(|word| match word.as_str() {
            "users" => Visibility::Users,
            "hidden" => Visibility::Hidden,
            _ => Visibility::Everyone,
        })
    }

    /// The fields of the form as far as they can be read. Reactive.
    pub fn form_fields(self, reader: Reader) -> Vec<FormField> {
        let fields = self.fields.get().into_iter().enumerate();
        fields.map(|(at, field)| field.read(reader, &format!("form_schema[{at}]"))).collect()
    }

    /// The definition; what cannot be read is among the mistakes afterwards. Reactive.
    pub fn read(self, t: &'static Strings) -> Feature {
        let reader = Reader { t, mistakes: Some(self.mistakes) };
        let text = |signal: RwSignal<String>| signal.get().trim().to_owned();
        let visibility = self.audience();
        let names = |text: String| text.split(['\n', ',']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let result = |row: ResultDraft| ResultField { label: text(row.label), path: text(row.path) };
        Feature {
            key: text(self.key),
            name: text(self.name),
            description: self.description.get(),
            category: text(self.category),
            platform: text(self.platform),
            action: text(self.action),
            rule: self.rule.get(),
            form_schema: self.form_fields(reader),
            result_fields: self.results.get().into_iter().map(result).collect(),
            points: reader.needed("points", &self.points.get()),
            price_kind: if self.price_kind.get() == "per_submission" { PriceKind::PerSubmission } else { PriceKind::PerSuccess },
            billing_hint: text(self.billing_hint),
            max_retries: reader.whole("max_retries", &self.max_retries.get()),
            interval_seconds: reader.whole("interval_seconds", &self.interval.get()),
            max_parallel_per_user: reader.whole("max_parallel_per_user", &self.parallel.get()),
            sort_order: reader.whole("sort_order", &self.order.get()).unwrap_or_default(),
            enabled: self.enabled.get(),
            visibility,
            visible_to: if visibility == Visibility::Users { names(self.visible_to.get()) } else { Vec::new() },
        }
    }
}

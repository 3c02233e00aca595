//! The result fields of a feature.

use super::draft::{Draft, ResultDraft};
use crate::i18n::use_strings;
use crate::page::admin::rows::Row;
use crate::ui::*;
use leptos::prelude::*;
use model::features::ResultField;

/// One line for each.
#[component]
pub fn Results(
    /// The feature.
    draft: Draft,
) -> impl IntoView {
    let t = use_strings();
    let rows = draft.results;
    let line = move |row: ResultDraft| {
        let id = row.id();
        let number = move || (rows.place(id) + 1).to_string();
        let named = move |what: &str| format!("{what} {}", number());
        let error = draft.mistakes.at(move || format!("result_fields[{}]", rows.place(id)));
        view! {
            <div class="option-row">
                <Input value=row.label placeholder=t.catalog().result_label attr:aria-label=move || named(t.catalog().result_label) attr:autocomplete="off"/>
                <Input
                    value=row.path
                    mono=true
                    placeholder="$.url"
                    attr:aria-label=move || named(t.catalog().result_path)
                    attr:aria-invalid=move || error.get().map(|_| "true")
                    attr:autocomplete="off"
                    attr:spellcheck="false"
                />
                {rows.tools(id, number, true)}
                <p class="field-error" role="alert">{move || error.get()}</p>
            </div>
        }
    };
    let add = move |_| {
        rows.add(|id| ResultDraft::new(id, ResultField { label: String::new(), path: String::new() }));
    };
    view! {
        <Card title=t.catalog().results>
            <div class="builder">
                <p class="muted small">{t.catalog().results_lead}</p>
                <div class="header-list"><For each=move || rows.get() key=|row| row.id() children=line/></div>
                <div><Button icon=IconName::Plus size=Size::Sm on_click=add>{t.catalog().add_result}</Button></div>
            </div>
        </Card>
    }
    .into_any()
}

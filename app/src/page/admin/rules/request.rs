//! A request template: method, address, headers and body.

use crate::i18n::use_strings;
use crate::page::admin::mistakes::{Mistakes, Reader};
use crate::page::admin::rows::{Row, Rows};
use crate::ui::*;
use leptos::prelude::*;
use model::rules::{Method, RequestTemplate};

/// Every method, in the order in which it is offered.
const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

/// A name and a value.
#[derive(Clone, Copy)]
pub struct PairDraft {
    id: u32,
    /// The name.
    pub name: RwSignal<String>,
    /// The value.
    pub value: RwSignal<String>,
}

impl Row for PairDraft {
    fn id(&self) -> u32 {
        self.id
    }
}

impl PairDraft {
    /// From what is stored.
    pub fn new(id: u32, (name, value): (String, String)) -> Self {
        PairDraft { id, name: RwSignal::new(name), value: RwSignal::new(value) }
    }
}

/// What was typed for a request.
#[derive(Clone, Copy)]
pub struct RequestDraft {
    method: RwSignal<String>,
    url: RwSignal<String>,
    headers: Rows<PairDraft>,
    body: RwSignal<String>,
}

impl RequestDraft {
    /// From what is stored.
    pub fn new(request: RequestTemplate) -> Self {
        RequestDraft {
            method: RwSignal::new(request.method.as_str().to_owned()),
            url: RwSignal::new(request.url),
            headers: Rows::new(request.headers, PairDraft::new),
            body: RwSignal::new(request.body.map(|body| serde_json::to_string_pretty(&body).unwrap_or_default()).unwrap_or_default()),
        }
    }

    /// The template. Reactive.
    pub fn read(self, reader: Reader, place: &str) -> RequestTemplate {
        let method = self.method.get();
        let headers = self.headers.get().into_iter().map(|row| (row.name.get().trim().to_owned(), row.value.get()));
        RequestTemplate {
            method: METHODS.into_iter().find(|known| known.as_str() == method).unwrap_or_default(),
            url: self.url.get().trim().to_owned(),
            headers: headers.filter(|(name, _)| !name.is_empty()).collect(),
            body: reader.json(&format!("{place}.body"), &self.body.get()),
        }
    }
}

/// The controls of a request.
#[component]
pub fn RequestFields(
    /// What is typed.
    draft: RequestDraft,
    /// Where in the rule it stands.
    place: &'static str,
    /// What is wrong with the rule.
    mistakes: Mistakes,
) -> impl IntoView {
    let t = use_strings();
    let c = t.catalog();
    let at = move |name: &'static str| mistakes.at(move || format!("{place}.{name}"));
    let id = |name: &str| format!("{}-{name}", place.replace('.', "-"));
    let rows_of_body = if draft.body.with_untracked(String::is_empty) { 3 } else { 8 };
    let methods = METHODS.map(|method| Choice::new(method.as_str(), method.as_str())).to_vec();
    let rows = draft.headers;
    let line = move |row: PairDraft| {
        let id = row.id();
        let number = move || (rows.place(id) + 1).to_string();
        let named = move |what: &str| format!("{what} {}", number());
        view! {
            <div class="option-row">
                <Input value=row.name mono=true placeholder="Authorization" attr:aria-label=move || named(c.header_name) attr:autocomplete="off" attr:spellcheck="false"/>
                <Input value=row.value mono=true placeholder="Bearer {{ channel.credential }}" attr:aria-label=move || named(c.header_value) attr:autocomplete="off" attr:spellcheck="false"/>
                {rows.tools(id, number, false)}
            </div>
        }
    };
    let add = move |_| {
        rows.add(|id| PairDraft::new(id, Default::default()));
    };
    let headers_error = at("headers");
    view! {
        <div class="form-fields request-fields">
            <div class="request-line">
                <FormField label=c.method id=id("method") error=at("method")>
                    <Select options=methods.clone() value=draft.method/>
                </FormField>
                <FormField label=c.url id=id("url") error=at("url") required=true>
                    <Input value=draft.url mono=true placeholder="{{ channel.base_url }}/v1/…" attr:autocomplete="off" attr:spellcheck="false"/>
                </FormField>
            </div>
            <fieldset class="field header-rows" class:has-error=move || headers_error.get().is_some()>
                <legend class="field-label">{c.headers}</legend>
                <div class="header-list"><For each=move || rows.get() key=|row| row.id() children=line/></div>
                <div><Button icon=IconName::Plus size=Size::Sm on_click=add>{c.add_header}</Button></div>
                <p class="field-error" role="alert">{move || headers_error.get()}</p>
            </fieldset>
            <FormField label=c.body id=id("body") help=c.body_help error=at("body") optional=true>
                <Textarea value=draft.body rows=rows_of_body mono=true attr:spellcheck="false"/>
            </FormField>
        </div>
    }
    .into_any()
}

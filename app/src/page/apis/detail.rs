//! One API: what it costs, where it is, what it takes, how it is called.

use super::Api;
use super::sample::{ApiRequest, Place, place, sample_params};
use super::try_it::TryIt;
use crate::i18n::{fill, use_strings};
use crate::page::tasks::form::values::plain;
use crate::page::tasks::price_of;
use crate::ui::*;
use leptos::prelude::*;
use model::accounts::KeyView;
use model::form::FormField as Field;

/// The details of one API.
#[component]
pub fn Detail(
    /// The API.
    api: Api,
    /// The caller's keys.
    keys: Vec<KeyView>,
) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    let price = match &api {
        Api::Feature(feature) => price_of(t, feature),
        Api::Custom(api) => fill(a.per_call, &[("n", &grouped(api.points_cost))]),
    };
    let endpoint = format!("{} {}", api.method(), api.path());
    let (custom, none) = match &api {
        Api::Feature(_) => (false, a.no_params),
        Api::Custom(_) => (true, a.no_custom_params),
    };
    let places = custom.then(|| api.fields().iter().map(|field| place(&api, &field.key)).collect());
    let description = Some(api.description().to_owned()).filter(|text| !text.is_empty());
    let copied = endpoint.clone();
    view! {
        <article class="stack api-article">
            <header>
                <h2 class="api-name">{api.name().to_owned()}</h2>
                {custom.then(|| view! { <p class="api-line mono">{endpoint.clone()}</p> })}
                {description.map(|text| view! { <p class="api-text">{text}</p> })}
            </header>
            <dl class="card api-facts">
                <div>
                    <dt>{a.points}</dt>
                    <dd><Icon name=IconName::Coins/><span>{price}</span>{custom.then(|| view! { <span class="small muted">{a.charged_note}</span> })}</dd>
                </div>
                <div>
                    <dt>{a.endpoint}</dt>
                    <dd><code class="mono">{endpoint}</code><CopyButton text=copied/></dd>
                </div>
            </dl>
            <section>
                <h3>{a.params}</h3>
                <ParamTable fields=api.fields().to_vec() none places/>
            </section>
            <Samples api=api.clone() keys/>
            <TryIt api/>
        </article>
    }
    .into_any()
}

/// The table of parameters.
#[component]
pub fn ParamTable(
    /// The fields.
    fields: Vec<Field>,
    /// What stands there without any.
    none: &'static str,
    /// Where each of them stands, where that differs.
    #[prop(default = None)]
    places: Option<Vec<Place>>,
) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    if fields.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    let place_of = |place: Place| match place {
        Place::Path => a.in_path,
        Place::Query => a.in_query,
        Place::Body => a.in_body,
    };
    let places = places.map_or_else(|| vec![None; fields.len()], |places| places.into_iter().map(Some).collect());
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let row = |(field, at): (Field, Option<Place>)| {
        let example = field.example.as_ref().map(plain).unwrap_or_default();
        let at = at.map(|place| view! { <span class="tag">{place_of(place)}</span> });
        view! {
            <tr>
                <td class="cell-title" data-label=a.column_key><code class="cell-main mono">{field.key}</code></td>
                <td data-label=a.column_label>{dash(field.label)}</td>
                <td data-label=a.column_type><span class="row-tight"><span class="mono">{field.field_type.as_str()}</span>{at}</span></td>
                <td data-label=a.column_required>{if field.required { a.yes } else { a.no }}</td>
                <td data-label=a.column_example class="api-example">{dash(example)}</td>
            </tr>
        }
    };
    let rows = fields.into_iter().zip(places).map(row).collect_view();
    view! {
        <div class="card card-flush">
            <TableWrap>
                <table class="table param-table">
                    <thead>
                        <tr>
                            <th scope="col">{a.column_key}</th>
                            <th scope="col">{a.column_label}</th>
                            <th scope="col">{a.column_type}</th>
                            <th scope="col">{a.column_required}</th>
                            <th scope="col">{a.column_example}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </TableWrap>
        </div>
    }
    .into_any()
}

/// Sample calls in five languages, with the beginning of a key.
#[component]
fn Samples(api: Api, keys: Vec<KeyView>) -> impl IntoView {
    let t = use_strings();
    let a = t.apis();
    let key = RwSignal::new(String::new());
    let usable = keys.into_iter().filter(|key| key.revoked_at.is_none());
    let choices: Vec<Choice> = std::iter::once(Choice::new("", a.key_placeholder))
        .chain(usable.map(|key| Choice::new(format!("{}…", key.prefix), format!("{} ({}…)", key.name, key.prefix))))
        .collect();
    let choose = (choices.len() > 1).then(|| {
        view! {
            <div class="api-key needs-script">
                <FormField label=a.key id="api-key" help=a.key_note><Select options=choices.clone() value=key/></FormField>
            </div>
        }
    });
    let method = api.method();
    let ApiRequest { address, body } = ApiRequest::new(&api, sample_params(api.fields()));
    let sample = move || {
        let key = Some(key.get()).filter(|key| !key.is_empty()).unwrap_or_else(|| t.common().your_key.to_owned());
        let (address, body) = (address.clone(), body.clone());
        crate::page::tasks::anew(move || match body.clone() {
            Some(body) => view! { <Snippet method path=address.clone() key=key.clone() body/> }.into_any(),
            None => view! { <Snippet method path=address.clone() key=key.clone()/> }.into_any(),
        })
    };
    view! {
        <section class="api-samples">
            <h3>{a.sample}</h3>
            <p class="small muted">{a.sample_header}</p>
            {choose}
            {sample}
        </section>
    }
    .into_any()
}
